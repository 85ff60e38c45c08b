/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/map-room.h"
#include "tablet/map/ticket-layer.h"
#include "tablet/store/store.h"

#include <shumate/shumate.h>

G_BEGIN_DECLS

/**
 * ShtPlaceLayer:
 *
 * Draws the layers of places that somebody wants to see. What is visible is looked up, and its lines, areas and names are
 * drawn, off the main thread.
 *
 * ::settled: what was looked up is shown
 */
#define SHT_TYPE_PLACE_LAYER (sht_place_layer_get_type ())
G_DECLARE_FINAL_TYPE (ShtPlaceLayer, sht_place_layer, SHT, PLACE_LAYER, ShumateLayer)

ShtPlaceLayer *sht_place_layer_new (ShumateViewport *viewport, ShtStore *reader, const char *language) G_GNUC_WARN_UNUSED_RESULT;
void sht_place_layer_set_room (ShtPlaceLayer *self, ShtMapRoom *room);
void sht_place_layer_set_tickets (ShtPlaceLayer *self, ShtTicketLayer *tickets);
void sht_place_layer_set_on_bare (ShtPlaceLayer *self, gboolean on_bare);
void sht_place_layer_refresh (ShtPlaceLayer *self);
void sht_place_layer_set_dark (ShtPlaceLayer *self, gboolean dark);
void sht_place_layer_set_shown (ShtPlaceLayer *self, const char *const *layers);
void sht_place_layer_set_selected (ShtPlaceLayer *self, const char *place);
gboolean sht_place_layer_pick (ShtPlaceLayer *self, double x, double y, char id[SHT_ID_LENGTH + 1], gboolean *is_area);
gboolean sht_place_layer_is_settled (ShtPlaceLayer *self);
gint64 sht_place_layer_get_snapshot_us (ShtPlaceLayer *self);

G_END_DECLS
