/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/map-page.h"

#include "core/json.h"
#include "tablet/map/mbtiles-source.h"
#include "tablet/map/ticket-layer.h"
#include "tablet/ui/common/base-map.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/map/map-card.h"

#include <glib/gi18n.h>
#include <math.h>

#define TILE_SIZE 256.0
/* A fitted box keeps this far from the edges, so that no sign is cut and none lies under a button. */
#define FIT_MARGIN 76.0
/* Where one stands before the window has its size; the same whole zoom comes out nearly always. */
#define ASSUMED_WIDTH 700
#define ASSUMED_HEIGHT 640
/* A single ticket is shown among its streets, not as one roof. */
#define CLOSEST_FIT 17.0
#define MOVE_MS 250
#define LIST_ROWS 60
#define VIEW_KEY "sht-map-view"

/* What a person set; kept with the session, so that it outlives the page. */
typedef struct
{
  gboolean known;
  double latitude;
  double longitude;
  double zoom;
  gboolean finished;
  gboolean others;
  gboolean places;
} View;

struct _ShtMapPage
{
  AdwBin parent_instance;

  ShtSession *session;          /* (owned) */
  View *view;                   /* (unowned): the session's */
  ShumateMap *map;
  ShumateMapLayer *base;        /* (nullable) */
  ShtTicketLayer *tickets;
  GtkWidget *attribution;
  GtkWidget *notice;
  GtkWidget *list_button;
  GtkWidget *list;
  GtkWidget *list_title;
  GtkWidget *list_more;
  GtkWidget *revealer;
  GtkWidget *card;
  ShtWorldBox heap;             /* whose tickets the list shows next */
  gboolean has_heap;
  gboolean no_map;
  gboolean is_placed; /* at a ticket that was asked for: the first frames leave it there */
};

G_DEFINE_FINAL_TYPE (ShtMapPage, sht_map_page, ADW_TYPE_BIN)

/* --- where one stands --- */

static ShumateViewport *
get_viewport (ShtMapPage *self)
{
  return shumate_map_get_viewport (self->map);
}

static void
go_to (ShtMapPage *self, double latitude, double longitude, double zoom, gboolean animated)
{
  gboolean motion = TRUE;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &motion, NULL);
  if (animated && motion && gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      shumate_map_go_to_full_with_duration (self->map, latitude, longitude, zoom, MOVE_MS);
      return;
    }
  shumate_map_stop_go_to (self->map);
  shumate_viewport_set_zoom_level (get_viewport (self), zoom);
  shumate_location_set_location (SHUMATE_LOCATION (get_viewport (self)), latitude, longitude);
}

/* Whole zooms only: between them the map's letters are blurred. */
static double
zoom_for (ShtMapPage *self, const ShtWorldBox *box)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self->map)), height = gtk_widget_get_height (GTK_WIDGET (self->map));
  double across = MAX (box->east - box->west, 1e-12), down = MAX (box->south - box->north, 1e-12);
  double wide, high;

  if (width < 1)
    width = ASSUMED_WIDTH, height = ASSUMED_HEIGHT;
  wide = log2 (MAX (width - 2 * FIT_MARGIN, 64) / (across * TILE_SIZE));
  high = log2 (MAX (height - 2 * FIT_MARGIN, 64) / (down * TILE_SIZE));
  return floor (MIN (wide, high));
}

static void
fit (ShtMapPage *self, const ShtWorldBox *box, double least, double most, gboolean animated)
{
  ShumateViewport *viewport = get_viewport (self);
  double zoom = CLAMP (zoom_for (self, box), least, most);
  gint64 lat_e7, lon_e7;

  zoom = CLAMP (zoom, shumate_viewport_get_min_zoom_level (viewport), shumate_viewport_get_max_zoom_level (viewport));
  sht_world_to_e7 ((box->west + box->east) / 2, (box->north + box->south) / 2, &lat_e7, &lon_e7);
  go_to (self, (double) lat_e7 / 1e7, (double) lon_e7 / 1e7, zoom, animated);
}

/* All tickets, or the whole map when there is none. */
static void
fit_tickets (ShtMapPage *self, gboolean animated)
{
  ShumateMapSource *source = shumate_viewport_get_reference_map_source (get_viewport (self));
  const ShtMbtilesInfo *info = sht_mbtiles_source_get_info (SHT_MBTILES_SOURCE (source));
  ShtWorldBox box;

  if (sht_spots_bounds (sht_session_get_reader (self->session)->db, &box, NULL) && box.east > 0)
    fit (self, &box, 0, CLOSEST_FIT, animated);
  else if (info->has_bounds)
    {
      sht_world_from_e7 (llround (info->north * 1e7), llround (info->west * 1e7), &box.west, &box.north);
      sht_world_from_e7 (llround (info->south * 1e7), llround (info->east * 1e7), &box.east, &box.south);
      fit (self, &box, 0, CLOSEST_FIT, animated);
    }
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
}

/* --- the base map --- */

static void
show_notice (ShtMapPage *self)
{
  const char *words = NULL;
  ShtWorldBox box = { 0 };

  if (self->no_map)
    words = _("This tablet has no map of the streets yet. Tickets are shown where they are.");
  else if (sht_spots_bounds (sht_session_get_reader (self->session)->db, &box, NULL) && box.east <= 0)
    words = _("No open tickets. New ones appear here by themselves.");
  gtk_label_set_text (GTK_LABEL (self->notice), words != NULL ? words : "");
  gtk_widget_set_visible (self->notice, words != NULL);
}

static void
load_base (ShtMapPage *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  const char *license;

  self->base = sht_base_map_lay (self->map, self->base, SHUMATE_LAYER (self->tickets), dark, &self->no_map);
  sht_ticket_layer_set_dark (self->tickets, dark);
  license = shumate_map_source_get_license (shumate_viewport_get_reference_map_source (get_viewport (self)));
  gtk_label_set_text (GTK_LABEL (self->attribution), license != NULL ? license : "");
  gtk_widget_set_visible (self->attribution, license != NULL && license[0] != '\0');
  show_notice (self);
}

/* --- what is touched --- */

static void
close_card (ShtMapPage *self)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
  sht_ticket_layer_set_selected (self->tickets, NULL);
}

/* In landscape the window has room for the ticket beside the map. */
static gboolean
opens_beside (ShtMapPage *self)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  return root != NULL && gtk_widget_get_width (root) > gtk_widget_get_height (root);
}

static void
select_ticket (ShtMapPage *self, const char *ticket)
{
  sht_ticket_layer_set_selected (self->tickets, ticket);
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
  ShtPick pick;

  sht_ticket_layer_pick (self->tickets, x, y, &pick);
  switch (pick.kind)
    {
    case SHT_PICK_TICKET:
      select_ticket (self, pick.id);
      break;
    case SHT_PICK_CLUSTER:
      fit (self, &pick.box, floor (zoom) + 1, shumate_viewport_get_max_zoom_level (get_viewport (self)), TRUE);
      break;
    case SHT_PICK_HEAP:
      self->heap = pick.box;
      self->has_heap = TRUE;
      gtk_menu_button_popup (GTK_MENU_BUTTON (self->list_button));
      break;
    case SHT_PICK_PLACE:
      sht_ticket_layer_set_selected (self->tickets, NULL);
      gtk_revealer_set_reveal_child (
        GTK_REVEALER (self->revealer),
        sht_map_card_show_place (SHT_MAP_CARD (self->card), sht_session_get_reader (self->session), pick.id));
      break;
    case SHT_PICK_NOTHING:
      close_card (self);
      break;
    }
}

static void
on_touched (GtkGestureClick *gesture, int presses, double x, double y, gpointer data)
{
  if (presses == 1)
    touch (data, x, y);
}

/* --- the same tickets as a list --- */

static void
fill_list (ShtMapPage *self)
{
  ShtStore *store = sht_session_get_reader (self->session);
  guint all = 0;
  g_autoptr (GPtrArray) ids
    = sht_ticket_layer_list (self->tickets, self->has_heap ? &self->heap : NULL, LIST_ROWS, &all);
  g_autofree char *title = NULL, *more = NULL;
  GtkWidget *row;

  self->has_heap = FALSE;
  while ((row = gtk_widget_get_first_child (self->list)) != NULL && GTK_IS_LIST_BOX_ROW (row))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  for (guint i = 0; i < ids->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->list), sht_map_ticket_row_new (store, g_ptr_array_index (ids, i)));
  if (all == 0)
    title = g_strdup (_("No tickets in this part of the map"));
  else
    title = g_strdup_printf (ngettext ("%u ticket here", "%u tickets here", all), all);
  gtk_label_set_text (GTK_LABEL (self->list_title), title);
  if (all > ids->len)
    more = g_strdup_printf (ngettext ("%u more: zoom in to see it", "%u more: zoom in to see them", all - ids->len),
                            all - ids->len);
  gtk_label_set_text (GTK_LABEL (self->list_more), more != NULL ? more : "");
  gtk_widget_set_visible (self->list_more, more != NULL);
}

static void
on_row (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  ShtMapPage *self = data;
  g_autofree char *ticket = g_strdup (gtk_widget_get_name (GTK_WIDGET (row)));

  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->list_button));
  select_ticket (self, ticket);
}

static GtkWidget *
build_list (ShtMapPage *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->list_title = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->list_title, "title-4");
  self->list_more = gtk_label_new (NULL);
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 480);
  gtk_widget_set_size_request (scrolled, 380, -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_box_append (GTK_BOX (box), self->list_title);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), self->list_more);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row), self);
  g_signal_connect_swapped (popover, "show", G_CALLBACK (fill_list), self);
  return popover;
}

/* --- what is shown --- */

static void
on_layer_toggled (GtkCheckButton *check, gpointer data)
{
  ShtMapPage *self = data;
  gboolean *which = g_object_get_data (G_OBJECT (check), "which");

  *which = gtk_check_button_get_active (check);
  sht_ticket_layer_set_shown (self->tickets, self->view->finished, self->view->others, self->view->places);
}

static GtkWidget *
new_check (ShtMapPage *self, const char *label, gboolean *which)
{
  GtkWidget *check = gtk_check_button_new_with_label (label);

  gtk_widget_add_css_class (check, "map-check");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), *which);
  g_object_set_data (G_OBJECT (check), "which", which);
  g_signal_connect (check, "toggled", G_CALLBACK (on_layer_toggled), self);
  return check;
}

static GtkWidget *
build_layers (ShtMapPage *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *heading = gtk_label_new (_("Shown on the map"));
  GtkWidget *key = gtk_label_new (_("● to do   ■ in work   ◆ waiting   ▲ late"));

  gtk_widget_add_css_class (heading, "title-4");
  gtk_widget_add_css_class (key, "dim-label");
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), new_check (self, _("Places: lights, gardens, buildings"), &self->view->places));
  gtk_box_append (GTK_BOX (box), new_check (self, _("Tickets of other crews"), &self->view->others));
  gtk_box_append (GTK_BOX (box), new_check (self, _("Finished tickets"), &self->view->finished));
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (box), key);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  return popover;
}

/* --- building --- */

static void
on_zoom_in (ShtMapPage *self)
{
  shumate_map_zoom_in (self->map);
}

static void
on_zoom_out (ShtMapPage *self)
{
  shumate_map_zoom_out (self->map);
}

static void
on_fit (ShtMapPage *self)
{
  fit_tickets (self, TRUE);
}

static void
name_it (GtkWidget *button, const char *name)
{
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *
new_button (ShtMapPage *self, const char *icon, const char *name, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  name_it (button, name);
  g_signal_connect_swapped (button, "clicked", clicked, self);
  return button;
}

static GtkWidget *
new_menu (const char *icon, const char *name, GtkWidget *popover)
{
  GtkWidget *button = gtk_menu_button_new ();

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), icon);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_add_css_class (button, "flat");
  name_it (button, name);
  return button;
}

static GtkWidget *
new_tools (GtkAlign vertical)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  gtk_widget_add_css_class (box, "map-sheet");
  gtk_widget_add_css_class (box, "map-tools");
  gtk_widget_set_halign (box, GTK_ALIGN_END);
  gtk_widget_set_valign (box, vertical);
  return box;
}

static GtkWidget *
build_tools (ShtMapPage *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *views = new_tools (GTK_ALIGN_START), *zooms = new_tools (GTK_ALIGN_END);

  self->list_button = new_menu ("view-list-symbolic", _("Tickets here as a list"), build_list (self));
  gtk_box_append (GTK_BOX (views), self->list_button);
  gtk_box_append (GTK_BOX (views), new_menu ("view-more-symbolic", _("What the map shows"), build_layers (self)));
  gtk_box_append (GTK_BOX (zooms), new_button (self, "zoom-fit-best-symbolic", _("Show all my tickets"),
                                               G_CALLBACK (on_fit)));
  gtk_box_append (GTK_BOX (zooms), new_button (self, "list-add-symbolic", _("Closer"), G_CALLBACK (on_zoom_in)));
  gtk_box_append (GTK_BOX (zooms), new_button (self, "list-remove-symbolic", _("Farther"), G_CALLBACK (on_zoom_out)));
  gtk_widget_set_vexpand (zooms, TRUE);
  gtk_box_append (GTK_BOX (column), views);
  gtk_box_append (GTK_BOX (column), zooms);
  gtk_widget_set_halign (column, GTK_ALIGN_END);
  gtk_widget_set_margin_top (column, 12);
  gtk_widget_set_margin_bottom (column, 12);
  gtk_widget_set_margin_end (column, 12);
  gtk_widget_set_can_target (column, TRUE);
  return column;
}

static GtkWidget *
build_bottom (ShtMapPage *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->card = sht_map_card_new ();
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_type (GTK_REVEALER (self->revealer), GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), self->card);
  self->attribution = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->attribution, "map-attribution");
  gtk_label_set_ellipsize (GTK_LABEL (self->attribution), PANGO_ELLIPSIZE_END);
  gtk_widget_set_halign (self->attribution, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (column), self->revealer);
  gtk_box_append (GTK_BOX (column), self->attribution);
  gtk_widget_set_valign (column, GTK_ALIGN_END);
  gtk_widget_set_margin_start (column, 8);
  gtk_widget_set_margin_bottom (column, 6);
  /* beside the zoom buttons */
  gtk_widget_set_margin_end (column, 96);
  g_signal_connect_swapped (self->card, "closed", G_CALLBACK (close_card), self);
  return column;
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
  return self->notice;
}

static void
build_map (ShtMapPage *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  ShumateViewport *viewport;

  self->map = shumate_map_new ();
  viewport = get_viewport (self);
  /* A second tap that comes quickly is a shaking hand, and would take the map away from under it. */
  shumate_map_set_zoom_on_double_click (self->map, FALSE);
  self->tickets = sht_ticket_layer_new (viewport, sht_session_get_reader (self->session));
  shumate_map_add_layer (self->map, SHUMATE_LAYER (self->tickets));
  sht_ticket_layer_set_shown (self->tickets, self->view->finished, self->view->others, self->view->places);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->map), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Map of my tickets"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _("The same tickets are in the list beside it"), -1);
  g_signal_connect (click, "released", G_CALLBACK (on_touched), self);
  gtk_widget_add_controller (GTK_WIDGET (self->map), GTK_EVENT_CONTROLLER (click));
}

static void
on_changed (ShtMapPage *self)
{
  const char *selected = sht_ticket_layer_get_selected (self->tickets);

  sht_ticket_layer_refresh (self->tickets);
  show_notice (self);
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
  View before;

  build_map (self);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->map));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), build_notice (self));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), build_bottom (self));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), build_tools (self));
  adw_bin_set_child (ADW_BIN (self), overlay);
  before = *self->view;
  load_base (self);
  if (before.known)
    go_to (self, before.latitude, before.longitude, before.zoom, FALSE);
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
sht_map_page_class_init (ShtMapPageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_map_page_dispose;
}

static void
sht_map_page_init (ShtMapPage *self)
{
}

static View *
view_of (ShtSession *session)
{
  View *view = g_object_get_data (G_OBJECT (session), VIEW_KEY);

  if (view == NULL)
    {
      view = g_new0 (View, 1);
      view->others = TRUE;
      g_object_set_data_full (G_OBJECT (session), VIEW_KEY, view, g_free);
    }
  return view;
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
  self->view = view_of (session);
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
  sht_ticket_layer_set_selected (self->tickets, ticket);
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
  go_to (self, (double) sht_json_int (doc, "lat_e7", 0) / 1e7, (double) sht_json_int (doc, "lon_e7", 0) / 1e7,
         CLOSEST_FIT, FALSE);
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
