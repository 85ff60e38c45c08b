/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* A file that only holds its place on the disk: what other programs cannot fill is there for statuses and notes when
 * nothing else is left. It takes a write-ahead log at its longest, and as much again for the database. */
#define RESERVE_FILE "reserve"
#define RESERVE_BYTES (G_GINT64_CONSTANT (16) << 20)
/* With less than this beside the reserve no photo is taken in, which leaves it to what is small. */
#define LEAST_FOR_PHOTOS (G_GINT64_CONSTANT (32) << 20)
/* People are told with as much as some hundred photos left. */
#define SHORT_BYTES (G_GINT64_CONSTANT (256) << 20)
/* One step writes less than this. */
#define STEP_BYTES (G_GINT64_CONSTANT (4) << 20)

static gint64
free_bytes (const char *folder)
{
  struct statvfs info;

  /* Of a disk that does not say there is no end. */
  return statvfs (folder, &info) == 0 ? (gint64) info.f_bavail * (gint64) info.f_frsize : G_MAXINT64;
}

static gboolean
has_reserve (const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 && info.st_size == RESERVE_BYTES;
}

static void
take_reserve (const char *path)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0)
    return;
  if (posix_fallocate (fd, 0, RESERVE_BYTES) != 0)
    unlink (path);
  close (fd);
}

/**
 * sht_room_keep:
 * @folder: a store's folder
 *
 * To be called before something small is written: the reserve is given up when there is no other room for it, and taken
 * again when there is plenty.
 */
void
sht_room_keep (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, RESERVE_FILE, NULL);
  gint64 left = free_bytes (folder);

  if (left < STEP_BYTES)
    unlink (path);
  else if (left > RESERVE_BYTES + 2 * LEAST_FOR_PHOTOS && !has_reserve (path))
    take_reserve (path);
}

/**
 * sht_store_begin_step:
 *
 * sht_db_begin() for what a person does, which the reserve is there for.
 */
gboolean
sht_store_begin_step (ShtStore *store, GError **error)
{
  if (store->world.vfs == NULL)
    sht_room_keep (store->folder);
  return sht_db_begin (store->db, error);
}

/**
 * sht_store_room:
 * @left: (out) (optional): bytes that are free
 *
 * Returns: how much room there is on the disk
 */
ShtRoom
sht_store_room (ShtStore *store, gint64 *left)
{
  g_autofree char *path = g_build_filename (store->folder, RESERVE_FILE, NULL);
  gint64 bytes = store->world.vfs == NULL ? free_bytes (store->folder) : G_MAXINT64;

  if (left != NULL)
    *left = bytes;
  if (bytes >= SHORT_BYTES)
    return SHT_ROOM_ENOUGH;
  if (bytes >= LEAST_FOR_PHOTOS)
    return SHT_ROOM_SHORT;
  return bytes >= STEP_BYTES && has_reserve (path) ? SHT_ROOM_NO_PHOTOS : SHT_ROOM_RESERVE;
}

/**
 * sht_store_has_room_for_photo:
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_NO_ROOM
 */
gboolean
sht_store_has_room_for_photo (ShtStore *store, GError **error)
{
  gint64 left;
  g_autofree char *size = NULL;

  if (sht_store_room (store, &left) < SHT_ROOM_NO_PHOTOS)
    return TRUE;
  size = g_format_size ((guint64) left);
  g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NO_ROOM,
               "this tablet is full (%s left): no photo can be kept until there is room; statuses and notes still can", size);
  return FALSE;
}
