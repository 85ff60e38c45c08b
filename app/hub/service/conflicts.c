/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/resolve.h"

/* A person sends anew what was rejected a few times at the most; more is a circle that somebody made up. */
#define MOST_REPLACEMENTS 32

/**
 * sht_hub_load_decided:
 * @decided: (out) (transfer full) (nullable): for a decision, the event that holds the conflict
 */
gboolean
sht_hub_load_decided (ShtHub *hub, const ShtOperation *op, JsonObject **decided, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *decided = NULL;
  if (op->kind != SHT_KIND_TICKET_RESOLVE)
    return TRUE;
  *decided = sht_hub_get (hub, "event", sht_json_string (op->fields, "op"), &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Who said the other thing, and when: what the log row of that number has to do with it. */
static gboolean
name_the_other (ShtHub *hub, const ShtConflict *conflict, JsonObject *fact, GError **error)
{
  static const char *const who[] = { "actor_name", "crew", "role" };
  g_autofree char *op = NULL;
  g_autoptr (JsonObject) event = NULL;
  g_autoptr (GError) local_error = NULL;
  const char *name = NULL;
  gint64 at = 0;

  if (conflict->their_number <= 0)
    return TRUE;
  if (!hub->store->driver->log_op (hub->store, conflict->their_number, &op, &at, error))
    return FALSE;
  if (op != NULL)
    event = sht_hub_get (hub, "event", op, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (who) && name == NULL; i++)
    name = sht_json_string (event, who[i]);
  sht_json_set_string (fact, "their_name", name);
  json_object_set_int_member (fact, "their_at", sht_json_int (event, "at", at));
  return TRUE;
}

static gboolean
add_fact (ShtHub *hub, const ShtConflict *conflict, JsonArray *facts, GError **error)
{
  JsonObject *fact = json_object_new ();

  json_array_add_object_element (facts, fact);
  json_object_set_string_member (fact, "field", conflict->field);
  if (conflict->mine != NULL)
    json_object_set_member (fact, "mine", json_node_copy (conflict->mine));
  if (conflict->theirs != NULL)
    json_object_set_member (fact, "theirs", json_node_copy (conflict->theirs));
  json_object_set_boolean_member (fact, "mine_stands", conflict->winner_is_mine);
  sht_json_set_string (fact, "their_device", conflict->their_device);
  json_object_set_int_member (fact, "their_number", conflict->their_number);
  return name_the_other (hub, conflict, fact, error);
}

/**
 * sht_hub_tell_conflicts:
 * @outcome: a merge's outcome, before it is written
 * @facts: (out) (transfer full) (nullable): both values of each conflict, whose and when
 *
 * Puts the facts into the outcome's event as well: with it they go to all who have the ticket, the one who
 * was overruled and the field's owner among them, and leave with it.
 */
gboolean
sht_hub_tell_conflicts (ShtHub *hub, ShtOutcome *outcome, JsonArray **facts, GError **error)
{
  g_autoptr (JsonArray) list = NULL;

  *facts = NULL;
  if (outcome->conflicts->len == 0)
    return TRUE;
  list = json_array_new ();
  for (guint i = 0; i < outcome->conflicts->len; i++)
    if (!add_fact (hub, g_ptr_array_index (outcome->conflicts, i), list, error))
      return FALSE;
  if (outcome->event != NULL)
    {
      json_object_set_array_member (outcome->event->data, "conflicts", json_array_ref (list));
      outcome->event->undecided = json_array_get_length (list);
    }
  *facts = g_steal_pointer (&list);
  return TRUE;
}

/**
 * sht_hub_keep_conflicts:
 * @result: what is stored for the operation
 *
 * Notes in the hub's own books what stands undecided, what was decided and by which operation, and which
 * operation was sent anew by this one.
 */
gboolean
sht_hub_keep_conflicts (ShtHub *hub, const ShtOperation *op, const ShtOutcome *outcome, const char *result,
                        GError **error)
{
  const ShtHubStoreDriver *driver = hub->store->driver;
  /* One about a photo's words lies with the ticket, whose journey tells it. */
  const char *type = op->kind == SHT_KIND_PHOTO_EDIT ? "ticket" : sht_kind_entity_type (op->kind);

  for (guint i = 0; i < outcome->conflicts->len; i++)
    {
      ShtConflict *conflict = g_ptr_array_index (outcome->conflicts, i);

      if (!driver->put_conflict (hub->store, op->id, type, outcome->event->parent, conflict->field, result,
                                 sht_hub_now (hub), error))
        return FALSE;
    }
  if (outcome->decided != NULL
      && !driver->resolve_conflict (hub->store, sht_json_string (op->fields, "op"),
                                    sht_json_string (op->fields, "field"), sht_json_string (op->fields, "keep"), op->id,
                                    sht_hub_now (hub), error))
    return FALSE;
  return op->instead_of == NULL || driver->put_replacement (hub->store, op->instead_of, op->id, error);
}

/**
 * sht_hub_is_taken_in:
 * @op: id of an operation that another depends on
 * @met: (out): whether it, or what a person sent instead of it, was taken in
 */
gboolean
sht_hub_is_taken_in (ShtHub *hub, const char *op, gboolean *met, GError **error)
{
  g_autofree char *id = g_strdup (op);

  *met = FALSE;
  for (guint i = 0; id != NULL && i < MOST_REPLACEMENTS; i++)
    {
      g_autofree char *hash = NULL;
      g_autofree char *json = NULL;
      g_autofree char *by = NULL;
      g_autoptr (JsonObject) result = NULL;
      ShtResult how = SHT_RESULT_REJECTED;

      if (!hub->store->driver->get_op (hub->store, id, &hash, &json, error))
        return FALSE;
      result = json != NULL ? sht_json_parse_object (json, -1, NULL) : NULL;
      sht_result_parse (sht_json_string (result, "result"), &how);
      *met = how != SHT_RESULT_REJECTED;
      if (*met)
        return TRUE;
      if (!hub->store->driver->get_replacement (hub->store, id, &by, error))
        return FALSE;
      g_free (id);
      id = g_steal_pointer (&by);
    }
  return TRUE;
}
