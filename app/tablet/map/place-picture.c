/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines and areas of places as one picture, drawn on whatever thread looks them up. */
#include "tablet/map/place-look.h"

#include <math.h>

#define TILE_SIZE 256.0
/* Around a line, so that it is seen on streets of its own colour. */
#define CASING 2.5
#define AREA_ALPHA 0.20
#define DISTRICT_ALPHA 0.10
/* A picture that no renderer takes as one texture is not made. */
#define MAX_SIDE 8192

typedef struct
{
  const ShtPlaceLook *look;
  cairo_t *cr;
  double side; /* of the world, logical pixels */
} Canvas;

static void
set_colour (cairo_t *cr, guint32 rgb, double alpha)
{
  cairo_set_source_rgba (cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, alpha);
}

static void
to_pixels (const Canvas *canvas, gint64 lat_e7, gint64 lon_e7, double *x, double *y)
{
  sht_world_from_e7 (lat_e7, lon_e7, x, y);
  *x = (*x - canvas->look->box.west) * canvas->side;
  *y = (*y - canvas->look->box.north) * canvas->side;
}

static void
add_path (const Canvas *canvas, const ShtGeometry *geometry, gboolean areas)
{
  cairo_new_path (canvas->cr);
  for (guint i = 0; i < geometry->pieces->len; i++)
    {
      const ShtGeometryPiece *piece = &g_array_index (geometry->pieces, ShtGeometryPiece, i);
      gboolean is_area = piece->part == SHT_GEOMETRY_RING || piece->part == SHT_GEOMETRY_HOLE;

      if (piece->part == SHT_GEOMETRY_POINTS || is_area != areas)
        continue;
      cairo_new_sub_path (canvas->cr);
      for (guint k = 0; k < piece->n; k++)
        {
          const ShtGeometryPoint *point = &g_array_index (geometry->points, ShtGeometryPoint, piece->first + k);
          double x, y;

          to_pixels (canvas, point->lat, point->lon, &x, &y);
          cairo_line_to (canvas->cr, x, y);
        }
      if (is_area)
        cairo_close_path (canvas->cr);
    }
}

static void
draw_area (const Canvas *canvas, const ShtPlaceItem *item)
{
  guint32 colour = sht_place_colour (item->layer->colour, canvas->look->dark);

  add_path (canvas, item->geometry, TRUE);
  set_colour (canvas->cr, colour, item->layer->is_district ? DISTRICT_ALPHA : AREA_ALPHA);
  cairo_fill_preserve (canvas->cr);
  set_colour (canvas->cr, colour, 0.9);
  cairo_set_line_width (canvas->cr, item->layer->width);
  cairo_stroke (canvas->cr);
}

static void
draw_line (const Canvas *canvas, const ShtPlaceItem *item)
{
  add_path (canvas, item->geometry, FALSE);
  set_colour (canvas->cr, canvas->look->dark ? 0x101418 : 0xffffff, 0.7);
  cairo_set_line_width (canvas->cr, item->layer->width + CASING);
  cairo_stroke_preserve (canvas->cr);
  set_colour (canvas->cr, sht_place_colour (item->layer->colour, canvas->look->dark), 0.95);
  cairo_set_line_width (canvas->cr, item->layer->width);
  cairo_stroke (canvas->cr);
}

/* Districts lie under the rest, and lines over all areas. */
static void
draw_shapes (const Canvas *canvas)
{
  for (guint pass = 0; pass < 3; pass++)
    for (guint i = 0; i < canvas->look->items->len; i++)
      {
        const ShtPlaceItem *item = &g_array_index (canvas->look->items, ShtPlaceItem, i);

        if (item->geometry == NULL)
          continue;
        if (pass == 2 && sht_geometry_has (item->geometry, SHT_GEOMETRY_LINE))
          draw_line (canvas, item);
        else if (pass < 2 && item->layer->is_district == (pass == 0) && sht_geometry_has (item->geometry, SHT_GEOMETRY_RING))
          draw_area (canvas, item);
      }
}

static gboolean
is_blank (const ShtPlaceLook *look)
{
  for (guint i = 0; i < look->items->len; i++)
    if (g_array_index (look->items, ShtPlaceItem, i).geometry != NULL)
      return FALSE;
  return TRUE;
}

/**
 * sht_place_picture_new:
 * @look: one that has found its places
 *
 * Returns: (transfer full) (nullable): the box at the look's zoom, %NULL where there is nothing to draw
 */
GdkTexture *
sht_place_picture_new (const ShtPlaceLook *look)
{
  double side = TILE_SIZE * exp2 (look->zoom);
  int width = (int) ceil ((look->box.east - look->box.west) * side * look->scale);
  int height = (int) ceil ((look->box.south - look->box.north) * side * look->scale);
  g_autoptr (GBytes) bytes = NULL;
  cairo_surface_t *surface;
  GdkTexture *texture;
  Canvas canvas;

  if (is_blank (look) || width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE)
    return NULL;
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_surface_set_device_scale (surface, look->scale, look->scale);
  canvas = (Canvas){ look, cairo_create (surface), side };
  cairo_set_fill_rule (canvas.cr, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_set_line_cap (canvas.cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (canvas.cr, CAIRO_LINE_JOIN_ROUND);
  draw_shapes (&canvas);
  cairo_destroy (canvas.cr);
  cairo_surface_flush (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface),
                                      (gsize) cairo_image_surface_get_stride (surface) * (gsize) height,
                                      (GDestroyNotify) cairo_surface_destroy, surface);
  texture = gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, (gsize) cairo_image_surface_get_stride (surface));
  return texture;
}
