/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/diagnose-dialog.h"

#include "tablet/session/diagnose.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

#define SAVE "save"

/* --- what the window knows --- */

static void
add (GString *out, const char *what, const char *value)
{
  g_string_append_printf (out, "%-20s %s\n", what, value != NULL ? value : "-");
}

static void
add_number (GString *out, const char *what, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  add (out, what, text);
}

static void
add_screen (GString *out, GtkWindow *window)
{
  GdkDisplay *display = gdk_display_get_default ();
  GListModel *monitors = gdk_display_get_monitors (display);

  add (out, "display", G_OBJECT_TYPE_NAME (display));
  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++)
    {
      g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);
      GdkRectangle place;
      g_autofree char *text = NULL;

      gdk_monitor_get_geometry (monitor, &place);
      text = g_strdup_printf ("%d x %d, scale %d", place.width, place.height, gdk_monitor_get_scale_factor (monitor));
      add (out, "screen", text);
    }
  if (window != NULL && gtk_widget_get_realized (GTK_WIDGET (window)))
    {
      add (out, "renderer", G_OBJECT_TYPE_NAME (gtk_native_get_renderer (GTK_NATIVE (window))));
      add_number (out, "window's width", gtk_widget_get_width (GTK_WIDGET (window)));
      add_number (out, "window's height", gtk_widget_get_height (GTK_WIDGET (window)));
    }
}

static char *
describe_window (ShtApplication *application)
{
  static const char *const chosen[] = { SHT_SETTING_LANGUAGE, SHT_SETTING_STYLE, SHT_SETTING_TEXT_SIZE, SHT_SETTING_POSITION,
                                        SHT_SETTING_PAGE, SHT_SETTING_QUIET, SHT_SETTING_SOUNDS };
  ShtSession *session = sht_application_get_session (application);
  g_autofree char *gtk = g_strdup_printf ("%u.%u.%u", gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version ());
  g_autofree char *adw = g_strdup_printf ("%u.%u.%u", adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version ());
  GString *out = g_string_new (NULL);

  add (out, "GTK", gtk);
  add (out, "libadwaita", adw);
  add (out, "speaks", sht_words_language ());
  for (guint i = 0; i < G_N_ELEMENTS (chosen); i++)
    {
      g_autofree char *value = sht_settings_get (sht_application_get_settings (application), chosen[i]);

      add (out, chosen[i], value);
    }
  add (out, "working offline", sht_session_get_offline (session) ? "yes" : "no");
  add (out, "sparing", sht_session_get_sparing (session) ? "yes" : "no");
  add_number (out, "steps waiting", sht_session_get_pending_operations (session));
  add_number (out, "photos waiting", sht_session_get_pending_photos (session));
  add_number (out, "to decide", sht_session_get_attention (session));
  add_screen (out, gtk_application_get_active_window (GTK_APPLICATION (application)));
  return g_string_free (out, FALSE);
}

/* --- saving it --- */

typedef struct
{
  ShtApplication *application; /* (owned) */
  char *name;                  /* (owned): the file's */
} Saving;

static const char *
why_not (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return _("Not saved: there is not enough room there. Everything is kept on this tablet.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY))
    return _("Not saved: nothing can be written there. Everything is kept on this tablet.");
  return _("Not saved: something went wrong there. Everything is kept on this tablet; please try again or another place.");
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Saving *saving = data;
  g_autoptr (ShtApplication) application = saving->application;
  g_autofree char *name = saving->name;
  g_autoptr (GError) error = NULL;
  gboolean ok = sht_session_diagnose_finish (result, &error);
  g_autofree char *words = ok ? g_strdup_printf (_("Saved: %s"), name) : g_strdup (why_not (error));

  if (!ok)
    g_message ("diagnosis: %s", error->message);
  sht_application_say (application, words);
}

static void
on_file (GtkNativeDialog *chooser, int response, ShtApplication *application)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;
  g_autofree char *window = NULL;
  Saving *saving;

  g_object_unref (chooser);
  if (file == NULL || g_file_peek_path (file) == NULL)
    return;
  window = describe_window (application);
  saving = g_new0 (Saving, 1);
  saving->application = g_object_ref (application);
  saving->name = g_file_get_basename (file);
  sht_session_diagnose_async (sht_application_get_session (application), g_file_peek_path (file), window, on_saved, saving);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, ShtApplication *application)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "shetach-diagnosis-%Y%m%d-%H%M.tar.gz");
  GtkFileChooserNative *chooser;

  if (!g_str_equal (response, SAVE))
    return;
  chooser = gtk_file_chooser_native_new (_("Where to save the diagnostics file"), gtk_window_get_transient_for (GTK_WINDOW (dialog)),
                                         GTK_FILE_CHOOSER_ACTION_SAVE, _("Save"), _("Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_file), application, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * sht_diagnose_dialog_new:
 *
 * Returns: (transfer floating): says what a diagnosis file holds and what it does not, and saves one
 */
GtkWidget *
sht_diagnose_dialog_new (ShtApplication *application)
{
  GtkWidget *dialog = adw_message_dialog_new (gtk_application_get_active_window (GTK_APPLICATION (application)),
                                              _("Diagnostics file"), NULL);
  g_autofree char *body
    = g_strdup_printf ("%s\n\n%s\n\n%s",
                       _("For whoever looks after the tablets: versions, settings, how much waits, how the connection with the hub "
                         "is, clock, disk, battery, and what the program said last."),
                       _("Not in it: names, phone numbers, titles, notes, addresses, places, photos, voice notes, logins and "
                         "keys."),
                       _("It is plain text in an archive, and can be read before it is given away."));

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"), SAVE, _("Save…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), SAVE, ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), SAVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_response), application, 0);
  return dialog;
}
