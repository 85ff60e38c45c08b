/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtCardList:
 *
 * Tickets below each other, in a #GtkScrolledWindow: a card for each on the screen, which go round as it is scrolled; around them
 * more are made while it stands still. All cards are equally high. What is seen stays where it is when others come or go.
 *
 * ::activate (list, position): a card was tapped, or chosen by a key
 */
#define SHT_TYPE_CARD_LIST (sht_card_list_get_type ())
G_DECLARE_FINAL_TYPE (ShtCardList, sht_card_list, SHT, CARD_LIST, GtkWidget)

GtkWidget *sht_card_list_new (ShtSession *session, GListModel *model) G_GNUC_WARN_UNUSED_RESULT;
void sht_card_list_to_top (ShtCardList *self);
void sht_card_list_set_current (ShtCardList *self, const char *ticket);
void sht_card_list_tick (ShtCardList *self);
guint sht_card_list_get_n_cards (ShtCardList *self);

G_END_DECLS
