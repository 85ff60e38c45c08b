/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A tile is at most so many pixels wide and high: they are 256 pixels wide, on fine screens 512. */
#define SHT_TILE_MAX_SIDE 1024
/* A drawn tile has some 10 to 100 KB; a photo in high resolution 1 MB. */
#define SHT_TILE_MAX_BYTES (4 * 1024 * 1024)

typedef enum
{
  SHT_TILE_OTHER, /* no picture that is drawn here */
  SHT_TILE_PNG,
  SHT_TILE_JPEG,
  SHT_TILE_WEBP
} ShtTileKind;

ShtTileKind sht_tile_look (const guint8 *data, gsize length, guint *width, guint *height);

G_END_DECLS
