/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Map packages on the command line. */
#include "hub/main-maps.h"

#include "hub/service/maps.h"

static void
print_map (JsonObject *map)
{
  g_autofree char *size = g_format_size ((guint64) sht_json_int (map, "size", 0));

  g_print ("%s: version %" G_GINT64_FORMAT ", %s, zoom %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, sht_json_string (map, "name"),
           sht_json_int (map, "version", 1), size, sht_json_int (map, "min_zoom", 0), sht_json_int (map, "max_zoom", 0));
  if (sht_json_has (map, "west_e7"))
    g_print (", %.4f,%.4f to %.4f,%.4f", (double) sht_json_int (map, "south_e7", 0) / 1e7,
             (double) sht_json_int (map, "west_e7", 0) / 1e7, (double) sht_json_int (map, "north_e7", 0) / 1e7,
             (double) sht_json_int (map, "east_e7", 0) / 1e7);
  g_print (", %s\n", sht_json_string (map, "sha256"));
}

/** sht_main_add_map: tells what was taken in, or that it was here already */
gboolean
sht_main_add_map (ShtHub *hub, const char *file, const char *name, GError **error)
{
  g_autoptr (JsonObject) map = sht_hub_add_map (hub, file, name, error);

  if (map == NULL)
    return FALSE;
  print_map (map);
  return TRUE;
}

gboolean
sht_main_list_maps (ShtHub *hub, gboolean as_json, GError **error)
{
  g_autoptr (GPtrArray) maps = sht_hub_maps (hub, error);
  g_autoptr (JsonArray) all = json_array_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (maps == NULL)
    return FALSE;
  for (guint i = 0; i < maps->len && !as_json; i++)
    print_map (g_ptr_array_index (maps, i));
  if (!as_json)
    return TRUE;
  for (guint i = 0; i < maps->len; i++)
    json_array_add_object_element (all, json_object_ref (g_ptr_array_index (maps, i)));
  node = json_node_init_array (json_node_alloc (), all);
  text = json_to_string (node, TRUE);
  g_print ("%s\n", text);
  return TRUE;
}
