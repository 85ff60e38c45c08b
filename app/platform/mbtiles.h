/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/tile.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SHT_MBTILES_ERROR (sht_mbtiles_error_quark ())
GQuark sht_mbtiles_error_quark (void);

/**
 * ShtMbtilesError:
 * @SHT_MBTILES_ERROR_NOT_MBTILES: no SQLite file, or one without tiles and metadata
 * @SHT_MBTILES_ERROR_EMPTY: it holds no tile at all
 * @SHT_MBTILES_ERROR_FORMAT: its tiles are not pictures that this version draws
 * @SHT_MBTILES_ERROR_UNFINISHED: somebody was still writing it
 * @SHT_MBTILES_ERROR_DAMAGED: it was cut short, or holds other bytes than it should
 * @SHT_MBTILES_ERROR_FAILED: it cannot be read; the message is SQLite's
 */
typedef enum
{
  SHT_MBTILES_ERROR_NOT_MBTILES,
  SHT_MBTILES_ERROR_EMPTY,
  SHT_MBTILES_ERROR_FORMAT,
  SHT_MBTILES_ERROR_UNFINISHED,
  SHT_MBTILES_ERROR_DAMAGED,
  SHT_MBTILES_ERROR_FAILED
} ShtMbtilesError;

/**
 * ShtMbtilesInfo:
 * @name: (owned): the map's name
 * @attribution: (owned): whose data it is, as plain text
 * @kind: of its first tile
 * @min_zoom: the first zoom level with tiles
 * @max_zoom: the last
 * @has_bounds: whether the four that follow are known, in degrees
 */
typedef struct
{
  char *name;
  char *attribution;
  ShtTileKind kind;
  int min_zoom;
  int max_zoom;
  gboolean has_bounds;
  double west;
  double south;
  double east;
  double north;
} ShtMbtilesInfo;

typedef struct _ShtMbtiles ShtMbtiles;

ShtMbtiles *sht_mbtiles_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_mbtiles_close (ShtMbtiles *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtMbtiles, sht_mbtiles_close)
gboolean sht_mbtiles_read_info (ShtMbtiles *file, ShtMbtilesInfo *info, GError **error);
gboolean sht_mbtiles_survey (ShtMbtiles *file, ShtMbtilesInfo *info, gint64 *tiles, GError **error);
void sht_mbtiles_info_clear (ShtMbtilesInfo *info);
GBytes *sht_mbtiles_read (ShtMbtiles *file, int zoom, guint x, guint y, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_mbtiles_plain_text (const char *html) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
