/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/crew-layer.h"

#include "tablet/map/affine.h"

#include <math.h>

#define EARTH_GIRTH_M 40075016.686
#define DOT_PX 8.0
#define RING_PX 3.0
#define LEAST_CIRCLE_PX 16.0
#define MOST_CIRCLE_PX 4000.0
/* From the dot's middle to the sign, and within the sign to its words. */
#define GAP_PX 16.0f
#define PAD_X_PX 10.0f
#define PAD_Y_PX 5.0f
#define CORNER_PX 8.0f
#define FADED 0.5
/* Where a sign may stand, from the best: rows of signs above the dot, and below. */
static const int rows[] = { -1, 1, -2, 2, -3, 3 };

struct _ShtCrewLayer
{
  ShumateLayer parent_instance;

  GPtrArray *signs;   /* (owned) (element-type ShtCrewSign): the oldest first, so that the newest is seen */
  GPtrArray *layouts; /* (owned) (element-type PangoLayout): of each; empty until they are needed */
  gboolean dark;
};

G_DEFINE_FINAL_TYPE (ShtCrewLayer, sht_crew_layer, SHUMATE_TYPE_LAYER)

static const GdkRGBA crew_day = { 0.42f, 0.16f, 0.48f, 1 };
static const GdkRGBA crew_night = { 0.86f, 0.64f, 0.92f, 1 };
static const GdkRGBA old_day = { 0.37f, 0.36f, 0.39f, 1 };
static const GdkRGBA old_night = { 0.75f, 0.75f, 0.74f, 1 };
static const GdkRGBA paper_day = { 1, 1, 1, 1 };
static const GdkRGBA paper_night = { 0.12f, 0.12f, 0.12f, 1 };

void
sht_crew_sign_free (ShtCrewSign *sign)
{
  g_free (sign->name);
  g_free (sign->words);
  g_free (sign);
}

static GdkRGBA
colour_of (ShtCrewLayer *self, const ShtCrewSign *sign, float alpha)
{
  gboolean old = sign->age_ms > SHT_POSITION_STALE_MS;
  GdkRGBA colour = old ? self->dark ? old_night : old_day : self->dark ? crew_night : crew_day;

  colour.alpha = alpha;
  return colour;
}

static void
draw_rounded (GtkSnapshot *snapshot, const graphene_rect_t *box, float corner, const GdkRGBA *fill, const GdkRGBA *edge)
{
  const float widths[4] = { 2, 2, 2, 2 };
  const GdkRGBA edges[4] = { *edge, *edge, *edge, *edge };
  GskRoundedRect rounded;

  gsk_rounded_rect_init_from_rect (&rounded, box, corner);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, fill, box);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &rounded, widths, edges);
}

static graphene_rect_t
square (double x, double y, double radius)
{
  return GRAPHENE_RECT_INIT ((float) (x - radius), (float) (y - radius), (float) (2 * radius), (float) (2 * radius));
}

static void
draw_dot (ShtCrewLayer *self, GtkSnapshot *snapshot, const ShtCrewSign *sign, double x, double y, double radius)
{
  GdkRGBA inner = colour_of (self, sign, 0.12f), edge = colour_of (self, sign, 0.6f), dot = colour_of (self, sign, 1);
  const GdkRGBA *paper = self->dark ? &paper_night : &paper_day;
  graphene_rect_t circle = square (x, y, radius), ring = square (x, y, DOT_PX + RING_PX), middle = square (x, y, DOT_PX);

  if (radius >= LEAST_CIRCLE_PX && radius <= MOST_CIRCLE_PX)
    draw_rounded (snapshot, &circle, (float) radius, &inner, &edge);
  draw_rounded (snapshot, &ring, (float) (DOT_PX + RING_PX), paper, paper);
  draw_rounded (snapshot, &middle, (float) DOT_PX, sign->age_ms > SHT_POSITION_STALE_MS ? paper : &dot, &dot);
}

static PangoLayout *
make_layout (ShtCrewLayer *self, const ShtCrewSign *sign)
{
  g_autofree char *name = g_markup_escape_text (sign->name, -1), *words = g_markup_escape_text (sign->words, -1);
  g_autofree char *markup = g_strdup_printf ("<b>%s</b>\n<small>%s</small>", name, words);
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);

  pango_layout_set_markup (layout, markup, -1);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  return layout;
}

static PangoLayout *
layout_of (ShtCrewLayer *self, guint i)
{
  if (self->layouts->len == 0)
    for (guint k = 0; k < self->signs->len; k++)
      g_ptr_array_add (self->layouts, make_layout (self, g_ptr_array_index (self->signs, k)));
  return g_ptr_array_index (self->layouts, i);
}

static gboolean
is_free (GArray *taken, const graphene_rect_t *box)
{
  for (guint i = 0; i < taken->len; i++)
    if (graphene_rect_intersection (&g_array_index (taken, graphene_rect_t, i), box, NULL))
      return FALSE;
  return TRUE;
}

/* Where a sign of that size goes; where all is taken, above its dot. */
static graphene_rect_t
place_sign (GArray *taken, double x, double y, float width, float height)
{
  graphene_rect_t box;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      float top = rows[i] < 0 ? (float) y - GAP_PX - (float) -rows[i] * height : (float) y + GAP_PX + (float) (rows[i] - 1) * height;

      box = GRAPHENE_RECT_INIT ((float) x - width / 2, top, width, height);
      if (is_free (taken, &box))
        break;
      box.origin.y = (float) y - GAP_PX - height;
    }
  g_array_append_val (taken, box);
  return box;
}

static void
draw_sign (ShtCrewLayer *self, GtkSnapshot *snapshot, guint i, GArray *taken, double x, double y)
{
  const ShtCrewSign *sign = g_ptr_array_index (self->signs, i);
  PangoLayout *layout = layout_of (self, i);
  GdkRGBA ink = colour_of (self, sign, 1);
  graphene_rect_t box;
  int width, height;

  pango_layout_set_width (layout, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  box = place_sign (taken, x, y, (float) width + 2 * PAD_X_PX, (float) height + 2 * PAD_Y_PX);
  draw_rounded (snapshot, &box, CORNER_PX, self->dark ? &paper_night : &paper_day, &ink);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (box.origin.x + PAD_X_PX, box.origin.y + PAD_Y_PX));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}

static void
sht_crew_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtCrewLayer *self = SHT_CREW_LAYER (widget);
  g_autoptr (GArray) taken = g_array_new (FALSE, FALSE, sizeof (graphene_rect_t));
  ShtAffine affine;

  if (!sht_affine_of_widget (shumate_layer_get_viewport (SHUMATE_LAYER (self)), widget, &affine))
    return;
  for (guint i = 0; i < self->signs->len; i++)
    {
      const ShtCrewSign *sign = g_ptr_array_index (self->signs, i);
      double latitude = (double) sign->position.lat_e7 * 1e-7 * G_PI / 180;
      double wx, wy, x, y, radius;

      sht_world_from_e7 (sign->position.lat_e7, sign->position.lon_e7, &wx, &wy);
      sht_affine_apply (&affine, wx, wy, &x, &y);
      radius = (double) sign->position.accuracy_m / (EARTH_GIRTH_M * MAX (0.01, cos (latitude))) * fabs (affine.xx);
      gtk_snapshot_push_opacity (snapshot, sign->age_ms > SHT_POSITION_STALE_MS ? FADED : 1);
      draw_dot (self, snapshot, sign, x, y, radius);
      gtk_snapshot_pop (snapshot);
      /* Its words are to be read, however old. */
      draw_sign (self, snapshot, i, taken, x, y);
    }
}

static void
sht_crew_layer_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_queue_draw (widget);
}

/* Another size of the text, or another direction. */
static void
forget_layouts (ShtCrewLayer *self)
{
  g_ptr_array_set_size (self->layouts, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
sht_crew_layer_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (sht_crew_layer_parent_class)->css_changed (widget, change);
  forget_layouts (SHT_CREW_LAYER (widget));
}

static void
sht_crew_layer_finalize (GObject *object)
{
  g_ptr_array_unref (SHT_CREW_LAYER (object)->signs);
  g_ptr_array_unref (SHT_CREW_LAYER (object)->layouts);
  G_OBJECT_CLASS (sht_crew_layer_parent_class)->finalize (object);
}

static void
sht_crew_layer_class_init (ShtCrewLayerClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = sht_crew_layer_finalize;
  widget->snapshot = sht_crew_layer_snapshot;
  widget->size_allocate = sht_crew_layer_size_allocate;
  widget->css_changed = sht_crew_layer_css_changed;
}

static void
sht_crew_layer_init (ShtCrewLayer *self)
{
  self->signs = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_crew_sign_free);
  self->layouts = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

/**
 * sht_crew_layer_new:
 * @viewport: the map's
 *
 * Returns: (transfer floating): a layer on which nobody is yet
 */
ShtCrewLayer *
sht_crew_layer_new (ShumateViewport *viewport)
{
  static const char *const moves[] = { "notify::latitude", "notify::longitude", "notify::zoom-level", "notify::rotation",
                                       "notify::reference-map-source" };
  ShtCrewLayer *self = g_object_new (SHT_TYPE_CREW_LAYER, "viewport", viewport, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    g_signal_connect_object (viewport, moves[i], G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  return self;
}

static int
by_age (gconstpointer a, gconstpointer b)
{
  const ShtCrewSign *one = *(const ShtCrewSign *const *) a, *other = *(const ShtCrewSign *const *) b;

  return (one->age_ms < other->age_ms) - (one->age_ms > other->age_ms);
}

/**
 * sht_crew_layer_set:
 * @signs: (transfer full) (element-type ShtCrewSign): those whose position is known
 */
void
sht_crew_layer_set (ShtCrewLayer *self, GPtrArray *signs)
{
  g_ptr_array_sort (signs, by_age);
  g_ptr_array_unref (self->signs);
  self->signs = signs;
  forget_layouts (self);
}

void
sht_crew_layer_set_dark (ShtCrewLayer *self, gboolean dark)
{
  self->dark = dark;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/** sht_crew_layer_count: Returns: how many crews it shows */
guint
sht_crew_layer_count (ShtCrewLayer *self)
{
  return self->signs->len;
}
