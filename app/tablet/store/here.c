/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json.h"

/* What was said holds for so long: longer than any shift, and shorter than until the next day's begins, by day or by
 * night. */
#define HOLDS_MS (G_GINT64_CONSTANT (14) * 3600 * 1000)
#define CHOICE SHT_STORE_HERE
/* A crew is a few people; a longer list is some mistake of the office's. */
#define MOST_LISTED 60

/**
 * sht_store_crew_people:
 *
 * Returns: (transfer full) (nullable) (element-type JsonObject): the people of this tablet's crew, by their ids; none for a
 *   tablet that is no crew's; %NULL with a #ShtDbError
 */
GPtrArray *
sht_store_crew_people (ShtStore *store, GError **error)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  ShtStmt *stmt;

  if (store->device.crew == NULL || store->device.role != SHT_ROLE_CREW)
    return g_steal_pointer (&people);
  stmt = sht_db_query (store->db,
                       "SELECT doc FROM entity WHERE type = 'person' AND doc ->> 'crew' = ?1 ORDER BY id LIMIT ?2", "si",
                       store->device.crew, (gint64) MOST_LISTED);
  while (sht_stmt_step (stmt))
    {
      JsonObject *person = sht_json_parse_object (sht_stmt_text (stmt, 0), -1, NULL);

      if (person != NULL)
        g_ptr_array_add (people, person);
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&people) : NULL;
}

static JsonObject *
read_choice (ShtStore *store)
{
  g_autofree char *text = sht_store_get_text (store, CHOICE);

  return text != NULL ? sht_json_parse_object (text, -1, NULL) : NULL;
}

/* A choice of another crew, from before the tablet was enrolled anew, is none. */
static gboolean
holds (ShtStore *store, JsonObject *choice)
{
  gint64 at = sht_json_int (choice, "at", 0), now = sht_store_now (store);

  return choice != NULL && g_strcmp0 (sht_json_string (choice, "crew"), store->device.crew) == 0 && now >= at
         && now - at < HOLDS_MS;
}

static GStrv
people_of (JsonObject *choice)
{
  JsonArray *people = sht_json_array (choice, "people");
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  if (people == NULL || json_array_get_length (people) == 0)
    return NULL;
  for (guint i = 0; i < json_array_get_length (people); i++)
    g_strv_builder_add (ids, json_array_get_string_element (people, i));
  return g_strv_builder_end (ids);
}

/**
 * sht_store_here:
 *
 * Returns: (transfer full) (nullable): ids of those who are there on this shift, which go with each step; %NULL when nobody was
 *   said to be, or that was long ago
 */
GStrv
sht_store_here (ShtStore *store)
{
  g_autofree char *text = sht_store_get_text (store, CHOICE);

  return sht_store_here_by (store, text);
}

/**
 * sht_store_here_by:
 * @text: (nullable): what stands under %SHT_STORE_HERE
 *
 * Returns: (transfer full) (nullable): as sht_store_here(), for who has read it already
 */
GStrv
sht_store_here_by (ShtStore *store, const char *text)
{
  g_autoptr (JsonObject) choice = text != NULL ? sht_json_parse_object (text, -1, NULL) : NULL;

  return holds (store, choice) ? people_of (choice) : NULL;
}

/**
 * sht_store_here_before:
 *
 * Returns: (transfer full) (nullable): those who were chosen last, however long ago, to be offered again
 */
GStrv
sht_store_here_before (ShtStore *store)
{
  g_autoptr (JsonObject) choice = read_choice (store);

  return choice != NULL && g_strcmp0 (sht_json_string (choice, "crew"), store->device.crew) == 0 ? people_of (choice) : NULL;
}

/**
 * sht_store_here_is_asked:
 *
 * Returns: whether it is time to ask who is there: there are people to choose from, and nobody has answered on this shift
 */
gboolean
sht_store_here_is_asked (ShtStore *store)
{
  g_autoptr (JsonObject) choice = read_choice (store);
  g_autoptr (GPtrArray) people = holds (store, choice) ? NULL : sht_store_crew_people (store, NULL);

  return people != NULL && people->len > 0;
}

/**
 * sht_store_set_here:
 * @people: (nullable): ids of people of this crew; %NULL or none when nobody wants to say, which holds as long
 *
 * Notes who is there from now on.
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_NOT_FOUND for somebody who is not of the crew, %SHT_STORE_ERROR_REFUSED for more than
 *   %SHT_OPERATION_MAX_PEOPLE, or a #ShtDbError
 */
gboolean
sht_store_set_here (ShtStore *store, const char *const *people, GError **error)
{
  g_autoptr (GPtrArray) crew = sht_store_crew_people (store, error);
  g_autoptr (JsonObject) choice = json_object_new ();
  g_autofree char *text = NULL;
  JsonArray *list = json_array_new ();

  json_object_set_int_member (choice, "at", sht_store_now (store));
  sht_json_set_string (choice, "crew", store->device.crew);
  json_object_set_array_member (choice, "people", list);
  if (crew == NULL)
    return FALSE;
  for (guint i = 0; people != NULL && people[i] != NULL; i++)
    {
      gboolean found = FALSE;

      for (guint j = 0; j < crew->len && !found; j++)
        found = g_strcmp0 (sht_json_string (g_ptr_array_index (crew, j), "id"), people[i]) == 0;
      if (!found)
        {
          g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "there is no %s in this crew", people[i]);
          return FALSE;
        }
      json_array_add_string_element (list, people[i]);
    }
  if (json_array_get_length (list) > SHT_OPERATION_MAX_PEOPLE)
    {
      g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED, "at most %d people are a crew", SHT_OPERATION_MAX_PEOPLE);
      return FALSE;
    }
  text = sht_json_to_string (choice);
  return sht_store_set_text (store, CHOICE, text, error);
}
