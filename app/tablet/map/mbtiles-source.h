/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/mbtiles.h"

#include <shumate/shumate.h>

G_BEGIN_DECLS

/**
 * ShtMbtilesSource:
 *
 * A base map from an MBTiles file. Tiles are read and decoded off the main thread; what the file does
 * not have is drawn from a coarser zoom, and beyond it a quiet tile says so.
 */
#define SHT_TYPE_MBTILES_SOURCE (sht_mbtiles_source_get_type ())
G_DECLARE_FINAL_TYPE (ShtMbtilesSource, sht_mbtiles_source, SHT, MBTILES_SOURCE, ShumateMapSource)

ShumateMapSource *sht_mbtiles_source_new (const char *path, gboolean dark, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ShumateMapSource *sht_mbtiles_source_new_empty (gboolean dark) G_GNUC_WARN_UNUSED_RESULT;
const ShtMbtilesInfo *sht_mbtiles_source_get_info (ShtMbtilesSource *self);
GdkTexture *sht_mbtiles_source_get_outside (ShtMbtilesSource *self);

G_END_DECLS
