/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/client.h"

#include "core/protocol.h"
#include "platform/pack.h"

#include <libsoup/soup.h>
#include <string.h>

/* The largest page is two mebibytes and one ticket's worth; no answer of ours comes near this. */
#define MOST_BODY_BYTES (64 * 1024 * 1024)
#define CONNECTIONS 8

/* What comes is read and unpacked on a thread of the client's own, while what came before is stored. */
struct _ShtClient
{
  GThread *thread;
  GMainContext *context; /* (owned): the thread's */
  GMainLoop *loop;       /* (owned) */
  SoupSession *session;  /* (owned): the thread's; one that is used on another hangs */
  char *base;            /* (owned): without a slash at its end */
  char *authorization;   /* (owned) (nullable) */
};

/**
 * sht_client_load_types:
 *
 * To be called on the main thread before another one makes a client. GLib takes its lock of classes and that of a
 * type's first use in either order: libsoup's classes, set up on one thread while GApplication comes to the bus
 * on another, waited for each other for ever, and no window came. So did GNOME's proxy resolver, which asks GSettings as it
 * is made under GIO's lock of modules, and a GSettings that was made meanwhile.
 */
void
sht_client_load_types (void)
{
  static gpointer classes[2]; /* (owned): for as long as the program runs */

  if (classes[0] != NULL)
    return;
  g_type_ensure (G_TYPE_PROXY_ADDRESS);
  g_proxy_resolver_get_default ();
  classes[0] = g_type_class_ref (SOUP_TYPE_SESSION);
  classes[1] = g_type_class_ref (SOUP_TYPE_MESSAGE);
}

static gpointer
run_thread (gpointer data)
{
  ShtClient *client = data;

  g_main_context_push_thread_default (client->context);
  client->session = soup_session_new_with_options ("max-conns-per-host", CONNECTIONS, "user-agent", "shetach/" SHT_VERSION,
                                                   NULL);
  g_main_loop_run (client->loop);
  soup_session_abort (client->session);
  while (g_main_context_iteration (client->context, FALSE))
    ;
  g_clear_object (&client->session);
  g_main_context_pop_thread_default (client->context);
  return NULL;
}

/**
 * sht_client_new:
 * @url: the hub's address, http or https
 * @token: (nullable): the device's token
 *
 * Returns: (transfer full) (nullable): a client, or %NULL with %G_IO_ERROR_INVALID_ARGUMENT
 */
ShtClient *
sht_client_new (const char *url, const char *token, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  ShtClient *client;

  if (uri == NULL || g_uri_get_host (uri) == NULL || g_uri_get_host (uri)[0] == '\0'
      || (g_strcmp0 (g_uri_get_scheme (uri), "http") != 0 && g_strcmp0 (g_uri_get_scheme (uri), "https") != 0))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is not an http or https address", url);
      return NULL;
    }
  client = g_new0 (ShtClient, 1);
  client->base = g_strdup (url);
  while (g_str_has_suffix (client->base, "/"))
    client->base[strlen (client->base) - 1] = '\0';
  if (token != NULL)
    client->authorization = g_strconcat ("Bearer ", token, NULL);
  sht_client_load_types ();
  client->context = g_main_context_new ();
  client->loop = g_main_loop_new (client->context, FALSE);
  client->thread = g_thread_new ("net", run_thread, client);
  return client;
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/**
 * sht_client_free:
 *
 * Ends a client of which no request is under way.
 */
void
sht_client_free (ShtClient *client)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  /* Not before the loop runs. */
  g_source_set_callback (source, quit, client->loop, NULL);
  g_source_attach (source, client->context);
  g_thread_join (client->thread);
  g_main_loop_unref (client->loop);
  g_main_context_unref (client->context);
  g_free (client->base);
  g_free (client->authorization);
  g_free (client);
}

/* All of it happens on the client's thread, but that it begins, and that it is cancelled. */
typedef struct
{
  ShtClient *client;
  SoupMessage *message; /* (owned) (nullable) */
  GInputStream *stream; /* (owned) (nullable) */
  GByteArray *body;     /* (owned) */
  GSource *silence;     /* (owned): ends the request when nothing has come for too long */
  GCancellable *cancellable; /* (owned) */
  guint timeout_s;
  gulong forward;
  GCancellable *outer; /* (owned) (nullable) */
  gboolean timed_out;
  gboolean has_left; /* the hub may have it: before its headers have gone there is no request */
  guint8 buffer[65536];
} Sending;

static void
stop_waiting (Sending *sending)
{
  if (sending->silence == NULL)
    return;
  g_source_destroy (sending->silence);
  g_clear_pointer (&sending->silence, g_source_unref);
}

/* What is libsoup's is let go where it was used. */
static void
let_go (Sending *sending)
{
  stop_waiting (sending);
  if (sending->message != NULL)
    g_signal_handlers_disconnect_by_data (sending->message, sending);
  g_clear_object (&sending->message);
  g_clear_object (&sending->stream);
}

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  if (sending->outer != NULL)
    g_cancellable_disconnect (sending->outer, sending->forward);
  g_clear_object (&sending->outer);
  g_clear_object (&sending->cancellable);
  g_byte_array_unref (sending->body);
  g_free (sending);
}

static gboolean
on_silence (gpointer data)
{
  Sending *sending = data;

  sending->timed_out = TRUE;
  g_cancellable_cancel (sending->cancellable);
  return G_SOURCE_REMOVE;
}

static void
expect_something (Sending *sending)
{
  stop_waiting (sending);
  sending->silence = g_timeout_source_new_seconds (sending->timeout_s);
  g_source_set_callback (sending->silence, on_silence, sending, NULL);
  g_source_attach (sending->silence, sending->client->context);
}

static gboolean
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
forward_cancel (GCancellable *outer, gpointer data)
{
  Sending *sending = data;

  g_main_context_invoke_full (sending->client->context, G_PRIORITY_DEFAULT, cancel, g_object_ref (sending->cancellable),
                              g_object_unref);
}

static void
finish_failed (GTask *task, const char *what)
{
  Sending *sending = g_task_get_task_data (task);
  ShtAnswer *answer = sht_answer_new (0);

  answer->unsent = !sending->has_left;
  answer->problem = g_strdup (sending->timed_out ? "the hub did not answer in time" : what);
  let_go (sending);
  g_task_return_pointer (task, answer, (GDestroyNotify) sht_answer_free);
}

/* Returns: (transfer full) (nullable): what the hub said, unpacked when it was packed; libsoup has seen to gzip */
static GBytes *
take_body (Sending *sending)
{
  const char *coding = soup_message_headers_get_one (soup_message_get_response_headers (sending->message),
                                                     "Content-Encoding");
  g_autoptr (GBytes) body = g_byte_array_free_to_bytes (g_steal_pointer (&sending->body));

  sending->body = g_byte_array_new ();
  if (g_strcmp0 (coding, SHT_PACK_CODING) != 0)
    return g_steal_pointer (&body);
  return sht_unpack (body, MOST_BODY_BYTES, NULL);
}

static void
finish_whole (GTask *task)
{
  Sending *sending = g_task_get_task_data (task);
  GBytes *body = take_body (sending);
  SoupMessageHeadersIter iter;
  const char *name, *value;
  ShtAnswer *answer;

  if (body == NULL)
    {
      finish_failed (task, "the answer cannot be unpacked");
      return;
    }
  answer = sht_answer_new (soup_message_get_status (sending->message));
  soup_message_headers_iter_init (&iter, soup_message_get_response_headers (sending->message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    g_hash_table_replace (answer->headers, g_ascii_strdown (name, -1), g_strdup (value));
  answer->body = body;
  let_go (sending);
  g_task_return_pointer (task, answer, (GDestroyNotify) sht_answer_free);
}

static void
on_wrote_headers (SoupMessage *message, gpointer data)
{
  ((Sending *) data)->has_left = TRUE;
}

/* Each chunk of a photo is answered by 204, which has no body. libsoup takes it for one that lasts until the connection's
 * end, and would make another connection, with TLS, for the next chunk. */
static void
on_got_headers (SoupMessage *message, gpointer data)
{
  if (soup_message_get_status (message) == SOUP_STATUS_NO_CONTENT)
    soup_message_headers_set_encoding (soup_message_get_response_headers (message), SOUP_ENCODING_NONE);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Sending *sending = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize n = g_input_stream_read_finish (sending->stream, result, &error);

  if (n < 0)
    finish_failed (task, error->message);
  else if (n == 0)
    finish_whole (task);
  else if (sending->body->len + (gsize) n > MOST_BODY_BYTES)
    finish_failed (task, "the answer is larger than any of ours");
  else
    {
      g_byte_array_append (sending->body, sending->buffer, (guint) n);
      expect_something (sending);
      g_input_stream_read_async (sending->stream, sending->buffer, sizeof sending->buffer, G_PRIORITY_DEFAULT,
                                 sending->cancellable, on_read, g_steal_pointer (&task));
    }
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Sending *sending = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  sending->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (sending->stream == NULL)
    {
      finish_failed (task, error->message);
      return;
    }
  expect_something (sending);
  g_input_stream_read_async (sending->stream, sending->buffer, sizeof sending->buffer, G_PRIORITY_DEFAULT,
                             sending->cancellable, on_read, g_steal_pointer (&task));
}

static gboolean
begin (gpointer data)
{
  GTask *task = data;
  Sending *sending = g_task_get_task_data (task);

  expect_something (sending);
  soup_session_send_async (sending->client->session, sending->message, G_PRIORITY_DEFAULT, sending->cancellable, on_sent,
                           g_object_ref (task));
  return G_SOURCE_REMOVE;
}

static SoupMessage *
new_message (ShtClient *client, ShtRequest *request)
{
  g_autofree char *url = g_strconcat (client->base, request->path, NULL);
  SoupMessage *message = soup_message_new (request->method, url);
  SoupMessageHeaders *headers;

  if (message == NULL)
    return NULL;
  headers = soup_message_get_request_headers (message);
  soup_message_headers_replace (headers, "Shetach-Protocol", SHT_PROTOCOL);
  soup_message_headers_replace (headers, "Accept-Encoding", SHT_PACK_CODING ", gzip");
  if (client->authorization != NULL)
    soup_message_headers_replace (headers, "Authorization", client->authorization);
  for (guint i = 0; i + 1 < request->headers->len; i += 2)
    soup_message_headers_replace (headers, g_ptr_array_index (request->headers, i),
                                  g_ptr_array_index (request->headers, i + 1));
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (message, request->content_type, request->body);
  /* Whatever we send may come twice. libsoup knows that of GET alone: all else would have a connection of its own, and
   * make it, with TLS, for each chunk of a photo. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  return message;
}

/**
 * sht_client_send_async:
 * @request: what to send; it may be freed at once
 * @callback: called on the calling thread's main context
 *
 * Sends a request. There is always an answer: status 0 when nothing whole came back.
 */
void
sht_client_send_async (ShtClient *client, ShtRequest *request, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, NULL, callback, data);
  Sending *sending = g_new0 (Sending, 1);

  g_task_set_source_tag (task, sht_client_send_async);
  g_task_set_task_data (task, sending, sending_free);
  sending->client = client;
  sending->body = g_byte_array_new ();
  sending->cancellable = g_cancellable_new ();
  sending->timeout_s = request->timeout_s;
  sending->message = new_message (client, request);
  if (sending->message == NULL)
    {
      finish_failed (task, "the hub's address cannot be used");
      g_object_unref (task);
      return;
    }
  g_signal_connect (sending->message, "wrote-headers", G_CALLBACK (on_wrote_headers), sending);
  g_signal_connect (sending->message, "got-headers", G_CALLBACK (on_got_headers), sending);
  if (cancellable != NULL)
    {
      sending->outer = g_object_ref (cancellable);
      sending->forward = g_cancellable_connect (cancellable, G_CALLBACK (forward_cancel), sending, NULL);
    }
  g_main_context_invoke_full (client->context, G_PRIORITY_DEFAULT, begin, task, g_object_unref);
}

/**
 * sht_client_send_finish:
 *
 * Returns: (transfer full): the answer
 */
ShtAnswer *
sht_client_send_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(ShtAnswer **) data = sht_client_send_finish (result);
}

/**
 * sht_client_send:
 * @request: what to send
 *
 * Sends a request and waits for what comes of it.
 *
 * Returns: (transfer full): the answer
 */
ShtAnswer *
sht_client_send (ShtClient *client, ShtRequest *request)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  ShtAnswer *answer = NULL;

  g_main_context_push_thread_default (context);
  sht_client_send_async (client, request, NULL, keep_result, &answer);
  while (answer == NULL)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return answer;
}
