/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/two-parts.h"

struct _ShtTwoParts
{
  GtkWidget parent_instance;

  GtkWidget *parts[2]; /* (of the tree) */
  int part_width;
  int gap;
};

G_DEFINE_FINAL_TYPE (ShtTwoParts, sht_two_parts, GTK_TYPE_WIDGET)

/* With larger letters a part needs more than its usual width. */
static gboolean
fit_beside (ShtTwoParts *self, int width)
{
  int part = self->part_width;

  for (guint i = 0; i < 2; i++)
    {
      int least;

      gtk_widget_measure (self->parts[i], GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      part = MAX (part, least);
    }
  return width >= 2 * part + self->gap;
}

static GtkSizeRequestMode
sht_two_parts_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* The least, as a map would like to be as high as the world. */
static int
height_for (GtkWidget *part, int width)
{
  int height;

  gtk_widget_measure (part, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);
  return height;
}

static void
sht_two_parts_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  ShtTwoParts *self = SHT_TWO_PARTS (widget);

  *minimum = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      for (guint i = 0; i < 2; i++)
        {
          int least;

          gtk_widget_measure (self->parts[i], GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
          *minimum = MAX (*minimum, least);
        }
      *natural = MAX (*minimum, 2 * self->part_width + self->gap);
      return;
    }
  if (for_size >= 0 && fit_beside (self, for_size))
    {
      int half = (for_size - self->gap) / 2;

      *minimum = MAX (height_for (self->parts[0], half), height_for (self->parts[1], half));
    }
  else
    *minimum = height_for (self->parts[0], for_size) + self->gap + height_for (self->parts[1], for_size);
  *natural = *minimum;
}

static void
sht_two_parts_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ShtTwoParts *self = SHT_TWO_PARTS (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int half = (width - self->gap) / 2;
  int above = height_for (self->parts[0], width);

  if (fit_beside (self, width))
    for (guint i = 0; i < 2; i++)
      gtk_widget_size_allocate (self->parts[i],
                                &(GtkAllocation) { (i == 0) == mirrored ? width - half : 0, 0, half, height }, -1);
  else
    {
      gtk_widget_size_allocate (self->parts[0], &(GtkAllocation) { 0, 0, width, above }, -1);
      gtk_widget_size_allocate (self->parts[1],
                                &(GtkAllocation) { 0, above + self->gap, width, height - above - self->gap }, -1);
    }
}

static void
sht_two_parts_dispose (GObject *object)
{
  ShtTwoParts *self = SHT_TWO_PARTS (object);

  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&self->parts[i], gtk_widget_unparent);
  G_OBJECT_CLASS (sht_two_parts_parent_class)->dispose (object);
}

static void
sht_two_parts_class_init (ShtTwoPartsClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_two_parts_dispose;
  widget_class->get_request_mode = sht_two_parts_get_request_mode;
  widget_class->measure = sht_two_parts_measure;
  widget_class->size_allocate = sht_two_parts_size_allocate;
}

static void
sht_two_parts_init (ShtTwoParts *self)
{
}

/**
 * sht_two_parts_new:
 * @first: (transfer floating): what is read first
 * @second: (transfer floating): what is read after it
 * @part_width: below this width of each, in pixels, they do not stand beside each other
 * @gap: between them, in pixels
 */
GtkWidget *
sht_two_parts_new (GtkWidget *first, GtkWidget *second, int part_width, int gap)
{
  ShtTwoParts *self = g_object_new (SHT_TYPE_TWO_PARTS, NULL);

  self->parts[0] = first;
  self->parts[1] = second;
  self->part_width = part_width;
  self->gap = gap;
  gtk_widget_set_parent (first, GTK_WIDGET (self));
  gtk_widget_set_parent (second, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}
