/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/engine-private.h"

/* Others' voice notes come by themselves, one at a time and behind all else, so that they can be heard with no signal. */

/* A tablet that is nearly full looks now and then whether it still is. */
#define FULL_RETRY_MS 30000
/* So often the hub may give another number of bytes than a voice note has, and tell of other things in between. */
#define MOST_ODD 8

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

/* Fewer bytes were cut off on the way, and others are a gateway's, which answers so to everything: that is tried again. When
 * the hub has told what is new each time in between, they are its own. */
static gboolean
is_odd_for_good (ShtEngine *engine, const char *voice)
{
  if (g_strcmp0 (engine->odd, voice) != 0)
    {
      g_free (engine->odd);
      engine->odd = g_strdup (voice);
      engine->odd_times = 0;
    }
  if (engine->odd_times == 0 || engine->told >= engine->odd_wanted)
    {
      engine->odd_times++;
      sht_engine_want_pull (engine);
      engine->odd_wanted = engine->wanted;
    }
  return engine->odd_times > MOST_ODD;
}

/**
 * sht_engine_download_answer:
 *
 * Takes in what the hub gave. What is not the voice note is given up, and never keeps those behind it waiting for long.
 */
void
sht_engine_download_answer (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms)
{
  g_autoptr (ShtVoiceWanted) wanted = g_steal_pointer (&engine->downloading);
  g_autoptr (ShtAnswer) none = sht_answer_new (0);
  g_autoptr (GError) error = NULL;
  gint64 length = answer->body != NULL ? (gint64) g_bytes_get_size (answer->body) : 0;
  gboolean ok;

  if (answer->status == 200 && length == wanted->size)
    ok = sht_store_take_voice (engine->store, wanted, answer->body, &error);
  else if (answer->status == 200 ? is_odd_for_good (engine, wanted->id) : answer->status == 404 && sht_answer_is_the_hubs (answer))
    ok = sht_store_give_voice_up (engine->store, wanted, &error);
  else
    {
      sht_engine_failed (engine, SHT_LANE_VOICES, answer->status == 200 ? none : answer, mono_ms);
      return;
    }
  if (ok || g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_MALFORMED))
    sht_engine_succeeded (engine, SHT_LANE_VOICES);
  else if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NO_ROOM))
    engine->lanes[SHT_LANE_VOICES].retry_at = mono_ms + FULL_RETRY_MS;
  else
    sht_engine_break (engine, g_steal_pointer (&error));
}
