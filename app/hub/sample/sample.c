/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/sample/sample.h"

#include "hub/sample/journey.h"

/* How far back the tickets go. */
#define SPAN_DAYS 30

/* One ticket in so many is on a crew's list. */
#define OPEN_SHARE 5

/* How often people call, by the hour of the day: a peak in the morning, a second after work. */
static const guint by_hour[24] = { 2, 1, 1, 1,  2,  6,  22, 55, 90, 100, 92, 80,
                                   66, 52, 45, 46, 50, 52, 46, 36, 28, 20, 12, 6 };

static void
world_clear (ShtSampleWorld *world)
{
  for (guint i = 0; world->recent != NULL && i < world->town->services->len; i++)
    {
      g_free (world->recent[i].id);
      g_free (world->recent[i].address);
    }
  g_clear_pointer (&world->recent, g_free);
  g_clear_pointer (&world->busy, g_free);
  g_clear_pointer (&world->open, g_free);
  g_clear_pointer (&world->events, g_ptr_array_unref);
  g_clear_pointer (&world->town, sht_sample_town_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShtSampleWorld, world_clear)

static gint64
pick_moment (ShtSampleWorld *world)
{
  for (;;)
    {
      gint64 at = world->now - sht_sample_random_between (&world->random, 1, SPAN_DAYS * SHT_SAMPLE_DAY);
      ShtSampleLocal t;
      guint weight;

      sht_sample_local (at, &t);
      weight = by_hour[t.minute / 60];
      if (t.weekday == 6)
        weight = weight * 3 / 10;
      else if (t.weekday == 5)
        weight = weight * 6 / 10;
      if (sht_sample_random_below (&world->random, 100) < weight)
        return at;
    }
}

static int
by_time (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* Numbers go on from what the year would have seen so far at this rate. */
static void
start_numbers (ShtSampleWorld *world, gint64 first, guint tickets)
{
  ShtSampleLocal t;

  sht_sample_local (first, &t);
  world->year = t.year;
  world->in_year = (guint64) ((t.month - 1) * 30 + t.month_day - 1) * tickets / SPAN_DAYS;
}

static gboolean
emit_lines (GPtrArray *lines, ShtEntitySink sink, gpointer sink_data, GError **error)
{
  for (guint i = 0; i < lines->len; i++)
    if (!sink (sink_data, lines->pdata[i], error))
      return FALSE;
  return TRUE;
}

/**
 * sht_sample_generate:
 * @data_dir: the folder data/sample, as installed
 * @tickets: how many, such as %SHT_SAMPLE_DEFAULT_TICKETS
 * @seed: another seed, another month in the same town
 * @now_ms: milliseconds since 1970 UTC; nothing happens later
 * @sink: takes departments, crews, people, services, places, then each ticket with its events
 *
 * Makes a month of a small town's tickets. The same arguments and files give the same bytes.
 *
 * A ticket's status follows from its events: `created` gives new, `assigned` gives assigned,
 * `handed_over` gives new in the other department without a crew, `status` gives what it says.
 *
 * Returns: %FALSE with the error of @sink, of a file, or %G_IO_ERROR_INVALID_DATA
 */
gboolean
sht_sample_generate (const char *data_dir,
                     guint tickets,
                     guint64 seed,
                     gint64 now_ms,
                     ShtEntitySink sink,
                     gpointer sink_data,
                     GError **error)
{
  g_auto (ShtSampleWorld) world = { 0 };
  g_autoptr (GArray) moments = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GString) line = g_string_sized_new (2048);
  gboolean ok;

  world.town = sht_sample_town_load (data_dir, error);
  if (world.town == NULL)
    return FALSE;
  sht_sample_random_init (&world.random, seed);
  world.now = now_ms;
  world.events = g_ptr_array_new_with_free_func (g_free);
  world.recent = g_new0 (ShtSampleRecent, world.town->services->len);
  world.busy = g_new0 (gboolean, world.town->crews->len);
  world.open = g_new0 (guint, world.town->crews->len);
  world.fair_list = MAX (1, tickets / OPEN_SHARE / world.town->crews->len);
  ok = emit_lines (world.town->entities, sink, sink_data, error);
  for (guint i = 0; i < tickets; i++)
    {
      gint64 at = pick_moment (&world);

      g_array_append_val (moments, at);
    }
  g_array_sort (moments, by_time);
  if (tickets > 0)
    start_numbers (&world, g_array_index (moments, gint64, 0), tickets);
  for (guint i = 0; ok && i < tickets; i++)
    {
      ShtSampleTicket ticket;

      sht_sample_open (&world, g_array_index (moments, gint64, i), &ticket);
      sht_sample_journey (&world, &ticket);
      if (ticket.crew != SHT_SAMPLE_NOBODY && ticket.legs[ticket.n_legs - 1].to == 0)
        world.open[ticket.crew]++;
      sht_sample_write_ticket (&world, &ticket, line);
      ok = sink (sink_data, line->str, error) && emit_lines (world.events, sink, sink_data, error);
      sht_sample_ticket_clear (&ticket);
    }
  return ok;
}
