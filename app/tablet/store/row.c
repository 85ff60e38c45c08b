/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include <string.h>

#define OPEN_STATUS "?1 ->> 'status' IN ('new', 'assigned', 'on_the_way', 'in_progress', 'waiting', 'reopened')"

#define TICKET_COLUMNS                                                                                          \
  "(id, number, status, open, title, address, service, department, crew, lat_e7, lon_e7, due_at, created_at,"   \
  " updated_at, scopes, gen, doc)"

#define TICKET_VALUES                                                                                           \
  "(?1 ->> 'id', ?1 ->> 'number', ?1 ->> 'status',"                                                             \
  " " OPEN_STATUS ","                                                                                           \
  " ?1 ->> 'title', ?1 ->> 'address', ?1 ->> 'service', ?1 ->> 'department', ?1 ->> 'crew', ?1 ->> 'lat_e7',"   \
  " ?1 ->> 'lon_e7', ?1 ->> 'due_at', ?1 ->> 'created_at', ?1 ->> 'updated_at', ?2, ?3, ?1)"

/* What no index holds; SQLite rewrites the entries of an index whenever one of its columns is named. */
#define TICKET_UPDATE                                                                                           \
  "status = ?1 ->> 'status', title = ?1 ->> 'title', address = ?1 ->> 'address', service = ?1 ->> 'service',"   \
  " department = ?1 ->> 'department', crew = ?1 ->> 'crew', lat_e7 = ?1 ->> 'lat_e7',"                          \
  " lon_e7 = ?1 ->> 'lon_e7', created_at = ?1 ->> 'created_at', updated_at = ?1 ->> 'updated_at',"              \
  " scopes = CASE WHEN gen < ?3 THEN ?2 ELSE scopes | ?2 END, gen = max (gen, ?3), doc = ?1"

typedef struct
{
  gint64 row;          /* 0 when the ticket is not here yet */
  gboolean same_words; /* what is found of it by words and place stays */
  gboolean same_order; /* so does its place in the list, and its number */
} Before;

static gboolean
look_before (ShtStore *store, const char *id, const char *doc, gsize length, Before *before, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT row, number IS ?1 ->> 'number' AND open IS (" OPEN_STATUS ")"
                                " AND due_at IS ?1 ->> 'due_at', title IS ?1 ->> 'title'"
                                " AND address IS ?1 ->> 'address' AND doc ->> 'description' IS ?1 ->> 'description'"
                                " AND lat_e7 IS ?1 ->> 'lat_e7' AND lon_e7 IS ?1 ->> 'lon_e7'"
                                " AND number IS ?1 ->> 'number' FROM ticket WHERE id = ?2",
                                "ts", doc, length, id);

  *before = (Before){ 0 };
  if (sht_stmt_step (stmt))
    {
      before->row = sht_stmt_int (stmt, 0);
      before->same_order = sht_stmt_int (stmt, 1) != 0;
      before->same_words = sht_stmt_int (stmt, 2) != 0;
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
put_ticket (ShtStore *store, const char *id, const char *doc, gsize length, guint64 scope_bit, gint64 generation,
            GError **error)
{
  Before before;

  if (!look_before (store, id, doc, length, &before, error))
    return FALSE;
  /* A new row lies behind those that are indexed by words and place; the indexer will come to it. */
  if (before.row == 0)
    return sht_db_run (store->db, error, "INSERT INTO ticket " TICKET_COLUMNS " VALUES " TICKET_VALUES, "tii", doc,
                       length, (gint64) scope_bit, generation);
  if (!sht_db_run (store->db, error, "UPDATE ticket SET " TICKET_UPDATE " WHERE row = ?4", "tiii", doc, length,
                   (gint64) scope_bit, generation, before.row))
    return FALSE;
  if (!before.same_order
      && !sht_db_run (store->db, error,
                      "UPDATE ticket SET number = ?1 ->> 'number', open = " OPEN_STATUS
                      ", due_at = ?1 ->> 'due_at' WHERE row = ?2",
                      "ti", doc, length, before.row))
    return FALSE;
  return before.same_words || sht_store_reindex (store, before.row, error);
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
  return put_ticket (store, id, doc, strlen (doc), 0, 0, error);
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

/* What an event hangs on, when it is told right behind the id, where our hub puts it; else empty. */
static void
parent_behind_id (const char *id, const char *doc, gsize length, char parent[SHT_ID_LENGTH + 1])
{
  g_autofree char *start = g_strdup_printf ("{\"t\":\"event\",\"id\":\"%s\",\"ticket\":\"", id);
  gsize at = strlen (start);

  parent[0] = '\0';
  if (length > at + SHT_ID_LENGTH && memcmp (doc, start, at) == 0 && doc[at + SHT_ID_LENGTH] == '"')
    {
      memcpy (parent, doc + at, SHT_ID_LENGTH);
      parent[SHT_ID_LENGTH] = '\0';
    }
}

static gboolean
put_event (ShtStore *store, const char *id, const char *doc, gsize length, GError **error)
{
  char parent[SHT_ID_LENGTH + 1];

  /* Most rows of a first fill are events: SQLite need not read them as JSON. */
  parent_behind_id (id, doc, length, parent);
  if (sht_id_is_valid (parent))
    return sht_db_run (store->db, error,
                       "INSERT OR REPLACE INTO event (id, parent, doc) VALUES (?1, ?2, ?3)", "sst", id, parent, doc,
                       length);
  return sht_db_run (store->db, error,
                     "INSERT OR REPLACE INTO event (id, parent, doc) VALUES (?1 ->> 'id',"
                     " coalesce (?1 ->> 'ticket', ?1 ->> 'place'), ?1)",
                     "t", doc, length);
}

/* A note's words are found with its ticket. */
static gboolean
index_note (ShtStore *store, const char *doc, gsize length, GError **error)
{
  static const char kind[] = "\"kind\":\"note\"";
  gint64 row = 0;

  if (memmem (doc, length, kind, strlen (kind)) == NULL)
    return TRUE;
  return sht_db_get_int (store->db, &row, error, "SELECT row FROM ticket WHERE id = ?1 ->> 'ticket'", "t", doc, length)
         && (row == 0 || sht_store_reindex (store, row, error));
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
    return put_event (store, id, line, length, error) && index_note (store, line, length, error)
           && sht_store_note_decided (store, id, line, length, error);
  if (strcmp (type, "ticket") == 0)
    return put_ticket (store, id, line, length, scope_bit, generation, error);
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
