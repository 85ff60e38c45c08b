/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShtDigestSum:
 * @count: how many entities
 * @sum: the sum, modulo 2^64, of the first eight bytes of each one's SHA-256
 *
 * A fingerprint of a set of entities that does not depend on their order.
 */
typedef struct
{
  guint count;
  guint64 sum;
} ShtDigestSum;

void sht_digest_sum_add (ShtDigestSum *sum, const char *bytes, gsize length);

G_END_DECLS
