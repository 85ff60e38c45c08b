/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

/**
 * ShtRescueReport:
 * @device: (owned): whose file it is
 * @made_at: when it was made, by the hub's clock as the tablet knew it, milliseconds since 1970 UTC
 * @taken: operations that were taken in now
 * @known: operations that the hub had already
 * @photos: photos, thumbnails and voice notes that were taken in now
 * @known_photos: those that the hub had already
 * @refused: (owned) (element-type utf8): a line for each operation or photo that the hub does not take
 */
typedef struct
{
  char *device;
  gint64 made_at;
  guint taken;
  guint known;
  guint photos;
  guint known_photos;
  GPtrArray *refused;
} ShtRescueReport;

void sht_rescue_report_clear (ShtRescueReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShtRescueReport, sht_rescue_report_clear)

gboolean sht_hub_rescue (ShtHub *hub, const char *file, ShtRescueReport *report, GError **error);

G_END_DECLS
