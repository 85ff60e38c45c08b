/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/id.h"
#include "core/json-guard.h"
#include "core/json-slice.h"
#include "hub/import/open311.h"
#include "tests/hub/hub-fixture.h"

#include <gio/gio.h>

#define ROW                                                                                          \
  "\"service_request_id\":\"7\",\"status\":\"open\",\"service_code\":\"R1\","                        \
  "\"requested_datetime\":\"2014-05-09T19:02:21-05:00\""

static gboolean
keep (gpointer data, const char *json, GError **error)
{
  g_autoptr (GError) bad = NULL;

  g_assert_true (sht_json_guard (json, strlen (json), SHT_JSON_MAX_DEPTH + 1, &bad));
  g_assert_null (strchr (json, '\n'));
  g_string_append (data, json);
  g_string_append_c (data, '\n');
  return TRUE;
}

static GString *
import (const char *text, gsize length, const ShtOpen311Options *options, ShtOpen311Report *report,
        GError **error)
{
  static const ShtOpen311Options none = { 0 };
  GString *out = g_string_new (NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);

  if (!sht_open311_import (bytes, options != NULL ? options : &none, keep, out, report, error))
    g_assert_true (error == NULL || *error != NULL);
  return out;
}

/* What was kept as it came is a text within a text: one layer of escapes is taken off to look into it. */
static char *
without_escapes (const char *text)
{
  GString *plain = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
        p++;
      g_string_append_c (plain, *p);
    }
  return g_string_free (plain, FALSE);
}

static gboolean
has (GString *out, const char *part)
{
  g_autofree char *plain = NULL;

  if (strstr (out->str, part) != NULL)
    return TRUE;
  plain = without_escapes (out->str);
  return strstr (plain, part) != NULL;
}

static void
assert_has (GString *out, const char *part)
{
  if (!has (out, part))
    g_error ("%s is not in:\n%s", part, out->str);
}

static guint
count (GString *out, const char *part)
{
  guint n = 0;

  for (const char *p = out->str; (p = strstr (p, part)) != NULL; p++)
    n++;
  return n;
}

static void
test_row (void)
{
  static const char list[]
      = "[{" ROW ",\"service_name\":\"בור\",\"lat\":41.74685764200721,\"long\":\"-87.5\",\n"
        "\"agency_responsible\":\"Roads & Co\",\"zipcode\":\"60620\",\"odd\": {\"n\" : 1.10e2},\n"
        "\"attributes\":{\"WHERE\":\"TRAFFIC\",\"DEPTH\":1.50},\"extended_attributes\":{\"channel\":\"Phone\"},\n"
        "\"expected_datetime\":\"2014-05-10T00:00:00.5Z\",\"status_notes\":\"soon\",\n"
        "\"media_url\":\"http://example.org/1.jpg\",\"notes\":[\n"
        "{\"type\":\"submitted\",\"datetime\":\"2014-05-09T19:02:22-05:00\",\"summary\":\"in\"},\n"
        "{\"type\":\"opened\",\"datetime\":\"2014-05-09T19:02:23-05:00\",\"summary\":\"again\"},\n"
        "{\"type\":\"follow_on_created\",\"datetime\":\"when\",\"summary\":\"S\",\"description\":\"D\",\n"
        "\"extended_attributes\":{\"x\":0.10},\"by\":\"q\"},\n"
        "{\"type\":\"closed\",\"datetime\":\"2014-05-10T19:02:23-05:00\"},17]}]";
  g_auto (ShtOpen311Report) report = { 0 };
  g_autoptr (GError) error = NULL;
  GString *out = import (list, strlen (list), NULL, &report, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (report.refused->len, ==, 0);
  assert_has (out, "\"status\":\"new\",\"title\":\"בור\",\"lat_e7\":417468576,\"lon_e7\":-875000000");
  assert_has (out, "\"source\":\"phone\",\"created_at\":1399680141000");
  assert_has (out, "\"due_at\":1399680000500");
  assert_has (out, "\"answers\":{\"WHERE\":\"TRAFFIC\",\"DEPTH\":\"1.50\"}");
  assert_has (out, "\"extra\":\"{\"lat\":41.74685764200721,\"zipcode\":\"60620\",\"odd\":{\"n\":1.10e2}");
  assert_has (out, "\"status_notes\":\"soon\"");
  assert_has (out, "{\"text\":\"S: D\",\"type\":\"follow_on_created\",\"extra\":\"{\"datetime\":\"when\","
                   "\"extended_attributes\":{\"x\":0.10},\"by\":\"q\"}\"}");
  assert_has (out, "\"data\":{\"extra\":\"17\"}");
  assert_has (out, "{\"t\":\"department\",\"id\":\"open311-roads-co-");
  /* The first opening is the one that made it. */
  assert_has (out, "\"kind\":\"created\",\"at\":1399680142000,");
  g_assert_cmpuint (count (out, "\"kind\":\"created\""), ==, 1);
  g_assert_cmpuint (count (out, "\"kind\":\"status\""), ==, 0);
  g_assert_cmpuint (count (out, "\"kind\":\"note\""), ==, 5);
  g_assert_cmpuint (count (out, "\"kind\":\"imported\""), ==, 1);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (report.unhomed, "zipcode")), ==, 1);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (report.unhomed, "odd")), ==, 1);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (report.unhomed, "notes.by")), ==, 1);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (report.unhomed, "notes.datetime")), ==, 1);
  g_string_free (out, TRUE);
}

static void
test_options (void)
{
  static const char list[] = "{\"service_requests\":[{" ROW ",\"agency_responsible\":\"A\"}],\"more\":1}";
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  ShtOpen311Options options = { "example.org", "roads", "roads-1", known, 5 };
  g_auto (ShtOpen311Report) report = { 0 };
  g_autofree char *id = sht_id_from_name ("open311/example.org/7");
  GString *out;

  g_hash_table_add (known, (gpointer) "R1");
  out = import (list, strlen (list), &options, &report, NULL);
  assert_has (out, "\"status\":\"assigned\"");
  assert_has (out, "\"department\":\"roads\",\"crew\":\"roads-1\"");
  assert_has (out, "\"extra\":\"{\"agency_responsible\":\"A\"}\"");
  assert_has (out, "\"kind\":\"imported\",\"at\":5,");
  assert_has (out, id);
  g_assert_cmpuint (report.services + report.departments, ==, 0);
  g_assert_true (g_hash_table_contains (report.unhomed, "list.more"));
  g_string_free (out, TRUE);
}

static void
test_refused_rows (void)
{
  static const struct {
    const char *row, *why;
  } bad[] = {
    { "17", "row 1: the row is no object" },
    { "{}", "row 1: service_request_id is missing" },
    { "{\"service_request_id\":\"1\"}", "row 1: status is missing" },
    { "{\"service_request_id\":\"1\",\"status\":\"open\",\"service_code\":null}",
      "row 1: service_code is missing" },
    { "{\"service_request_id\":1,\"status\":\"open\",\"service_code\":2}",
      "row 1: requested_datetime is missing" },
    { "{\"service_request_id\":[],\"status\":\"open\",\"service_code\":2,\"requested_datetime\":\"x\"}",
      "row 1: service_request_id is no text" },
    { "{\"service_request_id\":1,\"status\":\"lost\",\"service_code\":2,\"requested_datetime\":\"x\"}",
      "row 1: status is neither open nor closed" },
    { "{\"service_request_id\":1,\"status\":\"open\",\"service_code\":2,"
      "\"requested_datetime\":\"2014-05-09T19:02:21\"}",
      "row 1: requested_datetime is no time with an offset" },
    { "{" ROW ",\"lat\":90.00000006,\"long\":1}", "row 1: lat is not within 90 degrees" },
    { "{" ROW ",\"lat\":1,\"long\":-181}", "row 1: long is not within 180 degrees" },
    { "{" ROW ",\"lat\":1}", "row 1: long is no number of degrees" },
    { "{" ROW ",\"lat\":\"north\",\"long\":1}", "row 1: lat is no number of degrees" },
    { "{" ROW ",\"a\":1,\"a\":1}", "row 1: a is there twice" },
    { "{" ROW ",\"\\n\":1,\"\\n\":1}", "row 1: a member is there twice" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *list = g_strdup_printf ("[%s,{" ROW "},{" ROW "}]", bad[i].row);
      g_auto (ShtOpen311Report) report = { 0 };
      GString *out = import (list, strlen (list), NULL, &report, NULL);

      g_assert_cmpuint (report.rows, ==, 3);
      g_assert_cmpuint (report.tickets, ==, 1);
      g_assert_cmpuint (report.refused->len, ==, 2);
      g_assert_cmpstr (report.refused->pdata[0], ==, bad[i].why);
      g_assert_cmpstr (report.refused->pdata[1], ==, "row 3: service_request_id was in an earlier row");
      g_string_free (out, TRUE);
    }
}

static void
assert_bad (const char *text, gsize length, GQuark domain, int code)
{
  g_auto (ShtOpen311Report) report = { 0 };
  g_autoptr (GError) error = NULL;
  GString *out = import (text, length, NULL, &report, &error);

  g_assert_error (error, domain, code);
  g_assert_null (strchr (error->message, '\n'));
  g_assert_cmpuint (out->len, ==, 0);
  g_string_free (out, TRUE);
}

static void
test_bad_lists (void)
{
  gsize large = (gsize) SHT_OPEN311_MAX_BYTES + 1;
  g_autofree char *spaces = g_malloc (large);
  g_autofree char *deep = g_strnfill (1000000, '[');

  memset (spaces, ' ', large);
  assert_bad ("", 0, SHT_JSON_ERROR, SHT_JSON_ERROR_SYNTAX);
  assert_bad ("[{\"a\":", 6, SHT_JSON_ERROR, SHT_JSON_ERROR_SYNTAX);
  assert_bad ("[\"\xff\"]", 5, SHT_JSON_ERROR, SHT_JSON_ERROR_UTF8);
  assert_bad (deep, strlen (deep), SHT_JSON_ERROR, SHT_JSON_ERROR_DEPTH);
  assert_bad ("17", 2, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  assert_bad ("{}", 2, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  assert_bad ("null", 4, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  assert_bad ("<html>", 6, SHT_JSON_ERROR, SHT_JSON_ERROR_SYNTAX);
  assert_bad (spaces, large, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

/* Cut or with one byte changed at many points: an answer or a refusal, and never a crash. */
static void
mutate (const char *text, gsize length, guint steps)
{
  static const char bytes[] = "\"{}[],:\\0 e-\xff\x01n";

  for (guint i = 0; i < steps; i++)
    {
      gsize at = length * i / steps;
      g_autofree char *cut = g_memdup2 (text, at);
      g_autofree char *changed = g_memdup2 (text, length);
      g_auto (ShtOpen311Report) first = { 0 };
      g_auto (ShtOpen311Report) second = { 0 };

      g_string_free (import (at > 0 ? cut : "", at, NULL, &first, NULL), TRUE);
      changed[at] = bytes[i % (sizeof bytes - 1)];
      g_string_free (import (changed, length, NULL, &second, NULL), TRUE);
    }
}

static void
test_mutations (void)
{
  static const char list[] = "[{" ROW ",\"lat\":1.5,\"long\":2e0,\"notes\":[{\"type\":\"closed\",\"summary\":"
                             "\"\\u05d0\\ud83d\\ude00\"},3],\"attributes\":{\"a\":[1]}},{" ROW "}]";

  mutate (list, strlen (list), (guint) strlen (list));
}

static char *
read_real (gsize *length)
{
  const char *folder = g_getenv ("SHETACH_REAL_DATA");
  g_autofree char *path = NULL;
  char *text = NULL;

  if (folder == NULL || *folder == '\0')
    {
      g_test_skip ("SHETACH_REAL_DATA is not set");
      return NULL;
    }
  path = g_build_filename (folder, "open311", "chicago-requests.json", NULL);
  g_assert_true (g_file_get_contents (path, &text, length, NULL));
  return text;
}

/* Every scalar of the input is in the output: as written, as the moment it names, or in a longer text. */
static void
assert_nothing_lost (ShtJsonSlice value, GString *out)
{
  ShtJsonKind kind = sht_json_slice_kind (value);
  g_autofree char *text = NULL, *escaped = NULL, *moment = NULL;
  gint64 e7 = 0;
  ShtJsonIter iter;
  ShtJsonSlice member;

  if (kind == SHT_JSON_OBJECT || kind == SHT_JSON_ARRAY)
    {
      sht_json_iter_init (&iter, value);
      while (sht_json_iter_next (&iter, NULL, &member))
        assert_nothing_lost (member, out);
      return;
    }
  if (kind == SHT_JSON_STRING)
    {
      g_autoptr (GDateTime) time = NULL;

      text = sht_json_slice_string (value);
      time = g_date_time_new_from_iso8601 (text, NULL);
      if (time != NULL)
        {
          moment = g_strdup_printf (":%" G_GINT64_FORMAT "000", g_date_time_to_unix (time));
          assert_has (out, moment);
          return;
        }
      escaped = g_strndup (value.at + 1, value.length - 2);
    }
  else
    escaped = kind == SHT_JSON_ABSENT ? g_strdup ("") : g_strndup (value.at, value.length);
  /* A position that fits the model's seven digits is only there. */
  if (!has (out, escaped) && sht_json_slice_scaled (value, 7, &e7))
    {
      g_assert_true (value.length <= strlen ("-87.1234567"));
      g_free (escaped);
      escaped = g_strdup_printf ("_e7\":%" G_GINT64_FORMAT, e7);
    }
  assert_has (out, escaped);
}

static void
test_real (void)
{
  gsize length = 0;
  g_autofree char *text = read_real (&length);
  ShtOpen311Options options = { "chicago.example", NULL, NULL, NULL, 0 };
  g_auto (ShtOpen311Report) first = { 0 };
  g_auto (ShtOpen311Report) second = { 0 };
  g_autoptr (GError) error = NULL;
  GString *out, *again;

  if (text == NULL)
    return;
  out = import (text, length, &options, &first, &error);
  g_assert_no_error (error);
  again = import (text, length, &options, &second, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (out->str, ==, again->str);
  g_assert_cmpuint (first.rows, ==, 50);
  g_assert_cmpuint (first.tickets, ==, 50);
  g_assert_cmpuint (first.refused->len, ==, 0);
  /* 276 notes, an `imported` for each ticket, two pictures. */
  g_assert_cmpuint (first.events, ==, 276 + 50 + 2);
  g_assert_cmpuint (count (out, "\"kind\":\"created\""), ==, 50);
  g_assert_cmpuint (count (out, "\"to\":\"closed\""), ==, 49);
  assert_has (out, "\"lat\":41.74685764200721");
  assert_nothing_lost (sht_json_slice_root (text, length), out);
  g_test_message ("%u services, %u departments, %u names without a home", first.services,
                  first.departments, g_hash_table_size (first.unhomed));
  g_string_free (out, TRUE);
  g_string_free (again, TRUE);
}

static void
test_real_mutations (void)
{
  gsize length = 0;
  g_autofree char *text = read_real (&length);

  if (text != NULL)
    mutate (text, length, 300);
}

/* The hub would refuse the ticket that such a number stands in, and with it the whole list. */
static void
test_number_that_cannot_be_kept (void)
{
  static const char text[] = "[{" ROW ",\"attributes\":{\"deep\":{\"a\":[1,1e999]},\"fits\":{\"a\":[1]},\"plain\":1e999}}]";
  g_auto (ShtOpen311Report) report = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) out = import (text, strlen (text), NULL, &report, &error);
  g_auto (GStrv) lines = g_strsplit (out->str, "\n", -1);

  g_assert_no_error (error);
  g_assert_cmpuint (report.tickets, ==, 1);
  g_assert_nonnull (strstr (out->str, "\"answers\":{\"deep\":\"{\\\"a\\\":[1,1e999]}\",\"fits\":{\"a\":[1]},\"plain\":\"1e999\"}"));
  for (guint i = 0; lines[i][0] != '\0'; i++)
    {
      g_autoptr (JsonObject) entity = sht_json_parse_object (lines[i], -1, &error);

      g_assert_no_error (error);
    }
}

#define NOTE(text) "{\"type\":\"note\",\"datetime\":\"2014-05-09T19:02:22-05:00\",\"summary\":\"" text "\"}"

static int
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* The texts of the journey, sorted, with commas between them, after another import. */
static char *
import_notes (Town *town, const char *notes)
{
  static const ShtOpen311Options options = { 0 };
  g_autofree char *list = g_strdup_printf ("[{" ROW ",\"notes\":[%s]}]", notes);
  g_autofree char *id = sht_id_from_name ("open311/default/7");
  g_autoptr (ShtHubSeeder) seeder = sht_hub_seeder_new (town->hub);
  g_autoptr (GBytes) bytes = g_bytes_new (list, strlen (list));
  g_auto (ShtOpen311Report) report = { 0 };
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  g_autoptr (JsonObject) view = NULL;
  ShtHubSeedCount count;
  JsonArray *events;

  g_assert_true (sht_open311_import (bytes, &options, sht_hub_seeder_add, seeder, &report, NULL));
  g_assert_true (sht_hub_seeder_finish (seeder, &count, NULL));
  view = sht_hub_ticket_view (town->hub, id, NULL);
  events = sht_json_array (view, "events");
  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      const char *text = sht_json_string (sht_json_object (json_array_get_object_element (events, i), "data"), "text");

      if (text != NULL)
        g_ptr_array_add (texts, (gpointer) text);
    }
  g_ptr_array_sort (texts, by_text);
  g_ptr_array_add (texts, NULL);
  return g_strjoinv (",", (char **) texts->pdata);
}

/* A note is known by what it says, wherever in the list it stands. */
static void
test_notes_in_another_order (void)
{
  g_autoptr (Town) town = town_new ();
  static const struct
  {
    const char *notes, *texts;
  } runs[] = {
    { NOTE ("b") "," NOTE ("b"), "b,b" },
    { NOTE ("a") "," NOTE ("b") "," NOTE ("b"), "a,b,b" },
    { NOTE ("c"), "a,b,b,c" },
    { "5," NOTE ("d") "," NOTE ("c"), "a,b,b,c,d" },
    { NOTE ("d") ",5", "a,b,b,c,d" },
  };
  g_autofree char *before = NULL, *ticket = sht_id_from_name ("open311/default/7"), *old = sht_id_from_name ("open311/default/7/note/0");

  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      g_autofree char *texts = import_notes (town, runs[i].notes);

      g_assert_cmpstr (texts, ==, runs[i].texts);
    }
  /* an older version called them by their place: what it brought does not come again */
  before = g_strdup_printf ("{\"t\":\"event\",\"id\":\"%s\",\"ticket\":\"%s\",\"kind\":\"note\",\"at\":1399680142000,\"data\":{\"text\":"
                            "\"e\",\"type\":\"note\"}}",
                            old, ticket);
  town_add (town, before);
  {
    g_autofree char *texts = import_notes (town, NOTE ("e") "," NOTE ("f"));

    g_assert_cmpstr (texts, ==, "a,b,b,c,d,e,f");
  }
}

/* A second note of the same words and no time of its own is another. */
static void
test_same_words_again (void)
{
  g_autoptr (Town) town = town_new ();
  static const char undated[] = "{\"type\":\"note\",\"summary\":\"x\"}";
  g_autofree char *twice = g_strdup_printf ("%s,%s", undated, undated);
  g_autofree char *first = import_notes (town, undated), *second = import_notes (town, twice), *third = import_notes (town, twice);

  g_assert_cmpstr (first, ==, "x");
  g_assert_cmpstr (second, ==, "x,x");
  g_assert_cmpstr (third, ==, "x,x");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub/open311/row", test_row);
  g_test_add_func ("/hub/open311/options", test_options);
  g_test_add_func ("/hub/open311/refused-rows", test_refused_rows);
  g_test_add_func ("/hub/open311/bad-lists", test_bad_lists);
  g_test_add_func ("/hub/open311/mutations", test_mutations);
  g_test_add_func ("/hub/open311/real", test_real);
  g_test_add_func ("/hub/open311/real-mutations", test_real_mutations);
  g_test_add_func ("/open311/number-that-cannot-be-kept", test_number_that_cannot_be_kept);
  g_test_add_func ("/open311/notes-in-another-order", test_notes_in_another_order);
  g_test_add_func ("/open311/same-words-again", test_same_words_again);
  return g_test_run ();
}
