/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The headers of an upload. */
#include "hub/api/tus-store.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GHashTable) metadata = sht_tus_parse_metadata (text, NULL);
  g_autoptr (GBytes) digest = NULL;
  GChecksumType type;
  gint64 number = -1;

  if (sht_tus_parse_checksum (text, &type, &digest, NULL))
    g_assert_cmpint (g_bytes_get_size (digest), ==, g_checksum_type_get_length (type));
  if (sht_tus_parse_number (text, &number))
    g_assert_cmpint (number, >=, 0);
  return 0;
}
