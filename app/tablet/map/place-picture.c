/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines, areas and names of places as one picture, drawn on whatever thread looks them up. */
#include "tablet/map/place-look.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define TILE_SIZE 256.0
/* Around a line, so that it is seen on streets of its own colour. */
#define CASING 2.5
#define AREA_ALPHA 0.20
#define DISTRICT_ALPHA 0.10
/* Under the sign of a point, logical pixels; and what the sign itself takes. */
#define NAME_BELOW 13.0
#define SIGN_PX 22.0
/* How far a name may stand above or below where it should, if something is there already. */
#define NAME_ASIDE 22.0
#define MAX_NAMES 150
/* A picture that no renderer takes as one texture is not made. */
#define MAX_SIDE 8192

typedef struct
{
  const ShtPlaceLook *look;
  cairo_t *cr;
  double side;   /* of the world, logical pixels */
  GArray *taken; /* (owned) (element-type cairo_rectangle_t): where names stand */
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

/* --- names --- */

static gboolean
take_room (Canvas *canvas, cairo_rectangle_t room)
{
  for (guint i = 0; i < canvas->taken->len; i++)
    {
      const cairo_rectangle_t *other = &g_array_index (canvas->taken, cairo_rectangle_t, i);

      if (room.x < other->x + other->width && other->x < room.x + room.width && room.y < other->y + other->height
          && other->y < room.y + room.height)
        return FALSE;
    }
  g_array_append_val (canvas->taken, room);
  return TRUE;
}

static gboolean
has_sign (const ShtPlaceItem *item)
{
  return item->geometry == NULL
         || (item->layer->icon != NULL && sht_geometry_has (item->geometry, SHT_GEOMETRY_RING));
}

/* An area's name stands where there is room for it in the area; a point's, under its sign. */
static gboolean
find_room (Canvas *canvas, const ShtPlaceItem *item, double *x, double *y, int width, int height)
{
  static const double asides[] = { 0, -NAME_ASIDE, NAME_ASIDE };
  guint n = has_sign (item) ? 1 : G_N_ELEMENTS (asides);

  *x -= width / 2.0;
  *y += has_sign (item) ? NAME_BELOW : -height / 2.0;
  for (guint i = 0; i < n; i++)
    if (take_room (canvas, (cairo_rectangle_t){ *x - 3, *y + asides[i], width + 6, height }))
      {
        *y += asides[i];
        return TRUE;
      }
  return FALSE;
}

static void
draw_name (Canvas *canvas, PangoLayout *layout, const ShtPlaceItem *item)
{
  double x, y, west, north, east, south;
  int width, height;

  pango_layout_set_text (layout, item->name, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  to_pixels (canvas, item->lat_e7, item->lon_e7, &x, &y);
  to_pixels (canvas, item->box[0], item->box[2], &west, &south);
  to_pixels (canvas, item->box[1], item->box[3], &east, &north);
  if (item->geometry != NULL && east - west < width * 0.9 && south - north < width * 0.9)
    return;
  if (!find_room (canvas, item, &x, &y, width, height))
    return;
  cairo_move_to (canvas->cr, x, y);
  pango_cairo_layout_path (canvas->cr, layout);
  set_colour (canvas->cr, canvas->look->dark ? 0x101418 : 0xffffff, 0.9);
  cairo_set_line_width (canvas->cr, 3);
  cairo_stroke_preserve (canvas->cr);
  set_colour (canvas->cr, canvas->look->dark ? 0xf2f3f5 : 0x1a1d21, 1);
  cairo_fill (canvas->cr);
}

/* Those of the largest first, that of a district before that of a bench. */
static int
by_size (gconstpointer a, gconstpointer b)
{
  const ShtPlaceItem *one = *(const ShtPlaceItem *const *) a, *other = *(const ShtPlaceItem *const *) b;
  gint64 size = one->box[1] - one->box[0] + one->box[3] - one->box[2];
  gint64 other_size = other->box[1] - other->box[0] + other->box[3] - other->box[2];

  if (size != other_size)
    return size > other_size ? -1 : 1;
  return strcmp (one->id, other->id);
}

/* Signs are drawn later, over the picture: no name may stand under one. */
static void
take_signs (Canvas *canvas)
{
  for (guint i = 0; i < canvas->look->dots->len; i++)
    {
      const ShtCluster *dot = &g_array_index (canvas->look->dots, ShtCluster, i);
      cairo_rectangle_t room = { (dot->x - canvas->look->box.west) * canvas->side - SIGN_PX / 2,
                                 (dot->y - canvas->look->box.north) * canvas->side - SIGN_PX / 2, SIGN_PX, SIGN_PX };

      g_array_append_val (canvas->taken, room);
    }
}

static void
draw_names (Canvas *canvas)
{
  g_autoptr (GPtrArray) named = g_ptr_array_new ();
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (canvas->cr);
  PangoFontDescription *font = pango_font_description_from_string (canvas->look->font != NULL ? canvas->look->font : "Sans 10");

  pango_font_description_set_weight (font, PANGO_WEIGHT_SEMIBOLD);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  cairo_set_line_join (canvas->cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < canvas->look->items->len; i++)
    if (g_array_index (canvas->look->items, ShtPlaceItem, i).name != NULL)
      g_ptr_array_add (named, &g_array_index (canvas->look->items, ShtPlaceItem, i));
  g_ptr_array_sort (named, by_size);
  if (named->len > 0)
    take_signs (canvas);
  for (guint i = 0; i < named->len && i < MAX_NAMES; i++)
    draw_name (canvas, layout, g_ptr_array_index (named, i));
}

static gboolean
is_blank (const ShtPlaceLook *look)
{
  for (guint i = 0; i < look->items->len; i++)
    {
      const ShtPlaceItem *item = &g_array_index (look->items, ShtPlaceItem, i);

      if (item->geometry != NULL || item->name != NULL)
        return FALSE;
    }
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
  g_autoptr (GArray) taken = NULL;
  g_autoptr (GBytes) bytes = NULL;
  cairo_surface_t *surface;
  GdkTexture *texture;
  Canvas canvas;

  if (is_blank (look) || width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE)
    return NULL;
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_surface_set_device_scale (surface, look->scale, look->scale);
  taken = g_array_new (FALSE, FALSE, sizeof (cairo_rectangle_t));
  canvas = (Canvas){ look, cairo_create (surface), side, taken };
  cairo_set_fill_rule (canvas.cr, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_set_line_cap (canvas.cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (canvas.cr, CAIRO_LINE_JOIN_ROUND);
  draw_shapes (&canvas);
  draw_names (&canvas);
  cairo_destroy (canvas.cr);
  cairo_surface_flush (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface),
                                      (gsize) cairo_image_surface_get_stride (surface) * (gsize) height,
                                      (GDestroyNotify) cairo_surface_destroy, surface);
  texture = gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, (gsize) cairo_image_surface_get_stride (surface));
  return texture;
}
