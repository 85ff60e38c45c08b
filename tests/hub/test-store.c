/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/store.h"
#include "platform/db.h"

#include <glib/gstdio.h>
#include <string.h>

/* What the hub's logic relies on in a driver. Written over the interface alone: another driver is proved by
 * adding how it is opened to the table in main(). */

typedef ShtHubStore *(*OpenFunc) (const char *folder);

static ShtHubStore *
open_sqlite (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "hub.db", NULL);
  g_autoptr (GError) error = NULL;
  ShtHubStore *store = sht_hub_store_open_sqlite (path, NULL, &error);

  g_assert_no_error (error);
  return store;
}

typedef struct
{
  char *folder;
  OpenFunc open;
  ShtHubStore *store;
  ShtHubStore *other; /* a second handle, as another process would have */
} Fixture;

static void
set_up (Fixture *f, gconstpointer open)
{
  f->folder = g_dir_make_tmp ("store-XXXXXX", NULL);
  f->open = (OpenFunc) open;
  f->store = f->open (f->folder);
  f->other = f->open (f->folder);
}

static void
tear_down (Fixture *f, gconstpointer open)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  sht_hub_store_close (f->store);
  sht_hub_store_close (f->other);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
}

#define CALL(s, function, ...) ((s)->driver->function ((s), ##__VA_ARGS__))
#define OK(call)                                                                                                \
  G_STMT_START                                                                                                  \
  {                                                                                                             \
    g_autoptr (GError) error = NULL;                                                                            \
    gboolean ok = (call);                                                                                       \
    g_assert_no_error (error);                                                                                  \
    g_assert_true (ok);                                                                                         \
  }                                                                                                             \
  G_STMT_END

static void
put (ShtHubStore *s, const char *type, const char *id, const char *parent, gint64 number, const char *doc)
{
  OK (CALL (s, put_entity, type, id, parent, number, doc, &error));
}

static char *
get (ShtHubStore *s, const char *type, const char *id)
{
  char *doc = NULL;

  OK (CALL (s, get_entity, type, id, &doc, &error));
  return doc;
}

static void
assert_doc (ShtHubStore *s, const char *type, const char *id, const char *expected)
{
  g_autofree char *doc = get (s, type, id);

  g_assert_cmpstr (doc, ==, expected);
}

static gint64
append (ShtHubStore *s, gint64 nonce)
{
  gint64 number = 0;

  OK (CALL (s, append_log, nonce, "ticket", "x", NULL, NULL, 5, &number, &error));
  return number;
}

static void
test_log (Fixture *f, gconstpointer data)
{
  gint64 number, nonce, first, second;

  OK (CALL (f->store, log_head, &number, &nonce, &error));
  g_assert_cmpint (number, ==, 0);
  OK (CALL (f->store, begin, TRUE, &error));
  first = append (f->store, 11);
  second = append (f->store, G_MAXINT64);
  g_assert_cmpint (first, >, 0);
  g_assert_cmpint (second, ==, first + 1);
  /* nobody sees a number before it is committed */
  OK (CALL (f->other, log_head, &number, &nonce, &error));
  g_assert_cmpint (number, ==, 0);
  OK (CALL (f->store, commit, &error));
  OK (CALL (f->other, log_head, &number, &nonce, &error));
  g_assert_cmpint (number, ==, second);
  g_assert_cmpint (nonce, ==, G_MAXINT64);
  OK (CALL (f->other, log_nonce, first, &nonce, &error));
  g_assert_cmpint (nonce, ==, 11);
  OK (CALL (f->other, log_nonce, second + 1, &nonce, &error));
  g_assert_cmpint (nonce, ==, -1);
}

static void
test_transactions (Fixture *f, gconstpointer data)
{
  gint64 version = CALL (f->other, data_version);
  g_autofree char *seen = NULL;

  OK (CALL (f->store, begin, TRUE, &error));
  put (f->store, "ticket", "a", NULL, 1, "{\"a\":1}");
  CALL (f->store, rollback);
  assert_doc (f->store, "ticket", "a", NULL);
  g_assert_cmpint (CALL (f->other, data_version), ==, version);
  OK (CALL (f->store, begin, TRUE, &error));
  put (f->store, "ticket", "a", NULL, 1, "{\"a\":1}");
  OK (CALL (f->store, savepoint, &error));
  put (f->store, "ticket", "a", NULL, 2, "{\"a\":2}");
  put (f->store, "ticket", "b", NULL, 2, "{}");
  append (f->store, 1);
  CALL (f->store, undo_savepoint);
  OK (CALL (f->store, savepoint, &error));
  put (f->store, "ticket", "c", NULL, 3, "{}");
  OK (CALL (f->store, release, &error));
  OK (CALL (f->store, commit, &error));
  assert_doc (f->other, "ticket", "a", "{\"a\":1}");
  assert_doc (f->other, "ticket", "b", NULL);
  assert_doc (f->other, "ticket", "c", "{}");
  g_assert_cmpint (CALL (f->other, data_version), !=, version);
  /* a reader sees one moment, whatever is written beside it */
  OK (CALL (f->other, begin, FALSE, &error));
  assert_doc (f->other, "ticket", "a", "{\"a\":1}");
  put (f->store, "ticket", "a", NULL, 4, "{\"a\":4}");
  assert_doc (f->other, "ticket", "a", "{\"a\":1}");
  CALL (f->other, rollback);
  assert_doc (f->other, "ticket", "a", "{\"a\":4}");
}

static gboolean
join_entity (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  g_assert_nonnull (doc);
  g_string_append_printf (data, "%s/%s/%" G_GINT64_FORMAT " ", type, id, number);
  return TRUE;
}

static gboolean
only_first (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  join_entity (data, type, id, number, doc);
  return FALSE;
}

#define EACH(expected, call)                                                                                    \
  G_STMT_START                                                                                                  \
  {                                                                                                             \
    g_autoptr (GString) out = g_string_new (NULL);                                                              \
    OK (call);                                                                                                  \
    g_assert_cmpstr (out->str, ==, (expected));                                                                 \
  }                                                                                                             \
  G_STMT_END

static void
test_entities (Fixture *f, gconstpointer data)
{
  ShtHubStore *s = f->store;

  put (s, "ticket", "t1", NULL, 5, "{\"number\":\"106-1\"}");
  put (s, "ticket", "t2", NULL, 6, "{\"number\":\"106-2\"}");
  put (s, "stub", "t1", NULL, 6, "{}");
  put (s, "event", "e2", "t1", 8, "{}");
  put (s, "event", "e1", "t1", 7, "{}");
  put (s, "photo", "p1", "t1", 8, "{\"sha256\":\"aa\",\"thumb_sha256\":\"bb\"}");
  put (s, "event", "e0", "t1", 8, "{}");
  put (s, "photo", "p2", "t2", 9, "{\"sha256\":\"aa\",\"thumb_sha256\":\"aa\"}");
  EACH ("event/e1/7 event/e0/8 event/e2/8 photo/p1/8 ", CALL (s, each_child, "t1", 0, join_entity, out, &error));
  EACH ("event/e0/8 event/e2/8 photo/p1/8 ", CALL (s, each_child, "t1", 7, join_entity, out, &error));
  EACH ("event/e1/7 ", CALL (s, each_child, "t1", 0, only_first, out, &error));
  EACH ("", CALL (s, each_child, "none", 0, join_entity, out, &error));
  EACH ("ticket/t1/5 ticket/t2/6 ", CALL (s, each_of_type, "ticket", join_entity, out, &error));
  EACH ("ticket/t2/6 ", CALL (s, find_tickets, "106-2", 2, join_entity, out, &error));
  EACH ("ticket/t1/5 ticket/t2/6 ", CALL (s, find_tickets, "t", 2, join_entity, out, &error));
  EACH ("ticket/t1/5 ", CALL (s, find_tickets, "t", 1, join_entity, out, &error));
  EACH ("", CALL (s, find_tickets, "%", 2, join_entity, out, &error));
  EACH ("photo/p1/8 ", CALL (s, find_photos_by_hash, "bb", join_entity, out, &error));
  EACH ("photo/p1/8 photo/p2/9 ", CALL (s, find_photos_by_hash, "aa", join_entity, out, &error));
  EACH ("", CALL (s, find_photos_by_hash, "", join_entity, out, &error));
  /* the type is part of the name */
  {
    g_autoptr (GError) error = NULL;

    g_assert_false (CALL (s, add_entity, "stub", "t1", NULL, 6, "{}", &error));
    g_assert_error (error, SHT_DB_ERROR, SHT_DB_ERROR_CONSTRAINT);
  }
  OK (CALL (s, remove_entity, "stub", "t1", &error));
  g_assert_null (get (s, "stub", "t1"));
  assert_doc (s, "ticket", "t1", "{\"number\":\"106-1\"}");
  put (s, "ticket", "t1", NULL, 20, "{\"number\":\"שלום\",\"x\":\"\\u0022\"}");
  assert_doc (s, "ticket", "t1", "{\"number\":\"שלום\",\"x\":\"\\u0022\"}");
}

static gboolean
join_member (gpointer data, const ShtHubMember *m, const char *doc)
{
  g_string_append_printf (data, "%s/%s/%" G_GINT64_FORMAT "%s%s ", m->type, m->id, m->number, m->present ? "" : "-", doc != NULL ? "" : "0");
  return TRUE;
}

static void
test_members (Fixture *f, gconstpointer data)
{
  ShtHubStore *s = f->store;
  gboolean found;
  ShtHubMember m = { .scope = "crew:a", .type = "ticket", .id = "t1" };

  OK (CALL (s, get_member, &m, &found, &error));
  g_assert_false (found);
  put (s, "ticket", "t1", NULL, 5, "{}");
  OK (CALL (s, enter_member, "crew:a", "ticket", "t1", 1, &error));
  OK (CALL (s, enter_member, "crew:a", "ticket", "t2", 2, &error));
  OK (CALL (s, enter_member, "crew:a", "ticket", "t3", 3, &error));
  OK (CALL (s, enter_member, "crew:a", "ticket", "t4", 6, &error));
  OK (CALL (s, leave_member, "crew:a", "ticket", "t3", 7, &error));
  OK (CALL (s, enter_member, "crew:a", "ticket", "t2", 8, &error));
  OK (CALL (s, enter_member, "crew:a", "ticket", "t1", 9, &error));
  OK (CALL (s, get_member, &m, &found, &error));
  g_assert_true (found);
  g_assert_cmpint (m.number, ==, 9);
  g_assert_cmpint (m.entered, ==, 1);
  g_assert_cmpint (m.first_entered, ==, 1);
  /* what has left, or never was there, cannot leave */
  OK (CALL (s, leave_member, "crew:a", "ticket", "t3", 10, &error));
  OK (CALL (s, leave_member, "crew:a", "ticket", "t5", 10, &error));
  EACH ("ticket/t4/60 ticket/t3/7-0 ticket/t2/80 ticket/t1/9 ", CALL (s, each_member_since, "crew:a", 0, 10, join_member, out, &error));
  EACH ("ticket/t3/7-0 ", CALL (s, each_member_since, "crew:a", 6, 1, join_member, out, &error));
  EACH ("", CALL (s, each_member_since, "crew:a", 9, 10, join_member, out, &error));
  EACH ("", CALL (s, each_member_since, "crew:b", 0, 10, join_member, out, &error));
  EACH ("ticket/t1/9 ticket/t2/80 ticket/t4/60 ", CALL (s, each_present, "crew:a", "", "~", G_MAXINT64, join_member, out, &error));
  EACH ("ticket/t2/80 ", CALL (s, each_present, "crew:a", "t2", "t2~", G_MAXINT64, join_member, out, &error));
  EACH ("ticket/t2/80 ticket/t4/60 ", CALL (s, each_present, "crew:a", "", "~", 8, join_member, out, &error));
  {
    /* a scope's number is one change's */
    g_autoptr (GError) error = NULL;

    g_assert_false (CALL (s, enter_member, "crew:a", "ticket", "t9", 9, &error));
    g_assert_error (error, SHT_DB_ERROR, SHT_DB_ERROR_CONSTRAINT);
  }
  /* what comes back has come anew, and was there before */
  OK (CALL (s, enter_member, "crew:a", "ticket", "t3", 11, &error));
  m.id = "t3";
  OK (CALL (s, get_member, &m, &found, &error));
  g_assert_true (found && m.present);
  g_assert_cmpint (m.number, ==, 11);
  g_assert_cmpint (m.entered, ==, 11);
  g_assert_cmpint (m.first_entered, ==, 3);
}

static void
test_operations (Fixture *f, gconstpointer data)
{
  ShtHubStore *s = f->store;
  g_autofree char *hash = NULL, *result = NULL, *by = NULL, *op = NULL, *none = NULL;
  gint64 number, at;
  g_autoptr (GError) twice = NULL;

  OK (CALL (s, get_op, "o1", &hash, &result, &error));
  g_assert_null (hash);
  g_assert_null (result);
  OK (CALL (s, put_op, "o1", "h", "{}", "d", 3, 9, &error));
  OK (CALL (s, get_op, "o1", &hash, &result, &error));
  g_assert_cmpstr (hash, ==, "h");
  g_assert_cmpstr (result, ==, "{}");
  g_assert_false (CALL (s, put_op, "o1", "h2", "{}", "d", 3, 9, &twice));
  g_assert_error (twice, SHT_DB_ERROR, SHT_DB_ERROR_CONSTRAINT);
  OK (CALL (s, put_conflict, "o1", "ticket", "t", "title", "{}", 5, &error));
  OK (CALL (s, put_conflict, "o1", "ticket", "t", "address", "{}", 5, &error));
  OK (CALL (s, resolve_conflict, "o1", "address", "mine", "o2", 6, &error));
  OK (CALL (s, get_replacement, "o1", &by, &error));
  g_assert_null (by);
  OK (CALL (s, put_replacement, "o1", "o2", &error));
  OK (CALL (s, put_replacement, "o1", "o3", &error));
  OK (CALL (s, get_replacement, "o1", &by, &error));
  g_assert_cmpstr (by, ==, "o3");
  OK (CALL (s, append_log, 7, "ticket", "t", "o1", "d", 8, &number, &error));
  OK (CALL (s, log_op, number, &op, &at, &error));
  g_assert_cmpstr (op, ==, "o1");
  g_assert_cmpint (at, ==, 8);
  OK (CALL (s, log_op, number + 1, &none, &at, &error));
  g_assert_null (none);
}

static void
test_devices_and_codes (Fixture *f, gconstpointer data)
{
  ShtHubStore *s = f->store;
  ShtHubDevice in = { (char *) "d1", (char *) "crew", (char *) "r1", NULL, NULL, 90 };
  ShtHubCode code = { (char *) "crew", (char *) "r1", (char *) "roads", NULL, 77, NULL };
  g_autoptr (ShtHubDevice) out = NULL, by_id = NULL, gone = NULL, later = NULL, back = NULL;
  g_autoptr (ShtHubCode) none = NULL, known = NULL, used = NULL;

  OK (CALL (s, put_device, &in, "hash1", 100, &error));
  OK (CALL (s, get_device, "hash1", &out, &error));
  g_assert_cmpstr (out->id, ==, "d1");
  g_assert_cmpstr (out->crew, ==, "r1");
  g_assert_null (out->department);
  /* nothing happens on a tablet before it is one */
  g_assert_cmpint (out->last_event_at, ==, 90);
  OK (CALL (s, note_device, "d1", 500, 600, &error));
  OK (CALL (s, note_device, "d1", 300, 700, &error));
  OK (CALL (s, get_device_by_id, "d1", &by_id, &error));
  g_assert_cmpint (by_id->last_event_at, ==, 500);
  /* enrolled anew: the old token is gone, the last event is not */
  OK (CALL (s, put_device, &in, "hash2", 800, &error));
  OK (CALL (s, get_device, "hash1", &gone, &error));
  g_assert_null (gone);
  OK (CALL (s, get_device, "hash2", &later, &error));
  g_assert_cmpint (later->last_event_at, ==, 500);
  OK (CALL (s, get_device_by_id, "d2", &back, &error));
  g_assert_null (back);
  OK (CALL (s, get_code, "c", &none, &error));
  g_assert_null (none);
  OK (CALL (s, put_code, "c", &code, &error));
  OK (CALL (s, get_code, "c", &known, &error));
  g_assert_cmpint (known->expires_at, ==, 77);
  g_assert_null (known->used_by);
  OK (CALL (s, use_code, "c", "d1", &error));
  OK (CALL (s, get_code, "c", &used, &error));
  g_assert_cmpstr (used->used_by, ==, "d1");
}

static void
test_series_and_blobs (Fixture *f, gconstpointer data)
{
  ShtHubStore *s = f->store;
  gint64 n = 0, size = 0;
  gboolean has = TRUE;

  OK (CALL (s, has_thumbnail, "p", &has, &error));
  g_assert_false (has);
  OK (CALL (s, put_thumbnail, "p", &error));
  OK (CALL (s, put_thumbnail, "p", &error));
  OK (CALL (s, has_thumbnail, "p", &has, &error));
  g_assert_true (has);

  OK (CALL (s, next_in_series, "106-2023", &n, &error));
  g_assert_cmpint (n, ==, 1);
  OK (CALL (s, raise_series, "106-2023", 40, &error));
  OK (CALL (s, raise_series, "106-2023", 7, &error));
  OK (CALL (s, next_in_series, "106-2023", &n, &error));
  g_assert_cmpint (n, ==, 41);
  OK (CALL (s, next_in_series, "106-2024", &n, &error));
  g_assert_cmpint (n, ==, 1);
  OK (CALL (s, get_blob, "aa", &size, &error));
  g_assert_cmpint (size, ==, -1);
  OK (CALL (s, put_blob, "aa", 12, 5, &error));
  OK (CALL (s, put_blob, "aa", 12, 6, &error));
  OK (CALL (s, get_blob, "aa", &size, &error));
  g_assert_cmpint (size, ==, 12);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    OpenFunc open;
  } drivers[] = { { "sqlite", open_sqlite } };
  static const struct
  {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "log", test_log },
    { "transactions", test_transactions },
    { "entities", test_entities },
    { "members", test_members },
    { "operations", test_operations },
    { "devices-and-codes", test_devices_and_codes },
    { "series-and-blobs", test_series_and_blobs },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint d = 0; d < G_N_ELEMENTS (drivers); d++)
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
      {
        g_autofree char *path = g_strdup_printf ("/hub-store/%s/%s", drivers[d].name, tests[i].name);

        g_test_add (path, Fixture, (gconstpointer) drivers[d].open, set_up, tests[i].test, tear_down);
      }
  return g_test_run ();
}
