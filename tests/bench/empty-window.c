/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floor of starting: an empty window of libadwaita. Prints when its first frame was painted, in
 * microseconds of the monotonic clock, and ends. */
#include <adwaita.h>

#define WIDTH 1280
#define HEIGHT 800

static void
on_painted (GdkFrameClock *clock, gpointer application)
{
  g_print ("first frame at %" G_GINT64_FORMAT " us\n", g_get_monotonic_time ());
  g_application_quit (application);
}

static void
on_activate (GApplication *application)
{
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (application));

  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_widget_realize (window);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_painted), application);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.shetach.EmptyWindow", G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (on_activate), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
