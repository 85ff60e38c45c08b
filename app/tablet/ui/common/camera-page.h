/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtCameraPage:
 *
 * The camera in front of the page that asks for a photo, see #ShtCover: a live picture, a large shutter (or the
 * space bar), and what was taken in a strip. Without a camera, or once it stops, it says so and leads to the files.
 *
 * ::shot (path: string): a photo was taken; who takes it in forgets it then, see sht_camera_forget_shot()
 * ::files: pictures that are there already are wanted instead; the page has gone
 */
#define SHT_TYPE_CAMERA_PAGE (sht_camera_page_get_type ())
G_DECLARE_FINAL_TYPE (ShtCameraPage, sht_camera_page, SHT, CAMERA_PAGE, AdwBin)

ShtCameraPage *sht_camera_page_open (GtkWidget *page, const char *title, gboolean several);
void sht_camera_page_offer_ghost (ShtCameraPage *self, const char *path);

G_END_DECLS
