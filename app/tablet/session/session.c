/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/session/session-private.h"

#include <unistd.h>

/* How often the main thread looks whether another process has changed the store. */
#define LOOK_MS 300
/* Of what happens at once the window is told once: each time all its pages look again. */
#define TELL_MS 100
/* How often the engine's lock is tried again while another program has it. */
#define LOCK_RETRY_S 2

G_DEFINE_FINAL_TYPE (ShtSession, sht_session, G_TYPE_OBJECT)

enum
{
  CHANGED,
  STATUS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- on the main thread --- */

static gboolean look_beside (gpointer data);

static void
look (ShtSession *self)
{
  gint64 version = sht_db_data_version (self->reader->db);

  if (version == self->seen_version)
    return;
  self->seen_version = version;
  /* Whose tablet it is may have changed too. */
  sht_store_login_is_new (self->reader);
  g_main_context_invoke (self->context, look_beside, self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
on_look (gpointer data)
{
  look (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_told (gpointer data)
{
  ShtSession *self = data;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->telling, g_source_unref);
  self->told_at = g_get_monotonic_time () / 1000;
  g_mutex_unlock (&self->mutex);
  look (self);
  g_signal_emit (self, signals[STATUS], 0);
  return G_SOURCE_REMOVE;
}

/* --- on the store's thread --- */

static void
tell (ShtSession *self)
{
  gint64 operations = 0, photos = 0, attention = 0;
  /* What is decided about, one by one: a supervisor is asked about others' conflicts too. */
  g_autoptr (JsonArray) rows = sht_store_attention (self->store, NULL);

  sht_store_count_pending (self->store, &operations, &photos, NULL, NULL);
  sht_sending_look (self->sending, self->store, self->engine);
  if (rows != NULL)
    attention = json_array_get_length (rows);
  g_mutex_lock (&self->mutex);
  self->touch = self->engine != NULL ? sht_engine_get_touch (self->engine) : SHT_TOUCH_UNKNOWN;
  self->operations = operations;
  self->photos = photos;
  self->attention = attention;
  self->last_contact = sht_store_get_number (self->store, "last_contact", 0);
  /* No reference: the session may be on its way out, and then takes the source with it. */
  if (self->telling == NULL)
    {
      gint64 since = g_get_monotonic_time () / 1000 - self->told_at;

      self->telling = g_timeout_source_new ((guint) CLAMP (TELL_MS - since, 0, TELL_MS));
      g_source_set_callback (self->telling, on_told, self, NULL);
      g_source_attach (self->telling, NULL);
    }
  g_mutex_unlock (&self->mutex);
}

static gboolean
index_some (gpointer data)
{
  ShtSession *self = data;
  gboolean done = TRUE;

  if (sht_store_index_some (self->store, 500, &done, NULL) && !done)
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->indexing, g_source_unref);
  return G_SOURCE_REMOVE;
}

static void start_engine (ShtSession *self);

static void
stop_engine (ShtSession *self)
{
  if (self->lock_timer != NULL)
    {
      g_source_destroy (self->lock_timer);
      g_clear_pointer (&self->lock_timer, g_source_unref);
    }
  g_clear_pointer (&self->runner, sht_runner_free);
  g_clear_pointer (&self->engine, sht_engine_free);
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

static gboolean
begin_anew (gpointer data)
{
  stop_engine (data);
  start_engine (data);
  return G_SOURCE_REMOVE;
}

static void
on_engine_changed (gpointer data)
{
  ShtSession *self = data;

  tell (self);
  /* A tablet that the hub has sealed lets go of its login. */
  if (self->store->device.token == NULL)
    {
      g_autoptr (GSource) ending = g_idle_source_new ();

      g_source_set_callback (ending, begin_anew, self, NULL);
      g_source_attach (ending, self->context);
    }
  if (self->indexing != NULL)
    return;
  /* The search catches up when the network has nothing to say. */
  self->indexing = g_idle_source_new ();
  g_source_set_priority (self->indexing, G_PRIORITY_LOW);
  g_source_set_callback (self->indexing, index_some, self, NULL);
  g_source_attach (self->indexing, self->context);
}

static gboolean
on_try_lock (gpointer data)
{
  ShtSession *self = data;

  g_clear_pointer (&self->lock_timer, g_source_unref);
  start_engine (self);
  return G_SOURCE_REMOVE;
}

static void
start_engine (ShtSession *self)
{
  if (self->runner != NULL || self->want_offline || self->store->device.token == NULL)
    return;
  if (self->lock < 0)
    self->lock = sht_engine_lock (self->store, FALSE, NULL);
  if (self->lock < 0)
    {
      if (self->lock_timer == NULL)
        {
          self->lock_timer = g_timeout_source_new_seconds (LOCK_RETRY_S);
          g_source_set_callback (self->lock_timer, on_try_lock, self, NULL);
          g_source_attach (self->lock_timer, self->context);
        }
      return;
    }
  self->engine = sht_engine_new (self->store);
  sht_engine_set_live (self->engine, TRUE);
  sht_engine_set_sparing (self->engine, self->want_sparing);
  self->runner = sht_runner_new (self->store, self->engine, on_engine_changed, self, NULL);
}

static void
send_what_waits (ShtSession *self)
{
  if (self->runner != NULL)
    sht_runner_kick (self->runner);
}

/* What another process has written may be for the hub, and this one has the engine; and where the login had ended, or there was
 * none, it may have enrolled the tablet anew. */
static gboolean
look_beside (gpointer data)
{
  ShtSession *self = data;

  if (sht_store_login_is_new (self->store))
    begin_anew (self);
  send_what_waits (self);
  return G_SOURCE_REMOVE;
}

static gpointer
run_thread (gpointer data)
{
  ShtSession *self = data;

  g_main_context_push_thread_default (self->context);
  start_engine (self);
  tell (self);
  g_main_loop_run (self->loop);
  stop_engine (self);
  if (self->indexing != NULL)
    {
      g_source_destroy (self->indexing);
      g_clear_pointer (&self->indexing, g_source_unref);
    }
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static gboolean
quit_loop (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

/* --- what pages ask for --- */

typedef struct
{
  ShtSessionFunc func;
  gpointer data;
  GDestroyNotify destroy;
  gboolean quiet;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  if (work->destroy != NULL)
    work->destroy (work->data);
  g_free (work);
}

static gboolean
do_work (gpointer data)
{
  GTask *task = data;
  ShtSession *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (work->quiet)
    {
      if (!work->func (self->store, work->data, &error))
        g_task_return_error (task, error);
      else
        g_task_return_boolean (task, TRUE);
      send_what_waits (self);
      return G_SOURCE_REMOVE;
    }
  if (work->func (self->store, work->data, &error))
    {
      g_task_return_boolean (task, TRUE);
      /* what waits goes out at once, and an enrolment brings the first pull */
      start_engine (self);
      if (self->engine != NULL)
        {
          sht_engine_poke (self->engine);
          sht_runner_kick (self->runner);
        }
    }
  else
    g_task_return_error (task, error);
  tell (self);
  return G_SOURCE_REMOVE;
}

static gboolean
drop_task (gpointer task)
{
  g_object_unref (task);
  return G_SOURCE_REMOVE;
}

/* A task holds the session, which must not end on its own thread. */
static void
drop_task_on_main (gpointer task)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, drop_task, task, NULL);
}

static void
push_task (ShtSession *self, GTask *task)
{
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, do_work, g_object_ref (task), drop_task_on_main);
}

static void
do_async (ShtSession *self, ShtSessionFunc func, gpointer data, GDestroyNotify destroy, gboolean quiet,
          GAsyncReadyCallback callback, gpointer callback_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, callback_data);
  Work *work = g_new0 (Work, 1);

  work->func = func;
  work->data = data;
  work->destroy = destroy;
  work->quiet = quiet;
  g_task_set_source_tag (task, sht_session_do_async);
  g_task_set_task_data (task, work, work_free);
  push_task (self, task);
}

/**
 * sht_session_do_async:
 * @func: run on the store's thread
 * @data: passed to @func
 * @destroy: (nullable): frees @data
 * @callback: called on the main thread when it is done, and durable
 *
 * Does something with the writing store, and lets the engine send it.
 */
void
sht_session_do_async (ShtSession *self, ShtSessionFunc func, gpointer data, GDestroyNotify destroy,
                      GAsyncReadyCallback callback, gpointer callback_data)
{
  do_async (self, func, data, destroy, FALSE, callback, callback_data);
}

/**
 * sht_session_do_quietly:
 *
 * The same for what nobody did: the engine sends what there is to send, and neither tries again at once what has failed nor
 * asks the hub for news.
 */
void
sht_session_do_quietly (ShtSession *self, ShtSessionFunc func, gpointer data, GDestroyNotify destroy)
{
  do_async (self, func, data, destroy, TRUE, NULL, NULL);
}

gboolean
sht_session_do_finish (ShtSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
act (ShtStore *store, gpointer data, GError **error)
{
  return sht_store_act (store, data, error);
}

/**
 * sht_session_act_async:
 * @operation: (transfer full): see sht_store_new_operation(), which may be given the reader
 */
void
sht_session_act_async (ShtSession *self, ShtOperation *operation, GAsyncReadyCallback callback, gpointer data)
{
  sht_session_do_async (self, act, operation, (GDestroyNotify) sht_operation_free, callback, data);
}

/* --- state --- */

gboolean
sht_session_get_offline (ShtSession *self)
{
  return self->offline;
}

static gboolean
go_offline (gpointer data)
{
  ShtSession *self = data;

  self->want_offline = TRUE;
  stop_engine (self);
  tell (self);
  return G_SOURCE_REMOVE;
}

static gboolean
go_online (gpointer data)
{
  ShtSession *self = data;

  self->want_offline = FALSE;
  start_engine (self);
  tell (self);
  return G_SOURCE_REMOVE;
}

/**
 * sht_session_set_offline:
 * @offline: whether to leave the hub alone, for trying what that is like
 */
void
sht_session_set_offline (ShtSession *self, gboolean offline)
{
  if (self->offline == offline)
    return;
  self->offline = offline;
  g_main_context_invoke (self->context, offline ? go_offline : go_online, self);
}

static gboolean
spare (gpointer data)
{
  ShtSession *self = data;

  self->want_sparing = TRUE;
  if (self->engine != NULL)
    sht_engine_set_sparing (self->engine, TRUE);
  tell (self);
  return G_SOURCE_REMOVE;
}

static gboolean
spend (gpointer data)
{
  ShtSession *self = data;

  self->want_sparing = FALSE;
  if (self->engine != NULL)
    {
      sht_engine_set_sparing (self->engine, FALSE);
      sht_runner_kick (self->runner);
    }
  tell (self);
  return G_SOURCE_REMOVE;
}

static void
on_means_changed (ShtSession *self)
{
  gboolean sparing = g_network_monitor_get_network_metered (self->network)
                     || g_power_profile_monitor_get_power_saver_enabled (self->power);

  if (self->sparing == sparing)
    return;
  self->sparing = sparing;
  g_main_context_invoke (self->context, sparing ? spare : spend, self);
}

/**
 * sht_session_get_sparing:
 *
 * Returns: whether full photos wait, because the link costs money or the battery runs low
 */
gboolean
sht_session_get_sparing (ShtSession *self)
{
  return self->sparing;
}

static gboolean
nothing (ShtStore *store, gpointer data, GError **error)
{
  return TRUE;
}

/**
 * sht_session_try_now:
 *
 * Tries the hub at once, whatever the next retry was set for.
 */
void
sht_session_try_now (ShtSession *self)
{
  sht_session_do_async (self, nothing, NULL, NULL, NULL, NULL);
}

/**
 * sht_session_get_reader:
 *
 * Returns: (transfer none): the main thread's own store, for short indexed reads and for
 *   sht_store_new_operation(); nothing is written through it
 */
ShtStore *
sht_session_get_reader (ShtSession *self)
{
  return self->reader;
}

/**
 * sht_session_is_enrolled:
 *
 * Returns: whether this tablet has a token, and the hub has not sealed it
 */
gboolean
sht_session_is_enrolled (ShtSession *self)
{
  if (sht_store_is_sealed_off (self->reader))
    {
      g_clear_pointer (&self->reader->device.token, g_free);
      return FALSE;
    }
  if (self->reader->device.token == NULL)
    sht_store_reload_device (self->reader, NULL);
  return self->reader->device.token != NULL;
}

/**
 * sht_session_close:
 *
 * Ends the store's thread, after what was asked of it is done. To be called by the owner before it lets go
 * of the session; what is under way to the hub stays in the outbox.
 */
void
sht_session_close (ShtSession *self)
{
  g_clear_handle_id (&self->look_timer, g_source_remove);
  if (self->thread == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->network, self);
  g_signal_handlers_disconnect_by_data (self->power, self);
  g_main_context_invoke (self->context, quit_loop, self->loop);
  g_thread_join (g_steal_pointer (&self->thread));
  if (self->telling != NULL)
    g_source_destroy (self->telling);
  g_clear_pointer (&self->telling, g_source_unref);
}

/**
 * sht_session_describe_lanes:
 *
 * To be asked in a #ShtSessionFunc alone: on the store's thread.
 *
 * Returns: (transfer full): as sht_engine_describe(), or why there is no engine
 */
char *
sht_session_describe_lanes (ShtSession *self)
{
  if (self->engine != NULL)
    return sht_engine_describe (self->engine);
  if (self->store->device.token == NULL)
    return g_strdup ("no engine: not enrolled\n");
  return g_strdup (self->want_offline ? "no engine: working offline\n" : "no engine here: another program has it\n");
}

static void
sht_session_finalize (GObject *object)
{
  ShtSession *self = SHT_SESSION (object);

  sht_session_close (self);
  g_clear_object (&self->power);
  g_clear_pointer (&self->store, sht_store_close);
  g_clear_pointer (&self->reader, sht_store_close);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->sending, sht_sending_free);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (sht_session_parent_class)->finalize (object);
}

static void
sht_session_class_init (ShtSessionClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_session_finalize;
  signals[CHANGED] = g_signal_new ("changed", SHT_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[STATUS] = g_signal_new ("status", SHT_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sht_session_init (ShtSession *self)
{
  g_mutex_init (&self->mutex);
  self->sending = sht_sending_new ();
  self->lock = -1;
}

/**
 * sht_session_new:
 * @folder: where the tablet's store lies; made when it is not there
 *
 * Opens the store and starts its thread. A tablet that is not enrolled has no engine until it is.
 *
 * Returns: (transfer full) (nullable): the session, or %NULL with a #ShtDbError
 */
ShtSession *
sht_session_new (const char *folder, GError **error)
{
  g_autoptr (ShtSession) self = g_object_new (SHT_TYPE_SESSION, NULL);

  self->reader = sht_store_open (folder, sht_store_world (), error);
  self->store = self->reader != NULL ? sht_store_open (folder, sht_store_world (), error) : NULL;
  if (self->store == NULL)
    return NULL;
  self->seen_version = sht_db_data_version (self->reader->db);
  sht_voice_draft_clean (self->reader, TRUE);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  sht_client_load_types ();
  self->network = g_network_monitor_get_default ();
  self->power = g_power_profile_monitor_dup_default ();
  self->thread = g_thread_new ("store", run_thread, self);
  g_signal_connect_swapped (self->network, "notify::network-metered", G_CALLBACK (on_means_changed), self);
  g_signal_connect_swapped (self->power, "notify::power-saver-enabled", G_CALLBACK (on_means_changed), self);
  on_means_changed (self);
  self->look_timer = g_timeout_add (LOOK_MS, on_look, self);
  return g_steal_pointer (&self);
}
