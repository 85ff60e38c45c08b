/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tablet/tablet-fixture.h"

/* Answers that come in another order than what was asked. */

/* The next request of a lane, with others of other lanes left lying. */
static ShtRequest *
tablet_next_of (Tablet *tablet, ShtLane lane)
{
  for (;;)
    {
      ShtRequest *request = sht_engine_next (tablet->engine, tablet->mono);

      g_assert_nonnull (request);
      if (request->lane == lane)
        return request;
      sht_request_free (request);
    }
}

/* A push's answer that a newer pull has overtaken does not put the older row back. */
static void
test_answer_overtaken (void)
{
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (Town) town = town_new ();
      g_autoptr (Tablet) tablet = NULL;
      g_autofree char *id = ticket_id (1);
      g_autoptr (ShtRequest) push = NULL, pull = NULL;
      g_autoptr (ShtAnswer) pushed = NULL, pulled = NULL;

      town_add_ticket (town, 1, "r1");
      tablet = tablet_new (town, "crew", "r1", "roads");
      g_assert_true (tablet_sync (tablet, 0));
      sht_engine_set_live (tablet->engine, TRUE);
      pull = sht_engine_next (tablet->engine, tablet->mono);
      g_assert_nonnull (strstr (pull->path, "wait="));
      g_assert_true (sht_store_set_status (tablet->store, id, SHT_STATUS_IN_PROGRESS, NULL, NULL, NULL));
      push = sht_engine_next (tablet->engine, tablet->mono);
      g_assert_cmpint (push->lane, ==, SHT_LANE_PUSH);
      pushed = tablet_carry (tablet, push);
      if (round == 0)
        {
          Tablet *boss = tablet_new (town, "supervisor", NULL, "roads");
          g_autofree char *said = push_one (town, boss->device, "ticket.set", id, "{\"title\":\"newer\"}");

          assert_result (said, 0, "applied");
          tablet_free (boss);
        }
      else
        g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
      pulled = tablet_carry (tablet, pull);
      sht_engine_answer (tablet->engine, SHT_LANE_PULL, pulled, tablet->mono);
      sht_engine_work (tablet->engine, tablet->mono);
      sht_engine_answer (tablet->engine, SHT_LANE_PUSH, pushed, tablet->mono);
      sht_engine_set_live (tablet->engine, FALSE);
      if (round == 1)
        {
          g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 0);
          g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM event"), ==, 0);
        }
      else
        g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket WHERE title = 'newer' AND status = 'in_progress'"), ==, 1);
      g_assert_true (tablet_sync (tablet, 0));
      assert_agrees (tablet);
    }
}

/* A page that was on its way while work was confirmed is not taken. */
static void
test_stale_page (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autoptr (ShtRequest) pull = NULL;
  g_autoptr (ShtAnswer) old = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  sht_engine_set_live (tablet->engine, TRUE);
  town_add_ticket (town, 2, "r1");
  pull = sht_engine_next (tablet->engine, tablet->mono);
  old = tablet_carry (tablet, pull);
  g_assert_true (sht_store_set_status (tablet->store, id, SHT_STATUS_DONE, NULL, NULL, NULL));
  {
    g_autoptr (ShtRequest) push = sht_engine_next (tablet->engine, tablet->mono);
    g_autoptr (ShtAnswer) answer = tablet_carry (tablet, push);

    sht_engine_answer (tablet->engine, SHT_LANE_PUSH, answer, tablet->mono);
  }
  sht_engine_answer (tablet->engine, SHT_LANE_PULL, old, tablet->mono);
  sht_engine_work (tablet->engine, tablet->mono);
  assert_status (tablet, id, "done");
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 1);
  sht_engine_set_live (tablet->engine, FALSE);
  g_assert_true (tablet_sync (tablet, 0));
  assert_status (tablet, id, "done");
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 2);
}

/* Trap 3: a page that waits to be stored is older than what was confirmed meanwhile; the one behind it, fetched
 * ahead, does not take its place. */
static void
test_trap_03_page_behind_a_stale_one (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  static const ShtLane lanes[] = { SHT_LANE_PULL, SHT_LANE_PUSH, SHT_LANE_PULL };

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  for (guint n = 2; n < 12; n++)
    town_add_ticket (town, n, "r1");
  sht_engine_poke (tablet->engine);
  for (guint i = 0; i < G_N_ELEMENTS (lanes); i++)
    {
      g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, tablet->mono);
      g_autoptr (ShtAnswer) answer = tablet_carry (tablet, request);

      g_assert_cmpint (request->lane, ==, lanes[i]);
      sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
      if (i == 0)
        tablet_note (tablet, id, "confirmed while a page waits");
    }
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 11);
  assert_agrees (tablet);
}

/* Another program of this tablet finds the key of what is sealed, and has all of it asked for anew, while this one waits for
 * news: those are of the cursor of before, and are not all that there is. */
static void
test_trap_03_asked_anew_meanwhile (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autoptr (ShtRequest) request = NULL;
  g_autoptr (ShtAnswer) answer = NULL;
  g_autoptr (ShtStore) other = NULL;
  ShtStoreWorld world;

  for (guint n = 1; n < 4; n++)
    town_add_ticket (town, n, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  sht_engine_set_live (tablet->engine, TRUE);
  request = sht_engine_next (tablet->engine, tablet->mono);
  g_assert_nonnull (strstr (request->path, "wait="));
  world = tablet_world (tablet);
  world.seals = TRUE;
  other = sht_store_open (tablet->folder, &world, NULL);
  g_assert_nonnull (other);
  town_add_ticket (town, 4, "r1");
  answer = tablet_carry (tablet, request);
  sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
  sht_engine_work (tablet->engine, tablet->mono);
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 4);
  assert_agrees (tablet);
  g_assert_cmpint (sht_store_get_number (tablet->store, "resync", -1), ==, 0);
}

/* The step that something stands against, as the tablet has it. */
static char *
step_in_conflict (Tablet *tablet)
{
  return sht_db_get_text (tablet->store->db, NULL, "SELECT doc FROM event WHERE doc ->> '$.data.conflicts[0]' IS NOT NULL", "");
}

/* A step is told anew when somebody decides what stands against it. The answer to the crew's decision comes behind a pull that told
 * the supervisor's: the step stays as it was told last. */
static void
test_step_overtaken (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) crew = NULL, boss = NULL;
  g_autoptr (ShtRequest) push = NULL, pull = NULL;
  g_autoptr (ShtAnswer) pushed = NULL, pulled = NULL;
  g_autofree char *id = ticket_id (1), *told = NULL, *now = NULL;

  town_add_ticket (town, 1, "r1");
  crew = tablet_new (town, "crew", "r1", "roads");
  boss = tablet_new (town, "supervisor", NULL, "roads");
  g_assert_true (tablet_sync (crew, 0) && tablet_sync (boss, 0));
  g_assert_true (sht_store_set_status (boss->store, id, SHT_STATUS_WAITING, NULL, "parts", NULL));
  g_assert_true (sht_store_set_status (crew->store, id, SHT_STATUS_DONE, NULL, NULL, NULL));
  g_assert_true (tablet_sync (boss, 0) && tablet_sync (crew, 0) && tablet_sync (boss, 60000));
  sht_engine_set_live (crew->engine, TRUE);
  pull = sht_engine_next (crew->engine, crew->mono);
  g_assert_nonnull (strstr (pull->path, "wait="));
  g_assert_true (sht_store_resolve (crew->store, "106-2023-00001", "status", TRUE, NULL));
  push = sht_engine_next (crew->engine, crew->mono);
  g_assert_cmpint (push->lane, ==, SHT_LANE_PUSH);
  pushed = tablet_carry (crew, push);
  g_assert_true (sht_store_resolve (boss->store, "106-2023-00001", "status", TRUE, NULL));
  g_assert_true (tablet_sync (boss, 60000));
  pulled = tablet_carry (crew, pull);
  sht_engine_answer (crew->engine, SHT_LANE_PULL, pulled, crew->mono);
  sht_engine_work (crew->engine, crew->mono);
  told = step_in_conflict (crew);
  g_assert_nonnull (strstr (told, "\"role\":\"supervisor\""));
  sht_engine_answer (crew->engine, SHT_LANE_PUSH, pushed, crew->mono);
  now = step_in_conflict (crew);
  g_assert_cmpstr (now, ==, told);
  sht_engine_set_live (crew->engine, FALSE);
  g_assert_true (tablet_sync (crew, 60000));
  assert_agrees (crew);
}

/* A page that was asked for before a photo was sent does not tell by which number of its log the hub has it: a backup through that
 * number may be without it. */
static void
test_page_of_before_the_photo (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autoptr (ShtRequest) pull = NULL;
  g_autoptr (ShtAnswer) page = NULL;
  g_autofree char *id = ticket_id (1), *first = NULL, *second = NULL;
  const guint photos = 1u << SHT_LANE_PHOTOS | 1u << SHT_LANE_THUMBS;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  tablet->page_rows = 100;
  g_assert_true (tablet_sync (tablet, 0));
  first = tablet_photo (tablet, id, 600, 7);
  second = tablet_photo (tablet, id, 700, 8);
  run_without (tablet, photos, 0, 5000);
  sht_engine_set_live (tablet->engine, TRUE);
  pull = tablet_next_of (tablet, SHT_LANE_PULL);
  g_assert_nonnull (strstr (pull->path, "wait="));
  town_add_ticket (town, 9, "r1");
  page = tablet_carry (tablet, pull);
  tablet->mono += 600000;
  tablet->world.now += 600000;
  while (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 2") == 0)
    {
      g_autoptr (ShtRequest) request = tablet_next_of (tablet, SHT_LANE_PHOTOS);
      g_autoptr (ShtAnswer) answer = tablet_carry (tablet, request);

      sht_engine_answer (tablet->engine, SHT_LANE_PHOTOS, answer, tablet->mono);
    }
  sht_engine_answer (tablet->engine, SHT_LANE_PULL, page, tablet->mono);
  sht_engine_work (tablet->engine, tablet->mono);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 2);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 2 AND number IS NOT NULL"), ==, 0);
  sht_engine_set_live (tablet->engine, FALSE);
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 2 AND number IS NOT NULL"), ==, 2);
}

/* The pull that told the decision came before the answer that there is something to be decided: nothing waits. */
static void
test_decided_before_it_was_told (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) crew = NULL, boss = NULL;
  g_autoptr (ShtRequest) push = NULL, pull = NULL;
  g_autoptr (ShtAnswer) pushed = NULL, pulled = NULL;
  g_autofree char *id = ticket_id (1);

  town_add_ticket (town, 1, "r1");
  crew = tablet_new (town, "crew", "r1", "roads");
  boss = tablet_new (town, "supervisor", NULL, "roads");
  g_assert_true (tablet_sync (crew, 0) && tablet_sync (boss, 0));
  sht_engine_set_live (crew->engine, TRUE);
  pull = sht_engine_next (crew->engine, crew->mono);
  g_assert_true (sht_store_set_status (boss->store, id, SHT_STATUS_WAITING, NULL, "parts", NULL));
  g_assert_true (tablet_sync (boss, 0));
  g_assert_true (sht_store_set_status (crew->store, id, SHT_STATUS_DONE, NULL, NULL, NULL));
  push = sht_engine_next (crew->engine, crew->mono);
  g_assert_cmpint (push->lane, ==, SHT_LANE_PUSH);
  pushed = tablet_carry (crew, push);
  g_assert_true (tablet_sync (boss, 60000));
  g_assert_true (sht_store_resolve (boss->store, "106-2023-00001", "status", TRUE, NULL));
  g_assert_true (tablet_sync (boss, 60000));
  pulled = tablet_carry (crew, pull);
  sht_engine_answer (crew->engine, SHT_LANE_PULL, pulled, crew->mono);
  sht_engine_work (crew->engine, crew->mono);
  sht_engine_answer (crew->engine, SHT_LANE_PUSH, pushed, crew->mono);
  sht_engine_set_live (crew->engine, FALSE);
  g_assert_true (tablet_sync (crew, 60000));
  g_assert_cmpint (tablet_count (crew, "SELECT count(*) FROM op WHERE state = 3"), ==, 0);
  assert_agrees (crew);
}

/* A step goes by what stood on the screen at the tap, not by what the store has taken in before it came to it. */
static void
test_tap_overtaken (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1);
  g_autoptr (Tablet) crew = NULL, other = NULL;
  g_autoptr (ShtOperation) tap = NULL;
  g_autoptr (GError) error = NULL;

  town_add_ticket (town, 1, "r1");
  crew = tablet_new (town, "crew", "r1", "roads");
  other = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (crew, 0));
  g_assert_true (tablet_sync (other, 0));
  tap = sht_store_new_operation (crew->store, SHT_KIND_TICKET_STATUS, id);
  json_object_set_string_member (tap->fields, "seen", "assigned");
  json_object_set_string_member (tap->fields, "want", "in_progress");
  g_assert_true (sht_store_set_status (other->store, id, SHT_STATUS_DONE, NULL, NULL, NULL));
  g_assert_true (tablet_sync (other, 60000));
  g_assert_true (tablet_sync (crew, 60000));
  assert_status (crew, id, "done");
  sht_store_act (crew->store, tap, &error);
  g_assert_no_error (error);
  assert_status (crew, id, "done");
  g_assert_true (tablet_sync (crew, 60000));
  assert_status (crew, id, "done");
  g_assert_cmpint (tablet_count (crew, "SELECT count(*) FROM op WHERE state = 2"), ==, 1);
  assert_agrees (crew);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/overtaken/answer", test_answer_overtaken);
  g_test_add_func ("/overtaken/page", test_stale_page);
  g_test_add_func ("/overtaken/trap_03_page_behind_a_stale_one", test_trap_03_page_behind_a_stale_one);
  g_test_add_func ("/overtaken/trap_03_asked_anew_meanwhile", test_trap_03_asked_anew_meanwhile);
  g_test_add_func ("/overtaken/step", test_step_overtaken);
  g_test_add_func ("/overtaken/page-of-before-the-photo", test_page_of_before_the_photo);
  g_test_add_func ("/overtaken/decided-before-it-was-told", test_decided_before_it_was_told);
  g_test_add_func ("/overtaken/tap", test_tap_overtaken);
  return g_test_run ();
}
