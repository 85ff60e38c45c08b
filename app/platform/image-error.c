/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image-private.h"

/* What the helper and its client call the codes on the pipe between them. */
static const char *const names[] = {
  [SHT_IMAGE_ERROR_NOT_REGULAR] = "not_regular",
  [SHT_IMAGE_ERROR_EMPTY] = "empty",
  [SHT_IMAGE_ERROR_TOO_LARGE] = "too_large",
  [SHT_IMAGE_ERROR_NOT_A_PICTURE] = "not_a_picture",
  [SHT_IMAGE_ERROR_CUT_SHORT] = "cut_short",
  [SHT_IMAGE_ERROR_TOO_MANY_PIXELS] = "too_many_pixels",
  [SHT_IMAGE_ERROR_DAMAGED] = "damaged",
  [SHT_IMAGE_ERROR_CHANGED] = "changed",
  [SHT_IMAGE_ERROR_BAD_SHAPES] = "bad_shapes",
  [SHT_IMAGE_ERROR_HELPER] = "helper",
};

G_DEFINE_QUARK (sht-image-error-quark, sht_image_error)

const char *
sht_image_error_name (ShtImageError code)
{
  g_return_val_if_fail ((guint) code < G_N_ELEMENTS (names), "helper");
  return names[code];
}

gboolean
sht_image_error_from_name (const char *name, ShtImageError *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0)
      {
        *code = (ShtImageError) i;
        return TRUE;
      }
  return FALSE;
}
