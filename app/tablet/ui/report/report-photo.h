/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/image.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtReportPhoto:
 *
 * The photo of a report: a large button while there is none, then the photo itself. Its buttons activate
 * report.photo and report.drop-photo.
 *
 * ::changed (photo): there is one now, or none any more, or it is being read
 * ::failed (photo, words): it could not be read, and why, in a sentence
 */
#define SHT_TYPE_REPORT_PHOTO (sht_report_photo_get_type ())
G_DECLARE_FINAL_TYPE (ShtReportPhoto, sht_report_photo, SHT, REPORT_PHOTO, AdwBin)

GtkWidget *sht_report_photo_new (void);
void sht_report_photo_ask (ShtReportPhoto *self);
void sht_report_photo_read (ShtReportPhoto *self, const char *path);
gboolean sht_report_photo_is_reading (ShtReportPhoto *self);
void sht_report_photo_set (ShtReportPhoto *self, ShtImage *image);
void sht_report_photo_set_next (ShtReportPhoto *self, gboolean next);
const ShtImage *sht_report_photo_get (ShtReportPhoto *self);

GtkWidget *sht_report_big_button (const char *icon, const char *text, const char *action) G_GNUC_WARN_UNUSED_RESULT;
void sht_report_big_button_say (GtkWidget *button, const char *text);

G_END_DECLS
