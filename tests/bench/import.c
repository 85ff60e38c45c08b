/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image.h"

/* bench-import FILE: takes a picture in as a photo is, once. */
int
main (int argc, char **argv)
{
  ShtImageOptions options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtImage) image = argc == 2 ? sht_image_import (argv[1], &options, NULL, &error) : NULL;

  if (image == NULL)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "bench-import FILE");
      return 1;
    }
  g_print ("%d %d\n", image->width, image->height);
  return 0;
}
