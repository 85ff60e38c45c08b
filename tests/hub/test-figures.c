/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/protocol.h"
#include "hub-fixture.h"

#define MINUTE G_GINT64_CONSTANT (60000)
#define DAY (1440 * MINUTE)

static gboolean
renew (Town *town, gint64 *next)
{
  g_autoptr (GError) error = NULL;
  gboolean changed, ok = sht_hub_renew_league (town->hub, &changed, next, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  return changed;
}

static JsonObject *
league (Town *town)
{
  g_autoptr (GError) error = NULL;
  JsonObject *found = sht_hub_get_existing (town->hub, "figures", SHT_HUB_LEAGUE, &error);

  g_assert_no_error (error);
  return found;
}

static void
test_league (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (JsonObject) first = NULL, second = NULL;
  g_autofree char *id = ticket_id (1);
  ShtHubMember member = { .scope = SHT_SCOPE_REFERENCE, .type = "figures", .id = SHT_HUB_LEAGUE };
  gboolean found;
  gint64 next;

  town_add_ticket (town, 1, "r1");
  town_add_ticket (town, 2, NULL);
  g_assert_true (renew (town, &next));
  g_assert_cmpint (next, ==, town->world.now + 15 * MINUTE);
  first = league (town);
  g_assert_cmpint (sht_json_int (sht_json_object (first, "town"), "open", 0), ==, 2);
  /* what nobody has been given is in the town's figures, and no crew's */
  g_assert_cmpuint (json_array_get_length (sht_json_array (first, "crews")), ==, 1);
  g_assert_true (town->hub->store->driver->get_member (town->hub->store, &member, &found, NULL) && found && member.present);
  /* it is no news that time passes */
  town->world.now += 15 * MINUTE;
  g_assert_false (renew (town, &next));
  g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
  g_assert_true (renew (town, &next));
  second = league (town);
  g_assert_cmpstr (sht_json_string (sht_json_element (sht_json_array (second, "crews"), 0), "id"), ==, "r2");
  g_assert_cmpint (sht_json_int (second, "as_of", 0), ==, town->world.now);
  g_assert_cmpint (sht_json_int (second, "rev", 0), >, sht_json_int (first, "rev", 0));
}

static void
test_next_day (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (JsonObject) evening = NULL, morning = NULL;
  gint64 next, midnight;

  town_add_ticket (town, 1, "r1");
  /* without a calendar its days are those of UTC */
  midnight = (town->world.now / DAY + 1) * DAY;
  town->world.now = midnight - 4 * MINUTE;
  g_assert_true (renew (town, &next));
  g_assert_cmpint (next, ==, midnight);
  evening = league (town);
  g_assert_cmpint (sht_json_int (evening, "until", 0), ==, midnight);
  town->world.now = midnight;
  g_assert_true (renew (town, &next));
  morning = league (town);
  g_assert_cmpint (sht_json_int (morning, "until", 0), ==, midnight + DAY);
  g_assert_cmpint (sht_json_int (morning, "from", 0), ==, midnight - 6 * DAY);
}

/* --- facts --- */

static void
collect_fact (gpointer data, const guint8 *fact, gsize length)
{
  g_byte_array_append (data, fact, (guint) length);
}

static gboolean
collect_ticket (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  g_autoptr (GByteArray) fact = sht_fact_of (doc, strlen (doc));

  g_byte_array_append (data, fact->data, fact->len);
  return TRUE;
}

static void
assert_facts (Town *town)
{
  const ShtHubStoreDriver *driver = town->hub->store->driver;
  g_autoptr (GByteArray) kept = g_byte_array_new (), wanted = g_byte_array_new ();

  g_assert_true (driver->each_fact (town->hub->store, collect_fact, kept, NULL));
  g_assert_true (driver->each_of_type (town->hub->store, "ticket", collect_ticket, wanted, NULL));
  g_assert_cmpuint (kept->len, >, 0);
  g_assert_cmpmem (kept->data, kept->len, wanted->data, wanted->len);
}

static void
test_facts_follow (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1);
  g_autoptr (GPtrArray) calendars = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  guint changed = 0;

  town_add_ticket (town, 1, "r1");
  assert_facts (town);
  town_add (town, "{\"t\":\"ticket\",\"id\":\"01890000-0000-7000-8000-000000000007\",\"status\":\"new\",\"service\":\"pothole\","
                  "\"created_at\":1699900000000,\"due_at\":1699950000000,\"sla\":[{\"milestone\":\"complete\",\"amount\":4,"
                  "\"unit\":\"working_hours\",\"due_at\":1699950000000}]}");
  assert_facts (town);
  g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
  assert_facts (town);
  /* all are sent home, and it falls due another time */
  g_ptr_array_add (calendars, sht_json_parse_object ("{\"t\":\"calendar\",\"id\":\"town\",\"name\":\"t\",\"offsets\":[[0,0]],"
                                                     "\"week\":[[],[],[],[[600,900]],[],[],[]]}", -1, NULL));
  g_assert_true (sht_hub_put_references (town->hub, calendars, NULL));
  g_assert_true (sht_hub_settle_calendar (town->hub, "town", &changed, NULL));
  g_assert_cmpuint (changed, ==, 1);
  assert_facts (town);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-figures/league", test_league);
  g_test_add_func ("/hub-figures/next-day", test_next_day);
  g_test_add_func ("/hub-figures/facts-follow", test_facts_follow);
  return g_test_run ();
}
