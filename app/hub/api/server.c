/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/api/server.h"

#include "core/protocol.h"
#include "hub/api/league.h"
#include "hub/api/maps.h"
#include "hub/api/tidy.h"
#include "hub/api/refusal.h"
#include "hub/api/uploads.h"
#include "hub/api/worker.h"
#include "platform/http-server.h"
#include "platform/pack.h"
#include "platform/voice.h"

#include <string.h>

#define ENROL_BODY_BYTES 4096
#define NDJSON "application/x-ndjson"
#define JSON "application/json"
/* How often the database is looked at for what another process has changed, while somebody waits. */
#define LOOK_MS 20
#define CLEAN_S 3600
/* Wrong codes from anywhere, within a minute, after which enrolment rests: guessing is not worth it. */
#define MOST_WRONG_CODES 20
#define WRONG_CODES_WINDOW_US (60 * G_USEC_PER_SEC)

/* One loop speaks HTTP; one thread writes and merges, one reads pages. `desk` is this thread's own handle
 * for short indexed look-ups: whose token it is, what a device may upload. */
struct _ShtHubServer
{
  GObject parent_instance;

  char *folder;        /* (owned) */
  ShtHub *desk;        /* (owned) */
  ShtWorker *writer;   /* (owned) */
  ShtWorker *reader;   /* (owned) */
  ShtHttpServer *http; /* (owned) */
  ShtUploads *uploads; /* (owned) */
  ShtMapsDoor *maps;      /* (owned) */
  ShtLeagueClock *league; /* (owned) (nullable): since it listens */
  ShtTidyClock *tidy; /* (owned) (nullable): since it listens */
  GPtrArray *waiters;  /* (owned) (element-type Pull): who waits for a change */
  gint64 seen_version;
  guint look_timer;
  guint clean_timer;
  guint wrong_codes;
  gint64 wrong_codes_since;
};

G_DEFINE_FINAL_TYPE (ShtHubServer, sht_hub_server, G_TYPE_OBJECT)

/* What went wrong at the hub itself is for its log, not for whoever asked. */
static void
respond_error (ShtHttpExchange *exchange, const GError *error)
{
  guint status;
  const char *code = sht_hub_refusal (error, &status);

  if (status == 503)
    {
      g_warning ("%s %s: %s", sht_http_exchange_get_method (exchange), sht_http_exchange_get_path (exchange),
                 error->message);
      sht_http_exchange_set_header (exchange, "Retry-After", "2");
      sht_http_exchange_respond_error (exchange, status, code, "the hub cannot do this just now");
      return;
    }
  sht_http_exchange_respond_error (exchange, status, code, error->message);
}

static void
respond_text (ShtHttpExchange *exchange, char *text)
{
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));

  sht_http_exchange_respond (exchange, 200, JSON, body);
}

static ShtHubDevice *
authenticate (ShtHubServer *self, ShtHttpExchange *exchange)
{
  g_autoptr (GError) error = NULL;
  ShtHubDevice *device = sht_hub_authenticate (self->desk, sht_http_exchange_get_header (exchange, "Authorization"),
                                               &error);

  if (device == NULL)
    respond_error (exchange, error);
  return device;
}

static gint64
query_number (ShtHttpExchange *exchange, const char *name, gint64 otherwise, gint64 max)
{
  const char *text = g_hash_table_lookup (sht_http_exchange_get_query (exchange), name);
  gint64 value;

  return text != NULL && g_ascii_string_to_signed (text, 10, 0, max, &value, NULL) ? value : otherwise;
}

/* --- pull, and waiting for a change --- */

typedef struct
{
  ShtHubServer *server;      /* (unowned) */
  ShtHttpExchange *exchange; /* (owned) */
  char *cursor;              /* (owned) */
  guint limit;
  gint64 wait_until; /* monotonic us; 0 for an answer in any case */
  gint64 seen_version; /* of the database, when the page was asked for */
  guint timer;
  gulong on_closed;
  GBytes *page; /* (owned) (nullable) */
  gboolean packs;  /* the client takes it packed */
  gboolean packed; /* it is */
  gboolean empty;
  GError *error; /* (owned) (nullable) */
} Pull;

static void look_now (ShtHubServer *self);
static void start_pull (Pull *pull);

static void
pull_free (gpointer data)
{
  Pull *pull = data;

  g_clear_handle_id (&pull->timer, g_source_remove);
  g_clear_signal_handler (&pull->on_closed, pull->exchange);
  g_object_unref (pull->exchange);
  g_free (pull->cursor);
  g_clear_pointer (&pull->page, g_bytes_unref);
  g_clear_error (&pull->error);
  g_free (pull);
}

static void
unpark (Pull *pull)
{
  ShtHubServer *self = pull->server;

  g_clear_handle_id (&pull->timer, g_source_remove);
  g_clear_signal_handler (&pull->on_closed, pull->exchange);
  g_ptr_array_remove_fast (self->waiters, pull);
  if (self->waiters->len == 0)
    g_clear_handle_id (&self->look_timer, g_source_remove);
}

static gboolean
on_waited_enough (gpointer data)
{
  Pull *pull = data;

  pull->timer = 0;
  unpark (pull);
  pull->wait_until = 0;
  start_pull (pull);
  return G_SOURCE_REMOVE;
}

static void
on_waiter_gone (ShtHttpExchange *exchange, gpointer data)
{
  Pull *pull = data;

  unpark (pull);
  pull_free (pull);
}

static gboolean
on_look (gpointer data)
{
  look_now (data);
  return G_SOURCE_CONTINUE;
}

static void
park (Pull *pull)
{
  ShtHubServer *self = pull->server;
  gint64 left = pull->wait_until - g_get_monotonic_time ();

  g_clear_pointer (&pull->page, g_bytes_unref);
  if (self->waiters->len == 0)
    self->look_timer = g_timeout_add (LOOK_MS, on_look, self);
  g_ptr_array_add (self->waiters, pull);
  pull->timer = g_timeout_add ((guint) MAX (1, left / 1000), on_waited_enough, pull);
  pull->on_closed = g_signal_connect (pull->exchange, "closed", G_CALLBACK (on_waiter_gone), pull);
  /* Something may have changed between the reading of the page and now, and another who waits may have
   * been woken by it before this one began to. */
  look_now (self);
  if (pull->timer != 0 && pull->seen_version != self->seen_version)
    {
      unpark (pull);
      start_pull (pull);
    }
}

static void
do_pull (ShtHub *hub, gpointer job)
{
  Pull *pull = job;
  /* Each time: who has waited may have been sealed meanwhile, or enrolled for another crew. */
  g_autoptr (ShtHubDevice) device
    = sht_hub_authenticate (hub, sht_http_exchange_get_header (pull->exchange, "Authorization"), &pull->error);

  if (device != NULL)
    pull->page = sht_hub_pull (hub, device, pull->cursor, pull->limit, &pull->empty, &pull->error);
  pull->packed = pull->packs && pull->page != NULL && !pull->empty && sht_pack_if_worth (&pull->page);
}

static void
pulled (gpointer job)
{
  Pull *pull = job;

  if (pull->packed)
    sht_http_exchange_set_header (pull->exchange, "Content-Encoding", SHT_PACK_CODING);
  if (pull->error != NULL)
    respond_error (pull->exchange, pull->error);
  else if (pull->empty && pull->wait_until > g_get_monotonic_time ()
           && sht_http_exchange_is_open (pull->exchange))
    {
      park (pull);
      return;
    }
  else
    sht_http_exchange_respond (pull->exchange, 200, NDJSON, pull->page);
  pull_free (pull);
}

static void
start_pull (Pull *pull)
{
  pull->seen_version = pull->server->seen_version;
  sht_worker_do (pull->server->reader, do_pull, pulled, pull);
}

/* Wakes those who wait when the database has changed, whoever changed it. */
static void
look_now (ShtHubServer *self)
{
  gint64 version = self->desk->store->driver->data_version (self->desk->store);
  g_autoptr (GPtrArray) woken = NULL;

  if (version == self->seen_version)
    return;
  self->seen_version = version;
  woken = g_ptr_array_copy (self->waiters, NULL, NULL);
  for (guint i = 0; i < woken->len; i++)
    {
      Pull *pull = g_ptr_array_index (woken, i);

      unpark (pull);
      start_pull (pull);
    }
}

static void
handle_pull (ShtHttpExchange *exchange, gpointer data)
{
  const char *cursor = g_hash_table_lookup (sht_http_exchange_get_query (exchange), "cursor");
  gint64 wait = query_number (exchange, "wait", 0, SHT_PULL_MAX_WAIT_S);
  Pull *pull = g_new0 (Pull, 1);

  pull->server = data;
  pull->exchange = g_object_ref (exchange);
  pull->cursor = g_strdup (cursor != NULL ? cursor : "");
  pull->packs = sht_http_exchange_accepts (exchange, SHT_PACK_CODING);
  pull->limit = (guint) query_number (exchange, "limit", SHT_PULL_DEFAULT_ROWS, SHT_PULL_MAX_ROWS);
  pull->wait_until = wait > 0 ? g_get_monotonic_time () + wait * G_USEC_PER_SEC : 0;
  start_pull (pull);
}

/* --- everything that is asked once and answered --- */

typedef struct
{
  ShtHubServer *server;      /* (unowned) */
  ShtHttpExchange *exchange; /* (owned) */
  ShtHubDevice *device;      /* (owned) (nullable) */
  GBytes *body;              /* (owned) (nullable) */
  char *authorization;       /* (owned) (nullable) */
  char *scope;               /* (owned) (nullable) */
  char *prefix;              /* (owned) (nullable) */
  GBytes *answer;            /* (owned) (nullable) */
  const char *type;
  GError *error; /* (owned) (nullable) */
} Ask;

static void
ask_free (Ask *ask)
{
  g_object_unref (ask->exchange);
  g_clear_pointer (&ask->device, sht_hub_device_free);
  g_clear_pointer (&ask->body, g_bytes_unref);
  g_free (ask->authorization);
  g_free (ask->scope);
  g_free (ask->prefix);
  g_clear_pointer (&ask->answer, g_bytes_unref);
  g_clear_error (&ask->error);
  g_free (ask);
}

static Ask *
ask_new (ShtHubServer *self, ShtHttpExchange *exchange, gboolean with_device)
{
  ShtHubDevice *device = with_device ? authenticate (self, exchange) : NULL;
  GBytes *body = sht_http_exchange_get_body (exchange);
  Ask *ask;

  if (with_device && device == NULL)
    return NULL;
  ask = g_new0 (Ask, 1);
  ask->server = self;
  ask->exchange = g_object_ref (exchange);
  ask->device = device;
  ask->body = body != NULL ? g_bytes_ref (body) : NULL;
  ask->type = JSON;
  return ask;
}

static void
answered (gpointer job)
{
  Ask *ask = job;

  if (ask->error != NULL)
    respond_error (ask->exchange, ask->error);
  else
    sht_http_exchange_respond (ask->exchange, 200, ask->type, ask->answer);
  ask_free (ask);
}

static void
take_text (Ask *ask, char *text)
{
  if (text != NULL)
    ask->answer = g_bytes_new_take (text, strlen (text));
}

static const char *
body_of (Ask *ask, gsize *length)
{
  *length = 0;
  return ask->body != NULL ? g_bytes_get_data (ask->body, length) : "";
}

static void
do_push (ShtHub *hub, gpointer job)
{
  Ask *ask = job;
  gsize length;
  const char *body = body_of (ask, &length);

  ask->answer = sht_hub_push (hub, ask->device, body, length, &ask->error);
}

static void
pushed (gpointer job)
{
  ShtHubServer *self = ((Ask *) job)->server;

  answered (job);
  look_now (self);
}

static void
handle_push (ShtHttpExchange *exchange, gpointer data)
{
  Ask *ask = ask_new (data, exchange, TRUE);

  if (ask == NULL)
    return;
  ask->type = NDJSON;
  sht_worker_do (ask->server->writer, do_push, pushed, ask);
}

static void
do_unlock (ShtHub *hub, gpointer job)
{
  Ask *ask = job;
  gsize length;
  const char *body = body_of (ask, &length);

  take_text (ask, sht_hub_take_unlock (hub, ask->device, body, length, &ask->error));
}

static void
handle_unlock (ShtHttpExchange *exchange, gpointer data)
{
  Ask *ask = ask_new (data, exchange, TRUE);

  if (ask != NULL)
    sht_worker_do (ask->server->writer, do_unlock, answered, ask);
}

static void
do_positions (ShtHub *hub, gpointer job)
{
  Ask *ask = job;
  gsize length;
  const char *body = body_of (ask, &length);

  take_text (ask, sht_hub_take_positions (hub, ask->device, body, length, &ask->error));
}

static void
handle_positions (ShtHttpExchange *exchange, gpointer data)
{
  Ask *ask = ask_new (data, exchange, TRUE);

  if (ask != NULL)
    sht_worker_do (ask->server->writer, do_positions, pushed, ask);
}

/* Of a tablet that was sealed, which no other address lets in. */
static void
do_unsent (ShtHub *hub, gpointer job)
{
  Ask *ask = job;
  gsize length;
  const char *body = body_of (ask, &length);

  take_text (ask, sht_hub_take_unsent (hub, sht_http_exchange_get_header (ask->exchange, "Authorization"), body, length,
                                       &ask->error));
}

static void
handle_unsent (ShtHttpExchange *exchange, gpointer data)
{
  Ask *ask = ask_new (data, exchange, FALSE);

  if (ask != NULL)
    sht_worker_do (ask->server->writer, do_unsent, pushed, ask);
}

static void
do_enrol (ShtHub *hub, gpointer job)
{
  Ask *ask = job;
  gsize length;
  const char *body = body_of (ask, &length);

  take_text (ask, sht_hub_enrol_or_register (hub, ask->authorization, body, length, &ask->error));
}

static void
enrolled (gpointer job)
{
  Ask *ask = job;

  if (g_error_matches (ask->error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN))
    ask->server->wrong_codes++;
  answered (job);
}

static void
handle_enrol (ShtHttpExchange *exchange, gpointer data)
{
  ShtHubServer *self = data;
  gint64 now = g_get_monotonic_time ();
  Ask *ask;

  if (now - self->wrong_codes_since > WRONG_CODES_WINDOW_US)
    {
      self->wrong_codes_since = now;
      self->wrong_codes = 0;
    }
  if (self->wrong_codes >= MOST_WRONG_CODES)
    {
      sht_http_exchange_set_header (exchange, "Retry-After", "60");
      sht_http_exchange_respond_error (exchange, 429, "too_many", "too many wrong codes: try again in a minute");
      return;
    }
  ask = ask_new (self, exchange, FALSE);
  ask->authorization = g_strdup (sht_http_exchange_get_header (exchange, "Authorization"));
  sht_worker_do (self->writer, do_enrol, enrolled, ask);
}

static void
do_check (ShtHub *hub, gpointer job)
{
  Ask *ask = job;

  take_text (ask, sht_hub_check (hub, ask->device, ask->scope, ask->prefix, &ask->error));
}

static void
handle_check (ShtHttpExchange *exchange, gpointer data)
{
  Ask *ask = ask_new (data, exchange, TRUE);
  GHashTable *query = sht_http_exchange_get_query (exchange);
  const char *scope = g_hash_table_lookup (query, "scope");
  const char *prefix = g_hash_table_lookup (query, "prefix");

  if (ask == NULL)
    return;
  ask->scope = g_strdup (scope != NULL ? scope : "");
  ask->prefix = g_strdup (prefix != NULL ? prefix : "");
  sht_worker_do (ask->server->reader, do_check, answered, ask);
}

static void
do_photo (ShtHub *hub, gpointer job)
{
  Ask *ask = job;
  g_autofree char *path = NULL;
  char *contents;
  gsize length;

  if (!sht_hub_may_see_photo (hub, ask->device, ask->scope, &ask->error))
    return;
  path = sht_hub_photo_path (hub, ask->scope);
  if (g_file_get_contents (path, &contents, &length, NULL))
    {
      ask->type = sht_voice_is_head ((const guint8 *) contents, length) ? SHT_VOICE_TYPE : "image/jpeg";
      ask->answer = g_bytes_new_take (contents, length);
    }
  else
    g_set_error_literal (&ask->error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND, "the photo's bytes are not here yet");
}

static void
handle_photo (ShtHttpExchange *exchange, gpointer data)
{
  const char *hash = sht_http_exchange_get_path (exchange) + strlen ("/v1/photos/");
  Ask *ask;

  if (strlen (hash) != 64 || strspn (hash, "0123456789abcdef") != 64)
    {
      sht_http_exchange_respond_error (exchange, 404, "not_found", "there is no such photo");
      return;
    }
  ask = ask_new (data, exchange, TRUE);
  if (ask == NULL)
    return;
  ask->scope = g_strdup (hash);
  sht_http_exchange_set_header (exchange, "Cache-Control", "private, max-age=31536000, immutable");
  sht_worker_do (ask->server->reader, do_photo, answered, ask);
}

static void
handle_health (ShtHttpExchange *exchange, gpointer data)
{
  respond_text (exchange, g_strdup ("{\"hub\":\"shetach\",\"version\":\"" SHT_VERSION "\"}\n"));
}

static void
on_photo (gpointer data)
{
  look_now (data);
}

static gboolean
on_clean (gpointer data)
{
  ShtHubServer *self = data;

  sht_uploads_clean (self->uploads);
  return G_SOURCE_CONTINUE;
}

/* --- the server --- */

static void
sht_hub_server_finalize (GObject *object)
{
  ShtHubServer *self = SHT_HUB_SERVER (object);

  g_clear_handle_id (&self->look_timer, g_source_remove);
  g_clear_handle_id (&self->clean_timer, g_source_remove);
  while (self->waiters->len > 0)
    {
      Pull *pull = g_ptr_array_index (self->waiters, 0);

      unpark (pull);
      pull_free (pull);
    }
  g_clear_pointer (&self->writer, sht_worker_free);
  g_clear_pointer (&self->reader, sht_worker_free);
  g_clear_pointer (&self->league, sht_league_clock_free);
  g_clear_pointer (&self->tidy, sht_tidy_clock_free);
  g_clear_object (&self->http);
  g_clear_pointer (&self->uploads, sht_uploads_free);
  g_clear_pointer (&self->maps, sht_maps_door_free);
  g_clear_pointer (&self->desk, sht_hub_free);
  g_ptr_array_unref (self->waiters);
  g_free (self->folder);
  G_OBJECT_CLASS (sht_hub_server_parent_class)->finalize (object);
}

static void
sht_hub_server_class_init (ShtHubServerClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_hub_server_finalize;
}

static void
sht_hub_server_init (ShtHubServer *self)
{
  self->waiters = g_ptr_array_new ();
}

/**
 * sht_hub_server_new:
 * @folder: the hub's data folder; made when it is not there
 *
 * Returns: (transfer full) (nullable): a server that does not listen yet
 */
ShtHubServer *
sht_hub_server_new (const char *folder, GError **error)
{
  g_autoptr (ShtHubServer) self = g_object_new (SHT_TYPE_HUB_SERVER, NULL);

  self->folder = g_strdup (folder);
  self->desk = sht_hub_open (folder, error);
  if (self->desk == NULL)
    return NULL;
  self->writer = sht_worker_new (folder, error);
  self->reader = self->writer != NULL ? sht_worker_new (folder, error) : NULL;
  if (self->reader == NULL)
    return NULL;
  self->uploads = sht_uploads_new (self->desk, self->writer, on_photo, self, error);
  if (self->uploads == NULL)
    return NULL;
  self->http = sht_http_server_new (&SHT_HTTP_LIMITS_DEFAULT);
  sht_http_server_add_route (self->http, "POST", "/v1/enrol", ENROL_BODY_BYTES, SHT_HTTP_ROUTE_PROTOCOL, handle_enrol,
                             self);
  sht_http_server_add_route (self->http, "POST", "/v1/sync/push", SHT_PUSH_MAX_BYTES, SHT_HTTP_ROUTE_PROTOCOL,
                             handle_push, self);
  sht_http_server_add_route (self->http, "GET", "/v1/sync/pull", 0, SHT_HTTP_ROUTE_PROTOCOL, handle_pull, self);
  sht_http_server_add_route (self->http, "GET", "/v1/sync/bootstrap", 0, SHT_HTTP_ROUTE_PROTOCOL, handle_pull, self);
  sht_http_server_add_route (self->http, "GET", "/v1/sync/check", 0, SHT_HTTP_ROUTE_PROTOCOL, handle_check, self);
  sht_http_server_add_route (self->http, "POST", "/v1/unsent", SHT_UNSENT_MAX_BYTES, SHT_HTTP_ROUTE_PROTOCOL, handle_unsent, self);
  sht_http_server_add_route (self->http, "POST", "/v1/unlock", ENROL_BODY_BYTES, SHT_HTTP_ROUTE_PROTOCOL, handle_unlock, self);
  sht_http_server_add_route (self->http, "POST", "/v1/positions", SHT_POSITIONS_MAX_BYTES, SHT_HTTP_ROUTE_PROTOCOL,
                             handle_positions, self);
  sht_http_server_add_route (self->http, "GET", "/v1/photos", 0, SHT_HTTP_ROUTE_PREFIX, handle_photo, self);
  sht_http_server_add_route (self->http, "GET", "/v1/health", 0, SHT_HTTP_ROUTE_NONE, handle_health, self);
  self->maps = sht_maps_door_new (self->desk, self->reader, self->http);
  sht_uploads_attach (self->uploads, self->http);
  self->clean_timer = g_timeout_add_seconds (CLEAN_S, on_clean, self);
  on_clean (self);
  return g_steal_pointer (&self);
}

/**
 * sht_hub_server_listen:
 * @address: such as 127.0.0.1:8106; port 0 for any
 * @behind_proxy: whether something in front of it encrypts, so that it may listen elsewhere than on
 *   loopback
 */
gboolean
sht_hub_server_listen (ShtHubServer *self, const char *address, gboolean behind_proxy, GError **error)
{
  if (!sht_http_server_listen (self->http, address, behind_proxy, error))
    return FALSE;
  self->league = sht_league_clock_new (self->desk, self->writer);
  self->tidy = sht_tidy_clock_new (self->writer);
  return TRUE;
}

/**
 * sht_hub_server_get_uri:
 *
 * Returns: (transfer none): where it listens
 */
const char *
sht_hub_server_get_uri (ShtHubServer *self)
{
  return sht_http_server_get_uri (self->http);
}
