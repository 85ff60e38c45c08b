/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The day's route: every stop once, what presses in time, and the way about as short as it can be. */
#include "core/json.h"
#include "core/route.h"

#include <string.h>

#define MINUTE G_GINT64_CONSTANT (60000)
#define LEAVE G_GINT64_CONSTANT (1795500000000) /* Tuesday 24 November 2026, 6:00 UTC, 8:00 in Jerusalem */
#define LAT 312400000
#define LON 346000000

static ShtRouteStart
here (void)
{
  return (ShtRouteStart){ .known = TRUE, .lat_e7 = LAT, .lon_e7 = LON, .leave_at = LEAVE };
}

/* So many metres to the east and north of where the crew leaves, about. */
static ShtRouteStop
stop_at (int east, int north)
{
  return (ShtRouteStop){ .lat_e7 = LAT + north * 90, .lon_e7 = LON + east * 105, .work_ms = 20 * MINUTE };
}

static const ShtRouteLeg *
leg (GArray *legs, guint i)
{
  return &g_array_index (legs, ShtRouteLeg, i);
}

static double
length (GArray *legs)
{
  double metres = 0;

  for (guint i = 0; i < legs->len; i++)
    metres += leg (legs, i)->metres;
  return metres;
}

static void
fill (ShtRouteStop *stops, guint n, GRand *rand)
{
  for (guint i = 0; i < n; i++)
    stops[i] = stop_at (g_rand_int_range (rand, -3000, 3000), g_rand_int_range (rand, -3000, 3000));
}

static void
check_each_once (GArray *legs, guint n)
{
  gboolean seen[SHT_ROUTE_MAX_STOPS] = { FALSE };

  g_assert_cmpuint (legs->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (leg (legs, i)->stop, <, n);
      g_assert_false (seen[leg (legs, i)->stop]);
      seen[leg (legs, i)->stop] = TRUE;
    }
}

/* The shortest of all orders, by trying them. */
static double
shortest (const ShtRouteStart *start, const ShtRouteStop *stops, guint *order, guint n, guint fixed)
{
  double least = G_MAXDOUBLE;

  if (fixed == n)
    {
      g_autoptr (GArray) legs = sht_route_plan (start, stops, n, order, n);

      return length (legs);
    }
  for (guint i = fixed; i < n; i++)
    {
      guint stop = order[i];

      order[i] = order[fixed];
      order[fixed] = stop;
      least = MIN (least, shortest (start, stops, order, n, fixed + 1));
      order[fixed] = order[i];
      order[i] = stop;
    }
  return least;
}

static void
test_short (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261124);
  ShtRouteStart start = here ();
  double mine = 0, best = 0;

  for (guint turn = 0; turn < 25; turn++)
    {
      ShtRouteStop stops[6];
      guint order[6] = { 0, 1, 2, 3, 4, 5 };
      g_autoptr (GArray) legs = NULL;
      double least;

      fill (stops, 6, rand);
      legs = sht_route_plan (&start, stops, 6, NULL, 0);
      check_each_once (legs, 6);
      least = shortest (&start, stops, order, 6, 0);
      g_assert_cmpfloat (length (legs), >=, least - 1);
      g_assert_cmpfloat (length (legs), <=, least * 1.25);
      mine += length (legs);
      best += least;
    }
  g_assert_cmpfloat (mine, <=, best * 1.02);
}

static void
test_many (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  ShtRouteStart start = here ();

  for (guint n = 0; n <= SHT_ROUTE_MAX_STOPS; n += 12)
    {
      ShtRouteStop stops[SHT_ROUTE_MAX_STOPS];
      g_autoptr (GArray) legs = NULL, again = NULL;

      fill (stops, n, rand);
      for (guint i = 0; i < n; i++)
        {
          if (i % 2 == 0)
            stops[i].due_at = LEAVE + (g_rand_int_range (rand, -500, 3000)) * MINUTE;
          if (i % 7 == 0)
            stops[i].visit_from = LEAVE + i * 10 * MINUTE, stops[i].visit_to = stops[i].visit_from + 120 * MINUTE;
          stops[i].is_urgent = i % 9 == 0;
        }
      legs = sht_route_plan (&start, stops, n, NULL, 0);
      again = sht_route_plan (&start, stops, n, NULL, 0);
      check_each_once (legs, n);
      g_assert_cmpmem (legs->data, n * sizeof (ShtRouteLeg), again->data, n * sizeof (ShtRouteLeg));
      for (guint i = 1; i < n; i++)
        g_assert_cmpint (leg (legs, i)->arrive_at, >=, leg (legs, i - 1)->arrive_at + 20 * MINUTE);
    }
}

/* Two on the same road: the far one first when only it is pressed, and nothing is late that need not be. */
static void
test_due (void)
{
  ShtRouteStart start = here ();
  ShtRouteStop stops[] = { stop_at (1000, 0), stop_at (3000, 0), stop_at (1100, 0) };
  g_autoptr (GArray) calm = sht_route_plan (&start, stops, 3, NULL, 0), pressed = NULL, late = NULL;

  g_assert_cmpuint (leg (calm, 0)->stop, ==, 0);
  g_assert_cmpuint (leg (calm, 1)->stop, ==, 2);
  g_assert_cmpint (leg (calm, 0)->why, ==, SHT_ROUTE_WHY_NEAR);
  stops[1].due_at = LEAVE + 35 * MINUTE;
  pressed = sht_route_plan (&start, stops, 3, NULL, 0);
  g_assert_cmpuint (leg (pressed, 0)->stop, ==, 1);
  g_assert_cmpint (leg (pressed, 0)->why, ==, SHT_ROUTE_WHY_DUE);
  g_assert_false (leg (pressed, 0)->is_late);
  stops[1].due_at = LEAVE - 500 * MINUTE;
  late = sht_route_plan (&start, stops, 3, NULL, 0);
  g_assert_cmpuint (leg (late, 0)->stop, ==, 1);
  g_assert_cmpint (leg (late, 0)->why, ==, SHT_ROUTE_WHY_LATE);
  g_assert_true (leg (late, 0)->is_late);
}

static void
test_visit (void)
{
  ShtRouteStart start = here ();
  ShtRouteStop stops[] = { stop_at (200, 0), stop_at (400, 0), stop_at (600, 0), stop_at (800, 0) };
  g_autoptr (GArray) legs = NULL;

  /* the nearest one has its people in from ten o'clock on */
  stops[0].visit_from = LEAVE + 70 * MINUTE;
  stops[0].visit_to = LEAVE + 100 * MINUTE;
  legs = sht_route_plan (&start, stops, 4, NULL, 0);
  check_each_once (legs, 4);
  for (guint i = 0; i < 4; i++)
    if (leg (legs, i)->stop == 0)
      {
        g_assert_cmpint (leg (legs, i)->arrive_at, >=, stops[0].visit_from);
        g_assert_cmpint (leg (legs, i)->arrive_at, <=, stops[0].visit_to);
        g_assert_cmpint (leg (legs, i)->why, ==, SHT_ROUTE_WHY_VISIT);
        g_assert_false (leg (legs, i)->is_late);
      }
}

static void
test_placed (void)
{
  ShtRouteStart start = here ();
  ShtRouteStop stops[] = { stop_at (200, 0), stop_at (400, 0), stop_at (600, 0), stop_at (5000, 5000), stop_at (300, 0) };
  const guint placed[] = { 3, 0, 3, 9 };
  g_autoptr (GArray) legs = sht_route_plan (&start, stops, 5, placed, G_N_ELEMENTS (placed)), begun = NULL;

  check_each_once (legs, 5);
  g_assert_cmpuint (leg (legs, 0)->stop, ==, 3);
  g_assert_cmpuint (leg (legs, 1)->stop, ==, 0);
  g_assert_cmpint (leg (legs, 0)->why, ==, SHT_ROUTE_WHY_PLACED);
  stops[2].is_begun = TRUE;
  begun = sht_route_plan (&start, stops, 5, NULL, 0);
  g_assert_cmpuint (leg (begun, 0)->stop, ==, 2);
  g_assert_cmpint (leg (begun, 0)->why, ==, SHT_ROUTE_WHY_BEGUN);
}

/* Nobody drives at night: what the day has no room for is there when the gate opens next. */
static void
test_hours (void)
{
  static const char week[] = "{\"t\":\"calendar\",\"id\":\"town\",\"name\":\"t\",\"zone\":\"Etc/UTC\",\"offsets\":[[0,0]],"
                             "\"week\":[[[360,420]],[[360,420]],[[360,420]],[[360,420]],[[360,420]],[],[]],\"days\":{}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) entity = sht_json_parse_object (week, -1, &error);
  g_autoptr (ShtCalendar) calendar = sht_calendar_new (entity, &error);
  ShtRouteStart start = here ();
  ShtRouteStop stops[] = { stop_at (0, 0), stop_at (0, 0), stop_at (0, 0), stop_at (0, 0) };
  g_autoptr (GArray) legs = NULL, early = NULL;

  g_assert_no_error (error);
  start.calendar = calendar;
  legs = sht_route_plan (&start, stops, 4, NULL, 0);
  g_assert_cmpint (leg (legs, 0)->arrive_at, ==, LEAVE);
  g_assert_cmpint (leg (legs, 2)->arrive_at, ==, LEAVE + 40 * MINUTE);
  g_assert_cmpint (leg (legs, 3)->arrive_at, ==, LEAVE + 24 * 60 * MINUTE);
  /* before the gate opens */
  start.leave_at = LEAVE - 90 * MINUTE;
  early = sht_route_plan (&start, stops, 4, NULL, 0);
  g_assert_cmpint (leg (early, 0)->arrive_at, ==, LEAVE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/route/short", test_short);
  g_test_add_func ("/route/many", test_many);
  g_test_add_func ("/route/due", test_due);
  g_test_add_func ("/route/visit", test_visit);
  g_test_add_func ("/route/placed", test_placed);
  g_test_add_func ("/route/hours", test_hours);
  return g_test_run ();
}
