/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/page.h"

#include "core/json-guard.h"
#include "core/json.h"
#include "tablet/store/notice.h"

#include <string.h>

/* What an answer has told so far. */
typedef struct
{
  GPtrArray *touched; /* (owned): a type and an id, and so on: what may have to be shown anew */
  GHashTable *told;   /* (owned): "type id" → Told: what the hub has now, the newest that was told */
  gboolean news;      /* whether the crew wants to hear of what is in it */
} Answer;

typedef struct
{
  const char *text; /* in the answer */
  gsize length;
  gint64 rev;
} Told;

static void
answer_init (Answer *answer, ShtStore *store)
{
  answer->news = sht_store_has_notices (store);
  answer->touched = g_ptr_array_new_with_free_func (g_free);
  answer->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
answer_clear (Answer *answer)
{
  g_ptr_array_unref (answer->touched);
  g_hash_table_unref (answer->told);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static gboolean
settle (ShtStore *store, const char *op, ShtOpState state, const char *result, gint64 number, gint64 heard_at,
        GPtrArray *touched, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db, "SELECT n, type, entity FROM op WHERE op = ?1 AND state < 2", "s", op);
  gint64 n = 0;

  if (sht_stmt_step (stmt))
    {
      n = sht_stmt_int (stmt, 0);
      g_ptr_array_add (touched, sht_stmt_dup (stmt, 1));
      g_ptr_array_add (touched, sht_stmt_dup (stmt, 2));
    }
  if (!sht_stmt_end (stmt, error))
    return FALSE;
  return n == 0
         || sht_db_run (store->db, error,
                        "UPDATE op SET state = ?2, result = ?3, confirmed_at = ?4, number = ?5, heard_at = ?6,"
                        " history = (SELECT value FROM meta WHERE key = 'hub_history') WHERE n = ?1",
                        "iisiii", n, (gint64) state, result, sht_store_now (store), number, heard_at);
}

/* A pull that came before this answer may have told that somebody has decided the conflict. While all is compared anew, what is held
 * may be of a history in which that was not so. */
static gboolean
note_decided_before (ShtStore *store, const char *op, GError **error)
{
  return sht_store_get_number (store, "resync", 0) != 0
         || sht_db_run (store->db, error,
                        "UPDATE op SET state = 2 WHERE op = ?1 AND state = 3 AND EXISTS (SELECT 1 FROM event AS e"
                        " WHERE e.parent = op.ticket AND e.id = op.op AND NOT e.mark & 1 AND e.doc ->> 'rev' IS NOT NULL)",
                        "s", op);
}

static gboolean
take_result (ShtStore *store, const ShtLine *line, gint64 heard_at, Answer *answer, guint *confirmed, guint *attention,
             GError **error)
{
  g_autofree char *text = g_strndup (line->text, line->length);
  g_autofree char *op = NULL;
  g_autofree char *name = NULL;
  static const ShtJsonName names[] = { SHT_JSON_NAME ("op"), SHT_JSON_NAME ("result"), SHT_JSON_NAME ("number") };
  ShtJsonSlice values[G_N_ELEMENTS (names)];
  ShtResult result;
  gint64 number = 0;
  gboolean fine;

  if (!sht_json_guard_members (line->text, line->length, SHT_JSON_MAX_DEPTH, names, G_N_ELEMENTS (names), values, error))
    return FALSE;
  op = sht_json_slice_string (values[0]);
  name = sht_json_slice_string (values[1]);
  sht_json_slice_int (values[2], &number);
  if (op == NULL || !sht_result_parse (name, &result))
    {
      g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_MALFORMED,
                           "the hub's answer cannot be understood: a result without its operation");
      return FALSE;
    }
  fine = result == SHT_RESULT_APPLIED || result == SHT_RESULT_MERGED;
  *(fine ? confirmed : attention) += 1;
  return settle (store, op, fine ? SHT_OP_CONFIRMED : SHT_OP_ATTENTION, text, number, heard_at, answer->touched, error)
         && (result != SHT_RESULT_CONFLICT || note_decided_before (store, op, error));
}

/* What nothing waits on any more is seen as the hub has it, without going by way of the row that is kept beside it. */
static gboolean
show_told (ShtStore *store, const char *type, const char *id, const Told *told, GError **error)
{
  gint64 waiting = 0;

  if (!sht_db_get_int (store->db, &waiting, error, "SELECT 1 FROM op WHERE entity = ?1 AND state < 2 LIMIT 1", "s", id))
    return FALSE;
  if (waiting != 0)
    return sht_store_set_base (store, type, id, told->text, told->length, error) && sht_store_rebase (store, type, id, error);
  return sht_store_put_line (store, type, id, told->text, told->length, 0, 0, error)
         && sht_db_run (store->db, error, "DELETE FROM base WHERE type = ?1 AND id = ?2", "ss", type, id);
}

/* Once each: what was done several times, and what the hub tells of beside its result, is there again. */
static gboolean
show_touched (ShtStore *store, const Answer *answer, GError **error)
{
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i + 1 < answer->touched->len; i += 2)
    {
      const char *type = g_ptr_array_index (answer->touched, i);
      const char *id = g_ptr_array_index (answer->touched, i + 1);
      char *key = g_strconcat (type, " ", id, NULL);
      const Told *told = g_hash_table_lookup (answer->told, key);

      if (g_hash_table_add (done, key)
          && !(told != NULL ? show_told (store, type, id, told, error) : sht_store_rebase (store, type, id, error)))
        return FALSE;
    }
  return TRUE;
}

/* The log number of an entity's last change, by its own bytes; 0 when it does not say. */
static gboolean
read_rev (const char *doc, gsize length, gint64 *rev, GError **error)
{
  static const ShtJsonName name = SHT_JSON_NAME ("rev");
  ShtJsonSlice value;

  *rev = 0;
  if (!sht_json_guard_members (doc, length, SHT_JSON_MAX_DEPTH, &name, 1, &value, error))
    return FALSE;
  sht_json_slice_int (value, rev);
  return TRUE;
}

/* Whether what a push's answer tells is newer than what a pull has brought meanwhile: the two go different ways, and may come
 * in any order. */
static gboolean
is_newer (const char *known, gint64 rev, gboolean *newer, GError **error)
{
  gint64 known_rev;

  if (!read_rev (known, strlen (known), &known_rev, error))
    return FALSE;
  *newer = rev >= known_rev;
  return TRUE;
}

/* A step is told anew when somebody decides what was in conflict with it. */
static gboolean
is_wanted_event (ShtStore *store, const ShtLine *line, gboolean *wanted, GError **error)
{
  static const ShtJsonName names[] = { SHT_JSON_NAME ("ticket"), SHT_JSON_NAME ("place"), SHT_JSON_NAME ("rev") };
  g_autofree char *ticket = NULL, *place = NULL, *seen = NULL;
  ShtJsonSlice values[G_N_ELEMENTS (names)];
  gint64 there = 0, rev = 0;

  if (!sht_json_guard_members (line->text, line->length, SHT_JSON_MAX_DEPTH, names, G_N_ELEMENTS (names), values, error))
    return FALSE;
  ticket = sht_json_slice_string (values[0]);
  place = sht_json_slice_string (values[1]);
  sht_json_slice_int (values[2], &rev);
  if (ticket != NULL && !sht_db_get_int (store->db, &there, error, "SELECT 1 FROM ticket WHERE id = ?1 UNION ALL SELECT 1 FROM obstacle WHERE id = ?1", "s", ticket))
    return FALSE;
  *wanted = ticket == NULL || there != 0;
  if (*wanted && (ticket != NULL || place != NULL))
    seen = sht_store_event_doc (store, ticket != NULL ? ticket : place, line->id);
  return seen == NULL || is_newer (seen, rev, wanted, error);
}

/* What left this tablet stays away. */
static gboolean
is_wanted (ShtStore *store, const ShtLine *line, gint64 rev, gboolean *wanted, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *base = NULL;
  g_autofree char *seen = NULL;

  seen = sht_store_get_doc (store, line->type, line->id, &local_error);
  if (local_error == NULL)
    base = sht_db_get_text (store->db, &local_error, "SELECT doc FROM base WHERE type = ?1 AND id = ?2", "ss",
                            line->type, line->id);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *wanted = FALSE;
  return seen == NULL || is_newer (base != NULL ? base : seen, rev, wanted, error);
}

/* What the hub has now is the base from here on; it is looked at once all is told. */
static gboolean
take_entity (ShtStore *store, const ShtLine *line, Answer *answer, GError **error)
{
  g_autofree char *key = g_strconcat (line->type, " ", line->id, NULL);
  Told *told = g_hash_table_lookup (answer->told, key);
  gboolean wanted;
  gint64 rev;

  if (!read_rev (line->text, line->length, &rev, error))
    return FALSE;
  if (told != NULL)
    wanted = rev >= told->rev;
  else if (!is_wanted (store, line, rev, &wanted, error))
    return FALSE;
  if (!wanted)
    return TRUE;
  /* A ticket that the crew was given since it was last pulled. */
  if (answer->news && strcmp (line->type, "ticket") == 0 && !sht_store_note_notice (store, line, FALSE, error))
    return FALSE;
  if (told == NULL)
    {
      told = g_new (Told, 1);
      g_hash_table_insert (answer->told, g_steal_pointer (&key), told);
      g_ptr_array_add (answer->touched, g_strdup (line->type));
      g_ptr_array_add (answer->touched, g_strdup (line->id));
    }
  *told = (Told){ line->text, line->length, rev };
  return TRUE;
}

/* A hub whose head is below that later has gone back, even when this program was started anew since. */
static gboolean
note_head (ShtStore *store, gint64 head, GError **error)
{
  return head <= sht_store_get_number (store, "confirmed_head", 0)
         || sht_store_set_number (store, "confirmed_head", head, error);
}

static gboolean
take_result_lines (ShtStore *store, const char *body, const char *end, guint *confirmed, guint *attention,
                   gint64 *head, gint64 *now, GError **error)
{
  g_auto (Answer) answer = { 0 };
  gint64 generation = sht_store_generation (store);
  gboolean wanted;
  ShtLine line;

  answer_init (&answer, store);
  while (body < end)
    {
      if (!sht_line_read (&body, end, &line, error))
        return FALSE;
      if (strcmp (line.type, "end") == 0)
        {
          g_auto (ShtLastLine) last = { 0 };

          if (!sht_last_line_read (line.text, line.length, &last, error))
            return FALSE;
          *head = last.head;
          return show_touched (store, &answer, error) && note_head (store, *head, error)
                 && sht_store_drop_backed_up (store, &last, error);
        }
      if (strcmp (line.type, "result") == 0)
        {
          if (!take_result (store, &line, *now, &answer, confirmed, attention, error))
            return FALSE;
        }
      else if (strcmp (line.type, "event") != 0)
        {
          if (!take_entity (store, &line, &answer, error))
            return FALSE;
        }
      else if (!is_wanted_event (store, &line, &wanted, error)
               || (wanted && !sht_store_put_line (store, line.type, line.id, line.text, line.length, 0, generation, error)))
        return FALSE;
    }
  g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_MALFORMED,
                       "the hub's answer cannot be understood: it was cut short");
  return FALSE;
}

/**
 * sht_store_take_results:
 * @body: the answer to a push
 * @length: its length in bytes
 * @confirmed: (inout): raised by what the hub has taken in
 * @attention: (inout): raised by what a person has to decide
 * @head: (out): the hub's log number then
 * @now: (out): the hub's clock then, ms
 *
 * Takes in a push's answer in one transaction. One that is cut short changes nothing, and the same
 * operations go again.
 *
 * Returns: %FALSE with a #ShtStoreError or #ShtDbError
 */
gboolean
sht_store_take_results (ShtStore *store, const char *body, gsize length, guint *confirmed, guint *attention,
                        gint64 *head, gint64 *now, GError **error)
{
  g_auto (ShtLastLine) last = { 0 };

  sht_last_line_find (body, length, &last);
  *now = last.now;
  if (!sht_store_hear_history (store, &last, error) || !sht_db_begin (store->db, error))
    return FALSE;
  if (!take_result_lines (store, body, body + length, confirmed, attention, head, now, error))
    {
      sht_db_rollback (store->db);
      return FALSE;
    }
  return sht_store_commit_heard (store, error);
}

/**
 * sht_store_set_aside:
 * @op: an operation that the hub cannot even read
 * @reason: why, in plain English
 *
 * Keeps an operation under what needs attention, so that the rest can go on.
 */
gboolean
sht_store_set_aside (ShtStore *store, const char *op, const char *reason, GError **error)
{
  g_auto (Answer) answer = { 0 };
  g_autoptr (JsonObject) result = json_object_new ();
  g_autofree char *text = NULL;

  answer_init (&answer, store);
  json_object_set_string_member (result, "t", "result");
  json_object_set_string_member (result, "op", op);
  json_object_set_string_member (result, "result", "rejected");
  json_object_set_string_member (result, "reason", reason);
  text = sht_json_to_string (result);
  if (!sht_db_begin (store->db, error))
    return FALSE;
  if (!settle (store, op, SHT_OP_ATTENTION, text, 0, 0, answer.touched, error) || !show_touched (store, &answer, error))
    {
      sht_db_rollback (store->db);
      return FALSE;
    }
  return sht_db_commit (store->db, error);
}
