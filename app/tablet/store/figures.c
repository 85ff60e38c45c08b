/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/fact.h"
#include "tablet/store/clock.h"

/**
 * sht_store_add_fact:
 * @row: of a ticket that has just come
 * @members: (array length=SHT_FACT_N_MEMBERS): the ticket's, as sht_fact_write_members() wants them
 *
 * Writes down what figures have to know of a ticket, inside the caller's transaction.
 */
gboolean
sht_store_add_fact (ShtStore *store, gint64 row, const ShtJsonSlice *members, GError **error)
{
  g_autoptr (GByteArray) fact = g_byte_array_new ();

  sht_fact_write_members (members, fact);
  return sht_db_run (store->db, error, "INSERT INTO fact (row, data) VALUES (?1, ?2)", "ib", row, fact->data, (gsize) fact->len);
}

/**
 * sht_store_renew_fact:
 * @row: of a ticket that was there
 * @members: as sht_store_add_fact() has them, as the ticket is now
 *
 * The same for one that has changed; nothing is written where a figure does not.
 */
gboolean
sht_store_renew_fact (ShtStore *store, gint64 row, const ShtJsonSlice *members, GError **error)
{
  g_autoptr (GByteArray) fact = g_byte_array_new ();

  sht_fact_write_members (members, fact);
  return sht_db_run (store->db, error, "UPDATE fact SET data = ?2 WHERE row = ?1 AND data <> ?2", "ib", row, fact->data,
                     (gsize) fact->len);
}

/** sht_store_remove_fact: of a ticket that goes, inside the caller's transaction */
gboolean
sht_store_remove_fact (ShtStore *store, gint64 row, GError **error)
{
  return sht_db_run (store->db, error, "DELETE FROM fact WHERE row = ?1", "i", row);
}

/**
 * sht_store_figures:
 * @from: (nullable): the first day, as 2026-11-01; see sht_figures_period()
 * @to: (nullable): the last
 * @by: (nullable): what they are told apart by, such as `department`
 *
 * Returns: (transfer full) (nullable): the figures of the tickets on this tablet, as they are seen here now; %NULL with a
 *   #ShtFiguresError or another
 */
ShtFigures *
sht_store_figures (ShtStore *store, const char *from, const char *to, const char *by, GError **error)
{
  const ShtTown *town;
  ShtFiguresPeriod period;
  ShtDimension dimension;
  g_autoptr (ShtFigures) figures = NULL;
  ShtStmt *stmt;

  if (!sht_figures_parse_by (by, &dimension, error) || !sht_store_get_town (store, &town, error)
      || !sht_figures_period (town, from, to, sht_store_hub_now (store), &period, error))
    return NULL;
  figures = sht_figures_new (&period, dimension);
  stmt = sht_db_query (store->db, "SELECT data FROM fact", "");
  while (sht_stmt_step (stmt))
    {
      const guint8 *fact = sht_stmt_blob (stmt, 0);

      sht_figures_add (figures, fact, sht_stmt_bytes (stmt, 0));
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&figures) : NULL;
}
