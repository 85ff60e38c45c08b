/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/store-sqlite.h"

#include "core/fact.h"
#include "core/json-slice.h"
#include "platform/db.h"

#include <string.h>

/* The scopes' table is the log with superseded rows left out: an entity's row moves to the number of
 * its last change, so that a pull costs what has changed, and a first fill is a pull from nought. */
static const char *const schema[] = {
  "CREATE TABLE log (number INTEGER PRIMARY KEY AUTOINCREMENT, nonce INTEGER NOT NULL, type TEXT NOT NULL,"
  "  id TEXT NOT NULL, op TEXT, device TEXT, at INTEGER NOT NULL);"
  "CREATE TABLE entity (type TEXT NOT NULL, id TEXT NOT NULL, parent TEXT, number INTEGER NOT NULL,"
  "  doc TEXT NOT NULL, PRIMARY KEY (id, type));"
  "CREATE INDEX entity_parent ON entity (parent, number) WHERE parent IS NOT NULL;"
  "CREATE INDEX entity_type ON entity (type, id);"
  "CREATE INDEX ticket_number ON entity (doc ->> 'number') WHERE type = 'ticket';"
  "CREATE INDEX photo_hash ON entity (doc ->> 'sha256') WHERE type = 'photo';"
  "CREATE INDEX photo_thumb_hash ON entity (doc ->> 'thumb_sha256') WHERE type = 'photo';"
  "CREATE TABLE member (scope TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL,"
  "  entered INTEGER NOT NULL, first_entered INTEGER NOT NULL, present INTEGER NOT NULL,"
  "  PRIMARY KEY (scope, id, type));"
  "CREATE UNIQUE INDEX member_number ON member (scope, number);"
  "CREATE TABLE applied_op (op TEXT PRIMARY KEY, hash TEXT NOT NULL, result TEXT NOT NULL, device TEXT,"
  "  device_seq INTEGER, number INTEGER);"
  "CREATE TABLE conflict (op TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, field TEXT NOT NULL,"
  "  doc TEXT NOT NULL, at INTEGER NOT NULL, keep TEXT, resolved_by TEXT, resolved_at INTEGER,"
  "  PRIMARY KEY (op, field));"
  "CREATE TABLE replacement (op TEXT NOT NULL, by TEXT PRIMARY KEY);"
  "CREATE INDEX replacement_op ON replacement (op);"
  "CREATE TABLE device (id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, role TEXT NOT NULL, crew TEXT,"
  "  department TEXT, person TEXT, enrolled_at INTEGER NOT NULL, last_event_at INTEGER NOT NULL DEFAULT 0,"
  "  last_seen_at INTEGER);"
  "CREATE TABLE left_scope (device TEXT NOT NULL, scope TEXT NOT NULL, number INTEGER NOT NULL,"
  "  PRIMARY KEY (device, scope)) WITHOUT ROWID;"
  "CREATE TABLE code (hash TEXT PRIMARY KEY, role TEXT NOT NULL, crew TEXT, department TEXT, person TEXT,"
  "  expires_at INTEGER NOT NULL, used_by TEXT);"
  "CREATE TABLE blob (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, at INTEGER NOT NULL);"
  "CREATE TABLE series (name TEXT PRIMARY KEY, last INTEGER NOT NULL);"
  SHT_SQLITE_HISTORY_SCHEMA,
  SHT_SQLITE_KEYS_SCHEMA,
  /* What an entity is found by beside its id, a ticket's number or the hashes of its bytes: read once, where an index over
   * its text made SQLite read that three times at each change. */
  "DROP INDEX ticket_number; DROP INDEX photo_hash; DROP INDEX photo_thumb_hash;"
  "ALTER TABLE entity ADD COLUMN known_as TEXT; ALTER TABLE entity ADD COLUMN thumb_sha256 TEXT;"
  "UPDATE entity SET known_as = doc ->> 'number' WHERE type = 'ticket';"
  "UPDATE entity SET known_as = doc ->> 'sha256', thumb_sha256 = doc ->> 'thumb_sha256' WHERE type = 'photo';"
  "CREATE INDEX entity_known_as ON entity (known_as, type) WHERE known_as IS NOT NULL;"
  "CREATE INDEX entity_thumb ON entity (thumb_sha256) WHERE thumb_sha256 IS NOT NULL;",
  SHT_SQLITE_FACTS_SCHEMA,
  SHT_SQLITE_POSITIONS_SCHEMA,
  /* a tablet that the office has sealed, and what that said it had not sent */
  "ALTER TABLE device ADD COLUMN sealed_at INTEGER; ALTER TABLE device ADD COLUMN unsent TEXT;",
  /* a tablet whose PIN was forgotten: when what opens it was last told, and to which tablet */
  "ALTER TABLE device ADD COLUMN answered_at INTEGER; ALTER TABLE device ADD COLUMN answered_by TEXT;",
  /* asked for each ticket that is over, beside all that was ever decided */
  "CREATE INDEX conflict_open ON conflict (id) WHERE keep IS NULL;",
  /* the photos whose thumbnail has come from somebody who had their ticket */
  "CREATE TABLE thumbnail (photo TEXT PRIMARY KEY) WITHOUT ROWID;"
  "INSERT INTO thumbnail (photo) SELECT id FROM entity JOIN blob ON sha256 = thumb_sha256 WHERE type = 'photo';",
};

typedef struct
{
  ShtHubStore parent;
  ShtDb *db; /* (owned) */
} Sqlite;

static ShtDb *
db_of (ShtHubStore *store)
{
  return ((Sqlite *) store)->db;
}

ShtDb *
sht_hub_sqlite_db (ShtHubStore *store)
{
  return db_of (store);
}

void
sht_hub_code_free (ShtHubCode *code)
{
  g_free (code->role);
  g_free (code->crew);
  g_free (code->department);
  g_free (code->person);
  g_free (code->used_by);
  g_free (code);
}

static void
close_store (ShtHubStore *store)
{
  sht_db_close (db_of (store));
  g_free (store);
}

static gboolean
begin (ShtHubStore *store, gboolean write, GError **error)
{
  return write ? sht_db_begin (db_of (store), error) : sht_db_run (db_of (store), error, "BEGIN", "");
}

static gboolean
commit (ShtHubStore *store, GError **error)
{
  return sht_db_commit (db_of (store), error);
}

static void
rollback (ShtHubStore *store)
{
  sht_db_rollback (db_of (store));
}

static gboolean
savepoint (ShtHubStore *store, GError **error)
{
  return sht_db_run (db_of (store), error, "SAVEPOINT op", "");
}

static gboolean
release (ShtHubStore *store, GError **error)
{
  return sht_db_run (db_of (store), error, "RELEASE op", "");
}

static void
undo_savepoint (ShtHubStore *store)
{
  sht_db_run (db_of (store), NULL, "ROLLBACK TO op", "");
  sht_db_run (db_of (store), NULL, "RELEASE op", "");
}

static gint64
data_version (ShtHubStore *store)
{
  return sht_db_data_version (db_of (store));
}

static gboolean
append_log (ShtHubStore *store, gint64 nonce, const char *type, const char *id, const char *op,
            const char *device, gint64 at, gint64 *number, GError **error)
{
  ShtDb *db = db_of (store);

  if (!sht_db_run (db, error,
                   "INSERT INTO log (nonce, type, id, op, device, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                   "issssi", nonce, type, id, op, device, at))
    return FALSE;
  *number = sqlite3_last_insert_rowid (sht_db_handle (db));
  return TRUE;
}

static gboolean
log_head (ShtHubStore *store, gint64 *number, gint64 *nonce, GError **error)
{
  ShtStmt *stmt = sht_db_query (db_of (store), "SELECT number, nonce FROM log ORDER BY number DESC LIMIT 1", "");

  *number = 0;
  *nonce = 0;
  if (sht_stmt_step (stmt))
    {
      *number = sht_stmt_int (stmt, 0);
      *nonce = sht_stmt_int (stmt, 1);
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
log_nonce (ShtHubStore *store, gint64 number, gint64 *nonce, GError **error)
{
  *nonce = -1;
  return sht_db_get_int (db_of (store), nonce, error, "SELECT nonce FROM log WHERE number = ?1", "i", number);
}

static gboolean
get_entity (ShtHubStore *store, const char *type, const char *id, char **doc, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *doc = sht_db_get_text (db_of (store), &local_error, "SELECT doc FROM entity WHERE id = ?1 AND type = ?2",
                          "ss", id, type);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* What an entity is found by beside its id. */
typedef struct
{
  char *known_as;
  char *thumb;
} Names;

static void
names_clear (Names *names)
{
  g_free (names->known_as);
  g_free (names->thumb);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Names, names_clear)

static Names
names_of (const char *type, const char *doc)
{
  Names names = { NULL, NULL };
  ShtJsonSlice entity;

  if (g_str_equal (type, "ticket"))
    names.known_as = sht_json_slice_member_string (sht_json_slice_root (doc, strlen (doc)), "number");
  if (g_str_equal (type, "photo") || g_str_equal (type, "voice"))
    {
      entity = sht_json_slice_root (doc, strlen (doc));
      names.known_as = sht_json_slice_member_string (entity, "sha256");
      names.thumb = sht_json_slice_member_string (entity, "thumb_sha256");
    }
  return names;
}

static gboolean
add_entity (ShtHubStore *store, const char *type, const char *id, const char *parent, gint64 number,
            const char *doc, GError **error)
{
  g_auto (Names) names = names_of (type, doc);

  return sht_db_run (db_of (store), error,
                     "INSERT INTO entity (type, id, parent, number, doc, known_as, thumb_sha256) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                     "sssisss", type, id, parent, number, doc, names.known_as, names.thumb);
}

static gboolean
put_entity (ShtHubStore *store, const char *type, const char *id, const char *parent, gint64 number,
            const char *doc, GError **error)
{
  g_auto (Names) names = names_of (type, doc);

  /* Most often it stays what it is known as; SQLite rewrites the entries of an index whenever one of its columns is
   * named. */
  if (!sht_db_run (db_of (store), error,
                   "UPDATE entity SET parent = ?3, number = ?4, doc = ?5 "
                   "WHERE id = ?2 AND type = ?1 AND known_as IS ?6 AND thumb_sha256 IS ?7",
                   "sssisss", type, id, parent, number, doc, names.known_as, names.thumb))
    return FALSE;
  return sht_db_changes (db_of (store)) > 0
         || sht_db_run (db_of (store), error,
                        "INSERT INTO entity (type, id, parent, number, doc, known_as, thumb_sha256) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id, type) DO UPDATE SET parent = ?3, number = ?4,"
                        " doc = ?5, known_as = ?6, thumb_sha256 = ?7",
                        "sssisss", type, id, parent, number, doc, names.known_as, names.thumb);
}

static gboolean
remove_entity (ShtHubStore *store, const char *type, const char *id, GError **error)
{
  return sht_db_run (db_of (store), error, "DELETE FROM entity WHERE id = ?1 AND type = ?2", "ss", id, type);
}

static gboolean
each_entity (ShtStmt *stmt, ShtHubEntityFunc each, gpointer data, GError **error)
{
  while (sht_stmt_step (stmt))
    if (!each (data, sht_stmt_text (stmt, 0), sht_stmt_text (stmt, 1), sht_stmt_int (stmt, 2),
               sht_stmt_text (stmt, 3)))
      break;
  return sht_stmt_end (stmt, error);
}

static gboolean
each_of_type (ShtHubStore *store, const char *type, ShtHubEntityFunc each, gpointer data, GError **error)
{
  return each_entity (sht_db_query (db_of (store),
                                    "SELECT type, id, number, doc FROM entity WHERE type = ?1 ORDER BY id", "s",
                                    type),
                      each, data, error);
}

static gboolean
find_tickets (ShtHubStore *store, const char *text, guint limit, ShtHubEntityFunc each, gpointer data,
              GError **error)
{
  g_autofree char *end = g_strconcat (text, "\x7f", NULL);
  g_autofree char *by_number = NULL;
  g_autoptr (GError) local_error = NULL;

  by_number = sht_db_get_text (db_of (store), &local_error,
                               "SELECT id FROM entity WHERE type = 'ticket' AND known_as = ?1 LIMIT 1",
                               "s", text);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (by_number != NULL)
    return each_entity (sht_db_query (db_of (store),
                                      "SELECT type, id, number, doc FROM entity WHERE id = ?1 AND type = 'ticket'",
                                      "s", by_number),
                        each, data, error);
  return each_entity (sht_db_query (db_of (store),
                                    "SELECT type, id, number, doc FROM entity WHERE id >= ?1 AND id < ?2 "
                                    "AND type = 'ticket' LIMIT ?3",
                                    "ssi", text, end, (gint64) limit),
                      each, data, error);
}

static gboolean
find_photos_by_hash (ShtHubStore *store, const char *sha256, ShtHubEntityFunc each, gpointer data,
                     GError **error)
{
  return each_entity (sht_db_query (db_of (store),
                                    "SELECT type, id, number, doc FROM entity WHERE known_as = ?1 AND type <> 'ticket' "
                                    "UNION ALL SELECT type, id, number, doc FROM entity WHERE thumb_sha256 = ?1 "
                                    "AND known_as <> ?1 AND type = 'photo'",
                                    "s", sha256),
                      each, data, error);
}

static gboolean
raise_series (ShtHubStore *store, const char *series, gint64 at_least, GError **error)
{
  return sht_db_run (db_of (store), error,
                     "INSERT INTO series (name, last) VALUES (?1, ?2) "
                     "ON CONFLICT (name) DO UPDATE SET last = max (last, ?2)",
                     "si", series, at_least);
}

static gboolean
next_in_series (ShtHubStore *store, const char *series, gint64 *next, GError **error)
{
  return sht_db_get_int (db_of (store), next, error,
                         "INSERT INTO series (name, last) VALUES (?1, 1) "
                         "ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last",
                         "s", series);
}

static gboolean
get_member (ShtHubStore *store, ShtHubMember *member, gboolean *found, GError **error)
{
  ShtStmt *stmt = sht_db_query (db_of (store),
                                "SELECT number, entered, first_entered, present FROM member "
                                "WHERE scope = ?1 AND id = ?2 AND type = ?3",
                                "sss", member->scope, member->id, member->type);

  *found = sht_stmt_step (stmt);
  if (*found)
    {
      member->number = sht_stmt_int (stmt, 0);
      member->entered = sht_stmt_int (stmt, 1);
      member->first_entered = sht_stmt_int (stmt, 2);
      member->present = sht_stmt_int (stmt, 3) != 0;
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
enter_member (ShtHubStore *store, const char *scope, const char *type, const char *id, gint64 number, GError **error)
{
  /* Most often it is there: an insertion that turns into a change looks through each index first. */
  if (!sht_db_run (db_of (store), error,
                   "UPDATE member SET number = ?4, entered = iif (present, entered, ?4), present = 1 "
                   "WHERE scope = ?1 AND id = ?3 AND type = ?2",
                   "sssi", scope, type, id, number))
    return FALSE;
  return sht_db_changes (db_of (store)) > 0
         || sht_db_run (db_of (store), error,
                        "INSERT INTO member (scope, type, id, number, entered, first_entered, present) "
                        "VALUES (?1, ?2, ?3, ?4, ?4, ?4, 1)",
                        "sssi", scope, type, id, number);
}

static gboolean
leave_member (ShtHubStore *store, const char *scope, const char *type, const char *id, gint64 number, GError **error)
{
  return sht_db_run (db_of (store), error,
                     "UPDATE member SET number = ?4, present = 0 WHERE scope = ?1 AND id = ?3 AND type = ?2 AND present",
                     "sssi", scope, type, id, number);
}

static gboolean
each_member (ShtStmt *stmt, const char *scope, ShtHubMemberFunc each, gpointer data, GError **error)
{
  while (sht_stmt_step (stmt))
    {
      ShtHubMember member = {
        .scope = scope,
        .type = sht_stmt_text (stmt, 0),
        .id = sht_stmt_text (stmt, 1),
        .number = sht_stmt_int (stmt, 2),
        .entered = sht_stmt_int (stmt, 3),
        .first_entered = sht_stmt_int (stmt, 4),
        .present = sht_stmt_int (stmt, 5) != 0,
      };

      if (!each (data, &member, sht_stmt_text (stmt, 6)))
        break;
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
each_member_since (ShtHubStore *store, const char *scope, gint64 after, guint limit, ShtHubMemberFunc each,
                   gpointer data, GError **error)
{
  return each_member (sht_db_query (db_of (store),
                                    "SELECT m.type, m.id, m.number, m.entered, m.first_entered, m.present, e.doc "
                                    "FROM member m LEFT JOIN entity e ON e.id = m.id AND e.type = m.type "
                                    "WHERE m.scope = ?1 AND m.number > ?2 ORDER BY m.number LIMIT ?3",
                                    "sii", scope, after, (gint64) limit),
                      scope, each, data, error);
}

static gboolean
each_present (ShtHubStore *store, const char *scope, const char *from, const char *to, gint64 at_most,
              ShtHubMemberFunc each, gpointer data, GError **error)
{
  return each_member (sht_db_query (db_of (store),
                                    "SELECT m.type, m.id, m.number, m.entered, m.first_entered, m.present, e.doc "
                                    "FROM member m LEFT JOIN entity e ON e.id = m.id AND e.type = m.type "
                                    "WHERE m.scope = ?1 AND m.id >= ?2 AND m.id < ?3 AND m.present "
                                    "AND m.number <= ?4 ORDER BY m.id",
                                    "sssi", scope, from, to, at_most),
                      scope, each, data, error);
}

static gboolean
nth_ticket (ShtHubStore *store, const char *from, guint n, char **id, GError **error)
{
  g_autoptr (GError) local = NULL;

  *id = sht_db_get_text (db_of (store), &local,
                         "SELECT id FROM entity WHERE type = 'ticket' AND id >= ?1 ORDER BY id LIMIT 1 OFFSET ?2", "si",
                         from, (gint64) n - 1);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
get_op (ShtHubStore *store, const char *op, char **hash, char **result, GError **error)
{
  ShtStmt *stmt = sht_db_query (db_of (store), "SELECT hash, result FROM applied_op WHERE op = ?1", "s", op);

  *hash = NULL;
  *result = NULL;
  if (sht_stmt_step (stmt))
    {
      *hash = sht_stmt_dup (stmt, 0);
      *result = sht_stmt_dup (stmt, 1);
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
put_op (ShtHubStore *store, const char *op, const char *hash, const char *result, const char *device,
        gint64 device_seq, gint64 number, GError **error)
{
  return sht_db_run (db_of (store), error,
                     "INSERT INTO applied_op (op, hash, result, device, device_seq, number) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                     "ssssii", op, hash, result, device, device_seq, number);
}

static gboolean
put_conflict (ShtHubStore *store, const char *op, const char *type, const char *id, const char *field,
              const char *doc, gint64 at, GError **error)
{
  return sht_db_run (db_of (store), error,
                     "INSERT INTO conflict (op, type, id, field, doc, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                     "sssssi", op, type, id, field, doc, at);
}

static gboolean
has_conflict (ShtHubStore *store, const char *type, const char *id, gboolean *has, GError **error)
{
  gint64 found = 0;
  gboolean ok = sht_db_get_int (db_of (store), &found, error,
                                "SELECT 1 FROM conflict WHERE id = ?2 AND type = ?1 AND keep IS NULL LIMIT 1", "ss", type, id);

  *has = found != 0;
  return ok;
}

static gboolean
log_before (ShtHubStore *store, gint64 after, gint64 at, gint64 *number, GError **error)
{
  *number = after;
  return sht_db_get_int (db_of (store), number, error,
                         "SELECT coalesce ((SELECT number - 1 FROM log WHERE number > ?1 AND at >= ?2 ORDER BY number LIMIT 1),"
                         " (SELECT max (number) FROM log), ?1)",
                         "ii", after, at);
}

static gboolean
resolve_conflict (ShtHubStore *store, const char *op, const char *field, const char *keep, const char *by, gint64 at,
                  GError **error)
{
  return sht_db_run (db_of (store), error,
                     "UPDATE conflict SET keep = ?3, resolved_by = ?4, resolved_at = ?5 WHERE op = ?1 AND field = ?2",
                     "ssssi", op, field, keep, by, at);
}

static gboolean
log_op (ShtHubStore *store, gint64 number, char **op, gint64 *at, GError **error)
{
  ShtStmt *stmt = sht_db_query (db_of (store), "SELECT op, at FROM log WHERE number = ?1", "i", number);

  *op = NULL;
  *at = 0;
  if (sht_stmt_step (stmt))
    {
      *op = sht_stmt_dup (stmt, 0);
      *at = sht_stmt_int (stmt, 1);
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
put_replacement (ShtHubStore *store, const char *op, const char *by, GError **error)
{
  return sht_db_run (db_of (store), error, "INSERT INTO replacement (op, by) VALUES (?1, ?2)", "ss", op, by);
}

static gboolean
get_replacement (ShtHubStore *store, const char *op, char **by, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *by = sht_db_get_text (db_of (store), &local_error,
                         "SELECT by FROM replacement WHERE op = ?1 ORDER BY rowid DESC LIMIT 1", "s", op);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
put_code (ShtHubStore *store, const char *hash, const ShtHubCode *code, GError **error)
{
  return sht_db_run (db_of (store), error,
                     "INSERT INTO code (hash, role, crew, department, person, expires_at) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                     "sssssi", hash, code->role, code->crew, code->department, code->person, code->expires_at);
}

static gboolean
get_code (ShtHubStore *store, const char *hash, ShtHubCode **code, GError **error)
{
  ShtStmt *stmt = sht_db_query (db_of (store),
                                "SELECT role, crew, department, person, expires_at, used_by FROM code WHERE hash = ?1",
                                "s", hash);

  *code = NULL;
  if (sht_stmt_step (stmt))
    {
      *code = g_new0 (ShtHubCode, 1);
      (*code)->role = sht_stmt_dup (stmt, 0);
      (*code)->crew = sht_stmt_dup (stmt, 1);
      (*code)->department = sht_stmt_dup (stmt, 2);
      (*code)->person = sht_stmt_dup (stmt, 3);
      (*code)->expires_at = sht_stmt_int (stmt, 4);
      (*code)->used_by = sht_stmt_dup (stmt, 5);
    }
  return sht_stmt_end (stmt, error);
}

/* What the device may do is what its last code says: those before it are good for nothing. */
static gboolean
use_code (ShtHubStore *store, const char *hash, const char *device, GError **error)
{
  return sht_db_run (db_of (store), error, "UPDATE code SET used_by = ?2 WHERE hash = ?1", "ss", hash, device)
         && sht_db_run (db_of (store), error, "UPDATE code SET expires_at = 0 WHERE used_by = ?2 AND hash <> ?1", "ss", hash, device);
}

static const ShtHubStoreDriver sqlite_driver = {
  .close = close_store,
  .begin = begin,
  .commit = commit,
  .rollback = rollback,
  .savepoint = savepoint,
  .release = release,
  .undo_savepoint = undo_savepoint,
  .data_version = data_version,
  .append_log = append_log,
  .log_head = log_head,
  .log_nonce = log_nonce,
  .get_entity = get_entity,
  .add_entity = add_entity,
  .put_entity = put_entity,
  .remove_entity = remove_entity,
  .each_child = sht_hub_sqlite_each_child,
  .each_of_type = each_of_type,
  .find_tickets = find_tickets,
  .find_photos_by_hash = find_photos_by_hash,
  .put_fact = sht_hub_sqlite_put_fact,
  .each_fact = sht_hub_sqlite_each_fact,
  .next_in_series = next_in_series,
  .raise_series = raise_series,
  .get_member = get_member,
  .enter_member = enter_member,
  .leave_member = leave_member,
  .each_member_since = each_member_since,
  .each_present = each_present,
  .nth_ticket = nth_ticket,
  .get_op = get_op,
  .put_op = put_op,
  .put_conflict = put_conflict,
  .resolve_conflict = resolve_conflict,
  .has_conflict = has_conflict,
  .log_before = log_before,
  .log_op = log_op,
  .put_replacement = put_replacement,
  .get_replacement = get_replacement,
  .put_device = sht_hub_sqlite_put_device,
  .get_device = sht_hub_sqlite_get_device,
  .get_device_by_id = sht_hub_sqlite_get_device_by_id,
  .each_login = sht_hub_sqlite_each_login,
  .note_device = sht_hub_sqlite_note_device,
  .seal_device = sht_hub_sqlite_seal_device,
  .note_answered = sht_hub_sqlite_note_answered,
  .put_unsent = sht_hub_sqlite_put_unsent,
  .each_device = sht_hub_sqlite_each_device,
  .leave_scope = sht_hub_sqlite_leave_scope,
  .had_before = sht_hub_sqlite_had_before,
  .put_code = put_code,
  .get_code = get_code,
  .use_code = use_code,
  .put_blob = sht_hub_sqlite_put_blob,
  .get_blob = sht_hub_sqlite_get_blob,
  .each_blob = sht_hub_sqlite_each_blob,
  .remove_blob = sht_hub_sqlite_remove_blob,
  .put_thumbnail = sht_hub_sqlite_put_thumbnail,
  .has_thumbnail = sht_hub_sqlite_has_thumbnail,
  .get_history = sht_hub_sqlite_get_history,
  .add_history = sht_hub_sqlite_add_history,
  .common_with = sht_hub_sqlite_common_with,
  .note_backup = sht_hub_sqlite_note_backup,
  .set_keep_days = sht_hub_sqlite_set_keep_days,
  .get_incarnation = sht_hub_sqlite_get_incarnation,
  .note_incarnation = sht_hub_sqlite_note_incarnation,
  .get_hub_key = sht_hub_sqlite_get_hub_key,
  .put_hub_key = sht_hub_sqlite_put_hub_key,
  .put_device_key = sht_hub_sqlite_put_device_key,
  .has_device_key = sht_hub_sqlite_has_device_key,
  .put_position = sht_hub_sqlite_put_position,
  .each_position = sht_hub_sqlite_each_position,
  .purge_positions = sht_hub_sqlite_purge_positions,
  .get_setting = sht_hub_sqlite_get_setting,
  .put_setting = sht_hub_sqlite_put_setting,
  .snapshot = sht_hub_sqlite_snapshot,
  .verify = sht_hub_sqlite_verify,
};

/**
 * sht_hub_store_open_sqlite:
 * @path: the database's file, made when it is not there
 * @vfs: (nullable): SQLite's VFS by name, %NULL for the usual one
 *
 * Returns: (transfer full) (nullable): a store, or %NULL with a #ShtDbError
 */
ShtHubStore *
sht_hub_store_open_sqlite (const char *path, const char *vfs, GError **error)
{
  g_autoptr (ShtDb) db = sht_db_open (path, FALSE, vfs, error);
  Sqlite *store;

  if (db == NULL || !sht_db_add_function (db, "fact_of", sht_fact_of, error)
      || !sht_db_migrate (db, schema, G_N_ELEMENTS (schema), error))
    return NULL;
  store = g_new0 (Sqlite, 1);
  store->parent.driver = &sqlite_driver;
  store->db = g_steal_pointer (&db);
  return &store->parent;
}
