/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/recent-log.h"
#include "tablet/store/diagnosis.h"
#include "tests/tablet/tablet-fixture.h"

#include <archive.h>
#include <archive_entry.h>

/* That nothing personal is in a diagnosis file, whatever column it stands in. */

#define MARKER "MARKER"
#define HEBREW "דנה כהן"

/* All texts of an archive, their names before them. */
static char *
read_archive (const char *path)
{
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  GString *all = g_string_new (NULL);

  archive_read_support_filter_gzip (archive);
  archive_read_support_format_tar (archive);
  g_assert_cmpint (archive_read_open_filename (archive, path, 10240), ==, ARCHIVE_OK);
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK)
    {
      gsize size = (gsize) archive_entry_size (entry);
      g_autofree char *text = g_malloc0 (size + 1);

      g_assert_cmpint (archive_read_data (archive, text, size), ==, size);
      g_assert_true (g_utf8_validate (text, (gssize) size, NULL));
      g_string_append_printf (all, "== %s\n%s\n", archive_entry_pathname (entry), text);
    }
  archive_read_free (archive);
  return g_string_free (all, FALSE);
}

/* Each column that can hold text gets a marker, in each row that is there and in one more. */
static void
mark_table (Tablet *tablet, const char *table)
{
  g_autofree char *info = g_strdup_printf ("SELECT name FROM pragma_table_info('%s')", table);
  g_autoptr (GString) columns = g_string_new (NULL), values = g_string_new (NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  ShtStmt *stmt = sht_db_query_built (tablet->store->db, info);
  g_autofree char *insert = NULL;

  while (sht_stmt_step (stmt))
    g_ptr_array_add (names, sht_stmt_dup (stmt, 0));
  g_assert_true (sht_stmt_end (stmt, NULL));
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *update = g_strdup_printf ("UPDATE OR IGNORE \"%s\" SET \"%s\" = '" MARKER "' || hex (randomblob (6))", table, name);

      /* What may hold numbers alone refuses it. */
      sht_db_exec (tablet->store->db, update, NULL);
      g_string_append_printf (columns, "%s\"%s\"", i > 0 ? ", " : "", name);
      g_string_append_printf (values, "%s'" MARKER "' || hex (randomblob (6))", i > 0 ? ", " : "");
    }
  insert = g_strdup_printf ("INSERT OR IGNORE INTO \"%s\" (%s) VALUES (%s)", table, columns->str, values->str);
  sht_db_exec (tablet->store->db, insert, NULL);
}

static guint
mark_all (Tablet *tablet)
{
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (g_free);
  ShtStmt *stmt = sht_db_query (tablet->store->db,
                                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
                                " AND name NOT LIKE 'ticket_words_%' AND name NOT LIKE '%_spot_%' AND name NOT LIKE 'sqlite_%'",
                                "");

  while (sht_stmt_step (stmt))
    g_ptr_array_add (tables, sht_stmt_dup (stmt, 0));
  g_assert_true (sht_stmt_end (stmt, NULL));
  for (guint i = 0; i < tables->len; i++)
    mark_table (tablet, g_ptr_array_index (tables, i));
  return tables->len;
}

static void
mark_device (ShtDevice *device)
{
  char **texts[] = { &device->url, &device->id, &device->token, &device->crew, &device->department, &device->person };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_free (*texts[i]);
      *texts[i] = g_strdup (MARKER);
    }
}

static void
test_nothing_personal (void)
{
  Town *town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = g_strdup_printf (TICKET_ID, 1u);
  g_autofree char *path = NULL;
  g_autofree char *all = NULL;
  g_autofree char *photo = NULL;
  g_autofree char *lanes = NULL;
  ShtText more = { "lanes.txt", NULL };
  g_autoptr (GError) error = NULL;
  guint tables;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, id, MARKER);
  photo = tablet_photo (tablet, id, 2000, 7);
  /* what goes wrong by it is said in the log, and by the engine */
  g_message ("the note “" MARKER "” of " HEBREW ", 050-1234567, at 31.2432 34.7913, in /home/" MARKER "/x could not be kept");
  lanes = sht_engine_describe (tablet->engine);
  more.text = lanes;
  tables = mark_all (tablet);
  g_assert_cmpuint (tables, >, 15);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE bytes LIKE 'MARKER%'"), >, 0);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket WHERE status LIKE 'MARKER%' AND title LIKE 'MARKER%'"), >, 0);
  mark_device (&tablet->store->device);
  path = g_build_filename (tablet->folder, "diagnosis.tar.gz", NULL);
  sht_store_diagnose (tablet->store, path, &more, 1, &error);
  g_assert_no_error (error);
  all = read_archive (path);
  g_assert_null (strstr (all, MARKER));
  g_assert_null (strstr (all, "1234567"));
  g_assert_null (strstr (all, "31.2432"));
  g_assert_null (strstr (all, "דנה"));
  g_assert_null (strstr (all, "127.0.0.1"));
  /* and yet it says something */
  for (const char *const *one = (const char *const[]){ "== shetach-diagnosis/README.txt", "== shetach-diagnosis/tablet.txt",
                                                       "== shetach-diagnosis/log.txt", "schema", "the note … of", "could not be kept",
                                                       "steps: rests", "faults found by SQLite       0", "photos", NULL };
       *one != NULL; one++)
    if (strstr (all, *one) == NULL)
      g_error ("it does not say “%s”: %s", *one, all);
  g_clear_pointer (&tablet, tablet_free);
  town_free (town);
}

/* Where nothing can be written nothing is left. */
static void
test_nowhere (void)
{
  Town *town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (GError) error = NULL;

  g_assert_false (sht_store_diagnose (tablet->store, "/proc/nowhere/x.tar.gz", NULL, 0, &error));
  g_assert_nonnull (error);
  g_clear_pointer (&tablet, tablet_free);
  town_free (town);
}

static void
test_clean (void)
{
  static const struct
  {
    const char *said;
    const char *kept;
  } cases[] = {
    { "the tablet's store failed", "the tablet's store failed" },
    { "HTTP 503, tried 12 times", "HTTP 503, tried 12 times" },
    { "“Hole in Olive street” is gone", "… is gone" },
    { "Failed to set text 'Smith & Sons' from markup", "Failed to set text … from markup" },
    { "no \"key\" here", "no … here" },
    { "of דנה and Дана", "of … and …" },
    { "call 050-1234567 now", "call … now" },
    { "018bcfe5-6c02-7000-8000-000000000003 is there", "… is there" },
    { "hub.city.example refused, and /tmp/a b too", "… refused, and … b too" },
    { "to dana@example.org", "to …" },
    { "at 31.2432", "at …" },
    { "an open “quote", "an open …" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *kept = sht_recent_log_clean (cases[i].said);

      g_assert_cmpstr (kept, ==, cases[i].kept);
    }
}

/* The last 200 lines stay. */
static void
test_ring (void)
{
  g_autofree char *all = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < 250; i++)
    g_message ("said %u", i);
  all = sht_recent_log_get ();
  lines = g_strsplit (all, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 201);
  g_assert_true (g_str_has_suffix (lines[0], "said 50"));
  g_assert_true (g_str_has_suffix (lines[199], "said 249"));
}

int
main (int argc, char **argv)
{
  sht_recent_log_start ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnosis/clean", test_clean);
  g_test_add_func ("/diagnosis/nothing-personal", test_nothing_personal);
  g_test_add_func ("/diagnosis/nowhere", test_nowhere);
  g_test_add_func ("/diagnosis/ring", test_ring);
  return g_test_run ();
}
