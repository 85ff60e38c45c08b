/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/calendar.h"
#include "core/json.h"
#include "hub/levels/levels.h"

#include <string.h>

static char *
text_of (JsonArray *array)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), array);

  return json_to_string (node, FALSE);
}

static void
test_week (void)
{
  static const struct
  {
    const char *text;
    const char *week; /* NULL: refused */
  } rows[] = {
    { "sun-thu 07:30-15:30; fri 07:30-13:00",
      "[[[450,930]],[[450,930]],[[450,930]],[[450,930]],[[450,930]],[[450,780]],[]]" },
    { "SUN-SAT 00:00-24:00", "[[[0,1440]],[[0,1440]],[[0,1440]],[[0,1440]],[[0,1440]],[[0,1440]],[[0,1440]]]" },
    { "mon 08:00-12:00, 13:00-17:00;", "[[],[[480,720],[780,1020]],[],[],[],[],[]]" },
    { "", "[[],[],[],[],[],[],[]]" },
    { "sun-thu", NULL },
    { "thu-sun 07:30-15:30", NULL },
    { "sun 7:30-15:30", NULL },
    { "sun 07:30-15:61", NULL },
    { "sun 07:30-24:01", NULL },
    { "sun 07:30", NULL },
    { "sun 07:30-15:30; sun 16:00-17:00", NULL },
    { "someday 07:30-15:30", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonArray) week = sht_levels_parse_week (rows[i].text, &error);
      g_autofree char *said = week != NULL ? text_of (week) : NULL;

      g_assert_cmpstr (said, ==, rows[i].week);
      g_assert_true ((week == NULL) == g_error_matches (error, SHT_LEVELS_ERROR, SHT_LEVELS_ERROR_INVALID));
    }
}

static void
test_offsets (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonArray) offsets = sht_levels_offsets ("Asia/Jerusalem", &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = text_of (offsets);
  /* 2026-03-27 and 2026-10-25, both at 02:00 by the wall clock */
  g_assert_nonnull (strstr (text, "[1774569600,180],[1792882800,120]"));
  g_assert_null (sht_levels_offsets ("Nowhere/Nothing", &error));
  g_assert_error (error, SHT_LEVELS_ERROR, SHT_LEVELS_ERROR_INVALID);
}

/* --- holidays --- */

#define WEEK "sun-thu 07:30-15:30; fri 07:30-13:00"

static gboolean
read_ics (const char *events, JsonObject **days, JsonObject **names, GError **error)
{
  g_autofree char *ics = g_strconcat ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n", events, "END:VCALENDAR\r\n", NULL);
  g_autoptr (JsonArray) week = sht_levels_parse_week (WEEK, NULL);

  return sht_levels_read_holidays (ics, strlen (ics), "Asia/Jerusalem", week, days, names, error);
}

#define EVENT(lines) "BEGIN:VEVENT\r\nUID:1@x\r\nDTSTAMP:20250101T000000Z\r\n" lines "END:VEVENT\r\n"

static void
assert_days (const char *events, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) days = NULL, names = NULL;
  g_autofree char *said = NULL;

  read_ics (events, &days, &names, &error);
  g_assert_no_error (error);
  said = sht_json_to_string (days);
  g_assert_cmpstr (said, ==, wanted);
}

static void
test_events (void)
{
  /* a day; several; one without an end */
  assert_days (EVENT ("DTSTART;VALUE=DATE:20260422\r\nDTEND;VALUE=DATE:20260423\r\n"), "{\"2026-04-22\":[]}");
  assert_days (EVENT ("DTSTART;VALUE=DATE:20260420\r\nDTEND;VALUE=DATE:20260423\r\n"),
               "{\"2026-04-20\":[],\"2026-04-21\":[],\"2026-04-22\":[]}");
  assert_days (EVENT ("DTSTART;VALUE=DATE:20260422\r\n"), "{\"2026-04-22\":[]}");
  /* an afternoon by the wall clock, in UTC, in another zone's time, over midnight; an hour at noon */
  assert_days (EVENT ("DTSTART:20260421T130000\r\nDTEND:20260422T000000\r\n"), "{\"2026-04-21\":[[450,780]]}");
  assert_days (EVENT ("DTSTART:20260421T100000Z\r\nDTEND:20260421T210000Z\r\n"), "{\"2026-04-21\":[[450,780]]}");
  assert_days (EVENT ("DTSTART;TZID=Europe/Paris:20260421T120000\r\nDTEND;TZID=Europe/Paris:20260421T220000\r\n"),
               "{\"2026-04-21\":[[450,780]]}");
  assert_days (EVENT ("DTSTART:20260421T130000\r\nDURATION:PT20H\r\n"), "{\"2026-04-21\":[[450,780]],\"2026-04-22\":[[540,930]]}");
  assert_days (EVENT ("DTSTART:20260421T120000\r\nDTEND:20260421T130000\r\n"), "{\"2026-04-21\":[[450,720],[780,930]]}");
  /* each year, but for one */
  assert_days (EVENT ("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=YEARLY;COUNT=4\r\nEXDATE;VALUE=DATE:20270101\r\n"),
               "{\"2026-01-01\":[],\"2029-01-01\":[]}");
  /* what is marked free, or cancelled, or on a Saturday changes nothing */
  assert_days (EVENT ("DTSTART;VALUE=DATE:20260422\r\n") EVENT ("DTSTART;VALUE=DATE:20260420\r\nTRANSP:TRANSPARENT\r\n")
                 EVENT ("DTSTART;VALUE=DATE:20260421\r\nSTATUS:CANCELLED\r\n") EVENT ("DTSTART;VALUE=DATE:20260425\r\n"),
               "{\"2026-04-22\":[]}");
}

static void
test_bad_files (void)
{
  static const char *const bad[] = {
    "", "hello", "BEGIN:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n",
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nSUMMARY:when?\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nDTSTART:20261399\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    /* each day for ever */
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n",
    "BEGIN:VCALENDAR\r\nSUMMARY:\xff\xfe\r\nEND:VCALENDAR\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonArray) week = sht_levels_parse_week (WEEK, NULL);
      JsonObject *days = NULL, *names = NULL;

      if (sht_levels_read_holidays (bad[i], strlen (bad[i]), "Asia/Jerusalem", week, &days, &names, &error))
        g_error ("%u was taken: %s", i, bad[i]);
      g_assert_error (error, SHT_LEVELS_ERROR, SHT_LEVELS_ERROR_INVALID);
      g_assert_null (days);
    }
}

/* Days without work and their eves, as the tables of Israeli practice have them for these years. */
static void
test_israel (void)
{
  static const char *const closed[] = {
    "2026-04-02", "2026-04-08", "2026-04-22", "2026-05-22", "2026-09-12", "2026-09-13", "2026-09-21", "2026-09-26", "2026-10-03",
    "2027-04-22", "2027-04-28", "2027-05-12", "2027-06-11", "2027-10-02", "2027-10-03", "2027-10-11", "2027-10-16", "2027-10-23",
    "2028-04-11", "2028-04-17", "2028-05-02", "2028-05-31", "2028-09-21", "2028-09-22", "2028-09-30", "2028-10-05", "2028-10-12",
  };
  static const char *const eves[] = {
    "2026-04-01", "2026-04-07", "2026-04-21", "2026-05-21", "2026-09-11", "2026-09-20", "2026-09-25", "2026-10-02",
    "2027-04-21", "2027-04-27", "2027-05-11", "2027-06-10", "2027-10-01", "2027-10-10", "2027-10-15", "2027-10-22",
    "2028-04-10", "2028-04-16", "2028-05-01", "2028-05-30", "2028-09-20", "2028-09-29", "2028-10-04", "2028-10-11",
  };
  g_autoptr (JsonArray) week = sht_levels_parse_week ("sun-sat 07:30-15:30", NULL);
  g_autoptr (JsonObject) days = NULL, names = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *ics = NULL;
  gsize length;
  guint n = 0;
  JsonObjectIter iter;
  const char *date;
  JsonNode *hours;

  g_assert_true (g_file_get_contents (SHT_ISRAEL_ICS, &ics, &length, NULL));
  sht_levels_read_holidays (ics, length, "Asia/Jerusalem", week, &days, &names, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (closed); i++)
    g_assert_cmpuint (json_array_get_length (json_object_get_array_member (days, closed[i])), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (eves); i++)
    {
      g_autofree char *said = text_of (json_object_get_array_member (days, eves[i]));

      g_assert_cmpstr (said, ==, "[[450,780]]");
    }
  json_object_iter_init (&iter, days);
  while (json_object_iter_next (&iter, &date, &hours))
    n += date[3] >= '6' && date[3] <= '8' && date[2] == '2';
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (closed) + G_N_ELEMENTS (eves));
}

/* The sample town has the calendar that the import makes of the file. */
static void
test_sample (void)
{
  g_autofree char *ics = NULL, *town = NULL, *made = NULL, *there = NULL;
  g_autoptr (JsonArray) week = sht_levels_parse_week ("sun-thu 07:30-15:30", NULL);
  g_autoptr (JsonObject) days = NULL, names = NULL, sample = NULL;
  JsonObject *calendar;
  gsize length;

  g_assert_true (g_file_get_contents (SHT_ISRAEL_ICS, &ics, &length, NULL));
  g_assert_true (sht_levels_read_holidays (ics, length, "Asia/Jerusalem", week, &days, &names, NULL));
  g_assert_true (g_file_get_contents (SHT_SAMPLE_TOWN, &town, NULL, NULL));
  sample = sht_json_parse_object (town, -1, NULL);
  calendar = json_array_get_object_element (sht_json_array (sample, "calendars"), 0);
  made = sht_json_to_string (days);
  there = sht_json_to_string (sht_json_object (calendar, "days"));
  g_assert_cmpstr (there, ==, made);
}

/* --- targets --- */

static GHashTable *
set_of (const char *const *names)
{
  GHashTable *set = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; names[i] != NULL; i++)
    g_hash_table_add (set, (gpointer) names[i]);
  return set;
}

typedef struct
{
  GHashTable *services, *departments, *calendars;
} Town;

static void
town_init (Town *town)
{
  static const char *const codes[] = { "hole", "tree" };
  static const char *const departments[] = { "roads", "water", NULL };
  static const char *const calendars[] = { "town", "always", NULL };

  town->services = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) json_object_unref);
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *text
        = g_strdup_printf ("{\"t\":\"service\",\"id\":\"%s\",\"targets\":[{\"milestone\":\"complete\",\"amount\":9,\"unit\":\"days\"}],"
                           "\"pauses\":[\"parts\"]}",
                           codes[i]);

      g_hash_table_insert (town->services, (gpointer) codes[i], sht_json_parse_object (text, -1, NULL));
    }
  town->departments = set_of (departments);
  town->calendars = set_of (calendars);
}

static void
town_clear (Town *town)
{
  g_hash_table_unref (town->services);
  g_hash_table_unref (town->departments);
  g_hash_table_unref (town->calendars);
}

static GPtrArray *
read_csv (Town *town, const char *csv, GError **error)
{
  return sht_levels_read_targets (csv, strlen (csv), &(ShtLevelsTown) { town->services, town->departments, town->calendars }, error);
}

static void
test_targets (void)
{
  Town town;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changed = NULL;
  g_autofree char *hole = NULL, *tree = NULL, *written = NULL;

  town_init (&town);
  /* as a spreadsheet writes it: a mark first, other line ends, columns in its own order, quotes and blank lines */
  changed = read_csv (&town,
                      "\xef\xbb\xbfmilestone,service,unit,amount,priority,department,source,pauses\r\n"
                      "first_response,hole,working_hours,4,,,\"charter, page \"\"3\"\"\",resident weather\r\n\r\n,,,,\r\n"
                      "complete,hole,working_days,5,,,,\r\ncomplete,hole,working_hours,6,urgent,,,\r\n"
                      "complete,hole,days,3,,water,\"over\nlines\",",
                      &error);
  g_assert_no_error (error);
  g_assert_cmpuint (changed->len, ==, 1);
  hole = sht_json_to_string (g_hash_table_lookup (town.services, "hole"));
  g_assert_cmpstr (hole, ==,
                   "{\"t\":\"service\",\"id\":\"hole\",\"targets\":[{\"amount\":4,\"milestone\":\"first_response\",\"unit\":"
                   "\"working_hours\",\"source\":\"charter, page \\\"3\\\"\"},{\"amount\":5,\"milestone\":\"complete\",\"unit\":"
                   "\"working_days\"},{\"amount\":6,\"milestone\":\"complete\",\"unit\":\"working_hours\",\"priority\":\"urgent\"},"
                   "{\"amount\":3,\"milestone\":\"complete\",\"unit\":\"days\",\"department\":\"water\",\"source\":\"over\\nlines\"}],"
                   "\"pauses\":[\"resident\",\"weather\"]}");
  tree = sht_json_to_string (g_hash_table_lookup (town.services, "tree"));
  g_assert_nonnull (strstr (tree, "\"amount\":9"));
  /* what is written is read again as it was */
  written = sht_levels_write_targets (changed);
  {
    Town again;
    g_autoptr (GPtrArray) read = NULL;
    g_autofree char *same = NULL;

    town_init (&again);
    read = read_csv (&again, written, &error);
    g_assert_no_error (error);
    same = sht_json_to_string (g_hash_table_lookup (again.services, "hole"));
    g_assert_cmpstr (same, ==, hole);
    town_clear (&again);
  }
  town_clear (&town);
}

static void
test_bad_targets (void)
{
#define HEAD "service,milestone,amount,unit,priority,department,calendar,pauses\n"
  static const struct
  {
    const char *csv;
    const char *said;
  } rows[] = {
    { "", "line 1: the column “service” is missing" },
    { "service,milestone,unit\n", "line 1: the column “amount” is missing" },
    { "service,milestone,amount,unit,colour\n", "line 1: there is no column “colour”" },
    { "service,service,milestone,amount,unit\n", "line 1: the column “service” is there twice" },
    { HEAD, "line 1: it has no target" },
    { HEAD "hole,complete,5,days,,,,\nnothing,complete,5,days,,,,\n", "line 3: there is no service “nothing”" },
    { HEAD "hole,finish,5,days\n", "line 2: a milestone is" },
    { HEAD "hole,complete,5,weeks\n", "line 2: a unit is" },
    { HEAD "hole,complete,0,days\n", "line 2: an amount is" },
    { HEAD "hole,complete,1.5,days\n", "line 2: an amount is" },
    { HEAD "hole,complete,,days\n", "line 2: an amount is" },
    { HEAD "hole,complete,100001,days\n", "line 2: an amount is" },
    { HEAD "hole,complete,5,days,high\n", "line 2: a priority is" },
    { HEAD "hole,complete,5,days,,parks\n", "line 2: there is no department “parks”" },
    { HEAD "hole,first_response,5,days,,water\n", "line 2: a department's own leg" },
    { HEAD "hole,complete,5,days,,,sometimes\n", "line 2: there is no calendar “sometimes”" },
    { HEAD "hole,complete,5,days,,,,lunch\n", "line 2: what stops the clock is" },
    { HEAD "hole,complete,5,days\n\"\n\n\"\nhole,complete,6,days\n", "line 6: “hole” has such a target already" },
    { HEAD "hole\n", "line 2: a milestone is" },
    { "\xff\xfe" HEAD, "line 1: it is no text" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Town town;
      g_autoptr (GError) error = NULL;
      GPtrArray *changed;

      town_init (&town);
      changed = read_csv (&town, rows[i].csv, &error);
      g_assert_null (changed);
      g_assert_error (error, SHT_LEVELS_ERROR, SHT_LEVELS_ERROR_INVALID);
      if (!g_str_has_prefix (error->message, rows[i].said))
        g_error ("%s is answered “%s”", rows[i].csv, error->message);
      town_clear (&town);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/levels/week", test_week);
  g_test_add_func ("/levels/offsets", test_offsets);
  g_test_add_func ("/levels/events", test_events);
  g_test_add_func ("/levels/bad-files", test_bad_files);
  g_test_add_func ("/levels/israel", test_israel);
  g_test_add_func ("/levels/sample", test_sample);
  g_test_add_func ("/levels/targets", test_targets);
  g_test_add_func ("/levels/bad-targets", test_bad_targets);
  return g_test_run ();
}
