/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/retry.h"

#include <libsoup/soup.h>
#include <string.h>

#define FIRST_DELAY_MS 500
#define LONGEST_DELAY_MS 8000
/* However busy the hub says it is, work is not left lying for longer than this. */
#define LONGEST_WISH_MS (10 * 60 * 1000)

/**
 * sht_retry_is_transient:
 * @status: HTTP's status, 0 when there was no answer
 *
 * The one place that says what is worth trying again as it is.
 */
gboolean
sht_retry_is_transient (guint status)
{
  return status == 0 || status == 408 || status == 423 || status == 425 || status == 429 || status >= 500;
}

/**
 * sht_retry_delay_ms:
 * @attempt: how many attempts have failed in a row, from 1
 *
 * Exponential backoff with full jitter.
 *
 * Returns: milliseconds to wait, at most 8000
 */
gint64
sht_retry_delay_ms (guint attempt, ShtRandomFunc random, gpointer random_data)
{
  gint64 most = MIN (LONGEST_DELAY_MS, (gint64) FIRST_DELAY_MS << MIN (attempt > 0 ? attempt - 1 : 0, 10));
  guint32 r;

  random (random_data, (guint8 *) &r, sizeof r);
  return 1 + (gint64) ((guint64) r * (guint64) most >> 32);
}

/**
 * sht_retry_after_ms:
 * @header: (nullable): a Retry-After header: seconds, or an HTTP date
 * @now_ms: the wall clock, ms
 *
 * Returns: milliseconds to wait, 0 when the header says nothing
 */
gint64
sht_retry_after_ms (const char *header, gint64 now_ms)
{
  guint64 seconds;
  g_autoptr (GDateTime) date = NULL;

  if (header == NULL)
    return 0;
  if (header[0] != '\0' && strspn (header, "0123456789") == strlen (header))
    /* More digits than fit are more than we wait for too. */
    return g_ascii_string_to_unsigned (header, 10, 0, LONGEST_WISH_MS / 1000, &seconds, NULL) ? (gint64) seconds * 1000
                                                                                               : LONGEST_WISH_MS;
  date = soup_date_time_new_from_http_string (header);
  if (date == NULL)
    return 0;
  return CLAMP (g_date_time_to_unix (date) * 1000 - now_ms, 0, LONGEST_WISH_MS);
}
