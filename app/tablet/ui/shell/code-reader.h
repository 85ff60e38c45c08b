/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void sht_code_read_async (GdkTexture *texture, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GBytes *sht_code_read_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
