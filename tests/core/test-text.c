/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"

#include <sqlite3.h>
#include <string.h>

static void
assert_fold (const char *text, const char *expected)
{
  g_autofree char *folded = sht_text_fold (text);

  g_assert_cmpstr (folded, ==, expected);
}

static void
test_fold (void)
{
  assert_fold (NULL, "");
  assert_fold ("", "");
  assert_fold ("  ,.- ", "");
  assert_fold ("Main  STREET, 12", "main street 12");
  assert_fold ("כבישים", "כבישימ");
  assert_fold ("ךםןףץ", "כמנפצ");
  assert_fold ("כְּבִישׁ", "כביש");
  assert_fold ("ז׳בוטינסקי", "זבוטינסקי");
  assert_fold ("ז'בוטינסקי", "זבוטינסקי");
  assert_fold ("צה״ל צה\"ל", "צהל צהל");
  assert_fold ("\xe2\x80\x8fרחוב\xe2\x80\x8e 5", "רחוב 5");
  assert_fold ("Ёлка", "елка");
  assert_fold ("שָׁלוֹם־עֲלֵיכֶם", "שלומ עליכמ");
}

/* An index as the tablet makes it. */
static sqlite3 *
index_of (const char *text)
{
  g_autoptr (GString) words = g_string_new (NULL);
  sqlite3_stmt *stmt;
  sqlite3 *db;

  sht_text_fold_for_index (words, text);
  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db,
                                 "CREATE VIRTUAL TABLE t USING fts5 (words, detail = none, columnsize = 0,"
                                 " tokenize = 'ascii')",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "INSERT INTO t (words) VALUES (?1)", -1, &stmt, NULL);
  sqlite3_bind_text (stmt, 1, words->str, -1, SQLITE_STATIC);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_DONE);
  sqlite3_finalize (stmt);
  return db;
}

static int
matches (sqlite3 *db, const char *query)
{
  g_autofree char *match = sht_text_match_query (query);
  sqlite3_stmt *stmt;
  int rc;

  if (match == NULL)
    return -1;
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT count(*) FROM t WHERE t MATCH ?1", -1, &stmt, NULL), ==, SQLITE_OK);
  sqlite3_bind_text (stmt, 1, match, -1, SQLITE_STATIC);
  if (sqlite3_step (stmt) != SQLITE_ROW)
    g_error ("%s: %s", match, sqlite3_errmsg (db));
  rc = sqlite3_column_int (stmt, 0);
  sqlite3_finalize (stmt);
  return rc;
}

static int
finds (const char *text, const char *query)
{
  sqlite3 *db = index_of (text);
  int n = matches (db, query);

  sqlite3_close (db);
  return n;
}

static void
test_hebrew (void)
{
  g_assert_cmpint (finds ("מפגע בכביש הראשי", "כביש"), ==, 1);
  g_assert_cmpint (finds ("נזק לכבישים", "כביש"), ==, 1);
  g_assert_cmpint (finds ("ולכבישים", "כביש"), ==, 1);
  g_assert_cmpint (finds ("כביש", "כביש"), ==, 1);
  g_assert_cmpint (finds ("כביש", "כבישים"), ==, 0);
  g_assert_cmpint (finds ("שלום עליכם", "עליכמ"), ==, 1);
  g_assert_cmpint (finds ("שלום", "שלומ"), ==, 1);
  g_assert_cmpint (finds ("כְּבִישׁ", "כביש"), ==, 1);
  g_assert_cmpint (finds ("רחוב ז׳בוטינסקי", "ז'בוט"), ==, 1);
  g_assert_cmpint (finds ("בור בכביש", "כביש בור"), ==, 1);
  g_assert_cmpint (finds ("בור בכביש", "כביש מדרכה"), ==, 0);
  /* too little would be left of the word */
  g_assert_cmpint (finds ("בית", "ית"), ==, 0);
  /* three particles are more than are taken off */
  g_assert_cmpint (finds ("ושבכביש", "כביש"), ==, 0);
}

static void
test_hostile_queries (void)
{
  static const char *const hostile[] = {
    "\"", "\"\"", "*", "a*", "\"a", "a\"b", "a OR b", "NOT a", "a NEAR b", "words:a", "{words}:a", "(a", "a)", "^a",
    "a + b", "a;DROP TABLE t", "-a", "a-b", "'", "''", "a'b", "NEAR(a b, 2)", "\\", "%_", "\x01\x02",
  };
  sqlite3 *db = index_of ("a or b near not words drop table t 2");

  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    matches (db, hostile[i]);
  g_assert_cmpint (matches (db, "a OR b"), ==, 1);
  g_assert_cmpint (matches (db, "a OR zzz"), ==, 0);
  g_assert_cmpint (matches (db, " .,\" "), ==, -1);
  g_assert_cmpint (matches (db, NULL), ==, -1);
  sqlite3_close (db);
}

/* Whatever letter somebody types, what was indexed with it is found by it, and no query is an error. */
static void
test_every_letter (void)
{
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GArray) letters = g_array_new (FALSE, FALSE, sizeof (gunichar));
  sqlite3 *db;

  for (gunichar c = 1; c < 0x20000; c += c < 0x3000 || c > 0x10000 ? 1 : 37)
    if (g_unichar_validate (c) && g_unichar_isalnum (c))
      {
        g_array_append_val (letters, c);
        g_string_append_c (all, 'a');
        g_string_append_unichar (all, c);
        g_string_append (all, "b ");
      }
  db = index_of (all->str);
  for (guint i = 0; i < letters->len; i++)
    {
      char query[16] = "a";
      int n = g_unichar_to_utf8 (g_array_index (letters, gunichar, i), query + 1);

      query[1 + n] = 'b';
      query[2 + n] = 0;
      if (matches (db, query) != 1)
        g_error ("U+%04X is not found", g_array_index (letters, gunichar, i));
    }
  g_assert_cmpuint (letters->len, >, 5000);
  sqlite3_close (db);
}

static void
test_clip (void)
{
  g_autofree char *short_one = sht_text_clip ("שלום", 4);
  g_autofree char *clipped = sht_text_clip ("שלום", 3);
  g_autofree char *none = sht_text_clip ("שלום", 0);

  g_assert_cmpstr (short_one, ==, "שלום");
  g_assert_cmpstr (clipped, ==, "שלו");
  g_assert_cmpstr (none, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/fold", test_fold);
  g_test_add_func ("/text/hebrew", test_hebrew);
  g_test_add_func ("/text/hostile-queries", test_hostile_queries);
  g_test_add_func ("/text/every-letter", test_every_letter);
  g_test_add_func ("/text/clip", test_clip);
  return g_test_run ();
}
