/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/sealed-file.h"

#include "platform/durable.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK (sht-sealed-error-quark, sht_sealed_error)

/* The name of the format with its number; all that is not encrypted but the key's box and the stream's beginning. */
#define MAGIC "SHETACH RESCUE 1\n"
#define MAGIC_BYTES 17
#define MAGIC_NAME_BYTES 15
#define BOX_BYTES (crypto_box_SEALBYTES + crypto_secretstream_xchacha20poly1305_KEYBYTES)
#define HEAD_BYTES (MAGIC_BYTES + BOX_BYTES + crypto_secretstream_xchacha20poly1305_HEADERBYTES)
#define MOST_PLAIN (1 + SHT_SEALED_PART_BYTES)
#define MOST_CIPHER (MOST_PLAIN + crypto_secretstream_xchacha20poly1305_ABYTES)
#define SIGNATURE 'S'

struct _ShtSealedWriter
{
  int fd; /* (unowned) */
  crypto_secretstream_xchacha20poly1305_state stream;
  crypto_sign_state sum;
  guint8 signer[crypto_sign_SECRETKEYBYTES];
  guint8 plain[MOST_PLAIN];
  guint8 cipher[4 + MOST_CIPHER];
};

struct _ShtSealedReader
{
  int fd; /* (unowned) */
  crypto_secretstream_xchacha20poly1305_state stream;
  crypto_sign_state sum;
  guint8 head[HEAD_BYTES];
  guint8 plain[MOST_PLAIN + 1];
  guint8 cipher[MOST_CIPHER];
  guint8 signature[crypto_sign_BYTES];
  gboolean ended;
};

static void
init (void)
{
  /* It only fails where the kernel has no randomness. */
  if (sodium_init () < 0)
    g_error ("libsodium cannot start");
}

static gboolean
from_hex (const char *hex, guint8 bytes[32])
{
  return sodium_hex2bin (bytes, 32, hex, SHT_KEY_DIGITS, NULL, NULL, NULL) == 0;
}

static char *
to_hex (const guint8 bytes[32])
{
  char *hex = g_malloc (SHT_KEY_DIGITS + 1);

  sodium_bin2hex (hex, SHT_KEY_DIGITS + 1, bytes, 32);
  return hex;
}

/**
 * sht_key_is_valid:
 * @key: (nullable): a text from anywhere
 *
 * Returns: whether it has the form of a key
 */
gboolean
sht_key_is_valid (const char *key)
{
  return key != NULL && strlen (key) == SHT_KEY_DIGITS && strspn (key, "0123456789abcdef") == SHT_KEY_DIGITS;
}

/**
 * sht_key_new_secret:
 *
 * Returns: (transfer full): a new secret, from which either pair of keys follows
 */
char *
sht_key_new_secret (ShtKeyRandomFunc random, gpointer random_data)
{
  guint8 bytes[32];

  random (random_data, bytes, sizeof bytes);
  return to_hex (bytes);
}

/**
 * sht_key_to_sign:
 * @secret: of sht_key_new_secret()
 *
 * Returns: (transfer full): the Ed25519 key by which others verify what is signed with it
 */
char *
sht_key_to_sign (const char *secret)
{
  guint8 seed[32], public[crypto_sign_PUBLICKEYBYTES], private[crypto_sign_SECRETKEYBYTES];

  init ();
  g_return_val_if_fail (from_hex (secret, seed), NULL);
  crypto_sign_seed_keypair (public, private, seed);
  sodium_memzero (private, sizeof private);
  return to_hex (public);
}

static gboolean
seal_pair (const char *secret, guint8 public[crypto_box_PUBLICKEYBYTES], guint8 private[crypto_box_SECRETKEYBYTES])
{
  guint8 seed[32];

  init ();
  return from_hex (secret, seed) && crypto_box_seed_keypair (public, private, seed) == 0;
}

/**
 * sht_key_to_seal:
 * @secret: of sht_key_new_secret()
 *
 * Returns: (transfer full): the X25519 key to which others seal what only its holder shall read
 */
char *
sht_key_to_seal (const char *secret)
{
  guint8 public[crypto_box_PUBLICKEYBYTES], private[crypto_box_SECRETKEYBYTES];

  g_return_val_if_fail (seal_pair (secret, public, private), NULL);
  sodium_memzero (private, sizeof private);
  return to_hex (public);
}

/* Signed with what they are for, so that the same parts sealed to somebody else are another file. */
static void
begin_sum (crypto_sign_state *sum, const guint8 *head, const guint8 reader_key[32])
{
  crypto_sign_init (sum);
  crypto_sign_update (sum, head, HEAD_BYTES);
  crypto_sign_update (sum, reader_key, 32);
}

static void
add_sum (crypto_sign_state *sum, const guint8 *plain, gsize length)
{
  guint32 size = GUINT32_TO_BE ((guint32) length);

  crypto_sign_update (sum, (const guint8 *) &size, sizeof size);
  crypto_sign_update (sum, plain, length);
}

static gboolean
write_out (ShtSealedWriter *writer, const void *data, gsize length, GError **error)
{
  if (sht_durable_write_all (writer->fd, data, length))
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
  return FALSE;
}

/**
 * sht_sealed_writer_new:
 * @fd: (transfer none): where it goes, from here on; it is not synced
 * @reader_key: who shall be able to read it
 * @signing_secret: who signs it
 *
 * Returns: (transfer full) (nullable): a writer, or %NULL with a #GIOErrorEnum
 */
ShtSealedWriter *
sht_sealed_writer_new (int fd, const char *reader_key, const char *signing_secret, GError **error)
{
  g_autoptr (ShtSealedWriter) writer = g_new0 (ShtSealedWriter, 1);
  guint8 head[HEAD_BYTES], key[crypto_secretstream_xchacha20poly1305_KEYBYTES], to[32], seed[32],
    public[crypto_sign_PUBLICKEYBYTES];

  init ();
  writer->fd = fd;
  crypto_secretstream_xchacha20poly1305_keygen (key);
  memcpy (head, MAGIC, MAGIC_BYTES);
  if (!from_hex (reader_key, to) || !from_hex (signing_secret, seed)
      || crypto_box_seal (head + MAGIC_BYTES, key, sizeof key, to) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "a key is not good");
      return NULL;
    }
  crypto_sign_seed_keypair (public, writer->signer, seed);
  crypto_secretstream_xchacha20poly1305_init_push (&writer->stream, head + MAGIC_BYTES + BOX_BYTES, key);
  sodium_memzero (key, sizeof key);
  begin_sum (&writer->sum, head, to);
  return write_out (writer, head, sizeof head, error) ? g_steal_pointer (&writer) : NULL;
}

static gboolean
push (ShtSealedWriter *writer, gsize length, guint8 tag, GError **error)
{
  unsigned long long sealed;
  guint32 size;

  crypto_secretstream_xchacha20poly1305_push (&writer->stream, writer->cipher + 4, &sealed, writer->plain, length, NULL,
                                              0, tag);
  size = GUINT32_TO_BE ((guint32) sealed);
  memcpy (writer->cipher, &size, sizeof size);
  return write_out (writer, writer->cipher, 4 + (gsize) sealed, error);
}

/**
 * sht_sealed_writer_add:
 * @what: a letter that says what the part is; `S` is the signature's
 * @length: at most %SHT_SEALED_PART_BYTES
 */
gboolean
sht_sealed_writer_add (ShtSealedWriter *writer, char what, const void *data, gsize length, GError **error)
{
  g_return_val_if_fail (length <= SHT_SEALED_PART_BYTES && what != SIGNATURE, FALSE);
  writer->plain[0] = (guint8) what;
  memcpy (writer->plain + 1, data, length);
  add_sum (&writer->sum, writer->plain, 1 + length);
  return push (writer, 1 + length, 0, error);
}

/**
 * sht_sealed_writer_finish:
 *
 * Signs all that was added. Without that it is no file.
 */
gboolean
sht_sealed_writer_finish (ShtSealedWriter *writer, GError **error)
{
  writer->plain[0] = SIGNATURE;
  crypto_sign_final_create (&writer->sum, writer->plain + 1, NULL, writer->signer);
  return push (writer, 1 + crypto_sign_BYTES, crypto_secretstream_xchacha20poly1305_TAG_FINAL, error);
}

void
sht_sealed_writer_free (ShtSealedWriter *writer)
{
  sodium_memzero (writer, sizeof *writer);
  g_free (writer);
}

static gboolean
damaged (GError **error)
{
  g_set_error_literal (error, SHT_SEALED_ERROR, SHT_SEALED_ERROR_DAMAGED, "it is damaged or cut short");
  return FALSE;
}

/* Returns: how many bytes there were, up to @length; -1 with @error. */
static gssize
read_in (int fd, guint8 *buffer, gsize length, GError **error)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = read (fd, buffer + done, length - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "it cannot be read: %s", g_strerror (errno));
          return -1;
        }
      if (n == 0)
        break;
      done += (gsize) n;
    }
  return (gssize) done;
}

static gboolean
open_head (ShtSealedReader *reader, const char *secret, GError **error)
{
  guint8 key[crypto_secretstream_xchacha20poly1305_KEYBYTES], public[32], private[32];
  gssize n = read_in (reader->fd, reader->head, HEAD_BYTES, error);
  gboolean ok;

  if (n < 0)
    return FALSE;
  if (n < MAGIC_BYTES || memcmp (reader->head, MAGIC, MAGIC_BYTES) != 0)
    {
      gboolean newer = n >= MAGIC_BYTES && memcmp (reader->head, MAGIC, MAGIC_NAME_BYTES) == 0;

      g_set_error_literal (error, SHT_SEALED_ERROR, newer ? SHT_SEALED_ERROR_NEWER : SHT_SEALED_ERROR_OTHER,
                           newer ? "it was made by another version" : "it is no rescue file");
      return FALSE;
    }
  if (n < (gssize) HEAD_BYTES)
    return damaged (error);
  ok = seal_pair (secret, public, private)
       && crypto_box_seal_open (key, reader->head + MAGIC_BYTES, BOX_BYTES, public, private) == 0;
  sodium_memzero (private, sizeof private);
  if (!ok)
    {
      g_set_error_literal (error, SHT_SEALED_ERROR, SHT_SEALED_ERROR_FOREIGN,
                           "it was made for another hub, or its beginning is damaged");
      return FALSE;
    }
  ok = crypto_secretstream_xchacha20poly1305_init_pull (&reader->stream, reader->head + MAGIC_BYTES + BOX_BYTES, key) == 0;
  sodium_memzero (key, sizeof key);
  begin_sum (&reader->sum, reader->head, public);
  return ok || damaged (error);
}

/**
 * sht_sealed_reader_new:
 * @fd: (transfer none): the file, at its beginning
 * @secret: of the one to whom it should be sealed
 *
 * Returns: (transfer full) (nullable): a reader, or %NULL with a #ShtSealedError or #GIOErrorEnum
 */
ShtSealedReader *
sht_sealed_reader_new (int fd, const char *secret, GError **error)
{
  g_autoptr (ShtSealedReader) reader = g_new0 (ShtSealedReader, 1);

  reader->fd = fd;
  return open_head (reader, secret, error) ? g_steal_pointer (&reader) : NULL;
}

/* The last part: the signature, and nothing behind it. */
static gboolean
take_end (ShtSealedReader *reader, gsize length, GError **error)
{
  guint8 more;
  gssize behind = read_in (reader->fd, &more, 1, error);

  if (behind < 0)
    return FALSE;
  if (behind > 0 || reader->plain[0] != SIGNATURE || length != 1 + crypto_sign_BYTES)
    return damaged (error);
  memcpy (reader->signature, reader->plain + 1, crypto_sign_BYTES);
  reader->ended = TRUE;
  return TRUE;
}

/**
 * sht_sealed_reader_next:
 * @what: (out): which part it is; 0 at the end
 * @data: (out) (transfer none): its bytes, with a zero behind them; good until the next call
 * @length: (out): how many they are
 *
 * Returns: %FALSE with a #ShtSealedError or #GIOErrorEnum
 */
gboolean
sht_sealed_reader_next (ShtSealedReader *reader, char *what, const char **data, gsize *length, GError **error)
{
  unsigned long long opened;
  guint8 tag;
  guint32 size;
  gssize n;

  *what = 0;
  *data = (const char *) reader->plain + 1;
  *length = 0;
  if (reader->ended)
    return TRUE;
  n = read_in (reader->fd, (guint8 *) &size, sizeof size, error);
  if (n < 0)
    return FALSE;
  size = GUINT32_FROM_BE (size);
  if (n < (gssize) sizeof size || size < 1 + crypto_secretstream_xchacha20poly1305_ABYTES || size > MOST_CIPHER)
    return damaged (error);
  n = read_in (reader->fd, reader->cipher, size, error);
  if (n < 0)
    return FALSE;
  if (n < (gssize) size
      || crypto_secretstream_xchacha20poly1305_pull (&reader->stream, reader->plain, &opened, &tag, reader->cipher, size,
                                                     NULL, 0)
           != 0)
    return damaged (error);
  reader->plain[opened] = '\0';
  if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL)
    return take_end (reader, (gsize) opened, error);
  if (reader->plain[0] == SIGNATURE || reader->plain[0] == '\0')
    return damaged (error);
  add_sum (&reader->sum, reader->plain, (gsize) opened);
  *what = (char) reader->plain[0];
  *length = (gsize) opened - 1;
  return TRUE;
}

/**
 * sht_sealed_reader_is_signed_by:
 * @signing_key: an Ed25519 key
 *
 * Returns: whether the whole was read, and was signed by it. To be asked once.
 */
gboolean
sht_sealed_reader_is_signed_by (ShtSealedReader *reader, const char *signing_key)
{
  guint8 public[crypto_sign_PUBLICKEYBYTES];

  return reader->ended && sht_key_is_valid (signing_key) && from_hex (signing_key, public)
         && crypto_sign_final_verify (&reader->sum, reader->signature, public) == 0;
}

/**
 * sht_sealed_reader_get_mark:
 *
 * Returns: (transfer full): 16 hexadecimal digits that are this file's alone
 */
char *
sht_sealed_reader_get_mark (ShtSealedReader *reader)
{
  g_autofree char *hash = sht_sha256_of_bytes (reader->head, HEAD_BYTES);

  return g_strndup (hash, 16);
}

void
sht_sealed_reader_free (ShtSealedReader *reader)
{
  sodium_memzero (reader, sizeof *reader);
  g_free (reader);
}
