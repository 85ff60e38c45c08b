/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtVoiceRecorder:
 *
 * The tablet's microphone, by GStreamer, into a file of Opus in Ogg. What is spoken is on the disk within a second; it
 * stops by itself after the longest time that a voice note may have, or when it is let go of.
 *
 * ::level (level: double, elapsed_ms: int64): how loud it is, 0 to 1, and for how long it has run
 * ::stopped: the file is complete; nothing comes after it
 * ::failed (why: GError): it cannot be started, or it broke; what had been recorded is in the file
 */
#define SHT_TYPE_VOICE_RECORDER (sht_voice_recorder_get_type ())
G_DECLARE_FINAL_TYPE (ShtVoiceRecorder, sht_voice_recorder, SHT, VOICE_RECORDER, GObject)

ShtVoiceRecorder *sht_voice_recorder_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
void sht_voice_recorder_stop (ShtVoiceRecorder *self);

G_END_DECLS
