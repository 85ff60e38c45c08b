/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of the uploads.
 *
 * The main thread holds the table; one worker thread does all disk work, in the order in which it
 * was queued. So what a PATCH has handed over is on its way for certain, and the answer to a later
 * HEAD, which passes through the same queue, counts it. */
#include "hub/api/tus-private.h"

#include "platform/sha256.h"

#include <errno.h>
#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>

/* Network blocks are gathered to this before they go to the worker. */
#define BLOCK (256 * 1024)
/* The client is held while more than this waits for the disk. */
#define QUEUE_MAX (1024 * 1024)

static void
patch_clear (gpointer data)
{
  ShtTusPatch *patch = data;

  sht_tus_upload_unref (patch->upload);
  g_byte_array_unref (patch->buffer);
  g_clear_pointer (&patch->digest, g_bytes_unref);
  g_clear_error (&patch->error);
}

void
sht_tus_patch_unref (ShtTusPatch *patch)
{
  g_rc_box_release_full (patch, patch_clear);
}

/* Jobs */

static void
job_free (ShtTusJob *job)
{
  g_clear_pointer (&job->patch, sht_tus_patch_unref);
  g_clear_pointer (&job->upload, sht_tus_upload_unref);
  g_clear_object (&job->exchange);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_clear_pointer (&job->digest, g_bytes_unref);
  g_clear_error (&job->error);
  g_object_unref (job->tus);
  g_free (job);
}

static gboolean
job_done (gpointer data)
{
  ShtTusJob *job = data;

  job->done (job);
  job_free (job);
  return G_SOURCE_REMOVE;
}

void
sht_tus_job_run (gpointer data, gpointer unused)
{
  ShtTusJob *job = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  job->run (job);
  job->size = sht_tus_file_get_size (job->upload->file);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, job_done, job, NULL);
  /* After this line the job is the main thread's, and may be gone. */
  g_source_attach (source, job->tus->context);
}

ShtTusJob *
sht_tus_job_new (ShtTus *self,
                 ShtTusUpload *upload,
                 void (*run) (ShtTusJob *),
                 void (*done) (ShtTusJob *))
{
  ShtTusJob *job = g_new0 (ShtTusJob, 1);

  job->tus = g_object_ref (self);
  job->upload = sht_tus_upload_ref (upload);
  job->run = run;
  job->done = done;
  return job;
}

void
sht_tus_job_push (ShtTusJob *job)
{
  g_thread_pool_push (job->tus->worker, job, NULL);
}

/* Answers */

void
sht_tus_set_number (ShtHttpExchange *exchange, const char *name, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  sht_http_exchange_set_header (exchange, name, text);
}

static void
set_expires (ShtHttpExchange *exchange, ShtTusUpload *upload)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (upload->expires / 1000);
  g_autofree char *text = NULL;

  if (upload->complete || when == NULL)
    return;
  text = soup_date_time_to_string (when, SOUP_DATE_HTTP);
  sht_http_exchange_set_header (exchange, "Upload-Expires", text);
}

static void
answer (ShtTus *self, ShtHttpExchange *exchange)
{
  ShtTusRequest *request = sht_http_exchange_get_data (exchange);
  ShtTusUpload *upload = request->upload;
  g_autofree char *location = NULL;

  sht_tus_set_number (exchange, "Upload-Offset", upload->offset);
  set_expires (exchange, upload);
  switch (request->verb)
    {
    case SHT_TUS_VERB_HEAD:
      sht_tus_set_number (exchange, "Upload-Length", upload->length);
      sht_http_exchange_set_header (exchange, "Upload-Metadata", upload->text);
      sht_http_exchange_respond (exchange, 200, NULL, NULL);
      break;
    case SHT_TUS_VERB_POST:
      location = g_strdup_printf ("%s/%s", self->prefix, upload->id);
      sht_http_exchange_set_header (exchange, "Location", location);
      /* Who has not asked before learns by the first creation that the next may carry bytes. */
      sht_http_exchange_set_header (exchange, "Tus-Extension", SHT_TUS_EXTENSIONS);
      sht_http_exchange_respond (exchange, 201, NULL, NULL);
      break;
    case SHT_TUS_VERB_PATCH:
    case SHT_TUS_VERB_DELETE:
    default:
      sht_http_exchange_respond (exchange, 204, NULL, NULL);
    }
}

void
sht_tus_refuse (ShtHttpExchange *exchange, int status, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (SHT_HTTP_ERROR, status, message);

  sht_http_exchange_respond_gerror (exchange, error);
}

/* Finishing: hash, hub, record, answers */

static void
finish_end (ShtTus *self, ShtTusUpload *upload, const GError *error)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&upload->waiters);

  upload->waiters = g_ptr_array_new_with_free_func (g_object_unref);
  upload->finishing = FALSE;
  for (guint i = 0; i < waiters->len; i++)
    {
      ShtHttpExchange *exchange = g_ptr_array_index (waiters, i);
      ShtTusRequest *request = sht_http_exchange_get_data (exchange);

      /* To a HEAD a failed check only means that the offset is 0 again. */
      if (error == NULL || (request->verb == SHT_TUS_VERB_HEAD && upload->offset < upload->length))
        answer (self, exchange);
      else
        sht_http_exchange_respond_gerror (exchange, error);
    }
}

/* Whole or as it was, but not synced: what a power cut takes of an unfinished upload is begun anew, of a finished one it
 * is sent once more by who has not heard of the end. */
void
sht_tus_run_record (ShtTusJob *job)
{
  /* GLib's own way to replace a file waits for the disk, twice. */
  g_autofree char *beside = g_strconcat (job->upload->record, ".new", NULL);
  gsize size;
  const char *data = g_bytes_get_data (job->bytes, &size);

  if (!g_file_set_contents_full (beside, data, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, &job->error))
    return;
  if (rename (beside, job->upload->record) != 0)
    g_set_error (&job->error, G_IO_ERROR, g_io_error_from_errno (errno), "record of an upload: %s", g_strerror (errno));
}

static void
run_complete (ShtTusJob *job)
{
  sht_tus_record_complete (job->upload->record, &job->error);
}

static void
done_complete (ShtTusJob *job)
{
  if (job->error != NULL)
    g_warning ("record of a finished upload: %s", job->error->message);
}

static void
on_completed (GObject *source, GAsyncResult *result, gpointer data)
{
  ShtTusJob *job = data;
  ShtTus *self = job->tus;
  ShtTusUpload *upload = job->upload;
  g_autoptr (GError) error = NULL;

  if (self->backend.complete_finish (self->data, result, &error))
    {
      upload->complete = TRUE;
      sht_tus_job_push (sht_tus_job_new (self, upload, run_complete, done_complete));
    }
  finish_end (self, upload, error);
  job_free (job);
}

static void
run_hash (ShtTusJob *job)
{
  g_autofree char *sum = NULL;

  /* An empty file has had no byte that would have made it. */
  if (job->upload->length == 0 ? !sht_tus_file_reset (job->upload->file, &job->error)
                               : !sht_tus_file_sync (job->upload->file, &job->error))
    return;
  sum = sht_tus_file_sha256 (job->upload->file, &job->error);
  if (sum == NULL || strcmp (sum, job->upload->sha256) == 0)
    return;
  if (sht_tus_file_reset (job->upload->file, &job->error))
    g_set_error_literal (
      &job->error, SHT_HTTP_ERROR, 460,
      "The file does not have the hash that was announced. Send it again from the start.");
}

static void
done_hash (ShtTusJob *job)
{
  ShtTusUpload *upload = job->upload;

  upload->offset = upload->accepted = job->size;
  if (job->error != NULL)
    finish_end (job->tus, upload, job->error);
  else
    job->tus->backend.complete (job->tus->data, upload->device, upload->metadata, upload->path,
                                upload->sha256, on_completed,
                                sht_tus_job_new (job->tus, upload, NULL, NULL));
}

static void
finish_start (ShtTus *self, ShtTusUpload *upload)
{
  upload->finishing = TRUE;
  sht_tus_job_push (sht_tus_job_new (self, upload, run_hash, done_hash));
}

/* Answers @exchange, if there is one, with the upload as it stands; first finishes what is whole.
 */
static void
settle (ShtTus *self, ShtTusUpload *upload, ShtHttpExchange *exchange)
{
  gboolean settled =
    upload->finishing ? FALSE : upload->complete || upload->offset < upload->length;

  if (g_hash_table_lookup (self->uploads, upload->id) != upload)
    {
      if (exchange != NULL)
        sht_tus_refuse (exchange, 404, "There is no such upload.");
      return;
    }
  if (settled)
    {
      if (exchange != NULL)
        answer (self, exchange);
      return;
    }
  if (exchange != NULL)
    g_ptr_array_add (upload->waiters, g_object_ref (exchange));
  if (!upload->finishing)
    finish_start (self, upload);
}

/* Bytes */

static void
run_release (ShtTusJob *job)
{
  sht_tus_file_release (job->upload->file);
}

static void
done_release (ShtTusJob *job)
{
  ShtTusUpload *upload = job->upload;
  const GError *error =
    job->patch != NULL && job->patch->error != NULL ? job->patch->error : job->error;

  if (!upload->complete)
    upload->offset = job->size;
  if (upload->patch == NULL)
    upload->accepted = upload->offset;
  if (error == NULL)
    settle (job->tus, upload, job->exchange);
  else if (job->exchange != NULL)
    sht_http_exchange_respond_gerror (job->exchange, error);
}

void
sht_tus_queue_release (ShtTus *self,
                    ShtTusUpload *upload,
                    ShtTusPatch *patch,
                    ShtHttpExchange *exchange)
{
  ShtTusJob *job = sht_tus_job_new (self, upload, run_release, done_release);

  job->patch = patch != NULL ? g_rc_box_acquire (patch) : NULL;
  job->exchange = exchange != NULL ? g_object_ref (exchange) : NULL;
  sht_tus_job_push (job);
}

static void
run_write (ShtTusJob *job)
{
  sht_tus_file_append (job->upload->file, job->offset, job->bytes, &job->error);
}

static void
done_write (ShtTusJob *job)
{
  ShtTusPatch *patch = job->patch;

  patch->queued -= (gint64)g_bytes_get_size (job->bytes);
  if (job->error != NULL && patch->error == NULL)
    patch->error = g_steal_pointer (&job->error);
  if (patch->exchange == NULL || patch->upload->patch != patch)
    return;
  if (patch->error != NULL)
    {
      /* No use in taking the rest of the body. */
      patch->upload->patch = NULL;
      sht_http_exchange_respond_gerror (patch->exchange, patch->error);
      sht_tus_queue_release (job->tus, patch->upload, NULL, NULL);
    }
  else if (patch->held && patch->queued <= QUEUE_MAX / 2)
    {
      patch->held = FALSE;
      sht_http_exchange_resume (patch->exchange);
    }
}

static gsize
digest_of (GChecksumType type, GBytes *bytes, guint8 *digest, gsize room)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  g_autoptr (GChecksum) sum = NULL;

  if (type == G_CHECKSUM_SHA256)
    {
      ShtSha256 sha256;

      sht_sha256_begin (&sha256);
      sht_sha256_add (&sha256, data, size);
      sht_sha256_end (&sha256, digest);
      return SHT_SHA256_BYTES;
    }
  sum = g_checksum_new (type);
  g_checksum_update (sum, data, (gssize)size);
  g_checksum_get_digest (sum, digest, &room);
  return room;
}

static void
run_checked (ShtTusJob *job)
{
  guint8 digest[64];
  gsize size = digest_of (job->type, job->bytes, digest, sizeof digest);

  if (size != g_bytes_get_size (job->digest) ||
      memcmp (digest, g_bytes_get_data (job->digest, NULL), size) != 0)
    g_set_error_literal (&job->error, SHT_HTTP_ERROR, 460,
                         "The bytes do not have the announced checksum.");
  else if (sht_tus_file_append (job->upload->file, job->offset, job->bytes, &job->error))
    sht_tus_file_release (job->upload->file);
}

static void
patch_flush (ShtTus *self, ShtTusPatch *patch)
{
  ShtTusJob *job;

  if (patch->checked || patch->buffer->len == 0)
    return;
  job = sht_tus_job_new (self, patch->upload, run_write, done_write);
  job->patch = g_rc_box_acquire (patch);
  job->offset = patch->offset;
  job->bytes = g_byte_array_free_to_bytes (g_steal_pointer (&patch->buffer));
  patch->buffer = g_byte_array_new ();
  patch->offset += (gint64)g_bytes_get_size (job->bytes);
  patch->queued += (gint64)g_bytes_get_size (job->bytes);
  sht_tus_job_push (job);
}

/* The device asks anew, so it has given its older connection up, which may look alive for minutes.
 */
void
sht_tus_take_over (ShtTus *self, ShtTusUpload *upload)
{
  ShtTusPatch *patch = g_steal_pointer (&upload->patch);
  ShtHttpExchange *exchange;

  if (patch == NULL)
    return;
  exchange = g_steal_pointer (&patch->exchange);
  patch_flush (self, patch);
  sht_tus_queue_release (self, upload, patch, NULL);
  sht_http_exchange_respond_error (exchange, 409, "taken_over",
                                   "A newer request has taken this upload over.");
}

gboolean
sht_tus_patch_start (ShtTus *self,
                     ShtTusRequest *request,
                     ShtHttpExchange *exchange,
                     GError **error)
{
  const char *checksum = sht_http_exchange_get_header (exchange, "Upload-Checksum");
  gint64 announced = sht_http_exchange_get_content_length (exchange);
  ShtTusUpload *upload = request->upload;
  g_autoptr (GBytes) digest = NULL;
  GChecksumType type = G_CHECKSUM_SHA256;
  ShtTusPatch *patch;

  if (checksum != NULL && !sht_tus_parse_checksum (checksum, &type, &digest, error))
    return FALSE;
  if (announced > upload->length - upload->accepted)
    {
      g_set_error_literal (error, SHT_HTTP_ERROR, 413, "The body goes past the upload's length.");
      return FALSE;
    }
  if (checksum != NULL && announced > SHT_TUS_MAX_CHECKED)
    {
      g_set_error_literal (error, SHT_HTTP_ERROR, 413,
                           "A body with a checksum can be 1 MiB at most.");
      return FALSE;
    }
  patch = g_rc_box_new0 (ShtTusPatch);
  patch->upload = sht_tus_upload_ref (upload);
  patch->exchange = exchange;
  patch->buffer = g_byte_array_new ();
  patch->offset = upload->accepted;
  patch->checked = checksum != NULL;
  patch->type = type;
  patch->digest = g_steal_pointer (&digest);
  request->patch = patch;
  upload->patch = patch;
  return TRUE;
}

/**
 * sht_tus_patch_take:
 *
 * The next bytes of the body.
 */
void
sht_tus_patch_take (ShtTus *self, ShtTusPatch *patch, GBytes *bytes)
{
  ShtHttpExchange *exchange = patch->exchange;
  gsize size = g_bytes_get_size (bytes);
  gint64 end = patch->offset + patch->buffer->len + (gint64)size;
  if (end > patch->upload->length ||
      (patch->checked && patch->buffer->len + size > SHT_TUS_MAX_CHECKED))
    {
      /* Only a body in chunks gets here: its size was not known before. */
      patch->upload->patch = NULL;
      patch_flush (self, patch);
      sht_tus_queue_release (self, patch->upload, NULL, NULL);
      sht_tus_refuse (exchange, 413,
                      patch->checked ? "The body is too long for a checksum or for the upload."
                                     : "The body goes past the upload's length.");
      return;
    }
  g_byte_array_append (patch->buffer, g_bytes_get_data (bytes, NULL), (guint)size);
  if (patch->checked)
    return;
  patch->upload->accepted += (gint64)size;
  if (patch->buffer->len >= BLOCK)
    patch_flush (self, patch);
  if (patch->queued > QUEUE_MAX && !patch->held)
    {
      patch->held = TRUE;
      sht_http_exchange_hold (exchange);
    }
}

void
sht_tus_patch_end (ShtTus *self, ShtTusPatch *patch, ShtHttpExchange *exchange)
{
  ShtTusJob *job;

  if (patch->upload->patch == patch)
    patch->upload->patch = NULL;
  patch->exchange = NULL;
  if (!patch->checked || exchange == NULL)
    {
      patch_flush (self, patch);
      sht_tus_queue_release (self, patch->upload, patch, exchange);
      return;
    }
  job = sht_tus_job_new (self, patch->upload, run_checked, done_release);
  job->exchange = g_object_ref (exchange);
  job->bytes = g_byte_array_free_to_bytes (g_steal_pointer (&patch->buffer));
  patch->buffer = g_byte_array_new ();
  job->offset = patch->offset;
  job->type = patch->type;
  job->digest = g_bytes_ref (patch->digest);
  sht_tus_job_push (job);
}
