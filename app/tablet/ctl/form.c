/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/form.h"
#include "core/json.h"
#include "tablet/ctl/ctl.h"

#include <string.h>

/* The ticket and its service; %FALSE with @error set. A service that the tablet has not got asks nothing. */
static gboolean
load (ShtStore *store, const char *id, JsonObject **ticket, JsonObject **service, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  const char *code;

  *ticket = sht_store_get (store, "ticket", id, &local_error);
  code = sht_json_string (*ticket, "service");
  if (local_error == NULL && code != NULL)
    *service = sht_store_get (store, "service", code, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
print_form (JsonObject *ticket, JsonObject *service)
{
  g_autoptr (GPtrArray) questions = sht_form_questions (service, "form");
  JsonObject *answers = sht_json_object (ticket, "answers");

  for (guint i = 0; i < questions->len; i++)
    {
      JsonObject *question = g_ptr_array_index (questions, i);
      const char *code = sht_json_string (question, "code");
      const char *words = sht_json_string (question, "description");
      JsonArray *values = sht_json_array (question, "values");
      g_autofree char *answer = sht_answer_plain (question, answers != NULL ? json_object_get_member (answers, code) : NULL);

      if (!sht_form_is_asked (question))
        {
          g_print ("  %s\n", words != NULL ? words : code);
          continue;
        }
      g_print ("%s %s  %s  %s\n", sht_form_is_required (question) ? "*" : " ", code, words != NULL ? words : "", answer);
      for (guint k = 0; values != NULL && answer[0] == '\0' && k < json_array_get_length (values); k++)
        g_print ("      %s  %s\n", sht_json_string (sht_json_element (values, k), "key"),
                 sht_json_string (sht_json_element (values, k), "name"));
    }
}

/* "CODE=VALUE" of each, by the service's own questions. */
static JsonObject *
read_answers (JsonObject *service, GStrv given, GError **error)
{
  g_autoptr (JsonObject) answers = json_object_new ();

  for (guint i = 0; given[i] != NULL; i++)
    {
      const char *sign = strchr (given[i], '=');
      g_autofree char *code = g_strndup (given[i], sign != NULL ? (gsize) (sign - given[i]) : strlen (given[i]));
      JsonObject *question = sht_form_find (service, code);
      JsonNode *answer;

      if (question == NULL || sign == NULL)
        {
          g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND,
                       sign == NULL ? "--set takes CODE=VALUE, and not %s" : "nothing called %s is asked", code);
          return NULL;
        }
      answer = sht_answer_read (question, sign + 1, error);
      if (answer == NULL)
        return NULL;
      json_object_set_member (answers, code, answer);
    }
  return g_steal_pointer (&answers);
}

int
sht_ctl_form (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) ticket = NULL, service = NULL;
  g_autofree char *id = NULL;
  JsonObject *answers;

  if (argc != 3)
    return sht_ctl_usage ("form ID [--set CODE=VALUE]…");
  id = sht_store_find_ticket (store, argv[2], &error);
  if (id == NULL || !load (store, id, &ticket, &service, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  if (options->set == NULL)
    {
      print_form (ticket, service);
      return 0;
    }
  answers = read_answers (service, options->set, &error);
  if (answers == NULL || !sht_store_set_answers (store, id, answers, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  return 0;
}

/**
 * sht_ctl_missing_answers:
 *
 * Returns: (transfer full) (nullable): which questions the work has to answer before it is done; %NULL with @error
 */
GStrv
sht_ctl_missing_answers (ShtStore *store, const char *id, GError **error)
{
  g_autoptr (GStrvBuilder) codes = g_strv_builder_new ();
  g_autoptr (JsonObject) ticket = NULL, service = NULL;
  g_autoptr (GPtrArray) missing = NULL;

  if (!load (store, id, &ticket, &service, error))
    return NULL;
  missing = sht_form_missing (service, sht_json_object (ticket, "answers"));
  for (guint i = 0; i < missing->len; i++)
    g_strv_builder_add (codes, sht_json_string (g_ptr_array_index (missing, i), "code"));
  return g_strv_builder_end (codes);
}
