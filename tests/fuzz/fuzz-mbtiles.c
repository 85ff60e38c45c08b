/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a map says of itself: after an `m` names and values, each behind a byte of its length. After a `t` a tile, of which PNGs
 * are decoded. Anything else is the map's file. */
#include "platform/mbtiles.h"
#include "platform/tile-helper.h"
#include "tests/fuzz/fuzz.h"

#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>
#include <unistd.h>

static char *
scratch_file (void)
{
  return g_strdup_printf ("%s/fuzz-%d.mbtiles", g_get_tmp_dir (), (int) getpid ());
}

static void
bind_text (sqlite3_stmt *stmt, int n, const uint8_t **at, const uint8_t *end)
{
  size_t length = *at < end ? **at : 0;

  if (*at < end)
    ++*at;
  length = MIN (length, (size_t) (end - *at));
  sqlite3_bind_text (stmt, n, (const char *) *at, (int) length, SQLITE_STATIC);
  *at += length;
}

static void
write_metadata (const char *path, const uint8_t *at, const uint8_t *end)
{
  sqlite3 *db;
  sqlite3_stmt *stmt;

  g_assert_true (sqlite3_open (path, &db) == SQLITE_OK);
  sqlite3_exec (db,
                "PRAGMA page_size = 512; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                "CREATE TABLE metadata (name, value); CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data);"
                "INSERT INTO tiles VALUES (3, 2, 6, x'ffd8ff'), (4, 5, 12, x'ffd8ff')",
                NULL, NULL, NULL);
  g_assert_true (sqlite3_prepare_v2 (db, "INSERT INTO metadata VALUES (?1, ?2)", -1, &stmt, NULL) == SQLITE_OK);
  while (at < end)
    {
      bind_text (stmt, 1, &at, end);
      bind_text (stmt, 2, &at, end);
      sqlite3_step (stmt);
      sqlite3_reset (stmt);
    }
  sqlite3_finalize (stmt);
  sqlite3_close (db);
}

static void
check_info (const ShtMbtilesInfo *info)
{
  g_assert_true (info->min_zoom >= 0 && info->min_zoom <= info->max_zoom && info->max_zoom <= 24);
  g_assert_true (g_utf8_validate (info->name, -1, NULL) && g_utf8_validate (info->attribution, -1, NULL));
  g_assert_true (strchr (info->attribution, '\n') == NULL);
  if (info->has_bounds)
    g_assert_true (isfinite (info->west) && isfinite (info->south) && info->west < info->east && info->south < info->north);
}

static void
read_map (const char *path)
{
  g_autoptr (ShtMbtiles) file = sht_mbtiles_open (path, NULL);
  ShtMbtilesInfo info = { 0 };
  gint64 tiles;

  if (file == NULL)
    return;
  if (sht_mbtiles_read_info (file, &info, NULL))
    {
      g_autoptr (GBytes) tile = sht_mbtiles_read (file, info.max_zoom, 5, 3, NULL, NULL);

      check_info (&info);
    }
  sht_mbtiles_info_clear (&info);
  sht_mbtiles_survey (file, &info, &tiles, NULL);
  sht_mbtiles_info_clear (&info);
}

static void
read_tile (const uint8_t *data, size_t size)
{
  guint width, height;
  ShtTileRaster raster = { 0 };

  if (sht_tile_look (data, size, &width, &height) == SHT_TILE_PNG && width <= 64 && height <= 64
      && sht_tile_png_decode (data, size, &raster))
    g_assert_true (raster.pixels != NULL && raster.width == width && raster.height == height);
  g_free (raster.pixels);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *path = scratch_file ();

  if (size > 0 && data[0] == 't')
    {
      read_tile (data + 1, size - 1);
      return 0;
    }
  if (size > 0 && data[0] == 'm')
    {
      g_unlink (path);
      write_metadata (path, data + 1, data + size);
    }
  else
    g_assert_true (g_file_set_contents_full (path, (const char *) data, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  read_map (path);
  g_unlink (path);
  return 0;
}
