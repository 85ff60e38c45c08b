/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/seen.h"

#define WHEREABOUTS "sht-whereabouts"

static gboolean
is_shown (GtkWidget *window)
{
  GdkSurface *surface = gtk_widget_get_mapped (window) ? gtk_native_get_surface (GTK_NATIVE (window)) : NULL;

  return surface != NULL && (gdk_toplevel_get_state (GDK_TOPLEVEL (surface)) & GDK_TOPLEVEL_STATE_MINIMIZED) == 0;
}

/* Any of them: with another language the window is made anew. */
static void
look (GtkApplication *application)
{
  gboolean seen = FALSE;

  for (GList *at = gtk_application_get_windows (application); at != NULL; at = at->next)
    seen |= is_shown (at->data);
  sht_whereabouts_set_seen (g_object_get_data (G_OBJECT (application), WHEREABOUTS), seen);
}

static void
on_map (GtkWidget *window, gpointer data)
{
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (window)), "notify::state", G_CALLBACK (look), data,
                           G_CONNECT_SWAPPED);
  look (data);
}

static void
on_unmap (GtkWidget *window, gpointer data)
{
  look (data);
}

/**
 * sht_seen_watch:
 * @window: one of the application's, not shown yet
 * @whereabouts: who is told whether somebody sees any of its windows
 */
void
sht_seen_watch (GtkApplication *application, GtkWindow *window, ShtWhereabouts *whereabouts)
{
  g_object_set_data (G_OBJECT (application), WHEREABOUTS, whereabouts);
  g_signal_connect_object (window, "map", G_CALLBACK (on_map), application, G_CONNECT_AFTER);
  g_signal_connect_object (window, "unmap", G_CALLBACK (on_unmap), application, G_CONNECT_AFTER);
}
