/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/image.h"
#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtPhotoTaken:
 * @id: (owned): the photo's id
 * @already: whether the same source hung on the ticket before; then nothing was done
 * @warnings: (owned): words for what was damaged or lost, empty when nothing was
 */
typedef struct
{
  char *id;
  gboolean already;
  GStrv warnings;
} ShtPhotoTaken;

void sht_photo_taken_clear (ShtPhotoTaken *taken);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShtPhotoTaken, sht_photo_taken_clear)

gboolean sht_photo_attach_image (ShtStore *store, const char *ticket, ShtImage *image, const char *role, const char *caption, ShtPhotoTaken *taken, GError **error);
gboolean sht_photo_attach_drawing (ShtStore *store, const char *photo, ShtImage *image, GPtrArray *shapes, ShtPhotoTaken *taken, GError **error);
gboolean sht_photo_attach_file (ShtStore *store, const char *ticket, const char *path, const char *role, const char *caption, ShtPhotoTaken *taken, GError **error);
gboolean sht_photo_report (ShtStore *store, ShtOperation *report, ShtImage *image, const char *role, const char *caption, ShtPhotoTaken *taken, GError **error);

G_END_DECLS
