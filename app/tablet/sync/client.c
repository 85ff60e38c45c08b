/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/client.h"

#include "core/protocol.h"
#include "platform/pack.h"

#include <libsoup/soup.h>
#include <string.h>

/* The largest page is two mebibytes and one ticket's worth; no answer of ours comes near this. */
#define MOST_BODY_BYTES (64 * 1024 * 1024)
#define CONNECTIONS 8

struct _ShtClient
{
  SoupSession *session; /* (owned): on the main context on which the client was made */
  GMainContext *waiting_context; /* (owned) (nullable): for who waits */
  SoupSession *waiting_session;  /* (owned) (nullable): on that; a session that is used on another context hangs */
  char *base;           /* (owned): without a slash at its end */
  char *authorization;  /* (owned) (nullable) */
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

static SoupSession *
make_session (void)
{
  return soup_session_new_with_options ("max-conns-per-host", CONNECTIONS, "user-agent", "shetach/" SHT_VERSION, NULL);
}

static void
end_session (SoupSession *session)
{
  soup_session_abort (session);
  g_object_unref (session);
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
  client->session = make_session ();
  return client;
}

void
sht_client_free (ShtClient *client)
{
  end_session (client->session);
  g_clear_pointer (&client->waiting_session, end_session);
  g_clear_pointer (&client->waiting_context, g_main_context_unref);
  g_free (client->base);
  g_free (client->authorization);
  g_free (client);
}

typedef struct
{
  SoupMessage *message; /* (owned) */
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
sending_free (gpointer data)
{
  Sending *sending = data;

  if (sending->silence != NULL)
    {
      g_source_destroy (sending->silence);
      g_source_unref (sending->silence);
    }
  if (sending->outer != NULL)
    g_cancellable_disconnect (sending->outer, sending->forward);
  g_clear_object (&sending->outer);
  if (sending->message != NULL)
    g_signal_handlers_disconnect_by_data (sending->message, sending);
  g_clear_object (&sending->message);
  g_clear_object (&sending->stream);
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
  if (sending->silence != NULL)
    {
      g_source_destroy (sending->silence);
      g_source_unref (sending->silence);
    }
  sending->silence = g_timeout_source_new_seconds (sending->timeout_s);
  g_source_set_callback (sending->silence, on_silence, sending, NULL);
  g_source_attach (sending->silence, g_main_context_get_thread_default ());
}

static void
forward_cancel (GCancellable *outer, gpointer inner)
{
  g_cancellable_cancel (inner);
}

static void
finish_failed (GTask *task, const char *what)
{
  Sending *sending = g_task_get_task_data (task);
  ShtAnswer *answer = sht_answer_new (0);

  answer->unsent = !sending->has_left;
  answer->problem = g_strdup (sending->timed_out ? "the hub did not answer in time" : what);
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
  g_task_return_pointer (task, answer, (GDestroyNotify) sht_answer_free);
}

static void
on_wrote_headers (SoupMessage *message, gpointer data)
{
  ((Sending *) data)->has_left = TRUE;
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

static void
send_by (ShtClient *client, SoupSession *session, ShtRequest *request, GCancellable *cancellable,
         GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);
  g_autofree char *url = g_strconcat (client->base, request->path, NULL);
  Sending *sending = g_new0 (Sending, 1);
  SoupMessageHeaders *headers;

  g_task_set_source_tag (task, sht_client_send_async);
  g_task_set_task_data (task, sending, sending_free);
  sending->body = g_byte_array_new ();
  sending->cancellable = g_cancellable_new ();
  sending->timeout_s = request->timeout_s;
  sending->message = soup_message_new (request->method, url);
  if (sending->message == NULL)
    {
      finish_failed (task, "the hub's address cannot be used");
      return;
    }
  if (cancellable != NULL)
    {
      sending->outer = g_object_ref (cancellable);
      sending->forward = g_cancellable_connect (cancellable, G_CALLBACK (forward_cancel), sending->cancellable, NULL);
    }
  headers = soup_message_get_request_headers (sending->message);
  soup_message_headers_replace (headers, "Shetach-Protocol", SHT_PROTOCOL);
  soup_message_headers_replace (headers, "Accept-Encoding", SHT_PACK_CODING ", gzip");
  if (client->authorization != NULL)
    soup_message_headers_replace (headers, "Authorization", client->authorization);
  for (guint i = 0; i + 1 < request->headers->len; i += 2)
    soup_message_headers_replace (headers, g_ptr_array_index (request->headers, i),
                                  g_ptr_array_index (request->headers, i + 1));
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (sending->message, request->content_type, request->body);
  /* Whatever we send may come twice. libsoup knows that of GET alone: all else would have a connection of its own, and
   * make it, with TLS, for each chunk of a photo. */
  soup_message_add_flags (sending->message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  g_signal_connect (sending->message, "wrote-headers", G_CALLBACK (on_wrote_headers), sending);
  expect_something (sending);
  soup_session_send_async (session, sending->message, G_PRIORITY_DEFAULT, sending->cancellable, on_sent,
                           g_steal_pointer (&task));
}

/**
 * sht_client_send_async:
 * @request: what to send; it may be freed at once
 * @callback: called on the main context on which the client was made
 *
 * Sends a request. There is always an answer: status 0 when nothing whole came back.
 */
void
sht_client_send_async (ShtClient *client, ShtRequest *request, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  send_by (client, client->session, request, cancellable, callback, data);
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
 * Sends a request and waits for what comes of it, in a main context of the client's own; one at a time.
 *
 * Returns: (transfer full): the answer
 */
ShtAnswer *
sht_client_send (ShtClient *client, ShtRequest *request)
{
  ShtAnswer *answer = NULL;

  if (client->waiting_context == NULL)
    client->waiting_context = g_main_context_new ();
  g_main_context_push_thread_default (client->waiting_context);
  if (client->waiting_session == NULL)
    client->waiting_session = make_session ();
  send_by (client, client->waiting_session, request, NULL, keep_result, &answer);
  while (answer == NULL)
    g_main_context_iteration (client->waiting_context, TRUE);
  g_main_context_pop_thread_default (client->waiting_context);
  return answer;
}
