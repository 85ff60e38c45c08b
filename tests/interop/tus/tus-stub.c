/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hub that only takes files: tus-stub FOLDER. Prints its address, and ends with its standard
 * input. */
#include "hub/api/tus.h"
#include "platform/durable.h"

#include <glib-unix.h>
#include <unistd.h>

static char *
authenticate (gpointer data, ShtHttpExchange *exchange, GError **error)
{
  return g_strdup ("tablet");
}

static gboolean
may_create (gpointer data,
            const char *device,
            GHashTable *metadata,
            gint64 length,
            gboolean *already,
            GError **error)
{
  return TRUE;
}

static void
complete (gpointer data,
          const char *device,
          GHashTable *metadata,
          const char *path,
          const char *sha256,
          GAsyncReadyCallback callback,
          gpointer callback_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, callback_data);
  g_autofree char *to = g_build_filename (data, sha256, NULL);
  GError *error = NULL;

  if (sht_durable_rename (path, to, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
complete_finish (gpointer data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
on_input (int fd, GIOCondition condition, gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

int
main (int argc, char **argv)
{
  static const ShtTusBackend backend = { authenticate, may_create, complete, complete_finish };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (ShtHttpServer) server = sht_http_server_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtTus) tus = NULL;
  g_autofree char *uploads = NULL;

  if (argc != 2)
    return 2;
  uploads = g_build_filename (argv[1], "uploads", NULL);
  tus = sht_tus_new (uploads, "/v1/files", &backend, argv[1], &error);
  if (tus == NULL || !sht_http_server_listen (server, "127.0.0.1:0", FALSE, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  sht_tus_attach (tus, server);
  g_print ("%s\n", sht_http_server_get_uri (server));
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, loop);
  g_main_loop_run (loop);
  return 0;
}
