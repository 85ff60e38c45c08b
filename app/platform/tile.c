/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/tile.h"

#include <string.h>

static guint
be16 (const guint8 *p)
{
  return (guint) p[0] << 8 | p[1];
}

static gboolean
png_size (const guint8 *p, gsize length, guint *width, guint *height)
{
  if (length < 24 || memcmp (p, "\x89PNG\r\n\x1a\n", 8) != 0 || memcmp (p + 12, "IHDR", 4) != 0)
    return FALSE;
  *width = be16 (p + 16) << 16 | be16 (p + 18);
  *height = be16 (p + 20) << 16 | be16 (p + 22);
  return TRUE;
}

static gboolean
jpeg_size (const guint8 *p, gsize length, guint *width, guint *height)
{
  gsize at = 2;

  if (length < 4 || p[0] != 0xff || p[1] != 0xd8)
    return FALSE;
  while (at + 9 < length && p[at] == 0xff)
    {
      guint8 marker = p[at + 1];

      /* the frame headers, but for tables (C4), an extension (C8) and arithmetic conditioning (CC) */
      if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc)
        {
          *height = be16 (p + at + 5);
          *width = be16 (p + at + 7);
          return TRUE;
        }
      at += marker == 0xff ? 1 : 2 + be16 (p + at + 2);
    }
  return FALSE;
}

static gboolean
webp_size (const guint8 *p, gsize length, guint *width, guint *height)
{
  if (length < 30 || memcmp (p, "RIFF", 4) != 0 || memcmp (p + 8, "WEBP", 4) != 0)
    return FALSE;
  if (memcmp (p + 12, "VP8X", 4) == 0)
    {
      *width = 1 + ((guint) p[24] | (guint) p[25] << 8 | (guint) p[26] << 16);
      *height = 1 + ((guint) p[27] | (guint) p[28] << 8 | (guint) p[29] << 16);
    }
  else if (memcmp (p + 12, "VP8L", 4) == 0)
    {
      guint32 bits = (guint32) p[21] | (guint32) p[22] << 8 | (guint32) p[23] << 16 | (guint32) p[24] << 24;

      *width = 1 + (bits & 0x3fff);
      *height = 1 + (bits >> 14 & 0x3fff);
    }
  else
    {
      *width = ((guint) p[26] | (guint) p[27] << 8) & 0x3fff;
      *height = ((guint) p[28] | (guint) p[29] << 8) & 0x3fff;
    }
  return TRUE;
}

/**
 * sht_tile_look:
 * @data: how a tile begins, or all of it
 * @width: (out): pixels, as its header says
 * @height: (out): likewise
 *
 * Looks at a tile without unpacking anything.
 *
 * Returns: what kind of picture it is; a JPEG whose size stands further back than @length is one of 0 × 0
 */
ShtTileKind
sht_tile_look (const guint8 *data, gsize length, guint *width, guint *height)
{
  *width = *height = 0;
  if (png_size (data, length, width, height))
    return SHT_TILE_PNG;
  if (webp_size (data, length, width, height))
    return SHT_TILE_WEBP;
  if (jpeg_size (data, length, width, height) || (length >= 3 && memcmp (data, "\xff\xd8\xff", 3) == 0))
    return SHT_TILE_JPEG;
  return SHT_TILE_OTHER;
}
