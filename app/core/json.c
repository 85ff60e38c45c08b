/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json.h"

#include "core/json-guard.h"

#include <math.h>
#include <string.h>

/* A number that json-glib cannot hold would be another one when it is written again: digits past 64
 * bits, or a fraction that it
 * would write as something that is no JSON at all. */
static gboolean
number_is_kept (const char *at, const char *end)
{
  g_autofree char *text = g_strndup (at, (gsize) (end - at));
  char written[G_ASCII_DTOSTR_BUF_SIZE];
  gint64 whole;
  double value;

  if (strpbrk (text, ".eE") == NULL)
    return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &whole, NULL);
  value = g_ascii_strtod (text, NULL);
  g_ascii_dtostr (written, sizeof written, value);
  /* json-glib 1.6 writes 1e+22 as 1e+22.0 */
  return isfinite (value) && (strchr (written, 'e') == NULL || strchr (written, '.') != NULL);
}

static gboolean
check_numbers (const char *bytes, const char *end, GError **error)
{
  for (const char *p = bytes; p < end; p++)
    {
      const char *start = p;

      if (*p == '"')
        {
          for (p++; p < end && *p != '"'; p++)
            p += *p == '\\';
          continue;
        }
      while (p < end && (g_ascii_isdigit (*p) || strchr ("+-.eE", *p) != NULL) && *p != '\0'
             && (p > start || *p == '-' || g_ascii_isdigit (*p)))
        p++;
      if (p == start)
        continue;
      if (!number_is_kept (start, p))
        {
          g_set_error (error, SHT_JSON_ERROR, SHT_JSON_ERROR_SYNTAX,
                       "a number past what can be kept at byte %" G_GSIZE_FORMAT, (gsize) (start - bytes));
          return FALSE;
        }
      p--;
    }
  return TRUE;
}

/**
 * sht_json_parse_object:
 * @bytes: what came from outside
 * @length: how many bytes, or -1 for a string
 *
 * Parses one JSON object, after checking that it is UTF-8, not nested past %SHT_JSON_MAX_DEPTH (json-glib
 * 1.6 recurses without a limit), and without numbers that would be changed.
 *
 * Returns: (transfer full) (nullable): the object, which may be changed, or %NULL with an error
 */
JsonObject *
sht_json_parse_object (const char *bytes, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (length < 0)
    length = (gssize) strlen (bytes);
  if (!sht_json_guard (bytes, (gsize) length, SHT_JSON_MAX_DEPTH, error)
      || !check_numbers (bytes, bytes + length, error) || !json_parser_load_from_data (parser, bytes, length, error))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                           "not a JSON object");
      return NULL;
    }
  return json_object_ref (json_node_get_object (root));
}

/**
 * sht_json_to_string:
 *
 * Returns: (transfer full): @object on one line, members in the order in which they were set
 */
char *
sht_json_to_string (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autoptr (JsonGenerator) generator = json_generator_new ();

  json_generator_set_root (generator, node);
  return json_generator_to_data (generator, NULL);
}

static JsonNode *
get (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

/**
 * sht_json_string:
 * @object: (nullable): an object
 *
 * Returns: (transfer none) (nullable): the member's text; %NULL when it is absent, null or no string
 */
const char *
sht_json_string (JsonObject *object, const char *member)
{
  JsonNode *node = get (object, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                          : NULL;
}

/**
 * sht_json_int:
 * @object: (nullable): an object
 * @otherwise: what is returned when the member is absent, null or no whole number
 */
gint64
sht_json_int (JsonObject *object, const char *member, gint64 otherwise)
{
  JsonNode *node = get (object, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node)
                                                                         : otherwise;
}

/**
 * sht_json_bool:
 * @object: (nullable): an object
 *
 * Returns: whether the member is there and true
 */
gboolean
sht_json_bool (JsonObject *object, const char *member)
{
  JsonNode *node = get (object, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN
         && json_node_get_boolean (node);
}

/**
 * sht_json_has:
 * @object: (nullable): an object
 *
 * Returns: whether the member is there and not null
 */
gboolean
sht_json_has (JsonObject *object, const char *member)
{
  return get (object, member) != NULL;
}

/**
 * sht_json_object:
 * @object: (nullable): an object
 *
 * Returns: (transfer none) (nullable): the member, or %NULL when it is absent or no object
 */
JsonObject *
sht_json_object (JsonObject *object, const char *member)
{
  JsonNode *node = get (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * sht_json_array:
 * @object: (nullable): an object
 *
 * Returns: (transfer none) (nullable): the member, or %NULL when it is absent or no array
 */
JsonArray *
sht_json_array (JsonObject *object, const char *member)
{
  JsonNode *node = get (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/**
 * sht_json_nodes_equal:
 * @a: (nullable): a value
 * @b: (nullable): another
 *
 * Returns: whether they say the same; absent and null do
 */
gboolean
sht_json_nodes_equal (JsonNode *a, JsonNode *b)
{
  gboolean no_a = a == NULL || JSON_NODE_HOLDS_NULL (a);
  gboolean no_b = b == NULL || JSON_NODE_HOLDS_NULL (b);

  if (no_a || no_b)
    return no_a && no_b;
  return json_node_equal (a, b);
}

/**
 * sht_json_set_string:
 * @value: (nullable): the text; %NULL removes the member
 */
void
sht_json_set_string (JsonObject *object, const char *member, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
  else if (json_object_has_member (object, member))
    json_object_remove_member (object, member);
}
