/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/protocol.h"
#include "platform/durable.h"
#include "platform/hash-folder.h"
#include "platform/voice.h"

#include <string.h>
#include <sys/stat.h>

/**
 * sht_hub_photo_path:
 * @sha256: 64 hexadecimal digits
 *
 * Returns: (transfer full): where the hub keeps the bytes with that hash
 */
char *
sht_hub_photo_path (ShtHub *hub, const char *sha256)
{
  char folder[3] = { sha256[0], sha256[1], '\0' };

  return g_build_filename (hub->folder, "photos", folder, sha256, NULL);
}

char *
sht_hub_uploads_folder (ShtHub *hub)
{
  return g_build_filename (hub->folder, "uploads", NULL);
}



static gboolean
collect (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  JsonObject *object = sht_json_parse_object (doc, -1, NULL);

  if (object != NULL)
    g_ptr_array_add (data, object);
  return TRUE;
}

static GPtrArray *
photos_with (ShtHub *hub, const char *sha256, GError **error)
{
  g_autoptr (GPtrArray) docs = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  if (!hub->store->driver->find_photos_by_hash (hub->store, sha256, collect, docs, error))
    return NULL;
  return g_steal_pointer (&docs);
}

/**
 * sht_hub_fits_bytes:
 * @attached: a photo or voice note
 * @path: (nullable): where its bytes lie, %NULL for their lasting place
 *
 * Looks at how a voice note's bytes begin; a photo's are not looked at, nothing is decoded.
 *
 * Returns: whether the bytes can be what they were announced as
 */
gboolean
sht_hub_fits_bytes (ShtHub *hub, JsonObject *attached, const char *path)
{
  g_autofree char *lasting = NULL;

  if (g_strcmp0 (sht_json_string (attached, "t"), "voice") != 0)
    return TRUE;
  if (path == NULL && hub->folder != NULL)
    path = lasting = sht_hub_photo_path (hub, sht_json_string (attached, "sha256"));
  return path != NULL && sht_voice_is_file (path);
}

/**
 * sht_hub_shares_photo:
 * @holds: (out): whether the hub holds these bytes, and the device has a ticket that carries them
 */
gboolean
sht_hub_shares_photo (ShtHub *hub, const ShtHubDevice *device, const char *sha256, gboolean *holds, GError **error)
{
  g_autoptr (GPtrArray) docs = photos_with (hub, sha256, error);
  g_autoptr (GError) local_error = NULL;
  gboolean now, ever;

  *holds = FALSE;
  for (guint i = 0; docs != NULL && !*holds && i < docs->len; i++)
    {
      JsonObject *photo = g_ptr_array_index (docs, i);

      *holds = sht_json_bool (photo, "have") && g_strcmp0 (sht_json_string (photo, "sha256"), sha256) == 0
               && sht_hub_device_holds (hub, device, sht_json_string (photo, "ticket"), &now, &ever, &local_error) && now;
    }
  if (local_error == NULL)
    return docs != NULL;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Whether these bytes have come for this photo, from somebody who had its ticket: as its own, or as its thumbnail. */
static gboolean
has_come (ShtHub *hub, JsonObject *photo, const char *sha256, gboolean *come, GError **error)
{
  *come = sht_json_bool (photo, "have") && g_strcmp0 (sht_json_string (photo, "sha256"), sha256) == 0;
  return *come || g_strcmp0 (sht_json_string (photo, "thumb_sha256"), sha256) != 0
         || hub->store->driver->has_thumbnail (hub->store, sht_json_string (photo, "id"), come, error);
}

/**
 * sht_hub_may_see_photo:
 * @sha256: hash of a photo or of its thumbnail
 *
 * Knowing a hash grants nothing: the device has to hold a ticket that carries the photo.
 *
 * Returns: %FALSE with %SHT_HUB_ERROR_NOT_FOUND
 */
gboolean
sht_hub_may_see_photo (ShtHub *hub, const ShtHubDevice *device, const char *sha256, GError **error)
{
  g_autoptr (GPtrArray) docs = photos_with (hub, sha256, error);
  g_autoptr (GError) local_error = NULL;
  gboolean come, now, ever;

  for (guint i = 0; docs != NULL && local_error == NULL && i < docs->len; i++)
    {
      JsonObject *photo = g_ptr_array_index (docs, i);

      /* A photo that was announced and never came shows nothing that somebody else sent. */
      if (has_come (hub, photo, sha256, &come, &local_error) && come
          && sht_hub_device_holds (hub, device, sht_json_string (photo, "ticket"), &now, &ever, &local_error) && now)
        return TRUE;
    }
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (docs != NULL)
    g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND, "there is no such photo for this tablet");
  return FALSE;
}

/* Whether these bytes have come for all photos that need them and whose tickets the device has, or once had. */
static gboolean
have_all_come (ShtHub *hub, const ShtHubDevice *device, GPtrArray *docs, const char *sha256, gboolean *all, GError **error)
{
  gboolean come, now, ever;

  *all = TRUE;
  for (guint i = 0; *all && i < docs->len; i++)
    {
      JsonObject *photo = g_ptr_array_index (docs, i);

      if (!has_come (hub, photo, sha256, &come, error)
          || !sht_hub_device_holds (hub, device, sht_json_string (photo, "ticket"), &now, &ever, error))
        return FALSE;
      *all = come || !ever;
    }
  return TRUE;
}

/**
 * sht_hub_may_upload:
 * @size: how many bytes are announced
 * @already: (out): whether they have come already, so that none need come
 *
 * An upload is taken for a photo that was attached before, with the size that was told then, from a
 * tablet that has, or once had, its ticket.
 *
 * Returns: %FALSE with %SHT_HUB_ERROR_NOT_FOUND or %SHT_HUB_ERROR_BAD_REQUEST
 */
gboolean
sht_hub_may_upload (ShtHub *hub, const ShtHubDevice *device, const char *sha256, gint64 size, gboolean *already,
                    GError **error)
{
  g_autoptr (GPtrArray) docs = photos_with (hub, sha256, error);
  gint64 held;

  *already = FALSE;
  if (docs == NULL)
    return FALSE;
  for (guint i = 0; i < docs->len; i++)
    {
      JsonObject *photo = g_ptr_array_index (docs, i);
      gboolean is_thumb = g_strcmp0 (sht_json_string (photo, "thumb_sha256"), sha256) == 0;
      gboolean now, ever;

      if (!sht_hub_device_holds (hub, device, sht_json_string (photo, "ticket"), &now, &ever, error))
        return FALSE;
      if (!ever)
        continue;
      if (sht_json_int (photo, is_thumb ? "thumb_size" : "size", -1) != size)
        {
          g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST,
                               "the photo was announced with another size");
          return FALSE;
        }
      if (!hub->store->driver->get_blob (hub->store, sha256, &held, error))
        return FALSE;
      *already = held == size;
      return !*already || have_all_come (hub, device, docs, sha256, already, error);
    }
  g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND,
                       "no photo with this hash was attached by this tablet");
  return FALSE;
}

/* Whether nothing that this device has announced can have these bytes. */
static gboolean
fits_nothing (ShtHub *hub, const ShtHubDevice *device, GPtrArray *docs, const char *path, gboolean *nothing, GError **error)
{
  gboolean now, ever;

  *nothing = FALSE;
  for (guint i = 0; i < docs->len; i++)
    {
      JsonObject *attached = g_ptr_array_index (docs, i);

      if (!sht_hub_device_holds (hub, device, sht_json_string (attached, "ticket"), &now, &ever, error))
        return FALSE;
      if (!ever)
        continue;
      *nothing = !sht_hub_fits_bytes (hub, attached, path);
      if (!*nothing)
        return TRUE;
    }
  return TRUE;
}

static gboolean
check_bytes (ShtHub *hub, const ShtHubDevice *device, const char *sha256, const char *path, GError **error)
{
  g_autoptr (GPtrArray) docs = photos_with (hub, sha256, error);
  gboolean nothing;

  if (docs == NULL || !fits_nothing (hub, device, docs, path, &nothing, error))
    return FALSE;
  if (nothing)
    g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_UNSUPPORTED, "these bytes are not a voice note, Opus in Ogg");
  return !nothing;
}

static gboolean
note_have (ShtHub *hub, const ShtHubDevice *device, const char *sha256, GPtrArray *docs, gboolean *logged, GError **error)
{
  for (guint i = 0; i < docs->len; i++)
    {
      JsonObject *photo = g_ptr_array_index (docs, i);
      gboolean now, ever;
      gint64 number;

      if (g_strcmp0 (sht_json_string (photo, "sha256"), sha256) != 0 || sht_json_bool (photo, "have"))
        continue;
      /* Who announced the same bytes elsewhere has to show that they have them. */
      if (!sht_hub_device_holds (hub, device, sht_json_string (photo, "ticket"), &now, &ever, error))
        return FALSE;
      if (!ever || !sht_hub_fits_bytes (hub, photo, NULL))
        continue;
      json_object_set_boolean_member (photo, "have", TRUE);
      *logged = TRUE;
      if (!sht_hub_next_number (hub, sht_json_string (photo, "t"), sht_json_string (photo, "id"), NULL, device->id, &number, error)
          || !sht_hub_put_child (hub, photo, number, NULL, error)
          || !sht_hub_touch_parent (hub, sht_json_string (photo, "ticket"), number, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
note_thumbnails (ShtHub *hub, const ShtHubDevice *device, const char *sha256, GPtrArray *docs, GError **error)
{
  for (guint i = 0; i < docs->len; i++)
    {
      JsonObject *photo = g_ptr_array_index (docs, i);
      gboolean now, ever;

      if (g_strcmp0 (sht_json_string (photo, "thumb_sha256"), sha256) == 0
          && (!sht_hub_device_holds (hub, device, sht_json_string (photo, "ticket"), &now, &ever, error)
              || (ever && !hub->store->driver->put_thumbnail (hub->store, sht_json_string (photo, "id"), error))))
        return FALSE;
    }
  return TRUE;
}

static gboolean
record_blob (ShtHub *hub, const ShtHubDevice *device, const char *sha256, gint64 size, GError **error)
{
  g_autoptr (GPtrArray) docs = NULL;
  gboolean logged = FALSE;
  gint64 number;

  if (!hub->store->driver->begin (hub->store, TRUE, error))
    return FALSE;
  docs = photos_with (hub, sha256, error);
  if (docs == NULL
      || !hub->store->driver->put_blob (hub->store, sha256, size, sht_hub_now (hub), error)
      || !note_have (hub, device, sha256, docs, &logged, error)
      || !note_thumbnails (hub, device, sha256, docs, error)
      /* A thumbnail has its number too, so that a backup through a number holds all bytes that came before. */
      || (!logged && !sht_hub_next_number (hub, "blob", sha256, NULL, device->id, &number, error)))
    {
      hub->store->driver->rollback (hub->store);
      return FALSE;
    }
  return hub->store->driver->commit (hub->store, error);
}

/* A file that has gone to its lasting name already was renamed by an attempt that failed behind that: at the folder's sync, or
 * in the database. */
static gboolean
give_lasting_name (const char *path, const char *lasting, const char *folder, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS) && g_file_test (lasting, G_FILE_TEST_EXISTS))
    return sht_durable_sync_folder (folder, error);
  return sht_durable_rename (path, lasting, error);
}

/**
 * sht_hub_take_photo:
 * @sha256: the hash that was verified
 * @path: the uploaded file, synced; it is renamed away
 *
 * Takes in a whole file: its lasting name first, then the fact in the database. When something fails between
 * the two, the same upload finds the file again.
 *
 * Returns: %FALSE with %SHT_HUB_ERROR_UNSUPPORTED for bytes that are not what was announced, or another error
 */
gboolean
sht_hub_take_photo (ShtHub *hub, const ShtHubDevice *device, const char *sha256, const char *path, GError **error)
{
  g_autofree char *lasting = sht_hub_photo_path (hub, sha256);
  g_autofree char *folder = g_path_get_dirname (lasting);
  const char *there = g_file_test (path, G_FILE_TEST_EXISTS) ? path : lasting;
  struct stat info;

  if (!check_bytes (hub, device, sha256, there, error) || !sht_durable_mkdir (folder, error) || !give_lasting_name (path, lasting, folder, error))
    return FALSE;
  if (stat (lasting, &info) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "the photo's file is gone");
      return FALSE;
    }
  return record_blob (hub, device, sha256, info.st_size, error);
}

typedef struct
{
  GHashTable *needed; /* hash → (element-type utf8): the photos and voice notes that it is of, %NULL for a thumbnail */
  GPtrArray *faults;
  guint photos;
  guint voices;
} Verify;

static gboolean
need_photo (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  Verify *verify = data;
  g_autoptr (JsonObject) photo = sht_json_parse_object (doc, -1, NULL);
  const char *sha256 = sht_json_string (photo, "sha256");
  GPtrArray *ids;

  if (sha256 == NULL || !sht_json_bool (photo, "have"))
    return TRUE;
  if (g_str_equal (type, "voice"))
    verify->voices++;
  else
    verify->photos++;
  ids = g_hash_table_lookup (verify->needed, sha256);
  if (ids == NULL)
    {
      ids = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_replace (verify->needed, g_strdup (sha256), ids);
    }
  g_ptr_array_add (ids, g_strdup_printf ("%s %s", type, id));
  return TRUE;
}

/* Map packages lie with the photos, under their hash. */
static gboolean
need_map (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  Verify *verify = data;
  g_autoptr (JsonObject) map = sht_json_parse_object (doc, -1, NULL);
  const char *sha256 = sht_json_string (map, "sha256");
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  if (sha256 == NULL)
    sha256 = "";
  g_ptr_array_add (ids, g_strdup_printf ("map %s", sht_json_string (map, "name")));
  g_hash_table_replace (verify->needed, g_strdup (sha256), ids);
  return TRUE;
}

static gboolean
need_blob (gpointer data, const char *sha256, gint64 size)
{
  Verify *verify = data;

  if (!g_hash_table_contains (verify->needed, sha256))
    g_hash_table_replace (verify->needed, g_strdup (sha256), NULL);
  return TRUE;
}

static void
on_fault (gpointer data, ShtHashFault fault, const char *name)
{
  Verify *verify = data;
  const char *what = fault == SHT_HASH_MISSING ? "its file is missing" : "its bytes have changed";
  GPtrArray *ids = g_hash_table_lookup (verify->needed, name);

  if (fault == SHT_HASH_ORPHANED)
    g_ptr_array_add (verify->faults, g_strdup_printf ("file photos/%s: orphaned, nothing refers to it", name));
  else if (ids == NULL)
    g_ptr_array_add (verify->faults, g_strdup_printf ("thumbnail %s: %s", name, what));
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    g_ptr_array_add (verify->faults, g_strdup_printf ("%s: %s", (char *) g_ptr_array_index (ids, i), what));
}

static void
free_ids (gpointer ids)
{
  if (ids != NULL)
    g_ptr_array_unref (ids);
}

/**
 * sht_hub_verify_photos:
 * @photos: (out): how many were re-hashed
 * @voices: (out): how many voice notes were
 *
 * Re-hashes all photos, thumbnails, voice notes and map packages that the hub should hold.
 *
 * Returns: (transfer full) (nullable) (element-type utf8): a line for each whose bytes are missing or changed, and for
 *   each file to which nothing refers; %NULL with an error of the database or the folder
 */
GPtrArray *
sht_hub_verify_photos (ShtHub *hub, guint *photos, guint *voices, GError **error)
{
  g_autofree char *folder = g_build_filename (hub->folder, "photos", NULL);
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) files = sht_hash_folder_list (folder, error);
  g_autoptr (GHashTable) needed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_ids);
  g_autoptr (GHashTable) others = g_hash_table_new (g_str_hash, g_str_equal);
  Verify verify = { needed, faults, 0, 0 };

  if (files == NULL || !hub->store->driver->each_of_type (hub->store, "photo", need_photo, &verify, error)
      || !hub->store->driver->each_of_type (hub->store, "voice", need_photo, &verify, error)
      || !hub->store->driver->each_of_type (hub->store, SHT_MAP_TYPE, need_map, &verify, error)
      || !hub->store->driver->each_blob (hub->store, need_blob, &verify, error))
    return NULL;
  sht_hash_folder_verify (folder, files, needed, others, on_fault, &verify);
  *photos = verify.photos;
  *voices = verify.voices;
  return g_steal_pointer (&faults);
}
