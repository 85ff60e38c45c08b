/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/backup/backup.h"

G_BEGIN_DECLS

/* A tar archive: the database, the photos that it names, and at its end, so that it also tells that nothing is
 * cut off, what there should be. */
#define SHT_BACKUP_FORMAT 1
#define SHT_BACKUP_DATABASE "hub.db"
#define SHT_BACKUP_MANIFEST "backup.json"
#define SHT_BACKUP_CHUNK (1 << 16)

int sht_backup_claim_folder (const char *folder, GError **error);
void sht_backup_remove_tree (const char *path);

G_END_DECLS
