/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lock.h"

#include <nettle/hmac.h>
#include <string.h>

#define PURPOSE "shetach unlock 1"
#define SECOND_MS G_GINT64_CONSTANT (1000)
#define MINUTE_MS (60 * SECOND_MS)

/**
 * sht_pin_is_valid:
 * @pin: (nullable): what somebody wants as PIN
 *
 * Returns: whether it is 4 to 8 digits from 0 to 9
 */
gboolean
sht_pin_is_valid (const char *pin)
{
  gsize length = pin != NULL ? strlen (pin) : 0;

  return length >= SHT_PIN_MIN_DIGITS && length <= SHT_PIN_MAX_DIGITS && strspn (pin, "0123456789") == length;
}

/**
 * sht_lock_delay_ms:
 * @wrong: wrong tries in a row
 *
 * Two are a slip of a gloved hand. From then on each costs more, up to a quarter of an hour: ten thousand PINs take months,
 * and nobody is ever locked out for good.
 *
 * Returns: how long after the last of them the next try may be, milliseconds
 */
gint64
sht_lock_delay_ms (guint wrong)
{
  static const gint64 delays[] = { 0, 0, 0, 5 * SECOND_MS, 15 * SECOND_MS, 30 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS,
                                   15 * MINUTE_MS };

  return delays[MIN (wrong, G_N_ELEMENTS (delays) - 1)];
}

/**
 * sht_lock_wait_ms:
 * @boot_id: the tablet's present boot
 * @boot_ms: CLOCK_BOOTTIME, milliseconds
 *
 * A boot since the last wrong try makes nothing shorter: the delay then begins with it.
 *
 * Returns: how long until the next try, milliseconds; 0 when it may be now
 */
gint64
sht_lock_wait_ms (const ShtLockTries *tries, const char *boot_id, gint64 boot_ms)
{
  gint64 from = g_strcmp0 (tries->boot_id, boot_id) == 0 ? MIN (tries->boot_ms, boot_ms) : 0;

  return MAX (from + sht_lock_delay_ms (tries->wrong) - boot_ms, 0);
}

/**
 * sht_lock_note_wrong:
 *
 * Counts a try before it is known to be right: a tablet that is switched off meanwhile has tried.
 */
void
sht_lock_note_wrong (ShtLockTries *tries, const char *boot_id, gint64 boot_ms)
{
  if (tries->wrong < G_MAXUINT)
    tries->wrong++;
  if (tries->boot_id != boot_id)
    {
      g_free (tries->boot_id);
      tries->boot_id = g_strdup (boot_id);
    }
  tries->boot_ms = boot_ms;
}

void
sht_lock_tries_clear (ShtLockTries *tries)
{
  g_free (tries->boot_id);
  *tries = (ShtLockTries){ 0 };
}

/* --- a supervisor's code --- */

/* Luhn's: any one wrong digit, and most pairs that are read the wrong way round, show. */
static char
check_digit (const char *digits, gsize length)
{
  guint sum = 0;

  for (gsize i = 0; i < length; i++)
    {
      guint digit = (guint) (digits[length - 1 - i] - '0') * (i % 2 == 0 ? 2 : 1);

      sum += digit / 10 + digit % 10;
    }
  return (char) ('0' + (10 - sum % 10) % 10);
}

static char *
with_check (guint32 number)
{
  char digits[SHT_UNLOCK_DIGITS + 1] = { 0 };

  for (guint i = SHT_UNLOCK_DIGITS - 1; i-- > 0; number /= 10)
    digits[i] = (char) ('0' + number % 10);
  digits[SHT_UNLOCK_DIGITS - 1] = check_digit (digits, SHT_UNLOCK_DIGITS - 1);
  return g_strdup (digits);
}

/**
 * sht_unlock_challenge:
 * @random: 32 random bits
 *
 * Returns: (transfer full): a new challenge, to be used once
 */
char *
sht_unlock_challenge (guint32 random)
{
  return with_check (random);
}

/**
 * sht_unlock_normalise:
 * @digits: (nullable): a challenge or an answer as somebody wrote it down, with spaces or dashes
 *
 * Returns: (transfer full) (nullable): its digits alone; %NULL when it is none, or was read or heard wrongly
 */
char *
sht_unlock_normalise (const char *digits)
{
  char plain[SHT_UNLOCK_DIGITS + 1] = { 0 };
  gsize n = 0;

  for (const char *p = digits; p != NULL && *p != '\0'; p++)
    {
      if (*p == ' ' || *p == '-')
        continue;
      if (!g_ascii_isdigit (*p) || n == SHT_UNLOCK_DIGITS)
        return NULL;
      plain[n++] = *p;
    }
  if (n != SHT_UNLOCK_DIGITS || check_digit (plain, SHT_UNLOCK_DIGITS - 1) != plain[SHT_UNLOCK_DIGITS - 1])
    return NULL;
  return g_strdup (plain);
}

/**
 * sht_unlock_answer:
 * @token_hash: the SHA-256 of the tablet's login, in hexadecimal: what the tablet and the hub know, and nobody else
 * @device: the tablet's id
 * @challenge: as sht_unlock_normalise() leaves it
 *
 * HMAC-SHA256 under the login's hash; of it 31 bits, as digits.
 *
 * Returns: (transfer full): the answer that opens this tablet, to this challenge only
 */
char *
sht_unlock_answer (const char *token_hash, const char *device, const char *challenge)
{
  g_autofree char *message = g_strconcat (PURPOSE "\n", device, "\n", challenge, NULL);
  struct hmac_sha256_ctx hmac;
  guint8 digest[SHA256_DIGEST_SIZE];
  guint32 number;

  hmac_sha256_set_key (&hmac, strlen (token_hash), (const guint8 *) token_hash);
  hmac_sha256_update (&hmac, strlen (message), (const guint8 *) message);
  hmac_sha256_digest (&hmac, sizeof digest, digest);
  memcpy (&number, digest, sizeof number);
  return with_check (GUINT32_FROM_BE (number) & 0x7fffffff);
}

/**
 * sht_unlock_spaced:
 * @digits: a challenge or an answer
 *
 * Returns: (transfer full): in two groups, as it is read aloud
 */
char *
sht_unlock_spaced (const char *digits)
{
  return g_strdup_printf ("%.4s %s", digits, strlen (digits) > 4 ? digits + 4 : "");
}
