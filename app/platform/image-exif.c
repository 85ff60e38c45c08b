/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image-helper.h"

#include <gexiv2/gexiv2.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What is carried over. Above it, the camera's own notes go: they hold a preview of the picture as it
 * was, and no reader but the maker's needs them. A segment of a JPEG ends at 64 KiB. */
#define MAX_EXIF_OUT (32 * 1024)

#define MAX_MODEL 100

/* Set by the log handler, which has no user data. */
static guint n_complaints;

struct _ShtMetadata
{
  GExiv2Metadata *exiv2; /* (owned) */
};

static void
on_log (GExiv2LogLevel level, const char *message)
{
  n_complaints++;
}

/**
 * sht_metadata_warm_up:
 *
 * Sets up the libraries while files can still be opened.
 */
void
sht_metadata_warm_up (void)
{
  gexiv2_initialize ();
  gexiv2_log_set_handler (on_log);
  gexiv2_log_set_level (GEXIV2_LOG_LEVEL_WARN);
}

static char *
get_tag (GExiv2Metadata *m, const char *tag)
{
  g_autofree char *text = NULL;

  if (!gexiv2_metadata_try_has_tag (m, tag, NULL))
    return NULL;
  text = gexiv2_metadata_try_get_tag_string (m, tag, NULL);
  return text != NULL ? g_utf8_make_valid (g_strstrip (text), -1) : NULL;
}

/* "2014:09:21 16:00:56". Cameras whose clock was never set write spaces or zeros: no time, and
 * nothing to complain about. */
static void
read_time (GExiv2Metadata *m, ShtPicture *picture, ShtExif *exif)
{
  g_autofree char *original = get_tag (m, "Exif.Photo.DateTimeOriginal");
  g_autofree char *digitized = get_tag (m, "Exif.Photo.DateTimeDigitized");
  const char *text = original != NULL ? original : digitized;
  g_autoptr (GDateTime) time = NULL;
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  int y, mo, d, h, mi, s, used = 0;

  if (text == NULL || strspn (text, "0: ") == strlen (text))
    return;
  if (sscanf (text, "%4d:%2d:%2d %2d:%2d:%2d%n", &y, &mo, &d, &h, &mi, &s, &used) == 6
      && used == (int) strlen (text) && used == 19)
    time = g_date_time_new (utc, y, mo, d, h, mi, s);
  if (time == NULL)
    {
      sht_picture_warn (picture, "time_unreadable");
      return;
    }
  g_snprintf (exif->taken_at, sizeof exif->taken_at, "%04d-%02d-%02dT%02d:%02d:%02d", y, mo, d, h, mi, s);
}

/* "+03:00" */
static void
read_offset (GExiv2Metadata *m, ShtPicture *picture, ShtExif *exif)
{
  g_autofree char *original = get_tag (m, "Exif.Photo.OffsetTimeOriginal");
  g_autofree char *any = get_tag (m, "Exif.Photo.OffsetTime");
  const char *text = original != NULL ? original : any;
  int hours, minutes, used = 0;
  char sign;

  if (text == NULL || strspn (text, ": ") == strlen (text))
    return;
  if (sscanf (text, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) != 3
      || used != (int) strlen (text) || (sign != '+' && sign != '-') || hours < 0 || hours > 18
      || minutes < 0 || minutes > 59)
    {
      sht_picture_warn (picture, "time_unreadable");
      return;
    }
  exif->has_offset = TRUE;
  exif->offset_min = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
}

static void
read_place (GExiv2Metadata *m, ShtPicture *picture, ShtExif *exif)
{
  double lat = NAN, lon = NAN;
  int numerator = 0, denominator = 0;

  if (gexiv2_metadata_try_has_tag (m, "Exif.GPSInfo.GPSLatitude", NULL)
      || gexiv2_metadata_try_has_tag (m, "Exif.GPSInfo.GPSLongitude", NULL))
    {
      gboolean ok = gexiv2_metadata_try_get_gps_latitude (m, &lat, NULL)
                    && gexiv2_metadata_try_get_gps_longitude (m, &lon, NULL);

      /* Zero and zero is what phones write that had no position yet, not a spot off Africa. */
      if (ok && isfinite (lat) && isfinite (lon) && fabs (lat) <= 90 && fabs (lon) <= 180
          && (lat != 0 || lon != 0))
        {
          exif->has_position = TRUE;
          exif->lat_e7 = (gint32) lrint (lat * 1e7);
          exif->lon_e7 = (gint32) lrint (lon * 1e7);
        }
      else
        sht_picture_warn (picture, "position_unreadable");
    }
  if (gexiv2_metadata_try_get_exif_tag_rational (m, "Exif.GPSInfo.GPSImgDirection", &numerator,
                                                 &denominator, NULL)
      && denominator > 0 && numerator >= 0 && (double) numerator / denominator <= 360)
    exif->heading = (int) lrint ((double) numerator / denominator) % 360;
}

/* "Canon EOS 40D", not "Canon Canon EOS 40D". */
static char *
read_model (GExiv2Metadata *m)
{
  g_autofree char *maker = get_tag (m, "Exif.Image.Make");
  g_autofree char *model = get_tag (m, "Exif.Image.Model");
  g_autoptr (GString) text = g_string_new (NULL);

  if (maker != NULL && (model == NULL || !g_str_has_prefix (model, maker)))
    g_string_append (text, maker);
  if (model != NULL && *model != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", model);
  for (gsize i = 0; i < text->len; i++)
    if (g_ascii_iscntrl (text->str[i]))
      text->str[i] = ' ';
  if (text->len == 0)
    return NULL;
  return g_utf8_substring (text->str, 0, MIN (MAX_MODEL, g_utf8_strlen (text->str, -1)));
}

/**
 * sht_metadata_read:
 * @picture: gets a warning for each thing that is there and cannot be read
 * @exif: (out caller-allocates): what was read; the model is to be freed
 *
 * Never fails: a picture with broken metadata is still a picture.
 *
 * Returns: (transfer full) (nullable): what sht_metadata_write() carries over; %NULL: nothing
 */
ShtMetadata *
sht_metadata_read (ShtPicture *picture, ShtExif *exif)
{
  g_autoptr (GExiv2Metadata) m = gexiv2_metadata_new ();
  ShtMetadata *self;
  const guint8 *data;
  gsize length;
  int orientation;

  *exif = (ShtExif){ .orientation = 1, .heading = -1 };
  if (picture->exif == NULL)
    return NULL;
  data = g_bytes_get_data (picture->exif, &length);
  n_complaints = 0;
  if (length < 8 || !gexiv2_metadata_from_app1_segment (m, data, (glong) length, NULL))
    {
      sht_picture_warn (picture, "metadata_lost");
      return NULL;
    }
  orientation = (int) gexiv2_metadata_try_get_orientation (m, NULL);
  if (orientation >= 1 && orientation <= 8)
    exif->orientation = orientation;
  read_time (m, picture, exif);
  read_offset (m, picture, exif);
  read_place (m, picture, exif);
  exif->device_model = read_model (m);
  if (n_complaints > 0)
    sht_picture_warn (picture, "metadata_damaged");
  self = g_new0 (ShtMetadata, 1);
  self->exiv2 = g_steal_pointer (&m);
  return self;
}

/* exiv2 throws on some blocks only when it writes them; gexiv2 makes that an error. */
static GBytes *
encode (GExiv2Metadata *m)
{
  g_autoptr (GBytes) bytes = gexiv2_metadata_get_exif_data (m, GEXIV2_BYTE_ORDER_LITTLE, NULL);

  if (bytes == NULL || g_bytes_get_size (bytes) < 8)
    return NULL;
  return g_steal_pointer (&bytes);
}

static void
drop_maker_notes (GExiv2Metadata *m)
{
  static const char *const standard[] = { "Image", "Photo", "GPSInfo", "Iop", "Thumbnail" };
  g_auto (GStrv) tags = gexiv2_metadata_get_exif_tags (m);

  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (tags[i], ".", 3);
      gboolean keep = FALSE;

      for (guint k = 0; k < G_N_ELEMENTS (standard); k++)
        keep |= g_strv_length (parts) == 3 && g_str_equal (parts[1], standard[k]);
      if (!keep || g_str_equal (tags[i], "Exif.Photo.MakerNote"))
        gexiv2_metadata_try_clear_tag (m, tags[i], NULL);
    }
}

/**
 * sht_metadata_write:
 * @metadata: (nullable): as it was read; changed by this
 * @picture: upright and of its final size
 *
 * Writes the metadata anew rather than copying the block, so that nothing which could upset the next
 * reader is passed on: orientation upright, sizes true, without the camera's thumbnail of the
 * picture as it was.
 *
 * Returns: (transfer full) (nullable): a TIFF block
 */
GBytes *
sht_metadata_write (ShtMetadata *metadata, ShtPicture *picture)
{
  g_autoptr (GBytes) bytes = NULL;
  GExiv2Metadata *m;

  if (metadata == NULL)
    return NULL;
  m = metadata->exiv2;
  gexiv2_metadata_try_erase_exif_thumbnail (m, NULL);
  gexiv2_metadata_try_set_orientation (m, GEXIV2_ORIENTATION_NORMAL, NULL);
  if (gexiv2_metadata_try_has_tag (m, "Exif.Photo.PixelXDimension", NULL))
    {
      gexiv2_metadata_try_set_tag_long (m, "Exif.Photo.PixelXDimension", picture->raster.width, NULL);
      gexiv2_metadata_try_set_tag_long (m, "Exif.Photo.PixelYDimension", picture->raster.height, NULL);
    }
  bytes = encode (m);
  if (bytes != NULL && g_bytes_get_size (bytes) > MAX_EXIF_OUT)
    {
      drop_maker_notes (m);
      sht_picture_warn (picture, "maker_notes_lost");
      g_clear_pointer (&bytes, g_bytes_unref);
      bytes = encode (m);
    }
  if (bytes == NULL || g_bytes_get_size (bytes) > MAX_EXIF_OUT)
    {
      sht_picture_warn (picture, "metadata_lost");
      return NULL;
    }
  return g_steal_pointer (&bytes);
}

void
sht_metadata_free (ShtMetadata *metadata)
{
  if (metadata == NULL)
    return;
  g_clear_object (&metadata->exiv2);
  g_free (metadata);
}
