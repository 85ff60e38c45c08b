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
/* As many as the window needs at the least; the map layer makes them in its first layout. */
#define LEAST_TILES 12

static ShumateMapLayer *layer; /* (nullable) */
static gboolean is_painted;

static gboolean
has_all_tiles (void)
{
  guint n = 0;

  for (GtkWidget *tile = gtk_widget_get_first_child (GTK_WIDGET (layer)); tile != NULL; tile = gtk_widget_get_next_sibling (tile))
    {
      if (!SHUMATE_IS_TILE (tile) || shumate_tile_get_state (SHUMATE_TILE (tile)) != SHUMATE_STATE_DONE)
        return FALSE;
      n++;
    }
  return n >= LEAST_TILES;
}

static void
on_painted (GdkFrameClock *clock, gpointer unused)
{
  is_painted = layer == NULL || has_all_tiles ();
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
      layer = shumate_map_layer_new (source, viewport);
      shumate_map_add_layer (map, SHUMATE_LAYER (layer));
      shumate_viewport_set_zoom_level (viewport, atof (argv[4]));
      shumate_location_set_location (SHUMATE_LOCATION (viewport), g_ascii_strtod (argv[2], NULL), g_ascii_strtod (argv[3], NULL));
    }
  gtk_widget_realize (window);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_painted), NULL);
  gtk_window_present (GTK_WINDOW (window));
  while (!is_painted)
    g_main_context_iteration (NULL, TRUE);
  g_print ("%.1f\n", (double) (g_get_monotonic_time () - start) / 1000);
  gtk_window_destroy (GTK_WINDOW (window));
  return 0;
}
