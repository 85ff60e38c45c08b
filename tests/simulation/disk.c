/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/disk-private.h"

#include <sqlite3.h>
#include <string.h>

typedef struct
{
  sqlite3_file parent;
  SimDisk *disk;
  File *file;
} Handle;

static GPtrArray *disks;
static Block *free_blocks;

static Block *
block_new (void)
{
  Block *block = free_blocks;

  if (block == NULL)
    {
      /* Many at a time, and never given back. */
      guint8 *bytes = g_malloc (BLOCKS_AT_A_TIME * BLOCK_BYTES);

      block = g_new (Block, BLOCKS_AT_A_TIME);
      for (guint i = 0; i < BLOCKS_AT_A_TIME; i++)
        block[i] = (Block){ 0, i + 1 < BLOCKS_AT_A_TIME ? &block[i + 1] : NULL, bytes + i * BLOCK_BYTES };
    }
  free_blocks = block->next_free;
  block->refs = 1;
  return block;
}

void
sim_block_unref (gpointer data)
{
  Block *block = data;

  if (--block->refs > 0)
    return;
  block->next_free = free_blocks;
  free_blocks = block;
}

static void
unsynced_clear (gpointer data)
{
  g_free (((Unsynced *) data)->old);
}

static guint
blocks_for (gint64 size)
{
  return (guint) ((size + BLOCK_BYTES - 1) / BLOCK_BYTES);
}

/* What comes in when a file grows is not clean: it is to be written. */
void
sim_file_set_size (File *file, gint64 size)
{
  guint n = blocks_for (size);

  if (n < file->blocks->len)
    g_ptr_array_set_size (file->blocks, (gint) n);
  while (file->blocks->len < n)
    g_ptr_array_add (file->blocks, block_new ());
  file->size = size;
}

static guint8 *
bytes_to_change (File *file, guint n)
{
  Block *block = g_ptr_array_index (file->blocks, n);

  if (block->refs > 1)
    {
      Block *own = block_new ();

      memcpy (own->bytes, block->bytes, BLOCK_BYTES);
      sim_block_unref (block);
      file->blocks->pdata[n] = block = own;
    }
  return block->bytes;
}

/* To or from where the file has bytes; from nowhere they are nought. */
static void
copy_in (File *file, const guint8 *from, gint64 length, gint64 offset)
{
  while (length > 0)
    {
      gint64 at = offset % BLOCK_BYTES, part = MIN (length, BLOCK_BYTES - at);
      guint8 *to = bytes_to_change (file, (guint) (offset / BLOCK_BYTES)) + at;

      if (from != NULL)
        memcpy (to, from, (gsize) part);
      else
        memset (to, 0, (gsize) part);
      from = from != NULL ? from + part : NULL;
      offset += part;
      length -= part;
    }
}

static void
copy_out (const File *file, guint8 *to, gint64 length, gint64 offset)
{
  while (length > 0)
    {
      gint64 at = offset % BLOCK_BYTES, part = MIN (length, BLOCK_BYTES - at);

      memcpy (to, ((Block *) file->blocks->pdata[offset / BLOCK_BYTES])->bytes + at, (gsize) part);
      to += part;
      offset += part;
      length -= part;
    }
}

static void
note_unsynced (File *file, gint64 offset, gint64 length)
{
  Unsynced one = { offset, file->size, (gsize) length,
                   length > 0 ? g_malloc ((gsize) length) : NULL };

  if (length > 0)
    copy_out (file, one.old, length, offset);
  g_array_append_val (file->unsynced, one);
}

static void
file_free (gpointer data)
{
  File *file = data;

  g_free (file->name);
  g_ptr_array_unref (file->blocks);
  g_array_unref (file->unsynced);
  g_ptr_array_unref (file->shared);
  g_free (file);
}

File *
sim_disk_find_file (SimDisk *disk, const char *name, gboolean make)
{
  File *file;

  for (guint i = 0; i < disk->files->len; i++)
    {
      file = g_ptr_array_index (disk->files, i);
      if (g_str_equal (file->name, name))
        return file;
    }
  if (!make)
    return NULL;
  file = g_new0 (File, 1);
  file->name = g_strdup (name);
  file->blocks = g_ptr_array_new_with_free_func (sim_block_unref);
  file->unsynced = g_array_new (FALSE, FALSE, sizeof (Unsynced));
  g_array_set_clear_func (file->unsynced, unsynced_clear);
  file->shared = g_ptr_array_new_with_free_func (g_free);
  file->removed = TRUE;
  g_ptr_array_add (disk->files, file);
  return file;
}

static SimDisk *
disk_of (const char *path)
{
  for (guint i = 0; disks != NULL && path != NULL && i < disks->len; i++)
    {
      SimDisk *disk = g_ptr_array_index (disks, i);
      gsize length = strlen (disk->folder);

      if (strncmp (path, disk->folder, length) == 0 && path[length] == '/')
        return disk;
    }
  return NULL;
}

/* Each change of what lies on the disk is one of these; the one at which it dies is not made any
 * more. */
static int
may_write (SimDisk *disk, gboolean *torn)
{
  if (torn != NULL)
    *torn = FALSE;
  if (disk->dead)
    return SQLITE_IOERR;
  disk->writes++;
  if (disk->refusing > 0)
    {
      disk->refusing--;
      return SQLITE_FULL;
    }
  if (disk->die_in > 0 && --disk->die_in == 0)
    {
      disk->dead = TRUE;
      if (torn != NULL)
        *torn = TRUE;
      return SQLITE_IOERR;
    }
  return SQLITE_OK;
}

static void
write_bytes (File *file, const void *from, gint64 length, gint64 offset)
{
  gint64 old_size = file->size;

  note_unsynced (file, offset, CLAMP (old_size - offset, 0, length));
  if (offset + length > old_size)
    sim_file_set_size (file, offset + length);
  if (offset > old_size)
    copy_in (file, NULL, offset - old_size, old_size);
  copy_in (file, from, length, offset);
}

static int
x_close (sqlite3_file *base)
{
  return SQLITE_OK;
}

static int
x_read (sqlite3_file *base, void *to, int length, sqlite3_int64 offset)
{
  const File *file = ((Handle *) base)->file;
  gint64 there = CLAMP (file->size - offset, 0, length);

  copy_out (file, to, there, offset);
  if (there == length)
    return SQLITE_OK;
  memset ((char *)to + there, 0, (gsize) (length - there));
  return SQLITE_IOERR_SHORT_READ;
}

static int
x_write (sqlite3_file *base, const void *from, int length, sqlite3_int64 offset)
{
  Handle *handle = (Handle *) base;
  gboolean torn;
  int rc = may_write (handle->disk, &torn);

  /* of the last one half arrives */
  if (torn)
    write_bytes (handle->file, from, length / 2, offset);
  if (rc == SQLITE_OK)
    write_bytes (handle->file, from, length, offset);
  return rc;
}

static int
x_truncate (sqlite3_file *base, sqlite3_int64 size)
{
  Handle *handle = (Handle *) base;
  int rc = may_write (handle->disk, NULL);

  if (rc == SQLITE_OK && size < handle->file->size)
    {
      note_unsynced (handle->file, size, handle->file->size - size);
      sim_file_set_size (handle->file, size);
    }
  return rc;
}

static int
x_sync (sqlite3_file *base, int flags)
{
  Handle *handle = (Handle *) base;
  int rc = may_write (handle->disk, NULL);

  if (rc == SQLITE_OK)
    g_array_set_size (handle->file->unsynced, 0);
  return rc;
}

static int
x_file_size (sqlite3_file *base, sqlite3_int64 *size)
{
  *size = ((Handle *) base)->file->size;
  return SQLITE_OK;
}

/* Each file has one connection at a time: the locks are never contended. */
static int
x_lock (sqlite3_file *base, int lock)
{
  return SQLITE_OK;
}

static int
x_check_lock (sqlite3_file *base, int *result)
{
  *result = 0;
  return SQLITE_OK;
}

/* The pages stay as small as SQLite makes them by itself: the databases are, too, and so there are more places to stop
 * at. */
static int
x_control (sqlite3_file *base, int op, void *arg)
{
  char **pragma = arg;

  if (op == SQLITE_FCNTL_PRAGMA && g_ascii_strcasecmp (pragma[1], "page_size") == 0 && pragma[2] != NULL)
    return SQLITE_OK;
  return SQLITE_NOTFOUND;
}

static int
x_sector_size (sqlite3_file *base)
{
  return 4096;
}

/* As SQLite takes it of the file systems of both programs: a write that is torn leaves alone what lies beside it. */
static int
x_characteristics (sqlite3_file *base)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int
x_shm_map (sqlite3_file *base, int piece, int size, int extend, void volatile **at)
{
  GPtrArray *shared = ((Handle *) base)->file->shared;

  g_assert (size == SHARED_PIECE);
  while (extend && shared->len <= (guint) piece)
    g_ptr_array_add (shared, g_malloc0 (SHARED_PIECE));
  *at = (guint) piece < shared->len ? g_ptr_array_index (shared, piece) : NULL;
  return SQLITE_OK;
}

static int
x_shm_lock (sqlite3_file *base, int offset, int n, int flags)
{
  return SQLITE_OK;
}

static void
x_shm_barrier (sqlite3_file *base)
{
}

static int
x_shm_unmap (sqlite3_file *base, int remove)
{
  g_ptr_array_set_size (((Handle *) base)->file->shared, 0);
  return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
  2,
  x_close,
  x_read,
  x_write,
  x_truncate,
  x_sync,
  x_file_size,
  x_lock,
  x_lock,
  x_check_lock,
  x_control,
  x_sector_size,
  x_characteristics,
  x_shm_map,
  x_shm_lock,
  x_shm_barrier,
  x_shm_unmap,
};

static int
x_open (sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags)
{
  Handle *handle = (Handle *) base;
  SimDisk *disk = disk_of (path);

  base->pMethods = NULL;
  if (disk == NULL || disk->dead)
    return SQLITE_CANTOPEN;
  handle->disk = disk;
  handle->file = sim_disk_find_file (disk, path + strlen (disk->folder) + 1, TRUE);
  if (handle->file->removed && (flags & SQLITE_OPEN_CREATE) == 0)
    return SQLITE_CANTOPEN;
  handle->file->removed = FALSE;
  base->pMethods = &methods;
  if (out_flags != NULL)
    *out_flags = flags;
  return SQLITE_OK;
}

static int
x_delete (sqlite3_vfs *vfs, const char *path, int sync)
{
  SimDisk *disk = disk_of (path);
  File *file = disk != NULL ? sim_disk_find_file (disk, path + strlen (disk->folder) + 1, FALSE) : NULL;
  int rc;

  if (file == NULL || file->removed)
    return SQLITE_IOERR_DELETE_NOENT;
  rc = may_write (disk, NULL);
  if (rc != SQLITE_OK)
    return rc;
  file->removed = TRUE;
  sim_file_set_size (file, 0);
  g_array_set_size (file->unsynced, 0);
  return SQLITE_OK;
}

static int
x_access (sqlite3_vfs *vfs, const char *path, int flags, int *result)
{
  SimDisk *disk = disk_of (path);
  File *file = disk != NULL ? sim_disk_find_file (disk, path + strlen (disk->folder) + 1, FALSE) : NULL;

  *result = file != NULL && !file->removed && (flags != SQLITE_ACCESS_EXISTS || file->size > 0);
  return SQLITE_OK;
}

static int
x_full_pathname (sqlite3_vfs *vfs, const char *path, int size, char *out)
{
  return g_strlcpy (out, path, (gsize) size) < (gsize) size ? SQLITE_OK : SQLITE_CANTOPEN;
}

/* The same seed, the same bytes: SQLite's own randomness, the salts of a WAL, comes from a counter.
 */
static int
x_randomness (sqlite3_vfs *vfs, int size, char *out)
{
  static guint64 state = 1;

  for (int i = 0; i < size; i++)
    {
      state = state * 6364136223846793005u + 1442695040888963407u;
      out[i] = (char)(state >> 56);
    }
  return size;
}

static int
x_sleep (sqlite3_vfs *vfs, int microseconds)
{
  return microseconds;
}

static int
x_time (sqlite3_vfs *vfs, sqlite3_int64 *julian_ms)
{
  *julian_ms = 212000000000000;
  return SQLITE_OK;
}

static sqlite3_vfs sim_vfs = {
  .iVersion = 2,
  .szOsFile = sizeof (Handle),
  .mxPathname = 512,
  .zName = SIM_DISK_VFS,
  .xOpen = x_open,
  .xDelete = x_delete,
  .xAccess = x_access,
  .xFullPathname = x_full_pathname,
  .xRandomness = x_randomness,
  .xSleep = x_sleep,
  .xCurrentTimeInt64 = x_time,
};

/**
 * sim_disk_new:
 * @folder: the folder whose database files it holds
 *
 * Returns: (transfer full): an empty disk
 */
SimDisk *
sim_disk_new (const char *folder)
{
  SimDisk *disk = g_new0 (SimDisk, 1);

  if (disks == NULL)
    {
      disks = g_ptr_array_new ();
      sqlite3_vfs_register (&sim_vfs, 0);
    }
  disk->folder = g_strdup (folder);
  disk->files = g_ptr_array_new_with_free_func (file_free);
  g_ptr_array_add (disks, disk);
  return disk;
}

/** sim_disk_free: to be called when no connection has a file of it open any more */
void
sim_disk_free (SimDisk *disk)
{
  g_ptr_array_remove_fast (disks, disk);
  g_ptr_array_unref (disk->files);
  g_free (disk->folder);
  g_free (disk);
}

/**
 * sim_disk_die_at:
 * @write: from 1: the write, truncation, removal or sync from now at which the machine stops; 0 for
 * never
 */
void
sim_disk_die_at (SimDisk *disk, guint write)
{
  disk->die_in = write;
}

gboolean
sim_disk_is_dead (SimDisk *disk)
{
  return disk->dead;
}

static void
take_back (File *file, guint keep)
{
  while (file->unsynced->len > keep)
    {
      Unsynced *last = &g_array_index (file->unsynced, Unsynced, file->unsynced->len - 1);

      sim_file_set_size (file, last->old_size);
      copy_in (file, last->old, (gint64) last->length, last->offset);
      g_array_set_size (file->unsynced, file->unsynced->len - 1);
    }
  g_array_set_size (file->unsynced, 0);
}

/**
 * sim_disk_revive:
 * @power_was_lost: whether what was not synced is gone; else only the process was killed
 * @keep: of the writes of each file that were not synced, how many arrived all the same, in their
 * order
 *
 * The machine starts again. No connection may be open.
 */
void
sim_disk_revive (SimDisk *disk, gboolean power_was_lost, guint keep)
{
  for (guint i = 0; i < disk->files->len; i++)
    {
      File *file = g_ptr_array_index (disk->files, i);

      if (power_was_lost)
        take_back (file, keep);
      g_ptr_array_set_size (file->shared, 0);
    }
  disk->dead = FALSE;
  disk->die_in = 0;
  disk->refusing = 0;
}

/**
 * sim_disk_refuse:
 * @writes: how many writes from now find that the disk is full
 */
void
sim_disk_refuse (SimDisk *disk, guint writes)
{
  disk->refusing = writes;
}

guint64
sim_disk_writes (SimDisk *disk)
{
  return disk->writes;
}
