/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/levels/levels.h"

#include "core/calendar.h"

#include <libical/ical.h>
#include <string.h>

#define DAY_S 86400
#define DAY_MINUTES 1440

typedef struct
{
  GHashTable *closed; /* (element-type int guint8[DAY_MINUTES / 8]): the minutes of a day on which nobody works */
  GHashTable *names;  /* (element-type int utf8) */
  icaltimezone *zone;
  const char *summary;
  gint64 days; /* how many, of whole days; else 0 */
  gboolean is_floating;
  gboolean too_many;
} Reading;

static void
close_minutes (Reading *reading, gint64 day, gint64 from, gint64 to)
{
  guint8 *minutes = g_hash_table_lookup (reading->closed, GINT_TO_POINTER (day));

  if (day < SHT_CALENDAR_FIRST_DAY || day >= SHT_CALENDAR_END_DAY)
    return;
  if (minutes == NULL && g_hash_table_size (reading->closed) >= SHT_CALENDAR_MAX_DAYS)
    {
      reading->too_many = TRUE;
      return;
    }
  if (minutes == NULL)
    {
      minutes = g_malloc0 (DAY_MINUTES / 8);
      g_hash_table_insert (reading->closed, GINT_TO_POINTER (day), minutes);
      if (reading->summary != NULL)
        g_hash_table_insert (reading->names, GINT_TO_POINTER (day), g_strdup (reading->summary));
    }
  for (gint64 i = from; i < to; i++)
    minutes[i / 8] |= (guint8) (1 << i % 8);
}

/* Seconds since 1970 by the wall clock, of a time that libical tells in UTC unless it is a date or floats. */
static gint64
wall_of (const Reading *reading, time_t at)
{
  icaltimetype time;

  if (reading->days > 0 || reading->is_floating)
    return (gint64) at;
  time = icaltime_from_timet_with_zone (at, 0, icaltimezone_get_utc_timezone ());
  time = icaltime_convert_to_zone (time, reading->zone);
  time.zone = NULL;
  return (gint64) icaltime_as_timet (time);
}

static void
on_occurrence (icalcomponent *event, struct icaltime_span *span, void *data)
{
  Reading *reading = data;
  gint64 from = wall_of (reading, span->start), to = wall_of (reading, span->end);

  /* What libical says of a date's end is not what RFC 5545 does. */
  if (reading->days > 0)
    to = from + reading->days * DAY_S;
  for (gint64 day = from / DAY_S; day * DAY_S < to && !reading->too_many; day++)
    close_minutes (reading, day, MAX (0, from - day * DAY_S) / 60, MIN (DAY_MINUTES, (to - day * DAY_S + 59) / 60));
}

static gboolean
is_free_time (icalcomponent *event)
{
  icalproperty *transparency = icalcomponent_get_first_property (event, ICAL_TRANSP_PROPERTY);

  return icalcomponent_get_status (event) == ICAL_STATUS_CANCELLED
         || (transparency != NULL && icalproperty_get_transp (transparency) == ICAL_TRANSP_TRANSPARENT);
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, SHT_LEVELS_ERROR, SHT_LEVELS_ERROR_INVALID, "%s", what);
  return FALSE;
}

/* An end is the day after the last (RFC 5545, 3.6.1); there may be none. */
static gint64
days_until (icaltimetype from, icaltimetype to)
{
  return icaltime_is_null_time (to) ? 1 : ((gint64) icaltime_as_timet (to) - (gint64) icaltime_as_timet (from)) / DAY_S;
}

static gboolean
read_event (Reading *reading, icalcomponent *event, GError **error)
{
  icaltimetype from = icalcomponent_get_dtstart (event);
  icaltimetype begins = icaltime_from_day_of_year (1, 2000), ends = icaltime_from_day_of_year (1, 2050);

  if (is_free_time (event))
    return TRUE;
  if (icaltime_is_null_time (from) || !icaltime_is_valid_time (from))
    return refuse (error, "an event without a time when it begins");
  reading->summary = icalcomponent_get_summary (event);
  reading->days = from.is_date ? MAX (1, days_until (from, icalcomponent_get_dtend (event))) : 0;
  reading->is_floating = icaltime_get_timezone (from) == NULL && !icaltime_is_utc (from);
  icalcomponent_foreach_recurrence (event, begins, ends, on_occurrence, reading);
  return !reading->too_many || refuse (error, "more than 2000 days on which less is worked");
}

static JsonArray *
open_hours (JsonArray *hours, const guint8 *closed)
{
  JsonArray *open = json_array_new ();

  for (guint i = 0; i < json_array_get_length (hours); i++)
    {
      JsonArray *span = json_array_get_array_element (hours, i);
      gint64 from = json_array_get_int_element (span, 0), to = json_array_get_int_element (span, 1);

      for (gint64 begins = from, at = from; at <= to; at++)
        {
          gboolean free = at == to || (closed[at / 8] >> at % 8 & 1) != 0;

          if (free && at > begins)
            {
              JsonArray *part = json_array_new ();

              json_array_add_int_element (part, begins);
              json_array_add_int_element (part, at);
              json_array_add_array_element (open, part);
            }
          if (free)
            begins = at + 1;
        }
    }
  return open;
}

static int
compare_days (gconstpointer a, gconstpointer b)
{
  return GPOINTER_TO_INT (a) - GPOINTER_TO_INT (b);
}

static void
write_days (const Reading *reading, JsonArray *week, JsonObject *days, JsonObject *names)
{
  g_autoptr (GList) list = g_list_sort (g_hash_table_get_keys (reading->closed), compare_days);

  for (GList *item = list; item != NULL; item = item->next)
    {
      gint64 day = GPOINTER_TO_INT (item->data);
      g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (day * DAY_S);
      g_autofree char *name = g_date_time_format (date, "%Y-%m-%d");
      JsonArray *hours = json_array_get_array_element (week, (guint) g_date_time_get_day_of_week (date) % 7);
      const char *summary = g_hash_table_lookup (reading->names, item->data);

      /* A holiday on a day that is free anyway has a name all the same. */
      if (summary != NULL)
        json_object_set_string_member (names, name, summary);
      if (json_array_get_length (hours) > 0)
        json_object_set_array_member (days, name, open_hours (hours, g_hash_table_lookup (reading->closed, item->data)));
    }
}

/**
 * sht_levels_read_holidays:
 * @ics: (array length=length): an iCalendar file (RFC 5545)
 * @zone: the calendar's time zone, as Asia/Jerusalem
 * @week: the calendar's week
 * @days: (out) (transfer full): its `days`: hours of those that are not as their weekday
 * @names: (out) (transfer full): what those days are called
 *
 * Each event is time in which nobody works: a whole day, or from an hour to another as on the eve of a holiday. Events that are
 * marked free (TRANSP:TRANSPARENT) or cancelled are passed over; those that recur are followed until 2050.
 *
 * Returns: %FALSE with %SHT_LEVELS_ERROR_INVALID
 */
gboolean
sht_levels_read_holidays (const char *ics, gsize length, const char *zone, JsonArray *week, JsonObject **days,
                          JsonObject **names, GError **error)
{
  g_autoptr (GHashTable) closed = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GHashTable) called = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autofree char *text = g_strndup (ics, length);
  g_autoptr (JsonObject) made = json_object_new ();
  g_autoptr (JsonObject) given = json_object_new ();
  Reading reading = { .closed = closed, .names = called, .zone = icaltimezone_get_builtin_timezone (zone) };
  icalcomponent *calendar;
  gboolean ok = TRUE;

  if (length > SHT_LEVELS_MAX_FILE || strlen (text) != length || !g_utf8_validate (text, (gssize) length, NULL))
    return refuse (error, "it is no text of at most 4 MiB");
  if (reading.zone == NULL)
    return refuse (error, "this machine knows no such time zone");
  calendar = icalparser_parse_string (text);
  if (calendar == NULL || icalcomponent_isa (calendar) != ICAL_VCALENDAR_COMPONENT || icalcomponent_count_errors (calendar) > 0)
    ok = refuse (error, "it is no iCalendar file, or a damaged one");
  for (icalcomponent *event = ok ? icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT) : NULL; ok && event != NULL;
       event = icalcomponent_get_next_component (calendar, ICAL_VEVENT_COMPONENT))
    ok = read_event (&reading, event, error);
  if (ok && g_hash_table_size (closed) == 0)
    ok = refuse (error, "it has no holiday from 2000 to 2049");
  if (ok)
    write_days (&reading, week, made, given);
  if (calendar != NULL)
    icalcomponent_free (calendar);
  if (!ok)
    return FALSE;
  *days = g_steal_pointer (&made);
  *names = g_steal_pointer (&given);
  return TRUE;
}
