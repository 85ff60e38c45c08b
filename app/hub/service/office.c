/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/view.h"
#include "platform/durable.h"

#include <string.h>

/* The command line's own "device" in the log. */
#define OFFICE_DEVICE "office"

static gboolean
take_id (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  g_ptr_array_add (data, g_strdup (id));
  return TRUE;
}

/**
 * sht_hub_find_ticket:
 * @text: a UUID, a number, or the beginning of a UUID
 *
 * Returns: (transfer full) (nullable): the ticket's UUID; %NULL with %SHT_HUB_ERROR_NOT_FOUND or
 *   %SHT_HUB_ERROR_AMBIGUOUS
 */
char *
sht_hub_find_ticket (ShtHub *hub, const char *text, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  if (!hub->store->driver->find_tickets (hub->store, text, 2, take_id, ids, error))
    return NULL;
  if (ids->len == 1)
    return g_strdup (g_ptr_array_index (ids, 0));
  g_set_error (error, SHT_HUB_ERROR, ids->len == 0 ? SHT_HUB_ERROR_NOT_FOUND : SHT_HUB_ERROR_AMBIGUOUS,
               ids->len == 0 ? "there is no ticket %s" : "several tickets begin with %s", text);
  return NULL;
}

static gboolean
apply_as_office (ShtHub *hub, const ShtOperation *op, GError **error)
{
  static const ShtHubDevice office = { .id = (char *) OFFICE_DEVICE, .role = (char *) "administrator" };
  g_auto (ShtHubMemory) memory = { 0 };
  g_auto (ShtHubApplied) applied = { 0 };
  g_autofree char *bytes = sht_operation_to_bytes (op);
  g_autofree char *hash = sht_sha256_of_bytes (bytes, strlen (bytes));
  g_autoptr (JsonObject) result = NULL;

  if (!hub->store->driver->begin (hub->store, TRUE, error))
    return FALSE;
  if (!sht_hub_apply (hub, &office, op, hash, 0, NULL, &memory, &applied, error))
    {
      hub->store->driver->rollback (hub->store);
      return FALSE;
    }
  if (applied.result == SHT_RESULT_REJECTED)
    {
      hub->store->driver->rollback (hub->store);
      result = sht_json_parse_object (applied.json, -1, NULL);
      g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN, "%s", sht_json_string (result, "reason"));
      return FALSE;
    }
  return hub->store->driver->commit (hub->store, error);
}

/**
 * sht_hub_assign:
 * @ticket: a ticket's UUID
 * @crew: a crew's code
 *
 * Gives a ticket to a crew, as a supervisor's operation would.
 */
gboolean
sht_hub_assign (ShtHub *hub, const char *ticket, const char *crew, GError **error)
{
  gint64 now = sht_hub_now (hub);
  g_autofree char *id = sht_id_new (now, hub->world.random, hub->world.data);
  g_autoptr (ShtOperation) op = sht_operation_new (SHT_KIND_TICKET_ASSIGN, id, ticket, now);
  g_autoptr (JsonObject) doc = sht_hub_get_existing (hub, "ticket", ticket, error);

  if (doc == NULL)
    return FALSE;
  op->base = json_object_new ();
  json_object_set_int_member (op->base, "crew", sht_entity_version (doc, "crew"));
  json_object_set_string_member (op->fields, "crew", crew);
  return apply_as_office (hub, op, error);
}

typedef struct
{
  JsonArray *photos;
  JsonArray *voices;
  GPtrArray *events; /* (element-type JsonObject) */
} Children;

static gboolean
take_child (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  Children *children = data;
  g_autoptr (JsonObject) object = sht_json_parse_object (doc, -1, NULL);

  if (object == NULL)
    return TRUE;
  if (g_str_equal (type, "photo"))
    json_array_add_object_element (children->photos,
                                   sht_view_photo (object, sht_json_bool (object, "have") ? "confirmed" : "sent"));
  else if (g_str_equal (type, "voice"))
    json_array_add_object_element (children->voices,
                                   sht_view_voice (object, sht_json_bool (object, "have") ? "confirmed" : "sent"));
  else
    g_ptr_array_add (children->events, g_steal_pointer (&object));
  return TRUE;
}

/* What is shown is rounded to the second, which two tablets at one ticket may share. */
static int
by_time (gconstpointer a, gconstpointer b)
{
  gint64 at_a = sht_json_int (*(JsonObject **) a, "at", 0);
  gint64 at_b = sht_json_int (*(JsonObject **) b, "at", 0);

  return at_a < at_b ? -1 : at_a > at_b;
}

static JsonArray *
view_events (GPtrArray *events)
{
  JsonArray *views = json_array_sized_new (events->len);

  g_ptr_array_sort (events, by_time);
  for (guint i = 0; i < events->len; i++)
    json_array_add_object_element (views, sht_view_event (g_ptr_array_index (events, i)));
  return views;
}

/**
 * sht_hub_ticket_view:
 * @ticket: a ticket's UUID
 *
 * Returns: (transfer full) (nullable): its state, photos, voice notes, and events in the order in which they
 *   happened; %NULL with an error
 */
JsonObject *
sht_hub_ticket_view (ShtHub *hub, const char *ticket, GError **error)
{
  g_autoptr (JsonObject) doc = sht_hub_get_existing (hub, "ticket", ticket, error);
  g_autoptr (JsonArray) photos = json_array_new ();
  g_autoptr (JsonArray) voices = json_array_new ();
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  Children children = { photos, voices, events };
  JsonObject *view;

  if (doc == NULL || !hub->store->driver->each_child (hub->store, ticket, 0, take_child, &children, error))
    return NULL;
  view = sht_view_ticket (doc);
  json_object_set_array_member (view, "photos", g_steal_pointer (&photos));
  json_object_set_array_member (view, "voices", g_steal_pointer (&voices));
  json_object_set_array_member (view, "events", view_events (events));
  return view;
}

static gboolean
view_crew (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  g_autoptr (JsonObject) crew = sht_json_parse_object (doc, -1, NULL);

  if (crew != NULL)
    json_array_add_object_element (data, sht_view_crew (crew));
  return TRUE;
}

/**
 * sht_hub_crews_view:
 *
 * Returns: (transfer full) (nullable): all crews; %NULL with an error
 */
JsonArray *
sht_hub_crews_view (ShtHub *hub, GError **error)
{
  JsonArray *crews = json_array_new ();

  if (hub->store->driver->each_of_type (hub->store, "crew", view_crew, crews, error))
    return crews;
  json_array_unref (crews);
  return NULL;
}
