/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtRail:
 *
 * The large buttons to the pages: a column at the leading edge, or a bar at the bottom. They activate
 * win.show-page.
 */
#define SHT_TYPE_RAIL (sht_rail_get_type ())
G_DECLARE_FINAL_TYPE (ShtRail, sht_rail, SHT, RAIL, AdwBin)

GtkWidget *sht_rail_new (void) G_GNUC_WARN_UNUSED_RESULT;
const char *sht_rail_word (const char *name);
void sht_rail_set_orientation (ShtRail *self, GtkOrientation orientation);
void sht_rail_set_page (ShtRail *self, const char *name);
void sht_rail_set_news (ShtRail *self, gint64 news);
void sht_rail_set_reported (ShtRail *self, gint64 reported);
void sht_rail_set_waiting (ShtRail *self, gint64 waiting, gint64 attention);

G_END_DECLS
