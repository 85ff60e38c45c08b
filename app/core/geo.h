/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

double sht_geo_distance (gint64 lat1_e7, gint64 lon1_e7, gint64 lat2_e7, gint64 lon2_e7);
void sht_geo_box (gint64 lat_e7, gint64 lon_e7, double metres, gint64 box[4]);
gboolean sht_geo_parse_degrees (const char *text, gint64 limit_e7, gint64 *e7);

G_END_DECLS
