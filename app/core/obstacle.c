/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/obstacle.h"

#include "core/json.h"
#include "core/merge-private.h"
#include "core/status.h"

static const char *const kind_names[SHT_N_OBSTACLE_KINDS] = {
  "department", "parts", "equipment", "access", "information", "safety", "other",
};

/**
 * sht_obstacle_kind_name:
 *
 * Returns: (transfer none): the kind's word in an operation
 */
const char *
sht_obstacle_kind_name (ShtObstacleKind kind)
{
  g_return_val_if_fail (kind < SHT_N_OBSTACLE_KINDS, "other");
  return kind_names[kind];
}

/**
 * sht_obstacle_kind_parse:
 *
 * Returns: %FALSE when @name is no kind
 */
gboolean
sht_obstacle_kind_parse (const char *name, ShtObstacleKind *kind)
{
  guint index;

  if (!sht_name_find (kind_names, SHT_N_OBSTACLE_KINDS, name, &index))
    return FALSE;
  *kind = (ShtObstacleKind) index;
  return TRUE;
}

static void
copy (JsonObject *to, JsonObject *from, const char *member)
{
  sht_json_set_string (to, member, sht_json_string (from, member));
}

/* Between whom it lies is its own: the department of who raised it, and the other. */
static void
raise_obstacle (const ShtMergeContext *ctx, const ShtOperation *op, ShtOutcome *outcome)
{
  JsonObject *obstacle;

  if (ctx->department == NULL && ctx->crew == NULL && !sht_json_has (op->fields, "department"))
    {
      sht_merge_reject (outcome, "say which department this concerns");
      return;
    }
  obstacle = json_object_new ();
  json_object_set_string_member (obstacle, "t", "obstacle");
  json_object_set_string_member (obstacle, "id", op->entity);
  json_object_set_string_member (obstacle, "status", "open");
  copy (obstacle, op->fields, "kind");
  copy (obstacle, op->fields, "text");
  copy (obstacle, op->fields, "ticket");
  sht_json_set_string (obstacle, "from", ctx->department);
  copy (obstacle, op->fields, "department");
  sht_json_set_string (obstacle, "crew", ctx->crew);
  sht_json_set_string (obstacle, "by", op->actor);
  json_object_set_int_member (obstacle, "at", ctx->at);
  outcome->entity = obstacle;
  outcome->event = sht_merge_new_event (ctx, op, "obstacle");
  copy (outcome->event->data, op->fields, "kind");
  copy (outcome->event->data, op->fields, "text");
}

/* Every answer is kept; whoever answers for a department may also say that this is settled. */
static void
answer (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *obstacle, ShtOutcome *outcome)
{
  gboolean settles = sht_json_bool (op->fields, "settles");
  JsonObject *data;

  if (settles && ctx->role < SHT_ROLE_SUPERVISOR)
    {
      sht_merge_reject (outcome, "a crew may answer, and not settle");
      return;
    }
  outcome->event = sht_merge_new_event (ctx, op, "answer");
  data = outcome->event->data;
  copy (data, op->fields, "text");
  if (!settles)
    return;
  json_object_set_boolean_member (data, "settles", TRUE);
  if (g_strcmp0 (sht_json_string (obstacle, "status"), "settled") == 0)
    return;
  json_object_set_string_member (obstacle, "status", "settled");
  json_object_set_int_member (obstacle, "settled_at", ctx->at);
}

/**
 * sht_merge_obstacle:
 * @obstacle: (nullable): as it stands, changed in place; %NULL for one that is raised
 *
 * What becomes of an obstacle by an operation on it. Nothing that is said of one takes anything back, so that no two of
 * them can conflict.
 */
void
sht_merge_obstacle (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *obstacle, ShtOutcome *outcome)
{
  if (op->kind == SHT_KIND_OBSTACLE_RAISE)
    raise_obstacle (ctx, op, outcome);
  else
    answer (ctx, op, obstacle, outcome);
}
