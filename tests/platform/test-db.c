/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/db.h"

#include <glib/gstdio.h>

#define MIB (1 << 20)
/* The limit that is set when a database is opened, and a page or so. */
#define MOST_WAL (8 * MIB + 64 * 1024)

static gint64
wal_size (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  GStatBuf info;

  return g_stat (wal, &info) == 0 ? (gint64) info.st_size : 0;
}

static void
write_some (ShtDb *db)
{
  g_autoptr (GError) error = NULL;

  sht_db_run (db, &error, "UPDATE t SET bytes = randomblob (1000000)", "");
  g_assert_no_error (error);
}

/* A reader that stays keeps the log from being begun anew; when it has gone, the file has to become small again. */
static void
test_long_reader (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("shetach-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.db", NULL);
  ShtDb *writer = sht_db_open (path, FALSE, NULL, &error);
  ShtDb *reader = sht_db_open (path, TRUE, NULL, &error);

  g_assert_no_error (error);
  sht_db_exec (writer, "CREATE TABLE t (bytes); INSERT INTO t VALUES (1);", &error);
  sht_db_exec (reader, "BEGIN; SELECT * FROM t;", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 24; i++)
    write_some (writer);
  g_assert_cmpint (wal_size (path), >, 16 * MIB);
  sht_db_exec (reader, "COMMIT", &error);
  for (guint i = 0; i < 4; i++)
    write_some (writer);
  g_assert_no_error (error);
  g_assert_cmpint (wal_size (path), <, MOST_WAL);
  sht_db_close (reader);
  sht_db_close (writer);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/db/trap_21-wal-under-a-long-reader", test_long_reader);
  return g_test_run ();
}
