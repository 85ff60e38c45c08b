/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/lock.h"

typedef struct
{
  const char *challenge;
  const char *crew;
  const char *tablet;
  JsonArray *answers;
} Asked;

static gboolean
answer_one (const ShtHubDevice *device, const char *token_hash, gpointer data)
{
  Asked *asked = data;
  g_autofree char *answer = NULL;
  JsonObject *one;

  if ((asked->crew != NULL && g_strcmp0 (device->crew, asked->crew) != 0)
      || (asked->tablet != NULL && !g_str_has_suffix (device->id, asked->tablet)))
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

/**
 * sht_hub_unlock:
 * @challenge: what a tablet whose PIN was forgotten shows, as somebody has read it aloud
 * @crew: (nullable): whose tablets; of all when %NULL
 * @tablet: (nullable): a tablet's id, or its end
 *
 * What opens a tablet follows from its login, so nothing has to reach it.
 *
 * Returns: (transfer full) (nullable): for each tablet that it may be its `device`, `crew` and `answer`, the one that was heard of
 *   last first; %NULL with %SHT_HUB_ERROR_BAD_REQUEST for a challenge that was misread, or %SHT_HUB_ERROR_NOT_FOUND
 */
JsonArray *
sht_hub_unlock (ShtHub *hub, const char *challenge, const char *crew, const char *tablet, GError **error)
{
  g_autofree char *digits = sht_unlock_normalise (challenge);
  g_autofree char *end = tablet != NULL ? g_ascii_strdown (tablet, -1) : NULL;
  g_autoptr (JsonArray) answers = json_array_new ();
  Asked asked = { digits, crew, end, answers };

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
  return g_steal_pointer (&answers);
}
