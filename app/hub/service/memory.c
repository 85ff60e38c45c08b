/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/json-slice.h"

/**
 * sht_hub_memory_clear:
 *
 * Forgets all: the transaction is over, or something of it was undone.
 */
void
sht_hub_memory_clear (ShtHubMemory *memory)
{
  g_clear_pointer (&memory->tickets, g_hash_table_unref);
  g_clear_pointer (&memory->services, g_hash_table_unref);
  g_clear_pointer (&memory->history, g_free);
  g_clear_pointer (&memory->actor, g_free);
  g_clear_pointer (&memory->actor_name, g_free);
  memory->town = NULL;
}

static void
keep (GHashTable **objects, const char *id, JsonObject *object)
{
  if (*objects == NULL)
    *objects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  g_hash_table_replace (*objects, g_strdup (id), json_object_ref (object));
}

static JsonObject *
recall (GHashTable *objects, const char *id)
{
  JsonObject *object = objects != NULL ? g_hash_table_lookup (objects, id) : NULL;

  return object != NULL ? json_object_ref (object) : NULL;
}

/**
 * sht_hub_memory_ticket:
 *
 * Returns: (transfer full) (nullable): as sht_hub_get(). Who changes it has to write it, or to forget it.
 */
JsonObject *
sht_hub_memory_ticket (ShtHub *hub, ShtHubMemory *memory, const char *id, GError **error)
{
  JsonObject *ticket = recall (memory->tickets, id);

  return ticket != NULL ? ticket : sht_hub_get (hub, "ticket", id, error);
}

/** sht_hub_memory_keep_ticket: it was written so */
void
sht_hub_memory_keep_ticket (ShtHubMemory *memory, const char *id, JsonObject *ticket)
{
  keep (&memory->tickets, id, ticket);
}

/** sht_hub_memory_forget_ticket: it was changed, and not written */
void
sht_hub_memory_forget_ticket (ShtHubMemory *memory, const char *id)
{
  if (memory->tickets != NULL)
    g_hash_table_remove (memory->tickets, id);
}

/**
 * sht_hub_memory_service:
 *
 * Returns: (transfer full) (nullable): as sht_hub_get(); not to be changed
 */
JsonObject *
sht_hub_memory_service (ShtHub *hub, ShtHubMemory *memory, const char *code, GError **error)
{
  JsonObject *service = recall (memory->services, code);

  if (service != NULL)
    return service;
  service = sht_hub_get (hub, "service", code, error);
  if (service != NULL)
    keep (&memory->services, code, service);
  return service;
}

/**
 * sht_hub_memory_town:
 * @town: (out) (transfer none): as sht_hub_get_town()
 */
gboolean
sht_hub_memory_town (ShtHub *hub, ShtHubMemory *memory, const ShtTown **town, GError **error)
{
  if (memory->town == NULL && !sht_hub_get_town (hub, &memory->town, error))
    return FALSE;
  *town = memory->town;
  return TRUE;
}

/**
 * sht_hub_memory_common_with:
 * @history: that a tablet has told
 * @through: (out): up to which number it is the hub's own
 */
gboolean
sht_hub_memory_common_with (ShtHub *hub, ShtHubMemory *memory, const char *history, gint64 *through, GError **error)
{
  if (g_strcmp0 (memory->history, history) != 0)
    {
      if (!hub->store->driver->common_with (hub->store, history, &memory->through, error))
        return FALSE;
      g_free (memory->history);
      memory->history = g_strdup (history);
    }
  *through = memory->through;
  return TRUE;
}

/**
 * sht_hub_memory_actor_name:
 * @id: (nullable): a person's id
 *
 * Returns: (transfer none) (nullable): the person's name, until another is asked for
 */
const char *
sht_hub_memory_actor_name (ShtHub *hub, ShtHubMemory *memory, const char *id)
{
  g_autofree char *person = NULL;

  if (id == NULL || g_strcmp0 (memory->actor, id) == 0)
    return id != NULL ? memory->actor_name : NULL;
  hub->store->driver->get_entity (hub->store, "person", id, &person, NULL);
  g_free (memory->actor);
  g_free (memory->actor_name);
  memory->actor = g_strdup (id);
  memory->actor_name = person != NULL ? sht_json_read_member (person, -1, "name") : NULL;
  return memory->actor_name;
}
