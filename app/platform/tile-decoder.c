/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/tile-decoder.h"

#include "platform/image-private.h"
#include "platform/tile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A tile takes a few milliseconds; a machine that is busy with something else some more. */
#define TIMEOUT_US (5 * G_USEC_PER_SEC)
/* Whatever a tile may have done to a process is gone with it. */
#define TILES_A_PROCESS 1000
/* Pixels come in one go. */
#define PIPE_BYTES (1024 * 1024)

struct _ShtTileDecoder
{
  ShtHelper helper;
  gboolean runs;
  guint tiles; /* that it has had */
};

/**
 * sht_tile_decoder_new:
 *
 * Returns: (transfer full): a decoder; its process starts with the first tile
 */
ShtTileDecoder *
sht_tile_decoder_new (void)
{
  return g_new0 (ShtTileDecoder, 1);
}

static void
end (ShtTileDecoder *self)
{
  if (self->runs)
    sht_helper_end (&self->helper, 0);
  self->runs = FALSE;
}

void
sht_tile_decoder_free (ShtTileDecoder *self)
{
  end (self);
  g_free (self);
}

/* Beside the program that decodes pictures, wherever that is. */
static char *
helper_path (void)
{
  const char *set = g_getenv ("SHETACH_TILE_HELPER");
  g_autofree char *pictures = sht_image_helper_path ();
  g_autofree char *folder = g_path_get_dirname (pictures);

  return set != NULL && *set != '\0' ? g_strdup (set) : g_build_filename (folder, "shetach-tiles", NULL);
}

/**
 * sht_tile_decoder_start:
 *
 * Starts its process, so that the first tile need not wait for it.
 *
 * Returns: %FALSE with %SHT_IMAGE_ERROR_HELPER
 */
gboolean
sht_tile_decoder_start (ShtTileDecoder *self, GError **error)
{
  g_autofree char *path = helper_path ();

  if (self->runs)
    return TRUE;
  if (!sht_helper_start (&self->helper, (const char *[]){ path, NULL }, "a map's tile", error))
    return FALSE;
  /* where the system grants less it comes in several */
  (void) fcntl (self->helper.output, F_SETPIPE_SZ, PIPE_BYTES);
  self->runs = TRUE;
  self->tiles = 0;
  return TRUE;
}

static gboolean
wait_for (int fd, short events, gint64 deadline)
{
  struct pollfd one = { .fd = fd, .events = events };
  int n;

  do
    n = poll (&one, 1, (int) CLAMP ((deadline - g_get_monotonic_time ()) / 1000, 0, G_MAXINT));
  while (n < 0 && errno == EINTR);
  return n > 0;
}

static gboolean
send_all (ShtTileDecoder *self, const void *data, gsize length, gint64 deadline)
{
  const guint8 *at = data;

  while (length > 0)
    {
      gssize n = send (self->helper.input, at, length, MSG_NOSIGNAL | MSG_DONTWAIT);

      if (n < 0 && errno != EAGAIN && errno != EINTR)
        return FALSE;
      if (n < 0 && !wait_for (self->helper.input, POLLOUT, deadline))
        return FALSE;
      at += MAX (n, 0);
      length -= (gsize) MAX (n, 0);
    }
  return TRUE;
}

static gboolean
receive_all (ShtTileDecoder *self, void *data, gsize length, gint64 deadline)
{
  guint8 *at = data;

  while (length > 0)
    {
      gssize n = wait_for (self->helper.output, POLLIN, deadline) ? read (self->helper.output, at, length) : 0;

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      at += n;
      length -= (gsize) n;
    }
  return TRUE;
}

/* What it answers is believed as little as the tile. */
static guint8 *
exchange (ShtTileDecoder *self, GBytes *tile, guint32 *sides)
{
  gint64 deadline = g_get_monotonic_time () + TIMEOUT_US;
  guint32 length = (guint32) g_bytes_get_size (tile);
  guint8 *pixels;

  if (!send_all (self, &length, sizeof length, deadline)
      || !send_all (self, g_bytes_get_data (tile, NULL), length, deadline)
      || !receive_all (self, sides, 2 * sizeof *sides, deadline) || sides[0] > SHT_TILE_MAX_SIDE
      || sides[1] > SHT_TILE_MAX_SIDE)
    return NULL;
  pixels = g_malloc (MAX (1, (gsize) sides[0] * sides[1] * 4));
  if (receive_all (self, pixels, (gsize) sides[0] * sides[1] * 4, deadline))
    return pixels;
  g_free (pixels);
  return NULL;
}

/**
 * sht_tile_decoder_run:
 * @tile: a PNG, JPEG or WebP of at most %SHT_TILE_MAX_SIDE pixels a side
 * @width: (out): pixels
 * @height: (out): pixels
 *
 * Decodes a tile. Its size is looked at before a byte is unpacked. Blocks, for a few milliseconds and five seconds at the most.
 *
 * Returns: (transfer full) (nullable): pixels as Cairo has them (premultiplied ARGB in 32 bits), without gaps; %NULL with
 *   %G_IO_ERROR_INVALID_DATA when it is no such picture, or %SHT_IMAGE_ERROR_HELPER
 */
GBytes *
sht_tile_decoder_run (ShtTileDecoder *self, GBytes *tile, int *width, int *height, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (tile, &length);
  guint claimed_width, claimed_height;
  guint32 sides[2] = { 0, 0 };
  g_autofree guint8 *pixels = NULL;

  if (length > SHT_TILE_MAX_BYTES || sht_tile_look (data, length, &claimed_width, &claimed_height) == SHT_TILE_OTHER
      || claimed_width == 0 || claimed_height == 0 || claimed_width > SHT_TILE_MAX_SIDE || claimed_height > SHT_TILE_MAX_SIDE)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "a tile is no picture of at most %d pixels a side",
                   SHT_TILE_MAX_SIDE);
      return NULL;
    }
  if (self->runs && self->tiles++ >= TILES_A_PROCESS)
    end (self);
  if (!sht_tile_decoder_start (self, error))
    return NULL;
  pixels = exchange (self, tile, sides);
  if (pixels == NULL)
    {
      end (self);
      g_set_error_literal (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_HELPER, "a tile broke the program that reads tiles");
      return NULL;
    }
  if (sides[0] == 0 || sides[1] == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "a tile is damaged");
      return NULL;
    }
  *width = (int) sides[0];
  *height = (int) sides[1];
  return g_bytes_new_take (g_steal_pointer (&pixels), (gsize) sides[0] * sides[1] * 4);
}
