/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json-guard.h"
#include "core/json-slice.h"
#include "core/json.h"
#include "core/view.h"
#include "tablet/store/notice.h"

/* Whether somebody else has said something of an obstacle since it was last looked at here. SQLite works out both sides of
 * an AND that is a value. */
#define OTHERS_SAID                                                                                                  \
  "EXISTS (SELECT 1 FROM event AS e WHERE e.parent = o.id AND e.doc ->> 'rev' > o.seen AND e.doc ->> 'device' <> ?1)"
#define IS_NEWS "CASE WHEN o.rev > o.seen THEN " OTHERS_SAID " ELSE 0 END"
#define VIEWED                                                                                                       \
  "o.doc, (SELECT count(*) FROM event AS e WHERE e.parent = o.id AND e.doc ->> 'kind' = 'answer'), " IS_NEWS         \
  ", t.number FROM obstacle AS o LEFT JOIN ticket AS t ON t.id = o.ticket"

/**
 * sht_store_put_obstacle:
 * @doc: the obstacle as it is to be seen
 * @scope_bit: as in sht_store_put_line()
 *
 * Writes what is seen of an obstacle, inside the caller's transaction. What a first fill brings is no news.
 */
gboolean
sht_store_put_obstacle (ShtStore *store, const char *id, const char *doc, gsize length, guint64 scope_bit,
                        gint64 generation, GError **error)
{
  enum { TICKET, REV, STATUS, UPDATED_AT, N };
  static const ShtJsonName names[N] = { SHT_JSON_NAME ("ticket"), SHT_JSON_NAME ("rev"), SHT_JSON_NAME ("status"), SHT_JSON_NAME ("updated_at") };
  ShtJsonSlice values[N];
  g_autofree char *ticket = NULL;
  gint64 rev = 0, updated_at = 0;

  if (!sht_json_guard_members (doc, length, SHT_JSON_MAX_DEPTH, names, N, values, error))
    return FALSE;
  ticket = sht_json_slice_string (values[TICKET]);
  sht_json_slice_int (values[REV], &rev);
  sht_json_slice_int (values[UPDATED_AT], &updated_at);
  return sht_db_run (store->db, error,
                     "INSERT INTO obstacle (id, ticket, rev, settled, updated_at, scopes, gen, seen, doc) VALUES (?1, ?2, ?3, ?4,"
                     " ?5, ?6, ?7, ?8, ?9)"
                     " ON CONFLICT (id) DO UPDATE SET ticket = excluded.ticket, rev = excluded.rev,"
                     " settled = excluded.settled, updated_at = excluded.updated_at,"
                     " scopes = CASE WHEN gen < excluded.gen THEN excluded.scopes ELSE scopes | excluded.scopes END,"
                     " gen = max (gen, excluded.gen),"
                     " seen = CASE WHEN excluded.rev > 0 THEN min (seen, excluded.rev) ELSE seen END, doc = excluded.doc",
                     "ssiiiiiit", id, ticket, rev, (gint64) sht_json_slice_equals (values[STATUS], "settled"), updated_at,
                     (gint64) scope_bit, generation, sht_store_is_filled (store) ? 0 : rev, doc, length);
}

/**
 * sht_store_purge_obstacle:
 *
 * Takes an obstacle with its answers and photos off the tablet, as sht_store_purge_ticket() does a ticket.
 */
gboolean
sht_store_purge_obstacle (ShtStore *store, const char *id, GError **error)
{
  return sht_store_purge_children (store, id, error)
         && sht_db_run (store->db, error, "DELETE FROM base WHERE type = 'obstacle' AND id = ?1", "s", id)
         && sht_db_run (store->db, error, "DELETE FROM obstacle WHERE id = ?1", "s", id);
}

static const char *
my_device (ShtStore *store)
{
  return store->device.id != NULL ? store->device.id : "";
}

static JsonObject *
view_row (ShtStmt *stmt, GError **error)
{
  g_autoptr (JsonObject) doc = sht_json_parse_object (sht_stmt_text (stmt, 0), -1, error);
  JsonObject *view = doc != NULL ? sht_view_obstacle (doc) : NULL;

  if (view == NULL)
    return NULL;
  json_object_set_int_member (view, "answers", sht_stmt_int (stmt, 1));
  json_object_set_boolean_member (view, "news", sht_stmt_int (stmt, 2) != 0);
  sht_json_set_string (view, "number", sht_stmt_text (stmt, 3));
  return view;
}

/**
 * sht_store_obstacles:
 * @limit: how many at the most, 0 for all
 * @count: (out) (optional): how many there are
 *
 * Returns: (transfer full) (nullable): obstacles as sht_view_obstacle() has them, with `number` of the ticket that each
 *   holds up, how many `answers` there are and whether there is `news`: those with news first, then what is open, the
 *   newest first; %NULL with a #ShtDbError
 */
JsonArray *
sht_store_obstacles (ShtStore *store, gint64 limit, gint64 *count, GError **error)
{
  g_autoptr (JsonArray) list = json_array_new ();
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT " VIEWED " JOIN (SELECT id, max (news) AS news FROM ("
                                " SELECT o.id, 1 AS news FROM obstacle AS o INDEXED BY obstacle_news"
                                " WHERE o.rev > o.seen AND " OTHERS_SAID " UNION ALL SELECT id, 0 FROM (SELECT id FROM obstacle"
                                " ORDER BY settled, updated_at DESC, id DESC LIMIT ?2)) GROUP BY id) AS first ON first.id = o.id"
                                " ORDER BY first.news DESC, o.settled, o.updated_at DESC, o.id DESC LIMIT ?2",
                                "si", my_device (store), limit > 0 ? limit : -1);
  gboolean ok = TRUE;

  while (ok && sht_stmt_step (stmt))
    {
      JsonObject *view = view_row (stmt, error);

      ok = view != NULL;
      if (ok)
        json_array_add_object_element (list, view);
    }
  if (!sht_stmt_end (stmt, ok ? error : NULL) || !ok
      || (count != NULL && !sht_db_get_int (store->db, count, error, "SELECT count(*) FROM obstacle", "")))
    return NULL;
  return g_steal_pointer (&list);
}

/**
 * sht_store_count_obstacle_news:
 * @count: (out): of how many obstacles somebody else has said something since they were last looked at here
 */
gboolean
sht_store_count_obstacle_news (ShtStore *store, gint64 *count, GError **error)
{
  return sht_db_get_int (store->db, count, error,
                         "SELECT count(*) FROM obstacle AS o INDEXED BY obstacle_news WHERE o.rev > o.seen AND " OTHERS_SAID,
                         "s", my_device (store));
}

/**
 * sht_store_obstacle_seen:
 *
 * Notes that what was said of an obstacle so far has been looked at.
 */
gboolean
sht_store_obstacle_seen (ShtStore *store, const char *id, GError **error)
{
  return sht_db_run (store->db, error, "UPDATE obstacle SET seen = rev WHERE id = ?1", "s", id);
}

/**
 * sht_store_obstacle_view:
 *
 * Returns: (transfer full) (nullable): an obstacle as in sht_store_obstacles(), with its `photos` and, in `events`, how it
 *   was raised and each answer; %NULL with %SHT_STORE_ERROR_NOT_FOUND or another error
 */
JsonObject *
sht_store_obstacle_view (ShtStore *store, const char *id, GError **error)
{
  g_autoptr (JsonObject) view = NULL;
  g_autoptr (JsonArray) photos = json_array_new ();
  g_autoptr (JsonArray) events = json_array_new ();
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT " VIEWED " WHERE o.id = ?2",
                                "ss", my_device (store), id);
  gboolean found = sht_stmt_step (stmt);

  if (found)
    view = view_row (stmt, error);
  if (!sht_stmt_end (stmt, error != NULL && *error != NULL ? NULL : error) || (found && view == NULL))
    return NULL;
  if (!found)
    {
      g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "there is no obstacle %s on this tablet", id);
      return NULL;
    }
  if (!sht_store_add_photos (store, id, photos, error) || !sht_store_add_events (store, id, events, error))
    return NULL;
  json_object_set_array_member (view, "photos", g_steal_pointer (&photos));
  json_object_set_array_member (view, "events", g_steal_pointer (&events));
  return g_steal_pointer (&view);
}
