/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ticket.h"

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
 * sht_ticket_stub:
 * @ticket: a ticket
 *
 * What everybody in town may see of an open ticket, so that duplicates are found.
 *
 * Returns: (transfer full) (nullable): the stub; %NULL when the ticket is not open or has no position
 */
JsonObject *
sht_ticket_stub (JsonObject *ticket)
{
  ShtStatus status;
  JsonObject *stub;

  if (!sht_status_parse (sht_json_string (ticket, "status"), &status) || !sht_status_is_open (status)
      || !sht_json_has (ticket, "lat_e7") || !sht_json_has (ticket, "lon_e7"))
    return NULL;
  stub = json_object_new ();
  json_object_set_string_member (stub, "t", "stub");
  json_object_set_string_member (stub, "id", sht_json_string (ticket, "id"));
  sht_json_set_string (stub, "service", sht_json_string (ticket, "service"));
  json_object_set_string_member (stub, "status", sht_status_name (status));
  json_object_set_int_member (stub, "lat_e7", sht_json_int (ticket, "lat_e7", 0));
  json_object_set_int_member (stub, "lon_e7", sht_json_int (ticket, "lon_e7", 0));
  return stub;
}
