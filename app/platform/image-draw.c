/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A drawing on a picture's pixels. It needs no library, so that there is nothing to load inside the sandbox. */

#include "platform/image-helper.h"

#include <math.h>
#include <string.h>

/* Shades that are left of 256 in a blurred box. */
#define SHADES 16
#define PLATE 0.72
#define HEAD_STROKES 7.0
#define HEAD_ANGLE 0.5

static const guint8 ink[3] = { 224, 27, 36 }, white[3] = { 255, 255, 255 }, dark[3] = { 20, 20, 20 };

typedef struct
{
  double x, y;
} Point;

static void
blend (ShtRaster *raster, int x, int y, const guint8 *colour, double share)
{
  guint8 *pixel = raster->rgb + ((gsize) y * (gsize) raster->width + (gsize) x) * 3;

  for (int c = 0; c < 3; c++)
    pixel[c] = (guint8) lround (pixel[c] + (colour[c] - pixel[c]) * share);
}

static Point
point_of (const ShtRaster *raster, double x, double y)
{
  return (Point){ x * raster->width, y * raster->height };
}

static double
distance_to_line (Point p, Point a, Point b)
{
  double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
  double t = square > 0 ? CLAMP (((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0, 1) : 0;

  return hypot (p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/* How far a point is from an ellipse's line, near enough for a stroke. */
static double
distance_to_ellipse (Point p, Point middle, double rx, double ry)
{
  double x = p.x - middle.x, y = p.y - middle.y;
  double k0 = hypot (x / rx, y / ry), k1 = hypot (x / (rx * rx), y / (ry * ry));

  return k1 > 0 ? fabs (k0 * (k0 - 1) / k1) : MIN (rx, ry);
}

/* A shape's line in points of the picture: those of an arrow, or an ellipse's box. */
typedef struct
{
  gboolean round;
  Point a, b;
  Point head[2];
  double rx, ry;
} Outline;

static double
distance_to (const Outline *outline, Point p)
{
  double along;

  if (outline->round)
    return distance_to_ellipse (p, outline->a, outline->rx, outline->ry);
  along = distance_to_line (p, outline->a, outline->b);
  for (guint i = 0; i < G_N_ELEMENTS (outline->head); i++)
    along = MIN (along, distance_to_line (p, outline->b, outline->head[i]));
  return along;
}

/* Red with a white edge: seen on asphalt and on sky. */
static void
draw_outline (ShtRaster *raster, const Outline *outline, Point low, Point high)
{
  double stroke = sht_shape_stroke (raster->width, raster->height), half = stroke / 2, edge = half + stroke / 3;
  int left = MAX (0, (int) floor (low.x - edge - 1)), right = MIN (raster->width, (int) ceil (high.x + edge + 1));
  int top = MAX (0, (int) floor (low.y - edge - 1)), bottom = MIN (raster->height, (int) ceil (high.y + edge + 1));

  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      {
        double far = distance_to (outline, (Point){ x + 0.5, y + 0.5 });

        if (far >= edge + 0.5)
          continue;
        blend (raster, x, y, white, CLAMP (edge + 0.5 - far, 0, 1));
        blend (raster, x, y, ink, CLAMP (half + 0.5 - far, 0, 1));
      }
}

static void
draw_arrow (ShtRaster *raster, const ShtShape *shape)
{
  Outline outline = { .a = point_of (raster, shape->x0, shape->y0), .b = point_of (raster, shape->x1, shape->y1) };
  double back = atan2 (outline.a.y - outline.b.y, outline.a.x - outline.b.x);
  double length = HEAD_STROKES * sht_shape_stroke (raster->width, raster->height);
  Point low = { MIN (outline.a.x, outline.b.x) - length, MIN (outline.a.y, outline.b.y) - length };
  Point high = { MAX (outline.a.x, outline.b.x) + length, MAX (outline.a.y, outline.b.y) + length };

  for (int i = 0; i < 2; i++)
    {
      double angle = back + (i == 0 ? HEAD_ANGLE : -HEAD_ANGLE);

      outline.head[i] = (Point){ outline.b.x + length * cos (angle), outline.b.y + length * sin (angle) };
    }
  draw_outline (raster, &outline, low, high);
}

static void
draw_circle (ShtRaster *raster, const ShtShape *shape)
{
  Point a = point_of (raster, shape->x0, shape->y0), b = point_of (raster, shape->x1, shape->y1);
  Point low = { MIN (a.x, b.x), MIN (a.y, b.y) }, high = { MAX (a.x, b.x), MAX (a.y, b.y) };
  Outline outline = { .round = TRUE, .a = { (a.x + b.x) / 2, (a.y + b.y) / 2 } };

  outline.rx = MAX ((high.x - low.x) / 2, 1);
  outline.ry = MAX ((high.y - low.y) / 2, 1);
  draw_outline (raster, &outline, low, high);
}

/* The pixels of a shape's box, at least one each way. */
static void
get_box (const ShtRaster *raster, const ShtShape *shape, int *left, int *top, int *right, int *bottom)
{
  *left = MIN ((int) floor (MIN (shape->x0, shape->x1) * raster->width), raster->width - 1);
  *top = MIN ((int) floor (MIN (shape->y0, shape->y1) * raster->height), raster->height - 1);
  *right = CLAMP ((int) ceil (MAX (shape->x0, shape->x1) * raster->width), *left + 1, raster->width);
  *bottom = CLAMP ((int) ceil (MAX (shape->y0, shape->y1) * raster->height), *top + 1, raster->height);
}

static guint8
average (const ShtRaster *raster, int left, int top, int right, int bottom, int channel)
{
  guint64 sum = 0;

  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      sum += raster->rgb[((gsize) y * (gsize) raster->width + (gsize) x) * 3 + (gsize) channel];
  return (guint8) (sum / ((guint64) (right - left) * (guint64) (bottom - top)));
}

/* One colour for each large cell, and few colours: neither a face nor the digits of a plate are left in them,
 * and what is gone cannot be had back, as it would from a blurring that weighs its pixels. */
static void
draw_blur (ShtRaster *raster, const ShtShape *shape)
{
  int left, top, right, bottom, cell;

  get_box (raster, shape, &left, &top, &right, &bottom);
  cell = sht_shape_blur_cell (raster->width, raster->height, right - left, bottom - top);
  for (int y = top; y < bottom; y += cell)
    for (int x = left; x < right; x += cell)
      {
        int x1 = MIN (x + cell, right), y1 = MIN (y + cell, bottom);
        guint8 colour[3];

        for (int c = 0; c < 3; c++)
          {
            int shade = average (raster, x, y, x1, y1, c) * SHADES / 256;

            colour[c] = (guint8) (shade * 255 / (SHADES - 1));
          }
        for (int row = y; row < y1; row++)
          for (int column = x; column < x1; column++)
            memcpy (raster->rgb + ((gsize) row * (gsize) raster->width + (gsize) column) * 3, colour, 3);
      }
}

/* The part of the mask's ink under one pixel of the box: the mask is larger as a rule. */
static double
ink_at (const ShtShape *shape, const guint8 *mask, int x, int y, int width, int height)
{
  int x0 = (int) ((gint64) x * shape->mask_width / width), x1 = (int) ((gint64) (x + 1) * shape->mask_width / width);
  int y0 = (int) ((gint64) y * shape->mask_height / height), y1 = (int) ((gint64) (y + 1) * shape->mask_height / height);
  guint sum = 0, n = 0;

  for (int row = y0; row < MAX (y1, y0 + 1); row++)
    for (int column = x0; column < MAX (x1, x0 + 1); column++, n++)
      sum += mask[row * shape->mask_width + column];
  return sum / (255.0 * n);
}

static void
draw_text (ShtRaster *raster, const ShtShape *shape)
{
  const guint8 *mask = g_bytes_get_data (shape->mask, NULL);
  int left, top, right, bottom;

  get_box (raster, shape, &left, &top, &right, &bottom);
  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      {
        blend (raster, x, y, dark, PLATE);
        blend (raster, x, y, white, ink_at (shape, mask, x - left, y - top, right - left, bottom - top));
      }
}

/**
 * sht_raster_draw:
 * @raster: an upright picture
 * @shapes: (element-type ShtShape): as sht_shapes_unpack() lets them through
 *
 * Draws them one over the other, in their order.
 */
void
sht_raster_draw (ShtRaster *raster, GPtrArray *shapes)
{
  static void (*const draw[]) (ShtRaster *, const ShtShape *) = {
    [SHT_SHAPE_ARROW] = draw_arrow,
    [SHT_SHAPE_CIRCLE] = draw_circle,
    [SHT_SHAPE_TEXT] = draw_text,
    [SHT_SHAPE_BLUR] = draw_blur,
  };

  for (guint i = 0; i < shapes->len; i++)
    {
      const ShtShape *shape = g_ptr_array_index (shapes, i);

      draw[shape->kind](raster, shape);
    }
}
