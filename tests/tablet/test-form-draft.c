/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/form.h"
#include "tests/tablet/tablet-fixture.h"

/* What a service asks of who does the work: drafts on a tablet, and two tablets that answer with no signal. */

#define FORM(questions)                                                                                                \
  "{\"t\":\"service\",\"id\":\"pothole\",\"name\":\"Pothole\",\"department\":\"roads\",\"form\":[" questions "]}"
#define DEPTH "{\"code\":\"depth\",\"datatype\":\"number\",\"required\":true,\"order\":1}"
#define KIND                                                                                                           \
  "{\"code\":\"kind\",\"datatype\":\"singlevaluelist\",\"required\":true,\"order\":2,\"values\":[{\"key\":\"a\"},{"    \
  "\"key\":\"b\"}]}"

static JsonObject *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = sht_json_parse_object (json, -1, &error);

  g_assert_no_error (error);
  return object;
}

static void
draft (Tablet *tablet, const char *ticket, const char *json)
{
  g_autoptr (JsonObject) object = parse (json), shown = sht_store_get (tablet->store, "ticket", ticket, NULL);

  g_assert_true (sht_store_draft_form (tablet->store, ticket, object, shown, NULL));
}

static void
answer (Tablet *tablet, const char *ticket, const char *json)
{
  g_autoptr (GError) error = NULL;

  sht_store_set_answers (tablet->store, ticket, parse (json), &error);
  g_assert_no_error (error);
}

static void
assert_answers (JsonObject *ticket, const char *json)
{
  g_autoptr (JsonObject) wanted = parse (json);
  g_autoptr (JsonNode) a = json_node_init_object (json_node_alloc (), wanted);
  JsonObject *said = sht_json_object (ticket, "answers");
  g_autoptr (JsonNode) b = json_node_init_object (json_node_alloc (), said);

  g_assert_nonnull (said);
  g_assert_true (json_node_equal (a, b));
}

static void
assert_answers_here (Tablet *tablet, const char *id, const char *json)
{
  g_autoptr (JsonObject) ticket = sht_store_get (tablet->store, "ticket", id, NULL);

  assert_answers (ticket, json);
}

#define COUNT_SETS "SELECT count(*) FROM op WHERE kind = 'ticket.set'"
#define COUNT_DRAFTS "SELECT count(*) FROM meta WHERE key LIKE 'form_draft %'"

/* A draft is nothing that is sent; it outlives the program, and becomes one operation. */
static void
test_draft (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1), *other = ticket_id (2), *step = NULL;
  g_autoptr (JsonObject) kept = NULL;
  gboolean withdrawn = TRUE;

  town_add (town, FORM (DEPTH "," KIND));
  town_add_ticket (town, 1, "r1");
  town_add_ticket (town, 2, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  draft (tablet, id, "{\"depth\":1}");
  draft (tablet, id, "{\"depth\":12,\"kind\":\"a\"}");
  draft (tablet, other, "{\"depth\":3}");
  g_assert_cmpint (tablet_count (tablet, COUNT_SETS), ==, 0);
  tablet_close (tablet);
  tablet_open (tablet);
  kept = sht_store_read_form (tablet->store, id);
  g_assert_cmpint (sht_json_int (kept, "depth", 0), ==, 12);
  g_assert_true (sht_store_keep_form (tablet->store, id, NULL));
  g_assert_cmpint (tablet_count (tablet, COUNT_SETS), ==, 1);
  assert_answers_here (tablet, id, "{\"depth\":12,\"kind\":\"a\"}");
  /* There is nothing to be kept any more. */
  g_assert_true (sht_store_keep_form (tablet->store, id, NULL));
  /* Filled in as it stands: nothing has changed. */
  draft (tablet, id, "{\"kind\":\"a\"}");
  g_assert_true (sht_store_keep_form (tablet->store, id, NULL));
  g_assert_cmpint (tablet_count (tablet, COUNT_SETS), ==, 1);
  g_assert_true (sht_store_keep_forms (tablet->store, NULL));
  g_assert_cmpint (tablet_count (tablet, COUNT_SETS), ==, 2);
  g_assert_cmpint (tablet_count (tablet, COUNT_DRAFTS), ==, 0);
  draft (tablet, id, "{\"kind\":null}");
  g_assert_true (sht_store_keep_form (tablet->store, id, NULL));
  assert_answers_here (tablet, id, "{\"depth\":12}");
  draft (tablet, id, "{}");
  g_assert_cmpint (tablet_count (tablet, COUNT_DRAFTS), ==, 0);
  g_assert_true (tablet_sync (tablet, 60000));
  assert_agrees (tablet);
  /* What the hub has is taken back by another step, and the other answers stay. */
  step = sht_store_last_step (tablet->store, id, NULL);
  g_assert_true (sht_store_undo (tablet->store, step, &withdrawn, NULL));
  g_assert_false (withdrawn);
  assert_answers_here (tablet, id, "{\"depth\":12,\"kind\":\"a\"}");
  g_assert_true (tablet_sync (tablet, 60000));
  assert_agrees (tablet);
}

/* The ticket goes to another crew while its form is being filled in: what was filled in goes to the hub. */
static void
test_taken_away (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autoptr (JsonObject) view = NULL;
  JsonObject *last, *field;
  JsonArray *events;

  town_add (town, FORM (DEPTH));
  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  draft (tablet, id, "{\"depth\":12}");
  g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 0);
  g_assert_cmpint (tablet_count (tablet, COUNT_DRAFTS), ==, 0);
  view = sht_hub_ticket_view (town->hub, id, NULL);
  events = sht_json_array (view, "events");
  last = json_array_get_object_element (events, json_array_get_length (events) - 1);
  g_assert_true (sht_json_bool (last, "contribution"));
  field = sht_json_object (sht_json_object (sht_json_object (last, "data"), "fields"), "answers.depth");
  g_assert_cmpint (sht_json_int (field, "to", 0), ==, 12);
  assert_agrees (tablet);
}

/* A note that is half written outlives the program, is gone once it is a note, and goes with its ticket as one. */
static void
test_note (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1), *back = NULL, *since = NULL;
  g_autoptr (JsonObject) view = NULL;
  JsonObject *last;
  JsonArray *events;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_null (sht_store_read_note (tablet->store, id));
  g_assert_true (sht_store_draft_note (tablet->store, id, "the key is", NULL));
  tablet_close (tablet);
  tablet_open (tablet);
  back = sht_store_read_note (tablet->store, id);
  g_assert_cmpstr (back, ==, "the key is");
  tablet_note (tablet, id, back);
  g_assert_null (sht_store_read_note (tablet->store, id));
  g_assert_true (sht_store_draft_note (tablet->store, id, "more", NULL));
  tablet_note (tablet, id, "something else");
  since = sht_store_read_note (tablet->store, id);
  g_assert_cmpstr (since, ==, "more");
  g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_null (sht_store_read_note (tablet->store, id));
  view = sht_hub_ticket_view (town->hub, id, NULL);
  events = sht_json_array (view, "events");
  last = json_array_get_object_element (events, json_array_get_length (events) - 1);
  g_assert_true (sht_json_bool (last, "contribution"));
  g_assert_cmpstr (sht_json_string (sht_json_object (last, "data"), "text"), ==, "more");
  assert_agrees (tablet);
}

/* Two tablets of a crew, neither with signal: each answer stands, and of two to one question the second waits for a
 * person. */
static void
test_two_tablets (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) one = NULL, two = NULL;
  g_autofree char *id = ticket_id (1), *op = NULL;
  g_autoptr (JsonArray) waits = NULL;
  g_autoptr (JsonObject) view = NULL;
  g_autoptr (GError) error = NULL;

  town_add (town, FORM (DEPTH "," KIND));
  town_add_ticket (town, 1, "r1");
  one = tablet_new (town, "crew", "r1", "roads");
  two = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (one, 0));
  g_assert_true (tablet_sync (two, 0));
  answer (one, id, "{\"depth\":12}");
  answer (two, id, "{\"kind\":\"b\"}");
  g_assert_true (tablet_sync (one, 60000));
  g_assert_true (tablet_sync (two, 60000));
  g_assert_true (tablet_sync (one, 60000));
  assert_answers_here (one, id, "{\"depth\":12,\"kind\":\"b\"}");
  assert_answers_here (two, id, "{\"depth\":12,\"kind\":\"b\"}");
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM op WHERE state = 3"), ==, 0);
  g_assert_cmpint (tablet_count (two, "SELECT count(*) FROM op WHERE state = 3"), ==, 0);
  answer (one, id, "{\"depth\":13}");
  answer (two, id, "{\"depth\":14,\"more\":\"x\"}");
  g_assert_true (tablet_sync (one, 60000));
  g_assert_true (tablet_sync (two, 60000));
  assert_answers_here (two, id, "{\"depth\":13,\"kind\":\"b\",\"more\":\"x\"}");
  waits = sht_store_attention (two->store, NULL);
  g_assert_cmpuint (json_array_get_length (waits), ==, 1);
  g_assert_cmpstr (sht_json_string (json_array_get_object_element (waits, 0), "field"), ==, "answers.depth");
  op = g_strdup (sht_json_string (json_array_get_object_element (waits, 0), "id"));
  sht_store_resolve (two->store, op, "answers.depth", TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (tablet_sync (two, 60000));
  g_assert_true (tablet_sync (one, 60000));
  view = sht_hub_ticket_view (town->hub, id, NULL);
  assert_answers (view, "{\"depth\":14,\"kind\":\"b\",\"more\":\"x\"}");
  assert_agrees (one);
  assert_agrees (two);
}

/* What the other tablet of the crew has answered came while the form was being filled in, and nobody has seen it: it goes by
 * what stood when the answer was begun. */
static void
test_answered_meanwhile (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) one = NULL, two = NULL;
  g_autofree char *id = ticket_id (1);
  g_autoptr (JsonArray) waits = NULL;
  g_autoptr (JsonObject) view = NULL;

  town_add (town, FORM (DEPTH "," KIND));
  town_add_ticket (town, 1, "r1");
  one = tablet_new (town, "crew", "r1", "roads");
  two = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (one, 0));
  g_assert_true (tablet_sync (two, 0));
  draft (one, id, "{\"depth\":12}");
  answer (two, id, "{\"depth\":15,\"kind\":\"a\"}");
  g_assert_true (tablet_sync (two, 60000));
  g_assert_true (tablet_sync (one, 60000));
  assert_answers_here (one, id, "{\"depth\":15,\"kind\":\"a\"}");
  /* What was begun before is gone on with; of the other question the page shows what stands. */
  draft (one, id, "{\"depth\":13,\"kind\":\"b\"}");
  g_assert_true (sht_store_keep_form (one->store, id, NULL));
  g_assert_true (tablet_sync (one, 60000));
  view = sht_hub_ticket_view (town->hub, id, NULL);
  assert_answers (view, "{\"depth\":15,\"kind\":\"b\"}");
  waits = sht_store_attention (one->store, NULL);
  g_assert_cmpuint (json_array_get_length (waits), ==, 1);
  g_assert_cmpstr (sht_json_string (json_array_get_object_element (waits, 0), "field"), ==, "answers.depth");
  g_assert_cmpint (tablet_count (one, COUNT_DRAFTS), ==, 0);
  /* Begun anew, it is what stands now that was seen. */
  draft (one, id, "{\"depth\":14}");
  g_assert_true (sht_store_keep_form (one->store, id, NULL));
  g_assert_true (tablet_sync (one, 60000));
  assert_answers_here (one, id, "{\"depth\":14,\"kind\":\"b\"}");
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM op WHERE state = 3"), ==, 1);
  /* What has come under it is one's own. */
  answer (one, id, "{\"depth\":16}");
  draft (one, id, "{\"depth\":17}");
  g_assert_true (tablet_sync (one, 60000));
  g_assert_true (sht_store_keep_form (one->store, id, NULL));
  assert_answers_here (one, id, "{\"depth\":17,\"kind\":\"b\"}");
  g_assert_true (tablet_sync (one, 60000));
  assert_answers_here (one, id, "{\"depth\":17,\"kind\":\"b\"}");
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM op WHERE state = 3"), ==, 1);
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM meta WHERE key LIKE 'form_begun %'"), ==, 0);
  assert_agrees (one);
}

/* The form changes at the hub while it is answered: a question that is gone and a choice that is no longer in the list were
 * answered all the same; an answer of another type than is asked for by now is the person's to say anew. */
static void
test_form_changes (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autoptr (JsonObject) view = NULL, kept = NULL;

  town_add (town, FORM (DEPTH "," KIND ",{\"code\":\"note\",\"datatype\":\"text\"}"));
  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  answer (tablet, id, "{\"kind\":\"b\",\"note\":\"שקע\"}");
  draft (tablet, id, "{\"depth\":12}");
  town_add (town, FORM ("{\"code\":\"depth\",\"datatype\":\"text\",\"required\":true},"
                        "{\"code\":\"kind\",\"datatype\":\"singlevaluelist\",\"required\":true,\"values\":[{\"key\":\"a\"}]}"));
  g_assert_true (tablet_sync (tablet, 60000));
  view = sht_hub_ticket_view (town->hub, id, NULL);
  assert_answers (view, "{\"kind\":\"b\",\"note\":\"שקע\"}");
  /* What does not fit any more is neither sent nor lost. */
  g_assert_true (sht_store_keep_forms (tablet->store, NULL));
  kept = sht_store_read_form (tablet->store, id);
  g_assert_cmpint (sht_json_int (kept, "depth", 0), ==, 12);
  draft (tablet, id, "{\"depth\":\"12 ס״מ\"}");
  g_assert_true (sht_store_keep_form (tablet->store, id, NULL));
  g_assert_true (tablet_sync (tablet, 60000));
  assert_agrees (tablet);
}

/* A report that is taken back takes with it what was filled in on it. */
static void
test_withdrawn (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = NULL, *step = NULL;

  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  id = tablet_report (tablet, "pothole");
  step = sht_store_last_step (tablet->store, id, NULL);
  draft (tablet, id, "{\"depth\":1}");
  g_assert_true (sht_store_withdraw (tablet->store, step, NULL));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op"), ==, 0);
  g_assert_cmpint (tablet_count (tablet, COUNT_DRAFTS), ==, 0);
}

/* Each answer is as long as one may be, and all of them are more than fits into one step. */
static void
test_long (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autoptr (JsonObject) filled = json_object_new ();
  g_autofree char *id = ticket_id (1), *text = NULL;
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  for (guint i = 0; i < SHT_TEXT_MAX_CHARS; i++)
    g_string_append (words, "א");
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *code = g_strdup_printf ("words-%u", i);

      json_object_set_string_member (filled, code, words->str);
    }
  text = sht_json_to_string (filled);
  draft (tablet, id, text);
  sht_store_keep_form (tablet->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (tablet_count (tablet, COUNT_DRAFTS), ==, 0);
  assert_answers_here (tablet, id, text);
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state <> 2"), ==, 0);
  assert_answers_here (tablet, id, text);
  assert_agrees (tablet);
}

/* What the hub makes of answers, whoever sends them. */
static void
test_hub (void)
{
  static const struct
  {
    const char *kind;
    const char *fields;
    const char *result;
  } cases[] = {
    { "ticket.set", "{\"answers\":{\"depth\":{\"x\":1}}}", "rejected" },
    { "ticket.set", "{\"answers\":{\"depth\":[1]}}", "rejected" },
    { "ticket.set", "{\"answers\":{\"\":1}}", "rejected" },
    { "ticket.set", "{\"answers\":[1]}", "rejected" },
    { "ticket.set", "{\"answers\":{\"depth\":\"deep\"}}", "rejected" },
    { "ticket.set", "{\"answers\":{\"kind\":[\"a\"]}}", "rejected" },
    { "ticket.set", "{\"answers\":{\"kind\":\"gone\"}}", "applied" },
    { "ticket.set", "{\"answers\":{\"depth\":\"12\"}}", "applied" },
    { "ticket.set", "{\"answers\":{\"struck\":true}}", "applied" },
    { "ticket.status", "{\"seen\":\"assigned\",\"want\":\"done\",\"unanswered\":{\"depth\":\"\"}}", "rejected" },
    { "ticket.status", "{\"seen\":\"assigned\",\"want\":\"done\",\"unanswered\":[\"depth\"]}", "rejected" },
    { "ticket.status", "{\"seen\":\"assigned\",\"want\":\"done\",\"unanswered\":{\"depth\":\"יבש\"}}", "applied" },
  };
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);

  town_add (town, FORM (DEPTH "," KIND));
  town_add_ticket (town, 1, "r1");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *said = push_one (town, crew, cases[i].kind, id, cases[i].fields);

      assert_result (said, 0, cases[i].result);
    }
}

/* What has come under it is the very same: to correct that is to have seen it. */
static void
test_answered_alike (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) one = NULL, two = NULL;
  g_autofree char *id = ticket_id (1);
  g_autoptr (JsonObject) view = NULL;

  town_add (town, FORM (DEPTH "," KIND));
  town_add_ticket (town, 1, "r1");
  one = tablet_new (town, "crew", "r1", "roads");
  two = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (one, 0) && tablet_sync (two, 0));
  draft (one, id, "{\"depth\":12}");
  answer (two, id, "{\"depth\":12}");
  g_assert_true (tablet_sync (two, 60000) && tablet_sync (one, 60000));
  draft (one, id, "{\"depth\":13}");
  g_assert_true (sht_store_keep_form (one->store, id, NULL));
  g_assert_true (tablet_sync (one, 60000));
  view = sht_hub_ticket_view (town->hub, id, NULL);
  assert_answers (view, "{\"depth\":13}");
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM op WHERE state = 3"), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form-draft/draft", test_draft);
  g_test_add_func ("/form-draft/taken-away", test_taken_away);
  g_test_add_func ("/form-draft/note", test_note);
  g_test_add_func ("/form-draft/two-tablets", test_two_tablets);
  g_test_add_func ("/form-draft/answered-meanwhile", test_answered_meanwhile);
  g_test_add_func ("/form-draft/changes", test_form_changes);
  g_test_add_func ("/form-draft/withdrawn", test_withdrawn);
  g_test_add_func ("/form-draft/long", test_long);
  g_test_add_func ("/form-draft/hub", test_hub);
  g_test_add_func ("/form-draft/answered-alike", test_answered_alike);
  return g_test_run ();
}
