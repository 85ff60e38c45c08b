/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/engine-private.h"

#include "tablet/store/position.h"
#include "tablet/sync/retry.h"

#include <string.h>

/* Where the crew is is behind all else: it is tried again at leisure, for by then there is something newer. */
#define AGAIN_MS 30000
/* A hub that does not know of positions, or does not want this tablet's, may one day. */
#define UNWANTED_MS (3600 * 1000)

/**
 * sht_engine_next_positions:
 *
 * Returns: (transfer full) (nullable): a request that tells where the crew is, %NULL when there is nothing to tell
 */
ShtRequest *
sht_engine_next_positions (ShtEngine *engine)
{
  g_autoptr (GError) error = NULL;
  char *body;
  ShtRequest *request;

  if (engine->store->device.crew == NULL)
    return NULL;
  body = sht_store_next_positions (engine->store, &engine->telling, &error);
  if (error != NULL)
    sht_engine_break (engine, g_steal_pointer (&error));
  if (body == NULL)
    return NULL;
  request = sht_request_new (SHT_LANE_POSITIONS, "POST", "/v1/positions");
  request->content_type = "application/json";
  request->body = g_bytes_new_take (body, strlen (body));
  return request;
}

/**
 * sht_engine_positions_answer:
 *
 * What the hub has heard goes, and what it will not hear too. That it does not want to is nobody's trouble, and not told.
 */
void
sht_engine_positions_answer (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms)
{
  ShtLaneState *lane = &engine->lanes[SHT_LANE_POSITIONS];
  g_autoptr (GError) error = NULL;

  if (answer->status == 401 || sht_retry_is_transient (answer->status))
    {
      sht_engine_failed (engine, SHT_LANE_POSITIONS, answer, mono_ms);
      lane->retry_at = MAX (lane->retry_at, mono_ms + AGAIN_MS);
      return;
    }
  if (!sht_store_told_positions (engine->store, engine->telling, &error))
    {
      sht_engine_break (engine, g_steal_pointer (&error));
      return;
    }
  if (answer->status == 200)
    sht_engine_succeeded (engine, SHT_LANE_POSITIONS);
  else
    lane->retry_at = mono_ms + UNWANTED_MS;
}
