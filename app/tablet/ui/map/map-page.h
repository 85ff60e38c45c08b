/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/place-layer.h"
#include "tablet/map/ticket-layer.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SHT_TYPE_MAP_PAGE (sht_map_page_get_type ())
G_DECLARE_FINAL_TYPE (ShtMapPage, sht_map_page, SHT, MAP_PAGE, AdwBin)

ShtTicketLayer *sht_map_page_get_layer (ShtMapPage *self);
ShtPlaceLayer *sht_map_page_get_places (ShtMapPage *self);
ShumateMap *sht_map_page_get_map (ShtMapPage *self);
void sht_map_page_set_ticket (ShtMapPage *self, const char *ticket);
void sht_map_page_go_to_ticket (ShtMapPage *self, const char *ticket);
void sht_map_page_go_to_place (ShtMapPage *self, const char *place);
void sht_map_page_touch (ShtMapPage *self, double x, double y);

G_END_DECLS
