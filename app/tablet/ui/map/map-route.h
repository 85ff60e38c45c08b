/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/ticket-layer.h"
#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtMapRoute:
 *
 * The day's route on a map: a button, a list over it, the line under the tickets and the numbers above them. It lives as long
 * as the overlay.
 */
typedef struct _ShtMapRoute ShtMapRoute;

ShtMapRoute *sht_map_route_new (ShumateMap *map, ShtTicketLayer *tickets, ShtSession *session, GtkOverlay *overlay, ShtMapRoom *room);
GtkWidget *sht_map_route_get_button (ShtMapRoute *self);
ShumateLayer *sht_map_route_get_line (ShtMapRoute *self);
void sht_map_route_set_dark (ShtMapRoute *self, gboolean dark);
void sht_map_route_refresh (ShtMapRoute *self);

G_END_DECLS
