/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/width-first.h"

struct _ShtWidthFirst
{
  GtkWidget parent_instance;

  GtkWidget *child;  /* (unowned): its only one */
  gboolean narrow;   /* it is content with the least width */
  gboolean scrolled; /* it takes whatever height there is */
};

G_DEFINE_FINAL_TYPE (ShtWidthFirst, sht_width_first, GTK_TYPE_WIDGET)

static GtkSizeRequestMode
sht_width_first_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
sht_width_first_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  ShtWidthFirst *self = SHT_WIDTH_FIRST (widget);

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL || !self->scrolled)
    gtk_widget_measure (self->child, orientation, orientation == GTK_ORIENTATION_VERTICAL ? for_size : -1, minimum,
                        natural, minimum_baseline, natural_baseline);
  if (orientation == GTK_ORIENTATION_HORIZONTAL && self->narrow)
    *natural = *minimum;
}

static void
sht_width_first_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_size_allocate (SHT_WIDTH_FIRST (widget)->child, &(GtkAllocation){ 0, 0, width, height }, baseline);
}

static void
sht_width_first_dispose (GObject *object)
{
  g_clear_pointer (&SHT_WIDTH_FIRST (object)->child, gtk_widget_unparent);
  G_OBJECT_CLASS (sht_width_first_parent_class)->dispose (object);
}

static void
sht_width_first_class_init (ShtWidthFirstClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_width_first_dispose;
  widget_class->get_request_mode = sht_width_first_get_request_mode;
  widget_class->measure = sht_width_first_measure;
  widget_class->size_allocate = sht_width_first_size_allocate;
}

static void
sht_width_first_init (ShtWidthFirst *self)
{
}

/**
 * sht_width_first_new:
 * @child: (transfer floating): stays in it
 */
GtkWidget *
sht_width_first_new (GtkWidget *child)
{
  ShtWidthFirst *self = g_object_new (SHT_TYPE_WIDTH_FIRST, NULL);

  self->child = child;
  gtk_widget_set_parent (child, GTK_WIDGET (self));
  gtk_widget_set_hexpand (GTK_WIDGET (self), gtk_widget_get_hexpand (child));
  return GTK_WIDGET (self);
}

/**
 * sht_width_first_new_narrow:
 * @child: (transfer floating): a wrapped text that is given what others leave
 *
 * It asks for no more than its least width: a label that is told so by `max-width-chars` lays its words out once more, a
 * line for each letter.
 */
GtkWidget *
sht_width_first_new_narrow (GtkWidget *child)
{
  GtkWidget *self = sht_width_first_new (child);

  SHT_WIDTH_FIRST (self)->narrow = TRUE;
  return self;
}

/**
 * sht_width_first_new_scrolled:
 * @child: (transfer floating): what is scrolled, and fills the height that is left
 *
 * Its height is not asked for either: GTK would lay all of it out once more, at the width that it would like best.
 */
GtkWidget *
sht_width_first_new_scrolled (GtkWidget *child)
{
  GtkWidget *self = sht_width_first_new (child);

  SHT_WIDTH_FIRST (self)->scrolled = TRUE;
  return self;
}
