/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/map-files.h"

#include "tablet/store/map.h"

#include <string.h>

#define ENDING ".mbtiles"
#define NIGHT_ENDING "-night" ENDING

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* The night's maps stand beside the day's and are none of their own. */
static void
add_folder (GPtrArray *files, const char *folder, gboolean night)
{
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  guint before = files->len;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ENDING) && !g_str_has_suffix (name, NIGHT_ENDING))
      {
        g_autofree char *stem = g_strndup (name, strlen (name) - strlen (ENDING));
        g_autofree char *dark = g_strconcat (folder, G_DIR_SEPARATOR_S, stem, NIGHT_ENDING, NULL);

        g_ptr_array_add (files, night && g_file_test (dark, G_FILE_TEST_EXISTS) ? g_steal_pointer (&dark)
                                                                                  : g_build_filename (folder, name, NULL));
      }
  if (files->len > before + 1)
    qsort (files->pdata + before, files->len - before, sizeof (char *), by_name);
}

/* What came with the program, or what whoever set the tablet up has laid there. */
static void
add_towns_own (GPtrArray *files, gboolean night)
{
  const char *const folders[] = { g_getenv ("SHETACH_MAPS"), SHT_MAPS_DIR, SHT_BUILD_ROOT "/data/map" };
  guint before = files->len;

  /* Who names a folder means that one, also when it is empty. */
  if (folders[0] != NULL)
    add_folder (files, folders[0], night);
  for (guint i = 1; folders[0] == NULL && files->len == before && i < G_N_ELEMENTS (folders); i++)
    add_folder (files, folders[i], night);
}

static int
finer_first (gconstpointer a, gconstpointer b)
{
  const ShtMapPackage *one = *(ShtMapPackage *const *) a, *other = *(ShtMapPackage *const *) b;

  return other->max_zoom - one->max_zoom;
}

static void
add_packages (GPtrArray *files, ShtStore *store)
{
  g_autoptr (GPtrArray) packages = sht_store_maps (store, FALSE, NULL);

  if (packages == NULL)
    return;
  g_ptr_array_sort (packages, finer_first);
  for (guint i = 0; i < packages->len; i++)
    {
      ShtMapPackage *package = g_ptr_array_index (packages, i);

      if (package->path != NULL)
        g_ptr_array_add (files, g_strdup (package->path));
    }
}

/**
 * sht_store_map_files:
 * @night: whether maps for the night are wanted, where there are any
 *
 * All offline maps of this tablet: those that the hub gave out, the finest first, and the town's own. By night the town's own
 * come first, for a package is drawn for the day.
 *
 * Returns: (transfer full): the paths of MBTiles files; nothing says that they can be read
 */
GStrv
sht_store_map_files (ShtStore *store, gboolean night)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();

  if (night)
    add_towns_own (files, TRUE);
  add_packages (files, store);
  if (!night)
    add_towns_own (files, FALSE);
  g_ptr_array_add (files, NULL);
  return (GStrv) g_ptr_array_steal (files, NULL);
}
