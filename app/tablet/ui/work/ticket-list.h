/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"
#include "tablet/ui/work/ticket-item.h"
#include "tablet/ui/work/ticket-look.h"

G_BEGIN_DECLS

/**
 * ShtTicketList:
 *
 * The store's tickets as a GListModel of #ShtTicketItem. It holds some pages around what is shown,
 * whatever the number of tickets, and follows the store.
 *
 * ::counted (list): the numbers by filter are known anew
 * ::settled (list): what was asked for is shown
 */
#define SHT_TYPE_TICKET_LIST (sht_ticket_list_get_type ())
G_DECLARE_FINAL_TYPE (ShtTicketList, sht_ticket_list, SHT, TICKET_LIST, GObject)

ShtTicketList *sht_ticket_list_new (ShtSession *session) G_GNUC_WARN_UNUSED_RESULT;
void sht_ticket_list_show (ShtTicketList *self, ShtFilter filter, const char *search);
void sht_ticket_list_show_crew (ShtTicketList *self, const char *crew);
void sht_ticket_list_count_later (ShtTicketList *self);
void sht_ticket_list_count (ShtTicketList *self);
gint64 sht_ticket_list_get_count (ShtTicketList *self, ShtFilter filter);
gboolean sht_ticket_list_is_settled (ShtTicketList *self);
void sht_ticket_list_refresh (ShtTicketList *self);
guint sht_ticket_list_get_n_kept (ShtTicketList *self);

G_END_DECLS
