/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/position.h"

#include "core/json-slice.h"
#include "core/json.h"
#include "core/protocol.h"
#include "tablet/store/clock.h"
#include "tablet/store/notice.h"

#include <string.h>

#define LAST_KNOWN "last_position"
#define LAST_TOLD "last_told_position"
#define PAUSED "position_paused"
/* Where a crew was before is of no use to who wants to know where it is. */
#define KEEP_MS (G_GINT64_CONSTANT (3600) * 1000)

/* --- where this tablet is --- */

static char *
my_department (ShtStore *store)
{
  g_autofree char *crew = sht_store_get_doc (store, "crew", store->device.crew, NULL);

  return crew != NULL ? sht_json_read_member (crew, -1, "department") : g_strdup (store->device.department);
}

static gboolean
is_shift (ShtStore *store, gint64 at, gint64 *ends)
{
  g_autofree char *department = my_department (store);
  const ShtTown *town;

  return sht_store_get_town (store, &town, NULL) && sht_shift_at (town, department, at, NULL, ends);
}

/**
 * sht_store_sharing:
 * @ends: (out) (optional): when the shift ends, by the hub's clock, unless it is off
 *
 * Returns: whether the crew's supervisors are told where it is
 */
ShtSharing
sht_store_sharing (ShtStore *store, gint64 *ends)
{
  if (store->device.token == NULL || store->device.crew == NULL)
    return SHT_SHARING_NONE;
  if (!is_shift (store, sht_store_hub_now (store), ends))
    return SHT_SHARING_OFF_SHIFT;
  return sht_store_get_number (store, PAUSED, 0) != 0 ? SHT_SHARING_PAUSED : SHT_SHARING_ON;
}

/* What was noted by a clock that has been set back since would be the newest for as long as that was ahead. */
static gboolean
get_position (ShtStore *store, const char *key, ShtPosition *position)
{
  g_autofree char *text = sht_store_get_text (store, key);
  g_autoptr (JsonObject) object = text != NULL && text[0] != '\0' ? sht_json_parse_object (text, -1, NULL) : NULL;

  return sht_position_read (object, position) && position->at <= sht_store_now (store) + SHT_POSITION_MAX_AHEAD_MS;
}

static char *
position_to_text (const ShtPosition *position)
{
  g_autoptr (JsonObject) object = json_object_new ();

  sht_position_write (position, object);
  return sht_json_to_string (object);
}

static gboolean
set_position (ShtStore *store, const char *key, const ShtPosition *position, GError **error)
{
  g_autofree char *text = position_to_text (position);

  return sht_store_set_text (store, key, text, error);
}

/**
 * sht_store_last_position:
 * @position: (out): where this tablet was when it last knew, its time by the tablet's clock
 *
 * Returns: whether it ever knew, by the clock as it is now
 */
gboolean
sht_store_last_position (ShtStore *store, ShtPosition *position)
{
  return get_position (store, LAST_KNOWN, position);
}

static gboolean
add_fix (ShtStore *store, const ShtPosition *position, GError **error)
{
  g_autofree char *text = position_to_text (position);

  return sht_db_run (store->db, error, "INSERT OR REPLACE INTO fix (at, doc) VALUES (?1, ?2)", "is", position->at, text)
         && sht_db_run (store->db, error,
                        "DELETE FROM fix WHERE at < ?1 OR at NOT IN (SELECT at FROM fix ORDER BY at DESC LIMIT ?2)", "ii",
                        sht_store_now (store) - KEEP_MS, (gint64) SHT_POSITIONS_MAX)
         && set_position (store, LAST_TOLD, position, error);
}

/* Whether the hub is to hear of it. */
static gboolean
is_to_be_told (ShtStore *store, const ShtPosition *position)
{
  ShtPosition told;

  if (sht_store_sharing (store, NULL) < SHT_SHARING_ON)
    return FALSE;
  return sht_position_is_news (get_position (store, LAST_TOLD, &told) ? &told : NULL, position, SHT_POSITION_MOVE_MS);
}

static gboolean
note (ShtStore *store, const ShtPosition *position, gboolean is_known, gboolean is_told, const ShtPosition *told, GError **error)
{
  return (!is_known || set_position (store, LAST_KNOWN, position, error)) && (!is_told || add_fix (store, told, error));
}

/**
 * sht_store_note_position:
 * @position: (nullable): where this tablet is now, its time by the tablet's clock; %NULL when it does not know
 *
 * Keeps the last known position, and what of it the hub is to hear: during the shift, a movement each half minute at the
 * most. To be called with each new position, and now and then without one. Where nothing is worth keeping nothing is written.
 */
gboolean
sht_store_note_position (ShtStore *store, const ShtPosition *position, GError **error)
{
  ShtPosition known, told = { .at = sht_store_now (store), .state = SHT_POSITION_UNKNOWN, .heading = -1, .speed_cm_s = -1 };
  gboolean is_known, is_told;

  is_known = position != NULL
             && sht_position_is_news (sht_store_last_position (store, &known) ? &known : NULL, position, SHT_POSITION_MOVE_MS);
  if (position != NULL)
    told = *position;
  if (sht_store_get_number (store, PAUSED, 0) != 0)
    told = (ShtPosition){ .at = sht_store_now (store), .state = SHT_POSITION_PAUSED, .heading = -1, .speed_cm_s = -1 };
  is_told = is_to_be_told (store, &told);
  if (!is_known && !is_told)
    return TRUE;
  if (!sht_db_begin (store->db, error))
    return FALSE;
  if (note (store, position, is_known, is_told, &told, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}

/** sht_store_forget_position: the tablet is not to know where it is: what it knew goes, and what nobody was told yet */
gboolean
sht_store_forget_position (ShtStore *store, GError **error)
{
  return sht_store_set_text (store, LAST_KNOWN, "", error) && sht_store_set_text (store, LAST_TOLD, "", error)
         && sht_db_run (store->db, error, "DELETE FROM fix", "");
}

/** sht_store_change_crew: this tablet is another crew's from now on, of whom nothing is told that was the one's before; all that it has
 * is new to the tablet, and no news */
gboolean
sht_store_change_crew (ShtStore *store, GError **error)
{
  return sht_store_forget_position (store, error) && sht_store_set_number (store, PAUSED, 0, error)
         && sht_store_forget_notices (store, error);
}

static gboolean
pause_sharing (ShtStore *store, gboolean paused, GError **error)
{
  ShtPosition told = { .at = sht_store_now (store), .state = SHT_POSITION_PAUSED, .heading = -1, .speed_cm_s = -1 };

  if (!sht_store_set_number (store, PAUSED, paused, error))
    return FALSE;
  if (!paused || sht_store_sharing (store, NULL) == SHT_SHARING_OFF_SHIFT)
    return TRUE;
  /* What was not told yet is not told any more. */
  return sht_db_run (store->db, error, "DELETE FROM fix", "") && add_fix (store, &told, error);
}

/**
 * sht_store_pause_sharing:
 * @paused: whether the crew's supervisors are not to be told where it is, until the crew says otherwise
 *
 * They are told that, and nothing else.
 */
gboolean
sht_store_pause_sharing (ShtStore *store, gboolean paused, GError **error)
{
  if (!sht_store_begin_step (store, error))
    return FALSE;
  if (pause_sharing (store, paused, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}

/**
 * sht_store_next_positions:
 * @through: (out): for sht_store_told_positions()
 *
 * Returns: (transfer full) (nullable): the body of a request that tells the hub where this tablet was; %NULL when there is
 *   nothing to tell, or with an error
 */
char *
sht_store_next_positions (ShtStore *store, gint64 *through, GError **error)
{
  g_autoptr (GString) body = NULL;
  gint64 offset = 0, least = sht_store_now (store) - KEEP_MS;
  guint n = 0;
  ShtStmt *stmt = sht_db_query (store->db, "SELECT at, doc FROM fix WHERE at >= ?1 ORDER BY at LIMIT ?2", "ii", least,
                                (gint64) SHT_POSITIONS_MAX);

  *through = G_MININT64;
  /* Most often there is nothing, and nothing else is read for that. */
  while (sht_stmt_step (stmt))
    {
      if (body == NULL)
        {
          body = g_string_new ("{\"positions\":[");
          offset = sht_store_clock_offset (store);
        }
      *through = sht_stmt_int (stmt, 0);
      /* Hours may have been set otherwise since. */
      if (is_shift (store, *through + offset, NULL))
        g_string_append_printf (body, "%s%s", n++ > 0 ? "," : "", sht_stmt_text (stmt, 1));
    }
  if (!sht_stmt_end (stmt, error) || n == 0)
    return NULL;
  g_string_append_printf (body, "],\"clock_offset_ms\":%" G_GINT64_FORMAT "}", offset);
  return g_string_free (g_steal_pointer (&body), FALSE);
}

/** sht_store_told_positions: what sht_store_next_positions() gave has been told, or is not worth telling again */
gboolean
sht_store_told_positions (ShtStore *store, gint64 through, GError **error)
{
  return sht_db_run (store->db, error, "DELETE FROM fix WHERE at <= ?1", "i", through);
}

/* --- where crews are, as their supervisor's tablet knows it --- */

gboolean
sht_store_put_position (ShtStore *store, const char *id, const char *doc, gsize length, gint64 generation, GError **error)
{
  g_autofree char *department = sht_json_read_member (doc, (gssize) length, "department");

  return sht_db_run (store->db, error, "INSERT OR REPLACE INTO position (id, department, gen, doc) VALUES (?1, ?2, ?3, ?4)",
                     "ssit", id, department, generation, doc, length);
}

/** sht_store_drop_position: a crew has left the scope with that bit; another of this tablet's may have told where it is now */
gboolean
sht_store_drop_position (ShtStore *store, const char *id, guint64 bit, GError **error)
{
  return sht_db_run (store->db, error,
                     "DELETE FROM position WHERE id = ?1"
                     " AND (SELECT 1 << bit FROM scope WHERE name = '" SHT_SCOPE_DEPARTMENT "' || department) = ?2",
                     "si", id, (gint64) bit);
}

/** sht_store_drop_positions_of: a scope is no longer this tablet's */
gboolean
sht_store_drop_positions_of (ShtStore *store, const char *scope, GError **error)
{
  if (!g_str_has_prefix (scope, SHT_SCOPE_DEPARTMENT))
    return TRUE;
  return sht_db_run (store->db, error, "DELETE FROM position WHERE department = ?1", "s",
                     scope + strlen (SHT_SCOPE_DEPARTMENT));
}

/** sht_store_drop_old_positions: what a resync has not named is no longer the hub's */
gboolean
sht_store_drop_old_positions (ShtStore *store, gint64 generation, GError **error)
{
  return sht_db_run (store->db, error, "DELETE FROM position WHERE gen < ?1", "i", generation);
}

static void
crew_position_free (gpointer data)
{
  ShtCrewPosition *crew = data;

  g_free (crew->crew);
  g_free (crew);
}

static ShtCrewPosition *
judge (const ShtTown *town, const char *crew, const char *department, const char *doc, gint64 now)
{
  g_autoptr (JsonObject) object = doc != NULL ? sht_json_parse_object (doc, -1, NULL) : NULL;
  ShtCrewPosition *found = g_new0 (ShtCrewPosition, 1);
  gint64 begins;

  found->crew = g_strdup (crew);
  if (!sht_shift_at (town, department, now, &begins, NULL))
    found->where = SHT_CREW_OFF_SHIFT;
  else if (!sht_position_read (object, &found->position) || found->position.at < begins)
    found->where = SHT_CREW_SILENT;
  else if (found->position.state == SHT_POSITION_HERE)
    found->where = SHT_CREW_HERE;
  else
    found->where = found->position.state == SHT_POSITION_PAUSED ? SHT_CREW_PAUSED : SHT_CREW_UNKNOWN;
  if (found->where == SHT_CREW_HERE || found->where == SHT_CREW_UNKNOWN || found->where == SHT_CREW_PAUSED)
    found->age_ms = MAX (0, now - found->position.at);
  return found;
}

/**
 * sht_store_crew_positions:
 *
 * What this tablet's supervisor knows of where crews are. What the hub said of a shift that is over by now is not told, also
 * while there is no signal.
 *
 * Returns: (transfer full) (nullable) (element-type ShtCrewPosition): all crews of the departments that it supervises, by
 *   code; empty on a crew's tablet; %NULL with a #ShtDbError
 */
GPtrArray *
sht_store_crew_positions (ShtStore *store, GError **error)
{
  g_autoptr (GPtrArray) crews = g_ptr_array_new_with_free_func (crew_position_free);
  gint64 now = sht_store_hub_now (store);
  const ShtTown *town;
  ShtStmt *stmt;

  if (store->device.token == NULL || store->device.role < SHT_ROLE_SUPERVISOR)
    return g_steal_pointer (&crews);
  if (!sht_store_get_town (store, &town, error))
    return NULL;
  stmt = sht_db_query (store->db,
                       "SELECT e.id, e.doc ->> 'department', p.doc FROM entity AS e LEFT JOIN position AS p ON p.id = e.id "
                       "WHERE e.type = 'crew' AND (?1 OR e.doc ->> 'department' = ?2) ORDER BY e.id",
                       "is", (gint64) (store->device.role >= SHT_ROLE_MANAGER), store->device.department);
  while (sht_stmt_step (stmt))
    g_ptr_array_add (crews, judge (town, sht_stmt_text (stmt, 0), sht_stmt_text (stmt, 1), sht_stmt_text (stmt, 2), now));
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&crews) : NULL;
}
