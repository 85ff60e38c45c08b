/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mbtiles.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

/* "MPBX": what file(1) and GDAL know MBTiles by. */
#define APPLICATION_ID "0x4d504258"

struct _ShtMapTiles
{
  char *file;                            /* (owned) */
  char *temporary;                       /* (owned) */
  sqlite3 *db;                           /* (owned) */
  sqlite3_stmt *metadata, *image, *tile; /* (owned) */
  gboolean finished;
};

/* Equal images are kept once: most of a town's surroundings is the same bare land. */
static const char schema[] =
  "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
  "PRAGMA application_id = " APPLICATION_ID ";"
  "BEGIN;"
  "CREATE TABLE metadata (name TEXT NOT NULL UNIQUE, value TEXT NOT NULL);"
  "CREATE TABLE images (tile_id TEXT NOT NULL PRIMARY KEY, tile_data BLOB NOT NULL);"
  "CREATE TABLE map (zoom_level INTEGER NOT NULL, tile_column INTEGER NOT NULL,"
  " tile_row INTEGER NOT NULL, tile_id TEXT NOT NULL,"
  " PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID;"
  "CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, tile_data"
  " FROM map JOIN images USING (tile_id);";

static gboolean
fail (ShtMapTiles *self, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", self->file,
               self->db == NULL ? "out of memory" : sqlite3_errmsg (self->db));
  return FALSE;
}

/**
 * sht_map_tiles_create:
 * @file: replaced only when all is written
 *
 * Opens an empty set of tiles. The same calls in the same order make the same bytes.
 */
ShtMapTiles *
sht_map_tiles_create (const char *file, GError **error)
{
  g_autoptr (ShtMapTiles) self = g_new0 (ShtMapTiles, 1);

  self->file = g_strdup (file);
  self->temporary = g_strconcat (file, ".part", NULL);
  g_unlink (self->temporary);
  if (sqlite3_open (self->temporary, &self->db) != SQLITE_OK ||
      sqlite3_exec (self->db, schema, NULL, NULL, NULL) != SQLITE_OK ||
      sqlite3_prepare_v2 (self->db, "INSERT INTO metadata VALUES (?1, ?2)", -1, &self->metadata,
                          NULL) != SQLITE_OK ||
      sqlite3_prepare_v2 (self->db, "INSERT OR IGNORE INTO images VALUES (?1, ?2)", -1,
                          &self->image, NULL) != SQLITE_OK ||
      sqlite3_prepare_v2 (self->db, "INSERT INTO map VALUES (?1, ?2, ?3, ?4)", -1, &self->tile,
                          NULL) != SQLITE_OK)
    {
      fail (self, error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

static gboolean
step (ShtMapTiles *self, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  sqlite3_reset (statement);
  return code == SQLITE_DONE || fail (self, error);
}

gboolean
sht_map_tiles_describe (ShtMapTiles *self, const char *name, const char *value, GError **error)
{
  sqlite3_bind_text (self->metadata, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_text (self->metadata, 2, value, -1, SQLITE_STATIC);
  return step (self, self->metadata, error);
}

/**
 * sht_map_tiles_add:
 * @y: counted from the north; the file counts from the south (TMS)
 * @image: a PNG
 */
gboolean
sht_map_tiles_add (ShtMapTiles *self, int zoom, int x, int y, GBytes *image, GError **error)
{
  g_autofree char *id = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, image);
  gsize size;
  const void *data = g_bytes_get_data (image, &size);

  sqlite3_bind_text (self->image, 1, id, -1, SQLITE_STATIC);
  sqlite3_bind_blob64 (self->image, 2, data, size, SQLITE_STATIC);
  if (!step (self, self->image, error))
    return FALSE;
  sqlite3_bind_int (self->tile, 1, zoom);
  sqlite3_bind_int (self->tile, 2, x);
  sqlite3_bind_int (self->tile, 3, (1 << zoom) - 1 - y);
  sqlite3_bind_text (self->tile, 4, id, -1, SQLITE_STATIC);
  return step (self, self->tile, error);
}

static void
close_database (ShtMapTiles *self)
{
  sqlite3_finalize (self->metadata);
  sqlite3_finalize (self->image);
  sqlite3_finalize (self->tile);
  sqlite3_close (self->db);
  self->metadata = self->image = self->tile = NULL;
  self->db = NULL;
}

/**
 * sht_map_tiles_finish:
 *
 * Ends the file and puts it in its place.
 */
gboolean
sht_map_tiles_finish (ShtMapTiles *self, GError **error)
{
  if (sqlite3_exec (self->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
    return fail (self, error);
  close_database (self);
  if (g_rename (self->temporary, self->file) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: cannot be put in place", self->file);
      return FALSE;
    }
  self->finished = TRUE;
  return TRUE;
}

void
sht_map_tiles_free (ShtMapTiles *self)
{
  close_database (self);
  if (!self->finished)
    g_unlink (self->temporary);
  g_free (self->temporary);
  g_free (self->file);
  g_free (self);
}
