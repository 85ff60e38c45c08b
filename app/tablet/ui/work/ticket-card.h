/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"
#include "tablet/ui/work/card-look.h"
#include "tablet/ui/work/ticket-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtTicketCard:
 *
 * A ticket in a list: what it is, where, how long there is for it, how it stands. It draws itself, and is always as high as its
 * #ShtCardLook says, so that to show another ticket asks nobody for room.
 */
#define SHT_TYPE_TICKET_CARD (sht_ticket_card_get_type ())
G_DECLARE_FINAL_TYPE (ShtTicketCard, sht_ticket_card, SHT, TICKET_CARD, GtkWidget)

GtkWidget *sht_ticket_card_new (ShtSession *session, ShtCardLook *look) G_GNUC_WARN_UNUSED_RESULT;
void sht_ticket_card_set_item (ShtTicketCard *self, ShtTicketItem *item);
ShtTicketItem *sht_ticket_card_get_item (ShtTicketCard *self);
void sht_ticket_card_set_current (ShtTicketCard *self, const char *ticket);
void sht_ticket_card_tick (ShtTicketCard *self);

G_END_DECLS
