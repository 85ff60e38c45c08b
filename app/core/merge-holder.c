/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/merge.h"

#include "core/json.h"
#include "core/merge-private.h"
#include "core/ticket.h"

/* Who holds a ticket: its department and its crew. */

static void
copy_text (JsonObject *to, JsonObject *from, const char *member)
{
  sht_json_set_string (to, member, sht_json_string (from, member));
}

/* sht_merge() for who is to do it */
void
sht_merge_assign (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *ticket, ShtOutcome *outcome)
{
  const char *crew = sht_json_string (op->fields, "crew");
  JsonNode *theirs = json_object_get_member (ticket, "crew");
  gboolean same = sht_json_nodes_equal (json_object_get_member (op->fields, "crew"), theirs);
  ShtStatus current = SHT_STATUS_NEW;
  ShtStatus next;

  sht_status_parse (sht_json_string (ticket, "status"), &current);
  if (sht_merge_is_over (ticket))
    {
      sht_merge_reject (outcome, "the ticket is no longer open");
      return;
    }
  if (!outcome->contribution && !same && !sht_merge_has_seen (ctx, op, ticket, "crew"))
    {
      /* Between two supervisors the later in the log wins; a crew that took it itself is overruled. */
      sht_merge_add_conflict (outcome, ticket, "crew", json_object_get_member (op->fields, "crew"), theirs, TRUE);
    }
  outcome->event = sht_merge_new_event (ctx, op, "assigned");
  copy_text (outcome->event->data, op->fields, "crew");
  if (theirs != NULL)
    json_object_set_member (outcome->event->data, "from_crew", json_node_copy (theirs));
  if (outcome->contribution)
    {
      /* The department that has it now gives it to its own crews. */
      json_object_set_boolean_member (outcome->event->data, "applied", FALSE);
      outcome->result = SHT_RESULT_MERGED;
      return;
    }
  copy_text (ticket, op->fields, "person");
  /* It is theirs already, and how far they have come with it stands. */
  if (same && crew != NULL && current != SHT_STATUS_NEW && current != SHT_STATUS_REOPENED)
    return;
  sht_ticket_set_crew (ticket, crew, ctx->at);
  sht_merge_stamp (ctx, ticket, "crew");
  next = crew != NULL ? SHT_STATUS_ASSIGNED : SHT_STATUS_NEW;
  if (!sht_status_is_open (current))
    sht_ticket_note_reopening (ticket, ctx->at);
  if (current != next)
    {
      sht_ticket_enter_status (ticket, current, next, NULL, ctx->at, ctx->service, ctx->town);
      sht_merge_stamp (ctx, ticket, "status");
    }
}

/* sht_merge() for another department */
void
sht_merge_hand_over (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *ticket, ShtOutcome *outcome)
{
  const char *to = sht_json_string (op->fields, "department");
  JsonNode *theirs = json_object_get_member (ticket, "department");
  gboolean seen = sht_merge_has_seen (ctx, op, ticket, "department");
  gboolean same = g_strcmp0 (sht_json_string (ticket, "department"), to) == 0;
  ShtStatus current = SHT_STATUS_NEW;

  sht_status_parse (sht_json_string (ticket, "status"), &current);
  outcome->event = sht_merge_new_event (ctx, op, "handed_over");
  copy_text (outcome->event->data, op->fields, "text");
  copy_text (outcome->event->data, ticket, "department");
  json_object_set_string_member (outcome->event->data, "to", to);
  /* It is there already, and how far they have come with it stands. */
  if (outcome->contribution || sht_merge_is_over (ticket) || (same && !seen))
    {
      outcome->result = SHT_RESULT_MERGED;
      json_object_set_boolean_member (outcome->event->data, "applied", FALSE);
      return;
    }
  if (!seen)
    {
      sht_merge_add_conflict (outcome, ticket, "department", json_object_get_member (op->fields, "department"),
                    theirs, FALSE);
      json_object_set_boolean_member (outcome->event->data, "applied", FALSE);
      return;
    }
  if (!sht_status_is_open (current))
    sht_ticket_note_reopening (ticket, ctx->at);
  sht_ticket_ensure_leg (ticket);
  json_object_set_string_member (ticket, "department", to);
  sht_json_set_string (ticket, "crew", NULL);
  sht_json_set_string (ticket, "person", NULL);
  sht_ticket_start_leg (ticket, ctx->at);
  sht_clock_begin_leg (ticket, ctx->service, ctx->town);
  sht_ticket_enter_status (ticket, current, SHT_STATUS_NEW, NULL, ctx->at, ctx->service, ctx->town);
  sht_merge_stamp (ctx, ticket, "department");
  sht_merge_stamp (ctx, ticket, "crew");
  sht_merge_stamp (ctx, ticket, "status");
}
