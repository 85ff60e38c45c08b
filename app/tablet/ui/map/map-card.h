/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtMapCard:
 *
 * What was touched on the map: a ticket in four lines with a button that opens it.
 *
 * ::closed: the person wants it away
 */
#define SHT_TYPE_MAP_CARD (sht_map_card_get_type ())
G_DECLARE_FINAL_TYPE (ShtMapCard, sht_map_card, SHT, MAP_CARD, AdwBin)

GtkWidget *sht_map_card_new (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_map_card_show_ticket (ShtMapCard *self, ShtStore *store, const char *ticket);
GtkWidget *sht_map_ticket_row_new (ShtStore *store, const char *ticket) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
