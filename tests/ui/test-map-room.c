/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn on the map by its layers does not lie on each other, nor under what lies over the map. */
#include "tablet/map/affine.h"
#include "tablet/map/crew-layer.h"
#include "tablet/map/mbtiles-source.h"
#include "tablet/map/route-layer.h"

#define WIDTH 640
#define HEIGHT 420
#define COVER 90
#define TICKET_X 300.0
#define TICKET_Y 200.0
#define TICKET_RADIUS 17.0

typedef struct
{
  GtkWidget *window;
  ShumateMap *map;
  ShtMapRoom *room;
} Desk;

/* As large as a map, without one. */
static GtkWidget *
new_area (void)
{
  GtkWidget *area = g_object_ref_sink (gtk_drawing_area_new ());

  gtk_widget_measure (area, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_size_allocate (area, &(GtkAllocation){ 0, 0, WIDTH, HEIGHT }, -1);
  return area;
}

static gboolean
has_box (ShtMapRoom *room, guint kinds, float x, float y, float width, float height)
{
  return sht_map_room_has_box (room, kinds, &GRAPHENE_RECT_INIT (x, y, width, height));
}

static void
test_shapes (void)
{
  g_autoptr (ShtMapRoom) room = sht_map_room_new ();
  GtkWidget *area = new_area ();
  guint tickets = SHT_ROOM_BIT (SHT_ROOM_TICKET), names = SHT_ROOM_BIT (SHT_ROOM_NAME);

  sht_map_room_plan (room, area);
  g_assert_true (has_box (room, SHT_ROOM_ALL, 0, 0, WIDTH, HEIGHT));
  g_assert_false (has_box (room, 0, -1, 0, 20, 20));
  g_assert_false (has_box (room, 0, 0, 0, WIDTH + 1, 20));
  g_assert_false (has_box (room, 0, 10, HEIGHT - 10, 20, 11));
  sht_map_room_take_box (room, SHT_ROOM_NAME, &GRAPHENE_RECT_INIT (240, 100, 200, 20));
  g_assert_false (has_box (room, SHT_ROOM_ALL, 200, 90, 60, 20));
  g_assert_false (has_box (room, names, 436, 116, 40, 40));
  g_assert_true (has_box (room, tickets, 200, 90, 60, 20));
  g_assert_true (has_box (room, SHT_ROOM_ALL, 180, 100, 60, 20));
  g_assert_true (has_box (room, SHT_ROOM_ALL, 440, 100, 60, 20));
  g_assert_true (has_box (room, SHT_ROOM_ALL, 240, 120, 200, 20));
  /* a disc leaves the corners of its square free */
  sht_map_room_take_disc (room, SHT_ROOM_TICKET, 100, 300, 40);
  g_assert_false (has_box (room, tickets, 98, 298, 4, 4));
  g_assert_false (has_box (room, tickets, 64, 296, 4, 8));
  g_assert_true (has_box (room, SHT_ROOM_ALL, 60, 260, 8, 8));
  g_assert_false (sht_map_room_has_disc (room, tickets, 145, 300, 10));
  g_assert_true (sht_map_room_has_disc (room, tickets, 155, 300, 10));
  g_assert_false (sht_map_room_has_disc (room, 0, 5, 300, 10));
  g_assert_true (sht_map_room_is_taken (room, tickets, 130, 300));
  g_assert_false (sht_map_room_is_taken (room, names, 130, 300));
  g_assert_false (sht_map_room_is_taken (room, tickets, 150, 300));
  g_assert_false (sht_map_room_is_taken (room, tickets, -10, -10));
  /* partly beyond the edge, and wholly */
  sht_map_room_take_disc (room, SHT_ROOM_TICKET, -4, -4, 20);
  sht_map_room_take_box (room, SHT_ROOM_TICKET, &GRAPHENE_RECT_INIT (WIDTH + 30, HEIGHT + 30, 50, 50));
  g_assert_false (has_box (room, tickets, 0, 0, 8, 8));
  /* anew, all is free again */
  sht_map_room_spoil (room);
  sht_map_room_plan (room, area);
  g_assert_true (has_box (room, SHT_ROOM_ALL, 0, 0, WIDTH, HEIGHT));
  g_object_unref (area);
}

static void
test_beside (void)
{
  g_autoptr (ShtMapRoom) room = sht_map_room_new ();
  GtkWidget *area = new_area ();
  double x = 300, y = 200, mirrored_x = 300, mirrored_y = 200;
  guint found = 0;

  sht_map_room_plan (room, area);
  g_assert_true (sht_map_room_find_beside (room, SHT_ROOM_ALL, FALSE, 12, &x, &y));
  g_assert_true (sht_map_room_find_beside (room, SHT_ROOM_ALL, TRUE, 12, &mirrored_x, &mirrored_y));
  g_assert_cmpfloat_with_epsilon (300 - x, mirrored_x - 300, 0.001);
  g_assert_cmpfloat_with_epsilon (y, mirrored_y, 0.001);
  sht_map_room_take_disc (room, SHT_ROOM_TICKET, 300, 200, 20);
  /* as many as there is room for, and none on another */
  for (x = 300, y = 200; sht_map_room_find_beside (room, SHT_ROOM_ALL, FALSE, 12, &x, &y); x = 300, y = 200)
    {
      g_assert_true (sht_map_room_has_disc (room, SHT_ROOM_ALL, x, y, 12));
      g_assert_cmpfloat (hypot (x - 300, y - 200), >, 20 + 12 - 4);
      sht_map_room_take_disc (room, SHT_ROOM_STOP, x, y, 12);
      found++;
    }
  g_assert_cmpuint (found, >=, 6);
  g_assert_cmpuint (found, <, 40);
  g_assert_true (x == 300 && y == 200);
  g_object_unref (area);
}

/* --- layers of a map --- */

static void
claim_ticket (GtkWidget *layer, ShtMapRoom *room)
{
  sht_map_room_take_disc (room, SHT_ROOM_TICKET, TICKET_X, TICKET_Y, TICKET_RADIUS);
}

static gboolean
is_laid_out (GtkWidget *map)
{
  return gtk_widget_get_mapped (map) && gtk_widget_get_width (map) == WIDTH && gtk_widget_get_height (map) == HEIGHT;
}

/* A map with one ticket, and tools along its right edge. */
static Desk
open_desk (void)
{
  Desk desk = { gtk_window_new (), shumate_map_new (), sht_map_room_new () };
  g_autoptr (ShumateMapSource) source = sht_mbtiles_source_new_empty (FALSE);
  GtkWidget *overlay = gtk_overlay_new (), *cover = gtk_button_new ();
  ShumateViewport *viewport = shumate_map_get_viewport (desk.map);

  shumate_viewport_set_reference_map_source (viewport, source);
  shumate_viewport_set_zoom_level (viewport, 16);
  shumate_location_set_location (SHUMATE_LOCATION (viewport), 31.24, 34.6);
  gtk_widget_set_size_request (GTK_WIDGET (desk.map), WIDTH, HEIGHT);
  gtk_widget_set_size_request (cover, COVER, -1);
  gtk_widget_set_halign (cover, GTK_ALIGN_END);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (desk.map));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), cover);
  sht_map_room_add_cover (desk.room, cover);
  sht_map_room_add_layer (desk.room, SHT_ROOM_TICKET, GTK_WIDGET (desk.map), claim_ticket);
  gtk_window_set_decorated (GTK_WINDOW (desk.window), FALSE);
  gtk_window_set_child (GTK_WINDOW (desk.window), overlay);
  gtk_window_present (GTK_WINDOW (desk.window));
  while (!is_laid_out (GTK_WIDGET (desk.map)))
    g_main_context_iteration (NULL, TRUE);
  return desk;
}

static void
close_desk (Desk *desk)
{
  gtk_window_destroy (GTK_WINDOW (desk->window));
  sht_map_room_unref (desk->room);
}

static void
place_at (Desk *desk, double x, double y, gint64 e7[2])
{
  double latitude, longitude;

  shumate_viewport_widget_coords_to_location (shumate_map_get_viewport (desk->map), GTK_WIDGET (desk->map), x, y, &latitude,
                                              &longitude);
  e7[0] = (gint64) (latitude * 1e7);
  e7[1] = (gint64) (longitude * 1e7);
}

/* How many squares of 4 pixels are taken there. */
static guint
count_taken (ShtMapRoom *room, ShtRoomKind kind, int left, int top, int right, int bottom)
{
  guint n = 0;

  for (int y = top; y < bottom; y += 4)
    for (int x = left; x < right; x += 4)
      n += !has_box (room, SHT_ROOM_BIT (kind), (float) x, (float) y, 4, 4);
  return n;
}

static void
show_crew (Desk *desk, ShtCrewLayer *layer, double x, double y)
{
  GPtrArray *signs = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_crew_sign_free);
  ShtCrewSign *sign = g_new0 (ShtCrewSign, 1);
  gint64 e7[2];

  place_at (desk, x, y, e7);
  sign->name = g_strdup ("Gardens crew 1");
  sign->words = g_strdup ("22 min ago, within 60 m");
  sign->position.lat_e7 = (gint32) e7[0];
  sign->position.lon_e7 = (gint32) e7[1];
  sign->position.accuracy_m = 5;
  g_ptr_array_add (signs, sign);
  sht_crew_layer_set (layer, signs);
  sht_map_room_plan (desk->room, GTK_WIDGET (layer));
}

/* Wherever a crew is its whole sign is seen, beside the tools and off the ticket. */
static void
test_crews (void)
{
  static const double places[][2] = { { 8, 200 }, { 536, 200 }, { 300, 14 }, { 300, 404 }, { 14, 14 }, { 534, 404 }, { TICKET_X, TICKET_Y } };
  Desk desk = open_desk ();
  ShtCrewLayer *layer = sht_crew_layer_new (shumate_map_get_viewport (desk.map), desk.room);
  guint whole;

  shumate_map_add_layer (desk.map, SHUMATE_LAYER (layer));
  while (gtk_widget_get_width (GTK_WIDGET (layer)) != WIDTH)
    g_main_context_iteration (NULL, TRUE);
  show_crew (&desk, layer, 300, 300);
  whole = count_taken (desk.room, SHT_ROOM_CREW, 0, 0, WIDTH, HEIGHT);
  g_assert_cmpuint (whole, >, 200);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      show_crew (&desk, layer, places[i][0], places[i][1]);
      g_assert_cmpuint (count_taken (desk.room, SHT_ROOM_CREW, 0, 0, WIDTH, HEIGHT), >, whole * 9 / 10);
      g_assert_true (has_box (desk.room, SHT_ROOM_BIT (SHT_ROOM_CREW), WIDTH - COVER, 0, COVER, HEIGHT));
      g_assert_true (sht_map_room_has_disc (desk.room, SHT_ROOM_BIT (SHT_ROOM_CREW), TICKET_X, TICKET_Y, TICKET_RADIUS - 2));
    }
  /* one that is out of sight takes nothing */
  show_crew (&desk, layer, -400, 200);
  g_assert_cmpuint (count_taken (desk.room, SHT_ROOM_CREW, 0, 0, WIDTH, HEIGHT), ==, 0);
  close_desk (&desk);
}

/* A stop's number stands beside its ticket, and two of one place beside each other. */
static void
test_stops (void)
{
  Desk desk = open_desk ();
  ShtRouteLayer *layer = sht_route_layer_new (shumate_map_get_viewport (desk.map), TRUE, desk.room);
  gint64 stops[4];
  guint one;

  shumate_map_add_layer (desk.map, SHUMATE_LAYER (layer));
  while (gtk_widget_get_width (GTK_WIDGET (layer)) != WIDTH)
    g_main_context_iteration (NULL, TRUE);
  place_at (&desk, TICKET_X, TICKET_Y, stops);
  place_at (&desk, TICKET_X + 3, TICKET_Y, stops + 2);
  sht_route_layer_set_stops (layer, stops, 1);
  sht_map_room_plan (desk.room, GTK_WIDGET (layer));
  one = count_taken (desk.room, SHT_ROOM_STOP, (int) TICKET_X - 60, (int) TICKET_Y - 60, (int) TICKET_X + 60, (int) TICKET_Y + 60);
  g_assert_cmpuint (one, >, 20);
  sht_route_layer_set_stops (layer, stops, 2);
  sht_map_room_plan (desk.room, GTK_WIDGET (layer));
  g_assert_cmpuint (count_taken (desk.room, SHT_ROOM_STOP, 0, 0, WIDTH, HEIGHT), >, one * 3 / 2);
  g_assert_true (sht_map_room_has_disc (desk.room, SHT_ROOM_BIT (SHT_ROOM_STOP), TICKET_X, TICKET_Y, TICKET_RADIUS - 4));
  close_desk (&desk);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  g_test_add_func ("/map-room/shapes", test_shapes);
  g_test_add_func ("/map-room/beside", test_beside);
  g_test_add_func ("/map-room/crews", test_crews);
  g_test_add_func ("/map-room/stops", test_stops);
  return g_test_run ();
}
