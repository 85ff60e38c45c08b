/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/common/page.h"
#include "tablet/ui/ticket/journey.h"

G_BEGIN_DECLS

/**
 * ShtTicketPage:
 *
 * One ticket, to be worked on. Its actions: ticket.next, ticket.step (s), ticket.wait, ticket.hand-over,
 * ticket.assign, ticket.duplicate, ticket.note, ticket.call (s), ticket.add-photo (s), ticket.view-photo (s),
 * ticket.voice, ticket.voice-back (s), ticket.obstacle.
 */
#define SHT_TYPE_TICKET_PAGE (sht_ticket_page_get_type ())
G_DECLARE_FINAL_TYPE (ShtTicketPage, sht_ticket_page, SHT, TICKET_PAGE, AdwBin)

void sht_ticket_page_accept_pictures (ShtTicketPage *page);
gboolean sht_ticket_page_paste (ShtTicketPage *page);
void sht_ticket_page_attach_to (ShtTicketPage *self, const char *ticket, const char *path, const char *role);
void sht_ticket_page_attach (ShtTicketPage *self, const char *path, const char *role);

/* for the page's own parts */
ShtSession *sht_ticket_page_get_session (ShtTicketPage *self);
const char *sht_ticket_page_get_ticket (ShtTicketPage *self);
JsonObject *sht_ticket_page_get_doc (ShtTicketPage *self);
ShtStatus sht_ticket_page_get_status (ShtTicketPage *self);
ShtRole sht_ticket_page_get_role (ShtTicketPage *self);
void sht_ticket_page_refresh (ShtTicketPage *self);
void sht_ticket_page_show_imports (ShtTicketPage *self);
guint sht_ticket_imports_running (ShtTicketPage *page, const char *ticket, const char *role);
void sht_ticket_page_say (ShtTicketPage *self, const char *text);
void sht_ticket_page_step (ShtTicketPage *self, ShtStatus status, const char *reason, const char *waiting_for, JsonObject *why);
void sht_ticket_page_act (ShtTicketPage *self, ShtOperation *operation, const char *said, gboolean can_undo);
gboolean sht_ticket_page_can_undo (ShtTicketPage *self, ShtStatus status);
GtkWidget *sht_ticket_page_get_form (ShtTicketPage *self);
GtkWidget *sht_ticket_page_get_main_button (ShtTicketPage *self);
ShtJourney *sht_ticket_page_get_journey (ShtTicketPage *self);

/* ticket-questions.c: what is asked before a step */
void sht_ticket_ask_waiting (ShtTicketPage *page);
void sht_ticket_ask_department (ShtTicketPage *page);
void sht_ticket_ask_crew (ShtTicketPage *page);
void sht_ticket_ask_original (ShtTicketPage *page);
void sht_ticket_ask_reason (ShtTicketPage *page, ShtStatus status);
void sht_ticket_ask_photos (ShtTicketPage *page, const char *role);
void sht_ticket_install_obstacle (GtkWidgetClass *class);
void sht_ticket_call (ShtTicketPage *page, const char *phone);

/* ticket-missing.c: what is missing before the work is done */
gboolean sht_ticket_ask_missing (ShtTicketPage *page, ShtStatus status);

/* ticket-imports.c: photos */
void sht_ticket_install_photos (GtkWidgetClass *class);

/* ticket-voice.c: voice notes */
void sht_ticket_install_voice (GtkWidgetClass *class);
gint64 sht_ticket_waiting_voice (ShtTicketPage *page);

G_END_DECLS
