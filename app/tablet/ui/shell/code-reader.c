/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/code-reader.h"

#include <zbar.h>

/* Nothing else is looked for: the less of the library reads what anybody can hold before the camera, the better. */
#define WANTED ZBAR_QRCODE

/* Luma by ITU-R BT.601, in 256ths. */
#define RED 77
#define GREEN 150
#define BLUE 29

static guint8 *
luma_of (GdkTexture *texture, int width, int height)
{
  gsize stride = (gsize) width * 4;
  g_autofree guint8 *pixels = g_malloc (stride * (gsize) height);
  guint8 *luma = g_malloc ((gsize) width * (gsize) height);

  gdk_texture_download (texture, pixels, stride);
  for (gsize i = 0; i < (gsize) width * (gsize) height; i++)
    {
      /* Cairo's ARGB32, in the machine's own order of bytes. */
      guint32 pixel = ((const guint32 *) (gpointer) pixels)[i];

      luma[i] = (guint8) ((RED * (pixel >> 16 & 0xff) + GREEN * (pixel >> 8 & 0xff) + BLUE * (pixel & 0xff)) >> 8);
    }
  return luma;
}

static GBytes *
read_code (guint8 *luma, int width, int height)
{
  zbar_image_scanner_t *scanner = zbar_image_scanner_create ();
  zbar_image_t *image = zbar_image_create ();
  const zbar_symbol_t *symbol;
  GBytes *found = NULL;

  zbar_image_scanner_set_config (scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config (scanner, WANTED, ZBAR_CFG_ENABLE, 1);
  /* In a dark terminal a code stands light on dark. */
  zbar_image_scanner_set_config (scanner, ZBAR_NONE, ZBAR_CFG_TEST_INVERTED, 1);
  zbar_image_set_format (image, zbar_fourcc ('Y', '8', '0', '0'));
  zbar_image_set_size (image, (unsigned) width, (unsigned) height);
  zbar_image_set_data (image, luma, (unsigned long) width * (unsigned long) height, NULL);
  if (zbar_scan_image (scanner, image) > 0 && (symbol = zbar_image_first_symbol (image)) != NULL)
    found = g_bytes_new (zbar_symbol_get_data (symbol), zbar_symbol_get_data_length (symbol));
  zbar_image_destroy (image);
  zbar_image_scanner_destroy (scanner);
  return found;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  int width = gdk_texture_get_width (data), height = gdk_texture_get_height (data);
  g_autofree guint8 *luma = luma_of (data, width, height);

  g_task_return_pointer (task, read_code (luma, width, height), (GDestroyNotify) g_bytes_unref);
}

/**
 * sht_code_read_async:
 * @texture: a picture that is in memory, such as one of #ShtCamera's
 * @callback: with sht_code_read_finish()
 *
 * Looks on another thread for a QR code in a picture.
 */
void
sht_code_read_async (GdkTexture *texture, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_task_data (task, g_object_ref (texture), g_object_unref);
  g_task_run_in_thread (task, read_in_thread);
}

/**
 * sht_code_read_finish:
 *
 * Returns: (transfer full) (nullable): what the code holds, which may be anything; %NULL without an error when there is none in
 *   the picture
 */
GBytes *
sht_code_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
