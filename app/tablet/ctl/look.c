/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "core/geo.h"
#include "core/json.h"
#include "core/view.h"

/* Whether what --near said is a place; nothing is one too, and leaves the two alone. */
gboolean
sht_ctl_near_of (ShtCtlOptions *options, gint64 *lat_e7, gint64 *lon_e7)
{
  g_auto (GStrv) parts = NULL;

  if (options->near == NULL)
    return TRUE;
  parts = g_strsplit (options->near, ",", 3);
  return g_strv_length (parts) == 2 && sht_geo_parse_degrees (parts[0], 900000000, lat_e7)
         && sht_geo_parse_degrees (parts[1], 1800000000, lon_e7);
}

typedef struct
{
  ShtStore *store;
  gboolean json;
  gboolean first;
} Printer;

/* Rows are printed as they come: a list of a hundred thousand is not gathered first. */
static void
print_view (Printer *printer, JsonObject *view)
{
  g_autofree char *text = sht_json_to_string (view);

  g_print ("%s%s", printer->first ? "[" : ",\n ", text);
  printer->first = FALSE;
}

static gboolean
print_ticket (gpointer data, const char *doc)
{
  Printer *printer = data;
  g_autoptr (JsonObject) ticket = sht_json_parse_object (doc, -1, NULL);
  const char *number = sht_json_string (ticket, "number");
  const char *address = sht_json_string (ticket, "address");
  const char *title = sht_json_string (ticket, "title");
  g_autoptr (JsonObject) view = NULL;

  if (ticket == NULL)
    return TRUE;
  if (printer->json)
    {
      view = sht_store_ticket_view (printer->store, sht_json_string (ticket, "id"), NULL);
      if (view != NULL)
        print_view (printer, view);
      return TRUE;
    }
  g_print ("%-16s %-12s %s · %s\n", number != NULL ? number : sht_json_string (ticket, "id"),
           sht_json_string (ticket, "status"), title != NULL ? title : "", address != NULL ? address : "");
  return TRUE;
}

static gboolean
print_place (gpointer data, const char *doc)
{
  Printer *printer = data;
  g_autoptr (JsonObject) place = sht_json_parse_object (doc, -1, NULL);
  g_autoptr (JsonObject) view = place != NULL ? sht_view_place (place) : NULL;

  if (view == NULL)
    return TRUE;
  if (printer->json)
    print_view (printer, view);
  else
    g_print ("%s  %-12s %s\n", sht_json_string (place, "id"), sht_json_string (place, "layer"),
             sht_json_string (place, "name"));
  return TRUE;
}

static int
finish (Printer *printer, gboolean ok, GError **error)
{
  if (!ok)
    return sht_ctl_fail (g_steal_pointer (error));
  if (printer->json)
    g_print ("%s]\n", printer->first ? "[" : "");
  return 0;
}

int
sht_ctl_list (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  ShtListQuery query = {
    .status = options->status, .search = options->search, .near = options->near != NULL, .limit = options->limit
  };
  Printer printer = { store, options->json, TRUE };
  ShtStatus status;
  gboolean ok;

  if (argc != 2 || options->limit < 0)
    return sht_ctl_usage ("list takes no words but its options");
  if (options->status != NULL && !sht_status_parse (options->status, &status))
    return sht_ctl_usage ("--status takes a status");
  if (!sht_ctl_near_of (options, &query.lat_e7, &query.lon_e7))
    return sht_ctl_usage ("--near takes LAT,LON in degrees");
  ok = ((query.search == NULL && !query.near) || sht_store_index_all (store, &error))
       && sht_store_list (store, &query, print_ticket, &printer, &error);
  return finish (&printer, ok, &error);
}

int
sht_ctl_places (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  ShtListQuery query = { .search = options->search, .layer = options->layer, .near = options->near != NULL,
                         .limit = options->limit };
  Printer printer = { store, options->json, TRUE };

  if (argc != 2 || options->limit < 0)
    return sht_ctl_usage ("places takes no words but its options");
  if (!sht_ctl_near_of (options, &query.lat_e7, &query.lon_e7))
    return sht_ctl_usage ("--near takes LAT,LON in degrees");
  return finish (&printer, sht_store_list_places (store, &query, print_place, &printer, &error), &error);
}

#define NEAR_M 200.0
#define MOST_NEAR_M 20000.0
#define NEAR_ROWS 100

static void
print_near (const ShtNear *near)
{
  g_print ("%6.0f m  %-16s %-14s %s%s%s\n", near->metres, near->number != NULL ? near->number : near->id, near->service,
           near->is_others ? "with another crew" : near->title != NULL ? near->title : "",
           near->address != NULL ? " · " : "", near->address != NULL ? near->address : "");
}

static void
print_near_json (Printer *printer, const ShtNear *near)
{
  g_autoptr (JsonObject) view = json_object_new ();

  sht_json_set_string (view, "id", near->id);
  json_object_set_int_member (view, "metres", (gint64) (near->metres + 0.5));
  sht_json_set_string (view, "service", near->service);
  json_object_set_boolean_member (view, "others", near->is_others);
  sht_json_set_string (view, "number", near->number);
  sht_json_set_string (view, "title", near->title);
  sht_json_set_string (view, "address", near->address);
  print_view (printer, view);
}

int
sht_ctl_near (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = NULL;
  Printer printer = { store, options->json, TRUE };
  double metres = NEAR_M;
  char *end = NULL;
  gint64 lat, lon;

  if (argc < 4 || argc > 5 || options->limit < 0)
    return sht_ctl_usage ("near takes LAT LON [METRES]");
  if (!sht_geo_parse_degrees (argv[2], 900000000, &lat) || !sht_geo_parse_degrees (argv[3], 1800000000, &lon))
    return sht_ctl_usage ("LAT and LON are degrees");
  if (argc == 5)
    {
      metres = g_ascii_strtod (argv[4], &end);
      if (end == argv[4] || *end != '\0' || !(metres > 0 && metres <= MOST_NEAR_M))
        return sht_ctl_usage ("METRES is a number up to 20000");
    }
  if (sht_store_index_all (store, &error))
    found = sht_store_near (store, lat, lon, metres, options->service, NULL,
                            options->limit > 0 ? (guint) options->limit : NEAR_ROWS, &error);
  for (guint i = 0; found != NULL && i < found->len; i++)
    if (options->json)
      print_near_json (&printer, g_ptr_array_index (found, i));
    else
      print_near (g_ptr_array_index (found, i));
  return finish (&printer, found != NULL, &error);
}

static const char *
mark (const char *state)
{
  if (g_strcmp0 (state, "on_device") == 0)
    return "○";
  if (g_strcmp0 (state, "sent") == 0)
    return "◐";
  return g_strcmp0 (state, "needs_attention") == 0 ? "!" : "●";
}

static void
print_whole (JsonObject *view)
{
  JsonArray *events = json_object_get_array_member (view, "events");
  JsonArray *photos = json_object_get_array_member (view, "photos");
  JsonArray *voices = json_object_get_array_member (view, "voices");
  const char *number = sht_json_string (view, "number");

  g_print ("%s  %s\n%s\n%s\n", number != NULL ? number : sht_json_string (view, "id"), sht_json_string (view, "status"),
           sht_json_string (view, "title"), sht_json_string (view, "address") != NULL ? sht_json_string (view, "address") : "");
  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);
      JsonObject *data = sht_json_object (event, "data");
      const char *text = sht_json_string (data, "text");
      const char *to = sht_json_string (data, "to");

      g_print (" %s %s  %-12s %s  %s\n", mark (sht_json_string (event, "state")), sht_json_string (event, "at"),
               sht_json_string (event, "kind"), sht_json_string (event, "actor"),
               text != NULL ? text : to != NULL ? to : "");
    }
  for (guint i = 0; i < json_array_get_length (photos); i++)
    {
      JsonObject *photo = json_array_get_object_element (photos, i);

      g_print (" %s photo %-7s %s\n", mark (sht_json_string (photo, "state")), sht_json_string (photo, "role"),
               sht_json_string (photo, "sha256"));
    }
  for (guint i = 0; i < json_array_get_length (voices); i++)
    {
      JsonObject *voice = json_array_get_object_element (voices, i);

      g_print (" %s voice note %" G_GINT64_FORMAT " s  %s\n", mark (sht_json_string (voice, "state")),
               sht_json_int (voice, "duration_ms", 0) / 1000, sht_json_string (voice, "sha256"));
    }
}

int
sht_ctl_show (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  g_autoptr (JsonObject) view = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (argc != 3)
    return sht_ctl_usage ("show ID");
  id = sht_store_find_ticket (store, argv[2], &error);
  view = id != NULL ? sht_store_ticket_view (store, id, &error) : NULL;
  if (view == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  if (options->json)
    {
      node = json_node_init_object (json_node_alloc (), view);
      sht_ctl_print (node);
    }
  else
    print_whole (view);
  return 0;
}

int
sht_ctl_outbox (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonArray) rows = sht_store_outbox (store, &error);
  g_autoptr (JsonNode) node = NULL;

  if (rows == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  if (options->json)
    {
      node = json_node_init_array (json_node_alloc (), rows);
      sht_ctl_print (node);
      return 0;
    }
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);
      const char *reason = sht_json_string (row, "reason");

      g_print ("%s %s  %-16s %s%s%s\n", mark (sht_json_string (row, "state")),
               sht_json_string (row, "at") != NULL ? sht_json_string (row, "at") : "                    ",
               sht_json_string (row, "kind"), sht_json_string (row, "entity"), reason != NULL ? "  " : "",
               reason != NULL ? reason : "");
    }
  return 0;
}

int
sht_ctl_figures (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtFigures) figures = NULL;
  g_autofree char *text = NULL;

  if (argc != 2)
    return sht_ctl_usage ("figures takes no words but its options");
  figures = sht_store_figures (store, options->from, options->to, options->by, &error);
  if (figures == NULL && error->domain == SHT_FIGURES_ERROR)
    return sht_ctl_usage (error->message);
  if (figures == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  text = options->json ? sht_figures_to_json (figures) : sht_figures_to_text (figures);
  g_print (options->json ? "%s\n" : "%s", text);
  return 0;
}
