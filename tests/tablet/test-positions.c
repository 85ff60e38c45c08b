/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/protocol.h"
#include "tablet/store/position.h"
#include "tests/tablet/tablet-fixture.h"

/* Where this tablet is, and what its supervisor's knows of it. */

#define MINUTE G_GINT64_CONSTANT (60000)
#define HOUR (60 * MINUTE)
/* 2023-11-15, a Wednesday, 08:00 UTC, an hour into the shift */
#define MORNING G_GINT64_CONSTANT (1700035200000)
#define CALENDAR                                                                                                       \
  "{\"t\":\"calendar\",\"id\":\"town\",\"name\":\"Town\",\"offsets\":[[0,0]],\"week\":[[[420,900]],[[420,900]],[[420,900]]," \
  "[[420,900]],[[420,900]],[[420,900]],[[420,900]]]}"

static Town *
town_at_work (void)
{
  Town *town = town_new ();

  town->world.now = MORNING;
  town_add (town, CALENDAR);
  sht_hub_forget_town (town->hub);
  return town;
}

static void
move_to (Tablet *tablet, double metres_north)
{
  ShtPosition here = { .at = tablet->world.now, .lat_e7 = 312000000 + (gint64) (metres_north * 89.93), .lon_e7 = 348000000,
                       .accuracy_m = 8, .heading = 90, .speed_cm_s = 400 };
  g_autoptr (GError) error = NULL;

  g_assert_true (sht_store_note_position (tablet->store, &here, &error));
  g_assert_no_error (error);
}

static void
pass (Tablet *tablet, gint64 ms)
{
  tablet->world.now += ms;
  tablet->mono += ms;
  tablet->town->world.now = MAX (tablet->town->world.now, tablet->world.now);
}

/* All that is to be sent now; what waits for its time waits. */
static void
exchange (Tablet *tablet)
{
  ShtRequest *request;

  sht_engine_poke (tablet->engine);
  for (;;)
    {
      request = sht_engine_next (tablet->engine, tablet->mono);
      if (request == NULL && !sht_engine_work (tablet->engine, tablet->mono))
        return;
      if (request != NULL)
        {
          g_autoptr (ShtAnswer) answer = tablet_carry (tablet, request);

          sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
          sht_request_free (request);
        }
    }
}

static gint64
count_waiting (Tablet *tablet)
{
  gint64 n = -1;

  g_assert_true (sht_db_get_int (tablet->store->db, &n, NULL, "SELECT count(*) FROM fix", ""));
  return n;
}

static guint
count_at_hub (Town *town)
{
  g_autoptr (JsonArray) list = sht_hub_positions_view (town->hub, "r1", NULL);

  return json_array_get_length (list);
}

static ShtCrewPosition
known_of (Tablet *supervisor, const char *crew)
{
  g_autoptr (GPtrArray) crews = sht_store_crew_positions (supervisor->store, NULL);

  for (guint i = 0; i < crews->len; i++)
    {
      ShtCrewPosition *one = g_ptr_array_index (crews, i);

      if (g_str_equal (one->crew, crew))
        return (ShtCrewPosition){ NULL, one->where, one->position, one->age_ms };
    }
  g_error ("the supervisor does not know of %s", crew);
}

static void
test_told (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (Tablet) crew = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (Tablet) other = tablet_new (town, "crew", "r2", "roads");
  g_autoptr (Tablet) supervisor = tablet_new (town, "supervisor", NULL, "roads");
  g_autoptr (Tablet) gardens = tablet_new (town, "supervisor", NULL, "gardens");
  g_autoptr (GPtrArray) theirs = NULL;
  ShtCrewPosition known;
  gint64 ends = 0;

  exchange (crew);
  exchange (supervisor);
  g_assert_cmpint (known_of (supervisor, "r1").where, ==, SHT_CREW_SILENT);
  g_assert_cmpint (sht_store_sharing (crew->store, &ends), ==, SHT_SHARING_ON);
  g_assert_cmpint (ends, ==, MORNING + 7 * HOUR);
  g_assert_cmpint (sht_store_sharing (supervisor->store, NULL), ==, SHT_SHARING_NONE);
  move_to (crew, 0);
  exchange (crew);
  exchange (supervisor);
  exchange (other);
  exchange (gardens);
  known = known_of (supervisor, "r1");
  g_assert_cmpint (known.where, ==, SHT_CREW_HERE);
  g_assert_cmpint (known.position.lat_e7, ==, 312000000);
  g_assert_cmpint (known.position.accuracy_m, ==, 8);
  g_assert_cmpint (known.position.heading, ==, 90);
  theirs = sht_store_crew_positions (other->store, NULL);
  g_assert_cmpuint (theirs->len, ==, 0);
  g_assert_cmpint (known_of (gardens, "g1").where, ==, SHT_CREW_SILENT);
  assert_agrees (crew);
  assert_agrees (other);
  assert_agrees (supervisor);
  assert_agrees (gardens);
}

/* A movement each half minute, none of less than 25 m, and a word each five minutes. */
static void
test_how_often (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (Tablet) crew = tablet_new (town, "crew", "r1", "roads");
  ShtPosition last;

  g_assert_false (sht_store_last_position (crew->store, &last));
  exchange (crew);
  for (guint second = 0; second < 10 * 60; second++, pass (crew, 1000))
    move_to (crew, 0.01 * second);
  g_assert_cmpint (count_waiting (crew), ==, 2);
  for (guint second = 0; second < 10 * 60; second++, pass (crew, 1000))
    move_to (crew, 10 * second);
  g_assert_cmpint (count_waiting (crew), ==, 2 + 20);
  g_assert_true (sht_store_last_position (crew->store, &last));
  g_assert_cmpint (last.lat_e7, >, 312000000 + 500000);
}

/* An hour and more without signal: the last hour of it is told, and in few requests. */
static void
test_without_signal (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (Tablet) crew = tablet_new (town, "crew", "r1", "roads");

  exchange (crew);
  for (guint i = 0; i < 200; i++, pass (crew, 30000))
    move_to (crew, 100 * i);
  g_assert_cmpint (count_waiting (crew), <=, SHT_POSITIONS_MAX);
  g_assert_cmpint (count_waiting (crew), >=, SHT_POSITIONS_MAX - 1);
  exchange (crew);
  g_assert_cmpint (count_waiting (crew), ==, 0);
  g_assert_cmpuint (count_at_hub (town), <=, SHT_POSITIONS_MAX);
  /* after two hours what is older than one is not told */
  for (guint i = 0; i < 10; i++, pass (crew, 30000))
    move_to (crew, 50000 + 100 * i);
  pass (crew, 2 * HOUR);
  g_assert_cmpint (count_waiting (crew), ==, 10);
  g_string_truncate (crew->log, 0);
  exchange (crew);
  g_assert_null (strstr (crew->log->str, "POST"));
}

/* Nothing of the crew's own time is kept for the hub, nor sent when its hours were set otherwise. */
static void
test_off_shift (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (Tablet) crew = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (Tablet) supervisor = tablet_new (town, "supervisor", NULL, "roads");
  ShtPosition last;

  move_to (crew, 0); /* before it has heard of any hours */
  g_assert_cmpint (count_waiting (crew), ==, 0);
  exchange (crew);
  move_to (crew, 1000);
  exchange (crew);
  exchange (supervisor);
  g_assert_cmpint (known_of (supervisor, "r1").where, ==, SHT_CREW_HERE);
  pass (crew, 7 * HOUR);
  supervisor->world.now = crew->world.now;
  /* without another word from the hub */
  g_assert_cmpint (known_of (supervisor, "r1").where, ==, SHT_CREW_OFF_SHIFT);
  g_assert_cmpint (sht_store_sharing (crew->store, NULL), ==, SHT_SHARING_OFF_SHIFT);
  move_to (crew, 2000);
  g_assert_cmpint (count_waiting (crew), ==, 0);
  /* where one is oneself is known at any time */
  g_assert_true (sht_store_last_position (crew->store, &last));
  g_assert_cmpint (last.at, ==, crew->world.now);
  g_assert_true (sht_store_pause_sharing (crew->store, TRUE, NULL));
  g_assert_cmpint (count_waiting (crew), ==, 0);
  pass (crew, 16 * HOUR + 30 * MINUTE);
  supervisor->world.now = crew->world.now;
  g_assert_cmpint (known_of (supervisor, "r1").where, ==, SHT_CREW_SILENT);
}

static void
test_pause (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (Tablet) crew = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (Tablet) supervisor = tablet_new (town, "supervisor", NULL, "roads");

  exchange (crew);
  move_to (crew, 0);
  exchange (crew);
  pass (crew, MINUTE);
  move_to (crew, 500);
  pass (crew, 1000);
  g_assert_true (sht_store_pause_sharing (crew->store, TRUE, NULL));
  g_assert_cmpint (sht_store_sharing (crew->store, NULL), ==, SHT_SHARING_PAUSED);
  for (guint i = 0; i < 20; i++, pass (crew, MINUTE))
    move_to (crew, 1000 * i);
  exchange (crew);
  exchange (supervisor);
  g_assert_cmpint (known_of (supervisor, "r1").where, ==, SHT_CREW_PAUSED);
  /* the movement before the pause was not sent yet, and is not sent any more; of those after it nothing is */
  {
    g_autoptr (JsonArray) list = sht_hub_positions_view (town->hub, "r1", NULL);
    guint places = 0;

    for (guint i = 0; i < json_array_get_length (list); i++)
      places += sht_json_has (sht_json_element (list, i), "lat_e7");
    g_assert_cmpuint (places, ==, 1);
  }
  g_assert_true (sht_store_pause_sharing (crew->store, FALSE, NULL));
  g_assert_true (sht_store_note_position (crew->store, NULL, NULL));
  pass (crew, 1000);
  exchange (crew);
  exchange (supervisor);
  g_assert_cmpint (known_of (supervisor, "r1").where, ==, SHT_CREW_UNKNOWN);
  move_to (crew, 3000);
  exchange (crew);
  exchange (supervisor);
  g_assert_cmpint (known_of (supervisor, "r1").where, ==, SHT_CREW_HERE);
  assert_agrees (supervisor);
}

/* A hub that does not want positions is nobody's trouble; one that cannot take them just now is asked again. */
static void
test_answers (void)
{
  static const guint unwanted[] = { 400, 403, 404, 413 };
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (Tablet) crew = tablet_new (town, "crew", "r1", "roads");

  exchange (crew);
  for (guint i = 0; i < G_N_ELEMENTS (unwanted); i++)
    {
      pass (crew, MINUTE);
      move_to (crew, 100 * i);
      crew->next_status = unwanted[i];
      crew->next_lane = SHT_LANE_POSITIONS;
      exchange (crew);
      g_assert_cmpuint (crew->next_status, ==, 0);
      g_assert_cmpint (count_waiting (crew), ==, 0);
      g_assert_cmpint (sht_engine_get_touch (crew->engine), ==, SHT_TOUCH_GOOD);
    }
  pass (crew, MINUTE);
  move_to (crew, 1000);
  crew->next_status = 503;
  crew->next_lane = SHT_LANE_POSITIONS;
  exchange (crew);
  g_assert_cmpint (count_waiting (crew), ==, 1);
  g_assert_cmpint (sht_engine_wake_at (crew->engine), >=, crew->mono + 30000);
  pass (crew, MINUTE);
  exchange (crew);
  g_assert_cmpint (count_waiting (crew), ==, 0);
  g_assert_cmpuint (count_at_hub (town), ==, 1);
}

/* Replies that are lost cost nothing. */
static void
test_lost_replies (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (Tablet) crew = tablet_new (town, "crew", "r1", "roads");

  exchange (crew);
  crew->drop_replies_in = 2;
  for (guint i = 0; i < 40; i++, pass (crew, 31000))
    {
      move_to (crew, 100 * i);
      exchange (crew);
    }
  crew->drop_replies_in = 0;
  exchange (crew);
  g_assert_cmpint (count_waiting (crew), ==, 0);
  g_assert_cmpuint (count_at_hub (town), ==, 40);
}

/* What a supervisor no longer supervises goes, and so does what a hub that was put back does not know. */
static void
test_goes (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (Tablet) crew = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (Tablet) supervisor = tablet_new (town, "supervisor", NULL, "roads");
  g_autofree char *backup = town_backup (town);
  gint64 n = -1;

  exchange (crew);
  move_to (crew, 0);
  exchange (crew);
  exchange (supervisor);
  g_assert_cmpint (known_of (supervisor, "r1").where, ==, SHT_CREW_HERE);
  town_restore (town, backup, TRUE);
  exchange (supervisor);
  g_assert_cmpint (known_of (supervisor, "r1").where, ==, SHT_CREW_SILENT);
  assert_agrees (supervisor);
  pass (crew, MINUTE);
  move_to (crew, 100);
  exchange (crew);
  exchange (supervisor);
  g_assert_cmpint (known_of (supervisor, "r1").where, ==, SHT_CREW_HERE);
  g_free (supervisor->device->department);
  supervisor->device->department = g_strdup ("gardens");
  exchange (supervisor);
  g_assert_true (sht_db_get_int (supervisor->store->db, &n, NULL, "SELECT count(*) FROM position", ""));
  g_assert_cmpint (n, ==, 0);
}

/* Who does not want the tablet to know where it is leaves nothing of it there. */
static void
test_forgotten (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (Tablet) crew = tablet_new (town, "crew", "r1", "roads");
  ShtPosition last;
  gint64 n = -1;

  exchange (crew);
  move_to (crew, 0);
  g_assert_true (sht_store_forget_position (crew->store, NULL));
  g_assert_false (sht_store_last_position (crew->store, &last));
  g_assert_cmpint (count_waiting (crew), ==, 0);
  g_assert_true (sht_db_get_int (crew->store->db, &n, NULL, "SELECT count(*) FROM meta WHERE value LIKE '%lat_e7%'", ""));
  g_assert_cmpint (n, ==, 0);
}

/* What was told by a clock that has been set back since is not waited for. */
static void
test_clock_set_back (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (Tablet) crew = tablet_new (town, "crew", "r1", "roads");
  ShtPosition last;

  crew->world.now += 3 * HOUR;
  exchange (crew);
  move_to (crew, 0);
  exchange (crew);
  g_assert_cmpuint (count_at_hub (town), ==, 1);
  crew->world.now -= 3 * HOUR;
  pass (crew, MINUTE);
  exchange (crew);
  move_to (crew, 500);
  g_assert_cmpint (count_waiting (crew), ==, 1);
  g_assert_true (sht_store_last_position (crew->store, &last));
  g_assert_cmpint (last.at, ==, crew->world.now);
  exchange (crew);
  g_assert_cmpuint (count_at_hub (town), ==, 2);
}

/* Whoever supervises both departments sees a crew that goes over from one to the other. */
static void
test_other_department (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (Tablet) crew = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (Tablet) manager = tablet_new (town, "manager", NULL, NULL);

  exchange (crew);
  move_to (crew, 0);
  exchange (crew);
  exchange (manager);
  g_assert_cmpint (known_of (manager, "r1").where, ==, SHT_CREW_HERE);
  town_add (town, "{\"t\":\"crew\",\"id\":\"r1\",\"name\":\"R1\",\"department\":\"gardens\"}");
  pass (crew, 2 * MINUTE);
  move_to (crew, 100);
  exchange (crew);
  exchange (manager);
  g_assert_cmpint (known_of (manager, "r1").where, ==, SHT_CREW_HERE);
  assert_agrees (manager);
}

/* A tablet that is enrolled for another crew tells nothing of the one before under its name. */
static void
test_other_crew (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (Tablet) crew = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (JsonObject) answer = town_enrol (town, "crew", "r2", "roads");

  exchange (crew);
  move_to (crew, 0);
  g_assert_cmpint (count_waiting (crew), ==, 1);
  g_assert_true (sht_store_pause_sharing (crew->store, TRUE, NULL));
  g_assert_true (sht_store_set_device (crew->store, "http://127.0.0.1", answer, NULL));
  g_assert_cmpint (count_waiting (crew), ==, 0);
  g_assert_cmpint (sht_store_sharing (crew->store, NULL), ==, SHT_SHARING_ON);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/positions/told", test_told);
  g_test_add_func ("/positions/how-often", test_how_often);
  g_test_add_func ("/positions/without-signal", test_without_signal);
  g_test_add_func ("/positions/off-shift", test_off_shift);
  g_test_add_func ("/positions/pause", test_pause);
  g_test_add_func ("/positions/answers", test_answers);
  g_test_add_func ("/positions/lost-replies", test_lost_replies);
  g_test_add_func ("/positions/goes", test_goes);
  g_test_add_func ("/positions/forgotten", test_forgotten);
  g_test_add_func ("/positions/clock-set-back", test_clock_set_back);
  g_test_add_func ("/positions/other-department", test_other_department);
  g_test_add_func ("/positions/other-crew", test_other_crew);
  return g_test_run ();
}
