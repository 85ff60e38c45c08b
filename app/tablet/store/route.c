/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/route.h"

#include "core/json.h"

#include <string.h>

/* How long a piece of work takes is told by nobody; this is said on the page. */
#define WORK_MS (20 * 60 * G_GINT64_CONSTANT (1000))
#define PLACED "route"

void
sht_route_row_free (ShtRouteRow *row)
{
  g_free (row->id);
  g_free (row->number);
  g_free (row->title);
  g_free (row->address);
  g_free (row->service);
  g_free (row);
}

void
sht_route_free (ShtRoute *route)
{
  g_clear_pointer (&route->rows, g_ptr_array_unref);
  g_free (route);
}

static ShtRouteRow *
read_row (ShtStmt *stmt)
{
  ShtRouteRow *row = g_new0 (ShtRouteRow, 1);
  gint64 due = sht_stmt_int (stmt, 8);

  row->id = sht_stmt_dup (stmt, 0);
  row->number = sht_stmt_dup (stmt, 1);
  row->title = sht_stmt_dup (stmt, 2);
  row->address = sht_stmt_dup (stmt, 3);
  row->service = sht_stmt_dup (stmt, 4);
  sht_status_parse (sht_stmt_text (stmt, 5), &row->status);
  row->stop = (ShtRouteStop){
    .lat_e7 = sht_stmt_int (stmt, 6),
    .lon_e7 = sht_stmt_int (stmt, 7),
    .due_at = due < SHT_NEVER_DUE ? due : 0,
    .visit_from = sht_stmt_int (stmt, 9),
    .visit_to = sht_stmt_int (stmt, 10),
    .work_ms = WORK_MS,
    .is_begun = row->status == SHT_STATUS_ON_THE_WAY || row->status == SHT_STATUS_IN_PROGRESS,
    .is_urgent = g_strcmp0 (sht_stmt_text (stmt, 11), "urgent") == 0,
  };
  return row;
}

static GPtrArray *
read_rows (ShtStore *store, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_route_row_free);
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT id, number, title, address, service, status, lat_e7, lon_e7, due_at, "
                                "doc ->> '$.visit.from', doc ->> '$.visit.to', doc ->> '$.priority' FROM ticket "
                                "WHERE open = 1 AND crew = ?1 AND status IN ('assigned', 'on_the_way', 'in_progress') "
                                "AND lat_e7 IS NOT NULL AND lon_e7 IS NOT NULL ORDER BY open DESC, due_at, row LIMIT ?2",
                                "si", store->device.crew, (gint64) SHT_ROUTE_MAX_STOPS);

  while (sht_stmt_step (stmt))
    g_ptr_array_add (rows, read_row (stmt));
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&rows) : NULL;
}

/* Which of the rows a person has put in order; those that have gone are forgotten without a word. */
static GArray *
read_placed (ShtStore *store, GPtrArray *rows)
{
  g_autofree char *text = sht_store_get_text (store, PLACED);
  g_auto (GStrv) ids = g_strsplit (text != NULL ? text : "", " ", -1);
  GArray *placed = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; ids[i] != NULL; i++)
    for (guint row = 0; row < rows->len; row++)
      if (g_str_equal (((ShtRouteRow *) g_ptr_array_index (rows, row))->id, ids[i]))
        g_array_append_val (placed, row);
  return placed;
}

static const ShtCalendar *
calendar_of (ShtStore *store)
{
  const ShtTown *town = NULL;
  const char *name = NULL;

  if (!sht_store_get_town (store, &town, NULL))
    return NULL;
  if (store->device.department != NULL)
    name = g_hash_table_lookup (town->calendar_of, store->device.department);
  return sht_town_find (town, name);
}

/* Without a position of its own the crew is where it works now. */
static void
find_start (ShtRouteStart *start, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len && !start->known; i++)
    {
      const ShtRouteRow *row = g_ptr_array_index (rows, i);

      if (row->status != SHT_STATUS_IN_PROGRESS)
        continue;
      start->known = TRUE;
      start->lat_e7 = row->stop.lat_e7;
      start->lon_e7 = row->stop.lon_e7;
    }
}

static GPtrArray *
put_in_order (ShtStore *store, GPtrArray *rows, const gint64 *from_e7, gint64 now_ms, gboolean *is_placed)
{
  g_autofree ShtRouteStop *stops = g_new0 (ShtRouteStop, MAX (rows->len, 1));
  g_autoptr (GArray) placed = read_placed (store, rows), legs = NULL;
  GPtrArray *order = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_route_row_free);
  ShtRouteStart start = { .leave_at = now_ms, .calendar = calendar_of (store) };

  if (from_e7 != NULL)
    {
      start.known = TRUE;
      start.lat_e7 = from_e7[0];
      start.lon_e7 = from_e7[1];
    }
  find_start (&start, rows);
  for (guint i = 0; i < rows->len; i++)
    stops[i] = ((ShtRouteRow *) g_ptr_array_index (rows, i))->stop;
  legs = sht_route_plan (&start, stops, rows->len, (const guint *) (gpointer) placed->data, placed->len);
  for (guint i = 0; i < legs->len; i++)
    {
      const ShtRouteLeg *leg = &g_array_index (legs, ShtRouteLeg, i);
      ShtRouteRow *row = g_ptr_array_index (rows, leg->stop);

      row->leg = *leg;
      g_ptr_array_add (order, row);
    }
  g_ptr_array_set_free_func (rows, NULL);
  *is_placed = placed->len > 0;
  return order;
}

/**
 * sht_store_route:
 * @from_e7: (nullable): where the crew is, latitude and longitude in 1e-7 degree
 * @now_ms: when it leaves
 *
 * The day's route of this tablet's crew: what is assigned to it and waits for nobody, by what presses and the way.
 *
 * Returns: (transfer full) (nullable): the route, empty for a tablet that is no crew's
 */
ShtRoute *
sht_store_route (ShtStore *store, const gint64 *from_e7, gint64 now_ms, GError **error)
{
  g_autoptr (GPtrArray) rows = read_rows (store, error);
  g_autoptr (ShtRoute) route = g_new0 (ShtRoute, 1);

  if (rows == NULL
      || !sht_db_get_int (store->db, &route->left_out, error,
                          "SELECT count(*) FROM ticket WHERE open = 1 AND crew = ?1 "
                          "AND status IN ('assigned', 'on_the_way', 'in_progress')",
                          "s", store->device.crew))
    return NULL;
  route->left_out -= rows->len;
  route->rows = put_in_order (store, rows, from_e7, now_ms, &route->is_placed);
  return g_steal_pointer (&route);
}

/**
 * sht_store_place_route:
 * @tickets: (array zero-terminated=1) (nullable): UUIDs, which come first and in this order; %NULL leaves all to the program
 *
 * Keeps the order that a person wants. It stays on this tablet.
 */
gboolean
sht_store_place_route (ShtStore *store, const char *const *tickets, GError **error)
{
  g_autofree char *text = tickets != NULL ? g_strjoinv (" ", (char **) tickets) : NULL;

  return sht_store_set_text (store, PLACED, text, error);
}
