/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/hash-folder.h"

#include "platform/durable.h"

#include <string.h>

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Goes into folders, but not where a link leads. */
static gboolean
list_below (const char *folder, const char *below, GPtrArray *files, GError **error)
{
  g_autofree char *path = below != NULL ? g_build_filename (folder, below, NULL) : g_strdup (folder);
  g_autoptr (GDir) dir = g_dir_open (path, 0, error);
  gboolean ok = dir != NULL;
  const char *name;

  while (ok && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *one = below != NULL ? g_build_filename (below, name, NULL) : g_strdup (name);
      g_autofree char *full = g_build_filename (folder, one, NULL);

      if (g_file_test (full, G_FILE_TEST_IS_DIR) && !g_file_test (full, G_FILE_TEST_IS_SYMLINK))
        ok = list_below (folder, one, files, error);
      else
        g_ptr_array_add (files, g_steal_pointer (&one));
    }
  return ok;
}

/**
 * sht_hash_folder_list:
 * @folder: where files lie under the SHA-256 of their bytes, each in a folder of its first two digits
 *
 * To be called before it is asked what refers to them: what comes in meanwhile is not taken for an orphan.
 *
 * Returns: (transfer full) (element-type filename) (nullable): the paths of all files in it, in order; none when there
 *   is no such folder; %NULL with a #GFileError
 */
GPtrArray *
sht_hash_folder_list (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  if (g_file_test (folder, G_FILE_TEST_EXISTS) && !list_below (folder, NULL, files, error))
    return NULL;
  g_ptr_array_sort (files, by_name);
  return g_steal_pointer (&files);
}

/* The hash whose bytes the file should have, %NULL when its name is none. */
static const char *
hash_of_path (const char *path)
{
  const char *hash = strlen (path) == 67 && path[2] == G_DIR_SEPARATOR ? path + 3 : NULL;

  return hash != NULL && strncmp (path, hash, 2) == 0 ? hash : NULL;
}

static guint
verify_needed (const char *folder, GHashTable *needed, ShtHashFaultFunc told, gpointer data)
{
  g_autoptr (GPtrArray) hashes = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;
  guint read = 0;

  g_hash_table_iter_init (&iter, needed);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (hashes, key);
  g_ptr_array_sort (hashes, by_name);
  for (guint i = 0; i < hashes->len; i++)
    {
      const char *hash = g_ptr_array_index (hashes, i);
      g_autofree char *path = g_strdup_printf ("%s/%.2s/%s", folder, hash, hash);
      g_autofree char *found = sht_sha256_of_file (path, NULL, NULL, NULL);

      read += found != NULL;
      if (found == NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
        told (data, SHT_HASH_MISSING, hash);
      else if (g_strcmp0 (found, hash) != 0)
        told (data, SHT_HASH_CHANGED, hash);
    }
  return read;
}

/**
 * sht_hash_folder_verify:
 * @files: (element-type filename): what sht_hash_folder_list() said
 * @needed: (element-type utf8): the hashes of what has to be there
 * @known: (element-type utf8): the hashes of what else may be there
 * @told: called for each fault, those of @needed first
 *
 * Reads every file to which something refers and compares its bytes with its name.
 *
 * Returns: how many were read
 */
guint
sht_hash_folder_verify (const char *folder, GPtrArray *files, GHashTable *needed, GHashTable *known, ShtHashFaultFunc told,
                        gpointer data)
{
  guint read = verify_needed (folder, needed, told, data);

  for (guint i = 0; i < files->len; i++)
    {
      const char *file = g_ptr_array_index (files, i);
      const char *hash = hash_of_path (file);
      g_autofree char *path = g_build_filename (folder, file, NULL);
      g_autofree char *found = NULL;

      if (hash != NULL && g_hash_table_contains (needed, hash))
        continue;
      if (hash == NULL || !g_hash_table_contains (known, hash))
        {
          /* One that has been removed since is none. */
          if (g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK))
            told (data, SHT_HASH_ORPHANED, file);
          continue;
        }
      found = sht_sha256_of_file (path, NULL, NULL, NULL);
      read += found != NULL;
      if (g_strcmp0 (found, hash) != 0 && g_file_test (path, G_FILE_TEST_EXISTS))
        told (data, SHT_HASH_CHANGED, hash);
    }
  return read;
}
