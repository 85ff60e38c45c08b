/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json.h"

#include "core/json-guard.h"

#include <string.h>

/**
 * sht_json_parse_object:
 * @bytes: what came from outside
 * @length: how many bytes, or -1 for a string
 *
 * Parses one JSON object, after checking that it is UTF-8 and not nested past %SHT_JSON_MAX_DEPTH
 * (json-glib 1.6 recurses without a limit).
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
      || !json_parser_load_from_data (parser, bytes, length, error))
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
