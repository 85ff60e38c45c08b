/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image-helper.h"

#include <string.h>

static const char *const format_names[] = {
  [SHT_FORMAT_NONE] = "none", [SHT_FORMAT_JPEG] = "jpeg", [SHT_FORMAT_PNG] = "png",
  [SHT_FORMAT_WEBP] = "webp", [SHT_FORMAT_HEIC] = "heic", [SHT_FORMAT_AVIF] = "avif",
};

/**
 * sht_format_sniff:
 * @source: the file
 *
 * Returns: what the first bytes say; the file's name is not asked
 */
ShtFormat
sht_format_sniff (GBytes *source)
{
  static const struct
  {
    const char *brand;
    ShtFormat format;
  } brands[] = {
    { "heic", SHT_FORMAT_HEIC }, { "heix", SHT_FORMAT_HEIC }, { "mif1", SHT_FORMAT_HEIC },
    { "avif", SHT_FORMAT_AVIF },
  };
  gsize length;
  const guint8 *data = g_bytes_get_data (source, &length);

  if (length >= 3 && memcmp (data, "\xff\xd8\xff", 3) == 0)
    return SHT_FORMAT_JPEG;
  if (length >= 8 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    return SHT_FORMAT_PNG;
  if (length < 12)
    return SHT_FORMAT_NONE;
  if (memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0)
    return SHT_FORMAT_WEBP;
  for (guint i = 0; i < G_N_ELEMENTS (brands) && memcmp (data + 4, "ftyp", 4) == 0; i++)
    if (memcmp (data + 8, brands[i].brand, 4) == 0)
      return brands[i].format;
  return SHT_FORMAT_NONE;
}

const char *
sht_format_name (ShtFormat format)
{
  return format_names[format];
}

/* @word: a static string; said once however often it happens */
void
sht_picture_warn (ShtPicture *picture, const char *word)
{
  if (!g_ptr_array_find_with_equal_func (picture->warnings, word, g_str_equal, NULL))
    g_ptr_array_add (picture->warnings, (gpointer) word);
}

/**
 * sht_picture_check_size:
 * @width: what the file's header claims, in pixels
 * @height: likewise
 *
 * Keeps the size, or refuses it: to be called before memory for pixels is asked for.
 *
 * Returns: %FALSE with %SHT_IMAGE_ERROR_TOO_MANY_PIXELS or %SHT_IMAGE_ERROR_DAMAGED
 */
gboolean
sht_picture_check_size (ShtPicture *picture, guint32 width, guint32 height, GError **error)
{
  guint64 pixels = (guint64) width * height;

  if (pixels == 0)
    {
      g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_DAMAGED, "is damaged, it has no size");
      return FALSE;
    }
  if (pixels > SHT_IMAGE_MAX_PIXELS || width > G_MAXUINT16 || height > G_MAXUINT16)
    {
      g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_TOO_MANY_PIXELS,
                   "has %.0f megapixels (%u × %u); the limit is %d, and 65535 on a side",
                   pixels / 1e6, width, height, SHT_IMAGE_MAX_PIXELS / 1000000);
      return FALSE;
    }
  picture->source_width = (int) width;
  picture->source_height = (int) height;
  return TRUE;
}

static int
scaled (int side, int max_side, int longest)
{
  return MAX (1, (int) (((gint64) side * max_side + longest / 2) / longest));
}

/* The size once the longest side is at most @max_side; never larger than the source. */
void
sht_fit (int src_width, int src_height, int max_side, int *width, int *height)
{
  int longest = MAX (src_width, src_height);

  max_side = MIN (max_side, longest);
  *width = scaled (src_width, max_side, longest);
  *height = scaled (src_height, max_side, longest);
}

/**
 * sht_picture_decode:
 * @source: the file
 * @format: what it is
 * @max_side: pixels of the longest side wanted
 *
 * Returns: (transfer full): the picture, shrunk but not upright, or %NULL with a #ShtImageError whose
 *   message is the rest of a sentence that begins with the file
 */
ShtPicture *
sht_picture_decode (GBytes *source, ShtFormat format, int max_side, GError **error)
{
  g_autoptr (ShtPicture) picture = g_new0 (ShtPicture, 1);
  gboolean ok;

  picture->format = format;
  picture->warnings = g_ptr_array_new ();
  if (format == SHT_FORMAT_JPEG)
    ok = sht_jpeg_decode (picture, source, max_side, error);
  else
    ok = sht_container_read (picture, source, error)
         && sht_pixbuf_decode (picture, source, max_side, error);
  return ok ? g_steal_pointer (&picture) : NULL;
}

void
sht_picture_free (ShtPicture *picture)
{
  if (picture == NULL)
    return;
  g_free (picture->raster.rgb);
  g_clear_pointer (&picture->exif, g_bytes_unref);
  g_clear_pointer (&picture->icc, g_bytes_unref);
  g_clear_pointer (&picture->warnings, g_ptr_array_unref);
  g_free (picture);
}
