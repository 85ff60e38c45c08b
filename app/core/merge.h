/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/event.h"
#include "core/operation.h"
#include "core/photo-rule.h"

G_BEGIN_DECLS

/**
 * ShtResult:
 * @SHT_RESULT_APPLIED: done as it was meant
 * @SHT_RESULT_MERGED: taken in beside what others did; the journey has it
 * @SHT_RESULT_CONFLICT: something stands against it: kept, to be decided
 * @SHT_RESULT_REJECTED: not allowed or not possible: kept, to be read
 */
typedef enum
{
  SHT_RESULT_APPLIED,
  SHT_RESULT_MERGED,
  SHT_RESULT_CONFLICT,
  SHT_RESULT_REJECTED,
  SHT_N_RESULTS
} ShtResult;

/**
 * ShtMergeContext:
 * @number: the log number that the operation's effects will have; 0 when a tablet replays
 * @device: id of the tablet
 * @device_seq: the tablet's own number of the operation
 * @incarnation: (nullable): which life of the tablet's store gave that number
 * @role: the right that the tablet was enrolled with
 * @crew: (nullable): its crew
 * @department: (nullable): its department
 * @at: when it happened, corrected, milliseconds since 1970 UTC
 * @certainty: (nullable): "sure", "corrected" or "clamped"; %NULL on a tablet
 * @received_at: when the hub took it in; 0 on a tablet
 * @actor_name: (nullable): the person's name, for the journey
 * @people: (nullable): who was there, for the journey, see sht_people_tell()
 * @in_scope: whether the ticket is among those that the tablet may change now
 * @was_in_scope: whether it once was
 * @service: (nullable): of the ticket as it will be: what it promises, and who handles it; not needed for every kind, see
 *   sht_merge_needs_service()
 * @town: (nullable): whose calendars there are
 * @decided: (nullable): for a decision, the event that holds the conflict; it is changed in place
 * @missing_photos: for a step to done, by role how many photos the service asks for that are not there
 *
 * What the merge has to know beside the operation and the entity.
 */
typedef struct
{
  gint64 number;
  const char *device;
  gint64 device_seq;
  const char *incarnation;
  ShtRole role;
  const char *crew;
  const char *department;
  gint64 at;
  const char *certainty;
  gint64 received_at;
  const char *actor_name;
  JsonArray *people;
  gboolean in_scope;
  gboolean was_in_scope;
  JsonObject *service;
  const ShtTown *town;
  JsonObject *decided;
  guint missing_photos[SHT_N_PHOTO_ROLES];
} ShtMergeContext;

/**
 * ShtConflict:
 * @field: (owned): which field
 * @mine: (owned) (nullable): what the operation wanted
 * @theirs: (owned) (nullable): what stands against it
 * @winner_is_mine: whether the operation's value stands, and the other has to be told
 * @their_device: (owned) (nullable): whose tablet set the other
 * @their_number: the log number of that
 */
typedef struct
{
  char *field;
  JsonNode *mine;
  JsonNode *theirs;
  gboolean winner_is_mine;
  char *their_device;
  gint64 their_number;
} ShtConflict;

/**
 * ShtOutcome:
 * @result: what became of the operation
 * @reason: (owned) (nullable): in plain English, why it was rejected
 * @entity: (owned) (nullable): the entity as it is now; %NULL when it has not changed
 * @event: (owned) (nullable): the step for the journey
 * @attached: (owned) (nullable): a new photo or voice note
 * @decided: (owned) (nullable): the event whose conflict is decided by this, as it is from now on
 * @conflicts: (owned) (element-type ShtConflict): what stands against what
 * @contribution: whether this is work on something that had been taken away meanwhile
 */
typedef struct
{
  ShtResult result;
  char *reason;
  JsonObject *entity;
  ShtEvent *event;
  JsonObject *attached;
  JsonObject *decided;
  GPtrArray *conflicts;
  gboolean contribution;
} ShtOutcome;

const char *sht_result_name (ShtResult result);
gboolean sht_result_parse (const char *name, ShtResult *result);

gboolean sht_merge_sets_clock (const ShtOperation *operation);
const char *sht_merge_needs_service (const ShtMergeContext *context, const ShtOperation *operation, JsonObject *current);
ShtOutcome *sht_merge (const ShtMergeContext *context, const ShtOperation *operation, JsonObject *current) G_GNUC_WARN_UNUSED_RESULT;
void sht_outcome_free (ShtOutcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtOutcome, sht_outcome_free)

void sht_entity_stamp (JsonObject *entity, const char *field, gint64 number, const ShtMergeContext *context);
gint64 sht_entity_version (JsonObject *entity, const char *field);

G_END_DECLS
