/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "core/json.h"
#include "tablet/store/clock.h"
#include "tablet/store/route.h"

static JsonObject *
row_of (const ShtRouteRow *row)
{
  JsonObject *out = json_object_new ();

  sht_json_set_string (out, "id", row->id);
  sht_json_set_string (out, "number", row->number);
  sht_json_set_string (out, "title", row->title);
  sht_json_set_string (out, "address", row->address);
  json_object_set_int_member (out, "metres", (gint64) (row->leg.metres + 0.5));
  json_object_set_int_member (out, "arrive_at", row->leg.arrive_at);
  sht_json_set_string (out, "why", sht_route_why_name (row->leg.why));
  json_object_set_boolean_member (out, "late", row->leg.is_late);
  return out;
}

static void
print_json (const ShtRoute *route)
{
  g_autoptr (JsonObject) out = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonArray *stops = json_array_new ();

  for (guint i = 0; i < route->rows->len; i++)
    json_array_add_object_element (stops, row_of (g_ptr_array_index (route->rows, i)));
  json_object_set_array_member (out, "stops", stops);
  json_object_set_boolean_member (out, "placed", route->is_placed);
  json_object_set_int_member (out, "left_out", route->left_out);
  json_node_set_object (node, out);
  sht_ctl_print (node);
}

static void
print_rows (const ShtRoute *route)
{
  for (guint i = 0; i < route->rows->len; i++)
    {
      const ShtRouteRow *row = g_ptr_array_index (route->rows, i);
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (row->leg.arrive_at / 1000);
      g_autofree char *when = g_date_time_format (time, "%d.%m %H:%M");

      g_print ("%2u  %s  %5.1f km  %-7s%s %s · %s\n", i + 1, when, row->leg.metres / 1000, sht_route_why_name (row->leg.why),
               row->leg.is_late ? " late" : "", row->number != NULL ? row->number : row->id,
               row->address != NULL ? row->address : "");
    }
  if (route->left_out > 0)
    g_print ("%" G_GINT64_FORMAT " more are not on the route\n", route->left_out);
}

static gboolean
place (ShtStore *store, int n, char **words, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < n; i++)
    {
      char *id = sht_store_find_ticket (store, words[i], error);

      if (id == NULL)
        return FALSE;
      g_ptr_array_add (ids, id);
    }
  g_ptr_array_add (ids, NULL);
  return sht_store_place_route (store, (const char *const *) ids->pdata, error);
}

int
sht_ctl_route (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtRoute) route = NULL;
  gint64 from[2];
  gboolean ok = TRUE;

  if (!sht_ctl_near_of (options, &from[0], &from[1]))
    return sht_ctl_usage ("--near takes LAT,LON in degrees");
  if (argc == 3 && g_str_equal (argv[2], "suggest"))
    ok = sht_store_place_route (store, NULL, &error);
  else if (argc > 3 && g_str_equal (argv[2], "first"))
    ok = place (store, argc - 3, argv + 3, &error);
  else if (argc != 2)
    return sht_ctl_usage ("route takes nothing, suggest, or first ID…");
  if (ok)
    route = sht_store_route (store, options->near != NULL ? from : NULL, sht_store_hub_now (store), &error);
  if (route == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  if (options->json)
    print_json (route);
  else
    print_rows (route);
  return 0;
}
