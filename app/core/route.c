/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/route.h"

#include "core/geo.h"

#include <math.h>
#include <string.h>

#define MINUTE_MS 60000.0
/* What it is worth of driving not to break a promise, and not to come when nobody waits any more. */
#define BREACH_COST (60 * MINUTE_MS)
#define MISSED_COST (120 * MINUTE_MS)
/* What a minute costs once it is too late, and what it costs to let wait what is late or urgent. */
#define OVERTIME 1.0
#define LATE_WAITS 0.5
#define URGENT_WAITS 0.5
#define MAX_PASSES 20
#define LEAST_GAIN 1.0
#define START SHT_ROUTE_MAX_STOPS

/* All times in working milliseconds since the crew leaves: a closed gate takes none of them, so a night is no time at all. */
typedef struct
{
  double due;        /* negative: late already; infinite: never */
  double visit_from; /* negative: no visit */
  double visit_to;
  double work;
  gboolean is_urgent;
} Stop;

typedef struct
{
  const ShtRouteStart *start;
  const ShtRouteStop *given;
  guint n;
  Stop stops[SHT_ROUTE_MAX_STOPS];
  double way[SHT_ROUTE_MAX_STOPS + 1][SHT_ROUTE_MAX_STOPS]; /* ms; the last row from the start */
} Plan;

/* Where the crew is in time and cost before a position of the route. */
typedef struct
{
  double at;
  double cost;
} Reached;

const char *
sht_route_why_name (ShtRouteWhy why)
{
  static const char *const names[] = { "begun", "placed", "visit", "late", "due", "near", "way" };

  return names[why];
}

static double
working (const Plan *plan, gint64 until)
{
  gint64 leave = plan->start->leave_at;

  if (until <= leave || plan->start->calendar == NULL)
    return (double) (until - leave);
  return (double) sht_calendar_work_between (plan->start->calendar, leave, until);
}

static gint64
clock_time (const Plan *plan, double at)
{
  gint64 leave = plan->start->leave_at, work = llround (at);

  if (plan->start->calendar == NULL)
    return leave + work;
  /* a millisecond more and less, so that what begins before the gate opens begins with it */
  return sht_calendar_add_work (plan->start->calendar, leave, work + 1) - 1;
}

static double
metres_between (const Plan *plan, guint from, guint to)
{
  const ShtRouteStop *there = &plan->given[to];

  if (from == START && !plan->start->known)
    return 0;
  return SHT_ROUTE_FACTOR
         * sht_geo_distance (from == START ? plan->start->lat_e7 : plan->given[from].lat_e7,
                             from == START ? plan->start->lon_e7 : plan->given[from].lon_e7, there->lat_e7, there->lon_e7);
}

static void
prepare (Plan *plan)
{
  for (guint i = 0; i < plan->n; i++)
    {
      const ShtRouteStop *given = &plan->given[i];
      gboolean visit = given->visit_to > plan->start->leave_at;

      plan->stops[i] = (Stop){ .due = given->due_at > 0 ? working (plan, given->due_at) : INFINITY,
                               .visit_from = visit ? fmax (0, working (plan, given->visit_from)) : -1,
                               .visit_to = visit ? working (plan, given->visit_to) : INFINITY,
                               .work = (double) given->work_ms,
                               .is_urgent = given->is_urgent };
      for (guint from = 0; from < plan->n; from++)
        plan->way[from][i] = metres_between (plan, from, i) / (SHT_ROUTE_KMH / 3.6) * 1000;
      plan->way[START][i] = metres_between (plan, START, i) / (SHT_ROUTE_KMH / 3.6) * 1000;
    }
}

/* One stop further: what its way, its waiting and its delay cost. */
static inline Reached
go_on (const Plan *plan, Reached reached, guint from, guint to)
{
  const Stop *stop = &plan->stops[to];
  double way = plan->way[from][to];
  double arrive = reached.at + way;
  double begin = fmax (arrive, stop->visit_from), end = begin + stop->work;
  double cost = reached.cost + way + (begin - arrive);

  if (begin > stop->visit_to)
    cost += MISSED_COST + begin - stop->visit_to;
  if (stop->due < 0)
    cost += LATE_WAITS * end;
  else if (end > stop->due)
    cost += BREACH_COST + OVERTIME * (end - stop->due);
  if (stop->is_urgent)
    cost += URGENT_WAITS * end;
  return (Reached){ end, cost };
}

static double
cost_from (const Plan *plan, Reached reached, guint from, const guint *order, guint n, double limit)
{
  for (guint i = 0; i < n && reached.cost < limit; i++)
    {
      reached = go_on (plan, reached, from, order[i]);
      from = order[i];
    }
  return reached.cost;
}

static double
cost_of (const Plan *plan, const guint *order, guint n)
{
  return cost_from (plan, (Reached){ 0 }, START, order, n, INFINITY);
}

static void
insert_at (guint *order, guint n, guint place, guint stop)
{
  memmove (&order[place + 1], &order[place], (n - place) * sizeof *order);
  order[place] = stop;
}

static void
insert_cheapest (const Plan *plan, guint *order, guint *n, guint fixed, guint stop)
{
  guint best = fixed, trial[SHT_ROUTE_MAX_STOPS];
  double least = INFINITY;

  for (guint place = fixed; place <= *n; place++)
    {
      double cost;

      memcpy (trial, order, *n * sizeof *order);
      insert_at (trial, *n, place, stop);
      cost = cost_of (plan, trial, *n + 1);
      if (cost < least)
        {
          least = cost;
          best = place;
        }
    }
  insert_at (order, *n, best, stop);
  (*n)++;
}

static void
reverse (guint *order, guint n)
{
  for (guint i = 0; i < n / 2; i++)
    {
      guint stop = order[i];

      order[i] = order[n - 1 - i];
      order[n - 1 - i] = stop;
    }
}

/* Each way of turning a part round, and of moving a part of up to three stops elsewhere; what was driven before is not counted
 * anew. */
static gboolean
improve (const Plan *plan, guint *order, guint fixed)
{
  guint n = plan->n, trial[SHT_ROUTE_MAX_STOPS];
  double least = cost_of (plan, order, n);
  gboolean better = FALSE;
  Reached reached = { 0 };

  for (guint i = 0; i < n; i++)
    {
      guint from = i > 0 ? order[i - 1] : START;

      for (guint j = i + 1; i >= fixed && j < n; j++)
        for (guint how = 0; how < 7; how++)
          {
            guint length = j - i + 1, part = how == 0 ? 0 : 1 + (how - 1) % 3;
            double cost;

            if (part >= length)
              continue;
            memcpy (&trial[i], &order[i], (n - i) * sizeof *order);
            if (how == 0)
              reverse (&trial[i], length);
            else if (how <= 3)
              {
                /* its first stops go behind the others */
                memcpy (&trial[i], &order[i + part], (length - part) * sizeof *order);
                memcpy (&trial[j + 1 - part], &order[i], part * sizeof *order);
              }
            else
              {
                memcpy (&trial[i + part], &order[i], (length - part) * sizeof *order);
                memcpy (&trial[i], &order[j + 1 - part], part * sizeof *order);
              }
            cost = cost_from (plan, reached, from, &trial[i], n - i, least - LEAST_GAIN);
            if (cost >= least - LEAST_GAIN)
              continue;
            memcpy (&order[i], &trial[i], (n - i) * sizeof *order);
            least = cost;
            better = TRUE;
          }
      reached = go_on (plan, reached, from, order[i]);
    }
  return better;
}

/* What presses goes in first: the rest is laid around it. */
static gboolean
presses_more (const Plan *plan, guint a, guint b)
{
  double first = fmin (plan->stops[a].due, plan->stops[a].visit_to), second = fmin (plan->stops[b].due, plan->stops[b].visit_to);

  if (plan->given[a].is_begun != plan->given[b].is_begun)
    return plan->given[a].is_begun;
  return first != second ? first < second : a < b;
}

static gboolean
is_nearest (const Plan *plan, const guint *order, guint place)
{
  guint from = place > 0 ? order[place - 1] : START;

  if (from == START && !plan->start->known)
    return FALSE;
  for (guint i = place + 1; i < plan->n; i++)
    if (plan->way[from][order[i]] < plan->way[from][order[place]])
      return FALSE;
  return TRUE;
}

static ShtRouteWhy
why_here (const Plan *plan, const guint *order, guint place, guint n_placed, double end_of_all)
{
  const Stop *stop = &plan->stops[order[place]];

  if (place < n_placed)
    return SHT_ROUTE_WHY_PLACED;
  if (plan->given[order[place]].is_begun)
    return SHT_ROUTE_WHY_BEGUN;
  if (stop->visit_from >= 0)
    return SHT_ROUTE_WHY_VISIT;
  if (stop->due < 0)
    return SHT_ROUTE_WHY_LATE;
  if (is_nearest (plan, order, place))
    return SHT_ROUTE_WHY_NEAR;
  return stop->due < end_of_all ? SHT_ROUTE_WHY_DUE : SHT_ROUTE_WHY_WAY;
}

static GArray *
tell (const Plan *plan, const guint *order, guint n_placed)
{
  GArray *legs = g_array_sized_new (FALSE, FALSE, sizeof (ShtRouteLeg), plan->n);
  Reached reached = { 0 }, end = { 0 };

  for (guint i = 0; i < plan->n; i++)
    end = go_on (plan, end, i > 0 ? order[i - 1] : START, order[i]);
  for (guint i = 0; i < plan->n; i++)
    {
      guint from = i > 0 ? order[i - 1] : START;
      const Stop *stop = &plan->stops[order[i]];
      double begin;
      ShtRouteLeg leg = { order[i], metres_between (plan, from, order[i]), 0,
                          why_here (plan, order, i, n_placed, end.at), FALSE };

      reached = go_on (plan, reached, from, order[i]);
      begin = reached.at - stop->work;
      leg.arrive_at = clock_time (plan, begin);
      leg.is_late = reached.at > stop->due || begin > stop->visit_to;
      g_array_append_val (legs, leg);
    }
  return legs;
}

/**
 * sht_route_plan:
 * @start: where and when the crew leaves
 * @stops: (array length=n_stops): where it has to go
 * @n_stops: 0 … %SHT_ROUTE_MAX_STOPS
 * @placed: (array length=n_placed) (nullable): stops that a person has put in order, which come first and so
 * @n_placed: how many; each stop once at the most
 *
 * An order for the day: what is late, what falls due, who waits at an hour and the length of the way, weighed in minutes of
 * driving. The cheapest insertion of each stop, what presses first; then turning parts round and moving them, as long as that
 * makes it better. The same stops give the same route. Stops that the day has no room for are at the end, with an hour of the
 * next working day.
 *
 * Returns: (transfer full) (element-type ShtRouteLeg): each stop once
 */
GArray *
sht_route_plan (const ShtRouteStart *start, const ShtRouteStop *stops, guint n_stops, const guint *placed, guint n_placed)
{
  g_autofree Plan *plan = g_new0 (Plan, 1);
  guint order[SHT_ROUTE_MAX_STOPS], waiting[SHT_ROUTE_MAX_STOPS];
  gboolean is_in[SHT_ROUTE_MAX_STOPS] = { FALSE };
  guint n = 0, n_waiting = 0, fixed;

  *plan = (Plan){ .start = start, .given = stops, .n = MIN (n_stops, SHT_ROUTE_MAX_STOPS) };
  prepare (plan);
  for (guint i = 0; i < n_placed; i++)
    if (placed[i] < plan->n && !is_in[placed[i]])
      {
        order[n++] = placed[i];
        is_in[placed[i]] = TRUE;
      }
  fixed = n;
  for (guint i = 0; i < plan->n; i++)
    {
      guint place = n_waiting;

      if (is_in[i])
        continue;
      while (place > 0 && presses_more (plan, i, waiting[place - 1]))
        place--;
      insert_at (waiting, n_waiting++, place, i);
    }
  /* what is begun comes before all that is not, and stays there */
  for (guint i = 0; i < n_waiting; i++)
    {
      if (stops[waiting[i]].is_begun)
        order[n++] = waiting[i], fixed = n;
      else
        insert_cheapest (plan, order, &n, fixed, waiting[i]);
    }
  for (guint pass = 0; pass < MAX_PASSES && improve (plan, order, fixed); pass++)
    ;
  return tell (plan, order, MIN (n_placed, n));
}
