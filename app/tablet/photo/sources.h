/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtFoundPhoto:
 * @path: (owned): of a file that by its name is a picture
 * @at: when it was written, milliseconds since 1970 UTC
 */
typedef struct
{
  char *path;
  gint64 at;
} ShtFoundPhoto;

GStrv sht_photo_folders (void) G_GNUC_WARN_UNUSED_RESULT;
GStrv sht_photo_sticks (void) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *sht_photo_find (const char *const *folders, GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
void sht_found_photo_free (ShtFoundPhoto *photo);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtFoundPhoto, sht_found_photo_free)

G_END_DECLS
