/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtPhotoThumb:
 *
 * A picture that fills a frame of four to three, decoded on another thread.
 */
#define SHT_TYPE_PHOTO_THUMB (sht_photo_thumb_get_type ())
G_DECLARE_FINAL_TYPE (ShtPhotoThumb, sht_photo_thumb, SHT, PHOTO_THUMB, GtkWidget)

GtkWidget *sht_photo_thumb_new (void);
void sht_photo_thumb_clear (ShtPhotoThumb *self);
void sht_photo_thumb_load (ShtPhotoThumb *self, const char *path);
void sht_photo_thumb_set_texture (ShtPhotoThumb *self, GdkTexture *texture);
gboolean sht_photo_thumb_is_shown (ShtPhotoThumb *self);

void sht_photo_decode_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GdkTexture *sht_photo_decode_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
