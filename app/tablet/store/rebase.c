/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json-slice.h"
#include "core/json.h"
#include "core/people.h"

#include <string.h>

/**
 * sht_store_get_doc:
 *
 * Returns: (transfer full) (nullable): what is seen of an entity; %NULL when it is not on the tablet, or
 *   with @error set
 */
char *
sht_store_get_doc (ShtStore *store, const char *type, const char *id, GError **error)
{
  if (strcmp (type, "ticket") == 0)
    return sht_store_read_doc (store, sht_db_get_text (store->db, error, "SELECT doc FROM ticket WHERE id = ?1", "s", id));
  if (strcmp (type, "photo") == 0)
    return sht_db_get_text (store->db, error, "SELECT doc FROM photo WHERE id = ?1", "s", id);
  if (strcmp (type, "voice") == 0)
    return sht_db_get_text (store->db, error, "SELECT doc FROM voice WHERE id = ?1", "s", id);
  if (strcmp (type, "obstacle") == 0)
    return sht_db_get_text (store->db, error, "SELECT doc FROM obstacle WHERE id = ?1", "s", id);
  if (strcmp (type, "place") == 0)
    return sht_db_get_text (store->db, error, "SELECT doc FROM place WHERE id = ?1", "s", id);
  return sht_db_get_text (store->db, error, "SELECT doc FROM entity WHERE type = ?1 AND id = ?2", "ss", type, id);
}

/**
 * sht_store_event_doc:
 * @parent: what it hangs on
 *
 * Returns: (transfer full) (nullable): a step of a journey
 */
char *
sht_store_event_doc (ShtStore *store, const char *parent, const char *id)
{
  return sht_store_read_doc (store, sht_db_get_text (store->db, NULL, "SELECT doc FROM event WHERE parent = ?1 AND id = ?2",
                                                     "ss", parent, id));
}

/**
 * sht_store_get:
 *
 * Returns: (transfer full) (nullable): what is seen of an entity, to be changed at will
 */
JsonObject *
sht_store_get (ShtStore *store, const char *type, const char *id, GError **error)
{
  g_autofree char *doc = sht_store_get_doc (store, type, id, error);

  return doc != NULL ? sht_json_parse_object (doc, -1, error) : NULL;
}

/* Which life of this store it is, and who acts, by the name that the city has for them. */
static gboolean
read_actor (ShtStore *store, const char *actor, char **incarnation, char **name, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT (SELECT value FROM meta WHERE key = 'incarnation'),"
                                " (SELECT doc FROM entity WHERE type = 'person' AND id = ?1)",
                                "s", actor);

  if (sht_stmt_step (stmt))
    {
      const char *person = sht_stmt_text (stmt, 1);

      *incarnation = sht_stmt_dup (stmt, 0);
      *name = person != NULL ? sht_json_read_member (person, (gssize) sht_stmt_bytes (stmt, 1), "name") : NULL;
    }
  return sht_stmt_end (stmt, error);
}

static char *
find_person (gpointer store, const char *id)
{
  return sht_store_get_doc (store, "person", id, NULL);
}

/**
 * sht_store_merge:
 * @current: (nullable): the entity, changed in place
 *
 * Runs the hub's own merge for what this tablet wants, as this tablet.
 *
 * Returns: (transfer full) (nullable): what would become of it
 */
ShtOutcome *
sht_store_merge (ShtStore *store, const ShtOperation *op, JsonObject *current, GError **error)
{
  const char *code;
  g_autoptr (JsonObject) service = NULL;
  g_autofree char *name = NULL;
  g_autofree char *incarnation = NULL;
  g_autoptr (JsonObject) decided = NULL;
  g_autoptr (JsonArray) people = NULL;
  ShtMergeContext ctx = {
    .device = store->device.id != NULL ? store->device.id : "",
    /* What the hub has of this tablet's was done before. */
    .device_seq = G_MAXINT32,
    .role = store->device.role,
    .crew = store->device.crew,
    .department = store->device.department,
    .at = op->at,
    .in_scope = TRUE,
    .was_in_scope = TRUE,
  };

  if (!read_actor (store, op->actor, &incarnation, &name, error))
    return NULL;
  ctx.incarnation = incarnation;
  ctx.actor_name = name;
  code = sht_merge_needs_service (&ctx, op, current);
  if (code != NULL)
    service = sht_store_get (store, "service", code, NULL);
  ctx.service = service;
  if (sht_merge_sets_clock (op) && !sht_store_get_town (store, &ctx.town, error))
    return NULL;
  if (op->kind == SHT_KIND_TICKET_STATUS && g_strcmp0 (sht_json_string (op->fields, "want"), "done") == 0
      && !sht_store_missing_photos (store, current, ctx.missing_photos, error))
    return NULL;
  if (op->kind == SHT_KIND_TICKET_RESOLVE)
    {
      g_autofree char *event = sht_store_event_doc (store, op->entity, sht_json_string (op->fields, "op"));

      decided = event != NULL ? sht_json_parse_object (event, -1, NULL) : NULL;
      ctx.decided = decided;
    }
  ctx.people = people = sht_people_tell (op, find_person, store);
  return sht_merge (&ctx, op, current);
}

static gboolean
show (ShtStore *store, const char *type, const char *id, const char *doc, GError **error)
{
  if (strcmp (type, "ticket") == 0)
    return sht_store_show_ticket (store, id, doc, error);
  return sht_store_put_line (store, type, id, doc, strlen (doc), 0, 0, error);
}

/**
 * sht_store_keep_base:
 * @doc: what is seen, which is what the hub said as long as nothing waits
 *
 * Keeps the hub's own row beside the visible one, before the first edit here.
 */
gboolean
sht_store_keep_base (ShtStore *store, const char *type, const char *id, const char *doc, GError **error)
{
  gsize length = strlen (doc);
  g_autofree char *own = NULL;
  const char *closed = sht_store_close_doc (store, doc, &length, &own, error);

  return closed != NULL
         && sht_db_run (store->db, error, "INSERT OR IGNORE INTO base (type, id, doc) VALUES (?1, ?2, ?3)", "sst", type, id,
                        closed, length);
}

/**
 * sht_store_set_base:
 *
 * Notes what the hub says now of an entity on which something waits; sht_store_rebase() follows.
 */
gboolean
sht_store_set_base (ShtStore *store, const char *type, const char *id, const char *doc, gsize length, GError **error)
{
  g_autofree char *own = NULL;
  const char *closed = sht_store_close_doc (store, doc, &length, &own, error);

  return closed != NULL
         && sht_db_run (store->db, error, "INSERT OR REPLACE INTO base (type, id, doc) VALUES (?1, ?2, ?3)", "sst", type, id,
                        closed, length);
}

static gboolean
show_if_missing (ShtStore *store, JsonObject *entity, GError **error)
{
  const char *type = sht_json_string (entity, "t");
  const char *id = sht_json_string (entity, "id");
  gint64 there = 0;
  gboolean ok;
  g_autofree char *doc = NULL;

  if (entity == NULL)
    return TRUE;
  if (strcmp (type, "photo") == 0)
    ok = sht_db_get_int (store->db, &there, error, "SELECT 1 FROM photo WHERE id = ?1", "s", id);
  else
    ok = sht_db_get_int (store->db, &there, error, "SELECT 1 FROM voice WHERE id = ?1", "s", id);
  if (!ok)
    return FALSE;
  if (there != 0)
    return TRUE;
  doc = sht_json_to_string (entity);
  return show (store, type, id, doc, error);
}

static gboolean
show_event_if_missing (ShtStore *store, const ShtEvent *event, GError **error)
{
  gint64 there = 0;
  g_autofree char *doc = NULL;

  if (event == NULL)
    return TRUE;
  if (!sht_db_get_int (store->db, &there, error, "SELECT 1 FROM event WHERE parent = ?1 AND id = ?2", "ss", event->parent, event->id))
    return FALSE;
  if (there != 0)
    return TRUE;
  doc = sht_event_to_string (event, 0);
  return show (store, "event", event->id, doc, error);
}

static gboolean
replay (ShtStore *store, const char *id, JsonObject **seen, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db, "SELECT bytes FROM op WHERE entity = ?1 AND state < 2 ORDER BY n", "s",
                                id);
  gboolean ok = TRUE;

  while (ok && sht_stmt_step (stmt))
    {
      g_autoptr (ShtOperation) op = sht_operation_parse (sht_stmt_text (stmt, 0), -1, NULL);
      g_autoptr (ShtOutcome) outcome = op != NULL ? sht_store_merge (store, op, *seen, NULL) : NULL;

      if (outcome == NULL || outcome->result == SHT_RESULT_REJECTED || outcome->entity == NULL)
        continue;
      /* They went with their ticket when it left, and it has come again. */
      ok = ok && show_event_if_missing (store, outcome->event, error) && show_if_missing (store, outcome->attached, error);
      if (outcome->entity != *seen)
        {
          g_clear_pointer (seen, json_object_unref);
          *seen = json_object_ref (outcome->entity);
        }
    }
  return sht_stmt_end (stmt, ok ? error : NULL) && ok;
}

/**
 * sht_store_rebase:
 *
 * Makes what is seen of an entity anew: the hub's row with all that waits replayed on it. When nothing
 * waits any more the row kept beside it goes.
 */
gboolean
sht_store_rebase (ShtStore *store, const char *type, const char *id, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *base
    = sht_store_read_doc (store, sht_db_get_text (store->db, &local_error,
                                                  "SELECT doc FROM base WHERE type = ?1 AND id = ?2", "ss", type, id));
  g_autoptr (JsonObject) seen = NULL;
  g_autofree char *doc = NULL;
  gint64 waiting = 0;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!sht_db_get_int (store->db, &waiting, error, "SELECT 1 FROM op WHERE entity = ?1 AND state < 2 LIMIT 1", "s", id))
    return FALSE;
  if (waiting == 0 && base != NULL)
    return show (store, type, id, base, error)
           && sht_db_run (store->db, error, "DELETE FROM base WHERE type = ?1 AND id = ?2", "ss", type, id);
  if (waiting == 0)
    return TRUE;
  if (base != NULL)
    {
      seen = sht_json_parse_object (base, -1, error);
      if (seen == NULL)
        return FALSE;
    }
  if (!replay (store, id, &seen, error))
    return FALSE;
  if (seen == NULL)
    return TRUE;
  doc = sht_json_to_string (seen);
  return show (store, type, id, doc, error);
}
