/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json-slice.h"

#include "core/json-bytes.h"

#include <string.h>

/* Appends a string that is not plain, all but its quotes. */
static void
append_escaped (GString *out, const char *text, const char *end)
{
  const char *from = text, *p;

  for (p = sht_json_skip_plain (text, end); p < end; p = sht_json_skip_plain (p + 1, end))
    {
      guchar c = (guchar) *p;

      g_string_append_len (out, from, p - from);
      from = p + 1;
      if (c == '"' || c == '\\')
        {
          g_string_append_c (out, '\\');
          g_string_append_c (out, (char) c);
        }
      else if (c == '\n')
        g_string_append (out, "\\n");
      else
        g_string_append_printf (out, "\\u%04x", c);
    }
  g_string_append_len (out, from, p - from);
}

/* Appends @before, @text as a JSON string, @after: of the two no more than a byte each, and NUL for none. */
static void
append_quoted (GString *out, char before, const char *text, char after)
{
  gsize length = strlen (text), was = out->len;
  char *to;

  /* Room for all of a plain one, and for the word that it ends in: it is looked at where it is copied to, without a rest that
   * has to be looked at by bytes. */
  g_string_set_size (out, was + length + 4 + 8);
  to = out->str + was;
  if (before != '\0')
    *to++ = before;
  *to++ = '"';
  memcpy (to, text, length);
  memset (to + length, ' ', 8);
  if (G_LIKELY (sht_json_skip_plain (to, to + (length + 7) / 8 * 8) >= to + length))
    to += length;
  else
    {
      g_string_truncate (out, (gsize) (to - out->str));
      append_escaped (out, text, text + length);
      was = out->len;
      g_string_set_size (out, was + 2);
      to = out->str + was;
    }
  *to++ = '"';
  if (after != '\0')
    *to++ = after;
  g_string_truncate (out, (gsize) (to - out->str));
}

/**
 * sht_json_append_string:
 * @out: a text being written
 * @text: UTF-8
 *
 * Appends a JSON string with its quotes. Only what must be escaped is, and the two separators of
 * lines U+2028 and U+2029 stay as they are: they are no newlines in JSON.
 */
void
sht_json_append_string (GString *out, const char *text)
{
  append_quoted (out, '\0', text, '\0');
}

/**
 * sht_json_append_key:
 * @out: a text being written, whose last byte tells whether a comma is due
 * @name: the member's name
 *
 * Begins a member of an object: a comma unless the object was just opened, the name, a colon.
 */
void
sht_json_append_key (GString *out, const char *name)
{
  append_quoted (out, out->len > 0 && out->str[out->len - 1] != '{' ? ',' : '\0', name, ':');
}

/**
 * sht_json_append_member:
 * @text: (nullable): the value; %NULL appends nothing, as absent and null mean the same
 *
 * Appends a member that is a string.
 */
void
sht_json_append_member (GString *out, const char *name, const char *text)
{
  if (text == NULL)
    return;
  sht_json_append_key (out, name);
  sht_json_append_string (out, text);
}

/**
 * sht_json_append_int:
 *
 * Appends a whole number.
 */
void
sht_json_append_int (GString *out, gint64 value)
{
  char digits[24];
  char *p = digits + sizeof digits;
  guint64 n = value < 0 ? 0 - (guint64) value : (guint64) value;

  /* By hand: printf is most of the time when a million of these are written. */
  do
    *--p = (char) ('0' + n % 10);
  while ((n /= 10) > 0);
  if (value < 0)
    *--p = '-';
  g_string_append_len (out, p, digits + sizeof digits - p);
}

/**
 * sht_json_append_member_int:
 *
 * Appends a member that is a whole number.
 */
void
sht_json_append_member_int (GString *out, const char *name, gint64 value)
{
  sht_json_append_key (out, name);
  sht_json_append_int (out, value);
}
