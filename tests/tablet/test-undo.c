/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tablet/two-fixture.h"

/* Rule 13: what was done is taken back. */

static char *
undo_last (Tablet *tablet, const char *ticket, gboolean expect_withdrawn)
{
  g_autoptr (GError) error = NULL;
  char *op = sht_store_last_step (tablet->store, ticket, &error);
  gboolean withdrawn;

  g_assert_no_error (error);
  sht_store_undo (tablet->store, op, &withdrawn, &error);
  g_assert_no_error (error);
  g_assert_cmpint (withdrawn, ==, expect_withdrawn);
  return op;
}

static void
assert_refused (Tablet *tablet, const char *op)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (sht_store_withdraw (tablet->store, op, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED);
}

/* What was never sent is withdrawn: the tablet is as it was, and the hub never hears of it. */
static void
test_withdraw (void)
{
  g_autoptr (Two) two = two_new ();
  g_autofree char *before = sht_store_get_doc (two->crew->store, "ticket", two->id, NULL);
  g_autofree char *report = NULL;

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *photo = NULL, *after = NULL, *path = NULL;

      if (i == 0)
        set_title (two->crew, two->id, "typo");
      else if (i == 1)
        tablet_note (two->crew, two->id, "wrong ticket");
      else if (i == 2)
        g_assert_true (sht_store_set_status (two->crew->store, two->id, SHT_STATUS_DONE, NULL, NULL, NULL));
      else if (i == 3)
        photo = tablet_photo (two->crew, two->id, 500, 9);
      else
        {
          report = tablet_report (two->crew, "pothole");
          photo = tablet_photo (two->crew, report, 500, 9);
          g_free (sht_store_last_step (two->crew->store, report, NULL));
        }
      if (photo != NULL)
        {
          g_autofree char *sha = sht_db_get_text (two->crew->store->db, NULL, "SELECT sha256 FROM blob", "");

          path = sht_store_blob_path (two->crew->store, sha);
          g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
        }
      if (i == 4)
        {
          g_autofree char *create
            = sht_db_get_text (two->crew->store->db, NULL, "SELECT op FROM op WHERE kind = 'ticket.create'", "");

          g_assert_true (sht_store_withdraw (two->crew->store, create, NULL));
        }
      else
        g_free (undo_last (two->crew, two->id, TRUE));
      after = sht_store_get_doc (two->crew->store, "ticket", two->id, NULL);
      g_assert_cmpstr (after, ==, before);
      g_assert_true (sht_store_index_all (two->crew->store, NULL));
      g_assert_true (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS));
      g_assert_cmpint (tablet_count (two->crew, "SELECT (SELECT count(*) FROM op) + (SELECT count(*) FROM event) + "
                                                "(SELECT count(*) FROM photo) + (SELECT count(*) FROM blob) + "
                                                "(SELECT count(*) FROM base)"),
                       ==, 0);
      g_assert_cmpint (tablet_count (two->crew, "SELECT count(*) FROM ticket"), ==, 1);
    }
  sync_all (two);
  g_assert_cmpint (tablet_count (two->boss, "SELECT count(*) FROM event"), ==, 0);
}

/* Nothing that was done on top goes with it. */
static void
test_withdraw_refused (void)
{
  g_autoptr (Two) two = two_new ();
  g_autofree char *title = NULL, *status = NULL, *create = NULL, *report = NULL;

  set_title (two->crew, two->id, "one");
  title = sht_store_last_step (two->crew->store, two->id, NULL);
  tablet_note (two->crew, two->id, "beside it");
  set_title (two->crew, two->id, "two");
  assert_refused (two->crew, title);
  g_assert_true (sht_store_set_status (two->crew->store, two->id, SHT_STATUS_IN_PROGRESS, NULL, NULL, NULL));
  status = sht_store_last_step (two->crew->store, two->id, NULL);
  g_assert_true (sht_store_set_status (two->crew->store, two->id, SHT_STATUS_DONE, NULL, NULL, NULL));
  assert_refused (two->crew, status);
  report = tablet_report (two->crew, "pothole");
  create = sht_store_last_step (two->crew->store, report, NULL);
  tablet_note (two->crew, report, "words about it");
  g_free (tablet_photo (two->crew, report, 500, 9));
  assert_refused (two->crew, create);
  g_assert_cmpint (tablet_count (two->crew, "SELECT count(*) FROM op"), ==, 8);
  /* from the top it goes, step by step */
  for (guint i = 0; i < 3; i++)
    g_free (undo_last (two->crew, report, TRUE));
  for (guint i = 0; i < 5; i++)
    g_free (undo_last (two->crew, two->id, TRUE));
  assert_member (two->crew, two->id, "title", "ticket 1");
  sync_all (two);
}

/* What may be at the hub is taken back by another step. */
static void
test_compensate (void)
{
  g_autoptr (Two) two = two_new ();
  g_autofree char *note = NULL;
  gboolean withdrawn;

  set_title (two->crew, two->id, "typo");
  sync_all (two);
  g_free (undo_last (two->crew, two->id, FALSE));
  assert_member (two->crew, two->id, "title", "ticket 1");
  g_assert_true (sht_store_set_status (two->crew->store, two->id, SHT_STATUS_DONE, NULL, NULL, NULL));
  sync_all (two);
  g_free (undo_last (two->crew, two->id, FALSE));
  assert_status (two->crew, two->id, "assigned");
  assign_to (two->boss, two->id, "r2");
  sync_all (two);
  g_free (undo_last (two->boss, two->id, FALSE));
  sync_all (two);
  assert_member (two->boss, two->id, "title", "ticket 1");
  assert_member (two->boss, two->id, "crew", "r1");
  tablet_note (two->crew, two->id, "sent");
  g_assert_true (tablet_sync (two->crew, 0));
  note = sht_store_last_step (two->crew->store, two->id, NULL);
  g_assert_false (sht_store_undo (two->crew->store, note, &withdrawn, NULL));
  assert_refused (two->crew, note);
}

/* A decision taken back leaves the conflict waiting as before. */
static void
test_withdraw_decision (void)
{
  g_autoptr (Two) two = two_titles ();

  resolve (two->crew, "106-2023-00001", NULL, FALSE);
  assert_attention (two->crew, 0);
  g_free (undo_last (two->crew, two->id, TRUE));
  assert_attention (two->crew, 1);
  sync_all (two);
  assert_attention (two->crew, 1);
}

static void
take_back (Tablet *tablet, const char *id, const char *field)
{
  g_autoptr (GError) error = NULL;

  sht_store_take_back_decision (tablet->store, id, field, &error);
  g_assert_no_error (error);
}

/* A decision that was sent is followed by the opposite one: what stood before stands again. */
static void
test_take_back_what_was_sent (void)
{
  g_autoptr (Two) two = two_titles ();
  g_autoptr (JsonArray) rows = attention (two->boss, 1);
  const char *stood = g_str_equal (row_says (rows, 0, "stands"), "mine") ? "mine" : "theirs";
  const char *other = g_str_equal (stood, "mine") ? "theirs" : "mine";
  const char *id = row_says (rows, 0, "id");

  assert_member (two->boss, two->id, "title", side (rows, 0, stood, "value"));
  resolve (two->boss, id, "title", g_str_equal (other, "mine"));
  g_assert_true (tablet_sync (two->boss, 0));
  assert_member (two->boss, two->id, "title", side (rows, 0, other, "value"));
  take_back (two->boss, id, "title");
  assert_member (two->boss, two->id, "title", side (rows, 0, stood, "value"));
  sync_all (two);
  assert_member (two->boss, two->id, "title", side (rows, 0, stood, "value"));
  assert_member (two->crew, two->id, "title", side (rows, 0, stood, "value"));
  assert_agrees (two->boss);
  assert_agrees (two->crew);
}

/* What held already held on: there is nothing that another decision could bring back. */
static void
test_take_back_what_changed_nothing (void)
{
  g_autoptr (Two) two = two_titles ();
  g_autoptr (JsonArray) rows = attention (two->boss, 1);
  const char *id = row_says (rows, 0, "id");
  g_autoptr (GError) error = NULL;

  resolve (two->boss, id, "title", g_str_equal (row_says (rows, 0, "stands"), "mine"));
  take_back (two->boss, id, "title");
  assert_attention (two->boss, 1);
  resolve (two->boss, id, "title", g_str_equal (row_says (rows, 0, "stands"), "mine"));
  g_assert_true (tablet_sync (two->boss, 0));
  g_assert_false (sht_store_take_back_decision (two->boss->store, id, "title", &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED);
}

static void
test_take_back_what_was_put_away (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autofree char *report = NULL;
  g_autoptr (JsonArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tablet_sync (tablet, 0));
  report = tablet_report (tablet, "no-such-service");
  g_assert_true (tablet_sync (tablet, 60000));
  rows = attention (tablet, 1);
  g_assert_false (sht_store_take_back_decision (tablet->store, row_says (rows, 0, "id"), NULL, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND);
  resolve (tablet, row_says (rows, 0, "id"), NULL, FALSE);
  assert_attention (tablet, 0);
  take_back (tablet, row_says (rows, 0, "id"), NULL);
  assert_attention (tablet, 1);
  g_assert_true (tablet_sync (tablet, 60000));
  assert_attention (tablet, 1);
}

/* A decision is taken back of which the hub has told meanwhile that somebody else took it: nothing waits. */
static void
test_decided_by_somebody_else (void)
{
  g_autoptr (Two) two = two_titles ();
  g_autoptr (ShtRequest) pull = NULL;
  g_autoptr (ShtAnswer) pulled = NULL;

  sht_engine_set_live (two->crew->engine, TRUE);
  pull = sht_engine_next (two->crew->engine, two->crew->mono);
  resolve (two->boss, "106-2023-00001", NULL, TRUE);
  g_assert_true (tablet_sync (two->boss, 60000));
  resolve (two->crew, "106-2023-00001", NULL, FALSE);
  pulled = tablet_carry (two->crew, pull);
  sht_engine_answer (two->crew->engine, pull->lane, pulled, two->crew->mono);
  sht_engine_work (two->crew->engine, two->crew->mono);
  sht_engine_set_live (two->crew->engine, FALSE);
  g_free (undo_last (two->crew, two->id, TRUE));
  g_assert_cmpint (tablet_count (two->crew, "SELECT count(*) FROM op WHERE state = 3"), ==, 0);
  sync_all (two);
}

static void
set_role (Tablet *tablet, const char *photo, const char *role)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_PHOTO_EDIT, photo);
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (op->fields, "role", role);
  sht_store_act (tablet->store, op, &error);
  g_assert_no_error (error);
}

/* What stands already is kept without a step of its own: the one before, about another photo, is not taken back with the decision. */
static void
test_words_of_another_photo (void)
{
  g_autoptr (Two) two = two_new ();
  g_autofree char *one = tablet_photo (two->crew, two->id, 500, 9), *other = tablet_photo (two->crew, two->id, 600, 8), *role = NULL;
  g_autoptr (JsonArray) rows = NULL;

  sync_all (two);
  set_role (two->boss, one, "after");
  set_role (two->crew, one, "before");
  g_assert_true (tablet_sync (two->boss, 0));
  sync_all (two);
  rows = attention (two->boss, 1);
  set_role (two->boss, other, side (rows, 0, row_says (rows, 0, "stands"), "value"));
  resolve (two->boss, row_says (rows, 0, "id"), "role", g_str_equal (row_says (rows, 0, "stands"), "mine"));
  take_back (two->boss, row_says (rows, 0, "id"), "role");
  role = sht_db_get_text (two->boss->store->db, NULL, "SELECT doc ->> 'role' FROM photo WHERE id = ?1", "s", other);
  g_assert_cmpstr (role, ==, side (rows, 0, row_says (rows, 0, "stands"), "value"));
  assert_attention (two->boss, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/undo/withdraw", test_withdraw);
  g_test_add_func ("/undo/withdraw-refused", test_withdraw_refused);
  g_test_add_func ("/undo/compensate", test_compensate);
  g_test_add_func ("/undo/withdraw-decision", test_withdraw_decision);
  g_test_add_func ("/undo/decision-that-was-sent", test_take_back_what_was_sent);
  g_test_add_func ("/undo/decision-that-changed-nothing", test_take_back_what_changed_nothing);
  g_test_add_func ("/undo/decision-to-put-away", test_take_back_what_was_put_away);
  g_test_add_func ("/undo/decided-by-somebody-else", test_decided_by_somebody_else);
  g_test_add_func ("/undo/words-of-another-photo", test_words_of_another_photo);
  return g_test_run ();
}
