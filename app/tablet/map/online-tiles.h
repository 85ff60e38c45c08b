/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtOnlineTiles:
 *
 * A server of map tiles that the city has set, asked politely: by this program's own name, two at a time, no tile again before
 * it has run out. Belongs to the main thread.
 */
#define SHT_TYPE_ONLINE_TILES (sht_online_tiles_get_type ())
G_DECLARE_FINAL_TYPE (ShtOnlineTiles, sht_online_tiles, SHT, ONLINE_TILES, GObject)

ShtOnlineTiles *sht_online_tiles_new (const char *url, const char *folder) G_GNUC_WARN_UNUSED_RESULT;
void sht_online_tiles_get_async (ShtOnlineTiles *self, guint zoom, guint x, guint y, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GBytes *sht_online_tiles_get_finish (ShtOnlineTiles *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
