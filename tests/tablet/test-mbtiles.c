/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/mbtiles-source.h"
#include "tablet/map/tile-image.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define RED 0xffff0000u
#define GREEN 0xff00ff00u
#define BLUE 0xff0000ffu

static char *folder;

static char *
path_of (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* A PNG of four quarters: red, green above blue, red. */
static GBytes *
new_png (void)
{
  g_autofree guint32 *pixels = g_new (guint32, 256 * 256);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  for (int y = 0; y < 256; y++)
    for (int x = 0; x < 256; x++)
      pixels[y * 256 + x] = y < 128 ? (x < 128 ? RED : GREEN) : (x < 128 ? BLUE : RED);
  bytes = g_bytes_new (pixels, 256 * 256 * 4);
  texture = gdk_memory_texture_new (256, 256, GDK_MEMORY_DEFAULT, bytes, 256 * 4);
  return gdk_texture_save_to_png_bytes (texture);
}

static sqlite3 *
new_file (const char *path, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  return db;
}

static void
put_tile (sqlite3 *db, int zoom, int column, int tms_row, GBytes *bytes)
{
  sqlite3_stmt *stmt;

  sqlite3_prepare_v2 (db, "INSERT INTO tiles VALUES (?1, ?2, ?3, ?4)", -1, &stmt, NULL);
  sqlite3_bind_int (stmt, 1, zoom);
  sqlite3_bind_int (stmt, 2, column);
  sqlite3_bind_int (stmt, 3, tms_row);
  sqlite3_bind_blob (stmt, 4, g_bytes_get_data (bytes, NULL), (int) g_bytes_get_size (bytes), SQLITE_STATIC);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_DONE);
  sqlite3_finalize (stmt);
}

#define SCHEMA                                                                          \
  "CREATE TABLE metadata (name text, value text);"                                      \
  "CREATE TABLE tiles (zoom_level int, tile_column int, tile_row int, tile_data blob);"

/* Zoom 3 has one tile at column 2, row 1 from the north: row 6 in the file. A broken one lies beside it. */
static char *
new_map (const char *name)
{
  char *path = path_of (name);
  g_autoptr (GBytes) png = new_png ();
  g_autoptr (GBytes) junk = g_bytes_new_static ("\x89PNG\r\n\x1a\nnot really a picture at all", 35);
  sqlite3 *db = new_file (path, SCHEMA "INSERT INTO metadata VALUES ('name', 'Trial'), ('format', 'png'),"
                                       "('attribution', '<a href=\"x\">&copy; Town &amp; Sons</a> <http://x.org>'),"
                                       "('bounds', '-80,67,-10,79')");

  put_tile (db, 3, 2, 6, png);
  put_tile (db, 3, 3, 6, junk);
  sqlite3_close (db);
  return path;
}

static void
on_filled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  shumate_map_source_fill_tile_finish (SHUMATE_MAP_SOURCE (source), result, &error);
  *(int *) data = error == NULL ? 1 : 2;
}

static ShumateTile *
fill (ShumateMapSource *source, guint zoom, guint x, guint y)
{
  ShumateTile *tile = shumate_tile_new_full (x, y, 256, zoom);
  int done = 0;

  shumate_map_source_fill_tile_async (source, tile, NULL, on_filled, &done);
  while (done == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (done, ==, 1);
  g_assert_cmpint (shumate_tile_get_state (tile), ==, SHUMATE_STATE_DONE);
  g_assert_nonnull (shumate_tile_get_paintable (tile));
  return tile;
}

static guint32 *
pixels_of (GdkTexture *texture)
{
  gsize stride = (gsize) gdk_texture_get_width (texture) * 4;
  guint32 *pixels = g_malloc (stride * (gsize) gdk_texture_get_height (texture));

  gdk_texture_download (texture, (guchar *) pixels, stride);
  return pixels;
}

static void
test_info (void)
{
  g_autofree char *path = new_map ("info.mbtiles");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShumateMapSource) source = sht_mbtiles_source_new (path, FALSE, &error);
  const ShtMbtilesInfo *info;

  g_assert_no_error (error);
  info = sht_mbtiles_source_get_info (SHT_MBTILES_SOURCE (source));
  g_assert_cmpstr (info->name, ==, "Trial");
  g_assert_cmpstr (shumate_map_source_get_license (source), ==, "© Town & Sons <http://x.org>");
  g_assert_cmpint (info->min_zoom, ==, 3);
  g_assert_cmpint (info->max_zoom, ==, 3);
  g_assert_cmpint (shumate_map_source_get_max_zoom_level (source), ==, 7);
  g_assert_true (info->has_bounds);
  g_assert_cmpfloat (info->north, ==, 79);
}

/* What the metadata leaves out, or gets wrong, the tiles tell: a bounds' box that leaves tiles out is none. */
static void
test_info_from_the_tiles (void)
{
  static const char *const said[] = { "('description', 'says nothing')", "('bounds', '1,2,3,4'), ('minzoom', '9'), ('maxzoom', '2')",
                                      "('bounds', 'nan,2,3'), ('minzoom', 'x'), ('format', 'jpg')",
                                      "('bounds', '3,2,1,0'), ('maxzoom', '99')" };

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_autofree char *path = path_of ("silent.mbtiles");
      g_autofree char *sql = g_strconcat (SCHEMA "INSERT INTO metadata VALUES ", said[i], NULL);
      g_autoptr (GBytes) png = new_png ();
      g_autoptr (GError) error = NULL;
      g_autoptr (ShtMbtiles) file = NULL;
      ShtMbtilesInfo info;
      sqlite3 *db;

      g_unlink (path);
      db = new_file (path, sql);
      put_tile (db, 3, 2, 6, png);
      put_tile (db, 4, 5, 12, png);
      sqlite3_close (db);
      file = sht_mbtiles_open (path, NULL);
      g_assert_true (sht_mbtiles_read_info (file, &info, &error));
      g_assert_no_error (error);
      g_assert_cmpint (info.min_zoom, ==, 3);
      g_assert_cmpint (info.max_zoom, ==, 4);
      g_assert_cmpint (info.kind, ==, SHT_TILE_PNG);
      g_assert_true (info.has_bounds);
      g_assert_cmpfloat (info.west, ==, -67.5);
      g_assert_cmpfloat (info.east, ==, -45);
      g_assert_cmpfloat_with_epsilon (info.south, 66.51326, 1e-4);
      g_assert_cmpfloat_with_epsilon (info.north, 74.01954, 1e-4);
      sht_mbtiles_info_clear (&info);
    }
}

static void
test_rows_from_the_south (void)
{
  g_autofree char *path = new_map ("rows.mbtiles");
  g_autoptr (ShtMbtiles) file = sht_mbtiles_open (path, NULL);
  g_autoptr (GBytes) png = new_png ();
  g_autoptr (GBytes) found = sht_mbtiles_read (file, 3, 2, 1, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_bytes_equal (png, found));
  g_assert_null (sht_mbtiles_read (file, 3, 2, 6, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (sht_mbtiles_read (file, 3, 9, 0, NULL, &error));
  g_assert_null (sht_mbtiles_read (file, 60, 0, 0, NULL, &error));
  g_assert_no_error (error);
}

static void
test_tiles (void)
{
  g_autofree char *path = new_map ("tiles.mbtiles");
  g_autoptr (ShumateMapSource) source = sht_mbtiles_source_new (path, FALSE, NULL);
  GdkTexture *outside = sht_mbtiles_source_get_outside (SHT_MBTILES_SOURCE (source));
  g_autoptr (ShumateTile) whole = fill (source, 3, 2, 1);
  g_autoptr (ShumateTile) again = fill (source, 3, 2, 1);
  g_autoptr (ShumateTile) missing = fill (source, 3, 5, 5);
  g_autoptr (ShumateTile) broken = fill (source, 3, 3, 1);
  g_autoptr (ShumateTile) beyond = fill (source, 1, 0, 0);
  /* the quarter to the north-east, and a tile of the middle 16th part of it */
  g_autoptr (ShumateTile) green = fill (source, 4, 5, 2);
  g_autoptr (ShumateTile) far = fill (source, 7, 2 * 16 + 1, 16 + 14);
  g_autoptr (ShumateTile) too_far = fill (source, 8, 2 * 32, 32);
  g_autofree guint32 *pixels = pixels_of (GDK_TEXTURE (shumate_tile_get_paintable (whole)));
  g_autofree guint32 *quarter = pixels_of (GDK_TEXTURE (shumate_tile_get_paintable (green)));
  g_autofree guint32 *sixteenth = pixels_of (GDK_TEXTURE (shumate_tile_get_paintable (far)));

  g_assert_cmphex (pixels[0], ==, RED);
  g_assert_cmphex (pixels[200], ==, GREEN);
  g_assert_cmphex (pixels[200 * 256], ==, BLUE);
  g_assert_true (shumate_tile_get_paintable (whole) == shumate_tile_get_paintable (again));
  g_assert_true (shumate_tile_get_paintable (missing) == GDK_PAINTABLE (outside));
  g_assert_true (shumate_tile_get_paintable (broken) == GDK_PAINTABLE (outside));
  g_assert_true (shumate_tile_get_paintable (beyond) == GDK_PAINTABLE (outside));
  g_assert_true (shumate_tile_get_paintable (too_far) == GDK_PAINTABLE (outside));
  g_assert_cmphex (quarter[128 * 256 + 128], ==, GREEN);
  g_assert_cmphex (quarter[10 * 256 + 250], ==, GREEN);
  g_assert_cmphex (sixteenth[128 * 256 + 128], ==, BLUE);
}

/* A map of one colour with the given tiles, three numbers each, rows from the north. */
static char *
new_plain_map (const char *name, guint32 colour, const char *attribution, const guint (*tiles)[3], guint n)
{
  char *path = path_of (name);
  g_autofree char *sql = g_strdup_printf (SCHEMA "INSERT INTO metadata VALUES ('name', '%s'), ('attribution', '%s')", name,
                                          attribution);
  g_autofree guint32 *pixels = g_new (guint32, 256 * 256);
  g_autoptr (GBytes) raw = NULL, png = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  sqlite3 *db;

  for (guint i = 0; i < 256 * 256; i++)
    pixels[i] = colour;
  raw = g_bytes_new (pixels, 256 * 256 * 4);
  texture = gdk_memory_texture_new (256, 256, GDK_MEMORY_DEFAULT, raw, 256 * 4);
  png = gdk_texture_save_to_png_bytes (texture);
  g_unlink (path);
  db = new_file (path, sql);
  for (guint i = 0; i < n; i++)
    put_tile (db, (int) tiles[i][0], (int) tiles[i][1], (1 << tiles[i][0]) - 1 - (int) tiles[i][2], png);
  sqlite3_close (db);
  return path;
}

static guint32
colour_at (ShumateMapSource *source, guint zoom, guint x, guint y)
{
  g_autoptr (ShumateTile) tile = fill (source, zoom, x, y);
  g_autofree guint32 *pixels = pixels_of (GDK_TEXTURE (shumate_tile_get_paintable (tile)));

  return pixels[128 * 256 + 128];
}

/* Of several maps each tile is of the first that has it, and the finest that any has before a coarser one is enlarged. */
static void
test_several (void)
{
  static const guint fine[][3] = { { 6, 10, 10 } }, town[][3] = { { 3, 1, 1 }, { 4, 2, 2 }, { 6, 10, 10 }, { 6, 11, 10 } };
  g_autofree char *one = new_plain_map ("one.mbtiles", RED, "Roads", fine, G_N_ELEMENTS (fine));
  g_autofree char *two = new_plain_map ("two.mbtiles", BLUE, "Town", town, G_N_ELEMENTS (town));
  g_autofree char *three = new_plain_map ("three.mbtiles", BLUE, "Roads", town, G_N_ELEMENTS (town));
  g_autofree char *absent = path_of ("absent.mbtiles"), *text = path_of ("text2.mbtiles");
  const char *const paths[] = { one, absent, two, text, three, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (ShumateMapSource) source = NULL;

  g_assert_true (g_file_set_contents (text, "this is no map", -1, NULL));
  source = sht_mbtiles_source_new_of (paths, FALSE, &error);
  g_assert_nonnull (source);
  /* what is wrong with one is told, and the others are shown */
  g_assert_nonnull (error);
  g_assert_cmpint (shumate_map_source_get_min_zoom_level (source), ==, 3);
  g_assert_cmpint (shumate_map_source_get_max_zoom_level (source), ==, 10);
  g_assert_cmpstr (shumate_map_source_get_license (source), ==, "Roads · Town");
  g_assert_cmphex (colour_at (source, 6, 10, 10), ==, RED);
  g_assert_cmphex (colour_at (source, 6, 11, 10), ==, BLUE);
  g_assert_cmphex (colour_at (source, 7, 20, 20), ==, RED);
  g_assert_cmphex (colour_at (source, 4, 2, 2), ==, BLUE);
  g_assert_cmphex (colour_at (source, 5, 5, 5), ==, BLUE);
  /* more than four levels below what there is, or beside it: outside */
  {
    g_autoptr (ShumateTile) far = fill (source, 9, 90, 90), beside = fill (source, 6, 40, 40);
    GdkPaintable *outside = GDK_PAINTABLE (sht_mbtiles_source_get_outside (SHT_MBTILES_SOURCE (source)));

    g_assert_true (shumate_tile_get_paintable (far) == outside);
    g_assert_true (shumate_tile_get_paintable (beside) == outside);
  }
}

/* A map that ends within a tile: what the one behind it has there shines through, and nothing else does. */
static void
test_clear_parts (void)
{
  static const guint tiles[][3] = { { 6, 10, 10 } };
  g_autofree char *clear = new_plain_map ("clear.mbtiles", 0x00000000, "", tiles, 1);
  g_autofree char *half = new_plain_map ("half.mbtiles", 0x80800000, "", tiles, 1);
  g_autofree char *whole = new_plain_map ("whole2.mbtiles", BLUE, "", tiles, 1);
  g_autofree char *below = new_plain_map ("below.mbtiles", GREEN, "", tiles, 1);
  g_autoptr (ShumateMapSource) source
    = sht_mbtiles_source_new_of ((const char *[]){ clear, half, whole, below, NULL }, FALSE, NULL);
  g_autoptr (ShumateMapSource) alone = sht_mbtiles_source_new_of ((const char *[]){ clear, NULL }, FALSE, NULL);

  g_assert_cmphex (colour_at (source, 6, 10, 10), ==, 0xff80007f);
  g_assert_cmphex (colour_at (alone, 6, 10, 10), ==, 0);
}

/* Whatever becomes of a file that is open, and of the program that decodes: each tile ends, as a picture or as none. */
static void
test_changed_while_open (void)
{
  static const guint tiles[][3] = { { 3, 1, 1 }, { 6, 10, 10 }, { 6, 11, 10 }, { 6, 12, 10 }, { 6, 13, 10 } };
  g_autofree char *path = new_plain_map ("open.mbtiles", RED, "", tiles, G_N_ELEMENTS (tiles));
  g_autofree char *other = new_plain_map ("other2.mbtiles", BLUE, "", tiles, G_N_ELEMENTS (tiles));
  g_autoptr (ShumateMapSource) source = sht_mbtiles_source_new (path, FALSE, NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (ShumateTile) cut = NULL, garbled = NULL, gone = NULL;
  gsize length;
  int fd;

  g_assert_cmphex (colour_at (source, 6, 10, 10), ==, RED);
  /* another file of that name: the one that is open is read on */
  g_assert_cmpint (g_rename (other, path), ==, 0);
  g_assert_cmphex (colour_at (source, 6, 11, 10), ==, RED);
  g_clear_object (&source);
  source = sht_mbtiles_source_new (path, FALSE, NULL);
  g_assert_cmphex (colour_at (source, 6, 10, 10), ==, BLUE);
  /* the very file is cut, then other bytes stand in it, then it goes */
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpint (truncate (path, 4096), ==, 0);
  cut = fill (source, 6, 11, 10);
  memset (bytes + 512, 0xa5, length - 512);
  fd = g_open (path, O_WRONLY, 0);
  g_assert_cmpint (write (fd, bytes, length), ==, (gssize) length);
  g_close (fd, NULL);
  garbled = fill (source, 6, 12, 10);
  g_unlink (path);
  gone = fill (source, 6, 13, 10);
  g_assert_cmphex (colour_at (source, 6, 10, 10), ==, BLUE);
}

static void
test_cancelled (void)
{
  g_autofree char *path = new_map ("cancelled.mbtiles");
  g_autoptr (ShumateMapSource) source = sht_mbtiles_source_new (path, FALSE, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ShumateTile) tile = shumate_tile_new_full (2, 1, 256, 3);
  gpointer weak = source;
  int done = 0;

  shumate_map_source_fill_tile_async (source, tile, cancellable, on_filled, &done);
  g_cancellable_cancel (cancellable);
  while (done == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (done, ==, 2);
  g_assert_cmpint (shumate_tile_get_state (tile), ==, SHUMATE_STATE_DONE);
  g_object_add_weak_pointer (G_OBJECT (source), &weak);
  g_clear_object (&source);
  g_assert_null (weak);
}

static void
assert_refused (const char *path, ShtMbtilesError code)
{
  g_autoptr (GError) error = NULL;
  ShumateMapSource *source = sht_mbtiles_source_new (path, FALSE, &error);

  g_assert_null (source);
  g_assert_error (error, SHT_MBTILES_ERROR, (int) code);
}

static void
test_refused (void)
{
  g_autofree char *text = path_of ("text.mbtiles"), *other = path_of ("other.mbtiles");
  g_autofree char *empty = path_of ("empty.mbtiles"), *vector = path_of ("vector.mbtiles");
  g_autofree char *packed = path_of ("packed.mbtiles"), *endless = path_of ("endless.mbtiles");

  g_assert_true (g_file_set_contents (text, "this is no map", -1, NULL));
  assert_refused (text, SHT_MBTILES_ERROR_NOT_MBTILES);
  sqlite3_close (new_file (other, "CREATE TABLE t (x)"));
  assert_refused (other, SHT_MBTILES_ERROR_NOT_MBTILES);
  sqlite3_close (new_file (empty, SCHEMA));
  assert_refused (empty, SHT_MBTILES_ERROR_EMPTY);
  sqlite3_close (new_file (vector, SCHEMA "INSERT INTO metadata VALUES ('format', 'pbf')"));
  assert_refused (vector, SHT_MBTILES_ERROR_FORMAT);
  sqlite3_close (new_file (packed, SCHEMA "INSERT INTO tiles VALUES (1, 0, 0, x'1f8b08')"));
  assert_refused (packed, SHT_MBTILES_ERROR_FORMAT);
  /* a view without an end is cut off */
  sqlite3_close (new_file (endless, "CREATE TABLE metadata (name, value); CREATE VIEW tiles AS WITH RECURSIVE "
                                    "c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT 99 AS zoom_level, "
                                    "n AS tile_column, n AS tile_row, x'00' AS tile_data FROM c"));
  assert_refused (endless, SHT_MBTILES_ERROR_FAILED);
}

/* A file that was cut anywhere is refused or has tiles missing; nothing crashes and every tile ends. */
static void
test_cut (void)
{
  g_autofree char *path = new_map ("whole.mbtiles"), *cut = path_of ("cut.mbtiles");
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize at = 0; at < length; at += 512)
    {
      g_autoptr (ShumateMapSource) source = NULL;

      g_assert_true (g_file_set_contents (cut, bytes, (gssize) at, NULL));
      source = sht_mbtiles_source_new (cut, FALSE, NULL);
      if (source != NULL)
        {
          g_autoptr (ShumateTile) tile = fill (source, 3, 2, 1);
          g_autoptr (ShumateTile) other = fill (source, 4, 5, 2);
        }
    }
}

static char *
real_map (const char *name)
{
  const char *data = g_getenv ("SHETACH_REAL_DATA");
  char *path = data != NULL && data[0] != '\0' ? g_build_filename (data, "maps", name, NULL) : NULL;

  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("no real maps: set SHETACH_REAL_DATA");
      g_clear_pointer (&path, g_free);
    }
  return path;
}

static void
test_real_pixels (void)
{
  static const struct
  {
    const char *name;
    guint zoom, x, y;
  } maps[] = { { "geography-class-png.mbtiles", 1, 1, 0 }, { "open-streets-dc.mbtiles", 10, 292, 391 } };

  for (guint i = 0; i < G_N_ELEMENTS (maps); i++)
    {
      g_autofree char *path = real_map (maps[i].name);
      g_autoptr (ShumateMapSource) source = NULL;
      g_autoptr (ShtMbtiles) file = NULL;
      g_autoptr (GBytes) blob = NULL;
      g_autoptr (GdkTexture) expected = NULL;
      g_autoptr (ShumateTile) tile = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree guint32 *have = NULL, *want = NULL;

      if (path == NULL)
        return;
      source = sht_mbtiles_source_new (path, FALSE, &error);
      g_assert_no_error (error);
      file = sht_mbtiles_open (path, NULL);
      blob = sht_mbtiles_read (file, (int) maps[i].zoom, maps[i].x, maps[i].y, NULL, NULL);
      g_assert_nonnull (blob);
      expected = gdk_texture_new_from_bytes (blob, &error);
      if (expected == NULL)
        {
          g_test_message ("%s: %s", maps[i].name, error->message);
          continue;
        }
      tile = fill (source, maps[i].zoom, maps[i].x, maps[i].y);
      have = pixels_of (GDK_TEXTURE (shumate_tile_get_paintable (tile)));
      want = pixels_of (expected);
      g_assert_cmpmem (have, 256 * 256 * 4, want, 256 * 256 * 4);
    }
}

static void
test_real_junk (void)
{
  g_autofree char *path = real_map ("invalid-tile-format.mbtiles");

  if (path != NULL)
    assert_refused (path, SHT_MBTILES_ERROR_FORMAT);
}

static void
clean_up (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = path_of (name);

      g_unlink (path);
    }
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("shetach-mbtiles-XXXXXX", NULL);
  g_test_add_func ("/mbtiles/info", test_info);
  g_test_add_func ("/mbtiles/info-from-the-tiles", test_info_from_the_tiles);
  g_test_add_func ("/mbtiles/rows-from-the-south", test_rows_from_the_south);
  g_test_add_func ("/mbtiles/tiles", test_tiles);
  g_test_add_func ("/mbtiles/several", test_several);
  g_test_add_func ("/mbtiles/clear-parts", test_clear_parts);
  g_test_add_func ("/mbtiles/changed-while-open", test_changed_while_open);
  g_test_add_func ("/mbtiles/cancelled", test_cancelled);
  g_test_add_func ("/mbtiles/refused", test_refused);
  g_test_add_func ("/mbtiles/cut", test_cut);
  g_test_add_func ("/mbtiles/real-pixels", test_real_pixels);
  g_test_add_func ("/mbtiles/real-junk", test_real_junk);
  result = g_test_run ();
  clean_up ();
  g_free (folder);
  return result;
}
