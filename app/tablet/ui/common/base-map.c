/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/base-map.h"

#include "tablet/map/mbtiles-source.h"

#include <string.h>

#define ENDING ".mbtiles"
#define NIGHT_ENDING "-night" ENDING
/* Wide enough for any source, until the one that is shown tells its own. */
#define MOST_ZOOM 20

/* The first map of a folder by name; the night's maps stand beside the day's and are none of their own. */
static char *
first_map (const char *folder)
{
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  g_autofree char *best = NULL;
  const char *name;

  if (dir == NULL)
    return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ENDING) && !g_str_has_suffix (name, NIGHT_ENDING)
        && (best == NULL || g_strcmp0 (name, best) < 0))
      {
        g_free (best);
        best = g_strdup (name);
      }
  return best != NULL ? g_build_filename (folder, best, NULL) : NULL;
}

static char *
find_map (void)
{
  const char *const folders[] = { g_getenv ("SHETACH_MAPS"), SHT_MAPS_DIR, SHT_BUILD_ROOT "/data/map" };

  /* Who names a folder means that one, also when it is empty. */
  if (folders[0] != NULL)
    return first_map (folders[0]);
  for (guint i = 1; i < G_N_ELEMENTS (folders); i++)
    {
      char *path = first_map (folders[i]);

      if (path != NULL)
        return path;
    }
  return NULL;
}

static char *
night_of (const char *path)
{
  g_autofree char *stem = g_strndup (path, strlen (path) - strlen (ENDING));
  g_autofree char *night = g_strconcat (stem, NIGHT_ENDING, NULL);

  return g_file_test (night, G_FILE_TEST_EXISTS) ? g_steal_pointer (&night) : NULL;
}

/* The tablet's base map, or one that shows nothing. */
static ShumateMapSource *
open_source (gboolean dark, gboolean *missing)
{
  g_autofree char *day = find_map ();
  g_autofree char *night = day != NULL && dark ? night_of (day) : NULL;
  g_autoptr (GError) error = NULL;
  ShumateMapSource *source = NULL;

  if (day != NULL)
    source = sht_mbtiles_source_new (night != NULL ? night : day, dark, &error);
  if (error != NULL)
    g_warning ("%s", error->message);
  *missing = source == NULL;
  return source != NULL ? source : sht_mbtiles_source_new_empty (dark);
}

/**
 * sht_base_map_lay:
 * @map: where it is shown
 * @layer: (nullable): what was laid there before
 * @above: (nullable): a layer that stays above it
 * @dark: whether the night's map is wanted, where there is one
 * @missing: (out): whether this tablet has no map that can be read
 *
 * Lays the tablet's base map, in place of what was laid before.
 *
 * Returns: (transfer none): its layer
 */
ShumateMapLayer *
sht_base_map_lay (ShumateMap *map, ShumateMapLayer *layer, ShumateLayer *above, gboolean dark, gboolean *missing)
{
  g_autoptr (ShumateMapSource) source = open_source (dark, missing);
  ShumateViewport *viewport = shumate_map_get_viewport (map);
  ShumateMapLayer *base;

  shumate_viewport_set_min_zoom_level (viewport, 0);
  shumate_viewport_set_max_zoom_level (viewport, MOST_ZOOM);
  shumate_viewport_set_reference_map_source (viewport, source);
  shumate_viewport_set_max_zoom_level (viewport, shumate_map_source_get_max_zoom_level (source));
  shumate_viewport_set_min_zoom_level (viewport, shumate_map_source_get_min_zoom_level (source));
  base = shumate_map_layer_new (source, viewport);
  if (above != NULL)
    shumate_map_insert_layer_behind (map, SHUMATE_LAYER (base), above);
  else
    shumate_map_add_layer (map, SHUMATE_LAYER (base));
  if (layer != NULL)
    shumate_map_remove_layer (map, SHUMATE_LAYER (layer));
  return base;
}
