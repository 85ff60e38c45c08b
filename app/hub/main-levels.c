/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Service levels on the command line: calendars, and what services promise. */
#include "hub/main-levels.h"

#include "hub/levels/levels.h"

#define USUAL_ZONE "Asia/Jerusalem"
#define USUAL_WEEK "sun-thu 07:30-15:30"

/**
 * sht_main_read_file:
 * @path: a file that a person has named
 *
 * Reads it whole, if it is a file: a pipe would be waited for.
 */
gboolean
sht_main_read_file (const char *path, char **contents, gsize *length, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, SHT_LEVELS_ERROR, SHT_LEVELS_ERROR_INVALID, "%s is not a regular file", path);
      return FALSE;
    }
  return g_file_get_contents (path, contents, length, error);
}

/* The same JSON array, of its own. */
static JsonArray *
copy_array (JsonArray *array)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), array);
  g_autofree char *text = json_to_string (node, FALSE);
  g_autoptr (JsonNode) copy = json_from_string (text, NULL);

  return json_array_ref (json_node_get_array (copy));
}

static gboolean
set_week (JsonObject *calendar, const char *week, GError **error)
{
  JsonArray *hours;

  if (week == NULL && sht_json_array (calendar, "week") != NULL)
    return TRUE;
  hours = sht_levels_parse_week (week != NULL ? week : USUAL_WEEK, error);
  if (hours == NULL)
    return FALSE;
  json_object_set_array_member (calendar, "week", hours);
  return TRUE;
}

static gboolean
set_zone (JsonObject *calendar, const char *zone, GError **error)
{
  JsonArray *offsets;

  if (zone == NULL)
    zone = sht_json_has (calendar, "zone") ? sht_json_string (calendar, "zone") : USUAL_ZONE;
  offsets = sht_levels_offsets (zone, error);
  if (offsets == NULL)
    return FALSE;
  json_object_set_array_member (calendar, "offsets", offsets);
  if (g_strcmp0 (sht_json_string (calendar, "zone"), zone) != 0)
    json_object_set_string_member (calendar, "zone", zone);
  return TRUE;
}

static gboolean
set_holidays (JsonObject *calendar, const char *file, GError **error)
{
  g_autofree char *contents = NULL;
  g_autoptr (JsonArray) week = copy_array (sht_json_array (calendar, "week"));
  JsonObject *days, *names;
  gsize length;

  if (!sht_main_read_file (file, &contents, &length, error))
    return FALSE;
  if (!sht_levels_read_holidays (contents, length, sht_json_string (calendar, "zone"), week, &days, &names, error))
    {
      g_prefix_error (error, "%s: ", file);
      return FALSE;
    }
  json_object_set_object_member (calendar, "days", days);
  json_object_set_object_member (calendar, "holidays", names);
  return TRUE;
}

static gboolean
use_for (ShtHub *hub, const char *department, const char *calendar, GPtrArray *changed, GError **error)
{
  JsonObject *found = sht_hub_get_existing (hub, "department", department, error);

  if (found == NULL)
    return FALSE;
  json_object_set_string_member (found, "calendar", calendar);
  g_ptr_array_add (changed, found);
  return TRUE;
}

/**
 * sht_main_calendar:
 * @file: (nullable): holidays, as iCalendar; without it only the week, the zone or a department's calendar is set
 *
 * Makes a calendar or changes it, and lets what is open fall due by it.
 */
gboolean
sht_main_calendar (ShtHub *hub, const char *file, const ShtMainLevels *options, GError **error)
{
  const char *id = options->id != NULL ? options->id : SHT_TOWN_CALENDAR;
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_autoptr (GError) local_error = NULL;
  JsonObject *calendar = sht_hub_get (hub, "calendar", id, &local_error);
  g_autoptr (ShtCalendar) checked = NULL;
  guint n_tickets;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (calendar == NULL)
    {
      calendar = json_object_new ();
      json_object_set_string_member (calendar, "t", "calendar");
      json_object_set_string_member (calendar, "id", id);
    }
  g_ptr_array_add (changed, calendar);
  sht_json_set_string (calendar, "name", options->name != NULL                 ? options->name
                                         : sht_json_has (calendar, "name") ? sht_json_string (calendar, "name")
                                                                           : id);
  if (!set_week (calendar, options->week, error) || !set_zone (calendar, options->zone, error)
      || (file != NULL && !set_holidays (calendar, file, error)))
    return FALSE;
  /* Hours of single days were made of the week as it was. */
  if (file == NULL && options->week != NULL && sht_json_object (calendar, "days") != NULL)
    {
      g_set_error_literal (error, SHT_LEVELS_ERROR, SHT_LEVELS_ERROR_INVALID,
                           "another week changes its holidays too: import them again, with --week");
      return FALSE;
    }
  checked = sht_calendar_new (calendar, error);
  if (checked == NULL || (options->department != NULL && !use_for (hub, options->department, id, changed, error))
      || !sht_hub_put_references (hub, changed, error) || !sht_hub_settle_calendar (hub, id, &n_tickets, error))
    return FALSE;
  g_print ("calendar %s: %u days are not as their weekday; %u open tickets fall due at another time\n", id,
           sht_json_object (calendar, "days") != NULL ? json_object_get_size (sht_json_object (calendar, "days")) : 0, n_tickets);
  return TRUE;
}

static gboolean
collect (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  JsonObject *entity = sht_json_parse_object (doc, -1, NULL);

  if (entity != NULL)
    g_ptr_array_add (data, entity);
  return TRUE;
}

static GPtrArray *
all_of (ShtHub *hub, const char *type, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  return hub->store->driver->each_of_type (hub->store, type, collect, all, error) ? g_steal_pointer (&all) : NULL;
}

gboolean
sht_main_list_calendars (ShtHub *hub, GError **error)
{
  g_autoptr (GPtrArray) calendars = all_of (hub, "calendar", error);
  g_autoptr (GPtrArray) departments = calendars != NULL ? all_of (hub, "department", error) : NULL;

  if (departments == NULL)
    return FALSE;
  for (guint i = 0; i < calendars->len; i++)
    {
      JsonObject *calendar = g_ptr_array_index (calendars, i);
      g_autoptr (GString) users = g_string_new (NULL);

      for (guint d = 0; d < departments->len; d++)
        {
          JsonObject *department = g_ptr_array_index (departments, d);
          const char *own = sht_json_string (department, "calendar");

          if (g_strcmp0 (own != NULL ? own : SHT_TOWN_CALENDAR, sht_json_string (calendar, "id")) == 0)
            g_string_append_printf (users, " %s", sht_json_string (department, "id"));
        }
      g_print ("%-14s %-18s %s;%s\n", sht_json_string (calendar, "id"), sht_json_string (calendar, "zone"),
               sht_json_string (calendar, "name"), users->str);
    }
  return TRUE;
}

static gboolean
index_of (ShtHub *hub, const char *type, GHashTable **index, GError **error)
{
  g_autoptr (GPtrArray) all = all_of (hub, type, error);

  if (all == NULL)
    return FALSE;
  *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  for (guint i = 0; i < all->len; i++)
    {
      JsonObject *entity = g_ptr_array_index (all, i);

      g_hash_table_insert (*index, g_strdup (sht_json_string (entity, "id")), json_object_ref (entity));
    }
  return TRUE;
}

/** sht_main_import_targets: what services promise from now on; tickets that are there keep what they were promised */
gboolean
sht_main_import_targets (ShtHub *hub, const char *file, GError **error)
{
  g_autoptr (GHashTable) services = NULL, departments = NULL, calendars = NULL;
  g_autoptr (GPtrArray) changed = NULL;
  g_autofree char *contents = NULL;
  gsize length;
  guint n = 0;

  if (!sht_main_read_file (file, &contents, &length, error) || !index_of (hub, "service", &services, error)
      || !index_of (hub, "department", &departments, error) || !index_of (hub, "calendar", &calendars, error))
    return FALSE;
  changed = sht_levels_read_targets (contents, length, &(ShtLevelsTown) { services, departments, calendars }, error);
  if (changed == NULL)
    {
      g_prefix_error (error, "%s: ", file);
      return FALSE;
    }
  if (!sht_hub_put_references (hub, changed, error))
    return FALSE;
  for (guint i = 0; i < changed->len; i++)
    n += json_array_get_length (sht_json_array (g_ptr_array_index (changed, i), "targets"));
  g_print ("%u targets of %u services; tickets that are open keep theirs\n", n, changed->len);
  return TRUE;
}

gboolean
sht_main_export_targets (ShtHub *hub, GError **error)
{
  g_autoptr (GPtrArray) services = all_of (hub, "service", error);
  g_autofree char *text = services != NULL ? sht_levels_write_targets (services) : NULL;

  if (text == NULL)
    return FALSE;
  g_print ("%s", text);
  return TRUE;
}
