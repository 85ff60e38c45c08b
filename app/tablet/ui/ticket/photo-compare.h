/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtPhotoCompare:
 *
 * A photo from before the work and one from after it in one frame: before at the line's start, after at its
 * end, and a handle between them that a finger or the slider below moves.
 */
#define SHT_TYPE_PHOTO_COMPARE (sht_photo_compare_get_type ())
G_DECLARE_FINAL_TYPE (ShtPhotoCompare, sht_photo_compare, SHT, PHOTO_COMPARE, GtkBox)

GtkWidget *sht_photo_compare_new (void);
void sht_photo_compare_set (ShtPhotoCompare *self, const char *before, const char *after);

G_END_DECLS
