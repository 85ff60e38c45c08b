/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/field.h"
#include "core/merge.h"

G_BEGIN_DECLS

/* merge.c: what a decision shares with the other kinds */
gboolean sht_merge_has_seen (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *entity, const char *field);
ShtRole sht_merge_role_of_last (JsonObject *entity, const char *field);
gboolean sht_merge_stands (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *entity, const ShtField *field, const char *name);
void sht_merge_add_conflict (ShtOutcome *outcome, JsonObject *entity, const char *field, JsonNode *mine, JsonNode *theirs, gboolean winner_is_mine);
void sht_merge_reject (ShtOutcome *outcome, const char *reason);
ShtEvent *sht_merge_new_event (const ShtMergeContext *ctx, const ShtOperation *op, const char *kind) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_merge_is_over (JsonObject *entity);
void sht_merge_stamp (const ShtMergeContext *ctx, JsonObject *entity, const char *field);
void sht_merge_put (JsonObject *object, const char *member, JsonNode *value);
void sht_merge_set_fields (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *entity, ShtOutcome *outcome);
void sht_merge_into (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *current, ShtOutcome *outcome);

/* obstacle.c */
void sht_merge_obstacle (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *obstacle, ShtOutcome *outcome);

/* merge-holder.c */
void sht_merge_assign (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *ticket, ShtOutcome *outcome);
void sht_merge_hand_over (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *ticket, ShtOutcome *outcome);

/* merge-place.c */
void sht_merge_report_place (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *place, ShtOutcome *outcome);
void sht_merge_set_place (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *place, ShtOutcome *outcome);

/* resolve.c */
void sht_merge_resolve (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *ticket, ShtOutcome *outcome);

G_END_DECLS
