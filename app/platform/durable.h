/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/sha256.h"

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean sht_durable_mkdir (const char *path, GError **error);
gboolean sht_durable_sync_folder (const char *path, GError **error);
gboolean sht_durable_rename (const char *from, const char *to, GError **error);
gboolean sht_durable_write_all (int fd, const void *data, gsize length);
gboolean sht_durable_write (const char *path, const void *data, gsize length, int mode, GError **error);
char *sht_sha256_of_file (const char *path, goffset *size, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_kernel_random (gpointer unused, guint8 *bytes, gsize length);

G_END_DECLS
