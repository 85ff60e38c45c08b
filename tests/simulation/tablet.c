/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include "core/json.h"

#include <string.h>

static gint64
tablet_now (gpointer data)
{
  SimTablet *tablet = data;

  return tablet->world->now + tablet->clock_error;
}

static gint64
tablet_boot_ms (gpointer data)
{
  SimTablet *tablet = data;

  return tablet->world->now - tablet->booted;
}

static void
tablet_random (gpointer data, guint8 *bytes, gsize length)
{
  sim_random_bytes (&((SimTablet *) data)->random, bytes, length);
}

/** sim_tablet_open: the program starts */
void
sim_tablet_open (SimTablet *tablet)
{
  ShtStoreWorld world = { tablet_now, tablet_boot_ms, tablet_random, tablet, tablet->boot_id, SIM_DISK_VFS };
  g_autoptr (GError) error = NULL;

  tablet->store = sht_store_open (tablet->folder, &world, &error);
  if (tablet->store == NULL)
    {
      sim_world_fail (tablet->world, "tablet %u does not start: %s", tablet->index, error->message);
      return;
    }
  tablet->engine = sht_engine_new (tablet->store);
  sht_engine_set_link (tablet->engine, tablet->link_up);
}

/** sim_tablet_stop: the program is gone */
void
sim_tablet_stop (SimTablet *tablet)
{
  g_clear_pointer (&tablet->engine, sht_engine_free);
  g_clear_pointer (&tablet->store, sht_store_close);
  tablet->process++;
  tablet->wake_at = G_MAXINT64;
}

static void
start_again (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimTablet *tablet = &world->tablets[node];

  if (tablet->process != process || tablet->store != NULL)
    return;
  sim_disk_revive (tablet->disk, tablet->power_lost, sim_random_below (&world->random, 8));
  if (tablet->power_lost)
    {
      tablet->booted = world->now;
      tablet->boots++;
      g_snprintf (tablet->boot_id, sizeof tablet->boot_id, "%08x-0000-4000-8000-%012x", node, tablet->boots);
    }
  sim_world_trace (world, "starts", node, 0, 0);
  sim_tablet_open (tablet);
  if (tablet->store != NULL)
    sim_tablet_pump (tablet);
}

/** sim_tablet_look: whether the machine has stopped in the middle of what it just did; then it starts again later */
void
sim_tablet_look (SimTablet *tablet)
{
  SimWorld *world = tablet->world;

  if (tablet->store == NULL || !sim_disk_is_dead (tablet->disk))
    return;
  sim_world_fault (world, tablet->power_lost ? SIM_FAULT_TABLET_POWER : SIM_FAULT_TABLET_KILLED);
  sim_tablet_stop (tablet);
  sim_world_later (world, sim_random_between (&world->random, 200, 30000), start_again, tablet->index, tablet->process,
                   NULL);
}

static void
wake (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimTablet *tablet = &world->tablets[node];

  if (tablet->process != process || tablet->engine == NULL || tablet->wake_at > world->now)
    return;
  tablet->wake_at = G_MAXINT64;
  sim_tablet_pump (tablet);
}

/** sim_tablet_pump: what the engine wants is done, and it is woken when it says so */
void
sim_tablet_pump (SimTablet *tablet)
{
  SimWorld *world = tablet->world;
  gint64 at;
  guint requests = 0;

  do
    for (;;)
      {
        g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, world->now);

        if (request == NULL)
          break;
        if (++requests > 20)
          {
            sim_world_fail (world, "tablet %u sends without end: %s %s", tablet->index, request->method, request->path);
            return;
          }
        sim_network_send (tablet, request);
      }
  while (!sim_disk_is_dead (tablet->disk) && sht_engine_work (tablet->engine, world->now));
  sim_tablet_look (tablet);
  if (tablet->engine == NULL)
    return;
  at = sht_engine_wake_at (tablet->engine);
  if (at == G_MAXINT64 || (at >= tablet->wake_at && tablet->wake_at > world->now))
    return;
  if (at <= world->now)
    sim_world_fail (world, "tablet %u wants to be woken for a moment that has passed", tablet->index);
  tablet->wake_at = at;
  sim_world_later (world, at - world->now, wake, tablet->index, tablet->process, NULL);
}

/** sim_tablet_link: the network comes or goes */
void
sim_tablet_link (SimTablet *tablet, gboolean up)
{
  if (!up && tablet->link_up)
    sim_world_fault (tablet->world, SIM_FAULT_PARTITION);
  tablet->link_up = up;
  if (tablet->engine == NULL)
    return;
  sht_engine_set_link (tablet->engine, up);
  if (!up)
    return;
  sht_engine_poke (tablet->engine);
  sim_tablet_pump (tablet);
}

gboolean
sim_tablet_is_settled (SimTablet *tablet)
{
  return tablet->engine != NULL && sht_engine_is_settled (tablet->engine);
}

/* What was done since, and is not at the hub, existed only here. */
static void
exempt_since (SimTablet *tablet, gint64 at)
{
  SimWorld *world = tablet->world;

  for (guint i = 0; i < world->done->len; i++)
    {
      SimDone *done = &g_array_index (world->done, SimDone, i);

      if (done->tablet == tablet->index && done->at >= at)
        done->exempt = TRUE;
    }
}

/** sim_tablet_put_back: an older copy of its database is put back, while it does not run */
void
sim_tablet_put_back (SimTablet *tablet)
{
  sim_tablet_stop (tablet);
  tablet->was_copied = TRUE;
  sim_disk_put_back (tablet->disk, tablet->older);
  sim_disk_revive (tablet->disk, FALSE, 0);
  exempt_since (tablet, tablet->older_at);
  sim_tablet_open (tablet);
  if (tablet->engine != NULL)
    sim_tablet_pump (tablet);
}

/** sim_tablet_log_in: the tablet is given the login that holds now; %FALSE when its disk takes nothing just then */
gboolean
sim_tablet_log_in (SimTablet *tablet)
{
  g_autoptr (JsonObject) answer = sht_json_parse_object (tablet->answer, -1, NULL);

  if (g_strcmp0 (sht_json_string (answer, "token"), tablet->store->device.token) == 0)
    return TRUE;
  return sht_store_set_device (tablet->store, "http://hub", answer, NULL);
}

static void
copy_tree (const char *from, const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  g_mkdir_with_parents (to, 0700);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *copy = g_build_filename (to, name, NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      if (g_file_test (source, G_FILE_TEST_IS_DIR))
        copy_tree (source, copy);
      else
        g_assert_true (g_file_get_contents (source, &bytes, &length, NULL) &&
                       g_file_set_contents_full (copy, bytes, (gssize) length,
                                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
    }
}

/** sim_tablet_clone: a second machine with a copy of all that the first has */
void
sim_tablet_clone (SimTablet *from, SimTablet *to)
{
  g_autoptr (SimDiskImage) image = sim_disk_copy (from->disk);

  if (to->exists)
    return;
  copy_tree (from->folder, to->folder);
  sim_disk_put_back (to->disk, image);
  sim_disk_revive (to->disk, FALSE, 0);
  to->exists = TRUE;
  to->was_copied = from->was_copied = TRUE;
  to->link_up = TRUE;
  to->role = from->role;
  to->crew = from->crew;
  to->department = from->department;
  g_free (to->answer);
  to->answer = g_strdup (from->answer);
  sim_tablet_open (to);
  if (to->engine != NULL)
    sim_tablet_pump (to);
}
