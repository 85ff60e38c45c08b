/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/store-sqlite.h"

#define COLUMNS "crew, device, received_at, at, state, lat_e7, lon_e7, accuracy_m, heading, speed_cm_s"

/* Of rows this near each other so many are kept, whatever a tablet sends. */
#define MOST_NEAR 8
#define NEAR "FROM position WHERE crew = ?1 AND device = ?2 AND at > ?4 - ?11 AND at < ?4 + ?11"

/* Not where its neighbour, before or after it, says the same: what lies between two others of the same state is news. */
gboolean
sht_hub_sqlite_put_position (ShtHubStore *store, const ShtHubPosition *told, gint64 within_ms, GError **error)
{
  const ShtPosition *p = &told->position;
  gboolean here = p->state == SHT_POSITION_HERE;

  return sht_db_run (sht_hub_sqlite_db (store), error,
                     "INSERT OR IGNORE INTO position (" COLUMNS ") SELECT ?1, ?2, ?3, ?4, ?5, iif (?13, ?6, NULL),"
                     " iif (?13, ?7, NULL), iif (?13, ?8, NULL), iif (?13, ?9, NULL), iif (?13, ?10, NULL) "
                     "WHERE (SELECT count(*) " NEAR ") < ?12"
                     " AND (SELECT state " NEAR " AND at <= ?4 ORDER BY at DESC LIMIT 1) IS NOT ?5"
                     " AND (SELECT state " NEAR " AND at >= ?4 ORDER BY at LIMIT 1) IS NOT ?5",
                     "ssiisiiiiiiii", told->crew, told->device, told->received_at, p->at, sht_position_state_name (p->state),
                     p->lat_e7, p->lon_e7, p->accuracy_m, p->heading, p->speed_cm_s, within_ms, (gint64) MOST_NEAR,
                     (gint64) here);
}

static ShtHubPosition
read_row (ShtStmt *stmt)
{
  ShtHubPosition told = {
    .crew = sht_stmt_text (stmt, 0),
    .device = sht_stmt_text (stmt, 1),
    .received_at = sht_stmt_int (stmt, 2),
    .position = { .at = sht_stmt_int (stmt, 3), .state = SHT_POSITION_UNKNOWN, .heading = -1, .speed_cm_s = -1 },
  };

  sht_position_state_parse (sht_stmt_text (stmt, 4), &told.position.state);
  if (told.position.state != SHT_POSITION_HERE)
    return told;
  told.position.lat_e7 = sht_stmt_int (stmt, 5);
  told.position.lon_e7 = sht_stmt_int (stmt, 6);
  told.position.accuracy_m = sht_stmt_int (stmt, 7);
  told.position.heading = sht_stmt_int (stmt, 8);
  told.position.speed_cm_s = sht_stmt_int (stmt, 9);
  return told;
}

static ShtStmt *
query (ShtHubStore *store, const char *crew, gboolean newest)
{
  ShtDb *db = sht_hub_sqlite_db (store);

  if (crew != NULL && newest)
    return sht_db_query (db, "SELECT " COLUMNS " FROM position WHERE crew = ?1 ORDER BY at DESC LIMIT 1", "s", crew);
  if (crew != NULL)
    return sht_db_query (db, "SELECT " COLUMNS " FROM position WHERE crew = ?1 ORDER BY at DESC", "s", crew);
  if (newest)
    return sht_db_query (db, "SELECT " COLUMNS ", max (at) FROM position GROUP BY crew ORDER BY crew", "");
  return sht_db_query (db, "SELECT " COLUMNS " FROM position ORDER BY crew, at DESC", "");
}

gboolean
sht_hub_sqlite_each_position (ShtHubStore *store, const char *crew, gboolean newest, ShtHubPositionFunc each, gpointer data,
                              GError **error)
{
  ShtStmt *stmt = query (store, crew, newest);

  while (sht_stmt_step (stmt))
    {
      ShtHubPosition told = read_row (stmt);

      if (!each (data, &told))
        break;
    }
  return sht_stmt_end (stmt, error);
}

gboolean
sht_hub_sqlite_purge_positions (ShtHubStore *store, gint64 before, gboolean but_newest, GError **error)
{
  if (!but_newest)
    return sht_db_run (sht_hub_sqlite_db (store), error, "DELETE FROM position WHERE at < ?1", "i", before);
  return sht_db_run (sht_hub_sqlite_db (store), error,
                     "DELETE FROM position WHERE at < ?1 AND EXISTS (SELECT 1 FROM position AS newer "
                     "WHERE newer.crew = position.crew AND newer.at > position.at)",
                     "i", before);
}

gboolean
sht_hub_sqlite_get_setting (ShtHubStore *store, const char *name, gint64 *value, GError **error)
{
  return sht_db_get_int (sht_hub_sqlite_db (store), value, error, "SELECT value FROM setting WHERE name = ?1", "s", name);
}

gboolean
sht_hub_sqlite_put_setting (ShtHubStore *store, const char *name, gint64 value, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error,
                     "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2", "si",
                     name, value);
}
