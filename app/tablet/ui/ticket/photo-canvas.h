/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtPhotoCanvas:
 *
 * One picture as large as there is room, and up to eight times larger: by two fingers, a double tap, or the
 * wheel with Ctrl. When it is larger, one finger moves it; when it is not, a stroke asks for another picture.
 *
 * ::zoomed (canvas): it is larger or smaller now
 * ::swiped (canvas, int): a stroke: 1 to the right, -1 to the left
 */
#define SHT_TYPE_PHOTO_CANVAS (sht_photo_canvas_get_type ())
G_DECLARE_FINAL_TYPE (ShtPhotoCanvas, sht_photo_canvas, SHT, PHOTO_CANVAS, GtkWidget)

GtkWidget *sht_photo_canvas_new (void);
void sht_photo_canvas_set_texture (ShtPhotoCanvas *self, GdkTexture *texture);
GdkTexture *sht_photo_canvas_get_texture (ShtPhotoCanvas *self);
double sht_photo_canvas_get_zoom (ShtPhotoCanvas *self);
void sht_photo_canvas_zoom_by (ShtPhotoCanvas *self, double factor);
gboolean sht_photo_canvas_pan (ShtPhotoCanvas *self, double across, double down);
void sht_photo_fit (GdkTexture *texture, int width, int height, graphene_rect_t *rect);

G_END_DECLS
