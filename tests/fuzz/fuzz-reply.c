/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the picture helper answers: it may be in foreign hands. */
#include "platform/image-private.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) reply = g_bytes_new (data, size);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (ShtImage) image = sht_image_reply_parse (reply, "a.jpg", utc, NULL);

  if (image != NULL)
    g_assert_true (g_utf8_validate (image->device_model != NULL ? image->device_model : "", -1, NULL));
  return 0;
}
