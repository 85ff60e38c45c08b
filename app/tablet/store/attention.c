/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json.h"
#include "core/resolve.h"
#include "core/view.h"

#include <string.h>

static void
set_value (JsonObject *side, JsonNode *value)
{
  json_object_set_member (side, "value", value != NULL ? json_node_copy (value) : json_node_new (JSON_NODE_NULL));
}

/* One of the two: what, who, when. */
static JsonObject *
side_new (JsonNode *value, const char *by, gint64 at)
{
  JsonObject *side = json_object_new ();
  g_autofree char *when = at > 0 ? sht_view_time (at) : NULL;

  set_value (side, value);
  sht_json_set_string (side, "by", by);
  sht_json_set_string (side, "at", when);
  return side;
}

static void
add_ticket (ShtStore *store, JsonObject *row, const char *ticket)
{
  g_autoptr (JsonObject) doc = ticket != NULL ? sht_store_get (store, "ticket", ticket, NULL) : NULL;

  sht_json_set_string (row, "ticket", ticket);
  sht_json_set_string (row, "number", sht_json_string (doc, "number"));
  sht_json_set_string (row, "title", sht_json_string (doc, "title"));
}

static const char *
who_of (JsonObject *event)
{
  static const char *const members[] = { "actor_name", "crew", "role" };
  const char *name = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (members) && name == NULL; i++)
    name = sht_json_string (event, members[i]);
  return name;
}

/* "op field" of what was decided here, by a decision that the hub has not confirmed: what it has confirmed is
 * in the events. */
static GHashTable *
load_decisions (ShtStore *store, GError **error)
{
  g_autoptr (GHashTable) decided = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT bytes ->> '$.fields.op', bytes ->> '$.fields.field' FROM op WHERE state < 2 "
                                "AND kind = 'ticket.resolve' UNION ALL SELECT bytes ->> '$.fields.op', "
                                "bytes ->> '$.fields.field' FROM op WHERE state = 3 AND kind = 'ticket.resolve'",
                                "");

  while (sht_stmt_step (stmt))
    g_hash_table_add (decided, g_strdup_printf ("%s %s", sht_stmt_text (stmt, 0), sht_stmt_text (stmt, 1)));
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&decided) : NULL;
}

typedef struct
{
  ShtStore *store;
  GHashTable *decided;
  JsonArray *rows;
} List;

/* A fact from the point of view of this tablet: mine is what was said here, where one of the two was. */
static void
add_fact (List *list, const char *id, const char *kind, const char *ticket, JsonObject *event, JsonObject *fact,
          gboolean turned, gboolean own)
{
  JsonObject *row;
  JsonObject *said = side_new (json_object_get_member (fact, "mine"), who_of (event), sht_json_int (event, "at", 0));
  JsonObject *other = side_new (json_object_get_member (fact, "theirs"), sht_json_string (fact, "their_name"),
                                sht_json_int (fact, "their_at", 0));
  gboolean mine_stands = sht_json_bool (fact, "mine_stands") != turned;

  row = json_object_new ();
  json_object_set_string_member (row, "id", id);
  json_object_set_string_member (row, "kind", kind);
  json_object_set_string_member (row, "result", "conflict");
  add_ticket (list->store, row, ticket);
  sht_json_set_string (row, "field", sht_json_string (fact, "field"));
  json_object_set_object_member (row, "mine", turned ? other : said);
  json_object_set_object_member (row, "theirs", turned ? said : other);
  json_object_set_string_member (row, "stands", mine_stands ? "mine" : "theirs");
  /* what the decision has to name `mine` for the hub */
  json_object_set_boolean_member (row, "turned", turned);
  json_object_set_boolean_member (row, "own", own);
  json_array_add_object_element (list->rows, row);
}

static gboolean
is_open (List *list, const char *id, JsonObject *fact)
{
  g_autofree char *key = g_strdup_printf ("%s %s", id, sht_json_string (fact, "field"));

  return sht_conflict_is_open (fact) && !g_hash_table_contains (list->decided, key);
}

static void
add_rejection (List *list, ShtStmt *stmt, JsonObject *op, JsonObject *result)
{
  JsonObject *row = json_object_new ();
  g_autoptr (JsonNode) fields = json_node_init_object (json_node_alloc (), sht_json_object (op, "fields"));
  JsonObject *mine = side_new (fields, NULL, sht_stmt_int (stmt, 4));

  json_object_set_string_member (row, "id", sht_stmt_text (stmt, 0));
  json_object_set_string_member (row, "kind", sht_stmt_text (stmt, 1));
  json_object_set_string_member (row, "result", "rejected");
  add_ticket (list->store, row, sht_stmt_text (stmt, 2));
  sht_json_set_string (row, "reason", sht_json_string (result, "reason"));
  json_object_set_object_member (row, "mine", mine);
  json_object_set_string_member (row, "stands", "theirs");
  json_array_add_object_element (list->rows, row);
}

/* What this tablet's people did and the hub could not take as it is. */
static gboolean
add_own (List *list, GError **error)
{
  ShtStmt *stmt = sht_db_query (list->store->db,
                                "SELECT o.op, o.kind, o.ticket, o.bytes, o.made_at, o.result, e.doc FROM op AS o "
                                "LEFT JOIN event AS e ON e.parent = o.ticket AND e.id = o.op WHERE o.state = 3 "
                                "ORDER BY o.n",
                                "");

  while (sht_stmt_step (stmt))
    {
      g_autoptr (JsonObject) op = sht_json_parse_object (sht_stmt_text (stmt, 3), -1, NULL);
      g_autoptr (JsonObject) result
        = sht_stmt_is_null (stmt, 5) ? NULL : sht_json_parse_object (sht_stmt_text (stmt, 5), -1, NULL);
      g_autoptr (JsonObject) event = sht_store_parse_column (list->store, stmt, 6);
      /* The event has what was decided since. When it has left with its ticket, whoever has that decides. */
      JsonArray *facts = sht_conflict_facts (event);
      gboolean conflict = g_strcmp0 (sht_json_string (result, "result"), "conflict") == 0;

      if (op == NULL)
        continue;
      if (!conflict)
        add_rejection (list, stmt, op, result);
      for (guint i = 0; conflict && facts != NULL && i < json_array_get_length (facts); i++)
        {
          JsonObject *fact = json_array_get_object_element (facts, i);

          if (!sht_json_bool (fact, "mine_stands") && is_open (list, sht_stmt_text (stmt, 0), fact))
            add_fact (list, sht_stmt_text (stmt, 0), sht_stmt_text (stmt, 1), sht_stmt_text (stmt, 2), event, fact, FALSE, TRUE);
        }
    }
  return sht_stmt_end (stmt, error);
}

/* Whom an open fact of somebody else's operation concerns: who was overruled by it, and, where it did not get
 * through, the supervisors, whose word counts for the field. */
static gboolean
concerns_us (ShtStore *store, JsonObject *fact)
{
  if (sht_json_bool (fact, "mine_stands"))
    return g_strcmp0 (sht_json_string (fact, "their_device"), store->device.id) == 0;
  return store->device.role >= SHT_ROLE_SUPERVISOR
         || g_strcmp0 (sht_json_string (fact, "their_device"), store->device.id) == 0;
}

static gboolean
add_others (List *list, GError **error)
{
  ShtStmt *stmt = sht_db_query (list->store->db,
                                "SELECT parent, id, doc FROM event WHERE mark & 1", "");

  while (sht_stmt_step (stmt))
    {
      g_autoptr (JsonObject) event = sht_store_parse_column (list->store, stmt, 2);
      JsonArray *facts = sht_conflict_facts (event);

      if (g_strcmp0 (sht_json_string (event, "device"), list->store->device.id) == 0)
        continue;
      for (guint i = 0; facts != NULL && i < json_array_get_length (facts); i++)
        {
          JsonObject *fact = json_array_get_object_element (facts, i);
          gboolean turned = g_strcmp0 (sht_json_string (fact, "their_device"), list->store->device.id) == 0;

          if (is_open (list, sht_stmt_text (stmt, 1), fact) && concerns_us (list->store, fact))
            add_fact (list, sht_stmt_text (stmt, 1), sht_json_string (event, "kind"), sht_stmt_text (stmt, 0), event,
                      fact, turned, turned);
        }
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
add_photos (List *list, GError **error)
{
  ShtStmt *stmt = sht_db_query (list->store->db,
                                "SELECT b.photo, o.ticket, b.reason, o.made_at, b.sha256, o.kind FROM blob AS b "
                                "LEFT JOIN op AS o ON o.op = b.op WHERE b.state = 3 AND NOT b.is_thumb ORDER BY b.n",
                                "");

  while (sht_stmt_step (stmt))
    {
      JsonObject *row = json_object_new ();
      g_autoptr (JsonNode) hash = json_node_init_string (json_node_alloc (), sht_stmt_text (stmt, 4));

      json_object_set_string_member (row, "id", sht_stmt_text (stmt, 0));
      json_object_set_string_member (row, "kind", sht_store_bytes_kind (sht_stmt_text (stmt, 5)));
      json_object_set_string_member (row, "result", "rejected");
      add_ticket (list->store, row, sht_stmt_text (stmt, 1));
      sht_json_set_string (row, "reason", sht_stmt_text (stmt, 2));
      json_object_set_object_member (row, "mine", side_new (hash, NULL, sht_stmt_int (stmt, 3)));
      json_object_set_string_member (row, "stands", "theirs");
      json_array_add_object_element (list->rows, row);
    }
  return sht_stmt_end (stmt, error);
}

/**
 * sht_store_attention:
 *
 * What waits for a person's word: one row for each field of each conflict, each rejection and each refused
 * photo, the person's own first. `id` is the operation's (the photo's), `kind` its kind, or its step's where
 * it is not this tablet's; `result` conflict or rejected; `mine` and `theirs` {`value`, `by`, `at`};
 * `stands` which of them holds now, `own` whether `mine` was said on this tablet: a supervisor decides between
 * others too. A rejection has `reason`, and its `mine` is all that was said.
 *
 * Returns: (transfer full) (nullable): the rows, %NULL with a #ShtDbError
 */
JsonArray *
sht_store_attention (ShtStore *store, GError **error)
{
  g_autoptr (GHashTable) decided = load_decisions (store, error);
  g_autoptr (JsonArray) rows = json_array_new ();
  List list = { store, decided, rows };

  if (decided == NULL || !add_own (&list, error) || !add_photos (&list, error) || !add_others (&list, error))
    return NULL;
  return g_steal_pointer (&rows);
}

/**
 * sht_store_contributions:
 * @ticket: (nullable): a ticket's UUID; %NULL for all open tickets on this tablet
 *
 * Work that was done on a ticket after it had been taken away, before the tablet heard of it.
 *
 * Returns: (transfer full) (nullable): the steps as sht_view_event() has them, each with its `ticket`; %NULL
 *   with a #ShtDbError
 */
JsonArray *
sht_store_contributions (ShtStore *store, const char *ticket, GError **error)
{
  g_autoptr (JsonArray) rows = json_array_new ();
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT e.doc FROM event AS e JOIN ticket AS t ON t.id = e.parent "
                                "WHERE e.mark & 2 "
                                "AND ((?1 IS NULL AND t.open) OR t.id = ?1) ORDER BY e.id",
                                "s", ticket);

  while (sht_stmt_step (stmt))
    {
      g_autoptr (JsonObject) event = sht_store_parse_column (store, stmt, 0);
      JsonObject *row = event != NULL ? sht_view_event (event) : NULL;

      if (row == NULL)
        continue;
      add_ticket (store, row, sht_json_string (event, "ticket"));
      json_array_add_object_element (rows, row);
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&rows) : NULL;
}

