/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/simulation/disk.h"

G_BEGIN_DECLS

/* The size of SQLite's own pieces of a WAL index. */
#define SHARED_PIECE 32768

#define BLOCK_BYTES 4096
#define BLOCKS_AT_A_TIME 512

/* A piece of a file, which images of it share until one of them changes it. The bytes lie apart: to count references
 * should not touch them. */
typedef struct _Block
{
  guint refs;
  struct _Block *next_free;
  guint8 *bytes;
} Block;

/* What a write that is not synced yet has covered: to take it back when the power goes. */
typedef struct
{
  gint64 offset;
  gint64 old_size;
  gsize length;
  guint8 *old; /* (owned) (nullable) */
} Unsynced;

typedef struct
{
  char *name;
  GPtrArray *blocks; /* (element-type Block): enough of them for its size */
  gint64 size;
  GArray *unsynced;  /* (element-type Unsynced) */
  GPtrArray *shared; /* the WAL index: machine memory, gone with the process */
  gboolean removed;
} File;

struct _SimDisk
{
  char *folder;
  GPtrArray *files; /* (element-type File) */
  guint64 writes;
  guint die_in;   /* writes until it dies; 0 never */
  guint refusing; /* writes that still find the disk full */
  gboolean dead;
};

/* disk.c */
void sim_block_unref (gpointer block);
void sim_file_set_size (File *file, gint64 size);
File *sim_disk_find_file (SimDisk *disk, const char *name, gboolean make);

G_END_DECLS
