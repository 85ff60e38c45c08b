/* SPDX-License-Identifier: GPL-3.0-or-later */
/* code-tool write WORDS FILE.png: a code as the hub would make it, of any words.
 * code-tool read PICTURE: what the tablet reads in a picture. */
#include "hub/main-qr.h"
#include "tablet/ui/shell/code-reader.h"

#include <string.h>

static void
on_read (GObject *source, GAsyncResult *result, gpointer loop)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = sht_code_read_finish (result, &error);
  gsize length;
  const char *words = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  if (words != NULL)
    g_print ("%.*s\n", (int) length, words);
  g_main_loop_quit (loop);
}

static int
fail (const GError *error)
{
  g_printerr ("code-tool: %s\n", error->message);
  return 1;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GMainLoop) loop = NULL;

  if (argc == 4 && strcmp (argv[1], "write") == 0)
    return sht_main_qr_write (argv[2], argv[3], &error) ? 0 : fail (error);
  if (argc != 3 || strcmp (argv[1], "read") != 0)
    return 2;
  texture = gdk_texture_new_from_filename (argv[2], &error);
  if (texture == NULL)
    return fail (error);
  loop = g_main_loop_new (NULL, FALSE);
  sht_code_read_async (texture, NULL, on_read, loop);
  g_main_loop_run (loop);
  return 0;
}
