/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/seal.h"

#include "core/json.h"
#include "platform/durable.h"
#include "platform/keyring.h"
#include "tablet/store/doc-marks.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_NAME "seal.json"
#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define NAME_BYTES 16
#define VARIANT sodium_base64_VARIANT_ORIGINAL

/* The one member that says who a resident is, how to reach them and what is known about them. In JSON these bytes are
 * a member's name: within a text each quote has a backslash before it. */
#define RESIDENT "\"resident\":"
#define SEALED "\"sealed:"
/* What could not be kept, for want of a key. */
#define LEFT_OUT "\"sealed\""

/* A step of the journey that is about it tells it under other names too. */
static const char *const members[] = { RESIDENT, "\"mine\":", "\"theirs\":", "\"value\":", "\"from\":" };

struct _ShtSeal
{
  gatomicrefcount references;
  GMutex lock;
  char *folder;
  char *name; /* (nullable): under which the key lies in the keyring */
  ShtSealPlace place;
  guint8 *key; /* (nullable): %KEY_BYTES, out of the swap */
};

static GMutex seals_lock;
static GHashTable *seals; /* folder → ShtSeal, not owned */

/* --- where the key lies --- */

static char *
path_of (const char *folder)
{
  return g_build_filename (folder, FILE_NAME, NULL);
}

static char *
new_text (gsize bytes)
{
  g_autofree guint8 *random = g_malloc (bytes);
  char *text = g_malloc (sodium_base64_ENCODED_LEN (bytes, VARIANT));

  randombytes_buf (random, bytes);
  sodium_bin2base64 (text, sodium_base64_ENCODED_LEN (bytes, VARIANT), random, bytes, VARIANT);
  sodium_memzero (random, bytes);
  return text;
}

static gboolean
set_key (ShtSeal *seal, const char *text)
{
  gsize length = 0;

  if (seal->key == NULL)
    seal->key = sodium_malloc (KEY_BYTES);
  if (text != NULL && seal->key != NULL
      && sodium_base642bin (seal->key, KEY_BYTES, text, strlen (text), NULL, &length, NULL, VARIANT) == 0 && length == KEY_BYTES)
    return TRUE;
  g_clear_pointer (&seal->key, sodium_free);
  return FALSE;
}

static gboolean
write_file (ShtSeal *seal, ShtSealPlace place, const char *key, GError **error)
{
  static const char *const names[] = { "", "keyring", "file", "destroyed" };
  g_autoptr (JsonObject) json = json_object_new ();
  g_autofree char *path = path_of (seal->folder);
  g_autofree char *text = NULL;
  gboolean written;

  json_object_set_string_member (json, "place", names[place]);
  sht_json_set_string (json, "name", seal->name);
  if (place == SHT_SEAL_FILE)
    json_object_set_string_member (json, "key", key);
  text = sht_json_to_string (json);
  written = sht_durable_write (path, text, strlen (text), 0600, error);
  sodium_memzero (text, strlen (text));
  if (written)
    seal->place = place;
  return written;
}

/* As well as a file system lets one. */
static void
overwrite_file (const char *path)
{
  static const char blanks[256] = { 0 };
  int fd = g_open (path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  off_t size = fd >= 0 ? lseek (fd, 0, SEEK_END) : 0;

  for (off_t at = 0; at < size; at += (off_t) sizeof blanks)
    if (pwrite (fd, blanks, MIN (sizeof blanks, (gsize) (size - at)), at) < 0)
      break;
  if (fd >= 0)
    {
      fsync (fd);
      close (fd);
    }
}

static gboolean
keep_in_keyring (ShtSeal *seal, const char *key)
{
  g_autoptr (GError) error = NULL;

  if (!sht_keyring_is_open ())
    return FALSE;
  if (sht_keyring_write (seal->name, "Shetach", key, &error))
    return TRUE;
  g_message ("keyring: %s", error->message);
  return FALSE;
}

static gboolean
make_key (ShtSeal *seal, GError **error)
{
  g_autofree char *key = new_text (KEY_BYTES);
  ShtSealPlace place;
  gboolean made;

  g_free (seal->name);
  seal->name = new_text (NAME_BYTES);
  place = keep_in_keyring (seal, key) ? SHT_SEAL_KEYRING : SHT_SEAL_FILE;
  made = write_file (seal, place, key, error) && set_key (seal, key);
  sodium_memzero (key, strlen (key));
  return made;
}

/* A keyring that came later, or is open now, is the better place. */
static gboolean
move_to_keyring (ShtSeal *seal, const char *key, GError **error)
{
  g_autofree char *path = path_of (seal->folder);

  if (!keep_in_keyring (seal, key))
    return TRUE;
  overwrite_file (path);
  return write_file (seal, SHT_SEAL_KEYRING, NULL, error);
}

static gboolean
read_keyring (ShtSeal *seal, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  char *key = sht_keyring_read (seal->name, &local_error);
  gboolean ok = set_key (seal, key);

  sht_keyring_forget (key);
  if (ok)
    {
      seal->place = SHT_SEAL_KEYRING;
      return TRUE;
    }
  if (local_error != NULL)
    g_message ("keyring: %s", local_error->message);
  /* One that is open and does not have it has lost it. */
  if (local_error != NULL || !sht_keyring_is_open ())
    return TRUE;
  return make_key (seal, error);
}

static gboolean
load_locked (ShtSeal *seal, GError **error)
{
  g_autofree char *path = path_of (seal->folder);
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) json = NULL;
  const char *place;
  gsize length = 0;
  gboolean ok;

  if (g_file_get_contents (path, &text, &length, NULL))
    json = sht_json_parse_object (text, (gssize) length, NULL);
  place = sht_json_string (json, "place");
  g_free (seal->name);
  seal->name = g_strdup (sht_json_string (json, "name"));
  if (g_strcmp0 (place, "destroyed") == 0)
    {
      seal->place = SHT_SEAL_DESTROYED;
      return TRUE;
    }
  if (g_strcmp0 (place, "keyring") == 0 && seal->name != NULL)
    return read_keyring (seal, error);
  if (g_strcmp0 (place, "file") == 0 && seal->name != NULL && set_key (seal, sht_json_string (json, "key")))
    {
      seal->place = SHT_SEAL_FILE;
      ok = move_to_keyring (seal, sht_json_string (json, "key"), error);
      sodium_memzero (text, length);
      return ok;
    }
  /* None yet, or a file that cannot be understood. */
  return make_key (seal, error);
}

/* Two programs may begin on one folder at the same moment. */
static gboolean
load (ShtSeal *seal, GError **error)
{
  int fd = g_open (seal->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean ok;

  if (fd < 0 || flock (fd, LOCK_EX) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", seal->folder, g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return FALSE;
    }
  ok = load_locked (seal, error);
  close (fd);
  return ok;
}

/**
 * sht_seal_load:
 * @folder: a store's folder, which is there
 *
 * Finds the key of a store, or makes one: in the session's Secret Service where one is running and open, else in a file.
 * May ask a person to unlock the keyring, for a minute at the most.
 *
 * Returns: (transfer full): the key, also when it cannot be had or made just now
 */
ShtSeal *
sht_seal_load (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *canonical = g_canonicalize_filename (folder, NULL);
  ShtSeal *seal;

  if (sodium_init () < 0)
    g_error ("libsodium cannot begin");
  g_mutex_lock (&seals_lock);
  if (seals == NULL)
    seals = g_hash_table_new (g_str_hash, g_str_equal);
  seal = g_hash_table_lookup (seals, canonical);
  if (seal != NULL)
    g_atomic_ref_count_inc (&seal->references);
  else
    {
      seal = g_new0 (ShtSeal, 1);
      g_atomic_ref_count_init (&seal->references);
      g_mutex_init (&seal->lock);
      seal->folder = g_steal_pointer (&canonical);
      g_hash_table_insert (seals, seal->folder, seal);
    }
  g_mutex_lock (&seal->lock);
  g_mutex_unlock (&seals_lock);
  /* A disk that is full is no reason to show nothing. */
  if (seal->place == SHT_SEAL_NONE && !load (seal, &error))
    g_message ("%s: %s", seal->folder, error->message);
  g_mutex_unlock (&seal->lock);
  return seal;
}

void
sht_seal_unref (ShtSeal *seal)
{
  g_mutex_lock (&seals_lock);
  if (!g_atomic_ref_count_dec (&seal->references))
    {
      g_mutex_unlock (&seals_lock);
      return;
    }
  g_hash_table_remove (seals, seal->folder);
  g_mutex_unlock (&seals_lock);
  g_clear_pointer (&seal->key, sodium_free);
  g_mutex_clear (&seal->lock);
  g_free (seal->folder);
  g_free (seal->name);
  g_free (seal);
}

ShtSealPlace
sht_seal_get_place (ShtSeal *seal)
{
  ShtSealPlace place;

  g_mutex_lock (&seal->lock);
  place = seal->place;
  g_mutex_unlock (&seal->lock);
  return place;
}

/**
 * sht_seal_get_name:
 *
 * Returns: (transfer full) (nullable): which key it is; %NULL when it cannot be had
 */
char *
sht_seal_get_name (ShtSeal *seal)
{
  char *name;

  g_mutex_lock (&seal->lock);
  name = seal->key != NULL ? g_strdup (seal->name) : NULL;
  g_mutex_unlock (&seal->lock);
  return name;
}

/**
 * sht_seal_destroy:
 *
 * Destroys the key, in memory and wherever it lies: what was sealed with it can never be read again. No other is made for
 * this folder.
 *
 * Returns: %FALSE with an error when it may still lie somewhere; it is gone from this program's memory in any case
 */
gboolean
sht_seal_destroy (ShtSeal *seal, GError **error)
{
  g_autofree char *path = path_of (seal->folder);
  gboolean in_keyring, ok;

  g_mutex_lock (&seal->lock);
  in_keyring = seal->place == SHT_SEAL_KEYRING || seal->place == SHT_SEAL_NONE;
  g_clear_pointer (&seal->key, sodium_free);
  /* The file has its name, by which alone a keyring that cannot be had just now finds it later. */
  ok = !in_keyring || seal->name == NULL || sht_keyring_remove (seal->name, error);
  if (ok)
    {
      overwrite_file (path);
      ok = write_file (seal, SHT_SEAL_DESTROYED, NULL, error);
    }
  g_mutex_unlock (&seal->lock);
  return ok;
}

/**
 * sht_seal_renew:
 *
 * Makes a new key where the one before was destroyed; any other stays.
 */
gboolean
sht_seal_renew (ShtSeal *seal, GError **error)
{
  gboolean ok;

  g_mutex_lock (&seal->lock);
  ok = seal->place != SHT_SEAL_DESTROYED || make_key (seal, error);
  g_mutex_unlock (&seal->lock);
  return ok;
}

/**
 * sht_seal_look_again:
 *
 * Finds the key once more where one was destroyed: another program may have made a new one.
 */
void
sht_seal_look_again (ShtSeal *seal)
{
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&seal->lock);
  if (seal->place == SHT_SEAL_DESTROYED && !load (seal, &error))
    g_message ("%s: %s", seal->folder, error->message);
  g_mutex_unlock (&seal->lock);
}

/* --- documents --- */

/* Where the JSON value that begins at @p ends. */
static const char *
end_of_value (const char *p, const char *end)
{
  guint depth = 0;

  for (gboolean in_text = FALSE; p < end; p++)
    {
      if (in_text && *p == '\\')
        p++;
      else if (*p == '"')
        in_text = !in_text;
      else if (!in_text && (*p == '{' || *p == '['))
        depth++;
      else if (!in_text && (*p == '}' || *p == ']'))
        depth--;
      else
        continue;
      if (!in_text && depth == 0)
        return MIN (p + 1, end);
    }
  return end;
}

static void
append_sealed (GString *out, ShtSeal *seal, const char *value, gsize length)
{
  gsize bytes = NONCE_BYTES + length + TAG_BYTES, encoded = sodium_base64_ENCODED_LEN (bytes, VARIANT), at = out->len;
  g_autofree guint8 *sealed = g_malloc (bytes);

  randombytes_buf (sealed, NONCE_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt (sealed + NONCE_BYTES, NULL, (const guint8 *) value, length, NULL, 0, NULL, sealed,
                                              seal->key);
  g_string_append (out, SEALED);
  at = out->len;
  g_string_set_size (out, at + encoded);
  sodium_bin2base64 (out->str + at, encoded, sealed, bytes, VARIANT);
  g_string_truncate (out, at + encoded - 1);
  g_string_append_c (out, '"');
}

/* What is no seal of this key's stays as it is. */
static void
append_opened (GString *out, ShtSeal *seal, const char *value, gsize length)
{
  const char *text = value + strlen (SEALED);
  gsize encoded = length - strlen (SEALED) - 1, bytes = 0;
  g_autofree guint8 *sealed = g_malloc (encoded);
  g_autofree guint8 *plain = NULL;
  unsigned long long plain_length = 0;

  if (seal->key != NULL && sodium_base642bin (sealed, encoded, text, encoded, NULL, &bytes, NULL, VARIANT) == 0
      && bytes >= NONCE_BYTES + TAG_BYTES)
    {
      plain = g_malloc (bytes);
      if (crypto_aead_xchacha20poly1305_ietf_decrypt (plain, &plain_length, NULL, sealed + NONCE_BYTES, bytes - NONCE_BYTES,
                                                      NULL, 0, sealed, seal->key)
          == 0)
        {
          g_string_append_len (out, (const char *) plain, (gssize) plain_length);
          return;
        }
    }
  g_string_append_len (out, value, (gssize) length);
}

typedef void (*AppendFunc) (GString *out, ShtSeal *seal, const char *value, gsize length);

static void
append_nothing (GString *out, ShtSeal *seal, const char *value, gsize length)
{
  g_string_append (out, LEFT_OUT);
}

/* Replaces each value of the member that begins with @prefix. */
static GString *
replace (ShtSeal *seal, const char *doc, gsize length, const char *member, const char *prefix, AppendFunc append)
{
  const char *p = doc, *end = doc + length, *found;
  GString *out = g_string_sized_new (length + 256);

  while ((found = memmem (p, (gsize) (end - p), member, strlen (member))) != NULL)
    {
      const char *value = found + strlen (member);

      g_string_append_len (out, p, value - p);
      p = value;
      if ((gsize) (end - value) < strlen (prefix) || memcmp (value, prefix, strlen (prefix)) != 0)
        continue;
      p = end_of_value (value, end);
      append (out, seal, value, (gsize) (p - value));
    }
  g_string_append_len (out, p, end - p);
  return out;
}

static char *
replace_all (ShtSeal *seal, const char *doc, gsize length, guint n_members, const char *prefix, AppendFunc append,
             gsize *new_length)
{
  GString *now = NULL;

  for (guint i = 0; i < n_members; i++)
    {
      GString *next = replace (seal, now != NULL ? now->str : doc, now != NULL ? now->len : length, members[i], prefix, append);

      if (now != NULL)
        g_string_free (now, TRUE);
      now = next;
    }
  *new_length = now->len;
  return g_string_free (now, FALSE);
}

/**
 * sht_seal_close_doc:
 * @doc: an entity as JSON
 * @length: its length in bytes
 * @closed_length: (out): the length of what is returned
 * @left_out: (out): whether what is known of a resident was left out, because there is no key just now
 *
 * Seals what is known of residents in a document, by XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) under a nonce of its own.
 *
 * Returns: (transfer full) (nullable): the document to be kept; %NULL when @doc may be kept as it is
 */
char *
sht_seal_close_doc (ShtSeal *seal, const char *doc, gsize length, gsize *closed_length, gboolean *left_out)
{
  guint marks = sht_doc_marks (doc, length);
  gboolean is_about = (marks & SHT_DOC_MARK_ABOUT_RESIDENT) != 0;
  char *closed;

  *left_out = FALSE;
  if (!is_about && (marks & SHT_DOC_MARK_RESIDENT) == 0)
    return NULL;
  g_mutex_lock (&seal->lock);
  *left_out = seal->key == NULL;
  closed = replace_all (seal, doc, length, is_about ? G_N_ELEMENTS (members) : 1, "{",
                        seal->key == NULL ? append_nothing : append_sealed, closed_length);
  g_mutex_unlock (&seal->lock);
  return closed;
}

/**
 * sht_seal_open_doc:
 * @doc: a document as it is kept
 * @length: its length in bytes
 * @opened_length: (out): the length of what is returned
 *
 * Returns: (transfer full) (nullable): the very bytes that were sealed; %NULL when @doc has nothing sealed in it. What
 *   cannot be opened stays sealed: a text where there was an object
 */
char *
sht_seal_open_doc (ShtSeal *seal, const char *doc, gsize length, gsize *opened_length)
{
  char *opened;

  if (memmem (doc, length, ":" SEALED, strlen (":" SEALED)) == NULL)
    return NULL;
  g_mutex_lock (&seal->lock);
  opened = replace_all (seal, doc, length, G_N_ELEMENTS (members), SEALED, append_opened, opened_length);
  g_mutex_unlock (&seal->lock);
  return opened;
}
