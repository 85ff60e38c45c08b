/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/position.h"

#include "core/geo.h"
#include "core/json.h"

#define LAT_END_E7 G_GINT64_CONSTANT (900000000)
#define LON_END_E7 G_GINT64_CONSTANT (1800000000)

static const char *const state_names[SHT_N_POSITION_STATES] = { "here", "unknown", "paused" };

const char *
sht_position_state_name (ShtPositionState state)
{
  return state_names[state];
}

gboolean
sht_position_state_parse (const char *name, ShtPositionState *state)
{
  guint index;

  if (!sht_name_find (state_names, SHT_N_POSITION_STATES, name, &index))
    return FALSE;
  *state = (ShtPositionState) index;
  return TRUE;
}

static gboolean
read_within (JsonObject *object, const char *member, gint64 least, gint64 most, gint64 *value)
{
  *value = sht_json_int (object, member, G_MININT64);
  return *value >= least && *value <= most;
}

/* What may be absent, and is -1 then. */
static gboolean
read_optional (JsonObject *object, const char *member, gint64 most, gint64 *value)
{
  *value = -1;
  return !sht_json_has (object, member) || read_within (object, member, 0, most, value);
}

/**
 * sht_position_read:
 * @object: (nullable): as PROTOCOL.md has it
 * @position: (out caller-allocates): what it says
 *
 * Returns: whether it is a position, each number within its range. Whether its time can be is for who knows what time it is
 */
gboolean
sht_position_read (JsonObject *object, ShtPosition *position)
{
  *position = (ShtPosition){ .heading = -1, .speed_cm_s = -1 };
  if (!read_within (object, "at", 0, G_MAXINT64 / 2, &position->at)
      || !sht_position_state_parse (sht_json_string (object, "state"), &position->state))
    return FALSE;
  if (position->state != SHT_POSITION_HERE)
    return TRUE;
  return read_within (object, "lat_e7", -LAT_END_E7, LAT_END_E7, &position->lat_e7)
         && read_within (object, "lon_e7", -LON_END_E7, LON_END_E7, &position->lon_e7)
         && read_within (object, "accuracy_m", 0, SHT_POSITION_MAX_ACCURACY_M, &position->accuracy_m)
         && read_optional (object, "heading", 359, &position->heading)
         && read_optional (object, "speed_cm_s", SHT_POSITION_MAX_SPEED_CM_S, &position->speed_cm_s);
}

/** sht_position_write: adds to an object what sht_position_read() reads */
void
sht_position_write (const ShtPosition *position, JsonObject *object)
{
  json_object_set_int_member (object, "at", position->at);
  json_object_set_string_member (object, "state", state_names[position->state]);
  if (position->state != SHT_POSITION_HERE)
    return;
  json_object_set_int_member (object, "lat_e7", position->lat_e7);
  json_object_set_int_member (object, "lon_e7", position->lon_e7);
  json_object_set_int_member (object, "accuracy_m", position->accuracy_m);
  if (position->heading >= 0)
    json_object_set_int_member (object, "heading", position->heading);
  if (position->speed_cm_s >= 0)
    json_object_set_int_member (object, "speed_cm_s", position->speed_cm_s);
}

/** sht_position_metres: Returns: how far two positions that are known lie apart */
double
sht_position_metres (const ShtPosition *a, const ShtPosition *b)
{
  return sht_geo_distance (a->lat_e7, a->lon_e7, b->lat_e7, b->lon_e7);
}

/**
 * sht_position_is_news:
 * @before: (nullable): what was told last
 * @now: what could be told
 * @least_ms: how long after @before a movement is told at the earliest
 *
 * The one rule of what is told, by the tablet and by the hub: another state at once, a movement after a while, and that
 * nothing has changed now and then.
 *
 * Returns: whether @now is worth telling
 */
gboolean
sht_position_is_news (const ShtPosition *before, const ShtPosition *now, gint64 least_ms)
{
  gint64 since;

  if (before == NULL || before->state != now->state)
    return TRUE;
  since = now->at - before->at;
  if (since >= SHT_POSITION_STAY_MS)
    return TRUE;
  return since >= least_ms && now->state == SHT_POSITION_HERE && sht_position_metres (before, now) >= SHT_POSITION_MOVED_M;
}

/**
 * sht_shift_at:
 * @town: (nullable): what calendars there are
 * @department: (nullable): whose; without a calendar of its own it works by the town's
 * @at: milliseconds since 1970 UTC
 * @begins: (out) (optional): when the shift began that @at lies in
 * @ends: (out) (optional): when it ends
 *
 * A shift is the working hours of the crew's department. Where no calendar says them there is none: nobody is watched at
 * hours that nobody has set.
 *
 * Returns: whether it is a shift
 */
gboolean
sht_shift_at (const ShtTown *town, const char *department, gint64 at, gint64 *begins, gint64 *ends)
{
  const char *id = town != NULL && department != NULL ? g_hash_table_lookup (town->calendar_of, department) : NULL;
  const ShtCalendar *calendar = sht_town_find (town, id);
  gint64 opens, closes;

  if (calendar == NULL || !sht_calendar_span (calendar, at, &opens, &closes))
    return FALSE;
  if (begins != NULL)
    *begins = opens;
  if (ends != NULL)
    *ends = closes;
  return TRUE;
}
