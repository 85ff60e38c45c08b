/* SPDX-License-Identifier: GPL-3.0-or-later */
/* live STORE: the window's session without a window. It takes lines `note TICKET TEXT`, `photo TICKET FILE` and
 * `status TICKET STATUS`, answers each with `ok` or `no` when it is durable or refused, and ends with its input. */
#include "core/json.h"
#include "tablet/session/session.h"

#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <unistd.h>

typedef struct
{
  ShtSession *session;     /* (owned) */
  GDataInputStream *input; /* (owned) */
  GMainLoop *loop;         /* (owned) */
} Live;

static void read_on (Live *live);

static void
answer (Live *live, gboolean ok, GError *error)
{
  if (!ok)
    g_printerr ("live: %s\n", error->message);
  g_print ("%s\n", ok ? "ok" : "no");
  fflush (stdout);
  read_on (live);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = sht_session_do_finish (SHT_SESSION (source), result, &error);

  answer (data, ok, error);
}

static void
on_attached (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) warnings = NULL;
  gboolean already = FALSE;
  gboolean ok = sht_session_attach_finish (SHT_SESSION (source), result, &warnings, &already, &error);

  answer (data, ok, error);
}

static void
set_status (Live *live, const char *ticket, const char *status)
{
  ShtOperation *op = sht_store_new_operation (sht_session_get_reader (live->session), SHT_KIND_TICKET_STATUS, ticket);

  json_object_set_string_member (op->fields, "want", status);
  sht_session_act_async (live->session, op, on_done, live);
}

static void
on_line (GObject *source, GAsyncResult *result, gpointer data)
{
  Live *live = data;
  g_autofree char *line = g_data_input_stream_read_line_finish (live->input, result, NULL, NULL);
  g_auto (GStrv) words = line != NULL ? g_strsplit (line, " ", 3) : NULL;

  if (words == NULL || g_strv_length (words) < 3)
    g_main_loop_quit (live->loop);
  else if (g_str_equal (words[0], "note"))
    sht_session_note_async (live->session, words[1], words[2], on_done, live);
  else if (g_str_equal (words[0], "photo"))
    sht_session_attach_async (live->session, words[1], words[2], "after", words[2], on_attached, live);
  else
    set_status (live, words[1], words[2]);
}

static void
read_on (Live *live)
{
  g_data_input_stream_read_line_async (live->input, G_PRIORITY_DEFAULT, NULL, on_line, live);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) in = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  Live live = { sht_session_new (argv[1], &error), g_data_input_stream_new (in), g_main_loop_new (NULL, FALSE) };

  g_assert_no_error (error);
  read_on (&live);
  g_main_loop_run (live.loop);
  sht_session_close (live.session);
  g_object_unref (live.session);
  g_object_unref (live.input);
  g_main_loop_unref (live.loop);
  return 0;
}
