/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/levels/levels.h"

#include "core/clock.h"
#include "core/json.h"

#include <string.h>

/* The columns of the table, by their names in its first line; what is not needed may be left out. */
typedef enum
{
  SERVICE,
  MILESTONE,
  AMOUNT,
  UNIT,
  PRIORITY,
  DEPARTMENT,
  CALENDAR,
  PAUSES,
  SOURCE,
  N_COLUMNS
} Column;

static const char *const columns[N_COLUMNS]
  = { "service", "milestone", "amount", "unit", "priority", "department", "calendar", "pauses", "source" };
static const char *const needed[] = { "service", "milestone", "amount", "unit", NULL };
static const char *const priorities[] = { "normal", "urgent", NULL };
static const char *const reasons[] = { "resident", "parts", "department", "body", "weather", NULL };

typedef struct
{
  const char *at;
  const char *end;
  guint line; /* of what was read last, from 1 */
  guint next_line;
} Csv;

/* One record by RFC 4180: fields in quotes may hold commas, line ends and quotes that are doubled. Returns NULL at the end. */
static GPtrArray *
next_record (Csv *csv)
{
  GPtrArray *record;
  g_autoptr (GString) field = NULL;
  gboolean quoted = FALSE;

  if (csv->at >= csv->end)
    return NULL;
  record = g_ptr_array_new_with_free_func (g_free);
  field = g_string_new (NULL);
  csv->line = csv->next_line;
  for (; csv->at < csv->end; csv->at++)
    {
      char c = *csv->at;

      csv->next_line += c == '\n';
      if (quoted && c == '"' && csv->at + 1 < csv->end && csv->at[1] == '"')
        g_string_append_c (field, *csv->at++);
      else if (c == '"' && (quoted || field->len == 0))
        quoted = !quoted;
      else if (!quoted && (c == ',' || c == '\n'))
        {
          g_ptr_array_add (record, g_strdup (g_strstrip (field->str)));
          g_string_truncate (field, 0);
          if (c == '\n')
            {
              csv->at++;
              return record;
            }
        }
      else
        g_string_append_c (field, c);
    }
  g_ptr_array_add (record, g_strdup (g_strstrip (field->str)));
  return record;
}

static gboolean
is_blank (GPtrArray *record)
{
  for (guint i = 0; i < record->len; i++)
    if (*(const char *) g_ptr_array_index (record, i) != '\0')
      return FALSE;
  return TRUE;
}

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (GError **error, guint line, const char *format, ...)
{
  g_autofree char *said = NULL;
  va_list args;

  va_start (args, format);
  said = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, SHT_LEVELS_ERROR, SHT_LEVELS_ERROR_INVALID, "line %u: %s", line, said);
  return FALSE;
}

static gboolean
read_header (GPtrArray *record, int index[N_COLUMNS], GError **error)
{
  for (guint c = 0; c < N_COLUMNS; c++)
    index[c] = -1;
  for (guint i = 0; record != NULL && i < record->len; i++)
    {
      const char *name = g_ptr_array_index (record, i);
      guint c = 0;

      while (c < N_COLUMNS && g_ascii_strcasecmp (columns[c], name) != 0)
        c++;
      if (c == N_COLUMNS)
        return refuse (error, 1, "there is no column “%s”", name);
      if (index[c] >= 0)
        return refuse (error, 1, "the column “%s” is there twice", name);
      index[c] = (int) i;
    }
  for (guint c = 0; c < N_COLUMNS; c++)
    if (index[c] < 0 && g_strv_contains (needed, columns[c]))
      return refuse (error, 1, "the column “%s” is missing", columns[c]);
  return TRUE;
}

static const char *
cell (GPtrArray *record, const int index[N_COLUMNS], Column column)
{
  const char *text = index[column] >= 0 && index[column] < (int) record->len ? g_ptr_array_index (record, (guint) index[column]) : "";

  return *text != '\0' ? text : NULL;
}

static gboolean
check_row (GPtrArray *record, const int index[N_COLUMNS], guint line, const ShtLevelsTown *town, gint64 *amount, GError **error)
{
  const char *service = cell (record, index, SERVICE), *department = cell (record, index, DEPARTMENT);
  const char *calendar = cell (record, index, CALENDAR), *priority = cell (record, index, PRIORITY);
  const char *milestone = cell (record, index, MILESTONE), *unit = cell (record, index, UNIT), *text = cell (record, index, AMOUNT);
  ShtMilestone which;
  ShtUnit how;

  if (service == NULL || !g_hash_table_contains (town->services, service))
    return refuse (error, line, "there is no service “%s”", service != NULL ? service : "");
  if (!sht_milestone_parse (milestone, &which))
    return refuse (error, line, "a milestone is first_response, make_safe or complete, and not “%s”", milestone != NULL ? milestone : "");
  if (!sht_unit_parse (unit, &how))
    return refuse (error, line, "a unit is minutes, working_hours, working_days or days, and not “%s”", unit != NULL ? unit : "");
  if (text == NULL || !g_ascii_string_to_signed (text, 10, 1, SHT_TARGET_MOST, amount, NULL))
    return refuse (error, line, "an amount is a whole number from 1 to 100000, and not “%s”", text != NULL ? text : "");
  if (priority != NULL && !g_strv_contains (priorities, priority))
    return refuse (error, line, "a priority is normal or urgent, and not “%s”", priority);
  if (department != NULL && !g_hash_table_contains (town->departments, department))
    return refuse (error, line, "there is no department “%s”", department);
  if (department != NULL && which != SHT_MILESTONE_COMPLETE)
    return refuse (error, line, "a department's own leg has a target for complete only");
  if (calendar != NULL && !g_hash_table_contains (town->calendars, calendar))
    return refuse (error, line, "there is no calendar “%s”", calendar);
  return TRUE;
}

/* What a service had before goes with the first line that names it. */
static JsonArray *
targets_of (JsonObject *service, GHashTable *seen, GPtrArray *changed)
{
  if (g_hash_table_add (seen, service))
    {
      json_object_set_array_member (service, "targets", json_array_new ());
      if (json_object_has_member (service, "pauses"))
        json_object_remove_member (service, "pauses");
      g_ptr_array_add (changed, json_object_ref (service));
    }
  return json_object_get_array_member (service, "targets");
}

static gboolean
is_there (JsonArray *targets, JsonObject *row)
{
  static const char *const key[] = { "milestone", "priority", "department" };

  for (guint i = 0; i < json_array_get_length (targets); i++)
    {
      JsonObject *other = json_array_get_object_element (targets, i);
      gboolean same = TRUE;

      for (guint k = 0; k < G_N_ELEMENTS (key); k++)
        same = same && g_strcmp0 (sht_json_string (row, key[k]), sht_json_string (other, key[k])) == 0;
      if (same)
        return TRUE;
    }
  return FALSE;
}

/* Reasons of waiting that stop the clock; a line without any leaves to the service what is usual. */
static gboolean
add_pauses (JsonObject *service, const char *text, guint line, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (JsonArray) pauses = json_array_new ();

  for (guint i = 0; words[i] != NULL; i++)
    if (g_strv_contains (reasons, words[i]))
      json_array_add_string_element (pauses, words[i]);
    else if (*words[i] != '\0' && !g_str_equal (words[i], "none"))
      return refuse (error, line, "what stops the clock is resident, parts, department, body, weather or none, and not “%s”", words[i]);
  json_object_set_array_member (service, "pauses", g_steal_pointer (&pauses));
  return TRUE;
}

static gboolean
take_row (GPtrArray *record, const int index[N_COLUMNS], guint line, const ShtLevelsTown *town, GHashTable *seen,
          GPtrArray *changed, GError **error)
{
  static const Column copied[] = { MILESTONE, UNIT, PRIORITY, DEPARTMENT, CALENDAR, SOURCE };
  g_autoptr (JsonObject) row = json_object_new ();
  JsonObject *service;
  JsonArray *targets;
  gint64 amount;

  if (!check_row (record, index, line, town, &amount, error))
    return FALSE;
  service = g_hash_table_lookup (town->services, cell (record, index, SERVICE));
  targets = targets_of (service, seen, changed);
  json_object_set_int_member (row, "amount", amount);
  for (guint i = 0; i < G_N_ELEMENTS (copied); i++)
    sht_json_set_string (row, columns[copied[i]], cell (record, index, copied[i]));
  if (is_there (targets, row))
    return refuse (error, line, "“%s” has such a target already", cell (record, index, SERVICE));
  json_array_add_object_element (targets, g_steal_pointer (&row));
  return cell (record, index, PAUSES) == NULL || add_pauses (service, cell (record, index, PAUSES), line, error);
}

/**
 * sht_levels_read_targets:
 * @csv: (array length=length): a table of targets (RFC 4180, UTF-8), with the names of its columns in the first line
 * @town: what there is; the services that it names are changed
 *
 * Service levels as a city writes them down. A service that is named has afterwards what its lines say and nothing else; those
 * that are not named stay as they are. When something is wrong nothing is to be kept.
 *
 * Returns: (transfer full) (nullable) (element-type JsonObject): the services that were named, or %NULL with
 *   %SHT_LEVELS_ERROR_INVALID, which tells the line
 */
GPtrArray *
sht_levels_read_targets (const char *csv, gsize length, const ShtLevelsTown *town, GError **error)
{
  Csv reader = { csv, csv + length, 1, 1 };
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) header = NULL;
  int index[N_COLUMNS];

  if (length > SHT_LEVELS_MAX_FILE || !g_utf8_validate (csv, (gssize) length, NULL))
    {
      refuse (error, 1, "it is no text of at most 4 MiB in UTF-8");
      return NULL;
    }
  /* Spreadsheets begin with a mark of the byte order. */
  if (length >= 3 && memcmp (csv, "\xef\xbb\xbf", 3) == 0)
    reader.at += 3;
  header = next_record (&reader);
  if (!read_header (header, index, error))
    return NULL;
  for (;;)
    {
      g_autoptr (GPtrArray) record = next_record (&reader);

      if (record == NULL)
        break;
      if (!is_blank (record) && !take_row (record, index, reader.line, town, seen, changed, error))
        return NULL;
    }
  if (changed->len == 0)
    {
      refuse (error, 1, "it has no target");
      return NULL;
    }
  return g_steal_pointer (&changed);
}

static void
write_cell (GString *out, const char *text)
{
  if (text == NULL)
    text = "";
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (out, text);
      return;
    }
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}

static char *
pauses_text (JsonObject *service)
{
  JsonArray *pauses = sht_json_array (service, "pauses");
  GString *out;

  if (pauses == NULL)
    return NULL;
  out = g_string_new (json_array_get_length (pauses) == 0 ? "none" : NULL);
  for (guint i = 0; i < json_array_get_length (pauses); i++)
    g_string_append_printf (out, "%s%s", i > 0 ? " " : "", json_array_get_string_element (pauses, i));
  return g_string_free (out, FALSE);
}

/**
 * sht_levels_write_targets:
 * @services: (element-type JsonObject): services
 *
 * Returns: (transfer full): their targets as sht_levels_read_targets() takes them
 */
char *
sht_levels_write_targets (GPtrArray *services)
{
  GString *out = g_string_new (NULL);

  for (guint c = 0; c < N_COLUMNS; c++)
    g_string_append_printf (out, "%s%s", c > 0 ? "," : "", columns[c]);
  g_string_append (out, "\r\n");
  for (guint i = 0; i < services->len; i++)
    {
      JsonObject *service = g_ptr_array_index (services, i);
      JsonArray *targets = sht_json_array (service, "targets");
      g_autofree char *pauses = pauses_text (service);

      for (guint t = 0; targets != NULL && t < json_array_get_length (targets); t++)
        {
          JsonObject *row = sht_json_element (targets, t);
          g_autofree char *amount = g_strdup_printf ("%" G_GINT64_FORMAT, sht_json_int (row, "amount", 0));
          const char *cells[N_COLUMNS];

          for (guint c = 0; c < N_COLUMNS; c++)
            cells[c] = sht_json_string (row, columns[c]);
          cells[SERVICE] = sht_json_string (service, "id");
          cells[AMOUNT] = amount;
          cells[PAUSES] = pauses;
          for (guint c = 0; c < N_COLUMNS; c++)
            {
              if (c > 0)
                g_string_append_c (out, ',');
              write_cell (out, cells[c]);
            }
          g_string_append (out, "\r\n");
        }
    }
  return g_string_free (out, FALSE);
}
