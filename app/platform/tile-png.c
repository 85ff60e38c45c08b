/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/tile-helper.h"

#include <png.h>
#include <setjmp.h>
#include <string.h>

/* Profiles and texts that a tile may carry, which nobody needs. */
#define MAX_CHUNK_BYTES (1024 * 1024)
#define MAX_CHUNKS 64

typedef struct
{
  const guint8 *at;
  gsize left;
  guint32 *pixels; /* (owned) (nullable) */
  png_bytep *rows; /* (owned) (nullable) */
} Reading;

static void
on_error (png_structp png, png_const_charp message)
{
  longjmp (*(jmp_buf *) png_get_error_ptr (png), 1);
}

static void
on_warning (png_structp png, png_const_charp message)
{
}

static void
on_read (png_structp png, png_bytep out, size_t length)
{
  Reading *reading = png_get_io_ptr (png);

  if (length > reading->left)
    png_error (png, "cut short");
  memcpy (out, reading->at, length);
  reading->at += length;
  reading->left -= length;
}

/* Whatever it has becomes 32 bits a pixel, as this machine has them. Returns: whether some may be transparent */
static gboolean
ask_for_argb (png_structp png, png_infop info)
{
  gboolean has_alpha = (png_get_color_type (png, info) & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid (png, info, PNG_INFO_tRNS);

  png_set_expand (png);
  png_set_strip_16 (png);
  png_set_gray_to_rgb (png);
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  png_set_bgr (png);
  png_set_add_alpha (png, 0xff, PNG_FILLER_AFTER);
#else
  png_set_swap_alpha (png);
  png_set_add_alpha (png, 0xff, PNG_FILLER_BEFORE);
#endif
  png_set_interlace_handling (png);
  png_read_update_info (png, info);
  return has_alpha;
}

static gboolean
read_pixels (png_structp png, png_infop info, Reading *reading, ShtTileRaster *raster)
{
  gboolean has_alpha;

  png_read_info (png, info);
  raster->width = png_get_image_width (png, info);
  raster->height = png_get_image_height (png, info);
  has_alpha = ask_for_argb (png, info);
  if (png_get_rowbytes (png, info) != (gsize) raster->width * 4)
    return FALSE;
  reading->pixels = g_new (guint32, (gsize) raster->width * raster->height);
  reading->rows = g_new (png_bytep, raster->height);
  for (guint y = 0; y < raster->height; y++)
    reading->rows[y] = (png_bytep) (reading->pixels + (gsize) y * raster->width);
  png_read_image (png, reading->rows);
  if (has_alpha)
    for (gsize i = 0; i < (gsize) raster->width * raster->height; i++)
      reading->pixels[i] = sht_tile_premultiply (reading->pixels[i]);
  return TRUE;
}

/**
 * sht_tile_png_decode:
 * @raster: (out caller-allocates): its pixels are to be freed by g_free()
 *
 * Decodes a PNG straight into the pixels that are sent.
 *
 * Returns: %FALSE when it is damaged
 */
gboolean
sht_tile_png_decode (const guint8 *data, gsize length, ShtTileRaster *raster)
{
  jmp_buf back;
  Reading *reading = g_new0 (Reading, 1);
  png_structp png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &back, on_error, on_warning);
  png_infop info = png != NULL ? png_create_info_struct (png) : NULL;
  volatile gboolean ok = FALSE;

  reading->at = data;
  reading->left = length;
  if (info != NULL && setjmp (back) == 0)
    {
      png_set_user_limits (png, SHT_TILE_MAX_SIDE, SHT_TILE_MAX_SIDE);
      png_set_chunk_malloc_max (png, MAX_CHUNK_BYTES);
      png_set_chunk_cache_max (png, MAX_CHUNKS);
      png_set_read_fn (png, reading, on_read);
      ok = read_pixels (png, info, reading, raster);
    }
  png_destroy_read_struct (&png, &info, NULL);
  raster->pixels = ok ? g_steal_pointer (&reading->pixels) : NULL;
  g_free (reading->pixels);
  g_free (reading->rows);
  g_free (reading);
  return ok;
}
