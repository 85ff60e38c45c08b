/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShtDisk:
 * @SHT_DISK_UNKNOWN: it cannot be told: on a network, in memory, or on a file system of several devices
 * @SHT_DISK_PLAIN: nothing says that it is encrypted; what a disk does by itself is not seen
 * @SHT_DISK_ENCRYPTED: by dm-crypt (LUKS), or the folder by its file system (fscrypt)
 */
typedef enum
{
  SHT_DISK_UNKNOWN,
  SHT_DISK_PLAIN,
  SHT_DISK_ENCRYPTED
} ShtDisk;

ShtDisk sht_disk_of (const char *folder);
ShtDisk sht_disk_of_device (const char *sys_block, const char *name);

G_END_DECLS
