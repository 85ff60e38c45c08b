/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/mbtiles.h"

#include "platform/tile.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

/* Zoom levels of the usual web maps; a row beyond them is nonsense. */
#define MAX_ZOOM 24
#define MAX_TEXT_BYTES (64 * 1024)
#define MAX_ATTRIBUTION_CHARS 200
/* `tiles` may be any view: after this many steps of SQLite's machine it is a hostile one. */
#define STEPS_A_LOOK 10000
#define MAX_LOOKS 1000
/* Enough of a tile to tell its kind. */
#define HEAD_BYTES 64
/* The parallels at which a web map ends. */
#define MAX_LATITUDE 85.0511287798066

G_DEFINE_QUARK (sht-mbtiles-error-quark, sht_mbtiles_error)

struct _ShtMbtiles
{
  sqlite3 *db;         /* (owned) */
  sqlite3_stmt *tile;  /* (owned) */
  guint looks;
  gboolean patient; /* somebody waits for the whole file to be read */
  GCancellable *cancellable; /* (unowned) (nullable): of the running read */
};

static int
on_progress (void *data)
{
  ShtMbtiles *file = data;

  return (++file->looks > MAX_LOOKS && !file->patient) || g_cancellable_is_cancelled (file->cancellable);
}

static gboolean
fail (ShtMbtiles *file, GError **error)
{
  int rc = sqlite3_errcode (file->db) & 0xff;

  if (rc == SQLITE_NOTADB || rc == SQLITE_ERROR)
    g_set_error_literal (error, SHT_MBTILES_ERROR, SHT_MBTILES_ERROR_NOT_MBTILES,
                         "this file is not a map: it is no MBTiles");
  else if (rc == SQLITE_CORRUPT)
    g_set_error_literal (error, SHT_MBTILES_ERROR, SHT_MBTILES_ERROR_DAMAGED,
                         "this map is damaged: it was cut short, or holds other bytes than it should");
  else
    g_set_error (error, SHT_MBTILES_ERROR, SHT_MBTILES_ERROR_FAILED, "this map cannot be read: %s",
                 sqlite3_errmsg (file->db));
  return FALSE;
}

static gboolean
is_still_written (const char *path)
{
  static const char *const leftovers[] = { "-wal", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (leftovers); i++)
    {
      g_autofree char *beside = g_strconcat (path, leftovers[i], NULL);
      g_autoptr (GFile) file = g_file_new_for_path (beside);
      g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL, NULL);

      if (info != NULL && g_file_info_get_size (info) > 0)
        return TRUE;
    }
  return FALSE;
}

static void
guard (ShtMbtiles *file)
{
  int off;

  /* What comes from outside is data: no function, trigger or odd schema of it is run. */
  sqlite3_db_config (file->db, SQLITE_DBCONFIG_DEFENSIVE, 1, &off);
  sqlite3_db_config (file->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, &off);
  sqlite3_db_config (file->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, &off);
  sqlite3_limit (file->db, SQLITE_LIMIT_LENGTH, SHT_TILE_MAX_BYTES);
  sqlite3_limit (file->db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_progress_handler (file->db, STEPS_A_LOOK, on_progress, file);
}

/**
 * sht_mbtiles_open:
 * @path: an MBTiles file; nothing is written to it or beside it
 *
 * Opens a map for reading tiles. One handle belongs to one thread at a time.
 *
 * Returns: (transfer full) (nullable): the map, or %NULL with a #ShtMbtilesError
 */
ShtMbtiles *
sht_mbtiles_open (const char *path, GError **error)
{
  g_autoptr (ShtMbtiles) file = g_new0 (ShtMbtiles, 1);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *escaped = g_uri_escape_string (absolute, "/", FALSE);
  g_autofree char *uri = g_strdup_printf ("file://%s?mode=ro&immutable=1", escaped);

  if (is_still_written (path))
    {
      g_set_error_literal (error, SHT_MBTILES_ERROR, SHT_MBTILES_ERROR_UNFINISHED,
                           "this map is not finished: it is still being written");
      return NULL;
    }
  if (sqlite3_open_v2 (uri, &file->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL)
      != SQLITE_OK)
    {
      fail (file, error);
      return NULL;
    }
  guard (file);
  if (sqlite3_prepare_v2 (file->db,
                          "SELECT tile_data FROM tiles WHERE zoom_level = ?1 AND tile_column = ?2 AND tile_row = ?3 "
                          "LIMIT 1",
                          -1, &file->tile, NULL)
      != SQLITE_OK)
    {
      fail (file, error);
      return NULL;
    }
  return g_steal_pointer (&file);
}

void
sht_mbtiles_close (ShtMbtiles *file)
{
  sqlite3_finalize (file->tile);
  sqlite3_close (file->db);
  g_free (file);
}

static const struct
{
  const char *entity;
  const char *text;
} entities[] = { { "&copy;", "©" }, { "&amp;", "&" },  { "&lt;", "<" }, { "&gt;", ">" },
                 { "&quot;", "\"" }, { "&nbsp;", " " }, { "&#169;", "©" } };

/* The length of the tag that begins at @html, 0 when it is no tag: `<http://…>` is meant to be read. */
static gsize
tag_length (const char *html)
{
  const char *p = html + 1;
  const char *end;

  if (*p == '/')
    p++;
  if (!g_ascii_isalpha (*p))
    return 0;
  while (g_ascii_isalnum (*p))
    p++;
  if (*p != '>' && *p != '/' && !g_ascii_isspace (*p))
    return 0;
  end = strchr (p, '>');
  return end != NULL ? (gsize) (end - html + 1) : 0;
}

/**
 * sht_mbtiles_plain_text:
 * @html: what a map says of itself
 *
 * Returns: (transfer full): its words, on one line, clipped
 */
char *
sht_mbtiles_plain_text (const char *html)
{
  g_autofree char *valid = g_utf8_make_valid (html, -1);
  g_autoptr (GString) out = g_string_new (NULL);
  const char *p = valid;

  while (*p != '\0' && g_utf8_strlen (out->str, (gssize) out->len) < MAX_ATTRIBUTION_CHARS)
    {
      const char *text = NULL;
      gsize skip = *p == '<' ? tag_length (p) : 0;

      for (guint i = 0; *p == '&' && text == NULL && i < G_N_ELEMENTS (entities); i++)
        if (g_str_has_prefix (p, entities[i].entity))
          {
            text = entities[i].text;
            skip = strlen (entities[i].entity);
          }
      if (g_ascii_isspace (*p) || g_ascii_iscntrl (*p))
        {
          text = out->len > 0 && out->str[out->len - 1] != ' ' ? " " : "";
          skip = 1;
        }
      if (text != NULL)
        g_string_append (out, text);
      else if (skip == 0)
        {
          skip = (gsize) (g_utf8_next_char (p) - p);
          g_string_append_len (out, p, (gssize) skip);
        }
      p += skip;
    }
  return g_strstrip (g_string_free (g_steal_pointer (&out), FALSE));
}

static gboolean
take_zoom (const char *text, int *zoom)
{
  gint64 value;

  if (!g_ascii_string_to_signed (text, 10, 0, MAX_ZOOM, &value, NULL))
    return FALSE;
  *zoom = (int) value;
  return TRUE;
}

static void
take_bounds (const char *text, ShtMbtilesInfo *info)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", 5);
  double numbers[4];

  if (g_strv_length (parts) != 4)
    return;
  for (guint i = 0; i < 4; i++)
    {
      char *end;

      numbers[i] = g_ascii_strtod (parts[i], &end);
      if (end == parts[i] || !isfinite (numbers[i]) || fabs (numbers[i]) > 180)
        return;
    }
  if (numbers[0] >= numbers[2] || numbers[1] >= numbers[3])
    return;
  info->has_bounds = TRUE;
  info->west = numbers[0];
  info->south = numbers[1];
  info->east = numbers[2];
  info->north = numbers[3];
}

static gboolean
is_picture_format (const char *format)
{
  static const char *const known[] = { "png", "jpg", "jpeg", "webp", "image/png", "image/jpeg", "image/webp" };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (format, known[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
take_metadata (const char *name, const char *value, ShtMbtilesInfo *info, GError **error)
{
  if (g_str_equal (name, "format") && !is_picture_format (value))
    {
      g_autofree char *plain = sht_mbtiles_plain_text (value);

      g_set_error (error, SHT_MBTILES_ERROR, SHT_MBTILES_ERROR_FORMAT,
                   "this map is of a kind that cannot be drawn here: its tiles are “%s”, not pictures", plain);
      return FALSE;
    }
  if (g_str_equal (name, "name") && info->name == NULL)
    info->name = sht_mbtiles_plain_text (value);
  else if (g_str_equal (name, "attribution") && info->attribution == NULL)
    info->attribution = sht_mbtiles_plain_text (value);
  else if (g_str_equal (name, "minzoom"))
    take_zoom (value, &info->min_zoom);
  else if (g_str_equal (name, "maxzoom"))
    take_zoom (value, &info->max_zoom);
  else if (g_str_equal (name, "bounds"))
    take_bounds (value, info);
  return TRUE;
}

static gboolean
read_metadata (ShtMbtiles *file, ShtMbtilesInfo *info, GError **error)
{
  sqlite3_stmt *stmt;
  gboolean ok = TRUE;
  int rc;

  if (sqlite3_prepare_v2 (file->db, "SELECT name, value FROM metadata LIMIT 1000", -1, &stmt, NULL) != SQLITE_OK)
    return fail (file, error);
  while (ok && (rc = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      const char *name = (const char *) sqlite3_column_text (stmt, 0);
      const char *value = (const char *) sqlite3_column_text (stmt, 1);

      if (name != NULL && value != NULL && sqlite3_column_bytes (stmt, 1) <= MAX_TEXT_BYTES)
        ok = take_metadata (name, value, info, error);
    }
  if (ok && rc != SQLITE_DONE)
    ok = fail (file, error);
  sqlite3_finalize (stmt);
  return ok;
}

typedef struct
{
  gint64 west, east, south, north; /* columns, and rows from the south */
} Extent;

/* Runs a query of whole numbers. Returns: whether its one row has them all. */
static gboolean
read_numbers (ShtMbtiles *file, const char *sql, int zoom, const Extent *within, gint64 *numbers, int n, GError **error)
{
  sqlite3_stmt *stmt;
  gboolean found = FALSE;
  int rc;

  file->looks = 0;
  if (sqlite3_prepare_v2 (file->db, sql, -1, &stmt, NULL) != SQLITE_OK)
    return fail (file, error);
  if (sqlite3_bind_parameter_count (stmt) > 0)
    sqlite3_bind_int (stmt, 1, zoom);
  if (within != NULL)
    {
      sqlite3_bind_int64 (stmt, 2, within->west);
      sqlite3_bind_int64 (stmt, 3, within->east);
      sqlite3_bind_int64 (stmt, 4, within->south);
      sqlite3_bind_int64 (stmt, 5, within->north);
    }
  rc = sqlite3_step (stmt);
  if (rc == SQLITE_ROW)
    {
      found = TRUE;
      for (int i = 0; i < n; i++)
        {
          found = found && sqlite3_column_type (stmt, i) == SQLITE_INTEGER;
          numbers[i] = sqlite3_column_int64 (stmt, i);
        }
    }
  else
    fail (file, error);
  sqlite3_finalize (stmt);
  return found;
}

/* Zoom levels from the tiles themselves: the metadata may be silent, or wrong. */
static gboolean
read_zooms (ShtMbtiles *file, ShtMbtilesInfo *info, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gint64 zooms[2];

  /* in this form an index finds them at once, in a view over several tables too */
  if (read_numbers (file,
                    "SELECT (SELECT zoom_level FROM tiles ORDER BY zoom_level LIMIT 1), "
                    "(SELECT zoom_level FROM tiles ORDER BY zoom_level DESC LIMIT 1)",
                    0, NULL, zooms, 2, &local_error))
    {
      info->min_zoom = (int) CLAMP (zooms[0], 0, MAX_ZOOM);
      info->max_zoom = (int) CLAMP (zooms[1], info->min_zoom, MAX_ZOOM);
      return TRUE;
    }
  /* Of a view that is too slow to be asked, what it says of itself has to do. */
  if (g_error_matches (local_error, SHT_MBTILES_ERROR, SHT_MBTILES_ERROR_FAILED) && info->min_zoom >= 0
      && info->max_zoom >= info->min_zoom)
    return TRUE;
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error_literal (error, SHT_MBTILES_ERROR, SHT_MBTILES_ERROR_EMPTY, "this map is empty: it has no tiles");
  return FALSE;
}

static double
longitude_of (gint64 column, int zoom)
{
  return (double) column / (double) (G_GINT64_CONSTANT (1) << zoom) * 360 - 180;
}

static double
latitude_of (gint64 tms_row, int zoom)
{
  double y = G_PI * (2 * (double) tms_row / (double) (G_GINT64_CONSTANT (1) << zoom) - 1);

  return CLAMP (atan (sinh (y)) * 180 / G_PI, -MAX_LATITUDE, MAX_LATITUDE);
}

static gboolean
read_extent (ShtMbtiles *file, int zoom, Extent *extent)
{
  gint64 last = (G_GINT64_CONSTANT (1) << zoom) - 1;
  gint64 n[4];

  if (!read_numbers (file,
                     "SELECT min (tile_column), max (tile_column), min (tile_row), max (tile_row) FROM tiles "
                     "WHERE zoom_level = ?1",
                     zoom, NULL, n, 4, NULL))
    return FALSE;
  *extent = (Extent){ CLAMP (n[0], 0, last), CLAMP (n[1], 0, last), CLAMP (n[2], 0, last), CLAMP (n[3], 0, last) };
  return TRUE;
}

static double
column_of (double longitude, int zoom)
{
  return (longitude / 360 + 0.5) * (double) (G_GINT64_CONSTANT (1) << zoom);
}

static double
row_of (double latitude, int zoom)
{
  double angle = CLAMP (latitude, -MAX_LATITUDE, MAX_LATITUDE) * G_PI / 180;

  return (0.5 + atanh (sin (angle)) / (2 * G_PI)) * (double) (G_GINT64_CONSTANT (1) << zoom);
}

/* Whether what is said of the bounds can be true: none of the finest tiles lies outside. */
static gboolean
bounds_hold (ShtMbtiles *file, const ShtMbtilesInfo *info)
{
  int zoom = info->max_zoom;
  Extent said = { (gint64) floor (column_of (info->west, zoom)), (gint64) ceil (column_of (info->east, zoom)) - 1,
                  (gint64) floor (row_of (info->south, zoom)), (gint64) ceil (row_of (info->north, zoom)) - 1 };
  gint64 outside = 0;

  return info->has_bounds
         && read_numbers (file,
                          "SELECT EXISTS (SELECT 1 FROM tiles WHERE zoom_level = ?1 AND (tile_column < ?2 - 1 OR "
                          "tile_column > ?3 + 1 OR tile_row < ?4 - 1 OR tile_row > ?5 + 1))",
                          zoom, &said, &outside, 1, NULL)
         && !outside;
}

/* Bounds from the finest tiles where the metadata is silent, or leaves some of them out. */
static void
read_bounds (ShtMbtiles *file, ShtMbtilesInfo *info)
{
  Extent extent;

  if (bounds_hold (file, info) || !read_extent (file, info->max_zoom, &extent))
    return;
  info->has_bounds = TRUE;
  info->west = longitude_of (extent.west, info->max_zoom);
  info->east = longitude_of (extent.east + 1, info->max_zoom);
  info->south = latitude_of (extent.south, info->max_zoom);
  info->north = latitude_of (extent.north + 1, info->max_zoom);
}

static gboolean
refuse_kind (ShtTileKind kind, const guint8 *head, gsize length, GError **error)
{
  if (kind != SHT_TILE_OTHER)
    return TRUE;
  g_set_error_literal (error, SHT_MBTILES_ERROR, SHT_MBTILES_ERROR_FORMAT,
                       length >= 2 && head[0] == 0x1f && head[1] == 0x8b
                           ? "this map is of a kind that cannot be drawn here: its tiles are packed, as vector tiles are, not "
                             "pictures"
                           : "this map cannot be drawn: its tiles are not pictures (PNG, JPEG, WebP)");
  return FALSE;
}

/* `format` may be absent or wrong: the first tile tells. */
static gboolean
look_at_a_tile (ShtMbtiles *file, ShtMbtilesInfo *info, GError **error)
{
  sqlite3_stmt *stmt;
  gboolean ok;
  guint width, height;

  file->looks = 0;
  if (sqlite3_prepare_v2 (file->db, "SELECT tile_data FROM tiles LIMIT 1", -1, &stmt, NULL) != SQLITE_OK)
    return fail (file, error);
  ok = sqlite3_step (stmt) == SQLITE_ROW || fail (file, error);
  if (ok)
    {
      const guint8 *data = sqlite3_column_blob (stmt, 0);
      gsize length = (gsize) sqlite3_column_bytes (stmt, 0);

      info->kind = sht_tile_look (data, data != NULL ? length : 0, &width, &height);
      ok = refuse_kind (info->kind, data, length, error);
    }
  sqlite3_finalize (stmt);
  return ok;
}

/**
 * sht_mbtiles_read_info:
 * @info: (out caller-allocates): to be cleared with sht_mbtiles_info_clear(), also on failure
 *
 * Reads what the map says of itself. What that leaves out, or gets wrong, is found from its tiles: zoom levels, bounds, kind.
 */
gboolean
sht_mbtiles_read_info (ShtMbtiles *file, ShtMbtilesInfo *info, GError **error)
{
  file->looks = 0;
  *info = (ShtMbtilesInfo){ .min_zoom = -1, .max_zoom = -1 };
  if (!read_metadata (file, info, error) || !read_zooms (file, info, error) || !look_at_a_tile (file, info, error))
    return FALSE;
  read_bounds (file, info);
  if (info->name == NULL)
    info->name = g_strdup ("");
  if (info->attribution == NULL)
    info->attribution = g_strdup ("");
  return TRUE;
}

/* Each row: that it lies on a web map, and begins as a picture does. */
static gboolean
look_at_row (sqlite3_stmt *row, GError **error)
{
  gint64 zoom = sqlite3_column_int64 (row, 0), column = sqlite3_column_int64 (row, 1), tms_row = sqlite3_column_int64 (row, 2);
  const guint8 *head = sqlite3_column_blob (row, 3);
  gsize length = (gsize) sqlite3_column_bytes (row, 3);
  gint64 bytes = sqlite3_column_int64 (row, 4);
  guint width, height;
  gint64 side;

  if (zoom < 0 || zoom > MAX_ZOOM)
    {
      g_set_error (error, SHT_MBTILES_ERROR, SHT_MBTILES_ERROR_FORMAT, "this map has a tile at zoom level %" G_GINT64_FORMAT
                   ", which no web map has", zoom);
      return FALSE;
    }
  side = G_GINT64_CONSTANT (1) << zoom;
  if (column < 0 || column >= side || tms_row < 0 || tms_row >= side)
    {
      g_set_error (error, SHT_MBTILES_ERROR, SHT_MBTILES_ERROR_FORMAT,
                   "this map has a tile outside the world: column %" G_GINT64_FORMAT ", row %" G_GINT64_FORMAT
                   " at zoom level %" G_GINT64_FORMAT,
                   column, tms_row, zoom);
      return FALSE;
    }
  if (bytes > SHT_TILE_MAX_BYTES)
    {
      g_set_error (error, SHT_MBTILES_ERROR, SHT_MBTILES_ERROR_FORMAT,
                   "this map has a tile of %" G_GINT64_FORMAT " bytes; the limit is %d", bytes, SHT_TILE_MAX_BYTES);
      return FALSE;
    }
  /* a tile without bytes is as good as none */
  return bytes == 0 || refuse_kind (sht_tile_look (head, length, &width, &height), head, length, error);
}

/**
 * sht_mbtiles_survey:
 * @info: (out caller-allocates): as for sht_mbtiles_read_info()
 * @tiles: (out): how many there are
 *
 * Reads the whole map once, before it is given to anybody: that no part is missing, and that each tile begins as a picture.
 *
 * Returns: %FALSE with a #ShtMbtilesError
 */
gboolean
sht_mbtiles_survey (ShtMbtiles *file, ShtMbtilesInfo *info, gint64 *tiles, GError **error)
{
  sqlite3_stmt *stmt;
  gboolean ok;
  int rc = SQLITE_DONE;

  *tiles = 0;
  file->patient = TRUE;
  ok = sht_mbtiles_read_info (file, info, error);
  if (ok
      && sqlite3_prepare_v2 (file->db,
                             "SELECT zoom_level, tile_column, tile_row, substr (tile_data, 1, " G_STRINGIFY (HEAD_BYTES) "), "
                             "length (tile_data) FROM tiles",
                             -1, &stmt, NULL)
             == SQLITE_OK)
    {
      while (ok && (rc = sqlite3_step (stmt)) == SQLITE_ROW)
        {
          ok = look_at_row (stmt, error);
          ++*tiles;
        }
      if (ok && rc != SQLITE_DONE)
        ok = fail (file, error);
      sqlite3_finalize (stmt);
    }
  else if (ok)
    ok = fail (file, error);
  file->patient = FALSE;
  return ok;
}

void
sht_mbtiles_info_clear (ShtMbtilesInfo *info)
{
  g_clear_pointer (&info->name, g_free);
  g_clear_pointer (&info->attribution, g_free);
}

/**
 * sht_mbtiles_read:
 * @zoom: zoom level
 * @x: column
 * @y: row, counted from the north as web maps do; the file counts from the south
 * @cancellable: (nullable): stops the reading
 *
 * Returns: (transfer full) (nullable): the tile's bytes; %NULL without an error when the map has none there
 */
GBytes *
sht_mbtiles_read (ShtMbtiles *file, int zoom, guint x, guint y, GCancellable *cancellable, GError **error)
{
  GBytes *bytes = NULL;
  gint64 side;
  int rc;

  if (zoom < 0 || zoom > MAX_ZOOM)
    return NULL;
  side = G_GINT64_CONSTANT (1) << zoom;
  if (x >= side || y >= side)
    return NULL;
  file->looks = 0;
  file->cancellable = cancellable;
  sqlite3_bind_int (file->tile, 1, zoom);
  sqlite3_bind_int64 (file->tile, 2, x);
  sqlite3_bind_int64 (file->tile, 3, side - 1 - y);
  rc = sqlite3_step (file->tile);
  if (rc == SQLITE_ROW && sqlite3_column_bytes (file->tile, 0) > 0)
    bytes = g_bytes_new (sqlite3_column_blob (file->tile, 0), (gsize) sqlite3_column_bytes (file->tile, 0));
  else if (rc != SQLITE_ROW && rc != SQLITE_DONE && !g_cancellable_set_error_if_cancelled (cancellable, error))
    fail (file, error);
  sqlite3_reset (file->tile);
  file->cancellable = NULL;
  return bytes;
}
