/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/image-shape.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtPhotoDraw:
 *
 * A photo with the tools to draw on it below.
 *
 * ::save (draw): what was drawn shall be kept
 * ::cancel (draw): it shall not
 * ::full (draw): so much is drawn that no more fits
 */
#define SHT_TYPE_PHOTO_DRAW (sht_photo_draw_get_type ())
G_DECLARE_FINAL_TYPE (ShtPhotoDraw, sht_photo_draw, SHT, PHOTO_DRAW, GtkBox)

GtkWidget *sht_photo_draw_new (void);
void sht_photo_draw_start (ShtPhotoDraw *self, GdkTexture *texture);
gboolean sht_photo_draw_has_shapes (ShtPhotoDraw *self);
GPtrArray *sht_photo_draw_copy_shapes (ShtPhotoDraw *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
