/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/report/report-place.h"

#include "core/json.h"
#include "core/status.h"

/* So many of the newest tickets tell which services a crew meets most: enough to be steady, few enough
 * to be counted at once on a tablet with 100,000. */
#define RECENT_TICKETS 1000
#define SITES 101

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* The middle one in each direction, which a single far ticket does not pull away. */
static gboolean
find_middle (ShtStmt *stmt, gint64 *lat_e7, gint64 *lon_e7)
{
  g_autoptr (GArray) lats = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) lons = g_array_new (FALSE, FALSE, sizeof (gint64));

  while (sht_stmt_step (stmt))
    {
      gint64 lat = sht_stmt_int (stmt, 0), lon = sht_stmt_int (stmt, 1);

      g_array_append_val (lats, lat);
      g_array_append_val (lons, lon);
    }
  if (!sht_stmt_end (stmt, NULL) || lats->len == 0)
    return FALSE;
  g_array_sort (lats, compare);
  g_array_sort (lons, compare);
  *lat_e7 = g_array_index (lats, gint64, lats->len / 2);
  *lon_e7 = g_array_index (lons, gint64, lons->len / 2);
  return TRUE;
}

/**
 * sht_report_place_guess:
 *
 * Where the tablet probably is while it has no position of its own: where its crew worked last, the middle
 * of its open tickets, or the middle of the town's places.
 *
 * Returns: %FALSE when nothing is known
 */
gboolean
sht_report_place_guess (ShtStore *reader, gint64 *lat_e7, gint64 *lon_e7)
{
  /* Only among what is open: a manager's tablet has the whole town's tickets, and reads half a second through them. */
  return (reader->device.crew != NULL
          && find_middle (sht_db_query (reader->db,
                                        "SELECT lat_e7, lon_e7 FROM ticket WHERE open = 1 AND status = 'in_progress' "
                                        "AND crew = ?1 AND lat_e7 IS NOT NULL ORDER BY open DESC, due_at LIMIT 1",
                                        "s", reader->device.crew),
                          lat_e7, lon_e7))
         || find_middle (sht_db_query (reader->db,
                                       "SELECT lat_e7, lon_e7 FROM ticket WHERE open = 1 AND lat_e7 IS NOT NULL "
                                       "AND (?1 IS NULL OR crew = ?1) ORDER BY open DESC, due_at, row LIMIT ?2",
                                       "si", reader->device.crew, (gint64) SITES),
                         lat_e7, lon_e7)
         || find_middle (sht_db_query (reader->db,
                                       "SELECT lat_e7, lon_e7 FROM place WHERE lat_e7 IS NOT NULL LIMIT ?1", "i",
                                       (gint64) SITES),
                         lat_e7, lon_e7);
}

/**
 * sht_report_place_services:
 * @n: how many at the most
 *
 * Returns: (transfer full) (element-type utf8): the services met most here, and after them the others of
 *   the tablet's own department
 */
GPtrArray *
sht_report_place_services (ShtStore *reader, guint n)
{
  GPtrArray *codes = g_ptr_array_new_with_free_func (g_free);
  ShtStmt *stmt = sht_db_query (reader->db,
                                "SELECT e.id FROM entity AS e LEFT JOIN (SELECT service, count(*) AS n FROM "
                                "(SELECT service FROM ticket ORDER BY row DESC LIMIT ?1) GROUP BY service) AS t "
                                "ON t.service = e.id WHERE e.type = 'service' "
                                "ORDER BY coalesce(t.n, 0) DESC, (e.doc ->> 'department') IS NOT ?2, e.id LIMIT ?3",
                                "isi", (gint64) RECENT_TICKETS, reader->device.department, (gint64) n);

  while (sht_stmt_step (stmt))
    g_ptr_array_add (codes, sht_stmt_dup (stmt, 0));
  sht_stmt_end (stmt, NULL);
  return codes;
}
