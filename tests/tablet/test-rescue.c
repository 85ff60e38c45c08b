/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tablet/tablet-fixture.h"

#include "hub/rescue/rescue.h"
#include "platform/sealed-file.h"

/* A rescue file from a tablet's store to a hub's, with clocks and faults that the test holds. */

static void
exchange_keys (Town *town, Tablet *tablet)
{
  g_autofree char *secret = sht_store_signing_secret (tablet->store, NULL);
  g_autofree char *key = sht_key_to_sign (secret);
  g_autoptr (JsonObject) answer = json_object_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (sht_hub_exchange_keys (town->hub, tablet->store->device.id, key, answer, &error));
  g_assert_true (sht_store_take_hub_key (tablet->store, answer, &error));
}

static Tablet *
tablet_with_keys (Town *town)
{
  Tablet *tablet = tablet_new (town, "crew", "r1", "roads");

  exchange_keys (town, tablet);
  g_assert_true (tablet_sync (tablet, 0));
  return tablet;
}

static char *
rescue (Tablet *tablet, ShtRescue *saved)
{
  char *path = g_strdup_printf ("%s/%u.rescue", tablet->folder, ++tablet->town->operations);
  g_autoptr (GError) error = NULL;

  sht_store_rescue (tablet->store, path, NULL, NULL, NULL, saved, &error);
  g_assert_no_error (error);
  return path;
}

static void
take_in (Town *town, const char *path, guint taken, guint known, guint photos, guint refused)
{
  g_auto (ShtRescueReport) report = { 0 };
  g_autoptr (GError) error = NULL;

  sht_hub_rescue (town->hub, path, &report, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < report.refused->len; i++)
    g_test_message ("%s", (char *) g_ptr_array_index (report.refused, i));
  g_assert_cmpuint (report.taken, ==, taken);
  g_assert_cmpuint (report.known, ==, known);
  g_assert_cmpuint (report.photos, ==, photos);
  g_assert_cmpuint (report.refused->len, ==, refused);
}

static JsonObject *
event_of (Town *town, const char *op)
{
  g_autoptr (GError) error = NULL;
  JsonObject *event = sht_hub_get (town->hub, "event", op, &error);

  g_assert_no_error (error);
  g_assert_nonnull (event);
  return event;
}

/* By the running clock of that boot, however wrong the wall clock was, and however long the file travelled. */
static void
test_trap_22_times_of_a_file (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *ticket = ticket_id (1);
  g_autofree char *op = NULL, *path = NULL;
  g_autoptr (JsonObject) event = NULL;
  const gint64 made = town->world.now + 3600000, hour = 3600000;
  ShtRescue saved;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_with_keys (town);
  tablet->world.now = made;
  tablet_note (tablet, ticket, "an hour before the file");
  op = sht_db_get_text (tablet->store->db, NULL, "SELECT op FROM op WHERE state = 0", "");
  /* an hour by the running clock, of which the wall clock knows as well */
  tablet->world.now = made + hour;
  path = rescue (tablet, &saved);
  town->world.now = made + 72 * hour;
  take_in (town, path, 1, 0, 0, 0);
  event = event_of (town, op);
  g_assert_cmpint (sht_json_int (event, "at", 0), ==, made);
  g_assert_cmpint (sht_json_int (event, "received_at", 0), ==, made + 72 * hour);
  g_assert_cmpstr (sht_json_string (event, "certainty"), ==, "sure");
}

/* The tablet had last heard the hub before somebody set its clock, and does not see it again. */
static void
test_trap_22_a_clock_set_before_the_file (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *ticket = ticket_id (1);
  g_autofree char *op = NULL, *path = NULL;
  g_autoptr (JsonObject) event = NULL;
  const gint64 hour = 3600000, made = town->world.now + hour, year = 365 * 24 * hour;
  ShtRescue saved;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_with_keys (town);
  tablet->world.set_by = year;
  tablet->world.now = made + year;
  tablet_note (tablet, ticket, "next year, it says");
  op = sht_db_get_text (tablet->store->db, NULL, "SELECT op FROM op WHERE state = 0", "");
  path = rescue (tablet, &saved);
  town->world.now = made + 72 * hour;
  take_in (town, path, 1, 0, 0, 0);
  event = event_of (town, op);
  g_assert_cmpint (sht_json_int (event, "at", 0), ==, made);
  g_assert_cmpstr (sht_json_string (event, "certainty"), ==, "corrected");
}

/* A restored hub gets what is new first, from the stick, and what it had lost after it, from the tablet. */
static void
test_what_was_lost_comes_after_the_file (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *ticket = ticket_id (1);
  g_autofree char *backup = NULL, *op = NULL, *path = NULL;
  g_autoptr (JsonObject) event = NULL;
  const gint64 hour = 3600000;
  gint64 made;
  ShtRescue saved;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_with_keys (town);
  backup = town_backup (town);
  made = tablet->world.now;
  tablet_note (tablet, ticket, "before");
  op = sht_db_get_text (tablet->store->db, NULL, "SELECT op FROM op WHERE state = 0", "");
  g_assert_true (tablet_sync (tablet, 0));
  town->world.now += 5 * hour;
  tablet->world.now += 5 * hour;
  tablet_note (tablet, ticket, "five hours later");
  path = rescue (tablet, &saved);
  town_restore (town, backup, TRUE);
  take_in (town, path, 1, 0, 0, 0);
  g_assert_true (tablet_sync (tablet, 60000));
  event = event_of (town, op);
  g_assert_cmpint (sht_json_int (event, "at", 0), ==, made);
}

/* A restored hub that has lost a ticket does not refuse for good what a stick brings of it: the tablet tells it all anew. */
static void
test_what_rests_on_what_was_lost (void)
{
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (Town) town = town_new ();
      g_autoptr (Tablet) tablet = NULL;
      g_autofree char *ticket = ticket_id (1);
      g_autofree char *backup = NULL, *path = NULL;
      g_autoptr (JsonArray) waits = NULL;
      g_autoptr (GError) error = NULL;
      ShtRescue saved;

      tablet = tablet_with_keys (town);
      backup = town_backup (town);
      town_add_ticket (town, 1, "r1");
      g_assert_true (tablet_sync (tablet, 0));
      tablet_note (tablet, ticket, "on the stick");
      path = rescue (tablet, &saved);
      town_restore (town, backup, round == 0);
      take_in (town, path, 0, 0, 0, 1);
      /* as the CRM tells it again */
      town_add_ticket (town, 1, "r1");
      g_assert_true (tablet_sync (tablet, 60000));
      waits = sht_store_attention (tablet->store, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (json_array_get_length (waits), ==, 0);
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state < 2"), ==, 0);
      take_in (town, path, 0, 1, 0, 0);
      assert_agrees (tablet);
    }
}

/* What waits for a decision is not in it: the hub would refuse for good what depends on it. */
static void
test_what_waits_for_a_decision_stays (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *ticket = ticket_id (1);
  g_autofree char *new = NULL, *path = NULL, *photo = NULL;
  g_autoptr (GError) error = NULL;
  ShtRescue saved;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_with_keys (town);
  new = tablet_report (tablet, "no-such-service");
  tablet_note (tablet, ticket, "goes");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 3"), ==, 1);
  photo = tablet_photo (tablet, new, 100, 7);
  g_assert_true (sht_db_run (tablet->store->db, &error,
                             "UPDATE op SET depends_on = (SELECT op FROM op WHERE state = 3) WHERE state = 0", ""));
  tablet_note (tablet, ticket, "goes too");
  path = rescue (tablet, &saved);
  g_assert_cmpuint (saved.operations, ==, 1);
  g_assert_cmpuint (saved.photos, ==, 0);
  g_assert_cmpuint (saved.undecided, ==, 2);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE exported_at IS NOT NULL"), ==, 1);
  take_in (town, path, 1, 0, 0, 0);
  g_assert_true (tablet_sync (tablet, 60000));
  assert_agrees (tablet);
}

/* The hub has taken in later numbers of the same incarnation: by a copy that nobody could know of. */
static void
test_numbers_that_were_used_up (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *ticket = ticket_id (1);
  g_autofree char *incarnation = NULL, *path = NULL;
  ShtRescue saved;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_with_keys (town);
  for (guint i = 0; i < 450; i++)
    tablet_note (tablet, ticket, "waits");
  path = rescue (tablet, &saved);
  g_assert_cmpuint (saved.operations, ==, 450);
  incarnation = sht_store_get_text (tablet->store, "incarnation");
  g_assert_true (town->hub->store->driver->note_incarnation (town->hub->store, tablet->store->device.id, incarnation, 1000, NULL));
  take_in (town, path, 450, 0, 0, 0);
  take_in (town, path, 0, 450, 0, 0);
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state < 2"), ==, 0);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM event WHERE doc LIKE '%waits%'"), ==, 450);
  assert_agrees (tablet);
}

/* One's own earlier step counts as seen, though it came by another way. */
static void
test_own_steps_on_both_ways (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *ticket = ticket_id (1);
  g_autofree char *path = NULL;
  ShtRescue saved;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_with_keys (town);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_SET, ticket);
      g_autofree char *title = g_strdup_printf ("title %u", i);

      json_object_set_string_member (op->fields, "title", title);
      g_assert_true (sht_store_act (tablet->store, op, NULL));
      if (i == 1)
        path = rescue (tablet, &saved);
    }
  g_assert_cmpuint (saved.operations, ==, 2);
  take_in (town, path, 2, 0, 0, 0);
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 3"), ==, 0);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket WHERE title = 'title 3'"), ==, 1);
  assert_agrees (tablet);
}

static void
test_photos_damaged_and_refused (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *ticket = ticket_id (1);
  g_autofree char *whole = NULL, *damaged = NULL, *sha = NULL, *file = NULL, *path = NULL;
  gint64 held = -1;
  ShtRescue saved;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_with_keys (town);
  whole = tablet_photo (tablet, ticket, 200000, 1);
  damaged = tablet_photo (tablet, ticket, 1000, 2);
  sha = sht_db_get_text (tablet->store->db, NULL, "SELECT sha256 FROM blob WHERE photo = ?1", "s", damaged);
  file = sht_store_blob_path (tablet->store, sha);
  g_assert_true (g_file_set_contents (file, "short", -1, NULL));
  path = rescue (tablet, &saved);
  g_assert_cmpuint (saved.operations, ==, 2);
  g_assert_cmpuint (saved.photos, ==, 1);
  g_assert_cmpuint (saved.damaged, ==, 1);
  take_in (town, path, 2, 0, 1, 0);
  g_free (sha);
  sha = sht_db_get_text (tablet->store->db, NULL, "SELECT sha256 FROM blob WHERE photo = ?1", "s", whole);
  town->hub->store->driver->get_blob (town->hub->store, sha, &held, NULL);
  g_assert_cmpint (held, ==, 200000);
}

static void
test_ended_on_the_way (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *ticket = ticket_id (1);
  g_autofree char *path = NULL, *photo = NULL;
  g_autoptr (GError) error = NULL;
  ShtRescue saved;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_with_keys (town);
  photo = tablet_photo (tablet, ticket, 1000, 2);
  path = g_build_filename (tablet->folder, "x.rescue", NULL);
  g_cancellable_cancel (cancellable);
  g_assert_false (sht_store_rescue (tablet->store, path, NULL, NULL, cancellable, &saved, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE exported_at IS NOT NULL"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rescue/trap_22_times_of_a_file", test_trap_22_times_of_a_file);
  g_test_add_func ("/rescue/trap_22_a_clock_set_before_the_file", test_trap_22_a_clock_set_before_the_file);
  g_test_add_func ("/rescue/what-was-lost-comes-after-the-file", test_what_was_lost_comes_after_the_file);
  g_test_add_func ("/rescue/what-rests-on-what-was-lost", test_what_rests_on_what_was_lost);
  g_test_add_func ("/rescue/what-waits-for-a-decision-stays", test_what_waits_for_a_decision_stays);
  g_test_add_func ("/rescue/numbers-that-were-used-up", test_numbers_that_were_used_up);
  g_test_add_func ("/rescue/own-steps-on-both-ways", test_own_steps_on_both_ways);
  g_test_add_func ("/rescue/photos-damaged-and-refused", test_photos_damaged_and_refused);
  g_test_add_func ("/rescue/ended-on-the-way", test_ended_on_the_way);
  return g_test_run ();
}
