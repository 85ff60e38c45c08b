/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/disk.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* What the kernel would tell, laid down in a folder. */
static char *
new_sys (void)
{
  return g_dir_make_tmp ("sys-XXXXXX", NULL);
}

static void
add_device (const char *sys, const char *name, const char *dm_uuid, const char *const *below)
{
  g_autofree char *dm = g_build_filename (sys, name, "dm", NULL);
  g_autofree char *slaves = g_build_filename (sys, name, "slaves", NULL);
  g_autofree char *uuid = g_build_filename (dm, "uuid", NULL);

  g_assert_cmpint (g_mkdir_with_parents (slaves, 0755), ==, 0);
  if (dm_uuid != NULL)
    {
      g_assert_cmpint (g_mkdir_with_parents (dm, 0755), ==, 0);
      g_assert_true (g_file_set_contents (uuid, dm_uuid, -1, NULL));
    }
  for (guint i = 0; below != NULL && below[i] != NULL; i++)
    {
      g_autofree char *link = g_build_filename (slaves, below[i], NULL);
      g_autofree char *to = g_build_filename (sys, below[i], NULL);

      g_assert_cmpint (symlink (to, link), ==, 0);
    }
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *one = g_build_filename (path, name, NULL);

      remove_tree (one);
    }
  g_remove (path);
}

static void
test_layers (void)
{
  g_autofree char *sys = new_sys ();
  const char *const on_luks[] = { "254:1", NULL }, *const on_both[] = { "254:1", "8:2", NULL }, *const on_plain[] = { "8:2", NULL };
  const char *const on_itself[] = { "254:9", NULL };

  add_device (sys, "8:2", NULL, NULL);
  add_device (sys, "254:1", "CRYPT-LUKS2-0123-root\n", on_plain);
  add_device (sys, "254:2", "LVM-abc\n", on_luks);
  add_device (sys, "254:3", "LVM-abd\n", on_both);
  add_device (sys, "254:4", "LVM-abe\n", on_plain);
  add_device (sys, "254:9", "LVM-abf\n", on_itself);
  g_assert_cmpint (sht_disk_of_device (sys, "8:2"), ==, SHT_DISK_PLAIN);
  g_assert_cmpint (sht_disk_of_device (sys, "254:1"), ==, SHT_DISK_ENCRYPTED);
  g_assert_cmpint (sht_disk_of_device (sys, "254:2"), ==, SHT_DISK_ENCRYPTED);
  /* one of two is as good as none */
  g_assert_cmpint (sht_disk_of_device (sys, "254:3"), ==, SHT_DISK_PLAIN);
  g_assert_cmpint (sht_disk_of_device (sys, "254:4"), ==, SHT_DISK_PLAIN);
  /* which cannot be, and ends */
  g_assert_cmpint (sht_disk_of_device (sys, "254:9"), ==, SHT_DISK_PLAIN);
  g_assert_cmpint (sht_disk_of_device (sys, "99:9"), ==, SHT_DISK_UNKNOWN);
  remove_tree (sys);
}

static void
test_here (void)
{
  g_assert_cmpint (sht_disk_of ("/proc"), ==, SHT_DISK_UNKNOWN);
  g_assert_cmpint (sht_disk_of ("/no/such/folder"), ==, SHT_DISK_UNKNOWN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/disk/layers", test_layers);
  g_test_add_func ("/disk/here", test_here);
  return g_test_run ();
}
