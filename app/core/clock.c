/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/clock.h"

#include "core/json.h"

#define MINUTE G_GINT64_CONSTANT (60000)
#define DAY (1440 * MINUTE)
/* What is not within these years, 1840 to 2100, is no time of a ticket. */
#define FARTHEST G_GINT64_CONSTANT (4102444800000)

static const char *const unit_names[SHT_N_UNITS] = { "minutes", "working_hours", "working_days", "days" };
static const char *const milestone_names[SHT_N_MILESTONES] = { "first_response", "make_safe", "complete" };

const char *
sht_unit_name (ShtUnit unit)
{
  return unit_names[unit];
}

gboolean
sht_unit_parse (const char *name, ShtUnit *unit)
{
  guint index;

  if (!sht_name_find (unit_names, SHT_N_UNITS, name, &index))
    return FALSE;
  *unit = (ShtUnit) index;
  return TRUE;
}

const char *
sht_milestone_name (ShtMilestone milestone)
{
  return milestone_names[milestone];
}

gboolean
sht_milestone_parse (const char *name, ShtMilestone *milestone)
{
  guint index;

  if (!sht_name_find (milestone_names, SHT_N_MILESTONES, name, &index))
    return FALSE;
  *milestone = (ShtMilestone) index;
  return TRUE;
}

/* --- what is known of the town --- */

/** sht_town_new: Returns: (transfer full): a town of which nothing is known yet */
ShtTown *
sht_town_new (void)
{
  ShtTown *town = g_new0 (ShtTown, 1);

  town->calendars = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) sht_calendar_free);
  town->calendar_of = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return town;
}

void
sht_town_free (ShtTown *town)
{
  g_hash_table_unref (town->calendars);
  g_hash_table_unref (town->calendar_of);
  g_free (town);
}

/**
 * sht_town_add:
 * @entity: a calendar, or a department, whose `calendar` names it; others are passed over
 *
 * Returns: %FALSE with a #ShtCalendarError for a calendar that is none
 */
gboolean
sht_town_add (ShtTown *town, JsonObject *entity, GError **error)
{
  const char *type = sht_json_string (entity, "t"), *id = sht_json_string (entity, "id");

  if (g_strcmp0 (type, "calendar") == 0 && id != NULL)
    {
      ShtCalendar *calendar = sht_calendar_new (entity, error);

      if (calendar == NULL)
        return FALSE;
      g_hash_table_replace (town->calendars, g_strdup (id), calendar);
    }
  else if (g_strcmp0 (type, "department") == 0 && id != NULL && sht_json_string (entity, "calendar") != NULL)
    g_hash_table_replace (town->calendar_of, g_strdup (id), g_strdup (sht_json_string (entity, "calendar")));
  return TRUE;
}

/**
 * sht_town_find:
 * @town: (nullable): what is known
 * @calendar: (nullable): an id; without it the town's own is meant
 *
 * Returns: (transfer none) (nullable): the calendar
 */
const ShtCalendar *
sht_town_find (const ShtTown *town, const char *calendar)
{
  return town != NULL ? g_hash_table_lookup (town->calendars, calendar != NULL ? calendar : SHT_TOWN_CALENDAR) : NULL;
}

static const char *
calendar_of_department (const ShtTown *town, const char *department)
{
  return town != NULL && department != NULL ? g_hash_table_lookup (town->calendar_of, department) : NULL;
}

/* --- when it falls due --- */

/* Where no calendar is known, all hours and all days are working ones. */
static gint64
base_due (const ShtCalendar *calendar, ShtUnit unit, gint64 amount, gint64 from)
{
  switch (unit)
    {
    case SHT_UNIT_WORKING_HOURS:
      return calendar != NULL ? sht_calendar_add_work (calendar, from, amount * 60 * MINUTE) : from + amount * 60 * MINUTE;
    case SHT_UNIT_WORKING_DAYS:
      return calendar != NULL ? sht_calendar_add_work_days (calendar, from, amount) : from + amount * DAY;
    case SHT_UNIT_DAYS:
      return calendar != NULL ? sht_calendar_add_days (calendar, from, amount) : from + amount * DAY;
    case SHT_UNIT_MINUTES:
    default:
      return from + amount * MINUTE;
    }
}

/**
 * sht_clock_due:
 * @calendar: (nullable): whose working time and wall clock; without it all time is working time
 * @unit: what @amount counts
 * @amount: from 1 to %SHT_TARGET_MOST
 * @from: when the clock began, milliseconds since 1970 UTC
 * @pauses: (array length=n_pauses): when it stood, in order of time, none into the next
 * @stopped: (out) (optional): whether it stands now
 *
 * When something falls due. A pause puts it off by the time that went by in it: working time for a target in working hours
 * or days, any time for the others. What fell due before a pause began stays due then. While the clock stands, what is given
 * back is when it would have been due had it gone on.
 *
 * The one function for this, on the hub and on tablets.
 *
 * Returns: milliseconds since 1970 UTC; %G_MAXINT64 when it is beyond the calendar, or @from no year from 1840 to 2100
 */
gint64
sht_clock_due (const ShtCalendar *calendar, ShtUnit unit, gint64 amount, gint64 from, const ShtPause *pauses,
               guint n_pauses, gboolean *stopped)
{
  gboolean by_work = calendar != NULL && (unit == SHT_UNIT_WORKING_HOURS || unit == SHT_UNIT_WORKING_DAYS);
  gint64 due;

  if (stopped != NULL)
    *stopped = FALSE;
  if (from > FARTHEST || from < -FARTHEST)
    return G_MAXINT64;
  due = base_due (calendar, unit, amount, from);
  for (guint i = 0; i < n_pauses && due != G_MAXINT64; i++)
    {
      gint64 begins = MAX (pauses[i].from, from), ends = MIN (pauses[i].to, FARTHEST);

      if (begins >= due)
        break;
      if (pauses[i].to == G_MAXINT64)
        {
          if (stopped != NULL)
            *stopped = TRUE;
          break;
        }
      if (ends <= begins)
        continue;
      due = by_work ? sht_calendar_add_work (calendar, due, sht_calendar_work_between (calendar, begins, ends))
                    : due + (ends - begins);
    }
  return due;
}

/* --- in a ticket --- */

/* The row of a service's `targets` for a milestone: for its priority if there is one, else for any. */
static JsonObject *
find_target (JsonObject *service, const char *milestone, const char *priority, const char *department)
{
  JsonArray *targets = sht_json_array (service, "targets");
  JsonObject *found = NULL;

  for (guint i = 0; targets != NULL && i < json_array_get_length (targets); i++)
    {
      JsonObject *row = sht_json_element (targets, i);
      const char *for_priority = sht_json_string (row, "priority");
      ShtUnit unit;
      gint64 amount = sht_json_int (row, "amount", 0);

      if (g_strcmp0 (sht_json_string (row, "milestone"), milestone) != 0 || amount < 1 || amount > SHT_TARGET_MOST
          || !sht_unit_parse (sht_json_string (row, "unit"), &unit)
          || g_strcmp0 (sht_json_string (row, "department"), department) != 0)
        continue;
      if (for_priority != NULL ? g_strcmp0 (for_priority, priority) == 0 : found == NULL)
        found = row;
    }
  return found;
}

static void
copy_target (JsonObject *to, JsonObject *target, const ShtTown *town, const char *department)
{
  const char *calendar = sht_json_string (target, "calendar");

  json_object_set_int_member (to, "amount", sht_json_int (target, "amount", 0));
  json_object_set_string_member (to, "unit", sht_json_string (target, "unit"));
  if (calendar == NULL)
    calendar = calendar_of_department (town, department);
  if (calendar != NULL && !g_str_equal (calendar, SHT_TOWN_CALENDAR))
    json_object_set_string_member (to, "calendar", calendar);
}

static void
remove_member (JsonObject *object, const char *member)
{
  if (json_object_has_member (object, member))
    json_object_remove_member (object, member);
}

static const char *
priority_of (JsonObject *ticket)
{
  const char *priority = sht_json_string (ticket, "priority");

  return priority != NULL ? priority : "normal";
}

static JsonObject *
find_milestone (JsonArray *sla, const char *name)
{
  for (guint i = 0; sla != NULL && i < json_array_get_length (sla); i++)
    {
      JsonObject *milestone = sht_json_element (sla, i);

      if (g_strcmp0 (sht_json_string (milestone, "milestone"), name) == 0)
        return milestone;
    }
  return NULL;
}

/**
 * sht_clock_begin:
 * @ticket: a ticket, changed in place
 * @service: (nullable): its service; of one that is not known, what was promised stays
 * @town: (nullable): whose calendars there are
 *
 * Gives a ticket its milestones, by its service, priority and department as they are now; whoever changes one of them later
 * calls it again, and what was met stays met. A service's targets may change: those of tickets that are there do not.
 */
void
sht_clock_begin (JsonObject *ticket, JsonObject *service, const ShtTown *town)
{
  g_autoptr (JsonArray) before = NULL;
  JsonArray *there = sht_json_array (ticket, "sla"), *sla;
  const char *department = sht_json_string (service, "department");

  if (service == NULL && there != NULL)
    return;
  if (there != NULL)
    before = json_array_ref (there);
  sla = json_array_new ();
  if (department == NULL)
    department = sht_json_string (ticket, "department");
  for (guint i = 0; i < SHT_N_MILESTONES; i++)
    {
      JsonObject *target = find_target (service, milestone_names[i], priority_of (ticket), NULL);
      JsonObject *earlier = find_milestone (before, milestone_names[i]);
      JsonObject *milestone;

      if (target == NULL)
        continue;
      milestone = json_object_new ();
      json_object_set_string_member (milestone, "milestone", milestone_names[i]);
      copy_target (milestone, target, town, department);
      if (sht_json_has (earlier, "met_at"))
        json_object_set_int_member (milestone, "met_at", sht_json_int (earlier, "met_at", 0));
      json_array_add_object_element (sla, milestone);
    }
  if (sht_json_has (find_milestone (before, milestone_names[SHT_MILESTONE_COMPLETE]), "amount"))
    remove_member (ticket, "due_at");
  json_object_set_array_member (ticket, "sla", sla);
  sht_clock_settle (ticket, town);
}

/**
 * sht_clock_begin_leg:
 * @ticket: a ticket whose last leg has just begun, changed in place
 *
 * Gives the leg its own target, where the service has one for its department.
 */
void
sht_clock_begin_leg (JsonObject *ticket, JsonObject *service, const ShtTown *town)
{
  JsonArray *legs = sht_json_array (ticket, "legs");
  guint n = legs != NULL ? json_array_get_length (legs) : 0;
  JsonObject *leg = n > 0 ? sht_json_element (legs, n - 1) : NULL;
  const char *department = sht_json_string (leg, "department");
  JsonObject *target;

  if (department == NULL)
    return;
  target = find_target (service, milestone_names[SHT_MILESTONE_COMPLETE], priority_of (ticket), department);
  if (target != NULL)
    copy_target (leg, target, town, department);
}

static JsonArray *
pauses_of (JsonObject *ticket)
{
  JsonArray *pauses = sht_json_array (ticket, "pauses");

  if (pauses == NULL)
    {
      pauses = json_array_new ();
      json_object_set_array_member (ticket, "pauses", pauses);
    }
  return pauses;
}

static JsonObject *
last_pause (JsonObject *ticket)
{
  JsonArray *pauses = sht_json_array (ticket, "pauses");
  guint n = pauses != NULL ? json_array_get_length (pauses) : 0;

  return n > 0 ? sht_json_element (pauses, n - 1) : NULL;
}

/* Clocks of several machines: no pause begins before the one before it has ended. */
static void
add_pause (JsonObject *ticket, gint64 from, gint64 to, const char *reason)
{
  JsonObject *last = last_pause (ticket);
  JsonObject *pause;

  if (json_array_get_length (pauses_of (ticket)) >= SHT_MAX_PAUSES)
    return;
  from = MAX (from, sht_json_int (last, "to", G_MININT64));
  pause = json_object_new ();
  json_object_set_int_member (pause, "from", from);
  if (to != G_MAXINT64)
    json_object_set_int_member (pause, "to", MAX (from, to));
  json_object_set_string_member (pause, "for", reason);
  json_array_add_object_element (pauses_of (ticket), pause);
}

/* Whether waiting for that stops the clock: by the service's `pauses`, or where it says nothing for whatever the crew cannot
 * hasten. */
static gboolean
does_stop (JsonObject *service, const char *waiting_for)
{
  static const char *const usual[] = { "resident", "body", "weather", NULL };
  JsonArray *pauses = sht_json_array (service, "pauses");

  if (waiting_for == NULL)
    return FALSE;
  if (pauses == NULL)
    return g_strv_contains (usual, waiting_for);
  for (guint i = 0; i < json_array_get_length (pauses); i++)
    {
      JsonNode *reason = json_array_get_element (pauses, i);

      if (JSON_NODE_HOLDS_VALUE (reason) && g_strcmp0 (json_node_get_string (reason), waiting_for) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
does_meet (const char *milestone, ShtStatus to)
{
  if (to == SHT_STATUS_DONE || to == SHT_STATUS_CLOSED)
    return TRUE;
  return g_strcmp0 (milestone, milestone_names[SHT_MILESTONE_FIRST_RESPONSE]) == 0
         && (to == SHT_STATUS_ON_THE_WAY || to == SHT_STATUS_IN_PROGRESS);
}

/**
 * sht_clock_step:
 * @ticket: a ticket, changed in place
 * @service: (nullable): its service
 * @from: the status that it leaves
 * @to: the status that it enters
 * @waiting_for: (nullable): what for, when that is waiting
 * @at: when, corrected, milliseconds since 1970 UTC
 *
 * Tells the clock of a step: milestones are met, or owed again after a reopening, and the clock stops or goes on. From done
 * until it is reopened it stood.
 */
void
sht_clock_step (JsonObject *ticket, JsonObject *service, ShtStatus from, ShtStatus to, const char *waiting_for, gint64 at)
{
  JsonArray *sla = sht_json_array (ticket, "sla");
  JsonObject *last = last_pause (ticket);
  gint64 done_at = G_MAXINT64;

  if (last != NULL && !sht_json_has (last, "to") && to != SHT_STATUS_WAITING)
    json_object_set_int_member (last, "to", MAX (at, sht_json_int (last, "from", at)));
  for (guint i = 0; sla != NULL && i < json_array_get_length (sla); i++)
    {
      JsonObject *milestone = sht_json_element (sla, i);
      const char *name = sht_json_string (milestone, "milestone");

      if (name == NULL)
        continue;
      if (does_meet (name, to) && !sht_json_has (milestone, "met_at"))
        json_object_set_int_member (milestone, "met_at", at);
      if (g_strcmp0 (name, milestone_names[SHT_MILESTONE_COMPLETE]) == 0 && sht_status_is_open (to)
          && !sht_status_is_open (from) && sht_json_has (milestone, "met_at"))
        {
          done_at = sht_json_int (milestone, "met_at", at);
          remove_member (milestone, "met_at");
        }
    }
  /* Where nothing was promised but of a leg, its end tells it. */
  if (done_at == G_MAXINT64 && (from == SHT_STATUS_DONE || from == SHT_STATUS_CLOSED) && sht_status_is_open (to))
    done_at = sht_json_int (ticket, "closed_at", G_MAXINT64);
  if (done_at < at)
    add_pause (ticket, done_at, at, "done");
  if (to == SHT_STATUS_WAITING && from != SHT_STATUS_WAITING && does_stop (service, waiting_for))
    add_pause (ticket, at, G_MAXINT64, waiting_for);
}

/**
 * sht_clock_recorded:
 * @ticket: a ticket, changed in place
 * @to: a status that somebody had taken it to, and that is only recorded, for it has moved past it since
 * @at: when that was
 *
 * A milestone that was met earlier than was known is met then: a start of nine that arrives after a done of eleven.
 */
void
sht_clock_recorded (JsonObject *ticket, ShtStatus to, gint64 at)
{
  JsonArray *sla = sht_json_array (ticket, "sla");

  for (guint i = 0; sla != NULL && i < json_array_get_length (sla); i++)
    {
      JsonObject *milestone = sht_json_element (sla, i);

      if (g_strcmp0 (sht_json_string (milestone, "milestone"), milestone_names[SHT_MILESTONE_FIRST_RESPONSE]) == 0
          && does_meet (milestone_names[SHT_MILESTONE_FIRST_RESPONSE], to)
          && at < sht_json_int (milestone, "met_at", G_MAXINT64) && at >= sht_json_int (ticket, "created_at", G_MININT64))
        json_object_set_int_member (milestone, "met_at", at);
    }
}

static guint
read_pauses (JsonObject *ticket, ShtPause *pauses)
{
  JsonArray *array = sht_json_array (ticket, "pauses");
  guint n = 0;

  for (guint i = 0; array != NULL && i < json_array_get_length (array) && n < SHT_MAX_PAUSES; i++)
    {
      JsonObject *pause = sht_json_element (array, i);

      if (sht_json_has (pause, "from"))
        pauses[n++] = (ShtPause) { sht_json_int (pause, "from", 0), sht_json_int (pause, "to", G_MAXINT64) };
    }
  return n;
}

/* Pauses after it was met are not its own. */
static void
settle (JsonObject *owed, const ShtTown *town, gint64 from, gint64 met_at, const ShtPause *pauses, guint n)
{
  ShtUnit unit;
  gint64 amount = sht_json_int (owed, "amount", 0), due;
  gboolean stopped;

  if (amount < 1 || amount > SHT_TARGET_MOST || !sht_unit_parse (sht_json_string (owed, "unit"), &unit))
    return;
  while (n > 0 && pauses[n - 1].from >= met_at)
    n--;
  due = sht_clock_due (sht_town_find (town, sht_json_string (owed, "calendar")), unit, amount, from, pauses, n, &stopped);
  if (stopped || due == G_MAXINT64)
    remove_member (owed, "due_at");
  else
    json_object_set_int_member (owed, "due_at", due);
}

/**
 * sht_clock_settle:
 * @ticket: a ticket, changed in place
 * @town: (nullable): whose calendars there are
 *
 * Writes when each milestone and leg falls due, and the ticket's own `due_at`: what of its completion and its present leg comes
 * first. What stands, as the ticket waits, has none. A ticket that nothing was promised of here keeps the one that it came with.
 */
void
sht_clock_settle (JsonObject *ticket, const ShtTown *town)
{
  JsonArray *sla = sht_json_array (ticket, "sla"), *legs = sht_json_array (ticket, "legs");
  JsonObject *complete = find_milestone (sla, milestone_names[SHT_MILESTONE_COMPLETE]);
  gint64 created = sht_json_int (ticket, "created_at", 0), done_at = sht_json_int (complete, "met_at", G_MAXINT64), first;
  gboolean is_owed = sht_json_has (complete, "amount");
  ShtPause pauses[SHT_MAX_PAUSES];
  guint n = read_pauses (ticket, pauses);

  for (guint i = 0; sla != NULL && i < json_array_get_length (sla); i++)
    {
      JsonObject *milestone = sht_json_element (sla, i);

      settle (milestone, town, created, sht_json_int (milestone, "met_at", G_MAXINT64), pauses, n);
    }
  first = sht_json_int (complete, "due_at", G_MAXINT64);
  for (guint i = 0; legs != NULL && i < json_array_get_length (legs); i++)
    {
      JsonObject *leg = sht_json_element (legs, i);
      gint64 until = MIN (done_at, sht_json_int (leg, "to", G_MAXINT64));

      is_owed |= sht_json_has (leg, "amount");
      settle (leg, town, sht_json_int (leg, "from", created), until, pauses, n);
      if (until == G_MAXINT64)
        first = MIN (first, sht_json_int (leg, "due_at", G_MAXINT64));
    }
  /* What was promised elsewhere, of which only the time is known, stands. */
  if (!is_owed)
    return;
  if (first != G_MAXINT64)
    json_object_set_int_member (ticket, "due_at", first);
  else
    remove_member (ticket, "due_at");
}
