/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/form.h"
#include "platform/durable.h"

#include <stdio.h>
#include <string.h>

#define ROWS_A_TRANSACTION 5000
#define HASH_CHARS 16

struct _ShtHubSeeder
{
  ShtHub *hub;
  ShtHubSeedCount count;
  guint in_transaction;
  char *ticket;         /* (owned) (nullable): the ticket written last … */
  gint64 ticket_number; /* … and its log number, which its events and photos share */
  gboolean ticket_is_new;
  char *used_of;        /* (owned) (nullable): the ticket of whose steps … */
  GHashTable *used;     /* (owned) (element-type utf8): … these are what some row has brought */
};

/**
 * sht_hub_seeder_new:
 *
 * Starts to take in entities from a sample or an import.
 *
 * Returns: (transfer full): a seeder
 */
ShtHubSeeder *
sht_hub_seeder_new (ShtHub *hub)
{
  ShtHubSeeder *seeder = g_new0 (ShtHubSeeder, 1);

  seeder->hub = hub;
  seeder->used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return seeder;
}

void
sht_hub_seeder_free (ShtHubSeeder *seeder)
{
  if (seeder->in_transaction > 0)
    seeder->hub->store->driver->rollback (seeder->hub->store);
  g_hash_table_unref (seeder->used);
  g_free (seeder->used_of);
  g_free (seeder->ticket);
  g_free (seeder);
}

static gboolean
flush (ShtHubSeeder *seeder, GError **error)
{
  if (seeder->in_transaction == 0)
    return TRUE;
  seeder->in_transaction = 0;
  return seeder->hub->store->driver->commit (seeder->hub->store, error);
}

/* Numbers that came from outside must not be given again to what is reported here. */
static gboolean
keep_series (ShtHubSeeder *seeder, JsonObject *ticket, GError **error)
{
  const char *number = sht_json_string (ticket, "number");
  g_autofree char *series = NULL;
  int year, n;

  if (number == NULL || sscanf (number, "106-%d-%d", &year, &n) != 2)
    return TRUE;
  series = g_strdup_printf ("106-%d", year);
  return seeder->hub->store->driver->raise_series (seeder->hub->store, series, n, error);
}

static gboolean
next_number (ShtHubSeeder *seeder, JsonObject *entity, gint64 *number, GError **error)
{
  return sht_hub_next_number (seeder->hub, sht_json_string (entity, "t"), sht_json_string (entity, "id"), NULL,
                              NULL, number, error);
}

static gboolean
put (ShtHubSeeder *seeder, JsonObject *entity, const ShtHubStood *stood, GError **error)
{
  gint64 number;

  if (!next_number (seeder, entity, &number, error))
    return FALSE;
  if (!g_str_equal (sht_json_string (entity, "t"), "ticket"))
    return sht_hub_put_reference (seeder->hub, entity, number, NULL, error);
  g_free (seeder->ticket);
  seeder->ticket = g_strdup (sht_json_string (entity, "id"));
  seeder->ticket_number = number;
  seeder->ticket_is_new = stood->scopes == NULL;
  return keep_series (seeder, entity, error) && sht_hub_put_ticket (seeder->hub, entity, stood, number, NULL, error);
}

/* When it was closed goes with its status. */
static gboolean
was_changed_here (JsonObject *now, const char *name)
{
  return sht_entity_version (now, g_str_equal (name, "closed_at") ? "status" : name) > 0;
}

/* A source that has changed since its last import brings its changes, but for fields that people have
 * changed here meanwhile; each answer is one. */
static gboolean
update (ShtHubSeeder *seeder, JsonObject *now, JsonObject *incoming, GError **error)
{
  g_auto (ShtHubStood) stood = { 0 };
  g_autoptr (JsonObject) fields = sht_fields_flat (incoming);
  gint64 updated_at = MAX (sht_json_int (now, "updated_at", 0), sht_json_int (incoming, "updated_at", 0));
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  sht_hub_note_stood (now, &stood);
  /* opened again at its source */
  if (!was_changed_here (now, "closed_at"))
    sht_fields_set (now, "closed_at", NULL);
  json_object_iter_init_ordered (&iter, fields);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (!was_changed_here (now, name))
      sht_fields_set (now, name, json_node_copy (node));
  if (updated_at > 0)
    json_object_set_int_member (now, "updated_at", updated_at);
  seeder->count.changed++;
  return put (seeder, now, &stood, error);
}

static gboolean
add_top (ShtHubSeeder *seeder, JsonObject *entity, const char *json, GError **error)
{
  static const ShtHubStood was_not = { 0 };
  g_autofree char *hash = sht_sha256_of_bytes (json, strlen (json));
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) now = sht_hub_get (seeder->hub, sht_json_string (entity, "t"),
                                            sht_json_string (entity, "id"), &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  hash[HASH_CHARS] = '\0';
  if (g_strcmp0 (sht_json_string (now, "imported"), hash) == 0)
    {
      seeder->count.unchanged++;
      return TRUE;
    }
  json_object_set_string_member (entity, "imported", hash);
  if (now != NULL)
    return update (seeder, now, entity, error);
  seeder->count.added++;
  return put (seeder, entity, &was_not, error);
}

typedef struct
{
  JsonObject *wanted;
  GHashTable *used;
  char *found; /* (owned) (nullable): its id */
} Same;

/* Each row of a journey is a step of its own, also where two say the same. */
static void
note_used (ShtHubSeeder *seeder, const char *ticket, const char *id)
{
  if (g_strcmp0 (seeder->used_of, ticket) != 0)
    {
      g_hash_table_remove_all (seeder->used);
      g_free (seeder->used_of);
      seeder->used_of = g_strdup (ticket);
    }
  if (id != NULL)
    g_hash_table_add (seeder->used, g_strdup (id));
}

static gboolean
is_same (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  Same *same = data;
  g_autoptr (JsonObject) child = g_str_equal (type, "event") ? sht_json_parse_object (doc, -1, NULL) : NULL;
  JsonObject *there = sht_json_object (child, "data"), *wanted = sht_json_object (same->wanted, "data");

  if (there != NULL && wanted != NULL && json_object_equal (there, wanted)
      && sht_json_int (child, "at", 0) == sht_json_int (same->wanted, "at", 0)
      && g_strcmp0 (sht_json_string (child, "kind"), sht_json_string (same->wanted, "kind")) == 0
      && !g_hash_table_contains (same->used, id))
    same->found = g_strdup (id);
  return same->found == NULL;
}

/* Older versions called the steps of a journey otherwise: what they brought is known by what it says. */
static gboolean
was_brought_before (ShtHubSeeder *seeder, JsonObject *entity, gboolean *was, GError **error)
{
  const char *ticket = sht_json_string (entity, "ticket");
  Same same = { entity, seeder->used, NULL };
  g_autofree char *found = NULL;
  gboolean ok = TRUE;

  if (g_str_equal (sht_json_string (entity, "t"), "event") && ticket != NULL
      && !(seeder->ticket_is_new && g_strcmp0 (seeder->ticket, ticket) == 0))
    ok = seeder->hub->store->driver->each_child (seeder->hub->store, ticket, 0, is_same, &same, error);
  found = same.found;
  *was = found != NULL;
  if (found != NULL)
    note_used (seeder, ticket, found);
  return ok;
}

static gboolean
add_child (ShtHubSeeder *seeder, JsonObject *entity, GError **error)
{
  const char *type = sht_json_string (entity, "t");
  const char *ticket = sht_json_string (entity, "ticket");
  g_autofree char *before = NULL;
  gint64 number = seeder->ticket_number;
  gboolean is_there;

  if (!seeder->hub->store->driver->get_entity (seeder->hub->store, type, sht_json_string (entity, "id"), &before,
                                               error))
    return FALSE;
  is_there = before != NULL;
  note_used (seeder, ticket, NULL);
  if (!is_there && !was_brought_before (seeder, entity, &is_there, error))
    return FALSE;
  note_used (seeder, ticket, sht_json_string (entity, "id"));
  if (is_there)
    {
      seeder->count.unchanged++;
      return TRUE;
    }
  seeder->count.added++;
  if (g_strcmp0 (seeder->ticket, ticket) == 0)
    return sht_hub_add_child (seeder->hub, entity, number, NULL, error);
  return next_number (seeder, entity, &number, error) && sht_hub_add_child (seeder->hub, entity, number, NULL, error)
         && (ticket == NULL || sht_hub_touch_parent (seeder->hub, ticket, number, error));
}

/**
 * sht_hub_seeder_add:
 * @data: the seeder; the signature is that of an entity sink
 * @json: one entity, without revision and versions
 *
 * Takes in one entity. What is there already, unchanged since it was last taken in, is left alone.
 */
gboolean
sht_hub_seeder_add (gpointer data, const char *json, GError **error)
{
  ShtHubSeeder *seeder = data;
  g_autoptr (JsonObject) entity = sht_json_parse_object (json, -1, error);
  const char *type = sht_json_string (entity, "t");
  gboolean is_child;

  if (entity == NULL)
    return FALSE;
  if (type == NULL || sht_json_string (entity, "id") == NULL)
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST, "an entity needs its t and id");
      return FALSE;
    }
  is_child = g_str_equal (type, "event") || g_str_equal (type, "photo");
  /* Never between a ticket and what hangs on it: they share a log number, and travel together. */
  if (!is_child && seeder->in_transaction >= ROWS_A_TRANSACTION && !flush (seeder, error))
    return FALSE;
  if (seeder->in_transaction == 0 && !seeder->hub->store->driver->begin (seeder->hub->store, TRUE, error))
    return FALSE;
  seeder->in_transaction++;
  return is_child ? add_child (seeder, entity, error) : add_top (seeder, entity, json, error);
}

/**
 * sht_hub_seeder_finish:
 * @count: (out): what was done
 */
gboolean
sht_hub_seeder_finish (ShtHubSeeder *seeder, ShtHubSeedCount *count, GError **error)
{
  *count = seeder->count;
  return flush (seeder, error);
}
