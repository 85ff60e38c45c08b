/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/map-room.h"

#include <shumate/shumate.h>

G_BEGIN_DECLS

/**
 * ShtRouteLayer:
 *
 * The day's route as a line from stop to stop, or as the stops' numbers; a map has one of each, with the tickets between them.
 */
#define SHT_TYPE_ROUTE_LAYER (sht_route_layer_get_type ())
G_DECLARE_FINAL_TYPE (ShtRouteLayer, sht_route_layer, SHT, ROUTE_LAYER, ShumateLayer)

ShtRouteLayer *sht_route_layer_new (ShumateViewport *viewport, gboolean numbers, ShtMapRoom *room) G_GNUC_WARN_UNUSED_RESULT;
void sht_route_layer_set_stops (ShtRouteLayer *self, const gint64 *e7, guint n_stops);
void sht_route_layer_set_dark (ShtRouteLayer *self, gboolean dark);

G_END_DECLS
