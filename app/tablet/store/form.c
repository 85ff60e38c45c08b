/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/form.h"
#include "core/json.h"

#include <string.h>

/* What is being filled in, by question, beside what stands. It is one operation once the page is left or the ticket goes
 * on: a journey with a line for each key that was struck would tell nothing. */
#define DRAFT "form_draft "
/* What stood when each answer was begun: the versions by question, and of which history they are. */
#define BEGUN "form_begun "
/* A step holds as much as this, one more answer as long as one may be, and what was seen of all of them. */
#define MOST_ANSWERS_BYTES (20 * 1024)

static char *
key_of (const char *ticket)
{
  return g_strconcat (DRAFT, ticket, NULL);
}

static JsonObject *
read_row (ShtStore *store, const char *key)
{
  g_autofree char *text = sht_store_get_text (store, key);
  JsonObject *row = text != NULL ? sht_json_parse_object (text, -1, NULL) : NULL;

  return row != NULL ? row : json_object_new ();
}

static JsonObject *
read_begun (ShtStore *store, const char *ticket)
{
  g_autofree char *key = g_strconcat (BEGUN, ticket, NULL);

  return read_row (store, key);
}

/**
 * sht_store_read_form:
 * @ticket: a ticket's UUID
 *
 * Returns: (transfer full): by question, what was filled in and is not kept yet, null where an answer was taken back;
 *   empty when there is nothing
 */
JsonObject *
sht_store_read_form (ShtStore *store, const char *ticket)
{
  g_autofree char *key = key_of (ticket);

  return read_row (store, key);
}

/**
 * sht_store_forget_form:
 *
 * There is no draft any more; what was filled in is gone.
 */
gboolean
sht_store_forget_form (ShtStore *store, const char *ticket, GError **error)
{
  return sht_db_run (store->db, error, "DELETE FROM meta WHERE key IN ('" DRAFT "' || ?1, '" BEGUN "' || ?1)", "s", ticket);
}

/* An answer that was begun before is gone on with: what has come under it since nobody has seen, but what is the very same as had been
 * filled in. As long as one is of an older history they all are: fewer count as seen at the hub, never more. */
static gboolean
note_begun (ShtStore *store, const char *ticket, JsonObject *draft, JsonObject *shown, GError **error)
{
  g_autofree char *key = g_strconcat (BEGUN, ticket, NULL);
  g_autoptr (JsonObject) before = read_row (store, key);
  JsonObject *versions = sht_json_object (before, "versions"), *stands = sht_json_object (shown, "answers");
  g_autoptr (JsonObject) begun = json_object_new ();
  g_autoptr (JsonObject) old = sht_store_read_form (store, ticket);
  JsonObject *now = json_object_new ();
  g_autofree char *history = sht_store_get_text (store, "history");
  g_autofree char *text = NULL;
  JsonObjectIter iter;
  const char *code;
  JsonNode *value;

  json_object_set_object_member (begun, "versions", now);
  sht_json_set_string (begun, "history", history);
  json_object_iter_init_ordered (&iter, draft);
  while (json_object_iter_next_ordered (&iter, &code, &value))
    {
      gboolean is_old = sht_json_has (versions, code)
                        && !(sht_json_has (stands, code)
                             && sht_json_nodes_equal (json_object_get_member (old, code), json_object_get_member (stands, code)));
      g_autofree char *field = g_strconcat (SHT_ANSWER_PREFIX, code, NULL);

      json_object_set_int_member (now, code, is_old ? sht_json_int (versions, code, 0) : sht_entity_version (shown, field));
      if (is_old)
        sht_json_set_string (begun, "history", sht_json_string (before, "history"));
    }
  text = sht_json_to_string (begun);
  return sht_store_set_text (store, key, text, error);
}

static gboolean
draft_inside (ShtStore *store, const char *ticket, JsonObject *draft, JsonObject *shown, GError **error)
{
  g_autofree char *key = key_of (ticket);
  g_autofree char *text = sht_json_to_string (draft);

  if (json_object_get_size (draft) == 0)
    return sht_store_forget_form (store, ticket, error);
  return note_begun (store, ticket, draft, shown, error) && sht_store_set_text (store, key, text, error);
}

/**
 * sht_store_draft_form:
 * @draft: by question, what is filled in so far, null where an answer is taken back; it takes the place of the draft
 *   before
 * @shown: (nullable): the ticket as the person saw it
 *
 * Makes it durable on this tablet before it returns. Nothing is sent.
 */
gboolean
sht_store_draft_form (ShtStore *store, const char *ticket, JsonObject *draft, JsonObject *shown, GError **error)
{
  if (!sht_store_begin_step (store, error))
    return FALSE;
  if (draft_inside (store, ticket, draft, shown, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}

/* What differs from what stands. */
static JsonObject *
changes_of (JsonObject *draft, JsonObject *answers)
{
  JsonObject *changes = json_object_new ();
  JsonObjectIter iter;
  const char *code;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, draft);
  while (json_object_iter_next_ordered (&iter, &code, &value))
    if (!sht_json_nodes_equal (value, answers != NULL ? json_object_get_member (answers, code) : NULL))
      json_object_set_member (changes, code, json_node_copy (value));
  return changes;
}

static gboolean
keep_some (ShtStore *store, const char *ticket, JsonObject *answers, JsonObject *begun, GError **error)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (store, SHT_KIND_TICKET_SET, ticket);
  JsonObject *versions = sht_json_object (begun, "versions");
  g_autoptr (GList) codes = json_object_get_members (answers);

  op->base = json_object_new ();
  for (GList *code = codes; code != NULL; code = code->next)
    if (sht_json_has (versions, code->data))
      {
        g_autofree char *field = g_strconcat (SHT_ANSWER_PREFIX, code->data, NULL);

        json_object_set_int_member (op->base, field, sht_json_int (versions, code->data, 0));
      }
  if (sht_json_has (begun, "history"))
    {
      g_free (op->history);
      op->history = g_strdup (sht_json_string (begun, "history"));
    }
  json_object_set_object_member (op->fields, "answers", answers);
  return sht_store_act_inside (store, op, error);
}

/* As one step, but for a form that has more in it than that holds. */
static gboolean
keep_changes (ShtStore *store, const char *ticket, JsonObject *changes, GError **error)
{
  g_autoptr (JsonObject) begun = read_begun (store, ticket);
  g_autoptr (JsonObject) some = json_object_new ();
  JsonObjectIter iter;
  const char *code;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, changes);
  while (json_object_iter_next_ordered (&iter, &code, &value))
    {
      g_autofree char *text = NULL;

      json_object_set_member (some, code, json_node_copy (value));
      text = sht_json_to_string (some);
      if (strlen (text) < MOST_ANSWERS_BYTES)
        continue;
      if (!keep_some (store, ticket, g_steal_pointer (&some), begun, error))
        return FALSE;
      some = json_object_new ();
    }
  return json_object_get_size (some) == 0 || keep_some (store, ticket, g_steal_pointer (&some), begun, error);
}

/**
 * sht_store_keep_form_inside:
 *
 * Does what sht_store_keep_form() does, inside the caller's transaction.
 */
gboolean
sht_store_keep_form_inside (ShtStore *store, const char *ticket, GError **error)
{
  g_autoptr (JsonObject) draft = sht_store_read_form (store, ticket);
  g_autoptr (JsonObject) doc = NULL;
  g_autoptr (JsonObject) changes = NULL;

  if (json_object_get_size (draft) == 0)
    return TRUE;
  doc = sht_store_get (store, "ticket", ticket, error);
  if (doc == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "there is no ticket %s on this tablet", ticket);
      return FALSE;
    }
  changes = changes_of (draft, sht_json_object (doc, "answers"));
  return keep_changes (store, ticket, changes, error) && sht_store_forget_form (store, ticket, error);
}

/**
 * sht_store_keep_form:
 * @ticket: a ticket's UUID
 *
 * Makes of what was filled in one operation, or a few where it is very much, and there is no draft any more. Where nothing was
 * filled in nothing happens.
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_REFUSED, %SHT_STORE_ERROR_NOT_FOUND or a #ShtDbError, and then the draft is
 *   as it was
 */
gboolean
sht_store_keep_form (ShtStore *store, const char *ticket, GError **error)
{
  if (!sht_store_begin_step (store, error))
    return FALSE;
  if (sht_store_keep_form_inside (store, ticket, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}

/**
 * sht_store_keep_filled:
 *
 * Does what sht_store_draft_form() and then sht_store_keep_form() do, or nothing of both: what the person sees is kept, also where
 * its draft could not be written before.
 */
gboolean
sht_store_keep_filled (ShtStore *store, const char *ticket, JsonObject *draft, JsonObject *shown, GError **error)
{
  if (!sht_store_begin_step (store, error))
    return FALSE;
  if (draft_inside (store, ticket, draft, shown, error) && sht_store_keep_form_inside (store, ticket, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}

/**
 * sht_store_keep_forms:
 *
 * Keeps what a program that was ended had begun to fill in, of each ticket. What cannot be kept stays a draft.
 */
gboolean
sht_store_keep_forms (ShtStore *store, GError **error)
{
  g_autoptr (GPtrArray) tickets = g_ptr_array_new_with_free_func (g_free);
  ShtStmt *stmt = sht_db_query (store->db, "SELECT substr (key, length (?1) + 1) FROM meta WHERE instr (key, ?1) = 1", "s",
                                DRAFT);

  while (sht_stmt_step (stmt))
    g_ptr_array_add (tickets, sht_stmt_dup (stmt, 0));
  if (!sht_stmt_end (stmt, error))
    return FALSE;
  for (guint i = 0; i < tickets->len; i++)
    {
      g_autoptr (GError) local_error = NULL;

      if (!sht_store_keep_form (store, g_ptr_array_index (tickets, i), &local_error))
        g_message ("form: a draft could not be kept: %s", local_error->message);
    }
  return TRUE;
}

/**
 * sht_store_set_answers:
 * @answers: (transfer full): by question, what stands from now on; null takes an answer back
 */
gboolean
sht_store_set_answers (ShtStore *store, const char *ticket, JsonObject *answers, GError **error)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (store, SHT_KIND_TICKET_SET, ticket);

  json_object_set_object_member (op->fields, "answers", answers);
  return sht_store_act (store, op, error);
}
