/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json.h"
#include "core/merge.h"

#define TICKET "01890000-0000-7000-8000-00000000aaaa"

static JsonObject *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = sht_json_parse_object (json, -1, &error);

  g_assert_no_error (error);
  return object;
}

static void
test_missing (void)
{
  static const struct
  {
    const char *service;
    const char *photos;
    guint before, after;
  } cases[] = {
    { "{}", "[]", 0, 0 },
    { "{\"photos\":null}", "[]", 0, 0 },
    { "{\"photos\":7}", "[]", 0, 0 },
    { "{\"photos\":{}}", "[]", 0, 0 },
    { "{\"photos\":{\"after\":0,\"before\":-3}}", "[]", 0, 0 },
    { "{\"photos\":{\"after\":\"one\"}}", "[]", 0, 0 },
    { "{\"photos\":{\"other\":1}}", "[]", 0, 0 },
    { "{\"photos\":{\"after\":1}}", "[]", 0, 1 },
    { "{\"photos\":{\"before\":1,\"after\":1}}", "[]", 1, 1 },
    { "{\"photos\":{\"before\":1,\"after\":1}}", "[{\"role\":\"before\"}]", 0, 1 },
    { "{\"photos\":{\"before\":1,\"after\":1}}", "[{\"role\":\"after\"},{\"role\":\"after\"},{\"role\":\"other\"}]", 1, 0 },
    { "{\"photos\":{\"before\":1,\"after\":3}}", "[{\"role\":\"after\"},{\"role\":\"before\"},{}]", 0, 2 },
    { "{\"photos\":{\"after\":1}}", "[{\"role\":\"After\"},{\"role\":null},{\"role\":7}]", 0, 1 },
    { "{\"photos\":{\"after\":1}}", "[{\"role\":\"after\",\"state\":\"put_away\"}]", 0, 1 },
    { "{\"photos\":{\"after\":1}}", "[{\"role\":\"after\",\"state\":\"needs_attention\"}]", 0, 0 },
    { "{\"photos\":{\"after\":1}}", "[{\"role\":\"after\",\"have\":false}]", 0, 0 },
    { "{\"photos\":{\"after\":9000000000000}}", "[]", 0, G_MAXINT },
  };
  guint missing[SHT_N_PHOTO_ROLES];

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonObject) service = parse (cases[i].service);
      g_autofree char *text = g_strdup_printf ("{\"photos\":%s}", cases[i].photos);
      g_autoptr (JsonObject) holder = parse (text);

      g_assert_cmpint (sht_photo_rule_missing (service, sht_json_array (holder, "photos"), missing), ==,
                       cases[i].before + cases[i].after > 0);
      g_assert_cmpuint (missing[SHT_PHOTO_BEFORE], ==, cases[i].before);
      g_assert_cmpuint (missing[SHT_PHOTO_AFTER], ==, cases[i].after);
    }
  g_assert_false (sht_photo_rule_missing (NULL, NULL, missing));
  g_assert_cmpuint (missing[SHT_PHOTO_BEFORE] + missing[SHT_PHOTO_AFTER], ==, 0);
}

static void
test_roles (void)
{
  ShtPhotoRole role;

  for (guint i = 0; i < SHT_N_PHOTO_ROLES; i++)
    {
      g_assert_true (sht_photo_role_parse (sht_photo_role_name ((ShtPhotoRole) i), &role));
      g_assert_cmpint (role, ==, i);
    }
  g_assert_false (sht_photo_role_parse ("other", &role));
  g_assert_false (sht_photo_role_parse (NULL, &role));
}

/* What the event of a step says of photos: @now is how the ticket stands, @before and @after how many are missing. */
static void
assert_told (const char *now, guint before, guint after, const char *without, const char *told, const char *unsaid)
{
  g_autofree char *text = g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"" TICKET "\",\"status\":\"%s\",\"crew\":\"r1\"}", now);
  g_autoptr (JsonObject) ticket = parse (text);
  g_autoptr (ShtOperation) op = sht_operation_new (SHT_KIND_TICKET_STATUS, TICKET, TICKET, 1700000000000);
  ShtMergeContext ctx = { .number = 1, .device = "d", .role = SHT_ROLE_CREW, .crew = "r1", .in_scope = TRUE,
                          .was_in_scope = TRUE, .missing_photos = { before, after } };
  g_autoptr (ShtOutcome) outcome = NULL;
  JsonNode *node;

  json_object_set_string_member (op->fields, "seen", "in_progress");
  json_object_set_string_member (op->fields, "want", "done");
  if (without != NULL)
    json_object_set_object_member (op->fields, "without", parse (without));
  g_assert_true (sht_operation_validate (op, NULL));
  outcome = sht_merge (&ctx, op, ticket);
  g_assert_cmpint (outcome->result, !=, SHT_RESULT_REJECTED);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *said = NULL;

      node = json_object_get_member (outcome->event->data, i == 0 ? "without" : "photos_missing");
      said = node != NULL ? json_to_string (node, FALSE) : NULL;
      g_assert_cmpstr (said, ==, i == 0 ? told : unsaid);
    }
}

static void
test_told (void)
{
  assert_told ("in_progress", 0, 0, NULL, NULL, NULL);
  assert_told ("in_progress", 0, 1, NULL, NULL, "[\"after\"]");
  assert_told ("in_progress", 1, 2, NULL, NULL, "[\"before\",\"after\"]");
  assert_told ("in_progress", 1, 1, "{\"before\":\"dark\"}", "{\"before\":\"dark\"}", "[\"after\"]");
  assert_told ("in_progress", 1, 1, "{\"before\":\"dark\",\"after\":\"rain\"}", "{\"before\":\"dark\",\"after\":\"rain\"}", NULL);
  /* What a person said is kept, also where it was not asked for, and where the step is only recorded. */
  assert_told ("in_progress", 0, 0, "{\"after\":\"rain\"}", "{\"after\":\"rain\"}", NULL);
  assert_told ("closed", 0, 1, "{\"after\":\"rain\"}", "{\"after\":\"rain\"}", NULL);
  assert_told ("closed", 0, 1, NULL, NULL, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/photo-rule/missing", test_missing);
  g_test_add_func ("/photo-rule/roles", test_roles);
  g_test_add_func ("/photo-rule/told", test_told);
  return g_test_run ();
}
