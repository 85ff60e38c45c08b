/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/form.h"
#include "core/json.h"
#include "core/merge.h"

#include <string.h>

#define TICKET "01890000-0000-7000-8000-00000000aaaa"

static JsonObject *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = sht_json_parse_object (json, -1, &error);

  g_assert_no_error (error);
  return object;
}

static JsonNode *
node_of (const char *json)
{
  g_autofree char *text = g_strdup_printf ("{\"value\":%s}", json);
  g_autoptr (JsonObject) holder = parse (text);

  return json_node_copy (json_object_get_member (holder, "value"));
}

#define SERVICE                                                                                                        \
  "{\"id\":\"s\",\"attributes\":[{\"code\":\"size\",\"datatype\":\"string\",\"required\":true}],\"form\":["             \
  "{\"code\":\"depth\",\"datatype\":\"number\",\"required\":true,\"order\":3},"                                         \
  "{\"code\":\"words\",\"datatype\":\"string\",\"variable\":false,\"required\":true,\"order\":1},"                      \
  "{\"code\":\"checks\",\"datatype\":\"multivaluelist\",\"required\":true,\"order\":2,\"values\":[{\"key\":\"a\"},"     \
  "{\"key\":\"b\"}]},{\"code\":\"more\",\"datatype\":\"text\",\"required\":false},{\"datatype\":\"text\",\"required\":" \
  "true},{\"code\":\"when\",\"datatype\":\"datetime\"},{\"code\":\"kind\",\"datatype\":\"singlevaluelist\",\"values\":" \
  "[{\"key\":\"x\",\"name\":\"X\"}]}]}"

/* In their order; those without one last, as they stand; what has no code is no question. */
static void
test_questions (void)
{
  g_autoptr (JsonObject) service = parse (SERVICE);
  g_autoptr (GPtrArray) form = sht_form_questions (service, "form");
  g_autoptr (GPtrArray) none = sht_form_questions (NULL, "form");
  static const char *const codes[] = { "words", "checks", "depth", "more", "when", "kind" };

  g_assert_cmpuint (form->len, ==, G_N_ELEMENTS (codes));
  for (guint i = 0; i < form->len; i++)
    g_assert_cmpstr (sht_json_string (g_ptr_array_index (form, i), "code"), ==, codes[i]);
  g_assert_false (sht_form_is_asked (g_ptr_array_index (form, 0)));
  g_assert_false (sht_form_is_required (g_ptr_array_index (form, 0)));
  g_assert_true (sht_form_is_asked (g_ptr_array_index (form, 1)));
  g_assert_true (sht_form_is_required (g_ptr_array_index (form, 1)));
  g_assert_false (sht_form_is_required (g_ptr_array_index (form, 3)));
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_nonnull (sht_form_find (service, "size"));
  g_assert_null (sht_form_find (service, "nothing"));
  g_assert_cmpstr (sht_json_string (sht_form_choice (sht_form_find (service, "kind"), "x"), "name"), ==, "X");
  g_assert_null (sht_form_choice (sht_form_find (service, "kind"), "y"));
}

static void
test_missing (void)
{
  static const struct
  {
    const char *answers;
    const char *missing;
  } cases[] = {
    { "{}", "checks depth " },
    { "{\"depth\":0}", "checks " },
    { "{\"depth\":null,\"checks\":[]}", "checks depth " },
    { "{\"depth\":\" \",\"checks\":[\"a\"]}", "depth " },
    { "{\"depth\":12.5,\"checks\":[\"a\"]}", "" },
    /* A number in a text is one; words are not. */
    { "{\"depth\":\"12\",\"checks\":[\"a\"]}", "" },
    { "{\"depth\":\"deep\",\"checks\":[\"a\"]}", "depth " },
    /* The office has struck it from the list since. */
    { "{\"depth\":1,\"checks\":[\"gone\"]}", "" },
    { "{\"depth\":1,\"checks\":\"a\"}", "checks " },
    /* What is asked at the opening is not the crew's to answer. */
    { "{\"depth\":1,\"checks\":[\"a\"],\"size\":null}", "" },
  };
  g_autoptr (JsonObject) service = parse (SERVICE);
  g_autoptr (GPtrArray) none = sht_form_missing (NULL, NULL);

  g_assert_cmpuint (none->len, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonObject) answers = parse (cases[i].answers);
      g_autoptr (GPtrArray) missing = sht_form_missing (service, answers);
      g_autoptr (GString) said = g_string_new (NULL);

      for (guint k = 0; k < missing->len; k++)
        g_string_append_printf (said, "%s ", sht_json_string (g_ptr_array_index (missing, k), "code"));
      g_assert_cmpstr (said->str, ==, cases[i].missing);
    }
}

static void
test_fits (void)
{
  static const struct
  {
    const char *datatype;
    const char *answer;
    int code; /* -1: it fits */
  } cases[] = {
    { "string", "\"a\"", -1 },
    { "string", "null", -1 },
    { "string", "5", SHT_FORM_ERROR_TYPE },
    { "string", "[\"a\"]", SHT_FORM_ERROR_TYPE },
    { "text", "\"a\\nb\"", -1 },
    { "text", "true", SHT_FORM_ERROR_TYPE },
    { "number", "-3", -1 },
    { "number", "2.5", -1 },
    { "number", "\"2,5\"", -1 },
    { "number", "\"two\"", SHT_FORM_ERROR_TYPE },
    { "number", "\"\"", SHT_FORM_ERROR_TYPE },
    { "number", "[1]", SHT_FORM_ERROR_TYPE },
    { "datetime", "\"2026-11-27T08:30:00+02:00\"", -1 },
    { "datetime", "\"2026-11-27T06:30:00Z\"", -1 },
    { "datetime", "\"2026-11-27T08:30:00\"", SHT_FORM_ERROR_TYPE },
    { "datetime", "\"tomorrow\"", SHT_FORM_ERROR_TYPE },
    { "datetime", "1700000000000", SHT_FORM_ERROR_TYPE },
    { "singlevaluelist", "\"x\"", -1 },
    { "singlevaluelist", "\"gone\"", -1 },
    { "singlevaluelist", "[\"x\"]", SHT_FORM_ERROR_TYPE },
    { "multivaluelist", "[\"x\",\"gone\"]", -1 },
    { "multivaluelist", "\"x\"", SHT_FORM_ERROR_TYPE },
    { "multivaluelist", "[1]", SHT_FORM_ERROR_TYPE },
    { "colour", "\"red\"", -1 },
    { "colour", "1", SHT_FORM_ERROR_TYPE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"code\":\"q\",\"datatype\":\"%s\"}", cases[i].datatype);
      g_autoptr (JsonObject) question = parse (text);
      g_autoptr (JsonNode) answer = node_of (cases[i].answer);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (sht_answer_fits (question, answer, &error), ==, cases[i].code < 0);
      if (cases[i].code >= 0)
        g_assert_error (error, SHT_FORM_ERROR, cases[i].code);
    }
}

static void
test_line (void)
{
  g_autoptr (JsonObject) question = parse ("{\"code\":\"q\",\"datatype\":\"string\"}");
  g_autoptr (JsonObject) text = parse ("{\"code\":\"q\",\"datatype\":\"text\"}");
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (JsonNode) answer = json_node_new (JSON_NODE_VALUE);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < SHT_ANSWER_MAX_LINE; i++)
    g_string_append (words, "א");
  json_node_set_string (answer, words->str);
  g_assert_true (sht_answer_fits (question, answer, NULL));
  g_string_append (words, "א");
  json_node_set_string (answer, words->str);
  g_assert_false (sht_answer_fits (question, answer, &error));
  g_assert_error (error, SHT_FORM_ERROR, SHT_FORM_ERROR_LENGTH);
  g_assert_true (sht_answer_fits (text, answer, NULL));
}

static void
test_numbers (void)
{
  static const struct
  {
    const char *text;
    double number;
  } good[] = { { "12", 12 },     { " 2.5 ", 2.5 }, { "2,5", 2.5 }, { "-4", -4 },         { "\xe2\x88\x92""4", -4 },
               { "٣٫٥", 3.5 },   { "۱۲", 12 },     { "0", 0 },     { "\xe2\x80\x8f""7", 7 } };
  static const char *const bad[] = { "", " ", "-", ".", "1.2.3", "1,000.5", "12cm", "0x10", "1e5", "inf", "nan", "9999999999999999999" };
  double number;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (sht_number_read (good[i].text, &number));
      g_assert_cmpfloat (number, ==, good[i].number);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (sht_number_read (bad[i], &number));
}

/* As shetachctl hands them in. */
static void
test_read (void)
{
  static const struct
  {
    const char *code;
    const char *text;
    const char *json; /* %NULL: refused */
  } cases[] = {
    { "depth", "12", "12" },
    { "depth", "1.5", "1.5" },
    { "depth", "deep", NULL },
    { "depth", " ", "null" },
    { "checks", "a,b", "[\"a\",\"b\"]" },
    { "checks", " b , ", "[\"b\"]" },
    { "checks", "a,c", NULL },
    { "kind", "x", "\"x\"" },
    { "kind", "y", NULL },
    { "when", "2026-11-27T06:30:00Z", "\"2026-11-27T06:30:00Z\"" },
    { "when", "yesterday", NULL },
    { "more", "שלום", "\"שלום\"" },
  };
  g_autoptr (JsonObject) service = parse (SERVICE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) read = sht_answer_read (sht_form_find (service, cases[i].code), cases[i].text, &error);
      g_autoptr (JsonNode) wanted = cases[i].json != NULL ? node_of (cases[i].json) : NULL;

      g_assert_cmpint (read != NULL, ==, wanted != NULL);
      if (wanted != NULL)
        g_assert_true (sht_json_nodes_equal (read, wanted));
      else
        g_assert_true (error->domain == SHT_FORM_ERROR && strstr (error->message, cases[i].code) != NULL);
    }
}

/* What any client may send, whatever is asked. */
static void
test_edge (void)
{
  static const struct
  {
    const char *answers;
    gboolean good;
  } cases[] = {
    { "{}", TRUE },
    { "{\"a\":1,\"b\":1.5,\"c\":\"x\",\"d\":true,\"e\":null,\"f\":[\"x\",\"y\"],\"g\":[]}", TRUE },
    { "{\"מה\":\"x\"}", TRUE },
    { "{\"\":1}", FALSE },
    { "{\"a\":{}}", FALSE },
    { "{\"a\":[1]}", FALSE },
    { "{\"a\":[[\"x\"]]}", FALSE },
    { "{\"a\":[null]}", FALSE },
  };
  g_autoptr (JsonObject) many = json_object_new ();
  g_autoptr (JsonObject) lines = json_object_new ();
  g_autofree char *name = g_strnfill (SHT_ANSWER_MAX_CODE + 1, 'a');
  g_autofree char *text = g_strnfill (4001, 'a');
  g_autofree char *line = g_strnfill (SHT_ANSWER_MAX_LINE + 1, 'a');
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonObject) answers = parse (cases[i].answers);

      g_assert_cmpint (sht_answers_check (answers) == NULL, ==, cases[i].good);
    }
  for (guint i = 0; i < SHT_ANSWER_MAX_COUNT; i++)
    {
      g_autofree char *code = g_strdup_printf ("q%u", i);

      json_object_set_int_member (many, code, 1);
      json_array_add_string_element (list, "x");
    }
  g_assert_null (sht_answers_check (many));
  json_object_set_array_member (many, "q1", list);
  g_assert_null (sht_answers_check (many));
  json_array_add_string_element (list, "x");
  g_assert_nonnull (sht_answers_check (many));
  json_object_set_string_member (many, "q1", text + 1);
  g_assert_null (sht_answers_check (many));
  json_object_set_string_member (many, "q1", text);
  g_assert_nonnull (sht_answers_check (many));
  json_object_set_int_member (many, "q1", 1);
  json_object_set_int_member (many, "one more", 1);
  g_assert_nonnull (sht_answers_check (many));
  list = json_array_new ();
  json_array_add_string_element (list, line);
  json_object_set_array_member (lines, "a", list);
  g_assert_nonnull (sht_answers_check (lines));
  json_object_set_int_member (lines, "a", 1);
  json_object_set_int_member (lines, name + 1, 1);
  g_assert_null (sht_answers_check (lines));
  json_object_set_int_member (lines, name, 1);
  g_assert_nonnull (sht_answers_check (lines));
}

static void
test_unanswered (void)
{
  g_autoptr (JsonObject) good = parse ("{\"depth\":\"אין גישה\"}");
  g_autoptr (JsonObject) number = parse ("{\"depth\":1}");
  g_autoptr (JsonObject) empty = parse ("{\"depth\":\"\"}");
  g_autoptr (JsonObject) nameless = parse ("{\"\":\"x\"}");
  g_autofree char *text = g_strnfill (SHT_UNANSWERED_MAX_CHARS + 1, 'a');

  g_assert_null (sht_unanswered_check (good));
  g_assert_nonnull (sht_unanswered_check (number));
  g_assert_nonnull (sht_unanswered_check (empty));
  g_assert_nonnull (sht_unanswered_check (nameless));
  json_object_set_string_member (good, "depth", text + 1);
  g_assert_null (sht_unanswered_check (good));
  json_object_set_string_member (good, "depth", text);
  g_assert_nonnull (sht_unanswered_check (good));
}

/* Done is applied all the same, and its event says what was not answered and why. */
static void
test_done (void)
{
  static const struct
  {
    const char *answers;
    const char *why;
    const char *unsaid; /* (nullable): codes */
  } cases[] = {
    { "{\"depth\":1,\"checks\":[\"a\"]}", NULL, NULL },
    { "{\"depth\":1}", NULL, "[\"checks\"]" },
    { "{}", NULL, "[\"checks\",\"depth\"]" },
    { "{}", "{\"checks\":\"x\"}", "[\"depth\"]" },
    { "{}", "{\"checks\":\"x\",\"depth\":\"y\"}", NULL },
  };
  g_autoptr (JsonObject) service = parse (SERVICE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint done = 0; done < 2; done++)
      {
        g_autofree char *text = g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"" TICKET "\",\"status\":\"in_progress\","
                                                 "\"service\":\"s\",\"crew\":\"r1\",\"answers\":%s}",
                                                 cases[i].answers);
        g_autoptr (JsonObject) ticket = parse (text);
        g_autoptr (ShtOperation) op = sht_operation_new (SHT_KIND_TICKET_STATUS, "01890000-0000-7000-8000-000000000001",
                                                         TICKET, 1700000000000);
        ShtMergeContext ctx = { .number = 5, .device = "d", .device_seq = 1, .role = SHT_ROLE_CREW, .crew = "r1",
                                .at = 1700000000000, .in_scope = TRUE, .service = service };
        g_autoptr (ShtOutcome) outcome = NULL;
        g_autoptr (JsonNode) unsaid = cases[i].unsaid != NULL ? node_of (cases[i].unsaid) : NULL;
        JsonObject *data;

        json_object_set_string_member (op->fields, "seen", "in_progress");
        json_object_set_string_member (op->fields, "want", done == 1 ? "done" : "assigned");
        if (cases[i].why != NULL)
          json_object_set_object_member (op->fields, "unanswered", parse (cases[i].why));
        g_assert_true (sht_operation_validate (op, NULL));
        outcome = sht_merge (&ctx, op, ticket);
        g_assert_cmpint (outcome->result, ==, SHT_RESULT_APPLIED);
        data = outcome->event->data;
        g_assert_true (sht_json_nodes_equal (json_object_get_member (data, "answers_missing"), done == 1 ? unsaid : NULL));
        g_assert_cmpint (sht_json_has (data, "unanswered"), ==, done == 1 && cases[i].why != NULL);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/questions", test_questions);
  g_test_add_func ("/form/missing", test_missing);
  g_test_add_func ("/form/fits", test_fits);
  g_test_add_func ("/form/line", test_line);
  g_test_add_func ("/form/numbers", test_numbers);
  g_test_add_func ("/form/read", test_read);
  g_test_add_func ("/form/edge", test_edge);
  g_test_add_func ("/form/unanswered", test_unanswered);
  g_test_add_func ("/form/done", test_done);
  return g_test_run ();
}
