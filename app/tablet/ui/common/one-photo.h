/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/image.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtOnePhoto:
 *
 * The photo that goes with what is reported: a large button while there is none, then the photo itself.
 *
 * ::changed (photo): there is one now, or none any more, or it is being read
 * ::failed (photo, words): it could not be read, and why, in a sentence
 */
#define SHT_TYPE_ONE_PHOTO (sht_one_photo_get_type ())
G_DECLARE_FINAL_TYPE (ShtOnePhoto, sht_one_photo, SHT, ONE_PHOTO, AdwBin)

GtkWidget *sht_one_photo_new (const char *title, const char *with);
void sht_one_photo_ask (ShtOnePhoto *self);
void sht_one_photo_read (ShtOnePhoto *self, const char *path);
gboolean sht_one_photo_is_reading (ShtOnePhoto *self);
void sht_one_photo_set (ShtOnePhoto *self, ShtImage *image);
void sht_one_photo_set_next (ShtOnePhoto *self, gboolean next);
const ShtImage *sht_one_photo_get (ShtOnePhoto *self);

G_END_DECLS
