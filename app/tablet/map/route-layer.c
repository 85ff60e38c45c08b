/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/route-layer.h"

#include "tablet/map/affine.h"

#include <math.h>

#define LINE 4.0
#define HALO 8.0
#define NUMBER_RADIUS 11.0
/* With its rim. */
#define NUMBER_ROOM 12.5

struct _ShtRouteLayer
{
  ShumateLayer parent_instance;

  gboolean numbers;
  gboolean dark;
  ShtMapRoom *room; /* (owned) */
  GArray *spots;    /* (owned) (element-type double): x and y of each stop in the Mercator world */
  GArray *stands;   /* (owned) (element-type graphene_point_t): each number's middle; its x is NAN where there is no room */
};

G_DEFINE_FINAL_TYPE (ShtRouteLayer, sht_route_layer, SHUMATE_TYPE_LAYER)

static guint
count (ShtRouteLayer *self)
{
  return self->spots->len / 2;
}

static void
place_of (ShtRouteLayer *self, const ShtAffine *affine, guint i, double *x, double *y)
{
  sht_affine_apply (affine, g_array_index (self->spots, double, 2 * i), g_array_index (self->spots, double, 2 * i + 1), x, y);
}

static void
draw_line (ShtRouteLayer *self, const ShtAffine *affine, cairo_t *cr)
{
  for (guint i = 0; i < count (self); i++)
    {
      double x, y;

      place_of (self, affine, i, &x, &y);
      cairo_line_to (cr, x, y);
    }
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (cr, HALO);
  if (self->dark)
    cairo_set_source_rgba (cr, 0.1, 0.11, 0.13, 0.8);
  else
    cairo_set_source_rgba (cr, 1, 1, 1, 0.85);
  cairo_stroke_preserve (cr);
  cairo_set_line_width (cr, LINE);
  if (self->dark)
    cairo_set_source_rgb (cr, 0.66, 0.80, 1);
  else
    cairo_set_source_rgb (cr, 0.14, 0.20, 0.29);
  cairo_stroke (cr);
}

static void
draw_number (ShtRouteLayer *self, cairo_t *cr, guint number, double x, double y)
{
  g_autofree char *text = g_strdup_printf ("%u", number);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoFontDescription *font = pango_font_description_from_string ("bold");
  PangoRectangle ink;

  pango_font_description_set_absolute_size (font, 13 * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_get_pixel_extents (layout, &ink, NULL);
  cairo_new_path (cr);
  cairo_arc (cr, x, y, NUMBER_RADIUS, 0, 2 * G_PI);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, 0.06, 0.08, 0.10);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_move_to (cr, x - ink.x - ink.width / 2.0, y - ink.y - ink.height / 2.0);
  pango_cairo_show_layout (cr, layout);
}

/* Beside its ticket, where it hides no sign and no other number; where all is taken it may lie on a ticket. */
static void
claim (GtkWidget *widget, ShtMapRoom *room)
{
  static const guint kinds[] = { SHT_ROOM_ALL, SHT_ROOM_BIT (SHT_ROOM_STOP) | SHT_ROOM_BIT (SHT_ROOM_CREW) };
  ShtRouteLayer *self = SHT_ROUTE_LAYER (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL, found;
  graphene_point_t stand;
  ShtAffine affine;
  double x, y;

  g_array_set_size (self->stands, 0);
  if (!sht_affine_of_widget (shumate_layer_get_viewport (SHUMATE_LAYER (self)), widget, &affine))
    return;
  for (guint i = 0; i < count (self); i++)
    {
      place_of (self, &affine, i, &x, &y);
      found = FALSE;
      for (guint k = 0; k < G_N_ELEMENTS (kinds) && !found; k++)
        found = sht_map_room_find_beside (room, kinds[k], rtl, NUMBER_ROOM, &x, &y);
      if (found)
        sht_map_room_take_disc (room, SHT_ROOM_STOP, x, y, NUMBER_ROOM);
      stand = found ? GRAPHENE_POINT_INIT ((float) x, (float) y) : GRAPHENE_POINT_INIT (NAN, NAN);
      g_array_append_val (self->stands, stand);
    }
}

static void
draw_numbers (ShtRouteLayer *self, cairo_t *cr)
{
  for (guint i = 0; i < self->stands->len; i++)
    {
      const graphene_point_t *stand = &g_array_index (self->stands, graphene_point_t, i);

      if (!isnan (stand->x))
        draw_number (self, cr, i + 1, (double) stand->x, (double) stand->y);
    }
}

static void
sht_route_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtRouteLayer *self = SHT_ROUTE_LAYER (widget);
  ShtAffine affine;
  cairo_t *cr;

  if (count (self) == 0 || !sht_affine_of_widget (shumate_layer_get_viewport (SHUMATE_LAYER (self)), widget, &affine))
    return;
  sht_map_room_plan (self->room, widget);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                                                 (float) gtk_widget_get_height (widget)));
  if (self->numbers)
    draw_numbers (self, cr);
  else
    draw_line (self, &affine, cr);
  cairo_destroy (cr);
}

static void
on_moved (ShtRouteLayer *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  sht_map_room_spoil (self->room);
}

static void
sht_route_layer_constructed (GObject *object)
{
  static const char *const properties[] = { "notify::latitude", "notify::longitude", "notify::zoom-level",
                                            "notify::rotation", "notify::reference-map-source" };
  ShumateViewport *viewport = shumate_layer_get_viewport (SHUMATE_LAYER (object));

  G_OBJECT_CLASS (sht_route_layer_parent_class)->constructed (object);
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    g_signal_connect_object (viewport, properties[i], G_CALLBACK (on_moved), object, G_CONNECT_SWAPPED);
}

static void
sht_route_layer_finalize (GObject *object)
{
  g_array_unref (SHT_ROUTE_LAYER (object)->spots);
  g_array_unref (SHT_ROUTE_LAYER (object)->stands);
  sht_map_room_unref (SHT_ROUTE_LAYER (object)->room);
  G_OBJECT_CLASS (sht_route_layer_parent_class)->finalize (object);
}

static void
sht_route_layer_class_init (ShtRouteLayerClass *class)
{
  G_OBJECT_CLASS (class)->constructed = sht_route_layer_constructed;
  G_OBJECT_CLASS (class)->finalize = sht_route_layer_finalize;
  GTK_WIDGET_CLASS (class)->snapshot = sht_route_layer_snapshot;
  /* The same route is a list beside the map. */
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
sht_route_layer_init (ShtRouteLayer *self)
{
  self->spots = g_array_new (FALSE, FALSE, sizeof (double));
  self->stands = g_array_new (FALSE, FALSE, sizeof (graphene_point_t));
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

/**
 * sht_route_layer_new:
 * @viewport: the map's
 * @numbers: the stops' numbers; else the line between them
 * @room: in which the numbers find theirs
 */
ShtRouteLayer *
sht_route_layer_new (ShumateViewport *viewport, gboolean numbers, ShtMapRoom *room)
{
  ShtRouteLayer *self = g_object_new (SHT_TYPE_ROUTE_LAYER, "viewport", viewport, NULL);

  self->numbers = numbers;
  self->room = sht_map_room_ref (room);
  if (numbers)
    sht_map_room_add_layer (room, SHT_ROOM_STOP, GTK_WIDGET (self), claim);
  return self;
}

/**
 * sht_route_layer_set_stops:
 * @e7: (array) (nullable): latitude and longitude of each stop, 1e-7 degree
 * @n_stops: how many; 0 for no route
 */
void
sht_route_layer_set_stops (ShtRouteLayer *self, const gint64 *e7, guint n_stops)
{
  g_array_set_size (self->spots, 2 * n_stops);
  for (guint i = 0; i < n_stops; i++)
    sht_world_from_e7 (e7[2 * i], e7[2 * i + 1], &g_array_index (self->spots, double, 2 * i),
                       &g_array_index (self->spots, double, 2 * i + 1));
  on_moved (self);
}

void
sht_route_layer_set_dark (ShtRouteLayer *self, gboolean dark)
{
  self->dark = dark;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
