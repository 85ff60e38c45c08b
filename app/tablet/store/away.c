/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/page.h"

#include "core/json-guard.h"
#include "core/json.h"
#include "core/view.h"

#include <string.h>

/* Who was without the hub for longer than this wants to hear what happened. */
#define LONG_MS (G_GINT64_CONSTANT (4) * 3600 * 1000)
/* When the hub made the last page that was taken in; not the last contact, which comes before what it brings is stored. */
#define PAGE_AT "page_at"
#define RECORDING "away_recording"
#define SINCE "away_since"
#define UNTIL "away_until"

/**
 * sht_store_away_begin:
 * @now: the hub's clock when it made the page, ms; that of a tablet may be years off, and be set right in between
 * @recording: (out): whether what the page brings is to be noted
 *
 * Looks how long ago the last page came. To be called inside the page's transaction.
 */
gboolean
sht_store_away_begin (ShtStore *store, gint64 now, gboolean *recording, GError **error)
{
  gint64 last = sht_store_get_number (store, PAGE_AT, 0), untold = 0;

  *recording = FALSE;
  /* A first fill, or a comparison of everything, is no news. */
  if (last == 0 || sht_store_get_number (store, "resync", 0) != 0)
    return TRUE;
  *recording = sht_store_get_number (store, RECORDING, 0) != 0;
  if (*recording || now - last < LONG_MS)
    return TRUE;
  *recording = TRUE;
  /* What nobody has looked at since an absence before this one is told with it. */
  if (!sht_db_get_int (store->db, &untold, error, "SELECT EXISTS (SELECT 1 FROM away)", ""))
    return FALSE;
  return sht_store_set_number (store, RECORDING, 1, error) && (untold != 0 || sht_store_set_number (store, SINCE, last, error));
}

/**
 * sht_store_away_end:
 * @now: as for sht_store_away_begin()
 * @more: whether another page follows
 */
gboolean
sht_store_away_end (ShtStore *store, gint64 now, gboolean recording, gboolean more, GError **error)
{
  return sht_store_set_number (store, PAGE_AT, now, error)
         && (!recording || more
             || (sht_store_set_number (store, RECORDING, 0, error) && sht_store_set_number (store, UNTIL, now, error)));
}

static gboolean
note_ticket (ShtStore *store, const char *id, GError **error)
{
  gint64 there = 0;

  return sht_db_get_int (store->db, &there, error, "SELECT 1 FROM ticket WHERE id = ?1", "s", id)
         && (there != 0
             || sht_db_run (store->db, error, "INSERT OR REPLACE INTO away (ticket, what) VALUES (?1, 'added')", "s", id));
}

static gboolean
note_event (ShtStore *store, const ShtLine *line, GError **error)
{
  enum { TICKET, DEVICE, ACTOR_NAME, CREW, N };
  static const ShtJsonName names[N] = { SHT_JSON_NAME ("ticket"), SHT_JSON_NAME ("device"), SHT_JSON_NAME ("actor_name"), SHT_JSON_NAME ("crew") };
  ShtJsonSlice values[N];
  g_autofree char *ticket = NULL;
  g_autofree char *by = NULL;
  gint64 is_obstacle = 0;

  if (!sht_json_guard_members (line->text, line->length, SHT_JSON_MAX_DEPTH, names, N, values, error))
    return FALSE;
  ticket = sht_json_slice_string (values[TICKET]);
  if (ticket == NULL || (store->device.id != NULL && sht_json_slice_equals (values[DEVICE], store->device.id)))
    return TRUE;
  /* What is said of an obstacle is news on a page of its own. */
  if (!sht_db_get_int (store->db, &is_obstacle, error, "SELECT 1 FROM obstacle WHERE id = ?1", "s", ticket))
    return FALSE;
  if (is_obstacle != 0)
    return TRUE;
  by = sht_json_slice_string (values[ACTOR_NAME]);
  if (by == NULL)
    by = sht_json_slice_string (values[CREW]);
  /* Of what has come anew, whoever touched it last; who made it long ago is no news. */
  return sht_db_run (store->db, error,
                     "INSERT INTO away (ticket, what, by) VALUES (?1, 'changed', ?2) ON CONFLICT (ticket) DO UPDATE "
                     "SET by = coalesce (excluded.by, by)",
                     "ss", ticket, by);
}

/**
 * sht_store_away_note:
 * @line: an entity's line that is about to be taken in
 *
 * Notes what is new in it: a ticket that was not here, or somebody else's step.
 */
gboolean
sht_store_away_note (ShtStore *store, const ShtLine *line, GError **error)
{
  if (strcmp (line->type, "ticket") == 0)
    return note_ticket (store, line->id, error);
  return strcmp (line->type, "event") != 0 || note_event (store, line, error);
}

/**
 * sht_store_away_taken:
 * @ticket: a ticket that is about to go
 *
 * Notes that a ticket was taken away: its number, for its words go with it. One that came and went is no news.
 */
gboolean
sht_store_away_taken (ShtStore *store, const char *ticket, GError **error)
{
  gint64 came = 0;

  if (!sht_db_get_int (store->db, &came, error, "SELECT 1 FROM away WHERE ticket = ?1 AND what = 'added'", "s", ticket)
      || !sht_db_run (store->db, error, "DELETE FROM away WHERE ticket = ?1", "s", ticket))
    return FALSE;
  return came != 0
         || sht_db_run (store->db, error,
                        "INSERT INTO away (ticket, what, number) SELECT id, 'taken', number FROM ticket WHERE id = ?1",
                        "s", ticket);
}

static JsonObject *
part_new (ShtStore *store, const char *what, guint titles, GError **error)
{
  g_autoptr (JsonObject) part = json_object_new ();
  JsonArray *list = json_array_new ();
  gint64 count = 0;
  ShtStmt *stmt;

  json_object_set_array_member (part, "tickets", list);
  if (!sht_db_get_int (store->db, &count, error, "SELECT count(*) FROM away WHERE what = ?1", "s", what))
    return NULL;
  json_object_set_int_member (part, "count", count);
  stmt = sht_db_query (store->db,
                       "SELECT a.ticket, coalesce (t.number, a.number), t.title, a.by FROM away AS a "
                       "LEFT JOIN ticket AS t ON t.id = a.ticket WHERE a.what = ?1 ORDER BY t.open DESC, t.due_at, "
                       "a.ticket LIMIT ?2",
                       "si", what, (gint64) titles);
  while (sht_stmt_step (stmt))
    {
      JsonObject *one = json_object_new ();

      sht_json_set_string (one, "ticket", sht_stmt_text (stmt, 0));
      sht_json_set_string (one, "number", sht_stmt_text (stmt, 1));
      sht_json_set_string (one, "title", sht_stmt_text (stmt, 2));
      sht_json_set_string (one, "by", sht_stmt_text (stmt, 3));
      json_array_add_object_element (list, one);
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&part) : NULL;
}

/**
 * sht_store_away:
 * @titles: how many tickets to name in each part
 *
 * While you were away: what the hub told after this tablet had been without it for more than four hours, until
 * it is seen. `since` and `until`, and `added`, `taken` and `changed` by others, each {`count`, `tickets`
 * [{`ticket`, `number`, `title`, `by`}]}. Of what was taken only the number is left.
 *
 * Returns: (transfer full) (nullable): empty when there is nothing to be told; %NULL with a #ShtDbError
 */
JsonObject *
sht_store_away (ShtStore *store, guint titles, GError **error)
{
  static const char *const parts[] = { "added", "taken", "changed" };
  g_autoptr (JsonObject) away = json_object_new ();
  g_autofree char *since = NULL;
  g_autofree char *until = NULL;
  gint64 count = 0;

  if (!sht_db_get_int (store->db, &count, error, "SELECT count(*) FROM away", ""))
    return NULL;
  if (count == 0)
    return g_steal_pointer (&away);
  since = sht_view_time (sht_store_get_number (store, SINCE, 0));
  until = sht_view_time (sht_store_get_number (store, UNTIL, sht_store_now (store)));
  json_object_set_string_member (away, "since", since);
  json_object_set_string_member (away, "until", until);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      JsonObject *part = part_new (store, parts[i], titles, error);

      if (part == NULL)
        return NULL;
      json_object_set_object_member (away, parts[i], part);
    }
  return g_steal_pointer (&away);
}

/**
 * sht_store_away_seen:
 *
 * The person has seen it.
 */
gboolean
sht_store_away_seen (ShtStore *store, GError **error)
{
  return sht_db_run (store->db, error, "DELETE FROM away", "");
}
