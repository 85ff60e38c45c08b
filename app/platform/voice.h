/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How a voice note is told over HTTP. */
#define SHT_VOICE_TYPE "audio/ogg; codecs=opus"
/* What a decoded voice note is: one channel of signed 16-bit samples in this machine's order, so many a second. */
#define SHT_VOICE_RATE 24000
/* How much is decoded at the most: a little more than a voice note may have, for the last frame. */
#define SHT_VOICE_MOST_MS (5 * 60 * 1000 + 1000)

#define SHT_VOICE_ERROR (sht_voice_error_quark ())
GQuark sht_voice_error_quark (void);

/**
 * ShtVoiceError:
 * @SHT_VOICE_ERROR_FORMAT: not Opus in Ogg, or nothing whole is in it
 * @SHT_VOICE_ERROR_TOO_LONG: longer than %SHT_VOICE_MOST_MS
 * @SHT_VOICE_ERROR_HELPER: the confined program that decodes did not do it
 */
typedef enum
{
  SHT_VOICE_ERROR_FORMAT,
  SHT_VOICE_ERROR_TOO_LONG,
  SHT_VOICE_ERROR_HELPER
} ShtVoiceError;

/**
 * ShtVoiceInfo:
 * @duration_ms: how long it plays, in milliseconds, by the frames that it holds
 * @whole: so many bytes from its start are whole pages; what is behind them was cut off, or is damaged
 * @skip: samples at 48000 a second that come before what is heard
 */
typedef struct
{
  gint64 duration_ms;
  gsize whole;
  guint skip;
} ShtVoiceInfo;

/* Returns %FALSE to end the reading. */
typedef gboolean (*ShtVoiceFunc) (gpointer data, const guint8 *packet, gsize length);

gboolean sht_voice_is_head (const guint8 *data, gsize length);
gboolean sht_voice_is_file (const char *path);
gboolean sht_voice_read (const guint8 *data, gsize length, ShtVoiceFunc each, gpointer user_data, ShtVoiceInfo *info, GError **error);
GBytes *sht_voice_decode (GBytes *note, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
