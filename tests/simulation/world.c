/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include <stdarg.h>
#include <string.h>

/* SplitMix64 (Steele, Lea and Flood 2014): any state will do, and none is far from another. */
guint64
sim_random_next (SimRandom *random)
{
  guint64 z = random->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

guint
sim_random_below (SimRandom *random, guint n)
{
  return (guint) ((sim_random_next (random) >> 32) * n >> 32);
}

gint64
sim_random_between (SimRandom *random, gint64 low, gint64 high)
{
  return low + (gint64) (sim_random_next (random) % (guint64) (high - low + 1));
}

gboolean
sim_random_in_1000 (SimRandom *random, guint chance)
{
  return sim_random_below (random, 1000) < chance;
}

/** sim_random_bytes: a #ShtRandomFunc */
void
sim_random_bytes (gpointer random, guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) (sim_random_next (random) >> 56);
}

static const char *const fault_names[SIM_N_FAULTS] = {
  "request-lost",  "reply-lost",      "doubled",       "reordered",  "truncated", "gateway",  "partition",
  "tablet-killed", "tablet-power",    "tablet-full",   "tablet-restored", "tablet-cloned", "hub-killed",
  "hub-power",     "hub-full",        "hub-restored",  "login-ended", "moved",    "clock",
  "saved",         "stick-cut",
};

const char *
sim_fault_name (SimFault fault)
{
  return fault_names[fault];
}

/**
 * sim_world_may:
 *
 * Returns: whether there is such a fault in this schedule, now
 */
gboolean
sim_world_may (SimWorld *world, SimFault fault)
{
  return !world->healing && (world->without & (G_GUINT64_CONSTANT (1) << fault)) == 0;
}

/**
 * sim_world_fault:
 *
 * To be asked when a fault is about to happen: all chances are drawn before, so that leaving one kind out
 * changes nothing else. It is counted.
 *
 * Returns: whether it shall
 */
gboolean
sim_world_fault (SimWorld *world, SimFault fault)
{
  if (!sim_world_may (world, fault))
    return FALSE;
  world->faults[fault]++;
  sim_world_trace (world, fault_names[fault], 0, 0, 0);
  return TRUE;
}

static void
mix (SimWorld *world, const void *bytes, gsize length)
{
  const guint8 *p = bytes;
  guint64 h = world->digest;

  for (; length >= 8; p += 8, length -= 8)
    {
      guint64 word;

      memcpy (&word, p, 8);
      h = (h ^ word) * G_GUINT64_CONSTANT (0x9fb21c651e98df25);
      h ^= h >> 32;
    }
  for (; length > 0; p++, length--)
    h = (h ^ *p) * G_GUINT64_CONSTANT (1099511628211);
  world->digest = h;
}

void
sim_world_trace (SimWorld *world, const char *what, guint node, gint64 a, gint64 b)
{
  gint64 numbers[] = { world->now, node, a, b };

  mix (world, what, strlen (what));
  mix (world, numbers, sizeof numbers);
  if (world->tell)
    g_print ("%9.3f %-16s %2u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
             (double) (world->now - world->end) / 1000, what, node, a, b);
}

void
sim_world_trace_bytes (SimWorld *world, const char *what, guint node, const void *bytes, gsize length)
{
  gint64 numbers[] = { world->now, node };

  mix (world, what, strlen (what));
  mix (world, numbers, sizeof numbers);
  mix (world, bytes, length);
  if (world->tell)
    g_print ("%9.3f %-16s %2u %.*s\n", (double) (world->now - world->end) / 1000, what, node,
             (int) MIN (length, 4000), (const char *) bytes);
}

/** sim_world_fail: says what is wrong; the first word counts */
void
sim_world_fail (SimWorld *world, const char *format, ...)
{
  va_list args;

  if (world->failure != NULL)
    return;
  va_start (args, format);
  world->failure = g_strdup_vprintf (format, args);
  va_end (args);
}

static gboolean
is_before (const SimEvent *a, const SimEvent *b)
{
  return a->at < b->at || (a->at == b->at && a->order < b->order);
}

/**
 * sim_world_later:
 * @delay: ms from now
 * @run: what happens then
 * @node: @process: @data: what it is given; @run owns the data
 */
void
sim_world_later (SimWorld *world, gint64 delay, void (*run) (SimWorld *, guint, guint, gpointer), guint node,
                 guint process, gpointer data)
{
  SimEvent event = { world->now + MAX (delay, 0), world->next_order++, run, node, process, data };
  SimEvent *heap;
  guint i = world->events->len;

  g_array_append_val (world->events, event);
  heap = (SimEvent *) world->events->data;
  for (; i > 0 && is_before (&event, &heap[(i - 1) / 2]); i = (i - 1) / 2)
    heap[i] = heap[(i - 1) / 2];
  heap[i] = event;
}

static SimEvent
take_first (SimWorld *world)
{
  SimEvent *heap = (SimEvent *) world->events->data;
  SimEvent first = heap[0], last = heap[world->events->len - 1];
  guint n = world->events->len - 1, i = 0;

  for (guint child = 1; child < n; child = 2 * i + 1)
    {
      if (child + 1 < n && is_before (&heap[child + 1], &heap[child]))
        child++;
      if (!is_before (&heap[child], &last))
        break;
      heap[i] = heap[child];
      i = child;
    }
  heap[i] = last;
  g_array_set_size (world->events, n);
  return first;
}

/** sim_world_run: lets things happen until a time, or until something is found to be wrong */
void
sim_world_run (SimWorld *world, gint64 until)
{
  while (world->failure == NULL && world->events->len > 0 && g_array_index (world->events, SimEvent, 0).at <= until)
    {
      SimEvent event = take_first (world);

      world->now = MAX (world->now, event.at);
      event.run (world, event.node, event.process, event.data);
    }
  if (world->failure == NULL)
    world->now = MAX (world->now, until);
}

/** sim_world_clear_events: what has not happened will not */
void
sim_world_clear_events (SimWorld *world)
{
  for (guint i = 0; i < world->events->len; i++)
    {
      SimEvent *event = &g_array_index (world->events, SimEvent, i);

      if (event->run == sim_hub_arrive)
        sim_message_free (event->data);
      else if (event->run == sim_network_arrive)
        sim_reply_free (event->data);
    }
  g_array_set_size (world->events, 0);
}
