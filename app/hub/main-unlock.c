/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What opens a tablet whose PIN was forgotten, on the command line. */
#include "hub/main-unlock.h"

#include "core/json.h"
#include "core/lock.h"

/**
 * sht_main_unlock:
 * @challenge: the digits that the tablet shows
 * @crew: (nullable): whose tablets
 * @tablet: (nullable): the end of the tablet's id, as it shows it
 *
 * Prints a line for each tablet that it may be, with the digits to be read to it.
 */
gboolean
sht_main_unlock (ShtHub *hub, const char *challenge, const char *crew, const char *tablet, gboolean as_json, GError **error)
{
  g_autoptr (JsonArray) answers = sht_hub_unlock (hub, NULL, challenge, crew, tablet, error);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (answers == NULL)
    return FALSE;
  if (as_json)
    {
      node = json_node_init_array (json_node_alloc (), answers);
      text = json_to_string (node, TRUE);
      g_print ("%s\n", text);
      return TRUE;
    }
  for (guint i = 0; i < json_array_get_length (answers); i++)
    {
      JsonObject *one = sht_json_element (answers, i);
      g_autofree char *spaced = sht_unlock_spaced (sht_json_string (one, "answer"));
      const char *crew_of = sht_json_string (one, "crew"), *department = sht_json_string (one, "department");

      g_print ("%s  %s %s, tablet %s\n", spaced, sht_json_string (one, "role"),
               crew_of != NULL ? crew_of : department != NULL ? department : "-", sht_json_string (one, "device"));
    }
  return TRUE;
}
