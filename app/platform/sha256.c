/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/sha256.h"

/** sht_sha256_begin: @sum: needs no clearing before or after */
void
sht_sha256_begin (ShtSha256 *sum)
{
  sha256_init (sum);
}

void
sht_sha256_add (ShtSha256 *sum, const void *data, gsize length)
{
  sha256_update (sum, length, data);
}

/**
 * sht_sha256_end:
 * @digest: (out): %SHT_SHA256_BYTES bytes
 *
 * The sum begins anew.
 */
void
sht_sha256_end (ShtSha256 *sum, guint8 *digest)
{
  sha256_digest (sum, SHT_SHA256_BYTES, digest);
}

/**
 * sht_sha256_end_hex:
 *
 * The sum begins anew.
 *
 * Returns: (transfer full): 64 lower-case hexadecimal digits
 */
char *
sht_sha256_end_hex (ShtSha256 *sum)
{
  static const char digits[] = "0123456789abcdef";
  guint8 digest[SHT_SHA256_BYTES];
  char *hex = g_malloc (2 * SHT_SHA256_BYTES + 1);

  sht_sha256_end (sum, digest);
  for (guint i = 0; i < SHT_SHA256_BYTES; i++)
    {
      hex[2 * i] = digits[digest[i] >> 4];
      hex[2 * i + 1] = digits[digest[i] & 15];
    }
  hex[2 * SHT_SHA256_BYTES] = '\0';
  return hex;
}

/**
 * sht_sha256_of_bytes:
 *
 * Returns: (transfer full): 64 lower-case hexadecimal digits
 */
char *
sht_sha256_of_bytes (const void *data, gsize length)
{
  ShtSha256 sum;

  sht_sha256_begin (&sum);
  sht_sha256_add (&sum, data, length);
  return sht_sha256_end_hex (&sum);
}
