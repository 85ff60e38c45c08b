/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ShtMapTiles ShtMapTiles;

ShtMapTiles *sht_map_tiles_create (const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean
sht_map_tiles_describe (ShtMapTiles *self, const char *name, const char *value, GError **error);
gboolean
sht_map_tiles_add (ShtMapTiles *self, int zoom, int x, int y, GBytes *image, GError **error);
gboolean sht_map_tiles_finish (ShtMapTiles *self, GError **error);
void sht_map_tiles_free (ShtMapTiles *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtMapTiles, sht_map_tiles_free)

G_END_DECLS
