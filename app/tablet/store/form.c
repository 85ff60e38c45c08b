/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/form.h"
#include "core/json.h"

#include <string.h>

/* What is being filled in, by question, beside what stands. It is one operation once the page is left or the ticket goes
 * on: a journey with a line for each key that was struck would tell nothing. */
#define DRAFT "form_draft "
/* A step holds as much as this, one more answer as long as one may be, and what was seen of all of them. */
#define MOST_ANSWERS_BYTES (20 * 1024)

static char *
key_of (const char *ticket)
{
  return g_strconcat (DRAFT, ticket, NULL);
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
  g_autofree char *text = sht_store_get_text (store, key);
  JsonObject *draft = text != NULL ? sht_json_parse_object (text, -1, NULL) : NULL;

  return draft != NULL ? draft : json_object_new ();
}

/**
 * sht_store_forget_form:
 *
 * There is no draft any more; what was filled in is gone.
 */
gboolean
sht_store_forget_form (ShtStore *store, const char *ticket, GError **error)
{
  g_autofree char *key = key_of (ticket);

  return sht_db_run (store->db, error, "DELETE FROM meta WHERE key = ?1", "s", key);
}

/**
 * sht_store_draft_form:
 * @draft: by question, what is filled in so far, null where an answer is taken back; it takes the place of the draft
 *   before
 *
 * Makes it durable on this tablet before it returns. Nothing is sent.
 */
gboolean
sht_store_draft_form (ShtStore *store, const char *ticket, JsonObject *draft, GError **error)
{
  g_autofree char *key = key_of (ticket);
  g_autofree char *text = sht_json_to_string (draft);

  if (json_object_get_size (draft) == 0)
    return sht_store_forget_form (store, ticket, error);
  return sht_store_set_text (store, key, text, error);
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
keep_some (ShtStore *store, const char *ticket, JsonObject *answers, GError **error)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (store, SHT_KIND_TICKET_SET, ticket);

  json_object_set_object_member (op->fields, "answers", answers);
  return sht_store_act_inside (store, op, error);
}

/* As one step, but for a form that has more in it than that holds. */
static gboolean
keep_changes (ShtStore *store, const char *ticket, JsonObject *changes, GError **error)
{
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
      if (!keep_some (store, ticket, g_steal_pointer (&some), error))
        return FALSE;
      some = json_object_new ();
    }
  return json_object_get_size (some) == 0 || keep_some (store, ticket, g_steal_pointer (&some), error);
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
