/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtPhotoWords:
 *
 * What is known of a photo, below it: its caption, which can be written here, when it was taken, and whether
 * it shows how it was before or after the work, which can be chosen.
 *
 * ::failed (words): what was written or chosen could not be saved
 */
#define SHT_TYPE_PHOTO_WORDS (sht_photo_words_get_type ())
G_DECLARE_FINAL_TYPE (ShtPhotoWords, sht_photo_words, SHT, PHOTO_WORDS, GtkBox)

GtkWidget *sht_photo_words_new (ShtSession *session);
void sht_photo_words_keep (ShtPhotoWords *self);
void sht_photo_words_update (ShtPhotoWords *self, JsonObject *photo);

G_END_DECLS
