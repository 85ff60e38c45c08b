/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtPlaceReport:
 *
 * What has been reported of a place, and the button by which a crew reports what it finds there, and a supervisor sets
 * it right. A town's districts are nothing that one finds or misses.
 */
#define SHT_TYPE_PLACE_REPORT (sht_place_report_get_type ())
G_DECLARE_FINAL_TYPE (ShtPlaceReport, sht_place_report, SHT, PLACE_REPORT, GtkBox)

GtkWidget *sht_place_report_new (ShtSession *session) G_GNUC_WARN_UNUSED_RESULT;
char *sht_place_report_words (ShtStore *store, JsonObject *place) G_GNUC_WARN_UNUSED_RESULT;
void sht_place_report_show (ShtPlaceReport *self, JsonObject *place);

G_END_DECLS
