/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/image-shape.h"

G_BEGIN_DECLS

/* Source files above this are refused before a byte of them is parsed: four times what the phones of
 * 2024 write. */
#define SHT_IMAGE_MAX_BYTES (64 * 1024 * 1024)

/* 100 megapixels: twice the largest camera in use, and 400 MB decoded. */
#define SHT_IMAGE_MAX_PIXELS 100000000

#define SHT_IMAGE_ERROR (sht_image_error_quark ())

/**
 * ShtImageError:
 * @SHT_IMAGE_ERROR_NOT_REGULAR: a folder, a pipe, a device
 * @SHT_IMAGE_ERROR_EMPTY: no byte in it
 * @SHT_IMAGE_ERROR_TOO_LARGE: more than %SHT_IMAGE_MAX_BYTES
 * @SHT_IMAGE_ERROR_NOT_A_PICTURE: of no kind that is read
 * @SHT_IMAGE_ERROR_CUT_SHORT: its end is missing, as after a broken copy; worth copying again
 * @SHT_IMAGE_ERROR_TOO_MANY_PIXELS: more than %SHT_IMAGE_MAX_PIXELS
 * @SHT_IMAGE_ERROR_DAMAGED: too little of it can be decoded
 * @SHT_IMAGE_ERROR_CHANGED: written to while it was read; worth trying again
 * @SHT_IMAGE_ERROR_BAD_SHAPES: what is to be drawn is out of range
 * @SHT_IMAGE_ERROR_HELPER: the helper is missing, crashed, was stopped by its limits or took too long
 *
 * Opening and reading fail with a #GIOErrorEnum instead, as does cancelling.
 */
typedef enum
{
  SHT_IMAGE_ERROR_NOT_REGULAR,
  SHT_IMAGE_ERROR_EMPTY,
  SHT_IMAGE_ERROR_TOO_LARGE,
  SHT_IMAGE_ERROR_NOT_A_PICTURE,
  SHT_IMAGE_ERROR_CUT_SHORT,
  SHT_IMAGE_ERROR_TOO_MANY_PIXELS,
  SHT_IMAGE_ERROR_DAMAGED,
  SHT_IMAGE_ERROR_CHANGED,
  SHT_IMAGE_ERROR_BAD_SHAPES,
  SHT_IMAGE_ERROR_HELPER,
} ShtImageError;

/**
 * ShtImageZone:
 * @SHT_IMAGE_ZONE_EXIF: the picture says how far its clock was from UTC
 * @SHT_IMAGE_ZONE_TABLET: it does not, and the caller's time zone was taken
 */
typedef enum
{
  SHT_IMAGE_ZONE_EXIF,
  SHT_IMAGE_ZONE_TABLET,
} ShtImageZone;

typedef struct
{
  int max_side;        /* pixels of the longest side, 16 to 8192; 0: 2048 */
  int quality;         /* of the JPEG, 1 to 100; 0: 85 */
  int thumb_side;      /* pixels of the thumbnail's longest side, 16 to 1024; 0: 320 */
  GTimeZone *timezone; /* (not owned) (nullable): for times without an offset; %NULL: the system's */
} ShtImageOptions;

typedef struct
{
  GBytes *jpeg;        /* (owned) upright, without XMP and the camera's own thumbnail */
  GBytes *thumb;       /* (owned) JPEG without metadata */
  char *source_sha256; /* (owned) 64 lower-case hexadecimal digits, of the file's bytes; a drawing's are @jpeg */
  gint64 source_size;  /* bytes of the file */
  int source_width;    /* pixels of the file's picture once upright */
  int source_height;
  int width; /* pixels of @jpeg */
  int height;

  gboolean has_taken;
  gint64 taken_at_ms; /* milliseconds since 1970 UTC */
  ShtImageZone taken_zone;

  gboolean has_position;
  gint32 lat_e7; /* 1e-7 degree, north positive */
  gint32 lon_e7; /* 1e-7 degree, east positive */

  int heading;        /* whole degrees from north, 0 to 359; -1: unknown */
  char *device_model; /* (owned) (nullable) maker and model, one line */
  GStrv warnings;     /* (owned) words of a-z and _, what was lost or odd; see README.md */
} ShtImage;

GQuark sht_image_error_quark (void);

ShtImage *sht_image_import (const char *path,
                            const ShtImageOptions *options,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
ShtImage *sht_image_draw (GBytes *picture,
                          const char *name,
                          GPtrArray *shapes,
                          GCancellable *cancellable,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
ShtImage *sht_image_copy (const ShtImage *image) G_GNUC_WARN_UNUSED_RESULT;
void sht_image_free (ShtImage *image);
char *sht_image_helper_path (void) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtImage, sht_image_free)

G_END_DECLS
