/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/db.h"

#include <string.h>

#define BUSY_MS 15000

G_DEFINE_QUARK (sht-db-error-quark, sht_db_error)

struct _ShtDb
{
  sqlite3 *handle;        /* (owned) */
  GHashTable *statements; /* (owned): address of the SQL literal → ShtStmt */
  char *path;             /* (owned) */
};

struct _ShtStmt
{
  ShtDb *db;
  sqlite3_stmt *handle; /* (owned) (nullable): NULL when it could not be prepared */
  int rc;
  gboolean in_use;
  gboolean cached;
};

static void
stmt_free (gpointer data)
{
  ShtStmt *stmt = data;

  sqlite3_finalize (stmt->handle);
  g_free (stmt);
}

static int
code_of (int rc)
{
  switch (rc & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return SHT_DB_ERROR_BUSY;
    case SQLITE_FULL:
      return SHT_DB_ERROR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return SHT_DB_ERROR_DAMAGED;
    case SQLITE_CONSTRAINT:
      return SHT_DB_ERROR_CONSTRAINT;
    default:
      return SHT_DB_ERROR_FAILED;
    }
}

static gboolean
fail (ShtDb *db, int rc, GError **error)
{
  g_autofree char *name = g_path_get_basename (db->path);

  g_set_error (error, SHT_DB_ERROR, code_of (rc), "%s: %s", name,
               db->handle != NULL ? sqlite3_errmsg (db->handle) : sqlite3_errstr (rc));
  return FALSE;
}

/* What a program has committed that was killed before it was on the disk is seen by the next one, which would tell of it,
 * answer that it is there, and lose it with its power. */
static gboolean
keep_what_is_seen (ShtDb *db, GError **error)
{
  sqlite3_file *wal = NULL;
  sqlite3_int64 size = 0;
  int rc;

  if (!sht_db_exec (db, "PRAGMA schema_version;", error))
    return FALSE;
  rc = sqlite3_file_control (db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
  if (rc == SQLITE_OK && wal != NULL && wal->pMethods != NULL)
    rc = wal->pMethods->xFileSize (wal, &size);
  if (rc == SQLITE_OK && size > 0)
    rc = wal->pMethods->xSync (wal, SQLITE_SYNC_NORMAL);
  return rc == SQLITE_OK || fail (db, rc, error);
}

/**
 * sht_db_open:
 * @path: the file; it is made unless @read_only
 * @read_only: whether nothing will be written
 * @vfs: (nullable): SQLite's VFS by name, %NULL for the usual one
 *
 * Opens a database in WAL mode with full synchronisation: what is committed is on the disk, and what another program had
 * committed is when this one sees it first. One handle belongs to one thread at a time.
 *
 * Returns: (transfer full) (nullable): the database, or %NULL with a #ShtDbError
 */
ShtDb *
sht_db_open (const char *path, gboolean read_only, const char *vfs, GError **error)
{
  g_autoptr (ShtDb) db = g_new0 (ShtDb, 1);
  int flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  int rc;
  static gsize configured = 0;

  if (g_once_init_enter (&configured))
    {
      /* SQLite's own count of its memory costs a lock for each allocation, and nobody reads it. */
      sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
      g_once_init_leave (&configured, 1);
    }
  db->path = g_strdup (path);
  db->statements = g_hash_table_new_full (NULL, NULL, NULL, stmt_free);
  rc = sqlite3_open_v2 (path, &db->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
  if (rc != SQLITE_OK)
    {
      fail (db, rc, error);
      return NULL;
    }
  sqlite3_busy_timeout (db->handle, BUSY_MS);
  if (!sht_db_exec (db,
                    "PRAGMA page_size=8192; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000;"
                    "PRAGMA journal_size_limit=8388608; PRAGMA wal_autocheckpoint=" G_STRINGIFY (SHT_DB_WAL_PAGES) ";",
                    error))
    return NULL;
  if (!read_only && (!sht_db_exec (db, "PRAGMA journal_mode=WAL;", error) || !keep_what_is_seen (db, error)))
    return NULL;
  return g_steal_pointer (&db);
}

void
sht_db_close (ShtDb *db)
{
  g_hash_table_unref (db->statements);
  sqlite3_close (db->handle);
  g_free (db->path);
  g_free (db);
}

/**
 * sht_db_handle:
 *
 * Returns: (transfer none): SQLite's own handle, for what this wrapper does not cover
 */
sqlite3 *
sht_db_handle (ShtDb *db)
{
  return db->handle;
}

gboolean
sht_db_exec (ShtDb *db, const char *sql, GError **error)
{
  int rc = sqlite3_exec (db->handle, sql, NULL, NULL, NULL);

  return rc == SQLITE_OK || fail (db, rc, error);
}

/**
 * sht_db_begin:
 *
 * Starts a transaction that may write: it takes the writer's lock at once, so that it cannot fail for
 * it in the middle.
 */
gboolean
sht_db_begin (ShtDb *db, GError **error)
{
  return sht_db_run (db, error, "BEGIN IMMEDIATE", "");
}

/**
 * sht_db_commit:
 *
 * Makes the transaction durable. When that fails, all of it is rolled back.
 */
gboolean
sht_db_commit (ShtDb *db, GError **error)
{
  if (sht_db_run (db, error, "COMMIT", ""))
    return TRUE;
  sht_db_rollback (db);
  return FALSE;
}

void
sht_db_rollback (ShtDb *db)
{
  if (!sqlite3_get_autocommit (db->handle))
    sht_db_run (db, NULL, "ROLLBACK", "");
}

/**
 * sht_db_data_version:
 *
 * Returns: a number that changes whenever another connection has committed
 */
gint64
sht_db_data_version (ShtDb *db)
{
  gint64 version = 0;

  sht_db_get_int (db, &version, NULL, "PRAGMA data_version", "");
  return version;
}

/* What stands in a copy once all of it is on the disk: "Shtb". */
#define WHOLE_COPY 0x53687462

/* A copy without its mark was broken off, by a loss of power for example. */
static gboolean
copy_is_whole (const char *path, const char *vfs)
{
  sqlite3 *handle = NULL;
  sqlite3_stmt *stmt = NULL;
  gboolean whole = sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READWRITE, vfs) == SQLITE_OK
                   && sqlite3_prepare_v2 (handle, "PRAGMA application_id", -1, &stmt, NULL) == SQLITE_OK
                   && sqlite3_step (stmt) == SQLITE_ROW && sqlite3_column_int (stmt, 0) == WHOLE_COPY;

  sqlite3_finalize (stmt);
  sqlite3_close (handle);
  return whole;
}

/* VACUUM INTO syncs nothing. The mark is a transaction of its own, whose commit syncs the file before the mark
 * counts. */
static gboolean
mark_whole (const char *path, const char *vfs, GError **error)
{
  sqlite3 *handle = NULL;
  g_autofree char *sql = g_strdup_printf ("PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA application_id=%d",
                                          WHOLE_COPY);
  int rc = sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READWRITE, vfs);

  if (rc == SQLITE_OK)
    rc = sqlite3_exec (handle, sql, NULL, NULL, NULL);
  sqlite3_close (handle);
  if (rc == SQLITE_OK)
    return TRUE;
  g_set_error_literal (error, SHT_DB_ERROR, code_of (rc), sqlite3_errstr (rc));
  return FALSE;
}

static gboolean
back_up_before_migration (ShtDb *db, gint64 version, GError **error)
{
  g_autofree char *copy = g_strdup_printf ("%s.before-%" G_GINT64_FORMAT, db->path, version + 1);
  g_autofree char *journal = g_strconcat (copy, "-journal", NULL);
  sqlite3_vfs *vfs = NULL;
  ShtStmt *stmt;

  sqlite3_file_control (db->handle, "main", SQLITE_FCNTL_VFS_POINTER, &vfs);
  if (copy_is_whole (copy, vfs->zName))
    return TRUE;
  vfs->xDelete (vfs, journal, FALSE);
  vfs->xDelete (vfs, copy, TRUE);
  stmt = sht_db_query_built (db, "VACUUM INTO ?1");
  sht_stmt_bind (stmt, "s", copy);
  sht_stmt_step (stmt);
  if (sht_stmt_end (stmt, error) && mark_whole (copy, vfs->zName, error))
    return TRUE;
  /* A disk that is full stays no fuller for it. */
  vfs->xDelete (vfs, copy, FALSE);
  g_prefix_error (error, "the copy before the upgrade cannot be made: ");
  return FALSE;
}

static void
call_function (sqlite3_context *context, int n, sqlite3_value **values)
{
  ShtDbFunction function = *(ShtDbFunction *) sqlite3_user_data (context);
  const char *text = (const char *) sqlite3_value_text (values[0]);
  g_autoptr (GByteArray) bytes = function (text != NULL ? text : "", (gsize) sqlite3_value_bytes (values[0]));

  sqlite3_result_blob64 (context, bytes->data, bytes->len, SQLITE_TRANSIENT);
}

/**
 * sht_db_add_function:
 * @name: what SQL calls it
 * @function: gives bytes for a text; the same for the same
 *
 * For steps of sht_db_migrate() that SQL alone cannot do.
 */
gboolean
sht_db_add_function (ShtDb *db, const char *name, ShtDbFunction function, GError **error)
{
  ShtDbFunction *kept = g_new (ShtDbFunction, 1);
  int rc;

  *kept = function;
  rc = sqlite3_create_function_v2 (db->handle, name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, kept, call_function, NULL, NULL, g_free);
  return rc == SQLITE_OK || fail (db, rc, error);
}

/**
 * sht_db_migrate:
 * @steps: (array length=n_steps): SQL that takes the schema from version i to i + 1
 *
 * Brings the schema up to date, each step in one transaction with its version number, so that it can be
 * interrupted anywhere. A copy is made first of what holds data. A newer database is left untouched.
 *
 * Returns: %FALSE with %SHT_DB_ERROR_NEWER or another #ShtDbError
 */
gboolean
sht_db_migrate (ShtDb *db, const char *const *steps, guint n_steps, GError **error)
{
  gint64 version = 0;

  if (!sht_db_get_int (db, &version, error, "PRAGMA user_version", ""))
    return FALSE;
  if (version > n_steps)
    {
      g_autofree char *name = g_path_get_basename (db->path);

      g_set_error (error, SHT_DB_ERROR, SHT_DB_ERROR_NEWER,
                   "%s was written by a newer version of Shetach (schema %" G_GINT64_FORMAT
                   ", this one knows %u)",
                   name, version, n_steps);
      return FALSE;
    }
  if (version > 0 && version < n_steps && !back_up_before_migration (db, version, error))
    return FALSE;
  for (; version < n_steps; version++)
    {
      g_autofree char *set = g_strdup_printf ("PRAGMA user_version=%" G_GINT64_FORMAT, version + 1);
      gint64 now = 0;

      if (!sht_db_begin (db, error))
        return FALSE;
      /* Another process may have done it while this one waited for the lock. */
      if (!sht_db_get_int (db, &now, error, "PRAGMA user_version", ""))
        {
          sht_db_rollback (db);
          return FALSE;
        }
      if (now > version)
        {
          sht_db_rollback (db);
          continue;
        }
      if (!sht_db_exec (db, steps[version], error) || !sht_db_exec (db, set, error))
        {
          sht_db_rollback (db);
          return FALSE;
        }
      if (!sht_db_commit (db, error))
        return FALSE;
    }
  return TRUE;
}

static ShtStmt *
prepare (ShtDb *db, const char *sql, gboolean keep)
{
  ShtStmt *stmt = g_new0 (ShtStmt, 1);

  stmt->db = db;
  stmt->cached = keep;
  stmt->rc = sqlite3_prepare_v3 (db->handle, sql, -1, keep ? SQLITE_PREPARE_PERSISTENT : 0,
                                 &stmt->handle, NULL);
  return stmt;
}

static void
bind_values (ShtStmt *stmt, const char *types, va_list args)
{
  for (int i = 0; types[i] != '\0'; i++)
    {
      switch (types[i])
        {
        case 's':
          sqlite3_bind_text (stmt->handle, i + 1, va_arg (args, const char *), -1, SQLITE_STATIC);
          break;
        case 't':
          {
            const char *text = va_arg (args, const char *);

            sqlite3_bind_text64 (stmt->handle, i + 1, text, va_arg (args, gsize), SQLITE_STATIC,
                                 SQLITE_UTF8);
            break;
          }
        case 'b':
          {
            const void *bytes = va_arg (args, const void *);

            sqlite3_bind_blob64 (stmt->handle, i + 1, bytes, va_arg (args, gsize), SQLITE_STATIC);
            break;
          }
        case 'i':
          sqlite3_bind_int64 (stmt->handle, i + 1, va_arg (args, gint64));
          break;
        case 'n':
          sqlite3_bind_null (stmt->handle, i + 1);
          break;
        default:
          g_assert_not_reached ();
        }
    }
}

/**
 * sht_db_query:
 * @literal_sql: one statement; a string literal, for its address is the key of the prepared statement
 * @types: the types of the values for ?1, ?2, …: `s` text (nullable, must live until the end), `t` text
 *   and its length as #gsize, `b` the same for bytes, `i` #gint64, `n` null (no value)
 *
 * Starts a statement. Take its rows by sht_stmt_step() and always end it by sht_stmt_end(), which also
 * reports what went wrong here.
 *
 * Returns: (transfer none): the statement
 */
ShtStmt *
sht_db_query (ShtDb *db, const char *literal_sql, const char *types, ...)
{
  ShtStmt *stmt = g_hash_table_lookup (db->statements, literal_sql);
  va_list args;

  if (stmt == NULL)
    {
      stmt = prepare (db, literal_sql, TRUE);
      if (stmt->handle != NULL)
        g_hash_table_insert (db->statements, (gpointer) literal_sql, stmt);
      else
        stmt->cached = FALSE;
    }
  else if (stmt->in_use)
    stmt = prepare (db, literal_sql, FALSE);
  else
    stmt->rc = SQLITE_OK;
  stmt->in_use = TRUE;
  va_start (args, types);
  if (stmt->handle != NULL)
    bind_values (stmt, types, args);
  va_end (args);
  return stmt;
}

/**
 * sht_db_query_built:
 * @sql: one statement, built at run time; give it values by sht_stmt_bind()
 *
 * Returns: (transfer none): the statement, prepared for this one use
 */
ShtStmt *
sht_db_query_built (ShtDb *db, const char *sql)
{
  ShtStmt *stmt = prepare (db, sql, FALSE);

  stmt->in_use = TRUE;
  return stmt;
}

/**
 * sht_stmt_bind:
 * @types: as in sht_db_query()
 */
void
sht_stmt_bind (ShtStmt *stmt, const char *types, ...)
{
  va_list args;

  va_start (args, types);
  if (stmt->handle != NULL)
    bind_values (stmt, types, args);
  va_end (args);
}

/**
 * sht_stmt_step:
 *
 * Returns: whether there is a row; after %FALSE call sht_stmt_end()
 */
gboolean
sht_stmt_step (ShtStmt *stmt)
{
  if (stmt->handle == NULL)
    return FALSE;
  stmt->rc = sqlite3_step (stmt->handle);
  return stmt->rc == SQLITE_ROW;
}

/**
 * sht_stmt_end:
 *
 * Ends a statement, whether all rows were taken or not.
 *
 * Returns: %FALSE with a #ShtDbError when something went wrong since sht_db_query()
 */
gboolean
sht_stmt_end (ShtStmt *stmt, GError **error)
{
  gboolean ok = stmt->rc == SQLITE_OK || stmt->rc == SQLITE_ROW || stmt->rc == SQLITE_DONE;

  if (!ok)
    fail (stmt->db, stmt->rc, error);
  stmt->in_use = FALSE;
  if (stmt->cached)
    {
      sqlite3_reset (stmt->handle);
      sqlite3_clear_bindings (stmt->handle);
    }
  else
    stmt_free (stmt);
  return ok;
}

/**
 * sht_stmt_text:
 *
 * Returns: (transfer none) (nullable): the column's text, valid until the next step
 */
const char *
sht_stmt_text (ShtStmt *stmt, int column)
{
  return (const char *) sqlite3_column_text (stmt->handle, column);
}

char *
sht_stmt_dup (ShtStmt *stmt, int column)
{
  return g_strdup (sht_stmt_text (stmt, column));
}

/**
 * sht_stmt_blob:
 *
 * Returns: (transfer none) (nullable): the column's bytes, valid until the next step
 */
const guint8 *
sht_stmt_blob (ShtStmt *stmt, int column)
{
  return sqlite3_column_blob (stmt->handle, column);
}

/**
 * sht_stmt_bytes:
 *
 * Returns: the length of the column's text or bytes; ask for those first
 */
gsize
sht_stmt_bytes (ShtStmt *stmt, int column)
{
  return (gsize) sqlite3_column_bytes (stmt->handle, column);
}

gint64
sht_stmt_int (ShtStmt *stmt, int column)
{
  return sqlite3_column_int64 (stmt->handle, column);
}

gboolean
sht_stmt_is_null (ShtStmt *stmt, int column)
{
  return sqlite3_column_type (stmt->handle, column) == SQLITE_NULL;
}

static ShtStmt *
query_va (ShtDb *db, const char *literal_sql, const char *types, va_list args)
{
  ShtStmt *stmt = sht_db_query (db, literal_sql, "");

  if (stmt->handle != NULL)
    bind_values (stmt, types, args);
  return stmt;
}

/**
 * sht_db_run:
 *
 * Runs one statement to its end; types and values as in sht_db_query().
 */
gboolean
sht_db_run (ShtDb *db, GError **error, const char *literal_sql, const char *types, ...)
{
  va_list args;
  ShtStmt *stmt;

  va_start (args, types);
  stmt = query_va (db, literal_sql, types, args);
  va_end (args);
  while (sht_stmt_step (stmt))
    ;
  return sht_stmt_end (stmt, error);
}

/**
 * sht_db_run_lazily:
 *
 * As sht_db_run(), outside of a transaction, for what may be forgotten by a power cut: it does not wait for the disk, and is
 * as durable as the next transaction once that is.
 */
gboolean
sht_db_run_lazily (ShtDb *db, GError **error, const char *literal_sql, const char *types, ...)
{
  va_list args;
  ShtStmt *stmt;
  gboolean done;

  if (!sht_db_exec (db, "PRAGMA synchronous=NORMAL", error))
    return FALSE;
  va_start (args, types);
  stmt = query_va (db, literal_sql, types, args);
  va_end (args);
  while (sht_stmt_step (stmt))
    ;
  done = sht_stmt_end (stmt, error);
  return sht_db_exec (db, "PRAGMA synchronous=FULL", done ? error : NULL) && done;
}

/**
 * sht_db_get_int:
 * @value: (inout): the first column of the first row; left as it is when there is no row or a null
 */
gboolean
sht_db_get_int (ShtDb *db, gint64 *value, GError **error, const char *literal_sql, const char *types, ...)
{
  va_list args;
  ShtStmt *stmt;

  va_start (args, types);
  stmt = query_va (db, literal_sql, types, args);
  va_end (args);
  if (sht_stmt_step (stmt) && !sht_stmt_is_null (stmt, 0))
    *value = sht_stmt_int (stmt, 0);
  return sht_stmt_end (stmt, error);
}

/**
 * sht_db_get_text:
 *
 * Returns: (transfer full) (nullable): the first column of the first row; %NULL when there is none,
 *   when it is null, or with @error set
 */
char *
sht_db_get_text (ShtDb *db, GError **error, const char *literal_sql, const char *types, ...)
{
  g_autofree char *text = NULL;
  va_list args;
  ShtStmt *stmt;

  va_start (args, types);
  stmt = query_va (db, literal_sql, types, args);
  va_end (args);
  if (sht_stmt_step (stmt))
    text = sht_stmt_dup (stmt, 0);
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&text) : NULL;
}

gint64
sht_db_changes (ShtDb *db)
{
  return sqlite3_changes64 (db->handle);
}
