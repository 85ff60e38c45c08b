/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/base-map.h"

#include "core/json.h"
#include "core/protocol.h"
#include "tablet/map/mbtiles-source.h"
#include "tablet/map/tile-image.h"
#include "tablet/store/map-files.h"

#include <math.h>
#include <string.h>

/* Wide enough for any source, until the one that is shown tells its own. */
#define MOST_ZOOM 20
/* Of a layer: what it is made of. */
#define PARTS "parts"

static gboolean is_in_sun;

/* Returns: (transfer full) (nullable): the server of tiles that the city has set, with whose they are */
static JsonObject *
online_of (ShtStore *store)
{
  g_autofree char *doc = sht_store_get_doc (store, SHT_ONLINE_MAP_TYPE, SHT_ONLINE_MAP_ID, NULL);
  g_autoptr (JsonObject) online = doc != NULL ? sht_json_parse_object (doc, -1, NULL) : NULL;
  const char *url = sht_json_string (online, "url");

  if (url == NULL || sht_json_string (online, "attribution") == NULL || strstr (url, "{z}") == NULL
      || strstr (url, "{x}") == NULL || strstr (url, "{y}") == NULL)
    return NULL;
  return g_steal_pointer (&online);
}

/* What the base map is made of: files, and behind them the address of the online map. */
static GStrv
parts_of (ShtStore *store, gboolean dark)
{
  g_auto (GStrv) files = sht_store_map_files (store, dark);
  g_autoptr (JsonObject) online = online_of (store);
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();

  g_strv_builder_addv (parts, (const char **) files);
  if (online != NULL)
    g_strv_builder_add (parts, sht_json_string (online, "url"));
  if (is_in_sun)
    g_strv_builder_add (parts, "sun");
  return g_strv_builder_end (parts);
}

/* Returns: whether there is something to be shown by it */
static gboolean
add_online (ShumateMapSource *source, ShtStore *store)
{
  g_autoptr (JsonObject) online = online_of (store);
  g_autofree char *folder = g_build_filename (store->folder, "tiles", NULL);
  g_autofree char *attribution = NULL;
  g_autoptr (ShtOnlineTiles) tiles = NULL;

  if (online == NULL)
    return FALSE;
  tiles = sht_online_tiles_new (sht_json_string (online, "url"), folder);
  attribution = sht_mbtiles_plain_text (sht_json_string (online, "attribution"));
  sht_mbtiles_source_set_online (SHT_MBTILES_SOURCE (source), tiles, attribution);
  return TRUE;
}

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
 * sht_base_map_set_in_sun:
 *
 * Says whether the screen is read in the sun; maps that are laid from now on stand out more.
 */
void
sht_base_map_set_in_sun (gboolean in_sun)
{
  is_in_sun = in_sun;
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
 * Lays the tablet's base map, in place of what was laid before; where its files have nothing, what the city's own server of tiles
 * has.
 *
 * Returns: (transfer none): its layer
 */
ShumateMapLayer *
sht_base_map_lay (ShumateMap *map, ShumateMapLayer *layer, ShumateLayer *above, ShtStore *store, gboolean dark,
                  ShtBaseMapState *state)
{
  g_auto (GStrv) files = sht_store_map_files (store, dark);
  g_autoptr (ShumateMapSource) source = open_source ((const char *const *) files, dark, state);
  ShumateViewport *viewport = shumate_map_get_viewport (map);
  ShumateMapLayer *base;

  if (is_in_sun)
    sht_mbtiles_source_set_in_sun (SHT_MBTILES_SOURCE (source));
  if (add_online (source, store) && files[0] == NULL)
    *state = SHT_BASE_MAP_GOOD;
  shumate_viewport_set_min_zoom_level (viewport, 0);
  shumate_viewport_set_max_zoom_level (viewport, MOST_ZOOM);
  shumate_viewport_set_reference_map_source (viewport, source);
  shumate_viewport_set_max_zoom_level (viewport, shumate_map_source_get_max_zoom_level (source));
  shumate_viewport_set_min_zoom_level (viewport, shumate_map_source_get_min_zoom_level (source));
  base = shumate_map_layer_new (source, viewport);
  g_object_set_data_full (G_OBJECT (base), PARTS, parts_of (store, dark), (GDestroyNotify) g_strfreev);
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
  g_auto (GStrv) now = parts_of (store, dark);

  return !g_strv_equal ((const char *const *) now, g_object_get_data (G_OBJECT (layer), PARTS));
}

/**
 * sht_base_map_attribution:
 * @map: where a base map was laid
 *
 * Returns: (transfer full): whose data is in sight, as plain text
 */
char *
sht_base_map_attribution (ShumateMap *map)
{
  ShumateViewport *viewport = shumate_map_get_viewport (map);
  ShumateMapSource *source = shumate_viewport_get_reference_map_source (viewport);
  double side = SHT_TILE_SIZE * exp2 (shumate_viewport_get_zoom_level (viewport));
  double latitude = CLAMP (shumate_location_get_latitude (SHUMATE_LOCATION (viewport)), -85, 85) * G_PI / 180;
  double x = shumate_location_get_longitude (SHUMATE_LOCATION (viewport)) / 360 + 0.5;
  double y = 0.5 - atanh (sin (latitude)) / (2 * G_PI);
  double across = gtk_widget_get_width (GTK_WIDGET (map)) / side / 2, down = gtk_widget_get_height (GTK_WIDGET (map)) / side / 2;

  return sht_mbtiles_source_attribution_of (SHT_MBTILES_SOURCE (source), x - across, y - down, x + across, y + down);
}
