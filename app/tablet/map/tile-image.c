/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/tile-image.h"

#include <cairo.h>
#include <math.h>

/* Between the strokes that say: the map ends here. Divides the tile, so that they meet at its edges. */
#define HATCH 16
/* In the sun: what is as light as this stays so, of 255; by what power of its lightness the rest is darker. */
#define SUN_LIGHT 228
#define SUN_DARKER 1.6
/* Which of a pixel's four bytes tells how opaque it is. */
#define ALPHA (G_BYTE_ORDER == G_LITTLE_ENDIAN ? 3 : 0)

/* What is light stays as it is, and all else is as much darker as it is darker: names and streets stand out where the sun washes
 * out what is pale. */
static void
darken_for_sun (guchar *bytes, gsize n)
{
  guchar tones[256];

  for (int i = 0; i < 256; i++)
    tones[i] = i >= SUN_LIGHT ? (guchar) i : (guchar) (i * pow ((double) i / SUN_LIGHT, SUN_DARKER));
  for (gsize i = 0; i < n; i++)
    if (i % 4 != ALPHA)
      bytes[i] = tones[bytes[i]];
}

/**
 * sht_tile_decode:
 * @decoder: a confined process's
 * @bytes: a PNG, JPEG or WebP
 * @in_sun: whether it is to stand out on a screen in the sun
 *
 * Decodes a tile. May be called on any thread.
 *
 * Returns: (transfer full) (nullable): the picture, or %NULL with an error as of sht_tile_decoder_run()
 */
GdkTexture *
sht_tile_decode (ShtTileDecoder *decoder, GBytes *bytes, gboolean in_sun, GError **error)
{
  int width, height;
  g_autoptr (GBytes) pixels = sht_tile_decoder_run (decoder, bytes, &width, &height, error);

  if (pixels == NULL)
    return NULL;
  if (in_sun)
    {
      gsize n;
      guchar *own = g_bytes_unref_to_data (g_steal_pointer (&pixels), &n);

      darken_for_sun (own, n);
      pixels = g_bytes_new_take (own, n);
    }
  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, pixels, (gsize) width * 4);
}

static cairo_surface_t *
surface_of (GdkTexture *texture)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, gdk_texture_get_width (texture),
                                                         gdk_texture_get_height (texture));

  gdk_texture_download (texture, cairo_image_surface_get_data (surface), (gsize) cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);
  return surface;
}

static GdkTexture *
texture_of (cairo_surface_t *surface)
{
  int height = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);
  g_autoptr (GBytes) bytes = NULL;

  cairo_surface_flush (surface);
  bytes = g_bytes_new (cairo_image_surface_get_data (surface), (gsize) stride * (gsize) height);
  return gdk_memory_texture_new (cairo_image_surface_get_width (surface), height, GDK_MEMORY_DEFAULT, bytes,
                                 (gsize) stride);
}

/**
 * sht_tile_is_opaque:
 *
 * Returns: whether nothing shines through it. May be called on any thread
 */
gboolean
sht_tile_is_opaque (GdkTexture *tile)
{
  cairo_surface_t *surface = surface_of (tile);
  const guint32 *pixels = (const guint32 *) (gpointer) cairo_image_surface_get_data (surface);
  gsize n = (gsize) gdk_texture_get_width (tile) * (gsize) gdk_texture_get_height (tile);
  guint32 all = 0xff000000u;

  /* a row of an ARGB surface has no gap behind it */
  for (gsize i = 0; i < n && all == 0xff000000u; i++)
    all &= pixels[i];
  cairo_surface_destroy (surface);
  return all == 0xff000000u;
}

/**
 * sht_tile_over:
 * @top: a tile through which something may shine
 * @bottom: the same tile of another map
 *
 * Returns: (transfer full): the one over the other, as large as @top. May be called on any thread
 */
GdkTexture *
sht_tile_over (GdkTexture *top, GdkTexture *bottom)
{
  cairo_surface_t *above = surface_of (top), *below = surface_of (bottom);
  int width = gdk_texture_get_width (top), height = gdk_texture_get_height (top);
  cairo_surface_t *to = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (to);
  GdkTexture *texture;

  cairo_save (cr);
  cairo_scale (cr, (double) width / gdk_texture_get_width (bottom), (double) height / gdk_texture_get_height (bottom));
  cairo_set_source_surface (cr, below, 0, 0);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_set_source_surface (cr, above, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  texture = texture_of (to);
  cairo_surface_destroy (above);
  cairo_surface_destroy (below);
  cairo_surface_destroy (to);
  return texture;
}

/**
 * sht_tile_crop:
 * @ancestor: a tile @levels zoom levels above
 * @x: column of the wanted tile
 * @y: row of the wanted tile
 *
 * Enlarges the part of a coarser tile that the wanted one covers. Drawn from the whole, so that no seam
 * shows between neighbours. May be called on any thread.
 *
 * Returns: (transfer full): the tile
 */
GdkTexture *
sht_tile_crop (GdkTexture *ancestor, guint levels, guint x, guint y)
{
  int width = gdk_texture_get_width (ancestor), height = gdk_texture_get_height (ancestor);
  guint parts = 1u << levels;
  cairo_surface_t *from = surface_of (ancestor);
  cairo_surface_t *to = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, SHT_TILE_SIZE, SHT_TILE_SIZE);
  cairo_t *cr = cairo_create (to);
  GdkTexture *texture;

  cairo_translate (cr, -(double) SHT_TILE_SIZE * (x % parts), -(double) SHT_TILE_SIZE * (y % parts));
  cairo_scale (cr, (double) SHT_TILE_SIZE * parts / width, (double) SHT_TILE_SIZE * parts / height);
  cairo_set_source_surface (cr, from, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BILINEAR);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_paint (cr);
  cairo_destroy (cr);
  texture = texture_of (to);
  cairo_surface_destroy (from);
  cairo_surface_destroy (to);
  return texture;
}

/**
 * sht_tile_outside:
 * @dark: for the night
 *
 * Returns: (transfer full): a quiet tile for where the map has nothing
 */
GdkTexture *
sht_tile_outside (gboolean dark)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, SHT_TILE_SIZE, SHT_TILE_SIZE);
  cairo_t *cr = cairo_create (surface);
  GdkTexture *texture;

  if (dark)
    cairo_set_source_rgb (cr, 0.130, 0.137, 0.149);
  else
    cairo_set_source_rgb (cr, 0.925, 0.921, 0.910);
  cairo_paint (cr);
  if (dark)
    cairo_set_source_rgb (cr, 0.158, 0.166, 0.180);
  else
    cairo_set_source_rgb (cr, 0.898, 0.893, 0.880);
  cairo_set_line_width (cr, 1.5);
  for (int i = -SHT_TILE_SIZE; i <= SHT_TILE_SIZE; i += HATCH)
    {
      cairo_move_to (cr, i - HATCH, SHT_TILE_SIZE + HATCH);
      cairo_line_to (cr, i + SHT_TILE_SIZE + HATCH, -HATCH);
    }
  cairo_stroke (cr);
  cairo_destroy (cr);
  texture = texture_of (surface);
  cairo_surface_destroy (surface);
  return texture;
}
