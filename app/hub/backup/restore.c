/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/backup/backup-private.h"

#include "platform/durable.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MOST_MANIFEST_BYTES (16 * 1024 * 1024)

typedef struct
{
  struct archive *archive;  /* (owned) */
  const char *file;
  const char *folder;       /* where it is unpacked */
  char *database_sha256;    /* (owned) (nullable): of what was unpacked */
  GHashTable *photos;       /* (owned): hash → size, of what was unpacked */
  GHashTable *missing;      /* (owned): hashes that the backup says it has not got */
  JsonObject *manifest;     /* (owned) (nullable) */
  GError *fault;            /* (owned) (nullable) */
  ShtBackupReport *report;
} Restore;

static gboolean
unusable (Restore *restore, GError **error, const char *why)
{
  g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST, "%s cannot be restored: %s", restore->file, why);
  return FALSE;
}

static gboolean
is_photo_name (const char *name)
{
  const char *hash = strlen (name) == strlen ("photos/00/") + 64 ? name + strlen ("photos/00/") : NULL;

  return hash != NULL && strspn (hash, "0123456789abcdef") == 64 && g_str_has_prefix (name, "photos/")
         && strncmp (name + strlen ("photos/"), hash, 2) == 0 && hash[-1] == '/';
}

static gboolean
copy_out (Restore *restore, int fd, ShtSha256 *sum, gint64 *size, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (SHT_BACKUP_CHUNK);
  la_ssize_t n;

  *size = 0;
  while ((n = archive_read_data (restore->archive, buffer, SHT_BACKUP_CHUNK)) > 0)
    {
      sht_sha256_add (sum, buffer, (gsize) n);
      *size += n;
      if (!sht_durable_write_all (fd, buffer, (gsize) n))
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "what is in the backup cannot be written: %s",
                       g_strerror (errno));
          return FALSE;
        }
    }
  if (n < 0)
    return unusable (restore, error, "it is damaged or cut short");
  if (fsync (fd) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "what is in the backup cannot be written: %s",
               g_strerror (errno));
  return FALSE;
}

/* Unpacks one file of the archive, under a name that was checked. */
static char *
unpack (Restore *restore, const char *name, gint64 *size, GError **error)
{
  g_autofree char *path = g_build_filename (restore->folder, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  ShtSha256 sum;
  gboolean ok;
  int fd;

  if (!sht_durable_mkdir (folder, error))
    return NULL;
  fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      unusable (restore, error, errno == EEXIST ? "it holds one thing twice" : g_strerror (errno));
      return NULL;
    }
  sht_sha256_begin (&sum);
  ok = copy_out (restore, fd, &sum, size, error);
  close (fd);
  return ok && sht_durable_sync_folder (folder, error) ? sht_sha256_end_hex (&sum) : NULL;
}

static gboolean
take_photo (Restore *restore, const char *name, GError **error)
{
  gint64 size;
  g_autofree char *hash = unpack (restore, name, &size, error);

  if (hash == NULL)
    return FALSE;
  if (!g_str_has_suffix (name, hash))
    return unusable (restore, error, "a photo in it is damaged");
  g_hash_table_replace (restore->photos, g_steal_pointer (&hash), g_memdup2 (&size, sizeof size));
  return TRUE;
}

static gboolean
take_manifest (Restore *restore, gint64 size, GError **error)
{
  g_autofree char *text = NULL;

  if (size <= 0 || size > MOST_MANIFEST_BYTES || restore->manifest != NULL)
    return unusable (restore, error, "its list of contents is damaged");
  text = g_malloc0 ((gsize) size + 1);
  if (archive_read_data (restore->archive, text, (gsize) size) != (la_ssize_t) size)
    return unusable (restore, error, "it is damaged or cut short");
  restore->manifest = sht_json_parse_object (text, (gssize) size, NULL);
  return restore->manifest != NULL || unusable (restore, error, "its list of contents is damaged");
}

static gboolean
take_entry (Restore *restore, struct archive_entry *entry, GError **error)
{
  const char *name = archive_entry_pathname (entry);
  gint64 size;

  if (name == NULL || archive_entry_filetype (entry) != AE_IFREG)
    return unusable (restore, error, "it is no backup of a hub");
  if (g_str_equal (name, SHT_BACKUP_DATABASE))
    {
      restore->database_sha256 = unpack (restore, name, &size, error);
      return restore->database_sha256 != NULL;
    }
  if (g_str_equal (name, SHT_BACKUP_MANIFEST))
    return take_manifest (restore, archive_entry_size (entry), error);
  if (is_photo_name (name))
    return take_photo (restore, name, error);
  return unusable (restore, error, "it is no backup of a hub");
}

static gboolean
read_archive (Restore *restore, GError **error)
{
  struct archive_entry *entry;
  gboolean ok = TRUE;
  int rc;

  if (archive_read_open_filename (restore->archive, restore->file, SHT_BACKUP_CHUNK) != ARCHIVE_OK)
    return unusable (restore, error,
                     g_file_test (restore->file, G_FILE_TEST_EXISTS) ? "it is no backup of a hub" : "there is no such file");
  while (ok && (rc = archive_read_next_header (restore->archive, &entry)) == ARCHIVE_OK)
    ok = take_entry (restore, entry, error);
  if (ok && rc != ARCHIVE_EOF)
    return unusable (restore, error,
                     restore->database_sha256 != NULL ? "it is damaged or cut short" : "it is no backup of a hub");
  return ok;
}

static gboolean
check_manifest (Restore *restore, GError **error)
{
  JsonArray *missing = sht_json_array (restore->manifest, "missing");

  if (restore->database_sha256 == NULL)
    return unusable (restore, error, "it is no backup of a hub");
  if (restore->manifest == NULL)
    return unusable (restore, error, "it is damaged or cut short");
  if (sht_json_int (restore->manifest, "format", 0) != SHT_BACKUP_FORMAT)
    return unusable (restore, error, "it was made by a newer version");
  if (g_strcmp0 (sht_json_string (restore->manifest, "database_sha256"), restore->database_sha256) != 0)
    return unusable (restore, error, "the database in it is damaged");
  if (sht_json_int (restore->manifest, "photos", -1) != (gint64) g_hash_table_size (restore->photos))
    return unusable (restore, error, "photos are missing in it");
  for (guint i = 0; missing != NULL && i < json_array_get_length (missing); i++)
    g_hash_table_add (restore->missing, g_strdup (json_array_get_string_element (missing, i)));
  return TRUE;
}

static gboolean
check_blob (gpointer data, const char *sha256, gint64 size)
{
  Restore *restore = data;
  const gint64 *unpacked = g_hash_table_lookup (restore->photos, sha256);

  if (unpacked != NULL && *unpacked == size)
    return TRUE;
  if (unpacked == NULL && g_hash_table_contains (restore->missing, sha256))
    {
      g_ptr_array_add (restore->report->missing, g_strdup (sha256));
      return TRUE;
    }
  unusable (restore, &restore->fault, "a photo that its database names is missing in it");
  return FALSE;
}

/* A photo that the hub had lost is asked for again: a tablet may still have it. */
static gboolean
ask_for_missing (ShtHub *hub, GPtrArray *missing, GError **error)
{
  for (guint i = 0; i < missing->len; i++)
    if (!hub->store->driver->remove_blob (hub->store, g_ptr_array_index (missing, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
check_database (Restore *restore, GError **error)
{
  g_autoptr (ShtHub) hub = sht_hub_open (restore->folder, error);
  g_auto (ShtHubHistory) history = { 0 };
  gint64 nonce;

  if (hub == NULL || !hub->store->driver->verify (hub->store, error)
      || !hub->store->driver->get_history (hub->store, &history, error)
      || !hub->store->driver->log_head (hub->store, &restore->report->head, &nonce, error)
      || !hub->store->driver->each_blob (hub->store, check_blob, restore, error))
    {
      g_prefix_error (error, "%s cannot be restored: ", restore->file);
      return FALSE;
    }
  if (restore->fault != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&restore->fault));
      return FALSE;
    }
  if (g_strcmp0 (history.id, sht_json_string (restore->manifest, "history")) != 0)
    return unusable (restore, error, "its parts do not belong together");
  restore->report->photos = g_hash_table_size (restore->photos);
  return ask_for_missing (hub, restore->report->missing, error) && sht_hub_start_history (hub, error);
}

static gboolean
is_new_or_empty (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = NULL;

  if (!g_file_test (folder, G_FILE_TEST_EXISTS))
    return TRUE;
  dir = g_dir_open (folder, 0, error);
  if (dir == NULL)
    return FALSE;
  if (g_dir_read_name (dir) == NULL)
    return TRUE;
  g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST,
               "%s is not empty: a backup is restored into a new or empty folder", folder);
  return FALSE;
}

static gboolean
restore_inside (Restore *restore, GError **error)
{
  gboolean ok;

  restore->archive = archive_read_new ();
  archive_read_support_format_tar (restore->archive);
  ok = read_archive (restore, error);
  archive_read_free (restore->archive);
  return ok && check_manifest (restore, error) && check_database (restore, error);
}

static char *
without_slash (const char *folder)
{
  gsize length = strlen (folder);

  while (length > 1 && folder[length - 1] == '/')
    length--;
  return g_strndup (folder, length);
}

/**
 * sht_hub_restore:
 * @file: what sht_hub_backup() wrote
 * @folder: where the hub shall be: a folder that is new or empty
 * @report: (out caller-allocates): what was in it
 *
 * Unpacks a backup beside @folder, verifies the database and each photo's hash, starts a new history, and only
 * then gives it its name.
 *
 * Returns: %FALSE with a #ShtHubError, #ShtDbError or #GIOErrorEnum, and then nothing of it stays
 */
gboolean
sht_hub_restore (const char *file, const char *folder, ShtBackupReport *report, GError **error)
{
  g_autofree char *plain = without_slash (folder);
  g_autofree char *temporary = g_strconcat (plain, ".restoring", NULL);
  g_autofree char *parent = g_path_get_dirname (plain);
  Restore restore = { .file = file, .folder = temporary, .report = report };
  gboolean ok;
  int claim;

  *report = (ShtBackupReport){ .missing = g_ptr_array_new_with_free_func (g_free) };
  if (!is_new_or_empty (plain, error) || !sht_durable_mkdir (parent, error))
    return FALSE;
  claim = sht_backup_claim_folder (temporary, error);
  if (claim < 0)
    return FALSE;
  restore.photos = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  restore.missing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ok = restore_inside (&restore, error) && sht_durable_sync_folder (temporary, error)
       && sht_durable_rename (temporary, plain, error);
  if (!ok)
    sht_backup_remove_tree (temporary);
  close (claim);
  g_hash_table_unref (restore.photos);
  g_hash_table_unref (restore.missing);
  g_clear_pointer (&restore.manifest, json_object_unref);
  g_clear_error (&restore.fault);
  g_free (restore.database_sha256);
  return ok;
}
