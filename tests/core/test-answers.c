/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/form.h"
#include "core/json.h"
#include "core/merge.h"
#include "core/resolve.h"

#define OP "01890000-0000-7000-8000-0000000000%02x"
#define TICKET "01890000-0000-7000-8000-00000000aaaa"
#define HEAD "{\"t\":\"ticket\",\"id\":\"" TICKET "\",\"service\":\"s\",\"status\":"
#define PLAIN HEAD "\"assigned\"}"

/* One ticket on a hub, and two crews' tablets that answer. */
typedef struct
{
  JsonObject *ticket;
  JsonObject *service;
  JsonObject *decided;
  gint64 number;
} Hub;

static JsonObject *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = sht_json_parse_object (json, -1, &error);

  g_assert_no_error (error);
  return object;
}

static Hub *
hub_new (const char *json)
{
  Hub *hub = g_new0 (Hub, 1);

  hub->ticket = parse (json);
  hub->number = 10;
  return hub;
}

static void
hub_free (Hub *hub)
{
  json_object_unref (hub->ticket);
  g_clear_pointer (&hub->service, json_object_unref);
  g_clear_pointer (&hub->decided, json_object_unref);
  g_free (hub);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hub, hub_free)

static ShtOutcome *
act (Hub *hub, const char *device, ShtKind kind, const char *base, const char *fields)
{
  g_autofree char *id = g_strdup_printf (OP, (guint) ++hub->number);
  g_autoptr (ShtOperation) op = sht_operation_new (kind, id, TICKET, 1700000000000 + hub->number);
  ShtMergeContext ctx = { .number = hub->number, .device = device, .device_seq = 1, .role = SHT_ROLE_CREW,
                          .at = op->at, .in_scope = TRUE, .service = hub->service, .decided = hub->decided };
  g_autoptr (GError) error = NULL;

  json_object_unref (op->fields);
  op->fields = parse (fields);
  op->base = base != NULL ? parse (base) : NULL;
  sht_operation_validate (op, &error);
  g_assert_no_error (error);
  return sht_merge (&ctx, op, hub->ticket);
}

static ShtResult
set (Hub *hub, const char *device, const char *base, const char *fields)
{
  g_autoptr (ShtOutcome) outcome = act (hub, device, SHT_KIND_TICKET_SET, base, fields);

  return outcome->result;
}

static JsonObject *
data_of (ShtOutcome *outcome)
{
  return outcome->event->data;
}

/* Two people who answer different questions of one ticket do not lose one another's. */
static void
test_answers (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  g_autoptr (ShtOutcome) outcome = NULL;
  g_autoptr (ShtOutcome) late = NULL;
  g_autofree char *seen = NULL;
  JsonObject *answers;
  ShtConflict *conflict;

  g_assert_cmpint (set (hub, "crew-tablet", NULL, "{\"answers\":{\"depth\":12}}"), ==, SHT_RESULT_APPLIED);
  outcome = act (hub, "other-tablet", SHT_KIND_TICKET_SET, "{\"answers.width\":0}",
                 "{\"answers\":{\"width\":3,\"checks\":[\"a\"]}}");
  g_assert_cmpint (outcome->result, ==, SHT_RESULT_APPLIED);
  answers = sht_json_object (hub->ticket, "answers");
  g_assert_cmpint (sht_json_int (answers, "depth", 0), ==, 12);
  g_assert_cmpint (sht_json_int (answers, "width", 0), ==, 3);
  g_assert_cmpint (sht_entity_version (hub->ticket, "answers.width"), ==, hub->number);
  g_assert_cmpint (sht_entity_version (hub->ticket, "answers.depth"), ==, hub->number - 1);
  g_assert_cmpint (sht_json_int (sht_json_object (sht_json_object (data_of (outcome), "fields"), "answers.width"), "to", 0), ==,
                   3);
  /* The same question, not seen: the first stands, and the other waits to be decided. */
  late = act (hub, "other-tablet", SHT_KIND_TICKET_SET, "{\"answers.depth\":0}", "{\"answers\":{\"depth\":20,\"more\":\"x\"}}");
  g_assert_cmpint (late->result, ==, SHT_RESULT_CONFLICT);
  g_assert_cmpuint (late->conflicts->len, ==, 1);
  conflict = g_ptr_array_index (late->conflicts, 0);
  g_assert_cmpstr (conflict->field, ==, "answers.depth");
  g_assert_cmpint (json_node_get_int (conflict->mine), ==, 20);
  g_assert_cmpint (json_node_get_int (conflict->theirs), ==, 12);
  g_assert_cmpint (sht_json_int (answers, "depth", 0), ==, 12);
  g_assert_cmpstr (sht_json_string (answers, "more"), ==, "x");
  /* Seen, it is set; null takes it back. */
  seen = g_strdup_printf ("{\"answers.depth\":%" G_GINT64_FORMAT "}", sht_entity_version (hub->ticket, "answers.depth"));
  g_assert_cmpint (set (hub, "other-tablet", seen, "{\"answers\":{\"depth\":null}}"), ==, SHT_RESULT_APPLIED);
  g_assert_false (json_object_has_member (answers, "depth"));
  g_assert_cmpint (sht_json_int (answers, "width", 0), ==, 3);
}

/* What was one field once: its version stands for each answer until that has one of its own. */
static void
test_answers_of_before (void)
{
  g_autoptr (Hub) hub = hub_new (HEAD "\"assigned\",\"answers\":{\"depth\":1},"
                                 "\"v\":{\"answers\":[7,\"crew-tablet\",1,\"crew\"]}}");

  g_assert_cmpint (sht_entity_version (hub->ticket, "answers.depth"), ==, 7);
  g_assert_cmpint (set (hub, "other-tablet", "{\"answers\":6}", "{\"answers\":{\"depth\":2}}"), ==,
                   SHT_RESULT_CONFLICT);
  g_assert_cmpint (set (hub, "other-tablet", "{\"answers\":7}", "{\"answers\":{\"depth\":2}}"), ==,
                   SHT_RESULT_APPLIED);
  g_assert_cmpint (sht_json_int (sht_json_object (hub->ticket, "answers"), "depth", 0), ==, 2);
}

/* Of what is over they are written down, each by its question; a name that only looks like one is nobody's. */
static void
test_answers_recorded (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  g_autoptr (ShtOutcome) outcome = NULL;

  g_assert_cmpint (set (hub, "crew-tablet", NULL, "{\"answers.depth\":{\"x\":1}}"), ==, SHT_RESULT_REJECTED);
  json_object_set_string_member (hub->ticket, "status", "closed");
  outcome = act (hub, "crew-tablet", SHT_KIND_TICKET_SET, NULL, "{\"answers\":{\"depth\":5}}");
  g_assert_cmpint (outcome->result, ==, SHT_RESULT_MERGED);
  g_assert_false (json_object_has_member (hub->ticket, "answers"));
  g_assert_cmpint (sht_json_int (sht_json_object (sht_json_object (data_of (outcome), "fields"), "answers.depth"), "to", 0), ==,
                   5);
}

/* A decision about one answer leaves the others alone. */
static void
test_decided (void)
{
  g_autoptr (Hub) hub = hub_new (HEAD "\"assigned\",\"answers\":{\"width\":1}}");
  g_autoptr (ShtOutcome) done = NULL;
  g_autofree char *base = NULL;

  g_assert_cmpint (set (hub, "crew-tablet", NULL, "{\"answers\":{\"depth\":12}}"), ==, SHT_RESULT_APPLIED);
  base = g_strdup_printf ("{\"answers.depth\":%" G_GINT64_FORMAT "}", hub->number);
  hub->decided = parse ("{\"t\":\"event\",\"id\":\"01890000-0000-7000-8000-0000000000e1\",\"ticket\":\"" TICKET "\",\"data\":"
                        "{\"conflicts\":[{\"field\":\"answers.depth\",\"mine\":20,\"theirs\":12}]},\"undecided\":1}");
  done = act (hub, "other-tablet", SHT_KIND_TICKET_RESOLVE, base,
              "{\"op\":\"01890000-0000-7000-8000-0000000000e1\",\"field\":\"answers.depth\",\"keep\":\"mine\",\"value\":20}");
  g_assert_cmpint (done->result, ==, SHT_RESULT_APPLIED);
  g_assert_true (sht_json_bool (data_of (done), "applied"));
  g_assert_cmpint (sht_json_int (data_of (done), "from", 0), ==, 12);
  g_assert_cmpint (sht_json_int (sht_json_object (hub->ticket, "answers"), "depth", 0), ==, 20);
  g_assert_cmpint (sht_json_int (sht_json_object (hub->ticket, "answers"), "width", 0), ==, 1);
  g_assert_false (json_object_has_member (hub->decided, "undecided"));
}

/* An answer of another type than its question's is refused; one that nobody asks for any more, or that is no longer in
 * the list, was answered when it was asked. */
static void
test_unfit (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  g_autoptr (ShtOutcome) refused = NULL;

  hub->service = parse ("{\"form\":[{\"code\":\"depth\",\"datatype\":\"number\"},{\"code\":\"kind\",\"datatype\":"
                        "\"singlevaluelist\",\"values\":[{\"key\":\"x\"}]}]}");
  refused = act (hub, "crew-tablet", SHT_KIND_TICKET_SET, NULL, "{\"answers\":{\"kind\":\"x\",\"depth\":\"deep\"}}");
  g_assert_cmpint (refused->result, ==, SHT_RESULT_REJECTED);
  g_assert_cmpstr (refused->reason, ==, "an answer does not fit its question");
  g_assert_false (json_object_has_member (hub->ticket, "answers"));
  g_assert_cmpint (set (hub, "crew-tablet", NULL, "{\"answers\":{\"kind\":\"gone\",\"struck\":\"what I saw\"}}"), ==,
                   SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (sht_json_object (hub->ticket, "answers"), "struck"), ==, "what I saw");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/answers/two-people", test_answers);
  g_test_add_func ("/answers/of-before", test_answers_of_before);
  g_test_add_func ("/answers/recorded", test_answers_recorded);
  g_test_add_func ("/answers/decided", test_decided);
  g_test_add_func ("/answers/unfit", test_unfit);
  return g_test_run ();
}
