/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image-fixtures.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FUZZ_ROUNDS 300

static char *folder;

static ShtImage *
import_bytes (const char *name, const void *data, gsize length, GError **error)
{
  g_autofree char *path = fixture_write (folder, name, data, length);

  return sht_image_import (path, NULL, NULL, error);
}

static void
assert_refused (ShtImage *image, GError **error, ShtImageError code, const char *start)
{
  g_assert_null (image);
  g_assert_error (*error, SHT_IMAGE_ERROR, (int) code);
  g_assert_true (g_str_has_prefix ((*error)->message, start));
  g_assert_null (strchr ((*error)->message, '\n'));
  g_assert_null (strchr ((*error)->message, '/'));
  g_clear_error (error);
}

static void
test_import (gconstpointer type)
{
  g_autoptr (GByteArray) file = fixture_picture (3000, 1500, type);
  g_autofree char *sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, file->data, file->len);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtImage) image = import_bytes ("good.jpg", file->data, file->len, &error);
  g_autoptr (GdkPixbuf) out = NULL;
  g_autoptr (GdkPixbuf) thumb = NULL;
  const guint8 *corner;

  g_assert_no_error (error);
  g_assert_cmpstr (image->source_sha256, ==, sha256);
  g_assert_cmpint (image->source_size, ==, file->len);
  g_assert_cmpint (image->source_width, ==, 3000);
  g_assert_cmpint (image->width, ==, 2048);
  g_assert_cmpint (image->height, ==, 1024);
  g_assert_false (image->has_taken);
  g_assert_false (image->has_position);
  g_assert_cmpint (image->heading, ==, -1);
  g_assert_cmpuint (g_strv_length (image->warnings), ==, 0);
  out = fixture_decode (image->jpeg);
  thumb = fixture_decode (image->thumb);
  g_assert_cmpint (gdk_pixbuf_get_width (out), ==, 2048);
  g_assert_cmpint (gdk_pixbuf_get_width (thumb), ==, 320);
  g_assert_cmpint (gdk_pixbuf_get_height (thumb), ==, 160);
  /* The colours run from black at the left and top: neither mirrored nor shifted. */
  corner = gdk_pixbuf_read_pixels (out);
  g_assert_cmpint (corner[0], <, 20);
  g_assert_cmpint (corner[1], <, 20);
  corner += (gsize) 1023 * gdk_pixbuf_get_rowstride (out) + 2047 * 3;
  g_assert_cmpint (corner[0], >, 235);
  g_assert_cmpint (corner[1], >, 235);
}

static void
test_small_stays (void)
{
  g_autoptr (GByteArray) file = fixture_picture (40, 30, "png");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtImage) image = import_bytes ("small.png", file->data, file->len, &error);

  g_assert_no_error (error);
  g_assert_cmpint (image->width, ==, 40);
  g_assert_cmpint (image->height, ==, 30);
}

static void
test_png_exif (void)
{
  /* ResolutionUnit, and a pointer to an EXIF directory that is not one. */
  static const guint16 extras[] = { 0x0128, 0x8769 };

  for (guint i = 0; i < G_N_ELEMENTS (extras); i++)
    {
      g_autoptr (GByteArray) file = fixture_picture (40, 30, "png");
      g_autoptr (GError) error = NULL;
      g_autoptr (ShtImage) image = NULL;

      fixture_png_add_exif (file, extras[i]);
      image = import_bytes ("turned.png", file->data, file->len, &error);
      g_assert_no_error (error);
      g_assert_cmpint (image->width, ==, 30);
      g_assert_cmpint (image->source_height, ==, 40);
      g_assert_cmpuint (g_strv_length (image->warnings), ==, i);
    }
}

static void
test_cut (gconstpointer type)
{
  g_autoptr (GByteArray) file = fixture_picture (800, 600, type);

  for (guint tenth = 1; tenth < 10; tenth++)
    {
      GError *error = NULL;
      ShtImage *image = import_bytes ("cut.jpg", file->data, file->len * tenth / 10, &error);

      assert_refused (image, &error, SHT_IMAGE_ERROR_CUT_SHORT, "cut.jpg: ");
    }
}

/* All pixels are there and only the mark of the end is not. */
static void
test_end_missing (void)
{
  g_autoptr (GByteArray) file = fixture_picture (800, 600, "jpeg");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtImage) image = import_bytes ("end.jpg", file->data, file->len - 2, &error);

  g_assert_no_error (error);
  g_assert_true (g_strv_contains ((const char *const *) image->warnings, "end_missing"));
}

static void
test_refused_files (void)
{
  static const char text[] = "This is a note that somebody called a photo.\n";
  g_autofree char *fifo = g_build_filename (folder, "fifo.jpg", NULL);
  g_autofree char *missing = g_build_filename (folder, "missing.jpg", NULL);
  g_autofree char *huge = fixture_write (folder, "huge.jpg", "", 0);
  g_autoptr (GError) gone = NULL;
  GError *error = NULL;

  assert_refused (import_bytes ("empty.jpg", "", 0, &error), &error, SHT_IMAGE_ERROR_EMPTY, "empty.jpg: is empty");
  assert_refused (import_bytes ("text.jpg", text, strlen (text), &error), &error,
                  SHT_IMAGE_ERROR_NOT_A_PICTURE, "text.jpg: is not a picture (JPEG, PNG, WebP)");
  assert_refused (sht_image_import (folder, NULL, NULL, &error), &error, SHT_IMAGE_ERROR_NOT_REGULAR, "");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_refused (sht_image_import (fifo, NULL, NULL, &error), &error, SHT_IMAGE_ERROR_NOT_REGULAR, "fifo.jpg: is a pipe");
  assert_refused (sht_image_import ("/dev/zero", NULL, NULL, &error), &error, SHT_IMAGE_ERROR_NOT_REGULAR, "zero: is a device");
  error = NULL;
  g_assert_cmpint (truncate (huge, SHT_IMAGE_MAX_BYTES + 1), ==, 0);
  assert_refused (sht_image_import (huge, NULL, NULL, &error), &error, SHT_IMAGE_ERROR_TOO_LARGE, "huge.jpg: ");
  g_assert_null (sht_image_import (missing, NULL, NULL, &gone));
  g_assert_error (gone, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_symlink (void)
{
  g_autoptr (GByteArray) file = fixture_picture (64, 64, "jpeg");
  g_autofree char *path = fixture_write (folder, "target.jpg", file->data, file->len);
  g_autofree char *link = g_build_filename (folder, "link.jpg", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtImage) image = NULL;

  g_assert_cmpint (symlink (path, link), ==, 0);
  image = sht_image_import (link, NULL, NULL, &error);
  g_assert_no_error (error);
}

static gint64
children_cpu_us (void)
{
  struct rusage used;

  getrusage (RUSAGE_CHILDREN, &used);
  return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * G_USEC_PER_SEC + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

static void
test_bomb (void)
{
  g_autoptr (GByteArray) file = fixture_png_bomb (30000);
  gint64 before = children_cpu_us ();
  GError *error = NULL;
  ShtImage *image = import_bytes ("bomb.png", file->data, file->len, &error);
  struct rusage children;

  assert_refused (image, &error, SHT_IMAGE_ERROR_TOO_MANY_PIXELS, "bomb.png: has 900 megapixels");
  g_assert_cmpint (children_cpu_us () - before, <, 3 * G_USEC_PER_SEC);
  getrusage (RUSAGE_CHILDREN, &children);
  /* Of all helpers so far, the largest; in kilobytes. */
  g_test_message ("helpers took at most %ld MB", children.ru_maxrss / 1024);
  g_assert_cmpint (children.ru_maxrss, <, 300 * 1024);
}

static void
test_grows (void)
{
  g_autoptr (GByteArray) file = fixture_picture (64, 64, "jpeg");
  g_autofree char *path = fixture_write (folder, "grows.jpg", file->data, file->len);
  g_autofree char *sha256 = NULL;
  int fd = open (path, O_RDWR | O_APPEND | O_CLOEXEC);
  GError *error = NULL;

  /* The size was taken, then the camera went on writing. */
  g_assert_cmpint (write (fd, "more", 4), ==, 4);
  g_assert_null (sht_image_source_read_fd (fd, file->len, "grows.jpg", &sha256, NULL, &error));
  g_assert_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_CHANGED);
  g_clear_error (&error);
  g_assert_null (sha256);
  /* Or somebody made it shorter. */
  g_assert_cmpint (ftruncate (fd, 10), ==, 0);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  g_assert_null (sht_image_source_read_fd (fd, file->len, "grows.jpg", &sha256, NULL, &error));
  g_assert_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_CHANGED);
  g_clear_error (&error);
  close (fd);
}

static GBytes *
run_shell (const char *script, guint timeout_ms, GError **error)
{
  const char *argv[] = { "/bin/sh", "-c", script, NULL };
  g_autofree guint8 *data = g_malloc0 (1 << 20);
  g_autoptr (GBytes) input = g_bytes_new (data, 1 << 20);

  return sht_image_process_run (argv, input, timeout_ms, "a.jpg", NULL, error);
}

static void
test_bad_helper (void)
{
  static const char *const replies[] = {
    "", "\n", "[]\n", "{}\n", "{\"error\":\"no_such\",\"message\":\"x\"}\n",
    "{\"width\":1,\"height\":1,\"out_width\":1,\"out_height\":1,\"jpeg_size\":9,\"thumb_size\":9}\nshort",
    "{\"width\":99999999,\"height\":1,\"out_width\":1,\"out_height\":1,\"jpeg_size\":1,\"thumb_size\":1}\nab",
  };
  g_autoptr (GBytes) flood = NULL;
  GError *error = NULL;
  gint64 start = g_get_monotonic_time ();

  g_assert_null (run_shell ("kill -SEGV $$", 5000, &error));
  g_assert_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_HELPER);
  g_clear_error (&error);
  flood = run_shell ("exec cat /dev/zero", 5000, &error);
  g_assert_true (flood == NULL || g_bytes_get_size (flood) < 100 * 1024 * 1024);
  g_clear_error (&error);
  g_assert_null (run_shell ("while :; do :; done", 200, &error));
  g_assert_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_HELPER);
  g_clear_error (&error);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr (GBytes) reply = g_bytes_new_static (replies[i], strlen (replies[i]));

      g_assert_null (sht_image_reply_parse (reply, "a.jpg", NULL, &error));
      g_assert_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_HELPER);
      g_clear_error (&error);
    }
}

static void
test_missing_helper (void)
{
  g_autofree char *before = g_strdup (g_getenv ("SHETACH_IMAGE_HELPER"));
  GError *error = NULL;
  ShtImage *image;

  g_setenv ("SHETACH_IMAGE_HELPER", "/nonexistent", TRUE);
  image = import_bytes ("text.jpg", "text", 4, &error);
  if (before != NULL)
    g_setenv ("SHETACH_IMAGE_HELPER", before, TRUE);
  else
    g_unsetenv ("SHETACH_IMAGE_HELPER");
  assert_refused (image, &error, SHT_IMAGE_ERROR_HELPER, "text.jpg: ");
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel (void)
{
  const char *argv[] = { "/bin/sh", "-c", "while :; do :; done", NULL };
  g_autoptr (GBytes) input = g_bytes_new_static ("x", 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);

  g_assert_null (sht_image_process_run (argv, input, 20000, "a.jpg", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

/* Whatever the bytes, the answer is a picture or a refusal, and never that the helper broke. */
static void
test_mutated (gconstpointer type)
{
  g_autoptr (GByteArray) good = fixture_picture (96, 64, type);
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  guint taken = 0;

  for (guint round = 0; round < FUZZ_ROUNDS; round++)
    {
      g_autofree guint8 *data = g_memdup2 (good->data, good->len);
      g_autoptr (GError) error = NULL;
      g_autoptr (ShtImage) image = NULL;

      for (int n = g_rand_int_range (rand, 1, 12); n > 0; n--)
        data[g_rand_int_range (rand, round % 2 ? 8 : 0, round % 4 < 2 ? 256 : (gint32) good->len)]
          = (guint8) g_rand_int (rand);
      image = import_bytes ("mutant.jpg", data, good->len, &error);
      taken += image != NULL;
      if (image == NULL)
        {
          g_assert_true (error->domain == SHT_IMAGE_ERROR);
          g_assert_cmpint (error->code, !=, SHT_IMAGE_ERROR_HELPER);
        }
    }
  g_test_message ("%u of %d taken", taken, FUZZ_ROUNDS);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("shetach-image-XXXXXX", NULL);
  g_test_add_func ("/image/bomb", test_bomb);
  g_test_add_data_func ("/image/import/jpeg", "jpeg", test_import);
  g_test_add_data_func ("/image/import/png", "png", test_import);
  g_test_add_func ("/image/small", test_small_stays);
  g_test_add_func ("/image/png-exif", test_png_exif);
  g_test_add_data_func ("/image/cut/jpeg", "jpeg", test_cut);
  g_test_add_data_func ("/image/cut/png", "png", test_cut);
  g_test_add_func ("/image/end-missing", test_end_missing);
  g_test_add_func ("/image/refused", test_refused_files);
  g_test_add_func ("/image/symlink", test_symlink);
  g_test_add_func ("/image/grows", test_grows);
  g_test_add_func ("/image/helper/bad", test_bad_helper);
  g_test_add_func ("/image/helper/missing", test_missing_helper);
  g_test_add_func ("/image/helper/cancel", test_cancel);
  g_test_add_data_func ("/image/mutated/jpeg", "jpeg", test_mutated);
  g_test_add_data_func ("/image/mutated/png", "png", test_mutated);
  result = g_test_run ();
  if (result == 0)
    {
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char *name;

      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);

          g_unlink (path);
        }
      g_rmdir (folder);
    }
  g_free (folder);
  return result;
}
