/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtReportWhere:
 *
 * The place of a report: where the tablet is, or, where it does not know that well enough, where the crew works; until a person
 * drags the map under the pin. Its button
 * activates report.here.
 *
 * ::moved (where): a person has put the pin somewhere else
 */
#define SHT_TYPE_REPORT_WHERE (sht_report_where_get_type ())
G_DECLARE_FINAL_TYPE (ShtReportWhere, sht_report_where, SHT, REPORT_WHERE, AdwBin)

GtkWidget *sht_report_where_new (ShtSession *session);
void sht_report_where_guess (ShtReportWhere *self);
void sht_report_where_hold (ShtReportWhere *self);
void sht_report_where_set (ShtReportWhere *self, gint64 lat_e7, gint64 lon_e7);
void sht_report_where_forget (ShtReportWhere *self);
gboolean sht_report_where_get (ShtReportWhere *self, gint64 *lat_e7, gint64 *lon_e7);
gboolean sht_report_where_is_placed (ShtReportWhere *self);
GtkWidget *sht_report_where_get_map (ShtReportWhere *self);

G_END_DECLS
