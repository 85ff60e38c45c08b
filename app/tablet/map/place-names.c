/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of places as small pictures, drawn on whatever thread looks them up; which of them there is room for is seen when a
 * frame is drawn. */
#include "tablet/map/place-look.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define TILE_SIZE 256.0
/* From a point to the middle of its name, less half the name's height, logical pixels. */
#define NAME_BELOW 14.0
/* An area is named where it is no narrower than this part of its name. */
#define LEAST_PART 0.7
#define MAX_NAMES 150

typedef struct
{
  const ShtPlaceLook *look;
  PangoLayout *layout;
  double side; /* of the world, logical pixels */
  GArray *names;
} Pen;

static void
name_clear (gpointer data)
{
  g_clear_object (&((ShtPlaceName *) data)->texture);
}

static void
set_colour (cairo_t *cr, guint32 rgb, double alpha)
{
  cairo_set_source_rgba (cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, alpha);
}

/* A district's name has the district's own colour, so that it is nothing else's. */
static guint32
ink_of (const ShtPlaceLook *look, const ShtPlaceItem *item)
{
  guint32 colour = item->layer->is_district ? item->layer->colour : 0x1a1d21, darker = 0;

  if (look->dark)
    return item->layer->is_district ? sht_place_colour (sht_place_colour (colour, TRUE), TRUE) : 0xf2f3f5;
  for (guint shift = 0; shift < 24 && item->layer->is_district; shift += 8)
    darker |= (colour >> shift & 255) / 2 << shift;
  return item->layer->is_district ? darker : colour;
}

static GdkTexture *
draw (const Pen *pen, const ShtPlaceItem *item, int width, int height)
{
  int scale = pen->look->scale;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (width + 2 * SHT_PLACE_NAME_RIM) * scale,
                                                         (height + 2 * SHT_PLACE_NAME_RIM) * scale);
  g_autoptr (GBytes) bytes = NULL;
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_move_to (cr, SHT_PLACE_NAME_RIM, SHT_PLACE_NAME_RIM);
  pango_cairo_layout_path (cr, pen->layout);
  set_colour (cr, pen->look->dark ? 0x101418 : 0xffffff, 0.9);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  set_colour (cr, ink_of (pen->look, item), 1);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface),
                                      (gsize) cairo_image_surface_get_stride (surface) * (gsize) cairo_image_surface_get_height (surface),
                                      (GDestroyNotify) cairo_surface_destroy, surface);
  return gdk_memory_texture_new (cairo_image_surface_get_width (surface), cairo_image_surface_get_height (surface),
                                 GDK_MEMORY_DEFAULT, bytes, (gsize) cairo_image_surface_get_stride (surface));
}

static void
add_spot (ShtPlaceName *name, double x, double y)
{
  name->x[name->n_spots] = x;
  name->y[name->n_spots] = y;
  name->n_spots++;
}

/* Up and down the middle of an area, as far as it is still the area. */
static void
add_spots_of_area (ShtPlaceName *name, const ShtPlaceItem *item, double middle_x, double middle_y)
{
  static const double shares[] = { -0.16, 0.16, -0.3, 0.3, -0.4, 0.4 };
  double west, north, east, south;

  sht_world_from_e7 (item->box[0], item->box[2], &west, &south);
  sht_world_from_e7 (item->box[1], item->box[3], &east, &north);
  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    {
      double y = middle_y + shares[i] * (south - north);
      gint64 lat_e7, lon_e7;

      sht_world_to_e7 (middle_x, y, &lat_e7, &lon_e7);
      if (sht_geometry_contains (item->geometry, lat_e7, lon_e7))
        add_spot (name, middle_x, y);
    }
}

static gboolean
is_wide_enough (const Pen *pen, const ShtPlaceItem *item, int width)
{
  double west, north, east, south;

  if (item->geometry == NULL || g_strcmp0 (item->id, pen->look->selected) == 0)
    return TRUE;
  sht_world_from_e7 (item->box[0], item->box[2], &west, &south);
  sht_world_from_e7 (item->box[1], item->box[3], &east, &north);
  return MAX (east - west, south - north) * pen->side >= width * LEAST_PART;
}

static void
add_name (Pen *pen, const ShtPlaceItem *item)
{
  ShtPlaceName name = { .is_district = item->layer->is_district, .is_selected = g_strcmp0 (item->id, pen->look->selected) == 0 };
  double x, y;

  pango_layout_set_text (pen->layout, item->name, -1);
  pango_layout_get_pixel_size (pen->layout, &name.width, &name.height);
  if (name.width < 1 || !is_wide_enough (pen, item, name.width))
    return;
  name.texture = draw (pen, item, name.width, name.height);
  sht_world_from_e7 (item->lat_e7, item->lon_e7, &x, &y);
  add_spot (&name, x, y);
  if (item->geometry == NULL)
    name.down = NAME_BELOW + name.height / 2.0;
  else if (sht_geometry_has (item->geometry, SHT_GEOMETRY_RING))
    add_spots_of_area (&name, item, x, y);
  g_array_append_val (pen->names, name);
}

/* Those of the largest first, that of a district before that of a bench; before all, that of what is selected. */
static int
by_size (gconstpointer a, gconstpointer b, gpointer selected)
{
  const ShtPlaceItem *one = *(const ShtPlaceItem *const *) a, *other = *(const ShtPlaceItem *const *) b;
  gint64 size = one->box[1] - one->box[0] + one->box[3] - one->box[2];
  gint64 other_size = other->box[1] - other->box[0] + other->box[3] - other->box[2];
  gboolean first = g_strcmp0 (one->id, selected) == 0, second = g_strcmp0 (other->id, selected) == 0;

  if (first != second)
    return first ? -1 : 1;
  if (size != other_size)
    return size > other_size ? -1 : 1;
  return strcmp (one->id, other->id);
}

static PangoLayout *
new_layout (const ShtPlaceLook *look)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *font = pango_font_description_from_string (look->font != NULL ? look->font : "Sans 10");

  pango_font_description_set_weight (font, PANGO_WEIGHT_SEMIBOLD);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  g_object_unref (context);
  return layout;
}

/**
 * sht_place_names_new:
 * @look: one that has found its places
 *
 * Returns: (transfer full) (element-type ShtPlaceName): names, the most important first
 */
GArray *
sht_place_names_new (const ShtPlaceLook *look)
{
  g_autoptr (GPtrArray) named = g_ptr_array_new ();
  g_autoptr (PangoLayout) layout = NULL;
  Pen pen = { .look = look, .side = TILE_SIZE * exp2 (look->zoom) };

  pen.names = g_array_new (FALSE, FALSE, sizeof (ShtPlaceName));
  g_array_set_clear_func (pen.names, name_clear);
  for (guint i = 0; i < look->items->len; i++)
    if (g_array_index (look->items, ShtPlaceItem, i).name != NULL)
      g_ptr_array_add (named, &g_array_index (look->items, ShtPlaceItem, i));
  if (named->len == 0)
    return pen.names;
  pen.layout = layout = new_layout (look);
  g_ptr_array_sort_with_data (named, by_size, look->selected);
  for (guint i = 0; i < named->len && i < MAX_NAMES; i++)
    add_name (&pen, g_ptr_array_index (named, i));
  return pen.names;
}
