/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/crew-layer.h"
#include "tablet/session/session.h"

G_BEGIN_DECLS

/**
 * ShtMapCrews:
 *
 * Where a supervisor's crews are, as a list; choosing one brings the map there. It keeps the map's signs too.
 */
#define SHT_TYPE_MAP_CREWS (sht_map_crews_get_type ())
G_DECLARE_FINAL_TYPE (ShtMapCrews, sht_map_crews, SHT, MAP_CREWS, GtkPopover)

gboolean sht_map_crews_are_seen (ShtStore *reader);
GtkWidget *sht_map_crews_new (ShtSession *session, ShumateMap *map, ShtMapRoom *room) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
