/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/lock.h"

#include <string.h>

typedef struct
{
  const ShtHubDevice *by; /* (nullable) */
  const char *challenge;
  const char *crew;
  const char *tablet;
  JsonArray *answers;
} Asked;

/* A supervisor opens the tablets of the crews of their department; a manager, an administrator and the office any. */
static gboolean
may_open (const ShtHubDevice *by, const ShtHubDevice *device)
{
  return by == NULL || !g_str_equal (by->role, "supervisor")
         || (g_str_equal (device->role, "crew") && g_strcmp0 (by->department, device->department) == 0);
}

static gboolean
answer_one (const ShtHubDevice *device, const char *token_hash, gpointer data)
{
  Asked *asked = data;
  g_autofree char *answer = NULL;
  JsonObject *one;

  if ((asked->crew != NULL && g_strcmp0 (device->crew, asked->crew) != 0)
      || (asked->tablet != NULL && !g_str_has_suffix (device->id, asked->tablet)) || !may_open (asked->by, device))
    return TRUE;
  answer = sht_unlock_answer (token_hash, device->id, asked->challenge);
  one = json_object_new ();
  json_object_set_string_member (one, "device", device->id);
  json_object_set_string_member (one, "role", device->role);
  sht_json_set_string (one, "crew", device->crew);
  sht_json_set_string (one, "department", device->department);
  json_object_set_string_member (one, "answer", answer);
  json_array_add_object_element (asked->answers, one);
  return TRUE;
}

static gboolean
note_all (ShtHub *hub, const ShtHubDevice *by, JsonArray *answers, GError **error)
{
  gboolean ok = hub->store->driver->begin (hub->store, TRUE, error);

  if (!ok)
    return FALSE;
  for (guint i = 0; ok && i < json_array_get_length (answers); i++)
    ok = hub->store->driver->note_answered (hub->store, sht_json_string (sht_json_element (answers, i), "device"),
                                            by != NULL ? by->id : NULL, sht_hub_now (hub), error);
  if (ok && hub->store->driver->commit (hub->store, error))
    return TRUE;
  hub->store->driver->rollback (hub->store);
  return FALSE;
}

/**
 * sht_hub_unlock:
 * @by: (nullable): the tablet that asks; %NULL for the office, which may open any
 * @challenge: what a tablet whose PIN was forgotten shows, as somebody has read it aloud
 * @crew: (nullable): whose tablets; of all when %NULL
 * @tablet: (nullable): a tablet's id, or its end
 *
 * What opens a tablet follows from its login, so nothing has to reach it. When it was told, and to whom, is kept.
 *
 * Returns: (transfer full) (nullable): for each tablet that it may be its `device`, `crew` and `answer`, the one that was heard of
 *   last first; %NULL with %SHT_HUB_ERROR_BAD_REQUEST for a challenge that was misread, %SHT_HUB_ERROR_NOT_FOUND, or
 *   %SHT_HUB_ERROR_FORBIDDEN for a crew
 */
JsonArray *
sht_hub_unlock (ShtHub *hub, const ShtHubDevice *by, const char *challenge, const char *crew, const char *tablet, GError **error)
{
  g_autofree char *digits = sht_unlock_normalise (challenge);
  g_autofree char *end = tablet != NULL ? g_ascii_strdown (tablet, -1) : NULL;
  g_autoptr (JsonArray) answers = json_array_new ();
  Asked asked = { by, digits, crew, end, answers };

  if (by != NULL && g_str_equal (by->role, "crew"))
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN, "a crew does not open tablets");
      return NULL;
    }
  if (digits == NULL)
    {
      g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST,
                   "%s cannot be what a tablet shows: its %d digits were misread or misheard", challenge, SHT_UNLOCK_DIGITS);
      return NULL;
    }
  if (!hub->store->driver->each_login (hub->store, answer_one, &asked, error))
    return NULL;
  if (json_array_get_length (answers) == 0)
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND, "there is no such tablet at this hub");
      return NULL;
    }
  return note_all (hub, by, answers, error) ? g_steal_pointer (&answers) : NULL;
}

/**
 * sht_hub_take_unlock:
 * @device: a supervisor's or a manager's
 * @body: `challenge` and `crew`, as PROTOCOL.md has it
 *
 * Returns: (transfer full) (nullable): the answer; %NULL with an error as of sht_hub_unlock()
 */
char *
sht_hub_take_unlock (ShtHub *hub, const ShtHubDevice *device, const char *body, gsize length, GError **error)
{
  g_autoptr (JsonObject) asked = sht_json_parse_object (body, (gssize) length, NULL);
  const char *challenge = sht_json_string (asked, "challenge"), *crew = sht_json_string (asked, "crew");
  g_autoptr (JsonObject) answer = NULL;
  JsonArray *answers;

  if (challenge == NULL || crew == NULL)
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST, "what is asked is a challenge and a crew");
      return NULL;
    }
  answers = sht_hub_unlock (hub, device, challenge, crew, NULL, error);
  if (answers == NULL)
    return NULL;
  answer = json_object_new ();
  json_object_set_array_member (answer, "answers", answers);
  json_object_set_int_member (answer, "now", sht_hub_now (hub));
  return sht_json_to_string (answer);
}
