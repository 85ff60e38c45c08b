/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/spots.h"

#include "core/clock.h"

#include <math.h>
#include <string.h>

#define E7 1e7
/* Mercator has no poles. */
#define MAX_LATITUDE 85.05112878
/* More grey dots than this tell nothing more. */
#define MAX_STUBS 5000
/* As many of the most urgent tell where the work is; all of them would make the first page wait. */
#define BOUNDED_TICKETS 500

void
sht_world_from_e7 (gint64 lat_e7, gint64 lon_e7, double *x, double *y)
{
  double latitude = CLAMP ((double) lat_e7 / E7, -MAX_LATITUDE, MAX_LATITUDE);

  *x = ((double) lon_e7 / E7 + 180) / 360;
  *y = (1 - asinh (tan (latitude * G_PI / 180)) / G_PI) / 2;
}

void
sht_world_to_e7 (double x, double y, gint64 *lat_e7, gint64 *lon_e7)
{
  *lon_e7 = llround ((CLAMP (x, 0, 1) * 360 - 180) * E7);
  *lat_e7 = llround (atan (sinh (G_PI * (1 - 2 * CLAMP (y, 0, 1)))) * 180 / G_PI * E7);
}

gboolean
sht_world_box_contains (const ShtWorldBox *outer, const ShtWorldBox *inner)
{
  return inner->west >= outer->west && inner->east <= outer->east && inner->north >= outer->north
         && inner->south <= outer->south;
}

/**
 * sht_world_box_padded:
 * @share: how much of its size is added on each side
 */
ShtWorldBox
sht_world_box_padded (const ShtWorldBox *box, double share)
{
  double width = (box->east - box->west) * share, height = (box->south - box->north) * share;

  return (ShtWorldBox){ box->west - width, box->north - height, box->east + width, box->south + height };
}

static void
box_to_e7 (const ShtWorldBox *box, gint64 e7[4])
{
  sht_world_to_e7 (box->west, box->south, &e7[0], &e7[2]);
  sht_world_to_e7 (box->east, box->north, &e7[1], &e7[3]);
}

/* Columns: id, lat, lon, kind, status, due, from. */
static GArray *
collect (ShtStmt *stmt, GError **error)
{
  g_autoptr (GArray) spots = g_array_new (FALSE, TRUE, sizeof (ShtSpot));

  while (sht_stmt_step (stmt))
    {
      const char *id = sht_stmt_text (stmt, 0);
      const char *kind = sht_stmt_text (stmt, 3);
      const char *status = sht_stmt_text (stmt, 4);
      ShtStatus parsed = SHT_STATUS_NEW;
      ShtSpot spot = { 0 };

      if (id == NULL || strlen (id) > SHT_ID_LENGTH)
        continue;
      if (status != NULL)
        sht_status_parse (status, &parsed);
      g_strlcpy (spot.id, id, sizeof spot.id);
      sht_world_from_e7 (sht_stmt_int (stmt, 1), sht_stmt_int (stmt, 2), &spot.x, &spot.y);
      /* a town has some tens of services and layers: these strings may stay */
      spot.kind = g_intern_string (kind != NULL ? kind : "");
      spot.status = parsed;
      spot.from_at = sht_stmt_int (stmt, 6);
      spot.due_at = sht_stmt_int (stmt, 5) < SHT_NEVER_DUE ? sht_stmt_int (stmt, 5) : 0;
      g_array_append_val (spots, spot);
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&spots) : NULL;
}

/**
 * sht_spots_of_tickets:
 * @finished: whether those that need nothing more are wanted too
 *
 * Returns: (transfer full) (nullable) (element-type ShtSpot): the tickets of this tablet in @box
 */
GArray *
sht_spots_of_tickets (ShtDb *db, const ShtWorldBox *box, gboolean finished, GError **error)
{
  gint64 e7[4];

  box_to_e7 (box, e7);
  return collect (sht_db_query (db,
                                "SELECT t.id, s.min_lat, s.min_lon, t.service, t.status, t.due_at, t.created_at "
                                "FROM ticket_spot AS s CROSS JOIN ticket AS t ON t.row = s.row WHERE s.max_lat >= ?1 AND s.min_lat <= ?2 "
                                "AND s.max_lon >= ?3 AND s.min_lon <= ?4 AND (t.open OR ?5)",
                                "iiiii", e7[0], e7[1], e7[2], e7[3], (gint64) finished),
                  error);
}

/**
 * sht_spots_of_stubs:
 *
 * Returns: (transfer full) (nullable) (element-type ShtSpot): the open tickets of others in @box
 */
GArray *
sht_spots_of_stubs (ShtDb *db, const ShtWorldBox *box, GError **error)
{
  gint64 e7[4];

  box_to_e7 (box, e7);
  return collect (sht_db_query (db,
                                "SELECT id, lat_e7, lon_e7, service, status, 0, 0 FROM stub WHERE lat_e7 BETWEEN ?1 AND ?2 "
                                "AND lon_e7 BETWEEN ?3 AND ?4 AND NOT EXISTS (SELECT 1 FROM ticket WHERE id = stub.id) "
                                "LIMIT ?5",
                                "iiiii", e7[0], e7[1], e7[2], e7[3], (gint64) MAX_STUBS),
                  error);
}

/**
 * sht_spots_bounds:
 * @box: (out): around the open tickets of this tablet, of very many the most urgent; all 0 when there is
 *   none
 */
gboolean
sht_spots_bounds (ShtDb *db, ShtWorldBox *box, GError **error)
{
  ShtStmt *stmt = sht_db_query (db,
                                "SELECT min (lat_e7), max (lat_e7), min (lon_e7), max (lon_e7) FROM (SELECT lat_e7, "
                                "lon_e7 FROM ticket WHERE open = 1 AND lat_e7 IS NOT NULL AND lon_e7 IS NOT NULL "
                                "ORDER BY open DESC, due_at LIMIT ?1)",
                                "i", (gint64) BOUNDED_TICKETS);

  *box = (ShtWorldBox){ 0 };
  if (sht_stmt_step (stmt) && !sht_stmt_is_null (stmt, 0))
    {
      sht_world_from_e7 (sht_stmt_int (stmt, 0), sht_stmt_int (stmt, 2), &box->west, &box->south);
      sht_world_from_e7 (sht_stmt_int (stmt, 1), sht_stmt_int (stmt, 3), &box->east, &box->north);
    }
  return sht_stmt_end (stmt, error);
}

/**
 * sht_spots_bounds_of_place:
 * @place: a place's UUID
 * @box: (out): around it
 *
 * Returns: %FALSE when there is none, or it is nowhere
 */
gboolean
sht_spots_bounds_of_place (ShtDb *db, const char *place, ShtWorldBox *box)
{
  ShtStmt *stmt = sht_db_query (db,
                                "SELECT s.min_lat, s.max_lat, s.min_lon, s.max_lon FROM place AS p JOIN place_spot AS s "
                                "ON s.row = p.row WHERE p.id = ?1",
                                "s", place);
  gboolean found = sht_stmt_step (stmt);

  if (found)
    {
      sht_world_from_e7 (sht_stmt_int (stmt, 0), sht_stmt_int (stmt, 2), &box->west, &box->south);
      sht_world_from_e7 (sht_stmt_int (stmt, 1), sht_stmt_int (stmt, 3), &box->east, &box->north);
    }
  return sht_stmt_end (stmt, NULL) && found;
}

/* --- clusters --- */

static void
absorb (ShtCluster *into, const ShtCluster *other)
{
  guint count = into->count + other->count;

  into->x = (into->x * into->count + other->x * other->count) / count;
  into->y = (into->y * into->count + other->y * other->count) / count;
  into->count = count;
  into->late += other->late;
  if (other->urgent_at < into->urgent_at)
    {
      into->urgent_at = other->urgent_at;
      into->urgent = other->urgent;
    }
  into->min_x = MIN (into->min_x, other->min_x);
  into->max_x = MAX (into->max_x, other->max_x);
  into->min_y = MIN (into->min_y, other->min_y);
  into->max_y = MAX (into->max_y, other->max_y);
}

typedef struct
{
  gint64 column;
  gint64 row;
} Cell;

typedef struct
{
  GArray *clusters;  /* by cell */
  GArray *places;    /* the cell of each */
  GHashTable *cells; /* key → index + 1 */
  double reach;
} Grid;

static gpointer
cell_key (gint64 column, gint64 row)
{
  return (gpointer) (gsize) ((guint64) column << 32 | (guint64) (row & 0xffffffff));
}

/* The greater of two; of equal ones the more northern, then western: the same whoever looks, from wherever. */
static gboolean
is_greater (const ShtCluster *a, const ShtCluster *b)
{
  if (a->count != b->count)
    return a->count > b->count;
  return a->y != b->y ? a->y < b->y : a->x < b->x;
}

/* The greatest neighbour within reach that is greater than the cluster itself. */
static gssize
greater_neighbour (Grid *grid, guint index)
{
  const ShtCluster *self = &g_array_index (grid->clusters, ShtCluster, index);
  const Cell *place = &g_array_index (grid->places, Cell, index);
  gssize best = -1;

  for (int i = 0; i < 9; i++)
    {
      gpointer key = cell_key (place->column + i % 3 - 1, place->row + i / 3 - 1);
      gsize at = GPOINTER_TO_SIZE (g_hash_table_lookup (grid->cells, key));
      const ShtCluster *other;

      if (at == 0 || at - 1 == index)
        continue;
      other = &g_array_index (grid->clusters, ShtCluster, at - 1);
      if (hypot (other->x - self->x, other->y - self->y) > grid->reach || !is_greater (other, self))
        continue;
      if (best < 0 || is_greater (other, &g_array_index (grid->clusters, ShtCluster, best)))
        best = (gssize) at - 1;
    }
  return best;
}

static void
put_in_cell (Grid *grid, const ShtCluster *one, double cell)
{
  Cell place = { (gint64) (one->x / cell), (gint64) (one->y / cell) };
  gpointer key = cell_key (place.column, place.row);
  gsize at = GPOINTER_TO_SIZE (g_hash_table_lookup (grid->cells, key));

  if (at > 0)
    {
      absorb (&g_array_index (grid->clusters, ShtCluster, at - 1), one);
      return;
    }
  g_array_append_val (grid->clusters, *one);
  g_array_append_val (grid->places, place);
  g_hash_table_insert (grid->cells, key, GSIZE_TO_POINTER (grid->clusters->len));
}

/* Each cluster too near to a greater one goes into it, when that does not itself go into another. */
static GArray *
merge_near (Grid *grid)
{
  g_autofree gssize *into = g_new (gssize, MAX (grid->clusters->len, 1));
  g_autoptr (GArray) merged = g_array_copy (grid->clusters);
  GArray *left = g_array_new (FALSE, FALSE, sizeof (ShtCluster));

  for (guint i = 0; i < merged->len; i++)
    into[i] = greater_neighbour (grid, i);
  for (guint i = 0; i < merged->len; i++)
    if (into[i] >= 0 && into[into[i]] < 0)
      {
        absorb (&g_array_index (merged, ShtCluster, into[i]), &g_array_index (grid->clusters, ShtCluster, i));
        g_array_index (merged, ShtCluster, i).count = 0;
      }
  for (guint i = 0; i < merged->len; i++)
    if (g_array_index (merged, ShtCluster, i).count > 0)
      g_array_append_val (left, g_array_index (merged, ShtCluster, i));
  return left;
}

static Grid
grid_new (double reach)
{
  return (Grid){ g_array_new (FALSE, FALSE, sizeof (ShtCluster)), g_array_new (FALSE, FALSE, sizeof (Cell)),
                 g_hash_table_new (NULL, NULL), reach };
}

static void
grid_clear (Grid *grid)
{
  g_array_unref (grid->clusters);
  g_array_unref (grid->places);
  g_hash_table_unref (grid->cells);
}

/**
 * sht_spots_cluster:
 * @cell: the side of the grid's cells, in worlds
 * @reach: clusters nearer than this would lie on each other, in worlds; no more than @cell
 * @now_ms: for what is late
 *
 * Gathers spots on a grid that is fixed to the world, so that clusters stand still while the map is
 * moved. What becomes of a cluster depends on its surroundings of a few cells alone, and not on where the
 * looking began.
 *
 * Returns: (transfer full) (element-type ShtCluster): the clusters
 */
GArray *
sht_spots_cluster (const ShtSpot *spots, guint n_spots, double cell, double reach, gint64 now_ms)
{
  Grid grid = grid_new (reach);
  g_autoptr (GArray) once = NULL;
  GArray *twice;

  for (guint i = 0; i < n_spots; i++)
    {
      const ShtSpot *spot = &spots[i];
      gint64 due = spot->due_at > 0 && sht_status_is_open (spot->status) ? spot->due_at : G_MAXINT64;
      ShtCluster one = { spot->x, spot->y, 1, due < now_ms, i, i, due, spot->x, spot->x, spot->y, spot->y };

      put_in_cell (&grid, &one, cell);
    }
  once = merge_near (&grid);
  grid_clear (&grid);
  /* Merged clusters have moved, perhaps towards others. */
  grid = grid_new (reach);
  for (guint i = 0; i < once->len; i++)
    put_in_cell (&grid, &g_array_index (once, ShtCluster, i), cell);
  twice = merge_near (&grid);
  grid_clear (&grid);
  return twice;
}
