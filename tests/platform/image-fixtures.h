/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "platform/image-private.h"

G_BEGIN_DECLS

GByteArray *fixture_picture (int width, int height, const char *type) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *fixture_png_bomb (guint32 side) G_GNUC_WARN_UNUSED_RESULT;
void fixture_png_add_exif (GByteArray *png, guint16 extra);
char *fixture_write (const char *folder, const char *name, const void *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;
GdkPixbuf *fixture_decode (GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;
double fixture_difference (GdkPixbuf *a, GdkPixbuf *b);

G_END_DECLS
