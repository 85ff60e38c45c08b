/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map's tickets while it is moved, on the display that it is given:
 *
 *   bench-map-pan layer STORE [LAT LON ZOOM]   as the program draws them
 *   bench-map-pan markers STORE LAT LON ZOOM   each a marker of libshumate's
 *   bench-map-pan places STORE LAT LON ZOOM    all layers of places instead
 *
 * Where no place is named, the middle of the open tickets, as near as 20,000 of them are in view. Prints lines of a word and
 * figures: where it looked; how many tickets are in view; milliseconds until they were painted; microseconds of building each
 * step's snapshot of the layer; CPU microseconds of the main thread in each step's frame without the renderer's. */
#include "tablet/map/affine.h"
#include "tablet/map/mbtiles-source.h"
#include "tablet/map/place-layer.h"
#include "tablet/map/ticket-layer.h"
#include "tablet/store/place.h"

#include <stdlib.h>
#include <time.h>

#define WIDTH 1280
#define HEIGHT 800
#define IN_VIEW 20000
#define STEPS 300
/* Logical pixels a step: a finger that is in no hurry. */
#define STEP_PX 12.0
#define LIMIT_S 120

typedef struct
{
  GtkWidget *window;
  ShumateViewport *viewport;
  ShtTicketLayer *layer; /* (nullable) */
  ShtPlaceLayer *places; /* (nullable) */
  gint64 start;          /* CPU, ns */
  gint64 snapshot;
  gint64 laid_out;
  gint64 painted;
  gint64 own;            /* of the last frame, us */
  guint frames;
} Bench;

static Bench bench;
static void (*window_snapshot) (GtkWidget *widget, GtkSnapshot *snapshot);

static gint64
cpu_ns (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (gint64) t.tv_sec * G_GINT64_CONSTANT (1000000000) + t.tv_nsec;
}

static void
on_before_paint (void)
{
  bench.start = bench.laid_out = bench.painted = cpu_ns ();
  bench.snapshot = 0;
}

static void
on_laid_out (void)
{
  bench.laid_out = bench.painted = cpu_ns ();
}

static void
on_painted (void)
{
  bench.painted = cpu_ns ();
}

static void
on_after_paint (void)
{
  bench.own = (cpu_ns () - bench.start - (bench.painted - bench.laid_out - bench.snapshot)) / 1000;
  bench.frames++;
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *into)
{
  gint64 start = cpu_ns ();

  window_snapshot (widget, into);
  bench.snapshot += cpu_ns () - start;
}

static gboolean
on_limit (gpointer unused)
{
  g_error ("the map hangs");
  return G_SOURCE_REMOVE;
}

static void
next_frame (void)
{
  guint frames = bench.frames;

  while (bench.frames == frames)
    g_main_context_iteration (NULL, TRUE);
}

static ShumateMap *
open_map (void)
{
  g_autoptr (ShumateMapSource) source = sht_mbtiles_source_new_empty (FALSE);
  ShumateMap *map = shumate_map_new ();
  GdkFrameClock *clock;

  bench.window = gtk_window_new ();
  bench.viewport = shumate_map_get_viewport (map);
  shumate_viewport_set_reference_map_source (bench.viewport, source);
  gtk_window_set_default_size (GTK_WINDOW (bench.window), WIDTH, HEIGHT);
  gtk_window_set_child (GTK_WINDOW (bench.window), GTK_WIDGET (map));
  window_snapshot = GTK_WIDGET_GET_CLASS (bench.window)->snapshot;
  GTK_WIDGET_GET_CLASS (bench.window)->snapshot = snapshot;
  gtk_widget_realize (bench.window);
  clock = gtk_widget_get_frame_clock (bench.window);
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), NULL);
  g_signal_connect_after (clock, "layout", G_CALLBACK (on_laid_out), NULL);
  g_signal_connect_after (clock, "paint", G_CALLBACK (on_painted), NULL);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), NULL);
  gtk_window_present (GTK_WINDOW (bench.window));
  next_frame ();
  return map;
}

static ShtWorldBox
box_at (double latitude, double longitude, int zoom)
{
  double side = SHT_WORLD_TILE * (double) (1 << zoom), x, y;

  sht_world_from_e7 ((gint64) (latitude * 1e7), (gint64) (longitude * 1e7), &x, &y);
  return (ShtWorldBox){ x - WIDTH / 2 / side, y - HEIGHT / 2 / side, x + WIDTH / 2 / side, y + HEIGHT / 2 / side };
}

static GArray *
in_view (ShtDb *db, double latitude, double longitude, int zoom)
{
  g_autoptr (GError) error = NULL;
  ShtWorldBox box = box_at (latitude, longitude, zoom);
  GArray *spots = sht_spots_of_tickets (db, &box, TRUE, &error);

  g_assert_no_error (error);
  return spots;
}

static void
find_place (ShtDb *db, double *latitude, double *longitude, int *zoom)
{
  ShtWorldBox box;
  gint64 lat, lon;
  guint n = 0;

  sht_spots_bounds (db, &box, NULL);
  sht_world_to_e7 ((box.west + box.east) / 2, (box.north + box.south) / 2, &lat, &lon);
  *latitude = (double) lat / 1e7;
  *longitude = (double) lon / 1e7;
  for (*zoom = 18; *zoom > 5 && n < IN_VIEW; (*zoom)--)
    {
      g_autoptr (GArray) spots = in_view (db, *latitude, *longitude, *zoom - 1);

      n = spots->len;
    }
}

static void
show_layer (ShumateMap *map, ShtStore *store)
{
  bench.layer = sht_ticket_layer_new (bench.viewport, store);
  sht_ticket_layer_set_shown (bench.layer, TRUE, FALSE);
  shumate_map_add_layer (map, SHUMATE_LAYER (bench.layer));
  do
    next_frame ();
  while (!sht_ticket_layer_is_settled (bench.layer));
}

static void
show_places (ShumateMap *map, ShtStore *store)
{
  g_autoptr (GPtrArray) layers = sht_place_layers (store->db, NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; i < layers->len; i++)
    g_ptr_array_add (ids, ((ShtLayerStyle *) g_ptr_array_index (layers, i))->id);
  g_ptr_array_add (ids, NULL);
  bench.places = sht_place_layer_new (bench.viewport, store, "en");
  sht_place_layer_set_shown (bench.places, (const char *const *) ids->pdata);
  shumate_map_add_layer (map, SHUMATE_LAYER (bench.places));
  do
    next_frame ();
  while (!sht_place_layer_is_settled (bench.places));
}

static void
show_markers (ShumateMap *map, ShtStore *store, double latitude, double longitude, int zoom)
{
  g_autoptr (GArray) spots = in_view (store->db, latitude, longitude, zoom);
  ShumateMarkerLayer *markers = shumate_marker_layer_new (bench.viewport);

  for (guint i = 0; i < spots->len; i++)
    {
      ShumateMarker *point = shumate_point_new ();
      gint64 lat, lon;

      sht_world_to_e7 (g_array_index (spots, ShtSpot, i).x, g_array_index (spots, ShtSpot, i).y, &lat, &lon);
      shumate_location_set_location (SHUMATE_LOCATION (point), (double) lat / 1e7, (double) lon / 1e7);
      shumate_marker_layer_add_marker (markers, point);
    }
  shumate_map_add_layer (map, SHUMATE_LAYER (markers));
  next_frame ();
}

/* To and fro, so that what is in view stays about the same. */
static void
pan (double latitude, double longitude, int zoom, guint steps)
{
  g_autoptr (GString) built = g_string_new ("built"), own = g_string_new ("own");
  double step = 360 * STEP_PX / (SHT_WORLD_TILE * (double) (1 << zoom));

  for (guint i = 1; i <= steps; i++)
    {
      guint there = i % 100 < 50 ? i % 100 : 100 - i % 100;

      shumate_location_set_location (SHUMATE_LOCATION (bench.viewport), latitude, longitude + there * step);
      next_frame ();
      if (bench.layer != NULL)
        g_string_append_printf (built, " %" G_GINT64_FORMAT, sht_ticket_layer_get_snapshot_us (bench.layer));
      if (bench.places != NULL)
        g_string_append_printf (built, " %" G_GINT64_FORMAT, sht_place_layer_get_snapshot_us (bench.places));
      g_string_append_printf (own, " %" G_GINT64_FORMAT, bench.own);
    }
  g_print ("%s\n%s\n", built->str, own->str);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtStore) store = NULL;
  double latitude = argc > 5 ? g_ascii_strtod (argv[3], NULL) : 0, longitude = argc > 5 ? g_ascii_strtod (argv[4], NULL) : 0;
  int zoom = argc > 5 ? atoi (argv[5]) : 0;
  gboolean markers = argc > 1 && g_str_equal (argv[1], "markers");
  g_autoptr (GArray) spots = NULL;
  ShumateMap *map;
  gint64 start;

  if (argc < 3)
    return 2;
  gtk_init ();
  g_timeout_add_seconds (LIMIT_S, on_limit, NULL);
  store = sht_store_open (argv[2], sht_store_world (), &error);
  g_assert_no_error (error);
  if (zoom == 0)
    find_place (store->db, &latitude, &longitude, &zoom);
  spots = in_view (store->db, latitude, longitude, zoom);
  g_print ("at %.7f %.7f %d\nspots %u\n", latitude, longitude, zoom, spots->len);
  map = open_map ();
  shumate_viewport_set_zoom_level (bench.viewport, zoom);
  shumate_location_set_location (SHUMATE_LOCATION (bench.viewport), latitude, longitude);
  next_frame ();
  start = g_get_monotonic_time ();
  if (markers)
    show_markers (map, store, latitude, longitude, zoom);
  else if (g_str_equal (argv[1], "places"))
    show_places (map, store);
  else
    show_layer (map, store);
  g_print ("shown %.2f\n", (double) (g_get_monotonic_time () - start) / 1000);
  pan (latitude, longitude, zoom, markers ? STEPS / 20 : STEPS);
  gtk_window_destroy (GTK_WINDOW (bench.window));
  return 0;
}
