/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/durable.h"
#include "platform/sealed-file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define READER "0202020202020202020202020202020202020202020202020202020202020202"
#define SIGNER "0101010101010101010101010101010101010101010101010101010101010101"
#define OTHER "0303030303030303030303030303030303030303030303030303030303030303"

static char *path;

static void
write_file (const char *reader_secret, const char *signer, gsize parts, gsize length)
{
  g_autofree char *to = sht_key_to_seal (reader_secret);
  g_autofree char *bytes = g_malloc0 (length + 1);
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtSealedWriter) writer = sht_sealed_writer_new (fd, to, signer, &error);

  g_assert_no_error (error);
  for (gsize i = 0; i < parts; i++)
    {
      memset (bytes, 'a' + (int) i, length);
      g_assert_true (sht_sealed_writer_add (writer, (char) ('A' + i), bytes, length, &error));
    }
  g_assert_true (sht_sealed_writer_finish (writer, &error));
  close (fd);
}

/* Reads to the end. Returns: the number of parts; -1 with @error. */
static int
read_file (const char *secret, const char *signing_key, gboolean *is_signed, GError **error)
{
  int fd = open (path, O_RDONLY);
  g_autoptr (ShtSealedReader) reader = sht_sealed_reader_new (fd, secret, error);
  int parts = reader != NULL ? 0 : -1;
  const char *data;
  gsize length;
  char what = 1;

  while (parts >= 0 && what != 0)
    if (!sht_sealed_reader_next (reader, &what, &data, &length, error))
      parts = -1;
    else if (what != 0)
      {
        g_assert_cmpint (what, ==, 'A' + parts);
        for (gsize i = 0; i < length; i++)
          g_assert_cmpint (data[i], ==, 'a' + parts);
        g_assert_cmpint (data[length], ==, 0);
        parts++;
      }
  if (parts >= 0 && signing_key != NULL)
    *is_signed = sht_sealed_reader_is_signed_by (reader, signing_key);
  close (fd);
  return parts;
}

static void
test_there_and_back (void)
{
  static const gsize lengths[] = { 0, 1, 1000, SHT_SEALED_PART_BYTES };
  g_autofree char *key = sht_key_to_sign (SIGNER);
  g_autofree char *others = sht_key_to_sign (OTHER);

  g_assert_cmpstr (key, ==, "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c");
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      gboolean is_signed = FALSE;
      g_autoptr (GError) error = NULL;

      write_file (READER, SIGNER, i * 3, lengths[i]);
      g_assert_cmpint (read_file (READER, key, &is_signed, &error), ==, (int) i * 3);
      g_assert_no_error (error);
      g_assert_true (is_signed);
      g_assert_cmpint (read_file (READER, others, &is_signed, &error), ==, (int) i * 3);
      g_assert_false (is_signed);
    }
}

static void
test_of_another (void)
{
  g_autoptr (GError) error = NULL;

  write_file (OTHER, SIGNER, 2, 10);
  g_assert_cmpint (read_file (READER, NULL, NULL, &error), ==, -1);
  g_assert_error (error, SHT_SEALED_ERROR, SHT_SEALED_ERROR_FOREIGN);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "PK\003\004 something else", -1, NULL));
  g_assert_cmpint (read_file (READER, NULL, NULL, &error), ==, -1);
  g_assert_error (error, SHT_SEALED_ERROR, SHT_SEALED_ERROR_OTHER);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "SHETACH RESCUE 2\n", -1, NULL));
  g_assert_cmpint (read_file (READER, NULL, NULL, &error), ==, -1);
  g_assert_error (error, SHT_SEALED_ERROR, SHT_SEALED_ERROR_NEWER);
}

/* Each byte changed, each length: never taken for whole, and never for signed. */
static void
test_each_byte (void)
{
  g_autofree char *key = sht_key_to_sign (SIGNER);
  g_autofree char *bytes = NULL;
  gsize length;

  write_file (READER, SIGNER, 3, 20);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize i = 0; i < length; i++)
    {
      gboolean is_signed = FALSE;
      g_autoptr (GError) error = NULL;

      bytes[i] ^= 1;
      g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
      bytes[i] ^= 1;
      g_assert_true (read_file (READER, key, &is_signed, &error) < 0 || !is_signed);
      g_clear_error (&error);
      g_assert_true (g_file_set_contents (path, bytes, (gssize) i, NULL));
      g_assert_cmpint (read_file (READER, key, &is_signed, &error), ==, -1);
      g_assert_nonnull (error);
    }
}

/* What one hub can open cannot be sealed by it to another in the tablet's name. */
static void
test_the_reader_is_signed_too (void)
{
  g_autofree char *first = NULL, *second = NULL;
  gsize length, length_2;

  write_file (READER, SIGNER, 1, 20);
  g_assert_true (g_file_get_contents (path, &first, &length, NULL));
  write_file (READER, SIGNER, 1, 20);
  g_assert_true (g_file_get_contents (path, &second, &length_2, NULL));
  g_assert_cmpuint (length, ==, length_2);
  /* parts of one file in the other */
  memcpy (second + 121, first + 121, length - 121);
  g_assert_true (g_file_set_contents (path, second, (gssize) length, NULL));
  {
    g_autoptr (GError) error = NULL;

    g_assert_cmpint (read_file (READER, NULL, NULL, &error), ==, -1);
    g_assert_error (error, SHT_SEALED_ERROR, SHT_SEALED_ERROR_DAMAGED);
  }
}

static void
test_keys (void)
{
  g_autofree char *secret = sht_key_new_secret (sht_kernel_random, NULL);

  g_assert_true (sht_key_is_valid (secret));
  g_assert_true (sht_key_is_valid (READER));
  g_assert_false (sht_key_is_valid (NULL));
  g_assert_false (sht_key_is_valid (""));
  g_assert_false (sht_key_is_valid ("ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB"));
  g_assert_false (sht_key_is_valid ("020202020202020202020202020202020202020202020202020202020202020"));
  g_assert_false (sht_key_is_valid (READER "0"));
}

int
main (int argc, char **argv)
{
  int rc;
  g_autofree char *folder = g_dir_make_tmp ("sealed-XXXXXX", NULL);

  g_test_init (&argc, &argv, NULL);
  path = g_build_filename (folder, "file", NULL);
  g_test_add_func ("/sealed-file/there-and-back", test_there_and_back);
  g_test_add_func ("/sealed-file/of-another", test_of_another);
  g_test_add_func ("/sealed-file/each-byte", test_each_byte);
  g_test_add_func ("/sealed-file/the-reader-is-signed-too", test_the_reader_is_signed_too);
  g_test_add_func ("/sealed-file/keys", test_keys);
  rc = g_test_run ();
  g_unlink (path);
  g_rmdir (folder);
  g_free (path);
  return rc;
}
