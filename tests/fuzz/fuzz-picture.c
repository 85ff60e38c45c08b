/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture's container and the EXIF block in it; small JPEGs are decoded. After an `e` such a block by itself. */
#include "platform/image-helper.h"
#include "tests/fuzz/fuzz.h"

#define MOST_SIDE 64

/* A file of some bytes may claim a hundred megapixels, which are made up and take their time. */
static gboolean
is_small (const uint8_t *data, size_t size)
{
  for (size_t i = 0; i + 9 < size; i++)
    if (data[i] == 0xff && data[i + 1] >= 0xc0 && data[i + 1] <= 0xcf && data[i + 1] != 0xc4 && data[i + 1] != 0xc8
        && data[i + 1] != 0xcc
        && (data[i + 5] * 256 + data[i + 6] > MOST_SIDE || data[i + 7] * 256 + data[i + 8] > MOST_SIDE))
      return FALSE;
  return TRUE;
}

static void
read_metadata (ShtPicture *picture)
{
  ShtExif exif;
  g_autoptr (ShtMetadata) metadata = sht_metadata_read (picture, &exif);
  GBytes *out = sht_metadata_write (metadata, picture);

  g_assert_true (exif.orientation >= 1 && exif.orientation <= 8);
  g_assert_true (!exif.has_position || (ABS (exif.lat_e7) <= 900000000 && ABS (exif.lon_e7) <= 1800000000));
  g_clear_pointer (&out, g_bytes_unref);
  g_free (exif.device_model);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (ShtPicture) picture = NULL;
  g_autoptr (GBytes) source = g_bytes_new (data, size);
  ShtFormat format = sht_format_sniff (source);

  sht_metadata_warm_up ();
  if (format == SHT_FORMAT_JPEG)
    picture = is_small (data, size) ? sht_picture_decode (source, format, MOST_SIDE, NULL) : NULL;
  else if (format != SHT_FORMAT_NONE || (size > 1 && data[0] == 'e'))
    {
      picture = g_new0 (ShtPicture, 1);
      picture->warnings = g_ptr_array_new ();
      picture->format = format;
      if (format == SHT_FORMAT_NONE)
        picture->exif = g_bytes_new (data + 1, size - 1);
      else if (!sht_container_read (picture, source, NULL))
        return 0;
    }
  if (picture != NULL)
    read_metadata (picture);
  return 0;
}
