/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/geo.h"

void
sht_near_free (ShtNear *near)
{
  g_free (near->id);
  g_free (near->service);
  g_free (near->number);
  g_free (near->title);
  g_free (near->address);
  g_free (near);
}

static int
by_distance (gconstpointer a, gconstpointer b)
{
  const ShtNear *one = *(ShtNear *const *) a, *other = *(ShtNear *const *) b;

  if (one->metres != other->metres)
    return one->metres < other->metres ? -1 : 1;
  return g_strcmp0 (one->id, other->id);
}

/* Columns: id, lat, lon, service, is others', number, title, address. */
static gboolean
collect (ShtStmt *stmt, gint64 lat_e7, gint64 lon_e7, double metres, GPtrArray *found, GError **error)
{
  while (sht_stmt_step (stmt))
    {
      double away = sht_geo_distance (lat_e7, lon_e7, sht_stmt_int (stmt, 1), sht_stmt_int (stmt, 2));
      ShtNear *near;

      if (away > metres)
        continue;
      near = g_new0 (ShtNear, 1);
      near->id = sht_stmt_dup (stmt, 0);
      near->metres = away;
      near->service = sht_stmt_dup (stmt, 3);
      near->is_others = sht_stmt_int (stmt, 4) != 0;
      near->number = sht_stmt_dup (stmt, 5);
      near->title = sht_stmt_dup (stmt, 6);
      near->address = sht_stmt_dup (stmt, 7);
      g_ptr_array_add (found, near);
    }
  return sht_stmt_end (stmt, error);
}

/**
 * sht_store_near:
 * @lat_e7: 1e-7 degree
 * @lon_e7: likewise
 * @metres: how far, as the crow flies
 * @service: (nullable): a code: of this service alone
 * @but: (nullable): a ticket's UUID that is not wanted
 * @limit: how many at the most
 *
 * What is open round a place: this tablet's own tickets, and of others' what everybody in town may know. What came in a moment
 * ago is found once it has been indexed, see sht_store_index_some().
 *
 * Returns: (transfer full) (nullable) (element-type ShtNear): the nearest first
 */
GPtrArray *
sht_store_near (ShtStore *store, gint64 lat_e7, gint64 lon_e7, double metres, const char *service, const char *but,
                guint limit, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_near_free);
  gint64 box[4];

  sht_geo_box (lat_e7, lon_e7, metres, box);
  if (!collect (sht_db_query (store->db,
                              "SELECT t.id, s.min_lat, s.min_lon, t.service, 0, t.number, t.title, t.address "
                              "FROM ticket_spot AS s CROSS JOIN ticket AS t ON t.row = s.row WHERE s.max_lat >= ?1 "
                              "AND s.min_lat <= ?2 AND s.max_lon >= ?3 AND s.min_lon <= ?4 AND t.open = 1 "
                              "AND (?5 IS NULL OR t.service = ?5) AND t.id IS NOT ?6",
                              "iiiiss", box[0], box[1], box[2], box[3], service, but),
                lat_e7, lon_e7, metres, found, error)
      || !collect (sht_db_query (store->db,
                                 "SELECT id, lat_e7, lon_e7, service, 1, NULL, NULL, NULL FROM stub WHERE lat_e7 BETWEEN ?1 "
                                 "AND ?2 AND lon_e7 BETWEEN ?3 AND ?4 AND (?5 IS NULL OR service = ?5) AND id IS NOT ?6 "
                                 "AND NOT EXISTS (SELECT 1 FROM ticket WHERE id = stub.id)",
                                 "iiiiss", box[0], box[1], box[2], box[3], service, but),
                   lat_e7, lon_e7, metres, found, error))
    return NULL;
  g_ptr_array_sort (found, by_distance);
  if (found->len > limit)
    g_ptr_array_set_size (found, (int) limit);
  return g_steal_pointer (&found);
}
