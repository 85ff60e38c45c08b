/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/sla-ring.h"

#include "tablet/ui/common/letters.h"

#include <math.h>

/* With letters of 100 %, pixels. */
#define SIZE 52
#define LINE 5
#define TRACK 2

struct _ShtSlaRing
{
  GtkWidget parent_instance;

  GtkWidget *image; /* (owned by the tree) */
  ShtSla sla;
  double left; /* 0 … 1 */
};

G_DEFINE_FINAL_TYPE (ShtSlaRing, sht_sla_ring, GTK_TYPE_WIDGET)

/**
 * sht_sla_css:
 *
 * Returns: (transfer none): the style class for words and rings
 */
const char *
sht_sla_css (ShtSla sla)
{
  static const char *const classes[] = { "sla-none", "sla-ok", "sla-soon", "sla-late", "sla-rest" };

  return classes[sla];
}

/**
 * sht_sla_ring_size:
 *
 * Returns: how wide and high a ring is beside the letters of now, pixels
 */
int
sht_sla_ring_size (void)
{
  return sht_letters_grown (SIZE);
}

static void
sht_sla_ring_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = sht_sla_ring_size ();
  *minimum_baseline = *natural_baseline = -1;
}

static void
sht_sla_ring_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ShtSlaRing *self = SHT_SLA_RING (widget);
  GtkRequisition size;
  GtkAllocation place;

  gtk_widget_get_preferred_size (self->image, NULL, &size);
  place = (GtkAllocation){ (width - size.width) / 2, (height - size.height) / 2, size.width, size.height };
  gtk_widget_size_allocate (self->image, &place, -1);
}

static void
draw_arc (cairo_t *cr, double middle, double radius, double line, double left, gboolean backwards)
{
  double start = -G_PI / 2;
  double sweep = 2 * G_PI * left;

  cairo_set_line_width (cr, line);
  if (backwards)
    cairo_arc_negative (cr, middle, middle, radius, start, start - sweep);
  else
    cairo_arc (cr, middle, middle, radius, start, start + sweep);
  cairo_stroke (cr);
}

/**
 * sht_sla_ring_draw:
 * @left: how much of the time, 0 … 1
 * @colour: of what is left
 * @place: the ring stands in its middle
 */
void
sht_sla_ring_draw (GtkSnapshot *snapshot, ShtSla sla, double left, const GdkRGBA *colour, gboolean mirrored,
                   const graphene_rect_t *place)
{
  float size = (float) sht_sla_ring_size ();
  double line = sht_letters_grown (LINE), middle = size / 2, radius = middle - line / 2;
  graphene_point_t corner = GRAPHENE_POINT_INIT (place->origin.x + (float) ((int) (place->size.width - size) / 2),
                                                 place->origin.y + (float) ((int) (place->size.height - size) / 2));
  /* A node that begins at 0, 0: in a browser GTK 4.8 takes what cairo drew from there on, wherever the node is. */
  GskRenderNode *node = gsk_cairo_node_new (&GRAPHENE_RECT_INIT (0, 0, size, size));
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);

  gdk_cairo_set_source_rgba (cr, colour);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  if (sla == SHT_SLA_LATE)
    {
      /* Late is told apart without colour: the ring is broken into dashes. */
      double dash = 2 * G_PI * radius / 16;
      double dashes[] = { dash * 0.5, dash * 1.5 };

      cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
      draw_arc (cr, middle, radius, line, 1, mirrored);
    }
  else
    {
      /* What has gone by is a thin line of the same colour: a pale one would not be seen in the sun. */
      draw_arc (cr, middle, radius, sht_letters_grown (TRACK), 1, mirrored);
      if (left > 0)
        draw_arc (cr, middle, radius, line, left, mirrored);
    }
  cairo_destroy (cr);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &corner);
  gtk_snapshot_append_node (snapshot, node);
  gtk_snapshot_restore (snapshot);
  gsk_render_node_unref (node);
}

static void
sht_sla_ring_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtSlaRing *self = SHT_SLA_RING (widget);
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  sht_sla_ring_draw (snapshot, self->sla, self->left, &colour, gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL,
                     &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget), (float) gtk_widget_get_height (widget)));
  gtk_widget_snapshot_child (widget, self->image, snapshot);
}

static void
sht_sla_ring_dispose (GObject *object)
{
  g_clear_pointer (&SHT_SLA_RING (object)->image, gtk_widget_unparent);
  G_OBJECT_CLASS (sht_sla_ring_parent_class)->dispose (object);
}

static void
sht_sla_ring_class_init (ShtSlaRingClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_sla_ring_dispose;
  widget->measure = sht_sla_ring_measure;
  widget->size_allocate = sht_sla_ring_size_allocate;
  widget->snapshot = sht_sla_ring_snapshot;
  gtk_widget_class_set_css_name (widget, "sla-ring");
  gtk_widget_class_set_accessible_role (widget, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
sht_sla_ring_init (ShtSlaRing *self)
{
  self->image = gtk_image_new ();
  gtk_widget_set_parent (self->image, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "sla-ring");
  gtk_widget_add_css_class (GTK_WIDGET (self), sht_sla_css (SHT_SLA_NONE));
}

GtkWidget *
sht_sla_ring_new (void)
{
  return g_object_new (SHT_TYPE_SLA_RING, NULL);
}

/**
 * sht_sla_ring_reckon:
 * @left: (out): how much of the ring is full, 0 … 1
 *
 * See sht_sla_ring_set_time().
 */
ShtSla
sht_sla_ring_reckon (gboolean open, gint64 from_ms, gint64 due_ms, gint64 now_ms, double *left)
{
  ShtSla sla = sht_sla_of (open, due_ms, now_ms);

  *left = sla == SHT_SLA_CALM || sla == SHT_SLA_SOON ? sht_sla_left (from_ms, due_ms, now_ms) : 0;
  return sla;
}

/**
 * sht_sla_ring_set_time:
 * @open: whether the ticket is still to be dealt with
 * @from_ms: when the clock began
 * @due_ms: when it falls due, 0 for never
 */
void
sht_sla_ring_set_time (ShtSlaRing *self, gboolean open, gint64 from_ms, gint64 due_ms, gint64 now_ms)
{
  double left;
  ShtSla sla = sht_sla_ring_reckon (open, from_ms, due_ms, now_ms, &left);

  if (sla == self->sla && fabs (left - self->left) < 0.005)
    return;
  gtk_widget_remove_css_class (GTK_WIDGET (self), sht_sla_css (self->sla));
  gtk_widget_add_css_class (GTK_WIDGET (self), sht_sla_css (sla));
  self->sla = sla;
  self->left = left;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
sht_sla_ring_set_icon (ShtSlaRing *self, const char *icon_name)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (self->image), icon_name);
}
