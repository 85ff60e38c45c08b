/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/tile-decoder.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define SHT_TILE_SIZE 256

GdkTexture *sht_tile_decode (ShtTileDecoder *decoder, GBytes *bytes, gboolean in_sun, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_tile_is_opaque (GdkTexture *tile);
GdkTexture *sht_tile_over (GdkTexture *top, GdkTexture *bottom) G_GNUC_WARN_UNUSED_RESULT;
GdkTexture *sht_tile_crop (GdkTexture *ancestor, guint levels, guint x, guint y) G_GNUC_WARN_UNUSED_RESULT;
GdkTexture *sht_tile_outside (gboolean dark) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
