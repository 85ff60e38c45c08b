/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A tablet's store for the pages: a hub with the sample town is served, and a tablet enrolled and synced by the command
 * line; the session over it begins without the hub. Programs over it are called with HUB CTL ltr|rtl. */

#include "core/json.h"
#include "tablet/ui/ticket/ticket-page.h"

#include <gio/gio.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#define PATIENCE_US (120 * G_USEC_PER_SEC)

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

static inline char *
ticket_with (const char *status)
{
  char *id = sht_db_get_text (sht_session_get_reader (session)->db, NULL,
                              "SELECT id FROM ticket WHERE status = ?1 AND open = 1 ORDER BY row LIMIT 1", "s", status);

  g_assert_nonnull (id);
  return id;
}

static inline gint64
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

static inline Shown
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

static inline gboolean
newest_is (gpointer data)
{
  Newest *newest = data;
  ShtJourneyRow *row = sht_journey_get_newest (sht_ticket_page_get_journey (SHT_TICKET_PAGE (newest->page)));

  return row != NULL && g_strcmp0 (sht_journey_row_get_kind (row), newest->kind) == 0
         && g_strcmp0 (sht_journey_row_get_state (row), newest->state) == 0;
}

static inline gboolean
has_steps (gpointer page)
{
  ShtJourney *journey = sht_ticket_page_get_journey (page);

  return sht_journey_get_length (journey) > 0 && sht_journey_is_settled (journey);
}

static inline char *
make_picture (guint32 colour)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 640, 480);
  g_autofree char *name = g_strdup_printf ("pothole-%08x.jpg", colour);
  char *path = g_build_filename (top, name, NULL);

  gdk_pixbuf_fill (pixbuf, colour);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "jpeg", NULL, NULL));
  return path;
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

/* Returns: %FALSE when there is no display, and then that was said */
static gboolean
start (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 4);
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
      return FALSE;
    }
  adw_init ();
  gtk_widget_set_default_direction (g_str_equal (argv[3], "rtl") ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  top = g_dir_make_tmp ("test-ticket-XXXXXX", &error);
  g_assert_no_error (error);
  make_store ();
  session = sht_session_new (store, &error);
  g_assert_no_error (error);
  sht_session_set_offline (session, TRUE);
  return TRUE;
}

static int
run_tests (void)
{
  int rc = g_test_run ();

  /* The session stays: finalising it while its thread still has something to tell is a race in session.c. */
  g_subprocess_send_signal (hub, SIGTERM);
  g_subprocess_wait (hub, NULL, NULL);
  if (display != NULL)
    g_subprocess_send_signal (display, SIGTERM);
  g_free (run ("rm", "-rf", top, NULL));
  return rc;
}
