/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/report/report-place.h"

#include "core/geo.h"
#include "core/json.h"
#include "core/status.h"

/* So many of the newest tickets tell which services a crew meets most: enough to be steady, few enough
 * to be counted at once on a tablet with 100,000. */
#define RECENT_TICKETS 1000
#define SITES 101
#define NEAREST 40

void
sht_report_like_free (ShtReportLike *like)
{
  g_free (like->id);
  g_free (like->title);
  g_free (like->address);
  g_free (like);
}

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
  return find_middle (sht_db_query (reader->db,
                                    "SELECT lat_e7, lon_e7 FROM ticket WHERE status = 'in_progress' AND crew = ?1 "
                                    "AND lat_e7 IS NOT NULL ORDER BY open DESC, due_at LIMIT 1",
                                    "s", reader->device.crew),
                      lat_e7, lon_e7)
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

typedef struct
{
  ShtStore *reader;
  const char *service;
  gint64 lat_e7;
  gint64 lon_e7;
  GPtrArray *found;
} Search;

static gboolean
add_ticket (gpointer data, const char *doc)
{
  Search *search = data;
  g_autoptr (JsonObject) ticket = sht_json_parse_object (doc, -1, NULL);
  double metres = sht_geo_distance (search->lat_e7, search->lon_e7, sht_json_int (ticket, "lat_e7", 0),
                                    sht_json_int (ticket, "lon_e7", 0));
  ShtReportLike *like;
  ShtStatus status;

  if (metres > SHT_REPORT_NEAR_M)
    return FALSE;
  if (g_strcmp0 (sht_json_string (ticket, "service"), search->service) != 0
      || !sht_status_parse (sht_json_string (ticket, "status"), &status) || !sht_status_is_open (status))
    return TRUE;
  like = g_new0 (ShtReportLike, 1);
  like->id = g_strdup (sht_json_string (ticket, "id"));
  like->title = g_strdup (sht_json_string (ticket, "title"));
  like->address = g_strdup (sht_json_string (ticket, "address"));
  like->metres = metres;
  g_ptr_array_add (search->found, like);
  return TRUE;
}

static gboolean
is_found (GPtrArray *found, const char *id)
{
  for (guint i = 0; i < found->len; i++)
    if (g_strcmp0 (((ShtReportLike *) g_ptr_array_index (found, i))->id, id) == 0)
      return TRUE;
  return FALSE;
}

static void
add_stubs (Search *search)
{
  gint64 box[4];
  ShtStmt *stmt;

  sht_geo_box (search->lat_e7, search->lon_e7, SHT_REPORT_NEAR_M, box);
  stmt = sht_db_query (search->reader->db,
                       "SELECT id, lat_e7, lon_e7 FROM stub WHERE service = ?1 AND lat_e7 BETWEEN ?2 AND ?3 "
                       "AND lon_e7 BETWEEN ?4 AND ?5 LIMIT 20",
                       "siiii", search->service, box[0], box[1], box[2], box[3]);
  while (sht_stmt_step (stmt))
    {
      double metres = sht_geo_distance (search->lat_e7, search->lon_e7, sht_stmt_int (stmt, 1), sht_stmt_int (stmt, 2));
      ShtReportLike *like;

      if (metres > SHT_REPORT_NEAR_M || is_found (search->found, sht_stmt_text (stmt, 0)))
        continue;
      like = g_new0 (ShtReportLike, 1);
      like->id = sht_stmt_dup (stmt, 0);
      like->metres = metres;
      g_ptr_array_add (search->found, like);
    }
  sht_stmt_end (stmt, NULL);
}

/**
 * sht_report_place_like:
 * @service: what is to be reported
 *
 * Returns: (transfer full) (element-type ShtReportLike): what is open of the same service within
 *   %SHT_REPORT_NEAR_M, the nearest of this tablet's own first
 */
GPtrArray *
sht_report_place_like (ShtStore *reader, const char *service, gint64 lat_e7, gint64 lon_e7)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_report_like_free);
  Search search = { reader, service, lat_e7, lon_e7, found };
  ShtListQuery query = { .near = TRUE, .lat_e7 = lat_e7, .lon_e7 = lon_e7, .limit = NEAREST };

  sht_store_list (reader, &query, add_ticket, &search, NULL);
  add_stubs (&search);
  return found;
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
