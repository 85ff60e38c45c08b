/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/enrol-link.h"

#include <string.h>

static void
test_there_and_back (void)
{
  static const char *const hubs[] = { "https://hub.example.org", "http://127.0.0.1:8106", "https://city.example.org/shetach/",
                                      "https://[2001:db8::1]:8443" };

  for (guint i = 0; i < G_N_ELEMENTS (hubs); i++)
    {
      g_autofree char *link = sht_enrol_link_make (hubs[i], "SSGK3-2A4PB");
      g_autofree char *hub = NULL, *code = NULL;

      g_assert_true (sht_enrol_link_parse (link, -1, &hub, &code));
      g_assert_cmpstr (hub, ==, hubs[i]);
      g_assert_cmpstr (code, ==, "SSGK3-2A4PB");
    }
}

static void
test_as_documented (void)
{
  g_autofree char *link = sht_enrol_link_make ("https://hub.example.org", "SSGK3-2A4PB");

  g_assert_cmpstr (link, ==, "shetach:enrol?hub=https://hub.example.org&code=SSGK3-2A4PB");
}

static void
test_something_else (void)
{
  static const char *const others[] = {
    "",
    "https://example.org/menu",
    "WIFI:S:depot;T:WPA;P:secret;;",
    "shetach:",
    "shetach:enrol",
    "shetach:enrol?",
    "shetach:enrol?hub=https://hub.example.org",
    "shetach:enrol?code=SSGK3-2A4PB",
    "shetach:enrol?hub=&code=SSGK3-2A4PB",
    "shetach:enrol?hub=https://hub.example.org&code=",
    "shetach:enrol?hub=https://hub.example.org&code=SSGK3",
    "shetach:enrol?hub=https://hub.example.org&code=SSGK3-2A4PB-2",
    "shetach:enrol?hub=https://hub.example.org&code=SSGK3_2A4PB",
    "shetach:enrol?hub=https://hub.example.org&code=SSGK3%002A4PB",
    "shetach:enrol?hub=ftp://hub.example.org&code=SSGK3-2A4PB",
    "shetach:enrol?hub=hub.example.org&code=SSGK3-2A4PB",
    "shetach:enrol?hub=https://&code=SSGK3-2A4PB",
    "shetach:enrol?hub=https://who%40hub.example.org&code=SSGK3-2A4PB",
    "shetach:enrol?hub=https://hub.example.org/%3Fa&code=SSGK3-2A4PB",
    "shetach:enrol?hub=https://hub.example.org%23a&code=SSGK3-2A4PB",
    "shetach:enrol?hub=file:///etc/passwd&code=SSGK3-2A4PB",
    "shetach:leave?hub=https://hub.example.org&code=SSGK3-2A4PB",
    "shetach://enrol?hub=https://hub.example.org&code=SSGK3-2A4PB",
    "other:enrol?hub=https://hub.example.org&code=SSGK3-2A4PB",
    "shetach:enrol?hub=https://h\xc3\xbc" "b.example.org&code=SSGK3-2A4PB",
    "shetach:enrol?hub=https://hub.example.org&code=\xff\xfe",
    "shetach:enrol?hub=%zz&code=SSGK3-2A4PB",
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      char *hub = NULL, *code = NULL;

      g_test_message ("number %u", i);
      g_assert_false (sht_enrol_link_parse (others[i], -1, &hub, &code));
      g_assert_null (hub);
      g_assert_null (code);
    }
}

static void
test_bytes (void)
{
  g_autofree char *link = sht_enrol_link_make ("https://hub.example.org", "SSGK3-2A4PB");
  g_autofree char *path = g_strnfill (SHT_ENROL_LINK_MAX_BYTES, 'a');
  g_autofree char *address = g_strconcat ("https://hub.example.org/", path, NULL);
  g_autofree char *long_link = sht_enrol_link_make (address, "SSGK3-2A4PB");
  char *hub = NULL, *code = NULL;
  g_autofree char *cut = g_memdup2 (link, strlen (link));

  g_assert_false (sht_enrol_link_parse (long_link, -1, &hub, &code));
  /* A byte of nought within what was scanned does not end it. */
  cut[strlen (link) - 3] = '\0';
  g_assert_false (sht_enrol_link_parse (cut, (gssize) strlen (link), &hub, &code));
  g_assert_false (sht_enrol_link_parse (link, (gssize) strlen (link) - 1, &hub, &code));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/enrol-link/there-and-back", test_there_and_back);
  g_test_add_func ("/enrol-link/as-documented", test_as_documented);
  g_test_add_func ("/enrol-link/something-else", test_something_else);
  g_test_add_func ("/enrol-link/bytes", test_bytes);
  return g_test_run ();
}
