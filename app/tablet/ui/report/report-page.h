/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/common/page.h"

G_BEGIN_DECLS

/**
 * ShtReportPage:
 *
 * A hazard in three taps: its photo, its kind, save. Its actions: report.photo, report.drop-photo,
 * report.kind (s), report.more, report.open (s), report.here, report.save. What is entered is kept as a draft.
 */
#define SHT_TYPE_REPORT_PAGE (sht_report_page_get_type ())
G_DECLARE_FINAL_TYPE (ShtReportPage, sht_report_page, SHT, REPORT_PAGE, AdwBin)

void sht_report_page_set_photo (ShtReportPage *self, const char *path);
void sht_report_page_set_kind (ShtReportPage *self, const char *service);
const char *sht_report_page_get_saved (ShtReportPage *self);
gboolean sht_report_page_is_importing (ShtReportPage *self);
GtkWidget *sht_report_page_get_where (ShtReportPage *self);

G_END_DECLS
