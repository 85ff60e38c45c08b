/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include <glib/gstdio.h>

/* The words of what has left stay in the text index until its parts are merged, and in the WAL until that is
 * cut: that something has left is noted in the transaction in which it does, and seen to afterwards. */
#define UNCLEAN "unclean"
/* Pages of the text index that are merged at a time. */
#define MERGE_PAGES "200"
/* Nobody waits for the readers of the WAL for longer: there is a next time. */
#define CUT_PATIENCE_MS 100
#define PATIENCE_MS 15000

/**
 * sht_store_clean_later:
 *
 * Notes, inside the caller's transaction, that files may have become unwanted: sht_store_clean_some() looks.
 */
gboolean
sht_store_clean_later (ShtStore *store, GError **error)
{
  return sht_store_set_number (store, UNCLEAN, 1, error);
}

/* Photos and voice notes; their files go when nothing else needs them. Most have none. */
static gboolean
purge_files (ShtStore *store, const char *parent, GError **error)
{
  gint64 some = 0;

  if (!sht_db_get_int (store->db, &some, error,
                       "SELECT 1 FROM photo WHERE ticket = ?1 UNION ALL SELECT 1 FROM voice WHERE ticket = ?1 LIMIT 1", "s", parent))
    return FALSE;
  return some == 0
         || (sht_db_run (store->db, error,
                         "INSERT OR IGNORE INTO unwanted SELECT sha256 FROM shown_file WHERE ticket = ?1", "s", parent)
             && sht_db_run (store->db, error,
                            "DELETE FROM base WHERE type = 'photo' AND id IN (SELECT id FROM photo WHERE ticket = ?1)", "s",
                            parent)
             && sht_db_run (store->db, error, "DELETE FROM photo WHERE ticket = ?1", "s", parent)
             && sht_db_run (store->db, error, "DELETE FROM voice WHERE ticket = ?1", "s", parent));
}

/**
 * sht_store_purge_children:
 * @parent: a ticket's or an obstacle's UUID
 *
 * Takes all off the tablet that hangs on it, inside the caller's transaction, but for what still waits to be sent.
 */
gboolean
sht_store_purge_children (ShtStore *store, const char *parent, GError **error)
{
  return sht_store_clean_later (store, error) && purge_files (store, parent, error)
         && sht_db_run (store->db, error, "DELETE FROM event WHERE parent = ?1", "s", parent);
}

/**
 * sht_store_purge_ticket:
 *
 * Takes a ticket with its notes, photos and voice notes off the tablet, inside the caller's transaction, but for what still
 * waits to be sent: the operations and the files of photos that are not confirmed stay. What is left of it in
 * the files is seen to by sht_store_clean_some().
 */
gboolean
sht_store_purge_ticket (ShtStore *store, const char *id, GError **error)
{
  gint64 row = 0;

  if (!sht_db_get_int (store->db, &row, error, "SELECT row FROM ticket WHERE id = ?1", "s", id))
    return FALSE;
  return (row == 0 || (sht_store_unindex (store, row, error) && sht_store_remove_fact (store, row, error)))
         && sht_store_purge_children (store, id, error)
         && sht_db_run (store->db, error, "DELETE FROM ticket WHERE id = ?1", "s", id)
         && sht_db_run (store->db, error, "DELETE FROM base WHERE type = 'ticket' AND id = ?1", "s", id);
}

/* A file that a photo on the tablet shows, or a draft, or that is still to be sent or kept for the hub, stays. */
static gboolean
remove_files (ShtStore *store, GError **error)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT sha256 FROM unwanted AS u WHERE NOT EXISTS (SELECT 1 FROM blob AS b "
                                "WHERE b.sha256 = u.sha256 AND b.state <> 4) AND NOT EXISTS (SELECT 1 FROM shown_file AS s "
                                "WHERE s.sha256 = u.sha256) AND NOT EXISTS (SELECT 1 FROM meta WHERE (key = ?1 OR instr (key, ?2) = 1) "
                                "AND instr (value, u.sha256))",
                                "ss", SHT_STORE_REPORT_DRAFT, SHT_STORE_OBSTACLE_DRAFT);

  while (sht_stmt_step (stmt))
    g_ptr_array_add (gone, sht_stmt_dup (stmt, 0));
  if (!sht_stmt_end (stmt, error))
    return FALSE;
  for (guint i = 0; i < gone->len; i++)
    {
      g_autofree char *path = sht_store_blob_path (store, g_ptr_array_index (gone, i));

      g_unlink (path);
      if (!sht_db_run (store->db, error, "DELETE FROM unwanted WHERE sha256 = ?1", "s", g_ptr_array_index (gone, i)))
        return FALSE;
    }
  return TRUE;
}

/* A copy that was made before an upgrade holds what has left since. It is there for the work that had not been sent: once
 * none waits, it goes. */
static gboolean
remove_old_copies (ShtStore *store, GError **error)
{
  gint64 operations = 0, photos = 0;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!sht_store_count_pending (store, &operations, &photos, NULL, error))
    return FALSE;
  if (operations + photos == 0)
    dir = g_dir_open (store->folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (store->folder, name, NULL);

      if (g_str_has_prefix (name, SHT_STORE_DATABASE_FILE ".before-"))
        g_unlink (path);
    }
  return TRUE;
}

/* Merges a part of the text index; @more tells whether there was something to be merged. */
static gboolean
merge_words (ShtStore *store, gboolean *more, GError **error)
{
  gint64 before = sqlite3_total_changes64 (sht_db_handle (store->db));

  if (!sht_db_run (store->db, error, "INSERT INTO ticket_words (ticket_words, rank) VALUES ('merge', -" MERGE_PAGES ")",
                   ""))
    return FALSE;
  /* As FTS5 documents it: less than two changes, and nothing was merged. */
  *more = sqlite3_total_changes64 (sht_db_handle (store->db)) - before >= 2;
  return TRUE;
}

/* Whether the WAL could be cut: another process may be reading in it. */
static gboolean
cut_wal (ShtStore *store)
{
  sqlite3 *handle = sht_db_handle (store->db);
  int rc;

  sqlite3_busy_timeout (handle, CUT_PATIENCE_MS);
  rc = sqlite3_wal_checkpoint_v2 (handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout (handle, PATIENCE_MS);
  return rc == SQLITE_OK;
}

/**
 * sht_store_clean_some:
 * @done: (out): whether nothing is left of what has left
 *
 * Goes on with taking what was purged out of the files: photos, the text index, the WAL. A step is short, so
 * that whoever has something to do need not wait.
 */
gboolean
sht_store_clean_some (ShtStore *store, gboolean *done, GError **error)
{
  gboolean more;

  *done = TRUE;
  if (sht_store_get_number (store, UNCLEAN, 0) == 0)
    return TRUE;
  if (!merge_words (store, &more, error))
    return FALSE;
  if (more)
    {
      *done = FALSE;
      return TRUE;
    }
  if (!remove_files (store, error) || !remove_old_copies (store, error))
    return FALSE;
  sht_voice_draft_clean (store, FALSE);
  return !cut_wal (store) || sht_store_set_number (store, UNCLEAN, 0, error);
}
