/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/store-sqlite.h"

/* Those that were heard of last come first. */
gboolean
sht_hub_sqlite_each_login (ShtHubStore *store, ShtHubLoginFunc each, gpointer data, GError **error)
{
  ShtStmt *stmt = sht_db_query (sht_hub_sqlite_db (store),
                                "SELECT id, role, crew, department, person, last_event_at, token_hash FROM device "
                                "ORDER BY max (ifnull (last_seen_at, 0), enrolled_at) DESC, id",
                                "");

  while (sht_stmt_step (stmt))
    {
      g_autofree char *id = sht_stmt_dup (stmt, 0), *role = sht_stmt_dup (stmt, 1), *crew = sht_stmt_dup (stmt, 2);
      g_autofree char *department = sht_stmt_dup (stmt, 3), *person = sht_stmt_dup (stmt, 4);
      g_autofree char *token_hash = sht_stmt_dup (stmt, 6);
      const ShtHubDevice device = { id, role, crew, department, person, sht_stmt_int (stmt, 5) };

      if (!each (&device, token_hash, data))
        break;
    }
  return sht_stmt_end (stmt, error);
}
