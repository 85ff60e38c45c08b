/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server in a thread of its own, and clients that write to sockets byte by byte. */
#pragma once

#include "platform/http-server.h"

#include <string.h>

/* Nothing here takes longer unless it is broken. */
#define PATIENCE_S 120

typedef struct
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  ShtHttpServer *server;
  void (*setup) (ShtHttpServer *server, gpointer data);
  gpointer data;
  ShtHttpLimits limits;
  GMutex lock;
  GCond ready;
  gboolean up;
} Served;

static inline gpointer
served_thread (gpointer data)
{
  Served *served = data;
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (served->context);
  served->server = sht_http_server_new (&served->limits);
  served->setup (served->server, served->data);
  sht_http_server_listen (served->server, "127.0.0.1:0", FALSE, &error);
  g_assert_no_error (error);
  g_mutex_lock (&served->lock);
  served->up = TRUE;
  g_cond_signal (&served->ready);
  g_mutex_unlock (&served->lock);
  g_main_loop_run (served->loop);
  g_object_unref (served->server);
  while (g_main_context_iteration (served->context, FALSE))
    continue;
  g_main_context_pop_thread_default (served->context);
  return NULL;
}

static inline Served *
served_start (const ShtHttpLimits *limits, void (*setup) (ShtHttpServer *, gpointer), gpointer data)
{
  Served *served = g_new0 (Served, 1);

  served->limits = *limits;
  served->setup = setup;
  served->data = data;
  served->context = g_main_context_new ();
  served->loop = g_main_loop_new (served->context, FALSE);
  g_mutex_init (&served->lock);
  g_cond_init (&served->ready);
  served->thread = g_thread_new ("server", served_thread, served);
  g_mutex_lock (&served->lock);
  while (!served->up)
    g_cond_wait (&served->ready, &served->lock);
  g_mutex_unlock (&served->lock);
  return served;
}

static inline gboolean
served_quit (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static inline void
served_stop (Served *served)
{
  g_main_context_invoke (served->context, served_quit, served->loop);
  g_thread_join (served->thread);
  g_main_loop_unref (served->loop);
  g_main_context_unref (served->context);
  g_mutex_clear (&served->lock);
  g_cond_clear (&served->ready);
  g_free (served);
}

static inline GSocketConnection *
dial (Served *served)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection;

  g_socket_client_set_timeout (client, PATIENCE_S);
  connection = g_socket_client_connect_to_host (
    client, sht_http_server_get_uri (served->server) + strlen ("http://"), 80, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

/* Whether the server took it all; it may have given up, and the answer tells why. */
static inline gboolean
say_bytes (GSocketConnection *connection, const void *data, gsize length)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  return g_output_stream_write_all (out, data, length, NULL, NULL, NULL);
}

static inline void
say (GSocketConnection *connection, const char *text)
{
  say_bytes (connection, text, strlen (text));
}

/* Everything until the server closes; a timeout fails the test. */
static inline char *
hear_all (GSocketConnection *connection)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GString *text = g_string_new (NULL);
  char buffer[4096];
  gssize n;
  g_autoptr (GError) error = NULL;

  while ((n = g_input_stream_read (in, buffer, sizeof buffer, NULL, &error)) > 0)
    g_string_append_len (text, buffer, n);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    g_assert_no_error (error);
  return g_string_free (text, FALSE);
}

/* One response: its headers, and as much body as they announce. */
static inline char *
hear_one (GSocketConnection *connection, gboolean head)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GString *text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const char *length;
  char byte;
  gsize rest;

  while (strstr (text->str, "\r\n\r\n") == NULL &&
         g_input_stream_read (in, &byte, 1, NULL, &error) == 1)
    g_string_append_c (text, byte);
  g_assert_no_error (error);
  length = strstr (text->str, "Content-Length: ");
  rest = length != NULL && !head ? (gsize)g_ascii_strtoull (length + 16, NULL, 10) : 0;
  for (; rest > 0 && g_input_stream_read (in, &byte, 1, NULL, &error) == 1; rest--)
    g_string_append_c (text, byte);
  g_assert_no_error (error);
  return g_string_free (text, FALSE);
}

static inline guint
status_of (const char *response)
{
  g_assert_true (g_str_has_prefix (response, "HTTP/1."));
  return (guint)g_ascii_strtoull (response + 9, NULL, 10);
}

static inline void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in “%s”", part, text);
}

/* A value that the server's thread sets and the test waits for. */
typedef struct
{
  GMutex lock;
  GCond cond;
  int value;
} Flag;

static inline void
flag_add (Flag *flag)
{
  g_mutex_lock (&flag->lock);
  flag->value++;
  g_cond_broadcast (&flag->cond);
  g_mutex_unlock (&flag->lock);
}

static inline void
flag_wait (Flag *flag, int value)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;

  g_mutex_lock (&flag->lock);
  while (flag->value < value)
    g_assert_true (g_cond_wait_until (&flag->cond, &flag->lock, end));
  g_mutex_unlock (&flag->lock);
}
