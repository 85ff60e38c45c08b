/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/wrap-box.h"

#include "tablet/ui/common/letters.h"

struct _ShtWrapBox
{
  GtkWidget parent_instance;

  int gap;
  int liked;
};

G_DEFINE_FINAL_TYPE (ShtWrapBox, sht_wrap_box, GTK_TYPE_WIDGET)

static int
liked_width (GtkWidget *child)
{
  int liked;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &liked, NULL, NULL);
  return liked;
}

/* Goes over the rows, and places what is in them when @place.
 * Returns: how high all of them are */
static int
go_over (ShtWrapBox *self, int width, gboolean place)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = 0, y = 0, row = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int wide, tall;

      if (!gtk_widget_should_layout (child))
        continue;
      wide = MIN (liked_width (child), width);
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, wide, NULL, &tall, NULL, NULL);
      if (x > 0 && x + wide > width)
        {
          x = 0;
          y += row + self->gap;
          row = 0;
        }
      if (place)
        gtk_widget_size_allocate (child, &(GtkAllocation){ mirrored ? width - x - wide : x, y, wide, tall }, -1);
      x += wide + self->gap;
      row = MAX (row, tall);
    }
  return y + row;
}

static GtkSizeRequestMode
sht_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
sht_wrap_box_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  ShtWrapBox *self = SHT_WRAP_BOX (widget);
  int all = 0;

  *minimum = *natural = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int least;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      *minimum = MAX (*minimum, least);
      all += (all > 0 ? self->gap : 0) + liked_width (child);
    }
  *natural = MAX (*minimum, MIN (all, sht_letters_grown (self->liked)));
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = go_over (self, for_size < 0 ? *natural : for_size, FALSE);
}

static void
sht_wrap_box_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  go_over (SHT_WRAP_BOX (widget), width, TRUE);
}

static void
sht_wrap_box_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (sht_wrap_box_parent_class)->dispose (object);
}

static void
sht_wrap_box_class_init (ShtWrapBoxClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_wrap_box_dispose;
  widget_class->get_request_mode = sht_wrap_box_get_request_mode;
  widget_class->measure = sht_wrap_box_measure;
  widget_class->size_allocate = sht_wrap_box_size_allocate;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
sht_wrap_box_init (ShtWrapBox *self)
{
}

/**
 * sht_wrap_box_new:
 * @gap: pixels between two widgets, and two rows
 * @liked: how wide it likes to be at the most, pixels with letters of 100 %
 */
GtkWidget *
sht_wrap_box_new (int gap, int liked)
{
  ShtWrapBox *self = g_object_new (SHT_TYPE_WRAP_BOX, NULL);

  self->gap = gap;
  self->liked = liked;
  return GTK_WIDGET (self);
}

/**
 * sht_wrap_box_append:
 * @child: (transfer floating): comes behind the others
 */
void
sht_wrap_box_append (ShtWrapBox *self, GtkWidget *child)
{
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}
