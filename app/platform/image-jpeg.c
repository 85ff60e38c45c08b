/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image-helper.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

/* A camera writes one scan or about ten; each costs a pass over all coefficients, and a small file
 * can hold thousands. */
#define MAX_SCANS 100

/* Of the rows, below which a picture that ends early is refused and not shown half grey. */
#define MIN_ROWS_PERCENT 50

#define MAX_ICC (1024 * 1024)

static const char exif_mark[] = "Exif\0";
static const char xmp_mark[] = "http://ns.adobe.com/xap/1.0/";

typedef struct
{
  struct jpeg_decompress_struct d;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf failed;

  gboolean at_end;     /* the file ended before the picture said so */
  gboolean data_ended; /* pixels were missing when the end came */
  gboolean damaged;
  int good_rows; /* rows decoded when data ran out, -1 while it has not */

  ShtShrink *shrink; /* (owned) (nullable) */
  guint8 *row;       /* (owned) (nullable) as decoded */
  guint8 *rgb;       /* (owned) (nullable) one row, when that is not @row */
} Decoder;

static void
on_error (j_common_ptr common)
{
  Decoder *self = common->client_data;

  longjmp (self->failed, 1);
}

/* libjpeg invents what it lacks and only mentions it here. */
static void
on_message (j_common_ptr common, int level)
{
  Decoder *self = common->client_data;
  int code = common->err->msg_code;

  if (level >= 0)
    return;
  if (code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM || code == JWRN_BOGUS_ICC)
    return;
  if (code == JWRN_JPEG_EOF)
    {
      self->at_end = TRUE;
      return;
    }
  self->damaged = TRUE;
  if (code == JWRN_HIT_MARKER && self->d.unread_marker == JPEG_EOI && self->good_rows < 0)
    {
      self->data_ended = TRUE;
      self->good_rows = (int) self->d.output_scanline;
    }
}

static void
on_output (j_common_ptr common)
{
}

static void
on_progress (j_common_ptr common)
{
  Decoder *self = common->client_data;

  if (self->d.input_scan_number > MAX_SCANS)
    longjmp (self->failed, 1);
}

static void
decoder_clear (Decoder *self)
{
  jpeg_destroy_decompress (&self->d);
  g_clear_pointer (&self->shrink, sht_shrink_free);
  g_clear_pointer (&self->row, g_free);
  g_clear_pointer (&self->rgb, g_free);
}

static void
take_markers (Decoder *self, ShtPicture *picture)
{
  JOCTET *icc = NULL;
  unsigned int icc_length = 0;

  for (jpeg_saved_marker_ptr m = self->d.marker_list; m != NULL; m = m->next)
    {
      if (m->marker != JPEG_APP0 + 1)
        continue;
      if (picture->exif == NULL && m->data_length > 6 && memcmp (m->data, exif_mark, 6) == 0)
        picture->exif = g_bytes_new (m->data + 6, m->data_length - 6);
      /* Not carried over: it may repeat the orientation, and hold any history of editing. */
      else if (m->data_length >= sizeof xmp_mark && memcmp (m->data, xmp_mark, sizeof xmp_mark) == 0)
        sht_picture_warn (picture, "xmp_lost");
    }
  if (self->d.jpeg_color_space != JCS_CMYK && self->d.jpeg_color_space != JCS_YCCK
      && self->d.num_components == 3 && jpeg_read_icc_profile (&self->d, &icc, &icc_length))
    {
      if (icc_length <= MAX_ICC)
        picture->icc = g_bytes_new (icc, icc_length);
      else
        sht_picture_warn (picture, "colour_profile_lost");
      free (icc);
    }
}

/* libjpeg shrinks by eighths while it decodes, which saves most of the work. The last step, by less
 * than two, is left to the better filter. Only 1, 2, 4 and 8 eighths have fast code. */
static void
choose_scale (Decoder *self, const ShtPicture *picture, int width, int height)
{
  self->d.scale_denom = 8;
  for (self->d.scale_num = 1; self->d.scale_num < 8; self->d.scale_num *= 2)
    if ((gint64) picture->source_width * self->d.scale_num >= (gint64) width * 8
        && (gint64) picture->source_height * self->d.scale_num >= (gint64) height * 8)
      break;
}

/* CMYK without its profile: near enough to see what is in it. Adobe stores it inverted. */
static void
cmyk_to_rgb (const guint8 *in, guint8 *out, int width, gboolean inverted)
{
  for (int x = 0; x < width; x++, in += 4)
    for (int c = 0; c < 3; c++)
      *out++ = (guint8) (inverted ? in[c] * in[3] / 255 : (255 - in[c]) * (255 - in[3]) / 255);
}

static void
read_rows (Decoder *self)
{
  gboolean cmyk = self->d.out_color_space == JCS_CMYK;
  JSAMPROW rows[1] = { self->row };

  while (self->d.output_scanline < self->d.output_height)
    {
      if (jpeg_read_scanlines (&self->d, rows, 1) != 1)
        break;
      if (cmyk)
        cmyk_to_rgb (self->row, self->rgb, (int) self->d.output_width, self->d.saw_Adobe_marker);
      sht_shrink_push (self->shrink, cmyk ? self->rgb : self->row);
    }
}

/* Whether every scan was at least begun. Several are read in full before the first row comes out, so
 * that for them the rows tell nothing. */
static gboolean
all_scans_seen (Decoder *self)
{
  if (!jpeg_has_multiple_scans (&self->d))
    return TRUE;
  if (!self->d.progressive_mode || self->d.coef_bits == NULL)
    return FALSE;
  for (int c = 0; c < self->d.num_components; c++)
    for (int k = 0; k < DCTSIZE2; k++)
      if (self->d.coef_bits[c][k] != 0)
        return FALSE;
  return TRUE;
}

static gboolean
mostly_read (Decoder *self)
{
  return (gint64) self->good_rows * 100 >= (gint64) self->d.output_height * MIN_ROWS_PERCENT;
}

static gboolean
set_cut_short (GError **error)
{
  g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_CUT_SHORT,
               "is cut short, the end of the picture is missing");
  return FALSE;
}

static gboolean
judge (Decoder *self, ShtPicture *picture, gboolean complete, gboolean mostly, GError **error)
{
  if (self->at_end && (self->data_ended || !complete))
    return set_cut_short (error);
  if (self->data_ended && !mostly)
    {
      g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_DAMAGED,
                   "is damaged, less than half of the picture can be read");
      return FALSE;
    }
  if (self->at_end)
    sht_picture_warn (picture, "end_missing");
  if (self->damaged)
    sht_picture_warn (picture, "damaged");
  return TRUE;
}

static gboolean
decode (Decoder *self, ShtPicture *picture, GBytes *source, int max_side, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (source, &length);
  int width, height;
  gboolean complete, mostly;

  jpeg_create_decompress (&self->d);
  self->d.progress = &self->progress;
  jpeg_mem_src (&self->d, data, length);
  jpeg_save_markers (&self->d, JPEG_APP0 + 1, 0xffff);
  jpeg_save_markers (&self->d, JPEG_APP0 + 2, 0xffff);
  jpeg_read_header (&self->d, TRUE);
  if (!sht_picture_check_size (picture, self->d.image_width, self->d.image_height, error))
    return FALSE;
  take_markers (self, picture);

  sht_fit (picture->source_width, picture->source_height, max_side, &width, &height);
  choose_scale (self, picture, width, height);
  self->d.out_color_space = self->d.num_components == 4 ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress (&self->d);
  self->row = g_malloc ((gsize) self->d.output_width * self->d.output_components);
  self->rgb = g_malloc ((gsize) self->d.output_width * 3);
  self->shrink = sht_shrink_new ((int) self->d.output_width, (int) self->d.output_height,
                                 &picture->raster, width, height);
  read_rows (self);
  complete = all_scans_seen (self);
  mostly = jpeg_has_multiple_scans (&self->d) ? complete : mostly_read (self);
  jpeg_finish_decompress (&self->d);
  return judge (self, picture, complete, mostly, error);
}

/**
 * sht_jpeg_decode:
 * @picture: gets everything but what the EXIF block says
 * @source: a file that begins like a JPEG
 *
 * A damaged JPEG is taken with a word in the warnings as long as half of its rows come out. One whose
 * file ends before its pixels do is refused: it was not copied in full, and can be copied again.
 *
 * Returns: %FALSE with a #ShtImageError
 */
gboolean
sht_jpeg_decode (ShtPicture *picture, GBytes *source, int max_side, GError **error)
{
  /* On the heap: what a longjmp leaves in variables of this function is undefined. */
  g_autofree Decoder *self = g_new0 (Decoder, 1);
  gboolean ok;

  self->good_rows = -1;
  self->d.err = jpeg_std_error (&self->errors);
  self->d.client_data = self;
  self->errors.error_exit = on_error;
  self->errors.emit_message = on_message;
  self->errors.output_message = on_output;
  self->progress.progress_monitor = on_progress;
  if (setjmp (self->failed) != 0)
    {
      gboolean at_end = self->at_end;

      decoder_clear (self);
      if (at_end)
        return set_cut_short (error);
      g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_DAMAGED,
                   "is damaged, it cannot be decoded as JPEG");
      return FALSE;
    }
  ok = decode (self, picture, source, max_side, error);
  decoder_clear (self);
  return ok;
}

/**
 * sht_jpeg_encode:
 * @raster: the picture
 * @quality: 1 to 100
 * @exif: (nullable): a TIFF block of at most 65527 bytes
 * @icc: (nullable): a colour profile
 *
 * Returns: (transfer full): a JPEG
 */
GBytes *
sht_jpeg_encode (const ShtRaster *raster, int quality, GBytes *exif, GBytes *icc)
{
  struct jpeg_compress_struct c;
  struct jpeg_error_mgr errors;
  unsigned char *out = NULL;
  unsigned long length = 0;

  /* The standard handlers end the program; our own pixels give no reason to, but lack of memory. */
  c.err = jpeg_std_error (&errors);
  jpeg_create_compress (&c);
  jpeg_mem_dest (&c, &out, &length);
  c.image_width = (JDIMENSION) raster->width;
  c.image_height = (JDIMENSION) raster->height;
  c.input_components = 3;
  c.in_color_space = JCS_RGB;
  jpeg_set_defaults (&c);
  jpeg_set_quality (&c, quality, TRUE);
  /* EXIF wants to be the first segment, where a JFIF header would be. */
  c.write_JFIF_header = exif == NULL;
  jpeg_start_compress (&c, TRUE);
  if (exif != NULL)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (exif, &size);

      jpeg_write_m_header (&c, JPEG_APP0 + 1, (unsigned int) (size + 6));
      for (int i = 0; i < 6; i++)
        jpeg_write_m_byte (&c, exif_mark[i]);
      for (gsize i = 0; i < size; i++)
        jpeg_write_m_byte (&c, data[i]);
    }
  if (icc != NULL)
    jpeg_write_icc_profile (&c, g_bytes_get_data (icc, NULL), (unsigned int) g_bytes_get_size (icc));
  while (c.next_scanline < c.image_height)
    {
      JSAMPROW row = raster->rgb + (gsize) c.next_scanline * raster->width * 3;

      jpeg_write_scanlines (&c, &row, 1);
    }
  jpeg_finish_compress (&c);
  jpeg_destroy_compress (&c);
  return g_bytes_new_with_free_func (out, length, free, out);
}
