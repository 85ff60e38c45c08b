/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtTusFile:
 *
 * The growing bytes of one upload, with a running SHA-256. Blocks; one thread at a time, which is the
 * uploads' worker.
 */
typedef struct _ShtTusFile ShtTusFile;

ShtTusFile *sht_tus_file_new (const char *path, gint64 size) G_GNUC_WARN_UNUSED_RESULT;
void sht_tus_file_free (ShtTusFile *self);
gint64 sht_tus_file_get_size (ShtTusFile *self);
gboolean sht_tus_file_append (ShtTusFile *self, gint64 offset, GBytes *bytes, GError **error);
void sht_tus_file_release (ShtTusFile *self);
gboolean sht_tus_file_sync (ShtTusFile *self, GError **error);
gboolean sht_tus_file_reset (ShtTusFile *self, GError **error);
char *sht_tus_file_sha256 (ShtTusFile *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtTusFile, sht_tus_file_free)

G_END_DECLS
