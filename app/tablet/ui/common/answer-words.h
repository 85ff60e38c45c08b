/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

G_BEGIN_DECLS

/* Questions and answers of a service's forms, in a person's words and language. */

char *sht_question_words (JsonObject *question) G_GNUC_WARN_UNUSED_RESULT;
char *sht_question_help (JsonObject *question) G_GNUC_WARN_UNUSED_RESULT;
char *sht_choice_words (JsonObject *choice) G_GNUC_WARN_UNUSED_RESULT;
char *sht_answer_words (JsonObject *question, JsonNode *answer) G_GNUC_WARN_UNUSED_RESULT;

JsonObject *sht_answers_service (ShtStore *store, const char *ticket) G_GNUC_WARN_UNUSED_RESULT;
char *sht_answers_said (JsonObject *service, JsonObject *fields) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
