/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/engine-private.h"

#include "platform/recent-log.h"

static const char *const lanes[SHT_N_LANES] = { "steps", "news", "thumbnails", "photos", "voice notes", "positions", "maps" };
static const char *const touches[] = { "nothing was tried yet", "the hub answered", "the hub did not answer", "the login has ended",
                                       "an answer cannot be understood", "the hub has trouble", "this tablet is full",
                                       "this tablet's store fails" };

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

  g_string_append_printf (out, "touch: %s\nlast problem: %s\nlink: %s%s\n", touches[engine->touch], problem,
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
