/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/engine-private.h"

/* Others' voice notes come by themselves, one at a time and behind all else, so that they can be heard with no signal. */

/* A tablet that is nearly full looks now and then whether it still is. */
#define FULL_RETRY_MS 30000

/**
 * sht_engine_wants_voice:
 *
 * Returns: whether there is a voice note to be fetched, and leave and room to do so
 */
gboolean
sht_engine_wants_voice (ShtEngine *engine)
{
  g_autoptr (ShtVoiceWanted) wanted = NULL;

  if (engine->sparing || sht_store_room (engine->store, NULL) >= SHT_ROOM_NO_PHOTOS)
    return FALSE;
  wanted = sht_store_next_voice (engine->store, NULL);
  return wanted != NULL;
}

/**
 * sht_engine_next_download:
 *
 * Returns: (transfer full) (nullable): the request for the next voice note
 */
ShtRequest *
sht_engine_next_download (ShtEngine *engine)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  if (engine->sparing)
    return NULL;
  g_clear_pointer (&engine->downloading, sht_voice_wanted_free);
  engine->downloading = sht_store_next_voice (engine->store, &error);
  if (error != NULL)
    sht_engine_break (engine, g_steal_pointer (&error));
  if (engine->downloading == NULL)
    return NULL;
  if (sht_store_room (engine->store, NULL) >= SHT_ROOM_NO_PHOTOS)
    {
      engine->lanes[SHT_LANE_VOICES].retry_at = engine->mono_ms + FULL_RETRY_MS;
      return NULL;
    }
  path = g_strconcat ("/v1/photos/", engine->downloading->sha256, NULL);
  return sht_request_new (SHT_LANE_VOICES, "GET", path);
}

/**
 * sht_engine_download_answer:
 *
 * Takes in what the hub gave. What is not the voice note is given up, and never keeps those behind it waiting.
 */
void
sht_engine_download_answer (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms)
{
  g_autoptr (ShtVoiceWanted) wanted = g_steal_pointer (&engine->downloading);
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (answer->status == 200 && answer->body != NULL)
    ok = sht_store_take_voice (engine->store, wanted, answer->body, &error);
  else if (answer->status == 404 && sht_answer_is_the_hubs (answer))
    ok = sht_store_give_voice_up (engine->store, wanted, &error);
  else
    {
      sht_engine_failed (engine, SHT_LANE_VOICES, answer, mono_ms);
      return;
    }
  if (ok || g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_MALFORMED))
    sht_engine_succeeded (engine, SHT_LANE_VOICES);
  else if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NO_ROOM))
    engine->lanes[SHT_LANE_VOICES].retry_at = mono_ms + FULL_RETRY_MS;
  else
    sht_engine_break (engine, g_steal_pointer (&error));
}
