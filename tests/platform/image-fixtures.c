/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image-fixtures.h"

#include <stdlib.h>

/* A picture with smooth colours and grain, so that a JPEG of it has data everywhere. */
GByteArray *
fixture_picture (int width, int height, const char *type)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  int stride = gdk_pixbuf_get_rowstride (pixbuf);
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);
  char *data = NULL;
  gsize length = 0;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint8 *p = pixels + (gsize) y * stride + x * 3;

        p[0] = (guint8) (x * 255 / width);
        p[1] = (guint8) (y * 255 / height);
        p[2] = (guint8) g_rand_int_range (rand, 90, 130);
      }
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, type, &error, NULL));
  g_assert_no_error (error);
  return g_byte_array_new_take ((guint8 *) data, length);
}

static void
append_be32 (GByteArray *out, guint32 value)
{
  guint32 be = GUINT32_TO_BE (value);

  g_byte_array_append (out, (guint8 *) &be, 4);
}

static void
append_chunk (GByteArray *out, const char *type, const guint8 *data, guint length)
{
  guint32 crc = 0xffffffffu;
  guint start;

  append_be32 (out, length);
  start = out->len;
  g_byte_array_append (out, (const guint8 *) type, 4);
  if (length > 0)
    g_byte_array_append (out, data, length);
  for (guint i = start; i < out->len; i++)
    {
      crc ^= out->data[i];
      for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320u : 0);
    }
  append_be32 (out, ~crc);
}

/* A well-formed PNG of a few kilobytes that claims @side × @side pixels. */
GByteArray *
fixture_png_bomb (guint32 side)
{
  g_autoptr (GConverter) deflate = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9));
  g_autofree guint8 *zeros = g_malloc0 (4 * 1024 * 1024);
  g_autofree guint8 *packed = g_malloc (64 * 1024);
  GByteArray *out = g_byte_array_new ();
  guint32 be = GUINT32_TO_BE (side);
  guint8 header[13] = { [8] = 8, [9] = 2 };
  gsize n_read = 0, n_written = 0;

  memcpy (header, &be, 4);
  memcpy (header + 4, &be, 4);
  g_converter_convert (deflate, zeros, 4 * 1024 * 1024, packed, 64 * 1024,
                       G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);
  g_byte_array_append (out, (const guint8 *) "\x89PNG\r\n\x1a\n", 8);
  append_chunk (out, "IHDR", header, sizeof header);
  append_chunk (out, "IDAT", packed, (guint) n_written);
  append_chunk (out, "IEND", NULL, 0);
  return out;
}

/* @png with an EXIF block that says: turn by 90 degrees to the right, @extra being its only other tag. */
void
fixture_png_add_exif (GByteArray *png, guint16 extra)
{
  guint8 tiff[] = { 'I', 'I', 42, 0, 8, 0, 0, 0, 2, 0,
                    0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0,
                    extra & 0xff, extra >> 8, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0,
                    0, 0, 0, 0 };
  g_autoptr (GByteArray) chunk = g_byte_array_new ();
  g_autoptr (GByteArray) rest = g_byte_array_new ();
  const guint after_header = 8 + 12 + 13;

  append_chunk (chunk, "eXIf", tiff, sizeof tiff);
  g_byte_array_append (rest, png->data + after_header, png->len - after_header);
  g_byte_array_set_size (png, after_header);
  g_byte_array_append (png, chunk->data, chunk->len);
  g_byte_array_append (png, rest->data, rest->len);
}

char *
fixture_write (const char *folder, const char *name, const void *data, gsize length)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, (gssize) length, &error);
  g_assert_no_error (error);
  return path;
}

GdkPixbuf *
fixture_decode (GBytes *bytes)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GError) error = NULL;
  GdkPixbuf *pixbuf = gdk_pixbuf_new_from_stream (stream, NULL, &error);

  g_assert_no_error (error);
  return pixbuf;
}

/* Mean difference of two pictures of one size, in levels of 255. */
double
fixture_difference (GdkPixbuf *a, GdkPixbuf *b)
{
  int width = gdk_pixbuf_get_width (a), height = gdk_pixbuf_get_height (a);
  gint64 sum = 0;

  g_assert_cmpint (width, ==, gdk_pixbuf_get_width (b));
  g_assert_cmpint (height, ==, gdk_pixbuf_get_height (b));
  for (int y = 0; y < height; y++)
    {
      const guint8 *p = gdk_pixbuf_read_pixels (a) + (gsize) y * gdk_pixbuf_get_rowstride (a);
      const guint8 *q = gdk_pixbuf_read_pixels (b) + (gsize) y * gdk_pixbuf_get_rowstride (b);

      for (int i = 0; i < width * 3; i++)
        sum += abs (p[i] - q[i]);
    }
  return (double) sum / ((double) width * height * 3);
}
