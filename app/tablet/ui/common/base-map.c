/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/base-map.h"

#include "tablet/map/mbtiles-source.h"
#include "tablet/store/map-files.h"

/* Wide enough for any source, until the one that is shown tells its own. */
#define MOST_ZOOM 20
/* Of a layer: the files that it shows. */
#define FILES "files"

/* The tablet's base map, or one that shows nothing. */
static ShumateMapSource *
open_source (const char *const *files, gboolean dark, ShtBaseMapState *state)
{
  g_autoptr (GError) error = NULL;
  ShumateMapSource *source = files[0] != NULL ? sht_mbtiles_source_new_of (files, dark, &error) : NULL;

  if (error != NULL)
    g_warning ("%s", error->message);
  *state = source == NULL ? SHT_BASE_MAP_NONE : error != NULL ? SHT_BASE_MAP_PARTLY : SHT_BASE_MAP_GOOD;
  return source != NULL ? source : sht_mbtiles_source_new_empty (dark);
}

/**
 * sht_base_map_lay:
 * @map: where it is shown
 * @layer: (nullable): what was laid there before
 * @above: (nullable): a layer that stays above it
 * @store: whose maps are shown
 * @dark: whether the night's map is wanted, where there is one
 * @state: (out): how that went
 *
 * Lays the tablet's base map, in place of what was laid before.
 *
 * Returns: (transfer none): its layer
 */
ShumateMapLayer *
sht_base_map_lay (ShumateMap *map, ShumateMapLayer *layer, ShumateLayer *above, ShtStore *store, gboolean dark,
                  ShtBaseMapState *state)
{
  GStrv files = sht_store_map_files (store, dark);
  g_autoptr (ShumateMapSource) source = open_source ((const char *const *) files, dark, state);
  ShumateViewport *viewport = shumate_map_get_viewport (map);
  ShumateMapLayer *base;

  shumate_viewport_set_min_zoom_level (viewport, 0);
  shumate_viewport_set_max_zoom_level (viewport, MOST_ZOOM);
  shumate_viewport_set_reference_map_source (viewport, source);
  shumate_viewport_set_max_zoom_level (viewport, shumate_map_source_get_max_zoom_level (source));
  shumate_viewport_set_min_zoom_level (viewport, shumate_map_source_get_min_zoom_level (source));
  base = shumate_map_layer_new (source, viewport);
  g_object_set_data_full (G_OBJECT (base), FILES, files, (GDestroyNotify) g_strfreev);
  if (above != NULL)
    shumate_map_insert_layer_behind (map, SHUMATE_LAYER (base), above);
  else
    shumate_map_add_layer (map, SHUMATE_LAYER (base));
  if (layer != NULL)
    shumate_map_remove_layer (map, SHUMATE_LAYER (layer));
  return base;
}

/**
 * sht_base_map_is_stale:
 * @layer: what sht_base_map_lay() gave
 *
 * Returns: whether this tablet has other maps by now than those that are shown
 */
gboolean
sht_base_map_is_stale (ShumateMapLayer *layer, ShtStore *store, gboolean dark)
{
  g_auto (GStrv) now = sht_store_map_files (store, dark);

  return !g_strv_equal ((const char *const *) now, g_object_get_data (G_OBJECT (layer), FILES));
}
