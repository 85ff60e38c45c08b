/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json.h"

#include "core/json-bytes.h"
#include "core/json-guard.h"
#include "core/json-slice.h"

#include <math.h>
#include <string.h>

/* What passed sht_json_guard() is JSON to the letter: it can be read without looking twice. It is a copy of it that is read:
 * a string is undone where it stands, and a NUL put behind it, over its last quote at the latest. */
typedef struct
{
  char *start;
  char *at;
  char *end;
} Reader;

static JsonNode *read_value (Reader *reader, GError **error);

static void
skip_space (Reader *reader)
{
  reader->at += sht_json_skip_space (reader->at, reader->end) - reader->at;
}

static gunichar
read_hex (const char *at)
{
  gunichar value = 0;

  for (int i = 0; i < 4; i++)
    value = value * 16 + (gunichar) g_ascii_xdigit_value (at[i]);
  return value;
}

/* No character is longer than its escape. */
static char *
read_escape (Reader *reader, char *to)
{
  static const char names[] = "\"\\/bfnrt";
  static const char values[] = "\"\\/\b\f\n\r\t";
  gunichar c;

  if (reader->at[1] != 'u')
    {
      *to = values[strchr (names, reader->at[1]) - names];
      reader->at += 2;
      return to + 1;
    }
  c = read_hex (reader->at + 2);
  reader->at += 6;
  if (c >= 0xd800 && c <= 0xdbff)
    {
      c = 0x10000 + ((c - 0xd800) << 10) + (read_hex (reader->at + 2) - 0xdc00);
      reader->at += 6;
    }
  return to + g_unichar_to_utf8 (c, to);
}

/* The string lives as long as the copy. */
static const char *
read_string (Reader *reader)
{
  char *text = ++reader->at;
  char *to = text;

  for (;;)
    {
      char *from = reader->at;
      gsize n;

      reader->at = from + (sht_json_skip_plain (from, reader->end) - from);
      n = (gsize) (reader->at - from);
      if (to != from)
        memmove (to, from, n);
      to += n;
      if (*reader->at == '"')
        break;
      to = read_escape (reader, to);
    }
  reader->at++;
  *to = '\0';
  return text;
}

/* What is surely within 64 bits. */
static gboolean
read_short (const char *at, const char *end, gint64 *value)
{
  gboolean negative = *at == '-';
  gint64 n = 0;

  at += negative;
  if (end - at > 18)
    return FALSE;
  for (; at < end; at++)
    n = n * 10 + (*at - '0');
  *value = negative ? -n : n;
  return TRUE;
}

/* A number that json-glib cannot hold would be another one when it is written again: digits past 64
 * bits, or a fraction that it would write as something that is no JSON at all. */
static JsonNode *
read_number (Reader *reader, GError **error)
{
  const char *from = reader->at;
  gboolean is_whole = TRUE;
  g_autofree char *digits = NULL;
  char written[G_ASCII_DTOSTR_BUF_SIZE];
  gint64 whole;
  double value;

  for (; reader->at < reader->end; reader->at++)
    if (*reader->at == '.' || *reader->at == 'e' || *reader->at == 'E')
      is_whole = FALSE;
    else if (!g_ascii_isdigit (*reader->at) && *reader->at != '-' && *reader->at != '+')
      break;
  if (is_whole && read_short (from, reader->at, &whole))
    return json_node_init_int (json_node_alloc (), whole);
  digits = g_strndup (from, (gsize) (reader->at - from));
  if (is_whole && g_ascii_string_to_signed (digits, 10, G_MININT64, G_MAXINT64, &whole, NULL))
    return json_node_init_int (json_node_alloc (), whole);
  value = g_ascii_strtod (digits, NULL);
  g_ascii_dtostr (written, sizeof written, value);
  /* json-glib 1.6 writes 1e+22 as 1e+22.0 */
  if (!is_whole && isfinite (value) && (strchr (written, 'e') == NULL || strchr (written, '.') != NULL))
    return json_node_init_double (json_node_alloc (), value);
  g_set_error (error, SHT_JSON_ERROR, SHT_JSON_ERROR_SYNTAX,
               "a number past what can be kept at byte %" G_GSIZE_FORMAT, (gsize) (from - reader->start));
  return NULL;
}

static JsonNode *
read_array (Reader *reader, GError **error)
{
  g_autoptr (JsonArray) array = json_array_new ();

  do
    {
      JsonNode *element;

      reader->at++;
      skip_space (reader);
      if (*reader->at == ']')
        break;
      element = read_value (reader, error);
      if (element == NULL)
        return NULL;
      json_array_add_element (array, element);
      skip_space (reader);
    }
  while (*reader->at == ',');
  reader->at++;
  return json_node_init_array (json_node_alloc (), array);
}

static gboolean
read_member (Reader *reader, JsonObject *object, const char *name, GError **error)
{
  JsonNode *member;

  skip_space (reader);
  /* Most are; to set a node looks for the name twice. */
  if (*reader->at == '"')
    {
      json_object_set_string_member (object, name, read_string (reader));
      return TRUE;
    }
  member = read_value (reader, error);
  if (member == NULL)
    return FALSE;
  json_object_set_member (object, name, member);
  return TRUE;
}

static JsonNode *
read_object (Reader *reader, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  do
    {
      const char *name;

      reader->at++;
      skip_space (reader);
      if (*reader->at == '}')
        break;
      name = read_string (reader);
      skip_space (reader);
      reader->at++;
      if (!read_member (reader, object, name, error))
        return NULL;
      skip_space (reader);
    }
  while (*reader->at == ',');
  reader->at++;
  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
read_value (Reader *reader, GError **error)
{
  skip_space (reader);
  switch (*reader->at)
    {
    case '{':
      return read_object (reader, error);
    case '[':
      return read_array (reader, error);
    case '"':
      return json_node_init_string (json_node_alloc (), read_string (reader));
    case 't':
      reader->at += strlen ("true");
      return json_node_init_boolean (json_node_alloc (), TRUE);
    case 'f':
      reader->at += strlen ("false");
      return json_node_init_boolean (json_node_alloc (), FALSE);
    case 'n':
      reader->at += strlen ("null");
      return json_node_init_null (json_node_alloc ());
    default:
      return read_number (reader, error);
    }
}

/* Checks a text and copies it to where it can be read. */
static char *
begin (const char *bytes, gssize length, Reader *reader, GError **error)
{
  gsize size = length < 0 ? strlen (bytes) : (gsize) length;
  char *copy;

  if (!sht_json_guard (bytes, size, SHT_JSON_MAX_DEPTH, error))
    return NULL;
  copy = g_strndup (bytes, size);
  *reader = (Reader) { copy, copy, copy + size };
  skip_space (reader);
  if (*reader->at == '{')
    return copy;
  g_set_error_literal (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA, "not a JSON object");
  g_free (copy);
  return NULL;
}

/**
 * sht_json_parse_object:
 * @bytes: what came from outside
 * @length: how many bytes, or -1 for a string
 *
 * Parses one JSON object, after checking that it is UTF-8 and JSON to the letter, not nested past
 * %SHT_JSON_MAX_DEPTH, and without numbers that would be changed. json-glib's own parser
 * recurses without a limit, changes numbers, and takes twice as long for a ticket.
 *
 * Returns: (transfer full) (nullable): the object, which may be changed, or %NULL with an error
 */
JsonObject *
sht_json_parse_object (const char *bytes, gssize length, GError **error)
{
  Reader reader;
  g_autofree char *copy = begin (bytes, length, &reader, error);
  g_autoptr (JsonNode) root = copy != NULL ? read_object (&reader, error) : NULL;

  return root != NULL ? json_object_ref (json_node_get_object (root)) : NULL;
}

/**
 * sht_json_members_clear:
 * @members: (array length=n): what sht_json_parse_members() gave
 */
void
sht_json_members_clear (ShtJsonMember *members, guint n)
{
  for (guint i = 0; i < n; i++)
    g_clear_pointer (&members[i].node, json_node_unref);
}

static gboolean
read_members (Reader *reader, const ShtJsonName *names, guint n, ShtJsonMember *members, GError **error)
{
  do
    {
      ShtJsonMember member = { NULL, NULL };
      const char *name;
      guint i = 0;

      reader->at++;
      skip_space (reader);
      if (*reader->at == '}')
        break;
      name = read_string (reader);
      while (i < n && strcmp (names[i].name, name) != 0)
        i++;
      skip_space (reader);
      reader->at++;
      skip_space (reader);
      if (*reader->at == '"')
        member.text = read_string (reader);
      else
        member.node = read_value (reader, error);
      if (member.text == NULL && member.node == NULL)
        return FALSE;
      if (i < n)
        {
          sht_json_members_clear (&members[i], 1);
          members[i] = member;
        }
      else
        sht_json_members_clear (&member, 1);
      skip_space (reader);
    }
  while (*reader->at == ',');
  return TRUE;
}

/**
 * sht_json_parse_members:
 * @bytes: what came from outside
 * @length: how many bytes, or -1 for a string
 * @names: (array length=n): what is looked for
 * @n: how many they are
 * @members: (out caller-allocates) (array length=n): the members of these names, the last of each; to be cleared by
 *   sht_json_members_clear()
 *
 * Parses one JSON object as sht_json_parse_object() does, for whoever wants its members and no object. What fails there
 * fails here, also in members that nobody looks for.
 *
 * Returns: (transfer full) (nullable): what the members' texts lie in, to be kept as long as they are, or %NULL with an error,
 *   and then there are no members
 */
char *
sht_json_parse_members (const char *bytes, gssize length, const ShtJsonName *names, guint n, ShtJsonMember *members,
                        GError **error)
{
  Reader reader;
  g_autofree char *copy = begin (bytes, length, &reader, error);

  memset (members, 0, n * sizeof *members);
  if (copy != NULL && read_members (&reader, names, n, members, error))
    return g_steal_pointer (&copy);
  sht_json_members_clear (members, n);
  return NULL;
}

static void append_value (GString *out, JsonNode *node);

/**
 * sht_json_append_object:
 * @out: a text being written
 *
 * Appends an object, members in the order in which they were set.
 */
void
sht_json_append_object (GString *out, JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  g_string_append_c (out, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      sht_json_append_key (out, name);
      append_value (out, node);
    }
  g_string_append_c (out, '}');
}

/**
 * sht_json_append_array:
 * @out: a text being written
 *
 * Appends an array.
 */
void
sht_json_append_array (GString *out, JsonArray *array)
{
  guint n = json_array_get_length (array);

  g_string_append_c (out, '[');
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_value (out, json_array_get_element (array, i));
    }
  g_string_append_c (out, ']');
}

/* A fraction that is whole stays a fraction. */
static void
append_double (GString *out, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_dtostr (digits, sizeof digits, value);
  g_string_append (out, digits);
  if (strchr (digits, '.') == NULL)
    g_string_append (out, ".0");
}

static void
append_value (GString *out, JsonNode *node)
{
  GType type;

  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      sht_json_append_object (out, json_node_get_object (node));
      return;
    case JSON_NODE_ARRAY:
      sht_json_append_array (out, json_node_get_array (node));
      return;
    case JSON_NODE_NULL:
      g_string_append (out, "null");
      return;
    case JSON_NODE_VALUE:
      break;
    }
  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    sht_json_append_string (out, json_node_get_string (node));
  else if (type == G_TYPE_INT64)
    sht_json_append_int (out, json_node_get_int (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else
    append_double (out, json_node_get_double (node));
}

/**
 * sht_json_to_string:
 *
 * Returns: (transfer full): @object on one line, members in the order in which they were set
 */
char *
sht_json_to_string (JsonObject *object)
{
  GString *out = g_string_sized_new (1000);

  sht_json_append_object (out, object);
  return g_string_free (out, FALSE);
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
 * sht_json_element:
 * @array: (nullable): an array
 *
 * Returns: (transfer none) (nullable): the object at @index; %NULL when there is none or it is something else
 */
JsonObject *
sht_json_element (JsonArray *array, guint index)
{
  JsonNode *node = array != NULL && index < json_array_get_length (array) ? json_array_get_element (array, index) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
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
