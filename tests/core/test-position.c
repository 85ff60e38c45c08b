/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json.h"
#include "core/position.h"

/* 2023-11-14, a Tuesday, 08:00 UTC */
#define MORNING G_GINT64_CONSTANT (1699948800000)
#define MINUTE G_GINT64_CONSTANT (60000)
#define HOUR (60 * MINUTE)

static JsonObject *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = sht_json_parse_object (json, -1, &error);

  g_assert_no_error (error);
  return object;
}

static void
test_read (void)
{
  static const struct
  {
    const char *json;
    gboolean good;
  } cases[] = {
    { "{\"at\":1,\"state\":\"here\",\"lat_e7\":312000000,\"lon_e7\":348000000,\"accuracy_m\":12}", TRUE },
    { "{\"at\":1,\"state\":\"here\",\"lat_e7\":-900000000,\"lon_e7\":-1800000000,\"accuracy_m\":0,\"heading\":359,\"speed_cm_s\":0}", TRUE },
    { "{\"at\":1,\"state\":\"here\",\"lat_e7\":0,\"lon_e7\":0,\"accuracy_m\":1,\"heading\":null}", TRUE },
    { "{\"at\":1,\"state\":\"paused\"}", TRUE },
    { "{\"at\":1,\"state\":\"unknown\"}", TRUE },
    { "{}", FALSE },
    { "{\"at\":1}", FALSE },
    { "{\"at\":\"1\",\"state\":\"paused\"}", FALSE },
    { "{\"at\":-1,\"state\":\"paused\"}", FALSE },
    { "{\"at\":1.5,\"state\":\"paused\"}", FALSE },
    { "{\"at\":1,\"state\":\"gone\"}", FALSE },
    { "{\"at\":1,\"state\":\"here\"}", FALSE },
    { "{\"at\":1,\"state\":\"here\",\"lat_e7\":900000001,\"lon_e7\":0,\"accuracy_m\":1}", FALSE },
    { "{\"at\":1,\"state\":\"here\",\"lat_e7\":0,\"lon_e7\":1800000001,\"accuracy_m\":1}", FALSE },
    { "{\"at\":1,\"state\":\"here\",\"lat_e7\":0.5,\"lon_e7\":0,\"accuracy_m\":1}", FALSE },
    { "{\"at\":1,\"state\":\"here\",\"lat_e7\":0,\"lon_e7\":0}", FALSE },
    { "{\"at\":1,\"state\":\"here\",\"lat_e7\":0,\"lon_e7\":0,\"accuracy_m\":-1}", FALSE },
    { "{\"at\":1,\"state\":\"here\",\"lat_e7\":0,\"lon_e7\":0,\"accuracy_m\":100001}", FALSE },
    { "{\"at\":1,\"state\":\"here\",\"lat_e7\":0,\"lon_e7\":0,\"accuracy_m\":1,\"heading\":360}", FALSE },
    { "{\"at\":1,\"state\":\"here\",\"lat_e7\":0,\"lon_e7\":0,\"accuracy_m\":1,\"heading\":\"north\"}", FALSE },
    { "{\"at\":1,\"state\":\"here\",\"lat_e7\":0,\"lon_e7\":0,\"accuracy_m\":1,\"speed_cm_s\":10001}", FALSE },
  };
  ShtPosition position;

  g_assert_false (sht_position_read (NULL, &position));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonObject) object = parse (cases[i].json);
      g_autoptr (JsonObject) again = json_object_new ();
      ShtPosition back;

      g_test_message ("%s", cases[i].json);
      g_assert_cmpint (sht_position_read (object, &position), ==, cases[i].good);
      if (!cases[i].good)
        continue;
      sht_position_write (&position, again);
      g_assert_true (sht_position_read (again, &back));
      g_assert_cmpmem (&back, sizeof back, &position, sizeof position);
    }
}

static ShtPosition
at_metres (gint64 at, double metres_north)
{
  return (ShtPosition){ .at = at, .lat_e7 = 312000000 + (gint64) (metres_north * 89.93), .lon_e7 = 348000000,
                        .accuracy_m = 10, .heading = -1, .speed_cm_s = -1 };
}

static void
test_news (void)
{
  ShtPosition before = at_metres (MORNING, 0), moved = at_metres (MORNING + 30000, 26), stayed = at_metres (MORNING + 30000, 24);
  ShtPosition paused = { .at = MORNING + 1, .state = SHT_POSITION_PAUSED };

  g_assert_true (sht_position_is_news (NULL, &before, 30000));
  g_assert_true (sht_position_is_news (&before, &moved, 30000));
  g_assert_false (sht_position_is_news (&before, &stayed, 30000));
  g_assert_false (sht_position_is_news (&before, &moved, 60000));
  moved.at--;
  g_assert_false (sht_position_is_news (&before, &moved, 30000));
  stayed.at = MORNING + 5 * MINUTE - 1;
  g_assert_false (sht_position_is_news (&before, &stayed, 30000));
  stayed.at = MORNING + 5 * MINUTE;
  g_assert_true (sht_position_is_news (&before, &stayed, 30000));
  g_assert_true (sht_position_is_news (&before, &paused, 30000));
  moved = paused;
  moved.at += MINUTE;
  g_assert_false (sht_position_is_news (&paused, &moved, 30000));
}

static void
add (ShtTown *town, const char *json)
{
  g_autoptr (JsonObject) entity = parse (json);
  g_autoptr (GError) error = NULL;

  g_assert_true (sht_town_add (town, entity, &error));
  g_assert_no_error (error);
}

static void
test_shift (void)
{
  g_autoptr (ShtTown) town = sht_town_new ();
  gint64 begins, ends;

  g_assert_false (sht_shift_at (NULL, "roads", MORNING, NULL, NULL));
  g_assert_false (sht_shift_at (town, "roads", MORNING, NULL, NULL));
  add (town, "{\"t\":\"calendar\",\"id\":\"town\",\"offsets\":[[0,0]],\"week\":[[],[],[[420,720],[780,960]],[],[],[],[]]}");
  g_assert_true (sht_shift_at (town, "roads", MORNING, &begins, &ends));
  g_assert_cmpint (begins, ==, MORNING - HOUR);
  g_assert_cmpint (ends, ==, MORNING + 4 * HOUR);
  /* in the break, at closing time, on another day */
  g_assert_false (sht_shift_at (town, "roads", MORNING + 4 * HOUR, NULL, NULL));
  g_assert_true (sht_shift_at (town, "roads", MORNING + 5 * HOUR, &begins, NULL));
  g_assert_cmpint (begins, ==, MORNING + 5 * HOUR);
  g_assert_false (sht_shift_at (town, "roads", MORNING + 24 * HOUR, NULL, NULL));
  g_assert_false (sht_shift_at (town, "roads", MORNING - HOUR - 1, NULL, NULL));
  /* a department with hours of its own */
  add (town, "{\"t\":\"calendar\",\"id\":\"night\",\"offsets\":[[0,0]],\"week\":[[],[],[[1200,1440]],[],[],[],[]]}");
  add (town, "{\"t\":\"department\",\"id\":\"water\",\"calendar\":\"night\"}");
  add (town, "{\"t\":\"department\",\"id\":\"lost\",\"calendar\":\"no such\"}");
  g_assert_false (sht_shift_at (town, "water", MORNING, NULL, NULL));
  g_assert_true (sht_shift_at (town, "water", MORNING + 13 * HOUR, NULL, NULL));
  g_assert_false (sht_shift_at (town, "lost", MORNING, NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/position/read", test_read);
  g_test_add_func ("/position/news", test_news);
  g_test_add_func ("/position/shift", test_shift);
  return g_test_run ();
}
