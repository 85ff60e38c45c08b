/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/lock/pin.h"

#include "core/json.h"
#include "platform/durable.h"

#include <sodium.h>
#include <string.h>

#define FILE_NAME "lock.json"
/* A fifth of a second on the machine it was written on, and some 0.4 s on a tablet; the memory is what an attacker's graphics
 * card has little of for each of its cores. */
#define OPSLIMIT 4
#define MEMLIMIT (64 * 1024 * 1024)

struct _ShtPin
{
  GMutex mutex;
  char *path;          /* (owned) */
  ShtStoreWorld world;
  char *hash;          /* (owned) (nullable): as crypto_pwhash_str() has it */
  char *challenge;     /* (owned) (nullable): asked, and not answered yet */
  gboolean must_change; /* a supervisor's code opened it, and no new PIN was chosen yet */
  gboolean broken;     /* the file is there and says nothing: nobody's PIN is right */
  ShtLockTries tries;
};

static void
load (ShtPin *self)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) json = NULL;

  if (!g_file_get_contents (self->path, &text, NULL, &error))
    {
      self->broken = !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
      return;
    }
  json = sht_json_parse_object (text, -1, NULL);
  self->hash = g_strdup (sht_json_string (json, "pin"));
  self->challenge = sht_unlock_normalise (sht_json_string (json, "challenge"));
  self->must_change = json != NULL && sht_json_bool (json, "must_change");
  self->tries.wrong = (guint) CLAMP (sht_json_int (json, "wrong", 0), 0, G_MAXINT);
  self->tries.boot_id = g_strdup (sht_json_string (json, "boot_id"));
  self->tries.boot_ms = sht_json_int (json, "boot_ms", 0);
  self->broken = self->hash == NULL;
}

static gboolean
save (ShtPin *self, GError **error)
{
  g_autoptr (JsonObject) json = json_object_new ();
  g_autofree char *text = NULL;

  sht_json_set_string (json, "pin", self->hash);
  if (self->tries.wrong > 0)
    {
      json_object_set_int_member (json, "wrong", self->tries.wrong);
      sht_json_set_string (json, "boot_id", self->tries.boot_id);
      json_object_set_int_member (json, "boot_ms", self->tries.boot_ms);
    }
  sht_json_set_string (json, "challenge", self->challenge);
  if (self->must_change)
    json_object_set_boolean_member (json, "must_change", TRUE);
  text = sht_json_to_string (json);
  return sht_durable_write (self->path, text, strlen (text), 0600, error);
}

/* Where the disk does not take it, the count is still kept as long as the program runs: a full disk must not keep
 * people from their work. */
static void
save_or_say (ShtPin *self)
{
  g_autoptr (GError) error = NULL;

  if (!save (self, &error))
    g_message ("lock: %s", error->message);
}

static gint64
wait_ms (ShtPin *self)
{
  return sht_lock_wait_ms (&self->tries, self->world.boot_id, self->world.boot_ms (self->world.data));
}

/* Counted and kept before anything is looked at, so that pulling the battery out does not give a try back. */
static gboolean
begin_try (ShtPin *self)
{
  if (wait_ms (self) > 0)
    return FALSE;
  sht_lock_note_wrong (&self->tries, self->world.boot_id, self->world.boot_ms (self->world.data));
  save_or_say (self);
  return TRUE;
}

static void
end_tries (ShtPin *self)
{
  sht_lock_tries_clear (&self->tries);
  g_clear_pointer (&self->challenge, g_free);
  save_or_say (self);
}

/**
 * sht_pin_new:
 * @folder: the store's
 * @world: the clocks
 *
 * Returns: (transfer full): what is kept there of a PIN
 */
ShtPin *
sht_pin_new (const char *folder, const ShtStoreWorld *world)
{
  ShtPin *self = g_new0 (ShtPin, 1);

  g_mutex_init (&self->mutex);
  self->path = g_build_filename (folder, FILE_NAME, NULL);
  self->world = *world;
  if (sodium_init () < 0)
    g_error ("libsodium cannot be used on this machine");
  load (self);
  return self;
}

void
sht_pin_free (ShtPin *self)
{
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self->hash);
  g_free (self->challenge);
  sht_lock_tries_clear (&self->tries);
  g_free (self);
}

/**
 * sht_pin_is_set:
 *
 * Returns: whether the tablet is to be opened by a PIN; a file that cannot be understood counts as one that nobody knows
 */
gboolean
sht_pin_is_set (ShtPin *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->hash != NULL || self->broken;
}

/**
 * sht_pin_must_change:
 *
 * Returns: whether a supervisor's code has opened it, and a new PIN is to be chosen before anything is shown
 */
gboolean
sht_pin_must_change (ShtPin *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->must_change;
}

/**
 * sht_pin_wait_ms:
 *
 * Returns: how long until the next try, milliseconds; 0 when it may be now
 */
gint64
sht_pin_wait_ms (ShtPin *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return wait_ms (self);
}

/**
 * sht_pin_set:
 * @pin: one that sht_pin_is_valid() takes
 *
 * Makes it the PIN from now on.
 *
 * Returns: %FALSE with a #GIOErrorEnum; then the one before stays
 */
gboolean
sht_pin_set (ShtPin *self, const char *pin, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  char hash[crypto_pwhash_STRBYTES];
  g_autofree char *before = NULL;
  gboolean had_to = self->must_change;

  g_return_val_if_fail (sht_pin_is_valid (pin), FALSE);
  if (crypto_pwhash_str (hash, pin, strlen (pin), OPSLIMIT, MEMLIMIT) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "there is not enough memory to keep a PIN");
      return FALSE;
    }
  before = self->hash;
  self->hash = g_strdup (hash);
  self->must_change = FALSE;
  if (save (self, error))
    {
      self->broken = FALSE;
      return TRUE;
    }
  g_free (self->hash);
  self->hash = g_steal_pointer (&before);
  self->must_change = had_to;
  return FALSE;
}

/**
 * sht_pin_remove:
 *
 * From now on nothing is asked.
 */
gboolean
sht_pin_remove (ShtPin *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr (GError) local_error = NULL;

  if (!g_file_delete (file, NULL, &local_error) && !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_clear_pointer (&self->hash, g_free);
  g_clear_pointer (&self->challenge, g_free);
  sht_lock_tries_clear (&self->tries);
  self->must_change = self->broken = FALSE;
  return sht_durable_sync_folder (folder, error);
}

/**
 * sht_pin_try:
 * @pin: what somebody typed
 *
 * A right one ends the count of wrong tries, and the question to a supervisor.
 */
ShtPinResult
sht_pin_try (ShtPin *self, const char *pin)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (!begin_try (self))
    return SHT_PIN_TOO_EARLY;
  if (!sht_pin_is_valid (pin) || self->hash == NULL || crypto_pwhash_str_verify (self->hash, pin, strlen (pin)) != 0)
    return SHT_PIN_WRONG;
  end_tries (self);
  return SHT_PIN_RIGHT;
}

/**
 * sht_pin_challenge:
 *
 * Returns: (transfer full) (nullable): what is read to a supervisor; the same until it is answered or the right PIN comes. %NULL
 *   with a #GIOErrorEnum when it cannot be kept
 */
char *
sht_pin_challenge (ShtPin *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  guint32 random;

  if (self->challenge != NULL)
    return g_strdup (self->challenge);
  self->world.random (self->world.data, (guint8 *) &random, sizeof random);
  self->challenge = sht_unlock_challenge (random);
  if (save (self, error))
    return g_strdup (self->challenge);
  g_clear_pointer (&self->challenge, g_free);
  return NULL;
}

/**
 * sht_pin_try_answer:
 * @answer: what the supervisor said
 * @token: this tablet's login
 * @device: its id
 *
 * Counts as a try like a PIN does. A right one is used up by this: from then on a new PIN is to be chosen.
 */
ShtPinResult
sht_pin_try_answer (ShtPin *self, const char *answer, const char *token, const char *device)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autofree char *said = sht_unlock_normalise (answer);
  g_autofree char *token_hash = sht_sha256_of_bytes (token, strlen (token));
  g_autofree char *right = NULL;

  if (!begin_try (self))
    return SHT_PIN_TOO_EARLY;
  if (said == NULL || self->challenge == NULL)
    return SHT_PIN_WRONG;
  right = sht_unlock_answer (token_hash, device, self->challenge);
  if (sodium_memcmp (said, right, SHT_UNLOCK_DIGITS) != 0)
    return SHT_PIN_WRONG;
  self->must_change = TRUE;
  end_tries (self);
  return SHT_PIN_RIGHT;
}
