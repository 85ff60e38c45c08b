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

/* What everybody in town may know of others' tickets. */
static gboolean
collect_others (ShtStore *store, gint64 lat_e7, gint64 lon_e7, double metres, const gint64 *box, const char *service,
                const char *but, GPtrArray *found, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT id, lat_e7, lon_e7, service FROM stub WHERE lat_e7 BETWEEN ?1 "
                                "AND ?2 AND lon_e7 BETWEEN ?3 AND ?4 AND (?5 IS NULL OR service = ?5) AND id IS NOT ?6 "
                                "AND NOT EXISTS (SELECT 1 FROM ticket WHERE id = stub.id)",
                                "iiiiss", box[0], box[1], box[2], box[3], service, but);

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
      near->is_others = TRUE;
      g_ptr_array_add (found, near);
    }
  return sht_stmt_end (stmt, error);
}

typedef struct
{
  gint64 row; /* of table ticket */
  double metres;
} Spot;

static int
spot_by_distance (gconstpointer a, gconstpointer b)
{
  const Spot *one = a, *other = b;

  return one->metres < other->metres ? -1 : one->metres > other->metres;
}

/* Where tickets lie, those too that are not open any more: the spots are small, and lie close together. */
static gboolean
collect_spots (ShtStore *store, gint64 lat_e7, gint64 lon_e7, double metres, const gint64 *box, GArray *spots,
               GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT row, min_lat, min_lon FROM ticket_spot WHERE max_lat >= ?1 AND min_lat <= ?2 "
                                "AND max_lon >= ?3 AND min_lon <= ?4",
                                "iiii", box[0], box[1], box[2], box[3]);

  while (sht_stmt_step (stmt))
    {
      Spot spot = { sht_stmt_int (stmt, 0),
                    sht_geo_distance (lat_e7, lon_e7, sht_stmt_int (stmt, 1), sht_stmt_int (stmt, 2)) };

      if (spot.metres <= metres)
        g_array_append_val (spots, spot);
    }
  g_array_sort (spots, spot_by_distance);
  return sht_stmt_end (stmt, error);
}

/* A town of 100,000 tickets has hundreds within 150 m, and to read each of them takes 20 ms: they are read from the nearest
 * on, until there are enough. */
static gboolean
collect_own (ShtStore *store, GArray *spots, const char *service, const char *but, guint limit, GPtrArray *found,
             GError **error)
{
  double last = 0;

  for (guint i = 0; i < spots->len; i++)
    {
      Spot *spot = &g_array_index (spots, Spot, i);
      ShtStmt *stmt;

      /* Of those that are equally far the id decides. */
      if (found->len >= limit && spot->metres > last)
        break;
      stmt = sht_db_query (store->db,
                           "SELECT id, service, number, title, address FROM ticket WHERE row = ?1 AND open = 1 "
                           "AND (?2 IS NULL OR service = ?2) AND id IS NOT ?3",
                           "iss", spot->row, service, but);
      if (sht_stmt_step (stmt))
        {
          ShtNear *near = g_new0 (ShtNear, 1);

          near->id = sht_stmt_dup (stmt, 0);
          near->metres = last = spot->metres;
          near->service = sht_stmt_dup (stmt, 1);
          near->number = sht_stmt_dup (stmt, 2);
          near->title = sht_stmt_dup (stmt, 3);
          near->address = sht_stmt_dup (stmt, 4);
          g_ptr_array_add (found, near);
        }
      if (!sht_stmt_end (stmt, error))
        return FALSE;
    }
  return TRUE;
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
  g_autoptr (GArray) spots = g_array_new (FALSE, FALSE, sizeof (Spot));
  gint64 box[4];

  sht_geo_box (lat_e7, lon_e7, metres, box);
  if (!collect_spots (store, lat_e7, lon_e7, metres, box, spots, error)
      || !collect_own (store, spots, service, but, limit, found, error)
      || !collect_others (store, lat_e7, lon_e7, metres, box, service, but, found, error))
    return NULL;
  g_ptr_array_sort (found, by_distance);
  if (found->len > limit)
    g_ptr_array_set_size (found, (int) limit);
  return g_steal_pointer (&found);
}
