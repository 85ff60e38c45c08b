/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json.h"
#include "platform/durable.h"
#include "platform/voice.h"

#include <string.h>

void
sht_voice_wanted_free (ShtVoiceWanted *wanted)
{
  g_free (wanted->id);
  g_free (wanted->sha256);
  g_free (wanted->history);
  g_free (wanted);
}

static gboolean
refuse (GError **error, ShtStoreError code, const char *why)
{
  g_set_error_literal (error, SHT_STORE_ERROR, code, why);
  return FALSE;
}

/* The bytes of a recording, and what the step will say of it. */
static gboolean
keep_recording (ShtStore *store, GBytes *recording, JsonObject *voice, GError **error)
{
  g_autoptr (GBytes) whole = NULL;
  g_autofree char *sha256 = NULL;
  ShtVoiceInfo info;
  gsize length;
  const guint8 *data = g_bytes_get_data (recording, &length);

  if (length > SHT_VOICE_MAX_BYTES)
    return refuse (error, SHT_STORE_ERROR_REFUSED, "a voice note may have 4 MiB, this has more");
  if (!sht_voice_read (data, length, NULL, NULL, &info, error))
    return FALSE;
  whole = g_bytes_new_from_bytes (recording, 0, info.whole);
  if (!sht_store_keep_blob (store, whole, &sha256, error))
    return FALSE;
  json_object_set_string_member (voice, "sha256", sha256);
  json_object_set_int_member (voice, "size", (gint64) info.whole);
  json_object_set_int_member (voice, "duration_ms", MIN (info.duration_ms, SHT_VOICE_MAX_MS));
  return TRUE;
}

/**
 * sht_store_add_voice:
 * @ticket: a ticket's UUID
 * @recording: Opus in Ogg, perhaps cut off somewhere: what is whole of it is kept
 * @already: (out): whether the same hangs on the ticket already; then nothing is written
 *
 * Adds a voice note: its bytes first, then the step; durable before this returns.
 *
 * Returns: %FALSE with a #ShtVoiceError, %SHT_STORE_ERROR_REFUSED, %SHT_STORE_ERROR_NO_ROOM or another error
 */
gboolean
sht_store_add_voice (ShtStore *store, const char *ticket, GBytes *recording, gboolean *already, GError **error)
{
  g_autoptr (JsonObject) voice = json_object_new ();

  return keep_recording (store, recording, voice, error) && sht_store_attach_voice (store, ticket, voice, already, error);
}

/**
 * sht_store_add_voice_inside:
 *
 * Does what sht_store_add_voice() does, inside the caller's transaction.
 */
gboolean
sht_store_add_voice_inside (ShtStore *store, const char *ticket, GBytes *recording, gboolean *already, GError **error)
{
  g_autoptr (JsonObject) voice = json_object_new ();

  return keep_recording (store, recording, voice, error) && sht_store_attach_voice_inside (store, ticket, voice, already, error);
}

static gboolean
note_here (ShtStore *store, const char *id, GError **error)
{
  return sht_db_run (store->db, error, "UPDATE voice SET fetched = 1 WHERE id = ?1", "s", id);
}

/* Whether the bytes lie here already: another ticket has the same, or it was here before. */
static gboolean
is_here (ShtStore *store, const ShtVoiceWanted *wanted)
{
  g_autofree char *path = sht_store_blob_path (store, wanted->sha256);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
is_sha256 (const char *text)
{
  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

/**
 * sht_store_next_voice:
 *
 * Returns: (transfer full) (nullable): the newest voice note that the hub has and this tablet has not; %NULL when there
 *   is none, or with @error set
 */
ShtVoiceWanted *
sht_store_next_voice (ShtStore *store, GError **error)
{
  for (;;)
    {
      g_autoptr (ShtVoiceWanted) wanted = NULL;
      ShtStmt *stmt = sht_db_query (store->db,
                                    "SELECT id, sha256, doc ->> 'size', doc ->> 'rev', (SELECT value FROM meta WHERE key = "
                                    "'hub_history') FROM voice WHERE fetched = 0 AND doc ->> 'have' "
                                    "ORDER BY id DESC LIMIT 1",
                                    "");

      if (sht_stmt_step (stmt))
        {
          wanted = g_new0 (ShtVoiceWanted, 1);
          wanted->id = sht_stmt_dup (stmt, 0);
          wanted->sha256 = sht_stmt_dup (stmt, 1);
          wanted->size = sht_stmt_int (stmt, 2);
          wanted->rev = sht_stmt_int (stmt, 3);
          wanted->history = sht_stmt_dup (stmt, 4);
        }
      if (!sht_stmt_end (stmt, error) || wanted == NULL)
        return NULL;
      if (!is_sha256 (wanted->sha256) || wanted->size <= 0 || wanted->size > SHT_VOICE_MAX_BYTES)
        {
          if (!sht_store_give_voice_up (store, wanted, error))
            return NULL;
        }
      else if (!is_here (store, wanted))
        return g_steal_pointer (&wanted);
      else if (!note_here (store, wanted->id, error))
        return NULL;
    }
}

/**
 * sht_store_take_voice:
 * @bytes: what the hub gave for it
 *
 * Keeps another tablet's voice note, durable before this returns. Other bytes than were announced, or such as are no
 * voice note, are not kept, and not asked for again until the hub says something new about it.
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_MALFORMED, %SHT_STORE_ERROR_NO_ROOM or another error
 */
gboolean
sht_store_take_voice (ShtStore *store, const ShtVoiceWanted *wanted, GBytes *bytes, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree char *sha256 = NULL;
  ShtVoiceInfo info;
  gint64 there = 0;

  /* It has left with its ticket while it was on its way. */
  if (!sht_db_get_int (store->db, &there, error, "SELECT 1 FROM voice WHERE id = ?1", "s", wanted->id))
    return FALSE;
  if (there == 0)
    return TRUE;
  if ((gint64) length == wanted->size)
    sha256 = sht_sha256_of_bytes (data, length);
  if (g_strcmp0 (sha256, wanted->sha256) != 0 || !sht_voice_read (data, length, NULL, NULL, &info, NULL))
    return sht_store_give_voice_up (store, wanted, error)
           && refuse (error, SHT_STORE_ERROR_MALFORMED, "the hub gave other bytes than those of the voice note");
  g_clear_pointer (&sha256, g_free);
  return sht_store_keep_blob (store, bytes, &sha256, error) && note_here (store, wanted->id, error);
}

/**
 * sht_store_give_voice_up:
 *
 * Notes that a voice note cannot be had as things stood when it was asked for; what the hub has told of it since counts more
 * than an answer that was late.
 */
gboolean
sht_store_give_voice_up (ShtStore *store, const ShtVoiceWanted *wanted, GError **error)
{
  return sht_db_run (store->db, error,
                     "UPDATE voice SET fetched = 2 WHERE id = ?1 AND coalesce (doc ->> 'rev', 0) = ?2 "
                     "AND (SELECT value FROM meta WHERE key = 'hub_history') IS ?3",
                     "sis", wanted->id, wanted->rev, wanted->history);
}

/**
 * sht_store_read_voice:
 * @id: a voice note's
 *
 * Returns: (transfer full) (nullable): its bytes, or %NULL with %SHT_STORE_ERROR_NOT_FOUND when they are not here
 */
GBytes *
sht_store_read_voice (ShtStore *store, const char *id, GError **error)
{
  g_autofree char *sha256 = sht_db_get_text (store->db, NULL, "SELECT sha256 FROM voice WHERE id = ?1", "s", id);
  g_autofree char *path = is_sha256 (sha256) ? sht_store_blob_path (store, sha256) : NULL;
  char *data = NULL;
  gsize length = 0;

  if (path != NULL && g_file_get_contents (path, &data, &length, NULL))
    return g_bytes_new_take (data, length);
  g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "the voice note is not on this tablet yet");
  return NULL;
}
