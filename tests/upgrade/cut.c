/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut tablet|hub DATABASE: an upgrade of a copy of that database in memory is stopped at its first write, its second,
 * and so on until it is not reached any more; each time by a kill and by a loss of power. The next start finishes it, with
 * all that was there, and the copy of before is whole. */
#include "core/digest.h"
#include "hub/store/store.h"
#include "platform/durable.h"
#include "tablet/store/store.h"
#include "tests/simulation/disk.h"

#include <glib/gstdio.h>
#include <string.h>

#define TABLET_WORK "SELECT op || bytes || state || coalesce (device_seq, '') FROM op"
#define TABLET_PHOTOS "SELECT sha256 || photo || state || coalesce (url, '') FROM blob"
#define HUB_WORK "SELECT op || hash || result FROM applied_op"
#define HUB_DOCS "SELECT type || id || doc FROM entity"

typedef struct
{
  char *folder; /* where the machine's files seem to lie */
  char *path;
  gboolean is_hub;
  guint keep;
} Machine;

static void
check (gboolean truth, const char *what, guint write)
{
  if (truth)
    return;
  g_printerr ("stopped at write %u: %s\n", write, what);
  exit (1);
}

static gboolean
start (Machine *machine, GError **error)
{
  ShtStoreWorld world = *sht_store_world ();
  ShtHubStore *hub;
  ShtStore *store;

  if (machine->is_hub)
    {
      hub = sht_hub_store_open_sqlite (machine->path, SIM_DISK_VFS, error);
      g_clear_pointer (&hub, sht_hub_store_close);
      return error == NULL || *error == NULL;
    }
  world.vfs = SIM_DISK_VFS;
  world.identify = NULL;
  store = sht_store_open (machine->folder, &world, error);
  g_clear_pointer (&store, sht_store_close);
  return error == NULL || *error == NULL;
}

static void
add_rows (ShtDb *db, const char *sql, ShtDigestSum *sum)
{
  g_autoptr (GError) error = NULL;
  ShtStmt *stmt = sht_db_query_built (db, sql);

  while (sht_stmt_step (stmt))
    sht_digest_sum_add (sum, sht_stmt_text (stmt, 0), strlen (sht_stmt_text (stmt, 0)));
  if (!sht_stmt_end (stmt, &error))
    sum->sum = 0;
}

static ShtDigestSum
contents (Machine *machine, const char *path, gint64 *version)
{
  g_autoptr (GError) error = NULL;
  ShtDb *db = sht_db_open (path, FALSE, SIM_DISK_VFS, &error);
  ShtDigestSum sum = { 0 };

  *version = -1;
  if (db == NULL)
    return sum;
  sht_db_get_int (db, version, NULL, "PRAGMA user_version", "");
  add_rows (db, machine->is_hub ? HUB_WORK : TABLET_WORK, &sum);
  add_rows (db, machine->is_hub ? HUB_DOCS : TABLET_PHOTOS, &sum);
  sht_db_close (db);
  return sum;
}

static void
carry_over (const char *from, const char *to)
{
  sqlite3 *source = NULL, *target = NULL;
  sqlite3_backup *backup;

  g_assert_cmpint (sqlite3_open_v2 (from, &source, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_open_v2 (to, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, SIM_DISK_VFS), ==, SQLITE_OK);
  backup = sqlite3_backup_init (target, "main", source, "main");
  g_assert_nonnull (backup);
  g_assert_cmpint (sqlite3_backup_step (backup, -1), ==, SQLITE_DONE);
  sqlite3_backup_finish (backup);
  sqlite3_close (source);
  sqlite3_close (target);
}

static gboolean
same (ShtDigestSum a, ShtDigestSum b)
{
  return a.count == b.count && a.sum == b.sum && a.count > 0;
}

/* Returns: whether the machine still ran at the end. */
static gboolean
one (Machine *machine, SimDisk *disk, const SimDiskImage *image, ShtDigestSum before, guint write, gboolean power)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = g_strconcat (machine->path, ".before-2", NULL);
  gint64 version;
  gboolean dead;

  sim_disk_put_back (disk, image);
  sim_disk_revive (disk, FALSE, 0);
  sim_disk_die_at (disk, write);
  start (machine, &error);
  dead = sim_disk_is_dead (disk);
  check (dead || error == NULL, error != NULL ? error->message : "", write);
  g_clear_error (&error);
  sim_disk_revive (disk, power, write % machine->keep);
  check (start (machine, &error), error != NULL ? error->message : "", write);
  check (same (contents (machine, machine->path, &version), before), "what was there is not there any more", write);
  check (version >= 2, "it is not migrated", write);
  check (same (contents (machine, copy, &version), before), "the copy of before is not whole", write);
  check (version == 1, "the copy is of another version", write);
  return !dead;
}

int
main (int argc, char **argv)
{
  Machine machine = { .folder = g_dir_make_tmp ("cut-XXXXXX", NULL), .keep = 5 };
  g_autoptr (SimDiskImage) image = NULL;
  SimDisk *disk;
  ShtDigestSum before;
  gint64 version;
  guint write = 0;

  if (argc != 3)
    return 2;
  machine.is_hub = g_str_equal (argv[1], "hub");
  machine.path = g_build_filename (machine.folder, machine.is_hub ? "hub.db" : "store.db", NULL);
  disk = sim_disk_new (machine.folder);
  carry_over (argv[2], machine.path);
  before = contents (&machine, machine.path, &version);
  check (version == 1 && before.count > 0, "it is no database of the first version", 0);
  image = sim_disk_copy (disk);
  do
    write++;
  while (!one (&machine, disk, image, before, write, FALSE) | !one (&machine, disk, image, before, write, TRUE));
  g_print ("%s: cut at each of %u writes, twice\n", argv[1], write - 1);
  sim_disk_free (disk);
  g_rmdir (machine.folder);
  g_free (machine.folder);
  g_free (machine.path);
  return write > 10 ? 0 : 1;
}
