/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtMapPackage:
 * @id: (owned): the hub's id for it
 * @name: (owned): what people call it
 * @attribution: (owned) (nullable): whose data it is
 * @path: (owned) (nullable): its file, when it is here
 * @version: the hub's
 * @here_version: of the file that is here
 * @size: of the hub's version, in bytes
 * @got: how much of the hub's version is here, in bytes
 * @wanted: whether it is to be here
 * @newer: whether the hub has another version than the one that is here
 * @damaged: whether what came was not what the hub had announced, several times
 * @has_bounds: whether the four that follow are known, in 1e-7 degrees
 * @covers: how many open tickets of this tablet lie in it, -1 when that was not asked
 *
 * A map package as the hub offers it, and how far it is here.
 */
typedef struct
{
  char *id;
  char *name;
  char *attribution;
  char *path;
  gint64 version;
  gint64 here_version;
  gint64 size;
  gint64 got;
  gboolean wanted;
  gboolean newer;
  gboolean damaged;
  int min_zoom;
  int max_zoom;
  gboolean has_bounds;
  gint64 west_e7;
  gint64 south_e7;
  gint64 east_e7;
  gint64 north_e7;
  gint64 covers;
} ShtMapPackage;

void sht_map_package_free (ShtMapPackage *package);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtMapPackage, sht_map_package_free)
GPtrArray *sht_store_maps (ShtStore *store, gboolean with_covers, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ShtMapPackage *sht_store_find_map (ShtStore *store, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_want_map (ShtStore *store, const char *id, gboolean want, GError **error);
gboolean sht_store_drop_gone_maps (ShtStore *store, GError **error);

/* map-download.c: its way here */

/**
 * ShtMapDownload:
 *
 * A map package on its way to this tablet: a file that grows, and outlives the program.
 */
typedef struct _ShtMapDownload ShtMapDownload;

ShtMapDownload *sht_store_next_map (ShtStore *store, gboolean sparing, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_wants_map (ShtStore *store, gboolean sparing);
void sht_map_download_free (ShtMapDownload *download);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtMapDownload, sht_map_download_free)
const char *sht_map_download_get_sha256 (ShtMapDownload *download);
gint64 sht_map_download_get_offset (ShtMapDownload *download);
gint64 sht_map_download_get_size (ShtMapDownload *download);
gboolean sht_store_take_map_part (ShtStore *store, ShtMapDownload *download, GBytes *part, GError **error);
gboolean sht_store_has_room_for_map (ShtStore *store, gint64 bytes, GError **error);
char *sht_store_map_path (ShtStore *store, const char *sha256, const char *ending) G_GNUC_WARN_UNUSED_RESULT;
void sht_store_tidy_maps (ShtStore *store);

G_END_DECLS
