/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/notice.h"

#include "core/json-guard.h"
#include "core/json-slice.h"
#include "tablet/store/position.h"

#include <string.h>

/* Whether all was pulled once: a first fill may take many pages. */
#define FILLED "filled"

static const char *const kinds[SHT_N_NOTICE_KINDS] = { "assigned", "message", "answer" };

void
sht_notice_free (ShtNotice *notice)
{
  g_free (notice->id);
  g_free (notice->subject);
  g_free (notice->number);
  g_free (notice->service);
  g_free (notice);
}

static gboolean
add (ShtStore *store, const char *id, ShtNoticeKind kind, const char *subject, gboolean away, GError **error)
{
  return sht_db_run (store->db, error, "INSERT OR REPLACE INTO notice (id, kind, subject, at, told, away) VALUES (?1, ?2, ?3, ?4, 0, ?5)",
                     "sssii", id, kinds[kind], subject, sht_store_now (store), (gint64) (away != FALSE));
}

static gboolean
says (const ShtLine *line, const char *what)
{
  return memmem (line->text, line->length, what, strlen (what)) != NULL;
}

static gboolean
is_open (ShtJsonSlice status)
{
  g_autofree char *name = sht_json_slice_string (status);
  ShtStatus now;

  return sht_status_parse (name, &now) && sht_status_is_open (now);
}

/* A ticket that is the crew's and was not. */
static gboolean
note_ticket (ShtStore *store, const ShtLine *line, gboolean away, GError **error)
{
  enum { CREW, STATUS, N };
  static const ShtJsonName names[N] = { SHT_JSON_NAME ("crew"), SHT_JSON_NAME ("status") };
  ShtJsonSlice values[N];
  g_autofree char *id = NULL;
  gint64 was = 0;

  /* About what cannot be read somebody else will complain. */
  if (!sht_json_guard_members (line->text, line->length, SHT_JSON_MAX_DEPTH, names, N, values, NULL)
      || !sht_json_slice_equals (values[CREW], store->device.crew)
      || !is_open (values[STATUS]))
    return TRUE;
  if (!sht_db_get_int (store->db, &was, error,
                       "SELECT EXISTS (SELECT 1 FROM ticket WHERE id = ?1 AND crew = ?2)", "ss", line->id,
                       store->device.crew))
    return FALSE;
  if (was != 0)
    return TRUE;
  id = g_strdup_printf ("%s %s", kinds[SHT_NOTICE_ASSIGNED], line->id);
  return add (store, id, SHT_NOTICE_ASSIGNED, line->id, away, error);
}

/* Somebody else's step, when it comes for the first time. */
static gboolean
note_event (ShtStore *store, const ShtLine *line, gboolean away, GError **error)
{
  enum { KIND, DEVICE, TICKET, ROLE, N };
  static const ShtJsonName names[N] = { SHT_JSON_NAME ("kind"), SHT_JSON_NAME ("device"), SHT_JSON_NAME ("ticket"), SHT_JSON_NAME ("role") };
  ShtJsonSlice values[N];
  g_autofree char *subject = NULL;
  gboolean is_answer;
  gint64 known = 0;

  if (!sht_json_guard_members (line->text, line->length, SHT_JSON_MAX_DEPTH, names, N, values, NULL))
    return TRUE;
  is_answer = sht_json_slice_equals (values[KIND], "answer");
  if (!is_answer && !sht_json_slice_equals (values[KIND], "note"))
    return TRUE;
  subject = sht_json_slice_string (values[TICKET]);
  if (subject == NULL || (store->device.id != NULL && sht_json_slice_equals (values[DEVICE], store->device.id)))
    return TRUE;
  if (!sht_db_get_int (store->db, &known, error, "SELECT EXISTS (SELECT 1 FROM event WHERE parent = ?1 AND id = ?2)", "ss", subject,
                       line->id))
    return FALSE;
  if (known != 0)
    return TRUE;
  if (is_answer)
    return add (store, line->id, SHT_NOTICE_ANSWER, subject, away, error);
  /* A crew's steps carry its code instead. */
  return sht_json_slice_kind (values[ROLE]) != SHT_JSON_STRING || add (store, line->id, SHT_NOTICE_MESSAGE, subject, away, error);
}

/**
 * sht_store_is_filled:
 *
 * Returns: whether all was pulled once, which takes many pages at times
 */
gboolean
sht_store_is_filled (ShtStore *store)
{
  return sht_store_get_number (store, FILLED, 0) != 0;
}

/**
 * sht_store_forget_notices:
 *
 * Another crew's are to be told from now on, and what it has already is not new.
 */
gboolean
sht_store_forget_notices (ShtStore *store, GError **error)
{
  return sht_store_set_number (store, FILLED, 0, error) && sht_db_run (store->db, error, "DELETE FROM notice", "");
}

/**
 * sht_store_has_notices:
 *
 * Returns: whether there may be something in a page that the crew wants to hear of: a first fill, or a comparison of
 *   everything, is no news
 */
gboolean
sht_store_has_notices (ShtStore *store)
{
  return store->device.crew != NULL && sht_store_is_filled (store)
         && sht_store_get_number (store, "resync", 0) == 0;
}

/**
 * sht_store_notices_filled:
 *
 * Notes that all was pulled once: what comes from now on is news. To be called inside the last page's transaction.
 */
gboolean
sht_store_notices_filled (ShtStore *store, GError **error)
{
  return sht_store_is_filled (store) || sht_store_set_number (store, FILLED, 1, error);
}

/**
 * sht_store_note_notice:
 * @line: an entity's line that is about to be taken in
 * @away: as sht_store_away_begin() told
 *
 * Notes what in it the crew wants to hear of, inside the page's transaction.
 */
gboolean
sht_store_note_notice (ShtStore *store, const ShtLine *line, gboolean away, GError **error)
{
  if (strcmp (line->type, "ticket") == 0)
    return !says (line, "\"crew\"") || note_ticket (store, line, away, error);
  /* Most steps are of other kinds, and need not be read for that. */
  return strcmp (line->type, "event") != 0 || (!says (line, "\"note\"") && !says (line, "\"answer\""))
         || note_event (store, line, away, error);
}

/* What has been closed or taken away meanwhile, or looked at, is no news any more. */
#define IS_NEWS                                                                                                              \
  "(n.kind <> 'answer' AND t.open = 1 AND t.crew = ?1 OR n.kind = 'answer' AND o.doc ->> 'crew' = ?1 AND o.rev > o.seen)"
#define JOINED                                                                                                               \
  "notice AS n LEFT JOIN ticket AS t ON t.id = n.subject LEFT JOIN obstacle AS o ON o.id = n.subject"

/**
 * sht_store_notices:
 * @told: which: those that were told and not looked at yet, or those that were not told
 *
 * Returns: (transfer full) (nullable) (element-type ShtNotice): in the order in which they came, of each ticket one piece
 *   of news alone; %NULL with a #ShtDbError
 */
GPtrArray *
sht_store_notices (ShtStore *store, gboolean told, GError **error)
{
  g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_notice_free);
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT n.id, n.kind, n.subject, t.number, t.service, t.status IN ('new', 'assigned', 'reopened'), n.away"
                                " FROM " JOINED " WHERE n.told = ?2 AND " IS_NEWS " AND n.rowid = (SELECT rowid FROM notice"
                                " WHERE subject = n.subject AND told = n.told ORDER BY kind <> 'assigned', rowid LIMIT 1)"
                                " ORDER BY n.rowid",
                                "si", store->device.crew != NULL ? store->device.crew : "", (gint64) (told != FALSE));

  while (sht_stmt_step (stmt))
    {
      ShtNotice *notice = g_new0 (ShtNotice, 1);
      guint kind = 0;

      sht_name_find (kinds, SHT_N_NOTICE_KINDS, sht_stmt_text (stmt, 1), &kind);
      notice->id = sht_stmt_dup (stmt, 0);
      notice->kind = (ShtNoticeKind) kind;
      notice->subject = sht_stmt_dup (stmt, 2);
      notice->number = sht_stmt_dup (stmt, 3);
      notice->service = sht_stmt_dup (stmt, 4);
      notice->is_new = sht_stmt_int (stmt, 5) != 0;
      notice->away = sht_stmt_int (stmt, 6) != 0;
      g_ptr_array_add (notices, notice);
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&notices) : NULL;
}

static gboolean
note_told (ShtStore *store, GPtrArray *notices, GError **error)
{
  for (guint i = 0; i < notices->len; i++)
    {
      const ShtNotice *notice = g_ptr_array_index (notices, i);

      if (!sht_db_run (store->db, error, "UPDATE notice SET told = 1 WHERE subject = ?1", "s", notice->subject))
        return FALSE;
    }
  return sht_db_run (store->db, error, "DELETE FROM notice WHERE rowid NOT IN (SELECT n.rowid FROM " JOINED " WHERE " IS_NEWS ")",
                     "s", store->device.crew != NULL ? store->device.crew : "");
}

/**
 * sht_store_notices_told:
 * @notices: (element-type ShtNotice): as sht_store_notices() gave them
 *
 * Notes that they were told, with whatever else there is of the same tickets; what is no news any more is forgotten.
 */
gboolean
sht_store_notices_told (ShtStore *store, GPtrArray *notices, GError **error)
{
  if (!sht_store_begin_step (store, error))
    return FALSE;
  if (note_told (store, notices, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}

/**
 * sht_store_notices_seen:
 * @subject: UUID of a ticket or an obstacle that somebody looks at
 *
 * Forgets what is to be told of it.
 */
gboolean
sht_store_notices_seen (ShtStore *store, const char *subject, GError **error)
{
  return sht_db_run (store->db, error, "DELETE FROM notice WHERE subject = ?1", "s", subject);
}

/**
 * sht_store_is_off_shift:
 *
 * Returns: whether the crew has calendars, and does not work now by them
 */
gboolean
sht_store_is_off_shift (ShtStore *store)
{
  const ShtTown *town;

  return sht_store_get_town (store, &town, NULL) && g_hash_table_size (town->calendars) > 0
         && sht_store_sharing (store, NULL) == SHT_SHARING_OFF_SHIFT;
}
