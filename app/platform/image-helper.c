/* SPDX-License-Identifier: GPL-3.0-or-later */

/* shetach-image: a foreign picture on stdin, with --shapes after what is drawn on it, becomes one line of
 * JSON, an upright JPEG and its thumbnail on stdout, in a process that can do nothing else. See README.md,
 * "Pictures". */

#include "platform/image-helper.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define THUMB_QUALITY 80
/* Whoever waits for a photo looks at a window meanwhile, which comes first. */
#define NICE 10

typedef struct
{
  int max_side;
  int quality;
  int thumb_side;
  int shapes_size; /* bytes before the picture */
} Options;

static gboolean
write_all (const void *data, gsize length)
{
  const guint8 *p = data;

  while (length > 0)
    {
      gssize n = write (STDOUT_FILENO, p, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      p += n;
      length -= (gsize) n;
    }
  return TRUE;
}

static gboolean
write_bytes (GBytes *bytes)
{
  return write_all (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static gboolean
write_header (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = NULL;

  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, NULL);
  return write_all (text, strlen (text)) && write_all ("\n", 1);
}

static int
refuse (const GError *error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "error");
  json_builder_add_string_value (builder, sht_image_error_name ((ShtImageError) error->code));
  json_builder_set_member_name (builder, "message");
  json_builder_add_string_value (builder, error->message);
  json_builder_end_object (builder);
  write_header (builder);
  return EXIT_FAILURE;
}

static GBytes *
read_source (int shapes_size, GError **error)
{
  g_autoptr (GByteArray) source = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (1 << 18);

  for (;;)
    {
      gssize n = read (STDIN_FILENO, buffer, 1 << 18);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      if (source->len + (gsize) n > SHT_IMAGE_MAX_BYTES + (gsize) shapes_size)
        {
          g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_TOO_LARGE,
                       "is too large; the limit is %d megabytes", SHT_IMAGE_MAX_BYTES / 1048576);
          return NULL;
        }
      g_byte_array_append (source, buffer, (guint) n);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&source));
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_text (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_exif (JsonBuilder *builder, const ShtExif *exif)
{
  add_int (builder, "orientation", exif->orientation);
  if (*exif->taken_at != '\0')
    add_text (builder, "taken_at", exif->taken_at);
  if (exif->has_offset)
    add_int (builder, "taken_offset", exif->offset_min);
  if (exif->has_position)
    {
      add_int (builder, "lat_e7", exif->lat_e7);
      add_int (builder, "lon_e7", exif->lon_e7);
    }
  if (exif->heading >= 0)
    add_int (builder, "heading", exif->heading);
  if (exif->device_model != NULL)
    add_text (builder, "device_model", exif->device_model);
}

static gboolean
answer (ShtPicture *picture, const ShtExif *exif, GBytes *jpeg, GBytes *thumb)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gboolean on_side = exif->orientation >= 5;

  json_builder_begin_object (builder);
  add_text (builder, "format", sht_format_name (picture->format));
  add_int (builder, "width", on_side ? picture->source_height : picture->source_width);
  add_int (builder, "height", on_side ? picture->source_width : picture->source_height);
  add_int (builder, "out_width", picture->raster.width);
  add_int (builder, "out_height", picture->raster.height);
  add_exif (builder, exif);
  json_builder_set_member_name (builder, "warnings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < picture->warnings->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (picture->warnings, i));
  json_builder_end_array (builder);
  add_int (builder, "jpeg_size", (gint64) g_bytes_get_size (jpeg));
  add_int (builder, "thumb_size", (gint64) g_bytes_get_size (thumb));
  json_builder_end_object (builder);
  return write_header (builder) && write_bytes (jpeg) && write_bytes (thumb);
}

static GBytes *
make_thumb (const ShtRaster *raster, int side)
{
  ShtRaster small = { 0 };
  GBytes *jpeg;
  int width, height;

  sht_fit (raster->width, raster->height, side, &width, &height);
  sht_raster_shrink (raster, &small, width, height);
  jpeg = sht_jpeg_encode (&small, THUMB_QUALITY, NULL, NULL);
  g_free (small.rgb);
  return jpeg;
}

static GPtrArray *
read_shapes (GBytes *packed, GError **error)
{
  GPtrArray *shapes = sht_shapes_unpack (packed);

  if (shapes == NULL)
    g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_BAD_SHAPES, "cannot be drawn on like that");
  return shapes;
}

static int
convert (GBytes *source, ShtFormat format, GBytes *packed, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) shapes = packed != NULL ? read_shapes (packed, &error) : NULL;
  g_autoptr (ShtPicture) picture = NULL;
  g_autoptr (ShtMetadata) metadata = NULL;
  g_autoptr (GBytes) exif_out = NULL;
  g_autoptr (GBytes) jpeg = NULL;
  g_autoptr (GBytes) thumb = NULL;
  ShtExif exif;
  gboolean ok;

  if (error == NULL)
    picture = sht_picture_decode (source, format, options->max_side, &error);
  if (picture == NULL)
    return refuse (error);
  metadata = sht_metadata_read (picture, &exif);
  sht_raster_turn (&picture->raster, exif.orientation);
  if (shapes != NULL)
    sht_raster_draw (&picture->raster, shapes);
  /* A camera's notes may hold a small picture as it was, which a drawing is there to hide. */
  exif_out = shapes == NULL ? sht_metadata_write (metadata, picture) : NULL;
  jpeg = sht_jpeg_encode (&picture->raster, options->quality, exif_out, picture->icc);
  thumb = make_thumb (&picture->raster, options->thumb_side);
  ok = answer (picture, &exif, jpeg, thumb);
  g_free (exif.device_model);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* GLib's own writer asks what stderr is, which is more than the sandbox allows. */
static GLogWriterOutput
drop_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  return G_LOG_WRITER_HANDLED;
}

static gboolean
take_options (Options *options, int argc, char **argv)
{
  const struct
  {
    const char *name;
    int *value;
    int low, high;
  } known[] = {
    { "--max-side", &options->max_side, 16, 8192 },
    { "--quality", &options->quality, 1, 100 },
    { "--thumb-side", &options->thumb_side, 16, 1024 },
    { "--shapes", &options->shapes_size, 0, SHT_SHAPES_MAX_BYTES },
  };

  for (int i = 1; i < argc; i += 2)
    {
      gboolean found = FALSE;

      for (guint k = 0; k < G_N_ELEMENTS (known) && i + 1 < argc; k++)
        if (g_str_equal (argv[i], known[k].name))
          {
            *known[k].value = CLAMP (atoi (argv[i + 1]), known[k].low, known[k].high);
            found = TRUE;
          }
      if (!found)
        return FALSE;
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  Options options = { .max_side = 2048, .quality = 85, .thumb_side = 320 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) source = NULL;
  g_autoptr (GBytes) packed = NULL;
  ShtFormat format;

  if (!take_options (&options, argc, argv) || isatty (STDIN_FILENO))
    {
      g_printerr ("usage: shetach-image [--max-side N] [--quality N] [--thumb-side N] [--shapes BYTES] <picture >reply\n");
      return 2;
    }
  if (chdir ("/") != 0)
    return EXIT_FAILURE;
  setpriority (PRIO_PROCESS, 0, NICE);
  g_log_set_writer_func (drop_log, NULL, NULL);
  source = read_source (options.shapes_size, &error);
  if (source == NULL)
    return refuse (error);
  if (options.shapes_size > 0)
    {
      gsize size = MIN (g_bytes_get_size (source), (gsize) options.shapes_size);
      GBytes *rest = g_bytes_new_from_bytes (source, size, g_bytes_get_size (source) - size);

      packed = g_bytes_new_from_bytes (source, 0, size);
      g_bytes_unref (source);
      source = rest;
    }
  format = sht_format_sniff (source);
  if (format == SHT_FORMAT_NONE)
    {
      g_set_error (&error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_NOT_A_PICTURE,
                   "is not a picture (JPEG, PNG, WebP)");
      return refuse (error);
    }
  sht_metadata_warm_up ();
  sht_pixbuf_warm_up (format);
  if (!sht_sandbox_enter (SHT_SANDBOX_MEMORY, SHT_SANDBOX_CPU_S))
    {
      g_set_error (&error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_HELPER,
                   "cannot be read, this system does not let programs confine themselves");
      return refuse (error);
    }
  return convert (source, format, packed, &options);
}
