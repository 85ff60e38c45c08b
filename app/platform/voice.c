/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/voice.h"

#include "platform/image-private.h"

#include <unistd.h>

/* Five minutes take a second and a half on a laptop. */
#define TIMEOUT_MS 20000

/* Beside the program that decodes pictures, wherever that is. */
static char *
helper_path (void)
{
  const char *set = g_getenv ("SHETACH_VOICE_HELPER");
  g_autofree char *pictures = sht_image_helper_path ();
  g_autofree char *folder = g_path_get_dirname (pictures);

  return set != NULL && *set != '\0' ? g_strdup (set) : g_build_filename (folder, "shetach-voice", NULL);
}

/**
 * sht_voice_decode:
 * @note: a voice note of anybody's
 *
 * Decodes a voice note, in a confined process only; see %SHT_VOICE_RATE for what comes of it. Any thread; blocks for as
 * long as 20 seconds.
 *
 * Returns: (transfer full): the samples, or %NULL with a #ShtVoiceError or %G_IO_ERROR_CANCELLED
 */
GBytes *
sht_voice_decode (GBytes *note, GCancellable *cancellable, GError **error)
{
  g_autofree char *helper = helper_path ();
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) samples = NULL;
  ShtVoiceInfo info;
  gsize length;
  const guint8 *data = g_bytes_get_data (note, &length);
  gint64 wanted;

  if (!sht_voice_read (data, length, NULL, NULL, &info, error))
    return NULL;
  samples = sht_image_process_run ((const char *[]){ helper, NULL }, note, TIMEOUT_MS, "voice note", cancellable,
                                   &local_error);
  if (local_error != NULL && local_error->domain == G_IO_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  /* What comes back is believed as little as what went in: so many samples as the note's frames have, and no others. */
  wanted = info.duration_ms * SHT_VOICE_RATE / 1000;
  if (samples != NULL && g_bytes_get_size (samples) % sizeof (gint16) == 0
      && ABS ((gint64) (g_bytes_get_size (samples) / sizeof (gint16)) - wanted) < SHT_VOICE_RATE / 10)
    return g_steal_pointer (&samples);
  g_set_error_literal (error, SHT_VOICE_ERROR, SHT_VOICE_ERROR_HELPER, "this voice note cannot be played");
  return NULL;
}
