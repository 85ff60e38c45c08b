/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtPlaceMap:
 *
 * A small map that is dragged under a pin.
 *
 * ::moved (map): a person has put the pin somewhere else
 */
#define SHT_TYPE_PLACE_MAP (sht_place_map_get_type ())
G_DECLARE_FINAL_TYPE (ShtPlaceMap, sht_place_map, SHT, PLACE_MAP, AdwBin)

GtkWidget *sht_place_map_new (void);
void sht_place_map_set_reader (ShtPlaceMap *self, ShtStore *reader);
void sht_place_map_go (ShtPlaceMap *self, gint64 lat_e7, gint64 lon_e7);
void sht_place_map_drag (ShtPlaceMap *self, gint64 lat_e7, gint64 lon_e7);
void sht_place_map_get (ShtPlaceMap *self, gint64 *lat_e7, gint64 *lon_e7);

G_END_DECLS
