/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image-private.h"

#include "platform/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Large enough that a photo takes few calls, small enough that cancelling is prompt. */
#define READ_STEP (256 * 1024)

/**
 * sht_image_display_name:
 * @path: a file
 *
 * Returns: (transfer full): its name without folders, valid UTF-8 on one line, to be shown
 */
char *
sht_image_display_name (const char *path)
{
  char *name = g_filename_display_basename (path);

  for (char *p = name; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = '?';
  return name;
}

static void
set_errno (GError **error, int saved, const char *what, const char *name)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: cannot be %s: %s", name, what,
               g_strerror (saved));
}

static gboolean
check_kind (const struct stat *st, const char *name, GError **error)
{
  const char *kind = S_ISDIR (st->st_mode)    ? "a folder"
                     : S_ISFIFO (st->st_mode) ? "a pipe"
                     : S_ISSOCK (st->st_mode) ? "a socket"
                                              : "a device";

  if (S_ISREG (st->st_mode))
    return TRUE;
  g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_NOT_REGULAR, "%s: is %s, not a file", name,
               kind);
  return FALSE;
}

/* Reads up to @size bytes; a file that became shorter gives fewer. */
static gssize
read_up_to (int fd, guint8 *data, gsize size, ShtSha256 *sum, GCancellable *cancellable)
{
  gsize done = 0;

  while (done < size && !g_cancellable_is_cancelled (cancellable))
    {
      gssize n = read (fd, data + done, MIN (size - done, READ_STEP));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return -1;
      if (n == 0)
        break;
      sht_sha256_add (sum, data + done, (gsize) n);
      done += (gsize) n;
    }
  return (gssize) done;
}

/**
 * sht_image_source_read_fd:
 * @fd: a regular file, at its start; stays open
 * @size: its size as it was found, 1 to %SHT_IMAGE_MAX_BYTES
 * @name: what to call it in messages
 * @sha256: (out): 64 lower-case hexadecimal digits
 *
 * Reads exactly @size bytes and then looks whether the file is still of that size and was not
 * written to, since half of a photo that is just being copied must not pass for the photo.
 *
 * Returns: (transfer full): the bytes, or %NULL with %SHT_IMAGE_ERROR_CHANGED or a #GIOErrorEnum
 */
GBytes *
sht_image_source_read_fd (int fd,
                          gint64 size,
                          const char *name,
                          char **sha256,
                          GCancellable *cancellable,
                          GError **error)
{
  ShtSha256 sum;
  g_autofree guint8 *data = g_malloc ((gsize) size);
  struct stat before, after;
  gssize n;

  if (fstat (fd, &before) != 0)
    return set_errno (error, errno, "read", name), NULL;
  sht_sha256_begin (&sum);
  n = read_up_to (fd, data, (gsize) size, &sum, cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (n < 0 || fstat (fd, &after) != 0)
    return set_errno (error, errno, "read", name), NULL;
  if (n != size || before.st_size != size || after.st_size != size
      || before.st_mtim.tv_sec != after.st_mtim.tv_sec
      || before.st_mtim.tv_nsec != after.st_mtim.tv_nsec)
    {
      g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_CHANGED,
                   "%s: changed while it was being read", name);
      return NULL;
    }
  *sha256 = sht_sha256_end_hex (&sum);
  return g_bytes_new_take (g_steal_pointer (&data), (gsize) size);
}

/**
 * sht_image_source_read:
 * @path: a file, or a symbolic link to one
 * @sha256: (out): 64 lower-case hexadecimal digits
 *
 * Opens without waiting, so that a named pipe or a terminal put where a photo should be is refused
 * and not read.
 *
 * Returns: (transfer full): the bytes, or %NULL with %SHT_IMAGE_ERROR or a #GIOErrorEnum
 */
GBytes *
sht_image_source_read (const char *path, char **sha256, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = sht_image_display_name (path);
  GBytes *bytes = NULL;
  struct stat st;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0 && errno == ENXIO)
    {
      g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_NOT_REGULAR,
                   "%s: is a socket or device, not a file", name);
      return NULL;
    }
  if (fd < 0)
    return set_errno (error, errno, "opened", name), NULL;
  if (fstat (fd, &st) != 0)
    set_errno (error, errno, "read", name);
  else if (!check_kind (&st, name, error))
    ;
  else if (st.st_size == 0)
    g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_EMPTY, "%s: is empty", name);
  else if (st.st_size > SHT_IMAGE_MAX_BYTES)
    g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_TOO_LARGE,
                 "%s: has %.1f megabytes; the limit is %d", name, st.st_size / 1048576.0,
                 SHT_IMAGE_MAX_BYTES / 1048576);
  else
    bytes = sht_image_source_read_fd (fd, st.st_size, name, sha256, cancellable, error);
  close (fd);
  return bytes;
}
