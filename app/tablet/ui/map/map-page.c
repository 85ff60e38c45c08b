/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/map-page.h"

#include "core/json.h"
#include "tablet/map/mbtiles-source.h"
#include "tablet/map/place-layer.h"
#include "tablet/map/ticket-layer.h"
#include "tablet/ui/common/base-map.h"
#include "tablet/ui/common/hand.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/map/map-card.h"
#include "tablet/ui/map/map-crews.h"
#include "tablet/ui/map/map-here.h"
#include "tablet/ui/map/map-layers.h"
#include "tablet/ui/map/map-list.h"
#include "tablet/ui/map/map-route.h"
#include "tablet/ui/map/map-shown.h"
#include "tablet/ui/map/map-tools.h"
#include "tablet/ui/map/map-view.h"
#include "tablet/ui/map/place-card.h"
#include "tablet/ui/map/place-search.h"

#include <glib/gi18n.h>
#include <math.h>

/* The card of a place takes no more of the page than this: of its height, or where it stands at the side, of its width. */
#define CARD_SHARE 0.5
/* At the side, its width with letters of 100 %. */
#define CARD_WIDTH 420
#define MARGIN 8
#define SPACING 6
/* What is said below the map stands beside the tools. */
#define BOTTOM_SIDE 8
#define BOTTOM_TOOLS 96

struct _ShtMapPage
{
  AdwBin parent_instance;

  ShtSession *session;          /* (owned) */
  ShtMapView *view;             /* (unowned): the session's */
  ShumateMap *map;
  ShtMapRoom *room;             /* (owned) */
  ShumateMapLayer *base;        /* (nullable) */
  ShtPlaceLayer *places;        /* under the tickets */
  ShtTicketLayer *tickets;
  ShtMapRoute *route;           /* (unowned): the overlay's */
  GtkWidget *attribution;
  GtkWidget *notice;
  GtkWidget *list_button;
  GtkWidget *list;
  GtkWidget *revealer;
  GtkWidget *card;
  GtkWidget *place_card;
  GtkWidget *here;
  GtkWidget *tools;
  GtkWidget *bottom;
  ShtBaseMapState maps;
  gboolean is_fitted; /* to the place whose card is open: once its tickets are found it is fitted anew */
  gboolean is_placed; /* at a ticket that was asked for: the first frames leave it there */
};

G_DEFINE_FINAL_TYPE (ShtMapPage, sht_map_page, ADW_TYPE_BIN)

/* --- where one stands --- */

static ShumateViewport *
get_viewport (ShtMapPage *self)
{
  return shumate_map_get_viewport (self->map);
}

static gboolean
is_wide (ShtMapPage *self)
{
  return gtk_widget_get_width (GTK_WIDGET (self->map)) > gtk_widget_get_height (GTK_WIDGET (self->map));
}

static gboolean
has_tools_at_the_right (ShtMapPage *self)
{
  gboolean tools_at_end = sht_hand_align (GTK_ALIGN_END) == GTK_ALIGN_END;

  return tools_at_end == (gtk_widget_get_direction (GTK_WIDGET (self)) != GTK_TEXT_DIR_RTL);
}

/* How much of the map, from below, is said beside what the card of a place says. */
static int
height_of_others (ShtMapPage *self)
{
  GtkWidget *const others[] = { self->here, self->attribution };
  int all = 2 * SPACING, height;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      gtk_widget_measure (others[i], GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
      all += height > 0 ? height + SPACING : 0;
    }
  return all;
}

/* What lies over the map: the tools, and the card of a place if one is open. */
static ShtMapEdges
edges_of (ShtMapPage *self)
{
  gboolean has_card = sht_place_card_get_place (SHT_PLACE_CARD (self->place_card)) != NULL;
  ShtMapEdges edges = { 0 };
  int tools, card = 0;

  gtk_widget_measure (self->tools, GTK_ORIENTATION_HORIZONTAL, -1, &tools, NULL, NULL, NULL);
  if (has_card && is_wide (self))
    card = BOTTOM_SIDE + gtk_widget_get_width (self->place_card);
  else if (has_card)
    edges.bottom = sht_place_card_get_height (SHT_PLACE_CARD (self->place_card)) + height_of_others (self);
  edges.left = has_tools_at_the_right (self) ? card : tools;
  edges.right = has_tools_at_the_right (self) ? tools : card;
  return edges;
}

/* All tickets, or the whole map when there is none. */
static void
fit_tickets (ShtMapPage *self, gboolean animated)
{
  ShumateMapSource *source = shumate_viewport_get_reference_map_source (get_viewport (self));
  const ShtMbtilesInfo *info = sht_mbtiles_source_get_info (SHT_MBTILES_SOURCE (source));
  ShtMapEdges edges = edges_of (self);
  ShtWorldBox box;

  if (sht_spots_bounds (sht_session_get_reader (self->session)->db, &box, NULL) && box.east > 0)
    sht_map_fit (self->map, &box, &edges, 0, SHT_MAP_CLOSEST_FIT, animated);
  else if (info->has_bounds)
    {
      sht_world_from_e7 (llround (info->north * 1e7), llround (info->west * 1e7), &box.west, &box.north);
      sht_world_from_e7 (llround (info->south * 1e7), llround (info->east * 1e7), &box.east, &box.south);
      sht_map_fit (self->map, &box, &edges, 0, SHT_MAP_CLOSEST_FIT, animated);
    }
}

static void
show_attribution (ShtMapPage *self)
{
  g_autofree char *whose = sht_base_map_attribution (self->map);

  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (self->attribution)), whose) == 0)
    return;
  gtk_label_set_text (GTK_LABEL (self->attribution), whose);
  gtk_widget_set_visible (self->attribution, whose[0] != '\0');
}

static void
on_moved (ShtMapPage *self)
{
  ShumateViewport *viewport = get_viewport (self);

  /* North stays up: a map turned by a careless second finger is a lost crew. */
  if (shumate_viewport_get_rotation (viewport) != 0)
    shumate_viewport_set_rotation (viewport, 0);
  self->view->known = TRUE;
  self->view->latitude = shumate_location_get_latitude (SHUMATE_LOCATION (viewport));
  self->view->longitude = shumate_location_get_longitude (SHUMATE_LOCATION (viewport));
  self->view->zoom = shumate_viewport_get_zoom_level (viewport);
  show_attribution (self);
}

/* --- the base map --- */

static void
show_notice (ShtMapPage *self)
{
  const char *words = NULL;
  ShtWorldBox box = { 0 };

  if (self->maps == SHT_BASE_MAP_NONE)
    words = _("This tablet has no map of the streets yet. Tickets are shown where they are.");
  else if (self->maps == SHT_BASE_MAP_PARTLY)
    words = _("One of the maps on this tablet is damaged. Remove it and fetch it again; the others are shown.");
  else if (sht_spots_bounds (sht_session_get_reader (self->session)->db, &box, NULL) && box.east <= 0)
    words = _("No open tickets. New ones appear here by themselves.");
  gtk_label_set_text (GTK_LABEL (self->notice), words != NULL ? words : "");
  gtk_widget_set_visible (self->notice, words != NULL);
}

static void
load_base (ShtMapPage *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  self->base = sht_base_map_lay (self->map, self->base, SHUMATE_LAYER (self->places),
                                 sht_session_get_reader (self->session), dark, &self->maps);
  sht_place_layer_set_dark (self->places, dark);
  sht_place_layer_set_on_bare (self->places, self->maps == SHT_BASE_MAP_NONE);
  sht_map_route_set_dark (self->route, dark);
  sht_ticket_layer_set_dark (self->tickets, dark);
  show_attribution (self);
  show_notice (self);
}

/* --- what is touched --- */

static void
close_place (ShtMapPage *self)
{
  sht_place_card_hide (SHT_PLACE_CARD (self->place_card));
  sht_place_layer_set_selected (self->places, NULL);
}

static void
set_selected (ShtMapPage *self, const char *ticket)
{
  sht_ticket_layer_set_selected (self->tickets, ticket);
  sht_map_here_set_ticket (SHT_MAP_HERE (self->here), ticket);
}

static void
close_card (ShtMapPage *self)
{
  close_place (self);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
  set_selected (self, NULL);
}

/* In landscape the window has room for the ticket beside the map. */
static gboolean
opens_beside (ShtMapPage *self)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  return root != NULL && gtk_widget_get_width (root) > gtk_widget_get_height (root);
}

static void
show_place (ShtMapPage *self, const char *place)
{
  close_card (self);
  if (sht_place_card_show (SHT_PLACE_CARD (self->place_card), place))
    sht_place_layer_set_selected (self->places, place);
}

/* In the midst of an area it is the bare map that is touched: a card that is open closes first. */
static void
touch_place (ShtMapPage *self, double x, double y)
{
  gboolean is_open = gtk_revealer_get_reveal_child (GTK_REVEALER (self->revealer))
                     || sht_place_card_get_place (SHT_PLACE_CARD (self->place_card)) != NULL;
  char place[SHT_ID_LENGTH + 1];
  gboolean is_area;

  if (sht_place_layer_pick (self->places, x, y, place, &is_area) && !(is_area && is_open))
    show_place (self, place);
  else
    close_card (self);
}

static void
select_ticket (ShtMapPage *self, const char *ticket)
{
  close_place (self);
  set_selected (self, ticket);
  if (opens_beside (self))
    {
      gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
      sht_page_show_ticket (GTK_WIDGET (self), ticket);
      return;
    }
  gtk_revealer_set_reveal_child (
    GTK_REVEALER (self->revealer),
    sht_map_card_show_ticket (SHT_MAP_CARD (self->card), sht_session_get_reader (self->session), ticket));
}

static void
touch (ShtMapPage *self, double x, double y)
{
  double zoom = shumate_viewport_get_zoom_level (get_viewport (self));
  ShtMapEdges edges = edges_of (self);
  ShtPick pick;

  self->is_fitted = FALSE;
  sht_ticket_layer_pick (self->tickets, x, y, &pick);
  switch (pick.kind)
    {
    case SHT_PICK_TICKET:
      select_ticket (self, pick.id);
      break;
    case SHT_PICK_CLUSTER:
      sht_map_fit (self->map, &pick.box, &edges, floor (zoom) + 1, shumate_viewport_get_max_zoom_level (get_viewport (self)),
                   TRUE);
      break;
    case SHT_PICK_HEAP:
      sht_map_list_set_heap (SHT_MAP_LIST (self->list), &pick.box);
      gtk_menu_button_popup (GTK_MENU_BUTTON (self->list_button));
      break;
    case SHT_PICK_NOTHING:
      touch_place (self, x, y);
      break;
    }
}

static void
on_touched (GtkGestureClick *gesture, int presses, double x, double y, gpointer data)
{
  if (presses == 1)
    touch (data, x, y);
}

/* --- building --- */

static void
on_fit (ShtMapPage *self)
{
  fit_tickets (self, TRUE);
}

/* As near as its size allows, above its card or beside it. */
static void
fit_place (ShtMapPage *self)
{
  const char *place = sht_place_card_get_place (SHT_PLACE_CARD (self->place_card));
  ShtMapEdges edges;
  ShtWorldBox box;

  if (!self->is_fitted || place == NULL
      || !sht_spots_bounds_of_place (sht_session_get_reader (self->session)->db, place, &box))
    return;
  edges = edges_of (self);
  sht_map_fit (self->map, &box, &edges, 0, SHT_MAP_CLOSEST_FIT, TRUE);
}

static void
go_to_place (ShtMapPage *self, const char *place)
{
  ShtWorldBox box;

  if (!sht_spots_bounds_of_place (sht_session_get_reader (self->session)->db, place, &box))
    return;
  self->is_placed = TRUE;
  show_place (self, place);
  self->is_fitted = TRUE;
  fit_place (self);
}

/* Only once: later it is told anew because something has changed. */
static void
on_told (ShtMapPage *self)
{
  fit_place (self);
  self->is_fitted = FALSE;
}

/* Whoever moves the map wants it there. */
static void
on_dragged (ShtMapPage *self)
{
  self->is_fitted = FALSE;
}

static GtkWidget *
build_tools (ShtMapPage *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *views = sht_map_tools_new (GTK_ALIGN_START), *zooms = sht_map_tools_new (GTK_ALIGN_END);
  GtkWidget *search = sht_place_search_new (sht_session_get_reader (self->session));

  self->list = sht_map_list_new (self->tickets, sht_session_get_reader (self->session));
  g_signal_connect_swapped (self->list, "picked", G_CALLBACK (select_ticket), self);
  self->list_button = sht_map_menu_new ("view-list-symbolic", _("Tickets here as a list"), self->list);
  gtk_box_append (GTK_BOX (views), self->list_button);
  g_signal_connect_swapped (search, "picked", G_CALLBACK (go_to_place), self);
  gtk_box_append (GTK_BOX (views), sht_place_search_menu_new (SHT_PLACE_SEARCH (search), self->session));
  gtk_box_append (GTK_BOX (views), sht_map_route_get_button (self->route));
  gtk_box_append (GTK_BOX (views),
                  sht_map_menu_new ("sht-layers-symbolic", _("What the map shows"),
                                    sht_map_shown_new (self->tickets, self->view, self->session,
                                                       sht_map_layers_new (self->session, self->places))));
  if (sht_map_crews_are_seen (sht_session_get_reader (self->session)))
    gtk_box_append (GTK_BOX (views), sht_map_menu_new ("system-users-symbolic", _("Where the crews are"),
                                                       sht_map_crews_new (self->session, self->map, self->room)));
  gtk_box_append (GTK_BOX (zooms), sht_map_here_get_button (SHT_MAP_HERE (self->here)));
  gtk_box_append (GTK_BOX (zooms), sht_map_button_new ("zoom-fit-best-symbolic", _("Show all my tickets"),
                                                       G_CALLBACK (on_fit), self));
  gtk_box_append (GTK_BOX (zooms),
                  sht_map_button_new ("list-add-symbolic", _("Closer"), G_CALLBACK (shumate_map_zoom_in), self->map));
  gtk_box_append (GTK_BOX (zooms), sht_map_button_new ("list-remove-symbolic", _("Farther"),
                                                       G_CALLBACK (shumate_map_zoom_out), self->map));
  gtk_widget_set_vexpand (zooms, TRUE);
  gtk_box_append (GTK_BOX (column), views);
  gtk_box_append (GTK_BOX (column), zooms);
  gtk_widget_set_halign (column, sht_hand_align (GTK_ALIGN_END));
  gtk_widget_set_margin_top (column, MARGIN);
  gtk_widget_set_margin_bottom (column, MARGIN);
  sht_hand_set_margin (column, sht_hand_align (GTK_ALIGN_END), MARGIN);
  gtk_widget_set_can_target (column, TRUE);
  sht_map_room_add_cover (self->room, views);
  sht_map_room_add_cover (self->room, zooms);
  self->tools = column;
  return column;
}

static GtkWidget *
build_bottom (ShtMapPage *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING);
  GtkAlign tools = sht_hand_align (GTK_ALIGN_END);

  self->card = sht_map_card_new ();
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_type (GTK_REVEALER (self->revealer), GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), self->card);
  self->attribution = gtk_label_new (NULL);
  gtk_widget_set_visible (self->attribution, FALSE);
  gtk_widget_add_css_class (self->attribution, "map-attribution");
  gtk_label_set_ellipsize (GTK_LABEL (self->attribution), PANGO_ELLIPSIZE_END);
  gtk_widget_set_halign (self->attribution, GTK_ALIGN_START);
  self->place_card = sht_place_card_new (self->session);
  g_signal_connect_swapped (self->place_card, "closed", G_CALLBACK (close_place), self);
  g_signal_connect_swapped (self->place_card, "told", G_CALLBACK (on_told), self);
  g_signal_connect_swapped (self->place_card, "picked", G_CALLBACK (select_ticket), self);
  self->here = sht_map_here_new (self->session, self->map);
  gtk_box_append (GTK_BOX (column), self->here);
  gtk_box_append (GTK_BOX (column), self->revealer);
  gtk_box_append (GTK_BOX (column), self->place_card);
  gtk_box_append (GTK_BOX (column), self->attribution);
  sht_map_room_add_cover (self->room, self->revealer);
  sht_map_room_add_cover (self->room, self->place_card);
  for (GtkWidget *card = gtk_widget_get_first_child (self->here); card != NULL; card = gtk_widget_get_next_sibling (card))
    sht_map_room_add_cover (self->room, card);
  gtk_widget_set_valign (column, GTK_ALIGN_END);
  gtk_widget_set_margin_bottom (column, 6);
  sht_hand_set_margin (column, tools, BOTTOM_TOOLS);
  sht_hand_set_margin (column, tools == GTK_ALIGN_END ? GTK_ALIGN_START : GTK_ALIGN_END, BOTTOM_SIDE);
  self->bottom = column;
  g_signal_connect_swapped (self->card, "closed", G_CALLBACK (close_card), self);
  return column;
}

/* In landscape the map is low: there what is said below has a part of its width alone. Whatever comes, goes or grows over the map
 * has it laid out anew. */
static gboolean
on_position (GtkOverlay *overlay, GtkWidget *child, GdkRectangle *place, ShtMapPage *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (overlay)), height = gtk_widget_get_height (GTK_WIDGET (overlay)), least;

  if (child != self->bottom)
    return FALSE;
  sht_map_room_spoil (self->room);
  sht_place_card_set_most_height (SHT_PLACE_CARD (self->place_card),
                                  width > height ? height - height_of_others (self) : (int) (height * CARD_SHARE));
  if (width <= height)
    return FALSE;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  place->width = MIN (sht_letters_grown (CARD_WIDTH), (int) (width * CARD_SHARE)) + BOTTOM_SIDE + BOTTOM_TOOLS;
  place->width = MIN (MAX (place->width, least), width);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, place->width, NULL, &place->height, NULL, NULL);
  place->x = has_tools_at_the_right (self) ? 0 : width - place->width;
  place->y = height - place->height;
  return TRUE;
}

static GtkWidget *
build_notice (ShtMapPage *self)
{
  self->notice = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->notice), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->notice), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (self->notice, "map-sheet");
  gtk_widget_add_css_class (self->notice, "map-notice");
  gtk_widget_set_halign (self->notice, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->notice, GTK_ALIGN_START);
  gtk_widget_set_margin_top (self->notice, 14);
  gtk_widget_set_margin_start (self->notice, 84);
  gtk_widget_set_margin_end (self->notice, 84);
  gtk_widget_set_visible (self->notice, FALSE);
  sht_map_room_add_cover (self->room, self->notice);
  return self->notice;
}

static void
build_map (ShtMapPage *self)
{
  GtkGesture *click = gtk_gesture_click_new (), *drag = gtk_gesture_drag_new ();
  ShumateViewport *viewport;

  self->map = shumate_map_new ();
  viewport = get_viewport (self);
  /* A second tap that comes quickly is a shaking hand, and would take the map away from under it. */
  shumate_map_set_zoom_on_double_click (self->map, FALSE);
  self->places = sht_place_layer_new (viewport, sht_session_get_reader (self->session), sht_words_language ());
  shumate_map_add_layer (self->map, SHUMATE_LAYER (self->places));
  self->tickets = sht_ticket_layer_new (viewport, sht_session_get_reader (self->session));
  sht_ticket_layer_set_room (self->tickets, self->room);
  sht_place_layer_set_room (self->places, self->room);
  sht_place_layer_set_tickets (self->places, self->tickets);
  shumate_map_add_layer (self->map, SHUMATE_LAYER (self->tickets));
  g_signal_connect_object (self->tickets, "activated", G_CALLBACK (sht_page_show_ticket), self, G_CONNECT_SWAPPED);
  sht_ticket_layer_set_shown (self->tickets, self->view->finished, self->view->others);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->map), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Map of my tickets"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _("The same tickets are in the list beside it"), -1);
  g_signal_connect (click, "released", G_CALLBACK (on_touched), self);
  gtk_widget_add_controller (GTK_WIDGET (self->map), GTK_EVENT_CONTROLLER (click));
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_dragged), self);
  gtk_widget_add_controller (GTK_WIDGET (self->map), GTK_EVENT_CONTROLLER (drag));
}

static void
on_changed (ShtMapPage *self)
{
  const char *selected = sht_ticket_layer_get_selected (self->tickets);
  const char *place = sht_place_card_get_place (SHT_PLACE_CARD (self->place_card));

  sht_ticket_layer_refresh (self->tickets);
  sht_place_layer_refresh (self->places);
  sht_map_route_refresh (self->route);
  if (sht_base_map_is_stale (self->base, sht_session_get_reader (self->session),
                             adw_style_manager_get_dark (adw_style_manager_get_default ())))
    load_base (self);
  show_notice (self);
  if (place != NULL && !sht_place_card_show (SHT_PLACE_CARD (self->place_card), place))
    close_place (self);
  if (selected != NULL && gtk_revealer_get_reveal_child (GTK_REVEALER (self->revealer))
      && !sht_map_card_show_ticket (SHT_MAP_CARD (self->card), sht_session_get_reader (self->session), selected))
    close_card (self);
}

/* The first view was made for a size that was guessed. */
static gboolean
on_first_frames (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  ShtMapPage *self = data;

  if (gtk_widget_get_width (GTK_WIDGET (self->map)) < 1)
    return G_SOURCE_CONTINUE;
  if (!self->is_placed)
    fit_tickets (self, FALSE);
  return G_SOURCE_REMOVE;
}

static void
build (ShtMapPage *self)
{
  static const char *const moves[] = { "notify::latitude", "notify::longitude", "notify::zoom-level",
                                       "notify::rotation" };
  GtkWidget *overlay = gtk_overlay_new ();
  ShtMapView before;

  build_map (self);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->map));
  self->route = sht_map_route_new (self->map, self->tickets, self->session, GTK_OVERLAY (overlay), self->room);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), build_notice (self));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), build_bottom (self));
  g_signal_connect (overlay, "get-child-position", G_CALLBACK (on_position), self);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), build_tools (self));
  adw_bin_set_child (ADW_BIN (self), overlay);
  before = *self->view;
  load_base (self);
  if (before.known)
    sht_map_go_to (self->map, before.latitude, before.longitude, before.zoom, FALSE);
  else
    {
      fit_tickets (self, FALSE);
      gtk_widget_add_tick_callback (GTK_WIDGET (self->map), on_first_frames, self, NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    g_signal_connect_object (get_viewport (self), moves[i], G_CALLBACK (on_moved), self, G_CONNECT_SWAPPED);
}

static void
sht_map_page_dispose (GObject *object)
{
  ShtMapPage *self = SHT_MAP_PAGE (object);

  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_map_page_parent_class)->dispose (object);
}

static void
sht_map_page_finalize (GObject *object)
{
  sht_map_room_unref (SHT_MAP_PAGE (object)->room);
  G_OBJECT_CLASS (sht_map_page_parent_class)->finalize (object);
}

static void
sht_map_page_class_init (ShtMapPageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_map_page_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_map_page_finalize;
}

static void
sht_map_page_init (ShtMapPage *self)
{
  self->room = sht_map_room_new ();
}

/**
 * sht_map_page_new:
 *
 * The map. Where one stood is kept with the session, so that it is there when the page is opened again.
 */
GtkWidget *
sht_map_page_new (ShtSession *session)
{
  ShtMapPage *self = g_object_new (SHT_TYPE_MAP_PAGE, NULL);

  self->session = g_object_ref (session);
  self->view = sht_map_view_of (session);
  build (self);
  g_signal_connect_object (session, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (load_base), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * sht_map_page_get_layer:
 *
 * Returns: (transfer none): what draws the tickets, for tests and benches
 */
ShtTicketLayer *
sht_map_page_get_layer (ShtMapPage *self)
{
  return self->tickets;
}

/**
 * sht_map_page_get_places:
 *
 * Returns: (transfer none): what draws the places, likewise
 */
ShtPlaceLayer *
sht_map_page_get_places (ShtMapPage *self)
{
  return self->places;
}

ShumateMap *
sht_map_page_get_map (ShtMapPage *self)
{
  return self->map;
}

/**
 * sht_map_page_set_ticket:
 * @ticket: (nullable): the one that is open beside the map
 *
 * Makes it stand out among the others.
 */
void
sht_map_page_set_ticket (ShtMapPage *self, const char *ticket)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
  close_place (self);
  set_selected (self, ticket);
}

/**
 * sht_map_page_go_to_ticket:
 * @ticket: a ticket's UUID
 *
 * Shows the streets around it; where there is no room for the ticket beside the map, with its card.
 */
void
sht_map_page_go_to_ticket (ShtMapPage *self, const char *ticket)
{
  g_autoptr (JsonObject) doc = sht_store_get (sht_session_get_reader (self->session), "ticket", ticket, NULL);

  if (doc == NULL || !sht_json_has (doc, "lat_e7"))
    return;
  self->is_placed = TRUE;
  sht_map_go_to (self->map, (double) sht_json_int (doc, "lat_e7", 0) / 1e7,
                 (double) sht_json_int (doc, "lon_e7", 0) / 1e7, SHT_MAP_CLOSEST_FIT, FALSE);
  select_ticket (self, ticket);
}

/**
 * sht_map_page_touch:
 * @x: in the map's own coordinates
 *
 * Does what a finger there does.
 */
void
sht_map_page_touch (ShtMapPage *self, double x, double y)
{
  touch (self, x, y);
}

/**
 * sht_map_page_go_to_place:
 * @place: a place's UUID
 *
 * Shows it with its card, as when it was found by its name.
 */
void
sht_map_page_go_to_place (ShtMapPage *self, const char *place)
{
  go_to_place (self, place);
}
