/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lock.h"

#include <string.h>

#define HASH "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
#define DEVICE "01890000-0000-7000-8000-00000000d001"
#define DAY_MS G_GINT64_CONSTANT (86400000)

static void
test_pin (void)
{
  g_assert_true (sht_pin_is_valid ("0000"));
  g_assert_true (sht_pin_is_valid ("12345678"));
  g_assert_false (sht_pin_is_valid (NULL));
  g_assert_false (sht_pin_is_valid (""));
  g_assert_false (sht_pin_is_valid ("123"));
  g_assert_false (sht_pin_is_valid ("123456789"));
  g_assert_false (sht_pin_is_valid ("12a4"));
  g_assert_false (sht_pin_is_valid ("12 4"));
  g_assert_false (sht_pin_is_valid ("\xd9\xa1\xd9\xa2")); /* Arabic-Indic digits, four bytes */
}

static void
test_delays_grow (void)
{
  gint64 sum = 0;

  g_assert_cmpint (sht_lock_delay_ms (0), ==, 0);
  g_assert_cmpint (sht_lock_delay_ms (2), ==, 0);
  g_assert_cmpint (sht_lock_delay_ms (3), >, 0);
  for (guint wrong = 1; wrong < 20; wrong++)
    g_assert_cmpint (sht_lock_delay_ms (wrong), >=, sht_lock_delay_ms (wrong - 1));
  g_assert_cmpint (sht_lock_delay_ms (G_MAXUINT), ==, 15 * 60 * 1000);
  /* All PINs of four digits, one after the other. */
  for (guint wrong = 1; wrong < 10000; wrong++)
    sum += sht_lock_delay_ms (wrong);
  g_assert_cmpint (sum, >, 60 * DAY_MS);
}

static void
test_wait (void)
{
  g_auto (ShtLockTries) tries = { 0 };

  g_assert_cmpint (sht_lock_wait_ms (&tries, "a", 1000), ==, 0);
  for (guint i = 0; i < 3; i++)
    sht_lock_note_wrong (&tries, "a", 100000);
  g_assert_cmpuint (tries.wrong, ==, 3);
  g_assert_cmpint (sht_lock_wait_ms (&tries, "a", 100000), ==, 5000);
  g_assert_cmpint (sht_lock_wait_ms (&tries, "a", 103000), ==, 2000);
  g_assert_cmpint (sht_lock_wait_ms (&tries, "a", 105000), ==, 0);
  /* Another boot: it counts from there, and is never longer than the delay. */
  g_assert_cmpint (sht_lock_wait_ms (&tries, "b", 0), ==, 5000);
  g_assert_cmpint (sht_lock_wait_ms (&tries, "b", 2000), ==, 3000);
  g_assert_cmpint (sht_lock_wait_ms (&tries, "b", 100000), ==, 0);
  /* A count that says a moment which has not come yet does not lock for long. */
  tries.boot_ms = G_MAXINT64 / 2;
  g_assert_cmpint (sht_lock_wait_ms (&tries, "a", 100000), ==, 5000);
}

static void
test_answer (void)
{
  g_autofree char *challenge = sht_unlock_challenge (1234567);
  g_autofree char *answer = sht_unlock_answer (HASH, DEVICE, challenge);
  g_autofree char *again = sht_unlock_answer (HASH, DEVICE, challenge);
  g_autofree char *other_challenge = sht_unlock_challenge (1234568);
  g_autofree char *other = sht_unlock_answer (HASH, DEVICE, other_challenge);
  g_autofree char *other_tablet = sht_unlock_answer (HASH, "01890000-0000-7000-8000-00000000d002", challenge);
  g_autofree char *other_login = sht_unlock_answer ("fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9", DEVICE, challenge);
  g_autofree char *spaced = sht_unlock_spaced (challenge);

  g_assert_cmpstr (challenge, ==, "12345674");
  g_assert_cmpstr (spaced, ==, "1234 5674");
  g_assert_cmpuint (strlen (answer), ==, SHT_UNLOCK_DIGITS);
  g_assert_cmpstr (answer, ==, again);
  g_assert_cmpstr (answer, !=, other);
  g_assert_cmpstr (answer, !=, other_tablet);
  g_assert_cmpstr (answer, !=, other_login);
}

static void
test_misread (void)
{
  for (guint32 n = 0; n < 2000; n++)
    {
      g_autofree char *challenge = sht_unlock_challenge ((guint32) g_test_rand_int ());
      g_autofree char *spaced = sht_unlock_spaced (challenge);
      g_autofree char *plain = sht_unlock_normalise (spaced);
      guint at = (guint) g_test_rand_int_range (0, SHT_UNLOCK_DIGITS);
      g_autofree char *wrong = NULL;

      g_assert_cmpstr (plain, ==, challenge);
      challenge[at] = (char) ('0' + (challenge[at] - '0' + g_test_rand_int_range (1, 10)) % 10);
      wrong = sht_unlock_normalise (challenge);
      g_assert_null (wrong);
    }
  g_assert_null (sht_unlock_normalise (NULL));
  g_assert_null (sht_unlock_normalise ("1234567"));
  g_assert_null (sht_unlock_normalise ("123456744"));
  g_assert_null (sht_unlock_normalise ("1234x674"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lock/pin", test_pin);
  g_test_add_func ("/lock/delays-grow", test_delays_grow);
  g_test_add_func ("/lock/wait", test_wait);
  g_test_add_func ("/lock/answer", test_answer);
  g_test_add_func ("/lock/misread", test_misread);
  return g_test_run ();
}
