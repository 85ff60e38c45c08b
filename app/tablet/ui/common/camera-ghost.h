/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtCameraGhost:
 *
 * A photo, half transparent, over a live picture: it fills the same rectangle, so that who photographs finds the place
 * where the earlier photo was taken from.
 */
#define SHT_TYPE_CAMERA_GHOST (sht_camera_ghost_get_type ())
G_DECLARE_FINAL_TYPE (ShtCameraGhost, sht_camera_ghost, SHT, CAMERA_GHOST, GtkWidget)

GtkWidget *sht_camera_ghost_new (GtkPicture *live);
void sht_camera_ghost_set_texture (ShtCameraGhost *self, GdkTexture *texture);
void sht_camera_ghost_get_area (ShtCameraGhost *self, graphene_rect_t *area);

G_END_DECLS
