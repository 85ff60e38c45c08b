/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtVoicePlayer:
 *
 * Plays one voice note. Its bytes may be anybody's: they are decoded in a confined process, and only bare samples come
 * to GStreamer. When one begins, the one that played falls silent.
 *
 * ::changed: it has begun, paused, moved on or come to its end
 * ::failed (why: GError): it cannot be played
 */
#define SHT_TYPE_VOICE_PLAYER (sht_voice_player_get_type ())
G_DECLARE_FINAL_TYPE (ShtVoicePlayer, sht_voice_player, SHT, VOICE_PLAYER, GObject)

ShtVoicePlayer *sht_voice_player_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_voice_player_is_playing (ShtVoicePlayer *self);
gint64 sht_voice_player_get_position (ShtVoicePlayer *self);
void sht_voice_player_play (ShtVoicePlayer *self);
void sht_voice_player_pause (ShtVoicePlayer *self);
void sht_voice_player_seek (ShtVoicePlayer *self, gint64 position_ms);

G_END_DECLS
