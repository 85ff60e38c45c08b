/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/digest.h"

/**
 * sht_digest_sum_add:
 * @sum: a fingerprint
 * @bytes: an entity's line as the hub wrote it, without its newline
 */
void
sht_digest_sum_add (ShtDigestSum *sum, const char *bytes, gsize length)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;
  guint64 value = 0;

  g_checksum_update (checksum, (const guchar *) bytes, (gssize) length);
  g_checksum_get_digest (checksum, digest, &size);
  for (int i = 0; i < 8; i++)
    value = value << 8 | digest[i];
  sum->count++;
  sum->sum += value;
}
