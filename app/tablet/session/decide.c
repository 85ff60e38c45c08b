/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/session/session.h"

/* --- notes, and steps back --- */

typedef struct
{
  char *ticket;
  char *text;
} Said;

static void
said_free (gpointer data)
{
  Said *said = data;

  g_free (said->ticket);
  g_free (said->text);
  g_free (said);
}

static gboolean
note (ShtStore *store, gpointer data, GError **error)
{
  Said *said = data;

  return sht_store_note (store, said->ticket, said->text, error);
}

void
sht_session_note_async (ShtSession *self, const char *ticket, const char *text, GAsyncReadyCallback callback,
                        gpointer data)
{
  Said *said = g_new0 (Said, 1);

  said->ticket = g_strdup (ticket);
  said->text = g_strdup (text);
  sht_session_do_async (self, note, said, said_free, callback, data);
}

static gboolean
undo (ShtStore *store, gpointer data, GError **error)
{
  gboolean withdrawn;

  return sht_store_undo (store, data, &withdrawn, error);
}

/**
 * sht_session_undo_async:
 * @op: id of an operation that was done here
 *
 * Takes a step back: as if it had not been taken where it has not been sent yet, else by another step.
 */
void
sht_session_undo_async (ShtSession *self, const char *op, GAsyncReadyCallback callback, gpointer data)
{
  sht_session_do_async (self, undo, g_strdup (op), g_free, callback, data);
}

/* --- a person's word about what the hub could not take, and about what happened meanwhile --- */

typedef struct
{
  char *id;
  char *field; /* (nullable) */
  gboolean keep_mine;
} Word;

static void
word_free (gpointer data)
{
  Word *word = data;

  g_free (word->id);
  g_free (word->field);
  g_free (word);
}

static gboolean
resolve (ShtStore *store, gpointer data, GError **error)
{
  Word *word = data;

  return sht_store_resolve (store, word->id, word->field, word->keep_mine, error);
}

static gboolean
take_back (ShtStore *store, gpointer data, GError **error)
{
  Word *word = data;

  return sht_store_take_back_decision (store, word->id, word->field, error);
}

/**
 * sht_session_resolve_async:
 * @id: the operation's id, or the refused photo's
 * @field: (nullable): which field of a conflict
 * @keep_mine: whether what was said here shall stand; what was rejected is then sent anew
 *
 * Decides about one row of sht_store_attention().
 */
void
sht_session_resolve_async (ShtSession *self, const char *id, const char *field, gboolean keep_mine,
                           GAsyncReadyCallback callback, gpointer data)
{
  Word *word = g_new0 (Word, 1);

  word->id = g_strdup (id);
  word->field = g_strdup (field);
  word->keep_mine = keep_mine;
  sht_session_do_async (self, resolve, word, word_free, callback, data);
}

/**
 * sht_session_take_back_async:
 * @id: as sht_session_resolve_async() had it
 * @field: (nullable): likewise
 *
 * Takes such a decision back.
 */
void
sht_session_take_back_async (ShtSession *self, const char *id, const char *field, GAsyncReadyCallback callback,
                             gpointer data)
{
  Word *word = g_new0 (Word, 1);

  word->id = g_strdup (id);
  word->field = g_strdup (field);
  sht_session_do_async (self, take_back, word, word_free, callback, data);
}

static gboolean
seen (ShtStore *store, gpointer data, GError **error)
{
  return sht_store_away_seen (store, error);
}

/**
 * sht_session_away_seen_async:
 *
 * Notes that the person has seen what happened while they were away.
 */
void
sht_session_away_seen_async (ShtSession *self, GAsyncReadyCallback callback, gpointer data)
{
  sht_session_do_async (self, seen, NULL, NULL, callback, data);
}
