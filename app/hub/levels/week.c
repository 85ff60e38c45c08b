/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/levels/levels.h"

#include "core/calendar.h"

#include <string.h>

#define DAY_S 86400

G_DEFINE_QUARK (sht-levels-error-quark, sht_levels_error)

static const char *const weekdays[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

static gboolean
refuse (GError **error, const char *what, const char *text)
{
  g_set_error (error, SHT_LEVELS_ERROR, SHT_LEVELS_ERROR_INVALID, "%s: %s", what, text);
  return FALSE;
}

static int
weekday_of (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (weekdays); i++)
    if (g_ascii_strcasecmp (name, weekdays[i]) == 0)
      return (int) i;
  return -1;
}

/* HH:MM, until 24:00. */
static gboolean
parse_minute (const char *text, gint64 *minute)
{
  if (strlen (text) != 5 || text[2] != ':' || !g_ascii_isdigit (text[0]) || !g_ascii_isdigit (text[1])
      || !g_ascii_isdigit (text[3]) || !g_ascii_isdigit (text[4]))
    return FALSE;
  *minute = (text[0] - '0') * 600 + (text[1] - '0') * 60 + (text[3] - '0') * 10 + (text[4] - '0');
  return text[3] < '6' && *minute <= 1440;
}

static JsonArray *
parse_spans (const char *text, GError **error)
{
  g_auto (GStrv) spans = g_strsplit (text, ",", -1);
  g_autoptr (JsonArray) hours = json_array_new ();

  for (guint i = 0; spans[i] != NULL; i++)
    {
      g_auto (GStrv) ends = g_strsplit (g_strstrip (spans[i]), "-", -1);
      JsonArray *span;
      gint64 opens, closes;

      if (g_strv_length (ends) != 2 || !parse_minute (ends[0], &opens) || !parse_minute (ends[1], &closes))
        {
          refuse (error, "hours are as 07:30-15:30", text);
          return NULL;
        }
      span = json_array_new ();
      json_array_add_int_element (span, opens);
      json_array_add_int_element (span, closes);
      json_array_add_array_element (hours, span);
    }
  return g_steal_pointer (&hours);
}

static gboolean
set_days (JsonArray **week, const char *days, JsonArray *hours, GError **error)
{
  g_auto (GStrv) ends = g_strsplit (days, "-", -1);
  int first = ends[0] != NULL ? weekday_of (ends[0]) : -1;
  int last = g_strv_length (ends) == 2 ? weekday_of (ends[1]) : first;

  if (g_strv_length (ends) > 2 || first < 0 || last < first)
    return refuse (error, "days are as sun-thu or fri", days);
  for (int day = first; day <= last; day++)
    {
      if (week[day] != NULL)
        return refuse (error, "a day is there twice", weekdays[day]);
      week[day] = json_array_ref (hours);
    }
  return TRUE;
}

/**
 * sht_levels_parse_week:
 * @text: a week as people write it: `sun-thu 07:30-12:00,12:30-15:30; fri 07:30-13:00`; days that it does not name are free
 *
 * Returns: (transfer full) (nullable): a calendar's `week`, or %NULL with %SHT_LEVELS_ERROR_INVALID
 */
JsonArray *
sht_levels_parse_week (const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);
  g_autoptr (JsonArray) week = json_array_new ();
  JsonArray *days[7] = { NULL };
  gboolean ok = TRUE;

  for (guint i = 0; ok && parts[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (g_strstrip (parts[i]), " ", 2);
      g_autoptr (JsonArray) hours = NULL;

      if (*parts[i] == '\0')
        continue;
      if (words[0] == NULL || words[1] == NULL)
        ok = refuse (error, "a part of the week is as: sun-thu 07:30-15:30", parts[i]);
      else
        ok = (hours = parse_spans (words[1], error)) != NULL && set_days (days, words[0], hours, error);
    }
  for (guint day = 0; day < 7; day++)
    json_array_add_array_element (week, days[day] != NULL ? days[day] : json_array_new ());
  return ok ? g_steal_pointer (&week) : NULL;
}

static gint32
offset_at (GTimeZone *zone, gint64 second)
{
  return g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, second));
}

static void
add_offset (JsonArray *offsets, gint64 at, gint32 offset)
{
  JsonArray *pair = json_array_new ();

  json_array_add_int_element (pair, at);
  json_array_add_int_element (pair, offset / 60);
  json_array_add_array_element (offsets, pair);
}

/**
 * sht_levels_offsets:
 * @zone: a name as Asia/Jerusalem
 *
 * What the machine knows of a time zone over the years that a calendar covers, so that tablets need not know it: theirs may be
 * older, and they would say other times.
 *
 * Returns: (transfer full) (nullable): a calendar's `offsets`, or %NULL with %SHT_LEVELS_ERROR_INVALID
 */
JsonArray *
sht_levels_offsets (const char *name, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (name);
  g_autoptr (JsonArray) offsets = json_array_new ();
  gint64 first = (SHT_CALENDAR_FIRST_DAY - 1) * DAY_S;
  gint32 now;

  if (zone == NULL)
    {
      refuse (error, "this machine knows no time zone of that name", name);
      return NULL;
    }
  now = offset_at (zone, first);
  add_offset (offsets, first, now);
  for (gint64 day = SHT_CALENDAR_FIRST_DAY; day <= SHT_CALENDAR_END_DAY; day++)
    {
      gint64 before = (day - 1) * DAY_S, after = day * DAY_S;

      if (offset_at (zone, after) == now)
        continue;
      while (after - before > 1)
        {
          gint64 middle = (before + after) / 2;

          if (offset_at (zone, middle) == now)
            before = middle;
          else
            after = middle;
        }
      now = offset_at (zone, day * DAY_S);
      add_offset (offsets, after, now);
    }
  return g_steal_pointer (&offsets);
}
