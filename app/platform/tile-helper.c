/* SPDX-License-Identifier: GPL-3.0-or-later */

/* shetach-tiles: a map's tiles on stdin, each behind its length, become bare pixels on stdout, each behind its width and height,
 * in a process that can do nothing else. A tile that cannot be decoded is one of 0 × 0. Numbers are 32 bits of this machine. */

#include "platform/image-helper.h"
#include "platform/tile-helper.h"

#include <errno.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

/* Two tiles of the largest kind as pixels, one as bytes, and the libraries. */
#define MEMORY (512ul * 1024 * 1024)
/* For some thousand tiles, of which each takes milliseconds. */
#define CPU_S 60

static const char *const loaders[] = { [SHT_TILE_JPEG] = "jpeg", [SHT_TILE_WEBP] = "webp" };

static gboolean
read_all (void *data, gsize length)
{
  guint8 *at = data;

  while (length > 0)
    {
      gssize n = read (STDIN_FILENO, at, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      at += n;
      length -= (gsize) n;
    }
  return TRUE;
}

static gboolean
write_all (const void *data, gsize length)
{
  const guint8 *at = data;

  while (length > 0)
    {
      gssize n = write (STDOUT_FILENO, at, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      at += n;
      length -= (gsize) n;
    }
  return TRUE;
}

static void
on_size_prepared (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  gboolean *fits = data;

  *fits = width <= SHT_TILE_MAX_SIDE && height <= SHT_TILE_MAX_SIDE;
  if (!*fits)
    gdk_pixbuf_loader_set_size (loader, 0, 0);
}

static void
take_pixbuf (GdkPixbuf *pixbuf, ShtTileRaster *raster)
{
  int channels = gdk_pixbuf_get_n_channels (pixbuf), stride = gdk_pixbuf_get_rowstride (pixbuf);
  const guint8 *in = gdk_pixbuf_read_pixels (pixbuf);

  raster->width = (guint32) gdk_pixbuf_get_width (pixbuf);
  raster->height = (guint32) gdk_pixbuf_get_height (pixbuf);
  raster->pixels = g_new (guint32, (gsize) raster->width * raster->height);
  for (guint y = 0; y < raster->height; y++)
    {
      const guint8 *p = in + (gsize) y * (gsize) stride;
      guint32 *to = raster->pixels + (gsize) y * raster->width;

      for (guint x = 0; x < raster->width; x++, p += channels)
        {
          guint32 colour = (guint32) p[0] << 16 | (guint32) p[1] << 8 | p[2];

          to[x] = channels == 4 ? sht_tile_premultiply ((guint32) p[3] << 24 | colour) : 0xff000000u | colour;
        }
    }
}

static gboolean
decode_by_loader (const guint8 *data, gsize length, const char *name, ShtTileRaster *raster)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (name, NULL);
  gboolean fits = TRUE, ok;
  GdkPixbuf *pixbuf;

  if (loader == NULL)
    return FALSE;
  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared), &fits);
  ok = gdk_pixbuf_loader_write (loader, data, length, NULL);
  ok = gdk_pixbuf_loader_close (loader, NULL) && ok;
  pixbuf = ok && fits ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  if (pixbuf == NULL || gdk_pixbuf_get_width (pixbuf) > SHT_TILE_MAX_SIDE || gdk_pixbuf_get_height (pixbuf) > SHT_TILE_MAX_SIDE)
    return FALSE;
  take_pixbuf (pixbuf, raster);
  return TRUE;
}

static gboolean
decode (const guint8 *data, gsize length, ShtTileRaster *raster)
{
  guint width, height;
  ShtTileKind kind = sht_tile_look (data, length, &width, &height);

  if (kind == SHT_TILE_OTHER || width > SHT_TILE_MAX_SIDE || height > SHT_TILE_MAX_SIDE)
    return FALSE;
  return kind == SHT_TILE_PNG ? sht_tile_png_decode (data, length, raster)
                              : decode_by_loader (data, length, loaders[kind], raster);
}

/* In one go, so that who waits is woken once. */
static gboolean
answer (const ShtTileRaster *raster)
{
  guint32 sides[2] = { raster->width, raster->height };
  gsize length = (gsize) raster->width * raster->height * 4;
  struct iovec parts[2] = { { sides, sizeof sides }, { raster->pixels, length } };
  gssize n;

  do
    n = writev (STDOUT_FILENO, parts, raster->pixels != NULL ? 2 : 1);
  while (n < 0 && errno == EINTR);
  return n >= (gssize) sizeof sides
         && (raster->pixels == NULL
             || write_all ((const guint8 *) raster->pixels + ((gsize) n - sizeof sides), length - ((gsize) n - sizeof sides)));
}

/* GLib's own writer asks what stderr is, which is more than the sandbox allows. */
static GLogWriterOutput
drop_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  return G_LOG_WRITER_HANDLED;
}

/* Loads the modules while files can still be opened. */
static void
warm_up (void)
{
  for (guint i = SHT_TILE_JPEG; i < G_N_ELEMENTS (loaders); i++)
    {
      g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (loaders[i], NULL);

      if (loader != NULL)
        gdk_pixbuf_loader_close (loader, NULL);
    }
}

int
main (void)
{
  g_autofree guint8 *tile = g_malloc (SHT_TILE_MAX_BYTES);
  guint32 length;

  if (isatty (STDIN_FILENO))
    {
      g_printerr ("shetach-tiles: speaks with shetach alone\n");
      return 2;
    }
  if (chdir ("/") != 0)
    return EXIT_FAILURE;
  g_log_set_writer_func (drop_log, NULL, NULL);
  warm_up ();
  if (!sht_sandbox_enter (MEMORY, CPU_S))
    return EXIT_FAILURE;
  while (read_all (&length, sizeof length))
    {
      ShtTileRaster raster = { 0 };
      gboolean ok;

      if (length > SHT_TILE_MAX_BYTES || !read_all (tile, length))
        return EXIT_FAILURE;
      if (!decode (tile, length, &raster))
        raster = (ShtTileRaster){ 0 };
      ok = answer (&raster);
      g_free (raster.pixels);
      if (!ok)
        return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
