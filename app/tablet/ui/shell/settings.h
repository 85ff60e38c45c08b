/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * ShtSettings:
 *
 * What a person has chosen on this tablet, kept in a file beside the store: a schema for GSettings is not
 * there when the program is run from where it was built.
 */
#define SHT_TYPE_SETTINGS (sht_settings_get_type ())
G_DECLARE_FINAL_TYPE (ShtSettings, sht_settings, SHT, SETTINGS, GObject)

#define SHT_SETTING_LANGUAGE "language"
#define SHT_SETTING_STYLE "style"
#define SHT_SETTING_TEXT_SIZE "text-size"
/* `right` or `left`: the hand that taps */
#define SHT_SETTING_HAND "hand"
/* `off`: the tablet is not to know where it is */
#define SHT_SETTING_POSITION "position"
/* after how many seconds without a touch the windows lock, where there is a PIN */
#define SHT_SETTING_LOCK_AFTER "lock-after"
#define SHT_SETTING_PAGE "page"
#define SHT_SETTING_TICKET "ticket"

ShtSettings *sht_settings_new (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
char *sht_settings_get (ShtSettings *self, const char *key) G_GNUC_WARN_UNUSED_RESULT;
void sht_settings_set (ShtSettings *self, const char *key, const char *value);
int sht_settings_get_text_size (ShtSettings *self);

G_END_DECLS
