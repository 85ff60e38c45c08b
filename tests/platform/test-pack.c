/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/pack.h"

#include <string.h>
#include <zstd.h>

#define MOST (4 * 1024 * 1024)

static GBytes *
bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
assert_comes_back (GBytes *lines)
{
  g_autoptr (GBytes) packed = sht_pack (lines);
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (packed);
  again = sht_unpack (packed, g_bytes_get_size (lines), &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (again, NULL), g_bytes_get_size (again), g_bytes_get_data (lines, NULL),
                   g_bytes_get_size (lines));
}

/* What looks nearly like something that is lifted, and what is at the very end. */
static void
test_to_the_byte (void)
{
  static const char *const texts[] = {
    "",
    "{}\n",
    "\"",
    "[",
    "1234",
    "[1234",
    "[1234,1234,1233,12345,0123,1234.5,-1234,1234e5]\n",
    "{\"a\":999999999999999,\"b\":1234567890123456,\"c\":100000000000000000000}",
    "[1700000000000,1700000000000,1600000000000,9999999999999,1000000000000,1700000000000]",
    "\"01890000-0000-7000-8000-000000000001\"",
    "\"01890000-0000-7000-8000-000000000001",
    "[\"01890000-0000-7000-8000-000000000001\",\"01890000-0000-7000-8000-000000000002\","
    "\"01890000-0000-7000-8000-000000000001\",\"01890000-0000-7000-8000-00000000000A\"]",
    "[\"00000000-0000-0000-0000-000000000000\",\"ffffffff-ffff-ffff-ffff-ffffffffffff\"]",
    "[\"01890000-0000-7fff-bfff-ffffffffffff\",\"01890000-0000-7000-c000-000000000000\",\"01890000-0000-4000-8000-000000000000\"]",
    "[\"ffffffff-ffff-7000-8000-000000000000\",\"00000000-0000-7000-8000-000000000000\",1700000000000,1000000000000]",
    "[\"0123456789abcdef\",\"0123456789ABCDEF\",\"0123456789abcde\",\"0123456789abcdefg\",\"1234567890123456\"]",
    "{\"שלום\":\"בור 1234, 5678\",\"\\u0001\":\"\t\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) lines = bytes (texts[i]);

      assert_comes_back (lines);
    }
}

static GBytes *
string_bytes (GString *text)
{
  gsize length = text->len;

  return g_bytes_new_take (g_string_free (text, FALSE), length);
}

static GBytes *
random_lines (GRand *rand)
{
  static const char *const pieces[] = { "\"", ":", ",", "[", "]", "-", "\n", "a", "F", "0", "7", "1234", "1700000000000",
                                        "01890000-0000-7000-8000-0000000000", "0123456789abcdef", "{\"id\":\"" };
  GString *text = g_string_new (NULL);

  for (gint n = g_rand_int_range (rand, 0, 400); n > 0; n--)
    switch (g_rand_int_range (rand, 0, 4))
      {
      case 0:
        g_string_append_printf (text, "\"%08x-0000-7000-8000-%012x\"", g_rand_int_range (rand, 0, 20), g_rand_int_range (rand, 0, 3));
        break;
      case 1:
        g_string_append_printf (text, ":%" G_GINT64_FORMAT ",",
                                (gint64) g_rand_int (rand) << g_rand_int_range (rand, 0, 31) >> g_rand_int_range (rand, 0, 20));
        break;
      default:
        g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
      }
  return string_bytes (text);
}

static void
test_any_lines (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (GBytes) lines = random_lines (rand);

      assert_comes_back (lines);
    }
}

static void
test_no_json (void)
{
  for (char c = 0; c < ' '; c++)
    if (c != '\t' && c != '\n' && c != '\r')
      {
        g_autoptr (GBytes) lines = g_bytes_new ((char[]){ '"', c, '"' }, 3);

        g_assert_null (sht_pack (lines));
      }
}

static GBytes *
a_page (void)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (text, "{\"t\":\"event\",\"id\":\"0189%04x-0000-7%03x-8000-%04x%08x\",\"at\":17000%08u,\"rev\":%u}\n", i,
                            g_rand_int (rand) & 0xfff, g_rand_int (rand) & 0xffff, g_rand_int (rand),
                            g_rand_int (rand) % 100000000, 10000 + i);
  return string_bytes (text);
}

/* Nine bytes of each line are random, and some three of each of its two times. */
static void
test_small (void)
{
  g_autoptr (GBytes) lines = a_page ();
  g_autoptr (GBytes) packed = sht_pack (lines);

  assert_comes_back (lines);
  g_assert_cmpuint (g_bytes_get_size (packed), <, 2000 * 18);
}

static void
test_worth (void)
{
  GBytes *few = bytes ("{\"t\":\"cursor\"}\n");
  GBytes *many = a_page ();
  g_autoptr (GBytes) lines = NULL;

  g_assert_false (sht_pack_if_worth (&few));
  g_assert_cmpuint (g_bytes_get_size (few), ==, strlen ("{\"t\":\"cursor\"}\n"));
  g_bytes_unref (few);
  g_assert_true (sht_pack_if_worth (&many));
  lines = sht_unpack (many, MOST, NULL);
  g_assert_nonnull (lines);
  g_bytes_unref (many);
}

static void
assert_refused (GBytes *packed, gsize most)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sht_unpack (packed, most, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_too_much (void)
{
  g_autoptr (GBytes) lines = a_page ();
  g_autoptr (GBytes) packed = sht_pack (lines);
  gsize size = g_bytes_get_size (lines);
  g_autoptr (GBytes) again = sht_unpack (packed, size, NULL);

  g_assert_nonnull (again);
  assert_refused (packed, size - 1);
  assert_refused (packed, 100);
}

/* The frame has a checksum: what is cut or changed is never taken for a page. */
static void
test_damaged (void)
{
  g_autoptr (GBytes) lines = a_page ();
  g_autoptr (GBytes) packed = sht_pack (lines);
  gsize size = g_bytes_get_size (packed);

  for (gsize cut = 0; cut < size; cut += 1 + size / 97)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (packed, 0, cut);
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (packed, NULL), size);
      g_autoptr (GBytes) damaged = NULL;
      g_autoptr (GBytes) got = NULL;

      assert_refused (part, MOST);
      copy[cut] ^= 0x40;
      damaged = g_bytes_new_take (g_steal_pointer (&copy), size);
      got = sht_unpack (damaged, MOST, NULL);
      g_assert_true (got == NULL || g_bytes_equal (got, lines));
    }
}

/* A whole frame with anything in it, as only a hub that is none would send it. */
static void
test_hostile (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (13);
  guint taken = 0;

  for (guint i = 0; i < 5000; i++)
    {
      guint8 inside[5 + 5 * 8];
      guint8 frame[256];
      guint8 lengths[5];
      gsize size, n = 5;
      g_autoptr (GBytes) packed = NULL;
      g_autoptr (GBytes) got = NULL;

      for (guint k = 0; k < 5; k++)
        {
          lengths[k] = inside[k] = (guint8) g_rand_int_range (rand, 0, 9);
          /* The text is mostly of marks; the others of anything, long numbers as well. */
          for (guint byte = 0; byte < lengths[k]; byte++)
            inside[n++] = (guint8) g_rand_int_range (rand, k == 0 ? 1 : 0, k == 0 ? 34 : 256);
        }
      if (i % 7 == 0)
        inside[g_rand_int_range (rand, 0, 5)] = 0xff;
      size = ZSTD_compress (frame, sizeof frame, inside, n, 1);
      g_assert_false (ZSTD_isError (size));
      packed = g_bytes_new (frame, size);
      got = sht_unpack (packed, MOST, NULL);
      taken += got != NULL;
    }
  g_assert_cmpuint (taken, >, 100);
  g_assert_cmpuint (taken, <, 4900);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pack/to-the-byte", test_to_the_byte);
  g_test_add_func ("/pack/any-lines", test_any_lines);
  g_test_add_func ("/pack/no-json", test_no_json);
  g_test_add_func ("/pack/small", test_small);
  g_test_add_func ("/pack/worth", test_worth);
  g_test_add_func ("/pack/too-much", test_too_much);
  g_test_add_func ("/pack/damaged", test_damaged);
  g_test_add_func ("/pack/hostile", test_hostile);
  return g_test_run ();
}
