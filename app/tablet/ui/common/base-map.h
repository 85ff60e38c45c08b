/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <shumate/shumate.h>

G_BEGIN_DECLS

/**
 * ShtBaseMapState:
 * @SHT_BASE_MAP_GOOD: all maps of this tablet are shown
 * @SHT_BASE_MAP_PARTLY: one cannot be read
 * @SHT_BASE_MAP_NONE: there is none that can be read
 */
typedef enum
{
  SHT_BASE_MAP_GOOD,
  SHT_BASE_MAP_PARTLY,
  SHT_BASE_MAP_NONE
} ShtBaseMapState;

void sht_base_map_set_in_sun (gboolean in_sun);
ShumateMapLayer *sht_base_map_lay (ShumateMap *map, ShumateMapLayer *layer, ShumateLayer *above, ShtStore *store, gboolean dark, ShtBaseMapState *state);
char *sht_base_map_attribution (ShumateMap *map) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_base_map_is_stale (ShumateMapLayer *layer, ShtStore *store, gboolean dark);

G_END_DECLS
