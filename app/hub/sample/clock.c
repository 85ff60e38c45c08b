/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/sample/clock.h"

/* The sample's wall clock: what a sample says must not change with the machine's time zones. */

static gint64
floor_div (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

/* Days since 1970-01-01 to a date, after Hinnant's "days from civil", and back. */
static gint64
days_from_date (int year, int month, int day)
{
  gint64 y = year - (month <= 2);
  gint64 era = floor_div (y, 400);
  gint64 yoe = y - era * 400;
  gint64 doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void
date_from_days (gint64 days, ShtSampleLocal *local)
{
  gint64 z = days + 719468;
  gint64 era = floor_div (z, 146097);
  gint64 doe = z - era * 146097;
  gint64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  gint64 doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  gint64 mp = (5 * doy + 2) / 153;

  local->month = (int) (mp < 10 ? mp + 3 : mp - 9);
  local->month_day = (int) (doy - (153 * mp + 2) / 5 + 1);
  local->year = (int) (yoe + era * 400 + (local->month <= 2));
}

static int
weekday_of (gint64 day)
{
  return (int) (((day + 4) % 7 + 7) % 7);
}

static gint64
last_sunday (int year, int month)
{
  gint64 day = days_from_date (year, month, 31);

  return day - weekday_of (day);
}

/* Israel: summer time from the Friday before the last Sunday of March to the last Sunday of October,
 * both at 02:00 by the wall clock. */
static int
offset_at (gint64 utc_ms)
{
  ShtSampleLocal date;
  gint64 start, stop;

  date_from_days (floor_div (utc_ms, SHT_SAMPLE_DAY), &date);
  start = (last_sunday (date.year, 3) - 2) * SHT_SAMPLE_DAY;
  stop = last_sunday (date.year, 10) * SHT_SAMPLE_DAY - 60 * SHT_SAMPLE_MINUTE;
  return utc_ms >= start && utc_ms < stop ? 180 : 120;
}

/**
 * sht_sample_local:
 * @utc_ms: milliseconds since 1970 UTC
 * @local: (out caller-allocates): what the wall clock shows in the sample town
 */
void
sht_sample_local (gint64 utc_ms, ShtSampleLocal *local)
{
  gint64 wall;

  local->offset_minutes = offset_at (utc_ms);
  wall = utc_ms + local->offset_minutes * SHT_SAMPLE_MINUTE;
  local->day = floor_div (wall, SHT_SAMPLE_DAY);
  local->minute = (int) ((wall - local->day * SHT_SAMPLE_DAY) / SHT_SAMPLE_MINUTE);
  local->weekday = weekday_of (local->day);
  date_from_days (local->day, local);
}

/**
 * sht_sample_utc:
 * @day: days since 1970-01-01 by the wall clock
 * @minute: minutes since midnight by the wall clock
 *
 * Returns: that moment, milliseconds since 1970 UTC
 */
gint64
sht_sample_utc (gint64 day, int minute)
{
  gint64 wall = day * SHT_SAMPLE_DAY + minute * SHT_SAMPLE_MINUTE;

  return wall - offset_at (wall - 150 * SHT_SAMPLE_MINUTE) * SHT_SAMPLE_MINUTE;
}

/**
 * sht_sample_add_work:
 * @utc_ms: a moment, in working time or not
 * @minutes: of working time; 0 gives the next moment of work
 *
 * Returns: the moment when that much working time has passed
 */
gint64
sht_sample_add_work (const ShtCalendar *calendar, gint64 utc_ms, gint64 minutes)
{
  return minutes > 0 ? sht_calendar_add_work (calendar, utc_ms, minutes * SHT_SAMPLE_MINUTE)
                     : sht_calendar_add_work (calendar, utc_ms, 1) - 1;
}

/**
 * sht_sample_last_work:
 *
 * Returns: the last moment of working time that is not after @utc_ms
 */
gint64
sht_sample_last_work (const ShtCalendar *calendar, gint64 utc_ms)
{
  if (sht_calendar_is_work (calendar, utc_ms))
    return utc_ms;
  for (gint64 from = utc_ms - SHT_SAMPLE_DAY;; from -= SHT_SAMPLE_DAY)
    {
      gint64 work = sht_calendar_work_between (calendar, from, from + SHT_SAMPLE_DAY);

      if (work > 0)
        return sht_calendar_add_work (calendar, from, work);
    }
}
