/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/request.h"

#include "core/json.h"

#define TIMEOUT_S 30

/**
 * sht_request_new:
 * @method: a literal
 * @path: path and query at the hub
 *
 * Returns: (transfer full): a request without headers and body
 */
ShtRequest *
sht_request_new (ShtLane lane, const char *method, const char *path)
{
  ShtRequest *request = g_new0 (ShtRequest, 1);

  request->lane = lane;
  request->method = method;
  request->path = g_strdup (path);
  request->headers = g_ptr_array_new_with_free_func (g_free);
  request->timeout_s = TIMEOUT_S;
  return request;
}

void
sht_request_set_header (ShtRequest *request, const char *name, const char *value)
{
  g_ptr_array_add (request->headers, g_strdup (name));
  g_ptr_array_add (request->headers, g_strdup (value));
}

void
sht_request_free (ShtRequest *request)
{
  g_free (request->path);
  g_ptr_array_unref (request->headers);
  g_clear_pointer (&request->body, g_bytes_unref);
  g_free (request);
}

/**
 * sht_answer_new:
 *
 * Returns: (transfer full): an answer without headers and body
 */
ShtAnswer *
sht_answer_new (guint status)
{
  ShtAnswer *answer = g_new0 (ShtAnswer, 1);

  answer->status = status;
  answer->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return answer;
}

/**
 * sht_answer_header:
 *
 * Returns: (transfer none) (nullable): the header's value
 */
const char *
sht_answer_header (ShtAnswer *answer, const char *lower_case_name)
{
  return g_hash_table_lookup (answer->headers, lower_case_name);
}

/**
 * sht_answer_number:
 *
 * Returns: the header as a number from 0 up, or -1 when it is absent or no such number
 */
gint64
sht_answer_number (ShtAnswer *answer, const char *lower_case_name)
{
  const char *text = sht_answer_header (answer, lower_case_name);
  gint64 value;

  return text != NULL && g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &value, NULL) ? value : -1;
}

/**
 * sht_answer_is_the_hubs:
 *
 * Returns: whether an error is told as the hub tells its own: a JSON object with `error` and `message`
 */
gboolean
sht_answer_is_the_hubs (ShtAnswer *answer)
{
  g_autofree char *code = sht_answer_error_code (answer);

  return code != NULL;
}

/**
 * sht_answer_error_code:
 *
 * Returns: (transfer full) (nullable): the code of an error that is told as the hub tells its own
 */
char *
sht_answer_error_code (ShtAnswer *answer)
{
  gsize length = 0;
  const char *text = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : NULL;
  g_autoptr (JsonObject) json = text != NULL ? sht_json_parse_object (text, (gssize) length, NULL) : NULL;

  return sht_json_string (json, "message") != NULL ? g_strdup (sht_json_string (json, "error")) : NULL;
}

void
sht_answer_free (ShtAnswer *answer)
{
  g_hash_table_unref (answer->headers);
  g_clear_pointer (&answer->body, g_bytes_unref);
  g_free (answer->problem);
  g_free (answer);
}
