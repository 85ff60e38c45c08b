/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/map.h"

#include "core/protocol.h"
#include "platform/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* So often other bytes than were announced, and somebody has to ask again. */
#define MOST_FAULTS 3

struct _ShtMapDownload
{
  char *id;     /* (owned) */
  char *sha256; /* (owned): as the hub announced it */
  gint64 size;
  gint64 version;
  gint64 offset;   /* bytes that are here */
  int fd;
  gboolean summed; /* whether @sum is over all that is here: not over what an earlier run has left */
  ShtSha256 sum;
};

void
sht_map_download_free (ShtMapDownload *download)
{
  if (download->fd >= 0)
    close (download->fd);
  g_free (download->id);
  g_free (download->sha256);
  g_free (download);
}

const char *
sht_map_download_get_sha256 (ShtMapDownload *download)
{
  return download->sha256;
}

/** sht_map_download_get_offset: bytes that are here */
gint64
sht_map_download_get_offset (ShtMapDownload *download)
{
  return download->offset;
}

/** sht_map_download_get_size: bytes that it will have */
gint64
sht_map_download_get_size (ShtMapDownload *download)
{
  return download->size;
}

static gboolean
failed (GError **error, const char *what)
{
  int saved = errno;

  if (saved == ENOSPC || saved == EDQUOT)
    g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NO_ROOM, "there is no room for this map");
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", what, g_strerror (saved));
  return FALSE;
}

static gboolean
open_part (ShtStore *store, ShtMapDownload *download, GError **error)
{
  g_autofree char *path = sht_store_map_path (store, download->sha256, ".part");
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat info;

  if (!sht_durable_mkdir (folder, error))
    return FALSE;
  download->fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (download->fd < 0 || fstat (download->fd, &info) != 0)
    return failed (error, "a map's file cannot be opened");
  download->offset = info.st_size;
  if (download->offset > download->size)
    {
      if (ftruncate (download->fd, 0) != 0)
        return failed (error, "a map's file cannot be emptied");
      download->offset = 0;
    }
  download->summed = download->offset == 0;
  sht_sha256_begin (&download->sum);
  return TRUE;
}

#define WANTED                                                                                                                \
  " FROM map_package AS p JOIN entity AS e ON e.type = 'map' AND e.id = p.id WHERE p.wanted AND p.faults < ?1 "                \
  "AND e.doc ->> 'sha256' IS NOT p.sha256 AND length (e.doc ->> 'sha256') = 64 "                                              \
  "AND e.doc ->> 'sha256' NOT GLOB '*[^0-9a-f]*' AND e.doc ->> 'size' BETWEEN 1 AND ?2 "                                     \
  "AND (NOT ?3 OR p.asked IS e.doc ->> 'sha256')"

/**
 * sht_store_wants_map:
 * @sparing: whether only what somebody asked for by hand is to come: the link costs money, or the battery runs low
 *
 * Returns: whether a map is to be fetched
 */
gboolean
sht_store_wants_map (ShtStore *store, gboolean sparing)
{
  gint64 n = 0;

  return sht_db_get_int (store->db, &n, NULL, "SELECT count (*)" WANTED, "iii", (gint64) MOST_FAULTS, SHT_MAP_MAX_BYTES,
                         (gint64) sparing)
         && n > 0;
}

/**
 * sht_store_next_map:
 * @sparing: see sht_store_wants_map()
 *
 * Returns: (transfer full) (nullable): the map to be fetched, from where an earlier run has left off; %NULL when there is
 *   none, or with @error set
 */
ShtMapDownload *
sht_store_next_map (ShtStore *store, gboolean sparing, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT e.id, e.doc ->> 'sha256', e.doc ->> 'size', e.doc ->> 'version'" WANTED
                                " ORDER BY e.id LIMIT 1",
                                "iii", (gint64) MOST_FAULTS, SHT_MAP_MAX_BYTES, (gint64) sparing);
  g_autoptr (ShtMapDownload) download = NULL;

  if (sht_stmt_step (stmt))
    {
      download = g_new0 (ShtMapDownload, 1);
      download->fd = -1;
      download->id = sht_stmt_dup (stmt, 0);
      download->sha256 = sht_stmt_dup (stmt, 1);
      download->size = sht_stmt_int (stmt, 2);
      download->version = sht_stmt_int (stmt, 3);
    }
  if (!sht_stmt_end (stmt, error) || download == NULL || !open_part (store, download, error))
    return NULL;
  return g_steal_pointer (&download);
}

static char *
sum_of (ShtStore *store, ShtMapDownload *download, GError **error)
{
  g_autofree char *path = sht_store_map_path (store, download->sha256, ".part");
  ShtSha256 copy = download->sum;

  return download->summed ? sht_sha256_end_hex (&copy) : sht_sha256_of_file (path, NULL, NULL, error);
}

/* Other bytes than were announced: from the beginning, a few times. */
static gboolean
begin_anew (ShtStore *store, ShtMapDownload *download, GError **error)
{
  if (ftruncate (download->fd, 0) != 0)
    return failed (error, "a map's file cannot be emptied");
  download->offset = 0;
  download->summed = TRUE;
  sht_sha256_begin (&download->sum);
  if (!sht_db_run (store->db, error, "UPDATE map_package SET faults = faults + 1 WHERE id = ?1", "s", download->id))
    return FALSE;
  g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_MALFORMED, "the hub gave other bytes than those of the map");
  return FALSE;
}

/* It is whole: from here on it is shown. What it replaces goes, and who has that open reads on. */
static gboolean
finish (ShtStore *store, ShtMapDownload *download, GError **error)
{
  g_autofree char *sum = sum_of (store, download, error);
  g_autofree char *part = sht_store_map_path (store, download->sha256, ".part");
  g_autofree char *whole = sht_store_map_path (store, download->sha256, ".mbtiles");

  if (sum == NULL)
    return FALSE;
  if (!g_str_equal (sum, download->sha256))
    return begin_anew (store, download, error);
  if (fsync (download->fd) != 0)
    return failed (error, "a map cannot be written");
  if (!sht_durable_rename (part, whole, error)
      || !sht_db_run (store->db, error, "UPDATE map_package SET sha256 = ?2, version = ?3, faults = 0 WHERE id = ?1", "ssi",
                      download->id, download->sha256, download->version))
    return FALSE;
  sht_store_tidy_maps (store);
  return TRUE;
}

static gboolean
write_part (ShtMapDownload *download, GBytes *part)
{
  gsize length, done = 0;
  const guint8 *data = g_bytes_get_data (part, &length);

  while (done < length)
    {
      gssize n = pwrite (download->fd, data + done, length - done, download->offset + (gint64) done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      done += (gsize) n;
    }
  return TRUE;
}

/**
 * sht_store_take_map_part:
 * @part: the bytes behind those that are here
 *
 * Keeps a part of a map. The last one makes it whole: its hash is compared, it is synced, and put in the place of the version
 * before it. What was kept outlives this program; what a power cut has torn the hash finds.
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_NO_ROOM, %SHT_STORE_ERROR_MALFORMED when it is another map than was announced and is
 *   begun anew, or another error
 */
gboolean
sht_store_take_map_part (ShtStore *store, ShtMapDownload *download, GBytes *part, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (part, &length);

  if (download->offset + (gint64) length > download->size)
    return begin_anew (store, download, error);
  if (!write_part (download, part))
    {
      failed (error, "a map cannot be written");
      if (ftruncate (download->fd, download->offset) != 0)
        download->summed = FALSE;
      return FALSE;
    }
  download->offset += (gint64) length;
  if (download->summed)
    sht_sha256_add (&download->sum, data, length);
  return download->offset < download->size || finish (store, download, error);
}
