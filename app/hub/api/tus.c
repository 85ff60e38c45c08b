/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tus 1.0.0: core, creation, creation-with-upload, checksum, expiration, termination. */
#include "hub/api/tus-private.h"

#include "platform/durable.h"

#include <string.h>
#include <unistd.h>

#define TUS_VERSION "1.0.0"
#define TUS_TYPE "application/offset+octet-stream"

G_DEFINE_FINAL_TYPE (ShtTus, sht_tus, G_TYPE_OBJECT)

static void
request_free (gpointer data)
{
  ShtTusRequest *request = data;

  /* The server refused the body by itself, without a word to us: what came is kept. */
  if (request->patch != NULL && request->upload->patch == request->patch)
    sht_tus_patch_end (request->tus, request->patch, NULL);
  g_clear_pointer (&request->patch, sht_tus_patch_unref);
  g_clear_pointer (&request->upload, sht_tus_upload_unref);
  g_free (request);
}

static gboolean
respond_options (ShtHttpExchange *exchange)
{
  sht_http_exchange_set_header (exchange, "Tus-Version", TUS_VERSION);
  sht_http_exchange_set_header (exchange, "Tus-Extension", SHT_TUS_EXTENSIONS);
  sht_http_exchange_set_header (exchange, "Tus-Checksum-Algorithm", "sha256,sha1");
  sht_tus_set_number (exchange, "Tus-Max-Size", SHT_TUS_MAX_SIZE);
  sht_http_exchange_respond (exchange, 204, NULL, NULL);
  return TRUE;
}

static void
forget (ShtTus *self, ShtTusUpload *upload)
{
  g_autoptr (ShtTusUpload) keep = sht_tus_upload_ref (upload);

  if (g_hash_table_lookup (self->keys, upload->key) == upload)
    g_hash_table_remove (self->keys, upload->key);
  g_hash_table_remove (self->uploads, upload->id);
}

static void
remember (ShtTus *self, ShtTusUpload *upload)
{
  g_hash_table_insert (self->uploads, upload->id, sht_tus_upload_ref (upload));
  g_hash_table_insert (self->keys, upload->key, upload);
}

static void
run_remove (ShtTusJob *job)
{
  g_autofree char *folder = g_path_get_dirname (job->upload->path);

  sht_tus_file_release (job->upload->file);
  /* The record last: bytes without a record are swept up at the next start, a record is believed.
   */
  if (!job->keep_data)
    unlink (job->upload->path);
  unlink (job->upload->record);
  sht_durable_sync_folder (folder, &job->error);
}

static void
done_remove (ShtTusJob *job)
{
  if (job->exchange == NULL)
    return;
  if (job->error != NULL)
    sht_http_exchange_respond_gerror (job->exchange, job->error);
  else
    sht_http_exchange_respond (job->exchange, 204, NULL, NULL);
}

static void
queue_remove (ShtTus *self, ShtTusUpload *upload, ShtHttpExchange *exchange)
{
  ShtTusJob *job = sht_tus_job_new (self, upload, run_remove, done_remove);

  job->exchange = exchange != NULL ? g_object_ref (exchange) : NULL;
  /* Of a finished upload the bytes are the hub's, even if it has not moved them. */
  job->keep_data = upload->complete;
  forget (self, upload);
  sht_tus_job_push (job);
}

static void
done_create (ShtTusJob *job)
{
  if (job->error == NULL)
    return;
  /* Without its record the upload does not exist; whoever waits for it hears why. */
  g_warning ("create upload: %s", job->error->message);
  if (g_hash_table_lookup (job->tus->uploads, job->upload->id) == job->upload)
    forget (job->tus, job->upload);
  if (job->upload->patch != NULL)
    job->upload->patch->error = g_error_copy (job->error);
  if (job->exchange != NULL)
    sht_http_exchange_respond_gerror (job->exchange, job->error);
}

static guint
count_unfinished (ShtTus *self, const char *device)
{
  GHashTableIter iter;
  gpointer value;
  guint count = 0;

  g_hash_table_iter_init (&iter, self->uploads);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ShtTusUpload *upload = value;

      if (!upload->complete && strcmp (upload->device, device) == 0)
        count++;
    }
  return count;
}

static gboolean
create (
  ShtTus *self, ShtTusRequest *request, ShtHttpExchange *exchange, gboolean already, GError **error)
{
  ShtTusUpload *upload = request->upload;
  gint64 announced = sht_http_exchange_get_content_length (exchange);
  ShtTusJob *job;

  if (!already && count_unfinished (self, upload->device) >= SHT_TUS_MAX_UNFINISHED)
    {
      g_set_error_literal (error, SHT_HTTP_ERROR, 429,
                           "This device has 64 unfinished uploads. Finish some first.");
      return FALSE;
    }
  if (already)
    {
      upload->complete = TRUE;
      upload->offset = upload->accepted = upload->length;
    }
  else if (announced != 0 && !sht_tus_patch_start (self, request, exchange, error))
    return FALSE;
  remember (self, upload);
  job = sht_tus_job_new (self, upload, sht_tus_run_record, done_create);
  job->bytes = sht_tus_upload_to_record (upload, already);
  job->exchange = g_object_ref (exchange);
  sht_tus_job_push (job);
  return TRUE;
}

static gboolean
check_creation (ShtHttpExchange *exchange, gint64 *length, GError **error)
{
  const char *type = sht_http_exchange_get_header (exchange, "Content-Type");
  int status = 0;
  const char *message = NULL;

  if (sht_http_exchange_get_header (exchange, "Upload-Defer-Length") != NULL ||
      sht_http_exchange_get_header (exchange, "Upload-Concat") != NULL)
    status = 400, message = "Uploads of unknown length and concatenation are not offered here.";
  else if (!sht_tus_parse_number (sht_http_exchange_get_header (exchange, "Upload-Length"), length))
    status = 400, message = "Upload-Length must be the file's size in bytes.";
  else if (*length > SHT_TUS_MAX_SIZE)
    status = 413, message = "The file is larger than 64 MiB.";
  else if (sht_http_exchange_get_content_length (exchange) != 0 && g_strcmp0 (type, TUS_TYPE) != 0)
    status = 415, message = "The body must be of type " TUS_TYPE ".";
  if (status == 0)
    return TRUE;
  g_set_error_literal (error, SHT_HTTP_ERROR, status, message);
  return FALSE;
}

static gboolean
start_post (ShtTus *self,
            ShtTusRequest *request,
            ShtHttpExchange *exchange,
            const char *device,
            GError **error)
{
  gint64 now = g_get_real_time () / 1000, length;
  g_autofree char *id = sht_tus_new_id ();
  const char *metadata = sht_http_exchange_get_header (exchange, "Upload-Metadata");
  gboolean already = FALSE;
  ShtTusUpload *older;

  if (!check_creation (exchange, &length, error))
    return FALSE;
  request->upload =
    sht_tus_upload_new (self->folder, id, device, metadata, length, now + SHT_TUS_LIFE_MS, error);
  if (request->upload == NULL ||
      !self->backend.may_create (self->data, device, request->upload->metadata, length, &already,
                                 error))
    return FALSE;
  older = g_hash_table_lookup (self->keys, request->upload->key);
  if (older != NULL && !older->finishing &&
      (older->complete ? !already : already || older->expires <= now))
    {
      /* It is out of date: the hub lost the file, or has it by another way, or the time is over. */
      sht_tus_take_over (self, older);
      queue_remove (self, older, NULL);
      older = NULL;
    }
  if (older == NULL)
    return create (self, request, exchange, already, error);
  if (older->length != length || strcmp (older->sha256, request->upload->sha256) != 0)
    {
      g_set_error_literal (error, SHT_HTTP_ERROR, 409,
                           "An upload with this client_uuid is of another file.");
      return FALSE;
    }
  /* The answer to the first POST was lost. A body that comes with this one starts at 0 and is
   * thrown away: the answer says from where to go on. */
  sht_tus_take_over (self, older);
  sht_tus_upload_unref (request->upload);
  request->upload = sht_tus_upload_ref (older);
  return TRUE;
}

static gboolean
start_patch (ShtTus *self, ShtTusRequest *request, ShtHttpExchange *exchange, GError **error)
{
  ShtTusUpload *upload = request->upload;
  gint64 offset;

  if (g_strcmp0 (sht_http_exchange_get_header (exchange, "Content-Type"), TUS_TYPE) != 0)
    {
      g_set_error_literal (error, SHT_HTTP_ERROR, 415, "The body must be of type " TUS_TYPE ".");
      return FALSE;
    }
  if (!sht_tus_parse_number (sht_http_exchange_get_header (exchange, "Upload-Offset"), &offset))
    {
      g_set_error_literal (error, SHT_HTTP_ERROR, 400, "Upload-Offset must be a number of bytes.");
      return FALSE;
    }
  sht_tus_take_over (self, upload);
  if (offset != upload->accepted)
    {
      g_set_error_literal (error, SHT_HTTP_ERROR, 409,
                           "The upload is at another offset. Ask for it.");
      return FALSE;
    }
  return sht_tus_patch_start (self, request, exchange, error);
}

static ShtTusUpload *
find_upload (ShtTus *self, const char *path, const char *device, GError **error)
{
  ShtTusUpload *upload = g_hash_table_lookup (self->uploads, path + strlen (self->prefix) + 1);

  /* To another device it is as if it did not exist. */
  if (upload == NULL || strcmp (upload->device, device) != 0)
    {
      g_set_error_literal (error, SHT_HTTP_ERROR, 404, "There is no such upload.");
      return NULL;
    }
  if (!upload->complete && !upload->finishing && upload->expires <= g_get_real_time () / 1000)
    {
      g_set_error_literal (error, SHT_HTTP_ERROR, 410,
                           "This upload was left unfinished for too long.");
      return NULL;
    }
  return sht_tus_upload_ref (upload);
}

/* By a rescue file, for example: who creates it anew is told that it is complete. */
static gboolean
has_come_otherwise (ShtTus *self, ShtTusUpload *upload)
{
  gboolean already = FALSE;

  return !upload->complete && !upload->finishing
         && self->backend.may_create (self->data, upload->device, upload->metadata, upload->length, &already, NULL)
         && already;
}

static gboolean
start (ShtTus *self,
       ShtTusRequest *request,
       ShtHttpExchange *exchange,
       const char *method,
       GError **error)
{
  const char *path = sht_http_exchange_get_path (exchange);
  const char *below = path + strlen (self->prefix);
  gboolean collection = below[0] == '\0' || strcmp (below, "/") == 0;
  g_autofree char *device = NULL;

  if (!(collection ? strcmp (method, "POST") == 0
                   : g_strv_contains ((const char *[]){ "HEAD", "PATCH", "DELETE", NULL }, method)))
    {
      sht_http_exchange_set_header (exchange, "Allow",
                                    collection ? "OPTIONS, POST" : "OPTIONS, HEAD, PATCH, DELETE");
      g_set_error_literal (error, SHT_HTTP_ERROR, 405, "This address does not take that method.");
      return FALSE;
    }
  device = self->backend.authenticate (self->data, exchange, error);
  if (device == NULL)
    return FALSE;
  if (collection)
    {
      request->verb = SHT_TUS_VERB_POST;
      return start_post (self, request, exchange, device, error);
    }
  request->upload = find_upload (self, path, device, error);
  if (request->upload == NULL)
    return FALSE;
  request->verb = *method == 'H'   ? SHT_TUS_VERB_HEAD
                  : *method == 'P' ? SHT_TUS_VERB_PATCH
                                   : SHT_TUS_VERB_DELETE;
  if (request->verb == SHT_TUS_VERB_PATCH)
    return start_patch (self, request, exchange, error);
  if (request->verb == SHT_TUS_VERB_HEAD && has_come_otherwise (self, request->upload))
    {
      g_set_error_literal (error, SHT_HTTP_ERROR, 410, "The hub has this file already. Create the upload anew.");
      return FALSE;
    }
  sht_tus_take_over (self, request->upload);
  return TRUE;
}

static void
on_headers (ShtHttpExchange *exchange, gpointer data)
{
  ShtTus *self = data;
  ShtTusRequest *request = g_new0 (ShtTusRequest, 1);
  const char *method = sht_http_exchange_get_header (exchange, "X-HTTP-Method-Override");
  const char *version = sht_http_exchange_get_header (exchange, "Tus-Resumable");
  g_autoptr (GError) error = NULL;

  request->tus = self;
  sht_http_exchange_set_data (exchange, request, request_free);
  sht_http_exchange_set_header (exchange, "Tus-Resumable", TUS_VERSION);
  if (method == NULL)
    method = sht_http_exchange_get_method (exchange);
  if (strcmp (method, "OPTIONS") == 0 && respond_options (exchange))
    return;
  if (g_strcmp0 (version, TUS_VERSION) != 0)
    {
      sht_http_exchange_set_header (exchange, "Tus-Version", TUS_VERSION);
      sht_tus_refuse (exchange, 412, "The header Tus-Resumable must be " TUS_VERSION ".");
    }
  else if (!start (self, request, exchange, method, &error))
    sht_http_exchange_respond_gerror (exchange, error);
}

static void
on_chunk (ShtHttpExchange *exchange, GBytes *bytes, gpointer data)
{
  ShtTusRequest *request = sht_http_exchange_get_data (exchange);

  if (request->patch != NULL && request->upload->patch == request->patch)
    sht_tus_patch_take (data, request->patch, bytes);
}

static void
on_done (ShtHttpExchange *exchange, gpointer data)
{
  ShtTus *self = data;
  ShtTusRequest *request = sht_http_exchange_get_data (exchange);

  if (request->patch != NULL)
    sht_tus_patch_end (self, request->patch, exchange);
  else if (request->verb != SHT_TUS_VERB_DELETE)
    sht_tus_queue_release (self, request->upload, NULL, exchange);
  else if (request->upload->finishing)
    sht_tus_refuse (exchange, 423, "The hub is taking this file in.");
  else
    queue_remove (self, request->upload, exchange);
}

static void
on_aborted (ShtHttpExchange *exchange, gpointer data)
{
  ShtTusRequest *request = sht_http_exchange_get_data (exchange);

  if (request->patch != NULL)
    sht_tus_patch_end (data, request->patch, NULL);
}

/**
 * sht_tus_new:
 * @folder: where unfinished uploads live; nothing else may be in it
 * @prefix: the route, such as "/v1/files"
 * @backend: (transfer none): copied
 * @data: for @backend; outlives the object
 *
 * Reads what an earlier process left there, and goes on with it.
 *
 * Returns: (transfer full) (nullable): or %NULL with an error
 */
ShtTus *
sht_tus_new (const char *folder,
             const char *prefix,
             const ShtTusBackend *backend,
             gpointer data,
             GError **error)
{
  g_autoptr (GPtrArray) uploads = sht_tus_store_load (folder, error);
  g_autoptr (ShtTus) self = NULL;

  if (uploads == NULL)
    return NULL;
  self = g_object_new (SHT_TYPE_TUS, NULL);
  self->folder = g_strdup (folder);
  self->prefix = g_strdup (prefix);
  self->backend = *backend;
  self->data = data;
  for (guint i = 0; i < uploads->len; i++)
    remember (self, g_ptr_array_index (uploads, i));
  return g_steal_pointer (&self);
}

/** sht_tus_attach: serves this object's prefix on @server, on the thread that both were made on */
void
sht_tus_attach (ShtTus *self, ShtHttpServer *server)
{
  static const ShtHttpStreamFuncs funcs = { on_headers, on_chunk, on_done, on_aborted };

  sht_http_server_add_stream (server, self->prefix, SHT_TUS_MAX_SIZE,
                              SHT_HTTP_ROUTE_PREFIX | SHT_HTTP_ROUTE_PROTOCOL, &funcs,
                              g_object_ref (self), g_object_unref);
}

/**
 * sht_tus_clean:
 * @now_ms: since 1970
 *
 * Removes the unfinished uploads whose time is over, and forgets finished ones as old as that:
 * their bytes are the hub's and are not touched. For a timer.
 *
 * Returns: how many unfinished ones went
 */
guint
sht_tus_clean (ShtTus *self, gint64 now_ms)
{
  g_autoptr (GPtrArray) old = g_ptr_array_new_with_free_func ((GDestroyNotify)sht_tus_upload_unref);
  GHashTableIter iter;
  gpointer value;
  guint count = 0;

  g_hash_table_iter_init (&iter, self->uploads);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ShtTusUpload *upload = value;

      if (upload->expires <= now_ms && upload->patch == NULL && !upload->finishing)
        g_ptr_array_add (old, sht_tus_upload_ref (upload));
    }
  for (guint i = 0; i < old->len; i++)
    {
      ShtTusUpload *upload = g_ptr_array_index (old, i);

      count += upload->complete ? 0 : 1;
      queue_remove (self, upload, NULL);
    }
  return count;
}

static void
sht_tus_finalize (GObject *object)
{
  ShtTus *self = SHT_TUS (object);

  /* Every job holds a reference, so none is left. */
  g_thread_pool_free (self->worker, FALSE, TRUE);
  g_hash_table_unref (self->keys);
  g_hash_table_unref (self->uploads);
  g_main_context_unref (self->context);
  g_free (self->folder);
  g_free (self->prefix);
  G_OBJECT_CLASS (sht_tus_parent_class)->finalize (object);
}

static void
sht_tus_class_init (ShtTusClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sht_tus_finalize;
}

static void
sht_tus_init (ShtTus *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->worker = g_thread_pool_new (sht_tus_job_run, NULL, 1, TRUE, NULL);
  self->uploads =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)sht_tus_upload_unref);
  self->keys = g_hash_table_new (g_str_hash, g_str_equal);
}
