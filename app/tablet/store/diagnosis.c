/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/diagnosis.h"

#include "platform/battery.h"
#include "platform/recent-log.h"
#include "tablet/store/clock.h"

#include <sys/statvfs.h>
#include <sys/utsname.h>

/* Of more files than that it is enough to know that there are more. */
#define MOST_FILES 100000
#define MOST_FAULTS 20

/* Only numbers of one's own counting and words of one's own lists are written: no text out of any row, whatever column it
 * stands in. */

static const char about[]
  = "What is in this archive\n"
    "\n"
    "A state of this tablet's program, for whoever looks after the tablets: versions, settings, how much\n"
    "there is of what in its store, how the connection with the hub is, clock, disk, battery, and the last\n"
    "things that the program said, with all names, numbers and places left out.\n"
    "\n"
    "Not in it: names, phone numbers, titles, notes, addresses, coordinates, photos, voice notes, the\n"
    "hub's address, logins and keys. All of it is plain text: look before you send it.\n";

G_GNUC_PRINTF (3, 4) static void
add (GString *out, const char *what, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_string_append_printf (out, "%-28s ", what);
  g_string_append_vprintf (out, format, arguments);
  g_string_append_c (out, '\n');
  va_end (arguments);
}

static void
add_heading (GString *out, const char *words)
{
  g_string_append_printf (out, "%s%s\n\n", out->len > 0 ? "\n" : "", words);
}

static void
add_time (GString *out, const char *what, gint64 at_ms)
{
  g_autoptr (GDateTime) at = at_ms > 0 ? g_date_time_new_from_unix_utc (at_ms / 1000) : NULL;
  g_autofree char *words = at != NULL ? g_date_time_format (at, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("never");

  add (out, what, "%s", words);
}

/* --- the machine --- */

static char *
system_name (void)
{
  char *name = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);

  return name != NULL ? name : g_strdup ("not known");
}

static void
add_machine (GString *out)
{
  g_autofree char *system = system_name ();
  ShtBattery battery = sht_battery_read ();
  struct utsname name;

  add_heading (out, "Program and machine");
  add (out, "Shetach", "%s", SHT_VERSION);
  add (out, "system", "%s", system);
  if (uname (&name) == 0)
    add (out, "kernel", "%s %s", name.release, name.machine);
  add (out, "GLib", "%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
  add (out, "SQLite", "%s", sqlite3_libversion ());
  add (out, "processors", "%u", g_get_num_processors ());
  add (out, "language", "%s", g_get_language_names ()[0]);
  if (battery.present)
    add (out, "battery", "%d %%%s", battery.percent, battery.charging ? ", charging" : "");
  else
    add (out, "battery", "none, or not known");
}

static void
add_clock (GString *out, ShtStore *store)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  add_heading (out, "Clock");
  add_time (out, "now", sht_store_now (store));
  add (out, "time zone", "%s", g_time_zone_get_identifier (zone));
  add (out, "hub's clock ahead by", "%" G_GINT64_FORMAT " ms", sht_store_clock_offset (store));
  add (out, "running since start", "%" G_GINT64_FORMAT " min", store->world.boot_ms (store->world.data) / 60000);
}

/* --- the disk --- */

static void
measure (GFile *folder, guint *files, guint64 *bytes)
{
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (folder, "standard::name,standard::type,standard::size",
                                                                    G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFileInfo *info;
  GFile *child;

  while (children != NULL && *files < MOST_FILES && g_file_enumerator_iterate (children, &info, &child, NULL, NULL) && info != NULL)
    if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
      measure (child, files, bytes);
    else
      {
        ++*files;
        *bytes += (guint64) g_file_info_get_size (info);
      }
}

static void
add_disk (GString *out, ShtStore *store)
{
  static const char *const folders[] = { "photos", "voice", "maps" };
  static const char *const rooms[] = { [SHT_ROOM_ENOUGH] = "enough",
                                       [SHT_ROOM_SHORT] = "short",
                                       [SHT_ROOM_NO_PHOTOS] = "no photos any more",
                                       [SHT_ROOM_RESERVE] = "the reserve is in use" };
  static const char *const files[] = { SHT_STORE_DATABASE_FILE, SHT_STORE_DATABASE_FILE "-wal", "device.json", "incarnation.json",
                                       "window.ini" };
  struct statvfs disk;

  add_heading (out, "Disk");
  if (statvfs (store->folder, &disk) == 0)
    add (out, "free", "%" G_GUINT64_FORMAT " MB of %" G_GUINT64_FORMAT " MB", (guint64) disk.f_bavail * disk.f_frsize / 1000000,
         (guint64) disk.f_blocks * disk.f_frsize / 1000000);
  add (out, "room", "%s", rooms[sht_store_room (store, NULL)]);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (store->folder, files[i], NULL);
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (GFileInfo) info = g_file_query_info (file, "standard::size,unix::mode", G_FILE_QUERY_INFO_NONE, NULL, NULL);

      if (info != NULL)
        add (out, files[i], "%" G_GINT64_FORMAT " bytes, mode %03o", (gint64) g_file_info_get_size (info),
             g_file_info_get_attribute_uint32 (info, "unix::mode") & 0777);
      else
        add (out, files[i], "not there");
    }
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (store->folder, folders[i], NULL);
      g_autoptr (GFile) folder = g_file_new_for_path (path);
      guint n = 0;
      guint64 bytes = 0;

      measure (folder, &n, &bytes);
      add (out, folders[i], "%u files, %" G_GUINT64_FORMAT " bytes", n, bytes);
    }
}

/* --- the store --- */

static gint64
count (ShtStore *store, const char *sql)
{
  ShtStmt *stmt = sht_db_query_built (store->db, sql);
  gint64 n = sht_stmt_step (stmt) ? sht_stmt_int (stmt, 0) : -1;

  return sht_stmt_end (stmt, NULL) ? n : -1;
}

/* The names of tables are the program's own. */
static void
add_tables (GString *out, ShtStore *store)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name", "");

  while (sht_stmt_step (stmt))
    {
      const char *name = sht_stmt_text (stmt, 0);
      g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM \"%s\"", name);

      add (out, name, "%" G_GINT64_FORMAT " rows", count (store, sql));
    }
  sht_stmt_end (stmt, NULL);
}

/* What SQLite finds names tables and rows, but for its own words none of their content. */
static void
add_faults (GString *out, ShtStore *store)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA quick_check(%d)", MOST_FAULTS);
  ShtStmt *stmt = sht_db_query_built (store->db, sql);
  guint faults = 0;

  while (sht_stmt_step (stmt))
    faults += g_strcmp0 (sht_stmt_text (stmt, 0), "ok") != 0;
  if (!sht_stmt_end (stmt, NULL))
    faults++;
  add (out, "faults found by SQLite", "%u", faults);
}

static void
add_store (GString *out, ShtStore *store)
{
  add_heading (out, "Store");
  add (out, "schema", "%" G_GINT64_FORMAT, count (store, "PRAGMA user_version"));
  add (out, "pages", "%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT " of them free", count (store, "PRAGMA page_count"),
       count (store, "PRAGMA freelist_count"));
  add_faults (out, store);
  add (out, "generation", "%" G_GINT64_FORMAT, sht_store_get_number (store, "generation", 1));
  add (out, "comparing everything", "%s", sht_store_get_number (store, "resync", 0) != 0 ? "yes" : "no");
  add (out, "copies noticed", "%" G_GINT64_FORMAT, sht_store_get_number (store, "incarnation_count", 0));
  for (guint i = 0; i < SHT_N_STATUSES; i++)
    {
      g_autofree char *what = g_strdup_printf ("tickets, %s", sht_status_name ((ShtStatus) i));
      g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM ticket WHERE status = '%s'", sht_status_name ((ShtStatus) i));

      add (out, what, "%" G_GINT64_FORMAT, count (store, sql));
    }
  g_string_append_c (out, '\n');
  add_tables (out, store);
}

/* --- what goes to the hub --- */

static void
add_outbox (GString *out, ShtStore *store)
{
  static const char *const states[] = { [SHT_OP_LOCAL] = "on this tablet",
                                        [SHT_OP_SENT] = "sent",
                                        [SHT_OP_CONFIRMED] = "confirmed",
                                        [SHT_OP_ATTENTION] = "to decide",
                                        [SHT_OP_PUT_AWAY] = "put away" };

  add_heading (out, "With the hub");
  add (out, "enrolled", "%s", store->device.token != NULL ? "yes" : "no");
  add (out, "role", "%s", store->device.token != NULL ? sht_role_name (store->device.role) : "-");
  add_time (out, "last contact", sht_store_get_number (store, "last_contact", 0));
  add_time (out, "last page taken in", sht_store_get_number (store, "page_at", 0));
  add_time (out, "the oldest that waits", count (store, "SELECT coalesce (min (made_at), 0) FROM op WHERE state < 2"));
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    for (guint k = 0; k < SHT_N_KINDS; k++)
      {
        const char *kind = sht_kind_name ((ShtKind) k);
        g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM op WHERE state = %u AND kind = '%s'", i, kind);
        g_autofree char *what = g_strdup_printf ("%s, %s", kind, states[i]);
        gint64 n = count (store, sql);

        if (n != 0)
          add (out, what, "%" G_GINT64_FORMAT, n);
      }
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM blob WHERE state = %u", i);
      g_autofree char *bytes = g_strdup_printf ("SELECT total (size) FROM blob WHERE state = %u", i);
      g_autofree char *what = g_strdup_printf ("files of photos, %s", states[i]);

      add (out, what, "%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT " bytes", count (store, sql), count (store, bytes));
    }
}

/**
 * sht_store_diagnose:
 * @path: a file, `.tar.gz`; one that is there is replaced
 * @more: (array length=n_more) (nullable): what the caller knows besides, with nothing personal in it
 *
 * Writes what helps to find out what is wrong with a tablet: plain texts in an archive, with nothing of what the store says
 * in it but how much there is.
 *
 * Returns: %FALSE with a #GIOErrorEnum
 */
gboolean
sht_store_diagnose (ShtStore *store, const char *path, const ShtText *more, guint n_more, GError **error)
{
  g_autoptr (GString) tablet = g_string_new (NULL);
  g_autofree char *log = sht_recent_log_get ();
  g_autoptr (GArray) texts = g_array_new (FALSE, FALSE, sizeof (ShtText));
  ShtText own[] = { { "README.txt", about }, { "tablet.txt", NULL }, { "log.txt", *log != '\0' ? log : "nothing was said\n" } };

  add_machine (tablet);
  add_clock (tablet, store);
  add_disk (tablet, store);
  add_outbox (tablet, store);
  add_store (tablet, store);
  own[1].text = tablet->str;
  g_array_append_vals (texts, own, G_N_ELEMENTS (own));
  if (n_more > 0)
    g_array_append_vals (texts, more, n_more);
  return sht_text_archive_write (path, "shetach-diagnosis", (const ShtText *) texts->data, texts->len, sht_store_now (store), error);
}
