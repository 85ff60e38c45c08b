/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtSettings:
 *
 * What a person has chosen on this tablet, kept in a file beside the store, which it goes with: several stores may lie on one
 * machine. Where nothing was chosen it is what the town has set for its tablets by GSettings, if anything.
 *
 * ::changed (settings): another choice was made; its key is the signal's detail
 */
#define SHT_TYPE_SETTINGS (sht_settings_get_type ())
G_DECLARE_FINAL_TYPE (ShtSettings, sht_settings, SHT, SETTINGS, GObject)

#define SHT_SETTING_LANGUAGE "language"
#define SHT_SETTING_STYLE "style"
#define SHT_SETTING_TEXT_SIZE "text-size"
/* `right` or `left`: the hand that taps */
#define SHT_SETTING_HAND "hand"
/* after how many seconds without a touch the windows lock, where there is a PIN */
#define SHT_SETTING_LOCK_AFTER "lock-after"
/* `off`: the tablet is not to know where it is; `on` and nothing: it may */
#define SHT_SETTING_POSITION "position"
/* when notices keep quiet: nothing or `off-shift` for outside of the shift, `never`, or `HH-HH`, hours of the tablet's clock */
#define SHT_SETTING_QUIET "quiet"
/* `off`: notices make no sound; `on` and nothing: they do */
#define SHT_SETTING_SOUNDS "sounds"
#define SHT_SETTING_PAGE "page"
#define SHT_SETTING_TICKET "ticket"

ShtSettings *sht_settings_new (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
char *sht_settings_get (ShtSettings *self, const char *key) G_GNUC_WARN_UNUSED_RESULT;
void sht_settings_set (ShtSettings *self, const char *key, const char *value);
int sht_settings_get_text_size (ShtSettings *self);

G_END_DECLS
