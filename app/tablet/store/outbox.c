/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json.h"
#include "core/view.h"

#include <string.h>

/* Behind that lies what this tablet has ever done: it is not looked through at each push. */
#define FIRST_WAITING "(SELECT min (n) FROM op INDEXED BY op_waiting WHERE state < 2)"

/* What waits for a person's word. A conflict leaves with its ticket: whoever has that decides. */
#define TO_DECIDE                                                                                                  \
  "state = 3 AND (result ->> 'result' IS NOT 'conflict' OR EXISTS (SELECT 1 FROM event AS e "                      \
  "WHERE e.parent = op.ticket AND e.id = op.op))"

static void
outgoing_free (gpointer data)
{
  ShtOutgoing *outgoing = data;

  g_free (outgoing->op);
  g_free (outgoing->bytes);
  g_free (outgoing);
}

/* What depends on something that a person has to decide first, or on what was sent anew behind it, also by way of others. Most
 * depends on nothing, and what does most often on what was done before it: that is seen in one go. */
static GHashTable *
load_blocked (ShtStore *store, GError **error)
{
  g_autoptr (GHashTable) blocked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean more;

  do
    {
      ShtStmt *stmt = sht_db_query (store->db,
                                    "SELECT w.op, w.depends_on, d.state = 3 OR (d.state < 2 AND d.n > w.n) FROM op AS w "
                                    "CROSS JOIN op AS d ON d.op = w.depends_on WHERE w.depends_on IS NOT NULL AND w.state < 2",
                                    "");

      more = FALSE;
      while (sht_stmt_step (stmt))
        if (sht_stmt_int (stmt, 2) != 0 || g_hash_table_contains (blocked, sht_stmt_text (stmt, 1)))
          more |= g_hash_table_add (blocked, sht_stmt_dup (stmt, 0));
      if (!sht_stmt_end (stmt, error))
        return NULL;
    }
  while (more);
  return g_steal_pointer (&blocked);
}

static GPtrArray *
collect_push (ShtStore *store, const char *incarnation, guint max_operations, gsize max_bytes, GError **error)
{
  g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func (outgoing_free);
  g_autoptr (GHashTable) blocked = load_blocked (store, error);
  ShtStmt *stmt;
  gsize total = 0;

  if (blocked == NULL)
    return NULL;
  /* What depends on something that a person has to decide first waits; the rest goes on. */
  stmt = sht_db_query (store->db,
                       "SELECT op, CASE WHEN incarnation IS ?1 THEN device_seq END, bytes, state, n FROM op "
                       "WHERE n >= " FIRST_WAITING " AND state < 2 ORDER BY n",
                       "s", incarnation);
  while (batch->len < max_operations && sht_stmt_step (stmt))
    {
      ShtOutgoing *outgoing;

      if (g_hash_table_contains (blocked, sht_stmt_text (stmt, 0)))
        continue;
      outgoing = g_new0 (ShtOutgoing, 1);
      outgoing->n = sht_stmt_int (stmt, 4);
      outgoing->op = sht_stmt_dup (stmt, 0);
      outgoing->device_seq = sht_stmt_is_null (stmt, 1) ? -1 : sht_stmt_int (stmt, 1);
      outgoing->bytes = sht_stmt_dup (stmt, 2);
      outgoing->is_first = sht_stmt_int (stmt, 3) == SHT_OP_LOCAL;
      outgoing->is_marked = !outgoing->is_first && outgoing->device_seq >= 0;
      total += sht_stmt_bytes (stmt, 2) + 128;
      if (total > max_bytes && batch->len > 0)
        {
          outgoing_free (outgoing);
          break;
        }
      g_ptr_array_add (batch, outgoing);
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&batch) : NULL;
}

/* Numbers go upwards in the order of sending; what was sent before keeps its own where that fits. */
static gboolean
number_batch (ShtStore *store, GPtrArray *batch, GError **error)
{
  gint64 first = sht_store_get_number (store, "next_device_seq", 1);
  gint64 next = first, last = 0;

  for (guint i = 0; i < batch->len; i++)
    {
      ShtOutgoing *outgoing = g_ptr_array_index (batch, i);

      if (outgoing->device_seq <= last)
        {
          outgoing->device_seq = next++;
          outgoing->is_marked = FALSE;
        }
      last = outgoing->device_seq;
    }
  return next == first || sht_store_set_number (store, "next_device_seq", next, error);
}

static gboolean
mark_sent (ShtStore *store, const char *incarnation, GPtrArray *batch, GError **error)
{
  gint64 now = sht_store_now (store);

  for (guint i = 0; i < batch->len; i++)
    {
      ShtOutgoing *outgoing = g_ptr_array_index (batch, i);

      /* It is told since when it is on its way: what goes again was marked then. */
      if (!outgoing->is_marked
          && !sht_db_run (store->db, error,
                          "UPDATE op SET state = 1, device_seq = ?2, sent_at = ?3, incarnation = ?4 WHERE n = ?1", "iiis",
                          outgoing->n, outgoing->device_seq, now, incarnation))
        return FALSE;
    }
  return TRUE;
}

static gboolean
all_marked (GPtrArray *batch)
{
  for (guint i = 0; i < batch->len; i++)
    if (!((ShtOutgoing *) g_ptr_array_index (batch, i))->is_marked)
      return FALSE;
  return TRUE;
}

/* Over a bad link most of what goes has gone before: then there is nothing to be written, and no sync of the disk to wait for. */
static gboolean
end_marking (ShtStore *store, gint64 count, GPtrArray *batch, GError **error)
{
  if (count > 0 || !all_marked (batch))
    return sht_db_commit (store->db, error) && sht_store_counted_sending (store, count, error);
  sht_db_rollback (store->db);
  return TRUE;
}

/**
 * sht_store_next_push:
 * @max_operations: how many at the most
 * @max_bytes: how many bytes at the most; the first always goes
 *
 * Takes the next operations to be sent, in order, marks them as attempted, and numbers those that go for
 * the first time. The mark is durable before anything is sent.
 *
 * @incarnation: (out) (transfer full): under which they are numbered
 *
 * Returns: (transfer full) (nullable) (element-type ShtOutgoing): the operations; empty when nothing
 *   waits, %NULL with an error
 */
GPtrArray *
sht_store_next_push (ShtStore *store, guint max_operations, gsize max_bytes, char **incarnation, GError **error)
{
  g_autoptr (GPtrArray) batch = NULL;
  g_autofree char *now = NULL;
  gint64 count, waits = 0;

  /* Most often there is nothing: no lock is taken for that. */
  if (!sht_db_get_int (store->db, &waits, error, "SELECT 1 FROM op WHERE state < 2 LIMIT 1", ""))
    return NULL;
  if (waits == 0)
    return g_ptr_array_new ();
  if (!sht_db_begin (store->db, error))
    return NULL;
  /* Read where nobody else writes: another process may have been told to begin a new one. */
  now = sht_store_get_text (store, "incarnation");
  batch = collect_push (store, now, max_operations, max_bytes, error);
  if (batch == NULL || batch->len == 0)
    {
      sht_db_rollback (store->db);
      return g_steal_pointer (&batch);
    }
  if (!sht_store_count_sending (store, &count, error) || !number_batch (store, batch, error)
      || !mark_sent (store, now, batch, error))
    {
      sht_db_rollback (store->db);
      return NULL;
    }
  if (!end_marking (store, count, batch, error))
    return NULL;
  *incarnation = g_steal_pointer (&now);
  return g_steal_pointer (&batch);
}

static gboolean
mark_exported (ShtStore *store, const char *incarnation, GPtrArray *batch, gint64 at, GError **error)
{
  for (guint i = 0; i < batch->len; i++)
    {
      ShtOutgoing *outgoing = g_ptr_array_index (batch, i);

      if (!sht_db_run (store->db, error,
                       "UPDATE op SET exported_at = coalesce (exported_at, ?2), device_seq = ?3, incarnation = ?4 "
                       "WHERE n = ?1",
                       "iiis", outgoing->n, at, outgoing->device_seq, incarnation))
        return FALSE;
    }
  return TRUE;
}

/**
 * sht_store_export:
 * @at: the tablet's clock, ms
 * @incarnation: (out) (transfer full): under which they are numbered
 * @batch: (out) (transfer full) (element-type ShtOutgoing): all that can go, in order
 *
 * Numbers all that can go as a push of it would, and notes that it leaves in a file: from here on it may reach the
 * hub without this tablet knowing. What waits for a decision stays.
 */
gboolean
sht_store_export (ShtStore *store, gint64 at, char **incarnation, GPtrArray **batch, GError **error)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autofree char *now = NULL;
  gint64 count;

  if (!sht_db_begin (store->db, error))
    return FALSE;
  now = sht_store_get_text (store, "incarnation");
  all = collect_push (store, now, G_MAXUINT, G_MAXSIZE, error);
  if (all == NULL || !sht_store_count_sending (store, &count, error) || !number_batch (store, all, error)
      || !mark_exported (store, now, all, at, error))
    {
      sht_db_rollback (store->db);
      return FALSE;
    }
  if (!sht_db_commit (store->db, error) || !sht_store_counted_sending (store, count, error))
    return FALSE;
  *incarnation = g_steal_pointer (&now);
  *batch = g_steal_pointer (&all);
  return TRUE;
}

/**
 * sht_store_unexport:
 * @at: what sht_store_export() was told
 *
 * The file did not come to be.
 */
gboolean
sht_store_unexport (ShtStore *store, gint64 at, GError **error)
{
  return sht_db_run (store->db, error, "UPDATE op SET exported_at = NULL WHERE exported_at = ?1", "i", at);
}

static gboolean
unmark (ShtStore *store, GPtrArray *batch, GError **error)
{
  for (guint i = 0; i < batch->len; i++)
    {
      ShtOutgoing *outgoing = g_ptr_array_index (batch, i);

      if (outgoing->is_first
          && !sht_db_run (store->db, error, "UPDATE op SET state = 0, sent_at = NULL WHERE op = ?1 AND state = 1", "s",
                          outgoing->op))
        return FALSE;
    }
  return TRUE;
}

/**
 * sht_store_not_sent:
 * @batch: (element-type ShtOutgoing): what sht_store_next_push() gave
 *
 * Nothing of a push has left this machine, there was no way to the hub: what went for the first time is on this
 * tablet alone as before, and can still be withdrawn.
 */
gboolean
sht_store_not_sent (ShtStore *store, GPtrArray *batch, GError **error)
{
  if (!sht_db_begin (store->db, error))
    return FALSE;
  if (unmark (store, batch, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}

/**
 * sht_store_count_sendable:
 * @operations: (out): operations that can go now: not confirmed, and depending on nothing that a person has
 *   to decide first
 * @photos: (out): photos and thumbnails whose operation is confirmed or can go
 */
gboolean
sht_store_count_sendable (ShtStore *store, gint64 *operations, gint64 *photos, GError **error)
{
  g_autoptr (GHashTable) blocked = load_blocked (store, error);
  ShtStmt *stmt;

  *operations = *photos = 0;
  if (blocked == NULL
      || !sht_db_get_int (store->db, operations, error, "SELECT count(*) FROM op INDEXED BY op_waiting WHERE state < 2", ""))
    return FALSE;
  /* Each of them waits. */
  *operations -= g_hash_table_size (blocked);
  stmt = sht_db_query (store->db, "SELECT o.op FROM blob AS b JOIN op AS o ON o.op = b.op WHERE b.state < 2 AND o.state < 3", "");
  while (sht_stmt_step (stmt))
    *photos += !g_hash_table_contains (blocked, sht_stmt_text (stmt, 0));
  return sht_stmt_end (stmt, error);
}

/**
 * sht_store_count_pending:
 * @operations: (out) (optional): operations that the hub has not confirmed, but for those whose photo is counted
 * @photos: (out) (optional): photos and voice notes whose bytes it has not confirmed, but for those of what it refused
 * @attention: (out) (optional): what a person has to decide
 */
gboolean
sht_store_count_pending (ShtStore *store, gint64 *operations, gint64 *photos, gint64 *attention, GError **error)
{
  gint64 counts[3] = { 0 };

  if (!sht_db_get_int (store->db, &counts[0], error, "SELECT count(*) FROM op WHERE state < 2 AND op NOT IN (SELECT op FROM blob WHERE state < 2 AND NOT is_thumb)",
                       "")
      || !sht_db_get_int (store->db, &counts[1], error,
                          "SELECT count(*) FROM blob AS b JOIN op AS o ON o.op = b.op WHERE b.state < 2 AND NOT b.is_thumb "
                          "AND o.state < 3", "")
      || !sht_db_get_int (store->db, &counts[2], error,
                          "SELECT (SELECT count(*) FROM op WHERE " TO_DECIDE ") "
                          "+ (SELECT count(*) FROM blob WHERE state = 3 AND NOT is_thumb)",
                          ""))
    return FALSE;
  if (operations != NULL)
    *operations = counts[0];
  if (photos != NULL)
    *photos = counts[1];
  if (attention != NULL)
    *attention = counts[2];
  return TRUE;
}

/**
 * sht_store_bytes_kind:
 * @kind: (nullable): of the operation that bytes follow
 *
 * Returns: (transfer none): what the sending of them is called
 */
const char *
sht_store_bytes_kind (const char *kind)
{
  return g_strcmp0 (kind, sht_kind_name (SHT_KIND_VOICE_ADD)) == 0 ? "voice.bytes" : "photo.bytes";
}

static JsonObject *
outbox_row (ShtStmt *stmt)
{
  static const char *const states[] = { "on_device", "sent", "confirmed", "needs_attention" };
  JsonObject *row = json_object_new ();
  g_autoptr (JsonObject) op = sht_json_parse_object (sht_stmt_text (stmt, 4), -1, NULL);
  g_autofree char *made = sht_view_time (sht_stmt_int (stmt, 5));

  json_object_set_string_member (row, "id", sht_stmt_text (stmt, 0));
  json_object_set_string_member (row, "kind", sht_stmt_text (stmt, 1));
  json_object_set_string_member (row, "entity", sht_stmt_text (stmt, 2));
  json_object_set_string_member (row, "state", states[CLAMP (sht_stmt_int (stmt, 3), 0, 3)]);
  json_object_set_string_member (row, "at", made);
  json_object_set_boolean_member (row, "saved", !sht_stmt_is_null (stmt, 7));
  if (sht_json_object (op, "fields") != NULL)
    json_object_set_object_member (row, "fields", json_object_ref (sht_json_object (op, "fields")));
  if (!sht_stmt_is_null (stmt, 6))
    {
      g_autoptr (JsonObject) result = sht_json_parse_object (sht_stmt_text (stmt, 6), -1, NULL);

      sht_json_set_string (row, "result", sht_json_string (result, "result"));
      sht_json_set_string (row, "reason", sht_json_string (result, "reason"));
    }
  return row;
}

/**
 * sht_store_outbox:
 *
 * Returns: (transfer full) (nullable): all that is not confirmed, in the order in which it was done:
 *   operations, then the bytes of photos and voice notes
 */
JsonArray *
sht_store_outbox (ShtStore *store, GError **error)
{
  JsonArray *rows = json_array_new ();
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT op, kind, entity, state, bytes, made_at, result, exported_at FROM op "
                                "WHERE n IN (SELECT n FROM op WHERE state < 2 UNION ALL SELECT n FROM op WHERE " TO_DECIDE ") "
                                "ORDER BY n",
                                "");
  gboolean ok;

  while (sht_stmt_step (stmt))
    json_array_add_object_element (rows, outbox_row (stmt));
  ok = sht_stmt_end (stmt, error);
  if (ok)
    {
      stmt = sht_db_query (store->db,
                           "SELECT b.photo, b.size, b.state, b.sha256, b.reason, o.kind FROM blob AS b "
                           "LEFT JOIN op AS o ON o.op = b.op WHERE b.state IN (0, 1, 3) AND NOT b.is_thumb ORDER BY b.n",
                           "");
      while (sht_stmt_step (stmt))
        {
          JsonObject *row = json_object_new ();
          gint64 state = sht_stmt_int (stmt, 2);

          json_object_set_string_member (row, "id", sht_stmt_text (stmt, 0));
          json_object_set_string_member (row, "kind", sht_store_bytes_kind (sht_stmt_text (stmt, 5)));
          json_object_set_string_member (row, "entity", sht_stmt_text (stmt, 0));
          json_object_set_string_member (row, "state",
                                         state == 0 ? "on_device" : state == 1 ? "sent" : "needs_attention");
          json_object_set_int_member (row, "size", sht_stmt_int (stmt, 1));
          json_object_set_string_member (row, "sha256", sht_stmt_text (stmt, 3));
          sht_json_set_string (row, "reason", sht_stmt_text (stmt, 4));
          json_array_add_object_element (rows, row);
        }
      ok = sht_stmt_end (stmt, error);
    }
  if (ok)
    return rows;
  json_array_unref (rows);
  return NULL;
}
