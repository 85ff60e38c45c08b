/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define SHT_CALENDAR_ERROR (sht_calendar_error_quark ())
GQuark sht_calendar_error_quark (void);

/** ShtCalendarError: %SHT_CALENDAR_ERROR_INVALID: the entity is not a calendar as PROTOCOL.md has it */
typedef enum
{
  SHT_CALENDAR_ERROR_INVALID
} ShtCalendarError;

/** What a calendar knows: local days from 2000-01-01 until, not including, 2050-01-01 */
#define SHT_CALENDAR_FIRST_DAY G_GINT64_CONSTANT (10957)
#define SHT_CALENDAR_END_DAY G_GINT64_CONSTANT (29220)
/** Hours that a day may have: from opening to closing, with the breaks between */
#define SHT_CALENDAR_MAX_SPANS 8
#define SHT_CALENDAR_MAX_DAYS 2000
#define SHT_CALENDAR_MAX_OFFSETS 400

typedef struct _ShtCalendar ShtCalendar;

ShtCalendar *sht_calendar_new (JsonObject *entity, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_calendar_free (ShtCalendar *calendar);
gboolean sht_calendar_is_work (const ShtCalendar *calendar, gint64 at);
gboolean sht_calendar_span (const ShtCalendar *calendar, gint64 at, gint64 *opens, gint64 *closes);
gint64 sht_calendar_work_between (const ShtCalendar *calendar, gint64 from, gint64 to);
gint64 sht_calendar_add_work (const ShtCalendar *calendar, gint64 from, gint64 work);
gint64 sht_calendar_add_work_days (const ShtCalendar *calendar, gint64 from, gint64 days);
gint64 sht_calendar_day (const ShtCalendar *calendar, gint64 at);
gint64 sht_calendar_midnight (const ShtCalendar *calendar, gint64 day);
gboolean sht_calendar_parse_day (const char *text, gint64 *day);
gint64 sht_calendar_add_days (const ShtCalendar *calendar, gint64 from, gint64 days);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtCalendar, sht_calendar_free)

G_END_DECLS
