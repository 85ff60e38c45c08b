/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/merge.h"

#include "core/json.h"
#include "core/merge-private.h"

/* What a merge has to be told of the town, which is not looked up where nobody asks for it. */

/**
 * sht_merge_sets_clock:
 *
 * Returns: whether what falls due may change by it, so that the merge has to know the town's calendars
 */
gboolean
sht_merge_sets_clock (const ShtOperation *op)
{
  switch (op->kind)
    {
    case SHT_KIND_TICKET_CREATE:
    case SHT_KIND_TICKET_STATUS:
    case SHT_KIND_TICKET_ASSIGN:
    case SHT_KIND_TICKET_HAND_OVER:
    case SHT_KIND_TICKET_RESOLVE:
      return TRUE;
    case SHT_KIND_TICKET_SET:
      return sht_json_has (op->fields, "service") || sht_json_has (op->fields, "priority");
    case SHT_KIND_TICKET_NOTE:
    case SHT_KIND_PHOTO_ATTACH:
    case SHT_KIND_PHOTO_EDIT:
    case SHT_KIND_VOICE_ADD:
    case SHT_KIND_PLACE_REPORT:
    case SHT_KIND_PLACE_SET:
    case SHT_KIND_OBSTACLE_RAISE:
    case SHT_KIND_OBSTACLE_ANSWER:
    case SHT_KIND_OBSTACLE_PHOTO:
    case SHT_N_KINDS:
      break;
    }
  return FALSE;
}

/* Whether the ticket will be of the service that is wanted. */
static gboolean
gets_service (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *ticket)
{
  return ticket == NULL || sht_merge_stands (ctx, op, ticket, sht_field_find ("ticket", "service"), "service");
}

/**
 * sht_merge_needs_service:
 * @context: who, and with which rights
 * @operation: a valid operation
 * @current: (nullable): the entity as it stands
 *
 * Returns: (transfer none) (nullable): the code of the service that its merge has to know; %NULL when it needs none
 */
const char *
sht_merge_needs_service (const ShtMergeContext *ctx, const ShtOperation *op, JsonObject *current)
{
  const char *wanted = sht_json_string (op->fields, "service");
  const char *want = sht_json_string (op->fields, "want");
  gboolean of_service = sht_json_has (op->fields, "answers") || sht_json_has (op->fields, "priority");

  switch (op->kind)
    {
    case SHT_KIND_TICKET_CREATE:
      return wanted;
    case SHT_KIND_TICKET_SET:
      if (wanted != NULL && gets_service (ctx, op, current))
        return wanted;
      return wanted != NULL || of_service ? sht_json_string (current, "service") : NULL;
    case SHT_KIND_TICKET_STATUS:
      return g_strcmp0 (want, "waiting") == 0 || g_strcmp0 (want, "done") == 0 ? sht_json_string (current, "service") : NULL;
    case SHT_KIND_TICKET_RESOLVE:
      if (g_strcmp0 (sht_json_string (op->fields, "field"), "service") == 0 && sht_json_has (op->fields, "value"))
        return sht_json_string (op->fields, "value");
      return sht_json_string (current, "service");
    case SHT_KIND_TICKET_HAND_OVER:
      return sht_json_string (current, "service");
    case SHT_KIND_TICKET_NOTE:
    case SHT_KIND_TICKET_ASSIGN:
    case SHT_KIND_PHOTO_ATTACH:
    case SHT_KIND_PHOTO_EDIT:
    case SHT_KIND_VOICE_ADD:
    case SHT_KIND_PLACE_REPORT:
    case SHT_KIND_PLACE_SET:
    case SHT_KIND_OBSTACLE_RAISE:
    case SHT_KIND_OBSTACLE_ANSWER:
    case SHT_KIND_OBSTACLE_PHOTO:
    case SHT_N_KINDS:
      break;
    }
  return NULL;
}
