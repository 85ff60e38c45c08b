/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/id.h"
#include "core/json-guard.h"
#include "core/json-slice.h"
#include "hub/sample/sample.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* 2026-11-23 10:00 in the sample town, a Monday. */
#define NOW G_GINT64_CONSTANT (1795420800000)

static gboolean
keep_line (gpointer data, const char *json, GError **error)
{
  g_ptr_array_add (data, g_strdup (json));
  return TRUE;
}

static GPtrArray *
generate (guint tickets, guint64 seed, gint64 now)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  gboolean ok
      = sht_sample_generate (g_getenv ("SHETACH_SAMPLE"), tickets, seed, now, keep_line, lines, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  return lines;
}

static ShtJsonSlice
parse (const char *line)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = sht_json_guard (line, strlen (line), SHT_JSON_MAX_DEPTH, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_null (strchr (line, '\n'));
  g_assert_true (g_str_has_prefix (line, "{\"t\":\""));
  return sht_json_slice_root (line, strlen (line));
}

static char *
text (ShtJsonSlice entity, const char *name)
{
  return sht_json_slice_member_string (entity, name);
}

static gint64
number (ShtJsonSlice entity, const char *name)
{
  gint64 value = 0;

  sht_json_slice_int (sht_json_slice_member (entity, name), &value);
  return value;
}

static gboolean
is_type (ShtJsonSlice entity, const char *type)
{
  return sht_json_slice_equals (sht_json_slice_member (entity, "t"), type);
}

static char *
digest (GPtrArray *lines)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < lines->len; i++)
    {
      g_checksum_update (sum, lines->pdata[i], -1);
      g_checksum_update (sum, (const guchar *) "\n", 1);
    }
  return g_strdup (g_checksum_get_string (sum));
}

static void
test_repeats (void)
{
  g_autoptr (GPtrArray) first = generate (400, 1, NOW);
  g_autoptr (GPtrArray) second = generate (400, 1, NOW);
  g_autoptr (GPtrArray) other = generate (400, 2, NOW);
  g_autofree char *a = digest (first), *b = digest (second), *c = digest (other);

  g_assert_cmpstr (a, ==, b);
  g_assert_cmpstr (a, !=, c);
  g_test_message ("sha-256 %s", a);
}

static void
test_counts (void)
{
  static const struct {
    const char *type;
    guint least, most;
  } want[] = { { "department", 5, 5 }, { "crew", 8, 8 },    { "person", 23, 40 },  { "service", 14, 40 },
               { "layer", 5, 5 },
               { "place", 60, 100 },   { "ticket", 400, 400 }, { "event", 1600, 4000 } };
  g_autoptr (GPtrArray) lines = generate (400, 1, NOW);
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint k = 0; k < G_N_ELEMENTS (want); k++)
    {
      guint n = 0;

      for (guint i = 0; i < lines->len; i++)
        n += is_type (parse (lines->pdata[i]), want[k].type);
      g_test_message ("%s: %u", want[k].type, n);
      g_assert_cmpuint (n, >=, want[k].least);
      g_assert_cmpuint (n, <=, want[k].most);
    }
  for (guint i = 0; i < lines->len; i++)
    {
      ShtJsonSlice entity = parse (lines->pdata[i]);
      g_autofree char *type = text (entity, "t"), *id = text (entity, "id"), *no = text (entity, "number");

      if (strcmp (type, "ticket") == 0 || strcmp (type, "event") == 0 || strcmp (type, "place") == 0)
        g_assert_true (sht_id_is_valid (id));
      g_assert_true (g_hash_table_add (ids, g_strconcat (type, "/", id, NULL)));
      if (no != NULL)
        {
          g_assert_true (g_str_has_prefix (no, "106-2026-"));
          g_assert_true (g_hash_table_add (ids, g_strconcat ("number/", no, NULL)));
        }
    }
}

/* The rule that the generator's documentation gives, applied to the events. */
static char *
replay (char *status, ShtJsonSlice event)
{
  ShtJsonSlice data = sht_json_slice_member (event, "data");
  ShtJsonSlice kind = sht_json_slice_member (event, "kind");
  g_autofree char *from = text (data, "from");

  if (sht_json_slice_equals (kind, "status"))
    {
      g_assert_cmpstr (from, ==, status);
      g_free (status);
      return text (data, "to");
    }
  if (sht_json_slice_equals (kind, "created"))
    {
      g_assert_null (status);
      return g_strdup ("new");
    }
  if (sht_json_slice_equals (kind, "assigned") || sht_json_slice_equals (kind, "handed_over"))
    {
      g_free (status);
      return g_strdup (sht_json_slice_equals (kind, "assigned") ? "assigned" : "new");
    }
  return status;
}

static void
check_ticket (ShtJsonSlice ticket, GPtrArray *lines, guint next, gint64 now)
{
  static const char *const over[] = { "done", "closed", "cancelled", "duplicate", "forwarded", NULL };
  g_autofree char *id = text (ticket, "id"), *want = text (ticket, "status");
  g_autofree char *dup = text (ticket, "duplicate_of"), *waiting = text (ticket, "waiting_for");
  g_autofree char *status = NULL, *crew = NULL;
  gint64 last = number (ticket, "created_at"), over_at = 0;

  for (; next < lines->len && is_type (parse (lines->pdata[next]), "event"); next++)
    {
      ShtJsonSlice event = parse (lines->pdata[next]);
      ShtJsonSlice data = sht_json_slice_member (event, "data");
      g_autofree char *of = text (event, "ticket");

      g_assert_cmpstr (of, ==, id);
      g_assert_cmpint (number (event, "at"), >=, last);
      last = number (event, "at");
      g_assert_cmpint (number (event, "received_at"), >=, last);
      g_assert_cmpint (number (event, "received_at"), <=, now);
      if (sht_json_slice_equals (sht_json_slice_member (event, "kind"), "assigned"))
        {
          g_free (crew);
          crew = text (data, "crew");
        }
      else if (sht_json_slice_equals (sht_json_slice_member (event, "kind"), "handed_over"))
        g_clear_pointer (&crew, g_free);
      status = replay (g_steal_pointer (&status), event);
      if (!g_strv_contains (over, status))
        over_at = 0;
      else if (over_at == 0)
        over_at = last;
    }
  g_assert_cmpstr (status, ==, want);
  g_assert_cmpint (number (ticket, "updated_at"), ==, last);
  g_assert_cmpint (number (ticket, "closed_at"), ==, over_at);
  g_assert_cmpint (waiting != NULL, ==, strcmp (want, "waiting") == 0);
  g_assert_cmpint (dup != NULL, ==, strcmp (want, "duplicate") == 0);
  if (crew != NULL)
    g_assert_true (sht_json_slice_equals (sht_json_slice_member (ticket, "crew"), crew));
  else
    g_assert_cmpint (sht_json_slice_kind (sht_json_slice_member (ticket, "crew")), ==, SHT_JSON_ABSENT);
}

static void
test_journeys (gconstpointer now)
{
  gint64 at = NOW + (gint64) GPOINTER_TO_INT (now) * 3600000;
  g_autoptr (GPtrArray) lines = generate (3000, 7, at);

  for (guint i = 0; i < lines->len; i++)
    {
      ShtJsonSlice entity = parse (lines->pdata[i]);

      if (is_type (entity, "ticket"))
        check_ticket (entity, lines, i + 1, at);
    }
}

static GHashTable *
by_id (GPtrArray *lines)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < lines->len; i++)
    g_hash_table_insert (table, text (parse (lines->pdata[i]), "id"), lines->pdata[i]);
  return table;
}

static const char *const asked[] = { "attributes", "form" };

static ShtJsonSlice
question (ShtJsonSlice service, ShtJsonSlice code)
{
  g_autofree char *name = sht_json_slice_string (code);
  ShtJsonIter iter;
  ShtJsonSlice value;

  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      sht_json_iter_init (&iter, sht_json_slice_member (service, asked[i]));
      while (sht_json_iter_next (&iter, NULL, &value))
        if (sht_json_slice_equals (sht_json_slice_member (value, "code"), name))
          return value;
    }
  return (ShtJsonSlice) { NULL, 0 };
}

static void
assert_key (ShtJsonSlice q, ShtJsonSlice answer)
{
  g_autofree char *key = sht_json_slice_string (answer);
  ShtJsonIter iter;
  ShtJsonSlice value;
  gboolean found = FALSE;

  sht_json_iter_init (&iter, sht_json_slice_member (q, "values"));
  while (sht_json_iter_next (&iter, NULL, &value))
    found |= sht_json_slice_equals (sht_json_slice_member (value, "key"), key);
  g_assert_true (found);
}

static void
check_answers (ShtJsonSlice ticket, ShtJsonSlice service)
{
  ShtJsonSlice answers = sht_json_slice_member (ticket, "answers");
  g_autofree char *status = text (ticket, "status");
  ShtJsonIter iter, inner;
  ShtJsonSlice key, value, one;

  sht_json_iter_init (&iter, answers);
  while (sht_json_iter_next (&iter, &key, &value))
    {
      ShtJsonSlice q = question (service, key);
      g_autofree char *type = text (q, "datatype");

      g_assert_nonnull (type);
      if (strcmp (type, "multivaluelist") == 0)
        {
          g_assert_cmpuint (sht_json_slice_count (value), >, 0);
          sht_json_iter_init (&inner, value);
          while (sht_json_iter_next (&inner, NULL, &one))
            assert_key (q, one);
        }
      else if (strcmp (type, "singlevaluelist") == 0)
        assert_key (q, value);
      else
        g_assert_cmpint (sht_json_slice_kind (value), ==,
                         strcmp (type, "number") == 0 ? SHT_JSON_NUMBER : SHT_JSON_STRING);
    }
  /* What is asked at the opening was answered then; what the work is asked, once it is done. */
  for (guint i = 0; i < (strcmp (status, "done") == 0 || strcmp (status, "closed") == 0 ? 2 : 1); i++)
    {
      sht_json_iter_init (&iter, sht_json_slice_member (service, asked[i]));
      while (sht_json_iter_next (&iter, NULL, &value))
        {
          g_autofree char *code = text (value, "code");

          if (sht_json_slice_member (value, "required").length == strlen ("true"))
            g_assert_cmpint (sht_json_slice_kind (sht_json_slice_member (answers, code)), !=, SHT_JSON_ABSENT);
        }
    }
}

static void
test_references (void)
{
  static const char *const members[]
      = { "service", "department", "crew", "place", "duplicate_of", "ticket", NULL };
  g_autoptr (GPtrArray) lines = generate (2000, 3, NOW);
  g_autoptr (GHashTable) table = by_id (lines);

  for (guint i = 0; i < lines->len; i++)
    {
      ShtJsonSlice entity = parse (lines->pdata[i]);

      for (guint k = 0; members[k] != NULL; k++)
        {
          g_autofree char *id = text (entity, members[k]);

          if (id != NULL)
            g_assert_true (g_hash_table_contains (table, id));
        }
      if (is_type (entity, "ticket") || is_type (entity, "place"))
        {
          g_assert_cmpint (number (entity, "lat_e7"), >, 312283000);
          g_assert_cmpint (number (entity, "lat_e7"), <, 312517000);
          g_assert_cmpint (number (entity, "lon_e7"), >, 345836000);
          g_assert_cmpint (number (entity, "lon_e7"), <, 346164000);
        }
      if (is_type (entity, "ticket"))
        {
          g_autofree char *service = text (entity, "service");

          check_answers (entity, parse (g_hash_table_lookup (table, service)));
        }
    }
}

static const char *const statuses[]
    = { "new",      "assigned",  "on_the_way", "in_progress", "waiting",  "done",
        "closed",   "reopened",  "forwarded",  "duplicate",   "cancelled" };

/* Counts statuses, and asserts that every crew has a list that a crew could have. */
static void
count_mix (guint64 seed, guint count[G_N_ELEMENTS (statuses)])
{
  g_autoptr (GPtrArray) lines = generate (400, seed, NOW);
  g_autoptr (GHashTable) open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer crew, n;

  for (guint i = 0; i < lines->len; i++)
    {
      ShtJsonSlice entity = parse (lines->pdata[i]);
      g_autofree char *at = text (entity, "crew");

      for (guint k = 0; is_type (entity, "ticket") && k < G_N_ELEMENTS (statuses); k++)
        {
          if (!sht_json_slice_equals (sht_json_slice_member (entity, "status"), statuses[k]))
            continue;
          count[k]++;
          if (k >= 1 && k <= 5 && at != NULL)
            g_hash_table_replace (
                open, g_strdup (at),
                GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (open, at)) + 1));
        }
    }
  g_assert_cmpuint (g_hash_table_size (open), ==, 8);
  g_hash_table_iter_init (&iter, open);
  while (g_hash_table_iter_next (&iter, &crew, &n))
    {
      g_test_message ("seed %u, %s: %u open", (guint) seed, (char *) crew, GPOINTER_TO_UINT (n));
      g_assert_cmpuint (GPOINTER_TO_UINT (n), >=, 2);
      g_assert_cmpuint (GPOINTER_TO_UINT (n), <=, 25);
    }
}

static void
test_mix (void)
{
  guint all[G_N_ELEMENTS (statuses)] = { 0 };

  for (guint64 seed = 1; seed <= 10; seed++)
    {
      guint count[G_N_ELEMENTS (statuses)] = { 0 };

      count_mix (seed, count);
      for (guint k = 0; k < G_N_ELEMENTS (statuses); k++)
        {
          all[k] += count[k];
          if (count[k] == 0)
            g_test_message ("seed %u has none %s", (guint) seed, statuses[k]);
          /* The seed that everybody uses shows everything. */
          if (seed == 1)
            g_assert_cmpuint (count[k], >, 0);
        }
    }
  for (guint k = 0; k < G_N_ELEMENTS (statuses); k++)
    {
      g_test_message ("%s: %u of 4000", statuses[k], all[k]);
      g_assert_cmpuint (all[k], >, 5);
    }
  g_assert_cmpuint (all[6], >, 2000);
}

static gboolean
refuse_fifth (gpointer data, const char *json, GError **error)
{
  if (++*(guint *) data < 5)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  return FALSE;
}

static void
test_stops (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) missing = NULL;
  guint n = 0;

  g_assert_false (sht_sample_generate (g_getenv ("SHETACH_SAMPLE"), 5, 1, NOW, refuse_fifth, &n, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpuint (n, ==, 5);
  g_assert_false (sht_sample_generate ("/nonexistent", 5, 1, NOW, refuse_fifth, &n, &missing));
  g_assert_error (missing, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

/* The committed plan is what its script draws. */
static void
test_plan (void)
{
  static const char *const files[] = { "town.geojson", "places.geojson" };
  const char *folder = g_getenv ("SHETACH_SAMPLE");
  g_autofree char *script = g_build_filename (folder, "make-town.py", NULL);
  g_autofree char *out = g_dir_make_tmp ("shetach-town-XXXXXX", NULL);
  g_autofree char *python = g_find_program_in_path ("python3");
  const char *argv[] = { python, script, out, NULL };
  g_autoptr (GError) error = NULL;
  int status = -1;

  if (python == NULL)
    {
      g_test_skip ("no python3");
      g_rmdir (out);
      return;
    }
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *a = g_build_filename (folder, files[i], NULL);
      g_autofree char *b = g_build_filename (out, files[i], NULL);
      g_autofree char *x = NULL, *y = NULL;
      gsize n = 0, m = 0;

      g_assert_true (g_file_get_contents (a, &x, &n, NULL));
      g_assert_true (g_file_get_contents (b, &y, &m, NULL));
      g_assert_cmpmem (x, n, y, m);
      g_remove (b);
    }
  g_rmdir (out);
}

static gboolean
weigh (gpointer data, const char *json, GError **error)
{
  guint64 *sums = data;

  if (g_str_has_prefix (json, "{\"t\":\"ticket\""))
    {
      sums[0]++;
      sums[1] += strlen (json);
    }
  else
    sums[2]++;
  return TRUE;
}

/* Told, not asserted: machines differ. */
static void
test_many (void)
{
  guint n = g_test_slow () ? 100000 : 5000;
  guint64 sums[3] = { 0 };
  gint64 start = g_get_monotonic_time ();

  g_assert_true (sht_sample_generate (g_getenv ("SHETACH_SAMPLE"), n, 1, NOW, weigh, sums, NULL));
  g_assert_cmpuint (sums[0], ==, n);
  g_assert_cmpuint (sums[1] / n, >, 800);
  g_assert_cmpuint (sums[1] / n, <, 1400);
  g_test_message ("%u tickets in %.2f s, %" G_GUINT64_FORMAT " bytes a ticket, %" G_GUINT64_FORMAT " others",
                  n, (double) (g_get_monotonic_time () - start) / 1e6, sums[1] / n, sums[2]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub/sample/repeats", test_repeats);
  g_test_add_func ("/hub/sample/counts", test_counts);
  g_test_add_data_func ("/hub/sample/journeys/morning", GINT_TO_POINTER (0), test_journeys);
  g_test_add_data_func ("/hub/sample/journeys/night", GINT_TO_POINTER (-9), test_journeys);
  g_test_add_data_func ("/hub/sample/journeys/saturday", GINT_TO_POINTER (-48), test_journeys);
  g_test_add_data_func ("/hub/sample/journeys/summer-time", GINT_TO_POINTER (-28 * 24), test_journeys);
  g_test_add_func ("/hub/sample/references", test_references);
  g_test_add_func ("/hub/sample/mix", test_mix);
  g_test_add_func ("/hub/sample/stops", test_stops);
  g_test_add_func ("/hub/sample/plan", test_plan);
  g_test_add_func ("/hub/sample/many", test_many);
  return g_test_run ();
}
