/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/ticket-page.h"

#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/ticket/voice-page.h"

#include <glib/gi18n.h>

/* For whose ticket the page in front was opened. */
#define TICKET "sht-voice-ticket"
#define UNDO_S 10

/**
 * sht_ticket_waiting_voice:
 *
 * Returns: how long a recording for the ticket that is shown plays that was neither kept nor discarded, in milliseconds;
 *   0 for none, or while it is being made
 */
gint64
sht_ticket_waiting_voice (ShtTicketPage *page)
{
  const char *ticket = sht_ticket_page_get_ticket (page);
  GtkWidget *cover = gtk_widget_get_ancestor (sht_ticket_page_get_main_button (page), SHT_TYPE_COVER);

  if (ticket == NULL || (cover != NULL && SHT_IS_VOICE_PAGE (sht_cover_get_front (SHT_COVER (cover)))))
    return 0;
  return sht_voice_draft_find (sht_session_get_reader (sht_ticket_page_get_session (page)), ticket);
}

typedef struct
{
  ShtTicketPage *page; /* (owned) */
  char *ticket;        /* (owned) */
} Keep;

static gboolean
keep (ShtStore *store, gpointer data, GError **error)
{
  gboolean already;

  return sht_voice_draft_keep (store, ((Keep *) data)->ticket, &already, error);
}

static void
on_kept (GObject *session, GAsyncResult *result, gpointer data)
{
  Keep *kept = data;
  g_autoptr (GError) error = NULL;

  if (sht_session_do_finish (SHT_SESSION (session), result, &error))
    sht_ticket_page_say (kept->page, _("Voice note kept"));
  else
    {
      g_message ("voice note: %s", error->message);
      if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NO_ROOM))
        sht_ticket_page_say (kept->page, _("This tablet is nearly full: the recording waits here until there is room"));
      else if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND))
        sht_ticket_page_say (kept->page, _("This ticket is not on this tablet any more"));
      else
        sht_ticket_page_say (kept->page, _("Could not be saved. Nothing was changed; please try again"));
    }
  sht_ticket_page_refresh (kept->page);
  g_object_unref (kept->page);
  g_free (kept->ticket);
  g_free (kept);
}

static void
on_keep (ShtVoicePage *front, ShtTicketPage *page)
{
  Keep *kept = g_new0 (Keep, 1);

  kept->page = g_object_ref (page);
  kept->ticket = g_strdup (g_object_get_data (G_OBJECT (front), TICKET));
  sht_session_do_async (sht_ticket_page_get_session (page), keep, kept, NULL, on_kept, kept);
}

/* The toast's action is looked for from where it is: on the page around it. */
static void
on_discard (ShtVoicePage *front, ShtTicketPage *page)
{
  const char *ticket = g_object_get_data (G_OBJECT (front), TICKET);
  GtkWidget *toasts = gtk_widget_get_ancestor (sht_ticket_page_get_main_button (page), ADW_TYPE_TOAST_OVERLAY);
  AdwToast *toast = sht_letters_toast_new (_("Recording discarded"));

  sht_voice_draft_discard (sht_session_get_reader (sht_ticket_page_get_session (page)), ticket);
  adw_toast_set_timeout (toast, UNDO_S);
  adw_toast_set_button_label (toast, _("Undo"));
  adw_toast_set_action_name (toast, "ticket.voice-back");
  adw_toast_set_action_target (toast, "s", ticket);
  sht_letters_toast_show (toasts, toast);
  sht_ticket_page_refresh (page);
}

static void
on_voice (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtTicketPage *page = SHT_TICKET_PAGE (widget);
  const char *ticket = sht_ticket_page_get_ticket (page);
  ShtStore *reader = sht_session_get_reader (sht_ticket_page_get_session (page));
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  ShtVoicePage *front;

  if (ticket == NULL)
    return;
  /* A recording that waits can still be heard; another would not fit. */
  if (sht_ticket_waiting_voice (page) == 0 && !sht_store_has_room_for_photo (reader, NULL))
    {
      sht_ticket_page_say (page, _("This tablet is nearly full: no more recordings. Statuses and notes go on."));
      return;
    }
  path = sht_voice_draft_path (reader, ticket, &error);
  if (path == NULL)
    {
      g_message ("voice note: %s", error->message);
      sht_ticket_page_say (page, _("Could not be saved. Nothing was changed; please try again"));
      return;
    }
  front = sht_voice_page_open (sht_ticket_page_get_main_button (page), path);
  g_object_set_data_full (G_OBJECT (front), TICKET, g_strdup (ticket), g_free);
  g_signal_connect_object (front, "keep", G_CALLBACK (on_keep), page, 0);
  g_signal_connect_object (front, "discard", G_CALLBACK (on_discard), page, 0);
  /* What was recorded and left so is offered on the page again. */
  g_signal_connect_object (front, "unmap", G_CALLBACK (sht_ticket_page_refresh), page,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

static void
on_voice_back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtTicketPage *page = SHT_TICKET_PAGE (widget);
  const char *ticket = g_variant_get_string (parameter, NULL);

  if (sht_voice_draft_bring_back (sht_session_get_reader (sht_ticket_page_get_session (page)), ticket))
    sht_ticket_page_refresh (page);
}

/**
 * sht_ticket_install_voice:
 *
 * Installs what a ticket's page does about voice notes: `ticket.voice` records one, or goes on with one that was not kept
 * yet; `ticket.voice-back` brings one back that was discarded.
 */
void
sht_ticket_install_voice (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "ticket.voice", NULL, on_voice);
  gtk_widget_class_install_action (class, "ticket.voice-back", "s", on_voice_back);
}
