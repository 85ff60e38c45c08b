/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/photo/sources.h"

#include <gio/gunixmounts.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* A camera keeps its pictures in DCIM/100MAKER. */
#define MAX_DEPTH 3
/* A folder with more is somebody's archive: what lies beyond is left to "other folder". */
#define MAX_ENTRIES 20000

static const char *const endings[] = { ".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif" };

/* Where desktops put what is plugged in. */
static const char *const stick_roots[] = { "/media/", "/run/media/" };

void
sht_found_photo_free (ShtFoundPhoto *photo)
{
  g_free (photo->path);
  g_free (photo);
}

static gboolean
is_picture (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      gsize length = strlen (name), ending = strlen (endings[i]);

      if (length > ending && g_ascii_strcasecmp (name + length - ending, endings[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
look_into (const char *folder, guint depth, guint *left, GPtrArray *found, GCancellable *cancellable)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = NULL;
      struct stat stat;

      if (*left == 0 || g_cancellable_is_cancelled (cancellable))
        return;
      (*left)--;
      /* Thumbnail caches and wastebaskets are hidden. */
      if (name[0] == '.')
        continue;
      path = g_build_filename (folder, name, NULL);
      /* A link could lead round in a circle, or out of the stick. */
      if (lstat (path, &stat) != 0)
        continue;
      if (S_ISDIR (stat.st_mode) && depth > 0)
        look_into (path, depth - 1, left, found, cancellable);
      else if (S_ISREG (stat.st_mode) && stat.st_size > 0 && is_picture (name))
        {
          ShtFoundPhoto *photo = g_new0 (ShtFoundPhoto, 1);

          photo->path = g_steal_pointer (&path);
          photo->at = (gint64) stat.st_mtim.tv_sec * 1000 + stat.st_mtim.tv_nsec / 1000000;
          g_ptr_array_add (found, photo);
        }
    }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const ShtFoundPhoto *one = *(ShtFoundPhoto *const *) a, *other = *(ShtFoundPhoto *const *) b;

  if (one->at != other->at)
    return one->at < other->at ? 1 : -1;
  return -strcmp (one->path, other->path);
}

/**
 * sht_photo_find:
 * @folders: where to look, three folders deep; one that is not there has nothing
 * @cancellable: (nullable): ends the search, with what was found so far
 *
 * Finds files whose names are a picture's, without opening any. Hidden ones and links are left out. This reads
 * folders, and belongs on a thread.
 *
 * Returns: (transfer full) (element-type ShtFoundPhoto): what was found, the newest first
 */
GPtrArray *
sht_photo_find (const char *const *folders, GCancellable *cancellable)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_found_photo_free);
  guint left = MAX_ENTRIES;

  for (guint i = 0; folders[i] != NULL; i++)
    look_into (folders[i], MAX_DEPTH, &left, found, cancellable);
  g_ptr_array_sort (found, compare);
  return found;
}

/**
 * sht_photo_folders:
 *
 * Returns: (transfer full): where this tablet's own pictures lie, none inside another; where nobody has set up such folders,
 *   under their usual names
 */
GStrv
sht_photo_folders (void)
{
  static const struct
  {
    GUserDirectory directory;
    const char *name;
  } wanted[] = { { G_USER_DIRECTORY_PICTURES, "Pictures" }, { G_USER_DIRECTORY_DOWNLOAD, "Downloads" } };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *camera = g_build_filename (g_get_home_dir (), "DCIM", NULL);
  g_autofree char *last = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      const char *set = g_get_user_special_dir (wanted[i].directory);
      g_autofree char *path = set != NULL ? g_strdup (set) : g_build_filename (g_get_home_dir (), wanted[i].name, NULL);

      /* Who wants none of a kind says that it is the home folder itself. */
      if (g_strcmp0 (path, last) == 0 || g_str_equal (path, g_get_home_dir ()))
        continue;
      g_strv_builder_add (builder, path);
      g_free (last);
      last = g_steal_pointer (&path);
    }
  g_strv_builder_add (builder, camera);
  return g_strv_builder_end (builder);
}

/**
 * sht_photo_sticks:
 *
 * Returns: (transfer full): where sticks, cards and cameras are mounted just now
 */
GStrv
sht_photo_sticks (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GList *mounts = g_unix_mounts_get (NULL);

  for (GList *node = mounts; node != NULL; node = node->next)
    for (guint i = 0; i < G_N_ELEMENTS (stick_roots); i++)
      if (g_str_has_prefix (g_unix_mount_get_mount_path (node->data), stick_roots[i]))
        g_strv_builder_add (builder, g_unix_mount_get_mount_path (node->data));
  g_list_free_full (mounts, (GDestroyNotify) g_unix_mount_free);
  return g_strv_builder_end (builder);
}
