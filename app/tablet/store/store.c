/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/fact.h"
#include "core/json.h"
#include "platform/durable.h"
#include "tablet/store/place.h"
#include "tablet/store/position.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

G_DEFINE_QUARK (sht-store-error-quark, sht_store_error)

#define DEVICE_FILE "device.json"

/* What is seen is what is stored: `ticket`, `photo` and `place` hold the base with the outbox replayed on
 * it. The hub's own row is kept in `base` from the first edit here until the last is confirmed. `scopes`
 * is a set of bits, by table `scope`; `gen` tells what a resync has touched. A tap writes as few pages as it
 * can: an index more is a page more to be synced. */
static const char *const schema[] = {
  "CREATE TABLE meta (key TEXT PRIMARY KEY, value);"
  "CREATE TABLE scope (bit INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
  "CREATE TABLE ticket (row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, number TEXT,"
  "  status TEXT NOT NULL, open INTEGER NOT NULL, title TEXT, address TEXT, service TEXT, department TEXT,"
  "  crew TEXT, lat_e7 INTEGER, lon_e7 INTEGER, due_at INTEGER, created_at INTEGER, updated_at INTEGER,"
  "  scopes INTEGER NOT NULL, gen INTEGER NOT NULL, doc TEXT NOT NULL);"
  "CREATE INDEX ticket_order ON ticket (open DESC, due_at, row);"
  "CREATE INDEX ticket_number ON ticket (number);"
  "CREATE INDEX ticket_unheld ON ticket (row) WHERE scopes = 0;"
  "CREATE TABLE event (parent TEXT NOT NULL, id TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (parent, id))"
  "  WITHOUT ROWID;"
  "CREATE INDEX event_undecided ON event (parent, id) WHERE instr (doc, '\"undecided\":') > 0;"
  "CREATE INDEX event_contribution ON event (parent, id) WHERE instr (doc, '\"contribution\":true') > 0;"
  "CREATE TABLE photo (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, ticket TEXT NOT NULL,"
  "  sha256 TEXT, source_sha256 TEXT, doc TEXT NOT NULL);"
  "CREATE INDEX photo_ticket ON photo (ticket);"
  "CREATE TABLE place (row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, layer TEXT, name TEXT,"
  "  words TEXT, lat_e7 INTEGER, lon_e7 INTEGER, gen INTEGER NOT NULL, doc TEXT NOT NULL);"
  "CREATE TABLE stub (id TEXT PRIMARY KEY, service TEXT, status TEXT, lat_e7 INTEGER, lon_e7 INTEGER,"
  "  gen INTEGER NOT NULL, doc TEXT NOT NULL);"
  "CREATE TABLE entity (type TEXT NOT NULL, id TEXT NOT NULL, gen INTEGER NOT NULL, doc TEXT NOT NULL,"
  "  PRIMARY KEY (type, id));"
  "CREATE TABLE base (type TEXT NOT NULL, id TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (type, id));"
  "CREATE TABLE op (n INTEGER PRIMARY KEY, op TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
  "  type TEXT NOT NULL, entity TEXT NOT NULL, ticket TEXT, bytes TEXT NOT NULL, depends_on TEXT,"
  "  state INTEGER NOT NULL DEFAULT 0, device_seq INTEGER, made_at INTEGER NOT NULL, sent_at INTEGER,"
  "  confirmed_at INTEGER, result TEXT, incarnation TEXT, number INTEGER, history TEXT, heard_at INTEGER);"
  "CREATE INDEX op_depends ON op (depends_on) WHERE depends_on IS NOT NULL AND state < 2;"
  "CREATE INDEX op_attention ON op (n) WHERE state = 3;"
  "CREATE INDEX op_journal ON op (number) WHERE state = 2 AND bytes <> '{}';"
  "CREATE INDEX op_waiting ON op (entity, n) WHERE state < 2;"
  "CREATE TABLE blob (n INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, photo TEXT NOT NULL, op TEXT NOT NULL,"
  "  is_thumb INTEGER NOT NULL, size INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0, url TEXT,"
  "  reason TEXT, number INTEGER, history TEXT, heard_at INTEGER, UNIQUE (sha256, photo));"
  "CREATE TABLE away (ticket TEXT PRIMARY KEY, what TEXT NOT NULL, number TEXT, by TEXT) WITHOUT ROWID;"
  "CREATE TABLE unwanted (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;"
  "CREATE INDEX blob_waiting ON blob (is_thumb DESC, n) WHERE state < 2;"
  "CREATE INDEX blob_journal ON blob (number) WHERE state = 2;"
  "CREATE VIRTUAL TABLE ticket_words USING fts5 (words, detail = none, columnsize = 0,"
  "  tokenize = \"ascii\");"
  "CREATE VIRTUAL TABLE ticket_spot USING rtree_i32 (row, min_lat, max_lat, min_lon, max_lon);"
  "CREATE VIRTUAL TABLE place_spot USING rtree_i32 (row, min_lat, max_lat, min_lon, max_lon);",
  /* when an operation was put into a rescue file: from then on it may reach the hub by that way */
  "ALTER TABLE op ADD COLUMN exported_at INTEGER;",
  /* of those that are over, the one that was last changed comes first */
  "UPDATE ticket SET due_at = -updated_at WHERE open = 0 AND updated_at > 0;",
  /* voice notes, which an older program had put with what it does not know; `fetched`: 0 wanted, 1 here, 2 not to be had.
   * `shown_file`: which bytes are shown by what */
  "CREATE TABLE voice (id TEXT PRIMARY KEY, ticket TEXT NOT NULL, sha256 TEXT, fetched INTEGER NOT NULL DEFAULT 0,"
  "  doc TEXT NOT NULL) WITHOUT ROWID;"
  "CREATE INDEX voice_ticket ON voice (ticket);"
  "CREATE INDEX voice_wanted ON voice (id) WHERE fetched = 0;"
  "CREATE VIEW shown_file (sha256, id, ticket) AS SELECT sha256, id, ticket FROM photo WHERE sha256 IS NOT NULL"
  "  UNION ALL SELECT doc ->> 'thumb_sha256', id, ticket FROM photo WHERE doc ->> 'thumb_sha256' IS NOT NULL"
  "  UNION ALL SELECT sha256, id, ticket FROM voice WHERE sha256 IS NOT NULL;"
  "INSERT OR IGNORE INTO voice (id, ticket, sha256, doc) SELECT id, doc ->> 'ticket', doc ->> 'sha256', doc FROM entity"
  "  WHERE type = 'voice';"
  "DELETE FROM entity WHERE type = 'voice';",
  /* what a step is marked with is looked for once, and not by SQLite for each index at each writing */
  "DROP INDEX event_undecided; DROP INDEX event_contribution;"
  "ALTER TABLE event ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;"
  "UPDATE event SET mark = (instr (doc, '\"undecided\":') > 0) + 2 * (instr (doc, '\"contribution\":true') > 0)"
  "  WHERE instr (doc, '\"undecided\":') > 0 OR instr (doc, '\"contribution\":true') > 0;"
  "CREATE INDEX event_undecided ON event (parent, id) WHERE mark & 1;"
  "CREATE INDEX event_contribution ON event (parent, id) WHERE mark & 2;",
  /* what is never due, as its clock stands, comes after what is */
  "UPDATE ticket SET due_at = 9000000000000000 WHERE open = 1 AND due_at IS NULL;",
  /* obstacles, which an older program had put with what it does not know, without their scopes; `seen`: what was said up to
   * that log number has been looked at */
  "CREATE TABLE obstacle (id TEXT NOT NULL UNIQUE, ticket TEXT, rev INTEGER NOT NULL, settled INTEGER NOT NULL,"
  "  updated_at INTEGER, seen INTEGER NOT NULL DEFAULT 0, scopes INTEGER NOT NULL, gen INTEGER NOT NULL, doc TEXT NOT NULL);"
  "CREATE INDEX obstacle_ticket ON obstacle (ticket) WHERE ticket IS NOT NULL;"
  "CREATE INDEX obstacle_news ON obstacle (id) WHERE rev > seen;"
  "CREATE INDEX obstacle_order ON obstacle (settled, updated_at DESC, id DESC);"
  "INSERT INTO obstacle (id, ticket, rev, settled, updated_at, scopes, gen, doc) SELECT id, doc ->> 'ticket',"
  "  coalesce (doc ->> 'rev', 0), doc ->> 'status' = 'settled', doc ->> 'updated_at', (SELECT coalesce (sum (1 << bit), 0)"
  "  FROM scope WHERE name IN ('crew:' || (doc ->> 'crew'), 'dept:' || (doc ->> 'from'),"
  "  'dept:' || (doc ->> 'department'))), gen, doc FROM entity WHERE type = 'obstacle';"
  "DELETE FROM entity WHERE type = 'obstacle';",
  /* what figures are counted from, beside each ticket: it costs a small part of what reading the tickets would */
  ("CREATE TABLE fact (row INTEGER PRIMARY KEY, data BLOB NOT NULL);"
   "INSERT INTO fact (row, data) SELECT row, fact_of (doc) FROM ticket;"),
  /* of which tickets it was told that they fall due soon, and when */
  "CREATE TABLE told (ticket TEXT PRIMARY KEY, due_at INTEGER NOT NULL) WITHOUT ROWID;",
  /* map packages: whether one is wanted here, which version somebody asked for, which one is here, and how often other bytes
   * came than were announced */
  "CREATE TABLE map_package (id TEXT PRIMARY KEY, wanted INTEGER NOT NULL, asked TEXT, sha256 TEXT, version INTEGER,"
  "  faults INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;",
  /* a place is found by the box around its lines and areas, by words, and by its layer; a ticket by what it hangs on */
  ("DELETE FROM place_spot;"
   "UPDATE place SET words = CAST (place_words_of (doc) AS TEXT);"
   "INSERT INTO place_spot SELECT row, box ->> 0, box ->> 1, box ->> 2, box ->> 3 FROM"
   "  (SELECT row, CAST (place_box_of (doc) AS TEXT) AS box FROM place WHERE lat_e7 IS NOT NULL AND lon_e7 IS NOT NULL);"
   "CREATE INDEX place_layer ON place (layer);"
   "ALTER TABLE ticket ADD COLUMN place TEXT;"
   "UPDATE ticket SET place = doc ->> 'place' WHERE doc ->> 'place' IS NOT NULL;"
   "CREATE INDEX ticket_place ON ticket (place) WHERE place IS NOT NULL;"),
  /* where crews are, which an older program had put with what it does not know; `fix`: where this tablet was, to be told */
  "CREATE TABLE position (id TEXT PRIMARY KEY, department TEXT, gen INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;"
  "INSERT INTO position (id, department, gen, doc) SELECT id, doc ->> 'department', gen, doc FROM entity"
  "  WHERE type = 'position';"
  "DELETE FROM entity WHERE type = 'position';"
  "CREATE TABLE fix (at INTEGER PRIMARY KEY, doc TEXT NOT NULL);",
  /* what others did that the crew is to be told of outside of the window, until somebody has looked at it */
  "CREATE TABLE notice (id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL,"
  "  told INTEGER NOT NULL, away INTEGER NOT NULL);"
  "CREATE INDEX notice_subject ON notice (subject);"
  "INSERT OR IGNORE INTO meta (key, value) SELECT 'filled', 1 WHERE EXISTS (SELECT 1 FROM meta WHERE key = 'cursor');",
  /* places of which something was reported that nobody has set right */
  "CREATE INDEX place_reported ON place (row) WHERE " SHT_PLACE_IS_REPORTED ";",
};

static gint64
wall_clock (gpointer unused)
{
  return g_get_real_time () / 1000;
}

static gint64
boot_clock (gpointer unused)
{
  struct timespec t;

  clock_gettime (CLOCK_BOOTTIME, &t);
  return (gint64) t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A copy has another inode, or was born at another time, or lies on another machine. */
static char *
identify_file (gpointer unused, const char *path)
{
  g_autofree char *machine = NULL;
  g_autofree char *plain = NULL;
  struct statx info;

  if (statx (AT_FDCWD, path, 0, STATX_INO | STATX_BTIME, &info) != 0)
    return NULL;
  g_file_get_contents ("/etc/machine-id", &machine, NULL, NULL);
  plain = g_strdup_printf ("%s %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT ".%u", machine != NULL ? machine : "",
                           (guint64) info.stx_ino, (gint64) info.stx_btime.tv_sec, info.stx_btime.tv_nsec);
  /* The machine's id is its secret. */
  return sht_sha256_of_bytes (plain, strlen (plain));
}

/**
 * sht_store_world:
 *
 * Returns: (transfer none): this machine's clocks, boot and randomness
 */
const ShtStoreWorld *
sht_store_world (void)
{
  static ShtStoreWorld world = { wall_clock, boot_clock, sht_kernel_random, NULL, NULL, NULL, identify_file, TRUE };
  static gsize read = 0;
  char *boot_id = NULL;

  if (g_once_init_enter (&read))
    {
      if (g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot_id, NULL, NULL))
        world.boot_id = g_intern_string (g_strstrip (boot_id));
      g_free (boot_id);
      g_once_init_leave (&read, 1);
    }
  return &world;
}

static void
device_clear (ShtDevice *device)
{
  g_clear_pointer (&device->url, g_free);
  g_clear_pointer (&device->id, g_free);
  g_clear_pointer (&device->token, g_free);
  g_clear_pointer (&device->crew, g_free);
  g_clear_pointer (&device->department, g_free);
  g_clear_pointer (&device->person, g_free);
}

static void
device_from_json (ShtDevice *device, JsonObject *json)
{
  device_clear (device);
  device->url = g_strdup (sht_json_string (json, "url"));
  device->id = g_strdup (sht_json_string (json, "device"));
  device->token = g_strdup (sht_json_string (json, "token"));
  device->crew = g_strdup (sht_json_string (json, "crew"));
  device->department = g_strdup (sht_json_string (json, "department"));
  device->person = g_strdup (sht_json_string (json, "person"));
  device->role = SHT_ROLE_CREW;
  sht_role_parse (sht_json_string (json, "role"), &device->role);
}

/**
 * sht_store_reload_device:
 *
 * Reads again who this tablet is, after another handle has enrolled it.
 */
gboolean
sht_store_reload_device (ShtStore *store, GError **error)
{
  g_autofree char *path = g_build_filename (store->folder, DEVICE_FILE, NULL);
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) json = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  json = sht_json_parse_object (text, -1, error);
  if (json == NULL)
    return FALSE;
  device_from_json (&store->device, json);
  return TRUE;
}

/**
 * sht_store_login_is_new:
 *
 * Returns: whether another handle has enrolled this tablet anew, since which its login is another; this one goes by it then
 */
gboolean
sht_store_login_is_new (ShtStore *store)
{
  g_autofree char *before = g_strdup (store->device.token);

  if (!sht_store_reload_device (store, NULL) || store->device.token == NULL || g_strcmp0 (store->device.token, before) == 0)
    return FALSE;
  if (store->seal != NULL)
    sht_seal_look_again (store->seal);
  return TRUE;
}

/**
 * sht_store_is_in:
 *
 * Returns: whether there is a tablet's store in a folder already
 */
gboolean
sht_store_is_in (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, SHT_STORE_DATABASE_FILE, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/**
 * sht_store_open:
 * @folder: where the store lies; made when it is not there
 * @world: clock and randomness, copied
 *
 * Returns: (transfer full) (nullable): the store, or %NULL with a #ShtDbError or #GIOErrorEnum
 */
ShtStore *
sht_store_open (const char *folder, const ShtStoreWorld *world, GError **error)
{
  g_autofree char *path = g_build_filename (folder, SHT_STORE_DATABASE_FILE, NULL);
  g_autoptr (ShtStore) store = NULL;
  g_autoptr (ShtDb) db = NULL;

  if (!sht_durable_mkdir (folder, error))
    return NULL;
  /* To open a database takes some room too. */
  if (world->vfs == NULL)
    sht_room_keep (folder);
  db = sht_db_open (path, FALSE, world->vfs, error);
  /* What was on a ticket that has left, or stood in it before, is nobody's to be read out of the file. */
  if (db == NULL || !sht_db_exec (db, "PRAGMA secure_delete=ON", error)
      || !sht_db_add_function (db, "fact_of", sht_fact_of, error)
      || !sht_db_add_function (db, "place_box_of", sht_place_box_of, error)
      || !sht_db_add_function (db, "place_words_of", sht_place_words_of, error)
      || !sht_db_migrate (db, schema, G_N_ELEMENTS (schema), error))
    return NULL;
  store = g_new0 (ShtStore, 1);
  store->db = g_steal_pointer (&db);
  store->folder = g_strdup (folder);
  store->world = *world;
  store->scope_bits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!sht_store_reload_device (store, error) || !sht_store_check_incarnation (store, error)
      || (store->world.seals && !sht_store_begin_sealing (store, error)))
    return NULL;
  return g_steal_pointer (&store);
}

void
sht_store_close (ShtStore *store)
{
  g_clear_pointer (&store->db, sht_db_close);
  sht_store_forget_town (store);
  g_clear_pointer (&store->seal, sht_seal_unref);
  g_free (store->folder);
  device_clear (&store->device);
  g_hash_table_unref (store->scope_bits);
  g_free (store);
}

gint64
sht_store_now (ShtStore *store)
{
  return store->world.now_ms (store->world.data);
}

/**
 * sht_store_new_id:
 *
 * Returns: (transfer full): a new UUIDv7
 */
char *
sht_store_new_id (ShtStore *store)
{
  return sht_id_new (sht_store_now (store), store->world.random, store->world.data);
}

/**
 * sht_store_set_device:
 * @url: the hub's address
 * @answer: what the hub answered to the enrolment
 *
 * Keeps who this tablet is, outside the database and readable by its owner alone.
 */
gboolean
sht_store_set_device (ShtStore *store, const char *url, JsonObject *answer, GError **error)
{
  g_autofree char *path = g_build_filename (store->folder, DEVICE_FILE, NULL);
  g_autofree char *text = NULL;

  if (sht_json_string (answer, "device") == NULL || sht_json_string (answer, "token") == NULL
      || sht_json_string (answer, "role") == NULL)
    {
      g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_MALFORMED,
                           "the hub's answer to the enrolment is incomplete");
      return FALSE;
    }
  json_object_set_string_member (answer, "url", url);
  text = sht_json_to_string (answer);
  /* A tablet that was sealed and is enrolled once more begins with a key of its own. */
  if (store->seal != NULL && !sht_seal_renew (store->seal, error))
    return FALSE;
  if ((g_strcmp0 (store->device.crew, sht_json_string (answer, "crew")) != 0 && !sht_store_change_crew (store, error))
      || !sht_durable_write (path, text, strlen (text), 0600, error))
    return FALSE;
  device_from_json (&store->device, answer);
  /* Other handles look again when the database has changed; the same value once more would change nothing in it. */
  return sht_store_set_number (store, "login_at", sht_store_now (store), error)
         && (store->seal == NULL || sht_store_begin_sealing (store, error));
}

/**
 * sht_store_end_login:
 *
 * Lets go of the login, once it is good for nothing more. Who this tablet was, and all its work, stays.
 */
gboolean
sht_store_end_login (ShtStore *store, GError **error)
{
  g_autofree char *path = g_build_filename (store->folder, DEVICE_FILE, NULL);
  g_autofree char *text = NULL;
  g_autofree char *without = NULL;
  g_autoptr (JsonObject) json = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  json = sht_json_parse_object (text, -1, error);
  if (json == NULL)
    return FALSE;
  json_object_remove_member (json, "token");
  without = sht_json_to_string (json);
  if (!sht_durable_write (path, without, strlen (without), 0600, error))
    return FALSE;
  device_from_json (&store->device, json);
  return TRUE;
}

/**
 * sht_store_is_enrolled:
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_NOT_ENROLLED
 */
gboolean
sht_store_is_enrolled (ShtStore *store, GError **error)
{
  if (store->device.token != NULL)
    return TRUE;
  g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_ENROLLED,
                       "this tablet is not enrolled yet: enrol it with a code from the hub");
  return FALSE;
}

gint64
sht_store_get_number (ShtStore *store, const char *key, gint64 otherwise)
{
  sht_db_get_int (store->db, &otherwise, NULL, "SELECT value FROM meta WHERE key = ?1", "s", key);
  return otherwise;
}

/* Where another process has put it in meanwhile, it is changed. */
#define INSERT_VALUE "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2"

gboolean
sht_store_set_number (ShtStore *store, const char *key, gint64 value, GError **error)
{
  if (!sht_db_run (store->db, error, "UPDATE meta SET value = ?2 WHERE key = ?1", "si", key, value))
    return FALSE;
  return sht_db_changes (store->db) > 0
         || sht_db_run (store->db, error, INSERT_VALUE, "si", key, value);
}

/**
 * sht_store_note_contact:
 *
 * Writes down when the hub was last heard, where that was not written with something else.
 */
gboolean
sht_store_note_contact (ShtStore *store, GError **error)
{
  if (store->contact != 0 && !sht_store_set_number (store, "last_contact", store->contact, error))
    return FALSE;
  store->contact = 0;
  return TRUE;
}

/**
 * sht_store_commit_heard:
 *
 * Ends the transaction in which an answer of the hub's was taken in, as sht_db_commit() does, and notes with it when the
 * hub was heard: on its own that would be one more sync of the disk.
 */
gboolean
sht_store_commit_heard (ShtStore *store, GError **error)
{
  if (store->contact != 0 && !sht_store_set_number (store, "last_contact", store->contact, error))
    {
      sht_db_rollback (store->db);
      return FALSE;
    }
  if (!sht_db_commit (store->db, error))
    return FALSE;
  store->contact = 0;
  return TRUE;
}

/**
 * sht_store_get_text:
 *
 * Returns: (transfer full) (nullable): the value, or %NULL
 */
char *
sht_store_get_text (ShtStore *store, const char *key)
{
  return sht_db_get_text (store->db, NULL, "SELECT value FROM meta WHERE key = ?1", "s", key);
}

gboolean
sht_store_set_text (ShtStore *store, const char *key, const char *value, GError **error)
{
  if (!sht_db_run (store->db, error, "UPDATE meta SET value = ?2 WHERE key = ?1", "ss", key, value))
    return FALSE;
  return sht_db_changes (store->db) > 0
         || sht_db_run (store->db, error, INSERT_VALUE, "ss", key, value);
}
