/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tablet/tablet-fixture.h"

/* A service that asks for photos, from the tablet's step to the hub's journey and to another tablet. */

#define RULE "{\"t\":\"service\",\"id\":\"pothole\",\"name\":\"Pothole\",\"department\":\"roads\",\"photos\":{\"after\":1}}"

static JsonObject *
last_step (JsonArray *events)
{
  JsonObject *last = NULL;

  for (guint i = 0; i < json_array_get_length (events); i++)
    if (g_str_equal (sht_json_string (json_array_get_object_element (events, i), "kind"), "status"))
      last = sht_json_object (json_array_get_object_element (events, i), "data");
  g_assert_nonnull (last);
  return last;
}

/* What the journey's last step says of the after photo: why there is none, or whether nothing was said. */
static void
assert_said (JsonObject *view, const char *why, gboolean unsaid)
{
  JsonObject *step = last_step (sht_json_array (view, "events"));
  JsonArray *missing = sht_json_array (step, "photos_missing");

  g_assert_cmpstr (sht_json_string (view, "status"), ==, "done");
  g_assert_cmpstr (sht_json_string (step, "to"), ==, "done");
  g_assert_cmpstr (sht_json_string (sht_json_object (step, "without"), "after"), ==, why);
  g_assert_cmpint (missing != NULL, ==, unsaid);
  if (unsaid)
    {
      g_assert_cmpuint (json_array_get_length (missing), ==, 1);
      g_assert_cmpstr (json_array_get_string_element (missing, 0), ==, "after");
    }
}

static void
assert_said_everywhere (Town *town, Tablet *tablet, Tablet *other, guint n, const char *why, gboolean unsaid)
{
  g_autofree char *id = ticket_id (n);
  g_autoptr (JsonObject) here = sht_store_ticket_view (tablet->store, id, NULL);
  g_autoptr (JsonObject) hub = NULL, there = NULL;

  assert_said (here, why, unsaid);
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_true (tablet_sync (other, 60000));
  hub = sht_hub_ticket_view (town->hub, id, NULL);
  there = sht_store_ticket_view (other->store, id, NULL);
  assert_said (hub, why, unsaid);
  assert_said (there, why, unsaid);
  assert_agrees (tablet);
  assert_agrees (other);
}

static guint
count_missing (Tablet *tablet, guint n)
{
  g_autofree char *id = ticket_id (n);
  g_autoptr (JsonObject) doc = sht_store_get (tablet->store, "ticket", id, NULL);
  guint missing[SHT_N_PHOTO_ROLES];

  g_assert_true (sht_store_missing_photos (tablet->store, doc, missing, NULL));
  g_assert_cmpuint (missing[SHT_PHOTO_BEFORE], ==, 0);
  return missing[SHT_PHOTO_AFTER];
}

static void
test_rule (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL, other = NULL;
  g_autofree char *photo = NULL, *taken_back = NULL, *step = NULL;

  town_add (town, RULE);
  for (guint n = 1; n <= 4; n++)
    town_add_ticket (town, n, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  other = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  /* done with the photo, whose bytes are sent after the step */
  {
    g_autofree char *id = ticket_id (1), *before = NULL;

    g_assert_cmpuint (count_missing (tablet, 1), ==, 1);
    before = tablet_photo_as (tablet, id, "before", 1000, 3);
    g_assert_cmpuint (count_missing (tablet, 1), ==, 1);
    photo = tablet_photo_as (tablet, id, "after", 1000, 1);
    g_assert_cmpuint (count_missing (tablet, 1), ==, 0);
    g_assert_true (sht_store_set_status (tablet->store, id, SHT_STATUS_DONE, NULL, NULL, NULL));
    assert_said_everywhere (town, tablet, other, 1, NULL, FALSE);
  }
  /* done with a reason */
  {
    g_autofree char *id = ticket_id (2);
    g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_STATUS, id);
    JsonObject *without = json_object_new ();

    json_object_set_string_member (without, "after", "החושך ירד");
    json_object_set_string_member (op->fields, "want", "done");
    json_object_set_object_member (op->fields, "without", without);
    g_assert_true (sht_store_act (tablet->store, op, NULL));
    assert_said_everywhere (town, tablet, other, 2, "החושך ירד", FALSE);
  }
  /* done with neither: taken in, and told */
  {
    g_autofree char *id = ticket_id (3);

    g_assert_true (sht_store_set_status (tablet->store, id, SHT_STATUS_DONE, NULL, NULL, NULL));
    assert_said_everywhere (town, tablet, other, 3, NULL, TRUE);
  }
  /* a photo that was taken back is not there */
  {
    g_autofree char *id = ticket_id (4);

    taken_back = tablet_photo_as (tablet, id, "after", 1000, 2);
    g_assert_cmpuint (count_missing (tablet, 4), ==, 0);
    step = sht_store_last_step (tablet->store, id, NULL);
    g_assert_true (sht_store_withdraw (tablet->store, step, NULL));
    g_assert_cmpuint (count_missing (tablet, 4), ==, 1);
  }
}

/* The hub never refuses the step, whatever a client has asked for; a reason that cannot be one is refused. */
static void
test_hub (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1), *bad = NULL, *plain = NULL;
  g_autoptr (JsonObject) view = NULL;

  town_add (town, RULE);
  town_add_ticket (town, 1, "r1");
  bad = push_one (town, crew, "ticket.status", id, "{\"seen\":\"assigned\",\"want\":\"done\",\"without\":{\"after\":\"\"}}");
  assert_result (bad, 0, "rejected");
  plain = push_one (town, crew, "ticket.status", id, "{\"seen\":\"assigned\",\"want\":\"done\"}");
  assert_result (plain, 0, "applied");
  view = sht_hub_ticket_view (town->hub, id, NULL);
  assert_said (view, NULL, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/missing-photos/from-tablet-to-hub", test_rule);
  g_test_add_func ("/missing-photos/hub", test_hub);
  return g_test_run ();
}
