/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places on the command line: layers from GeoJSON, and how they are drawn. */
#include "hub/main-places.h"

#include "core/layer.h"
#include "hub/import/geojson.h"
#include "hub/main-levels.h"

#include <glib/gstdio.h>

/**
 * sht_main_places_group:
 * @said: where the options go; to be cleared by sht_main_places_clear()
 *
 * Returns: (transfer full): the options that speak of places
 */
GOptionGroup *
sht_main_places_group (ShtMainPlaces *said)
{
  const GOptionEntry entries[] = {
    { "layer", 0, 0, G_OPTION_ARG_STRING, &said->layer, "a layer of places", "NAME" },
    { "id-property", 0, 0, G_OPTION_ARG_STRING, &said->id_property,
      "what tells one feature from the others", "NAME" },
    { "name-property", 0, 0, G_OPTION_ARG_STRING, &said->name_property, "what people call it",
      "NAME" },
    { "kind", 0, 0, G_OPTION_ARG_STRING, &said->kind, "what the layer's places are", "district" },
    { "colour", 0, 0, G_OPTION_ARG_STRING, &said->colour, "of the layer's points, lines and areas",
      "#RRGGBB" },
    { "width", 0, 0, G_OPTION_ARG_STRING, &said->width, "of its lines, in pixels", "1…12" },
    { "symbol", 0, 0, G_OPTION_ARG_STRING, &said->symbol, "what stands on its points", "SYMBOL" },
    { "min-zoom", 0, 0, G_OPTION_ARG_STRING, &said->min_zoom, "from which zoom on it is shown",
      "0…20" },
    { NULL }
  };
  GOptionGroup *group =
    g_option_group_new ("places", "Places:", "Show the options of places", NULL, NULL);

  g_option_group_add_entries (group, entries);
  return group;
}

void
sht_main_places_clear (ShtMainPlaces *said)
{
  g_free (said->layer);
  g_free (said->id_property);
  g_free (said->name_property);
  g_free (said->kind);
  g_free (said->colour);
  g_free (said->width);
  g_free (said->symbol);
  g_free (said->min_zoom);
}

static char *
layer_id (const ShtMainPlaces *said, GError **error)
{
  if (said->layer != NULL)
    return sht_geojson_layer_id (said->layer, error);
  g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST, "--layer NAME is needed");
  return NULL;
}

/* Before it is read: what is far too large need not be in memory to be refused. */
static gboolean
check_size (const char *file, GError **error)
{
  GStatBuf info;

  if (g_stat (file, &info) != 0 || info.st_size <= SHT_GEOJSON_MAX_BYTES)
    return TRUE;
  g_set_error (error, SHT_GEOJSON_ERROR, SHT_GEOJSON_ERROR_TOO_LARGE,
               "%s has %" G_GINT64_FORMAT " bytes, more than the %d (64 MiB) that are taken", file,
               (gint64)info.st_size, SHT_GEOJSON_MAX_BYTES);
  return FALSE;
}

static gboolean
collect (gpointer data, const char *json, GError **error)
{
  g_ptr_array_add (data, g_strdup (json));
  return TRUE;
}

static gboolean
set_members (JsonObject *layer, const char *name, const ShtMainPlaces *said, GError **error)
{
  const struct
  {
    const char *member;
    const char *text;
  } members[] = { { "name", name },           { "kind", said->kind },
                  { "colour", said->colour }, { "width", said->width },
                  { "symbol", said->symbol }, { "min_zoom", said->min_zoom } };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (members[i].text != NULL &&
        !sht_layer_set (layer, members[i].member, members[i].text, error))
      return FALSE;
  return TRUE;
}

/* As it is, or a new one that is called as the command line has it. */
static JsonObject *
get_layer (ShtHub *hub, const char *id, const char *name, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  JsonObject *layer = sht_hub_get (hub, "layer", id, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (layer == NULL)
    {
      layer = json_object_new ();
      json_object_set_string_member (layer, "t", "layer");
      json_object_set_string_member (layer, "id", id);
      json_object_set_string_member (layer, "name", name);
    }
  return layer;
}

static void
print_read (const ShtGeojsonReport *report)
{
  g_print ("%u places: %u points, %u lines, %u areas; coordinates of %s%s\n", report->places,
           report->points, report->lines, report->areas, report->crs,
           report->is_swapped ? ", north before east" : "");
  if (report->unlocated > 0)
    g_print ("%u features have no geometry, and are no places\n", report->unlocated);
  if (report->thinned > 0)
    g_print ("%u places had too many points, and lie up to %.1f m from where they were\n",
             report->thinned, report->off_metres);
}

/* All of the file's places in the place of the layer's, or none of them. */
static gboolean
import_layer (
  ShtHub *hub, const char *file, const char *name, const ShtMainPlaces *said, GError **error)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *id = layer_id (said, error);
  g_autoptr (JsonObject) layer = id != NULL ? get_layer (hub, id, said->layer, error) : NULL;
  ShtGeojsonOptions options = { id, said->id_property, said->name_property };
  g_autoptr (GBytes) bytes = NULL;
  ShtGeojsonReport report;
  ShtHubLayerCount count;
  char *contents;
  gsize length;

  if (layer == NULL || !set_members (layer, name, said, error) || !check_size (file, error) ||
      !sht_main_read_file (file, &contents, &length, error))
    return FALSE;
  bytes = g_bytes_new_take (contents, length);
  if (!sht_geojson_read (bytes, &options, collect, places, &report, error))
    {
      g_prefix_error (error, "%s: ", file);
      return FALSE;
    }
  if (!sht_hub_take_layer (hub, layer, places, &count, error))
    return FALSE;
  print_read (&report);
  g_print ("layer %s: %u places added, %u changed, %u as they were, %u removed\n", id, count.added,
           count.changed, count.unchanged, count.removed);
  return TRUE;
}

static gboolean
style_layer (ShtHub *hub, const char *name, const ShtMainPlaces *said, GError **error)
{
  g_autofree char *id = layer_id (said, error);
  g_autoptr (JsonObject) layer = id != NULL ? sht_hub_get_existing (hub, "layer", id, error) : NULL;
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();

  if (layer == NULL || !set_members (layer, name, said, error))
    return FALSE;
  g_ptr_array_add (changed, layer);
  return sht_hub_put_references (hub, changed, error);
}

typedef struct
{
  GHashTable *counts;
} List;

static void
print_layer (const char *id, GHashTable *counts, JsonObject *layer)
{
  g_print ("%-36s %7u  %s", id, GPOINTER_TO_UINT (g_hash_table_lookup (counts, id)),
           sht_json_has (layer, "name") ? sht_json_string (layer, "name") : "");
  if (sht_json_has (layer, "kind"))
    g_print ("  (%s)", sht_json_string (layer, "kind"));
  g_print ("\n");
}

static gboolean
list_layer (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  List *list = data;
  g_autoptr (JsonObject) layer = sht_json_parse_object (doc, -1, NULL);

  print_layer (id, list->counts, layer);
  g_hash_table_remove (list->counts, id);
  return TRUE;
}

/* Each layer with how many places it has, also those of places that came
 * without one */
static gboolean
list_layers (ShtHub *hub, GError **error)
{
  g_autoptr (GHashTable) counts = sht_hub_count_places (hub, error);
  List list = { counts };
  g_autoptr (GList) rest = NULL;

  if (counts == NULL ||
      !hub->store->driver->each_of_type (hub->store, "layer", list_layer, &list, error))
    return FALSE;
  rest = g_list_sort (g_hash_table_get_keys (counts), (GCompareFunc)g_strcmp0);
  for (GList *id = rest; id != NULL; id = id->next)
    print_layer (id->data, counts, NULL);
  return TRUE;
}

static gboolean
remove_layer (ShtHub *hub, const ShtMainPlaces *said, GError **error)
{
  g_autofree char *id = layer_id (said, error);
  ShtHubLayerCount count;

  if (id == NULL || !sht_hub_drop_layer (hub, id, &count, error))
    return FALSE;
  g_print ("layer %s: %u places removed\n", id, count.removed);
  return TRUE;
}

/**
 * sht_main_places_fits:
 *
 * Returns: whether these are words that sht_main_places() takes
 */
gboolean
sht_main_places_fits (int argc, char **argv)
{
  const char *what = argc > 2 ? argv[2] : "";

  return (g_str_equal (what, "import") && argc == 4)
         || (g_strv_contains ((const char *[]){ "style", "list", "remove", NULL }, what) && argc == 3);
}

/**
 * sht_main_places:
 * @name: (nullable): what people call the layer
 * @said: the other options
 *
 * Imports a layer, changes how it is drawn, lists the layers, or removes one.
 */
gboolean
sht_main_places (ShtHub *hub, int argc, char **argv, const char *name, const ShtMainPlaces *said, GError **error)
{
  if (argc == 4)
    return import_layer (hub, argv[3], name, said, error);
  if (g_str_equal (argv[2], "style"))
    return style_layer (hub, name, said, error);
  return g_str_equal (argv[2], "list") ? list_layers (hub, error) : remove_layer (hub, said, error);
}
