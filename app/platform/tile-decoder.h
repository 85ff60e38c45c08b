/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtTileDecoder:
 *
 * Decodes a map's tiles in a confined process, which lives for many of them and is started anew when it dies. Used by one
 * thread at a time.
 */
typedef struct _ShtTileDecoder ShtTileDecoder;

ShtTileDecoder *sht_tile_decoder_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_tile_decoder_free (ShtTileDecoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtTileDecoder, sht_tile_decoder_free)
gboolean sht_tile_decoder_start (ShtTileDecoder *self, GError **error);
GBytes *sht_tile_decoder_run (ShtTileDecoder *self, GBytes *tile, int *width, int *height, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
