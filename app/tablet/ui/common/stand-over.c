/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/stand-over.h"

/* What GTK calls 96 dots an inch. */
#define USUAL_DPI (96 * 1024)

/* In percent. */
static int
size_of_letters (GtkWindow *window)
{
  int dpi = 0;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (window)), "gtk-xft-dpi", &dpi, NULL);
  return dpi > USUAL_DPI ? dpi * 100 / USUAL_DPI : 100;
}

static int
grown (int length, int percent, int room)
{
  int wanted = length * percent / 100;

  return room > 0 ? MIN (wanted, room) : wanted;
}

/**
 * sht_stand_over:
 * @window: a window that is not seen yet
 * @below: (nullable): the one that it stands over
 * @width: in pixels, with letters of 100 %
 * @height: in pixels, with letters of 100 %
 *
 * Lets a window stand over another. With larger letters it is larger by as much, but never larger than the one below.
 */
void
sht_stand_over (GtkWindow *window, GtkWindow *below, int width, int height)
{
  int percent = size_of_letters (window);

  gtk_window_set_transient_for (window, below);
  gtk_window_set_default_size (window, grown (width, percent, below != NULL ? gtk_widget_get_width (GTK_WIDGET (below)) : 0),
                               grown (height, percent, below != NULL ? gtk_widget_get_height (GTK_WIDGET (below)) : 0));
}
