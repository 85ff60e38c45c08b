/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

/* What is half written outlives the program, as what is filled in does. */
#define DRAFT "note_draft "

static char *
key_of (const char *ticket)
{
  return g_strconcat (DRAFT, ticket, NULL);
}

/**
 * sht_store_read_note:
 * @ticket: a ticket's UUID
 *
 * Returns: (transfer full) (nullable): what was half written of a note
 */
char *
sht_store_read_note (ShtStore *store, const char *ticket)
{
  g_autofree char *key = key_of (ticket);

  return sht_store_get_text (store, key);
}

/**
 * sht_store_draft_note:
 * @text: what is written so far, in place of what was before; nothing forgets it
 *
 * Makes it durable on this tablet before it returns. Nothing is sent.
 */
gboolean
sht_store_draft_note (ShtStore *store, const char *ticket, const char *text, GError **error)
{
  g_autofree char *key = key_of (ticket);

  return text[0] != '\0' ? sht_store_set_text (store, key, text, error)
                         : sht_db_run (store->db, error, "DELETE FROM meta WHERE key = ?1", "s", key);
}

/* What has been written since stays a draft. */
static gboolean
note_inside (ShtStore *store, const char *ticket, const char *text, GError **error)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (store, SHT_KIND_TICKET_NOTE, ticket);
  g_autofree char *key = key_of (ticket);

  json_object_set_string_member (op->fields, "text", text);
  return sht_store_act_inside (store, op, error)
         && sht_db_run (store->db, error, "DELETE FROM meta WHERE key = ?1 AND value = ?2", "ss", key, text);
}

/**
 * sht_store_keep_note_inside:
 *
 * Makes a note of what was half written, inside the caller's transaction. Where nothing was, nothing happens.
 */
gboolean
sht_store_keep_note_inside (ShtStore *store, const char *ticket, GError **error)
{
  g_autofree char *text = sht_store_read_note (store, ticket);

  return text == NULL || note_inside (store, ticket, text, error);
}

/**
 * sht_store_note:
 * @ticket: a ticket's UUID
 * @text: what to note, at most 4000 characters
 */
gboolean
sht_store_note (ShtStore *store, const char *ticket, const char *text, GError **error)
{
  if (!sht_store_begin_step (store, error))
    return FALSE;
  if (note_inside (store, ticket, text, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}
