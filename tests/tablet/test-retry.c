/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/retry.h"
#include "tests/tablet/tablet-fixture.h"

#include <glib/gstdio.h>

static void
test_halving (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  for (guint i = 0; i < 20; i++)
    tablet_note (tablet, id, "n");
  /* bytes that the hub's push cannot take apart */
  g_assert_true (sht_db_exec (tablet->store->db, "UPDATE op SET bytes = 'a' || char (10) || 'b' WHERE n = 7", NULL));
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2"), ==, 19);
  g_assert_cmpint (tablet_count (tablet, "SELECT n FROM op WHERE state = 3"), ==, 7);
  /* in their order */
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op AS a JOIN op AS b ON b.n > a.n AND b.device_seq <= a.device_seq"), ==, 0);
  assert_agrees (tablet);
}

/* A gateway that answers 400 to everything sets nothing aside, and nothing begins anew for its 410. */
static void
test_gateway (void)
{
  static const guint statuses[] = { 400, 410, 413, 404, 403, 302, 200, 204, 500, 502, 429 };
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      tablet_note (tablet, id, "n");
      tablet->next_status = statuses[i];
      tablet->next_body = "<html>log in to this network</html>";
      tablet->next_lane = SHT_LANE_PUSH;
      g_assert_true (tablet_sync (tablet, 120000));
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state <> 2"), ==, 0);
      tablet->next_status = statuses[i];
      tablet->next_lane = SHT_LANE_PULL;
      g_assert_true (tablet_sync (tablet, 120000));
    }
  g_assert_cmpint (sht_store_get_number (tablet->store, "generation", 1), ==, 1);
  assert_agrees (tablet);
}

/* A hub that was brought up to date before this tablet understands none of its requests: nothing of the work is to blame. */
static void
test_another_version (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *photo = NULL;
  guint asked;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  photo = tablet_photo (tablet, id, 1000, 1);
  run_without (tablet, 1u << SHT_LANE_PHOTOS, 0, 5000);
  tablet_note (tablet, id, "one");
  tablet_note (tablet, id, "two");
  sht_engine_poke (tablet->engine);
  tablet->next_body = "{\"error\":\"protocol\",\"message\":\"This hub speaks Shetach-Protocol 2 only.\"}";
  asked = run_without (tablet, ~0u, 400, 600000);
  g_assert_cmpint (sht_engine_get_touch (tablet->engine), ==, SHT_TOUCH_MISFIT);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state < 2"), ==, 2);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state < 2"), ==, 1);
  /* once a minute in each of three lanes */
  g_assert_cmpuint (asked, <=, 33);
  g_assert_true (tablet_sync (tablet, 120000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2"), ==, 3);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 2"), ==, 1);
  assert_agrees (tablet);
}

static void
test_login_ended (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, id, "one");
  sht_engine_poke (tablet->engine);
  tablet->next_status = 401;
  {
    g_autoptr (ShtRequest) push = sht_engine_next (tablet->engine, tablet->mono);
    g_autoptr (ShtAnswer) answer = tablet_carry (tablet, push);

    sht_engine_answer (tablet->engine, push->lane, answer, tablet->mono);
  }
  g_assert_cmpint (sht_engine_get_touch (tablet->engine), ==, SHT_TOUCH_LOGIN_ENDED);
  /* some gateway's word is not the hub's */
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ShtRequest) push = NULL;
      g_autoptr (ShtAnswer) answer = answer_text (403, i == 0 ? "<html>log in to this network</html>" : "{\"error\":\"forbidden\",\"message\":\"x\"}");

      tablet->mono = sht_engine_wake_at (tablet->engine);
      push = sht_engine_next (tablet->engine, tablet->mono);
      sht_engine_answer (tablet->engine, push->lane, answer, tablet->mono);
      g_assert_cmpint (sht_engine_get_touch (tablet->engine), ==, i == 0 ? SHT_TOUCH_NONE : SHT_TOUCH_LOGIN_ENDED);
    }
  tablet_note (tablet, id, "two");
  g_assert_true (sht_store_set_status (tablet->store, id, SHT_STATUS_DONE, NULL, NULL, NULL));
  assert_status (tablet, id, "done");
  g_assert_cmpint (sht_engine_wake_at (tablet->engine), >, tablet->mono);
  g_assert_true (tablet_sync (tablet, 120000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2"), ==, 3);
}

static void
test_retry_after (void)
{
  gint64 at = G_GINT64_CONSTANT (784111777000);

  g_assert_cmpint (sht_retry_after_ms (NULL, at), ==, 0);
  g_assert_cmpint (sht_retry_after_ms ("0", at), ==, 0);
  g_assert_cmpint (sht_retry_after_ms ("120", at), ==, 120000);
  g_assert_cmpint (sht_retry_after_ms ("86401", at), ==, 600000);
  g_assert_cmpint (sht_retry_after_ms ("99999999999999999999999", at), ==, 600000);
  g_assert_cmpint (sht_retry_after_ms ("-5", at), ==, 0);
  g_assert_cmpint (sht_retry_after_ms ("", at), ==, 0);
  g_assert_cmpint (sht_retry_after_ms ("soon", at), ==, 0);
  g_assert_cmpint (sht_retry_after_ms ("Sun, 06 Nov 1994 08:49:37 GMT", at - 5000), ==, 5000);
  g_assert_cmpint (sht_retry_after_ms ("Sunday, 06-Nov-94 08:49:37 GMT", at - 5000), ==, 5000);
  g_assert_cmpint (sht_retry_after_ms ("Sun Nov  6 08:49:37 1994", at - 5000), ==, 5000);
  g_assert_cmpint (sht_retry_after_ms ("Sun, 06 Nov 1994 08:49:37 GMT", at + 5000), ==, 0);
  g_assert_cmpint (sht_retry_after_ms ("Sun, 06 Nov 2094 08:49:37 GMT", at), ==, 600000);
  for (guint n = 0; n < 40; n++)
    {
      World world = { 0, n };
      gint64 delay = sht_retry_delay_ms (n, world_random, &world);

      g_assert_cmpint (delay, >, 0);
      g_assert_cmpint (delay, <=, MIN (8000, 500 << MIN (n > 0 ? n - 1 : 0, 10)));
    }
  {
    g_autoptr (Town) town = town_new ();
    g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
    gint64 start = tablet->mono;

    tablet->next_status = 503;
    tablet->next_retry_after = "90";
    g_assert_true (tablet_sync (tablet, 200000));
    g_assert_cmpint (tablet->mono - start, >=, 90000);
  }
}

/* A store that cannot be written tries again by itself. */
static void
test_store_breaks (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");

  town_add_ticket (town, 1, "r1");
  g_assert_true (sht_db_exec (tablet->store->db,
                              "CREATE TRIGGER full BEFORE INSERT ON ticket BEGIN SELECT RAISE (ABORT, 'no room'); END", NULL));
  g_assert_false (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 0);
  g_assert_true (sht_db_exec (tablet->store->db, "DROP TRIGGER full", NULL));
  for (guint i = 0; i < 200 && !sht_engine_is_settled (tablet->engine); i++)
    {
      g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, tablet->mono);

      if (request == NULL)
        {
          g_assert_cmpint (sht_engine_wake_at (tablet->engine), <, G_MAXINT64);
          tablet->mono = sht_engine_wake_at (tablet->engine);
        }
      else
        {
          g_autoptr (ShtAnswer) answer = tablet_carry (tablet, request);

          sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
          sht_engine_work (tablet->engine, tablet->mono);
        }
    }
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 1);
  assert_agrees (tablet);
}

/* A retry whose reason has gone does not wake anybody for ever. */
static void
test_retry_without_reason (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (ShtRequest) pull = NULL;
  g_autoptr (ShtAnswer) nothing = sht_answer_new (0);

  g_assert_true (tablet_sync (tablet, 0));
  sht_engine_set_live (tablet->engine, TRUE);
  pull = sht_engine_next (tablet->engine, tablet->mono);
  sht_engine_answer (tablet->engine, SHT_LANE_PULL, nothing, tablet->mono);
  sht_engine_set_live (tablet->engine, FALSE);
  tablet->mono = sht_engine_wake_at (tablet->engine);
  g_assert_null (sht_engine_next (tablet->engine, tablet->mono));
  g_assert_cmpint (sht_engine_wake_at (tablet->engine), ==, G_MAXINT64);
}

/* What its owner ends before it has left is no failure: the word of how it stands with the hub stays as it was,
 * good or bad, and what it carried has not been sent. */
static void
test_called_off (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *before = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (ShtRequest) push = NULL;

      tablet_note (tablet, id, "n");
      sht_engine_poke (tablet->engine);
      push = sht_engine_next (tablet->engine, tablet->mono);
      g_assert_cmpint (push->lane, ==, SHT_LANE_PUSH);
      sht_engine_call_off (tablet->engine, push->lane);
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 0"), ==, round + 1);
      g_assert_cmpint (sht_engine_get_touch (tablet->engine), ==, round == 0 ? SHT_TOUCH_GOOD : SHT_TOUCH_NONE);
      g_assert_cmpstr (sht_engine_get_problem (tablet->engine), ==, before);
      if (round == 0)
        {
          g_autoptr (ShtRequest) again = sht_engine_next (tablet->engine, tablet->mono);
          g_autoptr (ShtAnswer) none = sht_answer_new (0);

          none->unsent = TRUE;
          none->problem = g_strdup ("no way to the hub");
          sht_engine_answer (tablet->engine, again->lane, none, tablet->mono);
          before = g_strdup (sht_engine_get_problem (tablet->engine));
          g_assert_nonnull (before);
          tablet->mono = sht_engine_wake_at (tablet->engine);
        }
    }
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2"), ==, 2);
  assert_agrees (tablet);
}

/* A tablet that the office has sealed says what it had not sent to the hub, and to nobody else; and that may be called off too. */
static void
test_sealed (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autoptr (ShtRequest) pull = NULL, first = NULL, second = NULL, third = NULL;
  g_autoptr (ShtAnswer) sealed = answer_text (403, "{\"error\":\"sealed\",\"message\":\"x\"}");
  g_autoptr (ShtAnswer) portal = answer_text (200, "<html>"), hub = answer_text (200, "{\"now\":1700000000000}");
  g_autofree char *id = ticket_id (1);

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  sht_engine_set_live (tablet->engine, TRUE);
  pull = sht_engine_next (tablet->engine, tablet->mono);
  sht_engine_answer (tablet->engine, pull->lane, sealed, tablet->mono);
  tablet_note (tablet, id, "not sent");
  first = sht_engine_next (tablet->engine, tablet->mono);
  g_assert_cmpstr (first->path, ==, "/v1/unsent");
  sht_engine_call_off (tablet->engine, first->lane);
  second = sht_engine_next (tablet->engine, tablet->mono);
  g_assert_cmpstr (second->path, ==, "/v1/unsent");
  sht_engine_answer (tablet->engine, second->lane, portal, tablet->mono);
  g_assert_nonnull (tablet->store->device.token);
  tablet->mono = sht_engine_wake_at (tablet->engine);
  third = sht_engine_next (tablet->engine, tablet->mono);
  sht_engine_answer (tablet->engine, third->lane, hub, tablet->mono);
  g_assert_null (tablet->store->device.token);
}

/* The disk has no room for the mark beside the database, for two tries: that does not make the database an older one. */
static void
test_no_room_for_the_mark (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1), *mark = NULL, *aside = NULL, *in_it = NULL, *copy = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  tablet_close (tablet);
  tablet->knows_its_file = TRUE;
  tablet_open (tablet);
  g_assert_true (sht_store_copy_seen (tablet->store, NULL));
  g_assert_true (tablet_sync (tablet, 0));
  mark = g_build_filename (tablet->folder, "incarnation.json", NULL);
  aside = g_build_filename (tablet->folder, "aside", NULL);
  in_it = g_build_filename (mark, "x", NULL);
  g_assert_cmpint (g_rename (mark, aside), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (in_it, 0700), ==, 0);
  tablet_note (tablet, id, "waits");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ShtRequest) none = NULL;

      sht_engine_poke (tablet->engine);
      none = sht_engine_next (tablet->engine, tablet->mono);
      g_assert_true (none == NULL || none->lane != SHT_LANE_PUSH);
      tablet->mono += 600000;
    }
  remove_tree (mark);
  g_assert_cmpint (g_rename (aside, mark), ==, 0);
  tablet_close (tablet);
  tablet_open (tablet);
  copy = sht_store_get_copy (tablet->store);
  g_assert_null (copy);
  g_assert_true (tablet_sync (tablet, 60000));
  assert_agrees (tablet);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retry/trap_12-halving", test_halving);
  g_test_add_func ("/retry/gateway", test_gateway);
  g_test_add_func ("/retry/another-version", test_another_version);
  g_test_add_func ("/retry/trap_24-login-ended", test_login_ended);
  g_test_add_func ("/retry/trap_10-retry-after", test_retry_after);
  g_test_add_func ("/retry/trap_10-store-breaks", test_store_breaks);
  g_test_add_func ("/retry/trap_10-retry-without-reason", test_retry_without_reason);
  g_test_add_func ("/retry/called-off", test_called_off);
  g_test_add_func ("/retry/sealed", test_sealed);
  g_test_add_func ("/retry/no-room-for-the-mark", test_no_room_for_the_mark);
  return g_test_run ();
}
