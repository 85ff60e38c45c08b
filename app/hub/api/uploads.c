/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/api/uploads.h"

#include "core/protocol.h"
#include "hub/api/refusal.h"
#include "hub/api/tus.h"

/* What the hub says about uploads, for tus. */
struct _ShtUploads
{
  ShtHub *desk;      /* (unowned): for short look-ups on the server's thread */
  ShtWorker *writer; /* (unowned) */
  ShtTus *tus;       /* (owned) */
  ShtUploadsFunc changed;
  gpointer data;
};

static void
refuse_upload (GError **error, const GError *why)
{
  guint status;

  sht_hub_refusal (why, &status);
  g_set_error_literal (error, SHT_HTTP_ERROR, (int) status,
                       status == 503 ? "the hub cannot do this just now" : why->message);
}

static char *
tus_authenticate (gpointer data, ShtHttpExchange *exchange, GError **error)
{
  ShtUploads *self = data;
  g_autoptr (GError) local_error = NULL;
  const char *authorization = sht_http_exchange_get_header (exchange, "Authorization");
  g_autoptr (ShtHubDevice) device = sht_hub_authenticate (self->desk, authorization, &local_error);

  if (device == NULL)
    {
      /* tus tells a status; a sealed tablet looks for the word. */
      if (g_error_matches (local_error, SHT_HUB_ERROR, SHT_HUB_ERROR_SEALED))
        sht_http_exchange_respond_error (exchange, 403, SHT_ERROR_SEALED, local_error->message);
      refuse_upload (error, local_error);
      return NULL;
    }
  return g_strdup (device->id);
}

static char *
metadata_text (GHashTable *metadata, const char *name)
{
  GBytes *bytes = g_hash_table_lookup (metadata, name);

  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : g_strdup ("");
}

static gboolean
tus_may_create (gpointer data, const char *device_id, GHashTable *metadata, gint64 length, gboolean *already,
                GError **error)
{
  ShtUploads *self = data;
  g_autofree char *sha256 = metadata_text (metadata, "sha256");
  g_autoptr (ShtHubDevice) device = NULL;
  g_autoptr (GError) local_error = NULL;

  if (self->desk->store->driver->get_device_by_id (self->desk->store, device_id, &device, &local_error)
      && device != NULL && sht_hub_may_upload (self->desk, device, sha256, length, already, &local_error))
    return TRUE;
  if (local_error == NULL)
    g_set_error_literal (&local_error, SHT_HUB_ERROR, SHT_HUB_ERROR_UNAUTHORISED, "this tablet is not enrolled here");
  refuse_upload (error, local_error);
  return FALSE;
}

typedef struct
{
  ShtUploads *uploads;  /* (unowned) */
  char *device;         /* (owned) */
  char *path;           /* (owned) */
  char *sha256;         /* (owned) */
  GTask *task;          /* (owned) */
  GError *error;        /* (owned) (nullable) */
} Take;

static void
do_take (ShtHub *hub, gpointer job)
{
  Take *take = job;
  g_autoptr (ShtHubDevice) device = NULL;

  if (hub->store->driver->get_device_by_id (hub->store, take->device, &device, &take->error) && device != NULL)
    sht_hub_take_photo (hub, device, take->sha256, take->path, &take->error);
  else if (take->error == NULL)
    g_set_error_literal (&take->error, SHT_HUB_ERROR, SHT_HUB_ERROR_UNAUTHORISED, "this tablet is not enrolled here");
}

static void
taken (gpointer job)
{
  g_autofree Take *take = job;

  if (g_error_matches (take->error, SHT_HUB_ERROR, SHT_HUB_ERROR_UNSUPPORTED))
    {
      g_autoptr (GError) why = g_steal_pointer (&take->error);

      refuse_upload (&take->error, why);
    }
  if (take->error != NULL)
    g_task_return_error (take->task, take->error);
  else
    g_task_return_boolean (take->task, TRUE);
  g_object_unref (take->task);
  g_free (take->device);
  g_free (take->path);
  g_free (take->sha256);
  take->uploads->changed (take->uploads->data);
}

static void
tus_complete (gpointer data, const char *device, GHashTable *metadata, const char *path, const char *sha256,
              GAsyncReadyCallback callback, gpointer callback_data)
{
  ShtUploads *self = data;
  Take *take = g_new0 (Take, 1);

  take->uploads = self;
  take->device = g_strdup (device);
  take->path = g_strdup (path);
  take->sha256 = g_strdup (sha256);
  take->task = g_task_new (NULL, NULL, callback, callback_data);
  g_task_set_source_tag (take->task, tus_complete);
  sht_worker_do (self->writer, do_take, taken, take);
}

static gboolean
tus_complete_finish (gpointer data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static const ShtTusBackend tus_backend = {
  .authenticate = tus_authenticate,
  .may_create = tus_may_create,
  .complete = tus_complete,
  .complete_finish = tus_complete_finish,
};

/**
 * sht_uploads_new:
 * @desk: (transfer none): the calling thread's handle
 * @writer: (transfer none): who writes; to be freed before what this returns
 * @changed: called when the hub has taken a photo
 *
 * Returns: (transfer full) (nullable): what takes photos in, or %NULL with a #GIOErrorEnum
 */
ShtUploads *
sht_uploads_new (ShtHub *desk, ShtWorker *writer, ShtUploadsFunc changed, gpointer data, GError **error)
{
  g_autofree char *folder = sht_hub_uploads_folder (desk);
  ShtUploads *self = g_new0 (ShtUploads, 1);

  self->desk = desk;
  self->writer = writer;
  self->changed = changed;
  self->data = data;
  self->tus = sht_tus_new (folder, "/v1/files", &tus_backend, self, error);
  if (self->tus != NULL)
    return self;
  g_free (self);
  return NULL;
}

/** sht_uploads_attach: lets @server take uploads in below /v1/files */
void
sht_uploads_attach (ShtUploads *self, ShtHttpServer *server)
{
  sht_tus_attach (self->tus, server);
}

/** sht_uploads_clean: removes what has expired */
void
sht_uploads_clean (ShtUploads *self)
{
  sht_tus_clean (self->tus, sht_hub_now (self->desk));
}

void
sht_uploads_free (ShtUploads *self)
{
  g_object_unref (self->tus);
  g_free (self);
}
