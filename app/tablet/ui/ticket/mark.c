/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/mark.h"

#include "tablet/ui/common/words.h"

#include <math.h>

#define SIZE 16
#define LINE 2.0

struct _ShtTicketMark
{
  GtkWidget parent_instance;

  char *state; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ShtTicketMark, sht_ticket_mark, GTK_TYPE_WIDGET)

/* Drawn, and not written as ○ ◐ ●: fonts disagree on how large those are. */
static void
draw_circle (cairo_t *cr, const char *state, gboolean mirrored)
{
  double radius = SIZE / 2.0 - LINE / 2.0;
  double start = mirrored ? -G_PI / 2 : G_PI / 2;

  cairo_set_line_width (cr, LINE);
  cairo_arc (cr, SIZE / 2.0, SIZE / 2.0, radius, 0, 2 * G_PI);
  if (g_strcmp0 (state, "confirmed") == 0)
    cairo_fill_preserve (cr);
  cairo_stroke (cr);
  if (g_strcmp0 (state, "sent") == 0)
    {
      cairo_arc (cr, SIZE / 2.0, SIZE / 2.0, radius, start, start + G_PI);
      cairo_fill (cr);
    }
}

static void
draw_triangle (cairo_t *cr)
{
  cairo_set_line_width (cr, LINE);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, SIZE / 2.0, LINE);
  cairo_line_to (cr, SIZE - LINE / 2, SIZE - LINE);
  cairo_line_to (cr, LINE / 2, SIZE - LINE);
  cairo_close_path (cr);
  cairo_stroke (cr);
  cairo_move_to (cr, SIZE / 2.0, 6.5);
  cairo_line_to (cr, SIZE / 2.0, 9.0);
  cairo_stroke (cr);
  cairo_arc (cr, SIZE / 2.0, 11.8, 1.1, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
sht_ticket_mark_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtTicketMark *self = SHT_TICKET_MARK (widget);
  graphene_rect_t bounds;
  GdkRGBA colour;
  cairo_t *cr;

  if (self->state == NULL)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  graphene_rect_init (&bounds, 0, 0, SIZE, SIZE);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((float) floor ((gtk_widget_get_width (widget) - SIZE) / 2.0),
                                                (float) floor ((gtk_widget_get_height (widget) - SIZE) / 2.0)));
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  gdk_cairo_set_source_rgba (cr, &colour);
  if (g_str_equal (self->state, "needs_attention"))
    draw_triangle (cr);
  else
    draw_circle (cr, self->state, gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL);
  cairo_destroy (cr);
  gtk_snapshot_restore (snapshot);
}

static void
sht_ticket_mark_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
sht_ticket_mark_finalize (GObject *object)
{
  g_free (SHT_TICKET_MARK (object)->state);
  G_OBJECT_CLASS (sht_ticket_mark_parent_class)->finalize (object);
}

static void
sht_ticket_mark_class_init (ShtTicketMarkClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = sht_ticket_mark_finalize;
  widget_class->snapshot = sht_ticket_mark_snapshot;
  widget_class->measure = sht_ticket_mark_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
sht_ticket_mark_init (ShtTicketMark *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "mark");
}

GtkWidget *
sht_ticket_mark_new (void)
{
  return g_object_new (SHT_TYPE_TICKET_MARK, NULL);
}

/**
 * sht_ticket_mark_set_state:
 * @state: (nullable): on_device, sent, confirmed or needs_attention; %NULL shows nothing
 */
void
sht_ticket_mark_set_state (ShtTicketMark *self, const char *state)
{
  GtkWidget *widget = GTK_WIDGET (self);

  if (g_strcmp0 (self->state, state) == 0)
    return;
  if (self->state != NULL)
    gtk_widget_remove_css_class (widget, self->state);
  g_free (self->state);
  self->state = g_strdup (state);
  if (state != NULL)
    gtk_widget_add_css_class (widget, state);
  if (g_strcmp0 (state, "needs_attention") == 0)
    gtk_widget_add_css_class (widget, "warning");
  else
    gtk_widget_remove_css_class (widget, "warning");
  /* What is settled stays quiet. */
  if (g_strcmp0 (state, "confirmed") == 0)
    gtk_widget_add_css_class (widget, "dim-label");
  else
    gtk_widget_remove_css_class (widget, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  state != NULL ? sht_words_proof (sht_words_mark_parse (state)) : "", -1);
  gtk_widget_queue_draw (widget);
}

const char *
sht_ticket_mark_get_state (ShtTicketMark *self)
{
  return self->state;
}
