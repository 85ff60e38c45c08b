/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-route: a day's route of sixty stops, half of them with a time, some with a visit; forty towns, the middle and the
 * slowest, beside fifty milliseconds; and how much shorter it is than going to the nearest each time. */
#include "core/geo.h"
#include "core/route.h"

#include <stdlib.h>
#include <time.h>

#define TOWNS 40
#define MINUTE G_GINT64_CONSTANT (60000)
#define LEAVE G_GINT64_CONSTANT (1795500000000)

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
nearest_each_time (const ShtRouteStart *start, const ShtRouteStop *stops)
{
  gboolean done[SHT_ROUTE_MAX_STOPS] = { FALSE };
  gint64 lat = start->lat_e7, lon = start->lon_e7;
  double all = 0;

  for (guint n = 0; n < SHT_ROUTE_MAX_STOPS; n++)
    {
      double least = G_MAXDOUBLE;
      guint best = 0;

      for (guint i = 0; i < SHT_ROUTE_MAX_STOPS; i++)
        {
          double metres = done[i] ? G_MAXDOUBLE : sht_geo_distance (lat, lon, stops[i].lat_e7, stops[i].lon_e7);

          if (metres < least)
            least = metres, best = i;
        }
      done[best] = TRUE;
      all += least * SHT_ROUTE_FACTOR;
      lat = stops[best].lat_e7;
      lon = stops[best].lon_e7;
    }
  return all;
}

int
main (void)
{
  double ms[TOWNS], share = 0;

  for (guint town = 0; town < TOWNS; town++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (town);
      ShtRouteStart start = { .known = TRUE, .lat_e7 = 312400000, .lon_e7 = 346000000, .leave_at = LEAVE };
      ShtRouteStop stops[SHT_ROUTE_MAX_STOPS];
      g_autoptr (GArray) legs = NULL, free_legs = NULL;
      double metres = 0;
      clock_t begin;

      for (guint i = 0; i < SHT_ROUTE_MAX_STOPS; i++)
        stops[i] = (ShtRouteStop){ .lat_e7 = start.lat_e7 + g_rand_int_range (rand, -200000, 200000),
                                   .lon_e7 = start.lon_e7 + g_rand_int_range (rand, -200000, 200000),
                                   .work_ms = 20 * MINUTE };
      free_legs = sht_route_plan (&start, stops, SHT_ROUTE_MAX_STOPS, NULL, 0);
      for (guint i = 0; i < free_legs->len; i++)
        metres += g_array_index (free_legs, ShtRouteLeg, i).metres;
      share += metres / nearest_each_time (&start, stops) / TOWNS;
      for (guint i = 0; i < SHT_ROUTE_MAX_STOPS; i++)
        {
          if (i % 2 == 0)
            stops[i].due_at = LEAVE + g_rand_int_range (rand, -600, 3000) * MINUTE;
          if (i % 10 == 0)
            stops[i].visit_from = LEAVE + i * 5 * MINUTE, stops[i].visit_to = stops[i].visit_from + 120 * MINUTE;
        }
      begin = clock ();
      legs = sht_route_plan (&start, stops, SHT_ROUTE_MAX_STOPS, NULL, 0);
      ms[town] = (double) (clock () - begin) * 1000 / CLOCKS_PER_SEC;
    }
  qsort (ms, TOWNS, sizeof *ms, compare);
  g_print ("a route of %d stops: median %.1f CPU ms, slowest of %d %.1f (at most 50)\n", SHT_ROUTE_MAX_STOPS, ms[TOWNS / 2], TOWNS,
           ms[TOWNS - 1]);
  g_print ("the way: %.2f x of going to the nearest each time\n", share);
  return 0;
}
