/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/resolve.h"

#include "core/field.h"
#include "core/form.h"
#include "core/json.h"
#include "core/merge-private.h"

/* A conflict lies in the event of the operation that met it, so that it goes wherever the ticket goes:
 * `data.conflicts`, a fact for each field, and `undecided`, how many of them are open. A decision is an
 * operation of its own; it closes the fact and leaves both values where they are. */

/**
 * sht_conflict_facts:
 * @holder: (nullable): an event, or a push's result
 *
 * Returns: (transfer none) (nullable): the facts of its conflicts
 */
JsonArray *
sht_conflict_facts (JsonObject *holder)
{
  JsonObject *data = sht_json_object (holder, "data");

  return sht_json_array (data != NULL ? data : holder, "conflicts");
}

/**
 * sht_conflict_find:
 *
 * Returns: (transfer none) (nullable): the fact about @field
 */
JsonObject *
sht_conflict_find (JsonObject *holder, const char *field)
{
  JsonArray *facts = sht_conflict_facts (holder);

  for (guint i = 0; facts != NULL && i < json_array_get_length (facts); i++)
    {
      JsonNode *node = json_array_get_element (facts, i);

      if (JSON_NODE_HOLDS_OBJECT (node)
          && g_strcmp0 (sht_json_string (json_node_get_object (node), "field"), field) == 0)
        return json_node_get_object (node);
    }
  return NULL;
}

gboolean
sht_conflict_is_open (JsonObject *fact)
{
  return sht_json_object (fact, "resolved") == NULL;
}

/* Writes `undecided` as the event's facts have it; it goes with the last of them. */
static void
count_open (JsonObject *event)
{
  JsonArray *facts = sht_conflict_facts (event);
  gint64 open = 0;

  for (guint i = 0; facts != NULL && i < json_array_get_length (facts); i++)
    open += sht_conflict_is_open (json_array_get_object_element (facts, i));
  if (open > 0)
    json_object_set_int_member (event, "undecided", open);
  else if (json_object_has_member (event, "undecided"))
    json_object_remove_member (event, "undecided");
}

/* What a step says beside its status, and means nothing without. */
static void
copy_step (JsonObject *to, JsonObject *from)
{
  static const char *const members[] = { "waiting_for", "duplicate_of" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    sht_json_set_string (to, members[i], sht_json_string (from, members[i]));
}

/* The decision as the operation that it stands for, so that it goes by the same rules. @decision: what its event tells */
static ShtOperation *
as_operation (const ShtOperation *op, JsonObject *ticket, const char *field, JsonNode *value, JsonObject *decision)
{
  ShtKind kind = g_str_equal (field, "status")       ? SHT_KIND_TICKET_STATUS
                 : g_str_equal (field, "crew")       ? SHT_KIND_TICKET_ASSIGN
                 : g_str_equal (field, "department") ? SHT_KIND_TICKET_HAND_OVER
                                                     : SHT_KIND_TICKET_SET;
  ShtOperation *sub = sht_operation_new (kind, op->id, op->entity, op->at);

  sub->base = op->base != NULL ? json_object_ref (op->base) : NULL;
  sub->actor = g_strdup (op->actor);
  sht_fields_set (sub->fields, kind == SHT_KIND_TICKET_STATUS ? "want" : field,
                  value != NULL ? json_node_copy (value) : json_node_new (JSON_NODE_NULL));
  if (kind == SHT_KIND_TICKET_STATUS)
    {
      json_object_set_string_member (sub->fields, "seen", sht_json_string (ticket, "status"));
      copy_step (sub->fields, decision);
    }
  return sub;
}

/* Whose value it is that stands: to overrule a field's owner takes the owner, however well one has seen it. */
static gboolean
may_overrule (const ShtMergeContext *ctx, const ShtOperation *sub, JsonObject *ticket, const char *field)
{
  const ShtField *row = sht_field_find ("ticket", field);

  if (!sht_kind_allowed (ctx->role, sub->kind))
    return FALSE;
  return row == NULL || ctx->role >= row->owner || sht_merge_role_of_last (ticket, field) < row->owner;
}

/* Lets the value stand that was decided for. What its role may not set, or had not seen, is a conflict again,
 * of the decision's own: the field's owner finds it there. */
static gboolean
let_stand (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *ticket, const char *field,
           JsonNode *value, ShtOutcome *outcome)
{
  g_autoptr (ShtOperation) sub = as_operation (op, ticket, field, value, outcome->event->data);
  g_autoptr (ShtOutcome) done = g_new0 (ShtOutcome, 1);
  JsonNode *before = sht_fields_get (ticket, field);
  g_autoptr (JsonNode) stood = before != NULL ? json_node_copy (before) : NULL;
  gboolean again = !may_overrule (ctx, sub, ticket, field) || !sht_merge_has_seen (ctx, op, ticket, field);

  done->conflicts = g_ptr_array_new ();
  if (!again)
    {
      if (sht_operation_validate (sub, NULL))
        sht_merge_into (ctx, sub, ticket, done);
      else
        done->result = SHT_RESULT_REJECTED;
      /* A ticket that is over is only recorded upon, this too. */
      again = done->result == SHT_RESULT_REJECTED && !sht_merge_is_over (ticket);
    }
  if (again)
    sht_merge_add_conflict (outcome, ticket, field, value, stood, FALSE);
  return !again && sht_json_nodes_equal (sht_fields_get (ticket, field), value);
}

static void
close_fact (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *fact, const char *keep)
{
  JsonObject *resolved = json_object_new ();

  json_object_set_string_member (resolved, "op", op->id);
  json_object_set_string_member (resolved, "keep", keep);
  json_object_set_int_member (resolved, "at", ctx->at);
  sht_json_set_string (resolved, "by", op->actor);
  sht_json_set_string (resolved, "name", ctx->actor_name);
  json_object_set_string_member (resolved, "role", sht_role_name (ctx->role));
  json_object_set_object_member (fact, "resolved", resolved);
}

/* Between two decisions the higher role's stands, between two of the same role the later in the log. */
static gboolean
is_decided_above (const ShtMergeContext *ctx, JsonObject *fact)
{
  ShtRole role = SHT_ROLE_CREW;

  sht_role_parse (sht_json_string (sht_json_object (fact, "resolved"), "role"), &role);
  return role > ctx->role;
}

/* sht_merge() for what a person decided about a conflict. */
void
sht_merge_resolve (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *ticket, ShtOutcome *outcome)
{
  const char *field = sht_json_string (op->fields, "field");
  const char *keep = sht_json_string (op->fields, "keep");
  JsonObject *fact = sht_conflict_find (ctx->decided, field);
  JsonNode *value = json_object_get_member (fact != NULL ? fact : op->fields, keep);
  /* A photo's words are changed by an edit of the photo; here it is only put away. */
  gboolean of_photo = sht_json_has (sht_json_object (ctx->decided, "data"), "photo");
  JsonObject *data;
  gboolean stands;

  if (fact == NULL || g_strcmp0 (sht_json_string (ctx->decided, "ticket"), op->entity) != 0)
    {
      sht_merge_reject (outcome, "there is no such conflict on this ticket");
      return;
    }
  if (!sht_json_nodes_equal (json_object_get_member (op->fields, "value"), value))
    {
      sht_merge_reject (outcome, "the value is not the one that was kept with the conflict");
      return;
    }
  outcome->event = sht_merge_new_event (ctx, op, "resolved");
  data = outcome->event->data;
  json_object_set_string_member (data, "op", sht_json_string (op->fields, "op"));
  json_object_set_string_member (data, "field", field);
  json_object_set_string_member (data, "keep", keep);
  if (value != NULL)
    json_object_set_member (data, "value", json_node_copy (value));
  if (g_str_equal (field, "status") && g_str_equal (keep, "mine"))
    copy_step (data, sht_json_object (ctx->decided, "data"));
  else if (g_str_equal (field, "status"))
    sht_json_set_string (data, "waiting_for", sht_json_string (sht_json_object (ctx->decided, "data"), "their_waiting_for"));
  if (outcome->contribution || is_decided_above (ctx, fact))
    {
      json_object_set_boolean_member (data, "applied", FALSE);
      outcome->result = SHT_RESULT_MERGED;
      return;
    }
  if (sht_fields_get (ticket, field) != NULL && !of_photo)
    json_object_set_member (data, "from", json_node_copy (sht_fields_get (ticket, field)));
  stands = of_photo || sht_json_nodes_equal (value, sht_fields_get (ticket, field))
           || let_stand (ctx, op, ticket, field, value, outcome);
  json_object_set_boolean_member (data, "applied", stands);
  if (!stands && outcome->conflicts->len == 0)
    outcome->result = SHT_RESULT_MERGED;
  close_fact (ctx, op, fact, keep);
  count_open (ctx->decided);
  outcome->decided = json_object_ref (ctx->decided);
}
