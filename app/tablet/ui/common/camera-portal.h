/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The camera that the desktop's portal (org.freedesktop.portal.Camera) lets a program use, by PipeWire. */

void sht_camera_portal_look (void);
gboolean sht_camera_portal_is_there (void);
int sht_camera_portal_open (GCancellable *cancellable, GError **error);

G_END_DECLS
