/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/protocol.h"
#include "platform/durable.h"

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
  gboolean now, ever;

  for (guint i = 0; docs != NULL && i < docs->len; i++)
    {
      JsonObject *photo = g_ptr_array_index (docs, i);

      /* A photo that was announced and never came shows nothing that somebody else sent. */
      if (g_strcmp0 (sht_json_string (photo, "sha256"), sha256) == 0 && !sht_json_bool (photo, "have"))
        continue;
      if (sht_hub_device_holds (hub, device, sht_json_string (photo, "ticket"), &now, &ever, &local_error) && now)
        return TRUE;
    }
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (docs != NULL)
    g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND, "there is no such photo for this tablet");
  return FALSE;
}

/**
 * sht_hub_may_upload:
 * @size: how many bytes are announced
 * @already: (out): whether the hub holds these bytes, so that none need come
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
      return is_thumb || !*already || sht_hub_shares_photo (hub, device, sha256, already, error);
    }
  g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND,
                       "no photo with this hash was attached by this tablet");
  return FALSE;
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
      if (!ever)
        continue;
      json_object_set_boolean_member (photo, "have", TRUE);
      *logged = TRUE;
      if (!sht_hub_next_number (hub, "photo", sht_json_string (photo, "id"), NULL, device->id, &number, error)
          || !sht_hub_put_child (hub, photo, number, error)
          || !sht_hub_touch_ticket (hub, sht_json_string (photo, "ticket"), number, error))
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
 */
gboolean
sht_hub_take_photo (ShtHub *hub, const ShtHubDevice *device, const char *sha256, const char *path, GError **error)
{
  g_autofree char *lasting = sht_hub_photo_path (hub, sha256);
  g_autofree char *folder = g_path_get_dirname (lasting);
  struct stat info;

  if (!sht_durable_mkdir (folder, error) || !give_lasting_name (path, lasting, folder, error))
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
  ShtHub *hub;
  GPtrArray *faults;
  guint photos;
} Verify;

static gboolean
verify_photo (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  Verify *verify = data;
  g_autoptr (JsonObject) photo = sht_json_parse_object (doc, -1, NULL);
  const char *sha256 = sht_json_string (photo, "sha256");
  g_autofree char *path = NULL;
  g_autofree char *hash = NULL;

  if (sha256 == NULL || !sht_json_bool (photo, "have"))
    return TRUE;
  verify->photos++;
  path = sht_hub_photo_path (verify->hub, sha256);
  hash = sht_sha256_of_file (path, NULL, NULL, NULL);
  if (hash == NULL)
    g_ptr_array_add (verify->faults, g_strdup_printf ("photo %s: its file is missing", id));
  else if (!g_str_equal (hash, sha256))
    g_ptr_array_add (verify->faults, g_strdup_printf ("photo %s: its bytes have changed", id));
  return TRUE;
}

/**
 * sht_hub_verify_photos:
 * @photos: (out): how many were re-hashed
 *
 * Returns: (transfer full) (nullable) (element-type utf8): a line for each photo that the hub should
 *   hold and whose bytes are missing or changed; %NULL with an error of the database
 */
GPtrArray *
sht_hub_verify_photos (ShtHub *hub, guint *photos, GError **error)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  Verify verify = { hub, faults, 0 };

  if (!hub->store->driver->each_of_type (hub->store, "photo", verify_photo, &verify, error))
    return NULL;
  *photos = verify.photos;
  return g_steal_pointer (&faults);
}
