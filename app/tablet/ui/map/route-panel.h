/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtRoutePanel:
 *
 * The day's route as a list beside the map: in what order, when, how far and why; the order is a person's to change.
 *
 * ::changed: the route is another; see sht_route_panel_get_stops()
 * ::picked (ticket): somebody chose a stop
 * ::closed: it is not wanted any more
 */
#define SHT_TYPE_ROUTE_PANEL (sht_route_panel_get_type ())
G_DECLARE_FINAL_TYPE (ShtRoutePanel, sht_route_panel, SHT, ROUTE_PANEL, AdwBin)

GtkWidget *sht_route_panel_new (ShtSession *session) G_GNUC_WARN_UNUSED_RESULT;
void sht_route_panel_refresh (ShtRoutePanel *self);
const gint64 *sht_route_panel_get_stops (ShtRoutePanel *self, guint *n_stops);

G_END_DECLS
