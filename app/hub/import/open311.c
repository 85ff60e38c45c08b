/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/import/open311.h"

#include "core/id.h"
#include "core/json.h"
#include "core/json-guard.h"
#include "hub/import/open311-private.h"

#include <gio/gio.h>
#include <string.h>

typedef struct {
  const ShtOpen311Options *options;
  ShtOpen311Report *report;
  ShtEntitySink sink;
  gpointer sink_data;
  GHashTable *services;    /* (owned): codes sent so far */
  GHashTable *departments; /* (owned): codes sent so far */
  GHashTable *requests;    /* (owned): ids met so far */
} Import;

void
sht_open311_report_clear (ShtOpen311Report *report)
{
  g_clear_pointer (&report->refused, g_ptr_array_unref);
  g_clear_pointer (&report->unhomed, g_hash_table_unref);
}

/* Members of a row that have a home, whatever kind of value they need to have for it. */
static const struct {
  const char *name;
  ShtJsonKind kind; /* SHT_JSON_ABSENT: any */
} homes[] = {
  { "service_request_id", SHT_JSON_ABSENT },
  { "status", SHT_JSON_STRING },
  { "service_name", SHT_JSON_STRING },
  { "service_code", SHT_JSON_ABSENT },
  { "description", SHT_JSON_STRING },
  { "requested_datetime", SHT_JSON_STRING },
  { "address", SHT_JSON_STRING },
  { "lat", SHT_JSON_ABSENT },
  { "long", SHT_JSON_ABSENT },
  { "attributes", SHT_JSON_OBJECT },
  { "notes", SHT_JSON_ARRAY },
};

/**
 * sht_open311_text:
 *
 * Returns: (transfer full) (nullable): a string's text, or a number as it is written
 */
char *
sht_open311_text (ShtJsonSlice value)
{
  if (sht_json_slice_kind (value) == SHT_JSON_NUMBER)
    return g_strndup (value.at, value.length);
  return sht_json_slice_string (value);
}

/**
 * sht_open311_moment:
 * @utc_ms: (out): milliseconds since 1970 UTC
 *
 * Reads ISO 8601 with an offset; fractions of a second are taken though the standard has none.
 *
 * Returns: %FALSE, and then @utc_ms stays, when it is no such moment
 */
gboolean
sht_open311_moment (ShtJsonSlice value, gint64 *utc_ms)
{
  g_autofree char *text = sht_json_slice_string (value);
  g_autoptr (GDateTime) moment = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (moment == NULL)
    return FALSE;
  *utc_ms = g_date_time_to_unix (moment) * 1000 + g_date_time_get_microsecond (moment) / 1000;
  return TRUE;
}

/**
 * sht_open311_unhomed:
 * @prefix: where it was met, such as "notes."
 * @name: the member's name
 *
 * Counts a member that the model has no place for.
 */
void
sht_open311_unhomed (ShtOpen311Report *report, const char *prefix, ShtJsonSlice name)
{
  g_autofree char *text = sht_json_slice_string (name);
  char *full = g_strconcat (prefix, text, NULL);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (report->unhomed, full));

  g_hash_table_replace (report->unhomed, full, GUINT_TO_POINTER (count + 1));
}

static gboolean
refuse (Import *import, const char *field, const char *why)
{
  g_ptr_array_add (import->report->refused,
                   g_strdup_printf ("row %u: %s %s", import->report->rows, field, why));
  return FALSE;
}

/* Fit for a message of one line. */
static gboolean
is_short_line (const char *text)
{
  gsize n = 0;

  while (n <= 64 && (guchar) text[n] >= 0x20)
    n++;
  return n <= 64 && text[n] == '\0';
}

static gboolean
check_names (Import *import, ShtJsonSlice row)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ShtJsonIter iter;
  ShtJsonSlice key, value;

  sht_json_iter_init (&iter, row);
  while (sht_json_iter_next (&iter, &key, &value))
    {
      char *name = sht_json_slice_string (key);

      if (!g_hash_table_add (seen, name))
        return refuse (import, is_short_line (name) ? name : "a member", "is there twice");
    }
  return TRUE;
}

/* A position as a number, or as some servers send it, a number in a string. */
static gboolean
read_degrees (Import *import, ShtJsonSlice row, const char *name, gint64 limit, gint64 *result)
{
  ShtJsonSlice value = sht_json_slice_member (row, name);

  if (sht_json_slice_kind (value) == SHT_JSON_STRING && value.length > 2
      && sht_json_guard (value.at + 1, value.length - 2, 0, NULL))
    value = sht_json_slice_root (value.at + 1, value.length - 2);
  if (!sht_json_slice_scaled (value, 7, result))
    return refuse (import, name, "is no number of degrees");
  if (ABS (*result) > limit * 10000000)
    return refuse (import, name, limit == 90 ? "is not within 90 degrees" : "is not within 180 degrees");
  return TRUE;
}

static gboolean
is_absent (ShtJsonSlice row, const char *name)
{
  ShtJsonSlice value = sht_json_slice_member (row, name);

  return sht_json_slice_kind (value) == SHT_JSON_ABSENT || sht_json_slice_equals (value, "");
}

static gboolean
check_row (Import *import, ShtOpen311Row *row)
{
  static const char *const required[]
      = { "service_request_id", "status", "service_code", "requested_datetime" };
  ShtJsonSlice status = sht_json_slice_member (row->row, "status");
  g_autofree char *code = NULL;

  if (sht_json_slice_kind (row->row) != SHT_JSON_OBJECT)
    return refuse (import, "the row", "is no object");
  if (!check_names (import, row->row))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (required); i++)
    if (is_absent (row->row, required[i]))
      return refuse (import, required[i], "is missing");
  row->request = sht_open311_text (sht_json_slice_member (row->row, "service_request_id"));
  code = sht_open311_text (sht_json_slice_member (row->row, "service_code"));
  if (row->request == NULL || code == NULL)
    return refuse (import, row->request == NULL ? "service_request_id" : "service_code",
                   "is no text");
  row->closed = sht_json_slice_equals (status, "closed");
  if (!row->closed && !sht_json_slice_equals (status, "open"))
    return refuse (import, "status", "is neither open nor closed");
  if (!sht_open311_moment (sht_json_slice_member (row->row, "requested_datetime"), &row->created_at))
    return refuse (import, "requested_datetime", "is no time with an offset");
  row->updated_at = row->created_at;
  sht_open311_moment (sht_json_slice_member (row->row, "updated_datetime"), &row->updated_at);
  if (g_hash_table_contains (import->requests, row->request))
    return refuse (import, "service_request_id", "was in an earlier row");
  return TRUE;
}

static gboolean
has_home (Import *import, ShtJsonSlice row, ShtJsonSlice key, ShtJsonSlice value)
{
  gint64 ignored;

  for (guint i = 0; i < G_N_ELEMENTS (homes); i++)
    if (sht_json_slice_equals (key, homes[i].name))
      return homes[i].kind == SHT_JSON_ABSENT || homes[i].kind == sht_json_slice_kind (value);
  if (sht_json_slice_equals (key, "updated_datetime") || sht_json_slice_equals (key, "expected_datetime"))
    return sht_open311_moment (value, &ignored);
  if (sht_json_slice_equals (key, "agency_responsible"))
    return sht_json_slice_kind (value) == SHT_JSON_STRING && import->options->department == NULL;
  /* The reason of the closing; an open ticket has no step to carry it. */
  return sht_json_slice_equals (key, "status_notes") && sht_json_slice_kind (value) == SHT_JSON_STRING
         && sht_json_slice_equals (sht_json_slice_member (row, "status"), "closed");
}

/* A position with more digits than the model keeps stays whole in extra. */
static gboolean
has_more_digits (ShtJsonSlice key, ShtJsonSlice value)
{
  const char *point;

  if (!sht_json_slice_equals (key, "lat") && !sht_json_slice_equals (key, "long"))
    return FALSE;
  if (memchr (value.at, 'e', value.length) != NULL || memchr (value.at, 'E', value.length) != NULL)
    return TRUE;
  point = memchr (value.at, '.', value.length);
  return point != NULL && value.at + value.length - point > 8;
}

static void
append_extra (Import *import, ShtOpen311Row *row, GString *line)
{
  g_autoptr (GString) extra = g_string_new ("{");
  ShtJsonIter iter;
  ShtJsonSlice key, value;

  sht_json_iter_init (&iter, row->row);
  while (sht_json_iter_next (&iter, &key, &value))
    {
      gboolean home = has_home (import, row->row, key, value);

      if (sht_json_slice_kind (value) == SHT_JSON_ABSENT || (home && !has_more_digits (key, value)))
        continue;
      if (!home && !sht_json_slice_equals (key, "extended_attributes")
          && !sht_json_slice_equals (key, "media_url"))
        sht_open311_unhomed (import->report, "", key);
      g_string_append (extra, extra->len > 1 ? "," : "");
      sht_json_append_slice (extra, key);
      g_string_append_c (extra, ':');
      sht_json_append_slice (extra, value);
    }
  if (extra->len == 1)
    return;
  sht_json_append_key (line, "extra");
  g_string_append_c (extra, '}');
  sht_json_append_string (line, extra->str);
}

/* Where the enquiry came in, when the list says it in a word that we have. */
static const char *
source_of (ShtJsonSlice row)
{
  static const struct {
    const char *channel, *source;
  } table[] = { { "phone", "phone" }, { "call", "phone" }, { "email", "email" }, { "e-mail", "email" },
                { "web", "web" },     { "website", "web" }, { "app", "app" },   { "mobile", "app" } };
  ShtJsonSlice attributes = sht_json_slice_member (row, "extended_attributes");
  g_autofree char *channel = sht_json_slice_member_string (attributes, "channel");

  for (guint i = 0; channel != NULL && i < G_N_ELEMENTS (table); i++)
    if (g_ascii_strcasecmp (channel, table[i].channel) == 0)
      return table[i].source;
  return NULL;
}

/* Stable, readable, and never the same for two agencies: its letters, then part of its name's hash. */
static char *
department_code (const char *agency)
{
  g_autofree char *hash = sht_id_from_name (agency);
  GString *code = g_string_new ("open311-");

  for (const char *p = agency; *p != '\0' && code->len < 40; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (code, g_ascii_tolower (*p));
    else if (code->str[code->len - 1] != '-')
      g_string_append_c (code, '-');
  if (code->str[code->len - 1] != '-')
    g_string_append_c (code, '-');
  g_string_append_len (code, hash, 8);
  return g_string_free (code, FALSE);
}

static gboolean
send_department (Import *import, const char *code, const char *name, GError **error)
{
  g_autoptr (GString) line = g_string_new ("{\"t\":\"department\"");

  if (!g_hash_table_add (import->departments, g_strdup (code)))
    return TRUE;
  import->report->departments++;
  sht_json_append_member (line, "id", code);
  sht_json_append_member (line, "name", name);
  g_string_append_c (line, '}');
  return import->sink (import->sink_data, line->str, error);
}

static gboolean
send_service (Import *import, const char *code, const char *name, const char *department, GError **error)
{
  g_autoptr (GString) line = g_string_new ("{\"t\":\"service\"");

  if ((import->options->known_services != NULL
       && g_hash_table_contains (import->options->known_services, code))
      || !g_hash_table_add (import->services, g_strdup (code)))
    return TRUE;
  import->report->services++;
  sht_json_append_member (line, "id", code);
  sht_json_append_member (line, "name", name != NULL ? name : code);
  sht_json_append_member (line, "department", department);
  g_string_append_c (line, '}');
  return import->sink (import->sink_data, line->str, error);
}

static void
append_copy (GString *line, const char *name, ShtJsonSlice row, const char *from, ShtJsonKind kind)
{
  ShtJsonSlice value = sht_json_slice_member (row, from);

  if (sht_json_slice_kind (value) != kind)
    return;
  sht_json_append_key (line, name);
  sht_json_append_slice (line, value);
}

/* Whether a list or an object holds no number that would be another one when it is written again. */
static gboolean
can_be_kept (const char *json)
{
  g_autofree char *object = g_strdup_printf ("{\"value\":%s}", json);
  g_autoptr (JsonObject) parsed = sht_json_parse_object (object, -1, NULL);

  return parsed != NULL;
}

/* Numbers among the answers become texts, so that they keep their digits wherever they are read; so does what holds
 * such that nobody could keep. */
static void
append_answers (GString *line, ShtJsonSlice row)
{
  ShtJsonSlice attributes = sht_json_slice_member (row, "attributes");
  gboolean first = TRUE;
  ShtJsonIter iter;
  ShtJsonSlice key, value;

  if (sht_json_slice_kind (attributes) != SHT_JSON_OBJECT)
    return;
  sht_json_append_key (line, "answers");
  g_string_append_c (line, '{');
  sht_json_iter_init (&iter, attributes);
  while (sht_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *text = g_strndup (value.at, value.length);
      ShtJsonKind kind = sht_json_slice_kind (value);

      if (!first)
        g_string_append_c (line, ',');
      first = FALSE;
      sht_json_append_slice (line, key);
      g_string_append_c (line, ':');
      if (kind == SHT_JSON_NUMBER || ((kind == SHT_JSON_OBJECT || kind == SHT_JSON_ARRAY) && !can_be_kept (text)))
        sht_json_append_string (line, text);
      else
        sht_json_append_slice (line, value);
    }
  g_string_append_c (line, '}');
}

static GString *
make_ticket (Import *import, ShtOpen311Row *row, const char *code, const char *title,
             const char *department, const gint64 position[2])
{
  const char *crew = import->options->crew;
  GString *line = g_string_new ("{\"t\":\"ticket\"");
  gint64 due;

  sht_json_append_member (line, "id", row->ticket);
  sht_json_append_member (line, "number", row->request);
  sht_json_append_member (line, "status", row->closed ? "closed" : crew != NULL ? "assigned" : "new");
  sht_json_append_member (line, "title", title);
  append_copy (line, "description", row->row, "description", SHT_JSON_STRING);
  append_copy (line, "address", row->row, "address", SHT_JSON_STRING);
  if (position != NULL)
    {
      sht_json_append_member_int (line, "lat_e7", position[0]);
      sht_json_append_member_int (line, "lon_e7", position[1]);
    }
  sht_json_append_member (line, "service", code);
  sht_json_append_member (line, "department", department);
  sht_json_append_member (line, "crew", crew);
  sht_json_append_member (line, "priority", "normal");
  sht_json_append_member (line, "source", source_of (row->row));
  sht_json_append_member_int (line, "created_at", row->created_at);
  sht_json_append_member_int (line, "updated_at", row->updated_at);
  if (row->closed)
    sht_json_append_member_int (line, "closed_at", row->updated_at);
  if (sht_open311_moment (sht_json_slice_member (row->row, "expected_datetime"), &due))
    sht_json_append_member_int (line, "due_at", due);
  append_answers (line, row->row);
  append_extra (import, row, line);
  g_string_append_c (line, '}');
  return line;
}

/* %FALSE only when the sink says no: a refused row is counted, and the next one taken. */
static gboolean
import_row (Import *import, ShtOpen311Row *row, GError **error)
{
  const char *jurisdiction = import->options->jurisdiction;
  g_autofree char *agency = sht_json_slice_member_string (row->row, "agency_responsible");
  g_autofree char *name = sht_json_slice_member_string (row->row, "service_name");
  g_autofree char *code = NULL;
  g_autofree char *department = g_strdup (import->options->department);
  g_autoptr (GString) ticket = NULL;
  gboolean placed = !is_absent (row->row, "lat") || !is_absent (row->row, "long");
  gint64 position[2];

  if (!check_row (import, row)
      || (placed
          && (!read_degrees (import, row->row, "lat", 90, &position[0])
              || !read_degrees (import, row->row, "long", 180, &position[1]))))
    return TRUE;
  g_hash_table_add (import->requests, g_strdup (row->request));
  code = sht_open311_text (sht_json_slice_member (row->row, "service_code"));
  row->base = g_strdup_printf ("open311/%s/%s", jurisdiction != NULL ? jurisdiction : "default",
                               row->request);
  row->ticket = sht_id_from_name (row->base);
  if (department == NULL && agency != NULL && *agency != '\0')
    {
      department = department_code (agency);
      if (!send_department (import, department, agency, error))
        return FALSE;
    }
  if (!send_service (import, code, name, department, error))
    return FALSE;
  ticket = make_ticket (import, row, code, name != NULL ? name : code, department,
                        placed ? position : NULL);
  sht_open311_journey (row);
  import->report->tickets++;
  import->report->events += row->events->len;
  if (!import->sink (import->sink_data, ticket->str, error))
    return FALSE;
  for (guint i = 0; i < row->events->len; i++)
    if (!import->sink (import->sink_data, row->events->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
import_rows (Import *import, ShtJsonSlice rows, GError **error)
{
  ShtJsonIter iter;
  ShtJsonSlice value;
  gboolean ok = TRUE;

  sht_json_iter_init (&iter, rows);
  while (ok && sht_json_iter_next (&iter, NULL, &value))
    {
      ShtOpen311Row row = { import->options, import->report, value };

      import->report->rows++;
      row.events = g_ptr_array_new_with_free_func (g_free);
      row.notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      ok = import_row (import, &row, error);
      g_ptr_array_unref (row.events);
      g_hash_table_unref (row.notes);
      g_free (row.base);
      g_free (row.ticket);
      g_free (row.request);
    }
  return ok;
}

/* The list itself: the outermost array, or the one in FixMyStreet's wrapping. */
static gboolean
find_rows (Import *import, ShtJsonSlice root, ShtJsonSlice *rows, GError **error)
{
  ShtJsonIter iter;
  ShtJsonSlice key, value;

  *rows = root;
  if (sht_json_slice_kind (root) == SHT_JSON_OBJECT)
    {
      *rows = sht_json_slice_member (root, "service_requests");
      sht_json_iter_init (&iter, root);
      while (sht_json_iter_next (&iter, &key, &value))
        if (value.at != rows->at)
          sht_open311_unhomed (import->report, "list.", key);
    }
  if (sht_json_slice_kind (*rows) == SHT_JSON_ARRAY)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "the file is no list of service requests: a JSON array is needed");
  return FALSE;
}

/**
 * sht_open311_import:
 * @json: a list as `GET requests.json` gives it, at most %SHT_OPEN311_MAX_BYTES
 * @options: how to take it
 * @sink: takes departments and services before the tickets that name them, then each ticket with its
 *   events
 * @report: (out caller-allocates): what was done, set even when %FALSE is returned; to be cleared with
 *   sht_open311_report_clear()
 *
 * Takes a city's published list into the model. Ids are made of the city's own numbers, so that a
 * second import finds what the first one made. What the model has no member for is kept to the letter
 * in `extra` and counted in the report. Rows that lack what a ticket needs are refused one by one.
 *
 * Returns: %FALSE with a #ShtJsonError, %G_IO_ERROR_MESSAGE_TOO_LARGE, %G_IO_ERROR_INVALID_DATA or the
 *   sink's error
 */
gboolean
sht_open311_import (GBytes *json,
                    const ShtOpen311Options *options,
                    ShtEntitySink sink,
                    gpointer sink_data,
                    ShtOpen311Report *report,
                    GError **error)
{
  gsize length = 0;
  const char *bytes = g_bytes_get_data (json, &length);
  g_autoptr (GHashTable) services = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) departments = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Import import = { options, report, sink, sink_data, services, departments, requests };
  ShtJsonSlice rows;

  *report = (ShtOpen311Report) { 0 };
  report->refused = g_ptr_array_new_with_free_func (g_free);
  report->unhomed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (length > SHT_OPEN311_MAX_BYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                   "the list has %" G_GSIZE_FORMAT " bytes, more than the %d that are taken", length,
                   SHT_OPEN311_MAX_BYTES);
      return FALSE;
    }
  if (!sht_json_guard (bytes, length, SHT_JSON_MAX_DEPTH, error))
    {
      g_prefix_error (error, "the list of service requests: ");
      return FALSE;
    }
  return find_rows (&import, sht_json_slice_root (bytes, length), &rows, error)
         && import_rows (&import, rows, error);
}
