/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json-slice.h"

#include "core/json-bytes.h"
#include "core/json-guard.h"

#include <errno.h>
#include <string.h>

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Where a string ends that is not plain from @at on. */
static G_GNUC_NO_INLINE const char *
rest_end (const char *at, const char *end)
{
  for (; at < end && *at != '"'; at = sht_json_skip_plain (at, end))
    at += *at == '\\' ? 2 : 1;
  return MIN (at + 1, end);
}

static inline const char *
string_end (const char *at, const char *end)
{
  at = sht_json_skip_plain (at + 1, end);
  return at < end && *at == '"' ? at + 1 : rest_end (at, end);
}

/* What a byte outside strings means to who looks for the end of a value. */
enum
{
  QUOTE = 1,
  OPENS,
  CLOSES,
  PARTS /* one value from the next, or from its name */
};

static const guint8 meanings[256] = {
  ['"'] = QUOTE, ['{'] = OPENS, ['['] = OPENS, ['}'] = CLOSES, [']'] = CLOSES, [','] = PARTS,
  [':'] = PARTS, [' '] = PARTS, ['\n'] = PARTS, ['\r'] = PARTS, ['\t'] = PARTS, ['\0'] = PARTS,
};

static guint8
meaning (const char *at)
{
  return meanings[(guchar) *at];
}

/* Where the object or the array that begins at @at ends. */
static const char *
container_end (const char *at, const char *end)
{
  guint depth = 0;

  while (at < end)
    switch (meaning (at))
      {
      case QUOTE:
        at = string_end (at, end);
        break;
      case OPENS:
        depth++, at++;
        break;
      case CLOSES:
        at++;
        if (--depth == 0)
          return at;
        break;
      default:
        at++;
      }
  return at;
}

/* Where the value that begins at @at ends. */
static const char *
value_end (const char *at, const char *end)
{
  if (at < end && meaning (at) == QUOTE)
    return string_end (at, end);
  if (at < end && (meaning (at) == OPENS || meaning (at) == CLOSES))
    return container_end (at, end);
  while (at < end && meaning (at) == 0)
    at++;
  return at;
}

/**
 * sht_json_slice_root:
 * @bytes: a text that passed sht_json_guard(), kept by the caller
 * @length: how many bytes
 *
 * Returns: the outermost value
 */
ShtJsonSlice
sht_json_slice_root (const char *bytes, gsize length)
{
  const char *end = bytes + length;
  const char *at = sht_json_skip_space (bytes, end);

  /* Only spaces may stand around it. */
  while (end > at && is_space (end[-1]))
    end--;
  return (ShtJsonSlice) { at, (gsize) (end - at) };
}

ShtJsonKind
sht_json_slice_kind (ShtJsonSlice value)
{
  if (value.length == 0 || *value.at == 'n')
    return SHT_JSON_ABSENT;
  switch (*value.at)
    {
    case '{':
      return SHT_JSON_OBJECT;
    case '[':
      return SHT_JSON_ARRAY;
    case '"':
      return SHT_JSON_STRING;
    case 't':
    case 'f':
      return SHT_JSON_BOOLEAN;
    default:
      return SHT_JSON_NUMBER;
    }
}

/**
 * sht_json_iter_init:
 * @iter: (out caller-allocates): on the stack
 * @container: an object or an array; anything else has no members
 */
void
sht_json_iter_init (ShtJsonIter *iter, ShtJsonSlice container)
{
  ShtJsonKind kind = sht_json_slice_kind (container);

  *iter = (ShtJsonIter) { 0 };
  if (kind != SHT_JSON_OBJECT && kind != SHT_JSON_ARRAY)
    return;
  iter->object = kind == SHT_JSON_OBJECT;
  iter->at = container.at + 1;
  iter->end = container.at + container.length - 1;
}

/**
 * sht_json_iter_next:
 * @key: (out) (optional): the member's name, a string slice; empty in an array
 * @value: (out): the member's value
 *
 * Returns: %FALSE after the last
 */
gboolean
sht_json_iter_next (ShtJsonIter *iter, ShtJsonSlice *key, ShtJsonSlice *value)
{
  ShtJsonSlice name = { NULL, 0 };
  const char *stop;

  iter->at = sht_json_skip_space (iter->at, iter->end);
  if (iter->at < iter->end && *iter->at == ',')
    iter->at = sht_json_skip_space (iter->at + 1, iter->end);
  if (iter->at >= iter->end)
    return FALSE;
  if (iter->object)
    {
      stop = string_end (iter->at, iter->end);
      name = (ShtJsonSlice) { iter->at, (gsize) (stop - iter->at) };
      iter->at = sht_json_skip_space (stop, iter->end);
      iter->at = sht_json_skip_space (iter->at + 1, iter->end);
    }
  stop = value_end (iter->at, iter->end);
  *value = (ShtJsonSlice) { iter->at, (gsize) (stop - iter->at) };
  iter->at = stop;
  if (key != NULL)
    *key = name;
  return TRUE;
}

/**
 * sht_json_slice_count:
 *
 * Returns: how many members an object or an array has
 */
guint
sht_json_slice_count (ShtJsonSlice container)
{
  ShtJsonIter iter;
  ShtJsonSlice value;
  guint n = 0;

  sht_json_iter_init (&iter, container);
  while (sht_json_iter_next (&iter, NULL, &value))
    n++;
  return n;
}

/**
 * sht_json_slice_member:
 * @object: an object; anything else has no member
 * @name: as decoded
 *
 * Returns: the first member of that name, or an empty slice
 */
ShtJsonSlice
sht_json_slice_member (ShtJsonSlice object, const char *name)
{
  ShtJsonIter iter;
  ShtJsonSlice key, value;

  sht_json_iter_init (&iter, object);
  while (iter.object && sht_json_iter_next (&iter, &key, &value))
    if (sht_json_slice_equals (key, name))
      return value;
  return (ShtJsonSlice) { NULL, 0 };
}

/* By a name's length and its first byte, or the quote that an empty one has there. */
static guint
slot_of (gsize length, char first)
{
  return (guint) (length * 5 + (guchar) first) % SHT_JSON_FINDER_SLOTS;
}

/**
 * sht_json_finder_init:
 * @finder: (out caller-allocates): on the stack, nothing to free
 * @names: (array length=n): names, as decoded; kept by the caller
 * @n: how many they are
 *
 * Prepares to look for names.
 */
void
sht_json_finder_init (ShtJsonFinder *finder, const ShtJsonName *names, guint n)
{
  finder->names = names;
  finder->n = n;
  memset (finder->slots, 0, sizeof finder->slots);
  for (guint i = 0; i < n; i++)
    {
      guint8 *slot = &finder->slots[slot_of (names[i].length, names[i].length > 0 ? names[i].name[0] : '"')];

      *slot = *slot == 0 && i + 1 < SHT_JSON_SEVERAL ? (guint8) (i + 1) : SHT_JSON_SEVERAL;
    }
}

static gboolean
is_name (const ShtJsonName *name, ShtJsonSlice key)
{
  return key.length == name->length + 2 && memcmp (key.at + 1, name->name, name->length) == 0;
}

/**
 * sht_json_finder_find:
 * @key: a member's name, a string slice
 *
 * Returns: which name it is, the first that does; how many they are for none
 */
guint
sht_json_finder_find (const ShtJsonFinder *finder, ShtJsonSlice key)
{
  guint8 slot = finder->slots[slot_of (key.length - 2, key.at[1])];

  if (slot != 0 && slot != SHT_JSON_SEVERAL && is_name (&finder->names[slot - 1], key))
    return slot - 1u;
  for (guint i = 0; slot == SHT_JSON_SEVERAL && i < finder->n; i++)
    if (is_name (&finder->names[i], key))
      return i;
  if (memchr (key.at, '\\', key.length) == NULL)
    return finder->n;
  for (guint i = 0; i < finder->n; i++)
    if (sht_json_slice_equals (key, finder->names[i].name))
      return i;
  return finder->n;
}

/**
 * sht_json_slice_members:
 * @object: an object; anything else has no member
 * @names: what is looked for, as decoded
 * @n: how many they are
 * @values: (out caller-allocates) (array length=n): the first member of each name, or an empty slice
 *
 * Reads an object in one go.
 */
void
sht_json_slice_members (ShtJsonSlice object, const ShtJsonName *names, guint n, ShtJsonSlice *values)
{
  ShtJsonFinder finder;
  ShtJsonIter iter;
  ShtJsonSlice key, value;

  memset (values, 0, n * sizeof *values);
  sht_json_finder_init (&finder, names, n);
  sht_json_iter_init (&iter, object);
  while (iter.object && sht_json_iter_next (&iter, &key, &value))
    {
      guint i = sht_json_finder_find (&finder, key);

      if (i < n && values[i].at == NULL)
        values[i] = value;
    }
}

static gunichar
hex4 (const char *p)
{
  gunichar value = 0;

  for (int i = 0; i < 4; i++)
    value = value * 16 + (gunichar) g_ascii_xdigit_value (p[i]);
  return value;
}

/* Appends the character of the escape at @p, and gives how many bytes the escape had. */
static gsize
unescape (const char *p, GString *out)
{
  static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
  const char *found;
  gunichar c;

  if (p[1] != 'u')
    {
      found = strchr (from, p[1]);
      g_string_append_c (out, found != NULL ? to[found - from] : p[1]);
      return 2;
    }
  c = hex4 (p + 2);
  if (c >= 0xd800 && c <= 0xdbff)
    {
      g_string_append_unichar (out, 0x10000 + ((c - 0xd800) << 10) + (hex4 (p + 8) - 0xdc00));
      return 12;
    }
  g_string_append_unichar (out, c);
  return 6;
}

/**
 * sht_json_slice_string:
 *
 * Returns: (transfer full) (nullable): the text of a string, its escapes undone; %NULL when it is none
 */
char *
sht_json_slice_string (ShtJsonSlice value)
{
  const char *at, *end;
  GString *out;

  if (sht_json_slice_kind (value) != SHT_JSON_STRING)
    return NULL;
  at = value.at + 1;
  end = value.at + value.length - 1;
  if (sht_json_skip_plain (at, end) == end)
    return g_strndup (at, (gsize) (end - at));
  out = g_string_sized_new (value.length);
  while (at < end)
    {
      if (*at == '\\')
        at += unescape (at, out);
      else
        g_string_append_c (out, *at++);
    }
  return g_string_free (out, FALSE);
}

/**
 * sht_json_slice_member_string:
 *
 * Returns: (transfer full) (nullable): the text of a member that is a string
 */
char *
sht_json_slice_member_string (ShtJsonSlice object, const char *name)
{
  return sht_json_slice_string (sht_json_slice_member (object, name));
}

/**
 * sht_json_read_member:
 * @bytes: an object that need not have passed anything
 * @length: how many bytes, or -1 for a string
 * @name: as decoded
 *
 * Returns: (transfer full) (nullable): the text of one member, for whoever wants nothing else of the object; %NULL when
 *   there is no such text
 */
char *
sht_json_read_member (const char *bytes, gssize length, const char *name)
{
  gsize size = length < 0 ? strlen (bytes) : (gsize) length;
  ShtJsonName wanted = { name, strlen (name) };
  ShtJsonSlice value;

  return sht_json_guard_members (bytes, size, SHT_JSON_MAX_DEPTH, &wanted, 1, &value, NULL) ? sht_json_slice_string (value)
                                                                                             : NULL;
}

/**
 * sht_json_slice_equals:
 *
 * Returns: whether @value is a string with this very text
 */
gboolean
sht_json_slice_equals (ShtJsonSlice value, const char *text)
{
  g_autofree char *decoded = NULL;
  gsize length = strlen (text);

  if (sht_json_slice_kind (value) != SHT_JSON_STRING)
    return FALSE;
  /* Escapes only make it longer. */
  if (value.length < length + 2)
    return FALSE;
  if (value.length == length + 2 && memcmp (value.at + 1, text, length) == 0)
    return memchr (text, '\\', length) == NULL;
  if (memchr (value.at, '\\', value.length) == NULL)
    return FALSE;
  decoded = sht_json_slice_string (value);
  return strcmp (decoded, text) == 0;
}

/* A whole number that is surely within 64 bits: no other is written. */
static gboolean
read_short (ShtJsonSlice value, gint64 *result)
{
  gboolean negative = *value.at == '-';
  gint64 n = 0;

  if (value.length > 18)
    return FALSE;
  for (gsize i = negative; i < value.length; i++)
    {
      if (!g_ascii_isdigit (value.at[i]))
        return FALSE;
      n = n * 10 + (value.at[i] - '0');
    }
  *result = negative ? -n : n;
  return TRUE;
}

/**
 * sht_json_slice_int:
 * @result: (out): the number
 *
 * Returns: %FALSE when it is no whole number of 64 bits
 */
gboolean
sht_json_slice_int (ShtJsonSlice value, gint64 *result)
{
  g_autofree char *text = NULL;

  if (sht_json_slice_kind (value) != SHT_JSON_NUMBER)
    return FALSE;
  if (read_short (value, result))
    return TRUE;
  text = g_strndup (value.at, value.length);
  return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, result, NULL);
}

/**
 * sht_json_slice_double:
 *
 * Returns: the nearest double, 0 when it is no number
 */
double
sht_json_slice_double (ShtJsonSlice value)
{
  g_autofree char *text = NULL;

  if (sht_json_slice_kind (value) != SHT_JSON_NUMBER)
    return 0;
  text = g_strndup (value.at, value.length);
  return g_ascii_strtod (text, NULL);
}

/* The digits of a number and the power of ten that they are times: 41.7 is 417 and -1. */
static gboolean
split_number (ShtJsonSlice value, GString *digits, gint64 *power, gboolean *negative)
{
  const char *at = value.at, *end = value.at + value.length;
  g_autofree char *exponent = NULL;
  gint64 fraction = 0;
  gboolean point = FALSE;

  *power = 0;
  *negative = *at == '-';
  if (*negative)
    at++;
  for (; at < end && *at != 'e' && *at != 'E'; at++)
    {
      if (*at == '.')
        {
          point = TRUE;
          continue;
        }
      if (digits->len > 0 || *at != '0')
        g_string_append_c (digits, *at);
      fraction += point;
    }
  if (at < end)
    {
      at++;
      if (at < end && *at == '+')
        at++;
      exponent = g_strndup (at, (gsize) (end - at));
      if (!g_ascii_string_to_signed (exponent, 10, -100000, 100000, power, NULL))
        return FALSE;
    }
  *power -= fraction;
  return TRUE;
}

/**
 * sht_json_slice_scaled:
 * @digits: how many decimal digits to keep, such as 7 for positions
 * @result: (out): the number times ten to the power of @digits
 *
 * Rounds to the nearest by the written digits, halves away from zero, without a double on the way.
 *
 * Returns: %FALSE when it is no number, or one that does not fit
 */
gboolean
sht_json_slice_scaled (ShtJsonSlice value, guint digits, gint64 *result)
{
  g_autoptr (GString) all = g_string_new (NULL);
  gboolean negative, up = FALSE;
  gint64 power, keep, n = 0;

  if (sht_json_slice_kind (value) != SHT_JSON_NUMBER || !split_number (value, all, &power, &negative))
    return FALSE;
  if (all->len == 0)
    {
      *result = 0;
      return TRUE;
    }
  keep = (gint64) all->len + power + digits;
  if (keep > 18)
    return FALSE;
  for (gint64 i = 0; i < keep; i++)
    n = n * 10 + (i < (gint64) all->len ? all->str[i] - '0' : 0);
  if (keep >= 0 && keep < (gint64) all->len)
    up = all->str[keep] >= '5';
  n += up;
  *result = negative ? -n : n;
  return TRUE;
}

/**
 * sht_json_append_slice:
 * @out: a text being written
 * @value: a value; an empty slice is written as null
 *
 * Appends a value as it came but for the spaces between its parts, so that it fits on one line.
 */
void
sht_json_append_slice (GString *out, ShtJsonSlice value)
{
  const char *at = value.at, *end = value.at + value.length;

  if (value.length == 0)
    g_string_append (out, "null");
  while (at < end)
    {
      const char *from = at;

      if (*at == '"')
        at = string_end (at, end);
      else
        while (at < end && *at != '"' && !is_space (*at))
          at++;
      g_string_append_len (out, from, at - from);
      at = sht_json_skip_space (at, end);
    }
}
