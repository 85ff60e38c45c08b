/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/engine-private.h"

#include "platform/recent-log.h"

static const char *const lanes[SHT_N_LANES] = {
  [SHT_LANE_PUSH] = "steps",      [SHT_LANE_PULL] = "news",
  [SHT_LANE_THUMBS] = "thumbnails", [SHT_LANE_PHOTOS] = "photos",
  [SHT_LANE_VOICES] = "voice notes", [SHT_LANE_POSITIONS] = "positions",
  [SHT_LANE_MAPS] = "maps",
};

static const char *
touch_words (ShtTouch touch)
{
  switch (touch)
    {
    case SHT_TOUCH_GOOD:
      return "the hub answered";
    case SHT_TOUCH_NONE:
      return "the hub did not answer";
    case SHT_TOUCH_LOGIN_ENDED:
      return "the login has ended";
    case SHT_TOUCH_SEALED:
      return "the office has sealed this tablet";
    case SHT_TOUCH_MISFIT:
      return "an answer cannot be understood";
    case SHT_TOUCH_HUB_TROUBLE:
      return "the hub has trouble";
    case SHT_TOUCH_FULL:
      return "this tablet is full";
    case SHT_TOUCH_BROKEN:
      return "this tablet's store fails";
    default:
      return "nothing was tried yet";
    }
}

/**
 * sht_engine_describe:
 *
 * Returns: (transfer full): how its lanes are doing, in lines of English for whoever looks for a fault; nothing personal
 */
char *
sht_engine_describe (ShtEngine *engine)
{
  g_autofree char *problem = sht_recent_log_clean (engine->problem != NULL ? engine->problem : "none");
  const ShtEngineCounts *counts = &engine->counts;
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "touch: %s\nlast problem: %s\nlink: %s%s\n", touch_words (engine->touch), problem,
                          engine->link_up ? "up" : "down", engine->sparing ? ", sparing" : "");
  g_string_append_printf (out, "since the start: %u pages in, %u steps and %u files out, %" G_GUINT64_FORMAT " bytes up, %" G_GUINT64_FORMAT
                               " down\n",
                          counts->pulled, counts->pushed, counts->uploaded, counts->bytes_up, counts->bytes_down);
  for (guint i = 0; i < SHT_N_LANES; i++)
    {
      const ShtLaneState *lane = &engine->lanes[i];
      gint64 wait = lane->retry_at > engine->mono_ms ? lane->retry_at - engine->mono_ms : 0;

      g_string_append_printf (out, "%s: %s, failed %u times in a row", lanes[i], lane->busy ? "under way" : "rests", lane->failures);
      if (wait > 0)
        g_string_append_printf (out, ", tries again in %" G_GINT64_FORMAT " ms", wait);
      g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}
