/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where crews are, on the command line. */
#include "hub/main-positions.h"

#include "core/position.h"

static void
print_one (JsonObject *view)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (sht_json_int (view, "at", 0) / 1000);
  g_autofree char *time = at != NULL ? g_date_time_format (at, "%Y-%m-%d %H:%M:%S") : NULL;
  ShtPosition position;

  if (!sht_position_read (view, &position) || time == NULL)
    return;
  if (position.state != SHT_POSITION_HERE)
    g_print ("%-14s %s  %s\n", sht_json_string (view, "crew"), time, sht_position_state_name (position.state));
  else
    g_print ("%-14s %s  %.7f %.7f  within %" G_GINT64_FORMAT " m\n", sht_json_string (view, "crew"), time,
             (double) position.lat_e7 / 1e7, (double) position.lon_e7 / 1e7, position.accuracy_m);
}

/**
 * sht_main_positions:
 * @crew: (nullable): all that is kept of one crew; without it the newest of each
 *
 * Prints where crews were. What is kept no longer goes before.
 */
gboolean
sht_main_positions (ShtHub *hub, const char *crew, gboolean as_json, GError **error)
{
  g_autoptr (JsonArray) list = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (!sht_hub_tidy_positions (hub, error))
    return FALSE;
  list = sht_hub_positions_view (hub, crew, error);
  if (list == NULL)
    return FALSE;
  if (as_json)
    {
      node = json_node_init_array (json_node_alloc (), list);
      text = json_to_string (node, TRUE);
      g_print ("%s\n", text);
      return TRUE;
    }
  for (guint i = 0; i < json_array_get_length (list); i++)
    print_one (sht_json_element (list, i));
  return TRUE;
}
