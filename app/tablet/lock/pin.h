/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/lock.h"
#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtPin:
 *
 * The tablet's PIN, as a file beside the store that only its owner can read: its Argon2id hash, the wrong tries, and
 * what a supervisor is asked when it was forgotten. It may be called from any thread; those that look at a
 * PIN take some tenths of a second, on purpose.
 */
typedef struct _ShtPin ShtPin;

/**
 * ShtPinResult:
 * @SHT_PIN_RIGHT: it opens
 * @SHT_PIN_WRONG: it does not
 * @SHT_PIN_TOO_EARLY: it was not looked at, for the delay after the last wrong one is not over
 */
typedef enum
{
  SHT_PIN_RIGHT,
  SHT_PIN_WRONG,
  SHT_PIN_TOO_EARLY
} ShtPinResult;

ShtPin *sht_pin_new (const char *folder, const ShtStoreWorld *world) G_GNUC_WARN_UNUSED_RESULT;
void sht_pin_free (ShtPin *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtPin, sht_pin_free)

gboolean sht_pin_is_set (ShtPin *self);
gboolean sht_pin_must_change (ShtPin *self);
gint64 sht_pin_wait_ms (ShtPin *self);

gboolean sht_pin_set (ShtPin *self, const char *pin, GError **error);
gboolean sht_pin_remove (ShtPin *self, GError **error);
ShtPinResult sht_pin_try (ShtPin *self, const char *pin);

char *sht_pin_challenge (ShtPin *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ShtPinResult sht_pin_try_answer (ShtPin *self, const char *answer, const char *token, const char *device);

G_END_DECLS
