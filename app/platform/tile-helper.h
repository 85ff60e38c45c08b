/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Inside the program shetach-tiles only. */

#include "platform/tile.h"

G_BEGIN_DECLS

/**
 * ShtTileRaster:
 * @pixels: (owned): premultiplied ARGB in 32 bits, without gaps
 */
typedef struct
{
  guint32 *pixels;
  guint32 width;
  guint32 height;
} ShtTileRaster;

static inline guint32
sht_tile_premultiply (guint32 argb)
{
  guint32 alpha = argb >> 24, out = alpha;

  if (alpha == 255)
    return argb;
  for (int shift = 16; shift >= 0; shift -= 8)
    {
      guint32 t = (argb >> shift & 0xff) * alpha + 0x80;

      out = out << 8 | (t + (t >> 8)) >> 8;
    }
  return out;
}

gboolean sht_tile_png_decode (const guint8 *data, gsize length, ShtTileRaster *raster);

G_END_DECLS
