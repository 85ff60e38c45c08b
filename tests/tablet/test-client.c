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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/one-after-the-other", test_one_after_the_other);
  return g_test_run ();
}
