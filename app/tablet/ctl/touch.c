/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "core/json.h"
#include "tablet/sync/keys.h"
#include "tablet/sync/runner.h"

#include <string.h>
#include <unistd.h>

/* So many failures in a row, with their waits in between, and the hub is said not to be in touch. */
#define PATIENCE_MS 4000
/* How long another program's engine is given to bring over what waits here. */
#define OTHER_ENGINE_S 60
#define OTHER_ENGINE_LOOK_US 50000

int
sht_ctl_enrol (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;

  if (argc != 4)
    return sht_ctl_usage ("enrol URL CODE");
  if (!sht_enrol (store, argv[2], argv[3], &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  g_print ("enrolled: %s %s\n", sht_role_name (store->device.role),
           store->device.crew != NULL         ? store->device.crew
           : store->device.department != NULL ? store->device.department
                                              : "");
  return 0;
}

typedef struct
{
  ShtEngine *engine;
  GMainLoop *loop;
  gint64 trouble_since; /* monotonic us, 0 while all goes well */
  gboolean in_touch;
  gboolean timed_out;
  ShtStore *store;
} Sync;

static gboolean
on_timeout (gpointer data)
{
  Sync *sync = data;

  sync->timed_out = TRUE;
  g_main_loop_quit (sync->loop);
  return G_SOURCE_REMOVE;
}

static void
on_changed (gpointer data)
{
  Sync *sync = data;
  ShtTouch touch = sht_engine_get_touch (sync->engine);
  gint64 now = g_get_monotonic_time ();

  if (sht_engine_is_settled (sync->engine) || touch == SHT_TOUCH_LOGIN_ENDED
      || (touch == SHT_TOUCH_SEALED && sync->store->device.token == NULL))
    {
      g_main_loop_quit (sync->loop);
      return;
    }
  if (touch == SHT_TOUCH_GOOD || touch == SHT_TOUCH_UNKNOWN)
    sync->trouble_since = 0;
  else if (sync->trouble_since == 0)
    sync->trouble_since = now;
  if (sync->trouble_since > 0 && now - sync->trouble_since > PATIENCE_MS * 1000)
    g_main_loop_quit (sync->loop);
}

static gboolean
only_attention_left (ShtStore *store)
{
  gint64 operations = 0, photos = 0;

  return sht_store_count_pending (store, &operations, &photos, NULL, NULL) && operations + photos == 0;
}

static const char *
copy_words (const char *copy)
{
  if (strcmp (copy, SHT_COPY_OLDER) == 0)
    return "an older copy of this store was put back: what was done since comes back from the hub, but for what had not "
           "been sent";
  if (strcmp (copy, SHT_COPY_MOVED) == 0)
    return "this store was copied or moved: if the one that it comes from is used too, give one of the two up; nothing is "
           "done twice";
  return "the hub has heard another copy of this store: find it, and give one of the two up; nothing is done twice";
}

/* Until somebody says that it was seen. */
static void
tell_copy (ShtStore *store, JsonObject *told, ShtCtlOptions *options)
{
  g_autofree char *copy = sht_store_get_copy (store);

  if (copy == NULL)
    return;
  json_object_set_string_member (told, "copy", copy);
  g_printerr ("shetachctl: %s (sync --seen: do not tell this again)\n", copy_words (copy));
  if (options->seen)
    sht_store_copy_seen (store, NULL);
}

typedef struct
{
  gint64 synced_ms;  /* until all was brought over: the list can be used */
  gint64 indexed_ms; /* until all of it can be searched */
} Timing;

static int
tell (ShtStore *store, ShtEngine *engine, const Timing *timing, gboolean in_touch, ShtCtlOptions *options)
{
  const ShtEngineCounts none = { 0 };
  const ShtEngineCounts *counts = engine != NULL ? sht_engine_get_counts (engine) : &none;
  g_autoptr (JsonObject) told = json_object_new ();
  g_autoptr (JsonNode) node = NULL;
  gint64 operations = 0, photos = 0, attention = 0;

  sht_store_count_pending (store, &operations, &photos, &attention, NULL);
  json_object_set_int_member (told, "pulled", counts->pulled);
  json_object_set_int_member (told, "pushed", counts->pushed);
  json_object_set_int_member (told, "uploaded", counts->uploaded);
  json_object_set_int_member (told, "pending", operations + photos);
  json_object_set_int_member (told, "conflicts", attention);
  json_object_set_boolean_member (told, "in_touch", in_touch);
  json_object_set_int_member (told, "bytes_up", (gint64) counts->bytes_up);
  json_object_set_int_member (told, "bytes_down", (gint64) counts->bytes_down);
  json_object_set_int_member (told, "synced_ms", timing->synced_ms);
  json_object_set_int_member (told, "indexed_ms", timing->indexed_ms);
  tell_copy (store, told, options);
  if (options->json)
    {
      node = json_node_init_object (json_node_alloc (), told);
      sht_ctl_print (node);
    }
  else
    g_print ("pulled %u, pushed %u, uploaded %u; pending %" G_GINT64_FORMAT ", needs attention %" G_GINT64_FORMAT
             "\n",
             counts->pulled, counts->pushed, counts->uploaded, operations + photos, attention);
  return in_touch && operations + photos == 0 ? 0 : 1;
}

/* What the engine knew at the end is told: what is cut off behind that says nothing of the hub. */
static gboolean
run_engine (ShtStore *store, ShtEngine *engine, ShtCtlOptions *options, gboolean *in_touch, char **problem, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Sync sync = { engine, loop, 0, FALSE, FALSE, store };
  g_autoptr (ShtRunner) runner = sht_runner_new (store, engine, on_changed, &sync, error);
  guint timer = 0;

  if (runner == NULL)
    return FALSE;
  if (options->timeout > 0)
    timer = g_timeout_add_seconds ((guint) options->timeout, on_timeout, &sync);
  g_main_loop_run (loop);
  if (timer > 0 && !sync.timed_out)
    g_source_remove (timer);
  *in_touch = sht_engine_get_touch (engine) == SHT_TOUCH_GOOD;
  *problem = g_strdup (sht_engine_get_problem (engine));
  return TRUE;
}

/* Another program has the engine: it sees what is done here and sends it. When it ends before all is over,
 * a second sync of the same moment for example, the rest is for us. */
static int
lock_or_wait (ShtStore *store, ShtCtlOptions *options, GError **error)
{
  gint64 until = g_get_monotonic_time () + (options->timeout > 0 ? options->timeout : OTHER_ENGINE_S) * G_USEC_PER_SEC;

  for (;;)
    {
      g_autoptr (GError) local_error = NULL;
      int lock = sht_engine_lock (store, FALSE, &local_error);

      if (lock >= 0)
        return lock;
      if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_BUSY) || only_attention_left (store)
          || g_get_monotonic_time () >= until)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return -1;
        }
      g_usleep (OTHER_ENGINE_LOOK_US);
    }
}

/* That nothing waits does not say that the other program has the hub's ear. */
static int
tell_of_other (ShtStore *store, ShtCtlOptions *options)
{
  const Timing timing = { 0 };
  g_autoptr (ShtClient) client = sht_client_new (store->device.url, store->device.token, NULL);
  g_autoptr (ShtRequest) request = sht_request_new (SHT_LANE_PULL, "GET", "/v1/health");
  g_autoptr (ShtAnswer) answer = client != NULL ? sht_client_send (client, request) : NULL;
  gboolean in_touch = answer != NULL && answer->status == 200;

  if (!in_touch)
    g_printerr ("shetachctl: %s\n", answer != NULL && answer->problem != NULL ? answer->problem : "the hub does not answer");
  else if (!only_attention_left (store))
    g_printerr ("shetachctl: another program syncs this store, and has not sent all of it yet\n");
  return tell (store, NULL, &timing, in_touch, options);
}

int
sht_ctl_sync (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtEngine) engine = NULL;
  g_autofree char *problem = NULL;
  gint64 start = g_get_monotonic_time ();
  Timing timing;
  gboolean in_touch = FALSE;
  gboolean ok;
  int lock;

  if (argc != 2)
    return sht_ctl_usage ("sync takes no words but its options");
  if (!sht_store_is_enrolled (store, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  lock = lock_or_wait (store, options, &error);
  if (lock < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    return tell_of_other (store, options);
  if (lock < 0)
    return sht_ctl_fail (g_steal_pointer (&error));
  engine = sht_engine_new (store);
  ok = run_engine (store, engine, options, &in_touch, &problem, &error);
  timing.synced_ms = (g_get_monotonic_time () - start) / 1000;
  ok = ok && sht_store_index_all (store, &error);
  timing.indexed_ms = (g_get_monotonic_time () - start) / 1000;
  if (ok && sht_engine_get_touch (engine) == SHT_TOUCH_GOOD)
    sht_keys_exchange (store);
  close (lock);
  if (!ok)
    return sht_ctl_fail (g_steal_pointer (&error));
  if (problem != NULL)
    g_printerr ("shetachctl: %s\n", problem);
  return tell (store, engine, &timing, in_touch, options);
}

int
sht_ctl_check (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtClient) client = NULL;
  g_autoptr (GPtrArray) differences = NULL;
  guint entities = 0;

  if (argc != 2)
    return sht_ctl_usage ("check takes no words");
  if (!sht_store_is_enrolled (store, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  client = sht_client_new (store->device.url, store->device.token, &error);
  if (client != NULL)
    differences = sht_check (store, client, &entities, &error);
  if (differences == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  for (guint i = 0; i < differences->len; i++)
    {
      ShtDifference *one = g_ptr_array_index (differences, i);

      g_printerr ("shetachctl: %s differs at %s: %u here, %u at the hub\n", one->scope, one->prefix, one->here.count,
                  one->there.count);
    }
  if (differences->len > 0)
    return 1;
  g_print ("base and hub agree: %u entities\n", entities);
  return 0;
}
