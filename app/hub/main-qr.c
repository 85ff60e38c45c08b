/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A code to be scanned: in the terminal, or as a picture to be printed. */
#include "hub/main-qr.h"

#include "platform/durable.h"

#include <cairo.h>
#include <qrencode.h>
#include <string.h>

/* What ISO/IEC 18004 asks to be left white around it, in modules. */
#define QUIET 4
#define PIXELS_A_MODULE 12
#define BLACK_ON_WHITE "\033[30;107m"
#define AS_BEFORE "\033[0m"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QRcode, QRcode_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (cairo_surface_t, cairo_surface_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (cairo_t, cairo_destroy)

/* A fifth of it may be dirty or in the shade. */
static QRcode *
encode (const char *words, GError **error)
{
  QRcode *code = QRcode_encodeString8bit (words, 0, QR_ECLEVEL_M);

  if (code == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "the address is too long for a code to be scanned");
  return code;
}

static gboolean
is_dark (const QRcode *code, int x, int y)
{
  if (x < 0 || y < 0 || x >= code->width || y >= code->width)
    return FALSE;
  return (code->data[y * code->width + x] & 1) != 0;
}

/**
 * sht_main_qr_to_text:
 * @words: what the code holds
 * @in_colour: whether to say by escapes that it is black on white; else it is as the reader's terminal is
 *
 * Returns: (transfer full) (nullable): lines of half blocks, two modules high; %NULL with %G_IO_ERROR_INVALID_ARGUMENT
 *   when @words are too long
 */
char *
sht_main_qr_to_text (const char *words, gboolean in_colour, GError **error)
{
  static const char *const blocks[] = { " ", "▀", "▄", "█" };
  g_autoptr (QRcode) code = encode (words, error);
  GString *out;

  if (code == NULL)
    return NULL;
  out = g_string_new (NULL);
  for (int y = -QUIET; y < code->width + QUIET; y += 2)
    {
      if (in_colour)
        g_string_append (out, BLACK_ON_WHITE);
      for (int x = -QUIET; x < code->width + QUIET; x++)
        g_string_append (out, blocks[is_dark (code, x, y) + 2 * is_dark (code, x, y + 1)]);
      g_string_append (out, in_colour ? AS_BEFORE "\n" : "\n");
    }
  return g_string_free (out, FALSE);
}

static GString *
to_svg (const QRcode *code)
{
  int side = code->width + 2 * QUIET;
  GString *out = g_string_new (NULL);

  g_string_append_printf (out,
                          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60mm\" height=\"60mm\" viewBox=\"0 0 %d %d\" "
                          "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
                          side, side, side, side);
  for (int y = 0; y < code->width; y++)
    for (int x = 0; x < code->width; x++)
      if (is_dark (code, x, y))
        g_string_append_printf (out, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
  g_string_append (out, "\"/></svg>\n");
  return out;
}

static cairo_status_t
append (void *out, const unsigned char *bytes, unsigned int length)
{
  g_string_append_len (out, (const char *) bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

static GString *
to_png (const QRcode *code)
{
  int side = (code->width + 2 * QUIET) * PIXELS_A_MODULE;
  g_autoptr (cairo_surface_t) surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, side, side);
  g_autoptr (cairo_t) cr = cairo_create (surface);
  GString *out = g_string_new (NULL);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  for (int y = 0; y < code->width; y++)
    for (int x = 0; x < code->width; x++)
      if (is_dark (code, x, y))
        cairo_rectangle (cr, (x + QUIET) * PIXELS_A_MODULE, (y + QUIET) * PIXELS_A_MODULE, PIXELS_A_MODULE, PIXELS_A_MODULE);
  cairo_fill (cr);
  cairo_surface_write_to_png_stream (surface, append, out);
  return out;
}

/**
 * sht_main_qr_fits:
 *
 * Returns: whether it is the name of a picture that can be written here
 */
gboolean
sht_main_qr_fits (const char *path)
{
  return g_str_has_suffix (path, ".png") || g_str_has_suffix (path, ".svg");
}

/**
 * sht_main_qr_write:
 * @words: what the code holds
 * @path: ends in `.png` or `.svg`
 *
 * Writes it as a picture that only its owner can read: who has it can enrol.
 */
gboolean
sht_main_qr_write (const char *words, const char *path, GError **error)
{
  g_autoptr (QRcode) code = encode (words, error);
  GString *picture;
  gboolean ok;

  if (code == NULL)
    return FALSE;
  picture = g_str_has_suffix (path, ".svg") ? to_svg (code) : to_png (code);
  ok = sht_durable_write (path, picture->str, picture->len, 0600, error);
  g_string_free (picture, TRUE);
  return ok;
}
