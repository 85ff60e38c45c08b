/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtPhotoStrip:
 *
 * The newest photos of one role, the way to all of them by ticket.all-photos, and the button that adds one by
 * ticket.add-photo.
 */
#define SHT_TYPE_PHOTO_STRIP (sht_photo_strip_get_type ())
G_DECLARE_FINAL_TYPE (ShtPhotoStrip, sht_photo_strip, SHT, PHOTO_STRIP, GtkBox)

GtkWidget *sht_photo_strip_new (ShtSession *session, const char *role, const char *title, const char *add);
guint sht_photo_strip_update (ShtPhotoStrip *self, JsonArray *photos);
void sht_photo_strip_set_busy (ShtPhotoStrip *self, guint importing);

G_END_DECLS
