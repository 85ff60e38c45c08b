/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers of places, as the office imports them. */
#include "hub/service/hub.h"

#include "platform/sha256.h"

#include <string.h>

#define HASH_CHARS 16

typedef struct
{
  const char *layer;
  GHashTable *places; /* (owned) (element-type utf8 JsonObject): by id */
  GHashTable *counts; /* (owned) (element-type utf8 guint): places by layer */
} Search;

static gboolean
find_places (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  Search *search = data;
  JsonObject *place = sht_json_parse_object (doc, -1, NULL);

  if (place != NULL && g_strcmp0 (sht_json_string (place, "layer"), search->layer) == 0)
    g_hash_table_insert (search->places, g_strdup (id), place);
  else
    g_clear_pointer (&place, json_object_unref);
  return TRUE;
}

static GHashTable *
places_of (ShtHub *hub, const char *layer, GError **error)
{
  g_autoptr (GHashTable) places =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_object_unref);
  Search search = { layer, places, NULL };

  return hub->store->driver->each_of_type (hub->store, "place", find_places, &search, error)
           ? g_steal_pointer (&places)
           : NULL;
}

static gboolean
put (ShtHub *hub, JsonObject *entity, GError **error)
{
  gint64 number;

  return sht_hub_next_number (hub, sht_json_string (entity, "t"), sht_json_string (entity, "id"),
                              NULL, NULL, &number, error) &&
         sht_hub_put_reference (hub, entity, number, NULL, error);
}

/* What people have told of a place stays: reports, and fields that somebody has set right. */
static void
keep_told (JsonObject *now, JsonObject *before)
{
  static const char *const told[] = { "state", "report", "v" };
  JsonObject *versions = sht_json_object (before, "v");
  JsonObjectIter iter;
  const char *field;
  JsonNode *node;

  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    if (json_object_has_member (before, told[i]))
      json_object_set_member (now, told[i],
                              json_node_copy (json_object_get_member (before, told[i])));
  if (versions == NULL)
    return;
  json_object_iter_init (&iter, versions);
  while (json_object_iter_next (&iter, &field, &node))
    if (json_object_has_member (before, field))
      json_object_set_member (now, field, json_node_copy (json_object_get_member (before, field)));
    else
      json_object_remove_member (now, field);
}

static gboolean
take_place (
  ShtHub *hub, const char *line, GHashTable *before, ShtHubLayerCount *count, GError **error)
{
  g_autofree char *hash = sht_sha256_of_bytes (line, strlen (line));
  g_autoptr (JsonObject) place = sht_json_parse_object (line, -1, error);
  JsonObject *known;

  if (place == NULL)
    return FALSE;
  hash[HASH_CHARS] = '\0';
  json_object_set_string_member (place, "imported", hash);
  known = g_hash_table_lookup (before, sht_json_string (place, "id"));
  if (known == NULL)
    {
      count->added++;
      return put (hub, place, error);
    }
  if (g_strcmp0 (sht_json_string (known, "imported"), hash) == 0)
    count->unchanged++;
  else
    {
      count->changed++;
      keep_told (place, known);
      if (!put (hub, place, error))
        return FALSE;
    }
  g_hash_table_remove (before, sht_json_string (place, "id"));
  return TRUE;
}

static gboolean
remove_all (ShtHub *hub, GHashTable *places, ShtHubLayerCount *count, GError **error)
{
  g_autoptr (GList) ids = g_list_sort (g_hash_table_get_keys (places), (GCompareFunc)strcmp);

  for (GList *id = ids; id != NULL; id = id->next)
    {
      if (!sht_hub_remove_reference (hub, "place", id->data, error))
        return FALSE;
      count->removed++;
    }
  return TRUE;
}

/* Tablets need not hear of a layer that is as it was. */
static gboolean
put_layer (ShtHub *hub, JsonObject *layer, GError **error)
{
  g_autofree char *before = NULL, *now = sht_json_to_string (layer);

  if (!hub->store->driver->get_entity (hub->store, "layer", sht_json_string (layer, "id"), &before,
                                       error))
    return FALSE;
  return g_strcmp0 (before, now) == 0 || put (hub, layer, error);
}

static gboolean
take_layer (
  ShtHub *hub, JsonObject *layer, GPtrArray *places, ShtHubLayerCount *count, GError **error)
{
  g_autoptr (GHashTable) before = places_of (hub, sht_json_string (layer, "id"), error);

  if (before == NULL || !put_layer (hub, layer, error))
    return FALSE;
  for (guint i = 0; i < places->len; i++)
    if (!take_place (hub, g_ptr_array_index (places, i), before, count, error))
      return FALSE;
  return remove_all (hub, before, count, error);
}

static gboolean
drop_layer (ShtHub *hub, const char *layer, ShtHubLayerCount *count, GError **error)
{
  g_autoptr (GHashTable) before = places_of (hub, layer, error);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) entity = NULL;

  if (before == NULL)
    return FALSE;
  entity = sht_hub_get (hub, "layer", layer, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (entity == NULL && g_hash_table_size (before) == 0)
    {
      g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND, "there is no layer %s", layer);
      return FALSE;
    }
  return remove_all (hub, before, count, error) &&
         (entity == NULL || sht_hub_remove_reference (hub, "layer", layer, error));
}

static gboolean
finish (ShtHub *hub, gboolean ok, GError **error)
{
  if (ok)
    return hub->store->driver->commit (hub->store, error);
  hub->store->driver->rollback (hub->store);
  return FALSE;
}

/**
 * sht_hub_take_layer:
 * @layer: the layer as it is from now on: what the hub has of it, changed, or a new one
 * @places: (element-type utf8): all its places, each as one line of JSON without revision and
 * versions
 * @count: (out caller-allocates): what was done
 *
 * Puts a layer in the place of what it was: places that are new come, those that are no longer
 * among them go, and what people have reported or set right of the others stays. All of it, or
 * nothing.
 */
gboolean
sht_hub_take_layer (
  ShtHub *hub, JsonObject *layer, GPtrArray *places, ShtHubLayerCount *count, GError **error)
{
  *count = (ShtHubLayerCount){ 0 };
  return hub->store->driver->begin (hub->store, TRUE, error) &&
         finish (hub, take_layer (hub, layer, places, count, error), error);
}

/**
 * sht_hub_drop_layer:
 * @layer: a layer's id
 *
 * Takes a layer away with all its places. Tickets that hang on one of them keep its id.
 *
 * Returns: %FALSE with %SHT_HUB_ERROR_NOT_FOUND when there is none
 */
gboolean
sht_hub_drop_layer (ShtHub *hub, const char *layer, ShtHubLayerCount *count, GError **error)
{
  *count = (ShtHubLayerCount){ 0 };
  return hub->store->driver->begin (hub->store, TRUE, error) &&
         finish (hub, drop_layer (hub, layer, count, error), error);
}

static gboolean
count_place (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  Search *search = data;
  g_autoptr (JsonObject) place = sht_json_parse_object (doc, -1, NULL);
  const char *layer = sht_json_string (place, "layer");

  if (layer != NULL)
    g_hash_table_replace (
      search->counts, g_strdup (layer),
      GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (search->counts, layer)) + 1));
  return TRUE;
}

/**
 * sht_hub_count_places:
 *
 * Returns: (transfer full) (nullable) (element-type utf8 guint): how many places each layer has, by
 * the layer's id
 */
GHashTable *
sht_hub_count_places (ShtHub *hub, GError **error)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Search search = { NULL, NULL, counts };

  return hub->store->driver->each_of_type (hub->store, "place", count_place, &search, error)
           ? g_steal_pointer (&counts)
           : NULL;
}
