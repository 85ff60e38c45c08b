/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Inside the program shetach-image only. One thread, one picture, then it ends. */

#include "platform/image-private.h"
#include "platform/image-shape.h"

G_BEGIN_DECLS

typedef enum
{
  SHT_FORMAT_NONE,
  SHT_FORMAT_JPEG,
  SHT_FORMAT_PNG,
  SHT_FORMAT_WEBP,
  SHT_FORMAT_HEIC,
  SHT_FORMAT_AVIF,
} ShtFormat;

/* 8-bit RGB, rows without gaps. */
typedef struct
{
  guint8 *rgb; /* (owned) (nullable) width * height * 3 bytes */
  int width;
  int height;
} ShtRaster;

typedef struct
{
  ShtFormat format;
  int source_width; /* pixels as stored, before turning upright */
  int source_height;
  ShtRaster raster;    /* already shrunk, not yet upright */
  GBytes *exif;        /* (owned) (nullable) the TIFF block, without "Exif\0\0" */
  GBytes *icc;         /* (owned) (nullable) colour profile of RGB */
  GPtrArray *warnings; /* (owned) of static strings, each once */
} ShtPicture;

typedef struct
{
  int orientation;    /* 1 to 8, as EXIF numbers them */
  char taken_at[20];  /* "YYYY-MM-DDTHH:MM:SS" on the camera's clock, or "" */
  gboolean has_offset;
  int offset_min; /* minutes east of UTC */
  gboolean has_position;
  gint32 lat_e7;
  gint32 lon_e7;
  int heading;        /* whole degrees, -1: unknown */
  char *device_model; /* (owned) (nullable) */
} ShtExif;

/* image-decode.c */
ShtFormat sht_format_sniff (GBytes *source);
const char *sht_format_name (ShtFormat format);
ShtPicture *sht_picture_decode (GBytes *source, ShtFormat format, int max_side, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_picture_free (ShtPicture *picture);
void sht_picture_warn (ShtPicture *picture, const char *word);
gboolean sht_picture_check_size (ShtPicture *picture, guint32 width, guint32 height, GError **error);
void sht_fit (int src_width, int src_height, int max_side, int *width, int *height);

/* image-jpeg.c */
gboolean sht_jpeg_decode (ShtPicture *picture, GBytes *source, int max_side, GError **error);
GBytes *sht_jpeg_encode (const ShtRaster *raster, int quality, GBytes *exif, GBytes *icc) G_GNUC_WARN_UNUSED_RESULT;

/* image-container.c */
gboolean sht_container_read (ShtPicture *picture, GBytes *source, GError **error);

/* image-pixbuf.c */
void sht_pixbuf_warm_up (ShtFormat format);
gboolean sht_pixbuf_decode (ShtPicture *picture, GBytes *source, int max_side, GError **error);

/* image-shrink.c */
typedef struct _ShtShrink ShtShrink;
ShtShrink *sht_shrink_new (int src_width, int src_height, ShtRaster *into, int width, int height) G_GNUC_WARN_UNUSED_RESULT;
void sht_shrink_push (ShtShrink *shrink, const guint8 *row);
void sht_shrink_free (ShtShrink *shrink);
void sht_raster_shrink (const ShtRaster *from, ShtRaster *into, int width, int height);
void sht_raster_turn (ShtRaster *raster, int orientation);

/* image-draw.c */
void sht_raster_draw (ShtRaster *raster, GPtrArray *shapes);

/* image-exif.c */
typedef struct _ShtMetadata ShtMetadata;
void sht_metadata_warm_up (void);
ShtMetadata *sht_metadata_read (ShtPicture *picture, ShtExif *exif) G_GNUC_WARN_UNUSED_RESULT;
GBytes *sht_metadata_write (ShtMetadata *metadata, ShtPicture *picture) G_GNUC_WARN_UNUSED_RESULT;
void sht_metadata_free (ShtMetadata *metadata);

/* image-sandbox.c */
/* What 100 megapixels of RGBA or the coefficients of a progressive JPEG of that size need (400 and 600 MB), the source, and the
 * libraries. */
#define SHT_SANDBOX_MEMORY (1280ul * 1024 * 1024)
/* The caller gives up after 20 seconds of real time. */
#define SHT_SANDBOX_CPU_S 18
gboolean sht_sandbox_enter (gsize memory, guint cpu_s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtPicture, sht_picture_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtShrink, sht_shrink_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtMetadata, sht_metadata_free)

G_END_DECLS
