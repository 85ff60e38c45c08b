/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into the window's program: on SIGUSR2 it writes down, into the file that SHETACH_CUT names, each text of which something
 * is not seen, and each text and control that reaches out of where it can be seen; a line each. */
#include <glib-unix.h>
#include <gtk/gtk.h>
#include <stdio.h>

/* Letters reach out of their line by as much. */
#define SLACK 2

static void
say (FILE *file, const char *what, GtkWidget *widget, const char *text)
{
  g_autofree char *line = g_strdelimit (g_strdup (text), "\n\t", ' ');
  g_autoptr (GString) within = g_string_new (NULL);
  graphene_rect_t bounds;

  for (GtkWidget *at = widget; at != NULL && within->len < 200; at = gtk_widget_get_parent (at))
    {
      char **classes = gtk_widget_get_css_classes (at);

      g_string_append_printf (within, " %s", gtk_widget_get_css_name (at));
      for (guint i = 0; classes[i] != NULL; i++)
        g_string_append_printf (within, ".%s", classes[i]);
      g_strfreev (classes);
    }
  if (!gtk_widget_compute_bounds (widget, GTK_WIDGET (gtk_widget_get_root (widget)), &bounds))
    return;
  fprintf (file, "%s\t%s\t%.0fx%.0f at %.0f,%.0f\t%s\n", what, line, bounds.size.width, bounds.size.height, bounds.origin.x,
           bounds.origin.y, within->str);
}

static void
look_at_text (FILE *file, GtkLabel *label)
{
  GtkWidget *widget = GTK_WIDGET (label);
  PangoLayout *layout = gtk_label_get_layout (label);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (pango_layout_is_ellipsized (layout))
    say (file, "shortened", widget, gtk_label_get_text (label));
  else if (width > gtk_widget_get_width (widget) + SLACK || height > gtk_widget_get_height (widget) + SLACK)
    say (file, "cut", widget, gtk_label_get_text (label));
}

/* Whether what lies beyond that edge can be brought to sight. */
static gboolean
can_scroll (GtkWidget *widget, gboolean across)
{
  GtkPolicyType horizontal, vertical;

  if (!GTK_IS_SCROLLED_WINDOW (widget))
    return FALSE;
  gtk_scrolled_window_get_policy (GTK_SCROLLED_WINDOW (widget), &horizontal, &vertical);
  return (across ? horizontal : vertical) != GTK_POLICY_NEVER;
}

/* Against each that cuts off what reaches out of it, up to the window. */
static void
look_around (FILE *file, GtkWidget *widget, const char *text)
{
  gboolean across = FALSE, down = FALSE;

  for (GtkWidget *at = gtk_widget_get_parent (widget); at != NULL; at = gtk_widget_get_parent (at))
    {
      graphene_rect_t bounds;
      float out_x, out_y;

      if (gtk_widget_get_overflow (at) == GTK_OVERFLOW_HIDDEN || GTK_IS_NATIVE (at))
        {
          if (!gtk_widget_compute_bounds (widget, at, &bounds))
            return;
          out_x = MAX (-bounds.origin.x, bounds.origin.x + bounds.size.width - gtk_widget_get_width (at));
          out_y = MAX (-bounds.origin.y, bounds.origin.y + bounds.size.height - gtk_widget_get_height (at));
          across |= GTK_IS_SCROLLED_WINDOW (gtk_widget_get_parent (at)) && can_scroll (gtk_widget_get_parent (at), TRUE);
          down |= GTK_IS_SCROLLED_WINDOW (gtk_widget_get_parent (at)) && can_scroll (gtk_widget_get_parent (at), FALSE);
          if ((out_x > SLACK && !across) || (out_y > SLACK && !down))
            {
              say (file, "outside", widget, text);
              return;
            }
        }
      across |= can_scroll (at, TRUE);
      down |= can_scroll (at, FALSE);
      if (GTK_IS_NATIVE (at))
        return;
    }
}

static void
walk (FILE *file, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_child_visible (widget))
    return;
  /* It was just made, and has no place before the next frame. */
  if (gtk_widget_get_width (widget) <= 0 && gtk_widget_get_height (widget) <= 0)
    return;
  if (GTK_IS_LABEL (widget) && gtk_label_get_text (GTK_LABEL (widget))[0] != '\0')
    {
      look_at_text (file, GTK_LABEL (widget));
      look_around (file, widget, gtk_label_get_text (GTK_LABEL (widget)));
    }
  else if (GTK_IS_BUTTON (widget) || GTK_IS_TEXT (widget) || GTK_IS_SWITCH (widget))
    look_around (file, widget, gtk_widget_get_tooltip_text (widget) != NULL ? gtk_widget_get_tooltip_text (widget) : "");
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    walk (file, child);
}

static void
write_all (void)
{
  const char *path = g_getenv ("SHETACH_CUT");
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
}

static gboolean
on_asked (gpointer unused)
{
  write_all ();
  return G_SOURCE_CONTINUE;
}

static void __attribute__ ((constructor))
listen (void)
{
  if (g_getenv ("SHETACH_CUT") != NULL)
    g_unix_signal_add (SIGUSR2, on_asked, NULL);
}
