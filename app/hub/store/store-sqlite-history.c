/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/store-sqlite.h"

void
sht_hub_history_clear (ShtHubHistory *history)
{
  g_clear_pointer (&history->id, g_free);
}

gboolean
sht_hub_sqlite_put_blob (ShtHubStore *store, const char *sha256, gint64 size, gint64 at, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error,
                     "INSERT INTO blob (sha256, size, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", "sii", sha256, size,
                     at);
}

gboolean
sht_hub_sqlite_get_blob (ShtHubStore *store, const char *sha256, gint64 *size, GError **error)
{
  *size = -1;
  return sht_db_get_int (sht_hub_sqlite_db (store), size, error, "SELECT size FROM blob WHERE sha256 = ?1", "s", sha256);
}

gboolean
sht_hub_sqlite_each_blob (ShtHubStore *store, ShtHubBlobFunc each, gpointer data, GError **error)
{
  ShtStmt *stmt = sht_db_query (sht_hub_sqlite_db (store), "SELECT sha256, size FROM blob ORDER BY sha256", "");

  while (sht_stmt_step (stmt))
    if (!each (data, sht_stmt_text (stmt, 0), sht_stmt_int (stmt, 1)))
      break;
  return sht_stmt_end (stmt, error);
}

gboolean
sht_hub_sqlite_remove_blob (ShtHubStore *store, const char *sha256, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error, "DELETE FROM blob WHERE sha256 = ?1", "s", sha256);
}

gboolean
sht_hub_sqlite_put_thumbnail (ShtHubStore *store, const char *photo, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error, "INSERT INTO thumbnail (photo) VALUES (?1) ON CONFLICT DO NOTHING", "s",
                     photo);
}

gboolean
sht_hub_sqlite_has_thumbnail (ShtHubStore *store, const char *photo, gboolean *has, GError **error)
{
  gint64 found = 0;

  if (!sht_db_get_int (sht_hub_sqlite_db (store), &found, error, "SELECT 1 FROM thumbnail WHERE photo = ?1", "s", photo))
    return FALSE;
  *has = found != 0;
  return TRUE;
}

gboolean
sht_hub_sqlite_get_history (ShtHubStore *store, ShtHubHistory *history, GError **error)
{
  ShtStmt *stmt = sht_db_query (sht_hub_sqlite_db (store),
                                "SELECT id, backed_up, keep_days FROM history WHERE forked_at IS NULL "
                                "ORDER BY n DESC LIMIT 1",
                                "");

  *history = (ShtHubHistory){ 0 };
  if (sht_stmt_step (stmt))
    {
      history->id = sht_stmt_dup (stmt, 0);
      history->backed_up = sht_stmt_int (stmt, 1);
      history->keep_days = sht_stmt_int (stmt, 2);
    }
  return sht_stmt_end (stmt, error);
}

/* What lies before the fork is what a backup held, and is backed up in the new history too. */
gboolean
sht_hub_sqlite_add_history (ShtHubStore *store, const char *id, gint64 forked_at, GError **error)
{
  ShtDb *db = sht_hub_sqlite_db (store);

  return sht_db_run (db, error,
                     "INSERT INTO history (id, backed_up, keep_days) VALUES (?1, ?2, coalesce ("
                     "(SELECT keep_days FROM history WHERE forked_at IS NULL), 0))",
                     "si", id, forked_at)
         && sht_db_run (db, error, "UPDATE history SET forked_at = ?1 WHERE forked_at IS NULL AND id <> ?2", "is",
                        forked_at, id);
}

gboolean
sht_hub_sqlite_common_with (ShtHubStore *store, const char *history, gint64 *through, GError **error)
{
  *through = 0;
  return sht_db_get_int (sht_hub_sqlite_db (store), through, error,
                         "SELECT min (coalesce (forked_at, 9223372036854775807)) FROM history "
                         "WHERE n >= (SELECT n FROM history WHERE id = ?1)",
                         "s", history);
}

gboolean
sht_hub_sqlite_note_backup (ShtHubStore *store, const char *history, gint64 through, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error,
                     "UPDATE history SET backed_up = max (backed_up, ?2) WHERE id = ?1 AND forked_at IS NULL", "si",
                     history, through);
}

gboolean
sht_hub_sqlite_set_keep_days (ShtHubStore *store, gint64 days, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error, "UPDATE history SET keep_days = ?1 WHERE forked_at IS NULL", "i",
                     days);
}

gboolean
sht_hub_sqlite_get_incarnation (ShtHubStore *store, const char *device, const char *incarnation, gint64 *highest_seq,
                                GError **error)
{
  *highest_seq = -1;
  return sht_db_get_int (sht_hub_sqlite_db (store), highest_seq, error,
                         "SELECT highest_seq FROM incarnation WHERE device = ?1 AND id = ?2", "ss", device,
                         incarnation);
}

gboolean
sht_hub_sqlite_note_incarnation (ShtHubStore *store, const char *device, const char *incarnation, gint64 seq,
                                 GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error,
                     "INSERT INTO incarnation (device, id, highest_seq) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE "
                     "SET highest_seq = max (highest_seq, ?3)",
                     "ssi", device, incarnation, seq);
}

gboolean
sht_hub_sqlite_snapshot (ShtHubStore *store, const char *path, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error, "VACUUM INTO ?1", "s", path);
}

gboolean
sht_hub_sqlite_verify (ShtHubStore *store, GError **error)
{
  g_autofree char *fault = NULL;
  g_autoptr (GError) local_error = NULL;

  fault = sht_db_get_text (sht_hub_sqlite_db (store), &local_error, "PRAGMA integrity_check (1)", "");
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (g_strcmp0 (fault, "ok") == 0)
    return TRUE;
  g_set_error (error, SHT_DB_ERROR, SHT_DB_ERROR_DAMAGED, "the database is damaged: %s", fault);
  return FALSE;
}
