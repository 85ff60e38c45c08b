/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtCamera:
 *
 * The tablet's camera, by GStreamer: a live picture, and photos at the camera's full size. It is a device of
 * Video4Linux, or else the camera that the desktop's portal gives by PipeWire.
 *
 * ::frame (texture: GdkTexture): the live picture, at most 1280 pixels wide
 * ::failed (why: GError): it cannot be started, or it has stopped by itself; nothing comes after it.
 *   %G_IO_ERROR_PERMISSION_DENIED when the portal, or a person, did not allow it
 */
#define SHT_TYPE_CAMERA (sht_camera_get_type ())
G_DECLARE_FINAL_TYPE (ShtCamera, sht_camera, SHT, CAMERA, GObject)

gboolean sht_camera_is_there (void);
ShtCamera *sht_camera_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_camera_stop (ShtCamera *self);
void sht_camera_shoot_async (ShtCamera *self, GAsyncReadyCallback callback, gpointer data);
char *sht_camera_shoot_finish (ShtCamera *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_camera_keep_shot (GBytes *picture, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_camera_forget_shot (const char *path);

G_END_DECLS
