/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json-slice.h"
#include "tablet/store/clock.h"
#include "tablet/store/notice.h"
#include "tablet/store/position.h"

#include <string.h>

#define MAX_SCOPES 62
/* As long as page follows page: most of what is in the WAL is written once more anyway before long. */
#define FILL_WAL_PAGES (8 * SHT_DB_WAL_PAGES)

static gboolean
malformed (GError **error, const char *what)
{
  g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_MALFORMED, "the hub's answer cannot be understood: %s",
               what);
  return FALSE;
}

static gboolean
stale (GError **error, const char *why)
{
  g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_STALE, why);
  return FALSE;
}

/**
 * sht_store_generation:
 *
 * Returns: the number of the pull of everything to which pages belong that are asked for now, by the cursor that is read
 *   after this
 */
gint64
sht_store_generation (ShtStore *store)
{
  return sht_store_get_number (store, "generation", 1);
}

/* The next JSON string without escapes at *p, as types and ids are; *p moves behind it. */
static gboolean
take_plain (const char **p, const char *end, char *out, gsize size)
{
  const char *quote = memchr (*p, '"', (gsize) (end - *p));

  if (quote == NULL || quote == *p || (gsize) (quote - *p) >= size || memchr (*p, '\\', (gsize) (quote - *p)) != NULL)
    return FALSE;
  memcpy (out, *p, (gsize) (quote - *p));
  out[quote - *p] = '\0';
  *p = quote + 1;
  return TRUE;
}

/**
 * sht_line_read:
 * @line: (inout): where the next line starts; moves behind its newline
 * @end: the end of the answer
 * @out: (out caller-allocates): the line
 *
 * Reads one line of an answer: its type and, where it has one, its id, which the protocol puts first so
 * that a line need not be parsed to know what it is.
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_MALFORMED
 */
gboolean
sht_line_read (const char **line, const char *end, ShtLine *out, GError **error)
{
  static const char type_prefix[] = "{\"t\":\"";
  static const char id_prefix[] = ",\"id\":\"";
  const char *newline = memchr (*line, '\n', (gsize) (end - *line));
  const char *p = *line;

  if (newline == NULL)
    return malformed (error, "it was cut short");
  out->text = p;
  out->length = (gsize) (newline - p);
  out->id[0] = '\0';
  if (out->length < sizeof type_prefix || memcmp (p, type_prefix, sizeof type_prefix - 1) != 0)
    return malformed (error, "a line without its type");
  p += sizeof type_prefix - 1;
  if (!take_plain (&p, newline, out->type, sizeof out->type))
    return malformed (error, "a line without its type");
  if ((gsize) (newline - p) > sizeof id_prefix && memcmp (p, id_prefix, sizeof id_prefix - 1) == 0)
    {
      p += sizeof id_prefix - 1;
      if (!take_plain (&p, newline, out->id, sizeof out->id))
        return malformed (error, "a line with a strange id");
    }
  *line = newline + 1;
  return TRUE;
}

static gboolean
load_scopes (ShtStore *store, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db, "SELECT name, bit FROM scope", "");

  g_hash_table_remove_all (store->scope_bits);
  while (sht_stmt_step (stmt))
    g_hash_table_insert (store->scope_bits, sht_stmt_dup (stmt, 0), GINT_TO_POINTER ((int) sht_stmt_int (stmt, 1) + 1));
  return sht_stmt_end (stmt, error);
}

/* The bit of a scope in ticket.scopes; a scope not seen before gets the lowest free one. */
static gboolean
bit_of_scope (ShtStore *store, const char *name, guint64 *bit, GError **error)
{
  int known = GPOINTER_TO_INT (g_hash_table_lookup (store->scope_bits, name));
  gint64 free_bit = 0;

  if (known == 0)
    {
      if (!sht_db_get_int (store->db, &free_bit, error,
                           "SELECT min (b) FROM (SELECT 0 AS b UNION SELECT bit + 1 FROM scope) "
                           "WHERE b NOT IN (SELECT bit FROM scope)",
                           ""))
        return FALSE;
      if (free_bit >= MAX_SCOPES)
        return malformed (error, "more scopes than a tablet can hold");
      if (!sht_db_run (store->db, error, "INSERT INTO scope (bit, name) VALUES (?1, ?2)", "is", free_bit, name))
        return FALSE;
      known = (int) free_bit + 1;
      g_hash_table_insert (store->scope_bits, g_strdup (name), GINT_TO_POINTER (known));
    }
  *bit = G_GUINT64_CONSTANT (1) << (known - 1);
  return TRUE;
}

/**
 * sht_store_load_waiting:
 *
 * Returns: (transfer full) (nullable): the ids of entities on which something waits to be sent
 */
GHashTable *
sht_store_load_waiting (ShtStore *store, GError **error)
{
  g_autoptr (GHashTable) waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ShtStmt *stmt = sht_db_query (store->db, "SELECT DISTINCT entity FROM op WHERE state < 2", "");

  while (sht_stmt_step (stmt))
    g_hash_table_add (waiting, sht_stmt_dup (stmt, 0));
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&waiting) : NULL;
}

static gboolean
add_scope_to_ticket (ShtStore *store, const char *id, guint64 bit, gint64 generation, GError **error)
{
  return sht_db_run (store->db, error,
                     "UPDATE ticket SET scopes = CASE WHEN gen < ?3 THEN ?2 ELSE scopes | ?2 END,"
                     " gen = max (gen, ?3) WHERE id = ?1",
                     "sii", id,
                     (gint64) bit, generation);
}

static gboolean
add_scope_to_obstacle (ShtStore *store, const char *id, guint64 bit, gint64 generation, GError **error)
{
  return sht_db_run (store->db, error,
                     "UPDATE obstacle SET scopes = CASE WHEN gen < ?3 THEN ?2 ELSE scopes | ?2 END,"
                     " gen = max (gen, ?3) WHERE id = ?1",
                     "sii", id, (gint64) bit, generation);
}

/* A ticket or an obstacle that a resync names for the first time comes with all that hangs on it: what the hub had told
 * before and does not tell again is no longer the hub's. Steps and photos that wait to be sent stay. A photo whose words wait
 * comes again too, or the hub has lost it and will refuse them. */
static gboolean
forget_children (ShtStore *store, const char *ticket, gint64 generation, GError **error)
{
  gint64 old = 0;

  if (!sht_db_get_int (store->db, &old, error,
                       "SELECT 1 FROM ticket WHERE id = ?1 AND gen < ?2 UNION ALL "
                       "SELECT 1 FROM obstacle WHERE id = ?1 AND gen < ?2",
                       "si", ticket, generation))
    return FALSE;
  return old == 0
         || (sht_db_run (store->db, error, "DELETE FROM event WHERE parent = ?1 AND doc ->> 'rev' IS NOT NULL", "s",
                         ticket)
             && sht_db_run (store->db, error,
                            "DELETE FROM base WHERE type = 'photo' AND id IN "
                            "(SELECT id FROM photo WHERE ticket = ?1 AND doc ->> 'rev' IS NOT NULL)",
                            "s", ticket)
             && sht_db_run (store->db, error, "DELETE FROM photo WHERE ticket = ?1 AND doc ->> 'rev' IS NOT NULL", "s", ticket)
             && sht_db_run (store->db, error, "DELETE FROM voice WHERE ticket = ?1 AND doc ->> 'rev' IS NOT NULL", "s",
                            ticket));
}

/**
 * sht_store_take_entity:
 * @waiting: ids on which something waits
 * @bit: the scope's bit, 0 outside a scope
 *
 * Takes one entity's line: as what is seen, or, where something waits on it, as its base, with the
 * waiting work replayed.
 */
gboolean
sht_store_take_entity (ShtStore *store, const ShtLine *line, GHashTable *waiting, guint64 bit, gint64 generation,
                       GError **error)
{
  if (line->id[0] == '\0')
    return malformed (error, "an entity without its id");
  if (generation > 1 && (strcmp (line->type, "ticket") == 0 || strcmp (line->type, "obstacle") == 0)
      && !forget_children (store, line->id, generation, error))
    return FALSE;
  if (!g_hash_table_contains (waiting, line->id)
      || (strcmp (line->type, "ticket") != 0 && strcmp (line->type, "photo") != 0
          && strcmp (line->type, "place") != 0 && strcmp (line->type, "obstacle") != 0))
    return sht_store_put_line (store, line->type, line->id, line->text, line->length, bit, generation, error);
  return sht_store_set_base (store, line->type, line->id, line->text, line->length, error)
         && sht_store_rebase (store, line->type, line->id, error)
         && (strcmp (line->type, "ticket") != 0 || add_scope_to_ticket (store, line->id, bit, generation, error))
         && (strcmp (line->type, "obstacle") != 0 || add_scope_to_obstacle (store, line->id, bit, generation, error))
         && (strcmp (line->type, "place") != 0
             || sht_db_run (store->db, error, "UPDATE place SET gen = max (gen, ?2) WHERE id = ?1", "si", line->id,
                            generation));
}

static GPtrArray *
read_ids (ShtStmt *stmt, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  while (sht_stmt_step (stmt))
    g_ptr_array_add (ids, sht_stmt_dup (stmt, 0));
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&ids) : NULL;
}

/* What was being filled in, written or said when the ticket left is the person's work all the same; with a recording that is
 * being made it waits for the next page. */
static gboolean
keep_drafts (ShtStore *store, const char *ticket, gboolean *waits, GError **error)
{
  static gboolean (*const keep[]) (ShtStore *, const char *, GError **)
    = { sht_store_keep_form_inside, sht_store_keep_note_inside };

  if (!sht_voice_draft_leave_inside (store, ticket, waits, error))
    return FALSE;
  if (*waits)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (keep); i++)
    {
      g_autoptr (GError) local_error = NULL;

      if (keep[i](store, ticket, &local_error) || local_error->domain == SHT_STORE_ERROR)
        continue;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

/* By the indexes of what is not settled; what was ever done here is not looked through. */
#define NOT_MADE_HERE(kind)                                                                                    \
  "NOT EXISTS (SELECT 1 FROM op WHERE op.entity = t.id AND state < 2 AND kind = '" kind "')"                   \
  " AND NOT EXISTS (SELECT 1 FROM op WHERE state = 3 AND op.entity = t.id AND kind = '" kind "')"

/* A ticket or an obstacle that no scope holds any more goes, with all that hangs on it. Only when all was pulled: before,
 * a report that the hub has just confirmed may still be on one of the pages to come. */
static gboolean
purge_unheld (ShtStore *store, gboolean away, GError **error)
{
  g_autoptr (GPtrArray) tickets
    = read_ids (sht_db_query (store->db,
                              "SELECT id FROM ticket AS t WHERE scopes = 0 AND " NOT_MADE_HERE ("ticket.create"),
                              ""),
                error);
  g_autoptr (GPtrArray) obstacles
    = tickets != NULL ? read_ids (sht_db_query (store->db,
                                                "SELECT id FROM obstacle AS t WHERE scopes = 0 AND " NOT_MADE_HERE ("obstacle.raise"),
                                                ""),
                                  error)
                      : NULL;

  if (obstacles == NULL)
    return FALSE;
  for (guint i = 0; i < tickets->len; i++)
    {
      gboolean waits;

      if (!keep_drafts (store, g_ptr_array_index (tickets, i), &waits, error))
        return FALSE;
      if (waits)
        continue;
      if ((away && !sht_store_away_taken (store, g_ptr_array_index (tickets, i), error))
          || !sht_store_purge_ticket (store, g_ptr_array_index (tickets, i), error))
        return FALSE;
    }
  for (guint i = 0; i < obstacles->len; i++)
    if (!sht_store_purge_obstacle (store, g_ptr_array_index (obstacles, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
take_leave (ShtStore *store, const ShtLine *line, guint64 bit, GError **error)
{
  g_autofree char *type = sht_json_read_member (line->text, (gssize) line->length, "of");

  if (type == NULL)
    return malformed (error, "what has left without its type");
  if (g_strcmp0 (type, "stub") == 0)
    return sht_db_run (store->db, error, "DELETE FROM stub WHERE id = ?1", "s", line->id);
  if (g_strcmp0 (type, "position") == 0)
    return sht_store_drop_position (store, line->id, bit, error);
  if (g_strcmp0 (type, "obstacle") == 0)
    return sht_db_run (store->db, error, "UPDATE obstacle SET scopes = scopes & ~?2 WHERE id = ?1", "si", line->id,
                       (gint64) bit);
  if (g_strcmp0 (type, "place") == 0)
    return sht_db_run (store->db, error,
                       "DELETE FROM place_spot WHERE row = (SELECT row FROM place WHERE id = ?1)", "s", line->id)
           && sht_db_run (store->db, error, "DELETE FROM base WHERE type = 'place' AND id = ?1", "s", line->id)
           && sht_db_run (store->db, error, "DELETE FROM place WHERE id = ?1", "s", line->id);
  if (g_strcmp0 (type, "ticket") != 0)
    return sht_db_run (store->db, error, "DELETE FROM entity WHERE type = ?1 AND id = ?2", "ss", type, line->id);
  return sht_db_run (store->db, error, "UPDATE ticket SET scopes = scopes & ~?2 WHERE id = ?1", "si", line->id,
                     (gint64) bit);
}

/* A scope that the hub no longer gives this tablet goes with all that only it held. */
static gboolean
drop_scopes (ShtStore *store, ShtJsonSlice now, GError **error)
{
  g_autoptr (GHashTable) keep = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ShtJsonIter scopes;
  ShtJsonSlice scope;
  GHashTableIter iter;
  gpointer name, bit;

  sht_json_iter_init (&scopes, now);
  while (sht_json_iter_next (&scopes, NULL, &scope))
    {
      if (sht_json_slice_kind (scope) != SHT_JSON_STRING)
        return malformed (error, "a scope without its name");
      g_hash_table_add (keep, sht_json_slice_string (scope));
    }
  g_hash_table_iter_init (&iter, store->scope_bits);
  while (g_hash_table_iter_next (&iter, &name, &bit))
    {
      gint64 mask = (gint64) (G_GUINT64_CONSTANT (1) << (GPOINTER_TO_INT (bit) - 1));

      if (g_hash_table_contains (keep, name))
        continue;
      if (!sht_db_run (store->db, error, "UPDATE ticket SET scopes = scopes & ~?1 WHERE scopes & ?1", "i", mask)
          || !sht_db_run (store->db, error, "UPDATE obstacle SET scopes = scopes & ~?1 WHERE scopes & ?1", "i", mask)
          || !sht_store_drop_positions_of (store, name, error)
          || !sht_db_run (store->db, error, "DELETE FROM scope WHERE name = ?1", "s", name))
        return FALSE;
      g_hash_table_iter_remove (&iter);
    }
  return TRUE;
}

/* After a resync, what the new generation did not touch is no longer the hub's. */
static gboolean
finish_resync (ShtStore *store, gint64 generation, GError **error)
{
  if (sht_store_get_number (store, "resync", 0) == 0)
    return TRUE;
  return sht_db_run (store->db, error, "UPDATE ticket SET scopes = 0 WHERE gen < ?1", "i", generation)
         && sht_db_run (store->db, error, "DELETE FROM stub WHERE gen < ?1", "i", generation)
         && sht_db_run (store->db, error, "DELETE FROM entity WHERE gen < ?1", "i", generation)
         && sht_db_run (store->db, error,
                        "DELETE FROM place_spot WHERE row IN (SELECT row FROM place WHERE gen < ?1)", "i", generation)
         && sht_db_run (store->db, error,
                        "DELETE FROM base WHERE type = 'place' AND id IN (SELECT id FROM place WHERE gen < ?1)", "i",
                        generation)
         && sht_db_run (store->db, error, "UPDATE obstacle SET scopes = 0 WHERE gen < ?1", "i", generation)
         && sht_store_drop_old_positions (store, generation, error)
         && sht_db_run (store->db, error, "DELETE FROM place WHERE gen < ?1", "i", generation)
         && sht_store_set_number (store, "resync", 0, error);
}

/* Of which history the numbers in the rows are, for what is done on them. As long as rows of an older one are
 * among them it is that one: fewer of them count as seen at the hub, never more. */
static gboolean
note_history (ShtStore *store, const ShtLastLine *last, GError **error)
{
  const char *told = last->history;
  g_autofree char *known = sht_store_get_text (store, "history");

  if (told == NULL || g_strcmp0 (told, known) == 0 || (known != NULL && last->more))
    return TRUE;
  return sht_store_set_text (store, "history", told, error);
}

static gboolean
take_cursor (ShtStore *store, const ShtLastLine *last, ShtPage *page, gint64 generation, gint64 not_before, GError **error)
{
  g_autofree char *before = NULL;

  if (last->cursor == NULL || sht_json_slice_kind (last->scopes) != SHT_JSON_ARRAY || last->rows != (gint64) page->rows)
    return malformed (error, "its last line does not fit what came before");
  page->more = last->more;
  page->now = last->now;
  if (last->head < not_before)
    return stale (error, "the page is older than confirmed work");
  before = sht_store_get_text (store, "cursor");
  return drop_scopes (store, last->scopes, error)
         && (page->more || finish_resync (store, generation, error))
         && note_history (store, last, error) && sht_store_drop_backed_up (store, last, error)
         /* With nothing new there is nothing to be synced. */
         && (g_strcmp0 (last->cursor, before) == 0 || sht_store_set_text (store, "cursor", last->cursor, error));
}

static gboolean
take_lines (ShtStore *store, const char *body, const char *end, const ShtLastLine *last, gint64 generation, gint64 not_before,
            ShtPage *page, GError **error)
{
  g_autoptr (GHashTable) waiting = sht_store_load_waiting (store, error);
  guint64 bit = 0;
  gboolean news = sht_store_has_notices (store);
  gint64 now = last->now > 0 ? last->now : sht_store_hub_now (store);
  gboolean away;
  ShtLine line;

  if (waiting == NULL || !load_scopes (store, error) || !sht_store_away_begin (store, now, &away, error))
    return FALSE;
  /* Another program of this tablet has begun to have everything pulled anew: this is not the whole of it. */
  if (generation != sht_store_generation (store))
    return stale (error, "the page was asked for before everything was to be pulled anew");
  while (body < end)
    {
      if (!sht_line_read (&body, end, &line, error))
        return FALSE;
      if (strcmp (line.type, "scope") == 0)
        {
          g_autofree char *name = sht_json_read_member (line.text, (gssize) line.length, "scope");

          if (name == NULL)
            return malformed (error, "a scope without its name");
          if (!bit_of_scope (store, name, &bit, error))
            return FALSE;
          continue;
        }
      if (strcmp (line.type, "cursor") == 0)
        return (body == end || malformed (error, "something follows its last line"))
               && take_cursor (store, last, page, generation, not_before, error)
               && (page->more || (purge_unheld (store, away, error) && sht_store_notices_filled (store, error)))
               && sht_store_away_end (store, now, away, page->more, error);
      page->rows++;
      if (strcmp (line.type, "leave") == 0)
        {
          page->left++;
          if (!take_leave (store, &line, bit, error))
            return FALSE;
        }
      else if ((away && !sht_store_away_note (store, &line, error)) || (news && !sht_store_note_notice (store, &line, away, error))
               || !sht_store_take_entity (store, &line, waiting, bit, generation, error))
        return FALSE;
    }
  return malformed (error, "it was cut short");
}

/**
 * sht_store_take_page:
 * @body: a pull's answer
 * @length: its length in bytes
 * @generation: what sht_store_generation() was when it was asked for: one of before would be taken for all that there is,
 *   and gives %SHT_STORE_ERROR_STALE
 * @not_before: the hub's head when it last confirmed something: an older page, which was on its way
 *   meanwhile, would take that back from sight, and gives %SHT_STORE_ERROR_STALE
 * @page: (out caller-allocates): what was in it
 *
 * Takes in a page and its cursor in one transaction: never a cursor ahead of its data. An answer that is
 * cut short or cannot be understood changes nothing.
 *
 * Returns: %FALSE with a #ShtStoreError or #ShtDbError
 */
gboolean
sht_store_take_page (ShtStore *store, const char *body, gsize length, gint64 generation, gint64 not_before, ShtPage *page,
                     GError **error)
{
  g_auto (ShtLastLine) last = { 0 };

  sht_last_line_find (body, length, &last);
  *page = (ShtPage){ .head = last.head };
  if (!sht_store_hear_history (store, &last, error) || !sht_db_begin (store->db, error))
    return FALSE;
  if (!take_lines (store, body, body + length, &last, generation, not_before, page, error))
    {
      sht_db_rollback (store->db);
      return FALSE;
    }
  if (page->more)
    sqlite3_wal_autocheckpoint (sht_db_handle (store->db), FILL_WAL_PAGES);
  if (!sht_store_commit_heard (store, error))
    return FALSE;
  if (!page->more)
    sqlite3_wal_autocheckpoint (sht_db_handle (store->db), SHT_DB_WAL_PAGES);
  return TRUE;
}
