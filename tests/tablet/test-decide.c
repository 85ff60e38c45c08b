/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tablet/two-fixture.h"

/* What the hub could not take as it is, and what a person says to it. */

/* Rule 4: both values, whose and when, and which stands; on the crew's tablet and on those of the field's owner. */
static void
test_both_values (void)
{
  g_autoptr (Two) two = two_titles ();
  g_autoptr (JsonArray) own = attention (two->crew, 1);
  g_autoptr (JsonArray) at_boss = attention (two->boss, 1);
  g_autoptr (JsonArray) at_other = attention (two->other_boss, 1);

  g_assert_cmpstr (row_says (own, 0, "result"), ==, "conflict");
  g_assert_cmpstr (row_says (own, 0, "field"), ==, "title");
  g_assert_cmpstr (row_says (own, 0, "number"), ==, "106-2023-00001");
  g_assert_cmpstr (row_says (own, 0, "stands"), ==, "theirs");
  g_assert_cmpstr (side (own, 0, "mine", "value"), ==, "crew");
  g_assert_cmpstr (side (own, 0, "theirs", "value"), ==, "boss");
  g_assert_cmpstr (side (own, 0, "mine", "by"), ==, "Dana");
  g_assert_cmpstr (side (own, 0, "theirs", "by"), ==, "Dana");
  g_assert_nonnull (side (own, 0, "mine", "at"));
  g_assert_nonnull (side (own, 0, "theirs", "at"));
  /* the one whose value it stands against sees it from the other side */
  g_assert_cmpstr (side (at_boss, 0, "mine", "value"), ==, "boss");
  g_assert_cmpstr (row_says (at_boss, 0, "stands"), ==, "mine");
  g_assert_cmpstr (side (at_other, 0, "mine", "value"), ==, "crew");
  assert_member (two->crew, two->id, "title", "boss");
}

static void
test_keep_theirs (void)
{
  g_autoptr (Two) two = two_titles ();
  gint64 left;

  resolve (two->crew, "106-2023-00001", NULL, FALSE);
  assert_attention (two->crew, 0);
  g_assert_true (sht_store_count_pending (two->crew->store, NULL, NULL, &left, NULL));
  g_assert_cmpint (left, ==, 0);
  sync_all (two);
  assert_attention (two->boss, 0);
  assert_attention (two->other_boss, 0);
  assert_member (two->boss, two->id, "title", "boss");
  /* what lost is still told */
  g_assert_cmpint (tablet_count (two->boss, "SELECT count(*) FROM event WHERE doc ->> '$.data.conflicts[0].mine' = 'crew' "
                                            "AND doc ->> '$.data.conflicts[0].resolved.keep' = 'theirs' "
                                            "AND doc ->> '$.data.conflicts[0].resolved.name' = 'Dana' "
                                            "AND doc ->> '$.data.conflicts[0].resolved.at' > 0"),
                   ==, 1);
  g_assert_cmpint (tablet_count (two->boss, "SELECT count(*) FROM event WHERE doc ->> 'kind' = 'resolved'"), ==, 1);
}

/* The owner decides for the crew's: it is set, and no longer waits on the crew's tablet. */
static void
test_owner_keeps_the_crews (void)
{
  g_autoptr (Two) two = two_titles ();
  g_autoptr (JsonArray) rows = attention (two->crew, 1);

  resolve (two->other_boss, row_says (rows, 0, "id"), "title", TRUE);
  assert_member (two->other_boss, two->id, "title", "crew");
  sync_all (two);
  assert_attention (two->crew, 0);
  assert_attention (two->boss, 0);
  assert_member (two->crew, two->id, "title", "crew");
  assert_member (two->boss, two->id, "title", "crew");
  g_assert_cmpint (tablet_count (two->crew, "SELECT count(*) FROM op WHERE state = 3"), ==, 0);
}

/* A crew may not overrule the owner by deciding: it is a conflict again, which the owner finds, and decides. */
static void
test_crew_keeps_mine (void)
{
  g_autoptr (Two) two = two_titles ();
  g_autoptr (JsonArray) again = NULL;

  resolve (two->crew, "106-2023-00001", NULL, TRUE);
  assert_attention (two->crew, 0);
  sync_all (two);
  assert_member (two->crew, two->id, "title", "boss");
  again = attention (two->crew, 1);
  g_assert_cmpstr (row_says (again, 0, "kind"), ==, "ticket.resolve");
  g_assert_cmpstr (side (again, 0, "mine", "value"), ==, "crew");
  assert_attention (two->other_boss, 1);
  resolve (two->other_boss, "106-2023-00001", NULL, TRUE);
  sync_all (two);
  assert_member (two->crew, two->id, "title", "crew");
  assert_attention (two->crew, 0);
  assert_attention (two->other_boss, 0);
}

/* What changed since the decision was made is not run over by it. */
static void
test_decision_against_something_new (void)
{
  g_autoptr (Two) two = two_titles ();

  set_title (two->boss, two->id, "newest");
  resolve (two->other_boss, "106-2023-00001", NULL, TRUE);
  g_assert_true (tablet_sync (two->boss, 0));
  sync_all (two);
  assert_member (two->crew, two->id, "title", "newest");
  assert_attention (two->other_boss, 1);
}

/* Two supervisors: the later in the log wins, the other is told, and may have it back. */
static void
test_two_supervisors (void)
{
  g_autoptr (Two) two = two_new ();
  g_autoptr (JsonArray) rows = NULL;

  assign_to (two->boss, two->id, "r2");
  assign_to (two->other_boss, two->id, NULL);
  g_assert_true (tablet_sync (two->boss, 0));
  sync_all (two);
  assert_member (two->boss, two->id, "crew", NULL);
  assert_attention (two->other_boss, 0);
  rows = attention (two->boss, 1);
  g_assert_cmpstr (row_says (rows, 0, "field"), ==, "crew");
  g_assert_cmpstr (side (rows, 0, "mine", "value"), ==, "r2");
  g_assert_cmpstr (row_says (rows, 0, "stands"), ==, "theirs");
  resolve (two->boss, "106-2023-00001", NULL, TRUE);
  sync_all (two);
  assert_member (two->other_boss, two->id, "crew", "r2");
  assert_attention (two->boss, 0);
}

static void
test_status (void)
{
  g_autoptr (Two) two = two_new ();

  g_assert_true (sht_store_set_status (two->boss->store, two->id, SHT_STATUS_WAITING, NULL, "parts", NULL));
  g_assert_true (sht_store_set_status (two->crew->store, two->id, SHT_STATUS_DONE, NULL, NULL, NULL));
  g_assert_true (tablet_sync (two->boss, 0));
  sync_all (two);
  assert_status (two->crew, two->id, "waiting");
  assert_attention (two->crew, 1);
  /* a step that a crew may take, once it has seen where the ticket stands */
  resolve (two->crew, "106-2023-00001", "status", TRUE);
  assert_status (two->crew, two->id, "done");
  sync_all (two);
  assert_status (two->boss, two->id, "done");
  assert_attention (two->crew, 0);
  assert_attention (two->boss, 0);
}

/* Only what depends on a rejection waits; sent anew, it is taken in, and then what depended on it. */
static void
test_rejection_sent_anew (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *report = NULL, *photo = NULL;
  g_autoptr (JsonArray) rows = NULL;

  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  report = tablet_report (tablet, "new-service");
  tablet_note (tablet, report, "about it");
  photo = tablet_photo (tablet, report, 100, 3);
  g_assert_true (tablet_sync (tablet, 60000));
  rows = attention (tablet, 3);
  g_assert_cmpstr (row_says (rows, 0, "kind"), ==, "ticket.create");
  g_assert_cmpstr (row_says (rows, 0, "result"), ==, "rejected");
  g_assert_cmpstr (row_says (rows, 0, "reason"), ==, "there is no such service");
  town_add (town, "{\"t\":\"service\",\"id\":\"new-service\",\"name\":\"New\",\"department\":\"roads\"}");
  tablet_note (tablet, report, "later");
  for (guint i = 0; i < 3; i++)
    resolve (tablet, row_says (rows, i, "id"), NULL, TRUE);
  assert_attention (tablet, 0);
  g_assert_true (tablet_sync (tablet, 60000));
  assert_attention (tablet, 0);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 1);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM event WHERE doc ->> 'kind' = 'note'"), ==, 2);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM event WHERE doc ->> 'kind' = 'created'"), ==, 1);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM photo WHERE doc ->> 'have'"), ==, 1);
  assert_agrees (tablet);
}

/* A note that was written before its report was sent anew still names the report of then. */
static void
test_dependent_of_what_was_sent_anew (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autofree char *report = NULL;
  g_autoptr (JsonArray) rows = NULL;

  g_assert_true (tablet_sync (tablet, 0));
  report = tablet_report (tablet, "new-service");
  g_assert_true (tablet_sync (tablet, 60000));
  tablet_note (tablet, report, "waits");
  rows = attention (tablet, 1);
  town_add (town, "{\"t\":\"service\",\"id\":\"new-service\",\"name\":\"New\",\"department\":\"roads\"}");
  resolve (tablet, row_says (rows, 0, "id"), NULL, TRUE);
  g_assert_true (tablet_sync (tablet, 60000));
  assert_attention (tablet, 0);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state < 2"), ==, 0);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM event WHERE doc ->> '$.data.text' = 'waits' AND doc ->> 'rev'"),
                   ==, 1);
  assert_agrees (tablet);
}

static void
test_rejection_put_away (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autofree char *report = NULL;
  g_autoptr (JsonArray) rows = NULL;
  g_autofree char *kept = NULL;

  g_assert_true (tablet_sync (tablet, 0));
  report = tablet_report (tablet, "no-such-service");
  g_assert_true (tablet_sync (tablet, 60000));
  rows = attention (tablet, 1);
  resolve (tablet, row_says (rows, 0, "id"), NULL, FALSE);
  g_assert_true (tablet_sync (tablet, 60000));
  assert_attention (tablet, 0);
  kept = sht_db_get_text (tablet->store->db, NULL, "SELECT bytes ->> '$.fields.service' FROM op WHERE state = 4", "");
  g_assert_cmpstr (kept, ==, "no-such-service");
  assert_agrees (tablet);
}

static void
assert_nothing_waits (Tablet *tablet)
{
  gint64 operations, photos, waits;

  assert_attention (tablet, 0);
  g_assert_true (sht_store_count_pending (tablet->store, &operations, &photos, &waits, NULL));
  g_assert_cmpint (operations + photos + waits, ==, 0);
}

/* A conflict leaves with its ticket, and comes back with it. */
static void
test_of_what_has_left (void)
{
  g_autoptr (Two) two = two_titles ();
  g_autoptr (JsonArray) rows = attention (two->crew, 1);

  g_assert_true (sht_hub_assign (two->town->hub, two->id, "r2", NULL));
  sync_all (two);
  assert_nothing_waits (two->crew);
  assert_attention (two->boss, 1);
  g_assert_true (sht_hub_assign (two->town->hub, two->id, "r1", NULL));
  sync_all (two);
  resolve (two->crew, row_says (rows, 0, "id"), "title", FALSE);
  sync_all (two);
  assert_nothing_waits (two->crew);
  assert_attention (two->boss, 0);
}

/* Rule 8: work on what had been taken away is shown to the supervisor. */
static void
test_contributions (void)
{
  g_autoptr (Two) two = two_new ();
  g_autoptr (JsonArray) all = NULL, of_ticket = NULL, none = NULL;

  tablet_note (two->crew, two->id, "done before I heard");
  g_assert_true (sht_hub_assign (two->town->hub, two->id, "r2", NULL));
  sync_all (two);
  all = sht_store_contributions (two->boss->store, NULL, NULL);
  of_ticket = sht_store_contributions (two->boss->store, two->id, NULL);
  none = sht_store_contributions (two->boss->store, "other", NULL);
  g_assert_cmpuint (json_array_get_length (all), ==, 1);
  g_assert_cmpuint (json_array_get_length (of_ticket), ==, 1);
  g_assert_cmpuint (json_array_get_length (none), ==, 0);
  g_assert_cmpstr (row_says (all, 0, "number"), ==, "106-2023-00001");
}

static void
test_which_one (void)
{
  g_autoptr (Two) two = two_titles ();
  g_autoptr (GError) error = NULL;

  set_title (two->crew, two->id, "crew again");
  set_title (two->boss, two->id, "boss again");
  g_assert_true (tablet_sync (two->boss, 0));
  sync_all (two);
  assert_attention (two->crew, 2);
  g_assert_false (sht_store_resolve (two->crew->store, "106-2023-00001", NULL, TRUE, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_AMBIGUOUS);
  g_clear_error (&error);
  g_assert_false (sht_store_resolve (two->crew->store, "no such", NULL, TRUE, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (sht_store_resolve (two->crew->store, "", NULL, TRUE, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND);
  assert_attention (two->crew, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decide/both-values", test_both_values);
  g_test_add_func ("/decide/keep-theirs", test_keep_theirs);
  g_test_add_func ("/decide/owner-keeps-the-crews", test_owner_keeps_the_crews);
  g_test_add_func ("/decide/crew-keeps-mine", test_crew_keeps_mine);
  g_test_add_func ("/decide/against-something-new", test_decision_against_something_new);
  g_test_add_func ("/decide/two-supervisors", test_two_supervisors);
  g_test_add_func ("/decide/status", test_status);
  g_test_add_func ("/decide/rejection-sent-anew", test_rejection_sent_anew);
  g_test_add_func ("/decide/dependent-of-what-was-sent-anew", test_dependent_of_what_was_sent_anew);
  g_test_add_func ("/decide/trap_13-rejection-put-away", test_rejection_put_away);
  g_test_add_func ("/decide/of-what-has-left", test_of_what_has_left);
  g_test_add_func ("/decide/contributions", test_contributions);
  g_test_add_func ("/decide/which-one", test_which_one);
  return g_test_run ();
}
