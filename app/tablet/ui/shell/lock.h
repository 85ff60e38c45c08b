/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/lock/pin.h"
#include "tablet/session/session.h"
#include "tablet/ui/shell/settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtLock:
 *
 * Whether the windows are locked. They are at the start when there is a PIN, when nobody has touched them for some time, and when
 * the tablet goes to sleep. Sync goes on behind, and notices come.
 *
 * ::changed: they are locked or open now, or there is a PIN or none
 */
#define SHT_TYPE_LOCK (sht_lock_get_type ())
G_DECLARE_FINAL_TYPE (ShtLock, sht_lock, SHT, LOCK, GObject)

/* The choices of how long nobody may touch it, in seconds; the first is what holds when nothing was chosen. */
extern const guint sht_lock_times[];
#define SHT_N_LOCK_TIMES 5

ShtLock *sht_lock_new (const char *folder, GtkApplication *application, ShtSession *session, ShtSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
ShtPin *sht_lock_get_pin (ShtLock *self);
ShtSession *sht_lock_get_session (ShtLock *self);
gboolean sht_lock_is_locked (ShtLock *self);
void sht_lock_lock (ShtLock *self);
void sht_lock_open (ShtLock *self);
void sht_lock_tell_pin (ShtLock *self);
guint sht_lock_get_time (ShtLock *self);
void sht_lock_set_time (ShtLock *self, guint seconds);

G_END_DECLS
