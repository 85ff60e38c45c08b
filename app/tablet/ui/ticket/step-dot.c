/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/step-dot.h"

#define HEIGHT 28
#define LINE 4
#define PASSED_RADIUS 7
#define CURRENT_RADIUS 13
#define AHEAD_RADIUS 7
/* Of the line that lies ahead. */
#define THIN_LINE 2

struct _ShtStepDot
{
  GtkWidget parent_instance;

  ShtDot dot;
  gboolean first;
  gboolean last;
};

G_DEFINE_FINAL_TYPE (ShtStepDot, sht_step_dot, GTK_TYPE_WIDGET)

static void
draw_line (GtkSnapshot *snapshot, float from, float to, float middle, float line, const GdkRGBA *colour)
{
  if (to > from)
    gtk_snapshot_append_color (snapshot, colour, &GRAPHENE_RECT_INIT (from, middle - line / 2, to - from, line));
}

static void
draw_disc (GtkSnapshot *snapshot, float x, float y, float radius, float line, const GdkRGBA *colour)
{
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT (x - radius, y - radius, 2 * radius, 2 * radius),
                                   radius);
  if (line > 0)
    {
      gtk_snapshot_append_border (snapshot, &outline, (float[4]) { line, line, line, line },
                                  (GdkRGBA[4]) { *colour, *colour, *colour, *colour });
      return;
    }
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, colour, &outline.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
sht_step_dot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtStepDot *self = SHT_STEP_DOT (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float width = (float) gtk_widget_get_width (widget);
  float x = width / 2;
  float y = (float) gtk_widget_get_height (widget) / 2;
  float radius = self->dot == SHT_DOT_CURRENT ? CURRENT_RADIUS : self->dot == SHT_DOT_PASSED ? PASSED_RADIUS : AHEAD_RADIUS;
  gboolean left_end = mirrored ? self->last : self->first;
  gboolean right_end = mirrored ? self->first : self->last;
  gboolean done_before = self->dot != SHT_DOT_AHEAD, done_after = self->dot == SHT_DOT_PASSED;
  gboolean done_left = mirrored ? done_after : done_before, done_right = mirrored ? done_before : done_after;
  GdkRGBA strong, quiet;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &strong);
  /* What lies ahead has one colour, whichever dot draws it; that it is hollow and thin is seen in the sun too. */
  quiet = strong;
  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "sht_mark", &quiet);
  if (!left_end)
    draw_line (snapshot, 0, x - radius, y, done_left ? LINE : THIN_LINE, done_left ? &strong : &quiet);
  if (!right_end)
    draw_line (snapshot, x + radius, width, y, done_right ? LINE : THIN_LINE, done_right ? &strong : &quiet);
  switch (self->dot)
    {
    case SHT_DOT_PASSED:
      draw_disc (snapshot, x, y, PASSED_RADIUS, 0, &strong);
      break;
    case SHT_DOT_CURRENT:
      draw_disc (snapshot, x, y, CURRENT_RADIUS, 3, &strong);
      draw_disc (snapshot, x, y, PASSED_RADIUS, 0, &strong);
      break;
    case SHT_DOT_AHEAD:
      draw_disc (snapshot, x, y, AHEAD_RADIUS, 2, &quiet);
      break;
    }
}

static void
sht_step_dot_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = HEIGHT;
}

static void
sht_step_dot_class_init (ShtStepDotClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->snapshot = sht_step_dot_snapshot;
  widget_class->measure = sht_step_dot_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
sht_step_dot_init (ShtStepDot *self)
{
}

/**
 * sht_step_dot_new:
 * @first: whether no line comes from before it
 * @last: whether no line goes on behind it
 */
GtkWidget *
sht_step_dot_new (ShtDot dot, gboolean first, gboolean last)
{
  ShtStepDot *self = g_object_new (SHT_TYPE_STEP_DOT, "css-name", "stepdot", NULL);

  self->dot = dot;
  self->first = first;
  self->last = last;
  if (dot != SHT_DOT_AHEAD)
    gtk_widget_add_css_class (GTK_WIDGET (self), "accent");
  return GTK_WIDGET (self);
}
