/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define SHT_DB_ERROR (sht_db_error_quark ())
GQuark sht_db_error_quark (void);

/**
 * ShtDbError:
 * @SHT_DB_ERROR_FAILED: anything else; the message is SQLite's
 * @SHT_DB_ERROR_BUSY: another process holds the database for too long
 * @SHT_DB_ERROR_FULL: the disk is full
 * @SHT_DB_ERROR_DAMAGED: not a database, or a broken one
 * @SHT_DB_ERROR_NEWER: written by a newer version of the program
 * @SHT_DB_ERROR_CONSTRAINT: a rule of the schema stands against it
 */
typedef enum
{
  SHT_DB_ERROR_FAILED,
  SHT_DB_ERROR_BUSY,
  SHT_DB_ERROR_FULL,
  SHT_DB_ERROR_DAMAGED,
  SHT_DB_ERROR_NEWER,
  SHT_DB_ERROR_CONSTRAINT
} ShtDbError;

/* So many pages, of 8 KiB, may be in the WAL before they are written to where they belong. */
#define SHT_DB_WAL_PAGES 1000

/* What SQL may ask of C: bytes made of a text; not %NULL. */
typedef GByteArray *(*ShtDbFunction) (const char *text, gsize length);

typedef struct _ShtDb ShtDb;
typedef struct _ShtStmt ShtStmt;

ShtDb *sht_db_open (const char *path, gboolean read_only, const char *vfs, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_db_close (ShtDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtDb, sht_db_close)
sqlite3 *sht_db_handle (ShtDb *db);

gboolean sht_db_add_function (ShtDb *db, const char *name, ShtDbFunction function, GError **error);
gboolean sht_db_migrate (ShtDb *db, const char *const *steps, guint n_steps, GError **error);
gboolean sht_db_exec (ShtDb *db, const char *sql, GError **error);

gboolean sht_db_begin (ShtDb *db, GError **error);
gboolean sht_db_commit (ShtDb *db, GError **error);
void sht_db_rollback (ShtDb *db);
gint64 sht_db_data_version (ShtDb *db);

ShtStmt *sht_db_query (ShtDb *db, const char *literal_sql, const char *types, ...);
ShtStmt *sht_db_query_built (ShtDb *db, const char *sql);
void sht_stmt_bind (ShtStmt *stmt, const char *types, ...);
gboolean sht_stmt_step (ShtStmt *stmt);
gboolean sht_stmt_end (ShtStmt *stmt, GError **error);
const char *sht_stmt_text (ShtStmt *stmt, int column);
char *sht_stmt_dup (ShtStmt *stmt, int column) G_GNUC_WARN_UNUSED_RESULT;
const guint8 *sht_stmt_blob (ShtStmt *stmt, int column);
gsize sht_stmt_bytes (ShtStmt *stmt, int column);
gint64 sht_stmt_int (ShtStmt *stmt, int column);
gboolean sht_stmt_is_null (ShtStmt *stmt, int column);

gboolean sht_db_run (ShtDb *db, GError **error, const char *literal_sql, const char *types, ...);
gboolean sht_db_run_lazily (ShtDb *db, GError **error, const char *literal_sql, const char *types, ...);
gboolean sht_db_get_int (ShtDb *db, gint64 *value, GError **error, const char *literal_sql, const char *types, ...);
char *sht_db_get_text (ShtDb *db, GError **error, const char *literal_sql, const char *types, ...) G_GNUC_WARN_UNUSED_RESULT;
gint64 sht_db_changes (ShtDb *db);

G_END_DECLS
