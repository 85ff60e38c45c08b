/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/calendar.h"
#include "core/status.h"

G_BEGIN_DECLS

/**
 * ShtUnit:
 * @SHT_UNIT_MINUTES: as the clock goes, day and night
 * @SHT_UNIT_WORKING_HOURS: of the calendar's working time
 * @SHT_UNIT_WORKING_DAYS: until the closing of that working day after the one it begins on
 * @SHT_UNIT_DAYS: until the same time of the wall clock, so many days later
 *
 * What a target is counted in.
 */
typedef enum
{
  SHT_UNIT_MINUTES,
  SHT_UNIT_WORKING_HOURS,
  SHT_UNIT_WORKING_DAYS,
  SHT_UNIT_DAYS,
  SHT_N_UNITS
} ShtUnit;

/** ShtMilestone: what is owed, each with a target of its own */
typedef enum
{
  SHT_MILESTONE_FIRST_RESPONSE,
  SHT_MILESTONE_MAKE_SAFE,
  SHT_MILESTONE_COMPLETE,
  SHT_N_MILESTONES
} ShtMilestone;

/** The most of a unit that a target may be */
#define SHT_TARGET_MOST G_GINT64_CONSTANT (100000)
/** The calendar of whoever has none of his own */
#define SHT_TOWN_CALENDAR "town"
/** What stands in a list's order for what never falls due, so that it comes after what does */
#define SHT_NEVER_DUE G_GINT64_CONSTANT (9000000000000000)
/** A ticket's pauses; later ones stop no clock */
#define SHT_MAX_PAUSES 100

/**
 * ShtPause:
 * @from: when the clock stopped, milliseconds since 1970 UTC
 * @to: when it went on, not before @from; %G_MAXINT64 while it stands
 */
typedef struct
{
  gint64 from;
  gint64 to;
} ShtPause;

/**
 * ShtTown:
 * @calendars: (element-type utf8 ShtCalendar): by id
 * @calendar_of: (element-type utf8 utf8): the id of each department's calendar
 *
 * What has to be known of a town to judge when something falls due.
 */
typedef struct
{
  GHashTable *calendars;
  GHashTable *calendar_of;
} ShtTown;

const char *sht_unit_name (ShtUnit unit);
gboolean sht_unit_parse (const char *name, ShtUnit *unit);
const char *sht_milestone_name (ShtMilestone milestone);
gboolean sht_milestone_parse (const char *name, ShtMilestone *milestone);

ShtTown *sht_town_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_town_free (ShtTown *town);
gboolean sht_town_add (ShtTown *town, JsonObject *entity, GError **error);
const ShtCalendar *sht_town_find (const ShtTown *town, const char *calendar);

gint64 sht_clock_due (const ShtCalendar *calendar, ShtUnit unit, gint64 amount, gint64 from, const ShtPause *pauses,
                      guint n_pauses, gboolean *stopped);
void sht_clock_begin (JsonObject *ticket, JsonObject *service, const ShtTown *town);
void sht_clock_begin_leg (JsonObject *ticket, JsonObject *service, const ShtTown *town);
void sht_clock_step (JsonObject *ticket, JsonObject *service, ShtStatus from, ShtStatus to, const char *waiting_for, gint64 at);
void sht_clock_recorded (JsonObject *ticket, ShtStatus to, gint64 at);
void sht_clock_settle (JsonObject *ticket, const ShtTown *town);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtTown, sht_town_free)

G_END_DECLS
