/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/sha256.h"

/* Beside GLib's, which is another's: all lengths around the block's 64 bytes, in pieces cut anywhere, aligned or not. */
static void
test_pieces (void)
{
  guint8 data[700];

  for (gsize i = 0; i < sizeof data; i++)
    data[i] = (guint8)g_test_rand_int ();
  for (gsize length = 0; length < 650; length++)
    {
      gsize from = length % 7, cut = length > 0 ? (gsize)g_test_rand_int_range (0, (gint32)length + 1) : 0;
      g_autofree char *other = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data + from, length);
      g_autofree char *whole = sht_sha256_of_bytes (data + from, length);
      g_autofree char *pieces = NULL, *copied = NULL;
      ShtSha256 sum, copy;

      sht_sha256_begin (&sum);
      sht_sha256_add (&sum, data + from, cut);
      copy = sum;
      sht_sha256_add (&sum, data + from + cut, length - cut);
      pieces = sht_sha256_end_hex (&sum);
      sht_sha256_add (&copy, data + from + cut, length - cut);
      copied = sht_sha256_end_hex (&copy);
      g_assert_cmpstr (whole, ==, other);
      g_assert_cmpstr (pieces, ==, other);
      g_assert_cmpstr (copied, ==, other);
    }
}

/* FIPS 180-4's own example. */
static void
test_example (void)
{
  g_autofree char *hash = sht_sha256_of_bytes ("abc", 3);

  g_assert_cmpstr (hash, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sha256/example", test_example);
  g_test_add_func ("/sha256/pieces", test_pieces);
  return g_test_run ();
}
