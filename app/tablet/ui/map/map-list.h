/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/ticket-layer.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtMapList:
 *
 * The tickets that the map shows, as a list: for the keyboard, for a screen reader, and for several on one spot.
 *
 * ::picked (ticket): somebody chose one
 */
#define SHT_TYPE_MAP_LIST (sht_map_list_get_type ())
G_DECLARE_FINAL_TYPE (ShtMapList, sht_map_list, SHT, MAP_LIST, GtkPopover)

GtkWidget *sht_map_list_new (ShtTicketLayer *layer, ShtStore *store) G_GNUC_WARN_UNUSED_RESULT;
void sht_map_list_set_heap (ShtMapList *self, const ShtWorldBox *heap);

G_END_DECLS
