/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <nettle/sha2.h>

G_BEGIN_DECLS

/* By nettle, which uses the processor's own instructions where it has them; GLib's is nine times slower. */

#define SHT_SHA256_BYTES SHA256_DIGEST_SIZE

/**
 * ShtSha256:
 *
 * A running SHA-256 (FIPS 180-4). It owns nothing: a copy of the structure goes on by itself.
 */
typedef struct sha256_ctx ShtSha256;

void sht_sha256_begin (ShtSha256 *sum);
void sht_sha256_add (ShtSha256 *sum, const void *data, gsize length);
void sht_sha256_end (ShtSha256 *sum, guint8 *digest);
char *sht_sha256_end_hex (ShtSha256 *sum) G_GNUC_WARN_UNUSED_RESULT;
char *sht_sha256_of_bytes (const void *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
