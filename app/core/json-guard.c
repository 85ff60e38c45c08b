/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json-guard.h"

#include "core/json-bytes.h"

#include <string.h>

G_DEFINE_QUARK (sht-json-error-quark, sht_json_error)

/* What may come next. */
typedef enum {
  WANT_VALUE,
  WANT_VALUE_OR_END, /* after '[' */
  WANT_KEY,          /* after ',' in an object */
  WANT_KEY_OR_END,   /* after '{' */
  WANT_COLON,
  WANT_COMMA_OR_END,
  WANT_NOTHING, /* after the outermost value */
} Want;

typedef struct {
  const char *start;
  const char *at;
  const char *end;
  guint64 objects; /* a bit for each bracket that is open, the innermost lowest: whether it is one of an object */
  guint depth;
  guint max_depth;
  Want want;
} Guard;

static gboolean
fail (const Guard *g, ShtJsonError code, const char *what, GError **error)
{
  g_set_error (error, SHT_JSON_ERROR, code, "%s at byte %" G_GSIZE_FORMAT, what,
               (gsize) (g->at - g->start));
  return FALSE;
}

static gboolean
syntax (const Guard *g, const char *what, GError **error)
{
  if (g->at >= g->end)
    return fail (g, SHT_JSON_ERROR_SYNTAX, "the JSON text is cut short", error);
  return fail (g, SHT_JSON_ERROR_SYNTAX, what, error);
}

static void
skip_space (Guard *g)
{
  while (g->at < g->end && (*g->at == ' ' || *g->at == '\n' || *g->at == '\r' || *g->at == '\t'))
    g->at++;
}

/* Four hexadecimal digits after "\u"; -1 when they are not there. */
static int
hex4 (const Guard *g, const char *p)
{
  int value = 0;

  if (g->end - p < 4)
    return -1;
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (p[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  return value;
}

static gboolean
check_unicode_escape (Guard *g, GError **error)
{
  int high = hex4 (g, g->at + 2);
  int low;

  if (high < 0)
    {
      if (g->end - g->at < 6)
        g->at = g->end;
      return syntax (g, "\\u without four hexadecimal digits", error);
    }
  /* C strings end there: whatever follows would be lost without a word. */
  if (high == 0)
    return fail (g, SHT_JSON_ERROR_UTF8, "the character U+0000", error);
  if (high >= 0xdc00 && high <= 0xdfff)
    return fail (g, SHT_JSON_ERROR_UTF8, "half of a surrogate pair", error);
  if (high >= 0xd800 && high <= 0xdbff)
    {
      if (g->end - g->at < 12 || g->at[6] != '\\' || g->at[7] != 'u')
        return fail (g, SHT_JSON_ERROR_UTF8, "half of a surrogate pair", error);
      low = hex4 (g, g->at + 8);
      if (low < 0xdc00 || low > 0xdfff)
        return fail (g, SHT_JSON_ERROR_UTF8, "half of a surrogate pair", error);
      g->at += 6;
    }
  g->at += 6;
  return TRUE;
}

static gboolean
check_string (Guard *g, GError **error)
{
  const char *at = g->at + 1;

  for (;;)
    {
      g->at = at = sht_json_skip_plain (at, g->end);
      if (at >= g->end || *at == '"')
        break;
      if (*at != '\\')
        return fail (g, SHT_JSON_ERROR_SYNTAX, "a raw control character in a string", error);
      if (g->end - g->at < 2)
        {
          g->at = g->end;
          break;
        }
      if (g->at[1] == 'u')
        {
          if (!check_unicode_escape (g, error))
            return FALSE;
        }
      else if (strchr ("\"\\/bfnrt", g->at[1]) != NULL && g->at[1] != '\0')
        g->at += 2;
      else
        return fail (g, SHT_JSON_ERROR_SYNTAX, "an unknown escape in a string", error);
      at = g->at;
    }
  if (g->at >= g->end)
    return syntax (g, "", error);
  g->at++;
  return TRUE;
}

static gboolean
skip_digits (Guard *g)
{
  const char *from = g->at;

  while (g->at < g->end && g_ascii_isdigit (*g->at))
    g->at++;
  return g->at > from;
}

static gboolean
check_number (Guard *g, GError **error)
{
  if (*g->at == '-')
    g->at++;
  if (g->at < g->end && *g->at == '0')
    g->at++;
  else if (!skip_digits (g))
    return syntax (g, "a number without digits", error);
  if (g->at < g->end && *g->at == '.')
    {
      g->at++;
      if (!skip_digits (g))
        return syntax (g, "a number without digits after its point", error);
    }
  if (g->at < g->end && (*g->at == 'e' || *g->at == 'E'))
    {
      g->at++;
      if (g->at < g->end && (*g->at == '+' || *g->at == '-'))
        g->at++;
      if (!skip_digits (g))
        return syntax (g, "a number without digits in its exponent", error);
    }
  return TRUE;
}

static gboolean
check_word (Guard *g, GError **error)
{
  static const char *const words[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize n = strlen (words[i]);
      gsize left = (gsize) (g->end - g->at);

      if (memcmp (g->at, words[i], MIN (n, left)) != 0)
        continue;
      g->at += MIN (n, left);
      return n <= left || syntax (g, "", error);
    }
  return syntax (g, "something that is no value", error);
}

static gboolean
open_bracket (Guard *g, GError **error)
{
  gboolean object = *g->at == '{';

  if (g->depth >= g->max_depth)
    {
      g_set_error (error, SHT_JSON_ERROR, SHT_JSON_ERROR_DEPTH,
                   "nested deeper than %u levels at byte %" G_GSIZE_FORMAT, g->max_depth,
                   (gsize) (g->at - g->start));
      return FALSE;
    }
  g->depth++;
  g->objects = g->objects << 1 | (guint64) object;
  g->want = object ? WANT_KEY_OR_END : WANT_VALUE_OR_END;
  g->at++;
  return TRUE;
}

static void
after_value (Guard *g)
{
  g->want = g->depth > 0 ? WANT_COMMA_OR_END : WANT_NOTHING;
}

static gboolean
close_bracket (Guard *g, GError **error)
{
  if (g->depth == 0 || (g->objects & 1) != (*g->at == '}'))
    return syntax (g, "a bracket that closes nothing", error);
  g->depth--;
  g->objects >>= 1;
  g->at++;
  after_value (g);
  return TRUE;
}

static gboolean
check_value (Guard *g, GError **error)
{
  if (*g->at == '{' || *g->at == '[')
    return open_bracket (g, error);
  if (*g->at == '"')
    {
      if (!check_string (g, error))
        return FALSE;
    }
  else if (*g->at == '-' || g_ascii_isdigit (*g->at))
    {
      if (!check_number (g, error))
        return FALSE;
    }
  else if (!check_word (g, error))
    return FALSE;
  after_value (g);
  return TRUE;
}

static gboolean
check_next (Guard *g, GError **error)
{
  gboolean end = *g->at == '}' || *g->at == ']';

  switch (g->want)
    {
    case WANT_VALUE_OR_END:
      return end ? close_bracket (g, error) : check_value (g, error);
    case WANT_VALUE:
      return check_value (g, error);
    case WANT_KEY_OR_END:
    case WANT_KEY:
      if (end && g->want == WANT_KEY_OR_END)
        return close_bracket (g, error);
      if (*g->at != '"')
        return syntax (g, "a member without a name", error);
      g->want = WANT_COLON;
      return check_string (g, error);
    case WANT_COLON:
      if (*g->at != ':')
        return syntax (g, "a colon is missing", error);
      g->at++;
      g->want = WANT_VALUE;
      return TRUE;
    case WANT_COMMA_OR_END:
      if (end)
        return close_bracket (g, error);
      if (*g->at != ',')
        return syntax (g, "a comma is missing", error);
      g->at++;
      g->want = (g->objects & 1) != 0 ? WANT_KEY : WANT_VALUE;
      return TRUE;
    case WANT_NOTHING:
    default:
      return syntax (g, "something follows the JSON text", error);
    }
}

/* GLib looks at each byte; most are ASCII. */
static gboolean
is_utf8 (const char *at, const char *end, const char **bad)
{
  while ((at = sht_json_skip_ascii (at, end)) < end)
    {
      const char *from = at;

      while (at < end && (guchar) *at >= 0x80)
        at++;
      if (at == from || !g_utf8_validate_len (from, (gsize) (at - from), bad))
        {
          *bad = at == from ? at : *bad;
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * sht_json_guard:
 * @bytes: what came from outside; need not end in a NUL
 * @length: how many bytes
 * @max_depth: how many brackets may be open at once, at most %SHT_JSON_MAX_DEPTH
 *
 * Checks that a text is JSON to the letter (RFC 8259), in one pass, with memory that does not grow
 * with the text and without recursion. Readers that recurse, guess or repair, as json-glib does, are
 * only given what passed here. Refuses U+0000 and halves of surrogate pairs too, which JSON allows
 * and a C string cannot hold. Names that occur twice in an object are not its business.
 *
 * Returns: %FALSE with a #ShtJsonError that says at which byte
 */
gboolean
sht_json_guard (const char *bytes, gsize length, guint max_depth, GError **error)
{
  Guard g = { bytes, bytes, bytes, 0, 0, MIN (max_depth, SHT_JSON_MAX_DEPTH), WANT_VALUE };
  const char *bad = NULL;

  if (length == 0)
    {
      g_set_error_literal (error, SHT_JSON_ERROR, SHT_JSON_ERROR_SYNTAX, "the JSON text is empty");
      return FALSE;
    }
  /* Nothing may have no address. */
  g.end = bytes + length;
  if (!is_utf8 (bytes, g.end, &bad))
    {
      g.at = bad;
      return fail (&g, SHT_JSON_ERROR_UTF8, "bytes that are not UTF-8", error);
    }
  for (skip_space (&g); g.at < g.end; skip_space (&g))
    if (!check_next (&g, error))
      return FALSE;
  return g.want == WANT_NOTHING || syntax (&g, "", error);
}
