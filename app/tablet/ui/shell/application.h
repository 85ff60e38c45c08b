/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"
#include "tablet/ui/shell/lock.h"
#include "tablet/ui/shell/settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtApplication:
 *
 * The program: its options, its choices, and the window, which is made anew in another language.
 */
#define SHT_TYPE_APPLICATION (sht_application_get_type ())
G_DECLARE_FINAL_TYPE (ShtApplication, sht_application, SHT, APPLICATION, AdwApplication)

ShtApplication *sht_application_new (void) G_GNUC_WARN_UNUSED_RESULT;
ShtSession *sht_application_get_session (ShtApplication *self);
ShtSettings *sht_application_get_settings (ShtApplication *self);
void sht_application_apply_hand (ShtApplication *self);
void sht_application_show_anew (ShtApplication *self);
ShtLock *sht_application_get_lock (ShtApplication *self);
void sht_application_set_language (ShtApplication *self, const char *language);
void sht_application_apply_style (ShtApplication *self);
void sht_application_say (ShtApplication *self, const char *words);
void sht_application_apply_text_size (ShtApplication *self);

G_END_DECLS
