/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json.h"
#include "core/protocol.h"
#include "hub/api/server.h"
#include "hub/backup/backup.h"
#include "hub/main-devices.h"
#include "hub/main-enrol.h"
#include "hub/main-help.h"
#include "hub/main-import.h"
#include "hub/main-levels.h"
#include "hub/main-maps.h"
#include "hub/main-places.h"
#include "hub/main-positions.h"
#include "hub/main-ticket.h"
#include "hub/main-unlock.h"
#include "hub/rescue/rescue.h"
#include "hub/sample/sample.h"
#include "hub/service/hub.h"
#include "platform/language.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>

#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)
#define MOST_KEEP_DAYS 3650
#define USAGE 2

typedef struct
{
  char *data;
  char *listen;
  gboolean behind_proxy;
  gint64 tickets;
  gint64 seed;
  char *date;
  char *crew;
  char *supervisor;
  gboolean manager;
  char *person;
  char *jurisdiction;
  char *id;
  char *name;
  char *attribution;
  char *week;
  char *zone;
  char *department;
  char *by;
  char *from;
  char *to;
  gboolean json;
  ShtMainEnrol enrol;
  ShtMainPlaces places;
  gint64 keep_days;
} Options;

static int
fail (GError *error)
{
  g_printerr ("shetach-hub: %s\n", error->message);
  g_error_free (error);
  return 1;
}

static int
usage (const char *what)
{
  g_printerr ("shetach-hub: %s (see shetach-hub --help)\n", what);
  return USAGE;
}

static void
print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);

  g_print ("%s\n", text);
}

/* Who only asks or adds must not make an empty hub of a folder that was misspelt. */
static ShtHub *
open_existing (const char *folder, GError **error)
{
  if (!sht_hub_is_in (folder))
    {
      g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND, "there is no hub in %s", folder);
      return NULL;
    }
  return sht_hub_open (folder, error);
}

static gboolean
on_signal (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static int
serve (Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (ShtHubServer) server = sht_hub_server_new (options->data, &error);

  if (server == NULL
      || !sht_hub_server_listen (server, options->listen != NULL ? options->listen : "127.0.0.1:8106",
                                 options->behind_proxy, &error))
    return fail (g_steal_pointer (&error));
  g_unix_signal_add (SIGINT, on_signal, loop);
  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_print ("listening on %s\n", sht_hub_server_get_uri (server));
  fflush (stdout);
  g_main_loop_run (loop);
  return 0;
}

static char *
sample_folder (void)
{
  const char *given = g_getenv ("SHETACH_SAMPLE");

  if (given != NULL)
    return g_strdup (given);
  return g_strdup (g_file_test (SHT_SAMPLE_INSTALLED, G_FILE_TEST_IS_DIR) ? SHT_SAMPLE_INSTALLED
                                                                          : SHT_SAMPLE_SOURCE);
}

/* The sample's days end with the last midnight (UTC), so that the same seed gives the same town all day. */
static gboolean
sample_date (const char *date, gint64 *now_ms)
{
  g_autofree char *text = date != NULL ? g_strconcat (date, "T00:00:00Z", NULL) : NULL;
  g_autoptr (GDateTime) time = NULL;

  if (text == NULL)
    {
      *now_ms = g_get_real_time () / 1000 / DAY_MS * DAY_MS;
      return TRUE;
    }
  time = g_date_time_new_from_iso8601 (text, NULL);
  if (time == NULL)
    return FALSE;
  *now_ms = g_date_time_to_unix (time) * 1000;
  return TRUE;
}

static int
sample (Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  g_autoptr (ShtHubSeeder) seeder = NULL;
  g_autofree char *folder = sample_folder ();
  ShtHubSeedCount count;
  gint64 now_ms;

  if (options->tickets < 0 || options->tickets > 10000000)
    return usage ("--tickets takes a number up to 10000000");
  if (!sample_date (options->date, &now_ms))
    return usage ("--date takes a day, such as 2026-11-01");
  hub = sht_hub_open (options->data, &error);
  if (hub == NULL)
    return fail (g_steal_pointer (&error));
  seeder = sht_hub_seeder_new (hub);
  if (!sht_sample_generate (folder, (guint) options->tickets, (guint64) options->seed, now_ms, sht_hub_seeder_add,
                            seeder, &error)
      || !sht_hub_seeder_finish (seeder, &count, &error))
    return fail (g_steal_pointer (&error));
  g_print ("sample town: %" G_GINT64_FORMAT " tickets; %u entities added, %u changed, %u as they were\n",
           options->tickets, count.added, count.changed, count.unchanged);
  return 0;
}

static int
import (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  gboolean whole = FALSE;

  if (argc != 4 || !g_str_equal (argv[2], "open311"))
    return usage ("import open311 FILE");
  hub = sht_hub_open (options->data, &error);
  if (hub == NULL || (options->crew != NULL && !sht_main_check_crew (hub, options->crew, NULL, &error))
      || !sht_main_import_open311 (hub, argv[3], options->jurisdiction, options->crew, &whole, &error))
    return fail (g_steal_pointer (&error));
  return whole ? 0 : 1;
}

static int
enrol (Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  const char *fault = sht_main_enrol_fault (&options->enrol);

  if ((options->crew != NULL) + (options->supervisor != NULL) + options->manager != 1)
    return usage ("enrol takes one of --crew, --supervisor and --manager");
  if (fault != NULL)
    return usage (fault);
  hub = open_existing (options->data, &error);
  if (hub == NULL
      || !sht_main_enrol (hub, options->crew, options->supervisor, options->person, &options->enrol, &error))
    return fail (g_steal_pointer (&error));
  return 0;
}

static int
unlock (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;

  if (argc != 3 || (options->crew == NULL && options->enrol.tablet == NULL))
    return usage ("unlock DIGITS, with --crew CREW or --tablet ID");
  hub = open_existing (options->data, &error);
  if (hub == NULL || !sht_main_unlock (hub, argv[2], options->crew, options->enrol.tablet, options->json, &error))
    return fail (g_steal_pointer (&error));
  return 0;
}

static int
crews (Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = open_existing (options->data, &error);
  g_autoptr (JsonArray) list = hub != NULL ? sht_hub_crews_view (hub, &error) : NULL;
  g_autoptr (JsonNode) node = NULL;

  if (list == NULL)
    return fail (g_steal_pointer (&error));
  if (options->json)
    {
      node = json_node_init_array (json_node_alloc (), list);
      print_json (node);
      return 0;
    }
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *crew = json_array_get_object_element (list, i);

      g_print ("%-14s %-14s %s\n", sht_json_string (crew, "id"), sht_json_string (crew, "department"),
               sht_json_string (crew, "name"));
    }
  return 0;
}

static int
assign (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  g_autofree char *id = NULL;

  if (argc != 4)
    return usage ("assign ID CREW");
  hub = open_existing (options->data, &error);
  id = hub != NULL ? sht_hub_find_ticket (hub, argv[2], &error) : NULL;
  if (id == NULL || !sht_hub_assign (hub, id, argv[3], &error))
    return fail (g_steal_pointer (&error));
  return 0;
}

static int
ticket (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  g_autofree char *id = NULL;
  g_autoptr (JsonObject) view = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (argc != 3)
    return usage ("ticket ID");
  hub = open_existing (options->data, &error);
  id = hub != NULL ? sht_hub_find_ticket (hub, argv[2], &error) : NULL;
  view = id != NULL ? sht_hub_ticket_view (hub, id, &error) : NULL;
  if (view == NULL)
    return fail (g_steal_pointer (&error));
  if (options->json)
    {
      node = json_node_init_object (json_node_alloc (), view);
      print_json (node);
    }
  else
    sht_main_print_ticket (hub, view);
  return 0;
}

static int
check (Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = open_existing (options->data, &error);
  g_autoptr (GPtrArray) faults = NULL;
  guint photos = 0, voices = 0;

  if (hub != NULL)
    faults = sht_hub_verify_photos (hub, &photos, &voices, &error);
  if (faults == NULL)
    return fail (g_steal_pointer (&error));
  for (guint i = 0; i < faults->len; i++)
    g_print ("%s\n", (char *) g_ptr_array_index (faults, i));
  if (voices > 0)
    g_print ("%u photos and %u voice notes re-hashed, %u faults\n", photos, voices, faults->len);
  else
    g_print ("%u photos re-hashed, %u faults\n", photos, faults->len);
  return faults->len > 0 ? 1 : 0;
}

static int
tell_missing (const ShtBackupReport *report, const char *what_follows)
{
  for (guint i = 0; i < report->missing->len; i++)
    g_printerr ("shetach-hub: photo %s: its bytes are missing or damaged\n",
                (char *) g_ptr_array_index (report->missing, i));
  if (report->missing->len > 0)
    g_printerr ("shetach-hub: %s\n", what_follows);
  return report->missing->len > 0 ? 1 : 0;
}

static int
backup (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  g_auto (ShtBackupReport) report = { 0 };

  if (argc != 3)
    return usage ("backup FILE");
  hub = open_existing (options->data, &error);
  if (hub == NULL || !sht_hub_backup (hub, argv[2], &report, &error))
    return fail (g_steal_pointer (&error));
  g_print ("backed up through number %" G_GINT64_FORMAT ", with %u photos, thumbnails and voice notes\n", report.head,
           report.photos);
  return tell_missing (&report, "the backup is whole without them; the tablets keep what they have sent");
}

static int
restore (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (ShtBackupReport) report = { 0 };

  if (argc != 3)
    return usage ("restore FILE");
  if (!sht_hub_restore (argv[2], options->data, &report, &error))
    return fail (g_steal_pointer (&error));
  g_print ("restored through number %" G_GINT64_FORMAT ", with %u photos, thumbnails and voice notes; a new history begins\n",
           report.head, report.photos);
  return tell_missing (&report, "the hub goes on without them, and takes them from a tablet that still has them");
}

static int
rescue (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  g_auto (ShtRescueReport) report = { 0 };

  if (argc != 3)
    return usage ("rescue FILE");
  hub = open_existing (options->data, &error);
  if (hub == NULL || !sht_hub_rescue (hub, argv[2], &report, &error))
    return fail (g_steal_pointer (&error));
  g_print ("tablet %s: %u steps and %u photos, thumbnails and voice notes taken in; %u steps and %u of those were "
           "here already\n",
           report.device, report.taken, report.photos, report.known, report.known_photos);
  for (guint i = 0; i < report.refused->len; i++)
    g_printerr ("shetach-hub: not taken in: %s\n", (char *) g_ptr_array_index (report.refused, i));
  return report.refused->len > 0 ? 1 : 0;
}

static int
keep_days (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  gint64 days;

  if (argc != 3 || !g_ascii_string_to_signed (argv[2], 10, 0, MOST_KEEP_DAYS, &days, NULL))
    return usage ("keep-days takes a number from 0 to 3650");
  hub = open_existing (options->data, &error);
  if (hub == NULL || !sht_hub_ensure_history (hub, &error)
      || !hub->store->driver->set_keep_days (hub->store, days, &error))
    return fail (g_steal_pointer (&error));
  return 0;
}

static int
calendar (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  const char *what = argc > 2 ? argv[2] : "";
  const ShtMainLevels said = { options->id, options->name, options->week, options->zone, options->department };
  gboolean ok;

  if (!(g_str_equal (what, "import") && argc == 4) && !(g_strv_contains ((const char *[]) { "set", "list", NULL }, what) && argc == 3))
    return usage ("calendar import FILE.ics, calendar set, or calendar list");
  hub = open_existing (options->data, &error);
  ok = hub != NULL
       && (g_str_equal (what, "list") ? sht_main_list_calendars (hub, &error) : sht_main_calendar (hub, argv[3], &said, &error));
  return ok ? 0 : fail (g_steal_pointer (&error));
}

static int
sla (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  const char *what = argc > 2 ? argv[2] : "";
  gboolean ok;

  if (!(g_str_equal (what, "import") && argc == 4) && !(g_str_equal (what, "export") && argc == 3))
    return usage ("sla import FILE.csv, or sla export");
  hub = open_existing (options->data, &error);
  ok = hub != NULL && (argc == 4 ? sht_main_import_targets (hub, argv[3], &error) : sht_main_export_targets (hub, &error));
  return ok ? 0 : fail (g_steal_pointer (&error));
}

static int
map (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  const char *what = argc > 2 ? argv[2] : "";
  gboolean ok;

  if (!(g_str_equal (what, "add") && argc == 4 && options->name != NULL) && !(g_str_equal (what, "list") && argc == 3)
      && !(g_strv_contains ((const char *[]){ "remove", "online", NULL }, what) && argc == 4))
    return usage ("map add FILE.mbtiles --name NAME, map list, map remove NAME, or map online URL --attribution TEXT");
  hub = open_existing (options->data, &error);
  ok = hub != NULL
       && sht_main_map (hub, what, argv[argc - 1], options->name, options->attribution, options->json, &error);
  return ok ? 0 : fail (g_steal_pointer (&error));
}

static int
places (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;

  if (!sht_main_places_fits (argc, argv))
    return usage ("places import FILE.geojson, places style, places list, or places remove");
  hub = open_existing (options->data, &error);
  if (hub == NULL || !sht_main_places (hub, argc, argv, options->name, &options->places, &error))
    return fail (g_steal_pointer (&error));
  return 0;
}

static int
figures (Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = open_existing (options->data, &error);
  g_autoptr (ShtFigures) counted = NULL;
  g_autofree char *text = NULL;

  if (hub != NULL)
    counted = sht_hub_figures (hub, options->from, options->to, options->by, &error);
  if (counted == NULL)
    return error->domain == SHT_FIGURES_ERROR ? usage (error->message) : fail (g_steal_pointer (&error));
  text = options->json ? sht_figures_to_json (counted) : sht_figures_to_text (counted);
  g_print (options->json ? "%s\n" : "%s", text);
  return 0;
}

static int
positions (Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;

  if (options->keep_days < -1 || options->keep_days > SHT_HUB_POSITION_MOST_DAYS)
    return usage ("--keep-days takes a number from 0 to 3650");
  hub = open_existing (options->data, &error);
  if (hub == NULL
      || !(options->keep_days >= 0 ? sht_hub_keep_positions (hub, options->keep_days, &error)
                                   : sht_main_positions (hub, options->crew, options->json, &error)))
    return fail (g_steal_pointer (&error));
  return 0;
}

static int
closed_days (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  gint64 days;

  if (argc != 3 || !g_ascii_string_to_signed (argv[2], 10, 0, SHT_HUB_CLOSED_MOST_DAYS, &days, NULL))
    return usage ("closed-days takes a number from 0 to 3650");
  hub = open_existing (options->data, &error);
  return hub != NULL && sht_hub_keep_closed (hub, days, &error) ? 0 : fail (g_steal_pointer (&error));
}

static int
devices (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  gboolean seals = g_str_equal (argv[1], "seal");

  if (argc != (seals ? 3 : 2))
    return usage (seals ? "seal takes the id of a tablet, or what it begins with" : "devices takes no more words");
  hub = open_existing (options->data, &error);
  if (hub == NULL || (seals && !sht_hub_seal_device (hub, argv[2], &error))
      || !sht_main_devices (hub, options->json, &error))
    return fail (g_steal_pointer (&error));
  return 0;
}

static int
run (int argc, char **argv, Options *options)
{
  const char *command = argc > 1 ? argv[1] : "";

  if (options->data == NULL)
    return usage ("--data DIR is needed");
  if (g_str_equal (command, "serve") && argc == 2)
    return serve (options);
  if (g_str_equal (command, "sample") && argc == 2)
    return sample (options);
  if (g_str_equal (command, "import"))
    return import (argc, argv, options);
  if (g_str_equal (command, "calendar"))
    return calendar (argc, argv, options);
  if (g_str_equal (command, "sla"))
    return sla (argc, argv, options);
  if (g_str_equal (command, "map"))
    return map (argc, argv, options);
  if (g_str_equal (command, "places"))
    return places (argc, argv, options);
  if (g_str_equal (command, "figures") && argc == 2)
    return figures (options);
  if (g_str_equal (command, "enrol") && argc == 2)
    return enrol (options);
  if (g_str_equal (command, "unlock"))
    return unlock (argc, argv, options);
  if (g_str_equal (command, "crews") && argc == 2)
    return crews (options);
  if (g_str_equal (command, "closed-days"))
    return closed_days (argc, argv, options);
  if (g_str_equal (command, "devices") || g_str_equal (command, "seal"))
    return devices (argc, argv, options);
  if (g_str_equal (command, "positions") && argc == 2)
    return positions (options);
  if (g_str_equal (command, "assign"))
    return assign (argc, argv, options);
  if (g_str_equal (command, "ticket"))
    return ticket (argc, argv, options);
  if (g_str_equal (command, "check") && argc == 2)
    return check (options);
  if (g_str_equal (command, "backup"))
    return backup (argc, argv, options);
  if (g_str_equal (command, "keep-days"))
    return keep_days (argc, argv, options);
  if (g_str_equal (command, "rescue"))
    return rescue (argc, argv, options);
  if (g_str_equal (command, "restore"))
    return restore (argc, argv, options);
  return usage ("unknown command");
}

int
main (int argc, char **argv)
{
  Options o = { .tickets = SHT_SAMPLE_DEFAULT_TICKETS, .seed = 1, .keep_days = -1 };
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &o.data, "data folder", "DIR" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &o.listen, "address and port; port 0: any", "ADDR:PORT" },
    { "behind-proxy", 0, 0, G_OPTION_ARG_NONE, &o.behind_proxy, "a proxy in front encrypts", NULL },
    { "tickets", 0, 0, G_OPTION_ARG_INT64, &o.tickets, "how many", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &o.seed, "same seed, same town", "S" },
    { "date", 0, 0, G_OPTION_ARG_STRING, &o.date, "last day of the sample", "YYYY-MM-DD" },
    { "crew", 0, 0, G_OPTION_ARG_STRING, &o.crew, "a crew's id", "CREW" },
    { "supervisor", 0, 0, G_OPTION_ARG_STRING, &o.supervisor, "a department's id", "DEPARTMENT" },
    { "manager", 0, 0, G_OPTION_ARG_NONE, &o.manager, "all departments", NULL },
    { "person", 0, 0, G_OPTION_ARG_STRING, &o.person, "a person's id", "ID" },
    { "jurisdiction", 0, 0, G_OPTION_ARG_STRING, &o.jurisdiction, "the city a list is from", "NAME" },
    { "id", 0, 0, G_OPTION_ARG_STRING, &o.id, "a calendar's id", "ID" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &o.name, "what people call it", "NAME" },
    { "attribution", 0, 0, G_OPTION_ARG_STRING, &o.attribution, "whose map it is", "TEXT" },
    { "week", 0, 0, G_OPTION_ARG_STRING, &o.week, "its working hours", "WEEK" },
    { "zone", 0, 0, G_OPTION_ARG_STRING, &o.zone, "its time zone", "ZONE" },
    { "department", 0, 0, G_OPTION_ARG_STRING, &o.department, "who works by it", "DEPARTMENT" },
    { "by", 0, 0, G_OPTION_ARG_STRING, &o.by, "what figures are told apart by", "WHAT" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &o.from, "the first day of figures; six days before the last", "YYYY-MM-DD" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &o.to, "the last; today", "YYYY-MM-DD" },
    { "keep-days", 0, 0, G_OPTION_ARG_INT64, &o.keep_days, "how long positions are kept", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, "print JSON", NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND …");
  g_autoptr (GError) error = NULL;
  int rc;

  sht_language_init ();
  g_option_context_set_description (context, sht_main_help);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, sht_main_enrol_group (&o.enrol));
  g_option_context_add_group (context, sht_main_places_group (&o.places));
  if (!g_option_context_parse (context, &argc, &argv, &error))
    rc = usage (error->message);
  else
    rc = run (argc, argv, &o);
  g_free (o.data);
  g_free (o.listen);
  g_free (o.date);
  g_free (o.crew);
  g_free (o.supervisor);
  g_free (o.person);
  g_free (o.jurisdiction);
  g_free (o.id);
  g_free (o.name);
  g_free (o.attribution);
  g_free (o.week);
  g_free (o.zone);
  g_free (o.department);
  g_free (o.by);
  g_free (o.from);
  g_free (o.to);
  sht_main_enrol_clear (&o.enrol);
  sht_main_places_clear (&o.places);
  return rc;
}
