/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtPhotoChooser:
 *
 * Large pictures to tap on, the newest first: this tablet's own, those of a stick or card that is plugged in, and
 * a way to any other folder. It stands in front of the page that asks, see #ShtCover.
 *
 * ::chosen (paths: GStrv): what was chosen, never empty; the chooser goes by itself
 */
#define SHT_TYPE_PHOTO_CHOOSER (sht_photo_chooser_get_type ())
G_DECLARE_FINAL_TYPE (ShtPhotoChooser, sht_photo_chooser, SHT, PHOTO_CHOOSER, AdwBin)

ShtPhotoChooser *sht_photo_chooser_open (GtkWidget *page, const char *title, gboolean several);

G_END_DECLS
