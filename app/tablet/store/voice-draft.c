/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "platform/durable.h"
#include "platform/voice.h"

#include <glib/gstdio.h>
#include <string.h>

/* A recording is written to its file as it is spoken, one for each ticket, so that it outlives the program. */
#define FOLDER "voice"
#define SUFFIX ".ogg"
/* For as long as a discarded one may be wanted back. */
#define DISCARDED ".discarded"
/* So long after the last was written to it, somebody may still have it before them. */
#define IN_HAND_S 120

static char *
path_of (ShtStore *store, const char *ticket, const char *suffix)
{
  g_autofree char *name = g_strconcat (ticket, suffix, NULL);

  return g_build_filename (store->folder, FOLDER, name, NULL);
}

/**
 * sht_voice_draft_path:
 * @ticket: a ticket's UUID
 *
 * Returns: (transfer full) (nullable): where a recording for it lies until it is kept or discarded, in a folder that is
 *   there; %NULL with an error
 */
char *
sht_voice_draft_path (ShtStore *store, const char *ticket, GError **error)
{
  g_autofree char *folder = g_build_filename (store->folder, FOLDER, NULL);

  return sht_durable_mkdir (folder, error) ? path_of (store, ticket, SUFFIX) : NULL;
}

/* What is whole of a recording. */
static GBytes *
read_whole (const char *path, ShtVoiceInfo *info)
{
  char *data = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &data, &length, NULL))
    return NULL;
  if (!sht_voice_read ((const guint8 *) data, length, NULL, NULL, info, NULL))
    {
      g_free (data);
      return NULL;
    }
  return g_bytes_new_take (data, info->whole);
}

/* A program that was killed between the keeping of a recording and the removing of its file has kept it. */
static gboolean
is_kept (ShtStore *store, const char *ticket, GBytes *whole)
{
  gsize length;
  const void *data = g_bytes_get_data (whole, &length);
  g_autofree char *sha256 = sht_sha256_of_bytes (data, length);
  gint64 kept = 0;

  return sht_db_get_int (store->db, &kept, NULL, "SELECT count(*) FROM voice WHERE ticket = ?1 AND sha256 = ?2", "ss",
                         ticket, sha256)
         && kept > 0;
}

/**
 * sht_voice_draft_find:
 *
 * Returns: how long a recording plays that was made for a ticket and neither kept nor discarded, in milliseconds; 0 when
 *   there is none
 */
gint64
sht_voice_draft_find (ShtStore *store, const char *ticket)
{
  g_autofree char *path = path_of (store, ticket, SUFFIX);
  ShtVoiceInfo info;
  g_autoptr (GBytes) whole = read_whole (path, &info);

  return whole != NULL && !is_kept (store, ticket, whole) ? info.duration_ms : 0;
}

static gboolean
has_left (ShtStore *store, const char *ticket)
{
  gint64 there = 1;

  return sht_db_get_int (store->db, &there, NULL, "SELECT count(*) FROM ticket WHERE id = ?1", "s", ticket) && there == 0;
}

/**
 * sht_voice_draft_keep:
 * @already: (out): whether the same hangs on the ticket already
 *
 * Adds the recording to its ticket as a voice note; see sht_store_add_voice(). What a ticket had that has left was kept then.
 */
gboolean
sht_voice_draft_keep (ShtStore *store, const char *ticket, gboolean *already, GError **error)
{
  g_autofree char *path = path_of (store, ticket, SUFFIX);
  g_autoptr (GBytes) recording = NULL;
  char *data = NULL;
  gsize length = 0;

  if (has_left (store, ticket))
    {
      g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "there is no ticket %s on this tablet", ticket);
      return FALSE;
    }
  if (!g_file_get_contents (path, &data, &length, error))
    return FALSE;
  recording = g_bytes_new_take (data, length);
  if (!sht_store_add_voice (store, ticket, recording, already, error))
    return FALSE;
  g_unlink (path);
  return TRUE;
}

/* It is being made, or was a moment ago. A file's times are the wall clock's, which may have been set since. */
static gboolean
is_in_hand (const char *path)
{
  GStatBuf found;

  return g_stat (path, &found) == 0 && ABS (g_get_real_time () / G_USEC_PER_SEC - (gint64) found.st_mtime) < IN_HAND_S;
}

/**
 * sht_voice_draft_leave_inside:
 * @waits: (out): whether the ticket has to wait for it: somebody is recording, or the recording finds no room
 *
 * Makes a voice note of the recording of a ticket that leaves, inside the caller's transaction. Where none is, nothing
 * happens. The file goes as those of all tickets that have left.
 */
gboolean
sht_voice_draft_leave_inside (ShtStore *store, const char *ticket, gboolean *waits, GError **error)
{
  g_autofree char *path = path_of (store, ticket, SUFFIX);
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GError) local_error = NULL;
  ShtVoiceInfo info;
  gboolean already;

  *waits = FALSE;
  whole = read_whole (path, &info);
  if (whole != NULL && is_kept (store, ticket, whole))
    return TRUE;
  *waits = is_in_hand (path);
  if (*waits || whole == NULL || sht_store_add_voice_inside (store, ticket, whole, &already, &local_error)
      || g_error_matches (local_error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED))
    return TRUE;
  if (local_error->domain == SHT_DB_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_message ("voice note: of a ticket that leaves: %s", local_error->message);
  *waits = TRUE;
  return TRUE;
}

/**
 * sht_voice_draft_discard:
 *
 * Takes the recording away; sht_voice_draft_bring_back() undoes that until another is discarded or the window closes.
 */
void
sht_voice_draft_discard (ShtStore *store, const char *ticket)
{
  g_autofree char *path = path_of (store, ticket, SUFFIX);
  g_autofree char *discarded = path_of (store, ticket, DISCARDED);

  g_rename (path, discarded);
}

/**
 * sht_voice_draft_bring_back:
 *
 * Returns: whether what was discarded is there again; a newer recording is not overwritten
 */
gboolean
sht_voice_draft_bring_back (ShtStore *store, const char *ticket)
{
  g_autofree char *path = path_of (store, ticket, SUFFIX);
  g_autofree char *discarded = path_of (store, ticket, DISCARDED);

  return sht_voice_draft_find (store, ticket) == 0 && g_rename (discarded, path) == 0;
}

/**
 * sht_voice_draft_clean:
 * @discarded: whether those that were discarded go too
 *
 * Removes the recordings of tickets that are no longer on this tablet.
 */
void
sht_voice_draft_clean (ShtStore *store, gboolean discarded)
{
  g_autofree char *folder = g_build_filename (store->folder, FOLDER, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *ticket = g_strndup (name, strcspn (name, "."));

      if ((discarded && g_str_has_suffix (name, DISCARDED)) || has_left (store, ticket))
        g_unlink (path);
    }
}
