/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/here-layer.h"

#include "tablet/map/affine.h"

#include <math.h>

#define EARTH_GIRTH_M 40075016.686
#define DOT_PX 9.0
#define RING_PX 3.0
/* A circle that the dot covers is none, and one that is larger than any screen says nothing. */
#define LEAST_CIRCLE_PX 16.0
#define MOST_CIRCLE_PX 4000.0
/* How far the wedge reaches from the dot's middle, and how wide it is, either way. */
#define WEDGE_PX 34.0
#define WEDGE_ANGLE (G_PI / 7)
/* The heading of whoever stands is noise. */
#define LEAST_SPEED_CM_S 50
#define FADED 0.45

struct _ShtHereLayer
{
  ShumateLayer parent_instance;

  gboolean known;
  ShtPosition position;
  gint64 age_ms;
  gboolean dark;
};

G_DEFINE_FINAL_TYPE (ShtHereLayer, sht_here_layer, SHUMATE_TYPE_LAYER)

static const GdkRGBA here_day = { 0.10f, 0.37f, 0.71f, 1 };
static const GdkRGBA here_night = { 0.38f, 0.63f, 0.92f, 1 };
static const GdkRGBA old_day = { 0.37f, 0.36f, 0.39f, 1 };
static const GdkRGBA old_night = { 0.75f, 0.75f, 0.74f, 1 };
static const GdkRGBA ring_day = { 1, 1, 1, 1 };
static const GdkRGBA ring_night = { 0.12f, 0.12f, 0.12f, 1 };

static gboolean
is_old (ShtHereLayer *self)
{
  return self->age_ms > SHT_HERE_OLD_MS;
}

static GdkRGBA
colour_of (ShtHereLayer *self, float alpha)
{
  GdkRGBA colour = is_old (self) ? self->dark ? old_night : old_day : self->dark ? here_night : here_day;

  colour.alpha = alpha;
  return colour;
}

/**
 * sht_here_layer_get_spot:
 * @x: (out): where the dot's middle is, in the widget's coordinates
 * @y: (out): likewise
 * @radius: (out): of the circle within which the tablet is, pixels
 *
 * Returns: whether there is anything to draw
 */
gboolean
sht_here_layer_get_spot (ShtHereLayer *self, double *x, double *y, double *radius)
{
  double latitude = (double) self->position.lat_e7 * 1e-7 * G_PI / 180;
  double wx, wy;
  ShtAffine affine;

  if (!self->known || !sht_affine_of_widget (shumate_layer_get_viewport (SHUMATE_LAYER (self)), GTK_WIDGET (self), &affine))
    return FALSE;
  sht_world_from_e7 (self->position.lat_e7, self->position.lon_e7, &wx, &wy);
  sht_affine_apply (&affine, wx, wy, x, y);
  *radius = (double) self->position.accuracy_m / (EARTH_GIRTH_M * MAX (0.01, cos (latitude))) * fabs (affine.xx);
  return TRUE;
}

static void
draw_disc (GtkSnapshot *snapshot, double x, double y, double radius, const GdkRGBA *colour)
{
  graphene_rect_t box = GRAPHENE_RECT_INIT ((float) (x - radius), (float) (y - radius), (float) (2 * radius), (float) (2 * radius));
  GskRoundedRect disc;

  gsk_rounded_rect_init_from_rect (&disc, &box, (float) radius);
  gtk_snapshot_push_rounded_clip (snapshot, &disc);
  gtk_snapshot_append_color (snapshot, colour, &box);
  gtk_snapshot_pop (snapshot);
}

static void
draw_circle (ShtHereLayer *self, GtkSnapshot *snapshot, double x, double y, double radius)
{
  graphene_rect_t box = GRAPHENE_RECT_INIT ((float) (x - radius), (float) (y - radius), (float) (2 * radius), (float) (2 * radius));
  const float widths[4] = { 2, 2, 2, 2 };
  GdkRGBA inner = colour_of (self, 0.16f), edge = colour_of (self, 0.7f);
  const GdkRGBA edges[4] = { edge, edge, edge, edge };
  GskRoundedRect disc;

  if (radius < LEAST_CIRCLE_PX || radius > MOST_CIRCLE_PX)
    return;
  draw_disc (snapshot, x, y, radius, &inner);
  gsk_rounded_rect_init_from_rect (&disc, &box, (float) radius);
  gtk_snapshot_append_border (snapshot, &disc, widths, edges);
}

static void
draw_wedge (ShtHereLayer *self, GtkSnapshot *snapshot, double x, double y)
{
  graphene_rect_t box = GRAPHENE_RECT_INIT ((float) (x - WEDGE_PX), (float) (y - WEDGE_PX), (float) (2 * WEDGE_PX), (float) (2 * WEDGE_PX));
  double angle = (double) self->position.heading * G_PI / 180 - G_PI / 2;
  GdkRGBA colour = colour_of (self, 0.85f);
  cairo_t *cr;

  if (self->position.heading < 0 || is_old (self)
      || (self->position.speed_cm_s >= 0 && self->position.speed_cm_s < LEAST_SPEED_CM_S))
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &box);
  cairo_move_to (cr, x, y);
  cairo_arc (cr, x, y, WEDGE_PX, angle - WEDGE_ANGLE, angle + WEDGE_ANGLE);
  cairo_close_path (cr);
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
sht_here_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtHereLayer *self = SHT_HERE_LAYER (widget);
  GdkRGBA dot = colour_of (self, 1);
  double x, y, radius, faded;

  if (!sht_here_layer_get_spot (self, &x, &y, &radius))
    return;
  faded = CLAMP ((double) (self->age_ms - SHT_HERE_OLD_MS) / (double) (SHT_POSITION_STALE_MS - SHT_HERE_OLD_MS), 0, 1);
  gtk_snapshot_push_opacity (snapshot, 1 - faded * (1 - FADED));
  draw_circle (self, snapshot, x, y, radius);
  draw_wedge (self, snapshot, x, y);
  draw_disc (snapshot, x, y, DOT_PX + RING_PX, self->dark ? &ring_night : &ring_day);
  draw_disc (snapshot, x, y, DOT_PX, &dot);
  /* Colour is not the only sign: what is old is hollow. */
  if (is_old (self))
    draw_disc (snapshot, x, y, DOT_PX - 4, self->dark ? &ring_night : &ring_day);
  gtk_snapshot_pop (snapshot);
}

static void
sht_here_layer_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_queue_draw (widget);
}

static void
sht_here_layer_class_init (ShtHereLayerClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  widget->snapshot = sht_here_layer_snapshot;
  widget->size_allocate = sht_here_layer_size_allocate;
  gtk_widget_class_set_accessible_role (widget, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
sht_here_layer_init (ShtHereLayer *self)
{
  /* Fingers go through to what lies below. */
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * sht_here_layer_new:
 * @viewport: the map's
 *
 * Returns: (transfer floating): a layer on which nothing is yet
 */
ShtHereLayer *
sht_here_layer_new (ShumateViewport *viewport)
{
  static const char *const moves[] = { "notify::latitude", "notify::longitude", "notify::zoom-level", "notify::rotation",
                                       "notify::reference-map-source" };
  ShtHereLayer *self = g_object_new (SHT_TYPE_HERE_LAYER, "viewport", viewport, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    g_signal_connect_object (viewport, moves[i], G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * sht_here_layer_set:
 * @position: (nullable): where the tablet is or was, %NULL when it does not know
 * @age_ms: how long ago it was there, milliseconds
 * @words: (nullable): the same, for who does not see it
 */
void
sht_here_layer_set (ShtHereLayer *self, const ShtPosition *position, gint64 age_ms, const char *words)
{
  self->known = position != NULL && position->state == SHT_POSITION_HERE;
  if (self->known)
    self->position = *position;
  self->age_ms = age_ms;
  gtk_widget_set_visible (GTK_WIDGET (self), self->known);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words != NULL ? words : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
sht_here_layer_set_dark (ShtHereLayer *self, gboolean dark)
{
  self->dark = dark;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
