/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/form.h"
#include "core/json.h"
#include "core/resolve.h"

#include <string.h>

static gboolean
matches (JsonObject *row, const char *text, const char *field)
{
  if (field != NULL && g_strcmp0 (sht_json_string (row, "field"), field) != 0)
    return FALSE;
  return g_str_has_prefix (sht_json_string (row, "id"), text)
         || g_strcmp0 (sht_json_string (row, "number"), text) == 0;
}

/* The one thing that is meant. */
static JsonObject *
find_row (ShtStore *store, const char *text, const char *field, GError **error)
{
  g_autoptr (JsonArray) rows = sht_store_attention (store, error);
  JsonObject *found = NULL;

  if (rows == NULL)
    return NULL;
  for (guint i = 0; text[0] != '\0' && i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (!matches (row, text, field))
        continue;
      if (found != NULL)
        {
          g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_AMBIGUOUS,
                       "several things that wait for a decision fit “%s”: name the operation and its field", text);
          return NULL;
        }
      found = row;
    }
  if (found == NULL)
    {
      g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "nothing about “%s” waits for a decision", text);
      return NULL;
    }
  return json_object_ref (found);
}

/* A conflict is with the hub, as what it has confirmed is; what it refused is on this tablet alone. */
static gboolean
settle (ShtStore *store, const char *op, ShtOpState state, GError **error)
{
  return sht_db_run (store->db, error, "UPDATE op SET state = ?2 WHERE op = ?1 AND state = 3", "si", op,
                     (gint64) state);
}

/* Whether another field of the same operation still waits. */
static gboolean
is_last (ShtStore *store, const char *op, gboolean *last, GError **error)
{
  g_autoptr (JsonArray) rows = sht_store_attention (store, error);

  *last = TRUE;
  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    *last &= g_strcmp0 (sht_json_string (json_array_get_object_element (rows, i), "id"), op) != 0;
  return rows != NULL;
}

/* A photo's words are the photo's, and are changed by an edit of it. */
static gboolean
edit_photo (ShtStore *store, const char *ticket, const char *op, const char *field, JsonNode *value, GError **error)
{
  g_autofree char *photo = sht_db_get_text (store->db, NULL,
                                            "SELECT doc ->> '$.data.photo' FROM event WHERE parent = ?1 AND id = ?2",
                                            "ss", ticket, op);
  g_autoptr (JsonObject) now = photo != NULL ? sht_store_get (store, "photo", photo, NULL) : NULL;
  g_autoptr (ShtOperation) edit = NULL;

  if (now == NULL || sht_json_nodes_equal (sht_fields_get (now, field), value))
    return TRUE;
  edit = sht_store_new_operation (store, SHT_KIND_PHOTO_EDIT, photo);
  json_object_set_member (edit->fields, field, json_node_copy (value));
  return sht_store_act_inside (store, edit, error);
}

static gboolean
decide_conflict (ShtStore *store, JsonObject *row, gboolean keep_mine, GError **error)
{
  const char *op = sht_json_string (row, "id");
  const char *ticket = sht_json_string (row, "ticket");
  const char *field = sht_json_string (row, "field");
  JsonNode *value = json_object_get_member (sht_json_object (row, keep_mine ? "mine" : "theirs"), "value");
  g_autoptr (ShtOperation) decision = sht_store_new_operation (store, SHT_KIND_TICKET_RESOLVE, ticket);
  gboolean last;

  json_object_set_string_member (decision->fields, "op", op);
  json_object_set_string_member (decision->fields, "field", field);
  json_object_set_string_member (decision->fields, "keep",
                                 keep_mine != sht_json_bool (row, "turned") ? "mine" : "theirs");
  json_object_set_member (decision->fields, "value", json_node_copy (value));
  return edit_photo (store, ticket, op, field, value, error) && sht_store_act_inside (store, decision, error)
         && is_last (store, op, &last, error) && (!last || settle (store, op, SHT_OP_CONFIRMED, error));
}

/* A report stands in sight without the hub's word; it is made anew under the same id. */
static gboolean
clear_report (ShtStore *store, const char *ticket, GError **error)
{
  gint64 row = 0;

  if (!sht_db_get_int (store->db, &row, error, "SELECT row FROM ticket WHERE id = ?1", "s", ticket))
    return FALSE;
  return row == 0
         || (sht_store_unindex (store, row, error) && sht_store_remove_fact (store, row, error)
             && sht_db_run (store->db, error, "DELETE FROM ticket WHERE row = ?1", "i", row));
}

/* What it depended on may have been sent anew itself. */
static char *
newest_of (ShtStore *store, const char *op)
{
  g_autofree char *newer = NULL;

  if (op == NULL)
    return NULL;
  newer = sht_db_get_text (store->db, NULL,
                           "SELECT op FROM op WHERE bytes ->> '$.instead_of' = ?1 ORDER BY n DESC LIMIT 1", "s", op);
  return newer != NULL ? newest_of (store, newer) : g_strdup (op);
}

static ShtOperation *
made_anew (ShtStore *store, const ShtOperation *old)
{
  g_autofree char *id = sht_store_new_id (store);
  ShtOperation *op = sht_operation_new (old->kind, id, old->entity, old->at);

  json_object_unref (op->fields);
  op->fields = json_object_ref (old->fields);
  /* When it was done stays; what is seen is seen now. */
  op->boot_ms = old->boot_ms;
  op->boot_id = g_strdup (old->boot_id);
  op->actor = g_strdup (old->actor);
  op->history = sht_store_get_text (store, "history");
  op->instead_of = g_strdup (old->id);
  op->depends_on = newest_of (store, old->depends_on);
  if (json_object_has_member (op->fields, "seen"))
    json_object_remove_member (op->fields, "seen");
  return op;
}

static gboolean
send_anew (ShtStore *store, const char *id, GError **error)
{
  g_autofree char *bytes = sht_db_get_text (store->db, error, "SELECT bytes FROM op WHERE op = ?1", "s", id);
  g_autoptr (ShtOperation) old = bytes != NULL ? sht_operation_parse (bytes, -1, error) : NULL;
  g_autoptr (ShtOperation) op = old != NULL ? made_anew (store, old) : NULL;

  if (op == NULL)
    return FALSE;
  return settle (store, id, SHT_OP_PUT_AWAY, error)
         && sht_db_run (store->db, error,
                        "DELETE FROM event WHERE parent = (SELECT ticket FROM op WHERE op = ?1) AND id = ?1 "
                        "AND doc ->> 'rev' IS NULL",
                        "s", id)
         && (op->kind != SHT_KIND_TICKET_CREATE || clear_report (store, op->entity, error))
         && sht_store_act_inside (store, op, error)
         && sht_db_run (store->db, error, "UPDATE op SET depends_on = ?2 WHERE depends_on = ?1 AND state < 2", "ss",
                        id, op->id)
         && sht_db_run (store->db, error, "UPDATE blob SET op = ?2 WHERE op = ?1", "ss", id, op->id);
}

static gboolean
decide (ShtStore *store, JsonObject *row, gboolean keep_mine, GError **error)
{
  const char *id = sht_json_string (row, "id");

  if (g_strcmp0 (sht_json_string (row, "result"), "conflict") == 0)
    return decide_conflict (store, row, keep_mine, error);
  if (g_str_has_suffix (sht_json_string (row, "kind"), ".bytes"))
    return sht_db_run (store->db, error,
                       "UPDATE blob SET state = ?2, url = NULL, reason = iif (?2 = 0, NULL, reason) WHERE photo = ?1 "
                       "AND state = 3", "si", id,
                       (gint64) (keep_mine ? SHT_OP_LOCAL : SHT_OP_PUT_AWAY));
  return keep_mine ? send_anew (store, id, error) : settle (store, id, SHT_OP_PUT_AWAY, error);
}

/**
 * sht_store_resolve:
 * @id: the operation's id or its beginning, or the ticket's number, where that is unambiguous
 * @field: (nullable): which field, where an operation met several conflicts
 * @keep_mine: whether what was said here shall stand
 *
 * Decides about one row of sht_store_attention(). For a conflict the decision is an operation of its own: the
 * hub sets the value where it has to be and this role may, keeps both, and tells the others. What was
 * rejected is sent anew as a new operation that knows what this tablet sees now, or put away; what depends on
 * it goes on. Nothing that a person wrote is deleted.
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_NOT_FOUND, %SHT_STORE_ERROR_AMBIGUOUS, %SHT_STORE_ERROR_REFUSED or a
 *   #ShtDbError, and then nothing has changed
 */
gboolean
sht_store_resolve (ShtStore *store, const char *id, const char *field, gboolean keep_mine, GError **error)
{
  g_autoptr (JsonObject) row = NULL;

  if (!sht_store_begin_step (store, error))
    return FALSE;
  row = find_row (store, id, field, error);
  if (row == NULL || !decide (store, row, keep_mine, error))
    {
      sht_db_rollback (store->db);
      return FALSE;
    }
  return sht_db_commit (store->db, error);
}

/* The words of a photo were changed by a step of their own, just before the decision. */
static gboolean
take_edit_back (ShtStore *store, const char *decision, GError **error)
{
  g_autofree char *edit = sht_db_get_text (store->db, error,
                                           "SELECT e.op FROM op AS d JOIN op AS e ON e.n = d.n - 1 "
                                           "WHERE d.op = ?1 AND e.kind = 'photo.edit' AND e.entity = (SELECT doc ->> '$.data.photo' "
                                           "FROM event WHERE parent = d.entity AND id = d.bytes ->> '$.fields.op') "
                                           "AND e.bytes ->> ('$.fields.' || (d.bytes ->> '$.fields.field')) "
                                           "IS d.bytes ->> '$.fields.value'",
                                           "s", decision);
  gboolean withdrawn;

  return edit == NULL || sht_store_undo_inside (store, edit, &withdrawn, error);
}

static gboolean
take_back (ShtStore *store, const char *id, const char *field, GError **error)
{
  g_autofree char *decision = sht_db_get_text (store->db, error,
                                               "SELECT op FROM op WHERE kind = 'ticket.resolve' "
                                               "AND bytes ->> '$.fields.op' = ?1 AND bytes ->> '$.fields.field' = ?2 "
                                               "ORDER BY n DESC LIMIT 1",
                                               "ss", id, field);
  gint64 away = 0;
  gboolean withdrawn;

  if (decision != NULL)
    return take_edit_back (store, decision, error) && sht_store_undo_inside (store, decision, &withdrawn, error);
  if (!sht_db_get_int (store->db, &away, error,
                       "SELECT (SELECT count(*) FROM op WHERE op = ?1 AND state = 4) + "
                       "(SELECT count(*) FROM blob WHERE photo = ?1 AND state = 4)",
                       "s", id))
    return FALSE;
  if (away == 0)
    {
      g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "nothing was decided about %s that could be taken "
                   "back", id);
      return FALSE;
    }
  return sht_db_run (store->db, error, "UPDATE op SET state = 3 WHERE op = ?1 AND state = 4", "s", id)
         && sht_db_run (store->db, error, "UPDATE blob SET state = 3 WHERE photo = ?1 AND state = 4", "s", id);
}

/**
 * sht_store_take_back_decision:
 * @id: the operation's id, or the refused photo's, as sht_store_attention() had it
 * @field: (nullable): which field of a conflict
 *
 * Takes back what sht_store_resolve() did. A decision that was never sent is as if it had not been taken, and what
 * was put away waits again; a decision that was sent is followed by the opposite one, see sht_store_undo().
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_REFUSED, as for what was sent anew, %SHT_STORE_ERROR_NOT_FOUND or a
 *   #ShtDbError, and then nothing has changed
 */
gboolean
sht_store_take_back_decision (ShtStore *store, const char *id, const char *field, GError **error)
{
  if (!sht_store_begin_step (store, error))
    return FALSE;
  if (take_back (store, id, field, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}
