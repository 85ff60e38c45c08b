/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/field.h"
#include "core/geometry.h"
#include "core/json-guard.h"
#include "core/position.h"
#include "core/protocol.h"
#include "hub/api/refusal.h"
#include "hub/api/tus.h"
#include "platform/http-exchange.h"
#include "platform/http-server.h"
#include "tablet/store/page.h"
#include "tablet/sync/retry.h"
#include "tests/hub/hub-fixture.h"

/* PROTOCOL.md says what the code does: its examples are sent, in the order in which they stand there, to a hub whose
 * clock and randomness are these, and the answers are those that are printed; its tables are the code's own. */

#define BLOCK "```http\n"
#define OPERATIONS "```operations\n"
#define JSON "```json\n"

static char *
read_page (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (SHT_PROTOCOL_MD, &text, NULL, NULL));
  return g_steal_pointer (&text);
}

/* --- examples --- */

typedef struct
{
  Town *town;
  GString *said; /* what the page should have where it has something else */
  guint asked;
} Story;

/* The text of the next block of a kind; *at moves behind it. */
static char *
next_block (const char **at, const char *kind)
{
  const char *from = strstr (*at, kind);
  const char *to = from != NULL ? strstr (from, "\n```") : NULL;

  if (to == NULL)
    return NULL;
  *at = to + strlen ("\n```");
  from += strlen (kind);
  return g_strndup (from, (gsize) (to + 1 - from));
}

static char *
header_of (const char *block, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (block, "\n", -1);

  for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    if (g_str_has_prefix (lines[i], name) && g_str_has_prefix (lines[i] + strlen (name), ": "))
      return g_strdup (lines[i] + strlen (name) + 2);
  return NULL;
}

static const char *
body_of (const char *block)
{
  const char *blank = strstr (block, "\n\n");

  return blank != NULL ? blank + 2 : "";
}

static char *
query_of (const char *path, const char *name, const char *otherwise)
{
  g_autofree char *whole = g_strconcat ("http://hub", path, NULL);
  g_autoptr (GUri) absolute = g_uri_parse (whole, G_URI_FLAGS_ENCODED_QUERY, NULL);
  g_autoptr (GHashTable) query = NULL;

  g_assert_nonnull (absolute);
  query = g_uri_parse_params (g_uri_get_query (absolute), -1, "&", G_URI_PARAMS_NONE, NULL);
  g_assert_nonnull (query);
  return g_strdup (g_hash_table_contains (query, name) ? g_hash_table_lookup (query, name) : otherwise);
}

static GBytes *
bytes_of (char *text)
{
  return text != NULL ? g_bytes_new_take (text, strlen (text)) : NULL;
}

/* The office sets the hours of a shift: on a Tuesday from 21:00 UTC. */
static void
set_hours (Town *town)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) before = sht_hub_get (town->hub, "calendar", "town", &error);

  if (before == NULL)
    town_add (town, "{\"t\":\"calendar\",\"id\":\"town\",\"offsets\":[[0,0]],\"week\":[[],[],[[1260,1440]],[],[],[],[]]}");
  g_assert_no_error (error);
}

/* The office has heard that the tablet was lost. */
static void
seal (Town *town, const char *authorization)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHubDevice) device = sht_hub_authenticate (town->hub, authorization, &error);

  g_assert_no_error (error);
  g_assert_true (sht_hub_seal_device (town->hub, device->id, &error));
}

static GBytes *
ask_hub (Town *town, const char *path, const char *block, GError **error)
{
  g_autofree char *authorization = header_of (block, "Authorization");
  g_autoptr (ShtHubDevice) device = NULL;
  ShtHub *hub = town->hub;
  const char *body = body_of (block);
  gboolean empty;

  if (g_str_equal (path, "/v1/enrol"))
    return bytes_of (sht_hub_enrol_or_register (hub, authorization, body, strlen (body), error));
  if (g_str_equal (path, "/v1/unsent"))
    {
      seal (town, authorization);
      return bytes_of (sht_hub_take_unsent (hub, authorization, body, strlen (body), error));
    }
  device = sht_hub_authenticate (hub, authorization, error);
  if (device == NULL)
    return NULL;
  if (g_str_equal (path, "/v1/unlock"))
    return bytes_of (sht_hub_take_unlock (hub, device, body, strlen (body), error));
  if (g_str_equal (path, "/v1/positions"))
    {
      set_hours (town);
      return bytes_of (sht_hub_take_positions (hub, device, body, strlen (body), error));
    }
  if (g_str_equal (path, "/v1/sync/push"))
    return sht_hub_push (hub, device, body, strlen (body), error);
  if (g_str_has_prefix (path, "/v1/sync/pull?"))
    {
      g_autofree char *cursor = query_of (path, "cursor", "");
      g_autofree char *limit = query_of (path, "limit", G_STRINGIFY (SHT_PULL_DEFAULT_ROWS));

      return sht_hub_pull (hub, device, cursor, (guint) g_ascii_strtoull (limit, NULL, 10), &empty, error);
    }
  if (g_str_has_prefix (path, "/v1/sync/check?"))
    {
      g_autofree char *scope = query_of (path, "scope", "");
      g_autofree char *prefix = query_of (path, "prefix", "");

      return bytes_of (sht_hub_check (hub, device, scope, prefix, error));
    }
  g_error ("PROTOCOL.md asks for %s, which no test knows", path);
}

static char *
answer_to (Story *story, const char *path, const char *block)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;
  gsize length;
  const char *data;

  story->town->world.now += 1000;
  answer = ask_hub (story->town, path, block, &error);
  if (answer == NULL)
    {
      guint status;
      const char *code = sht_hub_refusal (error, &status);

      return g_strdup_printf ("%u\n\n{\"error\":\"%s\",\"message\":\"%s\"}\n", status, code, error->message);
    }
  data = g_bytes_get_data (answer, &length);
  return g_strdup_printf ("200\n\n%.*s%s", (int) length, data, data[length - 1] == '\n' ? "" : "\n");
}

/* Whoever reads lines by their beginning alone can read these. */
static void
read_lines (const char *answer)
{
  const char *at = body_of (answer);
  const char *end = at + strlen (at);
  ShtLine line;
  g_autoptr (GError) error = NULL;

  if (!g_str_has_prefix (at, "{\"t\":"))
    return;
  while (at < end && sht_line_read (&at, end, &line, &error))
    {
      g_autoptr (JsonObject) object = sht_json_parse_object (line.text, (gssize) line.length, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (line.type, ==, sht_json_string (object, "t"));
      if (line.id[0] != '\0')
        g_assert_cmpstr (line.id, ==, sht_json_string (object, "id"));
    }
  g_assert_no_error (error);
}

static void
story_begin (Story *story)
{
  ShtHubCode crew = { (char *) "crew", (char *) "r1", (char *) "roads", (char *) "p1", G_MAXINT64, NULL };
  ShtHubCode supervisor = { (char *) "supervisor", NULL, (char *) "roads", NULL, G_MAXINT64, NULL };
  g_autofree char *code = NULL, *other = NULL;

  story->town = town_new ();
  story->said = g_string_new (NULL);
  town_add_ticket (story->town, 1, "r1");
  code = sht_hub_make_code (story->town->hub, &crew, NULL);
  other = sht_hub_make_code (story->town->hub, &supervisor, NULL);
  g_test_message ("codes: %s for crew r1, %s for the supervisor of roads", code, other);
}

static void
test_examples (void)
{
  Story story = { 0 };
  g_autofree char *page = read_page ();
  const char *at = page;
  char *block;

  story_begin (&story);
  while ((block = next_block (&at, BLOCK)) != NULL)
    {
      g_autofree char *request = block;
      g_auto (GStrv) words = g_strsplit_set (request, " \n", 3);
      g_autofree char *expected = NULL;
      g_autofree char *version = header_of (request, "Shetach-Protocol");
      g_autofree char *said = NULL;

      expected = next_block (&at, BLOCK);
      g_assert_nonnull (expected);
      /* tus, and what HTTP itself refuses, are tried with the real program. */
      if (!g_str_has_prefix (words[1], "/v1/enrol") && !g_str_has_prefix (words[1], "/v1/sync/")
          && !g_str_equal (words[1], "/v1/positions") && !g_str_equal (words[1], "/v1/unlock")
          && !g_str_equal (words[1], "/v1/unsent"))
        continue;
      if (g_strcmp0 (version, SHT_PROTOCOL) != 0)
        continue;
      said = answer_to (&story, words[1], request);
      read_lines (said);
      story.asked++;
      if (!g_str_equal (said, expected))
        g_string_append_printf (story.said, "%s is not answered by\n%sbut by\n%s", request, expected, said);
    }
  if (story.said->len > 0)
    g_error ("PROTOCOL.md: %s", story.said->str);
  g_assert_cmpuint (story.asked, >=, 19);
  g_string_free (story.said, TRUE);
  town_free (story.town);
}

/* One of each kind, as a tablet freezes it. */
static void
test_operations (void)
{
  g_autofree char *page = read_page ();
  const char *at = page;
  g_autofree char *block = next_block (&at, OPERATIONS);
  g_auto (GStrv) lines = NULL;
  gboolean seen[SHT_N_KINDS] = { FALSE };

  g_assert_nonnull (block);
  lines = g_strsplit (g_strstrip (block), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShtOperation) op = sht_operation_parse (lines[i], -1, &error);
      g_autofree char *again = NULL;

      g_assert_no_error (error);
      again = sht_operation_to_bytes (op);
      g_assert_cmpstr (again, ==, lines[i]);
      seen[op->kind] = TRUE;
    }
  for (guint kind = 0; kind < SHT_N_KINDS; kind++)
    if (!seen[kind])
      g_error ("PROTOCOL.md has no example of %s", sht_kind_name ((ShtKind) kind));
}

/* --- tables --- */

/* Has it whole: a table of more rows is another one. */
static void
page_has (const char *table)
{
  g_autofree char *page = read_page ();
  const char *found = strstr (page, table);

  if (found == NULL || (g_str_has_suffix (table, "\n") && found[strlen (table)] == '|'))
    g_error ("PROTOCOL.md should have:\n%s", table);
}

static const char *
bounds_of (const ShtField *field, char *out, gsize size)
{
  if (field->value == 's')
    g_snprintf (out, size, "text, %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " characters", field->min, field->max);
  else if (field->value == 'i')
    g_snprintf (out, size, "whole number, %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, field->min, field->max);
  else
    g_snprintf (out, size, "object");
  return out;
}

static void
test_fields (void)
{
  g_autoptr (GString) table
    = g_string_new ("| of | field | value | given by | changed by | owner | between equals |\n"
                    "| --- | --- | --- | --- | --- | --- | --- |\n");
  const ShtField *field;

  for (guint i = 0; (field = sht_field_at (i)) != NULL; i++)
    {
      char bounds[80];

      g_string_append_printf (table, "| %s | `%s` | %s | %s | %s | %s | %s |\n", field->type, field->name,
                              bounds_of (field, bounds, sizeof bounds), sht_role_name (field->create),
                              sht_role_name (field->edit), sht_role_name (field->owner),
                              field->tie == SHT_TIE_LATER ? "the later" : "the first");
    }
  page_has (table->str);
}

static void
test_kinds (void)
{
  for (guint kind = 0; kind < SHT_N_KINDS; kind++)
    {
      g_autofree char *row = g_strdup_printf ("| `%s` | %s |", sht_kind_name ((ShtKind) kind),
                                              sht_kind_entity_type ((ShtKind) kind));
      page_has (row);
    }
}

static GString *
status_table (const char *corner)
{
  GString *table = g_string_new (NULL);

  g_string_append_printf (table, "| %s |", corner);
  for (guint to = 0; to < SHT_N_STATUSES; to++)
    g_string_append_printf (table, " %s |", sht_status_name ((ShtStatus) to));
  g_string_append (table, "\n| --- |");
  for (guint to = 0; to < SHT_N_STATUSES; to++)
    g_string_append (table, " --- |");
  g_string_append_c (table, '\n');
  return table;
}

static void
test_steps (void)
{
  g_autoptr (GString) table = status_table ("seen ↓ wanted →");

  for (guint from = 0; from < SHT_N_STATUSES; from++)
    {
      g_string_append_printf (table, "| %s |", sht_status_name ((ShtStatus) from));
      for (guint to = 0; to < SHT_N_STATUSES; to++)
        g_string_append (table, sht_status_may_step (SHT_ROLE_CREW, (ShtStatus) from, (ShtStatus) to)         ? " C |"
                                : sht_status_may_step (SHT_ROLE_SUPERVISOR, (ShtStatus) from, (ShtStatus) to) ? " S |"
                                                                                                              : " . |");
      g_string_append_c (table, '\n');
    }
  page_has (table->str);
}

/* What the second table says of a pair: an administrator who saw what is wanted already is stopped by no rule of
 * the first. */
static char
moved (ShtStatus current, ShtStatus wanted)
{
  static const char letters[] = { 'A', 'R', '=', 'X', '!' };

  return letters[sht_status_judge (SHT_ROLE_ADMINISTRATOR, wanted, current, wanted)];
}

static void
test_moved (void)
{
  g_autoptr (GString) table = status_table ("now ↓ wanted →");

  for (guint current = 0; current < SHT_N_STATUSES; current++)
    {
      g_string_append_printf (table, "| %s |", sht_status_name ((ShtStatus) current));
      for (guint wanted = 0; wanted < SHT_N_STATUSES; wanted++)
        g_string_append_printf (table, " %c |", moved ((ShtStatus) current, (ShtStatus) wanted));
      g_string_append_c (table, '\n');
    }
  page_has (table->str);
}

/* The five steps by which the page judges, from its two tables alone. */
static void
test_judgement (void)
{
  for (guint i = 0; i < SHT_N_ROLES * SHT_N_STATUSES * SHT_N_STATUSES * SHT_N_STATUSES; i++)
    {
      ShtRole role = (ShtRole) (i % SHT_N_ROLES);
      ShtStatus seen = (ShtStatus) (i / SHT_N_ROLES % SHT_N_STATUSES);
      ShtStatus now = (ShtStatus) (i / SHT_N_ROLES / SHT_N_STATUSES % SHT_N_STATUSES);
      ShtStatus want = (ShtStatus) (i / SHT_N_ROLES / SHT_N_STATUSES / SHT_N_STATUSES);
      gboolean may = sht_status_may_step (role, now, want);
      ShtVerdict expected;

      if (now == want)
        expected = SHT_VERDICT_SAME;
      else if (seen == now)
        expected = may ? SHT_VERDICT_APPLY : SHT_VERDICT_REFUSE;
      else if (seen != want && !sht_status_may_step (role, seen, want))
        expected = SHT_VERDICT_REFUSE;
      else if (moved (now, want) == 'A')
        expected = may ? SHT_VERDICT_APPLY : SHT_VERDICT_CONFLICT;
      else
        expected = moved (now, want) == 'X' ? SHT_VERDICT_CONFLICT : SHT_VERDICT_RECORD;
      g_assert_cmpint (sht_status_judge (role, seen, now, want), ==, expected);
    }
}

static void
test_limits (void)
{
  g_autoptr (GString) table = g_string_new (NULL);
  const ShtHttpLimits *http = &SHT_HTTP_LIMITS_DEFAULT;

  g_string_append_printf (table, "| request line and headers | %" G_GSIZE_FORMAT " KiB |", http->header_bytes / 1024);
  page_has (table->str);
  g_string_printf (table, "| headers; a body without a byte; a whole body; an idle connection | %u s; %u s; %u s; %u s |",
                   http->header_ms / 1000, http->stall_ms / 1000, http->body_ms / 1000, http->idle_ms / 1000);
  page_has (table->str);
  g_string_printf (table, "| connections at once | %u |", http->connections);
  page_has (table->str);
  g_string_printf (table, "| a push | %d operations, %d KiB |", SHT_PUSH_MAX_OPERATIONS, SHT_PUSH_MAX_BYTES / 1024);
  page_has (table->str);
  g_string_printf (table, "| an operation | %d KiB |", SHT_OPERATION_MAX_BYTES / 1024);
  page_has (table->str);
  g_string_printf (table, "| a text; a title | %d; %d characters |", SHT_TEXT_MAX_CHARS, SHT_TITLE_MAX_CHARS);
  page_has (table->str);
  g_string_printf (table, "| JSON | nested %d deep; an object that a field holds %d |", SHT_JSON_MAX_DEPTH, SHT_FIELD_MAX_DEPTH);
  page_has (table->str);
  g_string_printf (table, "| a time | up to %" G_GINT64_FORMAT " |", SHT_TIME_MAX);
  page_has (table->str);
  g_string_printf (table, "| `limit` of a pull | 1 to %d rows, %d when absent; a page ends at %d KiB |", SHT_PULL_MAX_ROWS,
                   SHT_PULL_DEFAULT_ROWS, SHT_PULL_PAGE_BYTES / 1024);
  page_has (table->str);
  g_string_printf (table, "| `wait` of a pull | up to %d s |", SHT_PULL_MAX_WAIT_S);
  page_has (table->str);
  g_string_printf (table, "| positions in a request | %d, %d KiB; up to %d hours old, %d minutes ahead |", SHT_POSITIONS_MAX,
                   SHT_POSITIONS_MAX_BYTES / 1024, (int) (SHT_POSITION_MAX_AGE_MS / 3600000),
                   (int) (SHT_POSITION_MAX_AHEAD_MS / 60000));
  page_has (table->str);
  g_string_printf (table, "| what a sealed tablet says | %d steps, %d photos, %d KiB |", SHT_UNSENT_MAX_ROWS, SHT_UNSENT_MAX_ROWS,
                   SHT_UNSENT_MAX_BYTES / 1024);
  page_has (table->str);
  g_string_printf (table, "| a photo | %d MiB |", SHT_PHOTO_MAX_BYTES / 1024 / 1024);
  page_has (table->str);
  g_assert_cmpint (SHT_PHOTO_MAX_BYTES, ==, SHT_TUS_MAX_SIZE);
  g_string_printf (table, "| a body with a checksum | %d KiB |", SHT_TUS_MAX_CHECKED / 1024);
  page_has (table->str);
  g_string_printf (table, "| unfinished uploads of a tablet | %d, each for %d days |", SHT_TUS_MAX_UNFINISHED,
                   (int) (SHT_TUS_LIFE_MS / 86400000));
  page_has (table->str);
}

/* Every status and code that can go out has its row, and the row says whether the same may be sent again as it is. */
static void
test_errors (void)
{
  const char *code;
  guint status;

  for (guint i = 0; (code = sht_http_error_at (i, &status)) != NULL; i++)
    {
      g_autofree char *row = g_strdup_printf ("| %u | `%s` | %s |", status, code,
                                              sht_retry_is_transient (status) ? "yes" : "no");
      page_has (row);
    }
  for (int i = SHT_HUB_ERROR_BAD_REQUEST; i <= SHT_HUB_ERROR_UNSUPPORTED; i++)
    {
      g_autoptr (GError) error = g_error_new_literal (SHT_HUB_ERROR, i, "");
      g_autofree char *row = NULL;

      /* only the office's commands look things up by a part of their name */
      if (i == SHT_HUB_ERROR_AMBIGUOUS)
        continue;
      code = sht_hub_refusal (error, &status);
      row = g_strdup_printf ("| %u | `%s` | %s |", status, code, sht_retry_is_transient (status) ? "yes" : "no");
      page_has (row);
    }
}

/* And no row says otherwise, whoever gives that error. */
static void
test_again (void)
{
  g_autofree char *page = read_page ();
  g_auto (GStrv) lines = g_strsplit (page, "\n", -1);
  guint rows = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_regex_match_simple ("^\\| [45][0-9][0-9] \\| `", lines[i], 0, 0))
      {
        g_auto (GStrv) cells = g_strsplit (lines[i], " | ", 4);

        rows++;
        g_test_message ("%s", lines[i]);
        g_assert_cmpstr (cells[2], ==, sht_retry_is_transient ((guint) atoi (cells[0] + 2)) ? "yes" : "no");
      }
  g_assert_cmpuint (rows, >, 20);
}

/* The one place that is printed is read, and written again as it is. */
static void
test_geometry (void)
{
  g_autofree char *page = read_page ();
  const char *at = page;
  g_autofree char *block = next_block (&at, JSON);
  g_autoptr (ShtGeometry) geometry = NULL;
  g_autoptr (GString) again = g_string_new (NULL);

  g_assert_nonnull (block);
  geometry = sht_geometry_read (sht_json_slice_root (block, strlen (block)));
  g_assert_nonnull (geometry);
  g_assert_true (sht_geometry_contains (geometry, 312410000, 346410000));
  g_assert_false (sht_geometry_contains (geometry, 312450000, 346450000));
  g_string_assign (again, "{");
  sht_geometry_append (again, geometry);
  g_assert_nonnull (strstr (block, again->str + 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/examples", test_examples);
  g_test_add_func ("/protocol/operations", test_operations);
  g_test_add_func ("/protocol/kinds", test_kinds);
  g_test_add_func ("/protocol/fields", test_fields);
  g_test_add_func ("/protocol/steps", test_steps);
  g_test_add_func ("/protocol/moved", test_moved);
  g_test_add_func ("/protocol/judgement", test_judgement);
  g_test_add_func ("/protocol/limits", test_limits);
  g_test_add_func ("/protocol/errors", test_errors);
  g_test_add_func ("/protocol/again", test_again);
  g_test_add_func ("/protocol/geometry", test_geometry);
  return g_test_run ();
}
