/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "core/json.h"
#include "tablet/store/map.h"

static const char *
state_of (const ShtMapPackage *map)
{
  if (map->damaged)
    return "damaged";
  if (map->path != NULL)
    return map->newer ? "newer" : "here";
  return map->wanted ? "coming" : "away";
}

static JsonObject *
view (const ShtMapPackage *map)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", map->id);
  json_object_set_string_member (object, "name", map->name);
  json_object_set_string_member (object, "state", state_of (map));
  json_object_set_int_member (object, "version", map->version);
  if (map->path != NULL)
    json_object_set_int_member (object, "here_version", map->here_version);
  json_object_set_int_member (object, "size", map->size);
  json_object_set_int_member (object, "got", map->got);
  json_object_set_int_member (object, "covers", map->covers);
  json_object_set_int_member (object, "min_zoom", map->min_zoom);
  json_object_set_int_member (object, "max_zoom", map->max_zoom);
  sht_json_set_string (object, "attribution", map->attribution);
  sht_json_set_string (object, "path", map->path);
  return object;
}

static void
print_map (const ShtMapPackage *map)
{
  g_autofree char *size = g_format_size ((guint64) map->size);
  g_autofree char *state = NULL;

  if (map->damaged)
    state = g_strdup ("what came was not what the hub announced: maps get NAME tries again");
  else if (map->path != NULL)
    state = map->newer ? g_strdup_printf ("here, version %" G_GINT64_FORMAT "; the hub has %" G_GINT64_FORMAT, map->here_version,
                                          map->version)
                       : g_strdup ("here");
  else if (map->wanted)
    state = g_strdup_printf ("%" G_GINT64_FORMAT " %% here", map->size > 0 ? map->got * 100 / map->size : 0);
  else
    state = g_strdup ("not here");
  g_print ("%s: %s, covers %" G_GINT64_FORMAT " of your tickets; %s\n", map->name, size, map->covers, state);
}

static int
list (ShtStore *store, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) maps = sht_store_index_all (store, &error) ? sht_store_maps (store, TRUE, &error) : NULL;
  g_autoptr (JsonArray) all = json_array_new ();
  g_autoptr (JsonNode) node = NULL;

  if (maps == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  for (guint i = 0; i < maps->len; i++)
    if (options->json)
      json_array_add_object_element (all, view (g_ptr_array_index (maps, i)));
    else
      print_map (g_ptr_array_index (maps, i));
  node = json_node_init_array (json_node_alloc (), all);
  if (options->json)
    sht_ctl_print (node);
  return 0;
}

/* The engine of whoever syncs this store brings it. */
static int
get (ShtStore *store, const char *id, ShtCtlOptions *options)
{
  static char *words[] = { (char *) "shetachctl", (char *) "sync", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtMapPackage) map = NULL;
  int rc;

  if (!sht_store_want_map (store, id, TRUE, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  rc = sht_ctl_sync (store, 2, words, options);
  map = sht_store_find_map (store, id, &error);
  if (map == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  if (map->path != NULL && !map->newer)
    return rc;
  g_printerr ("shetachctl: %s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes are here%s\n", map->name, map->got, map->size,
              map->damaged ? "; what came was not what the hub announced" : "; the rest comes with the next sync");
  return 1;
}

int
sht_ctl_maps (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtMapPackage) map = NULL;
  gboolean wants = argc == 4 && g_str_equal (argv[2], "get");

  if (argc == 2)
    return list (store, options);
  if (!wants && !(argc == 4 && g_str_equal (argv[2], "remove")))
    return sht_ctl_usage ("maps, maps get NAME, or maps remove NAME");
  map = sht_store_find_map (store, argv[3], &error);
  if (map == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  if (wants)
    return get (store, map->id, options);
  return sht_store_want_map (store, map->id, FALSE, &error) ? 0 : sht_ctl_fail (g_steal_pointer (&error));
}
