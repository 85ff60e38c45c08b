/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ticket.h"

#include "core/json.h"

static void
remove_member (JsonObject *object, const char *member)
{
  if (json_object_has_member (object, member))
    json_object_remove_member (object, member);
}

static void
meet (JsonObject *milestone, gint64 at)
{
  if (!sht_json_has (milestone, "met_at"))
    json_object_set_int_member (milestone, "met_at", at);
}

/* Milestones as a status is entered: the first visit is the first response, done is complete, waiting
 * pauses what is not yet met, and a reopening makes the completion owed again. */
static void
touch_milestones (JsonObject *ticket, ShtStatus from, ShtStatus to, gint64 at)
{
  JsonArray *sla = sht_json_array (ticket, "sla");

  for (guint i = 0; sla != NULL && i < json_array_get_length (sla); i++)
    {
      JsonObject *milestone = json_array_get_object_element (sla, i);
      const char *name = sht_json_string (milestone, "milestone");
      gint64 since = sht_json_int (milestone, "paused_since", 0);

      if (since > 0 && to != SHT_STATUS_WAITING)
        {
          json_object_set_int_member (milestone, "paused_ms",
                                      sht_json_int (milestone, "paused_ms", 0) + MAX (0, at - since));
          json_object_remove_member (milestone, "paused_since");
        }
      if (g_strcmp0 (name, "first_response") == 0
          && (to == SHT_STATUS_ON_THE_WAY || to == SHT_STATUS_IN_PROGRESS || to == SHT_STATUS_DONE))
        meet (milestone, at);
      if (g_strcmp0 (name, "make_safe") == 0 && to == SHT_STATUS_DONE)
        meet (milestone, at);
      if (g_strcmp0 (name, "complete") == 0 && (to == SHT_STATUS_DONE || to == SHT_STATUS_CLOSED))
        meet (milestone, at);
      if (g_strcmp0 (name, "complete") == 0 && sht_status_is_open (to) && !sht_status_is_open (from))
        remove_member (milestone, "met_at");
      if (to == SHT_STATUS_WAITING && from != SHT_STATUS_WAITING && !sht_json_has (milestone, "met_at"))
        json_object_set_int_member (milestone, "paused_since", at);
    }
}

/**
 * sht_ticket_enter_status:
 * @ticket: a ticket, changed in place
 * @from: where it stood
 * @to: where it stands from now on
 * @at: when, milliseconds since 1970 UTC
 *
 * Takes a ticket to a status with all that follows: milestones met, paused or owed again, the reason
 * of waiting gone when the waiting is over, closing time.
 */
void
sht_ticket_enter_status (JsonObject *ticket, ShtStatus from, ShtStatus to, gint64 at)
{
  json_object_set_string_member (ticket, "status", sht_status_name (to));
  touch_milestones (ticket, from, to, at);
  if (to != SHT_STATUS_WAITING)
    remove_member (ticket, "waiting_for");
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
