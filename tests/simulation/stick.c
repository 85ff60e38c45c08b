/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include <glib/gstdio.h>
#include <string.h>

/* What waits is saved to a stick, and somebody brings it to the office: soon or late, once or twice, whole or not. */

struct _SimStick
{
  char *file;
  gboolean is_cut; /* it was taken out too early, and is brought once more, whole */
  guint left;      /* how often it will be brought yet */
};

/** sim_stick_free: the file goes, too */
void
sim_stick_free (SimStick *stick)
{
  g_unlink (stick->file);
  g_free (stick->file);
  g_free (stick);
}

static void
bring_cut (SimWorld *world, SimStick *stick)
{
  g_autofree char *whole = NULL;
  g_autofree char *cut = g_strconcat (stick->file, ".cut", NULL);
  gsize length = 0;

  stick->is_cut = FALSE;
  if (!sim_world_fault (world, SIM_FAULT_STICK_CUT) || !g_file_get_contents (stick->file, &whole, &length, NULL))
    return;
  /* Not every byte counts alike: where it ends is its own length's. */
  length = length * (1 + world->seed % 99) / 100;
  g_assert_true (g_file_set_contents_full (cut, whole, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  if (sim_hub_take_in (&world->hub, cut, NULL))
    sim_world_fail (world, "the hub takes in what was cut off after %" G_GSIZE_FORMAT " bytes", length);
  g_unlink (cut);
}

/* Until the office has taken it in as often as it is brought. */
static void
bring (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimStick *stick = g_ptr_array_index (world->sticks, node);

  if (stick->left == 0)
    return;
  if (stick->is_cut && world->hub.hub != NULL)
    bring_cut (world, stick);
  if (world->hub.hub != NULL && sim_hub_take_in (&world->hub, stick->file, NULL))
    {
      sim_world_fault (world, SIM_FAULT_SAVED);
      stick->left--;
    }
  if (stick->left > 0)
    sim_world_later (world, sim_random_between (&world->random, 3000, 60000), bring, node, 0, NULL);
}

/** sim_stick_save: what waits on some tablet is saved, and brought to the office some time */
void
sim_stick_save (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimRandom *random = &world->random;
  SimTablet *tablet = &world->tablets[sim_random_below (random, SIM_TABLETS)];
  gboolean soon = sim_random_in_1000 (random, 500), twice = sim_random_in_1000 (random, 300), cut = sim_random_in_1000 (random, 300);
  gint64 delay = soon ? sim_random_between (random, 1000, 15000) : sim_random_between (random, 15000, 200000);
  g_autofree char *file = g_strdup_printf ("%s/stick-%u", world->hub.folder, world->sticks->len);
  SimStick *stick;
  ShtRescue rescue;
  gboolean ok;

  if (tablet->store == NULL || !sim_world_may (world, SIM_FAULT_SAVED))
    return;
  ok = sht_store_rescue (tablet->store, file, NULL, NULL, NULL, &rescue, NULL);
  if (ok && rescue.bytes > 0)
    {
      sim_world_trace (world, "saves", tablet->index, rescue.operations, rescue.photos + rescue.voices);
      stick = g_new0 (SimStick, 1);
      stick->file = g_steal_pointer (&file);
      stick->left = twice ? 2 : 1;
      stick->is_cut = cut;
      g_ptr_array_add (world->sticks, stick);
      sim_world_later (world, delay, bring, world->sticks->len - 1, 0, NULL);
    }
  sim_tablet_look (tablet);
}

/**
 * sim_stick_bring_left:
 *
 * What lay in somebody's pocket until all was well again is taken in, too.
 *
 * Returns: whether anything was
 */
gboolean
sim_stick_bring_left (SimWorld *world)
{
  gboolean brought = FALSE;

  for (guint i = 0; i < world->sticks->len; i++)
    for (SimStick *stick = g_ptr_array_index (world->sticks, i); stick->left > 0; stick->left--)
      {
        g_autoptr (GError) error = NULL;

        brought = TRUE;
        if (!sim_hub_take_in (&world->hub, stick->file, &error))
          sim_world_fail (world, "what was saved cannot be taken in: %s", error->message);
      }
  return brought;
}
