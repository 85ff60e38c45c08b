/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/runner.h"

#include "tablet/sync/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/* Runs the engine on a main context: libsoup carries its requests, GNetworkMonitor tells of the link. */
struct _ShtRunner
{
  ShtStore *store;           /* (unowned) */
  ShtEngine *engine;         /* (unowned) */
  ShtClient *client;         /* (owned) */
  GCancellable *cancellable; /* (owned) */
  GMainContext *context;     /* (owned) */
  GSource *timer;            /* (owned) (nullable) */
  GSource *idle;             /* (owned) (nullable) */
  GSource *work;             /* (owned) (nullable) */
  GNetworkMonitor *monitor;  /* (unowned) */
  GMutex mutex;              /* guards @link */
  GSource *link;             /* (owned) (nullable): the link has changed */
  gulong on_link;
  gboolean loopback;
  gboolean keys_asked;
  guint under_way;
  ShtRunnerFunc changed;
  gpointer data;
};

typedef struct
{
  ShtRunner *runner;
  ShtLane lane;
} Carried;

static gint64
mono_ms (void)
{
  return g_get_monotonic_time () / 1000;
}

static void run (ShtRunner *runner);

static void
drop_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gboolean
on_due (gpointer data)
{
  ShtRunner *runner = data;

  drop_source (&runner->timer);
  run (runner);
  return G_SOURCE_REMOVE;
}

static gboolean
on_idle (gpointer data)
{
  ShtRunner *runner = data;

  drop_source (&runner->idle);
  run (runner);
  return G_SOURCE_REMOVE;
}

/* Behind all that the network has to say: the next request is out before this page is stored. */
static gboolean
on_work (gpointer data)
{
  ShtRunner *runner = data;

  drop_source (&runner->work);
  if (sht_engine_work (runner->engine, mono_ms ()))
    sht_runner_kick (runner);
  return G_SOURCE_REMOVE;
}

/**
 * sht_runner_kick:
 *
 * Lets the engine look for work as soon as the main context comes round.
 */
void
sht_runner_kick (ShtRunner *runner)
{
  if (runner->idle != NULL)
    return;
  runner->idle = g_idle_source_new ();
  g_source_set_priority (runner->idle, G_PRIORITY_DEFAULT);
  g_source_set_callback (runner->idle, on_idle, runner, NULL);
  g_source_attach (runner->idle, runner->context);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Carried *carried = data;
  ShtRunner *runner = carried->runner;
  g_autoptr (ShtAnswer) answer = sht_client_send_finish (result);
  gboolean ended = g_cancellable_is_cancelled (runner->cancellable);

  runner->under_way--;
  if (ended)
    {
      /* What is cut off stays unknown; what has not left yet never will. */
      if (answer->unsent)
        sht_engine_call_off (runner->engine, carried->lane);
      return;
    }
  sht_engine_answer (runner->engine, carried->lane, answer, mono_ms ());
  runner->changed (runner->data);
  sht_runner_kick (runner);
}

static void
arm_timer (ShtRunner *runner)
{
  gint64 at = sht_engine_wake_at (runner->engine);

  drop_source (&runner->timer);
  if (at == G_MAXINT64)
    return;
  runner->timer = g_timeout_source_new ((guint) CLAMP (at - mono_ms (), 0, 3600 * 1000));
  g_source_set_callback (runner->timer, on_due, runner, NULL);
  g_source_attach (runner->timer, runner->context);
}

static void
on_keys (GObject *source, GAsyncResult *result, gpointer data)
{
  ShtRunner *runner = data;

  runner->under_way--;
  sht_keys_exchange_finish (runner->store, result);
}

/* Once a life, and behind the work: a hub that does not know of keys costs one request. */
static void
exchange_keys (ShtRunner *runner)
{
  if (runner->keys_asked || sht_engine_get_touch (runner->engine) != SHT_TOUCH_GOOD
      || sht_store_knows_hub_key (runner->store))
    return;
  runner->keys_asked = TRUE;
  if (sht_keys_exchange_async (runner->store, runner->client, runner->cancellable, on_keys, runner))
    runner->under_way++;
}

static void
run (ShtRunner *runner)
{
  ShtRequest *request;

  while ((request = sht_engine_next (runner->engine, mono_ms ())) != NULL)
    {
      Carried *carried = g_new0 (Carried, 1);

      carried->runner = runner;
      carried->lane = request->lane;
      runner->under_way++;
      sht_client_send_async (runner->client, request, runner->cancellable, on_answer, carried);
      sht_request_free (request);
    }
  arm_timer (runner);
  exchange_keys (runner);
  if (runner->work == NULL)
    {
      runner->work = g_idle_source_new ();
      g_source_set_callback (runner->work, on_work, runner, NULL);
      g_source_attach (runner->work, runner->context);
    }
  runner->changed (runner->data);
}

static gboolean
take_link (gpointer data)
{
  ShtRunner *runner = data;

  g_mutex_lock (&runner->mutex);
  drop_source (&runner->link);
  g_mutex_unlock (&runner->mutex);
  sht_engine_set_link (runner->engine,
                       runner->loopback || g_network_monitor_get_network_available (runner->monitor));
  sht_runner_kick (runner);
  return G_SOURCE_REMOVE;
}

/* Told on whatever thread first asked for the monitor. */
static void
on_network_changed (GNetworkMonitor *monitor, gboolean available, gpointer data)
{
  ShtRunner *runner = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  g_mutex_lock (&runner->mutex);
  if (runner->link == NULL)
    {
      runner->link = g_source_ref (source);
      g_source_set_callback (source, take_link, runner, NULL);
      g_source_attach (source, runner->context);
    }
  g_mutex_unlock (&runner->mutex);
}

static gboolean
is_loopback (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL && (g_str_equal (host, "localhost") || g_str_equal (host, "::1") || g_str_has_prefix (host, "127."));
}

/**
 * sht_runner_new:
 * @changed: called after each step
 *
 * Starts to run an engine on the calling thread's main context. A hub on this very machine is reached
 * without a network.
 *
 * Returns: (transfer full) (nullable): the runner
 */
ShtRunner *
sht_runner_new (ShtStore *store, ShtEngine *engine, ShtRunnerFunc changed, gpointer data, GError **error)
{
  g_autoptr (ShtClient) client = sht_client_new (store->device.url, store->device.token, error);
  ShtRunner *runner;

  if (client == NULL)
    return NULL;
  runner = g_new0 (ShtRunner, 1);
  g_mutex_init (&runner->mutex);
  runner->store = store;
  runner->engine = engine;
  runner->client = g_steal_pointer (&client);
  runner->cancellable = g_cancellable_new ();
  runner->context = g_main_context_ref_thread_default ();
  runner->changed = changed;
  runner->data = data;
  runner->loopback = is_loopback (store->device.url);
  runner->monitor = g_network_monitor_get_default ();
  runner->on_link = g_signal_connect (runner->monitor, "network-changed", G_CALLBACK (on_network_changed), runner);
  sht_engine_set_link (engine, runner->loopback || g_network_monitor_get_network_available (runner->monitor));
  sht_runner_kick (runner);
  return runner;
}

/**
 * sht_runner_free:
 *
 * Ends what is under way. Its outcome stays unknown, and goes again the next time.
 */
void
sht_runner_free (ShtRunner *runner)
{
  g_cancellable_cancel (runner->cancellable);
  while (runner->under_way > 0)
    g_main_context_iteration (runner->context, TRUE);
  g_signal_handler_disconnect (runner->monitor, runner->on_link);
  drop_source (&runner->timer);
  drop_source (&runner->idle);
  drop_source (&runner->work);
  drop_source (&runner->link);
  g_mutex_clear (&runner->mutex);
  sht_client_free (runner->client);
  g_object_unref (runner->cancellable);
  g_main_context_unref (runner->context);
  g_free (runner);
}

/**
 * sht_engine_lock:
 * @wait: whether to wait until the lock is free
 *
 * Elects the one engine over a store, among the window and the command line.
 *
 * Returns: a file handle to be closed when the engine ends; -1 with %G_IO_ERROR_BUSY when another
 *   process has it, or another #GIOErrorEnum
 */
int
sht_engine_lock (ShtStore *store, gboolean wait, GError **error)
{
  g_autofree char *path = g_build_filename (store->folder, "engine.lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  int saved;

  if (fd >= 0 && flock (fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB) == 0)
    return fd;
  saved = errno;
  g_set_error (error, G_IO_ERROR, saved == EWOULDBLOCK ? G_IO_ERROR_BUSY : g_io_error_from_errno (saved), "%s",
               saved == EWOULDBLOCK ? "another program syncs this store" : g_strerror (saved));
  if (fd >= 0)
    close (fd);
  return -1;
}
