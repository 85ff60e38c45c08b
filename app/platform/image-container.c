/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image-helper.h"

#include <string.h>

/* The size and the EXIF block of PNG and WebP, and whether the file is whole, found without decoding:
 * gdk-pixbuf takes a file cut short without a word, and some loaders ask for memory before they tell
 * the size. Every read is within the file. */

typedef struct
{
  const guint8 *data;
  gsize length;
} Span;

static guint32
be32 (const guint8 *p)
{
  return ((guint32) p[0] << 24) | ((guint32) p[1] << 16) | ((guint32) p[2] << 8) | p[3];
}

static guint32
le32 (const guint8 *p)
{
  return ((guint32) p[3] << 24) | ((guint32) p[2] << 16) | ((guint32) p[1] << 8) | p[0];
}

static gboolean
set_cut_short (GError **error)
{
  g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_CUT_SHORT,
               "is cut short, the end of the picture is missing");
  return FALSE;
}

static void
take_exif (ShtPicture *picture, Span chunk)
{
  /* Some writers of WebP put JPEG's mark in front. */
  if (chunk.length > 6 && memcmp (chunk.data, "Exif\0\0", 6) == 0)
    {
      chunk.data += 6;
      chunk.length -= 6;
    }
  if (picture->exif == NULL && chunk.length > 0)
    picture->exif = g_bytes_new (chunk.data, chunk.length);
}

/* Chunks of length, type, data and CRC; the first is IHDR and the last IEND. */
static gboolean
read_png (ShtPicture *picture, Span file, GError **error)
{
  gsize at = 8;

  while (file.length - at >= 12)
    {
      const guint8 *p = file.data + at;
      gsize length = be32 (p);

      if (length > file.length - at - 12)
        return set_cut_short (error);
      if (at == 8 && (length != 13 || memcmp (p + 4, "IHDR", 4) != 0))
        break;
      if (at == 8 && !sht_picture_check_size (picture, be32 (p + 8), be32 (p + 12), error))
        return FALSE;
      if (memcmp (p + 4, "eXIf", 4) == 0)
        take_exif (picture, (Span){ p + 8, length });
      if (memcmp (p + 4, "IEND", 4) == 0)
        return TRUE;
      at += 12 + length;
    }
  if (at > 8 || file.length < 20)
    return set_cut_short (error);
  g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_DAMAGED,
               "is damaged, its PNG header cannot be read");
  return FALSE;
}

/* The three kinds of WebP keep their size in three ways (RFC 9649). */
static gboolean
webp_size (const guint8 *chunk, gsize length, guint32 *width, guint32 *height)
{
  const guint8 *p = chunk + 8;

  if (length >= 10 && memcmp (chunk, "VP8X", 4) == 0)
    {
      *width = 1 + (le32 (p + 4) & 0xffffff);
      *height = 1 + (le32 (p + 6) >> 8);
      return TRUE;
    }
  if (length >= 5 && memcmp (chunk, "VP8L", 4) == 0 && p[0] == 0x2f)
    {
      *width = 1 + (le32 (p + 1) & 0x3fff);
      *height = 1 + ((le32 (p + 1) >> 14) & 0x3fff);
      return TRUE;
    }
  if (length >= 10 && memcmp (chunk, "VP8 ", 4) == 0 && memcmp (p + 3, "\x9d\x01\x2a", 3) == 0)
    {
      *width = le32 (p + 6) & 0x3fff;
      *height = (le32 (p + 6) >> 16) & 0x3fff;
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_webp (ShtPicture *picture, Span file, GError **error)
{
  gsize riff = (gsize) le32 (file.data + 4) + 8;
  guint32 width = 0, height = 0;
  gsize at = 12;
  gboolean sized = FALSE;

  if (riff > file.length)
    return set_cut_short (error);
  while (riff >= at && riff - at >= 8)
    {
      const guint8 *p = file.data + at;
      gsize length = le32 (p + 4);

      if (length > riff - at - 8)
        break;
      if (webp_size (p, length, &width, &height))
        {
          /* Each one is checked: the frame and the header before it may disagree. */
          if (!sht_picture_check_size (picture, width, height, error))
            return FALSE;
          sized = TRUE;
        }
      else if (memcmp (p, "EXIF", 4) == 0)
        take_exif (picture, (Span){ p + 8, length });
      at += 8 + length + (length & 1);
    }
  if (!sized)
    g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_DAMAGED,
                 "is damaged, its WebP header cannot be read");
  return sized;
}

/* Only whether the boxes are whole. The size comes from the loader, within the limit on memory. */
static gboolean
read_heif (Span file, GError **error)
{
  gsize at = 0;

  while (at < file.length)
    {
      guint64 length;

      if (file.length - at < 8)
        return set_cut_short (error);
      length = be32 (file.data + at);
      if (length == 0)
        return TRUE;
      if (length == 1 && file.length - at >= 16)
        length = ((guint64) be32 (file.data + at + 8) << 32) | be32 (file.data + at + 12);
      if (length < 8 || length > file.length - at)
        return set_cut_short (error);
      at += (gsize) length;
    }
  return TRUE;
}

/**
 * sht_container_read:
 * @picture: gets the size and the EXIF block
 * @source: a file of @picture's format, not a JPEG
 *
 * Returns: %FALSE with %SHT_IMAGE_ERROR_CUT_SHORT, %SHT_IMAGE_ERROR_DAMAGED or
 *   %SHT_IMAGE_ERROR_TOO_MANY_PIXELS
 */
gboolean
sht_container_read (ShtPicture *picture, GBytes *source, GError **error)
{
  Span file;

  file.data = g_bytes_get_data (source, &file.length);
  if (picture->format == SHT_FORMAT_PNG)
    return read_png (picture, file, error);
  if (picture->format == SHT_FORMAT_WEBP)
    return read_webp (picture, file, error);
  return read_heif (file, error);
}
