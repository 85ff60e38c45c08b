/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-clock TOWN.json: due times a second on one core, by the sample town's calendar, beside a million; three runs, the
 * middle one. */
#include "core/clock.h"
#include "core/json.h"

#include <stdlib.h>

#define CASES 1000000
#define RUNS 3
#define FIRST G_GINT64_CONSTANT (1767225600000) /* 2026-01-01 */
#define YEAR_MS (G_GINT64_CONSTANT (366) * 86400000)

typedef struct
{
  ShtUnit unit;
  gint64 amount;
  gint64 from;
  ShtPause pause;
  guint n_pauses;
} Case;

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

int
main (int argc, char **argv)
{
  static const gint64 most[SHT_N_UNITS] = { 4000, 40, 20, 30 };
  g_autofree char *text = NULL;
  g_autofree Case *cases = g_new0 (Case, CASES);
  g_autoptr (JsonObject) town = NULL;
  g_autoptr (ShtCalendar) calendar = NULL;
  GRand *rand = g_rand_new_with_seed (1);
  double seconds[RUNS];
  gint64 sum = 0;

  if (argc != 2 || !g_file_get_contents (argv[1], &text, NULL, NULL) || (town = sht_json_parse_object (text, -1, NULL)) == NULL)
    return 2;
  calendar = sht_calendar_new (sht_json_element (sht_json_array (town, "calendars"), 0), NULL);
  if (calendar == NULL)
    return 2;
  for (guint i = 0; i < CASES; i++)
    {
      cases[i].unit = (ShtUnit) g_rand_int_range (rand, 0, SHT_N_UNITS);
      cases[i].amount = 1 + g_rand_int_range (rand, 0, (gint32) most[cases[i].unit]);
      cases[i].from = FIRST + (gint64) (g_rand_double (rand) * (double) YEAR_MS);
      cases[i].pause.from = cases[i].from + g_rand_int_range (rand, 0, 86400000);
      cases[i].pause.to = cases[i].pause.from + g_rand_int_range (rand, 0, 86400000);
      cases[i].n_pauses = i % 2;
    }
  for (guint run = 0; run < RUNS; run++)
    {
      gint64 began = g_get_monotonic_time ();

      for (guint i = 0; i < CASES; i++)
        sum += sht_clock_due (calendar, cases[i].unit, cases[i].amount, cases[i].from, &cases[i].pause, cases[i].n_pauses, NULL);
      seconds[run] = (double) (g_get_monotonic_time () - began) / 1e6;
    }
  qsort (seconds, RUNS, sizeof *seconds, compare);
  g_print ("due times: %.1f million a second on one core, %.1f x of a million (bound 1; sum %" G_GINT64_FORMAT ")\n",
           CASES / seconds[RUNS / 2] / 1e6, CASES / seconds[RUNS / 2] / 1e6, sum);
  g_rand_free (rand);
  return 0;
}
