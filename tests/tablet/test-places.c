/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers of places on the tablet: what is found of them, and who lies in which. */
#include "core/json-slice.h"
#include "tablet/store/place.h"
#include "tests/tablet/tablet-fixture.h"

#define LAMPS                                                                                      \
  "{\"t\":\"layer\",\"id\":\"lamps\",\"name\":\"Street "                                           \
  "lights\",\"colour\":\"#123456\",\"width\":5,\"symbol\":\"light\",\"min_zoom\":15}"
#define QUARTERS "{\"t\":\"layer\",\"id\":\"quarters\",\"name\":\"Quarters\",\"kind\":\"district\"}"

/* A square of 0.01 degree with a hole of 0.002 in it, within a town of 0.1. */
#define TOWN_ID "01890000-0000-7000-8000-0000000d0001"
#define SQUARE_ID "01890000-0000-7000-8000-0000000d0002"
#define STREET_ID "01890000-0000-7000-8000-0000000d0003"
#define LAMP_ID "01890000-0000-7000-8000-0000000d0004"
#define TOWN_PLACE                                                                                 \
  "{\"t\":\"place\",\"id\":\"" TOWN_ID                                                             \
  "\",\"layer\":\"quarters\",\"name\":\"Whole town\",\"code\":\"all\",\"note\":\"all of it\","     \
  "\"lat_e7\":312500000,\"lon_e7\":346500000,\"areas\":[[[346000000,312000000,1000000,0,0,"        \
  "1000000,-1000000,0]]]}"
#define SQUARE_PLACE                                                                               \
  "{\"t\":\"place\",\"id\":\"" SQUARE_ID                                                           \
  "\",\"layer\":\"quarters\",\"name\":\"שכונת הכיכר\",\"names\":{\"en\":\"Square "       \
  "quarter\"},\"code\":\"square\",\"note\":\"knock, "                                              \
  "do not "                                                                                        \
  "ring\",\"lat_e7\":312410000,\"lon_e7\":346410000,\"areas\":[[[346400000,312400000,100000,0,0,"  \
  "100000,-100000,0],["                                                                            \
  "346440000,312440000,20000,0,0,20000,-20000,0]]]}"
#define STREET_PLACE                                                                               \
  "{\"t\":\"place\",\"id\":\"" STREET_ID                                                           \
  "\",\"layer\":\"streets\",\"name\":\"Long street\",\"lat_e7\":312400000,\"lon_e7\":346450000,"   \
  "\"lines\":[[346400000,312400000,100000,0]]}"
#define LAMP_PLACE                                                                                 \
  "{\"t\":\"place\",\"id\":\"" LAMP_ID                                                             \
  "\",\"layer\":\"lamps\",\"name\":\"Lamp "                                                        \
  "7\",\"code\":\"L-7\",\"lat_e7\":312405000,\"lon_e7\":346405000}"

static Tablet *
tablet_with_places (Town *town)
{
  static const char *const things[] = { LAMPS,        QUARTERS,     TOWN_PLACE,
                                        SQUARE_PLACE, STREET_PLACE, LAMP_PLACE };
  Tablet *tablet;

  for (guint i = 0; i < G_N_ELEMENTS (things); i++)
    town_add (town, things[i]);
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  return tablet;
}

static gboolean
collect_name (gpointer data, const char *doc)
{
  g_autofree char *name = sht_json_read_member (doc, -1, "name");

  g_string_append_printf (data, "%s;", name);
  return TRUE;
}

static void
assert_listed (Tablet *tablet, ShtListQuery query, const char *names)
{
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  sht_store_list_places (tablet->store, &query, collect_name, found, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->str, ==, names);
}

static void
test_listed (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_with_places (town);

  assert_listed (tablet, (ShtListQuery){ .layer = "quarters" }, "Whole town;שכונת הכיכר;");
  assert_listed (tablet, (ShtListQuery){ .search = "l-7" }, "Lamp 7;");
  assert_listed (tablet, (ShtListQuery){ .search = "כיכר" }, "שכונת הכיכר;");
  assert_listed (tablet, (ShtListQuery){ .search = "squ" }, "שכונת הכיכר;");
  assert_listed (tablet, (ShtListQuery){ .search = "amp" }, "");
  assert_listed (tablet, (ShtListQuery){ .search = "lamp", .layer = "quarters" }, "");
  assert_listed (tablet, (ShtListQuery){ .limit = 1 }, "Bin 1;");
  assert_listed (
    tablet, (ShtListQuery){ .near = TRUE, .lat_e7 = 312405000, .lon_e7 = 346405000, .limit = 1 },
    "Lamp 7;");
  assert_listed (
    tablet,
    (ShtListQuery){ .near = TRUE, .lat_e7 = 312405000, .lon_e7 = 346405000, .layer = "streets" },
    "Long street;");
}

static void
test_layers (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_with_places (town);
  g_autoptr (GPtrArray) layers = sht_place_layers (tablet->store->db, NULL);
  const ShtLayerStyle *bins, *quarters, *lamps;

  g_assert_cmpuint (layers->len, ==, 4);
  quarters = g_ptr_array_index (layers, 0);
  lamps = g_ptr_array_index (layers, 1);
  bins = g_ptr_array_index (layers, 2);
  g_assert_cmpstr (quarters->id, ==, "quarters");
  g_assert_true (quarters->is_district);
  g_assert_cmpstr (lamps->name, ==, "Street lights");
  g_assert_cmphex (lamps->colour, ==, 0x123456);
  g_assert_cmpint (lamps->width, ==, 5);
  g_assert_cmpstr (lamps->icon, ==, "sht-street-light-symbolic");
  g_assert_cmpfloat (lamps->min_zoom, ==, 15);
  /* one that nothing is told of but its places */
  g_assert_cmpstr (bins->id, ==, "bins");
  g_assert_cmpstr (bins->name, ==, "bins");
  g_assert_false (bins->is_district);
}

static char *
district_name (Tablet *tablet, const char *code, gint64 lat, gint64 lon)
{
  g_autofree char *doc = sht_place_district_of (tablet->store->db, code, lat != 0, lat, lon);

  return doc != NULL ? sht_json_read_member (doc, -1, "code") : NULL;
}

static void
test_district (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_with_places (town);
  static const struct
  {
    const char *code;
    gint64 lat, lon;
    const char *district;
  } cases[] = {
    { NULL, 312410000, 346410000, "square" },
    { NULL, 312450000, 346450000, "all" }, /* in the hole */
    { NULL, 312900000, 346900000, "all" },
    { NULL, 313100000, 346900000, NULL },
    { "square", 312900000, 346900000, "square" },
    { "square", 0, 0, "square" },
    { "no such", 312410000, 346410000, "square" },
    { "no such", 0, 0, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *district = district_name (tablet, cases[i].code, cases[i].lat, cases[i].lon);

      g_assert_cmpstr (district, ==, cases[i].district);
    }
}

static void
add_ticket (Town *town, guint n, const char *place, gint64 lat, gint64 lon)
{
  g_autofree char *hangs =
    place != NULL ? g_strdup_printf ("\"place\":\"%s\",", place) : g_strdup ("");
  g_autofree char *json = g_strdup_printf (
    "{\"t\":\"ticket\",\"id\":\"" TICKET_ID
    "\",\"number\":\"106-2023-%05u\",\"status\":\"assigned\",\"title\":\"t\","
    "\"department\":\"roads\",\"service\":\"pothole\",\"crew\":\"r1\",%s\"lat_e7\":"
    "%" G_GINT64_FORMAT ",\"lon_e7\":%" G_GINT64_FORMAT ",\"created_at\":%u000000000}",
    n, n, hangs, lat, lon, 1690 + n);

  town_add (town, json);
}

static void
assert_tickets (Tablet *tablet, const char *place, const char *numbers)
{
  g_autoptr (GError) error = NULL;
  guint all = 0;
  g_autoptr (GPtrArray) ids = sht_place_tickets (tablet->store->db, place, 3, &all, &error);
  g_autoptr (GString) found = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_c (found, ((const char *)g_ptr_array_index (ids, i))[SHT_ID_LENGTH - 1]);
  g_string_append_printf (found, " of %u", all);
  g_assert_cmpstr (found->str, ==, numbers);
}

static void
test_history (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_with_places (town);

  add_ticket (town, 1, LAMP_ID, 312900000, 346900000); /* hangs on the lamp, wherever it lies */
  add_ticket (town, 2, NULL, 312405500, 346405000);    /* 6 m beside it, in the square */
  add_ticket (town, 3, NULL, 312450000, 346450000);    /* in the square's hole */
  add_ticket (town, 4, NULL, 312400500, 346430000);    /* by the street, in the square */
  add_ticket (town, 5, SQUARE_ID, 312410000, 346410000);
  add_ticket (town, 6, NULL, 313500000, 347500000); /* nowhere near */
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (sht_store_index_all (tablet->store, NULL));
  assert_tickets (tablet, LAMP_ID, "21 of 2");
  assert_tickets (tablet, SQUARE_ID, "542 of 3");
  assert_tickets (tablet, STREET_ID, "4 of 1");
  assert_tickets (tablet, TOWN_ID, "543 of 5");
  /* one that somebody hangs elsewhere */
  add_ticket (town, 1, TOWN_ID, 312900000, 346900000);
  g_assert_true (tablet_sync (tablet, 0));
  assert_tickets (tablet, LAMP_ID, "2 of 1");
  g_assert_cmpint (
    tablet_count (tablet, "SELECT count(*) FROM ticket WHERE place IS NOT (doc ->> 'place')"), ==,
    0);
}

static void
test_view (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_with_places (town);
  g_autoptr (JsonObject) view = NULL;
  g_autofree char *id = ticket_id (1);

  add_ticket (town, 1, NULL, 312410000, 346410000);
  g_assert_true (tablet_sync (tablet, 0));
  view = sht_store_ticket_view (tablet->store, id, NULL);
  g_assert_cmpstr (sht_json_string (view, "district"), ==, "square");
  g_assert_cmpstr (sht_json_string (view, "district_note"), ==, "knock, do not ring");
}

/* A layer that the office takes away leaves nothing here. */
static void
test_gone (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_with_places (town);
  ShtHubLayerCount count;

  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM place_spot"), ==, 5);
  g_assert_true (sht_hub_drop_layer (town->hub, "quarters", &count, NULL));
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM place_spot"), ==, 3);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM place WHERE layer = 'quarters'"), ==,
                   0);
  g_assert_cmpint (
    tablet_count (tablet, "SELECT count(*) FROM entity WHERE type = 'layer' AND id = 'quarters'"),
    ==, 0);
  assert_agrees (tablet);
}

/* By these an upgrade makes what is found of places that an older program had put: it is what is written with each. */
static void
test_upgrade (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_with_places (town);

  g_assert_cmpint (tablet_count (tablet, "SELECT sum (max_lat - min_lat + max_lon - min_lon) FROM place_spot"), >, 2000000);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM place JOIN place_spot USING (row) WHERE "
                                         "CAST (place_box_of (doc) AS TEXT) = '[' || min_lat || ',' || max_lat || ',' || "
                                         "min_lon || ',' || max_lon || ']'"),
                   ==, 5);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM place WHERE words = CAST (place_words_of (doc) AS TEXT)"), ==, 5);
  g_assert_cmpint (tablet_count (tablet, "SELECT CAST (place_box_of ('{}') AS TEXT) = '[]' AND "
                                         "CAST (place_box_of ('[') AS TEXT) = '[]'"),
                   ==, 1);
}

static void
assert_reported (Tablet *tablet, const char *names)
{
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  sht_store_list_reported (tablet->store, 10, collect_name, found, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->str, ==, names);
}

static void
act_on_lamp (Tablet *tablet, ShtKind kind, const char *member, const char *value)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, kind, LAMP_ID);
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (op->fields, member, value);
  sht_store_act (tablet->store, op, &error);
  g_assert_no_error (error);
}

/* What a crew has reported is a supervisor's to set right, and then nobody's. */
static void
test_reported (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_with_places (town);
  g_autoptr (Tablet) supervisor = tablet_new (town, "supervisor", NULL, "roads");

  assert_reported (tablet, "");
  act_on_lamp (tablet, SHT_KIND_PLACE_REPORT, "what", "missing");
  assert_reported (tablet, "Lamp 7;");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (tablet_sync (supervisor, 0));
  assert_reported (supervisor, "Lamp 7;");
  act_on_lamp (supervisor, SHT_KIND_PLACE_SET, "state", "missing");
  assert_reported (supervisor, "");
  g_assert_true (tablet_sync (supervisor, 0));
  assert_reported (tablet, "Lamp 7;");
  g_assert_true (tablet_sync (tablet, 0));
  assert_reported (tablet, "");
  /* sent, it cannot be unsaid: the report would not come back */
  {
    g_autofree char *op = sht_db_get_text (supervisor->store->db, NULL, "SELECT op FROM op WHERE kind = 'place.set'", "");
    g_autoptr (GError) error = NULL;
    gboolean withdrawn;

    g_assert_false (sht_store_undo (supervisor->store, op, &withdrawn, &error));
    g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/places/listed", test_listed);
  g_test_add_func ("/places/layers", test_layers);
  g_test_add_func ("/places/district", test_district);
  g_test_add_func ("/places/history", test_history);
  g_test_add_func ("/places/view", test_view);
  g_test_add_func ("/places/gone", test_gone);
  g_test_add_func ("/places/reported", test_reported);
  g_test_add_func ("/places/upgrade", test_upgrade);
  return g_test_run ();
}
