/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/photo/sources.h"

#include <glib/gstdio.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Which files are offered as pictures. */

static char *top;

/* Makes a file in a folder of the top, so many seconds after the first. */
static void
put (const char *name, gint64 seconds)
{
  g_autofree char *path = g_build_filename (top, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  struct timespec times[2] = { { 1700000000 + seconds, 0 }, { 1700000000 + seconds, 0 } };

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

static char *
find_all (void)
{
  const char *const folders[] = { top, "/no/such/folder", NULL };
  g_autoptr (GPtrArray) found = sht_photo_find (folders, NULL);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    {
      const ShtFoundPhoto *photo = g_ptr_array_index (found, i);

      g_string_append_printf (names, "%s%s", i > 0 ? " " : "", photo->path + strlen (top) + 1);
    }
  return g_strdup (names->str);
}

static void
test_newest_first (void)
{
  g_autofree char *empty = g_build_filename (top, "empty.jpg", NULL);
  g_autofree char *link = g_build_filename (top, "link.jpg", NULL);
  g_autofree char *round = g_build_filename (top, "round", NULL);
  g_autofree char *names = NULL;

  put ("one.jpg", 10);
  put ("DCIM/100CANON/two.JPG", 30);
  put ("three.heic", 20);
  put ("words.txt", 40);
  put (".hidden.jpg", 40);
  put (".thumbnails/small.png", 40);
  put ("a/b/c/d/too-deep.jpg", 40);
  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  g_assert_cmpint (symlink ("one.jpg", link), ==, 0);
  g_assert_cmpint (symlink (".", round), ==, 0);
  names = find_all ();
  g_assert_cmpstr (names, ==, "DCIM/100CANON/two.JPG three.heic one.jpg");
}

static void
test_cancelled (void)
{
  const char *const folders[] = { top, NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) found = NULL;

  put ("one.jpg", 10);
  g_cancellable_cancel (cancellable);
  found = sht_photo_find (folders, cancellable);
  g_assert_cmpuint (found->len, ==, 0);
}

/* A tablet on which nobody has said where pictures go. */
static void
test_usual_names (void)
{
  g_auto (GStrv) folders = sht_photo_folders ();
  g_autofree char *told = g_strjoinv (" ", folders);
  g_autofree char *usual = g_strdup_printf ("%s/Pictures %s/Downloads %s/DCIM", top, top, top);

  g_assert_cmpstr (told, ==, usual);
}

int
main (int argc, char **argv)
{
  g_autofree char *quoted = NULL;
  g_autofree char *command = NULL;
  int rc;

  g_test_init (&argc, &argv, NULL);
  top = g_dir_make_tmp ("test-sources-XXXXXX", NULL);
  /* Before GLib asks for either. */
  g_setenv ("HOME", top, TRUE);
  g_setenv ("XDG_CONFIG_HOME", top, TRUE);
  g_test_add_func ("/sources/newest-first", test_newest_first);
  g_test_add_func ("/sources/cancelled", test_cancelled);
  g_test_add_func ("/sources/usual-names", test_usual_names);
  rc = g_test_run ();
  quoted = g_shell_quote (top);
  command = g_strdup_printf ("rm -rf %s", quoted);
  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
  g_free (top);
  return rc;
}
