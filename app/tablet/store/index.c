/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json-guard.h"
#include "core/json-slice.h"
#include "core/text.h"
#include "tablet/store/doc-marks.h"

#include <string.h>

/* Rows up to this number are found by text and position; those behind it wait for the indexer. So a first
 * fill writes plain rows only, and the list is there before the search is. */
#define INDEXED_TO "indexed_to"

static gboolean
write_words (ShtStore *store, gint64 row, const char *words, GError **error)
{
  return sht_db_run (store->db, error, "INSERT INTO ticket_words (rowid, words) VALUES (?1, ?2)", "is", row, words);
}

static void
fold_member (GString *words, ShtJsonSlice object, const char *name)
{
  g_autofree char *text = sht_json_slice_member_string (object, name);

  sht_text_fold_for_index (words, text);
}

/* SQLite would read each step of the journey as a whole for the one that is a note. */
static void
fold_note (GString *words, const char *doc, gsize length)
{
  ShtJsonSlice event;

  if ((sht_doc_marks (doc, length) & SHT_DOC_MARK_NOTE) == 0 || !sht_json_guard (doc, length, SHT_JSON_MAX_DEPTH, NULL))
    return;
  event = sht_json_slice_root (doc, length);
  if (sht_json_slice_equals (sht_json_slice_member (event, "kind"), "note"))
    fold_member (words, sht_json_slice_member (event, "data"), "text");
}

static gboolean
gather_words (ShtStore *store, gint64 row, GString *words, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT number, title, address, doc FROM ticket WHERE row = ?1", "i", row);

  if (sht_stmt_step (stmt))
    {
      const char *doc = sht_stmt_text (stmt, 3);

      for (int i = 0; i < 3; i++)
        sht_text_fold_for_index (words, sht_stmt_text (stmt, i));
      /* A ticket has been looked at when it was written. */
      fold_member (words, sht_json_slice_root (doc, sht_stmt_bytes (stmt, 3)), "description");
    }
  if (!sht_stmt_end (stmt, error))
    return FALSE;
  stmt = sht_db_query (store->db,
                       "SELECT e.doc FROM ticket AS t JOIN event AS e ON e.parent = t.id WHERE t.row = ?1", "i", row);
  while (sht_stmt_step (stmt))
    {
      const char *doc = sht_stmt_text (stmt, 0);

      fold_note (words, doc, sht_stmt_bytes (stmt, 0));
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
index_words (ShtStore *store, gint64 row, GString *words, GError **error)
{
  g_string_truncate (words, 0);
  return gather_words (store, row, words, error) && write_words (store, row, words->str, error);
}

/* A statement that may write several rows has a savepoint of its own, and at each savepoint FTS5 writes down all that it
 * has gathered: never between the words of two tickets. That was a third of all that a first fill took. */
static gboolean
index_spot (ShtStore *store, gint64 row, GError **error)
{
  return sht_db_run (store->db, error,
                     "INSERT OR REPLACE INTO ticket_spot SELECT row, lat_e7, lat_e7, lon_e7, lon_e7 FROM ticket "
                     "WHERE row = ?1 AND lat_e7 IS NOT NULL AND lon_e7 IS NOT NULL",
                     "i", row);
}

/**
 * sht_store_unindex:
 * @row: a ticket's row that is about to go
 */
gboolean
sht_store_unindex (ShtStore *store, gint64 row, GError **error)
{
  return sht_db_run (store->db, error, "DELETE FROM ticket_words WHERE rowid = ?1", "i", row)
         && sht_db_run (store->db, error, "DELETE FROM ticket_spot WHERE row = ?1", "i", row);
}

static gboolean
index_anew (ShtStore *store, gint64 row, GError **error)
{
  g_autoptr (GString) words = g_string_new (NULL);

  return sht_store_unindex (store, row, error) && index_spot (store, row, error) && index_words (store, row, words, error);
}

/**
 * sht_store_reindex:
 * @row: a ticket's row that was written
 *
 * Keeps what is found by text and position in step with a row, unless the indexer has not come to it.
 */
gboolean
sht_store_reindex (ShtStore *store, gint64 row, GError **error)
{
  return row > sht_store_get_number (store, INDEXED_TO, 0) || index_anew (store, row, error);
}

/**
 * sht_store_reindex_notes:
 * @ticket: (nullable): UUID of what a note was written on, or taken from
 *
 * Keeps what is found by text in step with a ticket's notes, as sht_store_reindex() does.
 */
gboolean
sht_store_reindex_notes (ShtStore *store, const char *ticket, GError **error)
{
  gint64 row = 0;

  return sht_db_get_int (store->db, &row, error,
                         "SELECT row FROM ticket WHERE id = ?1 AND row <= (SELECT value FROM meta WHERE key = '" INDEXED_TO "')", "s",
                         ticket)
         && (row == 0 || index_anew (store, row, error));
}

static gboolean
collect_rows (ShtStore *store, gint64 after, guint limit, GArray *rows, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db, "SELECT row FROM ticket WHERE row > ?1 ORDER BY row LIMIT ?2", "ii", after,
                                (gint64) limit);

  while (sht_stmt_step (stmt))
    {
      gint64 row = sht_stmt_int (stmt, 0);

      g_array_append_val (rows, row);
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
index_rows (ShtStore *store, guint limit, gboolean *done, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GString) words = g_string_new (NULL);

  if (!collect_rows (store, sht_store_get_number (store, INDEXED_TO, 0), limit, rows, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!index_words (store, g_array_index (rows, gint64, i), words, error))
      return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!index_spot (store, g_array_index (rows, gint64, i), error))
      return FALSE;
  *done = rows->len < limit;
  return rows->len == 0
         || sht_store_set_number (store, INDEXED_TO, g_array_index (rows, gint64, rows->len - 1), error);
}

/**
 * sht_store_index_some:
 * @rows: how many tickets at the most
 * @done: (out): whether all tickets can be found now
 *
 * Goes on with the index of text and position, in one transaction; behind that, with taking what has left the
 * tablet out of its files.
 */
gboolean
sht_store_index_some (ShtStore *store, guint rows, gboolean *done, GError **error)
{
  gint64 behind = 0;

  if (!sht_db_get_int (store->db, &behind, error,
                       "SELECT EXISTS (SELECT 1 FROM ticket WHERE row > coalesce ("
                       "(SELECT value FROM meta WHERE key = 'indexed_to'), 0))",
                       ""))
    return FALSE;
  *done = behind == 0;
  if (*done)
    return sht_store_clean_some (store, done, error);
  if (!sht_db_begin (store->db, error))
    return FALSE;
  if (!index_rows (store, rows, done, error))
    {
      sht_db_rollback (store->db);
      return FALSE;
    }
  if (!sht_db_commit (store->db, error))
    return FALSE;
  return !*done || sht_store_clean_some (store, done, error);
}

/**
 * sht_store_index_all:
 *
 * Brings the index of text and position up to date.
 */
gboolean
sht_store_index_all (ShtStore *store, GError **error)
{
  gboolean done = FALSE;

  while (!done)
    if (!sht_store_index_some (store, 5000, &done, error))
      return FALSE;
  return TRUE;
}
