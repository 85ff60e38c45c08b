/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* How a question among a ticket's fields is called: by this and its code. */
#define SHT_ANSWER_PREFIX "answers."
/* Bytes of a question's code. */
#define SHT_ANSWER_MAX_CODE 64
/* Answers of one ticket, and choices in one answer. */
#define SHT_ANSWER_MAX_COUNT 200
/* Characters of an answer of one line. */
#define SHT_ANSWER_MAX_LINE 200
/* Characters of why a question stays without an answer. */
#define SHT_UNANSWERED_MAX_CHARS 500

#define SHT_FORM_ERROR (sht_form_error_quark ())
GQuark sht_form_error_quark (void);

/**
 * ShtFormError:
 * @SHT_FORM_ERROR_TYPE: an answer is not of its question's type
 * @SHT_FORM_ERROR_LENGTH: a text is too long
 * @SHT_FORM_ERROR_CHOICE: a choice is not in the question's list
 */
typedef enum
{
  SHT_FORM_ERROR_TYPE,
  SHT_FORM_ERROR_LENGTH,
  SHT_FORM_ERROR_CHOICE
} ShtFormError;

/**
 * ShtDatatype:
 *
 * What an answer is, by the names of Open311's service definitions.
 */
typedef enum
{
  SHT_DATATYPE_STRING,
  SHT_DATATYPE_NUMBER,
  SHT_DATATYPE_DATETIME,
  SHT_DATATYPE_TEXT,
  SHT_DATATYPE_SINGLE,
  SHT_DATATYPE_MULTIPLE,
  SHT_N_DATATYPES
} ShtDatatype;

ShtDatatype sht_form_datatype (JsonObject *question);
gboolean sht_form_is_asked (JsonObject *question);
gboolean sht_form_is_required (JsonObject *question);
GPtrArray *sht_form_questions (JsonObject *service, const char *member) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_form_find (JsonObject *service, const char *code);
JsonObject *sht_form_choice (JsonObject *question, const char *key);

gboolean sht_answer_is_given (JsonNode *answer);
gboolean sht_answer_fits (JsonObject *question, JsonNode *answer, GError **error);
gboolean sht_answer_is_offered (JsonObject *question, JsonNode *answer, GError **error);
JsonNode *sht_answer_read (JsonObject *question, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_number_read (const char *text, double *number);
char *sht_answer_plain (JsonObject *question, JsonNode *answer) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *sht_form_missing (JsonObject *service, JsonObject *answers) G_GNUC_WARN_UNUSED_RESULT;

const char *sht_answers_check (JsonObject *answers);
const char *sht_unanswered_check (JsonObject *unanswered);
const char *sht_answer_code (const char *field);
JsonNode *sht_fields_get (JsonObject *entity, const char *field);
void sht_fields_set (JsonObject *entity, const char *field, JsonNode *value);
JsonObject *sht_fields_flat (JsonObject *fields) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
