/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/calendar.h"

G_BEGIN_DECLS

#define SHT_SAMPLE_MINUTE G_GINT64_CONSTANT (60000)
#define SHT_SAMPLE_DAY (1440 * SHT_SAMPLE_MINUTE)

/**
 * ShtSampleLocal:
 * @day: days since 1970-01-01, by the wall clock
 * @minute: minutes since midnight, by the wall clock
 * @weekday: 0 is Sunday, the first working day
 * @year: of the common era
 * @month: 1 to 12
 * @month_day: 1 to 31
 * @offset_minutes: how far the wall clock is ahead of UTC
 */
typedef struct {
  gint64 day;
  int minute;
  int weekday;
  int year;
  int month;
  int month_day;
  int offset_minutes;
} ShtSampleLocal;

void sht_sample_local (gint64 utc_ms, ShtSampleLocal *local);
gint64 sht_sample_utc (gint64 day, int minute);
gint64 sht_sample_add_work (const ShtCalendar *calendar, gint64 utc_ms, gint64 minutes);
gint64 sht_sample_last_work (const ShtCalendar *calendar, gint64 utc_ms);

G_END_DECLS
