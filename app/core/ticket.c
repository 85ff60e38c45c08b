/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ticket.h"

#include "core/json-slice.h"
#include "core/json.h"

static void
remove_member (JsonObject *object, const char *member)
{
  if (json_object_has_member (object, member))
    json_object_remove_member (object, member);
}

/**
 * sht_ticket_enter_status:
 * @ticket: a ticket, changed in place
 * @from: where it stood
 * @to: where it stands from now on
 * @waiting_for: (nullable): what for, when that is waiting
 * @at: when, milliseconds since 1970 UTC
 * @service: (nullable): its service; needed for waiting only
 * @town: (nullable): whose calendars there are
 *
 * Takes a ticket to a status with all that follows: milestones met, paused or owed again, what it waits for, closing time.
 */
void
sht_ticket_enter_status (JsonObject *ticket, ShtStatus from, ShtStatus to, const char *waiting_for, gint64 at,
                         JsonObject *service, const ShtTown *town)
{
  json_object_set_string_member (ticket, "status", sht_status_name (to));
  sht_clock_step (ticket, service, from, to, waiting_for, at);
  sht_clock_settle (ticket, town);
  sht_json_set_string (ticket, "waiting_for", to == SHT_STATUS_WAITING ? waiting_for : NULL);
  if (to != SHT_STATUS_DUPLICATE)
    remove_member (ticket, "duplicate_of");
  if (sht_status_is_open (to))
    remove_member (ticket, "closed_at");
  else if (!sht_json_has (ticket, "closed_at"))
    json_object_set_int_member (ticket, "closed_at", at);
}

/**
 * sht_ticket_start_leg:
 * @ticket: a ticket that has just come to its `department`, changed in place
 * @at: when, milliseconds since 1970 UTC
 *
 * Ends the leg of the department that held the ticket and starts the next.
 */
void
sht_ticket_start_leg (JsonObject *ticket, gint64 at)
{
  JsonArray *legs = sht_json_array (ticket, "legs");
  JsonObject *leg = json_object_new ();

  if (legs == NULL)
    {
      legs = json_array_new ();
      json_object_set_array_member (ticket, "legs", legs);
    }
  if (json_array_get_length (legs) > 0)
    json_object_set_int_member (json_array_get_object_element (legs, json_array_get_length (legs) - 1),
                                "to", at);
  sht_json_set_string (leg, "department", sht_json_string (ticket, "department"));
  json_object_set_int_member (leg, "from", at);
  json_array_add_object_element (legs, leg);
}

/**
 * sht_ticket_ensure_leg:
 * @ticket: a ticket, changed in place
 *
 * Gives a ticket that an import brought without legs its first: of its department, from the beginning.
 */
void
sht_ticket_ensure_leg (JsonObject *ticket)
{
  JsonArray *legs = sht_json_array (ticket, "legs");

  if (legs == NULL || json_array_get_length (legs) == 0)
    sht_ticket_start_leg (ticket, sht_json_int (ticket, "created_at", 0));
}

static void
add_holder (JsonArray *holders, const char *crew, gint64 from)
{
  JsonArray *holder = json_array_sized_new (2);

  if (crew != NULL)
    json_array_add_string_element (holder, crew);
  else
    json_array_add_null_element (holder);
  json_array_add_int_element (holder, from);
  json_array_add_array_element (holders, holder);
  if (json_array_get_length (holders) > SHT_TICKET_MAX_HOLDERS)
    json_array_remove_element (holders, 0);
}

/**
 * sht_ticket_set_crew:
 * @ticket: a ticket, changed in place
 * @crew: (nullable): who holds it from now on; %NULL: nobody
 * @at: when, milliseconds since 1970 UTC
 *
 * Gives a ticket to a crew, and remembers in its present leg since when: what falls due is the affair of who holds it then.
 */
void
sht_ticket_set_crew (JsonObject *ticket, const char *crew, gint64 at)
{
  const char *before = sht_json_string (ticket, "crew");
  JsonArray *legs, *holders;
  JsonObject *leg;

  if (g_strcmp0 (before, crew) == 0)
    return;
  sht_ticket_ensure_leg (ticket);
  legs = sht_json_array (ticket, "legs");
  leg = sht_json_element (legs, json_array_get_length (legs) - 1);
  holders = sht_json_array (leg, "crews");
  if (holders == NULL && leg != NULL)
    {
      holders = json_array_new ();
      json_object_set_array_member (leg, "crews", holders);
      /* A leg from before this was remembered. */
      if (before != NULL)
        add_holder (holders, before, sht_json_int (leg, "from", 0));
    }
  if (holders != NULL)
    add_holder (holders, crew, at);
  sht_json_set_string (ticket, "crew", crew);
}

/**
 * sht_ticket_note_reopening:
 * @ticket: a ticket that somebody found not to be over, changed in place
 * @at: when, milliseconds since 1970 UTC
 */
void
sht_ticket_note_reopening (JsonObject *ticket, gint64 at)
{
  JsonArray *times = sht_json_array (ticket, "reopened");

  if (times == NULL)
    {
      times = json_array_new ();
      json_object_set_array_member (ticket, "reopened", times);
    }
  json_array_add_int_element (times, at);
  if (json_array_get_length (times) > SHT_TICKET_MAX_REOPENINGS)
    json_array_remove_element (times, 0);
}

/**
 * sht_ticket_stub:
 * @ticket: a ticket
 *
 * What everybody in town may see of an open ticket, so that duplicates are found.
 *
 * Returns: (transfer full) (nullable): the stub as it is written; %NULL when the ticket is not open or has no position
 */
char *
sht_ticket_stub (JsonObject *ticket)
{
  ShtStatus status;
  GString *stub;

  if (!sht_status_parse (sht_json_string (ticket, "status"), &status) || !sht_status_is_open (status)
      || !sht_json_has (ticket, "lat_e7") || !sht_json_has (ticket, "lon_e7"))
    return NULL;
  stub = g_string_sized_new (200);
  g_string_append_c (stub, '{');
  sht_json_append_member (stub, "t", "stub");
  sht_json_append_member (stub, "id", sht_json_string (ticket, "id"));
  sht_json_append_member (stub, "service", sht_json_string (ticket, "service"));
  sht_json_append_member (stub, "status", sht_status_name (status));
  sht_json_append_member_int (stub, "lat_e7", sht_json_int (ticket, "lat_e7", 0));
  sht_json_append_member_int (stub, "lon_e7", sht_json_int (ticket, "lon_e7", 0));
  g_string_append_c (stub, '}');
  return g_string_free (stub, FALSE);
}
