/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/keyring.h"

#include <libsecret/secret.h>
#include <string.h>

#define SERVICE "org.freedesktop.secrets"
/* As long as a person may look for the keyring's password. */
#define PATIENCE_S 60

static const SecretSchema schema = {
  "org.shetach.Shetach.Key",
  SECRET_SCHEMA_NONE,
  { { "name", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
  0, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
};

/* A person may be asked to unlock the keyring, and may have walked away. */
typedef struct
{
  GCancellable *cancellable; /* (owned) */
  GMutex lock;
  GCond over;
  gboolean done;
  GThread *thread;
} Patience;

static gpointer
wait_for_end (gpointer data)
{
  Patience *patience = data;
  gint64 until = g_get_monotonic_time () + PATIENCE_S * G_TIME_SPAN_SECOND;

  g_mutex_lock (&patience->lock);
  while (!patience->done && g_cond_wait_until (&patience->over, &patience->lock, until))
    ;
  g_mutex_unlock (&patience->lock);
  g_cancellable_cancel (patience->cancellable);
  return NULL;
}

static void
patience_begin (Patience *patience)
{
  patience->cancellable = g_cancellable_new ();
  patience->done = FALSE;
  g_mutex_init (&patience->lock);
  g_cond_init (&patience->over);
  patience->thread = g_thread_new ("keyring", wait_for_end, patience);
}

static void
patience_end (Patience *patience)
{
  g_mutex_lock (&patience->lock);
  patience->done = TRUE;
  g_cond_signal (&patience->over);
  g_mutex_unlock (&patience->lock);
  g_thread_join (patience->thread);
  g_cond_clear (&patience->over);
  g_mutex_clear (&patience->lock);
  g_object_unref (patience->cancellable);
}

static gboolean
is_running (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) answer = NULL;
  gboolean running = FALSE;

  if (bus == NULL)
    return FALSE;
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                        "NameHasOwner", g_variant_new ("(s)", SERVICE), G_VARIANT_TYPE ("(b)"),
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  if (answer != NULL)
    g_variant_get (answer, "(b)", &running);
  return running;
}

/**
 * sht_keyring_is_open:
 *
 * Returns: whether a Secret Service (freedesktop.org's Secret Service API) runs on the session's bus, and its default
 *   collection is unlocked. None is started, and nobody is asked.
 */
gboolean
sht_keyring_is_open (void)
{
  g_autoptr (SecretService) service = NULL;
  g_autoptr (SecretCollection) collection = NULL;

  if (!is_running ())
    return FALSE;
  service = secret_service_get_sync (SECRET_SERVICE_NONE, NULL, NULL);
  if (service != NULL)
    collection = secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, NULL);
  return collection != NULL && !secret_collection_get_locked (collection);
}

/**
 * sht_keyring_read:
 * @name: what it was written under
 *
 * Reads a secret from the session's Secret Service, which is started where it can be; it may ask a person to unlock it,
 * for a minute at the most.
 *
 * Returns: (transfer full) (nullable): the secret, to be given to sht_keyring_forget(); %NULL without an error when there
 *   is none, or none that may be read
 */
char *
sht_keyring_read (const char *name, GError **error)
{
  Patience patience;
  char *secret;

  patience_begin (&patience);
  secret = secret_password_lookup_nonpageable_sync (&schema, patience.cancellable, error, "name", name, NULL);
  patience_end (&patience);
  return secret;
}

/**
 * sht_keyring_forget:
 * @secret: (nullable) (transfer full): what sht_keyring_read() gave
 *
 * Overwrites it and lets it go.
 */
void
sht_keyring_forget (char *secret)
{
  secret_password_free (secret);
}

/**
 * sht_keyring_write:
 * @label: what a person sees in the keyring's own program
 * @secret: at most %SHT_KEYRING_MAX_SECRET bytes
 *
 * Writes a secret, over one of the same name.
 */
gboolean
sht_keyring_write (const char *name, const char *label, const char *secret, GError **error)
{
  Patience patience;
  gboolean written;

  g_return_val_if_fail (strlen (secret) <= SHT_KEYRING_MAX_SECRET, FALSE);
  patience_begin (&patience);
  written = secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, secret, patience.cancellable, error, "name",
                                        name, NULL);
  patience_end (&patience);
  return written;
}

/**
 * sht_keyring_remove:
 *
 * Removes a secret.
 *
 * Returns: %FALSE with an error when it may still be there; that there is none is no error
 */
gboolean
sht_keyring_remove (const char *name, GError **error)
{
  Patience patience;
  g_autoptr (GError) local_error = NULL;

  patience_begin (&patience);
  secret_password_clear_sync (&schema, patience.cancellable, &local_error, "name", name, NULL);
  patience_end (&patience);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
