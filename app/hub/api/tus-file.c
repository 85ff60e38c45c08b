/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/api/tus-file.h"

#include "platform/durable.h"
#include "platform/http-exchange.h"
#include "platform/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct _ShtTusFile
{
  char *path;  /* (owned) */
  int fd;      /* -1 between two requests */
  gboolean unsynced;
  gint64 size; /* bytes */
  gboolean summed; /* whether @sum is over all of it: not when the file is older than this process */
  ShtSha256 sum;
};

static gboolean
fail (GError **error, const char *what)
{
  int saved = errno;

  if (saved == ENOSPC || saved == EDQUOT || saved == EFBIG)
    g_set_error_literal (error, SHT_HTTP_ERROR, 507,
                         "The hub has no room for this file now. Try again later.");
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", what,
                 g_strerror (saved));
  return FALSE;
}

static gboolean
open_file (ShtTusFile *self, GError **error)
{
  if (self->fd < 0)
    self->fd = open (self->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  return self->fd >= 0 || fail (error, "open upload");
}

/**
 * sht_tus_file_new:
 * @size: bytes that are there
 *
 * Returns: (transfer full): does not touch the disk
 */
ShtTusFile *
sht_tus_file_new (const char *path, gint64 size)
{
  ShtTusFile *self = g_new0 (ShtTusFile, 1);

  self->path = g_strdup (path);
  self->fd = -1;
  self->size = size;
  self->unsynced = size > 0;
  self->summed = size == 0;
  sht_sha256_begin (&self->sum);
  return self;
}

/**
 * sht_tus_file_release:
 *
 * Lets go of the file until the next append. What was appended outlives this process; a power cut may
 * take it, or tear it, which the hash of the whole tells.
 */
void
sht_tus_file_release (ShtTusFile *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

void
sht_tus_file_free (ShtTusFile *self)
{
  sht_tus_file_release (self);
  g_free (self->path);
  g_free (self);
}

/**
 * sht_tus_file_get_size:
 *
 * Returns: bytes, synced or not
 */
gint64
sht_tus_file_get_size (ShtTusFile *self)
{
  return self->size;
}

static gboolean
write_at (int fd, const guint8 *data, gsize length, gint64 offset)
{
  while (length > 0)
    {
      gssize n = pwrite (fd, data, length, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      offset += n;
      length -= (gsize)n;
    }
  return TRUE;
}

/**
 * sht_tus_file_append:
 * @offset: where the sender believes the end to be
 *
 * Returns: %FALSE with 409 (%SHT_HTTP_ERROR) when the end is elsewhere, 507 on a full disk, or a
 *   #GIOErrorEnum; then nothing of @bytes stays
 */
gboolean
sht_tus_file_append (ShtTusFile *self, gint64 offset, GBytes *bytes, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  if (offset != self->size)
    {
      g_set_error_literal (error, SHT_HTTP_ERROR, 409,
                           "The upload has moved on. Ask for its offset.");
      return FALSE;
    }
  if (!open_file (self, error))
    return FALSE;
  self->unsynced = TRUE;
  if (!write_at (self->fd, data, length, offset))
    {
      fail (error, "write upload");
      if (ftruncate (self->fd, self->size) != 0)
        g_warning ("an upload keeps bytes past its end: %s", g_strerror (errno));
      return FALSE;
    }
  self->size += (gint64)length;
  if (self->summed)
    sht_sha256_add (&self->sum, data, length);
  return TRUE;
}

/**
 * sht_tus_file_sync:
 *
 * Makes what was appended durable, and lets go of the file until the next append.
 */
gboolean
sht_tus_file_sync (ShtTusFile *self, GError **error)
{
  if (!self->unsynced)
    {
      sht_tus_file_release (self);
      return TRUE;
    }
  if (!open_file (self, error))
    return FALSE;
  self->unsynced = fdatasync (self->fd) != 0;
  if (self->unsynced)
    fail (error, "sync upload");
  sht_tus_file_release (self);
  return !self->unsynced;
}

/** sht_tus_file_reset: throws all bytes away, durably */
gboolean
sht_tus_file_reset (ShtTusFile *self, GError **error)
{
  if (!open_file (self, error))
    return FALSE;
  self->unsynced = TRUE;
  if (ftruncate (self->fd, 0) != 0)
    return fail (error, "reset upload");
  self->size = 0;
  self->summed = TRUE;
  sht_sha256_begin (&self->sum);
  return sht_tus_file_sync (self, error);
}

/**
 * sht_tus_file_sha256:
 *
 * Returns: (transfer full) (nullable): 64 hexadecimal digits, or %NULL with an error
 */
char *
sht_tus_file_sha256 (ShtTusFile *self, GError **error)
{
  ShtSha256 copy = self->sum;

  if (!self->summed)
    return sht_sha256_of_file (self->path, NULL, NULL, error);
  return sht_sha256_end_hex (&copy);
}
