/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/protocol.h"
#include "tests/hub/mirror.h"

#define NOTE "{\"text\":\"was here\"}"
#define SHA_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SHA_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void
test_push_idempotent (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  g_autofree char *op = next_op_id (town);
  g_autofree char *line = op_bytes_at (op, "ticket.status", id, "{\"seen\":\"assigned\",\"want\":\"done\"}", town->world.now);
  g_autofree char *other = op_bytes_at (op, "ticket.note", id, NOTE, town->world.now);
  const char *lines[] = { line }, *others[] = { other };
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL, *third = NULL, *doc = NULL, *again = NULL;

  town_add_ticket (town, 1, "r1");
  first = push_lines (town, device, lines, 1, 1, 0, &error);
  assert_result (first, 0, "applied");
  g_assert_true (town->hub->store->driver->get_entity (town->hub->store, "ticket", id, &doc, NULL));
  second = push_lines (town, device, lines, 1, 7, 0, &error);
  assert_result (second, 0, "applied");
  g_assert_nonnull (strstr (second, "\"duplicate\":true"));
  /* the reply was lost: what it said of the ticket comes again */
  g_assert_nonnull (strstr (second, doc));
  g_assert_true (town->hub->store->driver->get_entity (town->hub->store, "ticket", id, &again, NULL));
  g_assert_cmpstr (again, ==, doc);
  third = push_lines (town, device, others, 1, 1, 0, &error);
  assert_result (third, 0, "rejected");
  g_assert_no_error (error);
}

static void
test_push_poison (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  static const char *const fields[] = { NOTE, "{\"text\":5}", "{\"text\":\"b\",\"x\":1e999}", "{\"text\":\"d\",\"x\":1e22}", NOTE };
  char *lines[8] = { NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;

  town_add_ticket (town, 1, "r1");
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *op = next_op_id (town);

      lines[i] = op_bytes_at (op, "ticket.note", id, fields[i], town->world.now);
    }
  lines[5] = g_strdup ("{\"op\":\"01890000-0000-7000-9000-00000000ffff\" and then rubbish");
  lines[6] = g_strdup ("{\"op\":\"01890000-0000-7000-9000-00000000fffe\",\"kind\":\"ticket.explode\",\"entity\":\"x\",\"at\":5}");
  lines[7] = op_bytes_at ("01890000-0000-7000-9000-00000000fffd", "ticket.set", id, "{\"answers\":{\"a\":1e22}}", 5);
  answer = push_lines (town, device, (const char *const *) lines, 8, 1, 0, &error);
  g_assert_no_error (error);
  assert_result (answer, 0, "applied");
  for (guint i = 1; i < 8; i++)
    assert_result (answer, i, i == 4 ? "applied" : "rejected");
  for (guint i = 0; i < 8; i++)
    g_free (lines[i]);
  /* the ticket is still whole */
  {
    g_autoptr (JsonObject) view = sht_hub_ticket_view (town->hub, id, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (json_array_get_length (sht_json_array (view, "events")), ==, 2);
  }
}

/* A broken row stops what touches it, and nothing else. */
static void
test_push_broken_entity (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *good = ticket_id (1);
  g_autofree char *bad = ticket_id (2);
  g_autofree char *a = next_op_id (town), *b = next_op_id (town), *c = next_op_id (town);
  g_autofree char *before = op_bytes_at (a, "ticket.note", good, NOTE, town->world.now);
  g_autofree char *on_bad = op_bytes_at (b, "ticket.note", bad, NOTE, town->world.now);
  g_autofree char *behind = op_bytes_at (c, "ticket.note", good, NOTE, town->world.now);
  const char *lines[] = { before, on_bad, behind };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) view = NULL;
  g_autofree char *answer = NULL;

  town_add_ticket (town, 1, "r1");
  town_add_ticket (town, 2, "r1");
  g_assert_true (town->hub->store->driver->put_entity (town->hub->store, "ticket", bad, NULL, 5,
                                                       "{\"t\":\"ticket\",\"id\":\"x\",\"number\":123456789012345678901}", &error));
  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "operation *");
  answer = push_lines (town, device, lines, 3, 1, 0, &error);
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
  assert_result (answer, 0, "applied");
  assert_result (answer, 1, "rejected");
  assert_result (answer, 2, "applied");
  view = sht_hub_ticket_view (town->hub, good, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (sht_json_array (view, "events")), ==, 2);
}

static void
test_push_malformed (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  static const char *const bad[] = {
    "", "\n", "{}\n", "{\"ops\":5}\n", "{\"ops\":[5]}\nx\n", "{\"ops\":[{\"op\":\"x\",\"seq\":1}]}\nx\n",
    "{\"ops\":[{\"op\":\"01890000-0000-7000-9000-00000000ffff\"}]}\nx\n",
    "{\"ops\":[{\"op\":\"01890000-0000-7000-9000-00000000ffff\",\"seq\":-1}]}\nx\n",
    "{\"ops\":[{\"op\":\"01890000-0000-7000-9000-00000000ffff\",\"seq\":1}]}\n",
    "{\"ops\":[{\"op\":\"01890000-0000-7000-9000-00000000ffff\",\"seq\":1}]}\nno newline", "{\"ops\":[]}\nmore\n",
  };
  g_autoptr (GError) large = NULL;
  g_autofree char *huge = g_strnfill (SHT_PUSH_MAX_BYTES + 1, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sht_hub_push (town->hub, device, bad[i], strlen (bad[i]), &error));
      g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST);
    }
  g_assert_null (sht_hub_push (town->hub, device, huge, strlen (huge), &large));
  g_assert_error (large, SHT_HUB_ERROR, SHT_HUB_ERROR_TOO_LARGE);
}

static void
test_push_order_and_dependency (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (0x100);
  g_autofree char *bad_id = ticket_id (0x101);
  g_autofree char *make = op_bytes_at ("01890000-0000-7000-9000-000000000001", "ticket.create", id, "{\"service\":\"pothole\"}",
                                       town->world.now);
  g_autofree char *make_bad = op_bytes_at ("01890000-0000-7000-9000-000000000003", "ticket.create", bad_id, "{\"service\":\"none\"}",
                                           town->world.now);
  g_autofree char *note = g_strdup_printf ("{\"op\":\"01890000-0000-7000-9000-000000000002\",\"kind\":\"ticket.note\",\"entity\":\"%s\","
                                           "\"fields\":" NOTE ",\"at\":5,\"depends_on\":\"01890000-0000-7000-9000-000000000001\"}",
                                           id);
  g_autofree char *orphan = g_strdup_printf ("{\"op\":\"01890000-0000-7000-9000-000000000004\",\"kind\":\"ticket.note\",\"entity\":\"%s\","
                                             "\"fields\":" NOTE ",\"at\":5,\"depends_on\":\"01890000-0000-7000-9000-000000000003\"}",
                                             id);
  const char *lines[] = { make, note, make_bad, orphan };
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = push_lines (town, device, lines, 4, 1, 0, &error);
  g_autofree char *reason = NULL;

  g_assert_no_error (error);
  assert_result (answer, 0, "applied");
  assert_result (answer, 1, "applied");
  assert_result (answer, 2, "rejected");
  assert_result (answer, 3, "rejected");
  reason = line_says (answer, 3, "reason");
  g_assert_nonnull (strstr (reason, "depends"));
  /* what only the hub can give */
  {
    g_autoptr (JsonObject) ticket = sht_hub_get (town->hub, "ticket", id, NULL);

    g_assert_cmpstr (sht_json_string (ticket, "number"), ==, "106-2023-00001");
    g_assert_cmpint (sht_json_int (ticket, "due_at", 0), ==, town->world.now + 2 * 86400000);
  }
}

static gint64
event_at (Town *town, const char *op, char **certainty)
{
  g_autoptr (JsonObject) event = sht_hub_get (town->hub, "event", op, NULL);

  g_free (*certainty);
  *certainty = g_strdup (sht_json_string (event, "certainty"));
  return sht_json_int (event, "at", -1);
}

/* Rule 7 and trap 22: clocks that are months off, either way, known or not. */
static void
test_times (void)
{
  const gint64 month = G_GINT64_CONSTANT (30) * 86400000;
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  gint64 enrolled = town->world.now;
  const struct
  {
    gint64 at, offset, expected;
    const char *certainty;
  } cases[] = {
    { enrolled - 3 * month, 0, enrolled, "clamped" },
    { enrolled + 1000, 0, enrolled + 1000, "sure" },
    { enrolled + 500, 0, enrolled + 1000, "sure" },
    { enrolled - 3 * month + 60000, 3 * month, enrolled + 60000, "corrected" },
    { enrolled + 3 * month + 70000, -3 * month, enrolled + 70000, "corrected" },
    { enrolled + 65000, 0, enrolled + 70000, "clamped" },
    { enrolled + 3 * month, 0, enrolled + 3600000, "clamped" },
    { enrolled + 3600000, G_MAXINT64, enrolled + 3600000, "clamped" },
    { enrolled + 3600000, G_MININT64, enrolled + 3600000, "clamped" },
    { SHT_TIME_MAX, G_MAXINT64, enrolled + 3600000, "clamped" },
  };
  g_autofree char *certainty = NULL;

  town_add_ticket (town, 1, "r1");
  town->world.now += 3600000;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *op = next_op_id (town);
      g_autofree char *line = op_bytes_at (op, "ticket.note", id, NOTE, cases[i].at);
      g_autoptr (GError) error = NULL;
      g_autofree char *answer = push_lines (town, device, (const char *const[]){ line }, 1, i, cases[i].offset, &error);

      assert_result (answer, 0, "applied");
      g_assert_cmpint (event_at (town, op, &certainty), ==, cases[i].expected);
      g_assert_cmpstr (certainty, ==, cases[i].certainty);
    }
}

/* Within one push too, a later step is never earlier. */
static void
test_times_in_one_push (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  g_autofree char *a = op_bytes_at ("01890000-0000-7000-9000-000000000001", "ticket.note", id, NOTE, town->world.now + 50000);
  g_autofree char *b = op_bytes_at ("01890000-0000-7000-9000-000000000002", "ticket.note", id, NOTE, town->world.now + 10000);
  const char *lines[] = { a, b };
  g_autofree char *certainty = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;
  gint64 start = town->world.now;

  town_add_ticket (town, 1, "r1");
  town->world.now += 100000;
  answer = push_lines (town, device, lines, 2, 1, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (event_at (town, "01890000-0000-7000-9000-000000000001", &certainty), ==, start + 50000);
  g_assert_cmpint (event_at (town, "01890000-0000-7000-9000-000000000002", &certainty), ==, start + 50000);
}

static void
test_scopes (void)
{
  g_autoptr (Town) town = town_new ();
  static const struct
  {
    const char *role, *crew, *department, *scopes;
  } cases[] = {
    { "crew", "r1", "roads", "reference crew:r1 town" },
    { "supervisor", NULL, "roads", "reference dept:roads town" },
    { "supervisor", "r1", "roads", "reference crew:r1 dept:roads town" },
    { "manager", NULL, NULL, "reference dept:gardens dept:roads town" },
    { "administrator", NULL, NULL, "reference dept:gardens dept:roads town" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ShtHubDevice) device = town_device (town, cases[i].role, cases[i].crew, cases[i].department);
      g_auto (GStrv) scopes = sht_hub_scopes_of_device (town->hub, device, NULL);
      g_autofree char *joined = g_strjoinv (" ", scopes);

      g_assert_cmpstr (joined, ==, cases[i].scopes);
    }
}

/* A device with two scopes may do what either allows, and no other's. */
static void
test_several_scopes (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) both = town_device (town, "supervisor", "g1", "roads");
  g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "g1", "gardens");
  g_autofree char *road = ticket_id (1);
  g_autofree char *a = NULL, *b = NULL;

  town_add_ticket (town, 1, "r1");
  a = push_one (town, both, "ticket.note", road, NOTE);
  assert_result (a, 0, "applied");
  b = push_one (town, crew, "ticket.note", road, NOTE);
  assert_result (b, 0, "rejected");
}

static char *
attach (Town *town, ShtHubDevice *device, const char *ticket, const char *photo, const char *sha)
{
  g_autofree char *fields = g_strdup_printf ("{\"photo\":{\"id\":\"%s\",\"sha256\":\"%s\",\"source_sha256\":\"%s\",\"size\":5}}", photo, sha, sha);

  return push_one (town, device, "photo.attach", ticket, fields);
}

static void
take (Town *town, ShtHubDevice *device, const char *sha)
{
  g_autofree char *path = g_build_filename (town->folder, "upload", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "12345", 5, NULL));
  sht_hub_take_photo (town->hub, device, sha, path, &error);
  g_assert_no_error (error);
}

/* Rule 10: knowing a hash grants nothing. */
static void
test_photo_by_hash (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) one = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) two = town_device (town, "crew", "r2", "roads");
  g_autofree char *mine = ticket_id (1), *also_mine = ticket_id (3), *theirs = ticket_id (2);
  g_autofree char *a = NULL, *b = NULL, *c = NULL, *d = NULL;
  gboolean already = TRUE;
  g_autoptr (GError) error = NULL;

  town_add_ticket (town, 1, "r1");
  town_add_ticket (town, 3, "r1");
  town_add_ticket (town, 2, "r2");
  a = attach (town, one, mine, "01890000-0000-7000-a000-000000000001", SHA_A);
  assert_result (a, 0, "applied");
  g_assert_true (sht_hub_may_upload (town->hub, one, SHA_A, 5, &already, &error));
  g_assert_false (already);
  g_assert_false (sht_hub_may_upload (town->hub, one, SHA_A, 6, &already, NULL));
  g_assert_false (sht_hub_may_upload (town->hub, two, SHA_A, 5, &already, NULL));
  g_assert_false (sht_hub_may_see_photo (town->hub, one, SHA_A, NULL));
  take (town, one, SHA_A);
  g_assert_true (sht_hub_may_see_photo (town->hub, one, SHA_A, NULL));
  g_assert_false (sht_hub_may_see_photo (town->hub, two, SHA_A, NULL));
  /* the other crew heard of the hash */
  b = attach (town, two, theirs, "01890000-0000-7000-a000-000000000002", SHA_A);
  assert_result (b, 0, "applied");
  g_assert_nonnull (strstr (b, "\"have\":false"));
  g_assert_false (sht_hub_may_see_photo (town->hub, two, SHA_A, NULL));
  g_assert_true (sht_hub_may_upload (town->hub, two, SHA_A, 5, &already, &error));
  g_assert_false (already);
  take (town, one, SHA_A);
  g_assert_false (sht_hub_may_see_photo (town->hub, two, SHA_A, NULL));
  take (town, two, SHA_A);
  g_assert_true (sht_hub_may_see_photo (town->hub, two, SHA_A, NULL));
  /* the same source on a second ticket of one's own needs no bytes */
  c = attach (town, one, also_mine, "01890000-0000-7000-a000-000000000003", SHA_A);
  g_assert_nonnull (strstr (c, "\"have\":true"));
  /* an id that is taken is not taken over */
  d = attach (town, two, theirs, "01890000-0000-7000-a000-000000000001", SHA_B);
  assert_result (d, 0, "rejected");
}

/* Nor does calling them one's own thumbnail. */
static void
test_thumbnail_by_hash (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) one = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) two = town_device (town, "crew", "r2", "roads");
  g_autofree char *mine = ticket_id (1), *theirs = ticket_id (2);
  static const char fields[] = "{\"photo\":{\"id\":\"01890000-0000-7000-a000-000000000002\",\"sha256\":\"" SHA_B "\",\"source_sha256\":\"" SHA_B
                               "\",\"size\":5,\"thumb_sha256\":\"" SHA_A "\",\"thumb_size\":5}}";
  g_autofree char *a = NULL, *b = NULL;
  gboolean already = TRUE;
  g_autoptr (GError) error = NULL;

  town_add_ticket (town, 1, "r1");
  town_add_ticket (town, 2, "r2");
  a = attach (town, one, mine, "01890000-0000-7000-a000-000000000001", SHA_A);
  take (town, one, SHA_A);
  b = push_one (town, two, "photo.attach", theirs, fields);
  assert_result (b, 0, "applied");
  g_assert_false (sht_hub_may_see_photo (town->hub, two, SHA_A, NULL));
  g_assert_true (sht_hub_may_upload (town->hub, two, SHA_A, 5, &already, &error));
  g_assert_false (already);
  /* a thumbnail that has come is everybody's who holds the ticket, and does not come twice */
  take (town, two, SHA_A);
  g_assert_true (sht_hub_may_see_photo (town->hub, two, SHA_A, NULL));
  g_assert_true (sht_hub_may_upload (town->hub, two, SHA_A, 5, &already, &error));
  g_assert_true (already);
}

static void
test_photo_edit (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) one = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) two = town_device (town, "crew", "r2", "roads");
  g_autoptr (Mirror) mirror = mirror_new ();
  g_autofree char *id = ticket_id (1);
  const char *photo = "01890000-0000-7000-a000-000000000001";
  g_autofree char *a = NULL, *b = NULL, *c = NULL, *d = NULL;
  g_autofree char *key = g_strdup_printf ("crew:r1 %s/photo %s", id, photo);

  town_add_ticket (town, 1, "r1");
  a = attach (town, one, id, photo, SHA_A);
  mirror_pull (mirror, town, one, 10);
  b = push_one (town, one, "photo.edit", photo, "{\"caption\":\"after\"}");
  assert_result (b, 0, "applied");
  mirror_pull (mirror, town, one, 10);
  g_assert_nonnull (strstr (g_hash_table_lookup (mirror->lines, key), "\"caption\":\"after\""));
  c = push_one (town, two, "photo.edit", photo, "{\"caption\":\"mine\"}");
  assert_result (c, 0, "rejected");
  d = push_one (town, one, "photo.edit", "01890000-0000-7000-a000-00000000dead", "{\"caption\":\"x\"}");
  assert_result (d, 0, "rejected");
}

static void
test_enrolment (void)
{
  g_autoptr (Town) town = town_new ();
  ShtHubCode code = { (char *) "crew", (char *) "r1", (char *) "roads", NULL, town->world.now + 1000, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *plain = sht_hub_make_code (town->hub, &code, &error);
  g_autofree char *spoken = g_ascii_strdown (plain, -1);
  g_autofree char *ours = g_strdup_printf ("{\"code\":\" %s \",\"device\":\"01890000-0000-7000-8000-000000000001\"}", spoken);
  g_autofree char *theirs = g_strdup_printf ("{\"code\":\"%s\",\"device\":\"01890000-0000-7000-8000-000000000002\"}", plain);
  g_autofree char *first = sht_hub_enrol (town->hub, ours, strlen (ours), &error);
  g_autofree char *again = NULL, *none = NULL;
  g_autoptr (JsonObject) one = NULL;
  g_autofree char *old_header = NULL;

  g_assert_no_error (error);
  one = sht_json_parse_object (first, -1, NULL);
  old_header = g_strconcat ("Bearer ", sht_json_string (one, "token"), NULL);
  g_assert_null (sht_hub_enrol (town->hub, theirs, strlen (theirs), &error));
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN);
  g_clear_error (&error);
  /* the answer was lost: the same tablet asks again, and its first token is no longer good */
  again = sht_hub_enrol (town->hub, ours, strlen (ours), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, !=, first);
  g_assert_null (sht_hub_authenticate (town->hub, old_header, &error));
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_UNAUTHORISED);
  g_clear_error (&error);
  town->world.now += 2000;
  none = sht_hub_enrol (town->hub, ours, strlen (ours), &error);
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN);
  g_assert_null (sht_hub_authenticate (town->hub, NULL, NULL));
  g_assert_null (sht_hub_authenticate (town->hub, "Bearer ", NULL));
  g_assert_null (sht_hub_authenticate (town->hub, "Basic x", NULL));
  g_assert_null (sht_hub_enrol (town->hub, "{}", 2, NULL));
  g_assert_null (sht_hub_enrol (town->hub, "rubbish", 7, NULL));
}

/* A seal cannot be taken back by the slip of paper that lies with the tablet. */
static void
test_code_of_a_sealed_tablet (void)
{
  g_autoptr (Town) town = town_new ();
  ShtHubCode code = { (char *) "crew", (char *) "r1", (char *) "roads", NULL, town->world.now + 60000, NULL };
  static const char device[] = "01890000-0000-7000-8000-000000000001";
  g_autoptr (GError) error = NULL;
  g_autofree char *used = sht_hub_make_code (town->hub, &code, NULL);
  g_autofree char *new = sht_hub_make_code (town->hub, &code, NULL);
  g_autofree char *by_used = g_strdup_printf ("{\"code\":\"%s\",\"device\":\"%s\"}", used, device);
  g_autofree char *by_new = g_strdup_printf ("{\"code\":\"%s\",\"device\":\"%s\"}", new, device);
  g_autofree char *first = sht_hub_enrol (town->hub, by_used, strlen (by_used), NULL);
  g_autofree char *again = NULL;

  g_assert_nonnull (first);
  g_assert_true (sht_hub_seal_device (town->hub, device, NULL));
  g_assert_null (sht_hub_enrol (town->hub, by_used, strlen (by_used), &error));
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN);
  again = sht_hub_enrol (town->hub, by_new, strlen (by_new), NULL);
  g_assert_nonnull (again);
}

/* Nor can the rights that a later code has taken. */
static void
test_code_before_the_last (void)
{
  g_autoptr (Town) town = town_new ();
  ShtHubCode boss = { (char *) "supervisor", NULL, (char *) "roads", NULL, town->world.now + 60000, NULL };
  ShtHubCode crew = { (char *) "crew", (char *) "r1", (char *) "roads", NULL, town->world.now + 60000, NULL };
  const ShtHubCode *codes[] = { &boss, &crew, &boss };
  static const char form[] = "{\"code\":\"%s\",\"device\":\"01890000-0000-7000-8000-000000000001\"}";
  g_autofree char *first = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *code = sht_hub_make_code (town->hub, codes[i], NULL);
      g_autofree char *body = g_strdup_printf (form, code);
      g_autofree char *answer = sht_hub_enrol (town->hub, body, strlen (body), &error);

      g_assert_no_error (error);
      if (i == 0)
        first = g_steal_pointer (&body);
      else
        {
          g_assert_null (sht_hub_enrol (town->hub, first, strlen (first), &error));
          g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN);
          g_clear_error (&error);
        }
    }
}

/* What a crew has filled in is theirs, question by question: also where the city's own answers stand beside it. */
static void
test_import_keeps_answers (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  static const char form[] = "{\"t\":\"ticket\",\"id\":\"%s\",\"number\":\"106-2023-00001\",\"status\":\"assigned\",\"crew\":\"r1\","
                             "\"department\":\"roads\",\"service\":\"pothole\",\"answers\":{\"WHERE\":\"TRAFFIC\",\"WHO\":\"%s\"}}";
  g_autofree char *first = g_strdup_printf (form, id, "a"), *later = g_strdup_printf (form, id, "b");
  g_autofree char *said = NULL;
  g_autoptr (JsonObject) ticket = NULL;
  JsonObject *answers;

  town_add (town, first);
  said = push_one (town, crew, "ticket.set", id, "{\"answers\":{\"depth_cm\":12,\"WHERE\":\"LANE\"}}");
  assert_result (said, 0, "applied");
  town_add (town, later);
  ticket = sht_hub_get (town->hub, "ticket", id, NULL);
  answers = sht_json_object (ticket, "answers");
  g_assert_cmpint (sht_json_int (answers, "depth_cm", 0), ==, 12);
  g_assert_cmpstr (sht_json_string (answers, "WHERE"), ==, "LANE");
  g_assert_cmpstr (sht_json_string (answers, "WHO"), ==, "b");
}

/* When it was closed is the status's affair, and goes with it. */
static void
test_import_of_a_closing (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
  static const char form[] = "{\"t\":\"ticket\",\"id\":\"" TICKET_ID "\",\"number\":\"106-2023-%05u\",\"status\":\"%s\",\"crew\":\"r1\","
                             "\"department\":\"roads\",\"service\":\"pothole\",\"updated_at\":%d%s}";
  static const char *const runs[][2] = { { "assigned", "" }, { "closed", ",\"closed_at\":7" }, { "assigned", "" } };

  for (guint n = 1; n <= 2; n++)
    for (guint run = 0; run < G_N_ELEMENTS (runs); run++)
      {
        g_autofree char *id = ticket_id (n), *said = NULL;
        g_autofree char *json = g_strdup_printf (form, n, n, runs[run][0], 10 + (int) run, runs[run][1]);
        g_autoptr (JsonObject) ticket = NULL;
        gboolean begun = n == 1 && run > 0;

        town_add (town, json);
        ticket = sht_hub_get (town->hub, "ticket", id, NULL);
        g_assert_cmpstr (sht_json_string (ticket, "status"), ==, begun ? "in_progress" : runs[run][0]);
        g_assert_cmpint (sht_json_int (ticket, "closed_at", 0), ==, !begun && run == 1 ? 7 : 0);
        g_assert_cmpint (sht_json_int (ticket, "updated_at", 0), ==, begun ? town->world.now : 10 + (gint64) run);
        if (n == 1 && run == 0)
          {
            said = push_one (town, crew, "ticket.status", id, "{\"seen\":\"assigned\",\"want\":\"in_progress\"}");
            assert_result (said, 0, "applied");
          }
      }
}

static void
test_seeder (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
  g_autofree char *id = ticket_id (1);
  g_autofree char *json = g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"%s\",\"number\":\"106-2023-00077\",\"status\":\"new\","
                                           "\"title\":\"theirs\",\"description\":\"d\",\"department\":\"roads\"}",
                                           id);
  g_autofree char *changed = g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"%s\",\"number\":\"106-2023-00077\",\"status\":\"new\","
                                              "\"title\":\"theirs, later\",\"description\":\"d2\",\"department\":\"roads\"}",
                                              id);
  g_autofree char *note = g_strdup_printf ("{\"t\":\"event\",\"id\":\"01890000-0000-7000-b000-000000000001\",\"ticket\":\"%s\",\"kind\":\"note\","
                                           "\"at\":5,\"data\":{\"text\":\"x\"}}",
                                           id);
  const char *runs[3][2] = { { json, note }, { json, note }, { changed, note } };
  static const guint expected[3][3] = { { 2, 0, 0 }, { 0, 0, 2 }, { 0, 1, 1 } };
  g_autofree char *edit = NULL;
  g_autofree char *orphan = NULL;
  g_autoptr (GError) error = NULL;

  for (guint run = 0; run < 3; run++)
    {
      g_autoptr (ShtHubSeeder) seeder = sht_hub_seeder_new (town->hub);
      ShtHubSeedCount count;

      for (guint i = 0; i < 2; i++)
        g_assert_true (sht_hub_seeder_add (seeder, runs[run][i], NULL));
      g_assert_true (sht_hub_seeder_finish (seeder, &count, NULL));
      g_assert_cmpuint (count.added, ==, expected[run][0]);
      g_assert_cmpuint (count.changed, ==, expected[run][1]);
      g_assert_cmpuint (count.unchanged, ==, expected[run][2]);
      if (run == 1)
        {
          edit = push_one (town, boss, "ticket.set", id, "{\"title\":\"ours\"}");
          assert_result (edit, 0, "applied");
        }
    }
  {
    g_autoptr (JsonObject) ticket = sht_hub_get (town->hub, "ticket", id, NULL);

    g_assert_cmpstr (sht_json_string (ticket, "title"), ==, "ours");
    g_assert_cmpstr (sht_json_string (ticket, "description"), ==, "d2");
  }
  /* a photo of nothing is an error that says so */
  {
    g_autoptr (ShtHubSeeder) seeder = sht_hub_seeder_new (town->hub);

    orphan = g_strdup ("{\"t\":\"photo\",\"id\":\"01890000-0000-7000-b000-000000000002\",\"ticket\":\"01890000-0000-7000-8000-00000000dead\"}");
    g_assert_false (sht_hub_seeder_add (seeder, orphan, &error));
    g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND);
  }
}

static void
test_check_sums (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  g_autofree char *before = NULL, *after = NULL, *note = NULL, *deep = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) all = NULL;
  gint64 below = 0;
  GList *members;

  for (guint n = 1; n < 20; n++)
    town_add_ticket (town, n, "r1");
  before = sht_hub_check (town->hub, device, "crew:r1", "", &error);
  g_assert_no_error (error);
  note = push_one (town, device, "ticket.note", id, NOTE);
  after = sht_hub_check (town->hub, device, "crew:r1", "", &error);
  g_assert_cmpstr (before, !=, after);
  deep = sht_hub_check (town->hub, device, "crew:r1", "01890000-0000-7000-8000-00000000", &error);
  all = sht_json_parse_object (deep, -1, &error);
  g_assert_cmpint (sht_json_int (all, "count", 0), ==, 20);
  members = json_object_get_values (sht_json_object (all, "next"));
  for (GList *l = members; l != NULL; l = l->next)
    below += json_array_get_int_element (json_node_get_array (l->data), 0);
  g_list_free (members);
  g_assert_cmpint (below, ==, 20);
  g_assert_null (sht_hub_check (town->hub, device, "crew:r2", "", &error));
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN);
  g_clear_error (&error);
  g_assert_null (sht_hub_check (town->hub, device, "crew:r1", "' OR 1", &error));
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST);
}

static void
test_office (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (sht_hub_assign (town->hub, "01890000-0000-7000-8000-00000000dead", "r1", &error));
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (sht_hub_ticket_view (town->hub, "01890000-0000-7000-8000-00000000dead", &error));
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  town_add_ticket (town, 1, NULL);
  town_add_ticket (town, 2, NULL);
  g_assert_null (sht_hub_find_ticket (town->hub, "0189", &error));
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_AMBIGUOUS);
  g_clear_error (&error);
  {
    g_autofree char *id = ticket_id (2);
    g_autofree char *by_number = sht_hub_find_ticket (town->hub, "106-2023-00002", NULL);

    g_assert_cmpstr (by_number, ==, id);
    g_assert_false (sht_hub_assign (town->hub, id, "nobody", &error));
    g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service/push/trap_09-idempotent", test_push_idempotent);
  g_test_add_func ("/service/push/trap_12-poison", test_push_poison);
  g_test_add_func ("/service/push/trap_27-broken-entity", test_push_broken_entity);
  g_test_add_func ("/service/push/malformed", test_push_malformed);
  g_test_add_func ("/service/push/order-and-dependency", test_push_order_and_dependency);
  g_test_add_func ("/service/trap_22-times", test_times);
  g_test_add_func ("/service/times-in-one-push", test_times_in_one_push);
  g_test_add_func ("/service/scopes", test_scopes);
  g_test_add_func ("/service/several-scopes", test_several_scopes);
  g_test_add_func ("/service/photo/by-hash", test_photo_by_hash);
  g_test_add_func ("/service/photo/thumbnail-by-hash", test_thumbnail_by_hash);
  g_test_add_func ("/service/photo/edit", test_photo_edit);
  g_test_add_func ("/service/enrolment", test_enrolment);
  g_test_add_func ("/service/code-of-a-sealed-tablet", test_code_of_a_sealed_tablet);
  g_test_add_func ("/service/code-before-the-last", test_code_before_the_last);
  g_test_add_func ("/service/import/keeps-answers", test_import_keeps_answers);
  g_test_add_func ("/service/import/of-a-closing", test_import_of_a_closing);
  g_test_add_func ("/service/seeder", test_seeder);
  g_test_add_func ("/service/check-sums", test_check_sums);
  g_test_add_func ("/service/office", test_office);
  return g_test_run ();
}
