/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/even-rows.h"

struct _ShtEvenRows
{
  GtkWidget parent_instance;

  int gap;
  int most; /* in a row */
};

G_DEFINE_FINAL_TYPE (ShtEvenRows, sht_even_rows, GTK_TYPE_WIDGET)

static GPtrArray *
shown_children (GtkWidget *widget)
{
  GPtrArray *children = g_ptr_array_new ();

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_should_layout (child))
      g_ptr_array_add (children, child);
  return children;
}

/* The widest child's width, as narrow as it may be or as it likes to be. */
static int
widest (GPtrArray *children, gboolean natural)
{
  int most = 0;

  for (guint i = 0; i < children->len; i++)
    {
      int least, liked;

      gtk_widget_measure (g_ptr_array_index (children, i), GTK_ORIENTATION_HORIZONTAL, -1, &least, &liked, NULL, NULL);
      most = MAX (most, natural ? liked : least);
    }
  return most;
}

static guint
count_rows (ShtEvenRows *self, GPtrArray *children, int width)
{
  int columns = CLAMP ((width + self->gap) / (MAX (1, widest (children, FALSE)) + self->gap), 1, self->most);

  return (children->len + (guint) columns - 1) / (guint) columns;
}

/* The first rows have one more where they cannot all have as many. */
static guint
count_in_row (guint n, guint rows, guint row)
{
  return n / rows + (row < n % rows ? 1 : 0);
}

static int
width_in_row (ShtEvenRows *self, int width, guint n)
{
  return MAX (0, (width - (int) (n - 1) * self->gap) / (int) n);
}

static int
row_height (GPtrArray *children, guint from, guint n, int width)
{
  int most = 0;

  for (guint i = from; i < from + n; i++)
    {
      int least, liked;

      gtk_widget_measure (g_ptr_array_index (children, i), GTK_ORIENTATION_VERTICAL, width, &least, &liked, NULL, NULL);
      most = MAX (most, liked);
    }
  return most;
}

static GtkSizeRequestMode
sht_even_rows_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
sht_even_rows_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  ShtEvenRows *self = SHT_EVEN_ROWS (widget);
  g_autoptr (GPtrArray) children = shown_children (widget);
  int n = (int) children->len;
  guint rows, from = 0;

  *minimum = *natural = 0;
  if (n == 0)
    return;
  *minimum = widest (children, FALSE);
  *natural = MIN (n, self->most) * (widest (children, TRUE) + self->gap) - self->gap;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  if (for_size < 0)
    for_size = *natural;
  rows = count_rows (self, children, for_size);
  *natural = (int) (rows - 1) * self->gap;
  for (guint row = 0; row < rows; row++)
    {
      guint in_row = count_in_row (children->len, rows, row);

      *natural += row_height (children, from, in_row, width_in_row (self, for_size, in_row));
      from += in_row;
    }
  *minimum = *natural;
}

static void
sht_even_rows_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ShtEvenRows *self = SHT_EVEN_ROWS (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  g_autoptr (GPtrArray) children = shown_children (widget);
  guint rows = children->len > 0 ? count_rows (self, children, width) : 0, from = 0;
  int y = 0;

  for (guint row = 0; row < rows; row++)
    {
      guint in_row = count_in_row (children->len, rows, row);
      int tall = row_height (children, from, in_row, width_in_row (self, width, in_row));

      for (guint i = 0; i < in_row; i++)
        {
          /* What is left over is shared, so that the last ends where the row does. */
          int x = (int) i * (width + self->gap) / (int) in_row;
          int part = (int) (i + 1) * (width + self->gap) / (int) in_row - self->gap - x;

          gtk_widget_size_allocate (g_ptr_array_index (children, from + i),
                                    &(GtkAllocation){ mirrored ? width - x - part : x, y, part, tall }, -1);
        }
      from += in_row;
      y += tall + self->gap;
    }
}

static void
sht_even_rows_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (sht_even_rows_parent_class)->dispose (object);
}

static void
sht_even_rows_class_init (ShtEvenRowsClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_even_rows_dispose;
  widget_class->get_request_mode = sht_even_rows_get_request_mode;
  widget_class->measure = sht_even_rows_measure;
  widget_class->size_allocate = sht_even_rows_size_allocate;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
sht_even_rows_init (ShtEvenRows *self)
{
}

/**
 * sht_even_rows_new:
 * @gap: pixels between two buttons, and two rows
 * @most: so many in a row, where there is room
 */
GtkWidget *
sht_even_rows_new (int gap, int most)
{
  ShtEvenRows *self = g_object_new (SHT_TYPE_EVEN_ROWS, NULL);

  self->gap = gap;
  self->most = most;
  return GTK_WIDGET (self);
}

/**
 * sht_even_rows_append:
 * @child: (transfer floating): comes behind the others
 */
void
sht_even_rows_append (ShtEvenRows *self, GtkWidget *child)
{
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}
