/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"
#include "tablet/ui/work/ticket-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtTicketCard:
 *
 * A ticket in a list: what it is, where, how long there is for it, how it stands.
 */
#define SHT_TYPE_TICKET_CARD (sht_ticket_card_get_type ())
G_DECLARE_FINAL_TYPE (ShtTicketCard, sht_ticket_card, SHT, TICKET_CARD, AdwBin)

GtkWidget *sht_ticket_card_new (ShtSession *session) G_GNUC_WARN_UNUSED_RESULT;
void sht_ticket_card_set_item (ShtTicketCard *self, ShtTicketItem *item);
ShtTicketItem *sht_ticket_card_get_item (ShtTicketCard *self);
void sht_ticket_card_set_current (ShtTicketCard *self, const char *ticket);
void sht_ticket_card_sleep (ShtTicketCard *self, int height);
void sht_ticket_card_wake (ShtTicketCard *self);
gboolean sht_ticket_card_is_asleep (ShtTicketCard *self);
int sht_ticket_card_get_height (ShtTicketCard *self);
void sht_ticket_card_tick (ShtTicketCard *self);

G_END_DECLS
