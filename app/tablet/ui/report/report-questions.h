/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ShtReportQuestions:
 *
 * What a service asks where an enquiry comes in, behind a button: nothing of it has to be answered by who reports.
 *
 * ::changed (self): a person has changed an answer
 */
#define SHT_TYPE_REPORT_QUESTIONS (sht_report_questions_get_type ())
G_DECLARE_FINAL_TYPE (ShtReportQuestions, sht_report_questions, SHT, REPORT_QUESTIONS, GtkBox)

GtkWidget *sht_report_questions_new (void);
void sht_report_questions_ask (ShtReportQuestions *self, JsonObject *service);
JsonObject *sht_report_questions_get (ShtReportQuestions *self);
void sht_report_questions_set (ShtReportQuestions *self, JsonObject *answers);

G_END_DECLS
