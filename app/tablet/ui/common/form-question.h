/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ShtFormQuestion:
 *
 * One question of a service, or words to be read, with large controls for its answer.
 *
 * ::changed (self): a person has changed the answer
 */
#define SHT_TYPE_FORM_QUESTION (sht_form_question_get_type ())
G_DECLARE_FINAL_TYPE (ShtFormQuestion, sht_form_question, SHT, FORM_QUESTION, GtkBox)

GtkWidget *sht_form_question_new (JsonObject *question);
const char *sht_form_question_get_code (ShtFormQuestion *self);
JsonNode *sht_form_question_get_answer (ShtFormQuestion *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_form_question_is_wrong (ShtFormQuestion *self);
void sht_form_question_clear (ShtFormQuestion *self);
void sht_form_question_set_answer (ShtFormQuestion *self, JsonNode *answer);

G_END_DECLS
