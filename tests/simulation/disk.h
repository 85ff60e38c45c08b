/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SimDisk:
 *
 * The database files of one machine, in memory, behind a VFS of SQLite's that is named by
 * %SIM_DISK_VFS. What lies under the disk's folder is its own. It keeps what was written and not synced
 * apart from what was, and can stop working at the n-th write from now, as a machine does that is killed
 * or loses its power there.
 */
typedef struct _SimDisk SimDisk;

/**
 * SimDiskImage:
 *
 * A copy of all files of a disk: a backup, a template, an older state that is put back.
 */
typedef struct _SimDiskImage SimDiskImage;

#define SIM_DISK_VFS "sim-disk"

SimDisk *sim_disk_new (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
void sim_disk_free (SimDisk *disk);
void sim_disk_die_at (SimDisk *disk, guint write);
gboolean sim_disk_is_dead (SimDisk *disk);
void sim_disk_revive (SimDisk *disk, gboolean power_was_lost, guint keep);
void sim_disk_refuse (SimDisk *disk, guint writes);
guint64 sim_disk_writes (SimDisk *disk);

SimDiskImage *sim_disk_copy (SimDisk *disk) G_GNUC_WARN_UNUSED_RESULT;
void sim_disk_put_back (SimDisk *disk, const SimDiskImage *image);
void sim_disk_image_free (SimDiskImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimDiskImage, sim_disk_image_free)

G_END_DECLS
