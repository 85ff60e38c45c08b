/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tablet/tablet-fixture.h"

/* Who of the crew was there, from what the crew said to the hub's journey and to another tablet. */

#define HOUR_MS G_GINT64_CONSTANT (3600000)
#define SECOND "{\"t\":\"person\",\"id\":\"p2\",\"name\":\"Second\",\"crew\":\"r1\"}"
#define OTHERS "{\"t\":\"person\",\"id\":\"p3\",\"name\":\"Third\",\"crew\":\"r2\"}"
#define OPERATION \
  "{\"op\":\"018bcfe5-7005-7000-8000-000000000006\",\"kind\":\"ticket.note\",\"entity\":\"01890000-0000-7000-8000-000000000001\"," \
  "\"fields\":{\"text\":\"by the gate\"},\"at\":1700000015000%s}"

static char *
people_of (JsonObject *view, const char *text)
{
  JsonArray *events = sht_json_array (view, "events");

  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);
      JsonArray *people = sht_json_array (event, "people");
      GString *said;

      if (g_strcmp0 (sht_json_string (sht_json_object (event, "data"), "text"), text) != 0)
        continue;
      said = g_string_new (NULL);
      for (guint j = 0; people != NULL && j < json_array_get_length (people); j++)
        g_string_append_printf (said, "%s=%s ", sht_json_string (json_array_get_object_element (people, j), "id"),
                                sht_json_string (json_array_get_object_element (people, j), "name"));
      return g_string_free (said, FALSE);
    }
  g_assert_not_reached ();
}

static void
assert_people (JsonObject *view, const char *text, const char *people)
{
  g_autofree char *said = people_of (view, text);

  g_assert_cmpstr (said, ==, people);
}

static void
set_here (Tablet *tablet, const char *first, const char *second)
{
  const char *const people[] = { first, second, NULL };
  g_autoptr (GError) error = NULL;

  sht_store_set_here (tablet->store, people, &error);
  g_assert_no_error (error);
}

static Town *
new_town (void)
{
  Town *town = town_new ();

  town_add (town, SECOND);
  town_add (town, OTHERS);
  town_add_ticket (town, 1, "r1");
  return town;
}

static void
test_from_tablet_to_hub (void)
{
  g_autoptr (Town) town = new_town ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads"), other = tablet_new (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  g_autoptr (JsonObject) here = NULL, hub = NULL, there = NULL;

  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, id, "nobody was named");
  set_here (tablet, "p2", "p1");
  tablet_note (tablet, id, "two were there");
  here = sht_store_ticket_view (tablet->store, id, NULL);
  assert_people (here, "nobody was named", "");
  assert_people (here, "two were there", "p2=Second p1=Dana ");
  g_assert_true (tablet_sync (tablet, 60000));
  tablet->world.now += 15 * HOUR_MS;
  tablet_note (tablet, id, "the next day");
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_true (tablet_sync (other, 60000));
  hub = sht_hub_ticket_view (town->hub, id, NULL);
  there = sht_store_ticket_view (other->store, id, NULL);
  assert_people (hub, "nobody was named", "");
  assert_people (hub, "two were there", "p2=Second p1=Dana ");
  assert_people (hub, "the next day", "");
  assert_people (there, "two were there", "p2=Second p1=Dana ");
  assert_agrees (tablet);
  assert_agrees (other);
}

/* The hub tells nobody whom it does not know. */
static void
test_nobody_is_invented (void)
{
  g_autoptr (Town) town = new_town ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  g_autoptr (ShtOperation) op = NULL;
  g_autoptr (JsonObject) hub = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tablet_sync (tablet, 0));
  g_assert_false (sht_store_set_here (tablet->store, (const char *const[]){ "p3", NULL }, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (sht_store_set_here (tablet->store, (const char *const[]){ "p1", "ghost", NULL }, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_NOTE, id);
  json_object_set_string_member (op->fields, "text", "with a ghost");
  op->people = g_strsplit ("ghost,p2", ",", -1);
  g_assert_true (sht_store_act (tablet->store, op, &error));
  g_assert_no_error (error);
  g_assert_true (tablet_sync (tablet, 60000));
  hub = sht_hub_ticket_view (town->hub, id, NULL);
  assert_people (hub, "with a ghost", "p2=Second ");
  assert_agrees (tablet);
}

static void
test_when_it_is_asked (void)
{
  g_autoptr (Town) town = new_town ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads"), chief = tablet_new (town, "supervisor", NULL, "roads");
  g_autoptr (GPtrArray) people = NULL;
  g_auto (GStrv) before = NULL, now = NULL, clock_back = NULL, none = NULL;

  g_assert_false (sht_store_here_is_asked (tablet->store));
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (tablet_sync (chief, 0));
  g_assert_true (sht_store_here_is_asked (tablet->store));
  g_assert_false (sht_store_here_is_asked (chief->store));
  people = sht_store_crew_people (tablet->store, NULL);
  g_assert_cmpuint (people->len, ==, 2);
  set_here (tablet, "p1", NULL);
  g_assert_false (sht_store_here_is_asked (tablet->store));
  tablet->world.now += 13 * HOUR_MS;
  g_assert_false (sht_store_here_is_asked (tablet->store));
  tablet->world.now += HOUR_MS;
  g_assert_true (sht_store_here_is_asked (tablet->store));
  now = sht_store_here (tablet->store);
  g_assert_null (now);
  before = sht_store_here_before (tablet->store);
  g_assert_cmpuint (g_strv_length (before), ==, 1);
  g_assert_cmpstr (before[0], ==, "p1");
  /* A clock that was put back does not make yesterday's crew today's. */
  tablet->world.now -= 30 * HOUR_MS;
  clock_back = sht_store_here (tablet->store);
  g_assert_null (clock_back);
  /* Who does not want to say is not asked again on this shift. */
  set_here (tablet, NULL, NULL);
  g_assert_false (sht_store_here_is_asked (tablet->store));
  none = sht_store_here (tablet->store);
  g_assert_null (none);
}

static void
test_wire (void)
{
  static const struct
  {
    const char *people;
    guint n; /* 0: refused */
  } cases[] = {
    { ",\"people\":[\"p1\"]", 1 },
    { ",\"people\":[\"p1\",\"p2\"]", 2 },
    { ",\"people\":[]", 0 },
    { ",\"people\":\"p1\"", 0 },
    { ",\"people\":[1]", 0 },
    { ",\"people\":[null]", 0 },
    { ",\"people\":[\"\"]", 0 },
    { ",\"people\":[\"a b\"]", 0 },
    { ",\"people\":[[\"p1\"]]", 0 },
    { ",\"people\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\"]", 12 },
    { ",\"people\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\",\"13\"]", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bytes = g_strdup_printf (OPERATION, cases[i].people);
      g_autoptr (GError) error = NULL;
      g_autoptr (ShtOperation) op = sht_operation_parse (bytes, -1, &error);
      g_autofree char *again = op != NULL ? sht_operation_to_bytes (op) : NULL;

      if (cases[i].n == 0)
        {
          g_assert_error (error, SHT_OPERATION_ERROR, SHT_OPERATION_ERROR_VALUE);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (g_strv_length (op->people), ==, cases[i].n);
      g_assert_cmpstr (again, ==, bytes);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/here/from-tablet-to-hub", test_from_tablet_to_hub);
  g_test_add_func ("/here/nobody-is-invented", test_nobody_is_invented);
  g_test_add_func ("/here/when-it-is-asked", test_when_it_is_asked);
  g_test_add_func ("/here/wire", test_wire);
  return g_test_run ();
}
