/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtPhotoViewer:
 *
 * A ticket's photos one by one, as large as the window; arrows go on, Escape closes.
 */
#define SHT_TYPE_PHOTO_VIEWER (sht_photo_viewer_get_type ())
G_DECLARE_FINAL_TYPE (ShtPhotoViewer, sht_photo_viewer, SHT, PHOTO_VIEWER, AdwWindow)

GtkWidget *sht_photo_viewer_new (GtkWidget *parent, ShtSession *session, const char *ticket, const char *first);

G_END_DECLS
