/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include <malloc.h>
#include <sqlite3.h>
#include <string.h>

#define PAGE_BYTES 4096
#define CACHED_PAGES 8192
/* Each piece begins with how many bytes it has. */
#define HEAD 8
#define STEP 32
#define SMALL 4096
#define CHUNK (1 << 20)

/* SQLite allocates by the hundred for each statement, always the same sizes: what it gives back is kept for the
 * next who asks for as much. */
typedef struct _Piece
{
  struct _Piece *next;
} Piece;

static Piece *small[SMALL / STEP + 1];
static char *chunk;
static gsize left;

static gint64
size_of (void *piece)
{
  gint64 size;

  memcpy (&size, (char *) piece - HEAD, sizeof size);
  return size;
}

static void *
with_head (char *at, gint64 size)
{
  memcpy (at, &size, sizeof size);
  return at + HEAD;
}

static int
x_roundup (int size)
{
  return (size + STEP - 1) / STEP * STEP;
}

static void *
x_malloc (int asked)
{
  gsize size = (gsize) x_roundup (asked);
  Piece **kept = size <= SMALL ? &small[size / STEP] : NULL;

  if (kept == NULL)
    return with_head (g_malloc (size + HEAD), (gint64) size);
  if (*kept != NULL)
    {
      Piece *piece = *kept;

      *kept = piece->next;
      return piece;
    }
  if (left < size + HEAD)
    {
      chunk = g_malloc (CHUNK);
      left = CHUNK;
    }
  chunk += size + HEAD;
  left -= size + HEAD;
  return with_head (chunk - size - HEAD, (gint64) size);
}

static void
x_free (void *data)
{
  Piece *piece = data;
  gsize size = (gsize) size_of (data);

  if (size > SMALL)
    {
      g_free ((char *) data - HEAD);
      return;
    }
  piece->next = small[size / STEP];
  small[size / STEP] = piece;
}

static int
x_size (void *data)
{
  return data != NULL ? (int) size_of (data) : 0;
}

static void *
x_realloc (void *data, int asked)
{
  void *other;

  if (asked <= x_size (data) && asked > x_size (data) / 2)
    return data;
  other = x_malloc (asked);
  memcpy (other, data, (gsize) MIN (asked, x_size (data)));
  x_free (data);
  return other;
}

static int
x_init (void *unused)
{
  return SQLITE_OK;
}

static void
x_shutdown (void *unused)
{
}

static const sqlite3_mem_methods methods = {
  x_malloc, x_free, x_realloc, x_size, x_roundup, x_init, x_shutdown, NULL,
};

/**
 * sim_memory_settle:
 *
 * The same connections read and forget the same pages in each schedule: what would be given back to the system, and
 * fetched anew, is kept. To be called before anything else, in a process of one thread.
 */
void
sim_memory_settle (void)
{
  int header = 0;

  mallopt (M_MMAP_THRESHOLD, 1 << 30);
  mallopt (M_TRIM_THRESHOLD, 1 << 30);
  mallopt (M_TOP_PAD, 64 << 20);
  sqlite3_config (SQLITE_CONFIG_SINGLETHREAD);
  /* As sht_db_open() has it; here the disks make SQLite begin before. */
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config (SQLITE_CONFIG_MALLOC, &methods);
  sqlite3_config (SQLITE_CONFIG_LOOKASIDE, 1200, 200);
  sqlite3_config (SQLITE_CONFIG_PCACHE_HDRSZ, &header);
  sqlite3_config (SQLITE_CONFIG_PAGECACHE, g_malloc (CACHED_PAGES * (gsize) (PAGE_BYTES + header)),
                  PAGE_BYTES + header, CACHED_PAGES);
}
