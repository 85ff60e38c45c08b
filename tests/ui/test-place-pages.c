/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers of places on the map page: what is drawn, what a finger finds, what is remembered, and a place's card. Runs
 * right-to-left too. */
#include "page-fixture.h"

#include "core/json.h"
#include "tablet/map/place-look.h"
#include "tablet/ui/common/choice-dialog.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/map/map-layers.h"
#include "tablet/ui/map/map-page.h"
#include "tablet/ui/map/place-card.h"
#include "tablet/ui/map/place-report.h"
#include "tablet/ui/map/place-search.h"

#include <glib/gstdio.h>
#include <string.h>

#define TICKET "01a17153-9314-7303-9e14-dae1068fe001"
#define FAR_TICKET "01a17153-9314-7303-9e14-dae1068fe002"
#define SQUARE "01a17153-9314-7303-9e14-dae1068fd001"
#define STREET "01a17153-9314-7303-9e14-dae1068fd002"
#define LAMP "01a17153-9314-7303-9e14-dae1068fd003"
#define OPENINGS 20
#define ZOOM 16

static ShtSession *session;

/* A square of 0.01 degree with a hole of 0.002 in its middle, a street along its southern edge, a lamp in it. */
static const char *const lines[][3] = {
  { "ticket", TICKET,
    "{\"t\":\"ticket\",\"id\":\"" TICKET "\",\"number\":\"1\",\"status\":\"assigned\",\"title\":\"Dark lamp\",\"address\":\"HaZayit 12\","
    "\"lat_e7\":312480000,\"lon_e7\":346080000,\"place\":\"" LAMP "\",\"created_at\":1,\"rev\":1}" },
  { "ticket", FAR_TICKET,
    "{\"t\":\"ticket\",\"id\":\"" FAR_TICKET "\",\"number\":\"2\",\"status\":\"done\",\"title\":\"Elsewhere\",\"lat_e7\":313480000,"
    "\"lon_e7\":347080000,\"created_at\":1,\"rev\":1}" },
  { "layer", "quarters",
    "{\"t\":\"layer\",\"id\":\"quarters\",\"name\":\"Quarters\",\"kind\":\"district\",\"colour\":\"#ff0000\",\"rev\":1}" },
  { "layer", "lamps", "{\"t\":\"layer\",\"id\":\"lamps\",\"name\":\"Lamps\",\"symbol\":\"light\",\"min_zoom\":12,\"rev\":1}" },
  { "place", SQUARE,
    "{\"t\":\"place\",\"id\":\"" SQUARE "\",\"layer\":\"quarters\",\"name\":\"Square quarter\",\"code\":\"q1\",\"note\":\"Knock, do not "
    "ring\",\"lat_e7\":312410000,\"lon_e7\":346010000,\"areas\":[[[346000000,312400000,100000,0,0,100000,-100000,0],[346040000,"
    "312440000,20000,0,0,20000,-20000,0]]],\"rev\":1}" },
  { "place", STREET,
    "{\"t\":\"place\",\"id\":\"" STREET "\",\"layer\":\"quarters\",\"name\":\"Long street\",\"lat_e7\":312400000,\"lon_e7\":346050000,"
    "\"lines\":[[346000000,312400000,100000,0]],\"rev\":1}" },
  { "place", LAMP,
    "{\"t\":\"place\",\"id\":\"" LAMP "\",\"layer\":\"lamps\",\"name\":\"Lamp 7\",\"code\":\"L-7\",\"lat_e7\":312420000,\"lon_e7\":"
    "346080000,\"rev\":1}" },
};

static gboolean
fill_store (ShtStore *store, gpointer data, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (!sht_store_put_line (store, lines[i][0], lines[i][1], lines[i][2], strlen (lines[i][2]), 1, 1, error))
      return FALSE;
  return sht_store_index_all (store, error);
}

static GtkWidget *
find_text (GtkWidget *widget, const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_text (child, text);
  return found;
}

static gboolean
is_settled (gpointer page)
{
  return sht_place_layer_is_settled (sht_map_page_get_places (page));
}

static gboolean
is_remembered (gpointer words)
{
  g_autofree char *kept = sht_store_get_text (sht_session_get_reader (session), "map_layers");

  return g_strcmp0 (kept, words) == 0;
}

static void
toggle (GtkWidget *page, const char *layer, gboolean active)
{
  GtkWidget *checks = find_type (page, SHT_TYPE_MAP_LAYERS);

  for (GtkWidget *check = gtk_widget_get_first_child (checks); check != NULL; check = gtk_widget_get_next_sibling (check))
    if (g_str_equal (gtk_widget_get_name (check), layer))
      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), active);
}

static void
touch (GtkWidget *page, double latitude, double longitude)
{
  ShumateViewport *viewport = shumate_map_get_viewport (sht_map_page_get_map (SHT_MAP_PAGE (page)));
  double x, y;

  shumate_viewport_location_to_widget_coords (viewport, GTK_WIDGET (sht_map_page_get_places (SHT_MAP_PAGE (page))), latitude,
                                              longitude, &x, &y);
  sht_map_page_touch (SHT_MAP_PAGE (page), x, y);
}

static ShtPlaceCard *
card_of (GtkWidget *page)
{
  return SHT_PLACE_CARD (find_type (page, SHT_TYPE_PLACE_CARD));
}

static const char *
place_at (GtkWidget *page, double latitude, double longitude)
{
  g_signal_emit_by_name (card_of (page), "closed");
  wait_for (is_settled, page);
  touch (page, latitude, longitude);
  return sht_place_card_get_place (card_of (page));
}

static GtkWidget *
open_map (GtkWidget **window)
{
  GtkWidget *page = sht_map_page_new (session);
  ShumateViewport *viewport = shumate_map_get_viewport (sht_map_page_get_map (SHT_MAP_PAGE (page)));

  *window = open_window (page, 1000, 700);
  /* From a place that somebody asked for the first frames do not go to the tickets. */
  sht_map_page_go_to_place (SHT_MAP_PAGE (page), SQUARE);
  g_signal_emit_by_name (card_of (page), "closed");
  shumate_map_stop_go_to (sht_map_page_get_map (SHT_MAP_PAGE (page)));
  shumate_viewport_set_zoom_level (viewport, ZOOM);
  shumate_location_set_location (SHUMATE_LOCATION (viewport), 31.245, 34.605);
  wait_for (is_settled, page);
  return page;
}

static void
test_touched (gconstpointer rtl)
{
  GtkWidget *window, *page;

  gtk_widget_set_default_direction (GPOINTER_TO_INT (rtl) ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  page = open_map (&window);
  g_assert_null (place_at (page, 31.242, 34.608));
  toggle (page, "quarters", TRUE);
  wait_for (is_settled, page);
  g_assert_cmpstr (place_at (page, 31.242, 34.608), ==, SQUARE);
  toggle (page, "lamps", TRUE);
  wait_for (is_settled, page);
  g_assert_cmpstr (place_at (page, 31.242, 34.608), ==, LAMP);
  g_assert_cmpstr (place_at (page, 31.2479, 34.602), ==, SQUARE);
  g_assert_null (place_at (page, 31.245, 34.605)); /* its hole */
  g_assert_cmpstr (place_at (page, 31.24005, 34.605), ==, STREET);
  g_assert_null (place_at (page, 31.2385, 34.605));
  /* in the midst of an area one that is open closes first */
  g_assert_cmpstr (place_at (page, 31.242, 34.608), ==, LAMP);
  touch (page, 31.2479, 34.602);
  g_assert_null (sht_place_card_get_place (card_of (page)));
  wait_for (is_remembered, (gpointer) "lamps\nquarters");
  gtk_window_destroy (GTK_WINDOW (window));
  /* what was chosen is there the next time, until it is not */
  page = open_map (&window);
  g_assert_cmpstr (place_at (page, 31.242, 34.608), ==, LAMP);
  toggle (page, "lamps", FALSE);
  toggle (page, "quarters", FALSE);
  wait_for (is_settled, page);
  g_assert_null (place_at (page, 31.242, 34.608));
  wait_for (is_remembered, (gpointer) "");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_row (gpointer card)
{
  GtkWidget *list = find_type (card, GTK_TYPE_LIST_BOX);
  GtkWidget *row = gtk_widget_get_first_child (list);

  return row != NULL && GTK_IS_LIST_BOX_ROW (row);
}

static gboolean
tells_none (gpointer card)
{
  return find_text (card, "No tickets here yet") != NULL;
}

static void
test_card (gconstpointer rtl)
{
  GtkWidget *window, *page, *list;

  gtk_widget_set_default_direction (GPOINTER_TO_INT (rtl) ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  page = open_map (&window);
  /* also where its layer is not shown */
  sht_map_page_go_to_place (SHT_MAP_PAGE (page), LAMP);
  wait_for (has_row, card_of (page));
  g_assert_nonnull (find_text (GTK_WIDGET (card_of (page)), "Lamp 7"));
  g_assert_nonnull (find_text (GTK_WIDGET (card_of (page)), "Lamps · L-7"));
  g_assert_nonnull (find_text (GTK_WIDGET (card_of (page)), "1 ticket here"));
  g_assert_nonnull (find_text (GTK_WIDGET (card_of (page)), "Dark lamp"));
  list = find_type (GTK_WIDGET (card_of (page)), GTK_TYPE_LIST_BOX);
  g_clear_pointer (&shown, g_free);
  g_signal_emit_by_name (list, "row-activated", gtk_widget_get_first_child (list));
  g_assert_cmpstr (shown, ==, TICKET);
  g_assert_null (sht_place_card_get_place (card_of (page)));
  sht_map_page_go_to_place (SHT_MAP_PAGE (page), SQUARE);
  g_assert_nonnull (find_text (GTK_WIDGET (card_of (page)), "Knock, do not ring"));
  wait_for (has_row, card_of (page));
  sht_map_page_go_to_place (SHT_MAP_PAGE (page), STREET);
  wait_for (tells_none, card_of (page));
  g_assert_false (has_row (card_of (page)));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
be_role (ShtStore *store, gpointer role, GError **error)
{
  store->device.role = (ShtRole) GPOINTER_TO_INT (role);
  return TRUE;
}

static void
set_role (ShtRole role)
{
  gboolean done = FALSE;

  sht_session_get_reader (session)->device.role = role;
  sht_session_do_async (session, be_role, GINT_TO_POINTER (role), NULL, on_done, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static GtkWidget *
find_row (GtkWidget *widget, const char *title)
{
  GtkWidget *found = NULL;

  if (ADW_IS_ACTION_ROW (widget) && g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_row (child, title);
  return found;
}

/* Opens the question about the place, writes some words, and takes an answer; %NULL for none of that name. */
static GtkWidget *
answer (GtkWidget *page, const char *words, const char *title)
{
  GtkWidget *button = find_type (find_type (GTK_WIDGET (card_of (page)), SHT_TYPE_PLACE_REPORT), GTK_TYPE_BUTTON);
  g_autoptr (GList) windows = NULL;
  GtkWidget *dialog = NULL, *row;

  g_signal_emit_by_name (button, "clicked");
  windows = gtk_window_list_toplevels ();
  for (GList *one = windows; one != NULL; one = one->next)
    if (SHT_IS_CHOICE_DIALOG (one->data))
      dialog = one->data;
  g_assert_nonnull (dialog);
  g_assert_cmpint (find_type (dialog, ADW_TYPE_ENTRY_ROW) != NULL, ==, words != NULL);
  if (words != NULL)
    gtk_editable_set_text (GTK_EDITABLE (find_type (dialog, ADW_TYPE_ENTRY_ROW)), words);
  row = find_row (dialog, title);
  if (row != NULL)
    g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
  else
    gtk_window_destroy (GTK_WINDOW (dialog));
  return row;
}

typedef struct
{
  GtkWidget *page;
  const char *words; /* (nullable): what its card says; %NULL: that nothing is reported */
} Told;

static gboolean
is_told (gpointer data)
{
  Told *told = data;
  GtkWidget *report = find_type (GTK_WIDGET (card_of (told->page)), SHT_TYPE_PLACE_REPORT);

  return told->words != NULL ? find_text (report, told->words) != NULL : find_text (report, "Reported") == NULL;
}

static void
wait_told (GtkWidget *page, const char *words)
{
  wait_for (is_told, &(Told){ page, words });
}

static gint64
lat_of (const char *place)
{
  g_autoptr (JsonObject) doc = sht_store_get (sht_session_get_reader (session), "place", place, NULL);

  return sht_json_int (doc, "lat_e7", 0);
}

static gboolean
put_report (ShtStore *store, gpointer unused, GError **error)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (store, SHT_KIND_PLACE_REPORT, LAMP);

  json_object_set_string_member (op->fields, "what", "moved");
  json_object_set_int_member (op->fields, "lat_e7", 312421000);
  json_object_set_int_member (op->fields, "lon_e7", 346080000);
  return sht_store_act (store, op, error);
}

/* Who opens the search finds what is reported, before anything is typed. */
static gboolean
tells_to_set_right (GtkWidget *page, const char *place)
{
  GtkWidget *search = find_type (page, SHT_TYPE_PLACE_SEARCH);
  gboolean told;

  gtk_popover_popup (GTK_POPOVER (search));
  told = find_text (search, "To be set right") != NULL && find_text (search, place) != NULL;
  gtk_popover_popdown (GTK_POPOVER (search));
  return told;
}

/* The count on the search's button; %NULL where there is none to be seen. */
static const char *
badge_of (GtkWidget *widget)
{
  const char *text = gtk_widget_has_css_class (widget, "badge") && gtk_widget_get_visible (widget)
                       ? gtk_label_get_text (GTK_LABEL (widget))
                       : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && text == NULL; child = gtk_widget_get_next_sibling (child))
    text = badge_of (child);
  return text;
}

/* A crew reports what it finds, without a signal; a supervisor sets it right, and what was reported is over. */
static void
test_reported (void)
{
  GtkWidget *window, *page;
  gboolean done = FALSE;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  page = open_map (&window);
  sht_map_page_go_to_place (SHT_MAP_PAGE (page), SQUARE);
  g_assert_false (gtk_widget_get_visible (find_type (GTK_WIDGET (card_of (page)), SHT_TYPE_PLACE_REPORT)));
  sht_map_page_go_to_place (SHT_MAP_PAGE (page), LAMP);
  wait_told (page, NULL);
  /* nobody knows where this tablet is */
  g_assert_null (answer (page, "", "It stands where I am now"));
  g_assert_nonnull (answer (page, "Only its foot is left", "It is missing"));
  wait_told (page, "Reported missing");
  wait_told (page, "Only its foot is left");
  g_assert_nonnull (answer (page, "", "It is here, as the map has it"));
  wait_told (page, "Reported to be here");
  sht_session_do_async (session, put_report, NULL, NULL, on_done, &done);
  wait_told (page, "Reported to stand 11 m from here\njust now");
  /* also when the card comes to it from another place */
  sht_map_page_go_to_place (SHT_MAP_PAGE (page), STREET);
  sht_map_page_go_to_place (SHT_MAP_PAGE (page), LAMP);
  wait_told (page, "Reported to stand 11 m from here\njust now");
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (tells_to_set_right (page, "Lamp 7"));
  g_assert_null (badge_of (page));
  set_role (SHT_ROLE_SUPERVISOR);
  g_signal_emit_by_name (session, "changed");
  g_assert_cmpstr (badge_of (page), ==, "1");
  g_assert_nonnull (answer (page, NULL, "It stands where it was reported"));
  wait_told (page, NULL);
  g_assert_false (tells_to_set_right (page, "Lamp 7"));
  g_assert_null (badge_of (page));
  g_assert_cmpint (lat_of (LAMP), ==, 312421000);
  g_assert_null (answer (page, NULL, "It stands where it was reported"));
  g_assert_nonnull (answer (page, NULL, "It is missing"));
  while (find_text (GTK_WIDGET (card_of (page)), "Missing") == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (answer (page, NULL, "It is here, as the map has it"));
  while (find_text (GTK_WIDGET (card_of (page)), "Missing") != NULL)
    g_main_context_iteration (NULL, TRUE);
  set_role (SHT_ROLE_CREW);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The square is seen whole, and nothing of it is under its card. */
static gboolean
is_beside_card (gpointer page)
{
  GtkWidget *map = GTK_WIDGET (sht_map_page_get_map (SHT_MAP_PAGE (page)));
  ShumateViewport *viewport = shumate_map_get_viewport (SHUMATE_MAP (map));
  graphene_rect_t card, square, whole = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (map), (float) gtk_widget_get_height (map));
  double west, north, east, south;

  shumate_viewport_location_to_widget_coords (viewport, map, 31.25, 34.60, &west, &north);
  shumate_viewport_location_to_widget_coords (viewport, map, 31.24, 34.61, &east, &south);
  graphene_rect_init (&square, (float) west, (float) north, (float) (east - west), (float) (south - north));
  return gtk_widget_compute_bounds (GTK_WIDGET (card_of (page)), map, &card) && card.size.height > 60
         && !graphene_rect_intersection (&card, &square, NULL) && graphene_rect_contains_rect (&whole, &square)
         && square.size.width > 60;
}

static void
test_search (gconstpointer rtl)
{
  GtkWidget *window, *page, *search, *entry, *list, *row;

  gtk_widget_set_default_direction (GPOINTER_TO_INT (rtl) ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  page = open_map (&window);
  search = find_type (page, SHT_TYPE_PLACE_SEARCH);
  entry = find_type (search, GTK_TYPE_SEARCH_ENTRY);
  list = find_type (search, GTK_TYPE_LIST_BOX);
  gtk_editable_set_text (GTK_EDITABLE (entry), "no such");
  g_signal_emit_by_name (entry, "search-changed");
  g_assert_nonnull (find_text (search, "No place has such a name"));
  g_assert_null (gtk_widget_get_first_child (list));
  gtk_editable_set_text (GTK_EDITABLE (entry), "quart");
  g_signal_emit_by_name (entry, "search-changed");
  row = gtk_widget_get_first_child (list);
  g_assert_cmpstr (gtk_widget_get_name (row), ==, SQUARE);
  g_assert_null (gtk_widget_get_next_sibling (row));
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (sht_place_card_get_place (card_of (page)), ==, SQUARE);
  wait_for (is_beside_card, page);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- the picture --- */

static guint32
pixel_at (ShtPlaceLook *look, const guchar *bytes, gsize stride, double latitude, double longitude)
{
  double side = 256.0 * (1 << look->zoom), x, y;
  guint32 pixel;

  sht_world_from_e7 ((gint64) (latitude * 1e7), (gint64) (longitude * 1e7), &x, &y);
  memcpy (&pixel, bytes + (gsize) ((y - look->box.north) * side) * stride + (gsize) ((x - look->box.west) * side) * 4, 4);
  return pixel;
}

/* Red within the square, nothing in its hole or beside it; lighter at night; nothing at all where nothing is shown. */
static void
test_picture (void)
{
  g_autoptr (GError) error = NULL;
  guint32 inside[2] = { 0 };

  for (guint dark = 0; dark < 2; dark++)
    {
      g_autoptr (ShtPlaceLook) look = sht_place_look_new ();
      g_autofree guchar *bytes = NULL;
      gsize stride;

      look->path = g_build_filename (sht_session_get_reader (session)->folder, SHT_STORE_DATABASE_FILE, NULL);
      look->shown = g_strdup ("[\"quarters\"]");
      look->language = g_strdup ("en");
      look->zoom = 14;
      look->dark = dark == 1;
      sht_world_from_e7 (312300000, 345900000, &look->box.west, &look->box.south);
      sht_world_from_e7 (312600000, 346200000, &look->box.east, &look->box.north);
      g_assert_true (sht_place_look_run (look, &error));
      g_assert_nonnull (look->picture);
      g_assert_cmpuint (look->items->len, ==, 2);
      stride = (gsize) gdk_texture_get_width (look->picture) * 4;
      bytes = g_malloc (stride * (gsize) gdk_texture_get_height (look->picture));
      gdk_texture_download (look->picture, bytes, stride);
      inside[dark] = pixel_at (look, bytes, stride, 31.248, 34.602);
      g_assert_cmphex (inside[dark] >> 24, >, 10);
      g_assert_cmphex (inside[dark] >> 16 & 255, >, inside[dark] & 255);
      g_assert_cmphex (pixel_at (look, bytes, stride, 31.245, 34.605), ==, 0);
      g_assert_cmphex (pixel_at (look, bytes, stride, 31.255, 34.605), ==, 0);
    }
  g_assert_cmphex (inside[0], !=, inside[1]);
  {
    g_autoptr (ShtPlaceLook) look = sht_place_look_new ();

    look->path = g_build_filename (sht_session_get_reader (session)->folder, SHT_STORE_DATABASE_FILE, NULL);
    look->zoom = 14;
    look->box = (ShtWorldBox){ 0, 0, 1, 1 };
    g_assert_true (sht_place_look_run (look, &error));
    g_assert_null (look->picture);
    g_assert_cmpuint (look->items->len, ==, 0);
  }
}

/* Where a name may stand: the place's own spot first, and else within the area; the selected place's name before all others. */
static void
test_names (void)
{
  for (guint selected = 0; selected < 2; selected++)
    {
      g_autoptr (ShtPlaceLook) look = sht_place_look_new ();
      g_autoptr (GError) error = NULL;
      const ShtPlaceItem *square = NULL;
      const ShtPlaceName *name;

      look->path = g_build_filename (sht_session_get_reader (session)->folder, SHT_STORE_DATABASE_FILE, NULL);
      look->shown = g_strdup ("[\"quarters\",\"lamps\"]");
      look->selected = selected == 1 ? g_strdup (LAMP) : NULL;
      look->language = g_strdup ("en");
      look->zoom = 16;
      sht_world_from_e7 (312300000, 345900000, &look->box.west, &look->box.south);
      sht_world_from_e7 (312600000, 346200000, &look->box.east, &look->box.north);
      g_assert_true (sht_place_look_run (look, &error));
      /* a lamp is named from zoom 17 on, or when it is selected */
      g_assert_cmpuint (look->names->len, ==, 2 + selected);
      g_assert_cmpint (g_array_index (look->names, ShtPlaceName, 0).is_selected, ==, selected);
      g_assert_cmpint (g_array_index (look->names, ShtPlaceName, 0).down > 0, ==, selected);
      for (guint i = 0; i < look->items->len; i++)
        if (g_str_equal (g_array_index (look->items, ShtPlaceItem, i).id, SQUARE))
          square = &g_array_index (look->items, ShtPlaceItem, i);
      g_assert_nonnull (square);
      name = &g_array_index (look->names, ShtPlaceName, selected);
      g_assert_true (name->is_district);
      g_assert_cmpint (gdk_texture_get_width (name->texture), ==, name->width + 2 * SHT_PLACE_NAME_RIM);
      g_assert_cmpuint (name->n_spots, >, 2);
      for (guint i = 1; i < name->n_spots; i++)
        {
          gint64 lat_e7, lon_e7;

          sht_world_to_e7 (name->x[i], name->y[i], &lat_e7, &lon_e7);
          g_assert_true (sht_geometry_contains (square->geometry, lat_e7, lon_e7));
        }
    }
}

static gboolean
is_gone (gpointer pointer)
{
  return *(gpointer *) pointer == NULL;
}

static void
test_freed (void)
{
  for (int i = 0; i < OPENINGS; i++)
    {
      GtkWidget *page = sht_map_page_new (session), *window = open_window (page, 900, 600);
      gpointer layer = sht_map_page_get_places (SHT_MAP_PAGE (page)), card = card_of (page);

      g_object_add_weak_pointer (G_OBJECT (layer), &layer);
      g_object_add_weak_pointer (G_OBJECT (card), &card);
      sht_map_page_go_to_place (SHT_MAP_PAGE (page), SQUARE);
      for (int turn = 0; turn < i % 5 * 4; turn++)
        g_main_context_iteration (NULL, FALSE);
      gtk_window_destroy (GTK_WINDOW (window));
      wait_for (is_gone, &layer);
      wait_for (is_gone, &card);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("sht-places-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;
  int status;

  g_setenv ("LANGUAGE", "en", TRUE);
  sht_words_init ("/nonexistent");
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  session = sht_session_new (folder, &error);
  g_assert_no_error (error);
  sht_session_do_async (session, fill_store, NULL, NULL, on_done, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_test_add_func ("/places/picture", test_picture);
  g_test_add_func ("/places/names", test_names);
  g_test_add_data_func ("/places/touched-ltr", GINT_TO_POINTER (0), test_touched);
  g_test_add_data_func ("/places/touched-rtl", GINT_TO_POINTER (1), test_touched);
  g_test_add_data_func ("/places/card-ltr", GINT_TO_POINTER (0), test_card);
  g_test_add_data_func ("/places/card-rtl", GINT_TO_POINTER (1), test_card);
  g_test_add_func ("/places/reported", test_reported);
  g_test_add_data_func ("/places/search-rtl", GINT_TO_POINTER (1), test_search);
  g_test_add_func ("/places/freed", test_freed);
  status = g_test_run ();
  g_clear_object (&session);
  g_free (shown);
  return status;
}
