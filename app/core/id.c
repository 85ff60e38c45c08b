/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/id.h"

#include <nettle/sha2.h>
#include <string.h>

static char *
format_uuid (const guint8 b[16])
{
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
                          b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

/**
 * sht_id_new:
 * @now_ms: the wall clock, milliseconds since 1970 UTC; values outside 48 bits are clamped
 * @random: a source of random bytes
 * @random_data: passed to @random
 *
 * Makes a UUID version 7 (RFC 9562, section 5.7): 48 bits of time, then 74 random bits.
 *
 * Returns: (transfer full): 36 characters, lower case
 */
char *
sht_id_new (gint64 now_ms, ShtRandomFunc random, gpointer random_data)
{
  guint8 b[16];
  guint64 t = (guint64) CLAMP (now_ms, 0, (G_GINT64_CONSTANT (1) << 48) - 1);

  random (random_data, b + 6, 10);
  for (int i = 0; i < 6; i++)
    b[i] = (guint8) (t >> (40 - 8 * i));
  b[6] = (b[6] & 0x0f) | 0x70;
  b[8] = (b[8] & 0x3f) | 0x80;
  return format_uuid (b);
}

/**
 * sht_id_from_name:
 * @name: any text that names one thing for ever, such as "open311/example.org/14-00684314"
 *
 * Makes the same id for the same name, so that importing a thing twice finds the first. A UUID
 * version 8 (RFC 9562, section 5.8) made of the name's SHA-256.
 *
 * Returns: (transfer full): 36 characters, lower case
 */
char *
sht_id_from_name (const char *name)
{
  guint8 digest[SHA256_DIGEST_SIZE];
  struct sha256_ctx sum;

  sha256_init (&sum);
  sha256_update (&sum, strlen (name), (const guint8 *) name);
  sha256_digest (&sum, sizeof digest, digest);
  digest[6] = (digest[6] & 0x0f) | 0x80;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  return format_uuid (digest);
}

/**
 * sht_id_is_valid:
 * @text: (nullable): what came from outside
 *
 * Returns: whether @text is a UUID in its canonical lower-case form
 */
gboolean
sht_id_is_valid (const char *text)
{
  if (text == NULL || strlen (text) != SHT_ID_LENGTH)
    return FALSE;
  for (int i = 0; i < SHT_ID_LENGTH; i++)
    {
      if (i == 8 || i == 13 || i == 18 || i == 23)
        {
          if (text[i] != '-')
            return FALSE;
        }
      else if (!g_ascii_isdigit (text[i]) && !(text[i] >= 'a' && text[i] <= 'f'))
        return FALSE;
    }
  return TRUE;
}
