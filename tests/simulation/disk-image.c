/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies on a disk, kept and put back: the blocks are shared until one side changes them. */
#include "tests/simulation/disk-private.h"

#include <string.h>

typedef struct
{
  char *name;
  GPtrArray *blocks; /* (element-type Block) */
  gint64 size;
  GPtrArray *shared; /* (element-type GBytes) */
} FileImage;

struct _SimDiskImage
{
  GPtrArray *files; /* (element-type FileImage) */
};

static void
file_image_free (gpointer data)
{
  FileImage *image = data;

  g_free (image->name);
  g_ptr_array_unref (image->blocks);
  g_ptr_array_unref (image->shared);
  g_free (image);
}

static GPtrArray *
copy_of_blocks (GPtrArray *blocks)
{
  GPtrArray *copy = g_ptr_array_new_full (blocks->len, sim_block_unref);

  for (guint i = 0; i < blocks->len; i++)
    {
      Block *block = g_ptr_array_index (blocks, i);

      block->refs++;
      g_ptr_array_add (copy, block);
    }
  return copy;
}

/**
 * sim_disk_copy:
 *
 * Returns: (transfer full): all that lies on the disk now, and the WAL index, so that a connection
 * that is open can be carried back to it
 */
SimDiskImage *
sim_disk_copy (SimDisk *disk)
{
  SimDiskImage *image = g_new0 (SimDiskImage, 1);

  image->files = g_ptr_array_new_with_free_func (file_image_free);
  for (guint i = 0; i < disk->files->len; i++)
    {
      File *file = g_ptr_array_index (disk->files, i);
      FileImage *copy;

      if (file->removed)
        continue;
      copy = g_new0 (FileImage, 1);
      copy->name = g_strdup (file->name);
      copy->blocks = copy_of_blocks (file->blocks);
      copy->size = file->size;
      copy->shared = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
      for (guint n = 0; n < file->shared->len; n++)
        g_ptr_array_add (copy->shared,
                         g_bytes_new (g_ptr_array_index (file->shared, n), SHARED_PIECE));
      g_ptr_array_add (image->files, copy);
    }
  return image;
}

static void
put_back_shared (File *file, const FileImage *image)
{
  for (guint n = 0; n < MAX (file->shared->len, image->shared->len); n++)
    {
      if (n >= file->shared->len)
        g_ptr_array_add (file->shared, g_malloc (SHARED_PIECE));
      if (n < image->shared->len)
        memcpy (g_ptr_array_index (file->shared, n),
                g_bytes_get_data (g_ptr_array_index (image->shared, n), NULL), SHARED_PIECE);
      else
        memset (g_ptr_array_index (file->shared, n), 0, SHARED_PIECE);
    }
}

/**
 * sim_disk_put_back:
 *
 * The disk holds again what it held when the image was made. To a connection that is open, and has
 * no transaction, it looks as if another had written.
 */
void
sim_disk_put_back (SimDisk *disk, const SimDiskImage *image)
{
  for (guint i = 0; i < disk->files->len; i++)
    {
      File *file = g_ptr_array_index (disk->files, i);

      file->removed = TRUE;
      sim_file_set_size (file, 0);
      g_array_set_size (file->unsynced, 0);
    }
  for (guint i = 0; i < image->files->len; i++)
    {
      FileImage *copy = g_ptr_array_index (image->files, i);
      File *file = sim_disk_find_file (disk, copy->name, TRUE);

      g_ptr_array_unref (file->blocks);
      file->blocks = copy_of_blocks (copy->blocks);
      file->size = copy->size;
      file->removed = FALSE;
      put_back_shared (file, copy);
    }
  disk->dead = FALSE;
  disk->die_in = 0;
  disk->refusing = 0;
}

void
sim_disk_image_free (SimDiskImage *image)
{
  g_ptr_array_unref (image->files);
  g_free (image);
}
