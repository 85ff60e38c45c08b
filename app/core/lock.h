/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A PIN has so many digits. */
#define SHT_PIN_MIN_DIGITS 4
#define SHT_PIN_MAX_DIGITS 8
/* What is read over the telephone when a PIN was forgotten, and what is answered: the last digit of each is a check digit. */
#define SHT_UNLOCK_DIGITS 8

/**
 * ShtLockTries:
 * @wrong: how many wrong tries in a row
 * @boot_id: (owned) (nullable): in which boot of the tablet the last one was
 * @boot_ms: CLOCK_BOOTTIME of that moment, milliseconds
 *
 * Wrong tries at a lock. The wall clock is not in it: who holds the tablet can set it.
 */
typedef struct
{
  guint wrong;
  char *boot_id;
  gint64 boot_ms;
} ShtLockTries;

gboolean sht_pin_is_valid (const char *pin);
gint64 sht_lock_delay_ms (guint wrong);
gint64 sht_lock_wait_ms (const ShtLockTries *tries, const char *boot_id, gint64 boot_ms);
void sht_lock_note_wrong (ShtLockTries *tries, const char *boot_id, gint64 boot_ms);
void sht_lock_tries_clear (ShtLockTries *tries);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShtLockTries, sht_lock_tries_clear)

char *sht_unlock_challenge (guint32 random) G_GNUC_WARN_UNUSED_RESULT;
char *sht_unlock_normalise (const char *digits) G_GNUC_WARN_UNUSED_RESULT;
char *sht_unlock_answer (const char *token_hash, const char *device, const char *challenge) G_GNUC_WARN_UNUSED_RESULT;
char *sht_unlock_spaced (const char *digits) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
