/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ticket and report pages on a real store: a hub with the sample town is served, a tablet enrolled and
 * synced by the command line, and then the pages are driven through their widgets, first without the hub.
 * test-ticket HUB CTL ltr|rtl */

#include "core/json.h"
#include "tablet/ui/report/place-map.h"
#include "tablet/ui/report/report-page.h"
#include "tablet/ui/report/report-where.h"
#include "tablet/ui/ticket/say-event.h"
#include "tablet/ui/ticket/note-box.h"
#include "tablet/ui/ticket/ticket-page.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#define PATIENCE_US (20 * G_USEC_PER_SEC)
#define OPENINGS 50

static const char *hub_exe, *ctl_exe;
static char *top, *store;
static GSubprocess *hub, *display;
static ShtSession *session;

typedef gboolean (*Condition) (gpointer data);

static void
wait_for (Condition met, gpointer data, const char *what)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (!met (data))
    {
      if (g_get_monotonic_time () > end)
        g_error ("waited in vain for %s", what);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (500);
    }
}

static char *
run (const char *program, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  const char *arg = program;
  char *out = NULL;
  va_list args;

  va_start (args, program);
  for (; arg != NULL; arg = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error));
  g_assert_true (g_subprocess_get_successful (process));
  return g_strstrip (out);
}

static void
die_with_parent (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

/* A server that ends with the test, also when that fails, and holds none of its pipes. */
static GSubprocess *
start_server (const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher
    = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  return g_subprocess_launcher_spawnv (launcher, argv, NULL);
}

static char *
first_line (GSubprocess *process)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  return g_data_input_stream_read_line (lines, NULL, NULL, NULL);
}

static void
make_store (void)
{
  g_autofree char *data = g_build_filename (top, "hub", NULL);
  g_autofree char *line = NULL, *code = NULL;
  const char *url;

  store = g_build_filename (top, "store", NULL);
  g_free (run (hub_exe, "sample", "--data", data, "--tickets", "200", "--seed", "4", "--date", "2025-01-15", NULL));
  hub = start_server ((const char *const[]) { hub_exe, "serve", "--data", data, "--listen", "127.0.0.1:0", NULL });
  line = first_line (hub);
  url = line != NULL ? strstr (line, "http://") : NULL;
  g_assert_nonnull (url);
  code = run (hub_exe, "enrol", "--data", data, "--crew", "roads-1", "--person", "worker-1", NULL);
  g_free (run (ctl_exe, "--store", store, "enrol", url, code, NULL));
  g_free (run (ctl_exe, "--store", store, "sync", NULL));
}

/* --- what is looked at --- */

static char *
ticket_with (const char *status)
{
  char *id = sht_db_get_text (sht_session_get_reader (session)->db, NULL,
                              "SELECT id FROM ticket WHERE status = ?1 AND open = 1 ORDER BY row LIMIT 1", "s", status);

  g_assert_nonnull (id);
  return id;
}

static gint64
count_operations (const char *kind, gint64 least_state)
{
  gint64 n = -1;

  g_assert_true (sht_db_get_int (sht_session_get_reader (session)->db, &n, NULL,
                                 "SELECT count(*) FROM op WHERE kind = ?1 AND state >= ?2", "si", kind, least_state));
  return n;
}

typedef struct
{
  GtkWidget *window;
  GtkWidget *page;
} Shown;

static gboolean
is_mapped (gpointer widget)
{
  return gtk_widget_get_mapped (widget);
}

static Shown
show_page (GtkWidget *page)
{
  Shown shown = { adw_window_new (), page };

  adw_window_set_content (ADW_WINDOW (shown.window), page);
  gtk_window_set_default_size (GTK_WINDOW (shown.window), 1280, 800);
  gtk_window_present (GTK_WINDOW (shown.window));
  wait_for (is_mapped, page, "the page to be mapped");
  return shown;
}

typedef struct
{
  GtkWidget *page;
  const char *kind;
  const char *state;
} Newest;

static gboolean
newest_is (gpointer data)
{
  Newest *newest = data;
  ShtJourneyRow *row = sht_journey_get_newest (sht_ticket_page_get_journey (SHT_TICKET_PAGE (newest->page)));

  return row != NULL && g_strcmp0 (sht_journey_row_get_kind (row), newest->kind) == 0
         && g_strcmp0 (sht_journey_row_get_state (row), newest->state) == 0;
}

static gboolean
has_steps (gpointer page)
{
  return sht_journey_get_length (sht_ticket_page_get_journey (page)) > 0;
}

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

static char *
make_picture_of (const char *name, guint32 colour)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 640, 480);
  char *path = g_build_filename (top, name, NULL);

  gdk_pixbuf_fill (pixbuf, colour);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "jpeg", NULL, NULL));
  return path;
}

static void
test_photo (void)
{
  g_autofree char *ticket = ticket_with ("assigned");
  g_autofree char *picture = make_picture_of ("pothole.jpg", 0x80604000);
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
  g_autofree char *path = make_picture_of ("dropped.jpg", 0x20608000);
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

static void
test_draft (void)
{
  GtkWidget *box = g_object_ref_sink (sht_note_box_new ());
  ShtNoteBox *note = SHT_NOTE_BOX (box);
  g_autofree char *one = NULL, *other = NULL, *sent = NULL;

  sht_note_box_set_ticket (note, "a");
  sht_note_box_write (note, "חצי הערה");
  sht_note_box_set_ticket (note, "b");
  other = sht_note_box_get_text (note);
  g_assert_cmpstr (other, ==, "");
  sht_note_box_set_ticket (note, "a");
  one = sht_note_box_get_text (note);
  g_assert_cmpstr (one, ==, "חצי הערה");
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
  g_autofree char *picture = make_picture_of ("pothole.jpg", 0x80604000);
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

static void
start_display (void)
{
  g_autofree char *number = NULL;
  g_autofree char *name = NULL;

  display = start_server ((const char *const[]) { "Xvfb", "-displayfd", "1", "-screen", "0", "1400x1000x24",
                                                   "-nolisten", "tcp", NULL });
  number = display != NULL ? first_line (display) : NULL;
  if (number == NULL)
    return;
  name = g_strconcat (":", number, NULL);
  g_setenv ("DISPLAY", name, TRUE);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int rc;

  g_test_init (&argc, &argv, NULL);
  if (argc != 4)
    return 2;
  hub_exe = argv[1];
  ctl_exe = argv[2];
  setlocale (LC_ALL, "C.UTF-8");
  g_setenv ("GDK_BACKEND", "x11", TRUE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  /* OpenGL in software takes longer for a frame than all of the page: it would be what is measured. */
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  start_display ();
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display: Xvfb is not installed\n");
      return 0;
    }
  adw_init ();
  gtk_widget_set_default_direction (g_str_equal (argv[3], "rtl") ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  top = g_dir_make_tmp ("test-ticket-XXXXXX", &error);
  g_assert_no_error (error);
  make_store ();
  session = sht_session_new (store, &error);
  g_assert_no_error (error);
  sht_session_set_offline (session, TRUE);
  g_test_add_func ("/ticket/main-button", test_main_button);
  g_test_add_func ("/ticket/photo", test_photo);
  g_test_add_func ("/ticket/dropped-and-pasted", test_dropped_and_pasted);
  g_test_add_func ("/ticket/draft", test_draft);
  g_test_add_func ("/ticket/opens-at-once", test_opens_at_once);
  g_test_add_func ("/ticket/freed", test_freed);
  g_test_add_func ("/report/save", test_report);
  g_test_add_func ("/report/draft", test_report_draft);
  g_test_add_func ("/sync/confirmed", test_confirmed);
  rc = g_test_run ();
  /* The session stays: finalising it while its thread still has something to tell is a race in session.c. */
  g_subprocess_send_signal (hub, SIGTERM);
  g_subprocess_wait (hub, NULL, NULL);
  if (display != NULL)
    g_subprocess_send_signal (display, SIGTERM);
  g_free (run ("rm", "-rf", top, NULL));
  return rc;
}
