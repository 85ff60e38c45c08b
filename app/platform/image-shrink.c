/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image-helper.h"

#include <math.h>
#include <string.h>

/* Rows come in one by one and a smaller picture comes out, so that a source is never held decoded.
 * The filter is Catmull-Rom widened by the ratio: it keeps number plates and meter readings legible,
 * which an average of pixels does not.
 *
 * Fixed point: weights have 14 bits of fraction, rows between the two passes 6. A filter with
 * negative lobes overshoots 0..255 by less than a quarter, which leaves int16 room enough. */
#define WEIGHT_BITS 14
#define WEIGHT_ONE (1 << WEIGHT_BITS)
#define MIDDLE_BITS 6
#define FILTER_RADIUS 2.0

typedef struct
{
  int *first;      /* (owned) for each pixel out, the first pixel in that counts */
  int *count;      /* (owned) and how many */
  gint16 *weights; /* (owned) @stride of them for each pixel out, their sum WEIGHT_ONE */
  int stride;
} Axis;

struct _ShtShrink
{
  Axis x, y;
  int src_row; /* samples in a row: three a pixel */
  int src_height;
  int ring_rows;
  guint8 *ring;   /* (owned) the last ring_rows rows */
  gint32 *sums;   /* (owned) one row */
  gint16 *middle; /* (owned) one row after the vertical pass */
  int rows_in;
  int rows_out;
  ShtRaster *into; /* (not owned) */
};

static double
catmull_rom (double x)
{
  x = fabs (x);
  if (x < 1)
    return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2)
    return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

/* Rounds so that the sum stays exact: a flat colour comes out as itself. */
static void
fill_weights (gint16 *weights, int count, int first, double centre, double scale)
{
  double sum = 0;
  int total = 0, largest = 0;

  for (int k = 0; k < count; k++)
    sum += catmull_rom ((first + k + 0.5 - centre) / scale);
  for (int k = 0; k < count; k++)
    {
      double w = catmull_rom ((first + k + 0.5 - centre) / scale) / sum;

      weights[k] = (gint16) lrint (w * WEIGHT_ONE);
      total += weights[k];
      if (weights[k] > weights[largest])
        largest = k;
    }
  weights[largest] = (gint16) (weights[largest] + WEIGHT_ONE - total);
}

static int
axis_init (Axis *axis, int src, int dst)
{
  double scale = (double) src / dst;
  int most = 0;

  axis->stride = (int) ceil (2 * FILTER_RADIUS * scale) + 2;
  axis->first = g_new (int, dst);
  axis->count = g_new (int, dst);
  axis->weights = g_new0 (gint16, (gsize) dst * axis->stride);
  for (int i = 0; i < dst; i++)
    {
      double centre = (i + 0.5) * scale;
      int low = MAX (0, (int) floor (centre - FILTER_RADIUS * scale));
      int high = MIN (src, (int) ceil (centre + FILTER_RADIUS * scale));

      axis->first[i] = low;
      axis->count[i] = MIN (high - low, axis->stride);
      fill_weights (axis->weights + (gsize) i * axis->stride, axis->count[i], low, centre, scale);
      most = MAX (most, axis->count[i]);
    }
  return most;
}

static void
axis_clear (Axis *axis)
{
  g_free (axis->first);
  g_free (axis->count);
  g_free (axis->weights);
}

/**
 * sht_shrink_new:
 * @src_width: pixels of the rows to come
 * @src_height: how many rows will come
 * @into: what becomes the picture; its old pixels are freed
 * @width: its width, at most @src_width
 * @height: its height, at most @src_height
 *
 * Returns: (transfer full): where to push rows; @into is complete after the last
 */
ShtShrink *
sht_shrink_new (int src_width, int src_height, ShtRaster *into, int width, int height)
{
  ShtShrink *s = g_new0 (ShtShrink, 1);

  axis_init (&s->x, src_width, width);
  s->ring_rows = axis_init (&s->y, src_height, height);
  s->src_row = src_width * 3;
  s->src_height = src_height;
  s->ring = g_malloc ((gsize) s->ring_rows * s->src_row);
  s->sums = g_new (gint32, s->src_row);
  s->middle = g_new (gint16, s->src_row);
  s->into = into;
  g_free (into->rgb);
  into->width = width;
  into->height = height;
  into->rgb = g_malloc0 ((gsize) width * height * 3);
  return s;
}

void
sht_shrink_free (ShtShrink *shrink)
{
  if (shrink == NULL)
    return;
  axis_clear (&shrink->x);
  axis_clear (&shrink->y);
  g_free (shrink->ring);
  g_free (shrink->sums);
  g_free (shrink->middle);
  g_free (shrink);
}

static void
add_weighted (gint32 *restrict sums, const guint8 *restrict row, gint16 weight, int length)
{
  for (int i = 0; i < length; i++)
    sums[i] += weight * (gint16) row[i];
}

static void
to_middle (gint16 *restrict middle, const gint32 *restrict sums, int length)
{
  for (int i = 0; i < length; i++)
    middle[i] = (gint16) ((sums[i] + (1 << (WEIGHT_BITS - MIDDLE_BITS - 1))) >> (WEIGHT_BITS - MIDDLE_BITS));
}

static guint8
to_sample (gint32 sum)
{
  gint32 v = (sum + (1 << (WEIGHT_BITS + MIDDLE_BITS - 1))) >> (WEIGHT_BITS + MIDDLE_BITS);

  return (guint8) CLAMP (v, 0, 255);
}

static void
across (const Axis *axis, const gint16 *restrict middle, guint8 *restrict out, int width)
{
  for (int i = 0; i < width; i++)
    {
      const gint16 *weights = axis->weights + (gsize) i * axis->stride;
      const gint16 *in = middle + (gsize) axis->first[i] * 3;
      gint32 r = 0, g = 0, b = 0;

      for (int k = 0; k < axis->count[i]; k++, in += 3)
        {
          r += weights[k] * in[0];
          g += weights[k] * in[1];
          b += weights[k] * in[2];
        }
      *out++ = to_sample (r);
      *out++ = to_sample (g);
      *out++ = to_sample (b);
    }
}

static void
emit_row (ShtShrink *s)
{
  int y = s->rows_out++;
  const gint16 *weights = s->y.weights + (gsize) y * s->y.stride;

  memset (s->sums, 0, (gsize) s->src_row * sizeof *s->sums);
  for (int k = 0; k < s->y.count[y]; k++)
    {
      int slot = (s->y.first[y] + k) % s->ring_rows;

      if (weights[k] != 0)
        add_weighted (s->sums, s->ring + (gsize) slot * s->src_row, weights[k], s->src_row);
    }
  to_middle (s->middle, s->sums, s->src_row);
  across (&s->x, s->middle, s->into->rgb + (gsize) y * s->into->width * 3, s->into->width);
}

/**
 * sht_shrink_push:
 * @row: the next row, RGB; rows past the last are dropped
 */
void
sht_shrink_push (ShtShrink *shrink, const guint8 *row)
{
  ShtShrink *s = shrink;

  if (s->rows_in >= s->src_height)
    return;
  memcpy (s->ring + (gsize) (s->rows_in % s->ring_rows) * s->src_row, row, s->src_row);
  s->rows_in++;
  while (s->rows_out < s->into->height
         && s->y.first[s->rows_out] + s->y.count[s->rows_out] <= s->rows_in)
    emit_row (s);
}

void
sht_raster_shrink (const ShtRaster *from, ShtRaster *into, int width, int height)
{
  g_autoptr (ShtShrink) shrink = sht_shrink_new (from->width, from->height, into, width, height);

  for (int y = 0; y < from->height; y++)
    sht_shrink_push (shrink, from->rgb + (gsize) y * from->width * 3);
}

/**
 * sht_raster_turn:
 * @raster: a picture as the camera stored it
 * @orientation: 1 to 8, of the EXIF tag; others do nothing
 *
 * Turns a picture upright.
 */
void
sht_raster_turn (ShtRaster *raster, int orientation)
{
  gssize w = raster->width, h = raster->height;
  /* For each orientation: which pixel comes first, and how far to the next in a row and a column. */
  const struct
  {
    gssize start, right, down;
  } walks[] = {
    [2] = { w - 1, -1, w },      [3] = { w * h - 1, -1, -w },
    [4] = { (h - 1) * w, 1, -w }, [5] = { 0, w, 1 },
    [6] = { (h - 1) * w, -w, 1 }, [7] = { w * h - 1, -w, -1 },
    [8] = { w - 1, w, -1 },
  };
  guint8 *turned, *out;

  if (orientation < 2 || orientation > 8)
    return;
  turned = out = g_malloc ((gsize) w * h * 3);
  if (orientation >= 5)
    {
      raster->width = (int) h;
      raster->height = (int) w;
    }
  for (int y = 0; y < raster->height; y++)
    for (int x = 0; x < raster->width; x++, out += 3)
      memcpy (out, raster->rgb + 3 * (walks[orientation].start + x * walks[orientation].right + y * walks[orientation].down), 3);
  g_free (raster->rgb);
  raster->rgb = turned;
}
