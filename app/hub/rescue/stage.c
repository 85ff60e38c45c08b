/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/rescue/stage.h"

#include "platform/durable.h"
#include "platform/sealed-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_PREFIX "rescue-"
#define OPERATIONS "operations"
#define MOST_PHOTO_BYTES (64 * 1024 * 1024)

/* While a file is read nothing of it is believed: it is only laid down beside the hub's own, until the signature at its
 * end says whose it is. */
typedef struct
{
  ShtHub *hub;
  const char *file;
  ShtSealedReader *reader;
  ShtStage *stage;
  int operations; /* the open file, -1 before */
  int photo;      /* the open file, -1 between photos */
  char *sha256;   /* (owned) (nullable): of the photo that comes in */
  gint64 left;    /* of its bytes */
  ShtSha256 sum;
} Reading;

static gboolean
unusable (const char *file, GError **error, const char *why)
{
  g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST, "%s cannot be taken in: %s", file, why);
  return FALSE;
}

static gboolean
damaged (Reading *reading, GError **error)
{
  return unusable (reading->file, error, "it is damaged or cut short");
}

static gboolean
no_room (GError **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "what is in the file cannot be written: %s",
               g_strerror (errno));
  return FALSE;
}

static int
create_in (ShtStage *stage, const char *name)
{
  g_autofree char *path = g_build_filename (stage->folder, name, NULL);

  return open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

static gboolean
take_head (Reading *reading, const char *data, gsize length, GError **error)
{
  ShtStage *stage = reading->stage;

  if (stage->head != NULL)
    return damaged (reading, error);
  stage->head = sht_json_parse_object (data, (gssize) length, NULL);
  if (stage->head == NULL || !sht_id_is_valid (sht_json_string (stage->head, "device"))
      || !sht_key_is_valid (sht_json_string (stage->head, "key")))
    return damaged (reading, error);
  reading->operations = create_in (stage, OPERATIONS);
  return reading->operations >= 0 || no_room (error);
}

static gboolean
take_operation (Reading *reading, const char *data, gsize length, GError **error)
{
  gsize digits = strspn (data, "0123456789");

  if (digits == 0 || digits > 18 || data[digits] != ' ' || memchr (data, '\n', length) != NULL
      || memchr (data, '\0', length) != NULL)
    return damaged (reading, error);
  return (sht_durable_write_all (reading->operations, data, length)
          && sht_durable_write_all (reading->operations, "\n", 1))
         || no_room (error);
}

static gboolean
end_photo (Reading *reading, GError **error)
{
  g_autofree char *sum = NULL;

  if (fsync (reading->photo) != 0)
    return no_room (error);
  close (reading->photo);
  reading->photo = -1;
  sum = sht_sha256_end_hex (&reading->sum);
  if (!g_str_equal (sum, reading->sha256))
    return damaged (reading, error);
  g_ptr_array_add (reading->stage->photos, g_steal_pointer (&reading->sha256));
  return TRUE;
}

static gboolean
begin_photo (Reading *reading, const char *data, gsize length, GError **error)
{
  g_autoptr (JsonObject) head = sht_json_parse_object (data, (gssize) length, NULL);
  const char *sha256 = sht_json_string (head, "sha256");

  reading->left = sht_json_int (head, "size", -1);
  /* A hash has the form of a key. */
  if (!sht_key_is_valid (sha256) || reading->left < 0 || reading->left > MOST_PHOTO_BYTES)
    return damaged (reading, error);
  reading->sha256 = g_strdup (sha256);
  sht_sha256_begin (&reading->sum);
  reading->photo = create_in (reading->stage, sha256);
  if (reading->photo < 0)
    return errno == EEXIST ? damaged (reading, error) : no_room (error);
  return reading->left > 0 || end_photo (reading, error);
}

static gboolean
take_bytes (Reading *reading, const char *data, gsize length, GError **error)
{
  if (reading->photo < 0 || length == 0 || (gint64) length > reading->left)
    return damaged (reading, error);
  sht_sha256_add (&reading->sum, data, length);
  reading->left -= (gint64) length;
  if (!sht_durable_write_all (reading->photo, data, length))
    return no_room (error);
  return reading->left > 0 || end_photo (reading, error);
}

/* Parts that this version does not know are of no use to it: the tablet will bring them itself. */
static gboolean
take_part (Reading *reading, char what, const char *data, gsize length, GError **error)
{
  if ((what != 'H' && reading->stage->head == NULL) || (what != 'B' && reading->photo >= 0))
    return damaged (reading, error);
  switch (what)
    {
    case 'H':
      return take_head (reading, data, length, error);
    case 'O':
      return take_operation (reading, data, length, error);
    case 'P':
      return begin_photo (reading, data, length, error);
    case 'B':
      return take_bytes (reading, data, length, error);
    default:
      return TRUE;
    }
}

static gboolean
read_parts (Reading *reading, GError **error)
{
  const char *data;
  gsize length;
  char what;

  do
    {
      g_autoptr (GError) local_error = NULL;

      if (!sht_sealed_reader_next (reading->reader, &what, &data, &length, &local_error))
        return unusable (reading->file, error, local_error->message);
      if (what != 0 && !take_part (reading, what, data, length, error))
        return FALSE;
    }
  while (what != 0);
  if (reading->stage->head == NULL || reading->photo >= 0)
    return damaged (reading, error);
  return fsync (reading->operations) == 0 || no_room (error);
}

static gboolean
check_signature (Reading *reading, GError **error)
{
  ShtHubStore *store = reading->hub->store;
  const char *device = sht_json_string (reading->stage->head, "device");
  const char *key = sht_json_string (reading->stage->head, "key");
  gboolean known;

  if (!store->driver->has_device_key (store, device, key, &known, error))
    return FALSE;
  if (!known)
    return unusable (reading->file, error,
                     "this hub does not know the key of the tablet that made it; enrol the tablet, or sync it, once");
  return sht_sealed_reader_is_signed_by (reading->reader, key)
         || unusable (reading->file, error, "it is not signed by the tablet that it names");
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      g_unlink (child);
    }
  g_rmdir (path);
}

/**
 * sht_stage_remove_left:
 *
 * Removes what a rescue left that was killed. To be called by the only one who takes a file in.
 */
void
sht_stage_remove_left (ShtHub *hub)
{
  g_autoptr (GDir) dir = g_dir_open (hub->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (hub->folder, name, NULL);

      if (g_str_has_prefix (name, FOLDER_PREFIX) && g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
    }
}

static gboolean
read_file (Reading *reading, int fd, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *secret = sht_hub_get_secret (reading->hub, &local_error);
  gboolean ok;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (secret == NULL)
    return unusable (reading->file, error, "no tablet has been told a key of this hub yet");
  reading->reader = sht_sealed_reader_new (fd, secret, &local_error);
  if (reading->reader == NULL)
    return unusable (reading->file, error, local_error->message);
  reading->stage->mark = sht_sealed_reader_get_mark (reading->reader);
  ok = read_parts (reading, error) && check_signature (reading, error)
       && sht_durable_sync_folder (reading->stage->folder, error);
  sht_sealed_reader_free (reading->reader);
  return ok;
}

/**
 * sht_stage_new:
 * @file: what a tablet wrote
 *
 * Opens a rescue file, verifies all of it, and lays its parts down in a folder beside the hub's photos.
 *
 * Returns: (transfer full) (nullable): what is in it, or %NULL with a #ShtHubError, #ShtDbError or #GIOErrorEnum, and
 *   then nothing of it stays
 */
ShtStage *
sht_stage_new (ShtHub *hub, const char *file, GError **error)
{
  g_autoptr (ShtStage) stage = g_new0 (ShtStage, 1);
  Reading reading = { .hub = hub, .file = file, .stage = stage, .operations = -1, .photo = -1 };
  int fd = open (file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  gboolean ok;

  stage->photos = g_ptr_array_new_with_free_func (g_free);
  if (fd < 0 || !g_file_test (file, G_FILE_TEST_IS_REGULAR))
    {
      unusable (file, error, fd < 0 ? g_strerror (errno) : "it is not a regular file");
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  stage->folder = g_build_filename (hub->folder, FOLDER_PREFIX "XXXXXX", NULL);
  if (g_mkdtemp (stage->folder) == NULL)
    {
      g_clear_pointer (&stage->folder, g_free);
      close (fd);
      no_room (error);
      return NULL;
    }
  ok = read_file (&reading, fd, error);
  close (fd);
  if (reading.operations >= 0)
    close (reading.operations);
  if (reading.photo >= 0)
    close (reading.photo);
  g_free (reading.sha256);
  return ok ? g_steal_pointer (&stage) : NULL;
}

void
sht_stage_free (ShtStage *stage)
{
  if (stage->folder != NULL)
    remove_folder (stage->folder);
  g_free (stage->folder);
  g_clear_pointer (&stage->head, json_object_unref);
  g_ptr_array_unref (stage->photos);
  g_free (stage->mark);
  g_free (stage);
}
