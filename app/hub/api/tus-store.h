/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/api/tus-file.h"

#include "platform/http-exchange.h"

G_BEGIN_DECLS

typedef struct _ShtTusPatch ShtTusPatch;

/**
 * ShtTusUpload:
 *
 * One upload. All of it is the main thread's, but @file, which is the worker's.
 */
typedef struct
{
  char *id;          /* (owned): 32 hexadecimal digits, random */
  char *device;      /* (owned) */
  char *text;        /* (owned): Upload-Metadata, as it came */
  GHashTable *metadata; /* (owned) (element-type utf8 GBytes) */
  char *sha256;      /* (owned): lower case */
  char *key;         /* (owned): two uploads with the same are one */
  char *path;        /* (owned): the bytes */
  char *record;      /* (owned): the JSON beside them */
  gint64 length;     /* bytes */
  gint64 expires;    /* ms since 1970 */
  gint64 offset;     /* bytes that are durable */
  gint64 accepted;   /* bytes that are durable or on their way to the disk */
  gboolean complete; /* the hub has taken the file */
  gboolean finishing;
  ShtTusPatch *patch; /* (unowned) (nullable): the one whose body is coming in now */
  GPtrArray *waiters; /* (owned) (element-type ShtHttpExchange): for the end of finishing */
  ShtTusFile *file;   /* (owned) */
} ShtTusUpload;

ShtTusUpload *sht_tus_upload_new (const char *folder, const char *id, const char *device, const char *text, gint64 length, gint64 expires, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ShtTusUpload *sht_tus_upload_ref (ShtTusUpload *self);
void sht_tus_upload_unref (ShtTusUpload *self);
gboolean sht_tus_record_complete (const char *record, GError **error);
GBytes *sht_tus_upload_to_record (ShtTusUpload *self, gboolean complete) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *sht_tus_store_load (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

char *sht_tus_new_id (void) G_GNUC_WARN_UNUSED_RESULT;
GHashTable *sht_tus_parse_metadata (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_tus_parse_number (const char *text, gint64 *number);
gboolean sht_tus_parse_checksum (const char *text, GChecksumType *type, GBytes **digest, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtTusUpload, sht_tus_upload_unref)

G_END_DECLS
