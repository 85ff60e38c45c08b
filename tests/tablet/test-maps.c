/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/maps.h"
#include "tablet/store/map.h"
#include "tests/tablet/tablet-fixture.h"

#include <sqlite3.h>

/* A map package on its way to a tablet, over a link and from a hub that do what they like. */

#define PNG "x'89504e470d0a1a0a0000000d49484452000001000000010008060000005c72a866'"
#define SIZE_LEAST 600000

typedef struct
{
  Tablet *tablet;
  guint parts;        /* requests for a part of a map */
  guint spoil_in;     /* one in so many parts has other bytes; 0 none */
  gboolean wrong_range; /* the hub answers with another part than was asked for */
  gint64 asked_from;  /* of the last request */
} Link;

static char *
new_map (Town *town, const char *name, guint colour)
{
  char *path = g_build_filename (town->folder, name, NULL);
  g_autofree char *sql = g_strdup_printf (
    "CREATE TABLE metadata (name, value); CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data);"
    "INSERT INTO metadata VALUES ('bounds', '34.7,31.2,34.9,31.3'), ('name', '%u');"
    "INSERT INTO tiles VALUES (13, 4882, 4865, " PNG ");"
    "CREATE TABLE filler AS SELECT zeroblob (%d)",
    colour, SIZE_LEAST);
  sqlite3 *db;

  g_unlink (path);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  return path;
}

static void
add_map (Town *town, const char *name, guint colour)
{
  g_autofree char *path = new_map (town, "a.mbtiles", colour);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) map = sht_hub_add_map (town->hub, path, name, &error);

  g_assert_no_error (error);
  g_assert_nonnull (map);
}

static ShtAnswer *
answer_part (Link *link, ShtRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = sht_hub_map_path (link->tablet->town->hub, request->path + strlen ("/v1/maps/"), &error);
  g_autofree char *data = NULL, *range = NULL;
  ShtAnswer *answer;
  gint64 from, to;
  gsize length;

  if (path == NULL)
    return answer_error (error);
  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  g_assert_cmpint (sscanf (header_of (request, "Range"), "bytes=%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, &from, &to), ==, 2);
  g_assert_cmpint (to, <, (gint64) length);
  link->asked_from = from;
  link->parts++;
  if (link->spoil_in > 0 && link->parts % link->spoil_in == 0)
    data[from] ^= 1;
  answer = sht_answer_new (206);
  range = g_strdup_printf ("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GSIZE_FORMAT, from + link->wrong_range,
                           to + link->wrong_range, length);
  set_header (answer, "content-range", range);
  answer->body = g_bytes_new (data + from, (gsize) (to - from + 1));
  return answer;
}

/* Until all is settled, so many requests have gone, or nothing goes for @patience_ms. */
static gboolean
run (Link *link, guint most, gint64 patience_ms)
{
  Tablet *tablet = link->tablet;
  gint64 until = tablet->mono + patience_ms;

  while (!sht_engine_is_settled (tablet->engine))
    {
      g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, tablet->mono);
      gint64 wake;

      if (request != NULL)
        {
          g_autoptr (ShtAnswer) answer = NULL;

          if (most-- == 0)
            {
              sht_engine_call_off (tablet->engine, request->lane);
              return FALSE;
            }
          answer = request->lane == SHT_LANE_MAPS && tablet->next_status == 0 ? answer_part (link, request)
                                                                              : tablet_carry (tablet, request);
          tablet->mono += 10;
          tablet->world.now += 10;
          sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
          continue;
        }
      if (sht_engine_work (tablet->engine, tablet->mono))
        continue;
      if (sht_engine_is_settled (tablet->engine))
        return TRUE;
      wake = sht_engine_wake_at (tablet->engine);
      if (wake > until)
        return FALSE;
      g_assert_cmpint (wake, >, tablet->mono);
      tablet->mono = wake;
    }
  return TRUE;
}

typedef struct
{
  Town *town;
  Tablet *tablet;
  Link link;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->town = town_new ();
  add_map (f->town, "north", 1);
  f->tablet = tablet_new (f->town, "crew", "r1", "roads");
  f->link.tablet = f->tablet;
  g_assert_true (run (&f->link, 1000, 0));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  tablet_free (f->tablet);
  town_free (f->town);
}

static ShtMapPackage *
north (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  ShtMapPackage *map = sht_store_find_map (f->tablet->store, "north", &error);

  g_assert_no_error (error);
  return map;
}

static void
want (Fixture *f, gboolean wanted)
{
  g_autoptr (ShtMapPackage) map = north (f);
  g_autoptr (GError) error = NULL;

  sht_store_want_map (f->tablet->store, map->id, wanted, &error);
  g_assert_no_error (error);
  sht_engine_poke (f->tablet->engine);
}

static void
assert_here (Fixture *f, gint64 version)
{
  g_autoptr (ShtMapPackage) map = north (f);

  g_assert_nonnull (map->path);
  g_assert_true (g_file_test (map->path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (map->here_version, ==, version);
}

static guint
count_files (Fixture *f)
{
  g_autofree char *folder = g_build_filename (f->tablet->folder, "maps", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_parts (Fixture *f, gconstpointer data)
{
  g_autoptr (ShtMapPackage) before = north (f);

  g_assert_null (before->path);
  g_assert_false (before->wanted);
  want (f, TRUE);
  g_assert_true (run (&f->link, 1000, 0));
  assert_here (f, 1);
  g_assert_cmpuint (f->link.parts, >=, 2);
  g_assert_cmpuint (count_files (f), ==, 1);
}

/* Cut after some parts, and the program's end: it goes on where it was. */
static void
test_resumed (Fixture *f, gconstpointer data)
{
  g_autoptr (ShtMapPackage) half = NULL;

  want (f, TRUE);
  /* the pull, and one part */
  g_assert_false (run (&f->link, 2, 0));
  half = north (f);
  g_assert_cmpint (half->got, >, 0);
  g_assert_cmpint (half->got, <, half->size);
  tablet_close (f->tablet);
  tablet_open (f->tablet);
  f->link.parts = 0;
  g_assert_true (run (&f->link, 2, 0) || f->link.asked_from == half->got);
  g_assert_cmpint (f->link.asked_from, >=, half->got);
  g_assert_true (run (&f->link, 1000, 0));
  assert_here (f, 1);
}

/* What an earlier run has left may be torn: the whole's hash finds it, and it comes anew. */
static void
test_torn (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (f->tablet->folder, "maps", NULL);
  g_autoptr (GDir) dir = NULL;
  g_autofree char *part = NULL, *bytes = NULL;
  gsize length;

  want (f, TRUE);
  g_assert_false (run (&f->link, 2, 0));
  tablet_close (f->tablet);
  dir = g_dir_open (folder, 0, NULL);
  part = g_build_filename (folder, g_dir_read_name (dir), NULL);
  g_assert_true (g_file_get_contents (part, &bytes, &length, NULL));
  memset (bytes + length / 2, 0xee, length / 2);
  g_assert_true (g_file_set_contents (part, bytes, (gssize) length, NULL));
  tablet_open (f->tablet);
  g_assert_true (run (&f->link, 1000, 60 * 1000));
  assert_here (f, 1);
}

static void
test_other_bytes (Fixture *f, gconstpointer data)
{
  g_autoptr (ShtMapPackage) map = NULL;
  guint parts;

  want (f, TRUE);
  f->link.spoil_in = 1;
  g_assert_true (run (&f->link, 1000, 600 * 1000));
  map = north (f);
  g_assert_null (map->path);
  g_assert_true (map->damaged);
  /* not for ever; and again once somebody asks */
  parts = f->link.parts;
  sht_engine_poke (f->tablet->engine);
  g_assert_true (run (&f->link, 1000, 600 * 1000));
  g_assert_cmpuint (f->link.parts, ==, parts);
  f->link.spoil_in = 0;
  want (f, TRUE);
  g_assert_true (run (&f->link, 1000, 0));
  assert_here (f, 1);
}

static void
test_another_part (Fixture *f, gconstpointer data)
{
  g_autoptr (ShtMapPackage) map = NULL;

  want (f, TRUE);
  f->link.wrong_range = TRUE;
  g_assert_false (run (&f->link, 1000, 20 * 1000));
  map = north (f);
  g_assert_cmpint (map->got, ==, 0);
  f->link.wrong_range = FALSE;
  sht_engine_poke (f->tablet->engine);
  g_assert_true (run (&f->link, 1000, 0));
  assert_here (f, 1);
}

/* A newer one waits on a link that costs; one that was asked for by hand does not. */
static void
test_sparing (Fixture *f, gconstpointer data)
{
  g_autoptr (ShtMapPackage) waits = NULL;

  sht_engine_set_sparing (f->tablet->engine, TRUE);
  want (f, TRUE);
  g_assert_true (run (&f->link, 1000, 0));
  assert_here (f, 1);
  add_map (f->town, "north", 2);
  sht_engine_poke (f->tablet->engine);
  g_assert_true (run (&f->link, 1000, 0));
  assert_here (f, 1);
  waits = north (f);
  g_assert_true (waits->newer);
  g_assert_cmpint (waits->version, ==, 2);
  sht_engine_set_sparing (f->tablet->engine, FALSE);
  g_assert_true (run (&f->link, 1000, 0));
  assert_here (f, 2);
  g_assert_cmpuint (count_files (f), ==, 1);
}

/* The last of the parts may come after the map was no longer wanted. */
static void
test_unwanted (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  want (f, TRUE);
  g_assert_false (run (&f->link, 2, 0));
  g_assert_cmpuint (count_files (f), ==, 1);
  want (f, FALSE);
  g_assert_cmpuint (count_files (f), ==, 0);
  g_assert_true (run (&f->link, 1000, 0));
  g_assert_cmpuint (count_files (f), ==, 0);
  want (f, TRUE);
  g_assert_true (run (&f->link, 1000, 0));
  sht_hub_remove_map (f->town->hub, "north", &error);
  g_assert_no_error (error);
  sht_engine_poke (f->tablet->engine);
  g_assert_true (run (&f->link, 1000, 0));
  g_assert_cmpuint (count_files (f), ==, 0);
}

static void
test_no_room (Fixture *f, gconstpointer data)
{
  g_autoptr (ShtMapPackage) map = north (f);
  g_autoptr (GError) error = NULL;

  g_assert_true (sht_db_exec (f->tablet->store->db,
                              "UPDATE entity SET doc = json_set (doc, '$.size', 4000000000000000) WHERE type = 'map'", NULL));
  g_assert_false (sht_store_want_map (f->tablet->store, map->id, TRUE, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NO_ROOM);
  g_assert_nonnull (strstr (error->message, "no room"));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = { { "parts", test_parts },
                { "resumed", test_resumed },
                { "torn", test_torn },
                { "other-bytes", test_other_bytes },
                { "another-part", test_another_part },
                { "sparing", test_sparing },
                { "unwanted", test_unwanted },
                { "no-room", test_no_room } };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/maps/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].run, tear_down);
    }
  return g_test_run ();
}
