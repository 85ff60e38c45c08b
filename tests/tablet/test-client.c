/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client that speaks with the hub, against a server in a thread of its own. */
#include "tablet/sync/client.h"
#include "tests/platform/http-fixture.h"

#define REQUESTS 300

static const ShtHttpLimits ROOMY = { 16 * 1024, 8000, 8000, 8000, 8000, 500, 64 };

static void
on_long (ShtHttpExchange *exchange, gpointer data)
{
  g_autofree char *text = g_strnfill (200000, 'a');
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  sht_http_exchange_respond (exchange, 200, "application/json", body);
}

static void
on_short (ShtHttpExchange *exchange, gpointer data)
{
  sht_http_exchange_respond_error (exchange, 404, "none", "There is no such thing.");
}

static void
setup (ShtHttpServer *server, gpointer data)
{
  sht_http_server_add_route (server, "GET", "/long", 0, 0, on_long, NULL);
  sht_http_server_add_route (server, "GET", "/short", 0, 0, on_short, NULL);
}

/* Each waits in a context of its own, while the connection stays open from one to the next. */
static gpointer
send_many (gpointer data)
{
  ShtClient *client = data;

  for (guint i = 0; i < REQUESTS; i++)
    {
      g_autoptr (ShtRequest) request = sht_request_new (SHT_LANE_PULL, "GET", i % 3 == 0 ? "/short" : "/long");
      g_autoptr (ShtAnswer) answer = NULL;

      request->timeout_s = PATIENCE_S;
      answer = sht_client_send (client, request);
      g_assert_cmpstr (answer->problem, ==, NULL);
      g_assert_cmpuint (answer->status, ==, i % 3 == 0 ? 404 : 200);
      if (i % 3 != 0)
        g_assert_cmpuint (g_bytes_get_size (answer->body), ==, 200000);
    }
  return NULL;
}

static void
test_one_after_the_other (void)
{
  Served *served = served_start (&ROOMY, setup, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtClient) client = sht_client_new (sht_http_server_get_uri (served->server), "token", &error);

  g_assert_no_error (error);
  send_many (client);
  g_clear_pointer (&client, sht_client_free);
  served_stop (served);
}

/* A hub that takes a single connection: each request on it is answered by 204. */
static gpointer
take_one (gpointer listener)
{
  g_autoptr (GSocketConnection) connection = g_socket_listener_accept (listener, NULL, NULL, NULL);
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  static const char answer[] = "HTTP/1.1 204 No Content\r\nUpload-Offset: 3\r\n\r\n";
  g_autoptr (GString) heard = g_string_new (NULL);
  guint answered = 0;
  char byte;

  while (g_input_stream_read (in, &byte, 1, NULL, NULL) == 1)
    {
      g_string_append_c (heard, byte);
      if (!g_str_has_suffix (heard->str, "\r\n\r\nabc"))
        continue;
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), answer, strlen (answer), NULL,
                                 NULL, NULL);
      g_string_truncate (heard, 0);
      answered++;
    }
  return GUINT_TO_POINTER (answered);
}

/* Each chunk of a photo is answered so: it does not cost a connection each, which is a handshake with TLS. */
static void
test_chunks_share (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", port);
  GThread *hub = g_thread_new ("hub", take_one, listener);
  ShtClient *client = sht_client_new (url, "token", &error);

  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (ShtRequest) request = sht_request_new (SHT_LANE_PHOTOS, "PATCH", "/v1/files/a");
      g_autoptr (ShtAnswer) answer = NULL;

      request->body = g_bytes_new_static ("abc", 3);
      request->content_type = "application/offset+octet-stream";
      request->timeout_s = 20;
      answer = sht_client_send (client, request);
      g_assert_cmpuint (answer->status, ==, 204);
    }
  sht_client_free (client);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (hub)), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/one-after-the-other", test_one_after_the_other);
  g_test_add_func ("/client/chunks-share", test_chunks_share);
  return g_test_run ();
}
