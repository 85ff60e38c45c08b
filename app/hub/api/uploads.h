/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/api/worker.h"
#include "platform/http-server.h"

G_BEGIN_DECLS

/** ShtUploadsFunc: something has changed that tablets may wait for */
typedef void (*ShtUploadsFunc) (gpointer data);

typedef struct _ShtUploads ShtUploads;

ShtUploads *sht_uploads_new (ShtHub *desk, ShtWorker *writer, ShtUploadsFunc changed, gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_uploads_attach (ShtUploads *self, ShtHttpServer *server);
void sht_uploads_clean (ShtUploads *self);
void sht_uploads_free (ShtUploads *self);

G_END_DECLS
