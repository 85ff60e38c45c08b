/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tablets, on the command line. */
#include "hub/main-devices.h"

static char *
say_time (gint64 at)
{
  g_autoptr (GDateTime) time = at > 0 ? g_date_time_new_from_unix_local (at / 1000) : NULL;

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("never");
}

static void
print_unsent (JsonObject *unsent)
{
  JsonArray *operations = sht_json_array (unsent, "operations"), *photos = sht_json_array (unsent, "photos");

  g_print ("  it had not sent %" G_GINT64_FORMAT " steps and %" G_GINT64_FORMAT " photos or voice notes:\n",
           sht_json_int (unsent, "operations_count", 0), sht_json_int (unsent, "photos_count", 0));
  for (guint i = 0; operations != NULL && i < json_array_get_length (operations); i++)
    {
      JsonObject *one = sht_json_element (operations, i);
      g_autofree char *at = say_time (sht_json_int (one, "at", 0));

      g_print ("    %s  %-18s %s\n", at, sht_json_string (one, "kind"), sht_json_string (one, "entity"));
    }
  for (guint i = 0; photos != NULL && i < json_array_get_length (photos); i++)
    {
      JsonObject *one = sht_json_element (photos, i);
      const char *ticket = sht_json_string (one, "ticket");

      g_print ("    %.12s  %" G_GINT64_FORMAT " bytes  %s\n", sht_json_string (one, "sha256"), sht_json_int (one, "size", 0),
               ticket != NULL ? ticket : "");
    }
}

static void
print_device (JsonObject *view)
{
  const char *crew = sht_json_string (view, "crew"), *department = sht_json_string (view, "department");
  g_autofree char *seen = say_time (sht_json_int (view, "last_seen_at", 0));
  JsonObject *unsent = sht_json_object (view, "unsent");

  g_print ("%s  %-10s %-14s last work %s", sht_json_string (view, "device"), sht_json_string (view, "role"),
           crew != NULL ? crew : department != NULL ? department : "", seen);
  if (sht_json_has (view, "sealed_at"))
    {
      g_autofree char *sealed = say_time (sht_json_int (view, "sealed_at", 0));

      g_print ("  sealed %s, %s", sealed, unsent != NULL ? "done" : "not in touch since");
    }
  if (sht_json_has (view, "answered_at"))
    {
      g_autofree char *answered = say_time (sht_json_int (view, "answered_at", 0));
      const char *by = sht_json_string (view, "answered_by");

      g_print ("  what opens it without its PIN was told %s to %s", answered, by != NULL ? by : "the office");
    }
  g_print ("\n");
  if (unsent != NULL)
    print_unsent (unsent);
}

/**
 * sht_main_devices:
 *
 * Prints the tablets that were enrolled, which of them are sealed, and what these had not sent.
 */
gboolean
sht_main_devices (ShtHub *hub, gboolean as_json, GError **error)
{
  g_autoptr (JsonArray) list = sht_hub_devices_view (hub, error);

  if (list == NULL)
    return FALSE;
  if (as_json)
    {
      g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), list);
      g_autofree char *text = json_to_string (node, TRUE);

      g_print ("%s\n", text);
      return TRUE;
    }
  for (guint i = 0; i < json_array_get_length (list); i++)
    print_device (sht_json_element (list, i));
  return TRUE;
}
