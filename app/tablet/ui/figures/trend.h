/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define SHT_TREND_DAYS 14

/**
 * ShtTrend:
 *
 * How much was opened and closed on each of the last days, side by side, before the band in which the opened usually lie.
 */
#define SHT_TYPE_TREND (sht_trend_get_type ())
G_DECLARE_FINAL_TYPE (ShtTrend, sht_trend, SHT, TREND, GtkWidget)

GtkWidget *sht_trend_new (JsonObject *trend);
gint64 sht_trend_get_most (ShtTrend *self);

G_END_DECLS
