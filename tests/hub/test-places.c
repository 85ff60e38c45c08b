/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers that the office imports, and what tablets hear of them. */
#include "tests/hub/mirror.h"

#define PLACE                                                                                      \
  "{\"t\":\"place\",\"id\":\"01890000-0000-7000-8000-0000000c000%u\",\"layer\":\"lamps\","         \
  "\"name\":\"Lamp %s\",\"lat_e7\":312400000,\"lon_e7\":346000000}"

static GPtrArray *
lines_of (const char *names)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; names[i] != '\0'; i++)
    if (names[i] != '-')
      g_ptr_array_add (lines, g_strdup_printf (PLACE, i + 1, (const char[]){ names[i], '\0' }));
  return lines;
}

static ShtHubLayerCount
take (Town *town, const char *names)
{
  g_autoptr (JsonObject) layer =
    sht_json_parse_object ("{\"t\":\"layer\",\"id\":\"lamps\",\"name\":\"Lamps\"}", -1, NULL);
  g_autoptr (GPtrArray) lines = lines_of (names);
  g_autoptr (GError) error = NULL;
  ShtHubLayerCount count;

  sht_hub_take_layer (town->hub, layer, lines, &count, &error);
  g_assert_no_error (error);
  return count;
}

static guint
places_in (Mirror *mirror)
{
  GHashTableIter iter;
  gpointer key, line;
  guint n = 0;

  g_hash_table_iter_init (&iter, mirror->lines);
  while (g_hash_table_iter_next (&iter, &key, &line))
    n += strstr (line, "\"layer\":\"lamps\"") != NULL;
  return n;
}

static void
pull (Mirror *mirror, Town *town, ShtHubDevice *device)
{
  while (mirror_page (mirror, town, device, 50))
    ;
}

static void
test_again (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autoptr (Mirror) mirror = mirror_new ();
  g_autoptr (GError) error = NULL;
  ShtHubLayerCount count = take (town, "abc");

  g_assert_cmpuint (count.added, ==, 3);
  pull (mirror, town, device);
  g_assert_cmpuint (places_in (mirror), ==, 3);
  count = take (town, "abc");
  g_assert_cmpuint (count.unchanged, ==, 3);
  g_assert_cmpuint (count.added + count.changed + count.removed, ==, 0);
  count = take (town, "x-cd");
  g_assert_cmpuint (count.changed, ==, 1);
  g_assert_cmpuint (count.removed, ==, 1);
  g_assert_cmpuint (count.unchanged, ==, 1);
  g_assert_cmpuint (count.added, ==, 1);
  pull (mirror, town, device);
  g_assert_cmpuint (places_in (mirror), ==, 3);
  g_assert_true (sht_hub_drop_layer (town->hub, "lamps", &count, &error));
  g_assert_cmpuint (count.removed, ==, 3);
  pull (mirror, town, device);
  g_assert_cmpuint (places_in (mirror), ==, 0);
  g_assert_false (sht_hub_drop_layer (town->hub, "lamps", &count, &error));
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND);
}

/* Another layer's places are not this one's to remove. */
static void
test_others_stay (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (JsonObject) bin = NULL;
  ShtHubLayerCount count = take (town, "ab");

  count = take (town, "a");
  g_assert_cmpuint (count.removed, ==, 1);
  bin = sht_hub_get (town->hub, "place", "01890000-0000-7000-8000-0000000b0001", NULL);
  g_assert_nonnull (bin);
}

/* What a supervisor has set right, and what a crew has reported, is not undone by the same old
 * file. */
static void
test_told_stays (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (JsonObject) place = NULL, now = NULL;
  JsonObject *versions = json_object_new (), *report = json_object_new ();
  JsonArray *version = json_array_new ();
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  take (town, "ab");
  place = sht_hub_get (town->hub, "place", "01890000-0000-7000-8000-0000000c0001", &error);
  json_array_add_int_element (version, 99);
  json_object_set_array_member (versions, "name", version);
  json_object_set_object_member (place, "v", versions);
  json_object_set_string_member (place, "name", "Lamp set right");
  json_object_set_string_member (report, "what", "missing");
  json_object_set_object_member (place, "report", report);
  g_ptr_array_add (changed, place);
  sht_hub_put_references (town->hub, changed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (take (town, "zb").changed, ==, 1);
  now = sht_hub_get (town->hub, "place", "01890000-0000-7000-8000-0000000c0001", &error);
  g_assert_cmpstr (sht_json_string (now, "name"), ==, "Lamp set right");
  g_assert_cmpstr (sht_json_string (sht_json_object (now, "report"), "what"), ==, "missing");
}

static void
test_nothing_half (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (JsonObject) layer =
    sht_json_parse_object ("{\"t\":\"layer\",\"id\":\"lamps\",\"name\":\"Other\"}", -1, NULL);
  g_autoptr (JsonObject) kept = NULL;
  g_autoptr (GPtrArray) lines = lines_of ("zz");
  g_autoptr (GHashTable) counts = NULL;
  g_autoptr (GError) error = NULL;
  ShtHubLayerCount count;

  take (town, "abc");
  g_ptr_array_add (lines, g_strdup ("{\"t\":\"place\""));
  g_assert_false (sht_hub_take_layer (town->hub, layer, lines, &count, &error));
  g_assert_nonnull (error);
  counts = sht_hub_count_places (town->hub, NULL);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (counts, "lamps")), ==, 3);
  kept = sht_hub_get (town->hub, "layer", "lamps", NULL);
  g_assert_cmpstr (sht_json_string (kept, "name"), ==, "Lamps");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/places/again", test_again);
  g_test_add_func ("/places/others-stay", test_others_stay);
  g_test_add_func ("/places/told-stays", test_told_stays);
  g_test_add_func ("/places/nothing-half", test_nothing_half);
  return g_test_run ();
}
