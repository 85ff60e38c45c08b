/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/voice.h"
#include "tests/platform/voice-fixture.h"

static gboolean
read_note (GBytes *note, gsize length, ShtVoiceInfo *info, GError **error)
{
  /* In a block of exactly that size, so that the sanitizer sees a byte too much. */
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (note, NULL), length);

  return sht_voice_read (copy, length, NULL, NULL, info, error);
}

static void
test_whole (void)
{
  g_autoptr (GBytes) note = voice_note (2000, 7);
  g_autoptr (GError) error = NULL;
  ShtVoiceInfo info;

  g_assert_true (sht_voice_is_head (g_bytes_get_data (note, NULL), g_bytes_get_size (note)));
  g_assert_true (read_note (note, g_bytes_get_size (note), &info, &error));
  g_assert_no_error (error);
  g_assert_cmpint (info.duration_ms, >=, 2000);
  g_assert_cmpint (info.duration_ms, <, 2020);
  g_assert_cmpuint (info.whole, ==, g_bytes_get_size (note));
}

/* Wherever it is cut, what is whole before that stays; behind the end nothing is read. */
static void
test_cut (void)
{
  g_autoptr (GBytes) note = voice_note (400, 7);
  gint64 last_ms = 0;
  gsize last_whole = 0;
  guint lengths = 0;

  for (gsize length = 0; length < g_bytes_get_size (note); length++)
    {
      ShtVoiceInfo info;

      if (!read_note (note, length, &info, NULL))
        {
          g_assert_cmpuint (lengths, ==, 0);
          continue;
        }
      g_assert_cmpuint (info.whole, <=, length);
      g_assert_cmpuint (info.whole, >=, last_whole);
      g_assert_cmpint (info.duration_ms, >=, last_ms);
      lengths += last_whole != info.whole;
      last_whole = info.whole;
      last_ms = info.duration_ms;
    }
  /* 20 ms at a time, but for those that the decoder swallows, and for the last page. */
  g_assert_cmpuint (lengths, >=, 18);
}

/* One byte is another: it is seen, and nothing behind it is believed. */
static void
test_flipped (void)
{
  g_autoptr (GBytes) note = voice_note (200, 7);
  gsize length;
  const guint8 *data = g_bytes_get_data (note, &length);

  for (gsize at = 0; at < length; at++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, length);
      ShtVoiceInfo info;

      copy[at] ^= (guint8) (1 << (at % 8));
      if (sht_voice_read (copy, length, NULL, NULL, &info, NULL))
        g_assert_cmpuint (info.whole, <=, at);
    }
}

static void
test_others (void)
{
  static const char *const texts[] = { "", "OggS", "this is no voice note, it is only some text that is long enough for a page" };
  g_autoptr (GByteArray) two = g_byte_array_new ();
  g_autoptr (GBytes) one = voice_note (500, 7), other = voice_note (500, 8), longest = voice_note (302000, 9);
  g_autoptr (GError) error = NULL;
  ShtVoiceInfo info;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_false (sht_voice_read ((const guint8 *) texts[i], strlen (texts[i]), NULL, NULL, &info, &error));
      g_assert_error (error, SHT_VOICE_ERROR, SHT_VOICE_ERROR_FORMAT);
      g_clear_error (&error);
    }
  /* another stream behind the first is not the note's */
  g_byte_array_append (two, g_bytes_get_data (one, NULL), (guint) g_bytes_get_size (one));
  g_byte_array_append (two, g_bytes_get_data (other, NULL), (guint) g_bytes_get_size (other));
  g_assert_true (sht_voice_read (two->data, two->len, NULL, NULL, &info, NULL));
  g_assert_cmpuint (info.whole, ==, g_bytes_get_size (one));
  g_assert_false (read_note (longest, g_bytes_get_size (longest), &info, &error));
  g_assert_error (error, SHT_VOICE_ERROR, SHT_VOICE_ERROR_TOO_LONG);
}

/* How often it goes from below nought to above. */
static guint
count_waves (GBytes *samples)
{
  gsize length;
  const gint16 *at = g_bytes_get_data (samples, &length);
  guint waves = 0;

  for (gsize i = 1; i < length / sizeof *at; i++)
    waves += at[i - 1] < 0 && at[i] >= 0;
  return waves;
}

static void
test_decode (void)
{
  g_autoptr (GBytes) note = voice_note (3000, 7);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) samples = sht_voice_decode (note, NULL, &error);
  guint waves;

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (samples) / sizeof (gint16), >=, 3 * SHT_VOICE_RATE);
  g_assert_cmpuint (g_bytes_get_size (samples) / sizeof (gint16), <, 3 * SHT_VOICE_RATE + SHT_VOICE_RATE / 10);
  waves = count_waves (samples);
  g_assert_cmpuint (waves, >, 3 * 440 - 30);
  g_assert_cmpuint (waves, <, 3 * 440 + 30);
}

/* Packets of noise in good pages: whatever the decoder makes of them, so much sound comes as they say. */
static void
test_noise (void)
{
  for (guint round = 0; round < 10; round++)
    {
      g_autoptr (GBytes) good = voice_note (20, 7);
      g_autoptr (GByteArray) note = g_byte_array_new ();
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GBytes) samples = NULL;
      g_autoptr (GError) error = NULL;
      ShtVoiceInfo info;

      /* its two headers */
      g_byte_array_append (note, g_bytes_get_data (good, NULL), 28 + 19 + 28 + 17);
      for (guint i = 0; i < 50; i++)
        {
          guint8 packet[200];

          for (guint j = 0; j < sizeof packet; j++)
            packet[j] = (guint8) g_test_rand_int ();
          voice_page (note, 0, 0, 7, i + 2, packet, (gsize) g_test_rand_int_range (1, sizeof packet));
        }
      bytes = g_bytes_new (note->data, note->len);
      samples = sht_voice_decode (bytes, NULL, &error);
      g_assert_true (sht_voice_read (note->data, note->len, NULL, NULL, &info, NULL));
      g_assert_cmpuint (info.whole, ==, note->len);
      g_assert_true (samples != NULL || g_error_matches (error, SHT_VOICE_ERROR, SHT_VOICE_ERROR_HELPER));
    }
}

static void
test_helper_missing (void)
{
  g_autoptr (GBytes) note = voice_note (500, 7);
  g_autofree char *before = g_strdup (g_getenv ("SHETACH_VOICE_HELPER"));
  static const char *const programs[] = { "/nowhere/shetach-voice", "/bin/true", "/bin/cat" };

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autoptr (GError) error = NULL;

      g_setenv ("SHETACH_VOICE_HELPER", programs[i], TRUE);
      g_assert_null (sht_voice_decode (note, NULL, &error));
      g_assert_error (error, SHT_VOICE_ERROR, SHT_VOICE_ERROR_HELPER);
    }
  g_setenv ("SHETACH_VOICE_HELPER", before, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/voice/whole", test_whole);
  g_test_add_func ("/voice/cut", test_cut);
  g_test_add_func ("/voice/flipped", test_flipped);
  g_test_add_func ("/voice/others", test_others);
  g_test_add_func ("/voice/decode", test_decode);
  g_test_add_func ("/voice/noise", test_noise);
  g_test_add_func ("/voice/helper-missing", test_helper_missing);
  return g_test_run ();
}
