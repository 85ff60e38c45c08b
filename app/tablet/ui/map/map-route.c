/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/map-route.h"

#include "tablet/map/route-layer.h"
#include "tablet/ui/common/hand.h"
#include "tablet/ui/map/map-tools.h"
#include "tablet/ui/map/map-view.h"
#include "tablet/ui/map/route-panel.h"

#include <glib/gi18n.h>

#define MARGIN 12
/* The list's width beside the map, and its part of the height below it; the map's own buttons stay free. */
#define WIDTH 392
#define PART 0.46
#define BUTTONS 90
/* Who made the map is told below it. */
#define FOOT 34

struct _ShtMapRoute
{
  ShumateMap *map;         /* (unowned): as are all that follow: the overlay has them */
  ShtTicketLayer *tickets;
  ShtSession *session;
  GtkWidget *button;
  GtkWidget *panel;
  ShtRouteLayer *line;
  ShtRouteLayer *numbers;
};

static gboolean
is_wide (GtkWidget *overlay)
{
  return gtk_widget_get_width (overlay) > gtk_widget_get_height (overlay);
}

/* With large letters the list is wider by itself. */
static int
list_width (ShtMapRoute *self)
{
  int least;

  gtk_widget_measure (self->panel, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  return MAX (WIDTH, least);
}

/* The list stands at the side that the map's buttons leave free. */
static gboolean
is_at_the_left (GtkWidget *overlay)
{
  gboolean tools_at_end = sht_hand_align (GTK_ALIGN_END) == GTK_ALIGN_END;

  return tools_at_end == (gtk_widget_get_direction (overlay) != GTK_TEXT_DIR_RTL);
}

static GdkRectangle
place_of_list (ShtMapRoute *self, GtkWidget *overlay)
{
  int width = gtk_widget_get_width (overlay), height = gtk_widget_get_height (overlay);
  GdkRectangle place;

  if (is_wide (overlay))
    place = (GdkRectangle){ MARGIN, MARGIN, MIN (list_width (self), width - BUTTONS - 2 * MARGIN), height - MARGIN - FOOT };
  else
    place = (GdkRectangle){ MARGIN, (int) (height * (1 - PART)), width - BUTTONS - 2 * MARGIN, (int) (height * PART) - FOOT };
  if (!is_at_the_left (overlay))
    place.x = width - place.x - place.width;
  return place;
}

static gboolean
on_position (GtkOverlay *overlay, GtkWidget *child, GdkRectangle *place, ShtMapRoute *self)
{
  if (child != self->panel)
    return FALSE;
  *place = place_of_list (self, GTK_WIDGET (overlay));
  return TRUE;
}

/* All stops on the part of the map that the list and the buttons leave free. */
static void
fit (ShtMapRoute *self)
{
  guint n;
  const gint64 *e7 = sht_route_panel_get_stops (SHT_ROUTE_PANEL (self->panel), &n);
  GtkWidget *map = GTK_WIDGET (self->map);
  GdkRectangle list = place_of_list (self, map);
  ShtMapEdges covered = { 0 };
  ShtWorldBox box = { 2, 2, -1, -1 };

  if (n == 0)
    return;
  for (guint i = 0; i < n; i++)
    {
      double x, y;

      sht_world_from_e7 (e7[2 * i], e7[2 * i + 1], &x, &y);
      box.west = MIN (box.west, x);
      box.east = MAX (box.east, x);
      box.north = MIN (box.north, y);
      box.south = MAX (box.south, y);
    }
  covered.left = covered.right = BUTTONS;
  if (is_at_the_left (map))
    covered.left = is_wide (map) ? list.x + list.width : 0;
  else
    covered.right = is_wide (map) ? gtk_widget_get_width (map) - list.x : 0;
  if (!is_wide (map))
    covered.bottom = gtk_widget_get_height (map) - list.y;
  sht_map_fit (self->map, &box, &covered, 0, SHT_MAP_CLOSEST_FIT, TRUE);
}

static void
on_changed (ShtMapRoute *self)
{
  guint n;
  const gint64 *stops = sht_route_panel_get_stops (SHT_ROUTE_PANEL (self->panel), &n);

  sht_route_layer_set_stops (self->line, stops, n);
  sht_route_layer_set_stops (self->numbers, stops, n);
}

static void
on_toggled (ShtMapRoute *self)
{
  gboolean wanted = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->button));

  gtk_widget_set_visible (self->panel, wanted);
  gtk_widget_set_visible (GTK_WIDGET (self->line), wanted);
  gtk_widget_set_visible (GTK_WIDGET (self->numbers), wanted);
  if (!wanted)
    return;
  sht_route_panel_refresh (SHT_ROUTE_PANEL (self->panel));
  fit (self);
}

static void
on_closed (ShtMapRoute *self)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->button), FALSE);
  gtk_widget_grab_focus (self->button);
}

static void
on_picked (ShtMapRoute *self, const char *ticket)
{
  sht_ticket_layer_set_selected (self->tickets, ticket);
}

/**
 * sht_map_route_new:
 * @map: the map; it is on @overlay
 * @tickets: its tickets
 * @room: what takes room on it
 *
 * Returns: (transfer none): the route, not yet shown
 */
ShtMapRoute *
sht_map_route_new (ShumateMap *map, ShtTicketLayer *tickets, ShtSession *session, GtkOverlay *overlay, ShtMapRoom *room)
{
  ShtMapRoute *self = g_new0 (ShtMapRoute, 1);
  ShumateViewport *viewport = shumate_map_get_viewport (map);

  g_object_set_data_full (G_OBJECT (overlay), "sht-map-route", self, g_free);
  self->map = map;
  self->tickets = tickets;
  self->session = session;
  self->line = sht_route_layer_new (viewport, FALSE, room);
  self->numbers = sht_route_layer_new (viewport, TRUE, room);
  shumate_map_insert_layer_behind (map, SHUMATE_LAYER (self->line), SHUMATE_LAYER (tickets));
  shumate_map_add_layer (map, SHUMATE_LAYER (self->numbers));
  self->panel = sht_route_panel_new (session);
  self->button = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->button), "sht-route-symbolic");
  gtk_widget_add_css_class (self->button, "flat");
  sht_map_name (self->button, _("Today's route"));
  g_signal_connect_swapped (self->button, "toggled", G_CALLBACK (on_toggled), self);
  g_signal_connect_swapped (self->panel, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (self->panel, "picked", G_CALLBACK (on_picked), self);
  g_signal_connect_swapped (self->panel, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect (overlay, "get-child-position", G_CALLBACK (on_position), self);
  gtk_overlay_add_overlay (overlay, self->panel);
  sht_map_room_add_cover (room, self->panel);
  on_toggled (self);
  return self;
}

/**
 * sht_map_route_get_button:
 *
 * Returns: (transfer none): shows and hides the route
 */
GtkWidget *
sht_map_route_get_button (ShtMapRoute *self)
{
  return self->button;
}

/**
 * sht_map_route_get_line:
 *
 * Returns: (transfer none): the lowest of its layers
 */
ShumateLayer *
sht_map_route_get_line (ShtMapRoute *self)
{
  return SHUMATE_LAYER (self->line);
}

void
sht_map_route_set_dark (ShtMapRoute *self, gboolean dark)
{
  sht_route_layer_set_dark (self->line, dark);
  sht_route_layer_set_dark (self->numbers, dark);
}

/** sht_map_route_refresh: something in the store has changed */
void
sht_map_route_refresh (ShtMapRoute *self)
{
  if (gtk_widget_get_visible (self->panel))
    sht_route_panel_refresh (SHT_ROUTE_PANEL (self->panel));
}
