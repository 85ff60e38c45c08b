/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json.h"
#include "platform/durable.h"
#include "platform/sealed-file.h"
#include "tablet/store/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* All that waits for the hub, in one file that somebody carries there: PROTOCOL.md has its parts. */

typedef struct
{
  ShtStore *store;
  GPtrArray *batch;   /* (owned) (element-type ShtOutgoing) */
  GPtrArray *uploads; /* (owned) (element-type ShtUpload) */
  char *incarnation;  /* (owned) */
  gint64 at;
  ShtSealedWriter *writer; /* (owned) (nullable) */
  ShtRescueFunc progress;
  gpointer data;
  GCancellable *cancellable;
  gint64 done_bytes;
  gint64 all_bytes;
  gboolean whole; /* all of it is written: whatever fails from here on, it may be there, and somebody may carry it */
  ShtRescue *rescue;
} Job;

static void
job_clear (Job *job)
{
  g_clear_pointer (&job->batch, g_ptr_array_unref);
  g_clear_pointer (&job->uploads, g_ptr_array_unref);
  g_clear_pointer (&job->writer, sht_sealed_writer_free);
  g_free (job->incarnation);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static gboolean
fail (GError **error, const char *file)
{
  g_autofree char *name = g_path_get_basename (file);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s cannot be written: %s", name, g_strerror (errno));
  return FALSE;
}

static gboolean
is_whole (ShtStore *store, const ShtUpload *upload, GCancellable *cancellable)
{
  g_autofree char *path = sht_store_blob_path (store, upload->sha256);
  goffset size = -1;
  g_autofree char *hash = sht_sha256_of_file (path, &size, cancellable, NULL);

  return size == upload->size && g_strcmp0 (hash, upload->sha256) == 0;
}

/* Photos whose operation the hub has, or will have with this file; each file once. */
static gboolean
collect_uploads (Job *job, GError **error)
{
  g_autoptr (GHashTable) in_file = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  ShtStmt *stmt = sht_db_query (job->store->db,
                                "SELECT b.sha256, b.size, b.is_thumb, o.op, o.state, o.kind FROM blob AS b "
                                "JOIN op AS o ON o.op = b.op WHERE b.state < 2 AND o.state <= 2 ORDER BY b.is_thumb DESC, b.n",
                                "");

  job->uploads = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_upload_free);
  for (guint i = 0; i < job->batch->len; i++)
    g_hash_table_add (in_file, ((ShtOutgoing *) g_ptr_array_index (job->batch, i))->op);
  while (sht_stmt_step (stmt))
    {
      ShtUpload *upload;

      if (g_hash_table_contains (taken, sht_stmt_text (stmt, 0))
          || (sht_stmt_int (stmt, 4) != SHT_OP_CONFIRMED && !g_hash_table_contains (in_file, sht_stmt_text (stmt, 3))))
        continue;
      upload = g_new0 (ShtUpload, 1);
      upload->sha256 = sht_stmt_dup (stmt, 0);
      upload->size = sht_stmt_int (stmt, 1);
      upload->is_thumb = sht_stmt_int (stmt, 2) != 0;
      upload->is_voice = g_strcmp0 (sht_stmt_text (stmt, 5), sht_kind_name (SHT_KIND_VOICE_ADD)) == 0;
      g_ptr_array_add (job->uploads, upload);
      g_hash_table_add (taken, upload->sha256);
    }
  return sht_stmt_end (stmt, error);
}

/* One whose file is damaged must not spoil the rest. */
static void
drop_damaged (Job *job)
{
  for (guint i = job->uploads->len; i-- > 0;)
    {
      ShtUpload *upload = g_ptr_array_index (job->uploads, i);

      if (!is_whole (job->store, upload, job->cancellable))
        {
          job->rescue->damaged += !upload->is_thumb;
          g_ptr_array_remove_index (job->uploads, i);
          continue;
        }
      job->all_bytes += upload->size;
    }
}

static gboolean
add_json (Job *job, char what, JsonObject *json, GError **error)
{
  g_autofree char *text = sht_json_to_string (json);

  return sht_sealed_writer_add (job->writer, what, text, strlen (text), error);
}

static gboolean
add_head (Job *job, const char *key, GError **error)
{
  g_autoptr (JsonObject) head = json_object_new ();
  ShtStore *store = job->store;

  json_object_set_string_member (head, "device", store->device.id);
  json_object_set_string_member (head, "key", key);
  json_object_set_int_member (head, "made_at", job->at);
  json_object_set_int_member (head, "clock_offset_ms", sht_store_clock_offset (store));
  json_object_set_string_member (head, "incarnation", job->incarnation);
  if (store->world.boot_id != NULL)
    {
      json_object_set_string_member (head, "boot_id", store->world.boot_id);
      json_object_set_int_member (head, "boot_ms", store->world.boot_ms (store->world.data));
    }
  return add_json (job, 'H', head, error);
}

static gboolean
add_operation (Job *job, const ShtOutgoing *outgoing, GError **error)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *part = NULL;
  gsize length;

  bytes = sht_db_get_text (job->store->db, &local_error, "SELECT bytes FROM op WHERE op = ?1", "s", outgoing->op);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  /* Confirmed and backed up meanwhile, by the engine that goes on: the hub has it. */
  if (bytes == NULL || g_str_equal (bytes, "{}"))
    return TRUE;
  part = g_strdup_printf ("%" G_GINT64_FORMAT " %s", outgoing->device_seq, bytes);
  length = strlen (part);
  /* No operation is made so large: the hub would refuse it. */
  if (length > SHT_SEALED_PART_BYTES)
    return TRUE;
  job->rescue->operations++;
  return sht_sealed_writer_add (job->writer, 'O', part, length, error);
}

static gboolean
copy_bytes (Job *job, int fd, gint64 left, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (SHT_SEALED_PART_BYTES);

  while (left > 0)
    {
      gssize n = read (fd, buffer, (gsize) MIN (left, SHT_SEALED_PART_BYTES));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "a photo's file has changed meanwhile");
          return FALSE;
        }
      if (g_cancellable_set_error_if_cancelled (job->cancellable, error)
          || !sht_sealed_writer_add (job->writer, 'B', buffer, (gsize) n, error))
        return FALSE;
      left -= n;
      job->done_bytes += n;
      if (job->progress != NULL)
        job->progress (job->data, job->done_bytes, job->all_bytes);
    }
  return TRUE;
}

static gboolean
add_photo (Job *job, const ShtUpload *upload, GError **error)
{
  g_autofree char *path = sht_store_blob_path (job->store, upload->sha256);
  g_autoptr (JsonObject) head = json_object_new ();
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean ok;

  if (fd < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "a photo's or voice note's file has gone meanwhile");
      return FALSE;
    }
  json_object_set_string_member (head, "sha256", upload->sha256);
  json_object_set_int_member (head, "size", upload->size);
  ok = add_json (job, 'P', head, error) && copy_bytes (job, fd, upload->size, error);
  close (fd);
  job->rescue->voices += ok && upload->is_voice;
  job->rescue->photos += ok && !upload->is_voice && !upload->is_thumb;
  return ok;
}

static gboolean
write_parts (Job *job, int fd, GError **error)
{
  g_autofree char *hub_key = sht_store_get_text (job->store, "hub_key");
  g_autofree char *secret = sht_store_signing_secret (job->store, error);
  g_autofree char *key = secret != NULL ? sht_key_to_sign (secret) : NULL;

  if (key == NULL)
    return FALSE;
  job->writer = sht_sealed_writer_new (fd, hub_key, secret, error);
  if (job->writer == NULL || !add_head (job, key, error))
    return FALSE;
  for (guint i = 0; i < job->batch->len; i++)
    if (!add_operation (job, g_ptr_array_index (job->batch, i), error))
      return FALSE;
  for (guint i = 0; i < job->uploads->len; i++)
    if (!add_photo (job, g_ptr_array_index (job->uploads, i), error))
      return FALSE;
  job->whole = TRUE;
  return sht_sealed_writer_finish (job->writer, error);
}

/* Under another name until all of it is on the disk. */
static gboolean
write_file (Job *job, const char *file, GError **error)
{
  g_autofree char *temporary = g_strconcat (file, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  struct stat info;
  gboolean ok;

  if (fd < 0)
    return fail (error, file);
  ok = write_parts (job, fd, error);
  if (!ok && error != NULL && (*error)->domain == G_IO_ERROR)
    g_prefix_error (error, "%s cannot be written: ", file);
  if (ok && (fsync (fd) != 0 || fstat (fd, &info) != 0))
    ok = fail (error, file);
  close (fd);
  ok = ok && sht_durable_rename (temporary, file, error);
  if (ok)
    job->rescue->bytes = info.st_size;
  else
    unlink (temporary);
  return ok;
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED, why);
  return FALSE;
}

static gboolean
is_ready (ShtStore *store, const char *file, GError **error)
{
  g_autofree char *hub_key = sht_store_get_text (store, "hub_key");
  g_autofree char *name = g_path_get_basename (file);

  if ((store->device.id == NULL && !sht_store_is_enrolled (store, error)))
    return FALSE;
  if (!sht_key_is_valid (hub_key))
    return refuse (error, "this tablet does not know its hub's key yet: it has to reach the hub once before");
  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "there is a file %s already: it is left as it is", name);
  return FALSE;
}

static gboolean
count_undecided (Job *job, GError **error)
{
  gint64 operations = 0, attention = 0;

  if (!sht_store_count_pending (job->store, NULL, NULL, &attention, error)
      || !sht_db_get_int (job->store->db, &operations, error, "SELECT count(*) FROM op WHERE state < 2", ""))
    return FALSE;
  job->rescue->undecided = (guint) (attention + MAX (0, operations - (gint64) job->batch->len));
  return TRUE;
}

/**
 * sht_store_rescue:
 * @file: where all that waits shall go; there must be none yet
 * @progress: (nullable): told now and then
 * @cancellable: (nullable): ends it; then nothing has changed
 * @rescue: (out caller-allocates): what went in
 *
 * Writes all operations that the hub has not confirmed, and the photos that it has not, into one file, sealed to the
 * hub's key and signed by this tablet's. When this returns the file is durable and whole. Everything stays on the
 * tablet and goes on being sent; whichever comes first, it is taken in once. When nothing waits, no file is made.
 *
 * Returns: %FALSE with a #ShtStoreError, #ShtDbError or #GIOErrorEnum, and then there is no file, or one that is whole on
 *   a disk that failed at its end: what is in it is then not withdrawn any more
 */
gboolean
sht_store_rescue (ShtStore *store, const char *file, ShtRescueFunc progress, gpointer data, GCancellable *cancellable,
                  ShtRescue *rescue, GError **error)
{
  g_auto (Job) job = { .store = store, .progress = progress, .data = data, .cancellable = cancellable, .rescue = rescue };

  *rescue = (ShtRescue){ 0 };
  job.at = sht_store_now (store);
  if (!is_ready (store, file, error) || !sht_store_export (store, job.at, &job.incarnation, &job.batch, error))
    return FALSE;
  if (!collect_uploads (&job, error) || !count_undecided (&job, error))
    {
      sht_store_unexport (store, job.at, NULL);
      return FALSE;
    }
  drop_damaged (&job);
  if (!g_cancellable_set_error_if_cancelled (cancellable, error)
      && (job.batch->len + job.uploads->len == 0 || write_file (&job, file, error)))
    return TRUE;
  if (!job.whole)
    sht_store_unexport (store, job.at, NULL);
  return FALSE;
}
