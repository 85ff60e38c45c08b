/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ticket and report pages on a real store: a hub with the sample town is served, a tablet enrolled and
 * synced by the command line, and then the pages are driven through their widgets, first without the hub.
 * test-ticket HUB CTL ltr|rtl */

#include "tests/ui/ticket-fixture.h"

#include "tablet/store/clock.h"
#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/report/place-map.h"
#include "tablet/ui/report/report-page.h"
#include "tablet/ui/report/report-where.h"
#include "tablet/ui/ticket/say-event.h"
#include "tablet/ui/ticket/note-box.h"

#include <stdlib.h>
#include <time.h>

#define OPENINGS 50
#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

/* --- tests --- */

static void
test_main_button (void)
{
  g_autofree char *ticket = ticket_with ("assigned");
  Shown shown = show_page (sht_ticket_page_new (session));
  Newest wanted = { shown.page, "status", "on_device" };
  guint before;

  sht_ticket_page_set_ticket (shown.page, ticket);
  wait_for (has_steps, shown.page, "the journey");
  before = sht_journey_get_length (sht_ticket_page_get_journey (SHT_TICKET_PAGE (shown.page)));
  g_assert_cmpint (sht_ticket_page_get_status (SHT_TICKET_PAGE (shown.page)), ==, SHT_STATUS_ASSIGNED);
  g_assert_cmpint (count_operations ("ticket.status", 0), ==, 0);
  g_signal_emit_by_name (sht_ticket_page_get_main_button (SHT_TICKET_PAGE (shown.page)), "clicked");
  /* The second half of a double tap is not a second step. */
  g_signal_emit_by_name (sht_ticket_page_get_main_button (SHT_TICKET_PAGE (shown.page)), "clicked");
  wait_for (newest_is, &wanted, "the step in the journey, on this tablet");
  g_assert_cmpint (sht_ticket_page_get_status (SHT_TICKET_PAGE (shown.page)), ==, SHT_STATUS_ON_THE_WAY);
  g_assert_cmpint (count_operations ("ticket.status", 0), ==, 1);
  g_assert_cmpuint (sht_journey_get_length (sht_ticket_page_get_journey (SHT_TICKET_PAGE (shown.page))), ==,
                    before + 1);
  g_assert_true (sht_ticket_page_can_undo (SHT_TICKET_PAGE (shown.page), SHT_STATUS_IN_PROGRESS));
  g_assert_false (sht_ticket_page_can_undo (SHT_TICKET_PAGE (shown.page), SHT_STATUS_FORWARDED));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static GtkLabel *
first_label (GtkWidget *widget)
{
  GtkLabel *found = GTK_IS_LABEL (widget) ? GTK_LABEL (widget) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL; child = gtk_widget_get_next_sibling (child))
    found = first_label (child);
  return found;
}

/* The store may be busy for seconds: the button names what its next tap does all the same. */
static void
test_impatient (void)
{
  g_autofree char *ticket = ticket_with ("assigned");
  Shown shown = show_page (sht_ticket_page_new (session));
  Newest wanted = { shown.page, "status", "on_device" };
  GtkWidget *button = sht_ticket_page_get_main_button (SHT_TICKET_PAGE (shown.page));
  g_autofree char *before = NULL, *told = NULL;

  sht_ticket_page_set_ticket (shown.page, ticket);
  wait_for (has_steps, shown.page, "the journey");
  before = g_strdup (gtk_label_get_text (first_label (button)));
  g_signal_emit_by_name (button, "clicked");
  told = g_strdup (gtk_label_get_text (first_label (button)));
  g_assert_cmpstr (told, !=, before);
  wait_for (newest_is, &wanted, "the step in the journey, on this tablet");
  g_assert_cmpstr (gtk_label_get_text (first_label (button)), ==, told);
  g_free (run (ctl_exe, "--store", store, "undo", ticket, NULL));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static gboolean
has_stepped (gpointer before)
{
  return count_operations ("ticket.status", 0) > *(gint64 *) before;
}

/* Another has gone on since the page was drawn: the step says what the page showed. */
static void
test_not_drawn_yet (void)
{
  g_autofree char *ticket = ticket_with ("on_the_way");
  Shown shown = show_page (sht_ticket_page_new (session));
  g_autofree char *seen = NULL;
  gint64 before;

  sht_ticket_page_set_ticket (shown.page, ticket);
  wait_for (has_steps, shown.page, "the journey");
  g_free (run (ctl_exe, "--store", store, "status", ticket, "in_progress", NULL));
  before = count_operations ("ticket.status", 0);
  g_signal_emit_by_name (sht_ticket_page_get_main_button (SHT_TICKET_PAGE (shown.page)), "clicked");
  wait_for (has_stepped, &before, "the step");
  seen = sht_db_get_text (sht_session_get_reader (session)->db, NULL,
                          "SELECT bytes ->> '$.fields.seen' FROM op WHERE kind = 'ticket.status' ORDER BY n DESC LIMIT 1", "");
  g_assert_cmpstr (seen, ==, "on_the_way");
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static GtkWidget *
find_toasts (GtkWidget *widget)
{
  GtkWidget *found = ADW_IS_TOAST_OVERLAY (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_toasts (child);
  return found;
}

/* Whether words that begin so stand in a widget. */
static gboolean
is_told (GtkWidget *widget, const char *begin)
{
  gboolean told = GTK_IS_LABEL (widget) && g_str_has_prefix (gtk_label_get_text (GTK_LABEL (widget)), begin);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !told; child = gtk_widget_get_next_sibling (child))
    told = is_told (child, begin);
  return told;
}

static gboolean
before_is_told (gpointer page)
{
  return is_told (page, "What was before");
}

static gboolean
only_step_is_told (gpointer page)
{
  g_autofree char *begin = g_strdup_printf ("%s · ", sht_words_status (SHT_STATUS_ON_THE_WAY));

  return is_told (page, begin) && !before_is_told (page);
}

/* A toast that would stay for ever gives way to the next one. */
static void
test_newest_toast (void)
{
  g_autofree char *ticket = ticket_with ("assigned");
  Shown shown = show_page (sht_ticket_page_new (session));
  AdwToast *before = sht_letters_toast_new ("What was before");

  sht_ticket_page_set_ticket (shown.page, ticket);
  wait_for (has_steps, shown.page, "the journey");
  adw_toast_set_timeout (before, 0);
  sht_letters_toast_show (find_toasts (shown.page), before);
  wait_for (before_is_told, shown.page, "the first toast");
  sht_ticket_page_step (SHT_TICKET_PAGE (shown.page), SHT_STATUS_ON_THE_WAY, NULL, NULL, NULL);
  wait_for (only_step_is_told, shown.page, "the step's toast alone");
  /* It goes out of the way of what has a button where it stood. */
  sht_cover_show (sht_ticket_page_get_main_button (SHT_TICKET_PAGE (shown.page)), gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  g_assert_true (gtk_widget_has_css_class (find_toasts (shown.page), "above-bar"));
  sht_cover_hide (sht_ticket_page_get_main_button (SHT_TICKET_PAGE (shown.page)));
  g_assert_false (gtk_widget_has_css_class (find_toasts (shown.page), "above-bar"));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static void
test_photo (void)
{
  g_autofree char *ticket = ticket_with ("assigned");
  g_autofree char *picture = make_picture (0x80604000);
  Shown shown = show_page (sht_ticket_page_new (session));
  Newest wanted = { shown.page, "photo", "on_device" };

  sht_ticket_page_set_ticket (shown.page, ticket);
  sht_ticket_page_attach (SHT_TICKET_PAGE (shown.page), picture, "before");
  wait_for (newest_is, &wanted, "the photo in the journey");
  g_assert_cmpint (count_operations ("photo.attach", 0), ==, 1);
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static gboolean
has_two (gpointer unused)
{
  return count_operations ("photo.attach", 0) >= 2;
}

static gboolean
has_three (gpointer unused)
{
  return count_operations ("photo.attach", 0) >= 3;
}

/* What is dropped from a file manager, and what is pasted: a file, or a picture without one. */
static void
test_dropped_and_pasted (void)
{
  g_autofree char *ticket = ticket_with ("assigned");
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 200, 100);
  g_autoptr (GdkTexture) texture = gdk_texture_new_for_pixbuf (pixbuf);
  Shown shown = show_page (sht_ticket_page_new (session));
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (shown.page);
  g_autofree char *path = make_picture (0x20608000);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GSList *files = g_slist_prepend (NULL, file);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (shown.page);
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;
  g_autofree char *roles = NULL;

  sht_ticket_page_set_ticket (shown.page, ticket);
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, files);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) one = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (one))
        g_signal_emit_by_name (one, "drop", &value, 10.0, 10.0, &taken);
    }
  g_slist_free (files);
  g_assert_true (taken);
  wait_for (has_two, NULL, "what was dropped");
  gdk_clipboard_set_texture (clipboard, texture);
  g_assert_true (sht_ticket_page_paste (SHT_TICKET_PAGE (shown.page)));
  wait_for (has_three, NULL, "what was pasted");
  roles = sht_db_get_text (sht_session_get_reader (session)->db, NULL,
                           "SELECT group_concat (doc ->> 'role') FROM photo WHERE id IN (SELECT json_extract (bytes, "
                           "'$.fields.photo.id') FROM op WHERE kind = 'photo.attach')", "");
  g_assert_cmpstr (roles, ==, "before,before,before");
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static gboolean
has_attached (gpointer before)
{
  return count_operations ("photo.attach", 0) > *(gint64 *) before;
}

/* A clipboard may take its time: what is pasted is for the ticket that was shown then. */
static void
test_pasted_and_went_on (void)
{
  g_autofree char *ticket = ticket_with ("assigned"), *other = ticket_with ("on_the_way");
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 100, 200);
  g_autoptr (GdkTexture) texture = NULL;
  Shown shown = show_page (sht_ticket_page_new (session));
  gint64 before = count_operations ("photo.attach", 0);
  g_autofree char *attached = NULL, *role = NULL;

  g_free (run (ctl_exe, "--store", store, "status", other, "in_progress", NULL));
  gdk_pixbuf_fill (pixbuf, 0x60802000);
  texture = gdk_texture_new_for_pixbuf (pixbuf);
  sht_ticket_page_set_ticket (shown.page, ticket);
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (shown.page), texture);
  g_assert_true (sht_ticket_page_paste (SHT_TICKET_PAGE (shown.page)));
  sht_ticket_page_set_ticket (shown.page, other);
  wait_for (has_attached, &before, "what was pasted");
  attached = sht_db_get_text (sht_session_get_reader (session)->db, NULL,
                              "SELECT ticket FROM op WHERE kind = 'photo.attach' ORDER BY n DESC LIMIT 1", "");
  g_assert_cmpstr (attached, ==, ticket);
  role = sht_db_get_text (sht_session_get_reader (session)->db, NULL,
                          "SELECT bytes ->> '$.fields.photo.role' FROM op WHERE kind = 'photo.attach' ORDER BY n DESC LIMIT 1", "");
  g_assert_cmpstr (role, ==, "before");
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static gboolean
is_drafted (gpointer unused)
{
  g_autofree char *draft = sht_store_read_note (sht_session_get_reader (session), "a");

  return draft != NULL;
}

static void
test_draft (void)
{
  GtkWidget *box = g_object_ref_sink (sht_note_box_new (session)), *later = g_object_ref_sink (sht_note_box_new (session));
  ShtNoteBox *note = SHT_NOTE_BOX (box);
  g_autofree char *one = NULL, *other = NULL, *sent = NULL, *kept = NULL;

  sht_note_box_set_ticket (note, "a");
  sht_note_box_write (note, "חצי הערה");
  sht_note_box_set_ticket (note, "b");
  other = sht_note_box_get_text (note);
  g_assert_cmpstr (other, ==, "");
  sht_note_box_set_ticket (note, "a");
  one = sht_note_box_get_text (note);
  g_assert_cmpstr (one, ==, "חצי הערה");
  /* As a window that is made anew, or a program that was killed, finds it. */
  wait_for (is_drafted, NULL, "the draft");
  sht_note_box_set_ticket (SHT_NOTE_BOX (later), "a");
  kept = sht_note_box_get_text (SHT_NOTE_BOX (later));
  g_assert_cmpstr (kept, ==, "חצי הערה");
  g_object_unref (later);
  sht_note_box_sent (note, "a", "חצי הערה");
  sent = sht_note_box_get_text (note);
  g_assert_cmpstr (sent, ==, "");
  g_object_unref (box);
}

static gboolean
is_saved (gpointer page)
{
  return sht_report_page_get_saved (page) != NULL;
}

/* The mark of a photo's step tells the photo's fingerprint. */
static gboolean
proves_photo (ShtStore *reader, JsonObject *view)
{
  JsonObject *photo = json_array_get_object_element (sht_json_array (view, "photos"), 0);
  JsonArray *events = sht_json_array (view, "events");
  g_autofree char *digits = g_strndup (sht_json_string (photo, "sha256"), 16);

  g_assert_nonnull (sht_json_string (photo, "thumb_sha256"));
  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);
      g_autofree char *proof = sht_say_proof (reader, event, 0);

      if (g_strcmp0 (sht_json_string (event, "kind"), "photo") == 0 && strstr (proof, digits) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
test_report (void)
{
  Shown shown = show_page (sht_report_page_new (session));
  ShtStore *reader = sht_session_get_reader (session);
  g_autofree char *picture = make_picture (0x80604000);
  g_autoptr (JsonObject) view = NULL;

  gtk_widget_activate_action (shown.page, "report.save", NULL);
  g_assert_cmpint (count_operations ("ticket.create", 0), ==, 0);
  sht_report_page_set_photo (SHT_REPORT_PAGE (shown.page), picture);
  g_assert_true (sht_report_page_is_importing (SHT_REPORT_PAGE (shown.page)));
  gtk_widget_activate_action (shown.page, "report.kind", "s", "road-hole");
  /* Saved while the photo is still being read: it is waited for. */
  gtk_widget_activate_action (shown.page, "report.save", NULL);
  wait_for (is_saved, shown.page, "the report to be saved");
  g_assert_cmpint (count_operations ("ticket.create", 0), ==, 1);
  view = sht_store_ticket_view (reader, sht_report_page_get_saved (SHT_REPORT_PAGE (shown.page)), NULL);
  g_assert_cmpstr (sht_json_string (view, "service"), ==, "road-hole");
  g_assert_cmpuint (json_array_get_length (sht_json_array (view, "photos")), ==, 1);
  g_assert_true (proves_photo (reader, view));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static gboolean
is_true (gpointer flag)
{
  return *(gboolean *) flag;
}

static gboolean
is_kept (gpointer words)
{
  g_autofree char *draft = sht_store_get_text (sht_session_get_reader (session), "report_draft");

  return draft != NULL && strstr (draft, words) != NULL;
}

static gboolean
do_nothing (ShtStore *its_store, gpointer data, GError **error)
{
  return TRUE;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer done)
{
  g_assert_true (sht_session_do_finish (SHT_SESSION (source), result, NULL));
  *(gboolean *) done = TRUE;
}

static gint64
now_a_day_later (gpointer data)
{
  return sht_store_world ()->now_ms (data) + DAY_MS;
}

static gint64
boot_a_day_later (gpointer data)
{
  return sht_store_world ()->boot_ms (data) + DAY_MS;
}

static gboolean
do_agree (ShtStore *its_store, gpointer ticket, GError **error)
{
  gint64 from = sht_store_hub_now (its_store) + DAY_MS;
  ShtStmt *stmt = sht_db_query (its_store->db,
                                "UPDATE ticket SET doc = json_set (doc, '$.visit', json_object ('from', ?2, 'to', ?3)) WHERE id = ?1",
                                "sii", ticket, from, from + 1000);

  while (sht_stmt_step (stmt))
    ;
  return sht_stmt_end (stmt, error);
}

/* A ticket that is left open over night: its visit is not tomorrow any more. */
static void
test_visit_next_day (void)
{
  g_autofree char *ticket = ticket_with ("assigned");
  ShtStore *reader = sht_session_get_reader (session);
  ShtStoreWorld world = reader->world;
  Shown shown = show_page (sht_ticket_page_new (session));
  gboolean done = FALSE;

  sht_session_do_async (session, do_agree, ticket, NULL, on_done, &done);
  wait_for (is_true, &done, "the visit");
  sht_ticket_page_set_ticket (shown.page, ticket);
  g_assert_true (is_told (shown.page, "tomorrow "));
  reader->world.now_ms = now_a_day_later;
  reader->world.boot_ms = boot_a_day_later;
  sht_ticket_page_refresh (SHT_TICKET_PAGE (shown.page));
  g_assert_false (is_told (shown.page, "tomorrow "));
  reader->world = world;
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static gboolean
is_placed (gpointer page)
{
  return sht_report_where_is_placed (SHT_REPORT_WHERE (sht_report_page_get_where (page)));
}

/* A window that is gone has it again, and the report is where the pin was put. */
static void
test_report_draft (void)
{
  Shown shown = show_page (sht_report_page_new (session));
  ShtReportWhere *where = SHT_REPORT_WHERE (sht_report_page_get_where (SHT_REPORT_PAGE (shown.page)));
  g_autoptr (JsonObject) doc = NULL;
  gint64 lat_e7 = 0, lon_e7 = 0;
  gboolean done = FALSE;

  g_assert_true (sht_report_where_get (where, &lat_e7, &lon_e7));
  g_assert_false (sht_report_where_is_placed (where));
  gtk_widget_activate_action (shown.page, "report.kind", "s", "road-hole");
  sht_place_map_drag (SHT_PLACE_MAP (sht_report_where_get_map (where)), lat_e7 + 20000, lon_e7 - 10000);
  g_assert_true (sht_report_where_is_placed (where));
  wait_for (is_kept, (gpointer) "lat_e7", "the draft to be kept");
  gtk_window_destroy (GTK_WINDOW (shown.window));
  shown = show_page (sht_report_page_new (session));
  wait_for (is_placed, shown.page, "the draft to come back");
  gtk_widget_activate_action (shown.page, "report.save", NULL);
  wait_for (is_saved, shown.page, "the report to be saved");
  doc = sht_store_get (sht_session_get_reader (session), "ticket",
                       sht_report_page_get_saved (SHT_REPORT_PAGE (shown.page)), NULL);
  g_assert_cmpint (sht_json_int (doc, "lat_e7", 0), ==, lat_e7 + 20000);
  g_assert_cmpint (sht_json_int (doc, "lon_e7", 0), ==, lon_e7 - 10000);
  g_assert_false (is_placed (shown.page));
  /* Whatever the page asked of the store before this is done by then: nothing was kept anew. */
  sht_session_do_async (session, do_nothing, NULL, NULL, on_done, &done);
  wait_for (is_true, &done, "the store");
  g_assert_false (is_kept ((gpointer) "ticket"));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static gboolean
do_forget (ShtStore *its_store, gpointer ticket, GError **error)
{
  return sht_store_draft_note (its_store, ticket, "", error);
}

/* A ticket that left took its words along, and has come back. */
static void
test_draft_that_left (void)
{
  GtkWidget *box = g_object_ref_sink (sht_note_box_new (session));
  ShtNoteBox *note = SHT_NOTE_BOX (box);
  g_autofree char *back = NULL;
  gboolean done = FALSE;

  sht_note_box_set_ticket (note, "a");
  sht_note_box_write (note, "by the gate");
  sht_note_box_set_ticket (note, NULL);
  sht_session_do_async (session, do_forget, (gpointer) "a", NULL, on_done, &done);
  wait_for (is_true, &done, "the store");
  sht_note_box_set_ticket (note, "a");
  back = sht_note_box_get_text (note);
  g_assert_cmpstr (back, ==, "");
  g_object_unref (box);
}

static gboolean
is_gone (gpointer pointer)
{
  return *(gpointer *) pointer == NULL;
}

static void
test_freed (void)
{
  g_autofree char *ticket = ticket_with ("assigned");

  for (guint i = 0; i < OPENINGS; i++)
    {
      gboolean report = i % 2 == 1;
      Shown shown = show_page (report ? sht_report_page_new (session) : sht_ticket_page_new (session));
      gpointer page = shown.page, window = shown.window;

      g_object_add_weak_pointer (G_OBJECT (page), &page);
      g_object_add_weak_pointer (G_OBJECT (window), &window);
      if (!report)
        sht_ticket_page_set_ticket (shown.page, ticket);
      gtk_window_destroy (GTK_WINDOW (shown.window));
      wait_for (is_gone, &page, "the page to be freed");
      wait_for (is_gone, &window, "the window to be freed");
    }
}

static void
on_painted (GdkFrameClock *clock, gpointer painted)
{
  *(gboolean *) painted = TRUE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return (*(const double *) a > *(const double *) b) - (*(const double *) a < *(const double *) b);
}

static void
say_spread (const char *what, GArray *times)
{
  g_array_sort (times, compare);
  g_test_message ("%s: median %.1f ms (min %.1f, max %.1f, n %u)", what, g_array_index (times, double, times->len / 2),
                  g_array_index (times, double, 0), g_array_index (times, double, times->len - 1), times->len);
}

/* What this thread has worked, whatever others did on the machine meanwhile. */
static double
worked_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

static double
time_frame (GtkWidget *page, GdkFrameClock *clock, const char *ticket, double *own)
{
  gboolean painted = FALSE;
  gint64 start = g_get_monotonic_time ();
  double worked = worked_ms ();
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_painted), &painted);

  sht_ticket_page_set_ticket (page, ticket);
  gtk_widget_queue_draw (page);
  wait_for (is_true, &painted, "the frame");
  *own = worked_ms () - worked;
  g_signal_handler_disconnect (clock, handler);
  return (double) (g_get_monotonic_time () - start) / 1000;
}

static void
test_opens_at_once (void)
{
  Shown shown = show_page (sht_ticket_page_new (session));
  ShtStmt *stmt = sht_db_query (sht_session_get_reader (session)->db, "SELECT id FROM ticket LIMIT 31", "");
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (shown.page);

  while (sht_stmt_step (stmt))
    g_ptr_array_add (ids, sht_stmt_dup (stmt, 0));
  g_assert_true (sht_stmt_end (stmt, NULL));
  for (guint i = 0; i < ids->len; i++)
    {
      double worked;
      double whole = time_frame (shown.page, clock, g_ptr_array_index (ids, i), &worked);

      g_array_append_val (times, whole);
      g_array_append_val (own, worked);
    }
  say_spread ("opening a ticket until its frame is painted", times);
  say_spread ("of that, the processor's time of the page's thread", own);
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static void
test_confirmed (void)
{
  g_autofree char *ticket = sht_db_get_text (sht_session_get_reader (session)->db, NULL,
                                             "SELECT entity FROM op WHERE kind = 'ticket.status' LIMIT 1", "");
  Shown shown = show_page (sht_ticket_page_new (session));
  Newest wanted = { shown.page, "status", "confirmed" };

  sht_ticket_page_set_ticket (shown.page, ticket);
  sht_session_set_offline (session, FALSE);
  wait_for (newest_is, &wanted, "the mark to turn by itself");
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

int
main (int argc, char **argv)
{
  if (!start (argc, argv))
    return 0;
  g_test_add_func ("/ticket/main-button", test_main_button);
  g_test_add_func ("/ticket/impatient", test_impatient);
  g_test_add_func ("/ticket/not-drawn-yet", test_not_drawn_yet);
  g_test_add_func ("/ticket/newest-toast", test_newest_toast);
  g_test_add_func ("/ticket/photo", test_photo);
  g_test_add_func ("/ticket/dropped-and-pasted", test_dropped_and_pasted);
  g_test_add_func ("/ticket/pasted-and-went-on", test_pasted_and_went_on);
  g_test_add_func ("/ticket/draft", test_draft);
  g_test_add_func ("/ticket/draft-that-left", test_draft_that_left);
  g_test_add_func ("/ticket/visit-next-day", test_visit_next_day);
  g_test_add_func ("/ticket/opens-at-once", test_opens_at_once);
  g_test_add_func ("/ticket/freed", test_freed);
  g_test_add_func ("/report/save", test_report);
  g_test_add_func ("/report/draft", test_report_draft);
  g_test_add_func ("/sync/confirmed", test_confirmed);
  return run_tests ();
}
