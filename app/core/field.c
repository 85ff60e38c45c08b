/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/field.h"

#include "core/form.h"
#include "core/operation.h"

#include <string.h>

#define C SHT_ROLE_CREW
#define S SHT_ROLE_SUPERVISOR
#define LAT 900000000
#define LON 1800000000
#define TEXT SHT_TEXT_MAX_CHARS
#define SHORT SHT_TITLE_MAX_CHARS
#define CODE 64

/* The one table of fields: who may give and change each, and whose value stands. What is not here
 * (status, number, department, crew, revisions) changes only by an operation of its own or at the hub. */
static const ShtField fields[] = {
  { "ticket", "title", 's', C, C, S, SHT_TIE_FIRST, 0, SHORT },
  { "ticket", "description", 's', C, S, S, SHT_TIE_FIRST, 0, TEXT },
  { "ticket", "address", 's', C, C, S, SHT_TIE_FIRST, 0, SHORT },
  { "ticket", "lat_e7", 'i', C, C, S, SHT_TIE_FIRST, -LAT, LAT },
  { "ticket", "lon_e7", 'i', C, C, S, SHT_TIE_FIRST, -LON, LON },
  { "ticket", "service", 's', C, S, S, SHT_TIE_FIRST, 1, CODE },
  { "ticket", "place", 's', C, C, S, SHT_TIE_FIRST, 0, CODE },
  { "ticket", "district", 's', C, S, S, SHT_TIE_FIRST, 0, CODE },
  { "ticket", "priority", 's', C, S, S, SHT_TIE_FIRST, 0, CODE },
  { "ticket", "source", 's', C, S, S, SHT_TIE_FIRST, 0, CODE },
  { "ticket", "visit", 'o', S, S, S, SHT_TIE_FIRST, 0, 0 },
  { "ticket", "resident", 'o', C, S, S, SHT_TIE_FIRST, 0, 0 },
  { "ticket", "answers", 'o', C, C, C, SHT_TIE_FIRST, 0, 0 },
  { "photo", "caption", 's', C, C, C, SHT_TIE_LATER, 0, SHORT },
  { "photo", "role", 's', C, C, C, SHT_TIE_LATER, 0, CODE },
  { "photo", "taken_at", 'i', C, S, S, SHT_TIE_FIRST, 0, SHT_TIME_MAX },
  { "photo", "lat_e7", 'i', C, S, S, SHT_TIE_FIRST, -LAT, LAT },
  { "photo", "lon_e7", 'i', C, S, S, SHT_TIE_FIRST, -LON, LON },
  { "photo", "width", 'i', C, S, S, SHT_TIE_FIRST, 1, 100000 },
  { "photo", "height", 'i', C, S, S, SHT_TIE_FIRST, 1, 100000 },
  { "photo", "thumb_size", 'i', C, S, S, SHT_TIE_FIRST, 0, SHT_PHOTO_MAX_BYTES },
  { "place", "name", 's', S, S, S, SHT_TIE_LATER, 1, SHORT },
  { "place", "address", 's', S, S, S, SHT_TIE_LATER, 0, SHORT },
  { "place", "lat_e7", 'i', S, S, S, SHT_TIE_LATER, -LAT, LAT },
  { "place", "lon_e7", 'i', S, S, S, SHT_TIE_LATER, -LON, LON },
  { "place", "state", 's', S, S, S, SHT_TIE_LATER, 0, CODE },
};

/**
 * sht_field_at:
 *
 * Returns: (transfer none) (nullable): the field at @index of the table, %NULL past its end
 */
const ShtField *
sht_field_at (guint index)
{
  return index < G_N_ELEMENTS (fields) ? &fields[index] : NULL;
}

/**
 * sht_field_find:
 * @type: an entity's type
 * @name: the field's name; each answer, `answers.CODE`, goes by the row of `answers`
 *
 * Returns: (transfer none) (nullable): the field's row, or %NULL when people cannot set it
 */
const ShtField *
sht_field_find (const char *type, const char *name)
{
  if (sht_answer_code (name) != NULL)
    name = "answers";
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (strcmp (fields[i].name, name) == 0 && strcmp (fields[i].type, type) == 0)
      return &fields[i];
  return NULL;
}

static gboolean
refuse (GError **error, const ShtField *field, const char *why)
{
  g_set_error (error, SHT_OPERATION_ERROR, SHT_OPERATION_ERROR_VALUE, "%s %s", field->name, why);
  return FALSE;
}

/* Whether objects and lists lie in each other to more levels than that. */
static gboolean
is_deeper (JsonNode *value, guint levels)
{
  JsonArray *list = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;
  gboolean deeper = FALSE;
  JsonObjectIter iter;
  JsonNode *member;

  if (list == NULL && !JSON_NODE_HOLDS_OBJECT (value))
    return FALSE;
  if (levels == 0)
    return TRUE;
  for (guint i = 0; list != NULL && !deeper && i < json_array_get_length (list); i++)
    deeper = is_deeper (json_array_get_element (list, i), levels - 1);
  if (list != NULL)
    return deeper;
  json_object_iter_init (&iter, json_node_get_object (value));
  while (!deeper && json_object_iter_next (&iter, NULL, &member))
    deeper = is_deeper (member, levels - 1);
  return deeper;
}

/**
 * sht_field_check:
 * @value: (nullable): a value from outside; %NULL and JSON null empty the field, where it may be empty
 *
 * Returns: %FALSE with %SHT_OPERATION_ERROR_VALUE that names the field
 */
gboolean
sht_field_check (const ShtField *field, JsonNode *value, GError **error)
{
  const char *wrong;

  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    return field->value != 's' || field->min == 0 || refuse (error, field, "must not be empty");
  switch (field->value)
    {
    case 'o':
      if (!JSON_NODE_HOLDS_OBJECT (value))
        return refuse (error, field, "is not an object");
      if (is_deeper (value, SHT_FIELD_MAX_DEPTH))
        return refuse (error, field, "is nested too deep");
      wrong = strcmp (field->name, "answers") == 0 ? sht_answers_check (json_node_get_object (value)) : NULL;
      return wrong == NULL || refuse (error, field, wrong);
    case 'a':
      return JSON_NODE_HOLDS_ARRAY (value) || refuse (error, field, "is not a list");
    case 'i':
      if (json_node_get_value_type (value) != G_TYPE_INT64)
        return refuse (error, field, "is not a whole number");
      if (json_node_get_int (value) < field->min || json_node_get_int (value) > field->max)
        return refuse (error, field, "is out of its range");
      return TRUE;
    default:
      {
        glong chars;

        if (json_node_get_value_type (value) != G_TYPE_STRING)
          return refuse (error, field, "is not a text");
        chars = g_utf8_strlen (json_node_get_string (value), -1);
        if (chars < field->min || chars > field->max)
          return refuse (error, field, "is too short or too long");
        return TRUE;
      }
    }
}

/**
 * sht_field_check_all:
 * @type: an entity's type
 * @values: what somebody wants to set
 *
 * Checks each member that the table knows; members that it does not know are left to the merge, which
 * ignores them.
 *
 * Returns: %FALSE with %SHT_OPERATION_ERROR_VALUE
 */
gboolean
sht_field_check_all (const char *type, JsonObject *values, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, values);
  while (json_object_iter_next (&iter, &name, &node))
    {
      const ShtField *field = sht_answer_code (name) == NULL ? sht_field_find (type, name) : NULL;

      if (field != NULL && !sht_field_check (field, node, error))
        return FALSE;
    }
  return TRUE;
}
