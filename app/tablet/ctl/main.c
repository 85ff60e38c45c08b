/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "core/geo.h"
#include "core/json.h"
#include "platform/language.h"

#include <string.h>

#define USAGE 2

static const char help[]
  = "shetachctl: a tablet's store and sync engine, without the window\n\n"
    "  shetachctl --store DIR enrol URL CODE\n"
    "  shetachctl --store DIR sync [--json] [--timeout SECONDS] [--seen]\n"
    "  shetachctl --store DIR list [--json] [--status S] [--search TEXT] [--near LAT,LON] [--limit N]\n"
    "  shetachctl --store DIR near LAT LON [METRES] [--service CODE] [--json]\n"
    "  shetachctl --store DIR show ID [--json]\n"
    "  shetachctl --store DIR status ID STATUS [--reason TEXT] [--waiting-for WHOM] [--duplicate-of ID]\n"
    "  shetachctl --store DIR status ID done [--without-photo before|after]… [--without-answers] --reason TEXT\n"
    "  shetachctl --store DIR form ID [--set CODE=VALUE]…   (what the work has to answer; several choices: CODE=ONE,OTHER)\n"
    "  shetachctl --store DIR note ID TEXT\n"
    "  shetachctl --store DIR photo ID FILE [--role before|after|other] [--caption TEXT]\n"
    "  shetachctl --store DIR voice ID FILE   (Opus in Ogg, at most five minutes)\n"
    "  shetachctl --store DIR report --service CODE --lat LAT --lon LON [--title TEXT] [--photo FILE]\n"
    "  shetachctl --store DIR hand-over ID DEPARTMENT [--reason TEXT]\n"
    "  shetachctl --store DIR assign ID CREW\n"
    "  shetachctl --store DIR places [--json] [--layer LAYER] [--near LAT,LON] [--search TEXT] [--limit N]\n"
    "  shetachctl --store DIR place ID (moved LAT,LON | missing | ok) [--reason TEXT]\n"
    "  shetachctl --store DIR obstacle KIND TEXT [--department D] [--ticket ID] [--photo FILE]\n"
    "  shetachctl --store DIR obstacles [ID] [--json] [--seen]\n"
    "  shetachctl --store DIR answer ID TEXT [--settles]\n"
    "  shetachctl --store DIR here [PERSON… | nobody]   (who of the crew is there on this shift; goes with each step)\n"
    "  shetachctl --store DIR route [suggest | first ID…] [--near LAT,LON] [--json]\n"
    "  shetachctl --store DIR undo [ID]\n"
    "  shetachctl --store DIR away [--json] [--seen]\n"
    "  shetachctl --store DIR outbox [--json]\n"
    "  shetachctl --store DIR figures [--json] [--by service|department|crew|source|district|place] [--from DAY] [--to DAY]\n"
    "  shetachctl --store DIR maps [--json]   (which the hub offers, and which are here)\n"
    "  shetachctl --store DIR maps get NAME [--timeout SECONDS] | maps remove NAME\n"
    "  shetachctl --store DIR preflight [--json]   (what can be put right before the shift; exit status 1: something is to do)\n"
    "  shetachctl --store DIR photos --verify [--json]\n"
    "  shetachctl --store DIR rescue FILE [--json]\n"
    "  shetachctl --store DIR diagnose FILE.tar.gz   (what helps to find a fault, with nothing personal in it)\n"
    "  shetachctl --store DIR unlock CREW DIGITS   (a supervisor's: what opens a crew's tablet whose PIN was forgotten)\n"
    "  shetachctl --store DIR conflicts [--json]\n"
    "  shetachctl --store DIR resolve ID [--field FIELD] --keep mine|theirs\n"
    "  shetachctl --store DIR check\n";

int
sht_ctl_fail (GError *error)
{
  g_printerr ("shetachctl: %s\n", error->message);
  g_error_free (error);
  return 1;
}

int
sht_ctl_usage (const char *what)
{
  g_printerr ("shetachctl: %s (see shetachctl --help)\n", what);
  return USAGE;
}

void
sht_ctl_print (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);

  g_print ("%s\n", text);
}

/* Takes where the error will be: it is looked at after what may set it, in whatever order the compiler
 * comes to the arguments. */
static int
done (gboolean ok, GError **error)
{
  return ok ? 0 : sht_ctl_fail (g_steal_pointer (error));
}

static gboolean
set_duplicate (ShtStore *store, const char *ticket, ShtCtlOptions *options, GError **error)
{
  g_autofree char *other = sht_store_find_ticket (store, options->duplicate_of, error);
  g_autoptr (ShtOperation) op = NULL;

  if (other == NULL)
    return FALSE;
  op = sht_store_new_operation (store, SHT_KIND_TICKET_STATUS, ticket);
  json_object_set_string_member (op->fields, "want", sht_status_name (SHT_STATUS_DUPLICATE));
  json_object_set_string_member (op->fields, "duplicate_of", other);
  sht_json_set_string (op->fields, "reason", options->reason);
  return sht_store_act (store, op, error);
}

static void
say_why (JsonObject *fields, const char *member, GStrv names, const char *reason)
{
  JsonObject *why = json_object_new ();

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    json_object_set_string_member (why, names[i], reason);
  if (json_object_get_size (why) > 0)
    json_object_set_object_member (fields, member, why);
  else
    json_object_unref (why);
}

static gboolean
set_done_without (ShtStore *store, const char *ticket, ShtCtlOptions *options, GError **error)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (store, SHT_KIND_TICKET_STATUS, ticket);
  g_auto (GStrv) missing = NULL;

  json_object_set_string_member (op->fields, "want", sht_status_name (SHT_STATUS_DONE));
  say_why (op->fields, "without", options->without_photo, options->reason);
  if (options->without_answers)
    {
      missing = sht_ctl_missing_answers (store, ticket, error);
      if (missing == NULL)
        return FALSE;
      say_why (op->fields, "unanswered", missing, options->reason);
    }
  return sht_store_act (store, op, error);
}

static gboolean
without_is_well_said (ShtCtlOptions *options, ShtStatus wanted)
{
  ShtPhotoRole role;

  if (options->without_photo == NULL && !options->without_answers)
    return TRUE;
  for (guint i = 0; options->without_photo != NULL && options->without_photo[i] != NULL; i++)
    if (!sht_photo_role_parse (options->without_photo[i], &role))
      return FALSE;
  return wanted == SHT_STATUS_DONE && options->reason != NULL && g_strstrip (options->reason)[0] != '\0';
}

/* Which photos the work asks for before it is done, but for those of which it was said why there are none. */
static gboolean
missing_photos (ShtStore *store, const char *ticket, ShtCtlOptions *options, GString *said, GError **error)
{
  g_autoptr (JsonObject) doc = sht_store_get (store, "ticket", ticket, error);
  guint missing[SHT_N_PHOTO_ROLES];

  if (doc == NULL || !sht_store_missing_photos (store, doc, missing, error))
    return FALSE;
  for (guint i = 0; i < SHT_N_PHOTO_ROLES; i++)
    {
      const char *role = sht_photo_role_name ((ShtPhotoRole) i);

      if (missing[i] > 0 && (options->without_photo == NULL
                             || !g_strv_contains ((const char *const *) options->without_photo, role)))
        g_string_append_printf (said, "%s%u %s", said->len > 0 ? ", " : "", missing[i], role);
    }
  return TRUE;
}

/* Says what the work asks for before it is done, all at once: one need not ask twice. */
static gboolean
has_all_it_needs (ShtStore *store, const char *ticket, ShtCtlOptions *options, GError **error)
{
  g_autoptr (GString) photos = g_string_new (NULL);
  g_auto (GStrv) codes = NULL;
  g_autofree char *answers = NULL;

  if (!missing_photos (store, ticket, options, photos, error))
    return FALSE;
  codes = sht_ctl_missing_answers (store, ticket, error);
  if (codes == NULL)
    return FALSE;
  answers = options->without_answers ? g_strdup ("") : g_strjoinv (", ", codes);
  if (photos->len == 0 && answers[0] == '\0')
    return TRUE;
  g_printerr ("shetachctl: ");
  if (photos->len > 0)
    g_printerr ("photos are missing: %s (photo ID FILE --role ROLE, or --without-photo ROLE --reason TEXT)%s", photos->str,
                answers[0] != '\0' ? "; " : "");
  if (answers[0] != '\0')
    g_printerr ("answers are missing: %s (form ID --set CODE=VALUE, or --without-answers --reason TEXT)", answers);
  g_printerr ("\n");
  return FALSE;
}

static int
status (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  ShtStatus wanted;
  gboolean ok;

  if (argc != 4)
    return sht_ctl_usage ("status ID STATUS");
  if (!sht_status_parse (argv[3], &wanted))
    return sht_ctl_usage ("a status is one of new, assigned, on_the_way, in_progress, waiting, done, closed, "
                          "reopened, forwarded, cancelled, duplicate");
  if ((wanted == SHT_STATUS_DUPLICATE) != (options->duplicate_of != NULL))
    return sht_ctl_usage ("--duplicate-of ID says which ticket a duplicate repeats");
  if (!without_is_well_said (options, wanted))
    return sht_ctl_usage ("done --without-photo before|after, --without-answers, --reason TEXT say why there is none");
  id = sht_store_find_ticket (store, argv[2], &error);
  if (id != NULL && wanted == SHT_STATUS_DONE && !has_all_it_needs (store, id, options, &error))
    return error != NULL ? sht_ctl_fail (g_steal_pointer (&error)) : 1;
  if (wanted == SHT_STATUS_DUPLICATE)
    ok = id != NULL && set_duplicate (store, id, options, &error);
  else if (options->without_photo != NULL || options->without_answers)
    ok = id != NULL && set_done_without (store, id, options, &error);
  else
    ok = id != NULL && sht_store_set_status (store, id, wanted, options->reason, options->waiting_for, &error);
  return done (ok, &error);
}

static int
note (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  gboolean ok;

  if (argc != 4)
    return sht_ctl_usage ("note ID TEXT");
  if (!g_utf8_validate (argv[3], -1, NULL))
    return sht_ctl_usage ("the text is not UTF-8");
  id = sht_store_find_ticket (store, argv[2], &error);
  ok = id != NULL && sht_store_note (store, id, argv[3], &error);
  return done (ok, &error);
}

void
sht_ctl_tell_taken (const char *path, const ShtPhotoTaken *taken)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *words = NULL;

  if (taken->already)
    g_printerr ("shetachctl: %s is there already\n", name);
  if (taken->warnings == NULL || taken->warnings[0] == NULL)
    return;
  words = g_strjoinv (", ", taken->warnings);
  g_printerr ("shetachctl: %s was taken in; damaged or lost: %s\n", name, words);
}

static gboolean
attach (ShtStore *store, const char *ticket, const char *path, ShtCtlOptions *options, GError **error)
{
  g_auto (ShtPhotoTaken) taken = { 0 };

  if (!sht_photo_attach_file (store, ticket, path, options->role != NULL ? options->role : "other", options->caption,
                              &taken, error))
    return FALSE;
  sht_ctl_tell_taken (path, &taken);
  return TRUE;
}

static int
photo (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  static const char *const roles[] = { "before", "after", "other", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  if (argc != 4)
    return sht_ctl_usage ("photo ID FILE");
  if (options->role != NULL && !g_strv_contains (roles, options->role))
    return sht_ctl_usage ("a photo's role is before, after or other");
  id = sht_store_find_ticket (store, argv[2], &error);
  if (id == NULL || !attach (store, id, argv[3], options, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  return 0;
}

static GBytes *
read_recording (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);

  /* One byte more than it may have is enough to refuse it by. */
  return stream != NULL ? g_input_stream_read_bytes (G_INPUT_STREAM (stream), SHT_VOICE_MAX_BYTES + 1, NULL, error) : NULL;
}

static int
voice (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GBytes) recording = NULL;
  gboolean already = FALSE;

  if (argc != 4)
    return sht_ctl_usage ("voice ID FILE");
  id = sht_store_find_ticket (store, argv[2], &error);
  recording = id != NULL ? read_recording (argv[3], &error) : NULL;
  if (recording == NULL || !sht_store_add_voice (store, id, recording, &already, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  if (already)
    g_printerr ("shetachctl: this voice note is on the ticket already\n");
  return 0;
}

/* The hub would refuse an unknown service, crew or department hours later; here it is known at once. */
JsonObject *
sht_ctl_find_reference (ShtStore *store, const char *type, const char *code, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  JsonObject *found = sht_store_get (store, type, code, &local_error);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (found == NULL)
    g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "there is no %s %s", type, code);
  return found;
}

static int
report (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = sht_store_new_id (store);
  g_autoptr (JsonObject) service = NULL;
  g_autoptr (ShtOperation) op = sht_store_new_operation (store, SHT_KIND_TICKET_CREATE, id);
  g_autoptr (ShtImage) image = NULL;
  g_auto (ShtPhotoTaken) taken = { 0 };
  gint64 lat, lon;

  if (argc != 2 || options->service == NULL || options->lat == NULL || options->lon == NULL)
    return sht_ctl_usage ("report --service CODE --lat LAT --lon LON");
  if (!sht_geo_parse_degrees (options->lat, 900000000, &lat) || !sht_geo_parse_degrees (options->lon, 1800000000, &lon))
    return sht_ctl_usage ("--lat and --lon take degrees, within 90 and 180");
  service = sht_ctl_find_reference (store, "service", options->service, &error);
  if (service == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  /* The picture is looked at first: a report without its picture is not what was asked for. */
  if (options->photo != NULL)
    {
      ShtImageOptions image_options = { 0 };

      image = sht_image_import (options->photo, &image_options, NULL, &error);
      if (image == NULL)
        return sht_ctl_fail (g_steal_pointer (&error));
    }
  json_object_set_string_member (op->fields, "service", options->service);
  json_object_set_string_member (op->fields, "title", options->title != NULL ? options->title : sht_json_string (service, "name"));
  json_object_set_int_member (op->fields, "lat_e7", lat);
  json_object_set_int_member (op->fields, "lon_e7", lon);
  if (image != NULL
        ? !sht_photo_report (store, op, image, options->role != NULL ? options->role : "before", options->caption,
                             &taken, &error)
        : !sht_store_act (store, op, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  g_print ("%s\n", id);
  if (image != NULL)
    sht_ctl_tell_taken (options->photo, &taken);
  return 0;
}

static int
hand_over_or_assign (ShtStore *store, int argc, char **argv, ShtCtlOptions *options, ShtKind kind, const char *member)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  g_autoptr (JsonObject) whom = NULL;
  g_autoptr (ShtOperation) op = NULL;

  if (argc != 4)
    return sht_ctl_usage (kind == SHT_KIND_TICKET_ASSIGN ? "assign ID CREW" : "hand-over ID DEPARTMENT");
  id = sht_store_find_ticket (store, argv[2], &error);
  whom = id != NULL ? sht_ctl_find_reference (store, member, argv[3], &error) : NULL;
  if (whom == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  op = sht_store_new_operation (store, kind, id);
  json_object_set_string_member (op->fields, member, argv[3]);
  sht_json_set_string (op->fields, "text", options->reason);
  return done (sht_store_act (store, op, &error), &error);
}

static int
hand_over (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  return hand_over_or_assign (store, argc, argv, options, SHT_KIND_TICKET_HAND_OVER, "department");
}

static int
assign (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  return hand_over_or_assign (store, argc, argv, options, SHT_KIND_TICKET_ASSIGN, "crew");
}

static gboolean
parse_near (const char *text, gint64 *lat, gint64 *lon)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", 3);

  return g_strv_length (parts) == 2 && sht_geo_parse_degrees (parts[0], 900000000, lat)
         && sht_geo_parse_degrees (parts[1], 1800000000, lon);
}

static int
place (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtOperation) op = NULL;
  gboolean moved = argc == 5 && g_str_equal (argv[3], "moved");
  gint64 lat = 0, lon = 0;

  if (!moved && !(argc == 4 && (g_str_equal (argv[3], "missing") || g_str_equal (argv[3], "ok"))))
    return sht_ctl_usage ("place ID (moved LAT,LON | missing | ok)");
  if (moved && !parse_near (argv[4], &lat, &lon))
    return sht_ctl_usage ("moved takes LAT,LON in degrees");
  op = sht_store_new_operation (store, SHT_KIND_PLACE_REPORT, argv[2]);
  json_object_set_string_member (op->fields, "what", argv[3]);
  if (moved)
    {
      json_object_set_int_member (op->fields, "lat_e7", lat);
      json_object_set_int_member (op->fields, "lon_e7", lon);
    }
  sht_json_set_string (op->fields, "text", options->reason);
  return done (sht_store_act (store, op, &error), &error);
}

static const struct
{
  const char *name;
  int (*run) (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
} commands[] = {
  { "enrol", sht_ctl_enrol }, { "sync", sht_ctl_sync },     { "list", sht_ctl_list },
  { "show", sht_ctl_show },   { "status", status },         { "note", note },
  { "photo", photo },         { "report", report },         { "hand-over", hand_over },
  { "assign", assign },       { "places", sht_ctl_places }, { "place", place },
  { "outbox", sht_ctl_outbox }, { "check", sht_ctl_check },
  { "conflicts", sht_ctl_conflicts }, { "resolve", sht_ctl_resolve }, { "undo", sht_ctl_undo },
  { "away", sht_ctl_away },     { "rescue", sht_ctl_rescue }, { "diagnose", sht_ctl_diagnose },
  { "photos", sht_ctl_photos }, { "voice", voice },         { "obstacle", sht_ctl_obstacle },
  { "near", sht_ctl_near },     { "route", sht_ctl_route }, { "obstacles", sht_ctl_obstacles },
  { "answer", sht_ctl_answer }, { "figures", sht_ctl_figures },
  { "maps", sht_ctl_maps },     { "preflight", sht_ctl_preflight }, { "here", sht_ctl_here },
  { "form", sht_ctl_form },     { "unlock", sht_ctl_unlock },
};

static void
tell_of_room (ShtStore *store)
{
  gint64 left;
  ShtRoom room = sht_store_room (store, &left);
  g_autofree char *size = NULL;

  if (room == SHT_ROOM_ENOUGH)
    return;
  size = g_format_size ((guint64) left);
  g_printerr (room == SHT_ROOM_SHORT ? "shetachctl: space on this tablet is getting short (%s left)\n"
                                     : "shetachctl: this tablet is full (%s left): statuses and notes go on, photos do not\n",
              size);
}

static int
run (int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtStore) store = NULL;
  guint i = 0;
  int rc;

  while (i < G_N_ELEMENTS (commands) && !g_str_equal (commands[i].name, argv[1]))
    i++;
  if (i == G_N_ELEMENTS (commands))
    return sht_ctl_usage ("unknown command");
  /* A folder that was misspelt must not become an empty store. */
  if (commands[i].run != sht_ctl_enrol && !sht_store_is_in (options->store))
    {
      g_printerr ("shetachctl: there is no tablet's store in %s\n", options->store);
      return 1;
    }
  store = sht_store_open (options->store, sht_store_world (), &error);
  if (store == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  rc = commands[i].run (store, argc, argv, options);
  if (rc == 0)
    tell_of_room (store);
  return rc;
}

static void
options_clear (ShtCtlOptions *o)
{
  g_free (o->store);
  g_free (o->status);
  g_free (o->search);
  g_free (o->near);
  g_free (o->layer);
  g_free (o->reason);
  g_free (o->waiting_for);
  g_free (o->duplicate_of);
  g_strfreev (o->without_photo);
  g_strfreev (o->set);
  g_free (o->role);
  g_free (o->caption);
  g_free (o->service);
  g_free (o->lat);
  g_free (o->lon);
  g_free (o->title);
  g_free (o->photo);
  g_free (o->department);
  g_free (o->ticket);
  g_free (o->field);
  g_free (o->keep);
  g_free (o->by);
  g_free (o->from);
  g_free (o->to);
}

int
main (int argc, char **argv)
{
  ShtCtlOptions o = { .timeout = 0 };
  const GOptionEntry entries[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &o.store, "the tablet's store", "DIR" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, "print JSON", NULL },
    { "status", 0, 0, G_OPTION_ARG_STRING, &o.status, "only tickets that stand so", "S" },
    { "search", 0, 0, G_OPTION_ARG_STRING, &o.search, "words", "TEXT" },
    { "layer", 0, 0, G_OPTION_ARG_STRING, &o.layer, "of places", "LAYER" },
    { "near", 0, 0, G_OPTION_ARG_STRING, &o.near, "nearest first", "LAT,LON" },
    { "limit", 0, 0, G_OPTION_ARG_INT64, &o.limit, "how many at the most", "N" },
    { "reason", 0, 0, G_OPTION_ARG_STRING, &o.reason, "why", "TEXT" },
    { "waiting-for", 0, 0, G_OPTION_ARG_STRING, &o.waiting_for, "resident, parts, department, body, weather", "WHOM" },
    { "duplicate-of", 0, 0, G_OPTION_ARG_STRING, &o.duplicate_of, "the ticket that is repeated", "ID" },
    { "without-photo", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.without_photo,
      "done without this photo, which the work asks for; --reason says why", "ROLE" },
    { "without-answers", 0, 0, G_OPTION_ARG_NONE, &o.without_answers,
      "done without the answers that are missing; --reason says why", NULL },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.set, "an answer of the form; nothing after the sign takes it back",
      "CODE=VALUE" },
    { "role", 0, 0, G_OPTION_ARG_STRING, &o.role, "before, after or other", "ROLE" },
    { "caption", 0, 0, G_OPTION_ARG_STRING, &o.caption, "words to a photo", "TEXT" },
    { "department", 0, 0, G_OPTION_ARG_STRING, &o.department, "whose obstacle it is as well", "D" },
    { "ticket", 0, 0, G_OPTION_ARG_STRING, &o.ticket, "what it holds up", "ID" },
    { "settles", 0, 0, G_OPTION_ARG_NONE, &o.settles, "with this answer it is over", NULL },
    { "service", 0, 0, G_OPTION_ARG_STRING, &o.service, "what kind of hazard", "CODE" },
    { "lat", 0, 0, G_OPTION_ARG_STRING, &o.lat, "degrees", "LAT" },
    { "lon", 0, 0, G_OPTION_ARG_STRING, &o.lon, "degrees", "LON" },
    { "title", 0, 0, G_OPTION_ARG_STRING, &o.title, "in a few words", "TEXT" },
    { "photo", 0, 0, G_OPTION_ARG_FILENAME, &o.photo, "a picture", "FILE" },
    { "field", 0, 0, G_OPTION_ARG_STRING, &o.field, "which field of an operation is decided", "FIELD" },
    { "keep", 0, 0, G_OPTION_ARG_STRING, &o.keep, "mine or theirs", "WHOSE" },
    { "by", 0, 0, G_OPTION_ARG_STRING, &o.by, "what figures are told apart by", "WHAT" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &o.from, "the first day of figures; six days before the last", "YYYY-MM-DD" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &o.to, "the last; today", "YYYY-MM-DD" },
    { "seen", 0, 0, G_OPTION_ARG_NONE, &o.seen, "do not tell this again", NULL },
    { "verify", 0, 0, G_OPTION_ARG_NONE, &o.verify, "re-hash every photo; 0 only when none is missing, changed or orphaned",
      NULL },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &o.timeout, "how long sync may take; 0: as long as it goes on", "SECONDS" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND …");
  g_autoptr (GError) error = NULL;
  int rc;

  sht_language_init ();
  g_option_context_set_description (context, help);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    rc = sht_ctl_usage (error->message);
  else if (o.store == NULL || argc < 2)
    rc = sht_ctl_usage ("--store DIR and a command are needed");
  else
    rc = run (argc, argv, &o);
  options_clear (&o);
  return rc;
}
