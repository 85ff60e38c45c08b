/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http-fixture.h"

#define HOST "Host: x\r\n"

static const ShtHttpLimits ROOMY = { 16 * 1024, 8000, 8000, 8000, 8000, 500, 64 };

static Flag aborted, closed, waiting, chunks;
static ShtHttpExchange *parked;

static void
on_echo (ShtHttpExchange *exchange, gpointer data)
{
  sht_http_exchange_respond (exchange, 200, "text/plain", sht_http_exchange_get_body (exchange));
}

static void
on_hello (ShtHttpExchange *exchange, gpointer data)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("hello world", 11);

  sht_http_exchange_respond (exchange, 200, "text/plain", body);
  /* A second answer does nothing. */
  sht_http_exchange_respond_error (exchange, 500, "twice", "Twice.");
}

static void
on_lost (ShtHttpExchange *exchange, gpointer data)
{
  sht_http_exchange_set_header (exchange, "Cache-Control", "private, immutable");
  sht_http_exchange_respond_error (exchange, 404, "not_found", "Not here yet.");
}

static void
on_long (ShtHttpExchange *exchange, gpointer data)
{
  g_autofree char *text = g_strnfill (100000, 'a');
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  sht_http_exchange_respond (exchange, 200, "application/json", body);
}

static void
on_closed (ShtHttpExchange *exchange, gpointer data)
{
  sht_http_exchange_respond_error (exchange, 500, "late", "Late.");
  g_clear_object (&parked);
  flag_add (&closed);
}

static void
on_park (ShtHttpExchange *exchange, gpointer data)
{
  parked = g_object_ref (exchange);
  g_signal_connect (exchange, "closed", G_CALLBACK (on_closed), NULL);
  flag_add (&waiting);
}

static void
on_unpark (ShtHttpExchange *exchange, gpointer data)
{
  g_autoptr (ShtHttpExchange) other = g_steal_pointer (&parked);

  sht_http_exchange_respond_error (other, 460, "checksum", "Parked no more \"\n.");
  sht_http_exchange_respond (exchange, 204, NULL, NULL);
}

static void
stream_headers (ShtHttpExchange *exchange, gpointer data)
{
  if (sht_http_exchange_get_header (exchange, "Refuse") != NULL)
    sht_http_exchange_respond_error (exchange, 409, "conflict", "No.");
}

static void
stream_chunk (ShtHttpExchange *exchange, GBytes *bytes, gpointer data)
{
  flag_add (&chunks);
  if (memchr (g_bytes_get_data (bytes, NULL), '!', g_bytes_get_size (bytes)) != NULL)
    sht_http_exchange_respond_error (exchange, 507, "disk_full", "Full.");
}

static void
stream_done (ShtHttpExchange *exchange, gpointer data)
{
  sht_http_exchange_respond (exchange, 204, NULL, NULL);
}

static void
stream_aborted (ShtHttpExchange *exchange, gpointer data)
{
  flag_add (&aborted);
}

static void
setup (ShtHttpServer *server, gpointer data)
{
  static const ShtHttpStreamFuncs funcs = { stream_headers, stream_chunk, stream_done,
                                            stream_aborted };

  sht_http_server_add_route (server, "POST", "/echo", 1000, SHT_HTTP_ROUTE_PROTOCOL, on_echo, NULL);
  sht_http_server_add_route (server, "GET", "/hello", 0, SHT_HTTP_ROUTE_PREFIX, on_hello, NULL);
  sht_http_server_add_route (server, "GET", "/long", 0, 0, on_long, NULL);
  sht_http_server_add_route (server, "GET", "/lost", 0, 0, on_lost, NULL);
  sht_http_server_add_route (server, "GET", "/park", 0, 0, on_park, NULL);
  sht_http_server_add_route (server, "GET", "/unpark", 0, 0, on_unpark, NULL);
  sht_http_server_add_stream (server, "/stream", 1 << 20, 0, &funcs, NULL, NULL);
}

typedef struct
{
  const char *name;
  const char *request;
  guint status;
  const char *has;
} Row;

static const Row ROWS[] = {
  { "hello", "GET /hello HTTP/1.1\r\n" HOST "\r\n", 200, "hello world" },
  { "below", "GET /hello/there?a=b HTTP/1.1\r\n" HOST "\r\n", 200, "Shetach-Protocol: 1\r\n" },
  { "not-cached", "GET /hello HTTP/1.1\r\n" HOST "\r\n", 200, "Cache-Control: no-store\r\n" },
  { "refusal-not-cached", "GET /lost HTTP/1.1\r\n" HOST "\r\n", 404, "Cache-Control: no-store\r\n" },
  { "beside", "GET /hellothere HTTP/1.1\r\n" HOST "\r\n", 404, "\"error\":\"not_found\"" },
  { "root", "GET / HTTP/1.1\r\n" HOST "\r\n", 404, "application/json" },
  { "method", "DELETE /hello HTTP/1.1\r\n" HOST "\r\n", 405, "Allow: GET\r\n" },
  { "options-star", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 404, "application/json" },
  { "echo", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 200, "\r\n\r\nabc" },
  { "protocol-1",
    "POST /echo HTTP/1.1\r\n" HOST "Shetach-Protocol: 1\r\nContent-Length: 3\r\n\r\nabc", 200,
    "abc" },
  { "protocol-2",
    "POST /echo HTTP/1.1\r\n" HOST "Shetach-Protocol: 2\r\nContent-Length: 3\r\n\r\nabc", 400,
    "\"protocol\"" },
  { "chunked",
    "POST /echo HTTP/1.1\r\n" HOST
    "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    200, "\r\n\r\nabcde" },
  { "too-large", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 999999\r\n\r\n", 413,
    "\"too_large\"" },
  { "too-large-chunked",
    "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nFFFFF\r\n", 0, NULL },
  { "two-lengths",
    "POST /echo HTTP/1.1\r\n" HOST
    "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    400, "\"bad_request\"" },
#ifndef __SANITIZE_ADDRESS__ /* libsoup 3.2 leaks the path of such a request */
  { "bad-length", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3x\r\n\r\nabc", 400,
    "\"bad_request\"" },
#endif
  { "no-host", "GET /hello HTTP/1.1\r\n\r\n", 400, "\"bad_request\"" },
  { "garbage", "\001\002\003 nonsense\r\n\r\n", 400, "application/json" },
  { "climb", "GET /hello/%2e%2e/x HTTP/1.1\r\n" HOST "\r\n", 404, "\"not_found\"" },
  { "climb-hidden", "GET /hello/%2e%2e%2fx HTTP/1.1\r\n" HOST "\r\n", 400, "\"bad_request\"" },
  { "not-utf8", "GET /hello/%ff HTTP/1.1\r\n" HOST "\r\n", 400, "\"bad_request\"" },
  { "nul", "GET /hello/%00 HTTP/1.1\r\n" HOST "\r\n", 400, "\"bad_request\"" },
  { "range", "GET /hello HTTP/1.1\r\n" HOST "Range: bytes=6-\r\n\r\n", 206, "\r\n\r\nworld" },
  { "stream", "PUT /stream HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 204,
    "Shetach-Protocol" },
  { "stream-refused", "PUT /stream HTTP/1.1\r\n" HOST "Refuse: 1\r\nContent-Length: 3\r\n\r\nabc",
    409, "\"conflict\"" },
  { "stream-refused-long",
    "PUT /stream HTTP/1.1\r\n" HOST "Refuse: 1\r\nContent-Length: 900000\r\n\r\nabc", 409,
    "Connection: close\r\n" },
  { "stream-fails", "PUT /stream HTTP/1.1\r\n" HOST "Content-Length: 900000\r\n\r\nabc!", 507,
    "\"disk_full\"" },
  { "expect-refused",
    "PUT /stream HTTP/1.1\r\n" HOST
    "Refuse: 1\r\nExpect: 100-continue\r\nContent-Length: 900000\r\n\r\n",
    409, "\"conflict\"" },
};

static void
test_rows (void)
{
  Served *served = served_start (&ROOMY, setup, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (ROWS); i++)
    {
      g_autoptr (GSocketConnection) connection = dial (served);
      g_autofree char *response = NULL;

      g_test_message ("%s", ROWS[i].name);
      say (connection, ROWS[i].request);
      if (ROWS[i].status == 0)
        continue;
      response = hear_one (connection, FALSE);
      g_assert_cmpuint (status_of (response), ==, ROWS[i].status);
      assert_has (response, ROWS[i].has);
      g_assert_null (strstr (response, "<html"));
    }
  served_stop (served);
}

static void
test_head_and_keep_alive (void)
{
  Served *served = served_start (&ROOMY, setup, NULL);
  g_autoptr (GSocketConnection) connection = dial (served);
  g_autofree char *first = NULL, *none = NULL, *second = NULL, *third = NULL;

  /* Pipelined, on one connection: it outlives what has no body. */
  say (connection, "HEAD /hello HTTP/1.1\r\n" HOST "\r\nPUT /stream HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
                   "GET /hello HTTP/1.1\r\n" HOST "\r\n");
  first = hear_one (connection, TRUE);
  assert_has (first, "Content-Length: 11\r\n");
  none = hear_one (connection, FALSE);
  g_assert_cmpuint (status_of (none), ==, 204);
  second = hear_one (connection, FALSE);
  assert_has (second, "hello world");
  say (connection, "nonsense\r\n\r\n");
  third = hear_all (connection);
  g_assert_cmpuint (status_of (third), ==, 400);
  served_stop (served);
}

static void
test_continue (void)
{
  Served *served = served_start (&ROOMY, setup, NULL);
  g_autoptr (GSocketConnection) connection = dial (served);
  g_autofree char *first = NULL, *second = NULL;

  say (connection,
       "POST /echo HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  first = hear_one (connection, TRUE);
  g_assert_cmpuint (status_of (first), ==, 100);
  say (connection, "abc");
  second = hear_one (connection, FALSE);
  g_assert_cmpuint (status_of (second), ==, 200);
  assert_has (second, "Shetach-Protocol: 1");
  assert_has (second, "Date: ");
  served_stop (served);
}

static void
test_gzip (void)
{
  Served *served = served_start (&ROOMY, setup, NULL);
  g_autoptr (GSocketConnection) connection = dial (served);
  g_autofree char *plain = NULL, *small = NULL;

  say (connection, "GET /long HTTP/1.1\r\n" HOST "Accept-Encoding: gzip;q=0\r\n\r\n");
  plain = hear_one (connection, FALSE);
  assert_has (plain, "Content-Length: 100000\r\n");
  say (connection, "GET /long HTTP/1.1\r\n" HOST "Accept-Encoding: br, gzip\r\n\r\n");
  small = hear_one (connection, TRUE);
  assert_has (small, "Content-Encoding: gzip\r\n");
  assert_has (small, "Vary: Accept-Encoding\r\n");
  g_assert_null (strstr (small, "Content-Length: 100000\r\n"));
  served_stop (served);
}

static void
test_large_headers (void)
{
  Served *served = served_start (&ROOMY, setup, NULL);
  const gsize sizes[] = { 17 * 1024, 60 * 1024, 1024 * 1024 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int whole = 0; whole < 2; whole++)
      {
        g_autoptr (GSocketConnection) connection = dial (served);
        g_autofree char *filler = g_strnfill (sizes[i], 'a');
        g_autofree char *response = NULL;

        if (i == 0 && !whole)
          continue; /* within the read-ahead, only the end of the headers tells */
        say (connection, "GET /hello HTTP/1.1\r\n" HOST "X: ");
        say (connection, filler);
        if (whole)
          say (connection, "\r\n\r\n");
        response = hear_all (connection);
        g_assert_cmpuint (status_of (response), ==, 431);
        assert_has (response, "\"headers_too_large\"");
      }
  served_stop (served);
}

static void
test_large_body (void)
{
  Served *served = served_start (&ROOMY, setup, NULL);
  g_autoptr (GSocketConnection) connection = dial (served);
  g_autofree char *filler = g_strnfill (0x8000, 'a');
  g_autofree char *response = NULL;

  say (connection, "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 40; i++)
    {
      say (connection, "8000\r\n");
      /* The refusal goes out after 1000 bytes; the rest must not meet a reset, which would take the
       * answer with it on some systems. */
      g_assert_true (say_bytes (connection, filler, strlen (filler)));
      say (connection, "\r\n");
    }
  response = hear_all (connection);
  g_assert_cmpuint (status_of (response), ==, 413);
  served_stop (served);
}

static void
test_slow (void)
{
  const ShtHttpLimits short_headers = { 16 * 1024, 50, 8000, 8000, 8000, 500, 64 };
  const ShtHttpLimits short_body = { 16 * 1024, 8000, 50, 8000, 8000, 500, 64 };
  const ShtHttpLimits short_total = { 16 * 1024, 8000, 8000, 50, 8000, 500, 64 };
  const ShtHttpLimits short_idle = { 16 * 1024, 8000, 8000, 8000, 50, 500, 64 };
  const struct
  {
    const ShtHttpLimits *limits;
    const char *request;
    guint status; /* 0: the connection ends without a word */
  } rows[] = {
    { &short_headers, "", 408 },
    { &short_headers, "GET /hello HT", 408 },
    { &short_headers, "GET /hello HTTP/1.1\r\n" HOST, 408 },
    { &short_body, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nabc", 408 },
    { &short_total, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nabc", 408 },
    { &short_total, "PUT /stream HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nabc", 408 },
    { &short_idle, "GET /hello HTTP/1.1\r\n" HOST "\r\n", 200 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Served *served = served_start (rows[i].limits, setup, NULL);
      g_autoptr (GSocketConnection) connection = dial (served);
      g_autofree char *response = NULL;

      g_test_message ("row %" G_GSIZE_FORMAT, i);
      say (connection, rows[i].request);
      response = hear_all (connection);
      g_assert_cmpuint (status_of (response), ==, rows[i].status);
      served_stop (served);
    }
}

static void
test_too_many (void)
{
  ShtHttpLimits limits = ROOMY;
  Served *served;
  GSocketConnection *held[3];
  g_autoptr (GSocketConnection) extra = NULL;
  g_autofree char *response = NULL;

  limits.connections = G_N_ELEMENTS (held);
  served = served_start (&limits, setup, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (held); i++)
    {
      g_autofree char *one = NULL;

      held[i] = dial (served);
      say (held[i], "GET /hello HTTP/1.1\r\n" HOST "\r\n");
      one = hear_one (held[i], FALSE);
    }
  extra = dial (served);
  say (extra, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
  response = hear_all (extra);
  g_assert_cmpuint (status_of (response), ==, 503);
  assert_has (response, "Retry-After: ");
  for (gsize i = 0; i < G_N_ELEMENTS (held); i++)
    g_object_unref (held[i]);
  served_stop (served);
}

static void
test_aborted (void)
{
  Served *served = served_start (&ROOMY, setup, NULL);
  GSocketConnection *connection = dial (served);

  aborted.value = chunks.value = 0;
  say (connection, "PUT /stream HTTP/1.1\r\n" HOST "Content-Length: 900\r\n\r\nabc");
  flag_wait (&chunks, 1);
  g_object_unref (connection);
  flag_wait (&aborted, 1);
  served_stop (served);
}

/* However a client leaves, its connection must go: libsoup 3.2 by itself keeps those that end
 * between two requests. The limit of 4 is met when one stays. */
static void
test_clients_leave (void)
{
  const char *const farewells[] = { "", "\r\n", "GE", "GET / HTTP/1.1\r\n",
                                    "GET / HTTP/1.1\r\nHo" };
  ShtHttpLimits limits = ROOMY;
  Served *served;

  limits.connections = 4;
  served = served_start (&limits, setup, NULL);
  for (int i = 0; i < 60; i++)
    {
      g_autoptr (GSocketConnection) connection = dial (served);
      g_autofree char *response = NULL, *rest = NULL;

      if (i % 2 == 0)
        {
          say (connection, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
          response = hear_one (connection, FALSE);
          g_assert_cmpuint (status_of (response), ==, 200);
        }
      say (connection, farewells[i % G_N_ELEMENTS (farewells)]);
      g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
      rest = hear_all (connection);
      g_assert_cmpstr (rest, ==, "");
    }
  served_stop (served);
}

/* Cut after a whole line of headers: nothing may run. */
static void
test_cut_headers (void)
{
  Served *served = served_start (&ROOMY, setup, NULL);
  g_autoptr (GSocketConnection) connection = dial (served);
  g_autofree char *response = NULL;

  say (connection, "GET /hello HTTP/1.1\r\n" HOST);
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  response = hear_all (connection);
  g_assert_cmpstr (response, ==, "");
  served_stop (served);
}

static void
test_parked (void)
{
  Served *served = served_start (&ROOMY, setup, NULL);
  g_autoptr (GSocketConnection) first = dial (served), second = dial (served);
  g_autofree char *parked_response = NULL, *response = NULL;

  waiting.value = closed.value = 0;
  say (first, "GET /park HTTP/1.1\r\n" HOST "\r\n");
  flag_wait (&waiting, 1);
  say (second, "GET /unpark HTTP/1.1\r\n" HOST "\r\n");
  response = hear_one (second, FALSE);
  parked_response = hear_one (first, FALSE);
  g_assert_true (g_str_has_prefix (parked_response, "HTTP/1.1 460 Checksum Mismatch\r\n"));
  assert_has (parked_response, "\"Parked no more \\\"\\u000a.\"");

  /* The client goes while it waits, with a request behind the first one. */
  say (first, "GET /park HTTP/1.1\r\n" HOST "\r\nGET /hello HTTP/1.1\r\n" HOST "\r\n");
  flag_wait (&waiting, 2);
  g_io_stream_close (G_IO_STREAM (first), NULL, NULL);
  flag_wait (&closed, 1);
  served_stop (served);
}

/* The server goes while an exchange waits. */
static void
test_server_gone (void)
{
  Served *served = served_start (&ROOMY, setup, NULL);
  g_autoptr (GSocketConnection) connection = dial (served);

  waiting.value = closed.value = 0;
  say (connection, "GET /park HTTP/1.1\r\n" HOST "\r\n");
  flag_wait (&waiting, 1);
  served_stop (served);
  g_assert_cmpint (closed.value, ==, 1);
}

static Flag stopped;

static void
on_stopped (gpointer data)
{
  flag_add (&stopped);
}

static gboolean
stop_server (gpointer data)
{
  sht_http_server_stop (data, on_stopped, NULL);
  return G_SOURCE_REMOVE;
}

static void
test_stop (void)
{
  ShtHttpLimits limits = ROOMY;
  Served *served;
  g_autoptr (GSocketConnection) busy = NULL, idle = NULL;
  g_autofree char *one = NULL, *end = NULL, *last = NULL;

  limits.idle_ms = 400;
  served = served_start (&limits, setup, NULL);
  busy = dial (served);
  idle = dial (served);
  say (idle, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
  one = hear_one (idle, FALSE);
  chunks.value = 0;
  say (busy, "PUT /stream HTTP/1.1\r\n" HOST "Content-Length: 6\r\n\r\nabc");
  flag_wait (&chunks, 1);
  g_main_context_invoke (served->context, stop_server, served->server);
  end = hear_all (idle);
  g_assert_cmpstr (end, ==, "");
  g_assert_cmpint (stopped.value, ==, 0);
  say (busy, "def");
  last = hear_all (busy);
  g_assert_cmpuint (status_of (last), ==, 204);
  flag_wait (&stopped, 1);
  served_stop (served);
}

static void
test_addresses (void)
{
  const struct
  {
    const char *address;
    gboolean behind_proxy;
    int code; /* -1: works */
  } rows[] = {
    { "127.0.0.1:0", FALSE, -1 },
    { "[::1]:0", FALSE, -1 },
    { "0.0.0.0:0", TRUE, -1 },
    { "0.0.0.0:0", FALSE, G_IO_ERROR_PERMISSION_DENIED },
    { "[::]:0", FALSE, G_IO_ERROR_PERMISSION_DENIED },
    { "192.0.2.1:0", FALSE, G_IO_ERROR_PERMISSION_DENIED },
    { "localhost:0", FALSE, G_IO_ERROR_INVALID_ARGUMENT },
    { "", FALSE, G_IO_ERROR_INVALID_ARGUMENT },
    { "127.0.0.1:99999", FALSE, G_IO_ERROR_INVALID_ARGUMENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ShtHttpServer) server = sht_http_server_new (NULL);
      g_autoptr (GError) error = NULL;
      gboolean ok = sht_http_server_listen (server, rows[i].address, rows[i].behind_proxy, &error);

      g_test_message ("%s", rows[i].address);
      if (rows[i].code >= 0)
        g_assert_error (error, G_IO_ERROR, rows[i].code);
      else if (!ok && strchr (rows[i].address, '[') != NULL)
        g_test_message ("no IPv6 here: %s", error->message);
      else
        {
          g_assert_no_error (error);
          g_assert_true (g_str_has_prefix (sht_http_server_get_uri (server), "http://"));
          g_assert_false (g_str_has_suffix (sht_http_server_get_uri (server), ":0"));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http-server/rows", test_rows);
  g_test_add_func ("/http-server/head-and-keep-alive", test_head_and_keep_alive);
  g_test_add_func ("/http-server/continue", test_continue);
  g_test_add_func ("/http-server/gzip", test_gzip);
  g_test_add_func ("/http-server/large-headers", test_large_headers);
  g_test_add_func ("/http-server/large-body", test_large_body);
  g_test_add_func ("/http-server/slow", test_slow);
  g_test_add_func ("/http-server/too-many", test_too_many);
  g_test_add_func ("/http-server/aborted", test_aborted);
  g_test_add_func ("/http-server/clients-leave", test_clients_leave);
  g_test_add_func ("/http-server/cut-headers", test_cut_headers);
  g_test_add_func ("/http-server/parked", test_parked);
  g_test_add_func ("/http-server/server-gone", test_server_gone);
  g_test_add_func ("/http-server/stop", test_stop);
  g_test_add_func ("/http-server/addresses", test_addresses);
  return g_test_run ();
}
