/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tablet/tablet-fixture.h"

/* Tickets that are over leave the tablets after the days that the office has set. */

#define DAY (G_GINT64_CONSTANT (24) * 3600 * 1000)

typedef struct
{
  Town *town;
  Tablet *crew;
  Tablet *boss;
} Two;

static Two
two_new (void)
{
  Two two = { town_new (), NULL, NULL };

  town_add_ticket (two.town, 7, "r1");
  town_add_ticket (two.town, 8, "r1");
  two.crew = tablet_new (two.town, "crew", "r1", "roads");
  two.boss = tablet_new (two.town, "supervisor", NULL, "roads");
  return two;
}

static void
two_free (Two *two)
{
  tablet_free (two->boss);
  tablet_free (two->crew);
  town_free (two->town);
}

static void
pass (Two *two, gint64 ms)
{
  two->town->world.now += ms;
  two->crew->world.now += ms;
  two->boss->world.now += ms;
}

static void
step (Tablet *tablet, const char *ticket, ShtStatus status)
{
  g_autoptr (GError) error = NULL;

  sht_store_set_status (tablet->store, ticket, status, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
sync_both (Two *two)
{
  g_autoptr (GError) error = NULL;

  sht_hub_tidy_closed (two->town->hub, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (tablet_sync (two->crew, 60000));
      g_assert_true (tablet_sync (two->boss, 60000));
    }
}

static gboolean
has (Tablet *tablet, const char *ticket)
{
  gint64 rows = 0;

  g_assert_true (sht_db_get_int (tablet->store->db, &rows, NULL,
                                 "SELECT (SELECT count(*) FROM ticket WHERE id = ?1) + (SELECT count(*) FROM event WHERE parent = ?1)",
                                 "s", ticket));
  return rows > 0;
}

/* By the crew, and then by its supervisor. */
static void
close_ticket (Two *two, const char *ticket)
{
  step (two->crew, ticket, SHT_STATUS_IN_PROGRESS);
  step (two->crew, ticket, SHT_STATUS_DONE);
  sync_both (two);
  step (two->boss, ticket, SHT_STATUS_CLOSED);
  sync_both (two);
}

static void
test_leaves (void)
{
  Two two = two_new ();
  g_autofree char *ticket = ticket_id (7), *done = ticket_id (8);
  g_autoptr (GError) error = NULL;

  sync_both (&two);
  /* what is done has still to be closed */
  step (two.crew, done, SHT_STATUS_IN_PROGRESS);
  step (two.crew, done, SHT_STATUS_DONE);
  close_ticket (&two, ticket);
  pass (&two, 29 * DAY);
  sync_both (&two);
  g_assert_true (has (two.crew, ticket) && has (two.boss, ticket));
  /* a word about it is a reason to have it longer */
  g_assert_true (sht_store_note (two.crew->store, ticket, "the resident called again", &error));
  sync_both (&two);
  pass (&two, 29 * DAY);
  sync_both (&two);
  g_assert_true (has (two.crew, ticket) && has (two.boss, ticket));
  pass (&two, 2 * DAY);
  sync_both (&two);
  g_assert_false (has (two.crew, ticket) || has (two.boss, ticket));
  g_assert_true (has (two.crew, done) && has (two.boss, done));
  two_free (&two);
}

/* At the hub it stays, and what happens to it brings it back. */
static void
test_comes_back (void)
{
  Two two = two_new ();
  g_autofree char *ticket = ticket_id (7);
  g_autoptr (JsonObject) kept = NULL;
  g_autoptr (GError) error = NULL;

  sync_both (&two);
  close_ticket (&two, ticket);
  /* made before it left, sent after */
  g_assert_true (sht_store_note (two.crew->store, ticket, "the key is with the neighbour", &error));
  pass (&two, 31 * DAY);
  g_assert_true (sht_hub_tidy_closed (two.town->hub, &error));
  g_assert_true (tablet_sync (two.boss, 60000));
  g_assert_false (has (two.boss, ticket));
  kept = sht_hub_get (two.town->hub, "ticket", ticket, &error);
  g_assert_cmpstr (sht_json_string (kept, "status"), ==, "closed");
  sync_both (&two);
  g_assert_true (has (two.crew, ticket) && has (two.boss, ticket));
  pass (&two, 31 * DAY);
  sync_both (&two);
  g_assert_false (has (two.crew, ticket) || has (two.boss, ticket));
  two_free (&two);
}

/* Closed long ago, and here since today: its days begin today. */
static void
test_arrives (void)
{
  Two two = two_new ();
  g_autofree char *ticket = ticket_id (9);
  g_autofree char *json
    = g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"%s\",\"number\":\"106-2020-1\",\"status\":\"closed\",\"title\":\"old\",\"department\":"
                       "\"roads\",\"service\":\"pothole\",\"crew\":\"r1\",\"created_at\":1600000000000,\"closed_at\":1600000100000}",
                       ticket);

  sync_both (&two);
  pass (&two, 60 * DAY);
  town_add (two.town, json);
  sync_both (&two);
  g_assert_true (has (two.crew, ticket) && has (two.boss, ticket));
  pass (&two, 29 * DAY);
  sync_both (&two);
  g_assert_true (has (two.crew, ticket) && has (two.boss, ticket));
  pass (&two, 2 * DAY);
  sync_both (&two);
  g_assert_false (has (two.crew, ticket) || has (two.boss, ticket));
  two_free (&two);
}

/* What two have said differently is decided first. */
static void
test_undecided_stays (void)
{
  Two two = two_new ();
  g_autofree char *ticket = ticket_id (7);
  g_autoptr (JsonArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  sync_both (&two);
  set_title (two.boss, ticket, "boss");
  set_title (two.crew, ticket, "crew");
  g_assert_true (tablet_sync (two.boss, 60000));
  sync_both (&two);
  close_ticket (&two, ticket);
  pass (&two, 40 * DAY);
  sync_both (&two);
  g_assert_true (has (two.crew, ticket) && has (two.boss, ticket));
  rows = sht_store_attention (two.boss->store, &error);
  g_assert_cmpuint (json_array_get_length (rows), ==, 1);
  g_assert_true (sht_store_resolve (two.boss->store, sht_json_string (json_array_get_object_element (rows, 0), "id"), "title", TRUE, &error));
  sync_both (&two);
  pass (&two, 31 * DAY);
  sync_both (&two);
  g_assert_false (has (two.crew, ticket) || has (two.boss, ticket));
  two_free (&two);
}

static void
set_caption (Tablet *tablet, const char *photo, const char *caption)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_PHOTO_EDIT, photo);
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (op->fields, "caption", caption);
  g_assert_true (sht_store_act (tablet->store, op, &error));
}

/* The words of a photo, too. */
static void
test_undecided_words_stay (void)
{
  Two two = two_new ();
  g_autofree char *ticket = ticket_id (7), *photo = NULL;
  g_autoptr (JsonArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  sync_both (&two);
  photo = tablet_photo (two.crew, ticket, 1000, 1);
  sync_both (&two);
  set_caption (two.boss, photo, "boss");
  set_caption (two.crew, photo, "crew");
  g_assert_true (tablet_sync (two.boss, 60000));
  sync_both (&two);
  close_ticket (&two, ticket);
  pass (&two, 40 * DAY);
  sync_both (&two);
  rows = sht_store_attention (two.boss->store, &error);
  g_assert_cmpuint (json_array_get_length (rows), ==, 1);
  g_assert_true (sht_store_resolve (two.boss->store, sht_json_string (json_array_get_object_element (rows, 0), "id"), "caption", FALSE, &error));
  sync_both (&two);
  pass (&two, 31 * DAY);
  sync_both (&two);
  g_assert_false (has (two.crew, ticket) || has (two.boss, ticket));
  two_free (&two);
}

static void
test_days (void)
{
  Two two = two_new ();
  g_autofree char *ticket = ticket_id (7);
  g_autoptr (GError) error = NULL;

  sync_both (&two);
  close_ticket (&two, ticket);
  g_assert_true (sht_hub_keep_closed (two.town->hub, 0, &error));
  pass (&two, 1000 * DAY);
  sync_both (&two);
  g_assert_true (has (two.crew, ticket));
  g_assert_true (sht_hub_keep_closed (two.town->hub, 7, &error));
  sync_both (&two);
  g_assert_false (has (two.crew, ticket) || has (two.boss, ticket));
  two_free (&two);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/closed/leaves", test_leaves);
  g_test_add_func ("/closed/comes-back", test_comes_back);
  g_test_add_func ("/closed/arrives", test_arrives);
  g_test_add_func ("/closed/undecided-stays", test_undecided_stays);
  g_test_add_func ("/closed/undecided-words-stay", test_undecided_words_stay);
  g_test_add_func ("/closed/days", test_days);
  return g_test_run ();
}
