/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/route.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtRouteStopRow:
 *
 * A stop of the route. Chosen, it shows what can be done with it.
 *
 * ::move (by): it is wanted so many places later; earlier where negative
 * ::drop (from): another stop, told by its place from 0, was let go on this one
 */
#define SHT_TYPE_ROUTE_STOP_ROW (sht_route_stop_row_get_type ())
G_DECLARE_FINAL_TYPE (ShtRouteStopRow, sht_route_stop_row, SHT, ROUTE_STOP_ROW, GtkListBoxRow)

GtkWidget *sht_route_stop_row_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_route_stop_row_show (ShtRouteStopRow *self, const ShtRouteRow *row, guint place, guint n, gint64 now_ms);
void sht_route_stop_row_open (ShtRouteStopRow *self, gboolean open);
gboolean sht_route_stop_row_is_open (ShtRouteStopRow *self);
gboolean sht_route_stop_row_is_opening (ShtRouteStopRow *self);
const char *sht_route_stop_row_get_ticket (ShtRouteStopRow *self);

G_END_DECLS
