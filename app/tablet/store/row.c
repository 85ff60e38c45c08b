/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include <string.h>

#define TICKET_COLUMNS                                                                                          \
  "(id, number, status, open, title, address, service, department, crew, lat_e7, lon_e7, due_at, created_at,"   \
  " updated_at, scopes, gen, doc)"

#define TICKET_VALUES                                                                                           \
  "(?1 ->> 'id', ?1 ->> 'number', ?1 ->> 'status',"                                                             \
  " ?1 ->> 'status' IN ('new', 'assigned', 'on_the_way', 'in_progress', 'waiting', 'reopened'),"                \
  " ?1 ->> 'title', ?1 ->> 'address', ?1 ->> 'service', ?1 ->> 'department', ?1 ->> 'crew', ?1 ->> 'lat_e7',"   \
  " ?1 ->> 'lon_e7', ?1 ->> 'due_at', ?1 ->> 'created_at', ?1 ->> 'updated_at', ?2, ?3, ?1)"

#define TICKET_UPDATE                                                                                           \
  "number = excluded.number, status = excluded.status, open = excluded.open, title = excluded.title,"           \
  " address = excluded.address, service = excluded.service, department = excluded.department,"                  \
  " crew = excluded.crew, lat_e7 = excluded.lat_e7, lon_e7 = excluded.lon_e7, due_at = excluded.due_at,"        \
  " created_at = excluded.created_at, updated_at = excluded.updated_at,"                                         \
  " scopes = CASE WHEN gen < excluded.gen THEN excluded.scopes ELSE scopes | excluded.scopes END,"              \
  " gen = max (gen, excluded.gen), doc = excluded.doc"

static gboolean
put_ticket (ShtStore *store, const char *doc, gsize length, guint64 scope_bit, gint64 generation, GError **error)
{
  gint64 row = 0;

  if (!sht_db_get_int (store->db, &row, error,
                       "INSERT INTO ticket " TICKET_COLUMNS " VALUES " TICKET_VALUES
                       " ON CONFLICT (id) DO UPDATE SET " TICKET_UPDATE " RETURNING row",
                       "tii", doc, length, (gint64) scope_bit, generation))
    return FALSE;
  return sht_store_reindex (store, row, error);
}

/**
 * sht_store_show_ticket:
 * @doc: the ticket as it is to be seen
 *
 * Writes the visible row of a ticket, with what is found by text and position, leaving its scopes as
 * they are.
 */
gboolean
sht_store_show_ticket (ShtStore *store, const char *id, const char *doc, GError **error)
{
  return put_ticket (store, doc, strlen (doc), 0, 0, error);
}

static gboolean
put_place (ShtStore *store, const char *doc, gsize length, gint64 generation, GError **error)
{
  gint64 row = 0;

  return sht_db_get_int (store->db, &row, error,
                         "INSERT INTO place (id, layer, name, lat_e7, lon_e7, gen, doc) VALUES (?1 ->> 'id',"
                         " ?1 ->> 'layer', ?1 ->> 'name', ?1 ->> 'lat_e7', ?1 ->> 'lon_e7', ?2, ?1)"
                         " ON CONFLICT (id) DO UPDATE SET layer = excluded.layer, name = excluded.name,"
                         " lat_e7 = excluded.lat_e7, lon_e7 = excluded.lon_e7, gen = max (gen, excluded.gen),"
                         " doc = excluded.doc RETURNING row",
                         "ti", doc, length, generation)
         && sht_db_run (store->db, error, "DELETE FROM place_spot WHERE row = ?1", "i", row)
         && sht_db_run (store->db, error,
                        "INSERT INTO place_spot SELECT row, lat_e7, lat_e7, lon_e7, lon_e7 FROM place "
                        "WHERE row = ?1 AND lat_e7 IS NOT NULL AND lon_e7 IS NOT NULL",
                        "i", row);
}

static gboolean
put_photo (ShtStore *store, const char *doc, gsize length, GError **error)
{
  return sht_db_run (store->db, error,
                     "INSERT INTO photo (id, ticket, sha256, source_sha256, doc) VALUES (?1 ->> 'id',"
                     " ?1 ->> 'ticket', ?1 ->> 'sha256', ?1 ->> 'source_sha256', ?1) ON CONFLICT (id) DO UPDATE "
                     "SET ticket = excluded.ticket, sha256 = excluded.sha256,"
                     " source_sha256 = excluded.source_sha256, doc = excluded.doc",
                     "t", doc, length);
}

/* What is noted is found by its words, so a note brings its ticket's index up to date. */
static gboolean
put_event (ShtStore *store, const char *doc, gsize length, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "INSERT INTO event (id, parent, doc) VALUES (?1 ->> 'id',"
                                " coalesce (?1 ->> 'ticket', ?1 ->> 'place'), ?1)"
                                " ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, doc = excluded.doc"
                                " RETURNING CASE WHEN doc ->> 'kind' = 'note' THEN parent END",
                                "t", doc, length);
  g_autofree char *ticket = sht_stmt_step (stmt) ? sht_stmt_dup (stmt, 0) : NULL;
  gint64 row = 0;

  while (sht_stmt_step (stmt))
    ;
  if (!sht_stmt_end (stmt, error))
    return FALSE;
  return ticket == NULL
         || (sht_db_get_int (store->db, &row, error, "SELECT row FROM ticket WHERE id = ?1", "s", ticket)
             && (row == 0 || sht_store_reindex (store, row, error)));
}

/**
 * sht_store_put_line:
 * @type: the entity's type
 * @id: its id
 * @line: the entity as the hub wrote it
 * @length: its length in bytes
 * @scope_bit: the bit of the scope that it came in, 0 when it came in none
 * @generation: the running resync's number
 *
 * Writes what the hub said as what is seen. To be called inside a transaction, and only for entities on
 * which nothing waits to be sent; for those, see sht_store_set_base().
 */
gboolean
sht_store_put_line (ShtStore *store, const char *type, const char *id, const char *line, gsize length,
                    guint64 scope_bit, gint64 generation, GError **error)
{
  if (strcmp (type, "event") == 0)
    return put_event (store, line, length, error);
  if (strcmp (type, "ticket") == 0)
    return put_ticket (store, line, length, scope_bit, generation, error);
  if (strcmp (type, "photo") == 0)
    return put_photo (store, line, length, error);
  if (strcmp (type, "place") == 0)
    return put_place (store, line, length, generation, error);
  if (strcmp (type, "stub") == 0)
    return sht_db_run (store->db, error,
                       "INSERT OR REPLACE INTO stub (id, service, status, lat_e7, lon_e7, gen, doc) VALUES"
                       " (?1 ->> 'id', ?1 ->> 'service', ?1 ->> 'status', ?1 ->> 'lat_e7', ?1 ->> 'lon_e7', ?2, ?1)",
                       "ti", line, length, generation);
  return sht_db_run (store->db, error, "INSERT OR REPLACE INTO entity (type, id, gen, doc) VALUES (?1, ?2, ?3, ?4)",
                     "ssit", type, id, generation, line, length);
}

/**
 * sht_store_purge_ticket:
 *
 * Takes a ticket with its notes and photos off the tablet, but for what still waits to be sent: the
 * operations and the files of photos that are not confirmed stay.
 */
gboolean
sht_store_purge_ticket (ShtStore *store, const char *id, GError **error)
{
  gint64 row = 0;

  if (!sht_db_get_int (store->db, &row, error, "SELECT row FROM ticket WHERE id = ?1", "s", id))
    return FALSE;
  return (row == 0 || sht_store_unindex (store, row, error))
         && sht_db_run (store->db, error, "DELETE FROM ticket WHERE id = ?1", "s", id)
         && sht_db_run (store->db, error, "DELETE FROM event WHERE parent = ?1", "s", id)
         && sht_db_run (store->db, error,
                        "DELETE FROM base WHERE type = 'photo' AND id IN (SELECT id FROM photo WHERE ticket = ?1)",
                        "s", id)
         && sht_db_run (store->db, error, "DELETE FROM photo WHERE ticket = ?1", "s", id)
         && sht_db_run (store->db, error, "DELETE FROM base WHERE type = 'ticket' AND id = ?1", "s", id);
}
