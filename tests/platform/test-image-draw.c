/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image-fixtures.h"

#include <math.h>
#include <string.h>

#define WIDTH 800
#define HEIGHT 400
/* What a JPEG of this quality may be off by, of 255, on the mean. */
#define JPEG_ERROR 6.0

/* A checkerboard of squares of 4 pixels: nothing has more detail. */
static GBytes *
new_board (void)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, WIDTH, HEIGHT);
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);
  int stride = gdk_pixbuf_get_rowstride (pixbuf);
  char *jpeg = NULL;
  gsize length;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      memset (pixels + y * stride + x * 3, (x / 4 + y / 4) % 2 ? 220 : 40, 3);
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &jpeg, &length, "jpeg", NULL, "quality", "95", NULL));
  return g_bytes_new_take (jpeg, length);
}

typedef struct
{
  int left, top, right, bottom;
} Box;

static const guint8 *
pixel_at (GdkPixbuf *pixbuf, int x, int y)
{
  return gdk_pixbuf_get_pixels (pixbuf) + y * gdk_pixbuf_get_rowstride (pixbuf) + x * 3;
}

/* How much two pictures differ in a box, on the mean of its pixels, 0 to 255. */
static double
difference_in (GdkPixbuf *a, GdkPixbuf *b, Box box)
{
  double sum = 0;

  for (int y = box.top; y < box.bottom; y++)
    for (int x = box.left; x < box.right; x++)
      sum += abs (pixel_at (a, x, y)[1] - pixel_at (b, x, y)[1]);
  return sum / ((box.right - box.left) * (box.bottom - box.top));
}

/* How far the pixels of a box are from its mean: its detail. */
static double
detail_in (GdkPixbuf *pixbuf, Box box)
{
  double sum = 0, squares = 0, n = (box.right - box.left) * (box.bottom - box.top);

  for (int y = box.top; y < box.bottom; y++)
    for (int x = box.left; x < box.right; x++)
      {
        sum += pixel_at (pixbuf, x, y)[1];
        squares += pixel_at (pixbuf, x, y)[1] * pixel_at (pixbuf, x, y)[1];
      }
  return sqrt (MAX (0, squares / n - sum / n * (sum / n)));
}

static ShtImage *
draw (GBytes *picture, ShtShape *shape, GError **error)
{
  g_autoptr (GPtrArray) shapes = sht_shapes_new ();

  g_ptr_array_add (shapes, shape);
  return sht_image_draw (picture, "photo", shapes, NULL, error);
}

static gboolean
is_red (const guint8 *pixel)
{
  return pixel[0] > 180 && pixel[1] < 90 && pixel[2] < 100;
}

static void
test_blur (void)
{
  g_autoptr (GBytes) board = new_board ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtImage) image = draw (board, sht_shape_new (SHT_SHAPE_BLUR, 0.75, 0.25, 0.5, 0.75), &error);
  g_autoptr (GdkPixbuf) before = fixture_decode (board);
  g_autoptr (GdkPixbuf) after = NULL;
  g_autoptr (GdkPixbuf) thumb = NULL;
  Box inside = { 410, 110, 590, 290 };

  g_assert_no_error (error);
  after = fixture_decode (image->jpeg);
  g_assert_cmpint (gdk_pixbuf_get_width (after), ==, WIDTH);
  g_assert_cmpint (gdk_pixbuf_get_height (after), ==, HEIGHT);
  g_assert_cmpfloat (detail_in (before, inside), >, 60);
  g_assert_cmpfloat (detail_in (after, inside), <, 8);
  g_assert_cmpfloat (difference_in (before, after, (Box){ 0, 0, 384, HEIGHT }), <, JPEG_ERROR);
  g_assert_cmpfloat (difference_in (before, after, (Box){ 616, 0, WIDTH, HEIGHT }), <, JPEG_ERROR);
  g_assert_cmpfloat (difference_in (before, after, (Box){ 0, 0, WIDTH, 84 }), <, JPEG_ERROR);
  /* In the thumbnail too, and the drawing is its own source. */
  thumb = fixture_decode (image->thumb);
  g_assert_cmpint (gdk_pixbuf_get_width (thumb), ==, 320);
  g_assert_cmpfloat (detail_in (thumb, (Box){ 166, 46, 234, 114 }), <, 8);
  g_assert_cmpint (strlen (image->source_sha256), ==, 64);
  g_assert_cmpint (image->source_size, ==, (gint64) g_bytes_get_size (image->jpeg));
}

static void
test_arrow (void)
{
  g_autoptr (GBytes) board = new_board ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtImage) image = draw (board, sht_shape_new (SHT_SHAPE_ARROW, 0.25, 0.5, 0.75, 0.5), &error);
  g_autoptr (GdkPixbuf) before = fixture_decode (board);
  g_autoptr (GdkPixbuf) after = NULL;

  g_assert_no_error (error);
  after = fixture_decode (image->jpeg);
  g_assert_true (is_red (pixel_at (after, 300, 200)));
  g_assert_true (is_red (pixel_at (after, 600, 200)));
  g_assert_false (is_red (pixel_at (after, 660, 200)));
  /* The head is at the second point. */
  g_assert_cmpfloat (difference_in (before, after, (Box){ 570, 180, 600, 192 }), >, 20);
  g_assert_cmpfloat (difference_in (before, after, (Box){ 200, 176, 230, 188 }), <, JPEG_ERROR);
  g_assert_cmpfloat (difference_in (before, after, (Box){ 0, 0, WIDTH, 144 }), <, JPEG_ERROR);
}

static void
test_circle (void)
{
  g_autoptr (GBytes) board = new_board ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtImage) image = draw (board, sht_shape_new (SHT_SHAPE_CIRCLE, 0.25, 0.25, 0.75, 0.75), &error);
  g_autoptr (GdkPixbuf) before = fixture_decode (board);
  g_autoptr (GdkPixbuf) after = NULL;

  g_assert_no_error (error);
  after = fixture_decode (image->jpeg);
  g_assert_true (is_red (pixel_at (after, 400, 100)));
  g_assert_true (is_red (pixel_at (after, 400, 300)));
  g_assert_true (is_red (pixel_at (after, 200, 200)));
  g_assert_true (is_red (pixel_at (after, 600, 200)));
  g_assert_cmpfloat (difference_in (before, after, (Box){ 320, 144, 480, 256 }), <, JPEG_ERROR);
  g_assert_cmpfloat (difference_in (before, after, (Box){ 0, 0, 176, HEIGHT }), <, JPEG_ERROR);
}

/* Ink on the left half of the box only. */
static void
test_text (void)
{
  g_autoptr (GBytes) board = new_board ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtImage) image = NULL;
  g_autoptr (GdkPixbuf) before = fixture_decode (board);
  g_autoptr (GdkPixbuf) after = NULL;
  g_autofree guint8 *ink = g_malloc0 (200 * 100);
  g_autoptr (GBytes) mask = NULL;
  ShtShape *shape = sht_shape_new (SHT_SHAPE_TEXT, 0.25, 0.25, 0.5, 0.5);

  for (int y = 0; y < 100; y++)
    memset (ink + y * 200, 255, 100);
  mask = g_bytes_new (ink, 200 * 100);
  sht_shape_set_mask (shape, mask, 200, 100);
  image = draw (board, shape, &error);
  g_assert_no_error (error);
  after = fixture_decode (image->jpeg);
  g_assert_cmpint (pixel_at (after, 240, 150)[1], >, 235);
  g_assert_cmpint (pixel_at (after, 360, 150)[1], <, 100);
  g_assert_cmpfloat (difference_in (before, after, (Box){ 424, 0, WIDTH, HEIGHT }), <, JPEG_ERROR);
}

static void
test_is_repeatable (void)
{
  g_autoptr (GBytes) board = new_board ();
  g_autoptr (ShtImage) one = draw (board, sht_shape_new (SHT_SHAPE_BLUR, 0, 0, 1, 1), NULL);
  g_autoptr (ShtImage) other = draw (board, sht_shape_new (SHT_SHAPE_BLUR, 0, 0, 1, 1), NULL);
  g_autoptr (ShtImage) point = draw (board, sht_shape_new (SHT_SHAPE_CIRCLE, 1, 1, 1, 1), NULL);

  g_assert_cmpstr (one->source_sha256, ==, other->source_sha256);
  g_assert_nonnull (point);
}

static void
assert_refused (ShtShape *shape)
{
  g_autoptr (GBytes) board = new_board ();
  g_autoptr (GError) error = NULL;

  g_assert_null (draw (board, shape, &error));
  g_assert_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_BAD_SHAPES);
}

static void
test_bad_shapes (void)
{
  g_autoptr (GPtrArray) many = sht_shapes_new ();
  g_autoptr (GBytes) mask = g_bytes_new_static ("12345678", 8);
  ShtShape *text = sht_shape_new (SHT_SHAPE_TEXT, 0, 0, 1, 1);
  ShtShape *arrow = sht_shape_new (SHT_SHAPE_ARROW, 0, 0, 1, 1);

  g_assert_null (sht_shapes_pack (many));
  for (guint i = 0; i <= SHT_SHAPES_MAX; i++)
    g_ptr_array_add (many, sht_shape_new (SHT_SHAPE_ARROW, 0, 0, 1, 1));
  g_assert_null (sht_shapes_pack (many));
  assert_refused (sht_shape_new (SHT_SHAPE_ARROW, -0.01, 0, 1, 1));
  assert_refused (sht_shape_new (SHT_SHAPE_CIRCLE, 0, 0, 1.01, 1));
  assert_refused (sht_shape_new (SHT_SHAPE_BLUR, 0, NAN, 1, 1));
  assert_refused (sht_shape_new (SHT_N_SHAPE_KINDS, 0, 0, 1, 1));
  /* A text without its ink, ink of another size, ink on an arrow. */
  assert_refused (sht_shape_new (SHT_SHAPE_TEXT, 0, 0, 1, 1));
  sht_shape_set_mask (text, mask, 3, 3);
  assert_refused (text);
  sht_shape_set_mask (arrow, mask, 4, 2);
  assert_refused (arrow);
}

/* The helper itself takes nothing that its caller would not have sent. */
static void
assert_helper_refuses (const char *shapes, gsize length)
{
  g_autoptr (GBytes) board = new_board ();
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_autoptr (GBytes) source = NULL;
  g_autofree char *helper = sht_image_helper_path ();
  g_autofree char *size = g_strdup_printf ("%" G_GSIZE_FORMAT, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) reply = NULL;

  g_byte_array_append (input, (const guint8 *) shapes, (guint) length);
  g_byte_array_append (input, g_bytes_get_data (board, NULL), (guint) g_bytes_get_size (board));
  source = g_byte_array_free_to_bytes (g_steal_pointer (&input));
  reply = sht_image_process_run ((const char *[]){ helper, "--shapes", size, NULL }, source, 20000, "photo", NULL,
                                 &error);
  g_assert_no_error (error);
  g_assert_null (sht_image_reply_parse (reply, "photo", NULL, &error));
  g_assert_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_BAD_SHAPES);
}

static void
test_helper_refuses (void)
{
  static const char *const bad[] = {
    "\n",
    "[]\n",
    "{}\n",
    "[1]\n",
    "no JSON\n",
    "[{\"kind\":\"arrow\",\"at\":[0,0,1],\"mask\":[0,0]}]\n",
    "[{\"kind\":\"arrow\",\"at\":[0,0,1,2],\"mask\":[0,0]}]\n",
    "[{\"kind\":\"arrow\",\"at\":[0,0,1,1e999],\"mask\":[0,0]}]\n",
    "[{\"kind\":\"arrow\",\"at\":[0,0,1,[1]],\"mask\":[0,0]}]\n",
    "[{\"kind\":\"square\",\"at\":[0,0,1,1],\"mask\":[0,0]}]\n",
    "[{\"kind\":\"arrow\",\"at\":[0,0,1,1],\"mask\":[0,0]}]",
    "[{\"kind\":\"arrow\",\"at\":[0,0,1,1],\"mask\":[0,0]}]\nmore",
    "[{\"kind\":\"text\",\"at\":[0,0,1,1],\"mask\":[2,2]}]\nabc",
    "[{\"kind\":\"text\",\"at\":[0,0,1,1],\"mask\":[-2,-2]}]\nabcd",
    "[{\"kind\":\"text\",\"at\":[0,0,1,1],\"mask\":[4096,1]}]\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_helper_refuses (bad[i], strlen (bad[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/draw/blur", test_blur);
  g_test_add_func ("/image/draw/arrow", test_arrow);
  g_test_add_func ("/image/draw/circle", test_circle);
  g_test_add_func ("/image/draw/text", test_text);
  g_test_add_func ("/image/draw/repeatable", test_is_repeatable);
  g_test_add_func ("/image/draw/bad-shapes", test_bad_shapes);
  g_test_add_func ("/image/draw/helper-refuses", test_helper_refuses);
  return g_test_run ();
}
