/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail (GError **error, const char *what, const char *path)
{
  int saved = errno;
  g_autofree char *name = g_path_get_basename (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s %s: %s", what, name,
               g_strerror (saved));
  return FALSE;
}

/**
 * sht_durable_sync_folder:
 * @path: a folder
 *
 * Makes the names in a folder durable: after a rename or a new file, only this keeps the name over a
 * loss of power.
 *
 * Returns: %FALSE with a #GIOErrorEnum
 */
gboolean
sht_durable_sync_folder (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok;

  if (fd < 0)
    return fail (error, "open folder", path);
  ok = fsync (fd) == 0;
  if (!ok)
    fail (error, "sync folder", path);
  close (fd);
  return ok;
}

/* Who made it may have been killed before it synced the name. A parent that may not be read is none of ours. */
static gboolean
keep_found (const char *parent, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (sht_durable_sync_folder (parent, &local_error)
      || g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* From the top down: a folder's name is in its parent, and each of them has to be synced; once in a program's life. */
static gboolean
make_folder (const char *path, GError **error)
{
  static GHashTable *known; /* (owned): paths */
  g_autofree char *parent = NULL;

  if (known == NULL)
    known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      if (g_hash_table_contains (known, path))
        return TRUE;
      parent = g_path_get_dirname (path);
      if (!keep_found (parent, error))
        return FALSE;
    }
  else
    {
      parent = g_path_get_dirname (path);
      if (!make_folder (parent, error))
        return FALSE;
      if (mkdir (path, 0700) != 0 && errno != EEXIST)
        return fail (error, "make folder", path);
      if (!sht_durable_sync_folder (parent, error))
        return FALSE;
    }
  g_hash_table_add (known, g_strdup (path));
  return TRUE;
}

/**
 * sht_durable_mkdir:
 * @path: a folder to be made, mode 0700, with its parents; one that stands is left as it is
 *
 * On any thread: who finds the folder there finds it synced.
 *
 * Returns: %FALSE with a #GIOErrorEnum
 */
gboolean
sht_durable_mkdir (const char *path, GError **error)
{
  static GMutex mutex;
  gboolean made;

  g_mutex_lock (&mutex);
  made = make_folder (path, error);
  g_mutex_unlock (&mutex);
  return made;
}

/**
 * sht_durable_rename:
 * @from: a file whose bytes are already synced
 * @to: its lasting name; a file that stands there is replaced
 *
 * Returns: %FALSE with a #GIOErrorEnum
 */
gboolean
sht_durable_rename (const char *from, const char *to, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (to);

  if (rename (from, to) != 0)
    return fail (error, "rename", from);
  return sht_durable_sync_folder (folder, error);
}

/**
 * sht_durable_write_all:
 * @fd: an open file
 * @data: the bytes
 * @length: how many
 *
 * Writes all of them, however many calls that takes; they are durable after an fsync.
 *
 * Returns: %FALSE with `errno` set
 */
gboolean
sht_durable_write_all (int fd, const void *data, gsize length)
{
  const guint8 *next = data;

  while (length > 0)
    {
      gssize n = write (fd, next, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      next += n;
      length -= (gsize) n;
    }
  return TRUE;
}

/**
 * sht_durable_write:
 * @path: the lasting name
 * @data: the bytes
 * @length: how many
 * @mode: permission bits, such as 0600
 *
 * Writes a file that is whole or absent, whatever happens: to a name of its own beside @path, synced,
 * renamed, folder synced.
 *
 * Returns: %FALSE with a #GIOErrorEnum, and then nothing of it stays
 */
gboolean
sht_durable_write (const char *path, const void *data, gsize length, int mode, GError **error)
{
  g_autofree char *temporary = g_strdup_printf ("%s.XXXXXX", path);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, mode);
  gboolean ok;

  if (fd < 0)
    return fail (error, "make", path);
  ok = sht_durable_write_all (fd, data, length) && fsync (fd) == 0;
  if (!ok)
    fail (error, "write", path);
  close (fd);
  if (ok)
    ok = sht_durable_rename (temporary, path, error);
  if (!ok)
    unlink (temporary);
  return ok;
}

/**
 * sht_sha256_of_file:
 * @path: a file
 * @size: (out) (optional): how many bytes were read
 *
 * Returns: (transfer full) (nullable): 64 lower-case hexadecimal digits, or %NULL with a #GIOErrorEnum
 */
char *
sht_sha256_of_file (const char *path, goffset *size, GCancellable *cancellable, GError **error)
{
  ShtSha256 sum;
  g_autofree guint8 *buffer = g_malloc (1 << 16);
  goffset total = 0;
  gssize n = 0;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0)
    {
      fail (error, "open", path);
      return NULL;
    }
  sht_sha256_begin (&sum);
  while (!g_cancellable_set_error_if_cancelled (cancellable, error)
         && (n = read (fd, buffer, 1 << 16)) > 0)
    {
      sht_sha256_add (&sum, buffer, (gsize) n);
      total += n;
    }
  if (n < 0)
    fail (error, "read", path);
  close (fd);
  if (n < 0 || g_cancellable_is_cancelled (cancellable))
    return NULL;
  if (size != NULL)
    *size = total;
  return sht_sha256_end_hex (&sum);
}

/**
 * sht_kernel_random:
 * @unused: nothing
 * @bytes: (out caller-allocates): where they go
 * @length: how many
 *
 * The kernel's random bytes, as a #ShtRandomFunc for the programs. Ends the program when the kernel
 * has none, which Linux only does before its first seeding.
 */
void
sht_kernel_random (gpointer unused, guint8 *bytes, gsize length)
{
  while (length > 0)
    {
      gssize n = getrandom (bytes, MIN (length, 256), 0);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        g_error ("the kernel gives no random bytes: %s", g_strerror (errno));
      bytes += n;
      length -= (gsize) n;
    }
}
