/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/people.h"

#include "core/json-slice.h"

/**
 * sht_people_tell:
 * @find: finds a person
 *
 * Who was there when the step was done, by id and by the name of now, which the journey keeps: people leave, and their
 * entities with them. Nobody is told whom the hub does not know.
 *
 * Returns: (transfer full) (nullable): for the event, or %NULL when nobody was said to be there
 */
JsonArray *
sht_people_tell (const ShtOperation *op, ShtPersonFunc find, gpointer data)
{
  g_autoptr (JsonArray) people = NULL;

  for (guint i = 0; op->people != NULL && op->people[i] != NULL; i++)
    {
      g_autofree char *line = find (data, op->people[i]);
      g_autofree char *name = line != NULL ? sht_json_read_member (line, -1, "name") : NULL;
      JsonObject *one;

      if (name == NULL)
        continue;
      one = json_object_new ();
      json_object_set_string_member (one, "id", op->people[i]);
      json_object_set_string_member (one, "name", name);
      if (people == NULL)
        people = json_array_new ();
      json_array_add_object_element (people, one);
    }
  return g_steal_pointer (&people);
}
