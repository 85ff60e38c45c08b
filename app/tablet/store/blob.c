/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json.h"
#include "platform/durable.h"

void
sht_upload_free (ShtUpload *upload)
{
  g_free (upload->sha256);
  g_free (upload->url);
  g_free (upload->photo);
  g_free (upload);
}

/**
 * sht_store_blob_path:
 * @sha256: 64 hexadecimal digits
 *
 * Returns: (transfer full): where the bytes with that hash lie on this tablet
 */
char *
sht_store_blob_path (ShtStore *store, const char *sha256)
{
  char folder[3] = { sha256[0], sha256[1], '\0' };

  return g_build_filename (store->folder, "photos", folder, sha256, NULL);
}

/**
 * sht_store_keep_blob:
 * @bytes: a photo as it will be sent
 * @sha256: (out) (transfer full): its hash
 *
 * Writes bytes under the name of their hash, durable before this returns.
 */
gboolean
sht_store_keep_blob (ShtStore *store, GBytes *bytes, char **sha256, GError **error)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  g_autofree char *hash = sht_sha256_of_bytes (data, size);
  g_autofree char *path = sht_store_blob_path (store, hash);
  g_autofree char *folder = g_path_get_dirname (path);

  if (!sht_store_has_room_for_photo (store, error) || !sht_durable_mkdir (folder, error) || !sht_durable_write (path, data, size, 0600, error))
    return FALSE;
  *sha256 = g_steal_pointer (&hash);
  return TRUE;
}

static gboolean
queue (ShtStore *store, const char *op, JsonObject *photo, const char *hash_member, const char *size_member,
       gboolean is_thumb, GError **error)
{
  const char *sha256 = sht_json_string (photo, hash_member);

  return sha256 == NULL
         || sht_db_run (store->db, error,
                        "INSERT INTO blob (sha256, photo, op, is_thumb, size) VALUES (?1, ?2, ?3, ?4, ?5)", "sssii",
                        sha256, sht_json_string (photo, "id"), op, (gint64) is_thumb,
                        sht_json_int (photo, size_member, 0));
}

static gboolean
hang (ShtStore *store, ShtKind kind, const char *member, const char *ticket, JsonObject *attached, const char *depends_on,
      GError **error)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (store, kind, ticket);
  g_autofree char *id = sht_store_new_id (store);

  json_object_set_string_member (attached, "id", id);
  json_object_set_object_member (op->fields, member, json_object_ref (attached));
  op->depends_on = g_strdup (depends_on);
  return sht_store_act_inside (store, op, error)
         && queue (store, op->id, attached, "thumb_sha256", "thumb_size", TRUE, error)
         && queue (store, op->id, attached, "sha256", "size", FALSE, error);
}

/**
 * sht_store_attach_inside:
 *
 * Does what sht_store_attach() does, inside the caller's transaction.
 */
gboolean
sht_store_attach_inside (ShtStore *store, const char *ticket, JsonObject *photo, const char *depends_on,
                         gboolean *already, GError **error)
{
  gint64 same = 0, is_obstacle = 0;

  if (!sht_db_get_int (store->db, &same, error,
                       "SELECT count(*) FROM photo WHERE ticket = ?1 AND source_sha256 = ?2", "ss", ticket,
                       sht_json_string (photo, "source_sha256"))
      || !sht_db_get_int (store->db, &is_obstacle, error, "SELECT 1 FROM obstacle WHERE id = ?1", "s", ticket))
    return FALSE;
  *already = same > 0;
  if (*already)
    return TRUE;
  return hang (store, is_obstacle != 0 ? SHT_KIND_OBSTACLE_PHOTO : SHT_KIND_PHOTO_ATTACH, "photo", ticket, photo, depends_on,
               error);
}

/**
 * sht_store_attach:
 * @ticket: a ticket's or an obstacle's UUID
 * @photo: the photo without its `id`, its bytes and thumbnail kept already by sht_store_keep_blob()
 * @depends_on: (nullable): id of an operation that has to be taken in first
 * @already: (out): whether the same source hangs on the ticket already; then nothing is written
 *
 * Attaches a photo: the operation, what is seen, and the bytes to be uploaded, in one transaction.
 */
gboolean
sht_store_attach (ShtStore *store, const char *ticket, JsonObject *photo, const char *depends_on, gboolean *already,
                  GError **error)
{
  if (!sht_db_begin (store->db, error))
    return FALSE;
  if (!sht_store_attach_inside (store, ticket, photo, depends_on, already, error))
    {
      sht_db_rollback (store->db);
      return FALSE;
    }
  return sht_db_commit (store->db, error);
}

/**
 * sht_store_attach_voice_inside:
 *
 * Does what sht_store_attach_voice() does, inside the caller's transaction.
 */
gboolean
sht_store_attach_voice_inside (ShtStore *store, const char *ticket, JsonObject *voice, gboolean *already, GError **error)
{
  const char *sha256 = sht_json_string (voice, "sha256");
  gint64 same = 0;

  if (!sht_db_get_int (store->db, &same, error, "SELECT count(*) FROM voice WHERE ticket = ?1 AND sha256 = ?2", "ss", ticket,
                       sha256))
    return FALSE;
  *already = same > 0;
  return *already
         || (hang (store, SHT_KIND_VOICE_ADD, "voice", ticket, voice, NULL, error)
             && sht_db_run (store->db, error, "UPDATE voice SET fetched = 1 WHERE id = ?1", "s",
                            sht_json_string (voice, "id")));
}

/**
 * sht_store_attach_voice:
 * @ticket: a ticket's UUID
 * @voice: `sha256`, `size` and `duration_ms` of a voice note whose bytes sht_store_keep_blob() has kept already
 * @already: (out): whether the same hangs on the ticket already; then nothing is written
 *
 * Adds a voice note as sht_store_attach() does a photo.
 */
gboolean
sht_store_attach_voice (ShtStore *store, const char *ticket, JsonObject *voice, gboolean *already, GError **error)
{
  if (!sht_store_begin_step (store, error))
    return FALSE;
  if (sht_store_attach_voice_inside (store, ticket, voice, already, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}

/* A hub that has gone back has not said yet in which history it is. Were it to go back once more, nothing would tell that
 * bytes were sent in between. */
static gboolean
is_in_no_history (ShtStore *store)
{
  g_autofree char *history = NULL;

  if (sht_store_get_number (store, "resync", 0) == 0)
    return FALSE;
  history = sht_store_get_text (store, "hub_history");
  return history == NULL;
}

/**
 * sht_store_next_upload:
 * @thumbs: whether a thumbnail is wanted, or a full photo
 *
 * Returns: (transfer full) (nullable): the oldest bytes that wait and whose photo the hub knows already;
 *   %NULL when there are none, while it is not known what the hub knows, or with @error set
 */
ShtUpload *
sht_store_next_upload (ShtStore *store, gboolean thumbs, GError **error)
{
  ShtUpload *upload = NULL;
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT sha256, size, is_thumb, url, photo, (SELECT kind FROM op WHERE op.op = b.op) FROM blob AS b WHERE state < 2 "
                                "AND is_thumb = ?1 AND EXISTS (SELECT 1 FROM op WHERE op.op = b.op AND state = 2) "
                                "ORDER BY n LIMIT 1",
                                "i", (gint64) thumbs);

  if (sht_stmt_step (stmt))
    {
      upload = g_new0 (ShtUpload, 1);
      upload->sha256 = sht_stmt_dup (stmt, 0);
      upload->size = sht_stmt_int (stmt, 1);
      upload->is_thumb = sht_stmt_int (stmt, 2) != 0;
      upload->url = sht_stmt_dup (stmt, 3);
      upload->photo = sht_stmt_dup (stmt, 4);
      upload->is_voice = g_strcmp0 (sht_stmt_text (stmt, 5), sht_kind_name (SHT_KIND_VOICE_ADD)) == 0;
    }
  if (sht_stmt_end (stmt, error) && (upload == NULL || !is_in_no_history (store)))
    return upload;
  g_clear_pointer (&upload, sht_upload_free);
  return NULL;
}

/**
 * sht_store_note_upload:
 * @upload: what is being sent
 * @url: (nullable): where it goes on; %NULL when it has to begin anew
 *
 * After a power cut it may be forgotten: who creates the upload anew is given the same address.
 */
gboolean
sht_store_note_upload (ShtStore *store, const ShtUpload *upload, const char *url, GError **error)
{
  return sht_db_run_lazily (store->db, error,
                            "UPDATE blob SET url = ?3, state = 1 WHERE sha256 = ?1 AND photo = ?2 AND state < 2", "sss",
                            upload->sha256, upload->photo, url);
}

/**
 * sht_store_upload_done:
 *
 * Notes that the hub has verified and kept the bytes, as that photo's. The same picture on another ticket is asked for by itself: the
 * hub may not have heard of it yet, and then does not count these bytes as its own.
 */
gboolean
sht_store_upload_done (ShtStore *store, const ShtUpload *upload, GError **error)
{
  /* An older program gave all of them the same address, where they would be found to have been sent. */
  return sht_db_run (store->db, error,
                     "UPDATE blob SET state = 2, url = NULL WHERE sha256 = ?1 AND photo = ?2 AND state < 2", "ss",
                     upload->sha256, upload->photo)
         && sht_db_run (store->db, error, "UPDATE blob SET url = NULL WHERE sha256 = ?1 AND state < 2", "s", upload->sha256);
}

/**
 * sht_store_upload_refused:
 * @reason: why, in plain English
 *
 * Keeps bytes that the hub will not take, under what needs attention.
 */
gboolean
sht_store_upload_refused (ShtStore *store, const ShtUpload *upload, const char *reason, GError **error)
{
  return sht_db_run (store->db, error,
                     "UPDATE blob SET state = 3, reason = ?3 WHERE sha256 = ?1 AND photo = ?2 AND state < 2", "sss",
                     upload->sha256, upload->photo, reason);
}
