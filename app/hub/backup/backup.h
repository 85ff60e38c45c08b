/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

/**
 * ShtBackupReport:
 * @head: the log number that the backup reaches
 * @photos: how many photos, thumbnails and voice notes are in it
 * @missing: (owned) (element-type utf8): hashes of those whose bytes the hub should hold and does not
 */
typedef struct
{
  gint64 head;
  guint photos;
  GPtrArray *missing;
} ShtBackupReport;

void sht_backup_report_clear (ShtBackupReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShtBackupReport, sht_backup_report_clear)

gboolean sht_hub_backup (ShtHub *hub, const char *file, ShtBackupReport *report, GError **error);
gboolean sht_hub_restore (const char *file, const char *folder, ShtBackupReport *report, GError **error);

G_END_DECLS
