/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/maps.h"

#include "core/protocol.h"
#include "platform/durable.h"
#include "platform/mbtiles.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a map is copied to before it is one of ours: the lock on it keeps two at once apart. */
#define MAKING "map.making"
#define COPY_BYTES (1024 * 1024)

static gboolean
refuse (GError **error, ShtHubError code, const char *format, const char *what)
{
  g_set_error (error, SHT_HUB_ERROR, (int) code, format, what);
  return FALSE;
}

static gboolean
collect (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  JsonObject *map = sht_json_parse_object (doc, -1, NULL);

  if (map != NULL)
    g_ptr_array_add (data, map);
  return TRUE;
}

/**
 * sht_hub_maps:
 *
 * Returns: (transfer full) (nullable) (element-type JsonObject): the map packages that tablets are offered
 */
GPtrArray *
sht_hub_maps (ShtHub *hub, GError **error)
{
  g_autoptr (GPtrArray) maps = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  return hub->store->driver->each_of_type (hub->store, SHT_MAP_TYPE, collect, maps, error) ? g_steal_pointer (&maps) : NULL;
}

/* Returns: (transfer none) (nullable) */
static JsonObject *
find (GPtrArray *maps, const char *member, const char *value)
{
  for (guint i = 0; i < maps->len; i++)
    if (g_strcmp0 (sht_json_string (g_ptr_array_index (maps, i), member), value) == 0)
      return g_ptr_array_index (maps, i);
  return NULL;
}

/**
 * sht_hub_map_path:
 * @sha256: hash of a map package
 *
 * Every enrolled tablet may have any map: it shows a town, and nobody.
 *
 * Returns: (transfer full) (nullable): where its bytes lie; %NULL with %SHT_HUB_ERROR_NOT_FOUND or another error
 */
char *
sht_hub_map_path (ShtHub *hub, const char *sha256, GError **error)
{
  g_autoptr (GPtrArray) maps = sht_hub_maps (hub, error);

  if (maps == NULL)
    return NULL;
  if (find (maps, "sha256", sha256) != NULL)
    return sht_hub_photo_path (hub, sha256);
  refuse (error, SHT_HUB_ERROR_NOT_FOUND, "there is no such map%s", "");
  return NULL;
}

static gboolean
failed (GError **error, const char *what)
{
  int saved = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", what, g_strerror (saved));
  return FALSE;
}

/* Copies the file, durably. One that changes meanwhile is refused. */
static char *
copy (int from, int to, gint64 *size, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (COPY_BYTES);
  struct stat before, after;
  ShtSha256 sum;
  gssize n;

  *size = 0;
  sht_sha256_begin (&sum);
  if (fstat (from, &before) != 0 || ftruncate (to, 0) != 0)
    return failed (error, "the map cannot be copied"), NULL;
  while ((n = read (from, buffer, COPY_BYTES)) > 0 || (n < 0 && errno == EINTR))
    {
      if (n < 0)
        continue;
      sht_sha256_add (&sum, buffer, (gsize) n);
      *size += n;
      if (*size > SHT_MAP_MAX_BYTES)
        {
          g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_TOO_LARGE, "a map may have %d GiB",
                       (int) (SHT_MAP_MAX_BYTES >> 30));
          return NULL;
        }
      if (!sht_durable_write_all (to, buffer, (gsize) n))
        return failed (error, "the map cannot be copied"), NULL;
    }
  if (n < 0 || fstat (from, &after) != 0 || fsync (to) != 0)
    return failed (error, "the map cannot be copied"), NULL;
  if (before.st_size != after.st_size || after.st_size != *size || before.st_mtim.tv_sec != after.st_mtim.tv_sec
      || before.st_mtim.tv_nsec != after.st_mtim.tv_nsec)
    {
      g_set_error_literal (error, SHT_MBTILES_ERROR, SHT_MBTILES_ERROR_UNFINISHED,
                           "this map is not finished: it is still being written");
      return NULL;
    }
  return sht_sha256_end_hex (&sum);
}

static const char *
kind_name (ShtTileKind kind)
{
  return kind == SHT_TILE_PNG ? "png" : kind == SHT_TILE_JPEG ? "jpg" : "webp";
}

static JsonObject *
describe (const ShtMbtilesInfo *info)
{
  JsonObject *map = json_object_new ();

  sht_json_set_string (map, "t", SHT_MAP_TYPE);
  json_object_set_string_member (map, "id", "");
  json_object_set_string_member (map, "name", "");
  json_object_set_int_member (map, "version", 1);
  json_object_set_string_member (map, "sha256", "");
  json_object_set_int_member (map, "size", 0);
  json_object_set_string_member (map, "format", kind_name (info->kind));
  json_object_set_int_member (map, "min_zoom", info->min_zoom);
  json_object_set_int_member (map, "max_zoom", info->max_zoom);
  if (info->has_bounds)
    {
      json_object_set_int_member (map, "west_e7", (gint64) (info->west * 1e7));
      json_object_set_int_member (map, "south_e7", (gint64) (info->south * 1e7));
      json_object_set_int_member (map, "east_e7", (gint64) (info->east * 1e7));
      json_object_set_int_member (map, "north_e7", (gint64) (info->north * 1e7));
    }
  if (info->attribution[0] != '\0')
    json_object_set_string_member (map, "attribution", info->attribution);
  return map;
}

/* Looks at the copy, which is what tablets get. Returns: (transfer full) (nullable) */
static JsonObject *
survey (const char *path, GError **error)
{
  g_autoptr (ShtMbtiles) file = sht_mbtiles_open (path, error);
  ShtMbtilesInfo info = { 0 };
  JsonObject *map = NULL;
  gint64 tiles;

  if (file != NULL && sht_mbtiles_survey (file, &info, &tiles, error))
    map = describe (&info);
  sht_mbtiles_info_clear (&info);
  return map;
}

/* The bytes of a version that no map has any more. Returns: whether they go */
static gboolean
drop_blob (ShtHub *hub, GPtrArray *maps, const char *sha256, GError **error)
{
  guint users = 0;

  for (guint i = 0; i < maps->len; i++)
    users += g_strcmp0 (sht_json_string (g_ptr_array_index (maps, i), "sha256"), sha256) == 0;
  return users <= 1 && hub->store->driver->remove_blob (hub->store, sha256, error);
}

/* Inside a writing transaction. @gone: (out): the file that is nobody's once it is committed */
static gboolean
write_map (ShtHub *hub, JsonObject *map, const char *name, char **gone, GError **error)
{
  g_autoptr (GPtrArray) maps = sht_hub_maps (hub, error);
  const char *sha256 = sht_json_string (map, "sha256");
  JsonObject *before = maps != NULL ? find (maps, "name", name) : NULL;
  const char *old = sht_json_string (before, "sha256");
  g_autofree char *id = before != NULL ? g_strdup (sht_json_string (before, "id"))
                                       : sht_id_new (sht_hub_now (hub), hub->world.random, hub->world.data);
  gint64 number;

  if (maps == NULL)
    return FALSE;
  json_object_set_string_member (map, "id", id);
  json_object_set_string_member (map, "name", name);
  if (before != NULL)
    json_object_set_int_member (map, "version", sht_json_int (before, "version", 0) + (g_strcmp0 (old, sha256) != 0));
  if (before != NULL && g_strcmp0 (old, sha256) == 0)
    return TRUE;
  if (!hub->store->driver->put_blob (hub->store, sha256, sht_json_int (map, "size", 0), sht_hub_now (hub), error)
      || !sht_hub_next_number (hub, SHT_MAP_TYPE, id, NULL, NULL, &number, error)
      || !sht_hub_put_reference (hub, map, number, NULL, error))
    return FALSE;
  if (old != NULL && drop_blob (hub, maps, old, error))
    *gone = sht_hub_photo_path (hub, old);
  return TRUE;
}

static gboolean
commit_or_not (ShtHub *hub, gboolean ok, GError **error)
{
  if (ok)
    return hub->store->driver->commit (hub->store, error);
  hub->store->driver->rollback (hub->store);
  return FALSE;
}

static JsonObject *
take_copy (ShtHub *hub, const char *file, const char *making, int fd, GError **error)
{
  int from = open (file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  g_autofree char *sha256 = NULL, *lasting = NULL, *folder = NULL;
  g_autoptr (JsonObject) map = NULL;
  gint64 size = 0;

  if (from < 0)
    return failed (error, file), NULL;
  sha256 = copy (from, fd, &size, error);
  close (from);
  map = sha256 != NULL ? survey (making, error) : NULL;
  if (map == NULL)
    return NULL;
  lasting = sht_hub_photo_path (hub, sha256);
  folder = g_path_get_dirname (lasting);
  if (!sht_durable_mkdir (folder, error) || !sht_durable_rename (making, lasting, error))
    return NULL;
  json_object_set_string_member (map, "sha256", sha256);
  json_object_set_int_member (map, "size", size);
  return g_steal_pointer (&map);
}

/* @name: is stripped */
static gboolean
is_a_name (char *name, GError **error)
{
  if (g_utf8_validate (name, -1, NULL) && g_strstrip (name)[0] != '\0' && g_utf8_strlen (name, -1) <= SHT_MAP_NAME_MAX_CHARS)
    return TRUE;
  return refuse (error, SHT_HUB_ERROR_BAD_REQUEST, "a map's name has 1 to %s characters", G_STRINGIFY (SHT_MAP_NAME_MAX_CHARS));
}

/**
 * sht_hub_add_map:
 * @file: an MBTiles file with pictures for tiles
 * @name: what people call it; a map of that name becomes a newer version
 *
 * Takes a map in: its bytes are copied, durable and looked at from end to end before anybody hears of it. Tablets hear of it
 * with their next pull.
 *
 * Returns: (transfer full) (nullable): the map as tablets have it; %NULL with a #ShtMbtilesError, #ShtHubError or #GIOErrorEnum
 */
JsonObject *
sht_hub_add_map (ShtHub *hub, const char *file, const char *name, GError **error)
{
  g_autofree char *making = g_build_filename (hub->folder, MAKING, NULL);
  g_autofree char *own = g_strdup (name);
  g_autofree char *gone = NULL;
  g_autoptr (JsonObject) map = NULL;
  g_autoptr (ShtMbtiles) looked_at = NULL;
  int fd;

  if (!is_a_name (own, error) || (looked_at = sht_mbtiles_open (file, error)) == NULL)
    return NULL;
  fd = open (making, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      failed (error, errno == EWOULDBLOCK ? "another map is being added" : making);
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  map = take_copy (hub, file, making, fd, error);
  /* one that was refused; where it has gone to its lasting name there is none */
  g_unlink (making);
  close (fd);
  if (map == NULL || !hub->store->driver->begin (hub->store, TRUE, error)
      || !commit_or_not (hub, write_map (hub, map, own, &gone, error), error))
    return NULL;
  if (gone != NULL)
    g_unlink (gone);
  return g_steal_pointer (&map);
}

static gboolean
erase_map (ShtHub *hub, const char *name, char **gone, GError **error)
{
  g_autoptr (GPtrArray) maps = sht_hub_maps (hub, error);
  JsonObject *map = maps != NULL ? find (maps, "name", name) : NULL;
  const char *sha256 = sht_json_string (map, "sha256");

  if (maps == NULL)
    return FALSE;
  if (map == NULL)
    return refuse (error, SHT_HUB_ERROR_NOT_FOUND, "there is no map %s", name);
  if (!sht_hub_remove_reference (hub, SHT_MAP_TYPE, sht_json_string (map, "id"), error))
    return FALSE;
  if (drop_blob (hub, maps, sha256, error))
    *gone = sht_hub_photo_path (hub, sha256);
  return TRUE;
}

/**
 * sht_hub_remove_map:
 * @name: of a map
 *
 * Takes a map away; tablets that have it let go of it with their next pull.
 */
gboolean
sht_hub_remove_map (ShtHub *hub, const char *name, GError **error)
{
  g_autofree char *gone = NULL;

  if (!hub->store->driver->begin (hub->store, TRUE, error)
      || !commit_or_not (hub, erase_map (hub, name, &gone, error), error))
    return FALSE;
  if (gone != NULL)
    g_unlink (gone);
  return TRUE;
}
