/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/calendar.h"

#include "core/json.h"

#define MINUTE G_GINT64_CONSTANT (60000)
#define DAY (1440 * MINUTE)
#define N_DAYS (SHT_CALENDAR_END_DAY - SHT_CALENDAR_FIRST_DAY)
/* No place is further from UTC than this. */
#define MAX_OFFSET (14 * 60)

G_DEFINE_QUARK (sht-calendar-error-quark, sht_calendar_error)

typedef struct
{
  gint64 at;     /* from this instant on, milliseconds since 1970 UTC */
  gint64 offset; /* the wall clock is ahead of UTC by so many milliseconds */
} Offset;

typedef struct
{
  gint64 opens;  /* milliseconds since 1970 UTC */
  gint64 closes;
  gint64 before; /* working time of all spans before this one, milliseconds */
} Span;

typedef struct
{
  guint16 n;
  guint16 opens[SHT_CALENDAR_MAX_SPANS]; /* minutes of the local day */
  guint16 closes[SHT_CALENDAR_MAX_SPANS];
} Hours;

/* All of its days are laid out when it is made, so that any question is one or two look-ups. */
struct _ShtCalendar
{
  Offset *offsets;
  guint n_offsets;
  Span *spans;
  guint n_spans;
  guint32 *first_span;    /* of each day, and one more */
  guint32 *work_before;   /* how many working days there are before each day, and one more */
  guint32 *work_days;     /* the days that are, as indexes of days */
};

static gint64
floor_div (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

static gint64
offset_at (const ShtCalendar *self, gint64 at)
{
  guint low = 0, high = self->n_offsets;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (self->offsets[middle].at <= at)
        low = middle;
      else
        high = middle;
    }
  return self->offsets[low].offset;
}

/* The date by the wall clock, days since 1970-01-01; @of_day: what it shows, milliseconds since midnight. */
static gint64
local_day (const ShtCalendar *self, gint64 at, gint64 *of_day)
{
  gint64 wall = at + offset_at (self, at);
  gint64 day = floor_div (wall, DAY);

  if (of_day != NULL)
    *of_day = wall - day * DAY;
  return day;
}

/* Of a time that the wall clock shows twice the first is meant; one that it never shows is as much later as the clock is put
 * forward. */
static gint64
instant_of (const ShtCalendar *self, gint64 day, gint64 of_day)
{
  gint64 wall = day * DAY + of_day;
  gint64 before = offset_at (self, wall - MAX_OFFSET * MINUTE);
  gint64 first = wall - before;
  gint64 after = offset_at (self, first);
  gint64 second = wall - after;

  return after != before && offset_at (self, second) == after ? second : first;
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, SHT_CALENDAR_ERROR, SHT_CALENDAR_ERROR_INVALID, "the calendar's %s", what);
  return FALSE;
}

/* A pair of whole numbers. */
static gboolean
read_pair (JsonNode *node, gint64 *first, gint64 *second)
{
  JsonArray *pair = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  JsonNode *one, *two;

  if (pair == NULL || json_array_get_length (pair) != 2)
    return FALSE;
  one = json_array_get_element (pair, 0);
  two = json_array_get_element (pair, 1);
  if (json_node_get_value_type (one) != G_TYPE_INT64 || json_node_get_value_type (two) != G_TYPE_INT64)
    return FALSE;
  *first = json_node_get_int (one);
  *second = json_node_get_int (two);
  return TRUE;
}

static gboolean
read_hours (JsonNode *node, Hours *hours, GError **error)
{
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gint64 last = 0;

  if (array == NULL || json_array_get_length (array) > SHT_CALENDAR_MAX_SPANS)
    return refuse (error, "hours are a list of at most 8 spans a day");
  hours->n = (guint16) json_array_get_length (array);
  for (guint i = 0; i < hours->n; i++)
    {
      gint64 opens, closes;

      if (!read_pair (json_array_get_element (array, i), &opens, &closes) || opens < last || closes <= opens || closes > 1440)
        return refuse (error, "hours are minutes of the day, from opening to closing, in order");
      hours->opens[i] = (guint16) opens;
      hours->closes[i] = (guint16) closes;
      last = closes;
    }
  return TRUE;
}

static gboolean
read_offsets (ShtCalendar *self, JsonArray *array, GError **error)
{
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (n == 0 || n > SHT_CALENDAR_MAX_OFFSETS)
    return refuse (error, "offsets are a list of 1 to 400");
  self->offsets = g_new (Offset, n);
  self->n_offsets = n;
  for (guint i = 0; i < n; i++)
    {
      gint64 at, minutes;

      if (!read_pair (json_array_get_element (array, i), &at, &minutes) || ABS (minutes) > MAX_OFFSET
          || ABS (at) > G_GINT64_CONSTANT (10000000000) || (i > 0 && at * 1000 <= self->offsets[i - 1].at))
        return refuse (error, "offsets are seconds since 1970 and minutes ahead of UTC, in order");
      self->offsets[i] = (Offset) { at * 1000, minutes * MINUTE };
    }
  return TRUE;
}

/* Days since 1970-01-01 to a date, by counting in years that begin in March. */
static gint64
days_of (int year, int month, int day)
{
  gint64 y = year - (month <= 2);
  gint64 era = floor_div (y, 400), of_era = y - era * 400;
  gint64 of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/**
 * sht_calendar_parse_day:
 * @text: a date as 2026-04-02
 * @day: (out): days since 1970-01-01
 *
 * Returns: whether it is one, from the year 1 to 9999
 */
gboolean
sht_calendar_parse_day (const char *text, gint64 *day)
{
  int numbers[3] = { 0 };
  static const char form[] = "0000-00-00";
  gsize i;

  for (i = 0; form[i] != '\0'; i++)
    {
      if (form[i] == '-' ? text[i] != '-' : !g_ascii_isdigit (text[i]))
        return FALSE;
      if (form[i] != '-')
        numbers[i < 4 ? 0 : i < 7 ? 1 : 2] = numbers[i < 4 ? 0 : i < 7 ? 1 : 2] * 10 + (text[i] - '0');
    }
  if (text[i] != '\0' || numbers[0] < 1 || !g_date_valid_dmy ((GDateDay) numbers[2], (GDateMonth) numbers[1], (GDateYear) numbers[0]))
    return FALSE;
  *day = days_of (numbers[0], numbers[1], numbers[2]);
  return TRUE;
}

/* Days that are not as their weekday is: index → hours. */
static GHashTable *
read_days (JsonObject *days, GError **error)
{
  g_autoptr (GHashTable) read = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  JsonObjectIter iter;
  const char *date;
  JsonNode *node;

  if (days != NULL && json_object_get_size (days) > SHT_CALENDAR_MAX_DAYS)
    {
      refuse (error, "days are at most 2000");
      return NULL;
    }
  if (days == NULL)
    return g_steal_pointer (&read);
  json_object_iter_init (&iter, days);
  while (json_object_iter_next (&iter, &date, &node))
    {
      g_autofree Hours *hours = g_new0 (Hours, 1);
      gint64 day;

      if (!sht_calendar_parse_day (date, &day))
        {
          refuse (error, "days are named as 2026-04-02");
          return NULL;
        }
      if (!read_hours (node, hours, error))
        return NULL;
      if (day >= SHT_CALENDAR_FIRST_DAY && day < SHT_CALENDAR_END_DAY)
        g_hash_table_insert (read, GINT_TO_POINTER (day - SHT_CALENDAR_FIRST_DAY), g_steal_pointer (&hours));
    }
  return g_steal_pointer (&read);
}

/* When a day's hours are: by the clock of each offset that may hold in it, one after the other. */
static void
lay_out_day (const ShtCalendar *self, gint64 day, const Hours *hours, guint *offset, GArray *spans)
{
  gint64 midnight = day * DAY;

  while (*offset + 1 < self->n_offsets && self->offsets[*offset + 1].at <= midnight - MAX_OFFSET * MINUTE)
    ++*offset;
  for (guint k = *offset; k < self->n_offsets && (k == *offset || self->offsets[k].at < midnight + DAY + MAX_OFFSET * MINUTE); k++)
    for (guint j = 0; j < hours->n; j++)
      {
        gint64 begins = k == 0 ? G_MININT64 : self->offsets[k].at;
        gint64 ends = k + 1 < self->n_offsets ? self->offsets[k + 1].at : G_MAXINT64;
        Span span = { MAX (begins, midnight + hours->opens[j] * MINUTE - self->offsets[k].offset),
                      MIN (ends, midnight + hours->closes[j] * MINUTE - self->offsets[k].offset), 0 };

        if (span.opens < span.closes)
          g_array_append_val (spans, span);
      }
}

static gboolean
lay_out (ShtCalendar *self, const Hours *week, GHashTable *days, GError **error)
{
  g_autoptr (GArray) spans = g_array_sized_new (FALSE, FALSE, sizeof (Span), N_DAYS);
  guint32 n_work = 0;
  guint offset = 0;

  self->first_span = g_new (guint32, N_DAYS + 1);
  self->work_before = g_new (guint32, N_DAYS + 1);
  self->work_days = g_new (guint32, N_DAYS);
  for (guint32 i = 0; i < N_DAYS; i++)
    {
      const Hours *hours = g_hash_table_lookup (days, GINT_TO_POINTER (i));

      self->first_span[i] = spans->len;
      self->work_before[i] = n_work;
      /* 1970-01-01 was a Thursday. */
      lay_out_day (self, SHT_CALENDAR_FIRST_DAY + i, hours != NULL ? hours : &week[(SHT_CALENDAR_FIRST_DAY + i + 4) % 7],
                   &offset, spans);
      if (spans->len > self->first_span[i])
        self->work_days[n_work++] = i;
    }
  self->first_span[N_DAYS] = spans->len;
  self->work_before[N_DAYS] = n_work;
  self->n_spans = spans->len;
  self->spans = (Span *) (gpointer) g_array_free (g_steal_pointer (&spans), FALSE);
  for (guint i = 1; i < self->n_spans; i++)
    {
      if (self->spans[i].opens < self->spans[i - 1].closes)
        return refuse (error, "clock is put back over midnight in working time");
      self->spans[i].before = self->spans[i - 1].before + self->spans[i - 1].closes - self->spans[i - 1].opens;
    }
  return TRUE;
}

/**
 * sht_calendar_new:
 * @entity: a calendar as PROTOCOL.md has it: `offsets` [[seconds since 1970 UTC, minutes ahead]], `week` seven lists of
 *   [opens, closes] in minutes of the day, from Sunday, and `days` {date: such a list} where a day is not as its weekday
 *
 * The offsets come with it and not from the machine's time zones, so that two machines never differ. It takes some 0.5 MB.
 *
 * Returns: (transfer full) (nullable): the calendar, or %NULL with %SHT_CALENDAR_ERROR_INVALID
 */
ShtCalendar *
sht_calendar_new (JsonObject *entity, GError **error)
{
  g_autoptr (ShtCalendar) self = g_new0 (ShtCalendar, 1);
  g_autoptr (GHashTable) days = NULL;
  JsonArray *week = sht_json_array (entity, "week");
  Hours hours[7] = { 0 };

  if (!read_offsets (self, sht_json_array (entity, "offsets"), error))
    return NULL;
  if (week == NULL || json_array_get_length (week) != 7)
    {
      refuse (error, "week has seven days");
      return NULL;
    }
  for (guint i = 0; i < 7; i++)
    if (!read_hours (json_array_get_element (week, i), &hours[i], error))
      return NULL;
  days = read_days (sht_json_object (entity, "days"), error);
  if (days == NULL)
    return NULL;
  return lay_out (self, hours, days, error) ? g_steal_pointer (&self) : NULL;
}

void
sht_calendar_free (ShtCalendar *self)
{
  g_free (self->offsets);
  g_free (self->spans);
  g_free (self->first_span);
  g_free (self->work_before);
  g_free (self->work_days);
  g_free (self);
}

static guint
index_of_day (const ShtCalendar *self, gint64 at)
{
  return (guint) CLAMP (local_day (self, at, NULL) - SHT_CALENDAR_FIRST_DAY, 0, N_DAYS - 1);
}

/* The first span that closes after @at; n_spans when there is none. */
static guint
span_after (const ShtCalendar *self, gint64 at)
{
  guint i = self->first_span[index_of_day (self, at)];

  /* A clock put back may show yesterday's date for what today's first span already has. */
  while (i > 0 && self->spans[i - 1].closes > at)
    i--;
  while (i < self->n_spans && self->spans[i].closes <= at)
    i++;
  return i;
}

/** sht_calendar_is_work: whether @at, milliseconds since 1970 UTC, is working time: from opening until before closing */
gboolean
sht_calendar_is_work (const ShtCalendar *self, gint64 at)
{
  guint i = span_after (self, at);

  return i < self->n_spans && self->spans[i].opens <= at;
}

/**
 * sht_calendar_span:
 * @at: milliseconds since 1970 UTC
 * @opens: (out): when the hours began that @at lies in
 * @closes: (out): when they end
 *
 * Returns: whether @at is working time
 */
gboolean
sht_calendar_span (const ShtCalendar *self, gint64 at, gint64 *opens, gint64 *closes)
{
  guint i = span_after (self, at);

  if (i >= self->n_spans || self->spans[i].opens > at)
    return FALSE;
  *opens = self->spans[i].opens;
  *closes = self->spans[i].closes;
  return TRUE;
}

static gint64
work_until (const ShtCalendar *self, gint64 at)
{
  guint i = span_after (self, at);
  const Span *last = self->n_spans > 0 ? &self->spans[self->n_spans - 1] : NULL;

  if (i < self->n_spans)
    return self->spans[i].before + MAX (0, at - self->spans[i].opens);
  return last != NULL ? last->before + last->closes - last->opens : 0;
}

/**
 * sht_calendar_work_between:
 * @from: milliseconds since 1970 UTC
 * @to: the same, not before @from
 *
 * Returns: how much working time there is between them, milliseconds
 */
gint64
sht_calendar_work_between (const ShtCalendar *self, gint64 from, gint64 to)
{
  return work_until (self, to) - work_until (self, from);
}

/**
 * sht_calendar_add_work:
 * @from: milliseconds since 1970 UTC, in working time or not
 * @work: working time, milliseconds, from 0
 *
 * What ends at closing time ends then, and not at the next opening.
 *
 * Returns: the first instant, not before @from, by which that much working time has passed; %G_MAXINT64 when the calendar ends
 *   before
 */
gint64
sht_calendar_add_work (const ShtCalendar *self, gint64 from, gint64 work)
{
  gint64 target = work_until (self, from) + work;
  guint low = span_after (self, from), high = self->n_spans;

  if (work <= 0)
    return from;
  if (low == high)
    return G_MAXINT64;
  /* Most are within a few days. */
  for (guint step = 1; low + step < high; step *= 2)
    if (self->spans[low + step].before >= target)
      high = low + step;
  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (self->spans[middle].before < target)
        low = middle;
      else
        high = middle;
    }
  target += self->spans[low].opens - self->spans[low].before;
  return target <= self->spans[low].closes ? target : G_MAXINT64;
}

/**
 * sht_calendar_add_work_days:
 * @from: milliseconds since 1970 UTC
 * @days: working days, from 1
 *
 * The day that it begins on is not counted, whatever the hour (Interpretation Law 5741-1981, section 10).
 *
 * Returns: the closing of the @days-th working day after the one of @from; %G_MAXINT64 when the calendar ends before
 */
gint64
sht_calendar_add_work_days (const ShtCalendar *self, gint64 from, gint64 days)
{
  gint64 today = local_day (self, from, NULL) - SHT_CALENDAR_FIRST_DAY;
  gint64 nth = days - 1 + self->work_before[CLAMP (today + 1, 0, N_DAYS)];

  if (days <= 0)
    return from;
  if (nth >= self->work_before[N_DAYS])
    return G_MAXINT64;
  return self->spans[self->first_span[self->work_days[nth] + 1] - 1].closes;
}

/**
 * sht_calendar_add_days:
 * @from: milliseconds since 1970 UTC
 * @days: calendar days, from 0
 *
 * Returns: the same time of the wall clock so many days later
 */
gint64
sht_calendar_add_days (const ShtCalendar *self, gint64 from, gint64 days)
{
  gint64 of_day;
  gint64 day = local_day (self, from, &of_day);

  return days <= 0 ? from : instant_of (self, day + days, of_day);
}

/**
 * sht_calendar_day:
 * @calendar: (nullable): whose wall clock; without it UTC
 * @at: milliseconds since 1970 UTC
 *
 * Returns: the date then, days since 1970-01-01
 */
gint64
sht_calendar_day (const ShtCalendar *self, gint64 at)
{
  return self != NULL ? local_day (self, at, NULL) : floor_div (at, DAY);
}

/**
 * sht_calendar_midnight:
 * @calendar: (nullable): whose wall clock; without it UTC
 * @day: days since 1970-01-01
 *
 * Returns: when that day begins, milliseconds since 1970 UTC
 */
gint64
sht_calendar_midnight (const ShtCalendar *self, gint64 day)
{
  return self != NULL ? instant_of (self, day, 0) : day * DAY;
}
