/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/view.h"
#include "tests/tablet/tablet-fixture.h"

/* The sync rules that are kept on the tablet, and traps that others have fallen into. */

static gboolean
file_has (const char *path, const char *needle, gsize length)
{
  g_autofree char *bytes = NULL;
  gsize size;

  return g_file_get_contents (path, &bytes, &size, NULL) && memmem (bytes, size, needle, length) != NULL;
}

/* The first file under a folder that holds some bytes; %NULL when none does. */
static char *
find_bytes (const char *folder, const char *needle, gsize length)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  char *found = NULL;

  while (found == NULL && dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        found = find_bytes (path, needle, length);
      else if (file_has (path, needle, length))
        found = g_steal_pointer (&path);
    }
  return found;
}

static void
assert_bytes (Tablet *tablet, const char *needle, gboolean there)
{
  g_autofree char *path = find_bytes (tablet->folder, needle, strlen (needle));

  if ((path != NULL) != there)
    g_error ("“%s” is %s", needle, path != NULL ? path : "nowhere");
}

static void
give_title (Town *town, ShtHubDevice *boss, const char *ticket, const char *title)
{
  g_autofree char *fields = g_strdup_printf ("{\"title\":\"%s\"}", title);
  g_autofree char *said = push_one (town, boss, "ticket.set", ticket, fields);

  assert_result (said, 0, "applied");
}

/* Rule 8: after a ticket has left, nothing of it is found in any file of the store. */
static void
test_revoked_row_stays (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (7);
  g_autofree char *photo = NULL;
  g_autofree char *said = NULL;
  g_autofree char *waiting = NULL;

  for (guint n = 1; n < 40; n++)
    town_add_ticket (town, n, "r1");
  give_title (town, boss, id, "kumquat-one");
  said = push_one (town, boss, "ticket.note", id, "{\"text\":\"kumquat-note of some length\"}");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (sht_store_index_all (tablet->store, NULL));
  /* it changes, so that older forms of it have been in the file too */
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *title = g_strdup_printf ("kumquat-%u %*s", i, (int) (i * 6), "x");

      give_title (town, boss, id, title);
      tablet_note (tablet, id, "mango-note");
      g_assert_true (tablet_sync (tablet, 0));
      g_assert_true (sht_store_index_all (tablet->store, NULL));
    }
  photo = tablet_photo (tablet, id, 5000, 'Q');
  g_assert_true (tablet_sync (tablet, 60000));
  waiting = tablet_photo (tablet, id, 5000, 'W');
  assert_bytes (tablet, "kumquat", TRUE);
  assert_bytes (tablet, "QQQQQQQQ", TRUE);
  g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
  /* what was confirmed is kept no longer than until the hub has it in a backup */
  g_assert_true (sht_db_exec (tablet->store->db,
                              "UPDATE op SET bytes = '{}' WHERE state = 2; DELETE FROM blob WHERE state = 2", NULL));
  {
    /* the photo that waits has not gone out yet */
    sht_engine_free (tablet->engine);
    tablet->engine = sht_engine_new (tablet->store);
    tablet->next_status = 503;
    tablet->next_lane = SHT_LANE_PUSH;
    tablet_sync (tablet, 0);
  }
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 38);
  g_assert_true (sht_store_index_all (tablet->store, NULL));
  assert_bytes (tablet, "kumquat", FALSE);
  assert_bytes (tablet, "mango", FALSE);
  assert_bytes (tablet, "QQQQQQQQ", FALSE);
  assert_bytes (tablet, "WWWWWWWW", TRUE);
  g_assert_cmpint (tablet_count (tablet, "SELECT value FROM meta WHERE key = 'unclean'"), ==, 0);
}

/* What is done while a push is under way is not part of it: its answer does not settle it. */
static void
test_edit_in_flight (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autoptr (ShtRequest) push = NULL;
  g_autoptr (ShtAnswer) answer = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, id, "first");
  push = sht_engine_next (tablet->engine, tablet->mono);
  g_assert_cmpint (push->lane, ==, SHT_LANE_PUSH);
  tablet_note (tablet, id, "second");
  g_assert_true (sht_store_set_status (tablet->store, id, SHT_STATUS_IN_PROGRESS, NULL, NULL, NULL));
  answer = tablet_carry (tablet, push);
  sht_engine_answer (tablet->engine, SHT_LANE_PUSH, answer, tablet->mono);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2"), ==, 1);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 0 AND sent_at IS NULL"), ==, 2);
  assert_status (tablet, id, "in_progress");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2"), ==, 3);
  assert_status (tablet, id, "in_progress");
  assert_agrees (tablet);
}

/* A refusal leaves what was written where it was: in the journey, and under what needs attention, also when the
 * ticket goes. */
static void
test_refusal_keeps_text (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autoptr (GPtrArray) batch = NULL;
  g_autofree char *incarnation = NULL;
  g_autoptr (JsonObject) view = NULL;
  JsonArray *events;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, id, "two hours of typing");
  batch = sht_store_next_push (tablet->store, 10, 100000, &incarnation, NULL);
  g_assert_true (sht_store_set_aside (tablet->store, ((ShtOutgoing *) g_ptr_array_index (batch, 0))->op, "no", NULL));
  view = sht_store_ticket_view (tablet->store, id, NULL);
  events = sht_json_array (view, "events");
  g_assert_cmpuint (json_array_get_length (events), ==, 1);
  g_assert_cmpstr (sht_json_string (json_array_get_object_element (events, 0), "state"), ==, "needs_attention");
  g_assert_cmpstr (sht_json_string (sht_json_object (json_array_get_object_element (events, 0), "data"), "text"), ==,
                   "two hours of typing");
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (JsonArray) rows = sht_store_attention (tablet->store, NULL);
      JsonObject *mine = sht_json_object (json_array_get_object_element (rows, 0), "mine");

      g_assert_cmpuint (json_array_get_length (rows), ==, 1);
      g_assert_cmpstr (sht_json_string (sht_json_object (mine, "value"), "text"), ==, "two hours of typing");
      g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
      g_assert_true (tablet_sync (tablet, 0));
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 0);
    }
}

/* A tablet that was away for long does not bring back what has gone meanwhile, nor does it come back to it. */
static void
test_deleted_rows_come_back (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL, gardens = NULL;
  g_autofree char *gone = ticket_id (1);
  g_autofree char *worked_on = ticket_id (2);

  for (guint n = 1; n < 4; n++)
    town_add_ticket (town, n, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  gardens = tablet_new (town, "supervisor", NULL, "gardens");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, worked_on, "done long ago");
  {
    g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
    g_autofree char *a = push_one (town, boss, "ticket.hand_over", gone, "{\"department\":\"gardens\"}");
    g_autofree char *b = push_one (town, boss, "ticket.hand_over", worked_on, "{\"department\":\"gardens\"}");

    assert_result (a, 0, "applied");
    assert_result (b, 0, "applied");
  }
  for (guint n = 4; n < 40; n++)
    town_add_ticket (town, n, n % 2 == 0 ? "r1" : "r2");
  tablet->world.now += G_GINT64_CONSTANT (200) * 24 * 3600 * 1000;
  town->world.now = tablet->world.now;
  for (guint round = 0; round < 2; round++)
    {
      g_assert_true (tablet_sync (tablet, 60000));
      g_assert_true (tablet_sync (gardens, 60000));
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 19);
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket WHERE number IN ('106-2023-00001', '106-2023-00002')"),
                       ==, 0);
      g_assert_cmpint (tablet_count (gardens, "SELECT count(*) FROM ticket WHERE status = 'new'"), ==, 2);
      g_assert_cmpint (tablet_count (gardens, "SELECT count(*) FROM event WHERE doc ->> 'contribution'"), ==, 1);
      assert_agrees (tablet);
      assert_agrees (gardens);
      /* and once more from nothing, over what is there */
      g_assert_true (sht_store_start_resync (tablet->store, NULL));
    }
}

/* The tablet cannot write what the hub answered: the same bytes go again, and the hub does nothing twice. */
static void
test_answer_not_kept (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, id, "once");
  g_assert_true (sht_db_exec (tablet->store->db,
                              "CREATE TRIGGER full BEFORE UPDATE ON op WHEN new.state = 2 BEGIN SELECT RAISE (ABORT, "
                              "'no room'); END",
                              NULL));
  g_assert_false (tablet_sync (tablet, 30000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 1"), ==, 1);
  g_assert_true (sht_db_exec (tablet->store->db, "DROP TRIGGER full", NULL));
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2"), ==, 1);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM event WHERE doc ->> 'kind' = 'note'"), ==, 1);
  assert_agrees (tablet);
}

static gint64
away_count (JsonObject *away, const char *what)
{
  return sht_json_int (sht_json_object (away, what), "count", -1);
}

static const char *
away_says (JsonObject *away, const char *what, const char *member)
{
  JsonArray *tickets = sht_json_array (sht_json_object (away, what), "tickets");

  g_assert_cmpuint (json_array_get_length (tickets), ==, 1);
  return sht_json_string (json_array_get_object_element (tickets, 0), member);
}

/* After a long time: what came, what was taken and what others changed, until it is seen; not what one did oneself. */
static void
test_away (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *first = ticket_id (1), *second = ticket_id (2), *third = ticket_id (3), *fourth = ticket_id (4);
  static const gint64 gaps[] = { 3, 5, 1 };

  for (guint n = 1; n < 6; n++)
    town_add_ticket (town, n, n < 4 ? "r1" : "r2");
  tablet = tablet_new (town, "crew", "r1", "roads");
  tablet->page_rows = 1;
  g_assert_true (tablet_sync (tablet, 0));
  for (guint i = 0; i < G_N_ELEMENTS (gaps); i++)
    {
      g_autoptr (JsonObject) away = NULL;
      g_autofree char *said = NULL;

      tablet->world.now += gaps[i] * 3600 * 1000;
      town->world.now = tablet->world.now;
      tablet_note (tablet, third, "my own");
      said = push_one (town, boss, "ticket.note", second, "{\"text\":\"hurry\"}");
      if (i == 1)
        {
          g_autofree char *given = push_one (town, boss, "ticket.assign", fourth, "{\"crew\":\"r1\"}");

          g_assert_true (sht_hub_assign (town->hub, first, "r2", NULL));
        }
      g_assert_true (tablet_sync (tablet, 60000));
      away = sht_store_away (tablet->store, 5, NULL);
      if (i == 0)
        {
          g_assert_false (sht_json_has (away, "since"));
          continue;
        }
      g_assert_true (sht_json_has (away, "since"));
      g_assert_cmpint (away_count (away, "added"), ==, 1);
      g_assert_cmpstr (away_says (away, "added", "title"), ==, "ticket 4");
      g_assert_cmpint (away_count (away, "taken"), ==, 1);
      g_assert_cmpstr (away_says (away, "taken", "number"), ==, "106-2023-00001");
      g_assert_null (away_says (away, "taken", "title"));
      g_assert_cmpint (away_count (away, "changed"), ==, 1);
      g_assert_cmpstr (away_says (away, "changed", "title"), ==, "ticket 2");
    }
  g_assert_true (sht_store_away_seen (tablet->store, NULL));
  {
    g_autoptr (JsonObject) away = sht_store_away (tablet->store, 5, NULL);

    g_assert_false (sht_json_has (away, "since"));
  }
  assert_agrees (tablet);
}

/* What one reported oneself while away has not come. */
static void
test_away_own_report (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (JsonObject) away = NULL;
  g_autofree char *report = NULL;

  g_assert_true (tablet_sync (tablet, 0));
  report = tablet_report (tablet, "pothole");
  tablet->world.now += 5 * 3600 * 1000;
  town->world.now = tablet->world.now;
  g_assert_true (tablet_sync (tablet, 60000));
  away = sht_store_away (tablet->store, 5, NULL);
  g_assert_cmpint (away_count (away, "added"), ==, -1);
}

/* Rule 14: on a metered link full photos wait, and nothing else does; nobody is woken for them. */
static void
test_sparing (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *sha = NULL;
  g_autoptr (GBytes) full = g_bytes_new_static ("full", 4), small = g_bytes_new_static ("s", 1);
  g_autofree char *small_sha = NULL;
  g_autoptr (JsonObject) photo = json_object_new ();
  gboolean already;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  sht_engine_set_sparing (tablet->engine, TRUE);
  g_assert_true (sht_store_keep_blob (tablet->store, full, &sha, NULL));
  g_assert_true (sht_store_keep_blob (tablet->store, small, &small_sha, NULL));
  json_object_set_string_member (photo, "sha256", sha);
  json_object_set_string_member (photo, "source_sha256", sha);
  json_object_set_int_member (photo, "size", 4);
  json_object_set_string_member (photo, "thumb_sha256", small_sha);
  json_object_set_int_member (photo, "thumb_size", 1);
  g_assert_true (sht_store_attach (tablet->store, id, photo, NULL, &already, NULL));
  tablet_note (tablet, id, "goes");
  g_assert_true (sht_store_set_status (tablet->store, id, SHT_STATUS_DONE, NULL, NULL, NULL));
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state < 2"), ==, 0);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE is_thumb AND state = 2"), ==, 1);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE NOT is_thumb AND state = 0"), ==, 1);
  g_assert_null (sht_engine_next (tablet->engine, tablet->mono));
  g_assert_cmpint (sht_engine_wake_at (tablet->engine), ==, G_MAXINT64);
  sht_engine_set_sparing (tablet->engine, FALSE);
  g_assert_false (sht_engine_is_settled (tablet->engine));
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 2"), ==, 2);
  assert_agrees (tablet);
}

/* An absence that brought nothing is not the beginning of the next. A clock that was years off when the last page came, and was put
 * right since, is none; and what is compared anew in the middle of it is not told as new. */
static void
test_away_since (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1), *said = NULL, *since = NULL;
  g_autoptr (JsonObject) none = NULL, away = NULL;
  const gint64 hour = 3600 * 1000;
  gint64 last;

  for (guint n = 1; n < 5; n++)
    town_add_ticket (town, n, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  tablet->page_rows = 1;
  g_assert_true (tablet_sync (tablet, 0));
  for (guint i = 0; i < 2; i++)
    {
      town->world.now += 5 * hour;
      tablet->world.now += 5 * hour;
      g_assert_true (tablet_sync (tablet, 60000));
    }
  tablet->world.now -= 40 * 365 * 24 * hour;
  town->world.now += hour;
  g_assert_true (tablet_sync (tablet, 60000));
  tablet->world.now = town->world.now;
  g_assert_true (tablet_sync (tablet, 60000));
  said = push_one (town, boss, "ticket.note", id, "{\"text\":\"soon\"}");
  g_assert_true (tablet_sync (tablet, 60000));
  none = sht_store_away (tablet->store, 5, NULL);
  g_assert_false (sht_json_has (none, "since"));
  last = town->world.now;
  town->world.now += 5 * hour;
  tablet->world.now = town->world.now;
  g_free (said);
  said = push_one (town, boss, "ticket.note", id, "{\"text\":\"hurry\"}");
  {
    g_autoptr (ShtRequest) pull = NULL;
    g_autoptr (ShtAnswer) page = NULL;

    sht_engine_poke (tablet->engine);
    pull = sht_engine_next (tablet->engine, tablet->mono);
    page = tablet_carry (tablet, pull);
    sht_engine_answer (tablet->engine, pull->lane, page, tablet->mono);
    sht_engine_work (tablet->engine, tablet->mono);
    g_assert_true (sht_store_start_resync (tablet->store, NULL));
  }
  g_assert_true (tablet_sync (tablet, 60000));
  away = sht_store_away (tablet->store, 5, NULL);
  since = sht_view_time (last);
  g_assert_cmpstr (sht_json_string (away, "since"), ==, since);
  g_assert_cmpint (away_count (away, "changed"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rules/trap_06-revoked-row-stays", test_revoked_row_stays);
  g_test_add_func ("/rules/trap_14-edit-in-flight", test_edit_in_flight);
  g_test_add_func ("/rules/trap_13-refusal-keeps-text", test_refusal_keeps_text);
  g_test_add_func ("/rules/trap_08-deleted-rows-come-back", test_deleted_rows_come_back);
  g_test_add_func ("/rules/trap_27-answer-not-kept", test_answer_not_kept);
  g_test_add_func ("/rules/away", test_away);
  g_test_add_func ("/rules/away-own-report", test_away_own_report);
  g_test_add_func ("/rules/sparing", test_sparing);
  g_test_add_func ("/rules/away-since", test_away_since);
  return g_test_run ();
}
