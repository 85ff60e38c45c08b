/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include "core/json.h"
#include "platform/sealed-file.h"

#include <glib/gstdio.h>
#include <string.h>

#define BEGIN G_GINT64_CONSTANT (1700000000000)
/* Longer than this nothing may take that only has to be caught up with. */
#define HEALING_MS (20 * 60000)

static const char *const things[] = {
  "{\"t\":\"department\",\"id\":\"d1\",\"name\":\"Roads\"}",
  "{\"t\":\"department\",\"id\":\"d2\",\"name\":\"Gardens\"}",
  "{\"t\":\"crew\",\"id\":\"c1\",\"name\":\"C1\",\"department\":\"d1\"}",
  "{\"t\":\"crew\",\"id\":\"c2\",\"name\":\"C2\",\"department\":\"d1\"}",
  "{\"t\":\"crew\",\"id\":\"c3\",\"name\":\"C3\",\"department\":\"d1\"}",
  "{\"t\":\"crew\",\"id\":\"c4\",\"name\":\"C4\",\"department\":\"d1\"}",
  "{\"t\":\"crew\",\"id\":\"c5\",\"name\":\"C5\",\"department\":\"d2\"}",
  "{\"t\":\"crew\",\"id\":\"c6\",\"name\":\"C6\",\"department\":\"d2\"}",
  "{\"t\":\"crew\",\"id\":\"c7\",\"name\":\"C7\",\"department\":\"d2\"}",
  "{\"t\":\"crew\",\"id\":\"c8\",\"name\":\"C8\",\"department\":\"d2\"}",
  "{\"t\":\"person\",\"id\":\"p1\",\"name\":\"One\",\"crew\":\"c1\"}",
  "{\"t\":\"service\",\"id\":\"s1\",\"name\":\"Pothole\",\"department\":\"d1\",\"targets\":[{\"milestone\":\"complete\",\"amount\":2,"
  "\"unit\":\"days\"}]}",
  "{\"t\":\"service\",\"id\":\"s2\",\"name\":\"Tree\",\"department\":\"d2\"}",
  "{\"t\":\"place\",\"id\":\"01890000-0000-7000-8003-000000000001\",\"layer\":\"bins\",\"name\":\"Bin 1\",\"lat_e7\":"
  "312400000,\"lon_e7\":346000000}",
  "{\"t\":\"place\",\"id\":\"01890000-0000-7000-8003-000000000002\",\"layer\":\"bins\",\"name\":\"Bin 2\",\"lat_e7\":"
  "312410000,\"lon_e7\":346000000}",
};

static void
add (ShtHubSeeder *seeder, const char *json)
{
  g_autoptr (GError) error = NULL;

  sht_hub_seeder_add (seeder, json, &error);
  g_assert_no_error (error);
}

static void
settle_town (SimWorld *world)
{
  g_autoptr (ShtHubSeeder) seeder = sht_hub_seeder_new (world->hub.hub);
  g_autoptr (GError) error = NULL;
  ShtHubSeedCount count;

  for (guint i = 0; i < G_N_ELEMENTS (things); i++)
    add (seeder, things[i]);
  for (guint n = 1; n <= SIM_TICKETS; n++)
    {
      guint crew = (n - 1) % 8 + 1;
      g_autofree char *json
        = g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"01890000-0000-7000-8000-00000000%04x\",\"number\":\"106-2023-%05u\","
                           "\"status\":\"assigned\",\"title\":\"ticket %u\",\"department\":\"d%u\",\"service\":\"s%u\","
                           "\"crew\":\"c%u\",\"lat_e7\":%u,\"lon_e7\":346000000,\"created_at\":1690000000000}",
                           n, n, n, (crew - 1) / 4 + 1, (crew - 1) / 4 + 1, crew, 312400000 + n * 1000);

      add (seeder, json);
    }
  sht_hub_seeder_finish (seeder, &count, &error);
  g_assert_no_error (error);
}

static void
describe (SimTablet *tablet)
{
  static const char *const crews[] = { "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8" };
  guint i = tablet->index;

  tablet->role = i < SIM_CREW_TABLETS ? "crew" : i < SIM_TABLETS - 1 ? "supervisor" : "manager";
  tablet->crew = i < SIM_CREW_TABLETS ? crews[i % G_N_ELEMENTS (crews)] : NULL;
  tablet->department = i == SIM_TABLETS - 1 ? NULL : tablet->crew != NULL ? (i % 8 < 4 ? "d1" : "d2") : i % 2 == 0 ? "d1" : "d2";
}

static void
start_clocks (SimWorld *world, guint64 seed)
{
  SimRandom seeds = { seed * G_GUINT64_CONSTANT (0x2545f4914f6cdd1d) + 1 };

  world->seed = seed;
  world->random.state = sim_random_next (&seeds);
  world->net.state = sim_random_next (&seeds);
  world->hub.random.state = sim_random_next (&seeds);
  for (guint i = 0; i < G_N_ELEMENTS (world->tablets); i++)
    {
      SimTablet *tablet = &world->tablets[i];

      tablet->random.state = sim_random_next (&seeds);
      tablet->clock_error = 0;
      tablet->booted = BEGIN - 3600000 - 1000 * (gint64) i;
      tablet->boots = 0;
      tablet->was_copied = FALSE;
      g_snprintf (tablet->boot_id, sizeof tablet->boot_id, "%08x-0000-4000-8000-%012x", i, 0);
      tablet->wake_at = G_MAXINT64;
      tablet->link_up = TRUE;
      tablet->power_lost = FALSE;
    }
}

static SimDiskImage *
image_of_tablet (SimTablet *tablet)
{
  g_autoptr (GError) error = NULL;

  sht_db_exec (tablet->store->db, "PRAGMA wal_checkpoint(TRUNCATE)", &error);
  g_assert_no_error (error);
  return sim_disk_copy (tablet->disk);
}

/* For what it saves. */
static void
exchange_keys (SimTablet *tablet)
{
  g_autofree char *secret = sht_store_signing_secret (tablet->store, NULL);
  g_autofree char *key = sht_key_to_sign (secret);
  g_autofree char *body = g_strdup_printf ("{\"key\":\"%s\"}", key);
  g_autofree char *token = g_strconcat ("Bearer ", tablet->store->device.token, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = sht_hub_enrol_or_register (tablet->world->hub.hub, token, body, strlen (body), &error);
  g_autoptr (JsonObject) answer = sht_json_parse_object (text, -1, NULL);

  g_assert_no_error (error);
  g_assert_true (sht_store_take_hub_key (tablet->store, answer, &error));
}

/**
 * sim_town_new:
 * @folder: where photos and logins go; the databases are in memory
 *
 * A hub and enrolled tablets that have pulled all there is: the state in which each schedule begins.
 *
 * Returns: (transfer full): the town
 */
SimWorld *
sim_town_new (const char *folder)
{
  SimWorld *world = g_new0 (SimWorld, 1);

  world->events = g_array_new (FALSE, FALSE, sizeof (SimEvent));
  world->done = g_array_new (FALSE, FALSE, sizeof (SimDone));
  world->sticks = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_stick_free);
  world->now = BEGIN;
  world->healing = TRUE;
  world->hub.world = world;
  world->hub.folder = g_build_filename (folder, "hub", NULL);
  g_mkdir_with_parents (world->hub.folder, 0700);
  world->hub.disk = sim_disk_new (world->hub.folder);
  start_clocks (world, 0);
  sim_hub_open (&world->hub);
  settle_town (world);
  for (guint i = 0; i < G_N_ELEMENTS (world->tablets); i++)
    {
      SimTablet *tablet = &world->tablets[i];
      g_autofree char *name = g_strdup_printf ("tablet-%02u", i);

      tablet->world = world;
      tablet->index = i;
      tablet->folder = g_build_filename (folder, name, NULL);
      g_mkdir_with_parents (tablet->folder, 0700);
      tablet->disk = sim_disk_new (tablet->folder);
      if (i >= SIM_TABLETS)
        continue;
      tablet->exists = TRUE;
      describe (tablet);
      sim_hub_enrol (&world->hub, tablet);
      tablet->start_answer = g_strdup (tablet->answer);
      sim_tablet_open (tablet);
      g_assert_true (sim_tablet_log_in (tablet));
      exchange_keys (tablet);
    }
  sim_town_heal (world);
  if (world->failure != NULL)
    g_error ("the town cannot be set up: %s", world->failure);
  for (guint i = 0; i < SIM_TABLETS; i++)
    world->tablets[i].start = image_of_tablet (&world->tablets[i]);
  world->hub.start = sim_disk_copy (world->hub.disk);
  return world;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
remove_photos (const char *folder)
{
  g_autofree char *photos = g_build_filename (folder, "photos", NULL);

  if (g_file_test (photos, G_FILE_TEST_IS_DIR))
    remove_tree (photos);
}

static void
reset_tablet (SimTablet *tablet)
{
  g_clear_pointer (&tablet->older, sim_disk_image_free);
  remove_photos (tablet->folder);
  tablet->process++;
  if (tablet->start == NULL)
    {
      sim_tablet_stop (tablet);
      tablet->exists = FALSE;
      return;
    }
  describe (tablet);
  g_clear_pointer (&tablet->engine, sht_engine_free);
  sim_disk_put_back (tablet->disk, tablet->start);
  if (tablet->store == NULL)
    sim_disk_revive (tablet->disk, FALSE, 0);
  g_free (tablet->answer);
  tablet->answer = g_strdup (tablet->start_answer);
}

static void
start_tablet (SimTablet *tablet)
{
  if (tablet->start == NULL)
    return;
  if (tablet->store == NULL)
    sim_tablet_open (tablet);
  else
    tablet->engine = sht_engine_new (tablet->store);
  if (tablet->engine != NULL)
    g_assert_true (sim_tablet_log_in (tablet));
}

/**
 * sim_town_reset:
 *
 * Goes back to the beginning, for another schedule. Connections to the databases stay open where they can:
 * to open all of them anew would take most of the time.
 */
void
sim_town_reset (SimWorld *world, guint64 seed)
{
  SimHub *hub = &world->hub;

  sim_world_clear_events (world);
  while (hub->waiting->len > 0)
    sim_message_free (g_ptr_array_steal_index (hub->waiting, 0));
  g_hash_table_remove_all (hub->uploads);
  g_clear_pointer (&hub->backup, sim_disk_image_free);
  hub->telling = FALSE;
  hub->power_lost = FALSE;
  hub->next_upload = 0;
  g_clear_pointer (&world->failure, g_free);
  g_array_set_size (world->done, 0);
  g_ptr_array_set_size (world->sticks, 0);
  memset (world->faults, 0, sizeof world->faults);
  world->healing = TRUE;
  world->now = BEGIN + 60000;
  world->end = world->now;
  world->digest = G_GUINT64_CONSTANT (14695981039346656037);
  world->next_order = 0;
  world->requests = 0;
  sim_disk_put_back (hub->disk, hub->start);
  if (hub->hub == NULL)
    {
      sim_disk_revive (hub->disk, FALSE, 0);
      sim_hub_open (hub);
    }
  remove_photos (hub->folder);
  for (guint i = 0; i < G_N_ELEMENTS (world->tablets); i++)
    reset_tablet (&world->tablets[i]);
  start_clocks (world, seed);
  for (guint i = 0; i < G_N_ELEMENTS (world->tablets); i++)
    start_tablet (&world->tablets[i]);
  sim_world_clear_events (world);
  for (guint i = 0; i < G_N_ELEMENTS (world->tablets); i++)
    world->tablets[i].wake_at = G_MAXINT64;
  world->healing = FALSE;
  sim_trouble_plan (world);
}

static gboolean
all_settled (SimWorld *world)
{
  for (guint i = 0; i < G_N_ELEMENTS (world->tablets); i++)
    if (world->tablets[i].exists && !sim_tablet_is_settled (&world->tablets[i]))
      return FALSE;
  return TRUE;
}

static gint64
hub_head (SimWorld *world)
{
  ShtHubStore *store = world->hub.hub->store;
  gint64 number = 0, nonce;

  store->driver->log_head (store, &number, &nonce, NULL);
  return number;
}

static void
restart_what_is_down (SimWorld *world)
{
  SimHub *hub = &world->hub;

  sim_disk_die_at (hub->disk, 0);
  sim_disk_refuse (hub->disk, 0);
  if (hub->hub == NULL)
    {
      sim_disk_revive (hub->disk, hub->power_lost, 0);
      sim_hub_open (hub);
    }
  for (guint i = 0; world->failure == NULL && i < G_N_ELEMENTS (world->tablets); i++)
    {
      SimTablet *tablet = &world->tablets[i];
      ShtHubDevice *device;

      if (!tablet->exists)
        continue;
      sim_disk_die_at (tablet->disk, 0);
      sim_disk_refuse (tablet->disk, 0);
      if (tablet->store == NULL)
        {
          sim_disk_revive (tablet->disk, tablet->power_lost, 0);
          sim_tablet_open (tablet);
        }
      if (tablet->store == NULL)
        return;
      device = sim_hub_device_of (hub, tablet);
      if (device == NULL)
        sim_hub_enrol (hub, tablet);
      g_clear_pointer (&device, sht_hub_device_free);
      sht_engine_set_live (tablet->engine, FALSE);
      sht_engine_set_sparing (tablet->engine, FALSE);
      if (!sim_tablet_log_in (tablet))
        sim_world_fail (world, "tablet %u cannot be logged in", i);
    }
}

/** sim_town_heal: the trouble is over, and everybody has time to catch up */
void
sim_town_heal (SimWorld *world)
{
  gint64 until = world->now + HEALING_MS;
  gint64 head = -1;

  world->healing = TRUE;
  restart_what_is_down (world);
  while (world->failure == NULL && (head != hub_head (world) || !all_settled (world)))
    {
      head = hub_head (world);
      for (guint i = 0; i < G_N_ELEMENTS (world->tablets); i++)
        if (world->tablets[i].exists)
          sim_tablet_link (&world->tablets[i], TRUE);
      do
        sim_world_run (world, world->now + 2000);
      while (world->failure == NULL && !all_settled (world) && world->now < until);
      if (world->now >= until)
        {
          for (guint i = 0; i < G_N_ELEMENTS (world->tablets); i++)
            if (world->tablets[i].exists && !sim_tablet_is_settled (&world->tablets[i]))
              sim_world_fail (world, "tablet %u has not caught up: %s", i,
                              sht_engine_get_problem (world->tablets[i].engine));
          sim_world_fail (world, "the tablets and the hub never come to rest");
        }
    }
}

void
sim_town_free (SimWorld *world)
{
  sim_world_clear_events (world);
  while (world->hub.waiting->len > 0)
    sim_message_free (g_ptr_array_steal_index (world->hub.waiting, 0));
  for (guint i = 0; i < G_N_ELEMENTS (world->tablets); i++)
    {
      SimTablet *tablet = &world->tablets[i];

      sim_tablet_stop (tablet);
      sim_disk_free (tablet->disk);
      g_clear_pointer (&tablet->start, sim_disk_image_free);
      g_clear_pointer (&tablet->older, sim_disk_image_free);
      g_free (tablet->folder);
      g_free (tablet->answer);
      g_free (tablet->start_answer);
    }
  g_clear_pointer (&world->hub.hub, sht_hub_free);
  sim_disk_free (world->hub.disk);
  g_clear_pointer (&world->hub.start, sim_disk_image_free);
  g_clear_pointer (&world->hub.backup, sim_disk_image_free);
  g_hash_table_unref (world->hub.uploads);
  g_ptr_array_unref (world->hub.waiting);
  g_free (world->hub.folder);
  g_array_unref (world->events);
  g_array_unref (world->done);
  g_ptr_array_unref (world->sticks);
  g_free (world->failure);
  g_free (world);
}
