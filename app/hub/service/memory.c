/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/json-slice.h"

/* Of tickets that were written last. */
#define MOST_TICKETS 256

typedef struct
{
  char *doc;          /* (owned) */
  JsonObject *ticket; /* (owned): what it says */
} Known;

static void
known_free (gpointer data)
{
  Known *known = data;

  g_free (known->doc);
  json_object_unref (known->ticket);
  g_free (known);
}

/**
 * sht_hub_know_ticket:
 * @ticket: (transfer none): a ticket that is not changed any more
 * @doc: its JSON, as it was written
 *
 * Keeps a ticket for sht_hub_take_ticket(): who works on one comes back to it.
 */
void
sht_hub_know_ticket (ShtHub *hub, JsonObject *ticket, const char *doc)
{
  Known *known = g_new (Known, 1);

  if (hub->tickets == NULL)
    hub->tickets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free);
  if (g_hash_table_size (hub->tickets) >= MOST_TICKETS)
    g_hash_table_remove_all (hub->tickets);
  *known = (Known){ g_strdup (doc), json_object_ref (ticket) };
  g_hash_table_replace (hub->tickets, g_strdup (sht_json_string (ticket, "id")), known);
}

/**
 * sht_hub_take_ticket:
 *
 * As sht_hub_get() for a ticket. One that is known is not parsed anew, if it is in the database just as it was written:
 * other programs write there, and what was written may have been undone.
 *
 * Returns: (transfer full) (nullable): the ticket, which may be changed in place; %NULL when there is none, or with @error set
 */
JsonObject *
sht_hub_take_ticket (ShtHub *hub, const char *id, GError **error)
{
  g_autofree char *doc = NULL;
  Known *known;
  JsonObject *ticket;

  if (!hub->store->driver->get_entity (hub->store, "ticket", id, &doc, error) || doc == NULL)
    return NULL;
  known = hub->tickets != NULL ? g_hash_table_lookup (hub->tickets, id) : NULL;
  if (known == NULL || !g_str_equal (known->doc, doc))
    return sht_json_parse_object (doc, -1, error);
  ticket = json_object_ref (known->ticket);
  g_hash_table_remove (hub->tickets, id);
  return ticket;
}

/**
 * sht_hub_memory_clear:
 *
 * Forgets all: the transaction is over, or something of it was undone.
 */
void
sht_hub_memory_clear (ShtHubMemory *memory)
{
  g_clear_pointer (&memory->services, g_hash_table_unref);
  g_clear_pointer (&memory->history, g_free);
  g_clear_pointer (&memory->actor, g_free);
  g_clear_pointer (&memory->actor_name, g_free);
  memory->town = NULL;
}

/**
 * sht_hub_memory_service:
 *
 * Returns: (transfer full) (nullable): as sht_hub_get(); not to be changed
 */
JsonObject *
sht_hub_memory_service (ShtHub *hub, ShtHubMemory *memory, const char *code, GError **error)
{
  JsonObject *service = memory->services != NULL ? g_hash_table_lookup (memory->services, code) : NULL;

  if (service != NULL)
    return json_object_ref (service);
  service = sht_hub_get (hub, "service", code, error);
  if (service == NULL)
    return NULL;
  if (memory->services == NULL)
    memory->services = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  g_hash_table_insert (memory->services, g_strdup (code), json_object_ref (service));
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
