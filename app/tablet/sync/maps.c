/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/engine-private.h"

#include "core/protocol.h"
#include "tablet/sync/retry.h"

#include <stdio.h>

/* Maps come in parts, behind all else that is to be sent and pulled. A part is what the link carries in about a second, so that
 * whatever is done meanwhile never waits longer for it. */

#define PART_MS 1000
#define FIRST_PART_BYTES (256 * 1024)
/* A tablet without room, or a hub that has another version now, is asked again after so long. */
#define LATER_MS 30000

static gboolean
others_wait (ShtEngine *engine)
{
  return engine->lanes[SHT_LANE_PUSH].busy || engine->lanes[SHT_LANE_THUMBS].busy || engine->lanes[SHT_LANE_PHOTOS].busy
         || engine->lanes[SHT_LANE_VOICES].busy || engine->page != NULL || !engine->pulled_all;
}

/**
 * sht_engine_wants_map:
 *
 * Returns: whether a map is to be fetched, and there is leave to do so
 */
gboolean
sht_engine_wants_map (ShtEngine *engine)
{
  return !engine->no_room_for_map && sht_store_wants_map (engine->store, engine->sparing);
}

static gboolean
find_map (ShtEngine *engine, GError **error)
{
  g_autoptr (ShtMapDownload) next = NULL;

  if (engine->map != NULL && !engine->look_for_map)
    return TRUE;
  engine->look_for_map = FALSE;
  g_clear_pointer (&engine->map, sht_map_download_free);
  engine->map = sht_store_next_map (engine->store, engine->sparing, error);
  return engine->map != NULL;
}

/**
 * sht_engine_next_map_part:
 *
 * Returns: (transfer full) (nullable): the request for the next part of a map
 */
ShtRequest *
sht_engine_next_map_part (ShtEngine *engine)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL, *range = NULL;
  ShtRequest *request;
  gint64 offset, left;

  if (others_wait (engine))
    return NULL;
  if (!find_map (engine, &error))
    {
      if (error != NULL)
        sht_engine_break (engine, g_steal_pointer (&error));
      return NULL;
    }
  offset = sht_map_download_get_offset (engine->map);
  left = sht_map_download_get_size (engine->map) - offset;
  engine->no_room_for_map = !sht_store_has_room_for_map (engine->store, left, NULL);
  if (engine->no_room_for_map)
    {
      g_clear_pointer (&engine->map, sht_map_download_free);
      engine->lanes[SHT_LANE_MAPS].retry_at = engine->mono_ms + LATER_MS;
      return NULL;
    }
  if (engine->map_part == 0)
    engine->map_part = FIRST_PART_BYTES;
  path = g_strconcat ("/v1/maps/", sht_map_download_get_sha256 (engine->map), NULL);
  range = g_strdup_printf ("bytes=%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, offset,
                           offset + MAX (1, MIN (left, engine->map_part)) - 1);
  request = sht_request_new (SHT_LANE_MAPS, "GET", path);
  sht_request_set_header (request, "Range", range);
  return request;
}

/* Returns: whether the answer is the part that was asked for, or the whole where that is the same */
static gboolean
is_the_part (ShtEngine *engine, ShtAnswer *answer)
{
  const char *told = sht_answer_header (answer, "content-range");
  gint64 offset = sht_map_download_get_offset (engine->map), size = sht_map_download_get_size (engine->map);
  gint64 length = answer->body != NULL ? (gint64) g_bytes_get_size (answer->body) : 0;
  gint64 from, last, all;
  char end;

  if (answer->status == 200)
    return offset == 0 && length == size;
  return answer->status == 206 && length > 0 && told != NULL
         && sscanf (told, "bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "%c", &from, &last, &all, &end) == 3
         && from == offset && all == size && last - from + 1 == length;
}

static void
size_part (ShtEngine *engine, gsize length, gint64 took_ms)
{
  gint64 fits = (gint64) length * PART_MS / MAX (took_ms, 1);

  /* at most twice as much as was seen to go */
  engine->map_part = CLAMP (MIN (fits, 2 * engine->map_part), SHT_MAP_PART_LEAST_BYTES, SHT_MAP_PART_MOST_BYTES);
}

static void
later (ShtEngine *engine, gint64 mono_ms)
{
  g_clear_pointer (&engine->map, sht_map_download_free);
  engine->lanes[SHT_LANE_MAPS].retry_at = mono_ms + LATER_MS;
}

static void
take_part (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms)
{
  g_autoptr (GError) error = NULL;
  gsize length = g_bytes_get_size (answer->body);
  gboolean ok;

  size_part (engine, length, mono_ms - engine->lanes[SHT_LANE_MAPS].sent_mono);
  ok = sht_store_take_map_part (engine->store, engine->map, answer->body, &error);
  if (ok)
    {
      sht_engine_succeeded (engine, SHT_LANE_MAPS);
      if (sht_map_download_get_offset (engine->map) == sht_map_download_get_size (engine->map))
        g_clear_pointer (&engine->map, sht_map_download_free);
    }
  else if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_MALFORMED)
           || g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NO_ROOM))
    later (engine, mono_ms);
  else
    {
      g_clear_pointer (&engine->map, sht_map_download_free);
      sht_engine_break (engine, g_steal_pointer (&error));
    }
}

/**
 * sht_engine_map_answer:
 *
 * Keeps the part that came. A link that breaks costs that part alone, and the next is smaller.
 */
void
sht_engine_map_answer (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms)
{
  /* somebody has changed their mind meanwhile */
  if (engine->map == NULL)
    return;
  if (is_the_part (engine, answer))
    take_part (engine, answer, mono_ms);
  else if (answer->status == 404 && sht_answer_is_the_hubs (answer))
    {
      /* a newer version stands in its place, or none: the pull will tell */
      later (engine, mono_ms);
      sht_engine_want_pull (engine);
    }
  else
    {
      engine->map_part = MAX (engine->map_part / 2, SHT_MAP_PART_LEAST_BYTES);
      engine->look_for_map = TRUE;
      sht_engine_failed (engine, SHT_LANE_MAPS, answer, mono_ms);
    }
}
