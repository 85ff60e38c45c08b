/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/application.h"

#include "platform/sha256.h"
#include "tablet/ui/common/base-map.h"
#include "tablet/ui/common/camera-portal.h"
#include "tablet/ui/common/hand.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/help/help-window.h"
#include "tablet/ui/shell/diagnose-dialog.h"
#include "tablet/ui/shell/unlock-dialog.h"
#include "tablet/ui/shell/here-page.h"
#include "tablet/ui/shell/keys.h"
#include "tablet/ui/shell/label-width.h"
#include "tablet/ui/shell/notices.h"
#include "tablet/ui/shell/on-my-way.h"
#include "tablet/ui/shell/pin-rows.h"
#include "tablet/ui/shell/preferences.h"
#include "tablet/ui/shell/seen.h"
#include "tablet/ui/shell/window.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APPLICATION_ID "org.shetach.Shetach"
#define RESOURCES "/org/shetach/Shetach"
/* GTK counts dots per inch in 1024ths. */
#define USUAL_DPI (96 * 1024)

struct _ShtApplication
{
  AdwApplication parent_instance;

  char *folder;          /* (owned) (nullable) */
  ShtSession *session;   /* (owned) (nullable) */
  ShtSettings *settings; /* (owned) (nullable) */
  ShtNotices *notices;   /* (owned) (nullable) */
  gboolean was_enrolled;
  ShtLock *lock;         /* (owned) (nullable) */
  char *asked_language;  /* (owned) (nullable): from the command line, for this run */
  GtkCssProvider *sun;   /* (owned) (nullable): what the style for the sun adds */
  int dpi;
  int width;
  int height;
};

G_DEFINE_FINAL_TYPE (ShtApplication, sht_application, ADW_TYPE_APPLICATION)

ShtSession *
sht_application_get_session (ShtApplication *self)
{
  return self->session;
}

ShtSettings *
sht_application_get_settings (ShtApplication *self)
{
  return self->settings;
}

ShtLock *
sht_application_get_lock (ShtApplication *self)
{
  return self->lock;
}

static void
apply_language (ShtApplication *self)
{
  g_autofree char *chosen = sht_settings_get (self->settings, SHT_SETTING_LANGUAGE);

  sht_words_set_language (self->asked_language != NULL ? self->asked_language : chosen);
  sht_names_forget ();
}

/* GTK sets it by its own catalogues when it starts, and those may not be installed. */
static void
apply_direction (ShtApplication *self)
{
  gtk_widget_set_default_direction (sht_words_is_rtl () ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  sht_keys_add (GTK_APPLICATION (self));
}

static GtkCssProvider *
add_sheet (const char *resource, guint priority)
{
  GtkCssProvider *provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, resource);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider), priority);
  return provider;
}

/* Served by GTK's Broadway, as app/run does where there is no display. */
static gboolean
is_in_browser (void)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (gdk_display_get_default ()), "GdkBroadwayDisplay");
}

static void
add_style (void)
{
  /* Below what libadwaita loads by itself from style.css, which is the town's look. */
  g_object_unref (add_sheet (RESOURCES "/shell/shell.css", GTK_STYLE_PROVIDER_PRIORITY_APPLICATION - 1));
  /* GTK 4.8 draws dashes in a browser beside what they belong to. */
  if (is_in_browser ())
    g_object_unref (add_sheet (RESOURCES "/shell/browser.css", GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 2));
}

/**
 * sht_application_apply_style:
 *
 * Follows the choice of day, night and sun.
 */
void
sht_application_apply_style (ShtApplication *self)
{
  g_autofree char *style = sht_settings_get (self->settings, SHT_SETTING_STYLE);
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;
  gboolean in_sun = g_strcmp0 (style, "sun") == 0;

  if (g_strcmp0 (style, "day") == 0 || in_sun)
    scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_strcmp0 (style, "night") == 0)
    scheme = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
  if (in_sun == (self->sun != NULL))
    return;
  if (in_sun)
    self->sun = add_sheet (RESOURCES "/style-sun.css", GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
  else
    {
      gtk_style_context_remove_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (self->sun));
      g_clear_object (&self->sun);
    }
  sht_base_map_set_in_sun (in_sun);
  /* Maps are drawn by nobody's style sheet: they follow this. */
  g_object_notify (G_OBJECT (adw_style_manager_get_default ()), "dark");
}

/**
 * sht_application_apply_text_size:
 *
 * Follows the choice of the size of text, in all windows.
 */
void
sht_application_apply_text_size (ShtApplication *self)
{
  GtkSettings *settings = gtk_settings_get_default ();

  if (self->dpi <= 0)
    g_object_get (settings, "gtk-xft-dpi", &self->dpi, NULL);
  if (self->dpi <= 0)
    self->dpi = USUAL_DPI;
  g_object_set (settings, "gtk-xft-dpi", self->dpi * sht_settings_get_text_size (self->settings) / 100, NULL);
}

/**
 * sht_application_apply_hand:
 *
 * Follows the choice of the hand that taps; sht_application_show_anew() shows it.
 */
void
sht_application_apply_hand (ShtApplication *self)
{
  g_autofree char *hand = sht_settings_get (self->settings, SHT_SETTING_HAND);

  sht_hand_set (g_strcmp0 (hand, "right") == 0  ? SHT_HAND_RIGHT
                : g_strcmp0 (hand, "left") == 0 ? SHT_HAND_LEFT
                                                : SHT_HAND_EITHER);
}

/**
 * sht_application_show_anew:
 *
 * Makes the window anew, for what is chosen when it is made; it shows what it showed.
 */
void
sht_application_show_anew (ShtApplication *self)
{
  GtkWindow *old = gtk_application_get_active_window (GTK_APPLICATION (self));
  GtkWidget *new;

  while (old != NULL && gtk_window_get_transient_for (old) != NULL)
    old = gtk_window_get_transient_for (old);
  if (!SHT_IS_WINDOW (old))
    return;
  new = sht_window_new (self);
  sht_window_take_state (SHT_WINDOW (new), SHT_WINDOW (old));
  gtk_window_present (GTK_WINDOW (new));
  gtk_window_destroy (old);
}

/**
 * sht_application_set_language:
 * @language: (nullable): the code of one of the #sht_languages, or %NULL for the system's
 *
 * Changes the language at once: the window is made anew, and shows what it showed.
 */
void
sht_application_set_language (ShtApplication *self, const char *language)
{
  g_clear_pointer (&self->asked_language, g_free);
  sht_settings_set (self->settings, SHT_SETTING_LANGUAGE, language);
  apply_language (self);
  apply_direction (self);
  sht_application_show_anew (self);
}

/* Begins to look where the tablet is, unless its people have chosen otherwise. */
static void
look_where (ShtApplication *self)
{
  g_autofree char *chosen = sht_settings_get (self->settings, SHT_SETTING_POSITION);

  sht_whereabouts_set_wanted (sht_whereabouts_of (self->session), g_strcmp0 (chosen, "off") != 0);
}

static void
on_window_added (GtkApplication *application, GtkWindow *window, gpointer data)
{
  ShtApplication *self = SHT_APPLICATION (application);

  sht_seen_watch (application, window, sht_whereabouts_of (self->session));
  if (SHT_IS_WINDOW (window))
    sht_keys_add_window (GTK_APPLICATION_WINDOW (window));
}

static void
on_preferences (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ShtApplication *self = data;
  GtkWidget *window = sht_preferences_new (self);

  gtk_window_present (GTK_WINDOW (window));
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  adw_show_about_window (gtk_application_get_active_window (data), "application-name", _("Shetach"),
                         "application-icon", APPLICATION_ID, "version", SHT_VERSION, "license-type",
                         GTK_LICENSE_GPL_3_0, "developer-name", _("The contributors of Shetach"), "website",
                         SHT_WEB,
                         "comments", _("Field work with or without a signal: what is tapped here is never lost."), NULL);
}

/* The window, without what stands before it; made where there is none. */
static GtkWindow *
need_window (ShtApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  while (window != NULL && gtk_window_get_transient_for (window) != NULL)
    window = gtk_window_get_transient_for (window);
  if (window != NULL)
    return window;
  window = GTK_WINDOW (sht_window_new (self));
  if (self->width > 0 && self->height > 0)
    gtk_window_set_default_size (window, self->width, self->height);
  /* There its edges would lie outside of what is seen. */
  if (is_in_browser ())
    gtk_window_maximize (window);
  sht_window_restore (SHT_WINDOW (window));
  look_where (self);
  return window;
}

/* What the window shows just now: it keeps that for its next start. */
static ShtHelpTopic
topic_of_now (ShtApplication *self)
{
  g_autofree char *page = sht_settings_get (self->settings, SHT_SETTING_PAGE);
  g_autofree char *ticket = sht_settings_get (self->settings, SHT_SETTING_TICKET);

  if (!sht_session_is_enrolled (self->session))
    return SHT_HELP_SHIFT;
  if (ticket != NULL && (page == NULL || g_str_equal (page, "work")))
    return SHT_HELP_TICKET;
  if (g_strcmp0 (page, "sync") == 0 && sht_session_get_attention (self->session) > 0)
    return SHT_HELP_ATTENTION;
  return sht_help_topic_of_page (page);
}

static void
on_help (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  if (!SHT_IS_HELP_WINDOW (gtk_application_get_active_window (data)))
    gtk_window_present (GTK_WINDOW (sht_help_window_new (need_window (data), topic_of_now (data))));
}

static void
on_diagnose (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (GTK_WINDOW (sht_diagnose_dialog_new (data)));
}

/**
 * sht_application_say:
 *
 * Tells something at the window's foot, for some seconds.
 */
void
sht_application_say (ShtApplication *self, const char *words)
{
  gtk_widget_activate_action (GTK_WIDGET (need_window (self)), "win.toast", "s", words);
}

/* What a notice leads to, with the program running or not: the window's own action of that name. */
static void
on_window_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = need_window (data);
  g_autofree char *name = g_strconcat ("win.", g_action_get_name (G_ACTION (action)), NULL);

  gtk_window_present (window);
  gtk_widget_activate_action_variant (GTK_WIDGET (window), name, parameter);
}

/* What a notice offers: the ticket's page opens with it. On a locked tablet that is all: whoever knows the PIN takes the step. */
static void
on_my_way (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ShtApplication *self = data;

  g_action_group_activate_action (G_ACTION_GROUP (self), "show-ticket", parameter);
  if (!sht_lock_is_locked (self->lock))
    sht_on_my_way (self->session, ADW_APPLICATION_WINDOW (need_window (self)), g_variant_get_string (parameter, NULL));
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_application_quit (data);
}

/* Without a PIN nobody could be kept out: whoever wants to lock it is asked to choose one. */
static void
on_lock (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ShtApplication *self = data;
  GtkWindow *window = gtk_application_get_active_window (data);

  if (sht_pin_is_set (sht_lock_get_pin (self->lock)))
    sht_lock_lock (self->lock);
  else if (window != NULL && sht_session_is_enrolled (self->session))
    sht_pin_choose (GTK_WIDGET (window), self->lock);
}

static void
on_who_is_here (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = gtk_application_get_active_window (data);

  if (window != NULL)
    sht_here_ask (window);
}

static void
on_open_tablet (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  sht_unlock_ask (data);
}

static const GActionEntry actions[] = {
  { "preferences", on_preferences, NULL, NULL, NULL },
  { "help", on_help, NULL, NULL, NULL },
  { "diagnose", on_diagnose, NULL, NULL, NULL },
  { "about", on_about, NULL, NULL, NULL },
  { "lock", on_lock, NULL, NULL, NULL },
  { "who-is-here", on_who_is_here, NULL, NULL, NULL },
  { "open-tablet", on_open_tablet, NULL, NULL, NULL },
  { "quit", on_quit, NULL, NULL, NULL },
  { "show-ticket", on_window_action, "s", NULL, NULL },
  { "show-page", on_window_action, "s", NULL, NULL },
  { "on-my-way", on_my_way, "s", NULL, NULL },
};

/* When the hub has sealed this tablet nothing of its work is shown any more. */
static void
on_status (ShtApplication *self)
{
  gboolean enrolled = sht_session_is_enrolled (self->session);

  if (self->was_enrolled && !enrolled)
    sht_application_show_anew (self);
  self->was_enrolled = enrolled;
}

static gboolean
open_store (ShtApplication *self, GError **error)
{
  self->session = sht_session_new (self->folder, error);
  return self->session != NULL;
}

/* Only the first program with a store opens it; others hand on what they were asked for. */
static void
sht_application_startup (GApplication *application)
{
  ShtApplication *self = SHT_APPLICATION (application);
  g_autoptr (GError) error = NULL;

  if (!open_store (self, &error))
    {
      g_printerr ("shetach: %s\n", error->message);
      /* A start cannot fail otherwise, and what comes next would need a display first. */
      exit (EXIT_FAILURE);
    }
  self->settings = sht_settings_new (self->folder);
  apply_language (self);
  G_APPLICATION_CLASS (sht_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  apply_direction (self);
  sht_label_width_settle ();
  add_style ();
  sht_application_apply_style (self);
  sht_application_apply_text_size (self);
  sht_application_apply_hand (self);
  gtk_window_set_default_icon_name (APPLICATION_ID);
  sht_camera_portal_look ();
  self->lock = sht_lock_new (self->folder, GTK_APPLICATION (self), self->session, self->settings);
  g_signal_connect (self, "window-added", G_CALLBACK (on_window_added), NULL);
  self->was_enrolled = sht_session_is_enrolled (self->session);
  g_signal_connect_object (self->session, "status", G_CALLBACK (on_status), self, G_CONNECT_SWAPPED);
  self->notices = sht_notices_new (application, self->session, self->settings);
}

static void
sht_application_activate (GApplication *application)
{
  gtk_window_present (need_window (SHT_APPLICATION (application)));
}

/* One program for each store: the usual one has the name that the desktop knows, others one of their own. */
static void
name_after_store (ShtApplication *self)
{
  g_autofree char *usual = g_build_filename (g_get_user_data_dir (), "shetach", NULL);
  g_autofree char *here = NULL;
  g_autofree char *there = g_canonicalize_filename (usual, NULL);
  g_autofree char *name = NULL;
  g_autofree char *sum = NULL;

  if (self->folder == NULL)
    self->folder = g_strdup (g_getenv ("SHETACH_STORE"));
  if (self->folder == NULL)
    self->folder = g_strdup (usual);
  here = g_canonicalize_filename (self->folder, NULL);
  if (g_str_equal (here, there))
    return;
  sum = sht_sha256_of_bytes (here, strlen (here));
  name = g_strdup_printf (APPLICATION_ID ".Store%.16s", sum);
  g_application_set_application_id (G_APPLICATION (self), name);
}

static const struct
{
  const char *option;
  const char *code;
} languages[] = { { "arabic", "ar" }, { "english", "en" }, { "hebrew", "he" }, { "russian", "ru" } };

static int
sht_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  ShtApplication *self = SHT_APPLICATION (application);
  const char *size;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("shetach %s\n", SHT_VERSION);
      return 0;
    }
  g_variant_dict_lookup (options, "store", "^ay", &self->folder);
  for (guint i = 0; i < G_N_ELEMENTS (languages) && self->asked_language == NULL; i++)
    if (g_variant_dict_contains (options, languages[i].option))
      self->asked_language = g_strdup (languages[i].code);
  if (g_variant_dict_lookup (options, "size", "&s", &size) && sscanf (size, "%dx%d", &self->width, &self->height) != 2)
    {
      g_printerr ("shetach: “%s” is no size such as 800x1280\n", size);
      return 1;
    }
  name_after_store (self);
  return -1;
}

static void
sht_application_finalize (GObject *object)
{
  ShtApplication *self = SHT_APPLICATION (object);

  g_clear_pointer (&self->notices, sht_notices_free);
  g_clear_object (&self->lock);
  if (self->session != NULL)
    sht_session_close (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_free (self->folder);
  g_free (self->asked_language);
  g_clear_object (&SHT_APPLICATION (object)->sun);
  G_OBJECT_CLASS (sht_application_parent_class)->finalize (object);
}

static void
sht_application_class_init (ShtApplicationClass *class)
{
  GApplicationClass *application = G_APPLICATION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = sht_application_finalize;
  application->startup = sht_application_startup;
  application->activate = sht_application_activate;
  application->handle_local_options = sht_application_handle_local_options;
}

static const GOptionEntry options[] = {
  { "store", 0, 0, G_OPTION_ARG_FILENAME, NULL, "the folder of the tablet's store; else $SHETACH_STORE, else the usual one",
    "DIR" },
  { "arabic", 0, 0, G_OPTION_ARG_NONE, NULL, "speak Arabic this time", NULL },
  { "english", 0, 0, G_OPTION_ARG_NONE, NULL, "speak English this time", NULL },
  { "hebrew", 0, 0, G_OPTION_ARG_NONE, NULL, "speak Hebrew this time", NULL },
  { "russian", 0, 0, G_OPTION_ARG_NONE, NULL, "speak Russian this time", NULL },
  { "size", 0, 0, G_OPTION_ARG_STRING, NULL, "size of the window", "WIDTHxHEIGHT" },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, "print the version", NULL },
  { NULL },
};

static const char summary[]
  = "The tickets of a municipal field crew, with and without signal.\n\n"
    "There is one program for each store: started again it shows the window that is there, and takes no\n"
    "option but --store. With --gapplication-service, as D-Bus starts it, it waits to be asked for a window.";

static const char description[]
  = "Files:\n"
    "  $XDG_DATA_HOME/shetach   the usual store: its database, photos, voice notes and maps\n"
    "  DIR/window.ini           what was chosen in Preferences\n"
    "\n"
    "Environment:\n"
    "  SHETACH_STORE            the store's folder, where --store is not given\n"
    "  SHETACH_CAMERA, SHETACH_MICROPHONE, SHETACH_SPEAKER\n"
    "                           what stands in for the machine's own, in GStreamer's words\n"
    "  LANGUAGE, LC_ALL         the language, where none was chosen in Preferences\n"
    "\n"
    "Exit status: 0, or 1 when the store cannot be opened or an option is wrong. shetachctl does the same\n"
    "without a window; shetachctl diagnose FILE.tar.gz writes what helps to find out what is wrong.\n";

static void
sht_application_init (ShtApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_summary (G_APPLICATION (self), summary);
  g_application_set_option_context_description (G_APPLICATION (self), description);
}

/**
 * sht_application_new:
 *
 * One runs for each store.
 */
ShtApplication *
sht_application_new (void)
{
  return g_object_new (SHT_TYPE_APPLICATION, "application-id", APPLICATION_ID, "flags", G_APPLICATION_DEFAULT_FLAGS,
                       "resource-base-path", RESOURCES, NULL);
}
