/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json-guard.h"
#include "core/json-slice.h"

#include <json-glib/json-glib.h>
#include <string.h>

static const char sample[]
    = " {\"a\": [1, -0.5e+3, 0, \"ש\\u05e9\\n\\ud83d\\ude00\"], \"b\" : {}, \"c\":null ,\"d\":[true,false,[]]}\n";

static void
assert_guard (const char *text, int code)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = sht_json_guard (text, strlen (text), 8, &error);

  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, SHT_JSON_ERROR, code);
  g_assert_cmpint (ok, ==, code < 0);
  if (error != NULL)
    g_assert_null (strchr (error->message, '\n'));
}

static void
test_good (void)
{
  static const char *const good[] = { "1", "-0", "0.5", "1e9", "1E-9", "\"\"", "\"\\u00e9\\/\"", "[]", "{}",
                                      "null", "[[[[[[[[1]]]]]]]]", " [ 1 , 2 ] ", "{\"a\":{\"a\":1}}" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    assert_guard (good[i], -1);
  assert_guard (sample, -1);
}

static void
test_bad (void)
{
  static const struct {
    const char *text;
    ShtJsonError code;
  } bad[] = {
    { "", SHT_JSON_ERROR_SYNTAX },
    { "  ", SHT_JSON_ERROR_SYNTAX },
    { "[1,]", SHT_JSON_ERROR_SYNTAX },
    { "[,1]", SHT_JSON_ERROR_SYNTAX },
    { "[1 2]", SHT_JSON_ERROR_SYNTAX },
    { "{\"a\"}", SHT_JSON_ERROR_SYNTAX },
    { "{\"a\":}", SHT_JSON_ERROR_SYNTAX },
    { "{\"a\":1,}", SHT_JSON_ERROR_SYNTAX },
    { "{a:1}", SHT_JSON_ERROR_SYNTAX },
    { "{'a':1}", SHT_JSON_ERROR_SYNTAX },
    { "[1}", SHT_JSON_ERROR_SYNTAX },
    { "]", SHT_JSON_ERROR_SYNTAX },
    { "[] []", SHT_JSON_ERROR_SYNTAX },
    { "// no\n1", SHT_JSON_ERROR_SYNTAX },
    { "01", SHT_JSON_ERROR_SYNTAX },
    { "1.", SHT_JSON_ERROR_SYNTAX },
    { ".5", SHT_JSON_ERROR_SYNTAX },
    { "-", SHT_JSON_ERROR_SYNTAX },
    { "1e", SHT_JSON_ERROR_SYNTAX },
    { "+1", SHT_JSON_ERROR_SYNTAX },
    { "NaN", SHT_JSON_ERROR_SYNTAX },
    { "tru", SHT_JSON_ERROR_SYNTAX },
    { "truer", SHT_JSON_ERROR_SYNTAX },
    { "\"\\x\"", SHT_JSON_ERROR_SYNTAX },
    { "\"\\u12g4\"", SHT_JSON_ERROR_SYNTAX },
    { "\"a\nb\"", SHT_JSON_ERROR_SYNTAX },
    { "\"a", SHT_JSON_ERROR_SYNTAX },
    { "\"a\\", SHT_JSON_ERROR_SYNTAX },
    { "\"\\u12", SHT_JSON_ERROR_SYNTAX },
    { "\"\xff\"", SHT_JSON_ERROR_UTF8 },
    { "\"\xc0\x80\"", SHT_JSON_ERROR_UTF8 },
    { "\"\xed\xa0\x80\"", SHT_JSON_ERROR_UTF8 },
    { "\"\\ud800\"", SHT_JSON_ERROR_UTF8 },
    { "\"\\udc00\"", SHT_JSON_ERROR_UTF8 },
    { "\"\\ud800\\u0041\"", SHT_JSON_ERROR_UTF8 },
    { "\"\\u0000\"", SHT_JSON_ERROR_UTF8 },
    { "[[[[[[[[[1]]]]]]]]]", SHT_JSON_ERROR_DEPTH },
    { "{\"a\":[[[[[[[[1]]]]]]]]}", SHT_JSON_ERROR_DEPTH },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_guard (bad[i].text, (int) bad[i].code);
  g_assert_false (sht_json_guard ("\"a\0b\"", 5, 8, NULL));
}

/* At which byte, also behind what is looked at by words; and what is no UTF-8 before anything else. */
static void
test_where (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } cases[] = {
    { "{\"a\":1,}", "a member without a name at byte 7" },
    { "{\"a\" 1}", "a colon is missing at byte 5" },
    { "[1 2]", "a comma is missing at byte 3" },
    { "[1}", "a bracket that closes nothing at byte 2" },
    { "[1,]", "something that is no value at byte 3" },
    { "[tru", "the JSON text is cut short at byte 4" },
    { "[1] x", "something follows the JSON text at byte 4" },
    { "[-x]", "a number without digits at byte 2" },
    { "{\"0123456789abcdef0123456789\":\"0123456789abcdef0123\x01\"}", "a raw control character in a string at byte 51" },
    { "[\"0123456789abcdef01\\q\"]", "an unknown escape in a string at byte 20" },
    { "[\"0123456789abcdef01\\u12\"]", "\\u without four hexadecimal digits at byte 20" },
    { "[\"0123456789abcdef01\\ud800\"]", "half of a surrogate pair at byte 20" },
    { "[\"0123456789abcdef01", "the JSON text is cut short at byte 20" },
    { "[\"0123456789abcdef שלום\xc3(\"]", "bytes that are not UTF-8 at byte 27" },
    { "[x, \"0123456789abcdef\xff\"]", "bytes that are not UTF-8 at byte 21" },
    { "[[[[1]]]]", "nested deeper than 3 levels at byte 3" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (sht_json_guard (cases[i].text, strlen (cases[i].text), 3, &error));
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

/* A hundred million brackets cost neither stack nor patience. */
static void
test_deep (void)
{
  gsize n = 10 * 1000 * 1000;
  g_autofree char *text = g_malloc (n);
  g_autoptr (GError) error = NULL;

  memset (text, '[', n);
  g_assert_false (sht_json_guard (text, n, 64, &error));
  g_assert_error (error, SHT_JSON_ERROR, SHT_JSON_ERROR_DEPTH);
}

/* Cut anywhere, and with any byte changed: never past the end (the sanitizer watches the copy), and
 * whatever passes, json-glib can read too. */
static void
test_mutations (void)
{
  gsize n = strlen (sample);

  for (gsize cut = 0; cut < n - 2; cut++)
    {
      g_autofree char *copy = g_memdup2 (sample, cut);

      g_assert_false (sht_json_guard (cut > 0 ? copy : "", cut, 8, NULL));
    }
  for (gsize i = 0; i < n; i++)
    for (int byte = 0; byte < 256; byte++)
      {
        g_autofree char *copy = g_memdup2 (sample, n);
        g_autoptr (JsonParser) parser = json_parser_new ();
        GString *out = g_string_new (NULL);

        copy[i] = (char) byte;
        if (sht_json_guard (copy, n, 8, NULL))
          {
            g_assert_true (json_parser_load_from_data (parser, copy, (gssize) n, NULL));
            sht_json_append_slice (out, sht_json_slice_root (copy, n));
            g_assert_true (sht_json_guard (out->str, out->len, 8, NULL));
          }
        g_string_free (out, TRUE);
      }
}

static ShtJsonSlice
slice (const char *text)
{
  g_assert_true (sht_json_guard (text, strlen (text), 64, NULL));
  return sht_json_slice_root (text, strlen (text));
}

static void
test_slices (void)
{
  ShtJsonSlice root = slice (sample);
  g_autofree char *text = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  ShtJsonIter iter;
  ShtJsonSlice value;

  g_assert_cmpuint (sht_json_slice_count (root), ==, 4);
  g_assert_cmpuint (sht_json_slice_count (sht_json_slice_member (root, "b")), ==, 0);
  g_assert_cmpint (sht_json_slice_kind (sht_json_slice_member (root, "c")), ==, SHT_JSON_ABSENT);
  g_assert_cmpint (sht_json_slice_kind (sht_json_slice_member (root, "x")), ==, SHT_JSON_ABSENT);
  sht_json_iter_init (&iter, sht_json_slice_member (root, "a"));
  for (int i = 0; i < 4; i++)
    g_assert_true (sht_json_iter_next (&iter, NULL, &value));
  g_assert_false (sht_json_iter_next (&iter, NULL, &(ShtJsonSlice) { 0 }));
  text = sht_json_slice_string (value);
  g_assert_cmpstr (text, ==, "שש\n😀");
  sht_json_append_slice (out, root);
  g_assert_cmpstr (out->str, ==,
                   "{\"a\":[1,-0.5e+3,0,\"ש\\u05e9\\n\\ud83d\\ude00\"],\"b\":{},\"c\":null,"
                   "\"d\":[true,false,[]]}");
}

/* In one go as one by one: the first of a name, also of one with escapes, and nothing of what lies deeper. */
static void
test_members (void)
{
  static const ShtJsonName names[] = { SHT_JSON_NAME ("name"), SHT_JSON_NAME ("n"), SHT_JSON_NAME ("none"), SHT_JSON_NAME ("deep") };
  static const char text[]
    = "{\"n\":1 ,\"na\\u006de\":\"x\",\"deep\": {\"none\":2,\"a\":[{}]} ,\"named\":3,\"n\":5,\"name\\\\\":4}";
  ShtJsonSlice root = slice (text);
  ShtJsonSlice values[G_N_ELEMENTS (names)], guarded[G_N_ELEMENTS (names)];

  sht_json_slice_members (root, names, G_N_ELEMENTS (names), values);
  g_assert_true (sht_json_guard_members (text, strlen (text), 8, names, G_N_ELEMENTS (names), guarded, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      ShtJsonSlice one = sht_json_slice_member (root, names[i].name);

      g_assert_true (values[i].at == one.at && values[i].length == one.length);
      g_assert_true (guarded[i].at == one.at && guarded[i].length == one.length);
    }
  g_assert_true (sht_json_slice_equals (values[0], "x"));
  g_assert_cmpint (sht_json_slice_kind (values[2]), ==, SHT_JSON_ABSENT);
  sht_json_slice_members (values[1], names, G_N_ELEMENTS (names), values);
  g_assert_null (values[1].at);
}

static void
test_scaled (void)
{
  static const struct {
    const char *text;
    gboolean ok;
    gint64 want;
  } cases[] = {
    { "41.74685764200721", TRUE, 417468576 }, { "-87.6536401592609", TRUE, -876536402 },
    { "0.00000005", TRUE, 1 },                { "-0.00000005", TRUE, -1 },
    { "0.00000004999", TRUE, 0 },             { "3124e-2", TRUE, 312400000 },
    { "1.5E1", TRUE, 150000000 },             { "0", TRUE, 0 },
    { "0e999", TRUE, 0 },                     { "0.99999995", TRUE, 10000000 },
    { "1e30", FALSE, 0 },                     { "1e-99999", TRUE, 0 },
    { "1e999999", FALSE, 0 },                 { "\"1\"", FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 got = 0;

      g_assert_cmpint (sht_json_slice_scaled (slice (cases[i].text), 7, &got), ==, cases[i].ok);
      g_assert_cmpint (got, ==, cases[i].want);
    }
}

static void
test_write (void)
{
  g_autoptr (GString) out = g_string_new ("{");
  g_autofree char *back = NULL;
  static const char odd[] = "\"\\\b\x01\x1f\n\t/ש\xe2\x80\xa8\x7f";

  sht_json_append_member (out, "odd", odd);
  sht_json_append_member (out, "absent", NULL);
  sht_json_append_member_int (out, "least", G_MININT64);
  sht_json_append_member_int (out, "zero", 0);
  g_string_append_c (out, '}');
  back = sht_json_slice_member_string (slice (out->str), "odd");
  g_assert_cmpstr (back, ==, odd);
  g_assert_nonnull (strstr (out->str, "\"least\":-9223372036854775808,\"zero\":0}"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/json-guard/good", test_good);
  g_test_add_func ("/core/json-guard/bad", test_bad);
  g_test_add_func ("/core/json-guard/where", test_where);
  g_test_add_func ("/core/json-guard/deep", test_deep);
  g_test_add_func ("/core/json-guard/mutations", test_mutations);
  g_test_add_func ("/core/json-slice/read", test_slices);
  g_test_add_func ("/core/json-slice/members", test_members);
  g_test_add_func ("/core/json-slice/scaled", test_scaled);
  g_test_add_func ("/core/json-slice/write", test_write);
  return g_test_run ();
}
