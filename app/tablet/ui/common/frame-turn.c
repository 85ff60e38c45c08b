/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/frame-turn.h"

#define TURN "sht-frame-turn"

/**
 * sht_frame_turn:
 * @widget: one that is realized, asked from a tick callback
 *
 * To make a widget and to lay it out takes a good part of a frame's time, so whoever has several to make asks for a turn
 * in each frame: a window gives one, to the first that asks.
 *
 * Returns: whether it may make one in this frame
 */
gboolean
sht_frame_turn (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  /* Off by one, for a counter may be 0. */
  gpointer frame = GSIZE_TO_POINTER ((gsize) gdk_frame_clock_get_frame_counter (clock) + 1);

  if (g_object_get_data (G_OBJECT (clock), TURN) == frame)
    return FALSE;
  g_object_set_data (G_OBJECT (clock), TURN, frame);
  return TRUE;
}
