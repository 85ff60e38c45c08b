/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/figures-private.h"

#include <string.h>

G_DEFINE_QUARK (sht-figures-error-quark, sht_figures_error)

/* --- periods --- */

static gboolean
parse_day (const char *text, gint64 *day, GError **error)
{
  if (sht_calendar_parse_day (text, day) && *day >= SHT_CALENDAR_FIRST_DAY && *day < SHT_CALENDAR_END_DAY)
    return TRUE;
  g_set_error (error, SHT_FIGURES_ERROR, SHT_FIGURES_ERROR_INVALID,
               "a day is from 2000-01-01 to 2049-12-31, written like that; “%s” is none", text);
  return FALSE;
}

/**
 * sht_figures_period:
 * @town: (nullable): whose days it is of; of its calendar called `town`, and without that of UTC
 * @from: (nullable): the first day, as 2026-11-01; without it six days before @to
 * @to: (nullable): the last day, which is in it; without it today
 * @now: milliseconds since 1970 UTC
 * @period: (out caller-allocates): the period
 *
 * Returns: %FALSE with %SHT_FIGURES_ERROR_INVALID
 */
gboolean
sht_figures_period (const ShtTown *town, const char *from, const char *to, gint64 now, ShtFiguresPeriod *period, GError **error)
{
  const ShtCalendar *calendar = sht_town_find (town, NULL);
  gint64 today = sht_calendar_day (calendar, now), first, last = today;

  if (to != NULL && !parse_day (to, &last, error))
    return FALSE;
  first = last - (SHT_FIGURES_WEEK - 1);
  if (from != NULL && !parse_day (from, &first, error))
    return FALSE;
  if (first > last)
    {
      g_set_error (error, SHT_FIGURES_ERROR, SHT_FIGURES_ERROR_INVALID, "the period ends before it begins, on %s", from);
      return FALSE;
    }
  period->now = now;
  period->tomorrow = sht_calendar_midnight (calendar, today + 1);
  period->from = sht_calendar_midnight (calendar, first);
  period->until = sht_calendar_midnight (calendar, last + 1);
  period->before = sht_calendar_midnight (calendar, first - (last + 1 - first));
  for (guint i = 0; i <= SHT_FIGURES_DAYS; i++)
    period->days[i] = sht_calendar_midnight (calendar, last + 1 - SHT_FIGURES_DAYS + i);
  return TRUE;
}

/**
 * sht_figures_parse_by:
 * @name: (nullable): a dimension; without it all is one
 *
 * Returns: %FALSE with %SHT_FIGURES_ERROR_INVALID
 */
gboolean
sht_figures_parse_by (const char *name, ShtDimension *by, GError **error)
{
  *by = SHT_N_DIMENSIONS;
  if (name == NULL || sht_dimension_parse (name, by))
    return TRUE;
  g_set_error (error, SHT_FIGURES_ERROR, SHT_FIGURES_ERROR_INVALID,
               "figures are told by service, department, crew, source, district or place, and not by “%s”", name);
  return FALSE;
}

/* --- groups --- */

static guint
group_hash (gconstpointer data)
{
  const ShtFigureGroup *group = data;
  guint hash = 5381;

  for (gsize i = 0; i < group->id_length; i++)
    hash = hash * 33 + (guchar) group->id[i];
  return hash;
}

static gboolean
group_equal (gconstpointer a, gconstpointer b)
{
  const ShtFigureGroup *one = a, *other = b;

  return one->id_length == other->id_length && memcmp (one->id, other->id, one->id_length) == 0;
}

ShtFigureGroup *
sht_figure_group_new (ShtWord id)
{
  ShtFigureGroup *group = g_malloc0 (sizeof *group + id.length + 1);

  group->oldest_at = G_MAXINT64;
  group->id_length = id.length;
  if (id.length > 0)
    memcpy (group->id, id.at, id.length);
  for (guint i = 0; i < SHT_N_MILESTONES; i++)
    group->took[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
  return group;
}

void
sht_figure_group_free (ShtFigureGroup *group)
{
  for (guint i = 0; i < SHT_N_MILESTONES; i++)
    g_array_unref (group->took[i]);
  g_free (group);
}

static void
group_free (gpointer group)
{
  sht_figure_group_free (group);
}

/**
 * sht_figures_new:
 * @period: of when
 * @by: what they are told apart by, or %SHT_N_DIMENSIONS
 *
 * Returns: (transfer full): figures, of nothing yet
 */
ShtFigures *
sht_figures_new (const ShtFiguresPeriod *period, ShtDimension by)
{
  ShtFigures *self = g_new0 (ShtFigures, 1);

  self->period = *period;
  self->by = by;
  self->groups = g_hash_table_new_full (group_hash, group_equal, group_free, NULL);
  return self;
}

void
sht_figures_free (ShtFigures *self)
{
  g_hash_table_unref (self->groups);
  g_free (self);
}

static gboolean
is_named (const ShtFigureGroup *group, ShtWord id)
{
  return group->id_length == id.length && (id.length == 0 || memcmp (group->id, id.at, id.length) == 0);
}

/* Neighbours are often of one group. */
static ShtFigureGroup *
group_of (ShtFigures *self, ShtWord id)
{
  ShtFigureGroup *found = self->last;
  union
  {
    ShtFigureGroup group;
    char room[sizeof (ShtFigureGroup) + 128];
  } key;

  if (found != NULL && is_named (found, id))
    return found;
  if (id.length < sizeof key - sizeof (ShtFigureGroup))
    {
      key.group.id_length = id.length;
      if (id.length > 0)
        memcpy (key.group.id, id.at, id.length);
      found = g_hash_table_lookup (self->groups, &key.group);
    }
  else
    found = NULL;
  if (found == NULL)
    {
      g_autoptr (ShtFigureGroup) fresh = sht_figure_group_new (id);

      found = g_hash_table_lookup (self->groups, fresh);
      if (found == NULL)
        {
          found = g_steal_pointer (&fresh);
          g_hash_table_add (self->groups, found);
        }
    }
  self->last = found;
  return found;
}

/* --- counting --- */

static gboolean
is_within (gint64 at, gint64 from, gint64 until)
{
  return at >= from && at < until;
}

/* The trend's day of an instant within it. */
static guint
day_of (const ShtFiguresPeriod *period, gint64 at)
{
  guint day = SHT_FIGURES_DAYS - 1;

  while (day > 0 && period->days[day] > at)
    day--;
  return day;
}

static void
count_promise (ShtFigures *self, const ShtFact *fact, const ShtPromise *promise)
{
  const ShtFiguresPeriod *period = &self->period;
  gboolean now = is_within (promise->at, period->from, period->until), before = is_within (promise->at, period->before, period->from);
  ShtFigureGroup *group;
  ShtShare *share;

  /* What has not fallen due yet may still be kept. */
  if ((!now && !before) || (!promise->kept && promise->at >= period->now))
    return;
  group = group_of (self, self->by == SHT_DIMENSION_DEPARTMENT ? promise->department
                          : self->by == SHT_DIMENSION_CREW     ? promise->crew
                          : self->by < SHT_N_DIMENSIONS        ? fact->of[self->by]
                                                               : (ShtWord) { NULL, 0 });
  share = now ? &group->on_time : &group->on_time_before;
  share->part += promise->kept;
  share->whole++;
}

static void
count_state (const ShtFiguresPeriod *period, const ShtFact *fact, ShtFigureGroup *group)
{
  group->open++;
  group->oldest_at = MIN (group->oldest_at, fact->created_at);
  if (fact->due_at < period->now)
    group->late++;
  else if (fact->due_at < period->tomorrow)
    group->due_today++;
}

/**
 * sht_figures_add:
 * @fact: a ticket's, as sht_fact_write() made it
 *
 * Counts a ticket.
 */
void
sht_figures_add (ShtFigures *self, const guint8 *bytes, gsize length)
{
  const ShtFiguresPeriod *period = &self->period;
  ShtFigureGroup *group;
  ShtFact fact;

  if (!sht_fact_read (bytes, length, &fact))
    return;
  group = group_of (self, self->by < SHT_N_DIMENSIONS ? fact.of[self->by] : (ShtWord) { NULL, 0 });
  if (fact.is_open)
    count_state (period, &fact, group);
  group->opened += is_within (fact.created_at, period->from, period->until);
  if (is_within (fact.created_at, period->days[0], period->until))
    group->opened_on[day_of (period, fact.created_at)]++;
  if (is_within (fact.closed_at, period->days[0], period->until))
    group->closed_on[day_of (period, fact.closed_at)]++;
  if (is_within (fact.closed_at, period->from, period->until))
    {
      group->closed++;
      group->first_time.whole += fact.is_done;
      group->first_time.part += fact.is_done && fact.n_reopened == 0;
    }
  for (guint i = 0; i < SHT_N_MILESTONES; i++)
    if (is_within (fact.met_at[i], period->from, period->until))
      {
        gint64 took = fact.met_at[i] - fact.created_at;

        g_array_append_val (group->took[i], took);
      }
  for (guint i = 0; i < fact.n_reopened; i++)
    group->reopened += is_within (sht_fact_next_reopening (&fact), period->from, period->until);
  for (guint i = 0; i < fact.n_promises; i++)
    {
      ShtPromise promise;

      sht_fact_next_promise (&fact, &promise);
      count_promise (self, &fact, &promise);
    }
}

static void
add_share (ShtShare *to, const ShtShare *share)
{
  to->part += share->part;
  to->whole += share->whole;
}

static void
add_group (ShtFigureGroup *to, const ShtFigureGroup *group)
{
  to->opened += group->opened;
  to->closed += group->closed;
  to->open += group->open;
  to->late += group->late;
  to->due_today += group->due_today;
  to->reopened += group->reopened;
  to->oldest_at = MIN (to->oldest_at, group->oldest_at);
  add_share (&to->on_time, &group->on_time);
  add_share (&to->on_time_before, &group->on_time_before);
  add_share (&to->first_time, &group->first_time);
  for (guint i = 0; i < SHT_N_MILESTONES; i++)
    g_array_append_vals (to->took[i], group->took[i]->data, group->took[i]->len);
  for (guint i = 0; i < SHT_FIGURES_DAYS; i++)
    {
      to->opened_on[i] += group->opened_on[i];
      to->closed_on[i] += group->closed_on[i];
    }
}

/* sht_figures_sum: the whole town: each ticket and each promise is in one group */
ShtFigureGroup *
sht_figures_sum (ShtFigures *self)
{
  ShtFigureGroup *sum = sht_figure_group_new ((ShtWord) { NULL, 0 });
  GHashTableIter iter;
  gpointer group;

  g_hash_table_iter_init (&iter, self->groups);
  while (g_hash_table_iter_next (&iter, &group, NULL))
    add_group (sum, group);
  return sum;
}

/* In hundredths of a percent, rounded down; what cannot be compared has not changed. */
static int
rise_of (const ShtFigureGroup *group)
{
  const ShtShare *now = &group->on_time, *before = &group->on_time_before;

  if (now->whole == 0 || before->whole == 0)
    return 0;
  return (int) ((guint64) now->part * 10000 / now->whole) - (int) ((guint64) before->part * 10000 / before->whole);
}

static int
by_rise (gconstpointer a, gconstpointer b)
{
  const ShtFigureGroup *one = *(ShtFigureGroup *const *) a, *other = *(ShtFigureGroup *const *) b;
  int difference = rise_of (other) - rise_of (one);

  return difference != 0 ? difference : strcmp (one->id, other->id);
}

/* sht_figures_in_order: the groups, those that rose most first, then by their ids */
GPtrArray *
sht_figures_in_order (ShtFigures *self)
{
  GPtrArray *groups = g_ptr_array_sized_new (g_hash_table_size (self->groups));
  GHashTableIter iter;
  gpointer group;

  g_hash_table_iter_init (&iter, self->groups);
  while (g_hash_table_iter_next (&iter, &group, NULL))
    g_ptr_array_add (groups, group);
  g_ptr_array_sort (groups, by_rise);
  return groups;
}

/* sht_figures_percentile: by the nearest rank: the least value that so many percent of them, of which there is one at least, do
 * not exceed. They are reordered: what is smaller comes before the rank and what is larger behind it. */
gint64
sht_figures_percentile (GArray *values, guint percent)
{
  gint64 *v = (gint64 *) (gpointer) values->data;
  gssize rank = (gssize) (((guint64) values->len * percent + 99) / 100) - 1, low = 0, high = (gssize) values->len - 1;

  while (low < high)
    {
      gint64 pivot = v[low + (high - low) / 2];
      gssize i = low, j = high;

      while (i <= j)
        {
          while (v[i] < pivot)
            i++;
          while (v[j] > pivot)
            j--;
          if (i <= j)
            {
              gint64 swapped = v[i];

              v[i++] = v[j];
              v[j--] = swapped;
            }
        }
      if (rank <= j)
        high = j;
      else if (rank >= i)
        low = i;
      else
        break;
    }
  return v[rank];
}
