/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/json-guard.h"
#include "core/json-slice.h"
#include "core/protocol.h"
#include "core/ticket.h"

#include <string.h>

/**
 * sht_hub_next_number:
 * @op: (nullable): the operation that causes it
 * @device: (nullable): whose
 * @number: (out): the log number
 *
 * Appends to the log. To be called inside a writing transaction, which makes number order commit order.
 */
gboolean
sht_hub_next_number (ShtHub *hub, const char *type, const char *id, const char *op, const char *device,
                     gint64 *number, GError **error)
{
  guint64 nonce;

  hub->world.random (hub->world.data, (guint8 *) &nonce, sizeof nonce);
  return hub->store->driver->append_log (hub->store, (gint64) (nonce >> 2), type, id, op, device,
                                         sht_hub_now (hub), number, error);
}

/**
 * sht_hub_get:
 *
 * Returns: (transfer full) (nullable): the entity; %NULL when there is none, or with @error set
 */
JsonObject *
sht_hub_get (ShtHub *hub, const char *type, const char *id, GError **error)
{
  g_autofree char *doc = NULL;

  if (!hub->store->driver->get_entity (hub->store, type, id, &doc, error) || doc == NULL)
    return NULL;
  return sht_json_parse_object (doc, -1, error);
}

/**
 * sht_hub_get_existing:
 *
 * Returns: (transfer full) (nullable): the entity; %NULL with %SHT_HUB_ERROR_NOT_FOUND or another error
 */
JsonObject *
sht_hub_get_existing (ShtHub *hub, const char *type, const char *id, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  JsonObject *object = sht_hub_get (hub, type, id, &local_error);

  if (object == NULL && local_error == NULL)
    g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND, "there is no %s %s", type, id != NULL ? id : "");
  else if (object == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return object;
}

/**
 * sht_hub_is_member:
 * @now: (out): whether the entity is in the scope
 * @ever: (out): whether it is or was
 */
gboolean
sht_hub_is_member (ShtHub *hub, const char *scope, const char *type, const char *id, gboolean *now,
                   gboolean *ever, GError **error)
{
  ShtHubMember member = { .scope = scope, .type = type, .id = id };

  if (!hub->store->driver->get_member (hub->store, &member, ever, error))
    return FALSE;
  *now = *ever && member.present;
  return TRUE;
}

/* An entity that has changed moves to the new number in a scope that holds it, comes in when it was
 * not there, or leaves. */
static gboolean
set_member (ShtHub *hub, const char *scope, const char *type, const char *id, gint64 number,
            gboolean present, GError **error)
{
  ShtHubMember member = { .scope = scope, .type = type, .id = id };
  gboolean found;

  if (!hub->store->driver->get_member (hub->store, &member, &found, error))
    return FALSE;
  if (!present && (!found || !member.present))
    return TRUE;
  if (!found)
    member.first_entered = number;
  if (present && (!found || !member.present))
    member.entered = number;
  member.number = number;
  member.present = present;
  return hub->store->driver->put_member (hub->store, &member, error);
}

/* Which scopes hold a ticket whole: its crew's, its department's, and the crew's that reported it, as
 * long as it is open. */
static GStrv
scopes_of (const char *crew, const char *reporter, const char *department, const char *status_name)
{
  char *scopes[4] = { NULL };
  guint n = 0;
  ShtStatus status = SHT_STATUS_NEW;

  sht_status_parse (status_name, &status);
  if (crew != NULL)
    scopes[n++] = g_strconcat (SHT_SCOPE_CREW, crew, NULL);
  if (reporter != NULL && g_strcmp0 (reporter, crew) != 0 && sht_status_is_open (status))
    scopes[n++] = g_strconcat (SHT_SCOPE_CREW, reporter, NULL);
  if (department != NULL)
    scopes[n++] = g_strconcat (SHT_SCOPE_DEPARTMENT, department, NULL);
  return g_memdup2 (scopes, sizeof scopes);
}

/* An obstacle is told to the crew that raised it and to the two departments that it lies between. */
static GStrv
scopes_of_obstacle (JsonObject *obstacle)
{
  const char *crew = sht_json_string (obstacle, "crew"), *from = sht_json_string (obstacle, "from");
  const char *other = sht_json_string (obstacle, "department");
  char *scopes[4] = { NULL };
  guint n = 0;

  if (crew != NULL)
    scopes[n++] = g_strconcat (SHT_SCOPE_CREW, crew, NULL);
  if (from != NULL)
    scopes[n++] = g_strconcat (SHT_SCOPE_DEPARTMENT, from, NULL);
  if (other != NULL && g_strcmp0 (other, from) != 0)
    scopes[n++] = g_strconcat (SHT_SCOPE_DEPARTMENT, other, NULL);
  return g_memdup2 (scopes, sizeof scopes);
}

static GStrv
scopes_of_ticket (JsonObject *ticket)
{
  return scopes_of (sht_json_string (ticket, "crew"), sht_json_string (ticket, "reporter_crew"),
                    sht_json_string (ticket, "department"), sht_json_string (ticket, "status"));
}

/* By the bytes of a ticket that is being replaced, which nobody needs as a whole any more. */
static GStrv
scopes_of_doc (const char *doc, GError **error)
{
  static const ShtJsonName names[] = { SHT_JSON_NAME ("crew"), SHT_JSON_NAME ("reporter_crew"), SHT_JSON_NAME ("department"),
                                       SHT_JSON_NAME ("status") };
  ShtJsonSlice values[G_N_ELEMENTS (names)];
  g_autofree char *crew = NULL;
  g_autofree char *reporter = NULL;
  g_autofree char *department = NULL;
  g_autofree char *status = NULL;

  if (!sht_json_guard_members (doc, strlen (doc), SHT_JSON_MAX_DEPTH, names, G_N_ELEMENTS (names), values, error))
    return NULL;
  crew = sht_json_slice_string (values[0]);
  reporter = sht_json_slice_string (values[1]);
  department = sht_json_slice_string (values[2]);
  status = sht_json_slice_string (values[3]);
  return scopes_of (crew, reporter, department, status);
}

static gboolean
enter_scopes (ShtHub *hub, char **scopes, const char *type, const char *id, gint64 number, GError **error)
{
  for (guint i = 0; scopes[i] != NULL; i++)
    if (!set_member (hub, scopes[i], type, id, number, TRUE, error))
      return FALSE;
  return TRUE;
}

static gboolean
put_stub (ShtHub *hub, JsonObject *ticket, gint64 number, GError **error)
{
  const char *id = sht_json_string (ticket, "id");
  g_autofree char *now = sht_ticket_stub (ticket);
  g_autofree char *before = NULL;

  if (!hub->store->driver->get_entity (hub->store, "stub", id, &before, error))
    return FALSE;
  if (now == NULL)
    return before == NULL
           || (hub->store->driver->remove_entity (hub->store, "stub", id, error)
               && set_member (hub, SHT_SCOPE_TOWN, "stub", id, number, FALSE, error));
  if (g_strcmp0 (before, now) == 0)
    return TRUE;
  return hub->store->driver->put_entity (hub->store, "stub", id, NULL, number, now, error)
         && set_member (hub, SHT_SCOPE_TOWN, "stub", id, number, TRUE, error);
}

static gboolean
leave_old_scopes (ShtHub *hub, const char *id, const char *before, const char *const *now, gint64 number,
                  GError **error)
{
  g_auto (GStrv) scopes = scopes_of_doc (before, error);

  if (scopes == NULL)
    return FALSE;
  for (guint i = 0; scopes[i] != NULL; i++)
    if (!g_strv_contains (now, scopes[i])
        && !set_member (hub, scopes[i], "ticket", id, number, FALSE, error))
      return FALSE;
  return TRUE;
}

/* To who sent the work it is told in the very bytes that are stored. */
static void
tell_line (GPtrArray *lines, char **doc)
{
  if (lines != NULL)
    g_ptr_array_add (lines, g_steal_pointer (doc));
}

/**
 * sht_hub_put_ticket:
 * @ticket: the ticket as it is from now on; its `rev` is set here
 * @number: its log number
 * @lines: (nullable) (element-type utf8): where the line that was written is added
 *
 * Writes a ticket, its stub, and which scopes it enters, stays in or leaves, inside the caller's
 * transaction.
 */
gboolean
sht_hub_put_ticket (ShtHub *hub, JsonObject *ticket, gint64 number, GPtrArray *lines, GError **error)
{
  const char *id = sht_json_string (ticket, "id");
  g_auto (GStrv) scopes = scopes_of_ticket (ticket);
  g_autofree char *before = NULL;
  g_autofree char *doc = NULL;

  json_object_set_int_member (ticket, "rev", number);
  doc = sht_json_to_string (ticket);
  if (!hub->store->driver->get_entity (hub->store, "ticket", id, &before, error)
      || !hub->store->driver->put_entity (hub->store, "ticket", id, NULL, number, doc, error)
      || !put_stub (hub, ticket, number, error))
    return FALSE;
  tell_line (lines, &doc);
  if (!enter_scopes (hub, scopes, "ticket", id, number, error))
    return FALSE;
  return before == NULL
         || leave_old_scopes (hub, id, before, (const char *const *) scopes, number, error);
}

/**
 * sht_hub_leave_scopes:
 *
 * Takes a ticket off all tablets, inside the caller's transaction; the hub keeps it.
 */
gboolean
sht_hub_leave_scopes (ShtHub *hub, const char *id, GError **error)
{
  static const char *const none[] = { NULL };
  g_autofree char *doc = NULL;
  gint64 number;

  return hub->store->driver->get_entity (hub->store, "ticket", id, &doc, error)
         && (doc == NULL
             || (sht_hub_next_number (hub, "ticket", id, NULL, NULL, &number, error)
                 && leave_old_scopes (hub, id, doc, none, number, error)));
}

/**
 * sht_hub_put_obstacle:
 * @lines: as in sht_hub_put_ticket()
 *
 * Writes an obstacle. Between whom it lies never changes, so that it leaves no scope.
 */
gboolean
sht_hub_put_obstacle (ShtHub *hub, JsonObject *obstacle, gint64 number, GPtrArray *lines, GError **error)
{
  const char *id = sht_json_string (obstacle, "id");
  g_auto (GStrv) scopes = scopes_of_obstacle (obstacle);
  g_autofree char *doc = NULL;

  json_object_set_int_member (obstacle, "rev", number);
  doc = sht_json_to_string (obstacle);
  if (!hub->store->driver->put_entity (hub->store, "obstacle", id, NULL, number, doc, error))
    return FALSE;
  tell_line (lines, &doc);
  return enter_scopes (hub, scopes, "obstacle", id, number, error);
}

/**
 * sht_hub_has_children:
 *
 * Returns: whether events and photos hang on entities of this type, and travel with them
 */
gboolean
sht_hub_has_children (const char *type)
{
  return g_str_equal (type, "ticket") || g_str_equal (type, "obstacle");
}

/**
 * sht_hub_put_child:
 * @child: an event or photo of a ticket or an obstacle, or an event of a place
 * @lines: as in sht_hub_put_ticket()
 *
 * Writes something that hangs on a ticket. The ticket has to be written, or touched, with the same
 * number, so that it travels.
 */
gboolean
sht_hub_put_child (ShtHub *hub, JsonObject *child, gint64 number, GPtrArray *lines, GError **error)
{
  g_autofree char *doc = NULL;
  const char *parent = sht_json_string (child, "ticket");

  if (parent == NULL)
    parent = sht_json_string (child, "place");
  json_object_set_int_member (child, "rev", number);
  doc = sht_json_to_string (child);
  if (!hub->store->driver->put_entity (hub->store, sht_json_string (child, "t"), sht_json_string (child, "id"), parent,
                                       number, doc, error))
    return FALSE;
  tell_line (lines, &doc);
  return TRUE;
}

/**
 * sht_hub_put_event:
 * @lines: as in sht_hub_put_ticket()
 *
 * Writes a step that was just made, as sht_hub_put_child() does.
 */
gboolean
sht_hub_put_event (ShtHub *hub, const ShtEvent *event, gint64 number, GPtrArray *lines, GError **error)
{
  g_autofree char *doc = sht_event_to_string (event, number);

  if (!hub->store->driver->put_entity (hub->store, "event", event->id, event->parent, number, doc, error))
    return FALSE;
  tell_line (lines, &doc);
  return TRUE;
}

/**
 * sht_hub_touch_parent:
 * @parent: a ticket's or an obstacle's UUID
 * @number: a log number
 *
 * Lets a ticket or an obstacle travel again whose own content has not changed, because something that hangs on it has.
 */
gboolean
sht_hub_touch_parent (ShtHub *hub, const char *parent, gint64 number, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) doc = sht_hub_get (hub, "ticket", parent, &local_error);
  gboolean is_ticket = doc != NULL;
  g_auto (GStrv) scopes = NULL;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!is_ticket)
    doc = sht_hub_get_existing (hub, "obstacle", parent, error);
  if (doc == NULL)
    return FALSE;
  scopes = is_ticket ? scopes_of_ticket (doc) : scopes_of_obstacle (doc);
  return enter_scopes (hub, scopes, is_ticket ? "ticket" : "obstacle", parent, number, error);
}

/**
 * sht_hub_put_reference:
 * @entity: a department, crew, person, service, layer or place
 * @lines: as in sht_hub_put_ticket()
 */
gboolean
sht_hub_put_reference (ShtHub *hub, JsonObject *entity, gint64 number, GPtrArray *lines, GError **error)
{
  const char *type = sht_json_string (entity, "t");
  const char *id = sht_json_string (entity, "id");
  g_autofree char *doc = NULL;

  if (g_str_equal (type, "calendar") || g_str_equal (type, "department"))
    sht_hub_forget_town (hub);
  json_object_set_int_member (entity, "rev", number);
  doc = sht_json_to_string (entity);
  if (!hub->store->driver->put_entity (hub->store, type, id, NULL, number, doc, error))
    return FALSE;
  tell_line (lines, &doc);
  return set_member (hub, SHT_SCOPE_REFERENCE, type, id, number, TRUE, error);
}

/**
 * sht_hub_remove_reference:
 * @type: of reference data
 *
 * Takes an entity away, inside the caller's transaction: tablets hear that it has left.
 */
gboolean
sht_hub_remove_reference (ShtHub *hub, const char *type, const char *id, GError **error)
{
  gint64 number;

  return sht_hub_next_number (hub, type, id, NULL, NULL, &number, error)
         && hub->store->driver->remove_entity (hub->store, type, id, error)
         && set_member (hub, SHT_SCOPE_REFERENCE, type, id, number, FALSE, error);
}

/**
 * sht_hub_put_position:
 * @position: where a crew is: `id` is the crew's code, `department` the crew's
 *
 * Writes what the department's supervisors are told of a crew, in place of what they were told before.
 */
gboolean
sht_hub_put_position (ShtHub *hub, JsonObject *position, gint64 number, GError **error)
{
  const char *id = sht_json_string (position, "id");
  g_autofree char *scope = g_strconcat (SHT_SCOPE_DEPARTMENT, sht_json_string (position, "department"), NULL);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) before = sht_hub_get (hub, "position", id, &local_error);
  g_autofree char *doc = NULL;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (before != NULL && g_strcmp0 (sht_json_string (before, "department"), sht_json_string (position, "department")) != 0
      && !sht_hub_drop_position (hub, before, number, error))
    return FALSE;
  json_object_set_int_member (position, "rev", number);
  doc = sht_json_to_string (position);
  return hub->store->driver->put_entity (hub->store, "position", id, NULL, number, doc, error)
         && set_member (hub, scope, "position", id, number, TRUE, error);
}

/**
 * sht_hub_drop_position:
 * @position: as it was put
 *
 * Takes from the department's supervisors what they were told of a crew.
 */
gboolean
sht_hub_drop_position (ShtHub *hub, JsonObject *position, gint64 number, GError **error)
{
  const char *id = sht_json_string (position, "id");
  g_autofree char *scope = g_strconcat (SHT_SCOPE_DEPARTMENT, sht_json_string (position, "department"), NULL);

  return hub->store->driver->remove_entity (hub->store, "position", id, error)
         && set_member (hub, scope, "position", id, number, FALSE, error);
}
