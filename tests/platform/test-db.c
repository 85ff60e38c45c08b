/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/db.h"
#include "tests/simulation/disk.h"

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

static gint64
count_rows (ShtDb *db)
{
  g_autoptr (GError) error = NULL;
  gint64 n = -1;

  sht_db_get_int (db, &n, &error, "SELECT count(*) FROM t", "");
  g_assert_no_error (error);
  return n;
}

static ShtDb *
open_on (const char *path)
{
  g_autoptr (GError) error = NULL;
  ShtDb *db = sht_db_open (path, FALSE, SIM_DISK_VFS, &error);

  g_assert_no_error (error);
  return db;
}

/* A program is killed at each of a commit's writes and syncs, and the next one loses its power: what that one had seen, and
 * may have told, is still there. */
static void
test_seen_is_kept (void)
{
  gboolean was_stopped = TRUE, was_seen = FALSE;

  for (guint write = 1; was_stopped; write++)
    {
      g_autofree char *folder = g_strdup_printf ("/machine-%u", write);
      g_autofree char *path = g_build_filename (folder, "t.db", NULL);
      SimDisk *disk = sim_disk_new (folder);
      ShtDb *db = open_on (path);
      gint64 seen;

      g_assert_true (sht_db_exec (db, "CREATE TABLE t (x); INSERT INTO t VALUES (1)", NULL));
      sim_disk_die_at (disk, write);
      sht_db_run (db, NULL, "INSERT INTO t VALUES (2)", "");
      was_stopped = sim_disk_is_dead (disk);
      sim_disk_die_at (disk, 1);
      sht_db_close (db);
      sim_disk_revive (disk, FALSE, 0);
      db = open_on (path);
      seen = count_rows (db);
      was_seen |= was_stopped && seen == 2;
      sim_disk_die_at (disk, 1);
      sht_db_close (db);
      sim_disk_revive (disk, TRUE, 0);
      db = open_on (path);
      g_assert_cmpint (count_rows (db), ==, seen);
      sht_db_close (db);
      sim_disk_free (disk);
    }
  /* else there was nothing to lose */
  g_assert_true (was_seen);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/db/trap_21-wal-under-a-long-reader", test_long_reader);
  g_test_add_func ("/db/trap_27-seen-is-kept", test_seen_is_kept);
  return g_test_run ();
}
