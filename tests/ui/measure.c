/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into the window's program: on SIGUSR1 it writes down, into the file that SHETACH_MEASURE names, all that can be tapped
 * and how large it is, a line each. The accessibility tree of GTK 4.8 tells of a widget without its padding. */
#include <glib-unix.h>
#include <gtk/gtk.h>
#include <stdio.h>

static gboolean
is_active (GtkWidget *widget)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_is_sensitive (widget) && gtk_widget_get_can_target (widget);
}

/* What tests/ui/test-touch.py calls a control. */
static gboolean
is_control (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  if (GTK_IS_LIST_BOX_ROW (widget))
    return gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (widget));
  if (GTK_IS_FLOW_BOX_CHILD (widget))
    return gtk_flow_box_get_selection_mode (GTK_FLOW_BOX (parent)) != GTK_SELECTION_NONE;
  /* A menu button, a combo box and the like are made of these. */
  if (GTK_IS_MENU_BUTTON (parent) || GTK_IS_COMBO_BOX (parent) || GTK_IS_DROP_DOWN (parent) || GTK_IS_SPIN_BUTTON (parent))
    return FALSE;
  return GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget) || GTK_IS_SWITCH (widget)
         || GTK_IS_SCALE (widget) || GTK_IS_ENTRY (widget) || GTK_IS_SEARCH_ENTRY (widget) || GTK_IS_PASSWORD_ENTRY (widget)
         || GTK_IS_DROP_DOWN (widget) || GTK_IS_COMBO_BOX (widget) || GTK_IS_SPIN_BUTTON (widget) || GTK_IS_TEXT_VIEW (widget)
         || GTK_IS_LINK_BUTTON (widget) || g_strcmp0 (gtk_widget_get_css_name (widget), "modelbutton") == 0;
}

/* A row that can be tapped does what the switch in it does. */
static gboolean
is_in_row (GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW);

  return row != NULL && row != widget && gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (row)) && GTK_IS_SWITCH (widget);
}

/* Keys reach it, or a part of it. */
static gboolean
takes_focus (GtkWidget *widget)
{
  /* The window's own have keys of the desktop's. */
  if (gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) != NULL)
    return TRUE;
  if (gtk_widget_get_focusable (widget))
    return gtk_widget_get_can_focus (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (takes_focus (child))
      return TRUE;
  return FALSE;
}

static void
write_one (FILE *file, GtkWidget *widget)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));
  graphene_rect_t bounds, seen;

  if (root == NULL || !gtk_widget_compute_bounds (widget, widget, &bounds) || !gtk_widget_compute_bounds (widget, root, &seen))
    return;
  fprintf (file, "%s\t%s\t%.0f\t%.0f\t%.0f\t%.0f\t%s\t%s\n", G_OBJECT_TYPE_NAME (widget), gtk_widget_get_css_name (widget),
           seen.origin.x, seen.origin.y, bounds.size.width, bounds.size.height,
           takes_focus (widget) ? "by keys" : "",
           gtk_widget_get_tooltip_text (widget) != NULL ? gtk_widget_get_tooltip_text (widget) : "");
}

static void
walk (FILE *file, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  /* It was just made, and has no place before the next frame. */
  if (gtk_widget_get_width (widget) <= 0 && gtk_widget_get_height (widget) <= 0)
    return;
  if (is_control (widget) && is_active (widget) && !is_in_row (widget))
    write_one (file, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    walk (file, child);
}

static gboolean
on_asked (gpointer unused)
{
  const char *path = g_getenv ("SHETACH_MEASURE");
  g_autofree char *new = g_strconcat (path, ".new", NULL);
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());
  FILE *file = fopen (new, "w");

  for (guint i = 0; file != NULL && i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      walk (file, window);
    }
  if (file != NULL && fclose (file) == 0)
    rename (new, path);
  return G_SOURCE_CONTINUE;
}

static void __attribute__ ((constructor))
listen (void)
{
  if (g_getenv ("SHETACH_MEASURE") != NULL)
    g_unix_signal_add (SIGUSR1, on_asked, NULL);
}
