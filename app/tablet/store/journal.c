/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json-guard.h"
#include "tablet/store/page.h"

#include <string.h>

/* Confirmed is not yet backed up: a confirmed operation keeps its bytes, and a photo that the hub has keeps its
 * row in `blob`, until a backup of the hub holds them. Operations whose bytes have gone have DROPPED. */
#define DROPPED "'{}'"
#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)
#define MOST_KEEP_DAYS 3650

/**
 * sht_last_line_read:
 * @line: the last line of an answer
 * @last: (out caller-allocates): what it says; to be cleared whatever is returned
 *
 * Reads by its own bytes what the last line of a page, or of the answer to a push, says of the rest.
 *
 * Returns: %FALSE when it cannot be read
 */
gboolean
sht_last_line_read (const char *line, gsize length, ShtLastLine *last, GError **error)
{
  enum { HISTORY, CURSOR, SCOPES, NOW, HEAD, ROWS, KEEP_DAYS, BACKED_UP_THROUGH, MORE, N };
  static const ShtJsonName names[N]
    = { SHT_JSON_NAME ("history"), SHT_JSON_NAME ("cursor"),    SHT_JSON_NAME ("scopes"),            SHT_JSON_NAME ("now"), SHT_JSON_NAME ("head"),
        SHT_JSON_NAME ("rows"),    SHT_JSON_NAME ("keep_days"), SHT_JSON_NAME ("backed_up_through"), SHT_JSON_NAME ("more") };
  ShtJsonSlice values[N];

  *last = (ShtLastLine){ .rows = -1 };
  if (!sht_json_guard_members (line, length, SHT_JSON_MAX_DEPTH, names, N, values, error))
    return FALSE;
  last->history = sht_json_slice_string (values[HISTORY]);
  last->cursor = sht_json_slice_string (values[CURSOR]);
  last->scopes = values[SCOPES];
  sht_json_slice_int (values[NOW], &last->now);
  sht_json_slice_int (values[HEAD], &last->head);
  sht_json_slice_int (values[ROWS], &last->rows);
  sht_json_slice_int (values[KEEP_DAYS], &last->keep_days);
  sht_json_slice_int (values[BACKED_UP_THROUGH], &last->backed_up_through);
  last->more = sht_json_slice_kind (values[MORE]) == SHT_JSON_BOOLEAN && *values[MORE].at == 't';
  return TRUE;
}

/**
 * sht_last_line_find:
 * @body: an answer of the hub's
 * @length: its length in bytes
 * @last: (out caller-allocates): what its last line says, which tells of which history the rest is; nothing when there is
 *   none that can be read
 */
void
sht_last_line_find (const char *body, gsize length, ShtLastLine *last)
{
  const char *before = length > 1 ? memrchr (body, '\n', length - 1) : NULL;
  const char *line = before != NULL ? before + 1 : body;

  sht_last_line_read (line, length > 1 ? (gsize) (body + length - 1 - line) : 0, last, NULL);
}

void
sht_last_line_clear (ShtLastLine *last)
{
  g_free (last->history);
  g_free (last->cursor);
}

/* What the hub confirmed may be gone with the history that it was confirmed in, and so may be its knowledge of what it
 * could not take. It goes again, in its old order: the same ids and bytes make that safe where it is not gone. */
static gboolean
reopen (ShtStore *store, GError **error)
{
  return sht_db_run (store->db, error,
                     "UPDATE op SET state = 1, result = NULL, confirmed_at = NULL, number = NULL, history = NULL "
                     "WHERE (state = 2 OR (state = 3 AND number > 0)) AND bytes <> " DROPPED,
                     "")
         /* Numbered anew, upwards: others that were sent between them may be gone or not. */
         && sht_db_run (store->db, error, "UPDATE op SET device_seq = NULL WHERE state < 2", "")
         && sht_db_run (store->db, error,
                        "UPDATE blob SET state = 0, url = NULL, number = NULL, history = NULL WHERE state IN (1, 2)",
                        "");
}

/**
 * sht_store_pull_anew:
 *
 * Everything is to be pulled anew over what is there, and what the hub does not name again goes at the end; inside the
 * caller's transaction.
 */
gboolean
sht_store_pull_anew (ShtStore *store, GError **error)
{
  return sht_store_set_number (store, "generation", sht_store_generation (store) + 1, error)
         && sht_store_set_number (store, "resync", 1, error) && sht_store_set_text (store, "cursor", "", error);
}

static gboolean
start_resync (ShtStore *store, GError **error)
{
  return sht_store_pull_anew (store, error)
         && sht_store_set_number (store, "confirmed_head", 0, error)
         && sht_store_set_text (store, "hub_history", NULL, error)
         /* What it knew of this tablet's keys may be gone too. */
         && sht_store_set_number (store, "keys_exchanged", 0, error) && reopen (store, error);
}

/**
 * sht_store_start_resync:
 *
 * The hub has gone back, or the cursor does not fit its log: everything is pulled anew over what is there, and
 * what the hub does not name again goes at the end. The outbox stays, and all that is confirmed and not backed up
 * joins it again.
 */
gboolean
sht_store_start_resync (ShtStore *store, GError **error)
{
  if (!sht_db_begin (store->db, error))
    return FALSE;
  if (!start_resync (store, error))
    {
      sht_db_rollback (store->db);
      return FALSE;
    }
  return sht_db_commit (store->db, error);
}

/**
 * sht_store_hear_history:
 * @last: the last line of an answer
 *
 * Hears in which history the hub is. When it is another than before, all is pulled and sent anew, in a
 * transaction of its own; to be called outside one.
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_OTHER_HISTORY, and then nothing else of the answer may be taken, or with a
 *   #ShtDbError
 */
gboolean
sht_store_hear_history (ShtStore *store, const ShtLastLine *last, GError **error)
{
  const char *told = last->history;
  g_autofree char *known = sht_store_get_text (store, "hub_history");

  if (told == NULL || g_strcmp0 (told, known) == 0)
    return TRUE;
  if (known == NULL)
    return sht_store_set_text (store, "hub_history", told, error);
  if (!sht_store_start_resync (store, error))
    return FALSE;
  g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_OTHER_HISTORY,
                       "the hub was restored from a backup: all is compared anew");
  return FALSE;
}

/* The files of which were kept for the hub alone: of tickets that have left. */
static gboolean
let_go (ShtStore *store, GError **error)
{
  return sht_db_changes (store->db) == 0 || sht_store_clean_later (store, error);
}

/* By the hub's clock, then and now: the tablet's may be months off. */
static gboolean
drop_old (ShtStore *store, const ShtLastLine *last, GError **error)
{
  gint64 days = last->keep_days;
  gint64 before = last->now - CLAMP (days, 0, MOST_KEEP_DAYS) * DAY_MS;

  return days <= 0
         || (sht_db_run (store->db, error,
                         "UPDATE op SET bytes = " DROPPED " WHERE state = 2 AND bytes <> " DROPPED
                         " AND heard_at < ?1",
                         "i", before)
             && sht_db_run (store->db, error, "DELETE FROM blob WHERE state = 2 AND heard_at < ?1", "i", before)
             && let_go (store, error));
}

/**
 * sht_store_drop_backed_up:
 * @last: the last line of an answer
 *
 * Lets go of what a backup of the hub holds, or what is older than the city wants to have kept, inside the caller's
 * transaction.
 */
gboolean
sht_store_drop_backed_up (ShtStore *store, const ShtLastLine *last, GError **error)
{
  const char *history = last->history;
  gint64 through = last->backed_up_through, some = 0;

  if (!drop_old (store, last, error))
    return FALSE;
  if (history == NULL || through <= 0)
    return TRUE;
  /* Most answers say of no backup that was not known. */
  if (!sht_db_get_int (store->db, &some, error,
                       "SELECT 1 FROM op WHERE state = 2 AND bytes <> " DROPPED " AND number <= ?1 AND history = ?2"
                       " UNION ALL SELECT 1 FROM blob WHERE state = 2 AND number <= ?1 AND history = ?2 LIMIT 1",
                       "is", through, history))
    return FALSE;
  return some == 0
         || (sht_db_run (store->db, error,
                         "UPDATE op SET bytes = " DROPPED " WHERE state = 2 AND bytes <> " DROPPED " AND number <= ?1 "
                         "AND history = ?2",
                         "is", through, history)
             && sht_db_run (store->db, error, "DELETE FROM blob WHERE state = 2 AND number <= ?1 AND history = ?2", "is",
                            through, history)
             && let_go (store, error));
}

/**
 * sht_store_settle_uploads:
 * @head: the hub's log number in an answer that was asked for after the last upload had ended
 * @now: the hub's clock then, ms
 *
 * Notes up to which number of its history the hub has the photos that it was sent: a backup through it holds
 * them.
 */
gboolean
sht_store_settle_uploads (ShtStore *store, gint64 head, gint64 now, GError **error)
{
  gint64 some = 0;

  if (!sht_db_get_int (store->db, &some, error, "SELECT 1 FROM blob WHERE state = 2 AND number IS NULL LIMIT 1", ""))
    return FALSE;
  return some == 0
         || sht_db_run (store->db, error,
                        "UPDATE blob SET number = ?1, heard_at = ?2,"
                        " history = (SELECT value FROM meta WHERE key = 'hub_history') WHERE state = 2 AND number IS NULL",
                        "ii", head, now);
}
