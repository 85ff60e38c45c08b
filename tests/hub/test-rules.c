/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/db.h"
#include "tests/hub/hub-fixture.h"

#define SHA "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* The sync rules that are kept at the hub, and traps that others have fallen into. */

/* --- rule 18: who may ask for what --- */

static const struct
{
  ShtKind kind;
  const char *fields; /* %s: an operation's id */
  gboolean may[SHT_N_ROLES];
} cells[SHT_N_KINDS] = {
  { SHT_KIND_TICKET_CREATE, "{\"service\":\"pothole\"}", { TRUE, TRUE, TRUE, TRUE } },
  { SHT_KIND_TICKET_STATUS, "{\"seen\":\"assigned\",\"want\":\"in_progress\"}", { TRUE, TRUE, TRUE, TRUE } },
  { SHT_KIND_TICKET_SET, "{\"title\":\"x\"}", { TRUE, TRUE, TRUE, TRUE } },
  { SHT_KIND_TICKET_ASSIGN, "{\"crew\":\"r2\"}", { FALSE, TRUE, TRUE, TRUE } },
  { SHT_KIND_TICKET_HAND_OVER, "{\"department\":\"gardens\"}", { TRUE, TRUE, TRUE, TRUE } },
  { SHT_KIND_TICKET_NOTE, "{\"text\":\"x\"}", { TRUE, TRUE, TRUE, TRUE } },
  { SHT_KIND_PHOTO_ATTACH, "{\"photo\":{\"id\":\"%s\",\"sha256\":\"" SHA "\",\"source_sha256\":\"" SHA "\",\"size\":5}}",
    { TRUE, TRUE, TRUE, TRUE } },
  { SHT_KIND_PHOTO_EDIT, "{\"caption\":\"x\"}", { TRUE, TRUE, TRUE, TRUE } },
  { SHT_KIND_VOICE_ADD, "{\"voice\":{\"id\":\"%s\",\"sha256\":\"" SHA "\",\"size\":5,\"duration_ms\":1000}}",
    { TRUE, TRUE, TRUE, TRUE } },
  { SHT_KIND_PLACE_REPORT, "{\"what\":\"missing\"}", { TRUE, TRUE, TRUE, TRUE } },
  { SHT_KIND_PLACE_SET, "{\"name\":\"x\"}", { FALSE, TRUE, TRUE, TRUE } },
  { SHT_KIND_TICKET_RESOLVE, "{\"op\":\"%s\",\"field\":\"title\",\"keep\":\"theirs\",\"value\":\"boss\"}",
    { TRUE, TRUE, TRUE, TRUE } },
  { SHT_KIND_OBSTACLE_RAISE, "{\"kind\":\"parts\",\"text\":\"x\"}", { TRUE, TRUE, TRUE, TRUE } },
  { SHT_KIND_OBSTACLE_ANSWER, "{\"text\":\"x\"}", { TRUE, TRUE, TRUE, TRUE } },
  { SHT_KIND_OBSTACLE_PHOTO, "{\"photo\":{\"id\":\"%s\",\"sha256\":\"" SHA "\",\"source_sha256\":\"" SHA "\",\"size\":5}}",
    { TRUE, TRUE, TRUE, TRUE } },
};

static char *
new_photo (Town *town, ShtHubDevice *device, const char *ticket)
{
  char *id = next_op_id (town);
  g_autofree char *fields = g_strdup_printf (cells[SHT_KIND_PHOTO_ATTACH].fields, id);
  g_autofree char *said = push_one (town, device, "photo.attach", ticket, fields);

  assert_result (said, 0, "applied");
  return id;
}

/* Says that it is a drawing of another photo. */
static char *
push_drawing (Town *town, ShtHubDevice *device, const char *ticket, const char *of)
{
  g_autofree char *id = next_op_id (town);
  g_autofree char *fields
    = g_strdup_printf ("{\"photo\":{\"id\":\"%s\",\"sha256\":\"" SHA "\",\"source_sha256\":\"" SHA "\",\"size\":5,"
                       "\"of\":\"%s\",\"layer\":[\"blur\"]}}",
                       id, of);

  return push_one (town, device, "photo.attach", ticket, fields);
}

/* A drawing is of a photo of its own ticket: what residents may see of one hangs on it. */
static void
test_drawing_of_what (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
  g_autofree char *ticket = ticket_id (1);
  g_autofree char *other = ticket_id (2);
  g_autofree char *nothing = next_op_id (town);
  g_autofree char *photo = NULL, *right = NULL, *elsewhere = NULL, *of_nothing = NULL, *of_ticket = NULL;

  town_add_ticket (town, 1, "r1");
  town_add_ticket (town, 2, "r1");
  photo = new_photo (town, crew, ticket);
  right = push_drawing (town, crew, ticket, photo);
  elsewhere = push_drawing (town, crew, other, photo);
  of_nothing = push_drawing (town, crew, ticket, nothing);
  of_ticket = push_drawing (town, crew, ticket, ticket);
  assert_result (right, 0, "applied");
  assert_result (elsewhere, 0, "rejected");
  assert_result (of_nothing, 0, "rejected");
  assert_result (of_ticket, 0, "rejected");
}

static char *
new_obstacle (Town *town, ShtHubDevice *crew)
{
  char *id = next_op_id (town);
  g_autofree char *said = push_one (town, crew, "obstacle.raise", id, cells[SHT_KIND_OBSTACLE_RAISE].fields);

  assert_result (said, 0, "applied");
  return id;
}

static char *
new_conflict (Town *town, ShtHubDevice *boss, ShtHubDevice *crew, const char *ticket)
{
  g_autofree char *first = push_one (town, boss, "ticket.set", ticket, "{\"title\":\"boss\"}");
  g_autofree char *second = push_one (town, crew, "ticket.set", ticket, "{\"title\":\"crew\"}");

  assert_result (second, 0, "conflict");
  return line_says (second, 0, "op");
}

static void
test_roles (void)
{
  for (guint role = 0; role < SHT_N_ROLES; role++)
    for (guint i = 0; i < SHT_N_KINDS; i++)
      {
        g_autoptr (Town) town = town_new ();
        g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
        g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
        g_autoptr (ShtHubDevice) device
          = town_device (town, sht_role_name ((ShtRole) role), role == SHT_ROLE_CREW ? "r1" : NULL, "roads");
        ShtKind kind = cells[i].kind;
        g_autofree char *ticket = ticket_id (1);
        g_autofree char *other = NULL, *fields = NULL, *entity = NULL, *said = NULL, *is = NULL, *reason = NULL;

        g_assert_cmpint (kind, ==, (ShtKind) i);
        town_add_ticket (town, 1, "r1");
        other = kind == SHT_KIND_PHOTO_EDIT        ? new_photo (town, crew, ticket)
                : kind == SHT_KIND_TICKET_RESOLVE  ? new_conflict (town, boss, crew, ticket)
                                                   : next_op_id (town);
        fields = strstr (cells[i].fields, "%s") != NULL ? g_strdup_printf (cells[i].fields, other) : g_strdup (cells[i].fields);
        if (g_str_equal (sht_kind_entity_type (kind), "obstacle") && !sht_kind_makes (kind))
          entity = new_obstacle (town, crew);
        else
          entity = g_strdup (kind == SHT_KIND_PHOTO_EDIT || sht_kind_makes (kind) ? other
                             : g_str_equal (sht_kind_entity_type (kind), "place") ? "01890000-0000-7000-8000-0000000b0001"
                                                                                   : ticket);
        said = push_one (town, device, sht_kind_name (kind), entity, fields);
        is = line_says (said, 0, "result");
        reason = line_says (said, 0, "reason");
        g_test_message ("%s %s: %s %s", sht_role_name ((ShtRole) role), sht_kind_name (kind), is, reason);
        g_assert_cmpint (sht_kind_allowed ((ShtRole) role, kind), ==, cells[i].may[role]);
        if (cells[i].may[role])
          g_assert_cmpstr (is, ==, "applied");
        else
          {
            g_assert_cmpstr (is, ==, "rejected");
            g_assert_nonnull (strstr (reason, "may not do"));
          }
      }
}

/* What the protocol says of it is what the code does. */
static void
test_roles_as_written (void)
{
  g_autofree char *protocol = NULL;
  g_autoptr (GString) table = g_string_new ("| kind |");

  g_assert_true (g_file_get_contents (SHT_PROTOCOL_MD, &protocol, NULL, NULL));
  for (guint role = 0; role < SHT_N_ROLES; role++)
    g_string_append_printf (table, " %s |", sht_role_name ((ShtRole) role));
  g_string_append (table, "\n| --- | --- | --- | --- | --- |\n");
  for (guint kind = 0; kind < SHT_N_KINDS; kind++)
    {
      g_string_append_printf (table, "| `%s` |", sht_kind_name ((ShtKind) kind));
      for (guint role = 0; role < SHT_N_ROLES; role++)
        g_string_append (table, sht_kind_allowed ((ShtRole) role, (ShtKind) kind) ? " yes |" : " no |");
      g_string_append_c (table, '\n');
    }
  if (strstr (protocol, table->str) == NULL)
    g_error ("PROTOCOL.md should have:\n%s", table->str);
}

/* --- trap 7: the cost of a pull --- */

static sqlite3 *last_opened;

static int
note_opened (sqlite3 *handle, const char **message, const void *api)
{
  last_opened = handle;
  return SQLITE_OK;
}

/* Steps of SQLite's machine since the last call, of all statements. */
static gint64
take_steps (void)
{
  gint64 steps = 0;

  for (sqlite3_stmt *stmt = sqlite3_next_stmt (last_opened, NULL); stmt != NULL; stmt = sqlite3_next_stmt (last_opened, stmt))
    steps += sqlite3_stmt_status (stmt, SQLITE_STMTSTATUS_VM_STEP, 1);
  return steps;
}

static char *
pull (Town *town, ShtHubDevice *device, const char *cursor, gint64 *rows)
{
  gboolean empty;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) page = sht_hub_pull (town->hub, device, cursor, 2000, &empty, &error);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (JsonObject) last = NULL;

  g_assert_no_error (error);
  text = g_strndup (g_bytes_get_data (page, NULL), g_bytes_get_size (page));
  lines = g_strsplit (text, "\n", -1);
  last = sht_json_parse_object (lines[g_strv_length (lines) - 2], -1, NULL);
  g_assert_false (sht_json_bool (last, "more"));
  *rows = sht_json_int (last, "rows", -1);
  return g_strdup (sht_json_string (last, "cursor"));
}

static gint64
steps_of_one_change (guint tickets)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  g_autofree char *cursor = NULL, *next = NULL, *said = NULL;
  gint64 rows;

  for (guint n = 1; n <= tickets; n++)
    town_add_ticket (town, n, "r1");
  cursor = pull (town, crew, NULL, &rows);
  g_assert_cmpint (rows, >, tickets);
  said = push_one (town, crew, "ticket.note", id, "{\"text\":\"x\"}");
  take_steps ();
  next = pull (town, crew, cursor, &rows);
  g_assert_cmpint (rows, ==, 2);
  return take_steps ();
}

/* A hundred times as much that is not asked for costs nothing to speak of. */
static void
assert_no_dearer (gint64 (*steps_with) (guint), guint few, guint many)
{
  gint64 less, more;

  sqlite3_auto_extension ((void (*) (void)) note_opened);
  less = steps_with (few);
  more = steps_with (many);
  sqlite3_cancel_auto_extension ((void (*) (void)) note_opened);
  g_test_message ("%" G_GINT64_FORMAT " steps with %u, %" G_GINT64_FORMAT " with %u", less, few, more, many);
  g_assert_cmpint (less, >, 0);
  g_assert_cmpint (more, <=, less + less / 10);
}

static void
test_cost_of_a_pull (void)
{
  assert_no_dearer (steps_of_one_change, 5, 500);
}

static gint64
steps_of_a_ticket_that_is_over (guint conflicts)
{
  g_autoptr (Town) town = town_new ();
  const ShtHubStoreDriver *driver = town->hub->store->driver;
  gboolean has = FALSE;
  g_autoptr (GError) error = NULL;

  for (guint n = 0; n < conflicts; n++)
    {
      g_autofree char *op = g_strdup_printf ("op-%u", n), *ticket = ticket_id (n);

      g_assert_true (driver->put_conflict (town->hub->store, op, "ticket", ticket, "title", "{}", n, &error));
    }
  take_steps ();
  g_assert_true (driver->has_conflict (town->hub->store, "ticket", "another", &has, &error));
  g_assert_false (has);
  return take_steps ();
}

static void
test_cost_of_tidying (void)
{
  assert_no_dearer (steps_of_a_ticket_that_is_over, 5, 500);
}

/* --- trap 27: taken in, and then not --- */

static const ShtHubStoreDriver *real_driver;

static gboolean
no_room (ShtHubStore *store, const char *op, const char *hash, const char *result, const char *device, gint64 seq,
         gint64 number, GError **error)
{
  g_set_error_literal (error, SHT_DB_ERROR, SHT_DB_ERROR_FULL, "no room");
  return FALSE;
}

static gboolean
no_commit (ShtHubStore *store, GError **error)
{
  real_driver->rollback (store);
  g_set_error_literal (error, SHT_DB_ERROR, SHT_DB_ERROR_FULL, "no room");
  return FALSE;
}

/* What cannot be kept is not said to be taken in; the same bytes are taken in once there is room. */
static void
test_apply_failed_later (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  g_autofree char *op = next_op_id (town);
  g_autofree char *line = NULL, *again = NULL;
  g_autoptr (JsonObject) view = NULL;

  town_add_ticket (town, 1, "r1");
  line = op_bytes_at (op, "ticket.note", id, "{\"text\":\"x\"}", town->world.now);
  real_driver = town->hub->store->driver;
  for (guint i = 0; i < 2; i++)
    {
      ShtHubStoreDriver broken = *real_driver;
      g_autoptr (GError) error = NULL;

      if (i == 0)
        broken.put_op = no_room;
      else
        broken.commit = no_commit;
      town->hub->store->driver = &broken;
      g_assert_null (push_lines (town, crew, (const char *const[]){ line }, 1, 1, 0, &error));
      town->hub->store->driver = real_driver;
      g_assert_error (error, SHT_DB_ERROR, SHT_DB_ERROR_FULL);
      view = sht_hub_ticket_view (town->hub, id, NULL);
      g_assert_cmpuint (json_array_get_length (sht_json_array (view, "events")), ==, 0);
      g_clear_pointer (&view, json_object_unref);
    }
  again = push_lines (town, crew, (const char *const[]){ line }, 1, 1, 0, NULL);
  assert_result (again, 0, "applied");
  view = sht_hub_ticket_view (town->hub, id, NULL);
  g_assert_cmpuint (json_array_get_length (sht_json_array (view, "events")), ==, 1);
}

/* --- rule 4: what is decided --- */

static void
test_decisions (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
  g_autofree char *ticket = ticket_id (1);
  g_autofree char *second = ticket_id (2);
  g_autofree char *op = NULL;
  static const struct
  {
    const char *fields;
    gboolean on_other;
    gboolean by_boss;
    const char *result;
  } tries[] = {
    { "{\"op\":\"%s\",\"field\":\"address\",\"keep\":\"mine\"}", FALSE, TRUE, "rejected" },
    { "{\"op\":\"%s\",\"field\":\"title\",\"keep\":\"mine\",\"value\":\"made up\"}", FALSE, TRUE, "rejected" },
    { "{\"op\":\"%s\",\"field\":\"title\",\"keep\":\"mine\",\"value\":\"crew\"}", TRUE, TRUE, "rejected" },
    { "{\"op\":\"%s\",\"field\":\"title\",\"keep\":\"both\",\"value\":\"crew\"}", FALSE, TRUE, "rejected" },
    { "{\"op\":\"01890000-0000-7000-9000-0000000fffff\",\"field\":\"title\",\"keep\":\"mine\"}", FALSE, TRUE, "rejected" },
    { "{\"op\":\"%s\",\"field\":\"title\",\"keep\":\"theirs\",\"value\":\"boss\"}", FALSE, TRUE, "applied" },
    /* after the owner's word a crew's is recorded, and changes nothing */
    { "{\"op\":\"%s\",\"field\":\"title\",\"keep\":\"mine\",\"value\":\"crew\"}", FALSE, FALSE, "merged" },
  };

  town_add_ticket (town, 1, "r1");
  town_add_ticket (town, 2, "r1");
  op = new_conflict (town, boss, crew, ticket);
  for (guint i = 0; i < G_N_ELEMENTS (tries); i++)
    {
      g_autofree char *fields = strstr (tries[i].fields, "%s") != NULL ? g_strdup_printf (tries[i].fields, op) : g_strdup (tries[i].fields);
      g_autofree char *said = push_one (town, tries[i].by_boss ? boss : crew, "ticket.resolve",
                                        tries[i].on_other ? second : ticket, fields);
      g_autoptr (JsonObject) now = sht_hub_get (town->hub, "ticket", ticket, NULL);

      assert_result (said, 0, tries[i].result);
      g_assert_cmpstr (sht_json_string (now, "title"), ==, "boss");
    }
}

/* A step that is decided for is taken as it was meant, with what it needs beside its status. */
static void
test_decisions_for_a_step (void)
{
  static const struct
  {
    const char *want, *member, *value, *reason;
  } steps[] = {
    { "duplicate", "duplicate_of", "01890000-0000-7000-8000-000000000009", "" },
    { "waiting", "waiting_for", "resident", ",\"reason\":\"nobody at home\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (Town) town = town_new ();
      g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
      g_autoptr (ShtHubDevice) other = town_device (town, "crew", "r1", "roads");
      g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
      g_autofree char *id = ticket_id (1);
      g_autofree char *fields = g_strdup_printf ("{\"seen\":\"assigned\",\"want\":\"%s\",\"%s\":\"%s\"%s}", steps[i].want,
                                                 steps[i].member, steps[i].value, steps[i].reason);
      g_autofree char *begun = NULL, *met = NULL, *op = NULL, *unseen = NULL, *again = NULL, *second = NULL, *seen = NULL,
                      *decision = NULL, *said = NULL;
      g_autoptr (JsonObject) ticket = NULL;
      JsonArray *pauses;

      town_add_ticket (town, 1, "r1");
      begun = push_one (town, other, "ticket.status", id, "{\"seen\":\"assigned\",\"want\":\"in_progress\"}");
      assert_result (begun, 0, "applied");
      met = push_one (town, crew, "ticket.status", id, fields);
      assert_result (met, 0, "conflict");
      op = line_says (met, 0, "op");
      /* one who has not seen the step decides for it too: a conflict of the decision's own, and that is decided for */
      unseen = g_strdup_printf ("{\"op\":\"%s\",\"field\":\"status\",\"keep\":\"mine\",\"value\":\"%s\"}", op, steps[i].want);
      again = push_one (town, crew, "ticket.resolve", id, unseen);
      assert_result (again, 0, "conflict");
      second = line_says (again, 0, "op");
      decision = next_op_id (town);
      seen = g_strdup_printf ("{\"op\":\"%s\",\"kind\":\"ticket.resolve\",\"entity\":\"%s\",\"base\":{\"status\":1000},\"fields\":{\"op\":\"%s\","
                              "\"field\":\"status\",\"keep\":\"mine\",\"value\":\"%s\"},\"at\":%" G_GINT64_FORMAT "}",
                              decision, id, second, steps[i].want, town->world.now);
      said = push_lines (town, boss, (const char *const[]){ seen }, 1, 1, 0, NULL);
      assert_result (said, 0, "applied");
      ticket = sht_hub_get (town->hub, "ticket", id, NULL);
      g_assert_cmpstr (sht_json_string (ticket, "status"), ==, steps[i].want);
      g_assert_cmpstr (sht_json_string (ticket, steps[i].member), ==, steps[i].value);
      pauses = sht_json_array (ticket, "pauses");
      g_assert_cmpuint (pauses != NULL ? json_array_get_length (pauses) : 0, ==, i);
    }
}

/* --- what was handed over, and given to a crew since --- */

static void
test_hand_over_to_where_it_is (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) manager = town_device (town, "manager", NULL, NULL);
  g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
  g_autoptr (ShtHubDevice) gardener = town_device (town, "supervisor", NULL, "gardens");
  g_autofree char *id = ticket_id (1);
  g_autofree char *a = NULL, *b = NULL, *c = NULL;
  g_autoptr (JsonObject) ticket = NULL;

  town_add_ticket (town, 1, "r1");
  a = push_one (town, boss, "ticket.hand_over", id, "{\"department\":\"gardens\"}");
  assert_result (a, 0, "applied");
  b = push_one (town, gardener, "ticket.assign", id, "{\"crew\":\"g1\"}");
  assert_result (b, 0, "applied");
  c = push_one (town, manager, "ticket.hand_over", id, "{\"department\":\"gardens\"}");
  assert_result (c, 0, "merged");
  ticket = sht_hub_get (town->hub, "ticket", id, NULL);
  g_assert_cmpstr (sht_json_string (ticket, "crew"), ==, "g1");
  g_assert_cmpstr (sht_json_string (ticket, "status"), ==, "assigned");
  g_assert_cmpuint (json_array_get_length (sht_json_array (ticket, "legs")), ==, 2);
}

/* --- a value within a value --- */

/* In the journey it lies deeper than in the operation, and has to be read there too. */
static void
test_nested_values (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
  g_autofree char *id = ticket_id (1);

  town_add_ticket (town, 1, "r1");
  for (guint depth = 15; depth <= 62; depth++)
    {
      g_autofree char *open = g_strnfill (depth - 1, '['), *close = g_strnfill (depth - 1, ']');
      g_autofree char *fields = g_strdup_printf ("{\"visit\":{\"a\":%s%s}}", open, close);
      g_autofree char *said = push_one (town, boss, "ticket.set", id, fields);
      g_autofree char *op = line_says (said, 0, "op");
      g_autoptr (JsonObject) event = NULL;
      g_autoptr (GError) error = NULL;

      assert_result (said, 0, depth <= 16 ? "applied" : "rejected");
      event = sht_hub_get (town->hub, "event", op, &error);
      g_assert_no_error (error);
      g_assert_cmpint (event != NULL, ==, depth <= 16);
    }
}

/* --- one operation for a service and a priority --- */

/* What is promised is what the service that stands promises, not one that was overruled. */
static void
test_priority_of_what_stands (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
  g_autoptr (ShtHubDevice) other = town_device (town, "supervisor", NULL, "roads");
  g_autofree char *id = ticket_id (1);
  g_autofree char *a = NULL, *b = NULL;
  g_autoptr (JsonObject) ticket = NULL;

  town_add (town, "{\"t\":\"service\",\"id\":\"lamp\",\"name\":\"Lamp\",\"targets\":[{\"milestone\":\"complete\",\"amount\":3,\"unit\":\"days\"}]}");
  town_add (town, "{\"t\":\"service\",\"id\":\"sign\",\"name\":\"Sign\",\"targets\":[{\"milestone\":\"complete\",\"amount\":9,\"unit\":\"days\"}]}");
  town_add_ticket (town, 1, "r1");
  a = push_one (town, boss, "ticket.set", id, "{\"service\":\"lamp\"}");
  assert_result (a, 0, "applied");
  b = push_one (town, other, "ticket.set", id, "{\"service\":\"sign\",\"priority\":\"urgent\"}");
  assert_result (b, 0, "conflict");
  ticket = sht_hub_get (town->hub, "ticket", id, NULL);
  g_assert_cmpstr (sht_json_string (ticket, "service"), ==, "lamp");
  g_assert_cmpstr (sht_json_string (ticket, "priority"), ==, "urgent");
  g_assert_cmpint (sht_json_int (sht_json_element (sht_json_array (ticket, "sla"), 0), "amount", 0), ==, 3);
}

/* A circle of operations that stand in for each other ends. */
static void
test_replacement_circle (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
  static const char form[] = "{\"op\":\"%s\",\"kind\":\"ticket.note\",\"entity\":\"01890000-0000-7000-8000-00000000eeee\","
                             "\"fields\":{\"text\":\"x\"},\"at\":5,\"instead_of\":\"%s\"}";
  g_autofree char *a = next_op_id (town), *b = next_op_id (town), *c = next_op_id (town);
  g_autofree char *first = g_strdup_printf (form, a, b);
  g_autofree char *second = g_strdup_printf (form, b, a);
  g_autofree char *id = ticket_id (1);
  g_autofree char *third = g_strdup_printf ("{\"op\":\"%s\",\"kind\":\"ticket.note\",\"entity\":\"%s\",\"fields\":{\"text\":"
                                            "\"x\"},\"at\":5,\"depends_on\":\"%s\"}", c, id, a);
  g_autofree char *said = NULL;

  town_add_ticket (town, 1, "r1");
  said = push_lines (town, crew, (const char *const[]){ first, second, third }, 3, 1, 0, NULL);
  for (guint i = 0; i < 3; i++)
    assert_result (said, i, "rejected");
}

/* --- trap 1: a pull while others commit --- */

static ShtHubStoreDriver hooked;
static gboolean (*each_member_before) (ShtHubStore *, const char *, gint64, guint, ShtHubMemberFunc, gpointer, GError **);
static Town *other_office;

/* Between two scopes of one pull somebody else gives a ticket away and another changes: the rows that were read
 * before that must not be taken for read at its number. */
static gboolean
each_member_and_a_commit (ShtHubStore *store, const char *scope, gint64 after, guint limit, ShtHubMemberFunc each,
                          gpointer data, GError **error)
{
  gboolean fine = each_member_before (store, scope, after, limit, each, data, error);
  Town *office = g_steal_pointer (&other_office);
  g_autofree char *id = ticket_id (1);

  if (office != NULL)
    {
      town_add (office, "{\"t\":\"place\",\"id\":\"01890000-0000-7000-8000-0000000b0009\",\"layer\":\"bins\",\"name\":"
                        "\"Bin 9\",\"lat_e7\":312400000,\"lon_e7\":346000000}");
      g_assert_true (sht_hub_assign (office->hub, id, "r2", NULL));
    }
  return fine;
}

static char *
cursor_of (GBytes *page)
{
  gsize length;
  const char *text = g_bytes_get_data (page, &length);
  g_autofree char *all = g_strndup (text, length);
  g_auto (GStrv) lines = g_strsplit (all, "\n", -1);
  g_autoptr (JsonObject) last = sht_json_parse_object (lines[g_strv_length (lines) - 2], -1, NULL);

  return g_strdup (sht_json_string (last, "cursor"));
}

static gboolean
page_says (GBytes *page, const char *words)
{
  gsize length;
  const char *text = g_bytes_get_data (page, &length);

  return g_strstr_len (text, (gssize) length, words) != NULL;
}

static void
test_trap_01 (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *path = g_build_filename (town->folder, "hub.db", NULL);
  ShtHubWorld world = { world_now, world_random, town };
  Town second = *town;
  const ShtHubStoreDriver *driver = town->hub->store->driver;
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) next = NULL;
  g_autofree char *cursor = NULL;
  gboolean empty;

  town_add_ticket (town, 1, "r1");
  second.hub = sht_hub_new (sht_hub_store_open_sqlite (path, NULL, NULL), &world);
  second.hub->folder = g_strdup (town->folder);
  hooked = *driver;
  each_member_before = driver->each_member_since;
  hooked.each_member_since = each_member_and_a_commit;
  other_office = &second;
  town->hub->store->driver = &hooked;
  first = sht_hub_pull (town->hub, device, "", 1000, &empty, NULL);
  town->hub->store->driver = driver;
  g_assert_nonnull (first);
  g_assert_null (other_office);
  cursor = cursor_of (first);
  next = sht_hub_pull (town->hub, device, cursor, 1000, &empty, NULL);
  g_assert_true (page_says (first, "Bin 9") || page_says (next, "Bin 9"));
  g_assert_true (!page_says (first, "\"ticket 1\"") || page_says (next, "\"t\":\"leave\""));
  sht_hub_free (second.hub);
}

/* What is kept of two is what stood: it waits for whom it had waited for. */
static void
test_theirs_that_waits (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
  g_autofree char *id = ticket_id (1), *waits = NULL, *met = NULL, *op = NULL;
  static const char *const keeps[] = { "mine", "theirs" }, *const values[] = { "done", "waiting" };
  g_autoptr (JsonObject) ticket = NULL;

  town_add_ticket (town, 1, "r1");
  waits = push_one (town, boss, "ticket.status", id, "{\"seen\":\"assigned\",\"want\":\"waiting\",\"waiting_for\":\"resident\",\"reason\":\"x\"}");
  assert_result (waits, 0, "applied");
  met = push_one (town, crew, "ticket.status", id, "{\"seen\":\"assigned\",\"want\":\"done\"}");
  assert_result (met, 0, "conflict");
  op = line_says (met, 0, "op");
  for (guint i = 0; i < G_N_ELEMENTS (keeps); i++)
    {
      g_autofree char *decision = next_op_id (town), *line = NULL, *said = NULL;

      line = g_strdup_printf ("{\"op\":\"%s\",\"kind\":\"ticket.resolve\",\"entity\":\"%s\",\"base\":{\"status\":1000},\"fields\":{\"op\":\"%s\","
                              "\"field\":\"status\",\"keep\":\"%s\",\"value\":\"%s\"},\"at\":%" G_GINT64_FORMAT "}",
                              decision, id, op, keeps[i], values[i], town->world.now);
      said = push_lines (town, boss, (const char *const[]){ line }, 1, i + 1, 0, NULL);
      assert_result (said, 0, "applied");
    }
  ticket = sht_hub_get (town->hub, "ticket", id, NULL);
  g_assert_cmpstr (sht_json_string (ticket, "status"), ==, "waiting");
  g_assert_cmpstr (sht_json_string (ticket, "waiting_for"), ==, "resident");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rules/roles", test_roles);
  g_test_add_func ("/rules/roles-as-written", test_roles_as_written);
  g_test_add_func ("/rules/trap_01-commit-in-the-middle-of-a-pull", test_trap_01);
  g_test_add_func ("/rules/trap_07-cost-of-a-pull", test_cost_of_a_pull);
  g_test_add_func ("/rules/trap_07-cost-of-tidying", test_cost_of_tidying);
  g_test_add_func ("/rules/trap_27-apply-failed-later", test_apply_failed_later);
  g_test_add_func ("/rules/decisions", test_decisions);
  g_test_add_func ("/rules/decisions-for-a-step", test_decisions_for_a_step);
  g_test_add_func ("/rules/hand-over-to-where-it-is", test_hand_over_to_where_it_is);
  g_test_add_func ("/rules/nested-values", test_nested_values);
  g_test_add_func ("/rules/priority-of-what-stands", test_priority_of_what_stands);
  g_test_add_func ("/rules/drawing-of-what", test_drawing_of_what);
  g_test_add_func ("/rules/replacement-circle", test_replacement_circle);
  g_test_add_func ("/rules/theirs-that-waits", test_theirs_that_waits);
  return g_test_run ();
}
