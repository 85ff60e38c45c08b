/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

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

/* Which scopes hold a ticket whole: its crew's, its department's, and the crew's that reported it, as
 * long as it is open. */
static GStrv
scopes_of_ticket (JsonObject *ticket)
{
  const char *crew = sht_json_string (ticket, "crew"), *reporter = sht_json_string (ticket, "reporter_crew");
  const char *department = sht_json_string (ticket, "department");
  char *scopes[4] = { NULL };
  guint n = 0;
  ShtStatus status = SHT_STATUS_NEW;

  sht_status_parse (sht_json_string (ticket, "status"), &status);
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

static gboolean
enter_scopes (ShtHub *hub, char **scopes, const char *type, const char *id, gint64 number, GError **error)
{
  for (guint i = 0; scopes[i] != NULL; i++)
    if (!hub->store->driver->enter_member (hub->store, scopes[i], type, id, number, error))
      return FALSE;
  return TRUE;
}

/**
 * sht_hub_note_stood:
 * @ticket: (nullable): a ticket that is about to be changed in place; %NULL when there is none yet
 * @stood: (out): what has to be known of it then
 */
void
sht_hub_note_stood (JsonObject *ticket, ShtHubStood *stood)
{
  *stood = (ShtHubStood){ 0 };
  if (ticket == NULL)
    return;
  stood->scopes = scopes_of_ticket (ticket);
  stood->stub = sht_ticket_stub (ticket);
}

void
sht_hub_stood_clear (ShtHubStood *stood)
{
  g_clear_pointer (&stood->scopes, g_strfreev);
  g_clear_pointer (&stood->stub, g_free);
}

static gboolean
put_stub (ShtHub *hub, JsonObject *ticket, const char *before, gint64 number, GError **error)
{
  const char *id = sht_json_string (ticket, "id");
  g_autofree char *now = sht_ticket_stub (ticket);

  if (g_strcmp0 (before, now) == 0)
    return TRUE;
  if (now == NULL)
    return hub->store->driver->remove_entity (hub->store, "stub", id, error)
           && hub->store->driver->leave_member (hub->store, SHT_SCOPE_TOWN, "stub", id, number, error);
  return hub->store->driver->put_entity (hub->store, "stub", id, NULL, number, now, error)
         && hub->store->driver->enter_member (hub->store, SHT_SCOPE_TOWN, "stub", id, number, error);
}

static gboolean
leave_scopes (ShtHub *hub, const char *id, char **scopes, const char *const *now, gint64 number, GError **error)
{
  for (guint i = 0; scopes[i] != NULL; i++)
    if (!g_strv_contains (now, scopes[i])
        && !hub->store->driver->leave_member (hub->store, scopes[i], "ticket", id, number, error))
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
 * @ticket: the ticket as it is from now on, which nobody changes behind this; its `rev` is set here
 * @stood: how it stood before
 * @number: its log number
 * @lines: (nullable) (element-type utf8): where the line that was written is added
 *
 * Writes a ticket, its fact, its stub, and which scopes it enters, stays in or leaves, inside the caller's
 * transaction.
 */
gboolean
sht_hub_put_ticket (ShtHub *hub, JsonObject *ticket, const ShtHubStood *stood, gint64 number, GPtrArray *lines, GError **error)
{
  const ShtHubStoreDriver *driver = hub->store->driver;
  const char *id = sht_json_string (ticket, "id");
  g_auto (GStrv) scopes = scopes_of_ticket (ticket);
  g_autofree char *doc = NULL;

  json_object_set_int_member (ticket, "rev", number);
  doc = sht_json_to_string (ticket);
  if (!(stood->scopes == NULL ? driver->add_entity : driver->put_entity) (hub->store, "ticket", id, NULL, number, doc, error)
      || (!stood->touched && !driver->put_fact (hub->store, id, doc, error))
      || (!stood->touched && !put_stub (hub, ticket, stood->stub, number, error)))
    return FALSE;
  sht_hub_know_ticket (hub, ticket, doc);
  tell_line (lines, &doc);
  return enter_scopes (hub, scopes, "ticket", id, number, error)
         && (stood->scopes == NULL
             || leave_scopes (hub, id, stood->scopes, (const char *const *) scopes, number, error));
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
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) ticket = sht_hub_get (hub, "ticket", id, &local_error);
  g_auto (GStrv) scopes = NULL;
  gint64 number;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (ticket == NULL)
    return TRUE;
  scopes = scopes_of_ticket (ticket);
  return sht_hub_next_number (hub, "ticket", id, NULL, NULL, &number, error)
         && leave_scopes (hub, id, scopes, none, number, error);
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

static gboolean
write_child (ShtHub *hub, JsonObject *child, gboolean is_new, gint64 number, GPtrArray *lines, GError **error)
{
  const ShtHubStoreDriver *driver = hub->store->driver;
  g_autofree char *doc = NULL;
  const char *parent = sht_json_string (child, "ticket");

  if (parent == NULL)
    parent = sht_json_string (child, "place");
  json_object_set_int_member (child, "rev", number);
  doc = sht_json_to_string (child);
  if (!(is_new ? driver->add_entity : driver->put_entity) (hub->store, sht_json_string (child, "t"),
                                                           sht_json_string (child, "id"), parent, number, doc, error))
    return FALSE;
  tell_line (lines, &doc);
  return TRUE;
}

/**
 * sht_hub_add_child:
 * @child: an event or photo of a ticket or an obstacle, or an event of a place; one of which it is known that there is
 *   none with its id
 * @lines: as in sht_hub_put_ticket()
 *
 * Writes something that hangs on a ticket. The ticket has to be written, or touched, with the same
 * number, so that it travels.
 */
gboolean
sht_hub_add_child (ShtHub *hub, JsonObject *child, gint64 number, GPtrArray *lines, GError **error)
{
  return write_child (hub, child, TRUE, number, lines, error);
}

/**
 * sht_hub_put_child:
 *
 * As sht_hub_add_child(), for one that is there and has changed.
 */
gboolean
sht_hub_put_child (ShtHub *hub, JsonObject *child, gint64 number, GPtrArray *lines, GError **error)
{
  return write_child (hub, child, FALSE, number, lines, error);
}

/**
 * sht_hub_add_event:
 * @lines: as in sht_hub_put_ticket()
 *
 * Writes a step that was just made, as sht_hub_add_child() does.
 */
gboolean
sht_hub_add_event (ShtHub *hub, const ShtEvent *event, gint64 number, GPtrArray *lines, GError **error)
{
  g_autofree char *doc = sht_event_to_string (event, number);

  if (!hub->store->driver->add_entity (hub->store, "event", event->id, event->parent, number, doc, error))
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
  return hub->store->driver->enter_member (hub->store, SHT_SCOPE_REFERENCE, type, id, number, error);
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
         && hub->store->driver->leave_member (hub->store, SHT_SCOPE_REFERENCE, type, id, number, error);
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
         && hub->store->driver->enter_member (hub->store, scope, "position", id, number, error);
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
         && hub->store->driver->leave_member (hub->store, scope, "position", id, number, error);
}
