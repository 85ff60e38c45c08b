/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json.h"
#include "tablet/store/clock.h"

/**
 * sht_store_due_soon:
 * @within_ms: how soon, milliseconds
 *
 * Returns: (transfer full) (nullable) (element-type JsonObject): the crew's open tickets that fall due so soon and of which
 *   that was not told yet, the first first; empty on a tablet that is no crew's; %NULL with a #ShtDbError
 */
GPtrArray *
sht_store_due_soon (ShtStore *store, gint64 within_ms, GError **error)
{
  g_autoptr (GPtrArray) due = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  gint64 now = sht_store_hub_now (store);
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT t.doc FROM ticket AS t LEFT JOIN told AS o ON o.ticket = t.id AND o.due_at = t.due_at "
                                "WHERE t.open = 1 AND t.due_at > ?1 AND t.due_at <= ?2 AND t.crew = ?3 AND o.ticket IS NULL "
                                "ORDER BY t.due_at, t.row",
                                "iis", now, now + within_ms, store->device.crew);

  while (sht_stmt_step (stmt))
    {
      JsonObject *ticket = sht_json_parse_object (sht_stmt_text (stmt, 0), -1, NULL);

      if (ticket != NULL)
        g_ptr_array_add (due, ticket);
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&due) : NULL;
}

static gboolean
note (ShtStore *store, GPtrArray *due, GError **error)
{
  for (guint i = 0; i < due->len; i++)
    {
      JsonObject *ticket = g_ptr_array_index (due, i);

      if (!sht_db_run (store->db, error, "INSERT OR REPLACE INTO told (ticket, due_at) VALUES (?1, ?2)", "si",
                       sht_json_string (ticket, "id"), sht_json_int (ticket, "due_at", 0)))
        return FALSE;
    }
  return sht_db_run (store->db, error, "DELETE FROM told WHERE ticket NOT IN (SELECT id FROM ticket WHERE open = 1)", "");
}

/**
 * sht_store_told_due:
 * @due: (element-type JsonObject): tickets, as sht_store_due_soon() gave them
 *
 * Notes that it was told when they fall due; they are told of again only when that changes.
 */
gboolean
sht_store_told_due (ShtStore *store, GPtrArray *due, GError **error)
{
  if (!sht_store_begin_step (store, error))
    return FALSE;
  if (note (store, due, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}
