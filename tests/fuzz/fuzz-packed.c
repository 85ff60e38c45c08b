/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A packed page: what lies in its Zstandard frame, after a `u`; lines that are to come back to the byte, after anything else. */
#include "platform/pack.h"

#include <stdint.h>
#include <zstd.h>

#define MOST (1 << 20)

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Returns: whether there is no byte in it that may not be packed */
static gboolean
comes_back (GBytes *lines)
{
  g_autoptr (GBytes) packed = sht_pack (lines);
  g_autoptr (GBytes) again = packed != NULL ? sht_unpack (packed, g_bytes_get_size (lines), NULL) : NULL;

  g_assert_true (packed == NULL || (again != NULL && g_bytes_equal (lines, again)));
  return packed != NULL;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size > 1 && data[0] == 'u')
    {
      gsize room = ZSTD_compressBound (size);
      guint8 *frame = g_malloc (room);
      g_autoptr (GBytes) packed = g_bytes_new_take (frame, ZSTD_compress (frame, room, data + 1, size - 1, 1));
      g_autoptr (GBytes) lines = sht_unpack (packed, MOST, NULL);

      g_assert_true (lines == NULL || comes_back (lines));
    }
  else if (size > 1)
    {
      g_autoptr (GBytes) lines = g_bytes_new (data + 1, size - 1);

      comes_back (lines);
    }
  return 0;
}
