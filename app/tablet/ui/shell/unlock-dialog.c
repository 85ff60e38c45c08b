/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/unlock-dialog.h"

#include "core/json.h"
#include "core/lock.h"
#include "tablet/sync/client.h"
#include "tablet/ui/common/choice-dialog.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  ShtApplication *application; /* (owned) */
  char *url;                   /* (owned) */
  char *token;                 /* (owned) */
  char *challenge;             /* (owned) (nullable) */
  char *crew;                  /* (owned) */
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_object_unref (asked->application);
  g_free (asked->url);
  g_free (asked->token);
  g_free (asked->challenge);
  g_free (asked->crew);
  g_free (asked);
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Asked *asked = data;
  GError *error = NULL;
  JsonArray *answers = sht_ask_unlock (asked->url, asked->token, asked->challenge, asked->crew, &error);

  if (answers != NULL)
    g_task_return_pointer (task, answers, (GDestroyNotify) json_array_unref);
  else
    g_task_return_error (task, error);
}

static const char *
why_not (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    return _("These digits were misread or misheard. Ask for them once more, one after the other.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE))
    return _("The hub cannot be reached from here. The office can tell what opens the tablet, without a signal too.");
  return _("The hub tells nothing for this crew. Is it the right one, and was its tablet enrolled at this hub?");
}

/* Digits that are read aloud, and whose they are. */
static GtkWidget *
new_answer (JsonObject *answer, const char *crew)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  const char *device = sht_json_string (answer, "device");
  const char *end = device != NULL && strlen (device) > 4 ? device + strlen (device) - 4 : "";
  g_autofree char *spaced = sht_unlock_spaced (sht_json_string (answer, "answer"));
  g_autofree char *digits = g_strdup_printf ("\u2066%s\u2069", spaced);
  g_autofree char *whose = sht_words_isolated (crew);
  g_autofree char *isolated = g_strdup_printf ("\u2066%s\u2069", end);
  g_autofree char *tablet = g_strdup_printf (_("%s, tablet %s"), whose, isolated);
  GtkWidget *label = gtk_label_new (digits), *caption = gtk_label_new (tablet);

  gtk_widget_add_css_class (label, "pin-challenge");
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (caption), TRUE);
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), caption);
  return box;
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Asked *asked = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonArray) answers = g_task_propagate_pointer (G_TASK (result), &error);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (asked->application));
  ShtStore *reader = sht_session_get_reader (sht_application_get_session (asked->application));
  const char *crew = sht_names_get (reader, "crew", asked->crew);
  GtkWidget *dialog = adw_message_dialog_new (window, answers != NULL ? _("Read these digits aloud") : _("Not opened"), NULL);

  if (answers == NULL)
    {
      g_message ("unlock: %s", error->message);
      adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), why_not (error));
    }
  else
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

      adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
                                   _("They are typed into the locked tablet, where a new PIN is chosen then. They open it once."));
      for (guint i = 0; i < json_array_get_length (answers); i++)
        gtk_box_append (GTK_BOX (box), new_answer (sht_json_element (answers, i), crew));
      adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), box);
    }
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_chosen (ShtChoiceDialog *dialog, const char *crew, const char *digits, ShtApplication *application)
{
  const ShtDevice *device = &sht_session_get_reader (sht_application_get_session (application))->device;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_answered, NULL);
  Asked *asked = g_new0 (Asked, 1);

  asked->application = g_object_ref (application);
  asked->url = g_strdup (device->url);
  asked->token = g_strdup (device->token);
  asked->challenge = g_strdup (digits);
  asked->crew = g_strdup (crew);
  g_task_set_task_data (task, asked, asked_free);
  g_task_run_in_thread (task, ask_in_thread);
}

/**
 * sht_unlock_ask:
 *
 * Asks for the digits that a crew's locked tablet shows and for the crew, and tells what opens it.
 */
void
sht_unlock_ask (ShtApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));
  ShtStore *reader = sht_session_get_reader (sht_application_get_session (application));
  ShtChoiceDialog *dialog;

  if (window == NULL)
    return;
  dialog = sht_choice_dialog_new (GTK_WIDGET (window), _("Whose tablet is locked?"), _("The eight digits it shows"));
  sht_choice_dialog_ask_digits (dialog);
  sht_choice_dialog_add_entities (dialog, reader, "crew", NULL, reader->device.department);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_chosen), application, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
