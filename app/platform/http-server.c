/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/http-private.h"

#include <string.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define CHECK_MS_MIN 10
#define CHECK_MS_MAX 1000

const ShtHttpLimits SHT_HTTP_LIMITS_DEFAULT = {
  .header_bytes = 16 * 1024,
  .header_ms = 10 * 1000,
  .stall_ms = 60 * 1000,
  .body_ms = 10 * 60 * 1000,
  .idle_ms = 75 * 1000,
  .linger_ms = 2 * 1000,
  .connections = 256,
};

struct _ShtHttpServer
{
  GObject parent_instance;

  ShtHttpLimits limits;
  GMainContext *context;  /* (owned) */
  SoupServer *soup;       /* (owned) */
  GSocket *listener;      /* (owned) (nullable) */
  GSource *accept;        /* (owned) (nullable) */
  GSource *check;         /* (owned) (nullable): runs while there are connections */
  GPtrArray *connections; /* (element-type ShtHttpConnection) of unowned ones: libsoup owns them */
  GPtrArray *routes;      /* (element-type ShtHttpRoute) (owned) */
  char *uri;              /* (owned) (nullable) */
  gboolean behind_proxy;
  gboolean stopping;
  ShtHttpStoppedFunc stopped;
  gpointer stopped_data;
};

G_DEFINE_FINAL_TYPE (ShtHttpServer, sht_http_server, G_TYPE_OBJECT)

static gboolean on_incoming (GSocket *listener, GIOCondition condition, gpointer data);

static GSource *
attach (ShtHttpServer *self, GSource *source, GSourceFunc func)
{
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->context);
  return source;
}

static void
detach (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
start_accepting (ShtHttpServer *self)
{
  if (self->accept == NULL && self->listener != NULL)
    self->accept = attach (self, g_socket_create_source (self->listener, G_IO_IN, NULL),
                           G_SOURCE_FUNC (on_incoming));
}

static void
cut_idle (ShtHttpServer *self)
{
  for (guint i = 0; i < self->connections->len; i++)
    {
      ShtHttpConnection *connection = g_ptr_array_index (self->connections, i);

      if (sht_http_connection_get_phase (connection) == SHT_HTTP_PHASE_IDLE)
        sht_http_connection_cut (connection);
    }
}

static gboolean
on_check (gpointer data)
{
  ShtHttpServer *self = data;
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < self->connections->len; i++)
    sht_http_connection_check (g_ptr_array_index (self->connections, i), now);
  if (self->stopping)
    cut_idle (self);
  start_accepting (self);
  if (self->connections->len > 0 || (self->listener != NULL && self->accept == NULL))
    return G_SOURCE_CONTINUE;
  detach (&self->check);
  return G_SOURCE_REMOVE;
}

static void
start_checking (ShtHttpServer *self)
{
  const ShtHttpLimits *limits = &self->limits;
  guint shortest =
    MIN (MIN (limits->header_ms, limits->stall_ms), MIN (limits->body_ms, limits->idle_ms));

  if (self->check == NULL)
    self->check = attach (
      self, g_timeout_source_new (CLAMP (shortest / 4, CHECK_MS_MIN, CHECK_MS_MAX)), on_check);
}

static void
tell_stopped (ShtHttpServer *self)
{
  ShtHttpStoppedFunc stopped = g_steal_pointer (&self->stopped);

  if (stopped != NULL)
    stopped (self->stopped_data);
}

static void
on_connection_closed (ShtHttpConnection *connection, gpointer data)
{
  ShtHttpServer *self = data;

  g_ptr_array_remove_fast (self->connections, connection);
  if (self->stopping && self->connections->len == 0)
    tell_stopped (self);
}

static void
refuse_connection (ShtHttpServer *self, ShtHttpConnection *connection)
{
  g_autoptr (GBytes) body =
    sht_http_error_body ("busy", "Too many connections at once. Try again shortly.");

  sht_http_connection_answer (connection, 503, NULL, body);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
}

static void
take_connection (ShtHttpServer *self, GSocket *socket)
{
  g_autoptr (GSocketConnection) base = g_socket_connection_factory_create_connection (socket);
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_get_remote_address (socket, NULL);
  g_autoptr (ShtHttpConnection) connection = NULL;

  if (local == NULL || remote == NULL)
    return;
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  connection = sht_http_connection_new (base, &self->limits, on_connection_closed, self);
  g_ptr_array_add (self->connections, connection);
  if (self->connections->len > self->limits.connections)
    {
      refuse_connection (self, connection);
      return;
    }
  start_checking (self);
  /* libsoup gives its messages no way to their stream; the address object is theirs alone. */
  g_object_set_data (G_OBJECT (remote), "sht-http-connection", connection);
  soup_server_accept_iostream (self->soup, G_IO_STREAM (connection), local, remote, NULL);
}

static gboolean
on_incoming (GSocket *listener, GIOCondition condition, gpointer data)
{
  ShtHttpServer *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, &error);

  if (socket != NULL)
    {
      take_connection (self, socket);
      return G_SOURCE_CONTINUE;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    return G_SOURCE_CONTINUE;
  /* Mostly out of file descriptors: asking again at once would only spin. */
  g_warning ("accept: %s", error->message);
  start_checking (self);
  detach (&self->accept);
  return G_SOURCE_REMOVE;
}

/* "/v1/files" fits "/v1/files" and, as a prefix, "/v1/files/…". */
static gboolean
path_fits (const ShtHttpRoute *route, const char *path)
{
  gsize length = strlen (route->path);

  if (!g_str_has_prefix (path, route->path))
    return FALSE;
  return path[length] == '\0' ||
         ((route->flags & SHT_HTTP_ROUTE_PREFIX) != 0 && path[length] == '/');
}

static gboolean
method_fits (const ShtHttpRoute *route, const char *method)
{
  return route->method == NULL || strcmp (route->method, method) == 0 ||
         (strcmp (method, "HEAD") == 0 && strcmp (route->method, "GET") == 0);
}

/* The longest path wins. @allow gets the methods of those that fit but for the method. */
static const ShtHttpRoute *
find_route (ShtHttpServer *self, const char *method, const char *path, GString *allow)
{
  const ShtHttpRoute *found = NULL;

  for (guint i = 0; i < self->routes->len; i++)
    {
      const ShtHttpRoute *route = g_ptr_array_index (self->routes, i);

      if (!path_fits (route, path))
        continue;
      if (!method_fits (route, method))
        g_string_append_printf (allow, "%s%s", allow->len > 0 ? ", " : "", route->method);
      else if (found == NULL || strlen (route->path) > strlen (found->path))
        found = route;
    }
  return found;
}

static gsize
count_header_bytes (SoupServerMessage *message)
{
  SoupMessageHeadersIter iter;
  const char *name, *value;
  g_autofree char *uri = g_uri_to_string (soup_server_message_get_uri (message));
  gsize total = strlen (uri);

  soup_message_headers_iter_init (&iter, soup_server_message_get_request_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    total += strlen (name) + strlen (value) + 4;
  return total;
}

/* Two lengths, or a length and chunks, are how one request is smuggled past a proxy inside another.
 */
static gboolean
has_two_lengths (SoupMessageHeaders *headers)
{
  const char *length = soup_message_headers_get_list (headers, "Content-Length");

  if (length == NULL)
    return FALSE;
  return *length == '\0' || length[strspn (length, "0123456789")] != '\0' ||
         soup_message_headers_get_list (headers, "Transfer-Encoding") != NULL;
}

static void
refuse (ShtHttpExchange *exchange, guint status, const char *code, const char *message)
{
  sht_http_exchange_respond_error (exchange, status, code, message);
}

static void
on_headers (
  SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  ShtHttpServer *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GSocketAddress *address = soup_server_message_get_remote_address (message);
  ShtHttpConnection *connection = g_object_get_data (G_OBJECT (address), "sht-http-connection");
  const char *protocol = soup_message_headers_get_list (headers, "Shetach-Protocol");
  g_autoptr (GString) allow = g_string_new (NULL);
  const ShtHttpRoute *route = NULL;
  gboolean malformed = !g_utf8_validate (path, -1, NULL) || has_two_lengths (headers);
  gboolean too_large = count_header_bytes (message) > self->limits.header_bytes;
  gboolean protocol_ok = TRUE;
  ShtHttpExchange *exchange;

  if (self->stopping)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection",
                                  "close");
  if (!malformed && !too_large)
    route = find_route (self, soup_server_message_get_method (message), path, allow);
  if (route != NULL && (route->flags & SHT_HTTP_ROUTE_PROTOCOL) != 0 && protocol != NULL)
    protocol_ok = strcmp (protocol, "1") == 0;

  exchange = sht_http_exchange_begin (message, connection, protocol_ok ? route : NULL, query,
                                      self->behind_proxy);
  if (malformed || too_large)
    sht_http_exchange_close_after (exchange);
  if (malformed)
    refuse (exchange, 400, "bad_request", "The request is not valid HTTP.");
  else if (too_large)
    refuse (exchange, 431, "headers_too_large", "The request's headers are too large.");
  else if (!protocol_ok)
    refuse (exchange, 400, "protocol", "This hub speaks Shetach-Protocol 1 only.");
  else if (route == NULL && allow->len > 0)
    {
      sht_http_exchange_set_header (exchange, "Allow", allow->str);
      refuse (exchange, 405, "method_not_allowed", "This address does not take that method.");
    }
  else if (route == NULL)
    refuse (exchange, 404, "not_found", "There is nothing at this address.");
}

/* The exchange does this on its own signals; without a handler libsoup would answer 404. */
static void
on_body (
  SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
}

/* Before any header: what libsoup sends by itself when it cannot parse a request must be JSON too.
 */
static void
on_started (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);
  ShtHttpConnection *connection = g_object_get_data (G_OBJECT (address), "sht-http-connection");
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (GBytes) body = sht_http_error_body ("bad_request", "The request is not valid HTTP.");

  sht_http_connection_begin (connection);
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  soup_message_headers_replace (headers, "Content-Type", "application/json");
  soup_message_headers_replace (headers, "Shetach-Protocol", "1");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), body);
  soup_message_body_complete (soup_server_message_get_response_body (message));
}

static void
on_finished (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  sht_http_connection_set_phase (g_object_get_data (G_OBJECT (address), "sht-http-connection"),
                                 SHT_HTTP_PHASE_IDLE);
}

static void
route_free (gpointer data)
{
  ShtHttpRoute *route = data;

  if (route->destroy != NULL)
    route->destroy (route->data);
  g_free (route->method);
  g_free (route->path);
  g_free (route);
}

/**
 * sht_http_server_new:
 * @limits: (nullable): %NULL for %SHT_HTTP_LIMITS_DEFAULT
 *
 * A server for the thread-default main context: everything runs there.
 *
 * Returns: (transfer full)
 */
ShtHttpServer *
sht_http_server_new (const ShtHttpLimits *limits)
{
  ShtHttpServer *self = g_object_new (SHT_TYPE_HTTP_SERVER, NULL);

  self->limits = limits != NULL ? *limits : SHT_HTTP_LIMITS_DEFAULT;
  return self;
}

static GSocketAddress *
parse_address (const char *address, gboolean behind_proxy, GError **error)
{
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (address, 0, NULL);
  g_autoptr (GInetAddress) host = NULL;

  if (parsed != NULL)
    host =
      g_inet_address_new_from_string (g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)));
  if (host == NULL)
    {
      g_set_error (
        error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "“%s” is no address to listen on. Write numbers, such as 127.0.0.1:8106 or [::1]:8106.",
        address);
      return NULL;
    }
  if (!behind_proxy && !g_inet_address_get_is_loopback (host))
    {
      g_set_error (
        error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
        "%s can be reached from other machines, and this server does not encrypt. Listen on"
        " 127.0.0.1, or say that a proxy with TLS stands before it.",
        address);
      return NULL;
    }
  return g_inet_socket_address_new (host, g_network_address_get_port (G_NETWORK_ADDRESS (parsed)));
}

/* libsoup closes each connection after one request when it has no listener. It gets one that is
 * never asked: the end of a socket pair whose other end stays silent. The real one is ours, because
 * only a connection that we accept can be given a stream of our own. */
static gboolean
give_idle_listener (ShtHttpServer *self, GError **error)
{
  int pair[2];
  g_autoptr (GSocket) idle = NULL;
  GSocket *silent;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return FALSE;
    }
  idle = g_socket_new_from_fd (pair[0], NULL);
  silent = g_socket_new_from_fd (pair[1], NULL);
  g_object_set_data_full (G_OBJECT (self), "sht-http-silent-end", silent, g_object_unref);
  return soup_server_listen_socket (self->soup, idle, 0, error);
}

/**
 * sht_http_server_listen:
 * @address: numeric, "127.0.0.1:8106" or "[::1]:0"; port 0 takes any free one
 * @behind_proxy: a proxy that encrypts stands before this server: other addresses than loopback are
 *   allowed, and the proxy's X-Forwarded-For is believed
 *
 * Starts to listen, once.
 *
 * Returns: %FALSE with a #GIOErrorEnum
 */
gboolean
sht_http_server_listen (ShtHttpServer *self,
                        const char *address,
                        gboolean behind_proxy,
                        GError **error)
{
  g_autoptr (GSocketAddress) wanted = parse_address (address, behind_proxy, error);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (self->listener == NULL, FALSE);
  if (wanted == NULL)
    return FALSE;
  socket = g_socket_new (g_socket_address_get_family (wanted), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL)
    return FALSE;
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, 128);
  if (!g_socket_bind (socket, wanted, TRUE, error) || !g_socket_listen (socket, error) ||
      !give_idle_listener (self, error))
    {
      g_prefix_error (error, "listen on %s: ", address);
      return FALSE;
    }
  bound = g_socket_get_local_address (socket, error);
  if (bound == NULL)
    return FALSE;
  text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (bound));
  self->uri = g_strdup_printf ("http://%s", text);
  self->behind_proxy = behind_proxy;
  self->listener = g_steal_pointer (&socket);
  start_accepting (self);
  return TRUE;
}

/**
 * sht_http_server_get_uri:
 *
 * Returns: (transfer none) (nullable): such as "http://127.0.0.1:8106", without a slash; %NULL
 * before sht_http_server_listen()
 */
const char *
sht_http_server_get_uri (ShtHttpServer *self)
{
  return self->uri;
}

/** sht_http_server_get_connections: Returns: how many are open now */
guint
sht_http_server_get_connections (ShtHttpServer *self)
{
  return self->connections->len;
}

/**
 * sht_http_server_add_route:
 * @method: such as "GET", which takes HEAD too
 * @path: without a slash at its end
 * @body_limit: bytes; past it 413
 * @handler: gets each request with its whole body
 */
void
sht_http_server_add_route (ShtHttpServer *self,
                           const char *method,
                           const char *path,
                           gsize body_limit,
                           ShtHttpRouteFlags flags,
                           ShtHttpHandler handler,
                           gpointer data)
{
  ShtHttpRoute *route = g_new0 (ShtHttpRoute, 1);

  g_return_if_fail (handler != NULL);
  route->method = g_strdup (method);
  route->path = g_strdup (path);
  route->body_limit = body_limit;
  route->flags = flags;
  route->handler = handler;
  route->data = data;
  g_ptr_array_add (self->routes, route);
}

/**
 * sht_http_server_add_stream:
 * @path: without a slash at its end
 * @body_limit: bytes; past it 413
 * @funcs: (transfer none): copied; they get every method
 * @destroy: (nullable): frees @data with the server
 */
void
sht_http_server_add_stream (ShtHttpServer *self,
                            const char *path,
                            gsize body_limit,
                            ShtHttpRouteFlags flags,
                            const ShtHttpStreamFuncs *funcs,
                            gpointer data,
                            GDestroyNotify destroy)
{
  ShtHttpRoute *route = g_new0 (ShtHttpRoute, 1);

  route->path = g_strdup (path);
  route->body_limit = body_limit;
  route->flags = flags;
  route->funcs = *funcs;
  route->data = data;
  route->destroy = destroy;
  g_ptr_array_add (self->routes, route);
}

/**
 * sht_http_server_stop:
 * @stopped: (nullable): called when the last connection has gone, perhaps at once
 *
 * Takes no new connection, closes those between two requests, and lets the others finish the one
 * they are at. What holds an exchange open, such as a long poll, is the caller's to answer.
 */
void
sht_http_server_stop (ShtHttpServer *self, ShtHttpStoppedFunc stopped, gpointer data)
{
  self->stopping = TRUE;
  self->stopped = stopped;
  self->stopped_data = data;
  detach (&self->accept);
  if (self->listener != NULL)
    g_socket_close (self->listener, NULL);
  g_clear_object (&self->listener);
  cut_idle (self);
  if (self->connections->len == 0)
    tell_stopped (self);
}

static void
sht_http_server_dispose (GObject *object)
{
  ShtHttpServer *self = SHT_HTTP_SERVER (object);

  self->stopped = NULL;
  detach (&self->accept);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
  detach (&self->check);
  g_clear_object (&self->listener);
  G_OBJECT_CLASS (sht_http_server_parent_class)->dispose (object);
}

static void
sht_http_server_finalize (GObject *object)
{
  ShtHttpServer *self = SHT_HTTP_SERVER (object);

  g_ptr_array_unref (self->connections);
  g_ptr_array_unref (self->routes);
  g_main_context_unref (self->context);
  g_free (self->uri);
  G_OBJECT_CLASS (sht_http_server_parent_class)->finalize (object);
}

static void
sht_http_server_class_init (ShtHttpServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sht_http_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = sht_http_server_finalize;
}

static void
sht_http_server_init (ShtHttpServer *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->connections = g_ptr_array_new ();
  self->routes = g_ptr_array_new_with_free_func (route_free);
  self->soup = soup_server_new (NULL, NULL);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (on_started), self);
  g_signal_connect (self->soup, "request-finished", G_CALLBACK (on_finished), self);
  soup_server_add_early_handler (self->soup, NULL, on_headers, self, NULL);
  soup_server_add_handler (self->soup, NULL, on_body, self, NULL);
}
