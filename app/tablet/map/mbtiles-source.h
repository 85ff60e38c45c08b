/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/mbtiles.h"
#include "tablet/map/online-tiles.h"

#include <shumate/shumate.h>

G_BEGIN_DECLS

/**
 * ShtMbtilesSource:
 *
 * A base map from MBTiles files. Tiles are read off the main thread and decoded in confined processes, the finest that any of
 * the files has; where none has it it is drawn from a coarser zoom, and beyond that a quiet tile says so.
 */
#define SHT_TYPE_MBTILES_SOURCE (sht_mbtiles_source_get_type ())
G_DECLARE_FINAL_TYPE (ShtMbtilesSource, sht_mbtiles_source, SHT, MBTILES_SOURCE, ShumateMapSource)

ShumateMapSource *sht_mbtiles_source_new_of (const char *const *paths, gboolean dark, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ShumateMapSource *sht_mbtiles_source_new (const char *path, gboolean dark, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ShumateMapSource *sht_mbtiles_source_new_empty (gboolean dark) G_GNUC_WARN_UNUSED_RESULT;
void sht_mbtiles_source_set_in_sun (ShtMbtilesSource *self);
void sht_mbtiles_source_set_online (ShtMbtilesSource *self, ShtOnlineTiles *online, const char *attribution);
char *sht_mbtiles_source_attribution_of (ShtMbtilesSource *self, double west, double north, double east, double south) G_GNUC_WARN_UNUSED_RESULT;
const ShtMbtilesInfo *sht_mbtiles_source_get_info (ShtMbtilesSource *self);
GdkTexture *sht_mbtiles_source_get_outside (ShtMbtilesSource *self);

G_END_DECLS
