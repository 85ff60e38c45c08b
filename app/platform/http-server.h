/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/http-exchange.h"

G_BEGIN_DECLS

/**
 * ShtHttpLimits:
 * @header_bytes: the request line and the headers together; past it 431
 * @header_ms: from the connection (or the first byte of a later request) to the end of the headers
 * @stall_ms: without a byte, either way, while a body comes in or an answer goes out
 * @body_ms: for a whole request body
 * @idle_ms: between two requests on one connection
 * @linger_ms: how long the rest of a refused request is read and thrown away, so that the refusal is
 *   not lost in a connection reset
 * @connections: at the same time; past it 503
 *
 * What a client may take of the server. Times are in milliseconds. libsoup limits nothing but the
 * headers, at 100 KiB.
 */
typedef struct
{
  gsize header_bytes;
  guint header_ms;
  guint stall_ms;
  guint body_ms;
  guint idle_ms;
  guint linger_ms;
  guint connections;
} ShtHttpLimits;

/** 16 KiB, 10 s, 60 s, 10 min, 75 s, 2 s, 256 */
extern const ShtHttpLimits SHT_HTTP_LIMITS_DEFAULT;

/**
 * ShtHttpRouteFlags:
 * @SHT_HTTP_ROUTE_PREFIX: also every path below: "/v1/files" takes "/v1/files/abc", never "/v1/filesabc"
 * @SHT_HTTP_ROUTE_PROTOCOL: a request whose Shetach-Protocol is there and is not 1 is refused
 */
typedef enum
{
  SHT_HTTP_ROUTE_NONE = 0,
  SHT_HTTP_ROUTE_PREFIX = 1 << 0,
  SHT_HTTP_ROUTE_PROTOCOL = 1 << 1,
} ShtHttpRouteFlags;

/**
 * ShtHttpHandler:
 * @exchange: (transfer none): the request, its body whole; keep a reference to answer later
 *
 * Runs on the server's thread, and must not block it.
 */
typedef void (*ShtHttpHandler) (ShtHttpExchange *exchange, gpointer data);

/**
 * ShtHttpStreamFuncs:
 * @headers: the headers are in, no byte of the body was taken and no 100 Continue was sent. To refuse,
 *   answer the exchange
 * @chunk: some of the body, in order. To stop, answer the exchange
 * @done: the body is whole; answer now or later
 * @aborted: the connection ended in the middle of the body. Nobody is there to be answered
 *
 * For bodies that should not be gathered in memory. After an answer none of them is called again.
 */
typedef struct
{
  void (*headers) (ShtHttpExchange *exchange, gpointer data);
  void (*chunk) (ShtHttpExchange *exchange, GBytes *bytes, gpointer data);
  void (*done) (ShtHttpExchange *exchange, gpointer data);
  void (*aborted) (ShtHttpExchange *exchange, gpointer data);
} ShtHttpStreamFuncs;

/** Called once, when a stopped server has no connection left. */
typedef void (*ShtHttpStoppedFunc) (gpointer data);

#define SHT_TYPE_HTTP_SERVER (sht_http_server_get_type ())
G_DECLARE_FINAL_TYPE (ShtHttpServer, sht_http_server, SHT, HTTP_SERVER, GObject)

ShtHttpServer *sht_http_server_new (const ShtHttpLimits *limits) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_http_server_listen (ShtHttpServer *self, const char *address, gboolean behind_proxy, GError **error);
const char *sht_http_server_get_uri (ShtHttpServer *self);
guint sht_http_server_get_connections (ShtHttpServer *self);
void sht_http_server_add_route (ShtHttpServer *self, const char *method, const char *path, gsize body_limit, ShtHttpRouteFlags flags, ShtHttpHandler handler, gpointer data);
void sht_http_server_add_stream (ShtHttpServer *self, const char *path, gsize body_limit, ShtHttpRouteFlags flags, const ShtHttpStreamFuncs *funcs, gpointer data, GDestroyNotify destroy);
void sht_http_server_stop (ShtHttpServer *self, ShtHttpStoppedFunc stopped, gpointer data);

G_END_DECLS
