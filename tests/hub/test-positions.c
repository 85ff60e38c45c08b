/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/position.h"
#include "core/protocol.h"
#include "tests/hub/hub-fixture.h"

/* Where crews are: who may tell, who is told, when, and for how long. */

#define MINUTE G_GINT64_CONSTANT (60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
/* 2023-11-15, a Wednesday, 08:00 UTC, an hour into the shift */
#define MORNING G_GINT64_CONSTANT (1700035200000)
/* from 7 to 15 on every day, UTC */
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

static char *
here (gint64 at, double metres_north)
{
  return g_strdup_printf ("{\"at\":%" G_GINT64_FORMAT ",\"state\":\"here\",\"lat_e7\":%d,\"lon_e7\":348000000,\"accuracy_m\":8}",
                          at, 312000000 + (int) (metres_north * 89.93));
}

/* What the hub answered, or the error's code. */
static char *
tell (Town *town, ShtHubDevice *device, const char *positions)
{
  g_autofree char *body = g_strdup_printf ("{\"positions\":[%s]}", positions);
  g_autoptr (GError) error = NULL;
  char *answer = sht_hub_take_positions (town->hub, device, body, strlen (body), &error);

  return answer != NULL ? answer : g_strdup_printf ("error %d", error->code);
}

static void
assert_told (Town *town, ShtHubDevice *device, const char *positions, const char *begins)
{
  g_autofree char *answer = tell (town, device, positions);

  g_test_message ("%s → %s", positions, answer);
  g_assert_true (g_str_has_prefix (answer, begins));
}

static void
tell_here (Town *town, ShtHubDevice *device, double metres_north)
{
  g_autofree char *position = here (town->world.now, metres_north);

  assert_told (town, device, position, "{\"kept\":1,\"off_shift\":0,\"refused\":0,");
}

static char *
pull_all (Town *town, ShtHubDevice *device)
{
  gboolean empty;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) page = sht_hub_pull (town->hub, device, "", 5000, &empty, &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (page, NULL), g_bytes_get_size (page));
}

static gboolean
sees (Town *town, ShtHubDevice *device, const char *what)
{
  g_autofree char *page = pull_all (town, device);

  return strstr (page, what) != NULL;
}

static guint
count_kept (Town *town, const char *crew)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonArray) list = sht_hub_positions_view (town->hub, crew, &error);

  g_assert_no_error (error);
  return json_array_get_length (list);
}

static gint64
log_head (Town *town)
{
  gint64 head, nonce;

  g_assert_true (town->hub->store->driver->log_head (town->hub->store, &head, &nonce, NULL));
  return head;
}

static void
tidy (Town *town)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sht_hub_tidy_positions (town->hub, &error));
  g_assert_no_error (error);
}

/* Every role against every department: only whoever supervises the crew is told where it is. */
static void
test_who_sees (void)
{
  static const struct
  {
    const char *role, *crew, *department;
    gboolean sees;
  } roles[] = {
    { "crew", "r1", "roads", FALSE }, /* not even its own, which it knows better */
    { "crew", "r2", "roads", FALSE },
    { "crew", "g1", "gardens", FALSE },
    { "supervisor", NULL, "roads", TRUE },
    { "supervisor", NULL, "gardens", FALSE },
    { "supervisor", "r2", "roads", TRUE },
    { "manager", NULL, NULL, TRUE },
    { "administrator", NULL, NULL, TRUE },
  };
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (ShtHubDevice) r1 = town_device (town, "crew", "r1", "roads");

  tell_here (town, r1, 0);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autoptr (ShtHubDevice) device = town_device (town, roles[i].role, roles[i].crew, roles[i].department);

      g_test_message ("%s of %s", roles[i].role, roles[i].department != NULL ? roles[i].department : "all");
      g_assert_cmpint (sees (town, device, "{\"t\":\"position\",\"id\":\"r1\",\"department\":\"roads\",\"at\":"), ==, roles[i].sees);
      g_assert_cmpint (sees (town, device, "\"accuracy_m\""), ==, roles[i].sees);
    }
}

static void
test_who_tells (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (ShtHubDevice) supervisor = town_device (town, "supervisor", NULL, "roads");
  g_autofree char *answer = tell (town, supervisor, "");
  g_autofree char *expected = g_strdup_printf ("error %d", SHT_HUB_ERROR_FORBIDDEN);

  g_assert_cmpstr (answer, ==, expected);
}

static void
test_each_is_checked (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (ShtHubDevice) r1 = town_device (town, "crew", "r1", "roads");
  g_autofree char *bad = g_strdup_printf ("error %d", SHT_HUB_ERROR_BAD_REQUEST);
  g_autofree char *no_list = NULL;
  g_autoptr (GString) many = g_string_new (NULL);
  g_autofree char *old = here (MORNING - DAY - 1, 0), *ahead = here (MORNING + 2 * MINUTE + 1, 0);
  g_autofree char *early = here (MORNING + MINUTE, 0);
  g_autoptr (JsonArray) kept = NULL;
  g_autoptr (GError) error = NULL;

  no_list = sht_hub_take_positions (town->hub, r1, "{}", 2, &error);
  g_assert_null (no_list);
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST);
  for (guint i = 0; i <= SHT_POSITIONS_MAX; i++)
    g_string_append (many, i > 0 ? ",{}" : "{}");
  assert_told (town, r1, many->str, bad);
  g_string_truncate (many, many->len - 3);
  assert_told (town, r1, many->str, "{\"kept\":0,\"off_shift\":0,\"refused\":100,");
  assert_told (town, r1, "7,null,[],\"x\"", "{\"kept\":0,\"off_shift\":0,\"refused\":4,");
  assert_told (town, r1, old, "{\"kept\":0,\"off_shift\":0,\"refused\":1,");
  assert_told (town, r1, ahead, "{\"kept\":0,\"off_shift\":0,\"refused\":1,");
  g_assert_cmpuint (count_kept (town, "r1"), ==, 0);
  assert_told (town, r1, early, "{\"kept\":1,\"off_shift\":0,\"refused\":0,");
  /* never later than it was heard */
  kept = sht_hub_positions_view (town->hub, "r1", NULL);
  g_assert_cmpint (sht_json_int (sht_json_element (kept, 0), "at", 0), ==, MORNING);
}

/* Of two that come together, one of which is broken, the other is kept; the same again is the same. */
static void
test_again (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (ShtHubDevice) r1 = town_device (town, "crew", "r1", "roads");
  g_autofree char *first = here (MORNING - 5 * MINUTE, 0), *second = here (MORNING - MINUTE, 500);
  g_autofree char *both = g_strconcat (first, ",{\"at\":1},", second, NULL);
  gint64 head;

  assert_told (town, r1, both, "{\"kept\":2,\"off_shift\":0,\"refused\":1,");
  head = log_head (town);
  assert_told (town, r1, both, "{\"kept\":2,\"off_shift\":0,\"refused\":1,");
  g_assert_cmpuint (count_kept (town, "r1"), ==, 2);
  g_assert_cmpint (log_head (town), ==, head);
}

/* A tablet whose clock is an hour slow says so, and is believed. */
static void
test_clock (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (ShtHubDevice) r1 = town_device (town, "crew", "r1", "roads");
  g_autofree char *position = here (MORNING - HOUR - 7, 0);
  g_autofree char *body = g_strdup_printf ("{\"positions\":[%s],\"clock_offset_ms\":3600000}", position);
  g_autofree char *answer = sht_hub_take_positions (town->hub, r1, body, strlen (body), NULL);
  g_autoptr (JsonArray) list = NULL;

  g_assert_nonnull (answer);
  list = sht_hub_positions_view (town->hub, "r1", NULL);
  g_assert_cmpint (sht_json_int (sht_json_element (list, 0), "at", 0), ==, MORNING - 7);
}

/* What a tablet sends of its crew's own time leaves no trace, and with the shift supervisors are told no more. */
static void
test_shift (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (ShtHubDevice) r1 = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) supervisor = town_device (town, "supervisor", NULL, "roads");
  g_autofree char *before = here (MORNING - HOUR - 1, 0), *opening = here (MORNING - HOUR, 0);
  g_autofree char *night = NULL;
  g_autofree char *page = NULL;
  g_autofree char *cursor = NULL;
  gboolean empty;
  g_autoptr (GBytes) next = NULL;
  g_autoptr (JsonObject) last = NULL;

  assert_told (town, r1, before, "{\"kept\":0,\"off_shift\":1,\"refused\":0,");
  g_assert_cmpuint (count_kept (town, NULL), ==, 0);
  assert_told (town, r1, opening, "{\"kept\":1,\"off_shift\":0,\"refused\":0,");
  page = pull_all (town, supervisor);
  g_assert_nonnull (strstr (page, "\"t\":\"position\""));
  *strrchr (page, '\n') = '\0';
  last = sht_json_parse_object (strrchr (page, '\n') + 1, -1, NULL);
  cursor = g_strdup (sht_json_string (last, "cursor"));

  town->world.now = MORNING + 7 * HOUR - 1;
  tidy (town);
  g_assert_true (sees (town, supervisor, "\"t\":\"position\""));
  town->world.now = MORNING + 7 * HOUR;
  tidy (town);
  g_assert_false (sees (town, supervisor, "\"t\":\"position\""));
  next = sht_hub_pull (town->hub, supervisor, cursor, 5000, &empty, NULL);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (next, NULL), (gssize) g_bytes_get_size (next),
                                  "{\"t\":\"leave\",\"id\":\"r1\",\"of\":\"position\"}"));
  /* in the evening: what was on the way from the shift is kept, and told nobody */
  town->world.now = MORNING + 8 * HOUR;
  night = here (town->world.now, 900);
  assert_told (town, r1, night, "{\"kept\":0,\"off_shift\":1,\"refused\":0,");
  g_assert_false (sees (town, supervisor, "\"t\":\"position\""));
  g_assert_cmpuint (count_kept (town, "r1"), ==, 1);
  /* and the next morning yesterday's is not today's */
  town->world.now = MORNING + DAY;
  tidy (town);
  g_assert_false (sees (town, supervisor, "\"t\":\"position\""));
  tell_here (town, r1, 0);
  g_assert_true (sees (town, supervisor, "\"t\":\"position\""));
}

static void
test_without_calendar (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) r1 = town_device (town, "crew", "r1", "roads");
  g_autofree char *position = here (town->world.now, 0);

  assert_told (town, r1, position, "{\"kept\":0,\"off_shift\":1,\"refused\":0,");
  g_assert_cmpuint (count_kept (town, NULL), ==, 0);
}

/* A pause is told as one at once, with no place in it, and ends with the next position. */
static void
test_pause (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (ShtHubDevice) r1 = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) supervisor = town_device (town, "supervisor", NULL, "roads");
  g_autofree char *pause = NULL, *again = NULL;
  gint64 head;

  tell_here (town, r1, 0);
  town->world.now += 1000;
  pause = g_strdup_printf ("{\"at\":%" G_GINT64_FORMAT ",\"state\":\"paused\",\"lat_e7\":1,\"lon_e7\":1,\"accuracy_m\":1}",
                           town->world.now);
  assert_told (town, r1, pause, "{\"kept\":1,");
  g_assert_true (sees (town, supervisor, "\"state\":\"paused\",\"updated_at\""));
  g_assert_false (sees (town, supervisor, "accuracy_m"));
  head = log_head (town);
  town->world.now += 20 * MINUTE;
  again = g_strdup_printf ("{\"at\":%" G_GINT64_FORMAT ",\"state\":\"paused\"}", town->world.now);
  assert_told (town, r1, again, "{\"kept\":1,");
  g_assert_cmpint (log_head (town), ==, head);
  town->world.now += 1000;
  tell_here (town, r1, 0);
  g_assert_true (sees (town, supervisor, "\"state\":\"here\""));
  /* a pause of a second or two is one too */
  town->world.now += 1000;
  g_free (g_steal_pointer (&pause));
  pause = g_strdup_printf ("{\"at\":%" G_GINT64_FORMAT ",\"state\":\"paused\"}", town->world.now);
  assert_told (town, r1, pause, "{\"kept\":1,");
  g_assert_true (sees (town, supervisor, "\"state\":\"paused\""));
  town->world.now += 1000;
  tell_here (town, r1, 10);
  g_assert_true (sees (town, supervisor, "\"state\":\"here\""));
}

/* Whatever a tablet sends, the hub does not grow without end. */
static void
test_flood (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (ShtHubDevice) r1 = town_device (town, "crew", "r1", "roads");
  g_autoptr (GString) many = g_string_new (NULL);

  for (guint i = 0; i < SHT_POSITIONS_MAX; i++)
    g_string_append_printf (many, "%s{\"at\":%" G_GINT64_FORMAT ",\"state\":\"%s\"}", i > 0 ? "," : "", MORNING - i,
                            i % 2 > 0 ? "paused" : "unknown");
  assert_told (town, r1, many->str, "{\"kept\":100,");
  g_assert_cmpuint (count_kept (town, "r1"), <=, 8);
}

/* A crew that drives all day, telling each half minute, costs a row of the log a minute at the most; one that stays, one
 * each five minutes; and there is one member. */
static void
test_log_growth (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (ShtHubDevice) r1 = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) supervisor = town_device (town, "supervisor", NULL, "roads");
  g_autofree char *page = NULL;
  gint64 before = log_head (town);

  for (guint i = 0; i < 120; i++, town->world.now += 30000)
    tell_here (town, r1, i * 200);
  g_assert_cmpint (log_head (town) - before, ==, 60);
  /* the last movement came too soon after the one before */
  tidy (town);
  g_assert_cmpint (log_head (town) - before, ==, 61);
  g_assert_true (sees (town, supervisor, "\"lat_e7\":314140334"));
  before = log_head (town);
  for (guint i = 0; i < 120; i++, town->world.now += 30000)
    tell_here (town, r1, 119 * 200 + i % 2);
  g_assert_cmpint (log_head (town) - before, <=, 12);
  g_assert_cmpint (log_head (town) - before, >=, 11);
  page = pull_all (town, supervisor);
  g_assert_nonnull (strstr (page, "\"t\":\"position\""));
  g_assert_null (strstr (strstr (page, "\"t\":\"position\"") + 1, "\"t\":\"position\""));
}

static void
test_kept_days (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (ShtHubDevice) r1 = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) g1 = town_device (town, "crew", "g1", "gardens");
  g_autoptr (GError) error = NULL;

  tell_here (town, r1, 0);
  for (guint i = 0; i < 7; i++)
    {
      town->world.now += DAY;
      tell_here (town, r1, i);
    }
  g_assert_cmpuint (count_kept (town, "r1"), ==, 8);
  town->world.now += 1;
  tidy (town);
  g_assert_cmpuint (count_kept (town, "r1"), ==, 7);
  g_assert_true (sht_hub_keep_positions (town->hub, 2, &error));
  g_assert_cmpuint (count_kept (town, "r1"), ==, 2);
  tell_here (town, g1, 0);
  town->world.now += 20000;
  tell_here (town, r1, 1000);
  g_assert_cmpuint (count_kept (town, "r1"), ==, 3);
  g_assert_true (sht_hub_keep_positions (town->hub, 0, &error));
  g_assert_cmpuint (count_kept (town, "r1"), ==, 1);
  g_assert_cmpuint (count_kept (town, NULL), ==, 2);
  town->world.now += 20000;
  tell_here (town, r1, 2000);
  g_assert_cmpuint (count_kept (town, "r1"), ==, 1);
  /* and it does not outlast the day */
  town->world.now += DAY + 1;
  tidy (town);
  g_assert_cmpuint (count_kept (town, NULL), ==, 0);
  g_assert_no_error (error);
}

/* A crew that goes over to another department is seen there, and no longer where it was. */
static void
test_other_department (void)
{
  g_autoptr (Town) town = town_at_work ();
  g_autoptr (ShtHubDevice) r1 = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) roads = town_device (town, "supervisor", NULL, "roads");
  g_autoptr (ShtHubDevice) gardens = town_device (town, "supervisor", NULL, "gardens");

  tell_here (town, r1, 0);
  g_assert_true (sees (town, roads, "\"t\":\"position\""));
  town_add (town, "{\"t\":\"crew\",\"id\":\"r1\",\"name\":\"R1\",\"department\":\"gardens\"}");
  town->world.now += 2 * MINUTE;
  tell_here (town, r1, 100);
  g_assert_false (sees (town, roads, "\"t\":\"position\""));
  g_assert_true (sees (town, gardens, "\"t\":\"position\""));
  /* and so is one that does not share it for now, and says nothing new */
  town->world.now += MINUTE;
  {
    g_autofree char *paused = g_strdup_printf ("{\"at\":%" G_GINT64_FORMAT ",\"state\":\"paused\"}", town->world.now);

    assert_told (town, r1, paused, "{\"kept\":1,");
  }
  town_add (town, "{\"t\":\"crew\",\"id\":\"r1\",\"name\":\"R1 again\",\"department\":\"roads\"}");
  tidy (town);
  g_assert_true (sees (town, roads, "\"state\":\"paused\""));
  g_assert_false (sees (town, gardens, "\"t\":\"position\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/positions/who-sees", test_who_sees);
  g_test_add_func ("/positions/who-tells", test_who_tells);
  g_test_add_func ("/positions/each-is-checked", test_each_is_checked);
  g_test_add_func ("/positions/again", test_again);
  g_test_add_func ("/positions/clock", test_clock);
  g_test_add_func ("/positions/shift", test_shift);
  g_test_add_func ("/positions/without-calendar", test_without_calendar);
  g_test_add_func ("/positions/pause", test_pause);
  g_test_add_func ("/positions/flood", test_flood);
  g_test_add_func ("/positions/log-growth", test_log_growth);
  g_test_add_func ("/positions/kept-days", test_kept_days);
  g_test_add_func ("/positions/other-department", test_other_department);
  return g_test_run ();
}
