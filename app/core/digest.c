/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/digest.h"

#include <nettle/sha2.h>

/**
 * sht_digest_sum_add:
 * @sum: a fingerprint
 * @bytes: an entity's line as the hub wrote it, without its newline
 */
void
sht_digest_sum_add (ShtDigestSum *sum, const char *bytes, gsize length)
{
  guint8 digest[SHA256_DIGEST_SIZE];
  struct sha256_ctx sha;
  guint64 value = 0;

  sha256_init (&sha);
  sha256_update (&sha, length, (const guint8 *) bytes);
  sha256_digest (&sha, sizeof digest, digest);
  for (int i = 0; i < 8; i++)
    value = value << 8 | digest[i];
  sum->count++;
  sum->sum += value;
}
