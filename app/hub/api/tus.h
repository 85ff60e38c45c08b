/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/http-server.h"

G_BEGIN_DECLS

#define SHT_TUS_MAX_SIZE (64 * 1024 * 1024)
/** A body with a checksum is kept in memory until it is known to be right. */
#define SHT_TUS_MAX_CHECKED (1024 * 1024)
#define SHT_TUS_MAX_UNFINISHED 64
#define SHT_TUS_LIFE_MS (G_GINT64_CONSTANT (7) * 24 * 3600 * 1000)

/**
 * ShtTusBackend:
 * @authenticate: who is asking. Returns (transfer full): the device's name, or %NULL with a
 *   %SHT_HTTP_ERROR, mostly 401
 * @may_create: whether this device may send a file. @metadata maps names to #GBytes. %FALSE with a
 *   %SHT_HTTP_ERROR (403, 404, 409) refuses; *@already becomes %TRUE when the hub holds these bytes and
 *   this device may know it: then nothing is asked for
 * @complete: the whole file is at @path and its SHA-256 was checked. The hub takes it away by a rename,
 *   makes that durable, and calls back on the thread of the call. It may come twice for one file: after a
 *   crash between its success and our record of it, the bytes are sent again
 * @complete_finish: how that went; %FALSE with an error leaves the file where it is, to be tried again
 *
 * What the hub decides about uploads. Everything is called on the server's thread and must not block it.
 */
typedef struct
{
  char *(*authenticate) (gpointer data, ShtHttpExchange *exchange, GError **error);
  gboolean (*may_create) (gpointer data, const char *device, GHashTable *metadata, gint64 length, gboolean *already, GError **error);
  void (*complete) (gpointer data, const char *device, GHashTable *metadata, const char *path, const char *sha256, GAsyncReadyCallback callback, gpointer callback_data);
  gboolean (*complete_finish) (gpointer data, GAsyncResult *result, GError **error);
} ShtTusBackend;

#define SHT_TYPE_TUS (sht_tus_get_type ())
G_DECLARE_FINAL_TYPE (ShtTus, sht_tus, SHT, TUS, GObject)

ShtTus *sht_tus_new (const char *folder, const char *prefix, const ShtTusBackend *backend, gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_tus_attach (ShtTus *self, ShtHttpServer *server);
guint sht_tus_clean (ShtTus *self, gint64 now_ms);

G_END_DECLS
