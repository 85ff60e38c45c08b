/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/form.h"
#include "core/json.h"
#include "core/resolve.h"

#include <string.h>

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED, why);
  return FALSE;
}

typedef struct
{
  gint64 n;
  gint64 state;
  ShtOperation *op; /* (owned) */
  char *ticket;     /* (owned) (nullable) */
} Step;

static void
step_clear (Step *step)
{
  g_clear_pointer (&step->op, sht_operation_free);
  g_clear_pointer (&step->ticket, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Step, step_clear)

static gboolean
load_step (ShtStore *store, const char *id, Step *step, GError **error)
{
  /* What the hub tells of it was sent by a copy of this tablet. */
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT n, state + (state = 0 AND (exported_at IS NOT NULL OR EXISTS (SELECT 1 FROM event AS e "
                                "WHERE e.parent = op.ticket AND e.id = op.op AND e.doc ->> 'rev' IS NOT NULL))), bytes, ticket "
                                "FROM op WHERE op = ?1",
                                "s", id);
  gboolean found = sht_stmt_step (stmt);

  if (found)
    {
      step->n = sht_stmt_int (stmt, 0);
      step->state = sht_stmt_int (stmt, 1);
      step->op = sht_operation_parse (sht_stmt_text (stmt, 2), -1, NULL);
      step->ticket = sht_stmt_dup (stmt, 3);
    }
  if (!sht_stmt_end (stmt, error))
    return FALSE;
  if (step->op != NULL)
    return TRUE;
  g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "there is no step %s to be taken back", id);
  return FALSE;
}

static gboolean
moves_ticket (ShtKind kind)
{
  return kind == SHT_KIND_TICKET_STATUS || kind == SHT_KIND_TICKET_ASSIGN || kind == SHT_KIND_TICKET_HAND_OVER;
}

/* Whether a later step was taken by somebody who saw what the earlier did. */
static gboolean
stands_on (const ShtOperation *later, const ShtOperation *earlier)
{
  JsonObjectIter iter;
  const char *name;

  if (g_strcmp0 (later->depends_on, earlier->id) == 0)
    return TRUE;
  if (g_strcmp0 (later->entity, earlier->entity) != 0)
    return FALSE;
  if (moves_ticket (earlier->kind) || later->kind == SHT_KIND_TICKET_RESOLVE)
    return moves_ticket (later->kind) || later->kind == SHT_KIND_TICKET_RESOLVE;
  if (later->kind != earlier->kind || earlier->kind == SHT_KIND_TICKET_NOTE || earlier->kind == SHT_KIND_OBSTACLE_ANSWER
      || sht_kind_attaches (earlier->kind))
    return FALSE;
  json_object_iter_init (&iter, earlier->fields);
  while (json_object_iter_next (&iter, &name, NULL))
    if (json_object_has_member (later->fields, name))
      return TRUE;
  return FALSE;
}

/* What goes with a step: the photos that were taken with a report, which follow it at once. Anything else that
 * was done on top of it would be lost, and stands in the way. */
static gboolean
collect_followers (ShtStore *store, const Step *step, GPtrArray *followers, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db, "SELECT n, bytes FROM op WHERE state < 2 AND n > ?1 ORDER BY n", "i",
                                step->n);
  gint64 next = step->n + 1;
  gboolean on_top = FALSE;

  while (!on_top && sht_stmt_step (stmt))
    {
      g_autoptr (ShtOperation) later = sht_operation_parse (sht_stmt_text (stmt, 1), -1, NULL);

      if (later == NULL || !stands_on (later, step->op))
        continue;
      on_top = !sht_kind_makes (step->op->kind)
               || (later->kind != SHT_KIND_PHOTO_ATTACH && later->kind != SHT_KIND_OBSTACLE_PHOTO)
               || sht_stmt_int (stmt, 0) != next;
      next++;
      if (!on_top)
        g_ptr_array_add (followers, g_steal_pointer (&later));
    }
  return sht_stmt_end (stmt, error) && (!on_top || refuse (error, "something was done on top of this: take that back first"));
}

static gboolean
drop_attached (ShtStore *store, const ShtOperation *op, GError **error)
{
  const char *id = sht_json_string (sht_operation_attached (op), "id");

  return sht_db_run (store->db, error, "INSERT OR IGNORE INTO unwanted SELECT sha256 FROM blob WHERE op = ?1", "s",
                     op->id)
         && sht_db_run (store->db, error, "DELETE FROM blob WHERE op = ?1", "s", op->id)
         && sht_db_run (store->db, error, "DELETE FROM photo WHERE id = ?1", "s", id)
         && sht_db_run (store->db, error, "DELETE FROM voice WHERE id = ?1", "s", id)
         && sht_store_set_number (store, "unclean", 1, error);
}

static gboolean
drop_step (ShtStore *store, const ShtOperation *op, const char *ticket, GError **error)
{
  return sht_db_run (store->db, error, "DELETE FROM op WHERE op = ?1", "s", op->id)
         && sht_db_run (store->db, error, "DELETE FROM event WHERE parent = ?1 AND id = ?2", "ss", ticket, op->id)
         && (!sht_kind_attaches (op->kind) || drop_attached (store, op, error));
}

/* What is seen, without the step. */
static gboolean
show_without (ShtStore *store, const ShtOperation *op, const char *ticket, GError **error)
{
  if (op->kind == SHT_KIND_TICKET_CREATE)
    return sht_store_forget_form (store, op->entity, error) && sht_store_draft_note (store, op->entity, "", error)
           && sht_store_purge_ticket (store, op->entity, error);
  if (op->kind == SHT_KIND_OBSTACLE_RAISE)
    return sht_store_purge_obstacle (store, op->entity, error);
  /* The conflict that was decided waits again, unless somebody else has decided it meanwhile. */
  if (op->kind == SHT_KIND_TICKET_RESOLVE
      && !sht_db_run (store->db, error,
                      "UPDATE op SET state = 3 WHERE op = ?1 AND state = 2 AND result ->> 'result' = 'conflict' AND EXISTS"
                      " (SELECT 1 FROM event AS e WHERE e.parent = op.ticket AND e.id = op.op AND e.mark & 1)", "s",
                      sht_json_string (op->fields, "op")))
    return FALSE;
  if (!sht_store_rebase (store, sht_kind_entity_type (op->kind), op->entity, error))
    return FALSE;
  return op->kind != SHT_KIND_TICKET_NOTE || sht_store_reindex_notes (store, ticket, error);
}

static gboolean
withdraw (ShtStore *store, const Step *step, GError **error)
{
  g_autoptr (GPtrArray) followers = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_operation_free);

  if (step->state != SHT_OP_LOCAL)
    return refuse (error, "this has been sent or saved to a file already");
  if (step->op->instead_of != NULL)
    return refuse (error, "this was decided to be sent anew");
  if (!collect_followers (store, step, followers, error))
    return FALSE;
  for (guint i = 0; i < followers->len; i++)
    if (!drop_step (store, g_ptr_array_index (followers, i), step->ticket, error))
      return FALSE;
  return drop_step (store, step->op, step->ticket, error) && show_without (store, step->op, step->ticket, error);
}

/**
 * sht_store_withdraw:
 * @op: id of a step that was taken on this tablet
 *
 * Takes a step back as if it had not been taken: the operation, what is seen of it, and the file of its photo.
 * Only what was never attempted to be sent can be withdrawn, and only when nothing was done on top of it that
 * would be lost. A report takes the photos with it that were taken with it.
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_REFUSED, %SHT_STORE_ERROR_NOT_FOUND or a #ShtDbError, and then nothing
 *   has changed
 */
gboolean
sht_store_withdraw (ShtStore *store, const char *op, GError **error)
{
  g_auto (Step) step = { 0 };

  if (!sht_store_begin_step (store, error))
    return FALSE;
  if (!load_step (store, op, &step, error) || !withdraw (store, &step, error))
    {
      sht_db_rollback (store->db);
      return FALSE;
    }
  return sht_db_commit (store->db, error);
}

static gboolean
step_back (ShtStore *store, JsonObject *data, ShtOperation *back, GError **error)
{
  ShtStatus from, to, way;

  if (!sht_status_parse (sht_json_string (data, "from"), &from) || !sht_status_parse (sht_json_string (data, "to"), &to))
    return refuse (error, "it is not known where this stood before");
  way = sht_status_way_back (store->device.role, to, from);
  if (way == SHT_N_STATUSES)
    return refuse (error, "this cannot be taken back by this role");
  json_object_set_string_member (back->fields, "want", sht_status_name (way));
  return TRUE;
}

static void
set_back (JsonObject *data, ShtOperation *back)
{
  JsonObject *changes = sht_json_object (data, "fields");
  JsonObjectIter iter;
  const char *name;
  JsonNode *change;

  if (changes == NULL)
    return;
  json_object_iter_init (&iter, changes);
  while (json_object_iter_next (&iter, &name, &change))
    {
      JsonNode *from = JSON_NODE_HOLDS_OBJECT (change) ? json_object_get_member (json_node_get_object (change), "from")
                                                       : NULL;

      sht_fields_set (back->fields, name, from != NULL ? json_node_copy (from) : json_node_new (JSON_NODE_NULL));
    }
}

/* A decision that the hub may have is not unsaid; what it changed is changed back by the opposite one. */
static gboolean
decide_back (ShtStore *store, const char *ticket, JsonObject *data, ShtOperation *back, GError **error)
{
  gboolean kept_mine = g_strcmp0 (sht_json_string (data, "keep"), "mine") == 0;
  const char *op = sht_json_string (data, "op"), *field = sht_json_string (data, "field");
  g_autofree char *doc = sht_store_event_doc (store, ticket, op);
  g_autoptr (JsonObject) event = doc != NULL ? sht_json_parse_object (doc, -1, NULL) : NULL;
  JsonObject *fact = sht_conflict_find (event, field);
  JsonNode *other = fact != NULL ? json_object_get_member (fact, kept_mine ? "theirs" : "mine") : NULL;
  JsonNode *from = json_object_get_member (data, "from");

  if (other == NULL || from == NULL || !sht_json_nodes_equal (from, other)
      || sht_json_nodes_equal (from, json_object_get_member (data, "value")))
    return refuse (error, "this has changed nothing that could be taken back");
  json_object_set_string_member (back->fields, "op", op);
  json_object_set_string_member (back->fields, "field", field);
  json_object_set_string_member (back->fields, "keep", kept_mine ? "theirs" : "mine");
  json_object_set_member (back->fields, "value", json_node_copy (other));
  return TRUE;
}

/* What takes a step back that the hub may have: another step. */
static gboolean
compensate (ShtStore *store, const Step *step, GError **error)
{
  g_autofree char *doc = sht_store_event_doc (store, step->ticket, step->op->id);
  g_autoptr (JsonObject) event = doc != NULL ? sht_json_parse_object (doc, -1, NULL) : NULL;
  JsonObject *data = sht_json_object (event, "data");
  g_autoptr (ShtOperation) back = sht_store_new_operation (store, step->op->kind, step->op->entity);

  if (step->state > SHT_OP_CONFIRMED)
    return refuse (error, "this waits for a decision");
  if (data == NULL || (json_object_has_member (data, "applied") && !sht_json_bool (data, "applied")))
    return refuse (error, "this has changed nothing that could be taken back");
  switch (step->op->kind)
    {
    case SHT_KIND_TICKET_STATUS:
      if (!step_back (store, data, back, error))
        return FALSE;
      break;
    case SHT_KIND_TICKET_SET:
    case SHT_KIND_PHOTO_EDIT:
    case SHT_KIND_PLACE_SET:
      /* Nobody but who had seen it can say it again. */
      if (sht_json_has (data, "report"))
        return refuse (error, "this has been sent, and what had been reported of the place went with it");
      set_back (data, back);
      break;
    case SHT_KIND_TICKET_ASSIGN:
      sht_json_set_string (back->fields, "crew", sht_json_string (data, "from_crew"));
      break;
    case SHT_KIND_TICKET_HAND_OVER:
      sht_json_set_string (back->fields, "department", sht_json_string (data, "department"));
      break;
    case SHT_KIND_TICKET_RESOLVE:
      if (!decide_back (store, step->ticket, data, back, error))
        return FALSE;
      break;
    case SHT_KIND_TICKET_CREATE:
    case SHT_KIND_TICKET_NOTE:
    case SHT_KIND_PHOTO_ATTACH:
    case SHT_KIND_VOICE_ADD:
    case SHT_KIND_PLACE_REPORT:
    case SHT_KIND_OBSTACLE_RAISE:
    case SHT_KIND_OBSTACLE_ANSWER:
    case SHT_KIND_OBSTACLE_PHOTO:
    case SHT_N_KINDS:
      return refuse (error, "this has been sent, and what was sent of this kind stays");
    }
  return sht_store_act_inside (store, back, error);
}

/* sht_store_undo() inside a transaction. */
gboolean
sht_store_undo_inside (ShtStore *store, const char *op, gboolean *withdrawn, GError **error)
{
  g_auto (Step) step = { 0 };

  if (!load_step (store, op, &step, error))
    return FALSE;
  *withdrawn = step.state == SHT_OP_LOCAL;
  return *withdrawn ? withdraw (store, &step, error) : compensate (store, &step, error);
}

/**
 * sht_store_undo:
 * @op: id of a step that was taken on this tablet
 * @withdrawn: (out): whether it is as if it had not been taken; else a step back was taken
 *
 * Takes a step back: withdrawn where it was never sent, otherwise by another step that says the contrary. Notes,
 * photos, voice notes and reports that were sent stay. A decision that was sent is followed by the opposite one, where that
 * brings back what stood before.
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_REFUSED, %SHT_STORE_ERROR_NOT_FOUND or a #ShtDbError, and then nothing
 *   has changed
 */
gboolean
sht_store_undo (ShtStore *store, const char *op, gboolean *withdrawn, GError **error)
{
  if (!sht_store_begin_step (store, error))
    return FALSE;
  if (sht_store_undo_inside (store, op, withdrawn, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}

/**
 * sht_store_last_step:
 * @ticket: (nullable): a ticket's UUID; %NULL for any
 *
 * Returns: (transfer full) (nullable): id of the last step that was taken on this tablet; %NULL with
 *   %SHT_STORE_ERROR_NOT_FOUND
 */
char *
sht_store_last_step (ShtStore *store, const char *ticket, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  char *op = sht_db_get_text (store->db, &local_error,
                              "SELECT op FROM op WHERE ?1 IS NULL OR ticket = ?1 ORDER BY n DESC LIMIT 1", "s", ticket);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (op == NULL)
    g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "there is no step to be taken back");
  return op;
}
