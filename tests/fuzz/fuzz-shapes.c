/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn on a picture, as the helper gets it: the first two bytes are the picture's sides, the rest is the line of
 * JSON and the texts' masks. What is let through is drawn, and is packed again as it was understood. */
#include "platform/image-helper.h"
#include "platform/image-shape.h"

#include <stdint.h>

#define MOST_SIDE 128

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static int
side_of (uint8_t byte)
{
  return 1 + byte % MOST_SIDE;
}

static void
check_again (GPtrArray *shapes)
{
  g_autoptr (GBytes) packed = sht_shapes_pack (shapes);
  g_autoptr (GPtrArray) again = packed != NULL ? sht_shapes_unpack (packed) : NULL;

  g_assert_nonnull (again);
  g_assert_cmpuint (again->len, ==, shapes->len);
  for (guint i = 0; i < shapes->len; i++)
    {
      const ShtShape *one = g_ptr_array_index (shapes, i), *other = g_ptr_array_index (again, i);

      g_assert_cmpint (one->kind, ==, other->kind);
      g_assert_true ((one->mask == NULL) == (other->mask == NULL));
      if (one->mask != NULL)
        g_assert_true (g_bytes_equal (one->mask, other->mask));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GPtrArray) shapes = NULL;
  ShtRaster raster = { 0 };

  if (size < 2)
    return 0;
  packed = g_bytes_new (data + 2, size - 2);
  shapes = sht_shapes_unpack (packed);
  if (shapes == NULL)
    return 0;
  check_again (shapes);
  raster.width = side_of (data[0]);
  raster.height = side_of (data[1]);
  raster.rgb = g_malloc0 ((gsize) raster.width * (gsize) raster.height * 3);
  sht_raster_draw (&raster, shapes);
  g_free (raster.rgb);
  return 0;
}
