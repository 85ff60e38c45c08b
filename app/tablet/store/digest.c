/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json-slice.h"
#include "core/protocol.h"

#include <string.h>

/**
 * sht_store_scopes:
 *
 * Returns: (transfer full) (nullable): the scopes that this tablet holds something of
 */
GStrv
sht_store_scopes (ShtStore *store, GError **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  ShtStmt *stmt = sht_db_query (store->db, "SELECT name FROM scope ORDER BY bit", "");

  while (sht_stmt_step (stmt))
    g_strv_builder_add (names, sht_stmt_text (stmt, 0));
  return sht_stmt_end (stmt, error) ? g_strv_builder_end (names) : NULL;
}

/* Steps that wait to be sent have no `rev`: the hub does not know of them. Read by the bytes: SQLite would read the whole of
 * each as JSON for that. */
static gboolean
is_the_hubs (const char *doc, gsize length)
{
  return sht_json_slice_kind (sht_json_slice_member (sht_json_slice_root (doc, length), "rev")) != SHT_JSON_ABSENT;
}

static gboolean
each_row (ShtStore *store, ShtStmt *stmt, gboolean only_the_hubs, ShtStoreDocFunc each, gpointer data, GError **error)
{
  while (sht_stmt_step (stmt))
    {
      const char *doc = sht_stmt_text (stmt, 0);
      gsize length = sht_stmt_bytes (stmt, 0);
      g_autofree char *own = NULL;

      doc = sht_store_open_doc (store, doc, &length, &own);
      if (!only_the_hubs || is_the_hubs (doc, length))
        each (data, doc, length);
    }
  return sht_stmt_end (stmt, error);
}

#define HELD(table, what, join)                                                                                       \
  "SELECT " what " FROM " table " AS t JOIN scope AS s ON s.name = ?1 AND t.scopes & (1 << s.bit) " join              \
  " WHERE t.id >= ?2 AND t.id < ?3"
#define BASE(type, of) " LEFT JOIN base AS b ON b.type = '" type "' AND b.id = " of ".id"
#define HELD_WITH_CHILDREN(table)                                                                                     \
  HELD (table, "coalesce (b.doc, t.doc)", BASE (table, "t")),                                                         \
    HELD (table, "e.doc", "JOIN event AS e ON e.parent = t.id"),                                                      \
    HELD (table, "coalesce (b.doc, p.doc)", "JOIN photo AS p ON p.ticket = t.id" BASE ("photo", "p")),                \
    HELD (table, "v.doc", "JOIN voice AS v ON v.ticket = t.id")

static const char *const held[] = { HELD_WITH_CHILDREN ("ticket"), HELD_WITH_CHILDREN ("obstacle") };

/**
 * sht_store_each_doc:
 * @scope: a scope's name
 * @prefix: only entities whose id (for events and photos, the ticket's) begins like that
 * @each: called for each
 *
 * All that the hub said of a scope, as it said it, without what waits to be sent.
 */
gboolean
sht_store_each_doc (ShtStore *store, const char *scope, const char *prefix, ShtStoreDocFunc each, gpointer data,
                    GError **error)
{
  g_autofree char *end = g_strconcat (prefix, "\x7f", NULL);

  if (strcmp (scope, SHT_SCOPE_TOWN) == 0)
    return each_row (store, sht_db_query (store->db, "SELECT doc FROM stub WHERE id >= ?1 AND id < ?2", "ss", prefix, end), FALSE,
                     each, data, error);
  if (strcmp (scope, SHT_SCOPE_REFERENCE) == 0)
    return each_row (store, sht_db_query (store->db,
                                   "SELECT coalesce (b.doc, p.doc) FROM place AS p LEFT JOIN base AS b "
                                   "ON b.type = 'place' AND b.id = p.id WHERE p.id >= ?1 AND p.id < ?2",
                                   "ss", prefix, end),
                     FALSE, each, data, error)
           && each_row (store, sht_db_query (store->db, "SELECT doc FROM entity WHERE id >= ?1 AND id < ?2", "ss", prefix,
                                      end),
                        FALSE, each, data, error);
  if (!each_row (store, sht_db_query (store->db,
                               "SELECT doc FROM position WHERE '" SHT_SCOPE_DEPARTMENT "' || department = ?1 AND id >= ?2 "
                               "AND id < ?3",
                               "sss", scope, prefix, end),
                 FALSE, each, data, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (held); i++)
    if (!each_row (store, sht_db_query (store->db, held[i], "sss", scope, prefix, end), TRUE, each, data, error))
      return FALSE;
  return TRUE;
}

static void
add_doc (gpointer sum, const char *doc, gsize length)
{
  sht_digest_sum_add (sum, doc, length);
}

/**
 * sht_store_digest:
 * @scope: @prefix: as for sht_store_each_doc()
 * @sum: (out caller-allocates): the fingerprint of what the hub said, without what waits to be sent
 */
gboolean
sht_store_digest (ShtStore *store, const char *scope, const char *prefix, ShtDigestSum *sum, GError **error)
{
  *sum = (ShtDigestSum){ 0 };
  return sht_store_each_doc (store, scope, prefix, add_doc, sum, error);
}
