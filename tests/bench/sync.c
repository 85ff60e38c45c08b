/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sync takes, seen from the tablet:
 *
 *   bench-sync push STORE                       milliseconds until all that waits in a store is confirmed
 *   bench-sync poke HUB STORE BOSS CREW N       milliseconds until a live tablet of CREW has stored what it was
 *                                               given: N lines of `office MS`, by the hub's folder, and N of
 *                                               `tablet MS`, by the manager's store BOSS
 */
#include "core/json.h"
#include "hub/service/hub.h"
#include "tablet/sync/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So long a live tablet is left alone before it is given something, and as much again by chance: it waits at the
 * hub by then, and the hub's own looking at the database is met at any moment of it. */
#define IDLE_MS 150
/* No poke takes that long: something hangs. */
#define LIMIT_S 30

typedef struct
{
  ShtStore *store;   /* (owned) */
  ShtEngine *engine; /* (owned) */
  ShtRunner *runner; /* (owned) */
  guint pulled;      /* rows, until now */
  gint64 stored_at;  /* when they came to be as many; monotonic us */
} Tablet;

static void
on_changed (gpointer data)
{
  Tablet *tablet = data;
  guint pulled = sht_engine_get_counts (tablet->engine)->pulled;

  if (pulled == tablet->pulled)
    return;
  tablet->pulled = pulled;
  tablet->stored_at = g_get_monotonic_time ();
}

static void
tablet_start (Tablet *tablet, const char *folder, gboolean live)
{
  g_autoptr (GError) error = NULL;

  *tablet = (Tablet){ 0 };
  tablet->store = sht_store_open (folder, sht_store_world (), &error);
  g_assert_no_error (error);
  tablet->engine = sht_engine_new (tablet->store);
  sht_engine_set_live (tablet->engine, live);
  tablet->runner = sht_runner_new (tablet->store, tablet->engine, on_changed, tablet, &error);
  g_assert_no_error (error);
}

static void
tablet_stop (Tablet *tablet)
{
  sht_runner_free (tablet->runner);
  sht_engine_free (tablet->engine);
  sht_store_close (tablet->store);
}

static int
push (const char *folder)
{
  Tablet tablet;
  gint64 waiting = 0, start;

  tablet_start (&tablet, folder, FALSE);
  g_assert_true (sht_store_count_pending (tablet.store, &waiting, NULL, NULL, NULL));
  start = g_get_monotonic_time ();
  while (sht_engine_get_counts (tablet.engine)->pushed < waiting)
    {
      g_assert_cmpuint (sht_engine_get_counts (tablet.engine)->attention, ==, 0);
      g_main_context_iteration (NULL, TRUE);
    }
  printf ("%.1f\n", (double) (g_get_monotonic_time () - start) / 1000);
  tablet_stop (&tablet);
  return 0;
}

static gboolean
on_time (gpointer passed)
{
  *(gboolean *) passed = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
on_limit (gpointer unused)
{
  g_error ("nothing came within %d s", LIMIT_S);
  return G_SOURCE_REMOVE;
}

static void
stay_idle (Tablet *tablet)
{
  gboolean passed = FALSE;

  g_timeout_add ((guint) (IDLE_MS + g_random_int_range (0, IDLE_MS)), on_time, &passed);
  while (!passed || !sht_engine_is_settled (tablet->engine))
    g_main_context_iteration (NULL, TRUE);
}

/* Prints how long it took from @start until something more than @before was stored. */
static void
tell_when_stored (Tablet *tablet, guint before, const char *who, gint64 start)
{
  guint limit = g_timeout_add_seconds (LIMIT_S, on_limit, NULL);

  while (tablet->pulled == before)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (limit);
  printf ("%s %.2f\n", who, (double) (tablet->stored_at - start) / 1000);
}

static void
keep_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  *(ShtAnswer **) data = sht_client_send_finish (result);
}

/* Sends what the boss's engine has to send, as a runner would, but only until its push is answered when @only_push. */
static void
exchange (ShtEngine *engine, ShtClient *client, gboolean only_push)
{
  do
    {
      ShtRequest *request;

      while ((request = sht_engine_next (engine, g_get_monotonic_time () / 1000)) != NULL)
        {
          ShtLane lane = request->lane;
          g_autoptr (ShtAnswer) answer = NULL;

          sht_client_send_async (client, request, NULL, keep_answer, &answer);
          sht_request_free (request);
          while (answer == NULL)
            g_main_context_iteration (NULL, TRUE);
          g_assert_cmpuint (answer->status, ==, 200);
          sht_engine_answer (engine, lane, answer, g_get_monotonic_time () / 1000);
          if (only_push && lane == SHT_LANE_PUSH)
            return;
        }
    }
  while (sht_engine_work (engine, g_get_monotonic_time () / 1000));
}

typedef struct
{
  const char *crew;
  GPtrArray *ids;
} Wanted;

static gboolean
collect (gpointer data, const char *doc)
{
  Wanted *wanted = data;
  g_autoptr (JsonObject) object = sht_json_parse_object (doc, -1, NULL);

  if (g_strcmp0 (sht_json_string (object, "crew"), wanted->crew) != 0)
    g_ptr_array_add (wanted->ids, g_strdup (sht_json_string (object, "id")));
  return TRUE;
}

static void
poke_by_office (Tablet *tablet, ShtHub *hub, const char *ticket, const char *crew)
{
  guint before = tablet->pulled;
  g_autoptr (GError) error = NULL;
  gint64 start;

  sht_hub_assign (hub, ticket, crew, &error);
  start = g_get_monotonic_time ();
  g_assert_no_error (error);
  tell_when_stored (tablet, before, "office", start);
}

/* Measured from the moment when the push is sent: a little more than from its commit at the hub. */
static void
poke_by_tablet (Tablet *tablet, ShtStore *boss, ShtEngine *engine, ShtClient *client, const char *ticket,
                const char *crew)
{
  guint before = tablet->pulled;
  g_autoptr (ShtOperation) op = sht_store_new_operation (boss, SHT_KIND_TICKET_ASSIGN, ticket);
  gint64 start;

  json_object_set_string_member (op->fields, "crew", crew);
  g_assert_true (sht_store_act (boss, op, NULL));
  start = g_get_monotonic_time ();
  exchange (engine, client, TRUE);
  tell_when_stored (tablet, before, "tablet", start);
  exchange (engine, client, FALSE);
}

static int
poke (const char *hub_folder, const char *folder, const char *boss_folder, const char *crew, guint n)
{
  ShtHub *hub = sht_hub_open (hub_folder, NULL);
  g_autoptr (ShtStore) boss = sht_store_open (boss_folder, sht_store_world (), NULL);
  g_autoptr (ShtEngine) engine = sht_engine_new (boss);
  g_autoptr (ShtClient) client = sht_client_new (boss->device.url, boss->device.token, NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  ShtListQuery query = { .status = "assigned" };
  Wanted wanted = { crew, ids };
  Tablet tablet;

  g_assert_true (hub != NULL && client != NULL);
  exchange (engine, client, FALSE);
  g_assert_true (sht_store_list (boss, &query, collect, &wanted, NULL));
  g_assert_cmpuint (ids->len, >=, 2 * n);
  tablet_start (&tablet, folder, TRUE);
  for (guint i = 0; i < n; i++)
    {
      stay_idle (&tablet);
      poke_by_office (&tablet, hub, g_ptr_array_index (ids, 2 * i), crew);
      stay_idle (&tablet);
      poke_by_tablet (&tablet, boss, engine, client, g_ptr_array_index (ids, 2 * i + 1), crew);
    }
  tablet_stop (&tablet);
  sht_hub_free (hub);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "push") == 0)
    return push (argv[2]);
  if (argc == 7 && strcmp (argv[1], "poke") == 0)
    return poke (argv[2], argv[3], argv[4], argv[5], (guint) atoi (argv[6]));
  return 2;
}
