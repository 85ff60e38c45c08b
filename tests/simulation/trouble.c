/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include <string.h>

#define MINUTE 60000
#define DAY (24 * 60 * MINUTE)
/* A schedule's work takes some longer than this. */
#define TROUBLE_MS 90000

static SimTablet *
some_tablet (SimWorld *world)
{
  return &world->tablets[sim_random_below (&world->random, SIM_TABLETS)];
}

/* A person somewhere does something, or several things one after the other, or the office does; and so on until
 * all of a schedule is done. */
static void
next_act (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimRandom *random = &world->random;
  guint which = sim_random_below (random, SIM_TABLETS + 3);
  guint times = sim_random_in_1000 (random, 400) ? 1 : 2 + sim_random_below (random, 5);

  if (which < SIM_TABLETS || (which == SIM_TABLETS && world->tablets[SIM_TABLETS].exists))
    sim_tablet_act (&world->tablets[which], times);
  else
    sim_hub_work (&world->hub);
  if (world->done->len < world->acts)
    sim_world_later (world, sim_random_between (random, 50, 2500), next_act, 0, 0, NULL);
  else
    world->end = world->now;
}

static void
link_changes (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimTablet *tablet = &world->tablets[node];
  gboolean up = !tablet->link_up;

  if (world->healing)
    return;
  if (up || sim_world_may (world, SIM_FAULT_PARTITION))
    {
      gboolean live = sim_random_in_1000 (&world->random, 150), sparing = sim_random_in_1000 (&world->random, 150);

      if (tablet->engine != NULL)
        {
          sht_engine_set_live (tablet->engine, live);
          sht_engine_set_sparing (tablet->engine, sparing);
        }
      sim_tablet_link (tablet, up);
    }
  sim_world_later (world, sim_random_between (&world->random, 5000, up ? 15000 : 120000), link_changes, node, 0, NULL);
}

static void
clock_jumps (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimRandom *random = &world->random;
  gint64 far = sim_random_in_1000 (random, 500) ? 200 * (gint64) DAY : 30 * MINUTE;
  gint64 error = sim_random_in_1000 (random, 250) ? 0 : sim_random_between (random, -far, far);
  SimTablet *tablet = some_tablet (world);

  if (sim_world_fault (world, SIM_FAULT_CLOCK))
    tablet->clock_error = error;
}

static void
tablet_will_die (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimTablet *tablet = some_tablet (world);
  gboolean power = sim_random_in_1000 (&world->random, 400);
  guint writes = 1 + sim_random_below (&world->random, 60);

  if (tablet->store == NULL || !sim_world_may (world, power ? SIM_FAULT_TABLET_POWER : SIM_FAULT_TABLET_KILLED))
    return;
  tablet->power_lost = power;
  sim_disk_die_at (tablet->disk, writes);
}

static void
tablet_is_full (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimTablet *tablet = some_tablet (world);
  guint writes = 1 + sim_random_below (&world->random, 30);

  if (tablet->store != NULL && sim_world_fault (world, SIM_FAULT_TABLET_FULL))
    sim_disk_refuse (tablet->disk, writes);
}

static void
hub_will_die (SimWorld *world, guint node, guint process, gpointer unused)
{
  gboolean power = sim_random_in_1000 (&world->random, 400);
  guint writes = 1 + sim_random_below (&world->random, 80);

  if (world->hub.hub == NULL || !sim_world_may (world, power ? SIM_FAULT_HUB_POWER : SIM_FAULT_HUB_KILLED))
    return;
  world->hub.power_lost = power;
  sim_disk_die_at (world->hub.disk, writes);
}

static void
hub_is_full (SimWorld *world, guint node, guint process, gpointer unused)
{
  guint writes = 1 + sim_random_below (&world->random, 40);

  if (world->hub.hub != NULL && sim_world_fault (world, SIM_FAULT_HUB_FULL))
    sim_disk_refuse (world->hub.disk, writes);
}

static void
hub_is_backed_up (SimWorld *world, guint node, guint process, gpointer unused)
{
  if (world->hub.hub != NULL && !sim_disk_is_dead (world->hub.disk))
    sim_hub_back_up (&world->hub);
}

static void
hub_is_restored (SimWorld *world, guint node, guint process, gpointer unused)
{
  if (world->hub.backup != NULL && sim_world_fault (world, SIM_FAULT_HUB_RESTORED))
    sim_hub_restore (&world->hub);
}

static void
tablet_is_copied (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimTablet *tablet = &world->tablets[node];

  if (tablet->store == NULL || sim_disk_is_dead (tablet->disk))
    return;
  g_clear_pointer (&tablet->older, sim_disk_image_free);
  tablet->older = sim_disk_copy (tablet->disk);
  tablet->older_at = world->now;
}

static void
tablet_is_restored (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimTablet *tablet = &world->tablets[node];

  if (tablet->older != NULL && tablet->store != NULL && sim_world_fault (world, SIM_FAULT_TABLET_RESTORED))
    sim_tablet_put_back (tablet);
}

static void
tablet_is_cloned (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimTablet *tablet = some_tablet (world);

  if (tablet->store != NULL && !sim_disk_is_dead (tablet->disk) && sim_world_fault (world, SIM_FAULT_TABLET_CLONED))
    sim_tablet_clone (tablet, &world->tablets[SIM_TABLETS]);
}

static void
login_again (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimTablet *tablet = &world->tablets[node];

  if (tablet->store != NULL && sim_tablet_log_in (tablet))
    {
      sht_engine_poke (tablet->engine);
      sim_tablet_pump (tablet);
    }
  else if (!world->healing)
    {
      sim_world_later (world, 10000, login_again, node, 0, NULL);
      sim_tablet_look (tablet);
    }
}

static void
login_ends (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimTablet *tablet = some_tablet (world);
  gint64 until = sim_random_between (&world->random, 1000, 50000);

  if (world->hub.hub == NULL || !sim_world_fault (world, SIM_FAULT_LOGIN_ENDED))
    return;
  sim_hub_enrol (&world->hub, tablet);
  sim_world_later (world, until, login_again, tablet->index, 0, NULL);
}

static void
crew_changes (SimWorld *world, guint node, guint process, gpointer unused)
{
  static const char *const crews[] = { "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8" };
  SimTablet *tablet = &world->tablets[sim_random_below (&world->random, SIM_CREW_TABLETS)];
  guint crew = sim_random_below (&world->random, G_N_ELEMENTS (crews));

  if (world->hub.hub == NULL || !sim_world_fault (world, SIM_FAULT_MOVED))
    return;
  tablet->crew = crews[crew];
  tablet->department = crew < 4 ? "d1" : "d2";
  sim_hub_enrol (&world->hub, tablet);
  login_again (world, tablet->index, 0, NULL);
}

static void
some_times (SimWorld *world, guint most, guint chance, void (*run) (SimWorld *, guint, guint, gpointer), guint node)
{
  for (guint i = 0; i < most; i++)
    {
      gint64 at = sim_random_between (&world->random, 1000, TROUBLE_MS);

      if (sim_random_in_1000 (&world->random, chance))
        sim_world_later (world, at, run, node, 0, NULL);
    }
}

/** sim_trouble_plan: what will happen in a schedule, by its seed */
void
sim_trouble_plan (SimWorld *world)
{
  SimRandom *random = &world->random;
  gboolean harsh = world->harsh;
  guint restored = sim_random_below (random, SIM_TABLETS);
  gint64 copied_at = sim_random_between (random, 12000, 42000);
  gint64 put_back_at = copied_at + sim_random_between (random, 6000, 42000);
  gboolean puts_back = sim_random_in_1000 (random, harsh ? 900 : 350), clones = sim_random_in_1000 (random, harsh ? 600 : 250);

  sim_world_later (world, 1000, next_act, 0, 0, NULL);
  for (guint i = 0; i < SIM_TABLETS; i++)
    {
      gint64 delay = sim_random_between (random, 100, 70000);

      world->tablets[i].link_up = sim_random_in_1000 (random, 300);
      if (world->tablets[i].engine != NULL)
        sht_engine_set_link (world->tablets[i].engine, world->tablets[i].link_up);
      sim_world_later (world, delay, link_changes, i, 0, NULL);
    }
  some_times (world, 8, 600, clock_jumps, 0);
  some_times (world, 5, 700, tablet_will_die, 0);
  some_times (world, 5, 500, tablet_is_full, 0);
  some_times (world, 4, 600, hub_will_die, 0);
  some_times (world, 2, 500, hub_is_full, 0);
  some_times (world, harsh ? 4 : 2, 600, login_ends, 0);
  some_times (world, harsh ? 6 : 2, 400, crew_changes, 0);
  some_times (world, harsh ? 6 : 3, 600, hub_is_backed_up, 0);
  some_times (world, harsh ? 4 : 1, harsh ? 500 : 300, hub_is_restored, 0);
  some_times (world, harsh ? 8 : 3, 500, sim_stick_save, 0);
  for (guint i = 0; puts_back && i < (harsh ? 4 : 1); i++)
    {
      sim_world_later (world, copied_at + 3000 * i, tablet_is_copied, (restored + i) % SIM_TABLETS, 0, NULL);
      sim_world_later (world, put_back_at + 5000 * i, tablet_is_restored, (restored + i) % SIM_TABLETS, 0, NULL);
    }
  if (clones)
    sim_world_later (world, copied_at, tablet_is_cloned, 0, 0, NULL);
}
