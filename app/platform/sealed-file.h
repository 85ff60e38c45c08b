/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SHT_SEALED_ERROR (sht_sealed_error_quark ())
GQuark sht_sealed_error_quark (void);

/**
 * ShtSealedError:
 * @SHT_SEALED_ERROR_OTHER: it is no sealed file at all
 * @SHT_SEALED_ERROR_NEWER: of a format that is not known here
 * @SHT_SEALED_ERROR_FOREIGN: it was sealed to another key, or its beginning is damaged
 * @SHT_SEALED_ERROR_DAMAGED: it is damaged or cut short
 */
typedef enum
{
  SHT_SEALED_ERROR_OTHER,
  SHT_SEALED_ERROR_NEWER,
  SHT_SEALED_ERROR_FOREIGN,
  SHT_SEALED_ERROR_DAMAGED
} ShtSealedError;

/* Keys and secrets are 64 hexadecimal digits in lower case. */
#define SHT_KEY_DIGITS 64
/* One part of a sealed file, in bytes: the largest operation with its number before it. */
#define SHT_SEALED_PART_BYTES (64 * 1024 + 64)

/**
 * ShtSealedWriter:
 *
 * Writes a file that only the holder of one key can read, and that tells who wrote it: parts, each with a letter that
 * says what it is, encrypted as they come and signed at the end. PROTOCOL.md has the bytes.
 */
typedef struct _ShtSealedWriter ShtSealedWriter;

/**
 * ShtSealedReader:
 *
 * Reads one. What its parts say is only to be believed after the last of them, and when it is known whose signature
 * stands there.
 */
typedef struct _ShtSealedReader ShtSealedReader;

/* A source of random bytes, as #ShtRandomFunc. */
typedef void (*ShtKeyRandomFunc) (gpointer data, guint8 *bytes, gsize length);

gboolean sht_key_is_valid (const char *key);
char *sht_key_new_secret (ShtKeyRandomFunc random, gpointer random_data) G_GNUC_WARN_UNUSED_RESULT;
char *sht_key_to_sign (const char *secret) G_GNUC_WARN_UNUSED_RESULT;
char *sht_key_to_seal (const char *secret) G_GNUC_WARN_UNUSED_RESULT;

ShtSealedWriter *sht_sealed_writer_new (int fd, const char *reader_key, const char *signing_secret, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_sealed_writer_add (ShtSealedWriter *writer, char what, const void *data, gsize length, GError **error);
gboolean sht_sealed_writer_finish (ShtSealedWriter *writer, GError **error);
void sht_sealed_writer_free (ShtSealedWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtSealedWriter, sht_sealed_writer_free)

ShtSealedReader *sht_sealed_reader_new (int fd, const char *secret, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_sealed_reader_next (ShtSealedReader *reader, char *what, const char **data, gsize *length, GError **error);
gboolean sht_sealed_reader_is_signed_by (ShtSealedReader *reader, const char *signing_key);
char *sht_sealed_reader_get_mark (ShtSealedReader *reader) G_GNUC_WARN_UNUSED_RESULT;
void sht_sealed_reader_free (ShtSealedReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtSealedReader, sht_sealed_reader_free)

G_END_DECLS
