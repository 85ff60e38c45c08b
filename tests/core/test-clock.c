/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/clock.h"

#include "core/json.h"
#include "core/ticket.h"

#include <string.h>

#define MINUTE G_GINT64_CONSTANT (60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static GTimeZone *zone;
/* The reference walks a real time zone's wall clock between these, minutes since 1970. */
static gint64 walk_from;
static gint64 walk_to;

static gint64
at (const char *iso)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (iso, zone);

  g_assert_nonnull (time);
  return g_date_time_to_unix (time) * 1000;
}

static char *
say (gint64 ms)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (ms / 1000);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);

  return g_date_time_format (local, "%Y-%m-%dT%H:%M:%S");
}

static void
assert_at (gint64 ms, const char *iso)
{
  g_autofree char *said = say (ms);

  g_assert_cmpstr (said, ==, iso);
}

static int
offset_minutes (gint64 second)
{
  return g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, second)) / 60;
}

static char *
offsets_of_zone (void)
{
  GString *out = g_string_new ("[[0,120]");
  int before = 120;

  for (gint64 hour = 946684800; hour < 2524608000; hour += 3600)
    if (offset_minutes (hour) != before)
      {
        before = offset_minutes (hour);
        g_string_append_printf (out, ",[%" G_GINT64_FORMAT ",%d]", hour, before);
      }
  return g_string_free (g_string_append_c (out, ']'), FALSE);
}

/* A calendar, and the same hours as a reference looks at them. */
typedef struct
{
  ShtCalendar *calendar;
  guint8 *works; /* of each minute: whether it is working time */
  gint32 *wall;  /* of each minute: minutes since 1970 by the wall clock */
} Case;

static ShtCalendar *
make_calendar (const char *week, const char *days, GError **error)
{
  g_autofree char *offsets = offsets_of_zone ();
  g_autofree char *text = g_strdup_printf ("{\"t\":\"calendar\",\"id\":\"c\",\"offsets\":%s,\"week\":%s,\"days\":%s}", offsets, week,
                                           days);
  g_autoptr (JsonObject) entity = sht_json_parse_object (text, -1, NULL);

  g_assert_nonnull (entity);
  return sht_calendar_new (entity, error);
}

static gboolean
in_hours (JsonArray *hours, int minute)
{
  for (guint i = 0; i < json_array_get_length (hours); i++)
    {
      JsonArray *span = json_array_get_array_element (hours, i);

      if (minute >= json_array_get_int_element (span, 0) && minute < json_array_get_int_element (span, 1))
        return TRUE;
    }
  return FALSE;
}

static Case *
make_case (const char *week, const char *days)
{
  Case *made = g_new0 (Case, 1);
  g_autoptr (JsonNode) week_node = json_from_string (week, NULL);
  g_autoptr (JsonNode) days_node = json_from_string (days, NULL);
  JsonObject *exceptions = json_node_get_object (days_node);
  gsize n = (gsize) (walk_to - walk_from);

  made->calendar = make_calendar (week, days, NULL);
  g_assert_nonnull (made->calendar);
  made->works = g_new (guint8, n);
  made->wall = g_new (gint32, n);
  for (gsize i = 0; i < n; i++)
    made->wall[i] = (gint32) (walk_from + (gint64) i + offset_minutes ((walk_from + (gint64) i) * 60));
  for (gsize i = 0; i < n;)
    {
      gint32 day = made->wall[i] / 1440;
      g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc ((gint64) day * 86400);
      g_autofree char *name = g_date_time_format (date, "%Y-%m-%d");
      JsonArray *hours = json_object_has_member (exceptions, name)
                           ? json_object_get_array_member (exceptions, name)
                           : json_array_get_array_element (json_node_get_array (week_node),
                                                           (guint) g_date_time_get_day_of_week (date) % 7);

      for (; i < n && made->wall[i] / 1440 == day; i++)
        made->works[i] = in_hours (hours, made->wall[i] % 1440);
    }
  return made;
}

static void
case_free (Case *one)
{
  sht_calendar_free (one->calendar);
  g_free (one->works);
  g_free (one->wall);
  g_free (one);
}

/* --- the reference --- */

/* Walks on until that much time has gone by that counts: in working time, or in any; and in no pause. */
static gint64
walk (const Case *one, gboolean by_work, gint64 from, gint64 amount, const ShtPause *pauses, guint n, gboolean *stopped)
{
  gint64 t = from;

  *stopped = FALSE;
  while (amount > 0)
    {
      gint64 minute = t / MINUTE;
      gint64 end = (minute + 1) * MINUTE;
      gboolean paused = FALSE;

      g_assert_cmpint (minute, <, walk_to);
      for (guint i = 0; i < n; i++)
        {
          if (pauses[i].from > t)
            end = MIN (end, pauses[i].from);
          else if (pauses[i].to == G_MAXINT64)
            *stopped = TRUE;
          else if (pauses[i].to > t)
            {
              paused = TRUE;
              end = MIN (end, pauses[i].to);
            }
        }
      if (!paused && (!by_work || one->works[minute - walk_from]))
        {
          if (amount <= end - t)
            return t + amount;
          amount -= end - t;
        }
      t = end;
    }
  return t;
}

static gint64
count_work (const Case *one, gint64 from, gint64 to)
{
  gint64 work = 0;

  for (gint64 t = from; t < to;)
    {
      gint64 end = MIN (to, (t / MINUTE + 1) * MINUTE);

      if (one->works[t / MINUTE - walk_from])
        work += end - t;
      t = end;
    }
  return work;
}

static gint64
walk_work_days (const Case *one, gint64 from, gint64 days)
{
  gint64 i = from / MINUTE - walk_from, last = 0;
  gint32 today = one->wall[i] / 1440, counted = 0;

  for (; days > 0; i++)
    if (one->works[i] && one->wall[i] / 1440 != today)
      {
        if (one->wall[i] / 1440 != counted)
          days--;
        counted = one->wall[i] / 1440;
      }
  for (i--; one->wall[i] / 1440 == counted; i++)
    if (one->works[i])
      last = i + 1;
  return (walk_from + last) * MINUTE;
}

static gint64
walk_days (const Case *one, gint64 from, gint64 days)
{
  gint64 i = from / MINUTE - walk_from;
  gint32 target = one->wall[i] + (gint32) days * 1440;

  for (; one->wall[i] < target; i++)
    ;
  /* What the wall clock leaves out is as much later as it is put forward. */
  if (one->wall[i] != target)
    i += 60 - (one->wall[i] - target);
  return (walk_from + i) * MINUTE + from % MINUTE;
}

static gint64
reference (const Case *one, ShtUnit unit, gint64 amount, gint64 from, const ShtPause *pauses, guint n, gboolean *stopped)
{
  switch (unit)
    {
    case SHT_UNIT_WORKING_HOURS:
      return walk (one, TRUE, from, amount * HOUR, pauses, n, stopped);
    case SHT_UNIT_WORKING_DAYS:
      return walk (one, TRUE, from, count_work (one, from, walk_work_days (one, from, amount)), pauses, n, stopped);
    case SHT_UNIT_DAYS:
      return walk (one, FALSE, from, walk_days (one, from, amount) - from, pauses, n, stopped);
    case SHT_UNIT_MINUTES:
    default:
      return walk (one, FALSE, from, amount * MINUTE, pauses, n, stopped);
    }
}

/* --- --- */

static const char *const weeks[][2] = {
  /* Sunday to Thursday, a short Friday; a festival with its eve, a day that is worked on though it is a Saturday */
  { "[[[450,930]],[[450,930]],[[450,930]],[[450,930]],[[450,930]],[[450,780]],[]]",
    "{\"2026-04-01\":[[450,720]],\"2026-04-02\":[],\"2026-04-08\":[],\"2026-04-22\":[],\"2026-09-13\":[],\"2027-10-11\":[],"
    "\"2026-05-02\":[[480,600]]}" },
  /* around the clock */
  { "[[[0,1440]],[[0,1440]],[[0,1440]],[[0,1440]],[[0,1440]],[[0,1440]],[[0,1440]]]", "{}" },
  /* with a break at noon, and two days a week */
  { "[[],[[480,720],[780,1020]],[],[[480,720],[780,1020]],[],[],[]]", "{}" },
  /* nights, when the clock is put forward and back */
  { "[[[0,90],[100,150],[1320,1440]],[[0,360],[1320,1440]],[[0,360],[1320,1440]],[[0,360]],[],[[0,125],[130,170],[1320,1440]],[[0,"
    "360]]]",
    "{}" },
};

static gint64
between (GRand *rand, gint64 low, gint64 high)
{
  return low + (gint64) (g_rand_double (rand) * (double) (high - low + 1));
}

static gint64 n_cases = 20000;

static void
test_reference (void)
{
  Case *cases[G_N_ELEMENTS (weeks)];
  GRand *rand = g_rand_new_with_seed (20260402);
  static const gint64 most[SHT_N_UNITS] = { 4000, 24, 6, 6 };
  guint stood = 0;

  for (guint i = 0; i < G_N_ELEMENTS (weeks); i++)
    cases[i] = make_case (weeks[i][0], weeks[i][1]);
  for (gint64 c = 0; c < n_cases; c++)
    {
      const Case *one = cases[g_rand_int_range (rand, 0, G_N_ELEMENTS (weeks))];
      ShtUnit unit = (ShtUnit) g_rand_int_range (rand, 0, SHT_N_UNITS);
      /* near a change of the clock in one of three */
      static const char *const changes[] = { "2026-03-27T00:00:00", "2026-10-25T00:00:00", "2027-03-26T00:00:00" };
      gint64 from = g_rand_int_range (rand, 0, 3) > 0
                      ? between (rand, (walk_from + 2000) * MINUTE, (walk_to - 525600) * MINUTE)
                      : at (changes[g_rand_int_range (rand, 0, 3)]) + between (rand, -60 * HOUR, 30 * HOUR);
      gint64 amount = between (rand, 1, most[unit]), end = from, due, wanted;
      ShtPause pauses[3];
      guint n = (guint) g_rand_int_range (rand, 0, 7) % 4;
      gboolean stopped, wanted_stopped;

      for (guint i = 0; i < n; i++)
        {
          pauses[i].from = end + between (rand, i == 0 ? -HOUR : 0, 30 * HOUR);
          end = pauses[i].to = pauses[i].from + between (rand, 0, g_rand_int_range (rand, 0, 20) > 0 ? 10 * HOUR : 9 * DAY);
        }
      if (n > 0 && g_rand_int_range (rand, 0, 6) == 0)
        pauses[n - 1].to = G_MAXINT64;
      due = sht_clock_due (one->calendar, unit, amount, from, pauses, n, &stopped);
      wanted = reference (one, unit, amount, from, pauses, n, &wanted_stopped);
      stood += stopped;
      if (due != wanted || stopped != wanted_stopped)
        {
          g_autofree char *begins = say (from), *said = say (due), *should = say (wanted);

          g_error ("case %" G_GINT64_FORMAT ": %" G_GINT64_FORMAT " %s from %s with %u pauses is due %s (%d), walked %s (%d)", c,
                   amount, sht_unit_name (unit), begins, n, said, stopped, should, wanted_stopped);
        }
    }
  g_assert_cmpuint (stood, >, n_cases / 100);
  for (guint i = 0; i < G_N_ELEMENTS (weeks); i++)
    case_free (cases[i]);
  g_rand_free (rand);
}

/* Some that one can check by a calendar on the wall. */
static void
test_table (void)
{
  static const struct
  {
    const char *from;
    ShtUnit unit;
    gint64 amount;
    const char *due;
  } rows[] = {
    /* a Friday at closing and a minute before it */
    { "2026-04-17T12:59:00", SHT_UNIT_WORKING_HOURS, 1, "2026-04-19T08:29:00" },
    { "2026-04-17T13:00:00", SHT_UNIT_WORKING_HOURS, 1, "2026-04-19T08:30:00" },
    /* it ends at closing, and not at the next opening */
    { "2026-04-16T14:30:00", SHT_UNIT_WORKING_HOURS, 1, "2026-04-16T15:30:00" },
    { "2026-04-16T14:30:01", SHT_UNIT_WORKING_HOURS, 1, "2026-04-17T07:30:01" },
    /* the day it comes in is not counted, be it a Friday before or after closing, or a Saturday */
    { "2026-04-17T12:59:00", SHT_UNIT_WORKING_DAYS, 1, "2026-04-19T15:30:00" },
    { "2026-04-17T13:00:00", SHT_UNIT_WORKING_DAYS, 1, "2026-04-19T15:30:00" },
    { "2026-04-18T10:00:00", SHT_UNIT_WORKING_DAYS, 1, "2026-04-19T15:30:00" },
    { "2026-04-16T08:00:00", SHT_UNIT_WORKING_DAYS, 1, "2026-04-17T13:00:00" },
    /* an eve, a festival, and what follows */
    { "2026-04-01T09:00:00", SHT_UNIT_WORKING_HOURS, 4, "2026-04-03T08:30:00" },
    { "2026-04-02T09:00:00", SHT_UNIT_WORKING_HOURS, 1, "2026-04-03T08:30:00" },
    { "2026-03-31T09:00:00", SHT_UNIT_WORKING_DAYS, 2, "2026-04-03T13:00:00" },
    { "2026-05-01T12:30:00", SHT_UNIT_WORKING_HOURS, 1, "2026-05-02T08:30:00" },
    /* the clock put forward on 2026-03-27, back on 2026-10-25, both by night */
    { "2026-03-26T12:00:00", SHT_UNIT_DAYS, 1, "2026-03-27T12:00:00" },
    { "2026-03-26T02:30:00", SHT_UNIT_DAYS, 1, "2026-03-27T03:30:00" },
    { "2026-10-24T12:00:00", SHT_UNIT_DAYS, 1, "2026-10-25T12:00:00" },
    { "2026-03-26T14:30:00", SHT_UNIT_WORKING_HOURS, 2, "2026-03-27T08:30:00" },
    { "2026-03-27T01:00:00", SHT_UNIT_MINUTES, 120, "2026-03-27T04:00:00" },
    { "2026-10-25T00:30:00", SHT_UNIT_MINUTES, 120, "2026-10-25T01:30:00" },
    /* a leap day is a day as any */
    { "2028-02-28T10:00:00", SHT_UNIT_DAYS, 2, "2028-03-01T10:00:00" },
    { "2028-02-28T10:00:00", SHT_UNIT_WORKING_DAYS, 1, "2028-02-29T15:30:00" },
  };
  g_autoptr (ShtCalendar) calendar = make_calendar (weeks[0][0], weeks[0][1], NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *said
        = say (sht_clock_due (calendar, rows[i].unit, rows[i].amount, at (rows[i].from), NULL, 0, NULL));

      if (!g_str_equal (said, rows[i].due))
        g_error ("%" G_GINT64_FORMAT " %s from %s is due %s and not %s", rows[i].amount, sht_unit_name (rows[i].unit),
                 rows[i].from, said, rows[i].due);
    }
}

static gint64
paused (const ShtCalendar *calendar, ShtUnit unit, gint64 amount, const char *from, const char *stops, const char *goes_on,
        gboolean *stopped)
{
  ShtPause pause = { at (stops), goes_on != NULL ? at (goes_on) : G_MAXINT64 };

  return sht_clock_due (calendar, unit, amount, at (from), &pause, 1, stopped);
}

static void
test_pauses (void)
{
  g_autoptr (ShtCalendar) calendar = make_calendar (weeks[0][0], weeks[0][1], NULL);
  gboolean stopped;

  /* Over a weekend no working time goes by; for one in days all of it does. */
  assert_at (paused (calendar, SHT_UNIT_WORKING_HOURS, 4, "2026-04-17T12:00:00", "2026-04-17T13:00:00", "2026-04-19T07:30:00",
                     &stopped),
             "2026-04-19T10:30:00");
  assert_at (paused (calendar, SHT_UNIT_DAYS, 3, "2026-04-17T12:00:00", "2026-04-17T13:00:00", "2026-04-19T07:30:00", &stopped),
             "2026-04-22T06:30:00");
  /* of a working day two hours */
  assert_at (paused (calendar, SHT_UNIT_WORKING_DAYS, 1, "2026-04-19T09:00:00", "2026-04-19T10:00:00", "2026-04-19T12:00:00",
                     &stopped),
             "2026-04-21T09:30:00");
  g_assert_false (stopped);
  /* a year long */
  assert_at (paused (calendar, SHT_UNIT_DAYS, 2, "2026-04-19T09:00:00", "2026-04-20T09:00:00", "2027-04-20T09:00:00", &stopped),
             "2027-04-21T09:00:00");
  /* What was late before it stopped stays late. */
  assert_at (paused (calendar, SHT_UNIT_MINUTES, 60, "2026-04-19T09:00:00", "2026-04-19T11:00:00", NULL, &stopped),
             "2026-04-19T10:00:00");
  g_assert_false (stopped);
  paused (calendar, SHT_UNIT_MINUTES, 60, "2026-04-19T09:00:00", "2026-04-19T09:30:00", NULL, &stopped);
  g_assert_true (stopped);
  /* With no calendar all time is working time. */
  assert_at (sht_clock_due (NULL, SHT_UNIT_WORKING_HOURS, 3, at ("2026-04-18T09:00:00"), NULL, 0, &stopped), "2026-04-18T12:00:00");
}

static void
test_ends (void)
{
  g_autoptr (ShtCalendar) calendar = make_calendar (weeks[0][0], weeks[0][1], NULL);
  g_autoptr (ShtCalendar) never = make_calendar ("[[],[],[],[],[],[],[]]", "{}", NULL);

  g_assert_cmpint (sht_clock_due (calendar, SHT_UNIT_WORKING_HOURS, SHT_TARGET_MOST, at ("2026-04-19T09:00:00"), NULL, 0, NULL), ==,
                   G_MAXINT64);
  g_assert_cmpint (sht_clock_due (calendar, SHT_UNIT_WORKING_DAYS, SHT_TARGET_MOST, at ("2026-04-19T09:00:00"), NULL, 0, NULL), ==,
                   G_MAXINT64);
  g_assert_cmpint (sht_clock_due (never, SHT_UNIT_WORKING_HOURS, 1, at ("2026-04-19T09:00:00"), NULL, 0, NULL), ==, G_MAXINT64);
  g_assert_cmpint (sht_clock_due (never, SHT_UNIT_WORKING_DAYS, 1, at ("2026-04-19T09:00:00"), NULL, 0, NULL), ==, G_MAXINT64);
  /* before all that it knows, and after */
  g_assert_cmpint (sht_clock_due (calendar, SHT_UNIT_WORKING_HOURS, 1, at ("1990-04-19T09:00:00"), NULL, 0, NULL), <,
                   at ("2000-01-04T00:00:00"));
  g_assert_cmpint (sht_clock_due (calendar, SHT_UNIT_WORKING_DAYS, 1, at ("2060-04-19T09:00:00"), NULL, 0, NULL), ==, G_MAXINT64);
  g_assert_false (sht_calendar_is_work (calendar, at ("2060-04-19T09:00:00")));
}

static void
test_refused (void)
{
  static const char *const bad[][3] = {
    { "[]", "{}", "week has seven days" },
    { "[[[450,930]],3,[],[],[],[],[]]", "{}", "spans a day" },
    { "[[[930,450]],[],[],[],[],[],[]]", "{}", "from opening to closing" },
    { "[[[450,930],[900,960]],[],[],[],[],[],[]]", "{}", "from opening to closing" },
    { "[[[450,1441]],[],[],[],[],[],[]]", "{}", "from opening to closing" },
    { "[[[450.5,930]],[],[],[],[],[],[]]", "{}", "from opening to closing" },
    { "[[[450]],[],[],[],[],[],[]]", "{}", "from opening to closing" },
    { "[[],[],[],[],[],[],[]]", "{\"2026-02-30\":[]}", "days are named" },
    { "[[],[],[],[],[],[],[]]", "{\"2026-2-3\":[]}", "days are named" },
    { "[[],[],[],[],[],[],[]]", "{\"2026-02-03\":{}}", "spans a day" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      ShtCalendar *calendar = make_calendar (bad[i][0], bad[i][1], &error);

      g_assert_null (calendar);
      g_assert_error (error, SHT_CALENDAR_ERROR, SHT_CALENDAR_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, bad[i][2]));
    }
}

/* --- in a ticket --- */

static JsonObject *
parse (const char *text)
{
  JsonObject *object = sht_json_parse_object (text, -1, NULL);

  g_assert_nonnull (object);
  return object;
}

static ShtTown *
make_town (void)
{
  ShtTown *town = sht_town_new ();
  g_autofree char *offsets = offsets_of_zone ();

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"t\":\"calendar\",\"id\":\"%s\",\"offsets\":%s,\"week\":%s,\"days\":%s}",
                                               i == 0 ? "town" : "always", offsets, weeks[i][0], weeks[i][1]);
      g_autoptr (JsonObject) entity = parse (text);

      g_assert_true (sht_town_add (town, entity, NULL));
    }
  {
    g_autoptr (JsonObject) department = parse ("{\"t\":\"department\",\"id\":\"water\",\"calendar\":\"always\"}");

    g_assert_true (sht_town_add (town, department, NULL));
  }
  return town;
}

#define SERVICE                                                                                                        \
  "{\"t\":\"service\",\"id\":\"hole\",\"department\":\"roads\",\"targets\":["                                           \
  "{\"milestone\":\"first_response\",\"amount\":4,\"unit\":\"working_hours\"},"                                         \
  "{\"milestone\":\"complete\",\"amount\":2,\"unit\":\"working_days\"},"                                                \
  "{\"milestone\":\"complete\",\"amount\":6,\"unit\":\"working_hours\",\"priority\":\"urgent\"},"                       \
  "{\"milestone\":\"complete\",\"amount\":3,\"unit\":\"working_hours\",\"department\":\"water\"}]}"

static JsonObject *
make_ticket (const char *created, const char *priority)
{
  g_autofree char *text = g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"x\",\"status\":\"new\",\"department\":\"roads\",\"service\":"
                                           "\"hole\",\"priority\":\"%s\",\"created_at\":%" G_GINT64_FORMAT
                                           ",\"legs\":[{\"department\":\"roads\",\"from\":%" G_GINT64_FORMAT "}]}",
                                           priority, at (created), at (created));

  return parse (text);
}

static JsonObject *
milestone (JsonObject *ticket, guint i)
{
  return sht_json_element (sht_json_array (ticket, "sla"), i);
}

static void
test_ticket (void)
{
  g_autoptr (ShtTown) town = make_town ();
  g_autoptr (JsonObject) service = parse (SERVICE);
  g_autoptr (JsonObject) ticket = make_ticket ("2026-04-19T09:00:00", "normal");
  g_autoptr (JsonObject) urgent = make_ticket ("2026-04-19T09:00:00", "urgent");

  sht_clock_begin (urgent, service, town);
  assert_at (sht_json_int (urgent, "due_at", 0), "2026-04-19T15:00:00");
  sht_clock_begin (ticket, service, town);
  g_assert_cmpuint (json_array_get_length (sht_json_array (ticket, "sla")), ==, 2);
  assert_at (sht_json_int (milestone (ticket, 0), "due_at", 0), "2026-04-19T13:00:00");
  assert_at (sht_json_int (ticket, "due_at", 0), "2026-04-21T15:30:00");

  /* The first response is met; then it waits for the resident, and the clock stands. */
  sht_clock_step (ticket, service, SHT_STATUS_NEW, SHT_STATUS_ON_THE_WAY, NULL, at ("2026-04-19T10:00:00"));
  sht_clock_step (ticket, service, SHT_STATUS_ON_THE_WAY, SHT_STATUS_WAITING, "resident", at ("2026-04-19T11:00:00"));
  sht_clock_settle (ticket, town);
  g_assert_cmpint (sht_json_int (milestone (ticket, 0), "met_at", 0), ==, at ("2026-04-19T10:00:00"));
  assert_at (sht_json_int (milestone (ticket, 0), "due_at", 0), "2026-04-19T13:00:00");
  g_assert_false (sht_json_has (ticket, "due_at"));
  sht_clock_step (ticket, service, SHT_STATUS_WAITING, SHT_STATUS_IN_PROGRESS, NULL, at ("2026-04-19T12:00:00"));
  sht_clock_settle (ticket, town);
  assert_at (sht_json_int (ticket, "due_at", 0), "2026-04-23T08:30:00");
}

static void
test_reopened (void)
{
  g_autoptr (ShtTown) town = make_town ();
  g_autoptr (JsonObject) service = parse (SERVICE);
  g_autoptr (JsonObject) ticket = make_ticket ("2026-04-19T09:00:00", "urgent");

  sht_clock_begin (ticket, service, town);
  /* parts are the crew's own affair, where the service says nothing */
  sht_clock_step (ticket, service, SHT_STATUS_NEW, SHT_STATUS_WAITING, "parts", at ("2026-04-19T09:30:00"));
  sht_clock_step (ticket, service, SHT_STATUS_WAITING, SHT_STATUS_DONE, NULL, at ("2026-04-19T10:00:00"));
  sht_clock_settle (ticket, town);
  assert_at (sht_json_int (ticket, "due_at", 0), "2026-04-19T15:00:00");
  g_assert_cmpint (sht_json_int (milestone (ticket, 1), "met_at", 0), ==, at ("2026-04-19T10:00:00"));
  /* five hours were left */
  sht_clock_step (ticket, service, SHT_STATUS_DONE, SHT_STATUS_REOPENED, NULL, at ("2026-04-20T08:00:00"));
  sht_clock_settle (ticket, town);
  g_assert_false (sht_json_has (milestone (ticket, 1), "met_at"));
  assert_at (sht_json_int (ticket, "due_at", 0), "2026-04-20T13:00:00");
  /* one who started at 9:15 comes into touch */
  sht_clock_recorded (ticket, SHT_STATUS_IN_PROGRESS, at ("2026-04-19T09:15:00"));
  g_assert_cmpint (sht_json_int (milestone (ticket, 0), "met_at", 0), ==, at ("2026-04-19T09:15:00"));
}

static void
test_legs (void)
{
  g_autoptr (ShtTown) town = make_town ();
  g_autoptr (JsonObject) service = parse (SERVICE);
  g_autoptr (JsonObject) ticket = make_ticket ("2026-04-19T09:00:00", "normal");
  JsonArray *legs = sht_json_array (ticket, "legs");
  JsonObject *leg = json_object_new ();

  sht_clock_begin (ticket, service, town);
  json_object_set_int_member (sht_json_element (legs, 0), "to", at ("2026-04-19T20:00:00"));
  json_object_set_string_member (leg, "department", "water");
  json_object_set_int_member (leg, "from", at ("2026-04-19T20:00:00"));
  json_array_add_object_element (legs, leg);
  sht_clock_begin_leg (ticket, service, town);
  sht_clock_settle (ticket, town);
  /* The water department works at night; the whole goes on by its own calendar. */
  g_assert_cmpstr (sht_json_string (leg, "calendar"), ==, "always");
  assert_at (sht_json_int (leg, "due_at", 0), "2026-04-19T23:00:00");
  assert_at (sht_json_int (ticket, "due_at", 0), "2026-04-19T23:00:00");
  assert_at (sht_json_int (milestone (ticket, 1), "due_at", 0), "2026-04-21T15:30:00");
  sht_clock_step (ticket, service, SHT_STATUS_NEW, SHT_STATUS_DONE, NULL, at ("2026-04-19T22:00:00"));
  sht_clock_settle (ticket, town);
  assert_at (sht_json_int (ticket, "due_at", 0), "2026-04-21T15:30:00");
}

/* Where only the department has promised something, its clock stands from done until reopened all the same. */
static void
test_leg_reopened (void)
{
  g_autoptr (JsonObject) ticket = parse ("{\"status\":\"in_progress\",\"created_at\":0,\"sla\":[],\"legs\":[{\"department\":\"roads\","
                                         "\"from\":0,\"amount\":480,\"unit\":\"minutes\"}]}");
  JsonObject *leg = sht_json_element (sht_json_array (ticket, "legs"), 0), *pause;

  sht_ticket_enter_status (ticket, SHT_STATUS_IN_PROGRESS, SHT_STATUS_DONE, NULL, HOUR, NULL, NULL);
  g_assert_cmpint (sht_json_int (leg, "due_at", 0), ==, 8 * HOUR);
  sht_ticket_enter_status (ticket, SHT_STATUS_DONE, SHT_STATUS_REOPENED, NULL, 25 * HOUR, NULL, NULL);
  g_assert_cmpint (sht_json_int (leg, "due_at", 0), ==, 32 * HOUR);
  pause = sht_json_element (sht_json_array (ticket, "pauses"), 0);
  g_assert_cmpint (sht_json_int (pause, "from", 0), ==, HOUR);
  g_assert_cmpint (sht_json_int (pause, "to", 0), ==, 25 * HOUR);
  g_assert_cmpstr (sht_json_string (pause, "for"), ==, "done");
  /* what was never done has stood for nothing */
  sht_ticket_enter_status (ticket, SHT_STATUS_REOPENED, SHT_STATUS_DUPLICATE, NULL, 26 * HOUR, NULL, NULL);
  sht_ticket_enter_status (ticket, SHT_STATUS_DUPLICATE, SHT_STATUS_REOPENED, NULL, 30 * HOUR, NULL, NULL);
  g_assert_cmpuint (json_array_get_length (sht_json_array (ticket, "pauses")), ==, 1);
}

/* Of one that came from elsewhere only the time is known. */
static void
test_elsewhere (void)
{
  g_autoptr (JsonObject) ticket = parse ("{\"status\":\"new\",\"created_at\":5,\"due_at\":77,\"sla\":[],\"legs\":[{\"department\":"
                                         "\"roads\",\"from\":5}]}");

  sht_clock_step (ticket, NULL, SHT_STATUS_NEW, SHT_STATUS_WAITING, "resident", 9);
  sht_clock_settle (ticket, NULL);
  g_assert_cmpint (sht_json_int (ticket, "due_at", 0), ==, 77);
}

/* What others wrote is looked at, not trusted. */
static void
test_garbage (void)
{
  g_autoptr (ShtTown) town = make_town ();
  static const char *const bad[] = {
    "{\"sla\":3,\"legs\":[1,null,[]],\"pauses\":{}}",
    "{\"sla\":[1,{\"milestone\":7}],\"legs\":3,\"pauses\":[1,{\"from\":\"x\"},{\"from\":5,\"to\":1}],\"created_at\":-5}",
    "{\"sla\":[{\"milestone\":\"complete\",\"amount\":9223372036854775807,\"unit\":\"minutes\"}],\"created_at\":1}",
    "{\"sla\":[{\"milestone\":\"complete\",\"amount\":1,\"unit\":\"working_days\",\"calendar\":\"town\"}],\"created_at\":"
    "9223372036854775807}",
    "{\"sla\":[{\"milestone\":\"complete\",\"amount\":1,\"unit\":\"days\",\"calendar\":\"town\"}],\"created_at\":"
    "-9223372036854775808,\"pauses\":[{\"from\":-9223372036854775808,\"to\":9223372036854775806}]}",
  };
  g_autoptr (JsonObject) service = parse ("{\"targets\":[1,{\"milestone\":\"complete\",\"amount\":-4,\"unit\":\"days\"}],"
                                          "\"pauses\":[1,[],\"body\"]}");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (JsonObject) ticket = parse (bad[i]);

      sht_clock_settle (ticket, town);
      sht_clock_step (ticket, service, SHT_STATUS_NEW, SHT_STATUS_WAITING, "body", 5);
      sht_clock_step (ticket, service, SHT_STATUS_WAITING, SHT_STATUS_DONE, NULL, 3);
      sht_clock_recorded (ticket, SHT_STATUS_DONE, 2);
      sht_clock_begin (ticket, service, town);
      sht_clock_begin_leg (ticket, service, town);
      g_assert_false (sht_json_has (ticket, "due_at"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    n_cases = g_ascii_strtoll (argv[1], NULL, 10);
  zone = g_time_zone_new_identifier ("Asia/Jerusalem");
  g_assert_nonnull (zone);
  walk_from = G_GINT64_CONSTANT (1735689600) / 60; /* 2025-01-01 */
  walk_to = G_GINT64_CONSTANT (1861920000) / 60;   /* 2029-01-01 */
  g_test_add_func ("/clock/table", test_table);
  g_test_add_func ("/clock/pauses", test_pauses);
  g_test_add_func ("/clock/as-it-is-walked", test_reference);
  g_test_add_func ("/clock/ends", test_ends);
  g_test_add_func ("/clock/refused", test_refused);
  g_test_add_func ("/clock/ticket", test_ticket);
  g_test_add_func ("/clock/reopened", test_reopened);
  g_test_add_func ("/clock/legs", test_legs);
  g_test_add_func ("/clock/leg-reopened", test_leg_reopened);
  g_test_add_func ("/clock/elsewhere", test_elsewhere);
  g_test_add_func ("/clock/garbage", test_garbage);
  return g_test_run ();
}
