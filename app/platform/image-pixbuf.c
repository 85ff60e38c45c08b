/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image-helper.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

static const char *
loader_name (ShtFormat format)
{
  switch (format)
    {
    case SHT_FORMAT_PNG:
      return "png";
    case SHT_FORMAT_WEBP:
      return "webp";
    case SHT_FORMAT_HEIC:
      return "heif/heic";
    case SHT_FORMAT_AVIF:
      return "heif/avif";
    case SHT_FORMAT_NONE:
    case SHT_FORMAT_JPEG:
    default:
      return NULL;
    }
}

/* The loader for this format and no other: gdk-pixbuf would otherwise guess among all it has. */
static GdkPixbufLoader *
new_loader (ShtFormat format)
{
  const char *name = loader_name (format);

  return name != NULL ? gdk_pixbuf_loader_new_with_type (name, NULL) : NULL;
}

/**
 * sht_pixbuf_warm_up:
 * @format: what is to be decoded
 *
 * Loads the module while files can still be opened.
 */
void
sht_pixbuf_warm_up (ShtFormat format)
{
  g_autoptr (GdkPixbufLoader) loader = new_loader (format);

  if (loader != NULL)
    gdk_pixbuf_loader_close (loader, NULL);
}

typedef struct
{
  ShtPicture *picture;
  GError *error; /* (owned) (nullable) */
} Prepared;

static void
on_size_prepared (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  Prepared *self = user_data;

  if (self->error == NULL
      && !sht_picture_check_size (self->picture, (guint32) width, (guint32) height, &self->error))
    gdk_pixbuf_loader_set_size (loader, 0, 0);
}

/* Paper white behind what is transparent: drawings and screenshots are dark on nothing. */
static void
to_rgb (const guint8 *in, guint8 *out, int width, int channels)
{
  for (int x = 0; x < width; x++, in += channels)
    for (int c = 0; c < 3; c++)
      *out++ = channels == 4 ? (guint8) ((in[c] * in[3] + 255 * (255 - in[3]) + 127) / 255) : in[c];
}

static void
shrink_pixbuf (ShtPicture *picture, GdkPixbuf *pixbuf, int max_side)
{
  int src_width = gdk_pixbuf_get_width (pixbuf), src_height = gdk_pixbuf_get_height (pixbuf);
  int stride = gdk_pixbuf_get_rowstride (pixbuf), channels = gdk_pixbuf_get_n_channels (pixbuf);
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);
  g_autofree guint8 *row = g_malloc ((gsize) src_width * 3);
  g_autoptr (ShtShrink) shrink = NULL;
  int width, height;

  sht_fit (src_width, src_height, max_side, &width, &height);
  shrink = sht_shrink_new (src_width, src_height, &picture->raster, width, height);
  for (int y = 0; y < src_height; y++)
    {
      to_rgb (pixels + (gsize) y * stride, row, src_width, channels);
      sht_shrink_push (shrink, row);
    }
}

static void
take_profile (ShtPicture *picture, GdkPixbuf *pixbuf)
{
  const char *text = gdk_pixbuf_get_option (pixbuf, "icc-profile");
  gsize length = 0;
  g_autofree guchar *icc = text != NULL ? g_base64_decode (text, &length) : NULL;

  if (length > 0)
    picture->icc = g_bytes_new_take (g_steal_pointer (&icc), length);
}

/**
 * sht_pixbuf_decode:
 * @picture: whose size was checked, where its container says it
 * @source: the file
 * @max_side: pixels of the longest side wanted
 *
 * Returns: %FALSE with %SHT_IMAGE_ERROR_NOT_A_PICTURE when this machine has no loader for it,
 *   %SHT_IMAGE_ERROR_DAMAGED or %SHT_IMAGE_ERROR_TOO_MANY_PIXELS
 */
gboolean
sht_pixbuf_decode (ShtPicture *picture, GBytes *source, int max_side, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = new_loader (picture->format);
  Prepared prepared = { .picture = picture };
  GdkPixbuf *pixbuf;
  gboolean ok;

  if (loader == NULL)
    {
      g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_NOT_A_PICTURE,
                   "is a picture of a kind this tablet cannot read (%s); JPEG, PNG and WebP can be read",
                   sht_format_name (picture->format));
      return FALSE;
    }
  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared), &prepared);
  ok = gdk_pixbuf_loader_write_bytes (loader, source, NULL);
  ok = gdk_pixbuf_loader_close (loader, NULL) && ok;
  g_signal_handlers_disconnect_by_data (loader, &prepared);
  if (prepared.error != NULL)
    {
      g_propagate_error (error, prepared.error);
      return FALSE;
    }
  pixbuf = ok ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  if (pixbuf == NULL || !sht_picture_check_size (picture, (guint32) gdk_pixbuf_get_width (pixbuf),
                                                 (guint32) gdk_pixbuf_get_height (pixbuf), NULL))
    {
      g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_DAMAGED,
                   "is damaged, it cannot be decoded as %s", sht_format_name (picture->format));
      return FALSE;
    }
  /* Where HEIC and AVIF keep EXIF is read by no library we use. */
  if (picture->format == SHT_FORMAT_HEIC || picture->format == SHT_FORMAT_AVIF)
    sht_picture_warn (picture, "metadata_lost");
  take_profile (picture, pixbuf);
  shrink_pixbuf (picture, pixbuf, max_side);
  return TRUE;
}
