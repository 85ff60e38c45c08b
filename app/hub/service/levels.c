/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/status.h"

#include <string.h>

#define TICKETS_A_TRANSACTION 500

static gboolean
put (ShtHub *hub, JsonObject *entity, const ShtHubStood *stood, GError **error)
{
  gint64 number;

  if (!sht_hub_next_number (hub, sht_json_string (entity, "t"), sht_json_string (entity, "id"), NULL, NULL, &number, error))
    return FALSE;
  return stood != NULL ? sht_hub_put_ticket (hub, entity, stood, number, NULL, error)
                       : sht_hub_put_reference (hub, entity, number, NULL, error);
}

static gboolean
put_all (ShtHub *hub, GPtrArray *entities, GError **error)
{
  const ShtHubStoreDriver *driver = hub->store->driver;

  if (!driver->begin (hub->store, TRUE, error))
    return FALSE;
  for (guint i = 0; i < entities->len; i++)
    if (!put (hub, g_ptr_array_index (entities, i), NULL, error))
      {
        driver->rollback (hub->store);
        sht_hub_forget_town (hub);
        return FALSE;
      }
  return driver->commit (hub->store, error);
}

/**
 * sht_hub_put_references:
 * @entities: (element-type JsonObject): services, departments or calendars as they are from now on
 *
 * Writes what the office has changed; all of it, or nothing. Tablets get it with their next pull.
 */
gboolean
sht_hub_put_references (ShtHub *hub, GPtrArray *entities, GError **error)
{
  return put_all (hub, entities, error);
}

typedef struct
{
  ShtHub *hub;
  const ShtTown *town;
  const char *calendar;
  GPtrArray *ids; /* (element-type utf8): of tickets that may be concerned */
} Search;

static gboolean
concerns (JsonArray *owed, const char *calendar)
{
  for (guint i = 0; owed != NULL && i < json_array_get_length (owed); i++)
    {
      JsonObject *one = sht_json_element (owed, i);
      const char *by = sht_json_string (one, "calendar");

      if (sht_json_has (one, "amount") && g_strcmp0 (by != NULL ? by : SHT_TOWN_CALENDAR, calendar) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
find_concerned (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  Search *search = data;
  g_autoptr (JsonObject) ticket = sht_json_parse_object (doc, -1, NULL);
  ShtStatus status = SHT_STATUS_CLOSED;

  sht_status_parse (sht_json_string (ticket, "status"), &status);
  if (sht_status_is_open (status)
      && (concerns (sht_json_array (ticket, "sla"), search->calendar) || concerns (sht_json_array (ticket, "legs"), search->calendar)))
    g_ptr_array_add (search->ids, g_strdup (id));
  return TRUE;
}

/* Inside a writing transaction, for a tablet may have changed the ticket since it was found. */
static gboolean
settle_one (Search *search, const char *id, guint *changed, GError **error)
{
  g_autoptr (JsonObject) ticket = sht_hub_get_existing (search->hub, "ticket", id, error);
  g_auto (ShtHubStood) stood = { 0 };
  g_autofree char *before = NULL, *after = NULL;

  if (ticket == NULL)
    return FALSE;
  sht_hub_note_stood (ticket, &stood);
  before = sht_json_to_string (ticket);
  sht_clock_settle (ticket, search->town);
  after = sht_json_to_string (ticket);
  if (g_str_equal (before, after))
    return TRUE;
  ++*changed;
  return put (search->hub, ticket, &stood, error);
}

static gboolean
settle_some (Search *search, guint from, guint to, guint *changed, GError **error)
{
  const ShtHubStoreDriver *driver = search->hub->store->driver;

  if (!driver->begin (search->hub->store, TRUE, error))
    return FALSE;
  if (!sht_hub_get_town (search->hub, &search->town, error))
    {
      driver->rollback (search->hub->store);
      return FALSE;
    }
  for (guint i = from; i < to; i++)
    if (!settle_one (search, g_ptr_array_index (search->ids, i), changed, error))
      {
        driver->rollback (search->hub->store);
        return FALSE;
      }
  return driver->commit (search->hub->store, error);
}

/**
 * sht_hub_settle_calendar:
 * @calendar: a calendar that has changed
 * @changed: (out): how many tickets fall due at another time now
 *
 * Open tickets that run by a calendar fall due anew: a day on which everybody is sent home puts them off. What is closed has
 * been judged.
 */
gboolean
sht_hub_settle_calendar (ShtHub *hub, const char *calendar, guint *changed, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  Search search = { .hub = hub, .calendar = calendar, .ids = ids };

  *changed = 0;
  if (!hub->store->driver->each_of_type (hub->store, "ticket", find_concerned, &search, error))
    return FALSE;
  for (guint from = 0; from < ids->len; from += TICKETS_A_TRANSACTION)
    if (!settle_some (&search, from, MIN (ids->len, from + TICKETS_A_TRANSACTION), changed, error))
      return FALSE;
  return TRUE;
}

/* A service of the first release: `target` {milestone: {amount, unit}}. */
static JsonObject *
renew (const char *doc)
{
  g_autoptr (JsonObject) service = sht_json_parse_object (doc, -1, NULL);
  JsonObject *before = sht_json_object (service, "target");
  JsonArray *targets;
  JsonObjectIter iter;
  const char *milestone;
  JsonNode *node;

  if (before == NULL || sht_json_has (service, "targets"))
    return NULL;
  targets = json_array_new ();
  json_object_iter_init_ordered (&iter, before);
  while (json_object_iter_next_ordered (&iter, &milestone, &node))
    if (JSON_NODE_HOLDS_OBJECT (node))
      {
        JsonObject *row = json_object_new ();

        json_object_set_string_member (row, "milestone", milestone);
        json_object_set_int_member (row, "amount", sht_json_int (json_node_get_object (node), "amount", 0));
        sht_json_set_string (row, "unit", sht_json_string (json_node_get_object (node), "unit"));
        json_array_add_object_element (targets, row);
      }
  json_object_set_array_member (service, "targets", targets);
  json_object_remove_member (service, "target");
  return g_steal_pointer (&service);
}

static gboolean
collect_old (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  JsonObject *renewed = strstr (doc, "\"target\":") != NULL ? renew (doc) : NULL;

  if (renewed != NULL)
    g_ptr_array_add (data, renewed);
  return TRUE;
}

/**
 * sht_hub_renew_targets:
 *
 * What services promise, as the first release had it, is written as it is now; tablets get it with their next pull.
 */
gboolean
sht_hub_renew_targets (ShtHub *hub, GError **error)
{
  g_autoptr (GPtrArray) old = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  return hub->store->driver->each_of_type (hub->store, "service", collect_old, old, error)
         && (old->len == 0 || sht_hub_put_references (hub, old, error));
}
