/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/fact.h"
#include "core/json-guard.h"
#include "core/json-slice.h"
#include "tablet/store/doc-marks.h"
#include "tablet/store/place.h"
#include "tablet/store/position.h"

#include <string.h>

/* What of a ticket has a column of its own, or is found by words, beside what its fact is made of, which stands first. */
enum
{
  SERVICE = SHT_DIMENSION_SERVICE,
  DEPARTMENT = SHT_DIMENSION_DEPARTMENT,
  CREW = SHT_DIMENSION_CREW,
  PLACE = SHT_DIMENSION_PLACE,
  STATUS = SHT_FACT_STATUS,
  CREATED_AT = SHT_FACT_CREATED_AT,
  DUE_AT = SHT_FACT_DUE_AT,
  NUMBER = SHT_FACT_N_MEMBERS,
  TITLE,
  ADDRESS,
  LAT_E7,
  LON_E7,
  UPDATED_AT,
  DESCRIPTION,
  N_MEMBERS
};

static const ShtJsonName member_names[N_MEMBERS] = {
  SHT_FACT_MEMBER_NAMES,    SHT_JSON_NAME ("number"), SHT_JSON_NAME ("title"),      SHT_JSON_NAME ("address"),
  SHT_JSON_NAME ("lat_e7"), SHT_JSON_NAME ("lon_e7"), SHT_JSON_NAME ("updated_at"), SHT_JSON_NAME ("description"),
};

/* A member as the text that a column is given; which makes a number of it where the column holds numbers. */
typedef struct
{
  const char *at; /* (nullable): in the line, or in @own */
  gsize length;
  char *own;
} Text;

typedef struct
{
  ShtJsonSlice of[N_MEMBERS];
  Text text[N_MEMBERS];
  gint64 is_open;
} Members;

static void
members_clear (Members *members)
{
  for (guint i = 0; i < N_MEMBERS; i++)
    g_free (members->text[i].own);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Members, members_clear)

static Text
text_of (ShtJsonSlice value)
{
  Text text = { NULL, 0, NULL };

  switch (sht_json_slice_kind (value))
    {
    case SHT_JSON_ABSENT:
      return text;
    case SHT_JSON_BOOLEAN:
      return (Text){ *value.at == 't' ? "1" : "0", 1, NULL };
    case SHT_JSON_STRING:
      if (memchr (value.at, '\\', value.length) == NULL)
        return (Text){ value.at + 1, value.length - 2, NULL };
      text.own = sht_json_slice_string (value);
      text.at = text.own;
      text.length = strlen (text.own);
      return text;
    default:
      return (Text){ value.at, value.length, NULL };
    }
}

static gboolean
is_open (const Text *text)
{
  g_autofree char *name = g_strndup (text->at, text->length);
  ShtStatus status;

  return sht_status_parse (name, &status) && sht_status_is_open (status);
}

/* Lists are ordered by when a ticket is due, the first first, and those that are never due after them. Of those that are
 * over, the one that was last changed comes first: the column then holds that time, less than nothing. */
static void
set_order (Members *members)
{
  const Text *changed = &members->text[UPDATED_AT];
  static const char never[] = "9000000000000000"; /* SHT_NEVER_DUE */
  Text *due = &members->text[DUE_AT];
  g_autofree char *digits = NULL;

  if (members->is_open && due->at == NULL)
    {
      due->at = never;
      due->length = strlen (due->at);
    }
  if (members->is_open || changed->at == NULL)
    return;
  digits = g_strndup (changed->at, changed->length);
  if (strspn (digits, "0123456789") != changed->length)
    return;
  g_free (due->own);
  due->own = g_strconcat ("-", digits, NULL);
  due->at = due->own;
  due->length = strlen (due->own);
}

/* In one go, by its own bytes: to let SQLite look for each of them was most of the time of a row. */
static gboolean
read_members (const char *doc, gsize length, Members *members, GError **error)
{
  if (!sht_json_guard_members (doc, length, SHT_JSON_MAX_DEPTH, member_names, N_MEMBERS, members->of, error))
    return FALSE;
  for (guint i = 0; i < N_MEMBERS; i++)
    members->text[i] = text_of (members->of[i]);
  members->is_open = is_open (&members->text[STATUS]);
  set_order (members);
  return TRUE;
}

typedef struct
{
  gint64 row;          /* 0 when the ticket is not here yet */
  gboolean same;       /* it is what is here already, to the last byte */
  gint64 scopes, gen;  /* as they are */
  gboolean same_words; /* what is found of it by words and place stays */
  gboolean same_order; /* so does its place in the list, its number, and what it hangs on */
} Before;

static gboolean
is_same (ShtStmt *stmt, int column, const Text *text)
{
  const char *before = sht_stmt_text (stmt, column);

  if (before == NULL || text->at == NULL)
    return before == NULL && text->at == NULL;
  return sht_stmt_bytes (stmt, column) == text->length && memcmp (before, text->at, text->length) == 0;
}

static gboolean
has_description (const char *doc, gsize length, const Text *description)
{
  static const char name[] = "\"description\"";
  Text before;
  gboolean same;

  /* Most tickets have none. */
  if (memmem (doc, length, name, sizeof name - 1) == NULL)
    return description->at == NULL;
  before = text_of (sht_json_slice_member (sht_json_slice_root (doc, length), member_names[DESCRIPTION].name));
  same = before.length == description->length && (before.at == NULL) == (description->at == NULL)
         && (before.at == NULL || memcmp (before.at, description->at, before.length) == 0);
  g_free (before.own);
  return same;
}

/* What came from the hub with a push's answer comes once more with the next pull: it need not be looked into. */
static gboolean
look_before (ShtStore *store, const char *id, const char *doc, gsize length, Members *members, Before *before, GError **error)
{
  const Text *now = members->text;
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT row, number, open, due_at, title, address, lat_e7, lon_e7, doc, place, scopes, gen FROM ticket "
                                "WHERE id = ?1",
                                "s", id);
  gboolean ok = TRUE;

  *before = (Before){ 0 };
  if (sht_stmt_step (stmt))
    {
      const char *old = sht_stmt_text (stmt, 8);
      gsize old_length = sht_stmt_bytes (stmt, 8);

      before->row = sht_stmt_int (stmt, 0);
      before->scopes = sht_stmt_int (stmt, 10);
      before->gen = sht_stmt_int (stmt, 11);
      before->same = old_length == length && memcmp (old, doc, length) == 0;
      ok = before->same || read_members (doc, length, members, error);
      if (ok && !before->same)
        {
          gboolean same_number = is_same (stmt, 1, &now[NUMBER]);

          before->same_order = same_number && sht_stmt_int (stmt, 2) == members->is_open && is_same (stmt, 3, &now[DUE_AT])
                               && is_same (stmt, 9, &now[PLACE]);
          before->same_words = same_number && is_same (stmt, 4, &now[TITLE]) && is_same (stmt, 5, &now[ADDRESS])
                               && is_same (stmt, 6, &now[LAT_E7]) && is_same (stmt, 7, &now[LON_E7])
                               && has_description (old, old_length, &now[DESCRIPTION]);
        }
    }
  else
    ok = read_members (doc, length, members, error);
  return sht_stmt_end (stmt, ok ? error : NULL) && ok;
}

#define BOUND(member) members.text[member].at, members.text[member].length

static gboolean
put_ticket (ShtStore *store, const char *id, const char *doc, gsize length, guint64 scope_bit, gint64 generation,
            GError **error)
{
  g_auto (Members) members = { 0 };
  gint64 scopes, gen;
  Before before;

  if (!look_before (store, id, doc, length, &members, &before, error))
    return FALSE;
  /* A new row lies behind those that are indexed by words and place; the indexer will come to it. */
  if (before.row == 0)
    return sht_db_run (store->db, error,
                       "INSERT INTO ticket (id, number, status, open, title, address, service, department, crew, lat_e7,"
                       " lon_e7, due_at, created_at, updated_at, scopes, gen, doc, place) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
                       " ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
                       "sttittttttttttiitt", id, BOUND (NUMBER), BOUND (STATUS), members.is_open, BOUND (TITLE),
                       BOUND (ADDRESS), BOUND (SERVICE), BOUND (DEPARTMENT), BOUND (CREW), BOUND (LAT_E7), BOUND (LON_E7),
                       BOUND (DUE_AT), BOUND (CREATED_AT), BOUND (UPDATED_AT), (gint64) scope_bit, generation, doc, length, BOUND (PLACE))
           && sht_store_add_fact (store, sqlite3_last_insert_rowid (sht_db_handle (store->db)), members.of, error);
  scopes = before.gen < generation ? (gint64) scope_bit : before.scopes | (gint64) scope_bit;
  gen = MAX (before.gen, generation);
  if (before.same)
    return (scopes == before.scopes && gen == before.gen)
           || sht_db_run (store->db, error, "UPDATE ticket SET scopes = ?1, gen = ?2 WHERE row = ?3", "iii", scopes, gen, before.row);
  /* What no index holds; SQLite rewrites the entries of an index whenever one of its columns is named. */
  if (!sht_db_run (store->db, error,
                   "UPDATE ticket SET status = ?1, title = ?2, address = ?3, service = ?4, department = ?5, crew = ?6,"
                   " lat_e7 = ?7, lon_e7 = ?8, created_at = ?9, updated_at = ?10, scopes = ?11, gen = ?12, doc = ?13"
                   " WHERE row = ?14",
                   "ttttttttttiiti", BOUND (STATUS), BOUND (TITLE), BOUND (ADDRESS), BOUND (SERVICE), BOUND (DEPARTMENT),
                   BOUND (CREW), BOUND (LAT_E7), BOUND (LON_E7), BOUND (CREATED_AT), BOUND (UPDATED_AT), scopes, gen, doc, length,
                   before.row))
    return FALSE;
  if (!sht_store_renew_fact (store, before.row, members.of, error))
    return FALSE;
  if (!before.same_order
      && !sht_db_run (store->db, error, "UPDATE ticket SET number = ?1, open = ?2, due_at = ?3, place = ?4 WHERE row = ?5",
                      "titti", BOUND (NUMBER), members.is_open, BOUND (DUE_AT), BOUND (PLACE), before.row))
    return FALSE;
  return before.same_words || sht_store_reindex (store, before.row, error);
}

static gboolean
put_stub (ShtStore *store, const char *id, const char *doc, gsize length, gint64 generation, GError **error)
{
  enum { STUB_SERVICE, STUB_STATUS, STUB_LAT_E7, STUB_LON_E7, N };
  static const ShtJsonName names[N] = { SHT_JSON_NAME ("service"), SHT_JSON_NAME ("status"), SHT_JSON_NAME ("lat_e7"),
                                        SHT_JSON_NAME ("lon_e7") };
  ShtJsonSlice values[N];
  Text of[N];
  gboolean ok;

  if (!sht_json_guard_members (doc, length, SHT_JSON_MAX_DEPTH, names, N, values, error))
    return FALSE;
  for (guint i = 0; i < N; i++)
    of[i] = text_of (values[i]);
#define OF(member) of[member].at, of[member].length
  ok = sht_db_run (store->db, error,
                   "UPDATE stub SET service = ?2, status = ?3, lat_e7 = ?4, lon_e7 = ?5, gen = ?6, doc = ?7 WHERE id = ?1",
                   "sttttit", id, OF (STUB_SERVICE), OF (STUB_STATUS), OF (STUB_LAT_E7), OF (STUB_LON_E7), generation, doc, length)
       && (sht_db_changes (store->db) > 0
           || sht_db_run (store->db, error,
                          "INSERT INTO stub (id, service, status, lat_e7, lon_e7, gen, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                          "sttttit", id, OF (STUB_SERVICE), OF (STUB_STATUS), OF (STUB_LAT_E7), OF (STUB_LON_E7), generation,
                          doc, length));
#undef OF
  for (guint i = 0; i < N; i++)
    g_free (of[i].own);
  return ok;
}

/**
 * sht_store_show_ticket:
 * @doc: the ticket as it is to be seen
 *
 * Writes the visible row of a ticket, with what is found by text and position, leaving its scopes as
 * they are.
 */
gboolean
sht_store_show_ticket (ShtStore *store, const char *id, const char *doc, GError **error)
{
  gsize length = strlen (doc);
  g_autofree char *own = NULL;
  const char *closed = sht_store_close_doc (store, doc, &length, &own, error);

  return closed != NULL && put_ticket (store, id, closed, length, 0, 0, error);
}

static gboolean
put_photo (ShtStore *store, const char *id, const char *doc, gsize length, GError **error)
{
  enum { TICKET, SHA256, SOURCE_SHA256, N };
  static const ShtJsonName names[N] = { SHT_JSON_NAME ("ticket"), SHT_JSON_NAME ("sha256"), SHT_JSON_NAME ("source_sha256") };
  ShtJsonSlice values[N];
  g_autofree char *ticket = NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *source = NULL;

  if (!sht_json_guard_members (doc, length, SHT_JSON_MAX_DEPTH, names, N, values, error))
    return FALSE;
  ticket = sht_json_slice_string (values[TICKET]);
  sha256 = sht_json_slice_string (values[SHA256]);
  source = sht_json_slice_string (values[SOURCE_SHA256]);
  /* It hangs on the same ticket as before, if it was there; and then no index has to be written. */
  if (!sht_db_run (store->db, error, "UPDATE photo SET sha256 = ?3, source_sha256 = ?4, doc = ?5 WHERE id = ?1 AND ticket = ?2",
                   "sssst", id, ticket, sha256, source, doc, length))
    return FALSE;
  return sht_db_changes (store->db) > 0
         || sht_db_run (store->db, error,
                        "INSERT INTO photo (id, ticket, sha256, source_sha256, doc) VALUES (?1, ?2, ?3, ?4, ?5)"
                        " ON CONFLICT (id) DO UPDATE SET ticket = ?2, sha256 = ?3, source_sha256 = ?4, doc = ?5",
                        "sssst", id, ticket, sha256, source, doc, length);
}

/* The hub's word about one that could not be had is a reason to ask for it again, and be it the same word: a hub that was
 * restored says it when it has the note again. */
static gboolean
put_voice (ShtStore *store, const char *doc, gsize length, GError **error)
{
  return sht_db_run (store->db, error,
                     "INSERT INTO voice (id, ticket, sha256, doc) VALUES (?1 ->> 'id', ?1 ->> 'ticket', ?1 ->> 'sha256', ?1)"
                     " ON CONFLICT (id) DO UPDATE SET ticket = excluded.ticket, sha256 = excluded.sha256,"
                     " fetched = iif (fetched = 2, 0, fetched),"
                     " doc = excluded.doc",
                     "t", doc, length);
}

static gboolean
skip (const char **at, const char *end, const char *what, gsize length)
{
  if ((gsize) (end - *at) < length || memcmp (*at, what, length) != 0)
    return FALSE;
  *at += length;
  return TRUE;
}

/* What an event hangs on, when it is told right behind the id, where our hub puts it; else empty. */
static void
parent_behind_id (const char *id, const char *doc, gsize length, char parent[SHT_ID_LENGTH + 1])
{
  static const char before[] = "{\"t\":\"event\",\"id\":\"", between[] = "\",\"ticket\":\"";
  const char *at = doc, *end = doc + length;

  parent[0] = '\0';
  if (skip (&at, end, before, strlen (before)) && skip (&at, end, id, strlen (id))
      && skip (&at, end, between, strlen (between)) && end - at > SHT_ID_LENGTH && at[SHT_ID_LENGTH] == '"')
    {
      memcpy (parent, at, SHT_ID_LENGTH);
      parent[SHT_ID_LENGTH] = '\0';
    }
}

/* What two indexes of events go by: 1 where a conflict waits for a word, 2 for work on what had been taken away. */
static gint64
mark_of_event (guint marks)
{
  return ((marks & SHT_DOC_MARK_UNDECIDED) != 0) + 2 * ((marks & SHT_DOC_MARK_CONTRIBUTION) != 0);
}

/* A conflict of this tablet's that somebody has decided, here or elsewhere, waits for nobody any more. An event's id is its
 * operation's. */
static gboolean
note_decided (ShtStore *store, const char *op, guint marks, GError **error)
{
  if ((marks & SHT_DOC_MARK_CONFLICTS) == 0 || (marks & SHT_DOC_MARK_UNDECIDED) != 0)
    return TRUE;
  return sht_db_run (store->db, error, "UPDATE op SET state = 2 WHERE op = ?1 AND state = 3", "s", op);
}

/* What has come before comes again, and is not written again. */
static gboolean
write_event (ShtStore *store, const char *id, const char *parent, const char *doc, gsize length, gint64 mark, GError **error)
{
  return sht_db_run (store->db, error,
                     "INSERT INTO event (id, parent, doc, mark) VALUES (?1, ?2, ?3, ?4)"
                     " ON CONFLICT (parent, id) DO UPDATE SET doc = ?3, mark = ?4 WHERE doc <> ?3",
                     "ssti", id, parent, doc, length, mark);
}

static gboolean
put_event (ShtStore *store, const char *id, const char *doc, gsize length, GError **error)
{
  char parent[SHT_ID_LENGTH + 1];
  g_autofree char *ticket = NULL;
  guint marks = sht_doc_marks (doc, length);
  gint64 mark = mark_of_event (marks);

  /* Most rows of a first fill are events: SQLite need not read them as JSON. */
  parent_behind_id (id, doc, length, parent);
  if (sht_id_is_valid (parent))
    return write_event (store, id, parent, doc, length, mark, error)
           && ((marks & SHT_DOC_MARK_NOTE) == 0 || sht_store_reindex_notes (store, parent, error)) && note_decided (store, id, marks, error);
  if (!sht_db_run (store->db, error,
                   "INSERT OR REPLACE INTO event (id, parent, doc, mark) VALUES (?1 ->> 'id',"
                   " coalesce (?1 ->> 'ticket', ?1 ->> 'place'), ?1, ?2)",
                   "ti", doc, length, mark))
    return FALSE;
  ticket = sht_json_read_member (doc, (gssize) length, "ticket");
  return ((marks & SHT_DOC_MARK_NOTE) == 0 || sht_store_reindex_notes (store, ticket, error)) && note_decided (store, id, marks, error);
}

/**
 * sht_store_put_line:
 * @type: the entity's type
 * @id: its id
 * @line: the entity as the hub wrote it
 * @length: its length in bytes
 * @scope_bit: the bit of the scope that it came in, 0 when it came in none
 * @generation: the running resync's number
 *
 * Writes what the hub said as what is seen. To be called inside a transaction, and only for entities on
 * which nothing waits to be sent; for those, see sht_store_set_base().
 */
gboolean
sht_store_put_line (ShtStore *store, const char *type, const char *id, const char *line, gsize length,
                    guint64 scope_bit, gint64 generation, GError **error)
{
  g_autofree char *own = NULL;

  line = sht_store_close_doc (store, line, &length, &own, error);
  if (line == NULL)
    return FALSE;
  if (strcmp (type, "event") == 0)
    return put_event (store, id, line, length, error);
  if (strcmp (type, "ticket") == 0)
    return put_ticket (store, id, line, length, scope_bit, generation, error);
  if (strcmp (type, "photo") == 0)
    return put_photo (store, id, line, length, error);
  if (strcmp (type, "voice") == 0)
    return put_voice (store, line, length, error);
  if (strcmp (type, "obstacle") == 0)
    return sht_store_put_obstacle (store, id, line, length, scope_bit, generation, error);
  if (strcmp (type, "place") == 0)
    return sht_store_put_place (store, id, line, length, generation, error);
  if (strcmp (type, "position") == 0)
    return sht_store_put_position (store, id, line, length, generation, error);
  if (strcmp (type, "stub") == 0)
    return put_stub (store, id, line, length, generation, error);
  if (strcmp (type, "calendar") == 0 || strcmp (type, "department") == 0)
    sht_store_forget_town (store);
  return sht_db_run (store->db, error, "INSERT OR REPLACE INTO entity (type, id, gen, doc) VALUES (?1, ?2, ?3, ?4)",
                     "ssit", type, id, generation, line, length);
}
