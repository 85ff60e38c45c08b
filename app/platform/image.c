/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image-private.h"

#include "platform/sha256.h"

#include <string.h>
#include <unistd.h>

#define DEFAULT_MAX_SIDE 2048
#define DEFAULT_QUALITY 85
#define DEFAULT_THUMB_SIDE 320

/* A photo takes a quarter of a second on a laptop; a slow tablet with 100 megapixels takes eight. */
#define TIMEOUT_MS 20000

/**
 * sht_image_helper_path:
 *
 * Finds the program that decodes pictures: the variable SHETACH_IMAGE_HELPER, then the folder of the
 * running program and those called platform above it (the build tree), then where it is installed.
 *
 * Returns: (transfer full): a path; nothing need be there
 */
char *
sht_image_helper_path (void)
{
  const char *set = g_getenv ("SHETACH_IMAGE_HELPER");
  g_autofree char *self = NULL;
  g_autofree char *folder = NULL;
  const char *beside[] = { "../platform/shetach-image", "../../platform/shetach-image", "shetach-image" };

  if (set != NULL && *set != '\0')
    return g_strdup (set);
  self = g_file_read_link ("/proc/self/exe", NULL);
  folder = self != NULL ? g_path_get_dirname (self) : NULL;
  for (guint i = 0; folder != NULL && i < G_N_ELEMENTS (beside); i++)
    {
      g_autofree char *path = g_build_filename (folder, beside[i], NULL);

      if (access (path, X_OK) == 0)
        return g_steal_pointer (&path);
    }
  return g_build_filename (SHT_LIBEXECDIR, "shetach-image", NULL);
}

static int
or_default (int value, int fallback)
{
  return value != 0 ? value : fallback;
}

/**
 * sht_image_import:
 * @path: a picture file, or a symbolic link to one
 * @options: (nullable): %NULL for the defaults
 *
 * Makes an upright JPEG of bounded size and a thumbnail of a foreign picture, and reads when, where
 * and with what it was taken. The foreign bytes are parsed in a confined process only. Any thread;
 * blocks for as long as 20 seconds.
 *
 * Returns: (transfer full): the picture, or %NULL with %SHT_IMAGE_ERROR or a #GIOErrorEnum, whose
 *   message is one line that names the file without its folder
 */
ShtImage *
sht_image_import (const char *path,
                  const ShtImageOptions *options,
                  GCancellable *cancellable,
                  GError **error)
{
  static const ShtImageOptions defaults = { 0 };
  const ShtImageOptions *o = options != NULL ? options : &defaults;
  g_autofree char *name = sht_image_display_name (path);
  g_autofree char *helper = sht_image_helper_path ();
  g_autofree char *max_side = g_strdup_printf ("%d", or_default (o->max_side, DEFAULT_MAX_SIDE));
  g_autofree char *quality = g_strdup_printf ("%d", or_default (o->quality, DEFAULT_QUALITY));
  g_autofree char *thumb_side = g_strdup_printf ("%d", or_default (o->thumb_side, DEFAULT_THUMB_SIDE));
  const char *argv[] = { helper,  "--max-side",   max_side,   "--quality",
                         quality, "--thumb-side", thumb_side, NULL };
  g_autofree char *sha256 = NULL;
  g_autoptr (GBytes) source = NULL;
  g_autoptr (GBytes) reply = NULL;
  ShtImage *image;

  source = sht_image_source_read (path, &sha256, cancellable, error);
  if (source == NULL)
    return NULL;
  reply = sht_image_process_run (argv, source, TIMEOUT_MS, name, cancellable, error);
  if (reply == NULL)
    return NULL;
  image = sht_image_reply_parse (reply, name, o->timezone, error);
  if (image == NULL)
    return NULL;
  image->source_sha256 = g_steal_pointer (&sha256);
  image->source_size = (gint64) g_bytes_get_size (source);
  return image;
}

/**
 * sht_image_draw:
 * @picture: bytes of one of our own JPEGs
 * @name: what to call it in messages
 * @shapes: (element-type ShtShape): what is drawn on it, in this order
 *
 * Makes another picture, with a drawing on it; see sht_image_import(). What the drawing hides is in none of its
 * bytes: it has no EXIF block, whose maker's notes may hold a preview. It is its own source.
 *
 * Returns: (transfer full): the picture, or %NULL with %SHT_IMAGE_ERROR or a #GIOErrorEnum
 */
ShtImage *
sht_image_draw (GBytes *picture, const char *name, GPtrArray *shapes, GCancellable *cancellable, GError **error)
{
  g_autofree char *helper = sht_image_helper_path ();
  g_autoptr (GBytes) packed = sht_shapes_pack (shapes);
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_autoptr (GBytes) source = NULL;
  g_autoptr (GBytes) reply = NULL;
  g_autofree char *size = NULL;
  ShtImage *image;

  if (packed == NULL || g_bytes_get_size (picture) > SHT_IMAGE_MAX_BYTES)
    {
      g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_BAD_SHAPES, "%s: cannot be drawn on like that", name);
      return NULL;
    }
  size = g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (packed));
  g_byte_array_append (input, g_bytes_get_data (packed, NULL), (guint) g_bytes_get_size (packed));
  g_byte_array_append (input, g_bytes_get_data (picture, NULL), (guint) g_bytes_get_size (picture));
  source = g_byte_array_free_to_bytes (g_steal_pointer (&input));
  reply = sht_image_process_run ((const char *[]){ helper, "--shapes", size, NULL }, source, TIMEOUT_MS, name,
                                 cancellable, error);
  image = reply != NULL ? sht_image_reply_parse (reply, name, NULL, error) : NULL;
  if (image == NULL)
    return NULL;
  image->source_sha256 = sht_sha256_of_bytes (g_bytes_get_data (image->jpeg, NULL), g_bytes_get_size (image->jpeg));
  image->source_size = (gint64) g_bytes_get_size (image->jpeg);
  return image;
}

/**
 * sht_image_copy:
 *
 * Returns: (transfer full): the same picture for another owner, on any thread; its bytes are shared
 */
ShtImage *
sht_image_copy (const ShtImage *image)
{
  ShtImage *copy = g_memdup2 (image, sizeof *image);

  g_bytes_ref (copy->jpeg);
  g_bytes_ref (copy->thumb);
  copy->source_sha256 = g_strdup (image->source_sha256);
  copy->device_model = g_strdup (image->device_model);
  copy->warnings = g_strdupv (image->warnings);
  return copy;
}

/**
 * sht_image_free:
 * @image: (nullable) (transfer full): a picture
 */
void
sht_image_free (ShtImage *image)
{
  if (image == NULL)
    return;
  g_clear_pointer (&image->jpeg, g_bytes_unref);
  g_clear_pointer (&image->thumb, g_bytes_unref);
  g_free (image->source_sha256);
  g_free (image->device_model);
  g_strfreev (image->warnings);
  g_free (image);
}
