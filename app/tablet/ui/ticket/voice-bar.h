/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtVoiceBar:
 *
 * A voice note to be heard: play and pause, how far it is, and a slider to any place in it.
 */
#define SHT_TYPE_VOICE_BAR (sht_voice_bar_get_type ())
G_DECLARE_FINAL_TYPE (ShtVoiceBar, sht_voice_bar, SHT, VOICE_BAR, GtkBox)

GtkWidget *sht_voice_bar_new (void);
void sht_voice_bar_set_note (ShtVoiceBar *self, const char *path, gint64 duration_ms);
char *sht_voice_bar_clock (gint64 ms) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
