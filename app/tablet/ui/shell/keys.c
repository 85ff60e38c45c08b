/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/keys.h"

#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/words.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define WIDTH 640
#define HEIGHT 720

/* Every key there is: the application listens to those with an action, pages to the others by themselves, and the window
 * of shortcuts shows all. */
static const struct
{
  const char *group; /* (nullable): as the one before */
  const char *title;
  const char *action; /* (nullable) */
  const char *keys[3];
} shortcuts[] = {
  { N_ ("Pages"), N_ ("My work"), "win.show-page::work", { "<Alt>1" } },
  { NULL, N_ ("Map"), "win.show-page::map", { "<Alt>2" } },
  { NULL, N_ ("Report a hazard"), "win.show-page::report", { "<Alt>3", "<Control>n" } },
  { NULL, N_ ("Obstacles"), "win.show-page::forum", { "<Alt>4" } },
  { NULL, N_ ("Figures"), "win.show-page::figures", { "<Alt>5" } },
  { NULL, N_ ("Sync"), "win.show-page::sync", { "<Alt>6" } },
  { N_ ("Everywhere"), N_ ("Search tickets"), "win.search", { "<Control>f" } },
  { NULL, N_ ("One step back, or close the ticket"), "win.close-ticket", { "Escape", "<Alt>Left" } },
  { NULL, N_ ("Preferences"), "app.preferences", { "<Control>comma" } },
  { NULL, N_ ("Help for this page"), "app.help", { "F1" } },
  { NULL, N_ ("Keyboard shortcuts"), "win.show-help-overlay", { "<Control>question" } },
  { NULL, N_ ("Lock the tablet"), "app.lock", { "<Control>l" } },
  { NULL, N_ ("Menu"), NULL, { "F10" } },
  { NULL, N_ ("Quit"), "app.quit", { "<Control>q" } },
  { N_ ("A ticket"), N_ ("Add note"), NULL, { "<Control>Return" } },
  { NULL, N_ ("Add copied pictures"), NULL, { "<Control>v" } },
  { N_ ("Photos"), N_ ("Take the photo"), NULL, { "space" } },
  { NULL, N_ ("Closer, farther"), NULL, { "plus", "minus" } },
  { NULL, N_ ("The photo beside it"), NULL, { "Left", "Right" } },
  { NULL, N_ ("Take the last stroke of a drawing back"), NULL, { "<Control>z" } },
  { N_ ("Today's route"), N_ ("Earlier, later"), NULL, { "<Alt>Up", "<Alt>Down" } },
};

/* Back is where reading comes from. */
static const char *const *
keys_of (guint i)
{
  static const char *const back[] = { "Escape", "<Alt>Right", NULL };

  return g_strcmp0 (shortcuts[i].action, "win.close-ticket") == 0 && sht_words_is_rtl () ? back : (const char *const *) shortcuts[i].keys;
}

/**
 * sht_keys_add:
 *
 * Lets the application listen to its keys, which are of the direction of its language; to be called again when that changes.
 */
void
sht_keys_add (GtkApplication *application)
{
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    if (shortcuts[i].action != NULL)
      gtk_application_set_accels_for_action (application, shortcuts[i].action, keys_of (i));
}

static GtkWidget *
new_row (const char *title, const char *const *keys)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *accelerators = g_strjoinv (" ", (char **) keys);
  GtkWidget *label = gtk_shortcut_label_new (accelerators);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(title));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  /* Keys stand on a keyboard from left to right. */
  gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

/* GtkShortcutsWindow does not scroll: with large letters, or upright, half of it would be out of sight. */
static GtkWidget *
new_window (void)
{
  GtkWidget *window = adw_preferences_window_new ();
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      if (shortcuts[i].group != NULL)
        {
          group = adw_preferences_group_new ();
          adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _(shortcuts[i].group));
          adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
        }
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_row (shortcuts[i].title, keys_of (i)));
    }
  sht_letters_let_grow (page);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);
  gtk_window_set_title (GTK_WINDOW (window), _("Keyboard shortcuts"));
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  return window;
}

static void
on_show (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  GtkWidget *shown = new_window ();

  sht_letters_stand_over (GTK_WINDOW (shown), window, WIDTH, HEIGHT);
  gtk_window_present (GTK_WINDOW (shown));
}

/**
 * sht_keys_add_window:
 *
 * Gives a window its action `show-help-overlay`, which shows every key, in the language of now.
 */
void
sht_keys_add_window (GtkApplicationWindow *window)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("show-help-overlay", NULL);

  g_signal_connect_object (action, "activate", G_CALLBACK (on_show), window, 0);
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (action));
}
