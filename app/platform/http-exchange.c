/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/db.h"
#include "platform/http-private.h"

#include <string.h>

struct _ShtHttpExchange
{
  GObject parent_instance;

  SoupServerMessage
    *message; /* (unowned) (nullable): NULL once it has ended; it owns us until then */
  ShtHttpConnection *connection; /* (owned) (nullable): NULL once it has ended */
  SoupMessageHeaders *headers;   /* (owned) */
  const ShtHttpRoute *route;     /* (unowned) (nullable): valid while message is */
  const char *method;            /* (unowned): interned */
  char *path;                    /* (owned) */
  char *client;                  /* (owned) */
  GHashTable *query;             /* (owned) */
  GByteArray *gathered;          /* (owned) (nullable) */
  GBytes *body;                  /* (owned) (nullable): when it is whole */
  GSource *watch;                /* (owned) (nullable): while a handler is waited for */
  gint64 length;                 /* bytes announced; -1 when chunked */
  gint64 received;               /* bytes */
  gboolean expects;              /* a 100 Continue, and it is not sent yet */
  gboolean body_done;
  gboolean paused;
  gboolean responded;
  gpointer data;
  GDestroyNotify destroy;
};

G_DEFINE_FINAL_TYPE (ShtHttpExchange, sht_http_exchange, G_TYPE_OBJECT)
G_DEFINE_QUARK (sht - http - error - quark, sht_http_error)

static guint closed_signal;

static const struct
{
  guint status;
  const char *reason;
  const char *code;
} STATUSES[] = {
  { 400, "Bad Request", "bad_request" },
  { 401, "Unauthorized", "unauthorised" },
  { 403, "Forbidden", "forbidden" },
  { 404, "Not Found", "not_found" },
  { 405, "Method Not Allowed", "method_not_allowed" },
  { 408, "Request Timeout", "timeout" },
  { 409, "Conflict", "conflict" },
  { 410, "Gone", "gone" },
  { 412, "Precondition Failed", "precondition_failed" },
  { 413, "Payload Too Large", "too_large" },
  { 415, "Unsupported Media Type", "unsupported_type" },
  { 423, "Locked", "locked" },
  { 429, "Too Many Requests", "too_many" },
  { 431, "Request Header Fields Too Large", "headers_too_large" },
  { 460, "Checksum Mismatch", "checksum_mismatch" },
  { 500, "Internal Server Error", "internal" },
  { 503, "Service Unavailable", "busy" },
  { 507, "Insufficient Storage", "disk_full" },
};

const char *
sht_http_reason (guint status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (STATUSES); i++)
    if (STATUSES[i].status == status)
      return STATUSES[i].reason;
  return soup_status_get_phrase (status);
}

/**
 * sht_http_error_at:
 * @index: from 0
 * @status: (out): an HTTP status that #SHT_HTTP_ERROR may carry
 *
 * Returns: (transfer none) (nullable): the code that is told with it; %NULL past the end of the table
 */
const char *
sht_http_error_at (guint index, guint *status)
{
  if (index >= G_N_ELEMENTS (STATUSES))
    return NULL;
  *status = STATUSES[index].status;
  return STATUSES[index].code;
}

static void
append_json_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    if (*p == '"' || *p == '\\')
      g_string_append_printf (out, "\\%c", *p);
    else if ((guchar)*p < 0x20)
      g_string_append_printf (out, "\\u%04x", (guint)(guchar)*p);
    else
      g_string_append_c (out, *p);
  g_string_append_c (out, '"');
}

/* Returns: (transfer full): {"error":code,"message":message} */
GBytes *
sht_http_error_body (const char *code, const char *message)
{
  GString *out = g_string_new ("{\"error\":");
  g_autofree char *valid = g_utf8_make_valid (message, -1);

  append_json_string (out, code);
  g_string_append (out, ",\"message\":");
  append_json_string (out, valid);
  g_string_append (out, "}\n");
  return g_string_free_to_bytes (out);
}

static void
stop_watch (ShtHttpExchange *self)
{
  if (self->watch == NULL)
    return;
  g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
}

static void
end (ShtHttpExchange *self)
{
  gboolean unanswered = !self->responded;
  const ShtHttpRoute *route = self->route;

  if (self->message == NULL)
    return;
  stop_watch (self);
  self->message = NULL;
  self->route = NULL;
  self->responded = TRUE;
  g_clear_object (&self->connection);
  if (!unanswered)
    return;
  if (route != NULL && route->funcs.aborted != NULL && !self->body_done)
    route->funcs.aborted (self, route->data);
  g_signal_emit (self, closed_signal, 0);
}

/* The message is over, well or badly; it gives up its reference to us. */
static void
on_message_ended (SoupServerMessage *message, ShtHttpExchange *self)
{
  g_object_ref (self);
  g_signal_handlers_disconnect_by_data (message, self);
  end (self);
  g_object_set_data (G_OBJECT (message), "sht-http-exchange", NULL);
  g_object_unref (self);
}

/* When libsoup drops a connection by itself, its message dies without a signal. */
static void
on_message_freed (gpointer data)
{
  end (data);
  g_object_unref (data);
}

static gboolean
on_client_gone (int fd, GIOCondition condition, gpointer data)
{
  ShtHttpExchange *self = g_object_ref (data);

  /* The message is paused: nothing of libsoup is on the stack. It must run to find the dead socket.
   */
  sht_http_connection_cut (self->connection);
  soup_server_message_set_status (self->message, 500, NULL);
  self->paused = FALSE;
  soup_server_message_unpause (self->message);
  stop_watch (self);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

static void
wait_for_handler (ShtHttpExchange *self)
{
  self->paused = TRUE;
  soup_server_message_pause (self->message);
  sht_http_connection_set_phase (self->connection, SHT_HTTP_PHASE_WAITING);
  self->watch = sht_http_connection_watch (self->connection);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (on_client_gone), self, NULL);
  g_source_attach (self->watch, g_main_context_get_thread_default ());
}

static void
refuse_large (ShtHttpExchange *self)
{
  g_autofree char *limit = g_format_size_full (self->route->body_limit, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *text = g_strdup_printf ("The request is larger than %s.", limit);

  sht_http_exchange_close_after (self);
  sht_http_exchange_respond_error (self, 413, "too_large", text);
}

static void
on_got_chunk (SoupServerMessage *message, GBytes *chunk, ShtHttpExchange *self)
{
  gsize size = g_bytes_get_size (chunk);

  self->expects = FALSE;
  self->received += size;
  sht_http_connection_touch (self->connection);
  if (self->responded || self->route == NULL)
    return;
  if ((guint64)self->received > self->route->body_limit)
    refuse_large (self);
  else if (self->route->handler != NULL)
    g_byte_array_append (self->gathered, g_bytes_get_data (chunk, NULL), (guint)size);
  else
    self->route->funcs.chunk (self, chunk, self->route->data);
}

static void
on_got_body (SoupServerMessage *message, ShtHttpExchange *self)
{
  self->body_done = TRUE;
  self->expects = FALSE;
  if (self->responded)
    {
      sht_http_connection_set_phase (self->connection, SHT_HTTP_PHASE_WRITING);
      return;
    }
  if (self->route->handler != NULL)
    {
      self->body = g_byte_array_free_to_bytes (g_steal_pointer (&self->gathered));
      self->route->handler (self, self->route->data);
    }
  else
    self->route->funcs.done (self, self->route->data);
  if (!self->responded)
    wait_for_handler (self);
}

static void
on_wrote_continue (SoupServerMessage *message, ShtHttpExchange *self)
{
  self->expects = FALSE;
}

static void
on_wrote (SoupServerMessage *message, ShtHttpExchange *self)
{
  if (self->connection != NULL)
    sht_http_connection_touch (self->connection);
}

static void
on_wrote_body_data (SoupServerMessage *message, guint size, ShtHttpExchange *self)
{
  on_wrote (message, self);
}

static char *
client_of (SoupServerMessage *message, SoupMessageHeaders *headers, gboolean behind_proxy)
{
  const char *forwarded = soup_message_headers_get_list (headers, "X-Forwarded-For");
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  if (behind_proxy && forwarded != NULL)
    {
      const char *last = strrchr (forwarded, ',');

      /* Only the last one was written by our own proxy. */
      return g_strstrip (g_strdup (last != NULL ? last + 1 : forwarded));
    }
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("");
  return g_inet_address_to_string (
    g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static gint64
announced_length (SoupMessageHeaders *headers)
{
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED)
    return -1;
  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH)
    return 0;
  return soup_message_headers_get_content_length (headers);
}

ShtHttpExchange *
sht_http_exchange_begin (SoupServerMessage *message,
                         ShtHttpConnection *connection,
                         const ShtHttpRoute *route,
                         GHashTable *query,
                         gboolean behind_proxy)
{
  ShtHttpExchange *self = g_object_new (SHT_TYPE_HTTP_EXCHANGE, NULL);
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));

  self->message = message;
  self->connection = g_object_ref (connection);
  self->headers = soup_message_headers_ref (soup_server_message_get_request_headers (message));
  self->route = route;
  self->method = soup_server_message_get_method (message);
  self->path = g_strdup (path != NULL && *path != '\0' ? path : "/");
  self->client = client_of (message, self->headers, behind_proxy);
  self->query = query != NULL ? g_hash_table_ref (query)
                              : g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->length = announced_length (self->headers);
  self->expects =
    (soup_message_headers_get_expectations (self->headers) & SOUP_EXPECTATION_CONTINUE) != 0;
  if (route != NULL && route->handler != NULL)
    self->gathered = g_byte_array_new ();

  g_object_set_data_full (G_OBJECT (message), "sht-http-exchange", self, on_message_freed);
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_got_chunk), self);
  g_signal_connect (message, "got-body", G_CALLBACK (on_got_body), self);
  g_signal_connect (message, "wrote-informational", G_CALLBACK (on_wrote_continue), self);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (on_wrote), self);
  g_signal_connect (message, "wrote-body-data", G_CALLBACK (on_wrote_body_data), self);
  g_signal_connect (message, "finished", G_CALLBACK (on_message_ended), self);
  g_signal_connect (message, "disconnected", G_CALLBACK (on_message_ended), self);
  sht_http_connection_set_phase (connection, SHT_HTTP_PHASE_BODY);

  if (route != NULL && self->length >= 0 && (guint64)self->length > route->body_limit)
    refuse_large (self);
  else if (route != NULL && route->funcs.headers != NULL)
    route->funcs.headers (self, route->data);
  return self;
}

/**
 * sht_http_exchange_get_method:
 *
 * Returns: (transfer none): an interned string, so that it may be compared by address with
 * g_intern_string()
 */
const char *
sht_http_exchange_get_method (ShtHttpExchange *self)
{
  return self->method;
}

/**
 * sht_http_exchange_get_path:
 *
 * Returns: (transfer none): unescaped, valid UTF-8, without the query
 */
const char *
sht_http_exchange_get_path (ShtHttpExchange *self)
{
  return self->path;
}

/**
 * sht_http_exchange_get_query:
 *
 * Returns: (transfer none) (element-type utf8 utf8): of a name that came twice, the last
 */
GHashTable *
sht_http_exchange_get_query (ShtHttpExchange *self)
{
  return self->query;
}

/**
 * sht_http_exchange_get_header:
 *
 * Returns: (transfer none) (nullable): a request header; one that came several times is joined by
 * commas
 */
const char *
sht_http_exchange_get_header (ShtHttpExchange *self, const char *name)
{
  return soup_message_headers_get_list (self->headers, name);
}

/**
 * sht_http_exchange_get_content_length:
 *
 * Returns: bytes that the request announced, 0 when there is no body, -1 when it comes in chunks
 */
gint64
sht_http_exchange_get_content_length (ShtHttpExchange *self)
{
  return self->length;
}

/**
 * sht_http_exchange_get_body:
 *
 * Returns: (transfer none) (nullable): the whole body; %NULL on a streamed route
 */
GBytes *
sht_http_exchange_get_body (ShtHttpExchange *self)
{
  return self->body;
}

/**
 * sht_http_exchange_get_client:
 *
 * Returns: (transfer none): the client's address in numbers; behind a proxy, what the proxy said of
 * it
 */
const char *
sht_http_exchange_get_client (ShtHttpExchange *self)
{
  return self->client;
}

/**
 * sht_http_exchange_is_open:
 *
 * Returns: whether an answer would still reach somebody: the client is there and none was given
 */
gboolean
sht_http_exchange_is_open (ShtHttpExchange *self)
{
  return self->message != NULL && !self->responded;
}

/**
 * sht_http_exchange_set_data:
 * @data: (transfer full): something that the route keeps with the exchange
 * @destroy: (nullable): frees it
 */
void
sht_http_exchange_set_data (ShtHttpExchange *self, gpointer data, GDestroyNotify destroy)
{
  if (self->destroy != NULL && self->data != NULL)
    self->destroy (self->data);
  self->data = data;
  self->destroy = destroy;
}

/** sht_http_exchange_get_data: Returns: (transfer none) (nullable) */
gpointer
sht_http_exchange_get_data (ShtHttpExchange *self)
{
  return self->data;
}

/**
 * sht_http_exchange_hold:
 *
 * Takes no more of the body until sht_http_exchange_resume(). For a streamed route, when what came
 * cannot be stored as fast; the time limits rest meanwhile.
 */
void
sht_http_exchange_hold (ShtHttpExchange *self)
{
  if (!sht_http_exchange_is_open (self) || self->body_done)
    return;
  sht_http_connection_set_held (self->connection, TRUE);
  self->paused = TRUE;
  soup_server_message_pause (self->message);
}

/** sht_http_exchange_resume: undoes sht_http_exchange_hold() */
void
sht_http_exchange_resume (ShtHttpExchange *self)
{
  if (!sht_http_exchange_is_open (self) || self->body_done || !self->paused)
    return;
  self->paused = FALSE;
  sht_http_connection_set_held (self->connection, FALSE);
  soup_server_message_unpause (self->message);
}

/**
 * sht_http_exchange_set_header:
 *
 * Sets a header of the answer; before answering.
 */
void
sht_http_exchange_set_header (ShtHttpExchange *self, const char *name, const char *value)
{
  if (sht_http_exchange_is_open (self))
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message), name,
                                  value);
}

/* The connection ends after the answer. */
void
sht_http_exchange_close_after (ShtHttpExchange *self)
{
  if (!sht_http_exchange_is_open (self))
    return;
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message),
                                "Connection", "close");
  sht_http_connection_set_linger (self->connection);
}

/**
 * sht_http_exchange_accepts:
 * @coding: a content coding
 *
 * Returns: whether the client takes an answer in that coding and says so by its name
 */
gboolean
sht_http_exchange_accepts (ShtHttpExchange *self, const char *coding)
{
  return sht_http_coding_accepted (self->headers, coding, FALSE);
}

static void
set_common_headers (SoupMessageHeaders *headers, guint status, const char *content_type)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = soup_date_time_to_string (now, SOUP_DATE_HTTP);

  soup_message_headers_replace (headers, "Date", date);
  soup_message_headers_replace (headers, "Shetach-Protocol", "1");
  /* What may be kept is the answer, not that there is none yet. */
  if (status >= 400 || soup_message_headers_get_one (headers, "Cache-Control") == NULL)
    soup_message_headers_replace (headers, "Cache-Control", "no-store");
  if (content_type != NULL)
    soup_message_headers_replace (headers, "Content-Type", content_type);
  else
    soup_message_headers_remove (headers, "Content-Type");
}

/* libsoup takes an answer without a length for one that lasts until the connection's end, even one that has no body, and ends
 * the connection: each chunk of a photo would want another. What it is told before it has written the heads is forgotten. */
static void
keep_connection (SoupServerMessage *message, gpointer data)
{
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message), SOUP_ENCODING_NONE);
}

/**
 * sht_http_exchange_respond:
 * @status: the HTTP status
 * @content_type: (nullable): %NULL without a body
 * @body: (nullable) (transfer none)
 *
 * Answers, once; a second answer and one to a client that has gone do nothing. JSON, NDJSON and
 * text of more than 1 KiB are compressed for a client that takes gzip. In the middle of a request
 * body it ends the connection, unless little of that body is left.
 */
void
sht_http_exchange_respond (ShtHttpExchange *self,
                           guint status,
                           const char *content_type,
                           GBytes *body)
{
  SoupMessageHeaders *headers;
  g_autoptr (GBytes) out = NULL;
  gboolean cut;

  if (!sht_http_exchange_is_open (self))
    return;
  headers = soup_server_message_get_response_headers (self->message);
  set_common_headers (headers, status, content_type);
  out = sht_http_coding_encode (self->headers, headers, content_type, body);
  self->responded = TRUE;
  cut = !self->body_done && !self->expects &&
        (self->length < 0 || self->length - self->received > SHT_HTTP_REST_MAX);
  if (cut)
    sht_http_connection_answer (self->connection, status, headers, out);
  /* A client that was refused its 100 Continue may send the body all the same. */
  if (!self->body_done && self->expects)
    {
      soup_message_headers_replace (headers, "Connection", "close");
      sht_http_connection_set_linger (self->connection);
    }
  soup_server_message_set_status (self->message, status, sht_http_reason (status));
  if (status == SOUP_STATUS_NO_CONTENT)
    g_signal_connect (self->message, "wrote-headers", G_CALLBACK (keep_connection), NULL);
  soup_message_body_truncate (soup_server_message_get_response_body (self->message));
  if (g_bytes_get_size (out) > 0)
    soup_message_body_append_bytes (soup_server_message_get_response_body (self->message), out);
  soup_message_body_complete (soup_server_message_get_response_body (self->message));
  stop_watch (self);
  if (self->body_done)
    sht_http_connection_set_phase (self->connection, SHT_HTTP_PHASE_WRITING);
  sht_http_connection_set_held (self->connection, FALSE);
  if (self->paused)
    soup_server_message_unpause (self->message);
  self->paused = FALSE;
}

/**
 * sht_http_exchange_respond_error:
 * @status: from 400
 * @code: a word for programs, such as "not_found"
 * @message: a sentence for people
 */
void
sht_http_exchange_respond_error (ShtHttpExchange *self,
                                 guint status,
                                 const char *code,
                                 const char *message)
{
  g_autoptr (GBytes) body = sht_http_error_body (code, message);

  sht_http_exchange_respond (self, status, "application/json", body);
}

/**
 * sht_http_exchange_respond_gerror:
 * @error: one of %SHT_HTTP_ERROR is told as it is; of any other only that something failed, or that the disk
 *   is full, and the rest goes to the log
 */
void
sht_http_exchange_respond_gerror (ShtHttpExchange *self, const GError *error)
{
  if (error->domain != SHT_HTTP_ERROR)
    {
      g_warning ("%s %s: %s", self->method, self->path, error->message);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE)
          || g_error_matches (error, SHT_DB_ERROR, SHT_DB_ERROR_FULL))
        sht_http_exchange_respond_error (self, 507, "disk_full", "The hub has no room now. Try again later.");
      else
        sht_http_exchange_respond_error (self, 500, "internal", "Something failed here. Try again later.");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (STATUSES); i++)
    if (STATUSES[i].status == (guint)error->code)
      {
        sht_http_exchange_respond_error (self, STATUSES[i].status, STATUSES[i].code,
                                         error->message);
        return;
      }
  sht_http_exchange_respond_error (self, (guint)error->code, "error", error->message);
}

static void
sht_http_exchange_finalize (GObject *object)
{
  ShtHttpExchange *self = SHT_HTTP_EXCHANGE (object);

  sht_http_exchange_set_data (self, NULL, NULL);
  stop_watch (self);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  g_clear_pointer (&self->query, g_hash_table_unref);
  g_clear_pointer (&self->gathered, g_byte_array_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->path);
  g_free (self->client);
  G_OBJECT_CLASS (sht_http_exchange_parent_class)->finalize (object);
}

static void
sht_http_exchange_class_init (ShtHttpExchangeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sht_http_exchange_finalize;
  closed_signal = g_signal_new ("closed", SHT_TYPE_HTTP_EXCHANGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
sht_http_exchange_init (ShtHttpExchange *self)
{
}
