/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/here-layer.h"
#include "tablet/session/session.h"

G_BEGIN_DECLS

/**
 * ShtMapHere:
 *
 * One's own position on the map: its layer, the button that shows it and lets the map follow, how far it is to the chosen
 * ticket, and that it is shared. It is the sheet that stands at the map's bottom.
 */
#define SHT_TYPE_MAP_HERE (sht_map_here_get_type ())
G_DECLARE_FINAL_TYPE (ShtMapHere, sht_map_here, SHT, MAP_HERE, GtkBox)

GtkWidget *sht_map_here_new (ShtSession *session, ShumateMap *map) G_GNUC_WARN_UNUSED_RESULT;
GtkWidget *sht_map_here_get_button (ShtMapHere *self);
ShtHereLayer *sht_map_here_get_layer (ShtMapHere *self);
void sht_map_here_set_ticket (ShtMapHere *self, const char *ticket);
gboolean sht_map_here_is_following (ShtMapHere *self);

G_END_DECLS
