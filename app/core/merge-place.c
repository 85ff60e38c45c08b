/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/merge.h"

#include "core/form.h"
#include "core/json.h"
#include "core/merge-private.h"

/* Places: what is found there, and how they are. */

/* sht_merge() for what somebody has found */
void
sht_merge_report_place (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *place, ShtOutcome *outcome)
{
  JsonObject *report = json_object_new ();
  static const char *const members[] = { "what", "lat_e7", "lon_e7", "text" };

  outcome->event = sht_merge_new_event (ctx, op, "place_report");
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonNode *node = json_object_get_member (op->fields, members[i]);

      sht_merge_put (report, members[i], node);
      sht_merge_put (outcome->event->data, members[i], node);
    }
  sht_json_set_string (report, "by", op->actor);
  sht_json_set_string (report, "crew", ctx->crew);
  json_object_set_int_member (report, "at", ctx->at);
  json_object_set_object_member (place, "report", report);
  sht_merge_stamp (ctx, place, "report");
}

static JsonNode *
overruled (const ShtOutcome *outcome, const char *field)
{
  for (guint i = 0; i < outcome->conflicts->len; i++)
    {
      ShtConflict *conflict = g_ptr_array_index (outcome->conflicts, i);

      if (conflict->winner_is_mine && g_str_equal (conflict->field, field))
        return conflict->theirs;
    }
  return NULL;
}

/* sht_merge() for how it is. Nobody is told of what happens to a place but by the place: where another's word gives way
 * that had not been seen, it stands there as what was reported, for both of them to look at. */
void
sht_merge_set_place (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *place, ShtOutcome *outcome)
{
  static const char *const axes[] = { "lat_e7", "lon_e7" };
  JsonNode *state;
  JsonObject *report;

  sht_merge_set_fields (ctx, op, place, outcome);
  if (outcome->result == SHT_RESULT_REJECTED)
    return;
  /* What it answers goes, and stands in the step alone. */
  report = sht_json_object (place, "report");
  if (report != NULL)
    json_object_set_object_member (outcome->event->data, "report", json_object_ref (report));
  json_object_remove_member (place, "report");
  state = overruled (outcome, "state");
  if (state == NULL && overruled (outcome, axes[0]) == NULL && overruled (outcome, axes[1]) == NULL)
    return;
  report = json_object_new ();
  if (state != NULL)
    json_object_set_string_member (report, "what", g_strcmp0 (json_node_get_string (state), "missing") == 0 ? "missing" : "ok");
  else
    {
      json_object_set_string_member (report, "what", "moved");
      for (guint i = 0; i < G_N_ELEMENTS (axes); i++)
        {
          JsonNode *theirs = overruled (outcome, axes[i]);

          sht_merge_put (report, axes[i], theirs != NULL ? theirs : sht_fields_get (place, axes[i]));
        }
    }
  json_object_set_int_member (report, "at", ctx->at);
  json_object_set_object_member (place, "report", report);
  sht_merge_stamp (ctx, place, "report");
}
