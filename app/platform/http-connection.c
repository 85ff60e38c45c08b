/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stream under libsoup's parser. It counts and times what comes in, ends the input when it
 * must, and can answer past libsoup, which has no way to answer in the middle of a request body. */
#include "platform/http-private.h"

#include <poll.h>
#include <glib-unix.h>
#include <string.h>

/* What is read and thrown away of a refused request; a client that sends more meets a reset. */
#define LINGER_BYTES (4 * 1024 * 1024)

struct _ShtHttpConnection
{
  GIOStream parent_instance;

  GSocketConnection *base; /* (owned) */
  GInputStream *input;     /* (owned) */
  ShtHttpLimits limits;
  ShtHttpConnectionFunc closed;
  gpointer closed_data;

  ShtHttpPhase phase;
  gint64 since;   /* µs, monotonic: the phase's beginning */
  gint64 touched; /* µs, monotonic: the last byte either way */
  gsize header_bytes;
  gboolean held;    /* we, and not the client, are why nothing comes */
  gboolean ended;   /* the input has ended, whatever the socket says */
  gboolean started; /* libsoup has begun a request */
  gsize pushed;     /* bytes; see input_end() */
  gboolean linger;
  GCancellable *wake; /* (owned): wakes the reader when ended is set */
};

G_DEFINE_FINAL_TYPE (ShtHttpConnection, sht_http_connection, G_TYPE_IO_STREAM)

#define SHT_TYPE_HTTP_INPUT (sht_http_input_get_type ())
G_DECLARE_FINAL_TYPE (ShtHttpInput, sht_http_input, SHT, HTTP_INPUT, GFilterInputStream)

struct _ShtHttpInput
{
  GFilterInputStream parent_instance;
  ShtHttpConnection *owner; /* (unowned) (nullable): cleared when it goes */
};

static void sht_http_input_pollable (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ShtHttpInput,
                               sht_http_input,
                               G_TYPE_FILTER_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      sht_http_input_pollable))

static GPollableInputStream *
input_base (ShtHttpInput *self)
{
  return G_POLLABLE_INPUT_STREAM (
    g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (self)));
}

static void
connection_received (ShtHttpConnection *self, gsize count)
{
  g_autoptr (GBytes) body = NULL;

  self->touched = g_get_monotonic_time ();
  if (self->phase == SHT_HTTP_PHASE_IDLE)
    sht_http_connection_set_phase (self, SHT_HTTP_PHASE_HEADERS);
  if (self->phase != SHT_HTTP_PHASE_HEADERS)
    return;
  self->header_bytes += count;
  /* A block may hold the first bytes of the body too; the exact sum is taken when the headers are
   * in. */
  if (self->header_bytes <= self->limits.header_bytes + SHT_HTTP_READ_AHEAD)
    return;
  body = sht_http_error_body ("headers_too_large", "The request's headers are too large.");
  sht_http_connection_answer (self, 431, NULL, body);
}

/* The input is over.
 *
 * It must be an error: libsoup takes headers that are cut off after a line for whole ones, and
 * would run a request that has lost some of them. And libsoup 3.2 never lets go of a connection
 * that ends before the next request has a first line: one line more, which can neither be empty nor
 * complete anything, makes it begin a request, which it then gives up together with the connection.
 */
static gssize
input_end (ShtHttpConnection *owner, guint8 *buffer, GError **error)
{
  static const char LINE[] = "x\n";

  if (owner != NULL && !owner->started && owner->pushed < strlen (LINE))
    {
      owner->ended = TRUE;
      g_cancellable_cancel (owner->wake);
      *buffer = (guint8)LINE[owner->pushed++];
      return 1;
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "the request ended early");
  return -1;
}

static gssize
input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  ShtHttpInput *self = SHT_HTTP_INPUT (stream);
  gssize n;

  if (self->owner == NULL || self->owner->ended)
    return input_end (self->owner, buffer, error);
  n = g_pollable_input_stream_read_nonblocking (input_base (self), buffer, count, NULL, error);
  if (n > 0)
    connection_received (self->owner, (gsize)n);
  if (n == 0 || (n > 0 && self->owner->ended))
    return input_end (self->owner, buffer, error);
  if (n < 0 && error != NULL && !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      g_clear_error (error);
      return input_end (self->owner, buffer, error);
    }
  return n;
}

static gboolean
input_is_readable (GPollableInputStream *stream)
{
  ShtHttpInput *self = SHT_HTTP_INPUT (stream);

  return self->owner == NULL || self->owner->ended ||
         g_pollable_input_stream_is_readable (input_base (self));
}

static GSource *
input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  ShtHttpInput *self = SHT_HTTP_INPUT (stream);
  g_autoptr (GSource) base = g_pollable_input_stream_create_source (input_base (self), NULL);
  GSource *source = g_pollable_source_new_full (stream, base, cancellable);

  if (self->owner != NULL)
    {
      g_autoptr (GSource) wake = g_cancellable_source_new (self->owner->wake);

      g_source_set_dummy_callback (wake);
      g_source_add_child_source (source, wake);
    }
  return source;
}

static gssize
input_read (
  GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  return input_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer, count, error);
}

static void
sht_http_input_pollable (GPollableInputStreamInterface *iface)
{
  iface->is_readable = input_is_readable;
  iface->create_source = input_create_source;
  iface->read_nonblocking = input_read_nonblocking;
}

static void
sht_http_input_class_init (ShtHttpInputClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = input_read;
}

static void
sht_http_input_init (ShtHttpInput *self)
{
}

/* The rest of a refused request, after our stream has been closed. */
typedef struct
{
  GSocket *socket; /* (owned) */
  gint64 deadline; /* µs, monotonic */
  gsize drained;   /* bytes */
} Linger;

static void
linger_free (gpointer data)
{
  Linger *linger = data;

  g_socket_close (linger->socket, NULL);
  g_object_unref (linger->socket);
  g_free (linger);
}

/* Something came, or the time is over. */
static gboolean
linger_continue (gpointer data)
{
  Linger *linger = data;
  char buffer[16384];
  g_autoptr (GError) error = NULL;
  gssize n =
    g_socket_receive_with_blocking (linger->socket, buffer, sizeof buffer, FALSE, NULL, &error);

  linger->drained += n > 0 ? (gsize)n : 0;
  if (n == 0 || (n < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)))
    return G_SOURCE_REMOVE;
  return linger->drained < LINGER_BYTES && g_get_monotonic_time () < linger->deadline;
}

static void
linger_start (GSocket *socket, guint ms)
{
  g_autoptr (GSource) source = g_timeout_source_new (ms);
  g_autoptr (GSource) input = g_socket_create_source (socket, G_IO_IN, NULL);
  Linger *linger = g_new0 (Linger, 1);

  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  linger->socket = g_object_ref (socket);
  linger->deadline = g_get_monotonic_time () + (gint64)ms * 1000;
  g_source_set_dummy_callback (input);
  g_source_add_child_source (source, input);
  g_source_set_callback (source, linger_continue, linger, linger_free);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static GInputStream *
sht_http_connection_get_input_stream (GIOStream *stream)
{
  return SHT_HTTP_CONNECTION (stream)->input;
}

static GOutputStream *
sht_http_connection_get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (G_IO_STREAM (SHT_HTTP_CONNECTION (stream)->base));
}

static gboolean
sht_http_connection_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  ShtHttpConnection *self = SHT_HTTP_CONNECTION (stream);
  gboolean ok = TRUE;

  if (self->phase == SHT_HTTP_PHASE_CLOSED)
    return TRUE;
  self->phase = SHT_HTTP_PHASE_CLOSED;
  self->ended = TRUE;
  if (self->linger)
    linger_start (g_socket_connection_get_socket (self->base), self->limits.linger_ms);
  else
    ok = g_io_stream_close (G_IO_STREAM (self->base), cancellable, error);
  self->closed (self, self->closed_data);
  return ok;
}

static void
sht_http_connection_finalize (GObject *object)
{
  ShtHttpConnection *self = SHT_HTTP_CONNECTION (object);

  SHT_HTTP_INPUT (self->input)->owner = NULL;
  g_clear_object (&self->input);
  g_clear_object (&self->base);
  g_clear_object (&self->wake);
  G_OBJECT_CLASS (sht_http_connection_parent_class)->finalize (object);
}

static void
sht_http_connection_class_init (ShtHttpConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sht_http_connection_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = sht_http_connection_get_input_stream;
  G_IO_STREAM_CLASS (klass)->get_output_stream = sht_http_connection_get_output_stream;
  G_IO_STREAM_CLASS (klass)->close_fn = sht_http_connection_close;
}

static void
sht_http_connection_init (ShtHttpConnection *self)
{
  self->wake = g_cancellable_new ();
  self->since = self->touched = g_get_monotonic_time ();
}

/*
 * sht_http_connection_new:
 * @closed: called once, when libsoup or a limit has closed the connection
 */
ShtHttpConnection *
sht_http_connection_new (GSocketConnection *base,
                         const ShtHttpLimits *limits,
                         ShtHttpConnectionFunc closed,
                         gpointer data)
{
  ShtHttpConnection *self = g_object_new (SHT_TYPE_HTTP_CONNECTION, NULL);
  ShtHttpInput *input = g_object_new (SHT_TYPE_HTTP_INPUT, "base-stream",
                                      g_io_stream_get_input_stream (G_IO_STREAM (base)),
                                      "close-base-stream", FALSE, NULL);

  input->owner = self;
  self->input = G_INPUT_STREAM (input);
  self->base = g_object_ref (base);
  self->limits = *limits;
  self->closed = closed;
  self->closed_data = data;
  return self;
}

void
sht_http_connection_set_phase (ShtHttpConnection *self, ShtHttpPhase phase)
{
  if (self->phase == SHT_HTTP_PHASE_CLOSED || self->phase == phase)
    return;
  self->phase = phase;
  self->started =
    phase != SHT_HTTP_PHASE_IDLE && (self->started || phase != SHT_HTTP_PHASE_HEADERS);
  self->held = FALSE;
  self->since = self->touched = g_get_monotonic_time ();
  if (phase == SHT_HTTP_PHASE_HEADERS)
    self->header_bytes = 0;
}

/*
 * sht_http_connection_begin:
 *
 * libsoup has begun to read a request.
 */
void
sht_http_connection_begin (ShtHttpConnection *self)
{
  sht_http_connection_set_phase (self, SHT_HTTP_PHASE_HEADERS);
  self->started = TRUE;
}

ShtHttpPhase
sht_http_connection_get_phase (ShtHttpConnection *self)
{
  return self->phase;
}

void
sht_http_connection_touch (ShtHttpConnection *self)
{
  self->touched = g_get_monotonic_time ();
}

void
sht_http_connection_set_held (ShtHttpConnection *self, gboolean held)
{
  self->held = held;
  self->touched = g_get_monotonic_time ();
}

void
sht_http_connection_set_linger (ShtHttpConnection *self)
{
  self->linger = TRUE;
}

/*
 * sht_http_connection_check:
 *
 * Cuts the connection when it has used up one of its times.
 */
void
sht_http_connection_check (ShtHttpConnection *self, gint64 now_us)
{
  gint64 quiet_ms = (now_us - self->touched) / 1000;
  gint64 phase_ms = (now_us - self->since) / 1000;
  g_autoptr (GBytes) body = NULL;

  if (self->ended)
    return;
  switch (self->phase)
    {
    case SHT_HTTP_PHASE_HEADERS:
      if (phase_ms < self->limits.header_ms)
        return;
      break;
    case SHT_HTTP_PHASE_BODY:
      if (self->held || (quiet_ms < self->limits.stall_ms && phase_ms < self->limits.body_ms))
        return;
      break;
    case SHT_HTTP_PHASE_WRITING:
      if (quiet_ms >= self->limits.stall_ms)
        sht_http_connection_cut (self);
      return;
    case SHT_HTTP_PHASE_IDLE:
      if (phase_ms >= self->limits.idle_ms)
        sht_http_connection_cut (self);
      return;
    case SHT_HTTP_PHASE_WAITING:
    case SHT_HTTP_PHASE_CLOSED:
    default:
      return;
    }
  body = sht_http_error_body ("timeout", "The request took too long to arrive.");
  sht_http_connection_answer (self, 408, NULL, body);
}

/*
 * sht_http_connection_cut:
 *
 * Ends both directions. libsoup notices at its next read or write and cleans up.
 */
void
sht_http_connection_cut (ShtHttpConnection *self)
{
  self->ended = TRUE;
  g_socket_shutdown (g_socket_connection_get_socket (self->base), TRUE, TRUE, NULL);
  g_cancellable_cancel (self->wake);
}

/*
 * sht_http_connection_answer:
 * @headers: (nullable): more headers
 * @body: JSON
 *
 * Answers past libsoup and ends the input, so that libsoup gives the request up. Only while nothing
 * of an answer has been written. One attempt that never blocks: an error is short, and the send
 * buffer of a connection that has only received is empty.
 */
void
sht_http_connection_answer (ShtHttpConnection *self,
                            guint status,
                            SoupMessageHeaders *headers,
                            GBytes *body)
{
  g_autoptr (GString) text = g_string_new (NULL);
  SoupMessageHeadersIter iter;
  const char *name, *value;

  if (self->ended)
    return;
  g_string_append_printf (text, "HTTP/1.1 %u %s\r\n", status, sht_http_reason (status));
  if (headers != NULL)
    {
      soup_message_headers_iter_init (&iter, headers);
      while (soup_message_headers_iter_next (&iter, &name, &value))
        if (g_ascii_strcasecmp (name, "Content-Length") != 0 &&
            g_ascii_strcasecmp (name, "Connection") != 0)
          g_string_append_printf (text, "%s: %s\r\n", name, value);
    }
  else
    g_string_append (text, "Content-Type: application/json\r\nShetach-Protocol: 1\r\n"
                           "Cache-Control: no-store\r\n");
  if (status == 503)
    g_string_append (text, "Retry-After: 5\r\n");
  g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\nConnection: close\r\n\r\n",
                          g_bytes_get_size (body));
  g_string_append_len (text, g_bytes_get_data (body, NULL), (gssize)g_bytes_get_size (body));
  g_socket_send_with_blocking (g_socket_connection_get_socket (self->base), text->str, text->len,
                               FALSE, NULL, NULL);
  self->ended = TRUE;
  self->linger = TRUE;
  g_cancellable_cancel (self->wake);
}

/*
 * sht_http_connection_watch:
 *
 * libsoup does not look at the socket while a message is paused. POLLRDHUP tells that the client
 * has closed without reading what else it may have sent.
 *
 * Returns: (transfer full): a #GUnixFDSourceFunc source, not attached
 */
GSource *
sht_http_connection_watch (ShtHttpConnection *self)
{
  int fd = g_socket_get_fd (g_socket_connection_get_socket (self->base));

  return g_unix_fd_source_new (fd, (GIOCondition)(POLLRDHUP | POLLHUP | POLLERR));
}
