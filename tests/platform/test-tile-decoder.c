/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image.h"
#include "platform/tile-decoder.h"
#include "platform/tile.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

/* Tiles through the confined program, and programs in its place that are none. */

static GBytes *
new_picture (const char *kind, int width, int height, gboolean alpha)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, alpha, 8, width, height);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;

  gdk_pixbuf_fill (pixbuf, 0xff804080);
  gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, kind, &error, NULL);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

static void
assert_refused (ShtTileDecoder *decoder, GBytes *tile)
{
  g_autoptr (GError) error = NULL;
  int width, height;

  g_assert_null (sht_tile_decoder_run (decoder, tile, &width, &height, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static guint32
first_pixel (ShtTileDecoder *decoder, GBytes *tile, int side)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pixels = NULL;
  guint32 pixel;
  int width, height;

  pixels = sht_tile_decoder_run (decoder, tile, &width, &height, &error);
  g_assert_no_error (error);
  g_assert_cmpint (width, ==, side);
  g_assert_cmpint (height, ==, side);
  g_assert_cmpuint (g_bytes_get_size (pixels), ==, (gsize) side * (gsize) side * 4);
  memcpy (&pixel, g_bytes_get_data (pixels, NULL), sizeof pixel);
  return pixel;
}

static void
test_kinds (void)
{
  g_autoptr (ShtTileDecoder) decoder = sht_tile_decoder_new ();
  g_autoptr (GBytes) opaque = new_picture ("png", 256, 256, FALSE), clear = new_picture ("png", 512, 512, TRUE);
  g_autoptr (GBytes) jpeg = new_picture ("jpeg", 256, 256, FALSE);

  g_assert_cmphex (first_pixel (decoder, opaque, 256), ==, 0xffff8040);
  /* premultiplied: half of it shines through */
  g_assert_cmphex (first_pixel (decoder, clear, 512), ==, 0x80804020);
  g_assert_cmphex (first_pixel (decoder, jpeg, 256) >> 24, ==, 0xff);
}

static void
test_refused (void)
{
  g_autoptr (ShtTileDecoder) decoder = sht_tile_decoder_new ();
  g_autoptr (GBytes) png = new_picture ("png", 256, 256, FALSE), large = new_picture ("png", SHT_TILE_MAX_SIDE + 1, 8, FALSE);
  g_autoptr (GBytes) jpeg = new_picture ("jpeg", 8, SHT_TILE_MAX_SIDE + 1, FALSE);
  g_autoptr (GBytes) text = g_bytes_new_static ("no picture", 10);
  g_autoptr (GBytes) none = g_bytes_new_static ("", 0);

  assert_refused (decoder, text);
  assert_refused (decoder, none);
  assert_refused (decoder, large);
  assert_refused (decoder, jpeg);
  /* cut anywhere, or with a bit turned over, it is refused or shown, and the next one is shown all the same */
  for (gsize at = 0; at < g_bytes_get_size (png); at += 7)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (png, 0, at);
      g_autofree guint8 *turned = g_memdup2 (g_bytes_get_data (png, NULL), g_bytes_get_size (png));
      g_autoptr (GBytes) spoilt = NULL;
      g_autoptr (GBytes) shown = NULL;
      int width, height;

      /* the last sixteen bytes are the end's mark and a sum */
      if (at + 16 < g_bytes_get_size (png))
        assert_refused (decoder, cut);
      turned[at] ^= 0x10;
      spoilt = g_bytes_new (turned, g_bytes_get_size (png));
      shown = sht_tile_decoder_run (decoder, spoilt, &width, &height, NULL);
      g_assert_cmphex (first_pixel (decoder, png, 256), ==, 0xffff8040);
    }
}

/* More than one process has in its life. */
static void
test_many (void)
{
  g_autoptr (ShtTileDecoder) decoder = sht_tile_decoder_new ();
  g_autoptr (GBytes) png = new_picture ("png", 16, 16, FALSE);

  for (guint i = 0; i < 2500; i++)
    g_assert_cmphex (first_pixel (decoder, png, 16), ==, 0xffff8040);
}

/* What is no such program, ends at once, or says anything: an error, and no tile. */
static void
test_other_programs (void)
{
  static const char *const programs[] = { "/nonexistent", "/bin/true", "/bin/false", "/bin/cat" };
  g_autofree char *before = g_strdup (g_getenv ("SHETACH_TILE_HELPER"));
  g_autoptr (GBytes) png = new_picture ("png", 256, 256, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autoptr (ShtTileDecoder) decoder = sht_tile_decoder_new ();
      g_autoptr (GError) error = NULL;
      int width, height;

      g_setenv ("SHETACH_TILE_HELPER", programs[i], TRUE);
      g_assert_null (sht_tile_decoder_run (decoder, png, &width, &height, &error));
      g_assert_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_HELPER);
      /* and once the right one is there, it is used */
      if (before != NULL)
        g_setenv ("SHETACH_TILE_HELPER", before, TRUE);
      else
        g_unsetenv ("SHETACH_TILE_HELPER");
      g_assert_cmphex (first_pixel (decoder, png, 256), ==, 0xffff8040);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tiles/kinds", test_kinds);
  g_test_add_func ("/tiles/refused", test_refused);
  g_test_add_func ("/tiles/many", test_many);
  g_test_add_func ("/tiles/other-programs", test_other_programs);
  return g_test_run ();
}
