/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/merge.h"

#include "core/field.h"
#include "core/form.h"
#include "core/json-slice.h"
#include "core/json.h"
#include "core/merge-private.h"
#include "core/ticket.h"

#include <string.h>

static const char *const result_names[SHT_N_RESULTS] = { "applied", "merged", "conflict", "rejected" };

const char *
sht_result_name (ShtResult result)
{
  g_return_val_if_fail (result < SHT_N_RESULTS, "rejected");
  return result_names[result];
}

gboolean
sht_result_parse (const char *name, ShtResult *result)
{
  guint index;

  if (!sht_name_find (result_names, SHT_N_RESULTS, name, &index))
    return FALSE;
  *result = (ShtResult) index;
  return TRUE;
}

static void
conflict_free (gpointer data)
{
  ShtConflict *conflict = data;

  g_free (conflict->field);
  g_clear_pointer (&conflict->mine, json_node_unref);
  g_clear_pointer (&conflict->theirs, json_node_unref);
  g_free (conflict->their_device);
  g_free (conflict);
}

void
sht_outcome_free (ShtOutcome *outcome)
{
  g_free (outcome->reason);
  g_clear_pointer (&outcome->entity, json_object_unref);
  g_clear_pointer (&outcome->event, sht_event_free);
  g_clear_pointer (&outcome->attached, json_object_unref);
  g_clear_pointer (&outcome->decided, json_object_unref);
  g_ptr_array_unref (outcome->conflicts);
  g_free (outcome);
}

/* The version of a field: [log number, device, device_seq, role of who set it, incarnation if told]. An answer without
 * one of its own may have that of all of them, from when they were one field. */
static JsonArray *
stamp_of (JsonObject *entity, const char *field)
{
  JsonObject *versions = sht_json_object (entity, "v");
  JsonArray *stamp = sht_json_array (versions, field);

  if (stamp == NULL && sht_answer_code (field) != NULL)
    stamp = sht_json_array (versions, "answers");
  return stamp != NULL && json_array_get_length (stamp) >= 4 ? stamp : NULL;
}

static const char *
incarnation_of (JsonArray *stamp)
{
  return json_array_get_length (stamp) > 4 ? json_array_get_string_element (stamp, 4) : NULL;
}

/**
 * sht_entity_version:
 * @entity: a ticket, photo or place
 * @field: one of its fields
 *
 * Returns: the log number of the field's last change, 0 when it is as it was made
 */
gint64
sht_entity_version (JsonObject *entity, const char *field)
{
  JsonArray *stamp = stamp_of (entity, field);

  return stamp != NULL ? json_array_get_int_element (stamp, 0) : 0;
}

/**
 * sht_entity_stamp:
 * @number: the log number of the change
 * @ctx: who changed it
 *
 * Notes who changed a field, and at which log number.
 */
void
sht_entity_stamp (JsonObject *entity, const char *field, gint64 number, const ShtMergeContext *ctx)
{
  JsonObject *versions = sht_json_object (entity, "v");
  JsonArray *stamp = json_array_sized_new (5);

  if (versions == NULL)
    {
      versions = json_object_new ();
      json_object_set_object_member (entity, "v", versions);
    }
  json_array_add_int_element (stamp, number);
  json_array_add_string_element (stamp, ctx->device);
  json_array_add_int_element (stamp, ctx->device_seq);
  json_array_add_string_element (stamp, sht_role_name (ctx->role));
  if (ctx->incarnation != NULL)
    json_array_add_string_element (stamp, ctx->incarnation);
  json_object_set_array_member (versions, field, stamp);
}

/* A tablet that replays has no log number yet. It keeps the one that it had seen, so that its next edit
 * of the field does not seem to know less than this one. */
void
sht_merge_stamp (const ShtMergeContext *ctx, JsonObject *entity, const char *field)
{
  gint64 number = ctx->number > 0 ? ctx->number : sht_entity_version (entity, field);

  sht_entity_stamp (entity, field, number, ctx);
}

/* Whether the tablet had seen the field as it is now; its own earlier operations count as seen, but not those
 * of another life of its store, which it may not hold. */
gboolean
sht_merge_has_seen (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *entity, const char *field)
{
  JsonArray *stamp_now = stamp_of (entity, field);
  gint64 all = sht_answer_code (field) != NULL ? sht_json_int (op->base, "answers", 0) : 0;
  gint64 seen = sht_json_int (op->base, field, all);

  if (stamp_now == NULL || json_array_get_int_element (stamp_now, 0) <= seen)
    return TRUE;
  return g_strcmp0 (json_array_get_string_element (stamp_now, 1), ctx->device) == 0
         && g_strcmp0 (incarnation_of (stamp_now), ctx->incarnation) == 0
         && json_array_get_int_element (stamp_now, 2) <= ctx->device_seq;
}

ShtRole
sht_merge_role_of_last (JsonObject *entity, const char *field)
{
  JsonArray *stamp_now = stamp_of (entity, field);
  ShtRole role = SHT_ROLE_SUPERVISOR;

  if (stamp_now != NULL)
    sht_role_parse (json_array_get_string_element (stamp_now, 3), &role);
  return role;
}

/* Whether what is wanted of a field comes to stand: of what was not seen, when it is the owner's. */
gboolean
sht_merge_stands (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *entity, const ShtField *field, const char *name)
{
  gboolean i_own = ctx->role >= field->owner;
  gboolean they_own = sht_merge_role_of_last (entity, name) >= field->owner;

  if (sht_merge_has_seen (ctx, op, entity, name))
    return TRUE;
  return i_own == they_own ? field->tie == SHT_TIE_LATER : i_own;
}

void
sht_merge_add_conflict (ShtOutcome *outcome, JsonObject *entity, const char *field, JsonNode *mine,
                        JsonNode *theirs, gboolean winner_is_mine)
{
  ShtConflict *conflict = g_new0 (ShtConflict, 1);
  JsonArray *stamp_now = stamp_of (entity, field);

  conflict->field = g_strdup (field);
  conflict->mine = mine != NULL ? json_node_copy (mine) : NULL;
  conflict->theirs = theirs != NULL ? json_node_copy (theirs) : NULL;
  conflict->winner_is_mine = winner_is_mine;
  conflict->their_number = sht_entity_version (entity, field);
  if (stamp_now != NULL)
    conflict->their_device = g_strdup (json_array_get_string_element (stamp_now, 1));
  g_ptr_array_add (outcome->conflicts, conflict);
  /* Should theirs be kept, it is as it was. */
  if (g_str_equal (field, "status") && outcome->event != NULL)
    sht_json_set_string (outcome->event->data, "their_waiting_for", sht_json_string (entity, "waiting_for"));
}

void
sht_merge_reject (ShtOutcome *outcome, const char *reason)
{
  outcome->result = SHT_RESULT_REJECTED;
  g_free (outcome->reason);
  outcome->reason = g_strdup (reason);
  g_ptr_array_set_size (outcome->conflicts, 0);
}

ShtEvent *
sht_merge_new_event (const ShtMergeContext *ctx, const ShtOperation *op, const char *kind)
{
  ShtEvent *event = g_new0 (ShtEvent, 1);
  GString *who = g_string_sized_new (500);

  event->id = g_strdup (op->id);
  event->parent = g_strdup (op->entity);
  event->of_place = op->kind == SHT_KIND_PLACE_REPORT || op->kind == SHT_KIND_PLACE_SET;
  event->kind = kind;
  event->who = who;
  event->data = json_object_new ();
  g_string_append (who, ",\"at\":");
  sht_json_append_int (who, ctx->at);
  if (ctx->received_at > 0)
    sht_json_append_member_int (who, "received_at", ctx->received_at);
  sht_json_append_member (who, "certainty", ctx->certainty);
  sht_json_append_member (who, "actor", op->actor);
  sht_json_append_member (who, "actor_name", ctx->actor_name);
  if (ctx->people != NULL)
    {
      sht_json_append_key (who, "people");
      sht_json_append_array (who, ctx->people);
    }
  sht_json_append_member (who, "device", ctx->device);
  sht_json_append_member (who, "crew", ctx->crew);
  if (ctx->crew == NULL)
    sht_json_append_member (who, "role", sht_role_name (ctx->role));
  return event;
}

static void
copy_text (JsonObject *to, JsonObject *from, const char *member)
{
  sht_json_set_string (to, member, sht_json_string (from, member));
}

/* A copy of it; null, and nothing, remove the member. */
void
sht_merge_put (JsonObject *object, const char *member, JsonNode *value)
{
  sht_fields_set (object, member, value != NULL && !JSON_NODE_HOLDS_NULL (value) ? json_node_copy (value) : NULL);
}

static void
create_ticket (const ShtMergeContext *ctx, const ShtOperation *op, ShtOutcome *outcome)
{
  JsonObject *ticket = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (sht_json_string (op->fields, "service") == NULL)
    {
      json_object_unref (ticket);
      sht_merge_reject (outcome, "a report needs a service");
      return;
    }
  json_object_set_string_member (ticket, "t", "ticket");
  json_object_set_string_member (ticket, "id", op->entity);
  json_object_set_string_member (ticket, "status", "new");
  json_object_iter_init_ordered (&iter, op->fields);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      const ShtField *field = sht_field_find ("ticket", name);

      if (field != NULL && ctx->role >= field->create && !JSON_NODE_HOLDS_NULL (node))
        json_object_set_member (ticket, name, json_node_copy (node));
    }
  if (!sht_json_has (ticket, "source"))
    json_object_set_string_member (ticket, "source", "crew");
  sht_json_set_string (ticket, "department",
                       sht_json_has (ctx->service, "department") ? sht_json_string (ctx->service, "department")
                                                                 : ctx->department);
  sht_json_set_string (ticket, "reporter_crew", ctx->crew);
  json_object_set_int_member (ticket, "created_at", ctx->at);
  sht_ticket_start_leg (ticket, ctx->at);
  sht_clock_begin_leg (ticket, ctx->service, ctx->town);
  sht_clock_begin (ticket, ctx->service, ctx->town);
  outcome->entity = ticket;
  outcome->event = sht_merge_new_event (ctx, op, "created");
  json_object_set_string_member (outcome->event->data, "source", sht_json_string (ticket, "source"));
}

/* What is closed, forwarded, cancelled or a duplicate is only recorded upon; it has to be reopened first. */
gboolean
sht_merge_is_over (JsonObject *entity)
{
  ShtStatus status = SHT_STATUS_NEW;

  sht_status_parse (sht_json_string (entity, "status"), &status);
  return sht_status_is_over (status);
}

/* Keeps in the journey what was wanted of something that has been taken away or is over. */
static void
record_fields (const ShtMergeContext *ctx, const ShtOperation *op, ShtOutcome *outcome)
{
  const char *type = sht_kind_entity_type (op->kind);
  g_autoptr (JsonObject) fields = sht_fields_flat (op->fields);
  JsonObject *wanted = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *mine;

  outcome->event = sht_merge_new_event (ctx, op, "edited");
  json_object_set_object_member (outcome->event->data, "fields", wanted);
  json_object_iter_init_ordered (&iter, fields);
  while (json_object_iter_next_ordered (&iter, &name, &mine))
    if (sht_field_find (type, name) != NULL)
      {
        JsonObject *change = json_object_new ();

        json_object_set_member (change, "to", json_node_copy (mine));
        json_object_set_object_member (wanted, name, change);
      }
  json_object_set_boolean_member (outcome->event->data, "applied", FALSE);
  g_ptr_array_set_size (outcome->conflicts, 0);
  outcome->result = SHT_RESULT_MERGED;
}

/* A number where a moment is asked for: the form has changed, or somebody else's program has made it up. */
static gboolean
fits_its_question (const ShtMergeContext *ctx, const char *field, JsonNode *value)
{
  const char *code = sht_answer_code (field);
  JsonObject *question = code != NULL ? sht_form_find (ctx->service, code) : NULL;

  return question == NULL || sht_answer_fits (question, value, NULL);
}

/* sht_merge() for the fields of an entity, as PROTOCOL.md has it under Fields */
void
sht_merge_set_fields (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *entity, ShtOutcome *outcome)
{
  const char *type = sht_kind_entity_type (op->kind);
  g_autoptr (JsonObject) fields = sht_fields_flat (op->fields);
  g_autoptr (JsonObject) changes = json_object_new ();
  guint wanted = 0;
  JsonObjectIter iter;
  const char *name;
  JsonNode *mine;

  json_object_iter_init_ordered (&iter, fields);
  while (json_object_iter_next_ordered (&iter, &name, &mine))
    {
      const ShtField *field = sht_field_find (type, name);
      JsonNode *theirs = sht_fields_get (entity, name);
      gboolean apply;

      if (field == NULL)
        continue;
      wanted++;
      if (ctx->role < field->edit)
        {
          g_autofree char *reason = g_strdup_printf ("a %s may not change %s",
                                                     sht_role_name (ctx->role), name);
          sht_merge_reject (outcome, reason);
          return;
        }
      if (!fits_its_question (ctx, name, mine))
        {
          sht_merge_reject (outcome, "an answer does not fit its question");
          return;
        }
      if (sht_json_nodes_equal (mine, theirs))
        continue;
      apply = sht_merge_stands (ctx, op, entity, field, name);
      if (!sht_merge_has_seen (ctx, op, entity, name))
        sht_merge_add_conflict (outcome, entity, name, mine, theirs, apply);
      if (apply)
        {
          JsonObject *change = json_object_new ();

          if (theirs != NULL)
            json_object_set_member (change, "from", json_node_copy (theirs));
          json_object_set_member (change, "to", json_node_copy (mine));
          json_object_set_object_member (changes, name, change);
        }
    }
  if (wanted == 0)
    {
      sht_merge_reject (outcome, "nothing in it can be changed");
      return;
    }
  if (outcome->contribution || (op->kind == SHT_KIND_TICKET_SET && sht_merge_is_over (entity)))
    {
      record_fields (ctx, op, outcome);
      return;
    }
  json_object_iter_init_ordered (&iter, changes);
  while (json_object_iter_next_ordered (&iter, &name, &mine))
    {
      sht_merge_put (entity, name, json_object_get_member (json_node_get_object (mine), "to"));
      sht_merge_stamp (ctx, entity, name);
    }
  /* Another service or priority promises other times, from the beginning. */
  if (json_object_has_member (changes, "service") || json_object_has_member (changes, "priority"))
    sht_clock_begin (entity, ctx->service, ctx->town);
  outcome->event = sht_merge_new_event (ctx, op, "edited");
  json_object_set_object_member (outcome->event->data, "fields", g_steal_pointer (&changes));
}

/* A photo that is missing never stops a step: what was said of it is kept, else that nothing was said. */
static void
tell_photos (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *data)
{
  JsonObject *without = sht_json_object (op->fields, "without");
  g_autoptr (JsonArray) unsaid = json_array_new ();

  if (without != NULL)
    json_object_set_member (data, "without", json_node_copy (json_object_get_member (op->fields, "without")));
  for (guint role = 0; role < SHT_N_PHOTO_ROLES; role++)
    if (ctx->missing_photos[role] > 0 && !sht_json_has (without, sht_photo_role_name (role)))
      json_array_add_string_element (unsaid, sht_photo_role_name (role));
  if (json_array_get_length (unsaid) > 0 && sht_json_bool (data, "applied"))
    json_object_set_array_member (data, "photos_missing", g_steal_pointer (&unsaid));
}

/* Nor does an answer: as a photo. */
static void
tell_answers (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *ticket, JsonObject *data)
{
  JsonObject *why = sht_json_object (op->fields, "unanswered");
  g_autoptr (GPtrArray) missing = sht_form_missing (ctx->service, sht_json_object (ticket, "answers"));
  g_autoptr (JsonArray) unsaid = json_array_new ();

  if (why != NULL)
    json_object_set_member (data, "unanswered", json_node_copy (json_object_get_member (op->fields, "unanswered")));
  for (guint i = 0; i < missing->len; i++)
    {
      const char *code = sht_json_string (g_ptr_array_index (missing, i), "code");

      if (!sht_json_has (why, code))
        json_array_add_string_element (unsaid, code);
    }
  if (json_array_get_length (unsaid) > 0 && sht_json_bool (data, "applied"))
    json_object_set_array_member (data, "answers_missing", g_steal_pointer (&unsaid));
}

static void
set_status (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *ticket, ShtOutcome *outcome)
{
  ShtStatus seen = SHT_STATUS_NEW, current = SHT_STATUS_NEW, wanted = SHT_STATUS_NEW;
  ShtVerdict verdict;
  JsonObject *data;

  sht_status_parse (sht_json_string (ticket, "status"), &current);
  sht_status_parse (sht_json_string (op->fields, "seen"), &seen);
  sht_status_parse (sht_json_string (op->fields, "want"), &wanted);
  verdict = sht_status_judge (ctx->role, seen, current, wanted);
  if (outcome->contribution && (verdict == SHT_VERDICT_APPLY || verdict == SHT_VERDICT_CONFLICT))
    verdict = SHT_VERDICT_RECORD;
  if (verdict == SHT_VERDICT_REFUSE)
    {
      g_autofree char *reason = g_strdup_printf ("a %s may not take a ticket from %s to %s",
                                                 sht_role_name (ctx->role), sht_status_name (seen),
                                                 sht_status_name (wanted));
      sht_merge_reject (outcome, reason);
      return;
    }
  outcome->event = sht_merge_new_event (ctx, op, "status");
  data = outcome->event->data;
  json_object_set_string_member (data, "from", sht_status_name (current));
  json_object_set_string_member (data, "to", sht_status_name (wanted));
  if (seen != current)
    json_object_set_string_member (data, "seen", sht_status_name (seen));
  copy_text (data, op->fields, "reason");
  copy_text (data, op->fields, "waiting_for");
  copy_text (data, op->fields, "duplicate_of");
  json_object_set_boolean_member (data, "applied", verdict == SHT_VERDICT_APPLY || verdict == SHT_VERDICT_SAME);
  tell_photos (ctx, op, data);
  if (wanted == SHT_STATUS_DONE)
    tell_answers (ctx, op, ticket, data);
  switch (verdict)
    {
    case SHT_VERDICT_APPLY:
      sht_ticket_enter_status (ticket, current, wanted, sht_json_string (op->fields, "waiting_for"), ctx->at, ctx->service,
                               ctx->town);
      copy_text (ticket, op->fields, "duplicate_of");
      sht_merge_stamp (ctx, ticket, "status");
      if (wanted == SHT_STATUS_REOPENED)
        sht_ticket_note_reopening (ticket, ctx->at);
      if (ctx->crew != NULL && !sht_json_has (ticket, "crew") && ctx->role == SHT_ROLE_CREW)
        {
          /* Whoever starts what nobody had been given has taken it. */
          sht_ticket_set_crew (ticket, ctx->crew, ctx->at);
          sht_merge_stamp (ctx, ticket, "crew");
        }
      break;
    case SHT_VERDICT_CONFLICT:
      {
        g_autoptr (JsonNode) mine = json_node_init_string (json_node_alloc (), sht_status_name (wanted));

        sht_merge_add_conflict (outcome, ticket, "status", mine, json_object_get_member (ticket, "status"), FALSE);
        break;
      }
    case SHT_VERDICT_RECORD:
    case SHT_VERDICT_SAME:
      sht_clock_recorded (ticket, wanted, ctx->at);
      outcome->result = SHT_RESULT_MERGED;
      break;
    case SHT_VERDICT_REFUSE:
      break;
    }
}

/* What hangs on a ticket or an obstacle from now on: it is told as it was given, but for what only the hub says. */
static void
attach (const ShtMergeContext *ctx, const ShtOperation *op, const char *type, ShtOutcome *outcome)
{
  static const char *const ours[] = { "t", "id", "ticket", "rev", "v", "have", NULL };
  JsonObject *given = sht_operation_attached (op);
  JsonObject *attached = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_set_string_member (attached, "t", type);
  json_object_set_string_member (attached, "id", sht_json_string (given, "id"));
  json_object_set_string_member (attached, "ticket", op->entity);
  json_object_iter_init_ordered (&iter, given);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (!g_strv_contains (ours, name))
      json_object_set_member (attached, name, json_node_copy (node));
  json_object_set_boolean_member (attached, "have", FALSE);
  sht_json_set_string (attached, "by", op->actor);
  outcome->attached = attached;
  outcome->event = sht_merge_new_event (ctx, op, type);
  if (op->kind == SHT_KIND_VOICE_ADD)
    json_object_set_int_member (outcome->event->data, "duration_ms", sht_json_int (attached, "duration_ms", 0));
  else
    {
      copy_text (outcome->event->data, attached, "role");
      copy_text (outcome->event->data, attached, "caption");
    }
  json_object_set_string_member (outcome->event->data, type, sht_json_string (given, "id"));
}

void
sht_merge_into (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *current, ShtOutcome *outcome)
{
  switch (op->kind)
    {
    case SHT_KIND_TICKET_CREATE:
      create_ticket (ctx, op, outcome);
      break;
    case SHT_KIND_TICKET_STATUS:
      set_status (ctx, op, current, outcome);
      break;
    case SHT_KIND_TICKET_SET:
    case SHT_KIND_PHOTO_EDIT:
      sht_merge_set_fields (ctx, op, current, outcome);
      break;
    case SHT_KIND_PLACE_SET:
      sht_merge_set_place (ctx, op, current, outcome);
      break;
    case SHT_KIND_TICKET_ASSIGN:
      sht_merge_assign (ctx, op, current, outcome);
      break;
    case SHT_KIND_TICKET_HAND_OVER:
      sht_merge_hand_over (ctx, op, current, outcome);
      break;
    case SHT_KIND_TICKET_NOTE:
      outcome->event = sht_merge_new_event (ctx, op, "note");
      copy_text (outcome->event->data, op->fields, "text");
      break;
    case SHT_KIND_PHOTO_ATTACH:
    case SHT_KIND_OBSTACLE_PHOTO:
      attach (ctx, op, "photo", outcome);
      break;
    case SHT_KIND_VOICE_ADD:
      attach (ctx, op, "voice", outcome);
      break;
    case SHT_KIND_PLACE_REPORT:
      sht_merge_report_place (ctx, op, current, outcome);
      break;
    case SHT_KIND_TICKET_RESOLVE:
      sht_merge_resolve (ctx, op, current, outcome);
      break;
    case SHT_KIND_OBSTACLE_RAISE:
    case SHT_KIND_OBSTACLE_ANSWER:
      sht_merge_obstacle (ctx, op, current, outcome);
      break;
    case SHT_N_KINDS:
      break;
    }
}

/* A photo's change is told in its ticket's journey. */
static void
point_event_at_ticket (ShtOutcome *outcome, const ShtOperation *op, JsonObject *photo)
{
  g_free (outcome->event->parent);
  outcome->event->parent = g_strdup (sht_json_string (photo, "ticket"));
  json_object_set_string_member (outcome->event->data, "photo", op->entity);
}

/**
 * sht_merge:
 * @context: who, when and with which rights
 * @operation: a valid operation
 * @current: (nullable): the entity as it stands, with its versions; it is changed in place. %NULL when
 *   there is none, which only what is new may meet
 *
 * The one function by which a person's intent becomes state, on the hub and on each tablet: by field
 * and by what was seen, never by the clock. Notes, photos and steps are always kept.
 *
 * Returns: (transfer full): what became of it
 */
ShtOutcome *
sht_merge (const ShtMergeContext *context, const ShtOperation *operation, JsonObject *current)
{
  ShtOutcome *outcome = g_new0 (ShtOutcome, 1);
  gboolean creates = sht_kind_makes (operation->kind);
  gboolean of_place = operation->kind == SHT_KIND_PLACE_REPORT || operation->kind == SHT_KIND_PLACE_SET;

  outcome->conflicts = g_ptr_array_new_with_free_func (conflict_free);
  if (!sht_kind_allowed (context->role, operation->kind))
    {
      g_autofree char *reason = g_strdup_printf ("a %s may not do %s", sht_role_name (context->role),
                                                 sht_kind_name (operation->kind));
      sht_merge_reject (outcome, reason);
      return outcome;
    }
  if (creates ? current != NULL : current == NULL)
    {
      sht_merge_reject (outcome, creates ? "one with this id exists" : "there is nothing with this id");
      return outcome;
    }
  if (!creates && !of_place && !context->in_scope)
    {
      if (!context->was_in_scope)
        {
          sht_merge_reject (outcome, "this was never with this crew");
          return outcome;
        }
      outcome->contribution = TRUE;
    }
  sht_merge_into (context, operation, current, outcome);
  if (outcome->result == SHT_RESULT_REJECTED)
    return outcome;
  for (guint i = 0; i < outcome->conflicts->len; i++)
    if (!((ShtConflict *) g_ptr_array_index (outcome->conflicts, i))->winner_is_mine)
      outcome->result = SHT_RESULT_CONFLICT;
  if (outcome->contribution && outcome->result == SHT_RESULT_APPLIED)
    outcome->result = SHT_RESULT_MERGED;
  if (outcome->contribution)
    outcome->event->contribution = TRUE;
  if (operation->kind == SHT_KIND_PHOTO_EDIT)
    point_event_at_ticket (outcome, operation, current);
  if (outcome->entity == NULL)
    outcome->entity = json_object_ref (current);
  if (!of_place && operation->kind != SHT_KIND_PHOTO_EDIT)
    json_object_set_int_member (outcome->entity, "updated_at",
                                MAX (context->at, sht_json_int (outcome->entity, "updated_at", 0)));
  return outcome;
}
