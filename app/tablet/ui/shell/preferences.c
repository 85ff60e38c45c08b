/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/preferences.h"

#include "tablet/ui/common/share-bar.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/where-words.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/shell/pin-rows.h"
#include "tablet/ui/shell/quiet.h"

#include <glib/gi18n.h>

#define WIDTH 560
#define HEIGHT 640

static const char *const styles[] = { NULL, "day", "night", "sun" };
static const char *const hands[] = { NULL, "right", "left" };
static const char *const sizes[] = { NULL, "125", "150", "175", "200" };

static guint
index_of (const char *const *values, guint n, const char *value)
{
  for (guint i = 1; i < n; i++)
    if (g_strcmp0 (values[i], value) == 0)
      return i;
  return 0;
}

static gboolean
change_language (gpointer data)
{
  ShtApplication *application = data;
  const char *language = g_object_get_data (G_OBJECT (application), "sht-next-language");

  sht_application_set_language (application, language);
  return G_SOURCE_REMOVE;
}

static void
on_language (AdwComboRow *row, GParamSpec *pspec, gpointer data)
{
  ShtApplication *application = data;
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (row)));

  guint selected = adw_combo_row_get_selected (row);

  g_object_set_data (G_OBJECT (application), "sht-next-language",
                     selected > 0 ? (gpointer) sht_languages[selected - 1].code : NULL);
  /* The window below is about to be another one. */
  gtk_window_close (window);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, change_language, g_object_ref (application), g_object_unref);
}

static void
on_style (AdwComboRow *row, GParamSpec *pspec, gpointer data)
{
  sht_settings_set (sht_application_get_settings (data), SHT_SETTING_STYLE, styles[adw_combo_row_get_selected (row)]);
  sht_application_apply_style (data);
}

static void
on_size (AdwComboRow *row, GParamSpec *pspec, gpointer data)
{
  sht_settings_set (sht_application_get_settings (data), SHT_SETTING_TEXT_SIZE, sizes[adw_combo_row_get_selected (row)]);
  sht_application_apply_text_size (data);
}

static gboolean
show_anew (gpointer data)
{
  sht_application_show_anew (data);
  return G_SOURCE_REMOVE;
}

static void
on_hand (AdwComboRow *row, GParamSpec *pspec, gpointer data)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (row)));

  sht_settings_set (sht_application_get_settings (data), SHT_SETTING_HAND, hands[adw_combo_row_get_selected (row)]);
  sht_application_apply_hand (data);
  gtk_window_close (window);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, show_anew, g_object_ref (data), g_object_unref);
}

static void
add_choice (GtkWidget *group, const char *title, const char *words, const char *const *choices, guint selected,
            GCallback callback, ShtApplication *application)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) model = gtk_string_list_new (choices);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (words != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  g_signal_connect_object (row, "notify::selected", callback, application, 0);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
}

/* --- where the tablet is --- */

static void
on_position (GtkSwitch *button, GParamSpec *pspec, gpointer data)
{
  ShtApplication *application = data;
  gboolean wanted = gtk_switch_get_active (button);

  sht_settings_set (sht_application_get_settings (application), SHT_SETTING_POSITION, wanted ? "on" : "off");
  sht_whereabouts_set_wanted (sht_whereabouts_of (sht_application_get_session (application)), wanted);
}

static void
show_own (AdwActionRow *row)
{
  g_autofree char *words = sht_where_words_own (g_object_get_data (G_OBJECT (row), "whereabouts"));

  adw_action_row_set_subtitle (row, words);
}

static void
show_sharing (AdwActionRow *row)
{
  g_autofree char *words = sht_where_words_sharing (g_object_get_data (G_OBJECT (row), "whereabouts"));
  ShtSharing sharing = sht_whereabouts_get_sharing (g_object_get_data (G_OBJECT (row), "whereabouts"), NULL);

  /* During the shift the bar with its button says it. */
  adw_action_row_set_subtitle (row, words);
  gtk_widget_set_visible (GTK_WIDGET (row), sharing == SHT_SHARING_OFF_SHIFT);
}

static GtkWidget *
new_told_row (const char *title, ShtWhereabouts *whereabouts, GCallback show)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  g_object_set_data (G_OBJECT (row), "whereabouts", whereabouts);
  g_signal_connect_object (whereabouts, "changed", show, row, G_CONNECT_SWAPPED);
  return row;
}

static GtkWidget *
build_position (ShtApplication *application)
{
  ShtWhereabouts *whereabouts = sht_whereabouts_of (sht_application_get_session (application));
  GtkWidget *group = adw_preferences_group_new (), *button = gtk_switch_new ();
  GtkWidget *own = new_told_row (_("Know where this tablet is"), whereabouts, G_CALLBACK (show_own));
  GtkWidget *sharing = new_told_row (_("Seen by the supervisor"), whereabouts, G_CALLBACK (show_sharing));
  GtkWidget *share = sht_share_bar_new (whereabouts);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Position"));
  gtk_switch_set_active (GTK_SWITCH (button), sht_whereabouts_get_wanted (whereabouts));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (own), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (own), button);
  g_signal_connect_object (button, "notify::active", G_CALLBACK (on_position), application, 0);
  show_own (ADW_ACTION_ROW (own));
  show_sharing (ADW_ACTION_ROW (sharing));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), own);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), sharing);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), share);
  return group;
}

/**
 * sht_preferences_new:
 *
 * Returns: (transfer floating): the window of choices; each holds at once
 */
GtkWidget *
sht_preferences_new (ShtApplication *application)
{
  ShtSettings *settings = sht_application_get_settings (application);
  g_autofree char *language = sht_settings_get (settings, SHT_SETTING_LANGUAGE);
  g_autofree char *style = sht_settings_get (settings, SHT_SETTING_STYLE);
  g_autofree char *hand = sht_settings_get (settings, SHT_SETTING_HAND);
  g_autofree char *size = sht_settings_get (settings, SHT_SETTING_TEXT_SIZE);
  const char *languages[1 + SHT_N_LANGUAGES] = { NULL };
  const char *language_words[1 + SHT_N_LANGUAGES + 1] = { _("As the tablet") };
  const char *const style_words[] = { _("As the tablet"), _("Day"), _("Night"), _("In the sun"), NULL };
  const char *const hand_words[] = { _("Either"), _("The right hand"), _("The left hand"), NULL };
  const char *const size_words[] = { "100%", "125%", "150%", "175%", "200%", NULL };
  GtkWidget *window = adw_preferences_window_new ();
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = adw_preferences_group_new ();

  for (guint i = 0; i < SHT_N_LANGUAGES; i++)
    {
      languages[i + 1] = sht_languages[i].code;
      language_words[i + 1] = sht_languages[i].name;
    }
  add_choice (group, _("Language"), NULL, language_words, index_of (languages, G_N_ELEMENTS (languages), language),
              G_CALLBACK (on_language), application);
  add_choice (group, _("Style"), NULL, style_words, index_of (styles, G_N_ELEMENTS (styles), style),
              G_CALLBACK (on_style), application);
  add_choice (group, _("Text size"), NULL, size_words, index_of (sizes, G_N_ELEMENTS (sizes), size),
              G_CALLBACK (on_size), application);
  add_choice (group, _("Hand that taps"), _("The main buttons are on its side"), hand_words,
              index_of (hands, G_N_ELEMENTS (hands), hand), G_CALLBACK (on_hand), application);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (build_position (application)));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page),
                            ADW_PREFERENCES_GROUP (sht_pin_rows_new (sht_application_get_lock (application))));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (sht_quiet_choices_new (settings)));
  sht_letters_let_grow (page);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);
  gtk_window_set_title (GTK_WINDOW (window), _("Preferences"));
  sht_letters_stand_over (GTK_WINDOW (window), gtk_application_get_active_window (GTK_APPLICATION (application)), WIDTH, HEIGHT);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  return window;
}
