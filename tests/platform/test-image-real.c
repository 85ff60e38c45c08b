/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image-fixtures.h"

#include <glib/gstdio.h>

/* The eight pictures are one, but for the number drawn in the middle; the first is also of another
 * brightness, by 14 levels of 255 whoever decodes it. A mirrored one is 41 away. */
#define MAX_FROM_FIRST 20.0
#define MAX_FROM_SECOND 4.0

static char *
real_path (const char *folder, const char *name)
{
  const char *root = g_getenv ("SHETACH_REAL_DATA");

  if (root == NULL || *root == '\0')
    {
      g_test_skip ("SHETACH_REAL_DATA is not set");
      return NULL;
    }
  return g_build_filename (root, folder, name, NULL);
}

static ShtImage *
import (const char *path)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Asia/Jerusalem");
  ShtImageOptions options = { .timezone = zone };
  g_autoptr (GError) error = NULL;
  ShtImage *image = sht_image_import (path, &options, NULL, &error);

  g_assert_no_error (error);
  return image;
}

static void
test_photos (void)
{
  static const struct
  {
    const char *name;
    const char *taken; /* UTC */
    double lat, lon;
    ShtImageZone zone;
  } photos[] = {
    { "Canon_40D.jpg", "2008-05-30T12:56:01Z", 0, 0, SHT_IMAGE_ZONE_TABLET },
    { "DSCN0010.jpg", "2008-10-22T14:28:39Z", 43.467, 11.885, SHT_IMAGE_ZONE_TABLET },
    { "DSCN0012.jpg", "2008-10-22T14:29:49Z", 43.467, 11.885, SHT_IMAGE_ZONE_TABLET },
    { "DSCN0021.jpg", "2008-10-22T14:38:20Z", 43.467, 11.885, SHT_IMAGE_ZONE_TABLET },
    { "HMD_Nokia_8.3_5G.jpg", "2022-08-14T11:12:31Z", 60.147, 24.907, SHT_IMAGE_ZONE_EXIF },
    { "jolla.jpg", "2014-09-21T13:00:56Z", 0, 0, SHT_IMAGE_ZONE_TABLET },
  };

  for (guint i = 0; i < G_N_ELEMENTS (photos); i++)
    {
      g_autofree char *path = real_path ("photos", photos[i].name);
      g_autoptr (ShtImage) image = path != NULL ? import (path) : NULL;
      g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
      g_autoptr (GDateTime) taken = g_date_time_new_from_iso8601 (photos[i].taken, utc);

      if (path == NULL)
        return;
      g_assert_true (image->has_taken);
      g_assert_cmpint (image->taken_at_ms, ==, g_date_time_to_unix (taken) * 1000);
      g_assert_cmpint (image->taken_zone, ==, photos[i].zone);
      g_assert_true (image->has_position == (photos[i].lat != 0));
      if (image->has_position)
        {
          g_assert_cmpfloat_with_epsilon (image->lat_e7 / 1e7, photos[i].lat, 0.001);
          g_assert_cmpfloat_with_epsilon (image->lon_e7 / 1e7, photos[i].lon, 0.001);
        }
      g_assert_nonnull (image->device_model);
      g_assert_cmpint (MAX (image->width, image->height), <=, 2048);
    }
}

static void
test_upright (void)
{
  GdkPixbuf *small[9] = { NULL }; /* (owned) by number of the orientation */

  for (int i = 1; i <= 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("landscape_%d.jpg", i);
      g_autofree char *path = real_path ("photos", name);
      g_autoptr (ShtImage) image = path != NULL ? import (path) : NULL;
      g_autoptr (GdkPixbuf) pixbuf = image != NULL ? fixture_decode (image->jpeg) : NULL;
      const char *orientation;

      if (path == NULL)
        return;
      g_assert_cmpint (image->source_width, ==, 600);
      g_assert_cmpint (image->width, ==, 600);
      g_assert_cmpint (image->height, ==, 450);
      g_assert_false (image->has_taken);
      g_assert_false (image->has_position);
      orientation = gdk_pixbuf_get_option (pixbuf, "orientation");
      g_assert_true (orientation == NULL || g_str_equal (orientation, "1"));
      small[i] = gdk_pixbuf_scale_simple (pixbuf, 60, 45, GDK_INTERP_BILINEAR);
      g_assert_cmpfloat (fixture_difference (small[1], small[i]), <, MAX_FROM_FIRST);
      if (i > 2)
        {
          g_test_message ("%s differs by %.2f", name, fixture_difference (small[2], small[i]));
          g_assert_cmpfloat (fixture_difference (small[2], small[i]), <, MAX_FROM_SECOND);
        }
    }
  for (int i = 1; i <= 8; i++)
    g_clear_object (&small[i]);
}

/* What was kept can be read again from what was made: importing the result says the same. */
static void
test_metadata_kept (void)
{
  g_autofree char *path = real_path ("photos", "HMD_Nokia_8.3_5G.jpg");
  g_autoptr (ShtImage) image = path != NULL ? import (path) : NULL;
  g_autofree char *copy = NULL;
  g_autoptr (ShtImage) again = NULL;
  int fd;

  if (path == NULL)
    return;
  fd = g_file_open_tmp ("shetach-image-XXXXXX", &copy, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (copy, g_bytes_get_data (image->jpeg, NULL),
                                      (gssize) g_bytes_get_size (image->jpeg), NULL));
  again = import (copy);
  g_unlink (copy);
  g_assert_cmpint (again->taken_at_ms, ==, image->taken_at_ms);
  g_assert_cmpint (again->lat_e7, ==, image->lat_e7);
  g_assert_cmpint (again->lon_e7, ==, image->lon_e7);
  g_assert_cmpint (again->heading, ==, 56);
  g_assert_cmpstr (again->device_model, ==, image->device_model);
}

static void
test_bad (void)
{
  static const char *const names[] = { "30-type_error.jpg", "36-memory_error.jpg", "corrupted.jpg",
                                       "image00971.jpg",    "image01088.jpg",      "image01137.jpg" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = real_path ("photos-bad", names[i]);
      g_autoptr (ShtImage) image = path != NULL ? import (path) : NULL;

      if (path == NULL)
        return;
      g_assert_cmpuint (g_strv_length (image->warnings), >, 0);
    }
}

/* A real photo, cut at every tenth. */
static void
test_cut (void)
{
  g_autofree char *path = real_path ("photos", "jolla.jpg");
  g_autofree char *data = NULL;
  g_autofree char *cut = NULL;
  gsize length;
  int fd;

  if (path == NULL)
    return;
  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  fd = g_file_open_tmp ("shetach-image-XXXXXX", &cut, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  for (guint tenth = 1; tenth < 10; tenth++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (cut, data, (gssize) (length * tenth / 10), NULL));
      g_assert_null (sht_image_import (cut, NULL, NULL, &error));
      g_assert_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_CUT_SHORT);
    }
  g_unlink (cut);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/real/photos", test_photos);
  g_test_add_func ("/image/real/upright", test_upright);
  g_test_add_func ("/image/real/metadata-kept", test_metadata_kept);
  g_test_add_func ("/image/real/bad", test_bad);
  g_test_add_func ("/image/real/cut", test_cut);
  return g_test_run ();
}
