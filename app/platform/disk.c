/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/disk.h"

#include <fcntl.h>
#include <linux/fscrypt.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* A device over a device over a device: no real one is deeper. */
#define MOST_LEVELS 8

static ShtDisk
look (const char *device, guint level)
{
  g_autofree char *uuid_path = g_build_filename (device, "dm", "uuid", NULL);
  g_autofree char *below_path = g_build_filename (device, "slaves", NULL);
  g_autofree char *uuid = NULL;
  g_autoptr (GDir) below = g_dir_open (below_path, 0, NULL);
  const char *name;
  guint devices = 0;

  /* as cryptsetup names what it maps */
  if (g_file_get_contents (uuid_path, &uuid, NULL, NULL) && g_str_has_prefix (uuid, "CRYPT-"))
    return SHT_DISK_ENCRYPTED;
  while (below != NULL && level < MOST_LEVELS && (name = g_dir_read_name (below)) != NULL)
    {
      g_autofree char *path = g_build_filename (below_path, name, NULL);

      devices++;
      if (look (path, level + 1) != SHT_DISK_ENCRYPTED)
        return SHT_DISK_PLAIN;
    }
  return devices > 0 ? SHT_DISK_ENCRYPTED : SHT_DISK_PLAIN;
}

/**
 * sht_disk_of_device:
 * @sys_block: where the kernel tells of block devices, `/sys/dev/block`
 * @name: a device's numbers there, such as `254:0`
 *
 * Returns: whether all that it lies on is encrypted
 */
ShtDisk
sht_disk_of_device (const char *sys_block, const char *name)
{
  g_autofree char *device = g_build_filename (sys_block, name, NULL);

  return g_file_test (device, G_FILE_TEST_IS_DIR) ? look (device, 0) : SHT_DISK_UNKNOWN;
}

static gboolean
is_encrypted_folder (const char *folder)
{
  struct fscrypt_get_policy_ex_arg policy = { .policy_size = sizeof policy.policy };
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean is = fd >= 0 && ioctl (fd, FS_IOC_GET_ENCRYPTION_POLICY_EX, &policy) == 0;

  if (fd >= 0)
    close (fd);
  return is;
}

/**
 * sht_disk_of:
 *
 * Returns: whether what is written into a folder is encrypted on its disk
 */
ShtDisk
sht_disk_of (const char *folder)
{
  g_autofree char *name = NULL;
  struct stat info;

  if (is_encrypted_folder (folder))
    return SHT_DISK_ENCRYPTED;
  if (stat (folder, &info) != 0 || major (info.st_dev) == 0)
    return SHT_DISK_UNKNOWN;
  name = g_strdup_printf ("%u:%u", major (info.st_dev), minor (info.st_dev));
  return sht_disk_of_device ("/sys/dev/block", name);
}
