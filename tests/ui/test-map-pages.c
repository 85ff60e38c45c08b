/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Map and Sync on a store of their own, in a window; the whole runs right-to-left too. */
#include "page-fixture.h"

#include "core/json.h"
#include "tablet/ui/common/attention-list.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/map/map-page.h"
#include "tablet/ui/sync/sync-page.h"
#include "tablet/ui/sync/waiting.h"

#include <string.h>

#define OPENINGS 50
#define A "01a17153-9314-7303-9e14-dae1068fe001"
#define B "01a17153-9314-7303-9e14-dae1068fe002"

static ShtSession *session;

static const char *const lines[] = {
  "{\"t\":\"ticket\",\"id\":\"" A "\",\"number\":\"1\",\"status\":\"assigned\",\"title\":\"Pothole\",\"address\":\"HaZayit 12\","
  "\"lat_e7\":312400000,\"lon_e7\":346000000,\"service\":\"road-hole\",\"created_at\":1,\"due_at\":2,\"rev\":1}",
  "{\"t\":\"ticket\",\"id\":\"" B "\",\"number\":\"2\",\"status\":\"in_progress\",\"title\":\"Lamp\",\"address\":\"HaGefen 3\","
  "\"lat_e7\":312450000,\"lon_e7\":346080000,\"service\":\"street-light\",\"created_at\":1,\"rev\":2}",
};

#define FACTS "[{\"field\":\"status\",\"mine\":\"done\",\"theirs\":\"waiting\",\"mine_stands\":false," \
              "\"their_name\":\"Dana Levi\",\"their_at\":1}]"

static gboolean
fill_store (ShtStore *store, gpointer data, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (JsonObject) object = sht_json_parse_object (lines[i], -1, error);

      if (!sht_store_put_line (store, "ticket", sht_json_string (object, "id"), lines[i], strlen (lines[i]), 1, 1, error))
        return FALSE;
    }
  return sht_store_index_all (store, error) && sht_store_set_status (store, A, SHT_STATUS_ON_THE_WAY, NULL, NULL, error)
         && sht_store_note (store, A, "half done", error) && sht_store_note (store, B, "refused", error)
         && sht_store_set_status (store, B, SHT_STATUS_WAITING, NULL, "parts", error)
         && sht_db_run (store->db, error, "UPDATE op SET state = 3, result = ?1 WHERE entity = ?2 AND kind = 'ticket.note'",
                        "ss", "{\"t\":\"result\",\"result\":\"rejected\",\"reason\":\"the ticket is no longer open\"}", B)
         && sht_db_run (store->db, error,
                        "UPDATE op SET state = 3, result = ?1 WHERE entity = ?2 AND kind = 'ticket.status'", "ss",
                        "{\"t\":\"result\",\"result\":\"conflict\",\"conflicts\":" FACTS "}", B)
         && sht_db_run (store->db, error,
                        "UPDATE event SET doc = json_remove (json_set (doc, '$.undecided', 1, '$.data.conflicts', json (?1)), "
                        "'$.device') "
                        "WHERE parent = ?2 AND doc ->> 'kind' = 'status'",
                        "ss", FACTS, B);
}

static GtkWidget *
find_text (GtkWidget *widget, const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (widget) && gtk_widget_is_visible (widget)
      && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_text (child, text);
  return found;
}

static gboolean
shows_two (gpointer page)
{
  guint all = 0;
  g_autoptr (GPtrArray) ids = sht_ticket_layer_list (sht_map_page_get_layer (page), NULL, 10, &all);

  return sht_ticket_layer_is_settled (sht_map_page_get_layer (page)) && all == 2 && ids->len == 2;
}

static gboolean
picks (gpointer page, double x, double y, const char *id)
{
  ShtPick pick;

  sht_ticket_layer_pick (sht_map_page_get_layer (page), x, y, &pick);
  return pick.kind == SHT_PICK_TICKET && g_str_equal (pick.id, id);
}

/* In its first frames the window gets its size, and all tickets are fitted into it. */
#define FIRST_FRAMES 5

static guint frames;

static gboolean
count_frame (GtkWidget *page, GdkFrameClock *clock, gpointer unused)
{
  return ++frames < FIRST_FRAMES ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
can_pick (gpointer page)
{
  ShumateViewport *viewport = shumate_map_get_viewport (sht_map_page_get_map (page));
  double x, y;

  if (frames < FIRST_FRAMES)
    return FALSE;
  shumate_viewport_location_to_widget_coords (viewport, GTK_WIDGET (sht_map_page_get_layer (page)), 31.24, 34.6, &x, &y);
  return picks (page, x, y, A);
}

/* The selected ticket's sign is a button where the ticket is. */
static void
check_sign (ShtMapPage *page, double x, double y)
{
  GtkWidget *layer = GTK_WIDGET (sht_map_page_get_layer (page));
  GtkWidget *sign = find_type (layer, GTK_TYPE_BUTTON);
  graphene_rect_t place;

  for (int turn = 0; turn < 100 && !gtk_widget_get_child_visible (sign); turn++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (gtk_widget_compute_bounds (sign, layer, &place));
  g_assert_cmpfloat_with_epsilon (place.origin.x + place.size.width / 2, x, 1);
  g_assert_cmpfloat_with_epsilon (place.origin.y + place.size.height / 2, y, 1);
  g_assert_cmpfloat (place.size.width, >=, 48);
  g_clear_pointer (&shown, g_free);
  g_signal_emit_by_name (sign, "clicked");
  g_assert_cmpstr (shown, ==, A);
  sht_ticket_layer_set_selected (sht_map_page_get_layer (page), NULL);
  for (int turn = 0; turn < 100 && gtk_widget_get_child_visible (sign); turn++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (gtk_widget_get_child_visible (sign));
}

static void
test_map (gconstpointer rtl)
{
  GtkWidget *page, *window;
  ShumateViewport *viewport;
  double x, y;

  gtk_widget_set_default_direction (GPOINTER_TO_INT (rtl) ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  page = sht_map_page_new (session);
  window = open_window (page, 1000, 700);
  frames = 0;
  gtk_widget_add_tick_callback (page, count_frame, NULL, NULL);
  wait_for (shows_two, page);
  wait_for (can_pick, page);
  viewport = shumate_map_get_viewport (sht_map_page_get_map (SHT_MAP_PAGE (page)));
  shumate_viewport_location_to_widget_coords (viewport, GTK_WIDGET (sht_map_page_get_layer (SHT_MAP_PAGE (page))), 31.24,
                                              34.6, &x, &y);
  /* a finger of 48 px, and no more */
  g_assert_true (picks (page, x + 20, y - 10, A));
  g_assert_false (picks (page, x + 30, y, A));
  g_clear_pointer (&shown, g_free);
  sht_map_page_touch (SHT_MAP_PAGE (page), x, y);
  g_assert_cmpstr (shown, ==, A);
  g_assert_cmpstr (sht_ticket_layer_get_selected (sht_map_page_get_layer (SHT_MAP_PAGE (page))), ==, A);
  check_sign (SHT_MAP_PAGE (page), x, y);
  /* where one stood is there the next time */
  shumate_viewport_set_zoom_level (viewport, 16);
  shumate_location_set_location (SHUMATE_LOCATION (viewport), 31.245, 34.605);
  gtk_window_destroy (GTK_WINDOW (window));
  page = sht_map_page_new (session);
  g_object_ref_sink (page);
  viewport = shumate_map_get_viewport (sht_map_page_get_map (SHT_MAP_PAGE (page)));
  g_assert_cmpfloat (shumate_viewport_get_zoom_level (viewport), ==, 16);
  g_assert_cmpfloat_with_epsilon (shumate_location_get_latitude (SHUMATE_LOCATION (viewport)), 31.245, 1e-9);
  g_object_unref (page);
  g_object_set_data (G_OBJECT (session), "sht-map-view", NULL);
}

/* The colour in the middle of the selected ticket's sign, which nothing is drawn on there. */
static guint32
sign_colour (ShtMapPage *page)
{
  GtkWidget *sign = find_type (GTK_WIDGET (sht_map_page_get_layer (page)), GTK_TYPE_PICTURE);
  GdkTexture *texture = GDK_TEXTURE (gtk_picture_get_paintable (GTK_PICTURE (sign)));
  int width = gdk_texture_get_width (texture), height = gdk_texture_get_height (texture);
  g_autofree guint32 *pixels = g_new (guint32, width * height);

  gdk_texture_download (texture, (guchar *) pixels, (gsize) width * 4);
  return pixels[height / 2 * width + width / 2];
}

/* Other colours, as in the sun, are the signs' at once. */
static void
test_colours (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  GtkWidget *page = sht_map_page_new (session), *window = open_window (page, 1000, 700);
  guint32 before;

  frames = 0;
  gtk_widget_add_tick_callback (page, count_frame, NULL, NULL);
  wait_for (shows_two, page);
  wait_for (can_pick, page);
  sht_ticket_layer_set_selected (sht_map_page_get_layer (SHT_MAP_PAGE (page)), A);
  before = sign_colour (SHT_MAP_PAGE (page));
  gtk_css_provider_load_from_data (provider, "@define-color sht_status_on_the_way #123456;"
                                             "@define-color sht_status_on_the_way_fg #123456;", -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
  g_object_notify (G_OBJECT (adw_style_manager_get_default ()), "dark");
  g_assert_cmphex (sign_colour (SHT_MAP_PAGE (page)) & 0xffffff, ==, 0x123456);
  gtk_style_context_remove_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider));
  g_object_notify (G_OBJECT (adw_style_manager_get_default ()), "dark");
  g_assert_cmphex (sign_colour (SHT_MAP_PAGE (page)), ==, before);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_set_data (G_OBJECT (session), "sht-map-view", NULL);
}

static gboolean
counts_are_told (gpointer unused)
{
  return sht_session_get_pending_operations (session) == 2 && sht_session_get_attention (session) == 2;
}

static void
test_sync (gconstpointer rtl)
{
  GtkWidget *page, *window;

  gtk_widget_set_default_direction (GPOINTER_TO_INT (rtl) ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  wait_for (counts_are_told, NULL);
  page = sht_sync_page_new (session);
  window = open_window (page, 800, 1000);
  g_assert_nonnull (find_text (page, "Waiting to be sent: 2 steps"));
  g_assert_nonnull (find_text (page, "2 steps"));
  g_assert_nonnull (find_text (page, "Pothole, HaZayit 12"));
  g_assert_nonnull (find_text (page, "refused"));
  g_assert_nonnull (find_text (page, "Lamp, HaGefen 3"));
  g_assert_nonnull (find_text (page, "The ticket is no longer open"));
  g_assert_nonnull (find_text (page, "Dana Levi"));
  g_assert_nonnull (find_text (page, sht_words_status (SHT_STATUS_DONE)));
  g_assert_nonnull (find_text (page, sht_words_status (SHT_STATUS_WAITING)));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_words (void)
{
  const struct
  {
    ShtWaiting waiting;
    const char *words;
  } cases[] = {
    { { .steps = 1 }, "1 step" },
    { { .steps = 3, .photos = 2, .bytes = 1400000 }, "3 steps and 2 photos (1.4 MB)" },
    { { .photos = 1 }, "1 photo" },
    { { .is_new = TRUE }, "A new report" },
    { { .is_new = TRUE, .photos = 1, .bytes = 1000 }, "A new report, 1 photo (1 KB)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = sht_waiting_words (&cases[i].waiting);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

/* A Russian reads 1.400 as one thousand and four hundred. */
static void
test_numbers (void)
{
  const struct
  {
    const char *language, *size, *distance, *number;
  } cases[] = { { "en", "1.4 MB", "2.1 km", "12.5" }, { "he", "1.4 MB", "2.1 km", "12.5" }, { "ru", "1,4 MB", "2,1 km", "12,5" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *size = NULL, *distance = NULL, *number = NULL;

      sht_words_set_language (cases[i].language);
      size = sht_words_size (1400000);
      distance = sht_words_distance (2130);
      number = sht_words_number (12.5, -1);
      g_assert_cmpstr (size, ==, cases[i].size);
      g_assert_cmpstr (distance, ==, cases[i].distance);
      g_assert_cmpstr (number, ==, cases[i].number);
    }
  sht_words_set_language ("en");
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
      GtkWidget *page = i % 2 == 0 ? sht_map_page_new (session) : sht_sync_page_new (session);
      GtkWidget *window = open_window (page, 900, 600);
      gpointer weak = page;
      gpointer layer = i % 2 == 0 ? (gpointer) sht_map_page_get_layer (SHT_MAP_PAGE (page))
                                  : (gpointer) find_type (page, SHT_TYPE_ATTENTION_LIST);

      g_object_add_weak_pointer (G_OBJECT (page), &weak);
      g_assert_nonnull (layer);
      g_object_add_weak_pointer (G_OBJECT (layer), &layer);
      for (int turn = 0; turn < i % 5 * 4; turn++)
        g_main_context_iteration (NULL, FALSE);
      gtk_window_destroy (GTK_WINDOW (window));
      wait_for (is_gone, &weak);
      wait_for (is_gone, &layer);
    }
}

static void
click (GtkWidget *page, const char *text)
{
  GtkWidget *label = find_text (page, text);

  g_assert_nonnull (label);
  g_signal_emit_by_name (gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON), "clicked");
}

static gboolean
shows_less (gpointer page)
{
  return find_text (page, "Keep mine") == NULL && find_text (page, "Send again") == NULL;
}

/* Each choice takes its row away, and what was chosen is in the store. */
static void
test_decide (void)
{
  GtkWidget *page = sht_sync_page_new (session);
  GtkWidget *window = open_window (page, 800, 1000);
  ShtStore *reader = sht_session_get_reader (session);
  g_autofree char *kept = NULL;
  gint64 count = 0;

  click (page, "Keep mine");
  click (page, "Send again");
  wait_for (shows_less, page);
  kept = sht_db_get_text (reader->db, NULL,
                          "SELECT (bytes ->> '$.fields.keep') || ' ' || (bytes ->> '$.fields.value') FROM op "
                          "WHERE kind = 'ticket.resolve'",
                          "");
  g_assert_cmpstr (kept, ==, "mine done");
  g_assert_true (sht_db_get_int (reader->db, &count, NULL,
                                 "SELECT count(*) FROM op WHERE kind = 'ticket.note' AND entity = ?1 AND state = 0", "s",
                                 B));
  g_assert_cmpint (count, ==, 1);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;
  int result;

  g_setenv ("LANGUAGE", "en", TRUE);
  sht_words_init ("/nonexistent");
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  adw_init ();
  folder = g_dir_make_tmp ("shetach-map-pages-XXXXXX", NULL);
  session = sht_session_new (folder, &error);
  g_assert_no_error (error);
  sht_session_do_async (session, fill_store, NULL, NULL, on_done, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_test_add_data_func ("/map-pages/map/ltr", GINT_TO_POINTER (0), test_map);
  g_test_add_data_func ("/map-pages/map/rtl", GINT_TO_POINTER (1), test_map);
  g_test_add_func ("/map-pages/colours", test_colours);
  g_test_add_data_func ("/map-pages/sync/ltr", GINT_TO_POINTER (0), test_sync);
  g_test_add_data_func ("/map-pages/sync/rtl", GINT_TO_POINTER (1), test_sync);
  g_test_add_func ("/map-pages/words", test_words);
  g_test_add_func ("/map-pages/numbers", test_numbers);
  g_test_add_func ("/map-pages/freed", test_freed);
  g_test_add_func ("/map-pages/sync/decided", test_decide);
  result = g_test_run ();
  g_clear_object (&session);
  g_free (shown);
  return result;
}
