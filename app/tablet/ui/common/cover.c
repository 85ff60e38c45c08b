/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/cover.h"

struct _ShtCover
{
  AdwBin parent_instance;

  GtkWidget *stack;
  GtkWidget *page;
  GtkWidget *front;  /* (nullable) */
  GtkWidget *before; /* (nullable) (weak): what had the focus */
};

G_DEFINE_FINAL_TYPE (ShtCover, sht_cover, ADW_TYPE_BIN)

static void
sht_cover_dispose (GObject *object)
{
  g_clear_weak_pointer (&SHT_COVER (object)->before);
  G_OBJECT_CLASS (sht_cover_parent_class)->dispose (object);
}

static void
sht_cover_class_init (ShtCoverClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_cover_dispose;
}

static void
sht_cover_init (ShtCover *self)
{
  self->stack = gtk_stack_new ();
  adw_bin_set_child (ADW_BIN (self), self->stack);
}

GtkWidget *
sht_cover_new (GtkWidget *page)
{
  ShtCover *self = g_object_new (SHT_TYPE_COVER, NULL);

  self->page = page;
  gtk_stack_add_child (GTK_STACK (self->stack), page);
  return GTK_WIDGET (self);
}

static ShtCover *
find_cover (GtkWidget *inside)
{
  GtkWidget *found = gtk_widget_get_ancestor (inside, SHT_TYPE_COVER);

  return found != NULL ? SHT_COVER (found) : NULL;
}

/* What stands in front has its button at its lower edge, and may stand in front of something that is in front of a page
 * itself: a toast with a button of its own does not lie on it. */
static void
lift_toasts (ShtCover *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean covered = FALSE;

  for (; widget != NULL && !ADW_IS_TOAST_OVERLAY (widget); widget = gtk_widget_get_parent (widget))
    covered |= SHT_IS_COVER (widget) && SHT_COVER (widget)->front != NULL;
  if (widget != NULL && covered)
    gtk_widget_add_css_class (widget, "above-bar");
  else if (widget != NULL)
    gtk_widget_remove_css_class (widget, "above-bar");
}

/**
 * sht_cover_show:
 * @inside: anything on the page
 * @front: (transfer floating): what stands in front of the page from now on; it takes the place of what did so
 */
void
sht_cover_show (GtkWidget *inside, GtkWidget *front)
{
  ShtCover *self = find_cover (inside);
  GtkRoot *root = gtk_widget_get_root (inside);

  g_return_if_fail (self != NULL);
  sht_cover_hide (inside);
  g_set_weak_pointer (&self->before, root != NULL ? gtk_root_get_focus (root) : NULL);
  self->front = front;
  gtk_stack_add_child (GTK_STACK (self->stack), front);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), front);
  lift_toasts (self);
  gtk_widget_child_focus (front, GTK_DIR_TAB_FORWARD);
}

static gboolean
hide_front (ShtCover *self)
{
  GtkWidget *front = self != NULL ? self->front : NULL;

  if (front == NULL)
    return FALSE;
  self->front = NULL;
  lift_toasts (self);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->page);
  if (self->before != NULL)
    gtk_widget_grab_focus (self->before);
  g_clear_weak_pointer (&self->before);
  gtk_stack_remove (GTK_STACK (self->stack), front);
  return TRUE;
}

/**
 * sht_cover_hide:
 * @inside: anything on the page, or in front of it
 *
 * Shows the page again, and gives the focus back; what was in front of it is freed.
 *
 * Returns: whether something was in front of it
 */
gboolean
sht_cover_hide (GtkWidget *inside)
{
  return hide_front (find_cover (inside));
}

/* What stands in front may have something in front of itself, such as the camera before a form. */
static ShtCover *
topmost (ShtCover *self)
{
  GtkWidget *inner = self->front != NULL && ADW_IS_BIN (self->front) ? adw_bin_get_child (ADW_BIN (self->front)) : NULL;

  return inner != NULL && SHT_IS_COVER (inner) && SHT_COVER (inner)->front != NULL ? topmost (SHT_COVER (inner)) : self;
}

static ShtCover *
find_below (GtkWidget *widget)
{
  ShtCover *found = SHT_IS_COVER (widget) ? SHT_COVER (widget) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_below (child);
  return found;
}

/**
 * sht_cover_step_back:
 * @page: a page with a cover in it
 *
 * Goes one step back: of what stands in front of the page, and perhaps in front of each other, the topmost goes.
 *
 * Returns: whether something was in front of the page
 */
gboolean
sht_cover_step_back (GtkWidget *page)
{
  ShtCover *self = find_below (page);

  return self != NULL && hide_front (topmost (self));
}

/**
 * sht_cover_get_front:
 *
 * Returns: (transfer none) (nullable): what stands in front of the page
 */
GtkWidget *
sht_cover_get_front (ShtCover *self)
{
  return self->front;
}
