/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/field.h"
#include "core/form.h"
#include "core/json-guard.h"
#include "core/json.h"

#include <string.h>

/* Who is there, and of which history the numbers are: each step begins with the two, and to ask for them is one thing. */
static void
note_shift (ShtStore *store, ShtOperation *op)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT (SELECT value FROM meta WHERE key = 'history'),"
                                " (SELECT value FROM meta WHERE key = '" SHT_STORE_HERE "')",
                                "");

  if (sht_stmt_step (stmt))
    {
      op->history = sht_stmt_dup (stmt, 0);
      op->people = sht_store_here_by (store, sht_stmt_text (stmt, 1));
    }
  sht_stmt_end (stmt, NULL);
}

/**
 * sht_store_new_operation:
 * @entity: what it is about
 *
 * Returns: (transfer full): an operation of this tablet's person, now; its `fields` are to be filled
 */
ShtOperation *
sht_store_new_operation (ShtStore *store, ShtKind kind, const char *entity)
{
  g_autofree char *id = sht_store_new_id (store);
  ShtOperation *op = sht_operation_new (kind, id, entity, sht_store_now (store));

  op->boot_ms = store->world.boot_ms (store->world.data);
  op->boot_id = g_strdup (store->world.boot_id);
  op->actor = g_strdup (store->device.person);
  note_shift (store, op);
  return op;
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED, why);
  return FALSE;
}

/* What was seen of a field is the person's word where there is one: what has come since, nobody has looked at. */
static void
note_version (ShtOperation *op, const char *field, gint64 version)
{
  json_object_set_int_member (op->base, field, MIN (version, sht_json_int (op->base, field, version)));
}

/* What the tablet had seen of each field that the operation sets. */
static void
note_seen (ShtOperation *op, JsonObject *current)
{
  const char *type = sht_kind_entity_type (op->kind);
  g_autoptr (JsonObject) fields = sht_fields_flat (op->fields);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (current == NULL)
    return;
  if (op->base == NULL)
    op->base = json_object_new ();
  json_object_set_int_member (op->base, "rev", sht_json_int (current, "rev", 0));
  if (op->kind == SHT_KIND_TICKET_STATUS)
    note_version (op, "status", sht_entity_version (current, "status"));
  if (op->kind == SHT_KIND_TICKET_RESOLVE)
    {
      const char *field = sht_json_string (op->fields, "field");

      note_version (op, field, sht_entity_version (current, field));
    }
  json_object_iter_init (&iter, fields);
  while (json_object_iter_next (&iter, &name, &node))
    if (sht_field_find (type, name) != NULL || g_str_equal (name, "crew") || g_str_equal (name, "department"))
      note_version (op, name, sht_entity_version (current, name));
}

static gboolean
store_operation (ShtStore *store, const ShtOperation *op, const char *ticket, GError **error)
{
  g_autofree char *bytes = sht_operation_to_bytes (op);
  g_autoptr (GError) local_error = NULL;
  gsize length = strlen (bytes);

  if (length > SHT_OPERATION_MAX_BYTES)
    return refuse (error, "this is more than fits into one step");
  /* What cannot be read here could not be read at the hub either, and these bytes are for ever. Its members have been
   * looked at; a text that is no UTF-8 and a number that is none show in the bytes. */
  if (!sht_json_guard (bytes, length, SHT_JSON_MAX_DEPTH, &local_error))
    return refuse (error, local_error->message);
  return sht_db_run (store->db, error,
                     "INSERT INTO op (op, kind, type, entity, ticket, bytes, depends_on, made_at) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                     "sssssssi", op->id, sht_kind_name (op->kind), sht_kind_entity_type (op->kind), op->entity,
                     ticket, bytes, op->depends_on, op->at);
}

static gboolean
show_new (ShtStore *store, JsonObject *entity, GError **error)
{
  g_autofree char *doc = entity != NULL ? sht_json_to_string (entity) : NULL;

  return doc == NULL
         || sht_store_put_line (store, sht_json_string (entity, "t"), sht_json_string (entity, "id"), doc,
                                strlen (doc), 0, 0, error);
}

static gboolean
show_event (ShtStore *store, const ShtEvent *event, GError **error)
{
  g_autofree char *doc = event != NULL ? sht_event_to_string (event, 0) : NULL;

  return doc == NULL || sht_store_put_line (store, "event", event->id, doc, strlen (doc), 0, 0, error);
}

#define MAKES "(kind = 'ticket.create' OR kind = 'obstacle.raise')"
#define ATTACHES "kind = 'photo.attach' AND bytes ->> '$.fields.photo.id' = ?2"

/* Work on what was made here and is not confirmed yet makes no sense without its making. It is looked for by the indexes of
 * what is not settled: a tap must not take longer for all that was done here before. */
static gboolean
note_dependency (ShtStore *store, ShtOperation *op, const char *ticket, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (op->depends_on != NULL)
    return TRUE;
  op->depends_on = sht_db_get_text (store->db, &local_error,
                                    "SELECT op FROM op WHERE entity = ?1 AND state < 2 AND " MAKES
                                    " UNION ALL SELECT op FROM op WHERE state = 3 AND entity = ?1 AND " MAKES,
                                    "s", ticket);
  if (op->depends_on == NULL && op->kind == SHT_KIND_PHOTO_EDIT)
    op->depends_on = sht_db_get_text (store->db, &local_error,
                                      "SELECT op FROM op WHERE entity = ?1 AND state < 2 AND " ATTACHES
                                      " UNION ALL SELECT op FROM op WHERE state = 3 AND entity = ?1 AND " ATTACHES,
                                      "ss", ticket, op->entity);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * sht_store_act_inside:
 * @op: what a person did; its `base` is filled here
 *
 * Does what sht_store_act() does, inside the caller's transaction.
 */
gboolean
sht_store_act_inside (ShtStore *store, ShtOperation *op, GError **error)
{
  const char *type = sht_kind_entity_type (op->kind);
  g_autoptr (GError) local_error = NULL;
  g_autofree char *doc = sht_store_get_doc (store, type, op->entity, &local_error);
  g_autoptr (JsonObject) current = NULL;
  g_autoptr (ShtOutcome) outcome = NULL;
  g_autofree char *ticket = NULL;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (doc == NULL && !sht_kind_makes (op->kind))
    {
      g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "there is no %s %s on this tablet", type,
                   op->entity);
      return FALSE;
    }
  if (doc != NULL)
    {
      current = sht_json_parse_object (doc, -1, error);
      if (current == NULL)
        return FALSE;
    }
  ticket = g_strdup (op->kind == SHT_KIND_PHOTO_EDIT ? sht_json_string (current, "ticket") : op->entity);
  /* Where it is not said which status the worker saw, it is the visible one of this very moment. */
  if (op->kind == SHT_KIND_TICKET_STATUS && !sht_json_has (op->fields, "seen"))
    json_object_set_string_member (op->fields, "seen", sht_json_string (current, "status"));
  note_seen (op, current);
  if (!sht_kind_makes (op->kind) && !note_dependency (store, op, ticket, error))
    return FALSE;
  if (!sht_operation_validate (op, &local_error))
    return refuse (error, local_error->message);
  outcome = sht_store_merge (store, op, current, error);
  if (outcome == NULL)
    return FALSE;
  if (outcome->result == SHT_RESULT_REJECTED)
    return refuse (error, outcome->reason);
  if (doc != NULL && sht_json_has (current, "rev") && !sht_store_keep_base (store, type, op->entity, doc, error))
    return FALSE;
  return store_operation (store, op, ticket, error) && show_new (store, outcome->entity, error)
         && show_new (store, outcome->attached, error) && show_event (store, outcome->event, error);
}

/**
 * sht_store_act:
 * @operation: what a person did; its `base` is filled here
 *
 * Writes an operation with its visible effect in one transaction, durable before this returns. From then
 * on it cannot be lost.
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_REFUSED, %SHT_STORE_ERROR_NOT_FOUND or a #ShtDbError, and then
 *   nothing was written
 */
gboolean
sht_store_act (ShtStore *store, ShtOperation *operation, GError **error)
{
  if (!sht_store_begin_step (store, error))
    return FALSE;
  if (!sht_store_act_inside (store, operation, error))
    {
      sht_db_rollback (store->db);
      return FALSE;
    }
  return sht_db_commit (store->db, error);
}

/**
 * sht_store_set_status:
 * @ticket: a ticket's UUID
 * @status: where it shall stand
 * @reason: (nullable): why
 * @waiting_for: (nullable): for %SHT_STATUS_WAITING, whom or what
 */
gboolean
sht_store_set_status (ShtStore *store, const char *ticket, ShtStatus status, const char *reason,
                      const char *waiting_for, GError **error)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (store, SHT_KIND_TICKET_STATUS, ticket);

  json_object_set_string_member (op->fields, "want", sht_status_name (status));
  sht_json_set_string (op->fields, "reason", reason);
  sht_json_set_string (op->fields, "waiting_for", waiting_for);
  return sht_store_act (store, op, error);
}
