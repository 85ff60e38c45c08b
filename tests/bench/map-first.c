/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How soon a window with a map is there, on the display that it is given:
 *
 *   bench-map-first [MAP.mbtiles LAT LON ZOOM]
 *
 * Prints milliseconds from the program's start until the frame in which each tile that is in view was painted; without a map,
 * until the first frame of an empty libshumate map. */
#include "tablet/map/mbtiles-source.h"

#include <stdlib.h>

#define WIDTH 1280
#define HEIGHT 800
#define LIMIT_S 60

static void (*fill_tile) (ShumateMapSource *source, ShumateTile *tile, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer data);
static guint asked, filled;
static gboolean has_map, is_painted;

/* What the layer asked for, and what came; in between is the program's own source. */
typedef struct
{
  GAsyncReadyCallback callback;
  gpointer data;
} Asked;

static void
on_filled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Asked *one = data;

  filled++;
  one->callback (source, result, one->data);
}

static void
count_tile (ShumateMapSource *source, ShumateTile *tile, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  Asked *one = g_new (Asked, 1);

  *one = (Asked){ callback, data };
  asked++;
  fill_tile (source, tile, cancellable, on_filled, one);
}

static void
on_painted (GdkFrameClock *clock, gpointer unused)
{
  is_painted = !has_map || (asked > 0 && filled == asked);
}

static gboolean
on_limit (gpointer unused)
{
  g_error ("the map hangs");
  return G_SOURCE_REMOVE;
}

int
main (int argc, char **argv)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ShumateMapSource) source = NULL;
  ShumateMap *map;
  ShumateViewport *viewport;
  GtkWidget *window;

  gtk_init ();
  g_timeout_add_seconds (LIMIT_S, on_limit, NULL);
  map = shumate_map_new ();
  viewport = shumate_map_get_viewport (map);
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (map));
  if (argc > 4)
    {
      source = sht_mbtiles_source_new (argv[1], FALSE, &error);
      g_assert_no_error (error);
      shumate_viewport_set_reference_map_source (viewport, source);
      fill_tile = SHUMATE_MAP_SOURCE_GET_CLASS (source)->fill_tile_async;
      SHUMATE_MAP_SOURCE_GET_CLASS (source)->fill_tile_async = count_tile;
      has_map = TRUE;
      shumate_map_add_layer (map, SHUMATE_LAYER (shumate_map_layer_new (source, viewport)));
      shumate_viewport_set_zoom_level (viewport, atof (argv[4]));
      shumate_location_set_location (SHUMATE_LOCATION (viewport), g_ascii_strtod (argv[2], NULL), g_ascii_strtod (argv[3], NULL));
    }
  gtk_widget_realize (window);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_painted), NULL);
  gtk_window_present (GTK_WINDOW (window));
  while (!is_painted)
    g_main_context_iteration (NULL, TRUE);
  g_printerr ("%u tiles\n", filled);
  g_print ("%.1f\n", (double) (g_get_monotonic_time () - start) / 1000);
  gtk_window_destroy (GTK_WINDOW (window));
  return 0;
}
