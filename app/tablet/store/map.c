/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/map.h"

#include "core/json.h"
#include "core/protocol.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* What the hub offers is its entity; `map_package` holds what this tablet has made of it. The files lie in `maps/` under
 * their hash, so that one version never stands in another's place: SHA256.mbtiles, and SHA256.part while it comes. */

#define FOLDER "maps"
#define WHOLE ".mbtiles"
#define PART ".part"
/* What a map leaves free, so that photos can still be taken. */
#define LEAVES_BYTES (G_GINT64_CONSTANT (256) << 20)

void
sht_map_package_free (ShtMapPackage *package)
{
  g_free (package->id);
  g_free (package->name);
  g_free (package->attribution);
  g_free (package->path);
  g_free (package);
}

/**
 * sht_store_map_path:
 * @ending: ".mbtiles" or ".part"
 *
 * Returns: (transfer full): where a map's file lies, or would
 */
char *
sht_store_map_path (ShtStore *store, const char *sha256, const char *ending)
{
  g_autofree char *name = g_strconcat (sha256, ending, NULL);

  return g_build_filename (store->folder, FOLDER, name, NULL);
}

static gint64
size_of (ShtStore *store, const char *sha256, const char *ending)
{
  g_autofree char *path = sht_store_map_path (store, sha256, ending);
  struct stat info;

  return stat (path, &info) == 0 ? (gint64) info.st_size : 0;
}

static gboolean
is_sha256 (const char *text)
{
  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static void
take_bounds (ShtMapPackage *package, JsonObject *doc)
{
  package->has_bounds = sht_json_has (doc, "west_e7") && sht_json_has (doc, "south_e7") && sht_json_has (doc, "east_e7")
                        && sht_json_has (doc, "north_e7");
  package->west_e7 = sht_json_int (doc, "west_e7", -1800000000);
  package->south_e7 = sht_json_int (doc, "south_e7", -900000000);
  package->east_e7 = sht_json_int (doc, "east_e7", 1800000000);
  package->north_e7 = sht_json_int (doc, "north_e7", 900000000);
}

/* For a crew its own; who looks after more has all that are here. */
static gboolean
count_covered (ShtStore *store, ShtMapPackage *package, GError **error)
{
  const char *crew = store->device.role == SHT_ROLE_CREW ? store->device.crew : NULL;

  package->covers = 0;
  return sht_db_get_int (store->db, &package->covers, error,
                         "SELECT count (*) FROM ticket_spot AS s JOIN ticket AS t ON t.row = s.row "
                         "WHERE s.max_lat >= ?1 AND s.min_lat <= ?2 AND s.max_lon >= ?3 AND s.min_lon <= ?4 AND t.open "
                         "AND (?5 IS NULL OR t.crew = ?5)",
                         "iiiis", package->south_e7, package->north_e7, package->west_e7, package->east_e7, crew);
}

static ShtMapPackage *
read_package (ShtStore *store, ShtStmt *row)
{
  ShtMapPackage *package = g_new0 (ShtMapPackage, 1);
  g_autofree char *text = sht_stmt_dup (row, 1), *here = sht_stmt_dup (row, 3);
  g_autoptr (JsonObject) doc = text != NULL ? sht_json_parse_object (text, -1, NULL) : NULL;
  const char *sha256 = sht_json_string (doc, "sha256"), *name = sht_json_string (doc, "name");

  package->id = sht_stmt_dup (row, 0);
  package->name = g_strdup (name != NULL ? name : package->id);
  package->attribution = g_strdup (sht_json_string (doc, "attribution"));
  package->version = sht_json_int (doc, "version", 1);
  package->size = sht_json_int (doc, "size", 0);
  package->min_zoom = (int) sht_json_int (doc, "min_zoom", 0);
  package->max_zoom = (int) sht_json_int (doc, "max_zoom", 0);
  package->wanted = sht_stmt_int (row, 2) != 0;
  package->here_version = sht_stmt_int (row, 4);
  package->damaged = sht_stmt_int (row, 5) != 0;
  package->covers = -1;
  take_bounds (package, doc);
  if (here != NULL)
    package->path = sht_store_map_path (store, here, WHOLE);
  package->newer = here != NULL && g_strcmp0 (here, sha256) != 0;
  if (here != NULL && !package->newer)
    package->got = package->size;
  else if (is_sha256 (sha256))
    package->got = MIN (size_of (store, sha256, PART), package->size);
  return package;
}

/**
 * sht_store_maps:
 * @with_covers: whether to count the tickets in each, which reads all that lie there
 *
 * Returns: (transfer full) (nullable) (element-type ShtMapPackage): what the hub offers, by name
 */
GPtrArray *
sht_store_maps (ShtStore *store, gboolean with_covers, GError **error)
{
  g_autoptr (GPtrArray) packages = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_map_package_free);
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT e.id, e.doc, coalesce (p.wanted, 0), p.sha256, coalesce (p.version, 0), "
                                "coalesce (p.faults, 0) > 2 FROM entity AS e LEFT JOIN map_package AS p ON p.id = e.id "
                                "WHERE e.type = 'map' ORDER BY e.doc ->> 'name', e.id",
                                "");

  while (sht_stmt_step (stmt))
    g_ptr_array_add (packages, read_package (store, stmt));
  if (!sht_stmt_end (stmt, error))
    return NULL;
  for (guint i = 0; with_covers && i < packages->len; i++)
    if (!count_covered (store, g_ptr_array_index (packages, i), error))
      return NULL;
  return g_steal_pointer (&packages);
}

/**
 * sht_store_find_map:
 * @name: what people call it, or its id
 *
 * Returns: (transfer full) (nullable): the package, or %NULL with %SHT_STORE_ERROR_NOT_FOUND or another error
 */
ShtMapPackage *
sht_store_find_map (ShtStore *store, const char *name, GError **error)
{
  g_autoptr (GPtrArray) packages = sht_store_maps (store, FALSE, error);

  for (guint i = 0; packages != NULL && i < packages->len; i++)
    {
      ShtMapPackage *package = g_ptr_array_index (packages, i);

      if (g_str_equal (package->name, name) || g_str_equal (package->id, name))
        return g_ptr_array_steal_index (packages, i);
    }
  if (packages != NULL)
    g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "the hub offers no map %s", name);
  return NULL;
}

/**
 * sht_store_has_room_for_map:
 * @bytes: that are still to come
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_NO_ROOM
 */
gboolean
sht_store_has_room_for_map (ShtStore *store, gint64 bytes, GError **error)
{
  g_autofree char *needed = g_format_size ((guint64) bytes);
  g_autofree char *free = NULL, *kept = g_format_size (LEAVES_BYTES);
  gint64 left;

  sht_store_room (store, &left);
  if (left >= bytes && left - bytes >= LEAVES_BYTES)
    return TRUE;
  free = g_format_size ((guint64) left);
  g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NO_ROOM,
               "there is no room for this map: it needs %s more, %s are free, and %s stay for work and photos", needed, free, kept);
  return FALSE;
}

static gboolean
ask_for (ShtStore *store, const char *id, GError **error)
{
  return sht_db_run (store->db, error,
                     "INSERT INTO map_package (id, wanted, asked) SELECT id, 1, doc ->> 'sha256' FROM entity "
                     "WHERE type = 'map' AND id = ?1 "
                     "ON CONFLICT DO UPDATE SET wanted = 1, asked = excluded.asked, faults = 0",
                     "s", id);
}

/**
 * sht_store_want_map:
 * @id: a package's
 * @want: whether it shall be here; the engine fetches it, on whatever link there is. What is here of one that shall not
 *   goes at once
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_NOT_FOUND, %SHT_STORE_ERROR_NO_ROOM or another error
 */
gboolean
sht_store_want_map (ShtStore *store, const char *id, gboolean want, GError **error)
{
  g_autoptr (ShtMapPackage) package = sht_store_find_map (store, id, error);

  if (package == NULL)
    return FALSE;
  if (want)
    return sht_store_has_room_for_map (store, package->size - package->got, error) && ask_for (store, package->id, error);
  if (!sht_db_run (store->db, error, "DELETE FROM map_package WHERE id = ?1", "s", package->id))
    return FALSE;
  sht_store_tidy_maps (store);
  return TRUE;
}

static gboolean
is_named (ShtStore *store, const char *sha256, gboolean whole)
{
  gint64 found = 0;

  /* what cannot be looked up stays */
  return !sht_db_get_int (store->db, &found, NULL,
                          "SELECT count (*) FROM map_package AS p LEFT JOIN entity AS e ON e.type = 'map' AND e.id = p.id "
                          "WHERE (?2 AND p.sha256 = ?1) OR (NOT ?2 AND p.wanted AND e.doc ->> 'sha256' = ?1)",
                          "si", sha256, (gint64) whole)
         || found > 0;
}

/**
 * sht_store_tidy_maps:
 *
 * Removes files of maps that nothing names any more. Who has one open reads on.
 */
void
sht_store_tidy_maps (ShtStore *store)
{
  g_autofree char *folder = g_build_filename (store->folder, FOLDER, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      gboolean whole = g_str_has_suffix (name, WHOLE);
      g_autofree char *sha256 = g_strndup (name, 64);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if ((whole || g_str_has_suffix (name, PART)) && is_sha256 (sha256) && !is_named (store, sha256, whole))
        g_unlink (path);
    }
}

/**
 * sht_store_drop_gone_maps:
 *
 * Lets go of the maps that the hub no longer offers. To be called when all was pulled.
 */
gboolean
sht_store_drop_gone_maps (ShtStore *store, GError **error)
{
  gint64 gone = 0;

  if (!sht_db_get_int (store->db, &gone, error,
                       "SELECT count (*) FROM map_package AS p WHERE NOT EXISTS"
                       " (SELECT 1 FROM entity AS e WHERE e.type = 'map' AND e.id = p.id)", ""))
    return FALSE;
  if (gone == 0)
    return TRUE;
  if (!sht_db_run (store->db, error,
                   "DELETE FROM map_package WHERE id NOT IN (SELECT id FROM entity WHERE type = 'map')", ""))
    return FALSE;
  sht_store_tidy_maps (store);
  return TRUE;
}
