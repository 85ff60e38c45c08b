/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ticket layer looks up and how it gathers it; needs no display. */
#include "tablet/map/spots.h"

#include <math.h>
#include <string.h>

#define SIDE(zoom) (256.0 * (1 << (zoom)))

static void
test_world (void)
{
  const gint64 places[][2] = { { 312400000, 346000000 }, { -338688000, 1512093000 }, { 0, 0 }, { 785000000, -999999999 } };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      gint64 lat, lon;
      double x, y;

      sht_world_from_e7 (places[i][0], places[i][1], &x, &y);
      g_assert_true (x >= 0 && x <= 1 && y >= 0 && y <= 1);
      sht_world_to_e7 (x, y, &lat, &lon);
      g_assert_cmpint (ABS (lat - places[i][0]), <=, 1);
      g_assert_cmpint (ABS (lon - places[i][1]), <=, 1);
    }
}

static GArray *
random_spots (guint n, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  GArray *spots = g_array_new (FALSE, TRUE, sizeof (ShtSpot));

  for (guint i = 0; i < n; i++)
    {
      ShtSpot spot = { 0 };

      g_snprintf (spot.id, sizeof spot.id, "%08u", i);
      sht_world_from_e7 (g_rand_int_range (rand, 312283000, 312517000), g_rand_int_range (rand, 345836000, 346164000),
                         &spot.x, &spot.y);
      spot.status = SHT_STATUS_ASSIGNED;
      spot.due_at = g_rand_boolean (rand) ? 1 : G_MAXINT64;
      spot.kind = "road-hole";
      g_array_append_val (spots, spot);
    }
  return spots;
}

static GArray *
cluster (GArray *spots, int zoom)
{
  return sht_spots_cluster ((const ShtSpot *) (gpointer) spots->data, spots->len, 64 / SIDE (zoom), 44 / SIDE (zoom), 1000);
}

/* Nobody is lost and nobody is counted twice, at any zoom. */
static void
test_all_counted (void)
{
  g_autoptr (GArray) spots = random_spots (3000, 7);
  guint late = 0;

  for (guint i = 0; i < spots->len; i++)
    late += g_array_index (spots, ShtSpot, i).due_at == 1;
  for (int zoom = 10; zoom <= 20; zoom++)
    {
      g_autoptr (GArray) clusters = cluster (spots, zoom);
      guint count = 0, of_those_late = 0;

      for (guint i = 0; i < clusters->len; i++)
        {
          const ShtCluster *one = &g_array_index (clusters, ShtCluster, i);

          count += one->count;
          of_those_late += one->late;
          g_assert_true (one->x >= one->min_x - 1e-12 && one->x <= one->max_x + 1e-12);
          g_assert_cmpuint (one->first, <, spots->len);
        }
      g_assert_cmpuint (count, ==, spots->len);
      g_assert_cmpuint (of_those_late, ==, late);
    }
}

static const ShtCluster *
find (GArray *clusters, const ShtCluster *wanted)
{
  for (guint i = 0; i < clusters->len; i++)
    {
      const ShtCluster *one = &g_array_index (clusters, ShtCluster, i);

      if (one->count == wanted->count && fabs (one->x - wanted->x) < 1e-12 && fabs (one->y - wanted->y) < 1e-12)
        return one;
    }
  return NULL;
}

/* What is well inside two views is gathered alike in both. */
static void
test_stands_still (void)
{
  g_autoptr (GArray) all = random_spots (2000, 11);
  g_autoptr (GArray) some = g_array_new (FALSE, FALSE, sizeof (ShtSpot));
  g_autoptr (GArray) of_all = NULL, of_some = NULL;
  double cell = 64 / SIDE (16), edge = 346000000;
  double west, y;
  guint compared = 0;

  sht_world_from_e7 (312400000, (gint64) edge, &west, &y);
  /* the other view begins in the middle, and sees them in another order */
  for (guint i = all->len; i > 0; i--)
    if (g_array_index (all, ShtSpot, i - 1).x > west)
      g_array_append_val (some, g_array_index (all, ShtSpot, i - 1));
  of_all = cluster (all, 16);
  of_some = cluster (some, 16);
  for (guint i = 0; i < of_all->len; i++)
    {
      const ShtCluster *one = &g_array_index (of_all, ShtCluster, i);

      if (one->min_x < west + 8 * cell)
        continue;
      g_assert_nonnull (find (of_some, one));
      compared++;
    }
  g_assert_cmpuint (compared, >, 40);
}

/* Signs do not lie on each other: with two rounds of merging hardly any pair is left within reach. */
static void
test_apart (void)
{
  g_autoptr (GArray) spots = random_spots (500, 3);
  g_autoptr (GArray) clusters = cluster (spots, 15);
  guint close = 0;

  for (guint i = 0; i < clusters->len; i++)
    for (guint j = i + 1; j < clusters->len; j++)
      {
        const ShtCluster *a = &g_array_index (clusters, ShtCluster, i), *b = &g_array_index (clusters, ShtCluster, j);

        close += hypot (a->x - b->x, a->y - b->y) * SIDE (15) < 30;
      }
  g_test_message ("%u of %u clusters within 30 px", close, clusters->len);
  g_assert_cmpuint (close * 20, <=, clusters->len);
}

static void
test_same_spot (void)
{
  g_autoptr (GArray) spots = random_spots (1, 1);
  g_autoptr (GArray) clusters = NULL, none = NULL;
  ShtSpot first = g_array_index (spots, ShtSpot, 0);

  /* A copy: the array may move while it grows. */
  for (int i = 0; i < 11; i++)
    g_array_append_val (spots, first);
  clusters = cluster (spots, 20);
  g_assert_cmpuint (clusters->len, ==, 1);
  g_assert_cmpuint (g_array_index (clusters, ShtCluster, 0).count, ==, 12);
  g_array_set_size (spots, 0);
  none = cluster (spots, 12);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_boxes (void)
{
  ShtWorldBox inner = { 0.4, 0.4, 0.6, 0.5 };
  ShtWorldBox outer = sht_world_box_padded (&inner, 0.5);

  g_assert_cmpfloat_with_epsilon (outer.west, 0.3, 1e-9);
  g_assert_cmpfloat_with_epsilon (outer.south, 0.55, 1e-9);
  g_assert_true (sht_world_box_contains (&outer, &inner));
  g_assert_false (sht_world_box_contains (&inner, &outer));
}

/* A cluster's ring is that of the open one that falls due first: what is done is no hurry, nor what has no time. */
static void
test_urgent (void)
{
  g_autoptr (GArray) spots = random_spots (5, 3);
  const gint64 due[] = { 9000, 0, 3000, 1, 7000 };
  g_autoptr (GArray) clusters = NULL, timeless = NULL;

  for (guint i = 0; i < spots->len; i++)
    {
      ShtSpot *spot = &g_array_index (spots, ShtSpot, i);

      spot->x = spot->y = 0.5;
      spot->due_at = due[i];
    }
  g_array_index (spots, ShtSpot, 3).status = SHT_STATUS_DONE;
  clusters = cluster (spots, 16);
  g_assert_cmpuint (clusters->len, ==, 1);
  g_assert_cmpuint (g_array_index (clusters, ShtCluster, 0).urgent, ==, 2);
  g_assert_cmpint (g_array_index (clusters, ShtCluster, 0).urgent_at, ==, 3000);
  g_assert_cmpuint (g_array_index (clusters, ShtCluster, 0).late, ==, 0);
  for (guint i = 0; i < spots->len; i++)
    g_array_index (spots, ShtSpot, i).due_at = 0;
  timeless = cluster (spots, 16);
  g_assert_cmpint (g_array_index (timeless, ShtCluster, 0).urgent_at, ==, G_MAXINT64);
}

static void
test_query (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("shetach-spots-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "s.db", NULL);
  g_autoptr (ShtDb) db = sht_db_open (path, FALSE, NULL, &error);
  g_autoptr (GArray) open = NULL, all = NULL, elsewhere = NULL, stubs = NULL;
  ShtWorldBox box, far = { 0.1, 0.1, 0.2, 0.2 };

  g_assert_no_error (error);
  g_assert_true (sht_db_exec (
    db,
    "CREATE TABLE ticket (row INTEGER PRIMARY KEY, id TEXT, status TEXT, open INTEGER, service TEXT, due_at INTEGER,"
    " created_at INTEGER, lat_e7 INTEGER, lon_e7 INTEGER);"
    "CREATE TABLE stub (id TEXT, service TEXT, status TEXT, lat_e7 INTEGER, lon_e7 INTEGER);"
    "CREATE VIRTUAL TABLE ticket_spot USING rtree_i32 (row, min_lat, max_lat, min_lon, max_lon);"
    "INSERT INTO ticket VALUES (1, 'a', 'waiting', 1, 'pests', 5, 4, 312400000, 346000000),"
    " (2, 'b', 'closed', 0, 'bench', NULL, 4, 312400100, 346000100), (3, 'c', 'nonsense', 1, NULL, NULL, 4, 312400200, 346000200);"
    "INSERT INTO ticket_spot SELECT row, lat_e7, lat_e7, lon_e7, lon_e7 FROM ticket;"
    "INSERT INTO stub VALUES ('a', 'pests', 'waiting', 312400000, 346000000), ('x', 'pests', 'new', 312400000, 346000000)",
    &error));
  sht_world_from_e7 (312500000, 345900000, &box.west, &box.north);
  sht_world_from_e7 (312300000, 346100000, &box.east, &box.south);
  open = sht_spots_of_tickets (db, &box, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (open->len, ==, 2);
  g_assert_cmpint (g_array_index (open, ShtSpot, 0).status, ==, SHT_STATUS_WAITING);
  g_assert_cmpstr (g_array_index (open, ShtSpot, 0).kind, ==, "pests");
  g_assert_cmpint (g_array_index (open, ShtSpot, 0).from_at, ==, 4);
  g_assert_cmpint (g_array_index (open, ShtSpot, 0).due_at, ==, 5);
  g_assert_cmpstr (g_array_index (open, ShtSpot, 1).kind, ==, "");
  all = sht_spots_of_tickets (db, &box, TRUE, &error);
  g_assert_cmpuint (all->len, ==, 3);
  elsewhere = sht_spots_of_tickets (db, &far, TRUE, &error);
  g_assert_cmpuint (elsewhere->len, ==, 0);
  /* one's own ticket is no stranger's */
  stubs = sht_spots_of_stubs (db, &box, &error);
  g_assert_cmpuint (stubs->len, ==, 1);
  g_assert_cmpstr (g_array_index (stubs, ShtSpot, 0).id, ==, "x");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/map-layer/world", test_world);
  g_test_add_func ("/map-layer/all-counted", test_all_counted);
  g_test_add_func ("/map-layer/stands-still", test_stands_still);
  g_test_add_func ("/map-layer/apart", test_apart);
  g_test_add_func ("/map-layer/same-spot", test_same_spot);
  g_test_add_func ("/map-layer/boxes", test_boxes);
  g_test_add_func ("/map-layer/urgent", test_urgent);
  g_test_add_func ("/map-layer/query", test_query);
  return g_test_run ();
}
