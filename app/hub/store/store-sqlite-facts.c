/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/store-sqlite.h"

#include "core/fact.h"

#include <string.h>

gboolean
sht_hub_sqlite_put_fact (ShtHubStore *store, const char *id, const char *doc, GError **error)
{
  g_autoptr (GByteArray) fact = g_byte_array_new ();

  sht_fact_write (doc, strlen (doc), fact);
  return sht_db_run (sht_hub_sqlite_db (store), error,
                     "INSERT INTO fact (id, data) VALUES (?1, ?2) "
                     "ON CONFLICT (id) DO UPDATE SET data = excluded.data WHERE data <> excluded.data",
                     "sb", id, fact->data, (gsize) fact->len);
}

gboolean
sht_hub_sqlite_each_fact (ShtHubStore *store, ShtHubFactFunc each, gpointer data, GError **error)
{
  ShtStmt *stmt = sht_db_query (sht_hub_sqlite_db (store), "SELECT data FROM fact", "");

  while (sht_stmt_step (stmt))
    {
      const guint8 *fact = sht_stmt_blob (stmt, 0);

      each (data, fact, sht_stmt_bytes (stmt, 0));
    }
  return sht_stmt_end (stmt, error);
}
