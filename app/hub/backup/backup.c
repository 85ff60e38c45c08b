/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/backup/backup-private.h"

#include "platform/durable.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Somebody who changes the maps all the time is not waited for. */
#define MOST_TRIES 3

typedef struct
{
  char *sha256;
  gint64 size;
} Blob;

typedef struct
{
  ShtHub *hub;
  struct archive *archive; /* (owned) */
  GPtrArray *blobs;        /* (owned) (element-type Blob): the photos that the snapshot names */
  char *history;           /* (owned) */
  char *database_sha256;   /* (owned) */
  ShtBackupReport *report;
} Backup;

void
sht_backup_report_clear (ShtBackupReport *report)
{
  g_clear_pointer (&report->missing, g_ptr_array_unref);
}

static void
remove_children (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        sht_backup_remove_tree (child);
      else
        g_unlink (child);
    }
}

/* Removes what this program made itself; a file that cannot go does no harm. */
void
sht_backup_remove_tree (const char *path)
{
  remove_children (path);
  g_rmdir (path);
}

/**
 * sht_backup_claim_folder:
 * @folder: to be worked in; it is made when it is not there
 *
 * Makes a folder one's own as long as the returned handle is open. What one that was killed has left in it goes.
 *
 * Returns: a file handle to be closed, -1 with %G_IO_ERROR_BUSY when another program works there, or another
 *   #GIOErrorEnum
 */
int
sht_backup_claim_folder (const char *folder, GError **error)
{
  gboolean made = g_mkdir (folder, 0700) == 0 || errno == EEXIST;
  int fd = made ? open (folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
  int saved = errno;

  if (fd < 0 || flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      saved = fd < 0 ? saved : errno;
      g_set_error (error, G_IO_ERROR, saved == EWOULDBLOCK ? G_IO_ERROR_BUSY : g_io_error_from_errno (saved),
                   "%s cannot be used: %s", folder,
                   saved == EWOULDBLOCK ? "another backup or restore is under way" : g_strerror (saved));
      if (fd >= 0)
        close (fd);
      return -1;
    }
  remove_children (folder);
  return fd;
}

static void
blob_free (gpointer data)
{
  Blob *blob = data;

  g_free (blob->sha256);
  g_free (blob);
}

static gboolean
collect_blob (gpointer data, const char *sha256, gint64 size)
{
  Blob *blob = g_new0 (Blob, 1);

  blob->sha256 = g_strdup (sha256);
  blob->size = size;
  g_ptr_array_add (data, blob);
  return TRUE;
}

static gboolean
archive_failed (struct archive *archive, GError **error)
{
  const char *why = archive_error_string (archive);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (archive_errno (archive)), "the backup cannot be written: %s",
               why != NULL ? why : "no reason known");
  return FALSE;
}

static gboolean
start_entry (Backup *backup, const char *name, gint64 size, GError **error)
{
  struct archive_entry *entry = archive_entry_new ();
  int rc;

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0600);
  archive_entry_set_size (entry, size);
  archive_entry_set_mtime (entry, sht_hub_now (backup->hub) / 1000, 0);
  rc = archive_write_header (backup->archive, entry);
  archive_entry_free (entry);
  return rc == ARCHIVE_OK || archive_failed (backup->archive, error);
}

static gboolean
write_data (Backup *backup, const void *data, gsize length, GError **error)
{
  return archive_write_data (backup->archive, data, length) == (la_ssize_t) length
         || archive_failed (backup->archive, error);
}

/* Copies a file; the hash of what was copied tells whether it was right. */
static char *
add_file (Backup *backup, int fd, const char *name, gint64 size, GError **error)
{
  ShtSha256 sum;
  g_autofree guint8 *buffer = g_malloc (SHT_BACKUP_CHUNK);
  gint64 left = size;

  sht_sha256_begin (&sum);
  if (!start_entry (backup, name, size, error))
    return NULL;
  while (left > 0)
    {
      gssize n = read (fd, buffer, (gsize) MIN (left, SHT_BACKUP_CHUNK));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be read to its end", name);
          return NULL;
        }
      sht_sha256_add (&sum, buffer, (gsize) n);
      if (!write_data (backup, buffer, (gsize) n, error))
        return NULL;
      left -= n;
    }
  return sht_sha256_end_hex (&sum);
}

static int
open_sized (const char *path, gint64 *size)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  struct stat info;

  if (fd >= 0 && fstat (fd, &info) == 0)
    {
      *size = info.st_size;
      return fd;
    }
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
add_database (Backup *backup, const char *snapshot, GError **error)
{
  gint64 size;
  int fd = open_sized (snapshot, &size);

  if (fd < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the database's copy cannot be opened");
      return FALSE;
    }
  backup->database_sha256 = add_file (backup, fd, SHT_BACKUP_DATABASE, size, error);
  close (fd);
  return backup->database_sha256 != NULL;
}

/* One rotten photo must not keep a town from having a backup: it is left out and named. */
static gboolean
add_photo (Backup *backup, const Blob *blob, GError **error)
{
  g_autofree char *path = sht_hub_photo_path (backup->hub, blob->sha256);
  g_autofree char *name = g_strdup_printf ("photos/%.2s/%s", blob->sha256, blob->sha256);
  g_autofree char *before = sht_sha256_of_file (path, NULL, NULL, NULL);
  g_autofree char *copied = NULL;
  gint64 size = -1;
  int fd = g_strcmp0 (before, blob->sha256) == 0 ? open_sized (path, &size) : -1;

  if (fd < 0 || size != blob->size)
    {
      if (fd >= 0)
        close (fd);
      g_ptr_array_add (backup->report->missing, g_strdup (blob->sha256));
      return TRUE;
    }
  copied = add_file (backup, fd, name, size, error);
  close (fd);
  if (copied == NULL)
    return FALSE;
  if (!g_str_equal (copied, blob->sha256))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s changed while it was read", name);
      return FALSE;
    }
  backup->report->photos++;
  return TRUE;
}

static gboolean
add_manifest (Backup *backup, GError **error)
{
  g_autoptr (JsonObject) manifest = json_object_new ();
  JsonArray *missing = json_array_new ();
  g_autofree char *text = NULL;

  for (guint i = 0; i < backup->report->missing->len; i++)
    json_array_add_string_element (missing, g_ptr_array_index (backup->report->missing, i));
  json_object_set_int_member (manifest, "format", SHT_BACKUP_FORMAT);
  json_object_set_string_member (manifest, "history", backup->history);
  json_object_set_int_member (manifest, "head", backup->report->head);
  json_object_set_int_member (manifest, "made_at", sht_hub_now (backup->hub));
  json_object_set_string_member (manifest, "database_sha256", backup->database_sha256);
  json_object_set_int_member (manifest, "photos", backup->report->photos);
  json_object_set_array_member (manifest, "missing", missing);
  text = sht_json_to_string (manifest);
  return start_entry (backup, SHT_BACKUP_MANIFEST, (gint64) strlen (text), error)
         && write_data (backup, text, strlen (text), error);
}

static gboolean
read_snapshot (Backup *backup, const char *snapshot, GError **error)
{
  g_autoptr (ShtHubStore) store = sht_hub_store_open_sqlite (snapshot, NULL, error);
  g_auto (ShtHubHistory) history = { 0 };
  gint64 nonce;

  if (store == NULL || !store->driver->get_history (store, &history, error)
      || !store->driver->log_head (store, &backup->report->head, &nonce, error)
      || !store->driver->each_blob (store, collect_blob, backup->blobs, error))
    return FALSE;
  backup->history = g_steal_pointer (&history.id);
  return TRUE;
}

static gboolean
write_archive (Backup *backup, int fd, const char *snapshot, GError **error)
{
  gboolean ok;

  backup->archive = archive_write_new ();
  archive_write_set_format_pax_restricted (backup->archive);
  ok = archive_write_open_fd (backup->archive, fd) == ARCHIVE_OK || archive_failed (backup->archive, error);
  ok = ok && add_database (backup, snapshot, error);
  for (guint i = 0; ok && i < backup->blobs->len; i++)
    ok = add_photo (backup, g_ptr_array_index (backup->blobs, i), error);
  ok = ok && add_manifest (backup, error)
       && (archive_write_close (backup->archive) == ARCHIVE_OK || archive_failed (backup->archive, error));
  archive_write_free (backup->archive);
  if (!ok || fsync (fd) == 0)
    return ok;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "the backup cannot be written: %s",
               g_strerror (errno));
  return FALSE;
}

static gboolean
write_file (Backup *backup, const char *file, const char *snapshot, GError **error)
{
  g_autofree char *temporary = g_strconcat (file, ".part", NULL);
  gboolean ok;
  int fd;

  /* What a backup that was killed has left. */
  g_unlink (temporary);
  fd = open (temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s cannot be made: %s", file,
                   g_strerror (errno));
      return FALSE;
    }
  ok = write_archive (backup, fd, snapshot, error);
  close (fd);
  ok = ok && sht_durable_rename (temporary, file, error);
  if (!ok)
    g_unlink (temporary);
  return ok;
}

/* Makes ready for another try. */
static void
forget (Backup *backup, const char *snapshot)
{
  g_unlink (snapshot);
  g_ptr_array_set_size (backup->blobs, 0);
  g_ptr_array_set_size (backup->report->missing, 0);
  backup->report->photos = 0;
  g_clear_pointer (&backup->history, g_free);
  g_clear_pointer (&backup->database_sha256, g_free);
}

/* Whether a map went while it was made, with its bytes: they are not missing, but the snapshot still offers them. */
static gboolean
is_out_of_date (Backup *backup, gboolean *out_of_date, GError **error)
{
  ShtHubStore *store = backup->hub->store;
  gint64 size;

  *out_of_date = FALSE;
  for (guint i = 0; !*out_of_date && i < backup->report->missing->len; i++)
    {
      if (!store->driver->get_blob (store, g_ptr_array_index (backup->report->missing, i), &size, error))
        return FALSE;
      *out_of_date = size < 0;
    }
  return TRUE;
}

static gboolean
back_up_inside (Backup *backup, const char *file, const char *folder, GError **error)
{
  ShtHubStore *store = backup->hub->store;
  g_autofree char *snapshot = g_build_filename (folder, SHT_BACKUP_DATABASE, NULL);
  gboolean again = TRUE;

  for (guint tries = 0; again && tries < MOST_TRIES; tries++)
    {
      forget (backup, snapshot);
      if (!store->driver->snapshot (store, snapshot, error) || !read_snapshot (backup, snapshot, error)
          || !write_file (backup, file, snapshot, error) || !is_out_of_date (backup, &again, error))
        return FALSE;
    }
  /* Tablets drop what is backed up: not while a photo is missing, which one of them may still have. */
  return backup->report->missing->len > 0
         || store->driver->note_backup (store, backup->history, backup->report->head, error);
}

/**
 * sht_hub_backup:
 * @hub: a hub over a folder; others may serve from it meanwhile
 * @file: where the backup shall be; a file that stands there is replaced when the new one is whole, which is made
 *   beside it as `FILE.part`
 * @report: (out caller-allocates): what is in it
 *
 * Writes the database as it is at one moment, and the photos that it names, into one file, durable before this
 * returns. From then on the hub tells the tablets how far it is backed up, unless a photo's bytes were missing.
 *
 * Returns: %FALSE with a #GIOErrorEnum (%G_IO_ERROR_BUSY while another backup of this hub is made) or #ShtDbError,
 *   and then @file is as it was
 */
gboolean
sht_hub_backup (ShtHub *hub, const char *file, ShtBackupReport *report, GError **error)
{
  g_autoptr (GPtrArray) blobs = g_ptr_array_new_with_free_func (blob_free);
  g_autofree char *folder = g_build_filename (hub->folder, "backup.making", NULL);
  Backup backup = { .hub = hub, .blobs = blobs, .report = report };
  gboolean ok;
  int claim;

  *report = (ShtBackupReport){ .missing = g_ptr_array_new_with_free_func (g_free) };
  if (g_file_test (file, G_FILE_TEST_EXISTS) && !g_file_test (file, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s is not a regular file", file);
      return FALSE;
    }
  if (!sht_hub_ensure_history (hub, error))
    return FALSE;
  claim = sht_backup_claim_folder (folder, error);
  if (claim < 0)
    return FALSE;
  ok = back_up_inside (&backup, file, folder, error);
  sht_backup_remove_tree (folder);
  close (claim);
  g_free (backup.history);
  g_free (backup.database_sha256);
  return ok;
}
