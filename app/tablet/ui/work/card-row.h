/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/work/ticket-card.h"

G_BEGIN_DECLS

/**
 * ShtCardRow:
 *
 * A place in a #ShtCardList with a card in it, which can be tapped and have the focus.
 *
 * ::activated (row): it was tapped, or chosen by a key
 */
#define SHT_TYPE_CARD_ROW (sht_card_row_get_type ())
G_DECLARE_FINAL_TYPE (ShtCardRow, sht_card_row, SHT, CARD_ROW, GtkWidget)

GtkWidget *sht_card_row_new (ShtSession *session, ShtCardLook *look) G_GNUC_WARN_UNUSED_RESULT;
ShtTicketCard *sht_card_row_get_card (ShtCardRow *self);
guint sht_card_row_get_position (ShtCardRow *self);
void sht_card_row_set_position (ShtCardRow *self, guint position);
void sht_card_row_drop (gpointer row);

G_END_DECLS
