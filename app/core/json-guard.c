/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json-guard.h"

#include "core/json-bytes.h"

#include <string.h>

G_DEFINE_QUARK (sht-json-error-quark, sht_json_error)

typedef struct {
  const char *start;
  const char *end;
  guint64 objects; /* a bit for each bracket that is open, the innermost lowest: whether it is one of an object */
  guint depth;
  guint max_depth;
  /* What is looked for in the outermost object. */
  const ShtJsonFinder *finder;
  guint n_names;
  ShtJsonSlice *values;
  /* What is wrong, and where. */
  const char *bad;
  ShtJsonError code;
  const char *what;
} Guard;

/* Each check is given where it begins and tells where it ends; %NULL when something is wrong. */
static const char *
fail (Guard *g, const char *at, ShtJsonError code, const char *what)
{
  g->bad = at;
  g->code = code;
  g->what = what;
  return NULL;
}

static const char *
syntax (Guard *g, const char *at, const char *what)
{
  return fail (g, at, SHT_JSON_ERROR_SYNTAX, at >= g->end ? "the JSON text is cut short" : what);
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

static const char *
check_unicode_escape (Guard *g, const char *at)
{
  int high = hex4 (g, at + 2);
  int low;

  if (high < 0)
    return syntax (g, g->end - at < 6 ? g->end : at, "\\u without four hexadecimal digits");
  /* C strings end there: whatever follows would be lost without a word. */
  if (high == 0)
    return fail (g, at, SHT_JSON_ERROR_UTF8, "the character U+0000");
  if (high >= 0xdc00 && high <= 0xdfff)
    return fail (g, at, SHT_JSON_ERROR_UTF8, "half of a surrogate pair");
  if (high >= 0xd800 && high <= 0xdbff)
    {
      if (g->end - at < 12 || at[6] != '\\' || at[7] != 'u')
        return fail (g, at, SHT_JSON_ERROR_UTF8, "half of a surrogate pair");
      low = hex4 (g, at + 8);
      if (low < 0xdc00 || low > 0xdfff)
        return fail (g, at, SHT_JSON_ERROR_UTF8, "half of a surrogate pair");
      return at + 12;
    }
  return at + 6;
}

/* What does not stand for itself in a string. */
static const char *
check_special (Guard *g, const char *at)
{
  const char *from = at;

  if (at < g->end && (guchar) *at >= 0x80)
    {
      while (at < g->end && (guchar) *at >= 0x80)
        at++;
      return g_utf8_validate_len (from, (gsize) (at - from), NULL)
               ? at
               : fail (g, from, SHT_JSON_ERROR_UTF8, "bytes that are not UTF-8");
    }
  if (at < g->end && *at != '\\')
    return syntax (g, at, "a raw control character in a string");
  if (g->end - at < 2)
    return syntax (g, g->end, "");
  if (at[1] == 'u')
    return check_unicode_escape (g, at);
  if (strchr ("\"\\/bfnrt", at[1]) == NULL || at[1] == '\0')
    return syntax (g, at, "an unknown escape in a string");
  return at + 2;
}

/* A string from where it is not plain. */
static G_GNUC_NO_INLINE const char *
check_rest (Guard *g, const char *at)
{
  while (at >= g->end || *at != '"')
    {
      at = check_special (g, at);
      if (at == NULL)
        return NULL;
      at = sht_json_skip_plain_ascii (at, g->end);
    }
  return at + 1;
}

/* From its first quote. */
static inline const char *
check_string (Guard *g, const char *at)
{
  at = sht_json_skip_plain_ascii (at + 1, g->end);
  return at < g->end && *at == '"' ? at + 1 : check_rest (g, at);
}

static inline const char *
skip_digits (const char *at, const char *end)
{
  while (at < end && g_ascii_isdigit (*at))
    at++;
  return at;
}

static inline const char *
check_number (Guard *g, const char *at)
{
  const char *from;

  if (*at == '-')
    at++;
  from = at;
  at = at < g->end && *at == '0' ? at + 1 : skip_digits (at, g->end);
  if (at == from)
    return syntax (g, at, "a number without digits");
  if (at < g->end && *at == '.')
    {
      from = ++at;
      at = skip_digits (at, g->end);
      if (at == from)
        return syntax (g, at, "a number without digits after its point");
    }
  if (at < g->end && (*at == 'e' || *at == 'E'))
    {
      at++;
      if (at < g->end && (*at == '+' || *at == '-'))
        at++;
      from = at;
      at = skip_digits (at, g->end);
      if (at == from)
        return syntax (g, at, "a number without digits in its exponent");
    }
  return at;
}

static const char *
check_word (Guard *g, const char *at)
{
  static const char *const words[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize n = strlen (words[i]);
      gsize left = (gsize) (g->end - at);

      if (memcmp (at, words[i], MIN (n, left)) == 0)
        return n <= left ? at + n : syntax (g, g->end, "");
    }
  return syntax (g, at, "something that is no value");
}

static inline const char *
open_bracket (Guard *g, const char *at)
{
  if (g->depth >= g->max_depth)
    return fail (g, at, SHT_JSON_ERROR_DEPTH, NULL);
  g->depth++;
  g->objects = g->objects << 1 | (guint64) (*at == '{');
  return at + 1;
}

static inline gboolean
closes (char c)
{
  return c == '}' || c == ']';
}

static inline const char *
close_bracket (Guard *g, const char *at)
{
  if (at >= g->end || !closes (*at))
    return syntax (g, at, "a comma is missing");
  if ((g->objects & 1) != (*at == '}'))
    return syntax (g, at, "a bracket that closes nothing");
  g->depth--;
  g->objects >>= 1;
  return at + 1;
}

/* A member's name and its colon; of the outermost object's, @which says whether it is looked for. */
static inline const char *
check_name (Guard *g, const char *at, guint *which)
{
  const char *name = at;

  if (at >= g->end || *at != '"')
    return syntax (g, at, "a member without a name");
  at = check_string (g, at);
  if (at == NULL)
    return NULL;
  if (g->depth == 1 && g->n_names > 0)
    *which = sht_json_finder_find (g->finder, (ShtJsonSlice) { name, (gsize) (at - name) });
  at = sht_json_skip_space (at, g->end);
  return at < g->end && *at == ':' ? sht_json_skip_space (at + 1, g->end) : syntax (g, at, "a colon is missing");
}

/* Of an object or an array only its bracket, and what closes one of them with nothing in it is left. */
static inline const char *
check_value (Guard *g, const char *at, gboolean *opened)
{
  *opened = FALSE;
  if (at >= g->end)
    return syntax (g, at, "");
  if (*at == '"')
    return check_string (g, at);
  if (*at == '-' || g_ascii_isdigit (*at))
    return check_number (g, at);
  if (*at != '{' && *at != '[')
    return check_word (g, at);
  at = open_bracket (g, at);
  if (at == NULL)
    return NULL;
  at = sht_json_skip_space (at, g->end);
  *opened = at >= g->end || !closes (*at);
  return at;
}

/* The first of a name counts. */
static void
keep (const Guard *g, guint which, const char *from, const char *to)
{
  if (g->values[which].at == NULL)
    g->values[which] = (ShtJsonSlice) { from, (gsize) (to - from) };
}

static gboolean
check_text (Guard *g)
{
  const char *at = sht_json_skip_space (g->start, g->end), *value = at;
  guint which = g->n_names;
  gboolean opened;

  for (;;)
    {
      if ((g->objects & 1) != 0)
        at = check_name (g, at, &which);
      if (at != NULL && g->depth == 1)
        value = at;
      at = at != NULL ? check_value (g, at, &opened) : NULL;
      if (at == NULL)
        return FALSE;
      if (opened)
        continue;
      /* What ends with this value, and whether another follows. */
      for (;;)
        {
          if (g->depth == 1 && which < g->n_names)
            {
              keep (g, which, value, at);
              which = g->n_names;
            }
          at = sht_json_skip_space (at, g->end);
          if (g->depth == 0)
            return at == g->end || syntax (g, at, "something follows the JSON text") != NULL;
          if (at < g->end && *at == ',')
            break;
          at = close_bracket (g, at);
          if (at == NULL)
            return FALSE;
        }
      at = sht_json_skip_space (at + 1, g->end);
    }
}

/* What is no UTF-8 is told before anything else, wherever it is. */
static void
tell (Guard *g, GError **error)
{
  const char *bad;

  if (error == NULL)
    return;
  if (!g_utf8_validate_len (g->start, (gsize) (g->end - g->start), &bad))
    fail (g, bad, SHT_JSON_ERROR_UTF8, "bytes that are not UTF-8");
  if (g->code == SHT_JSON_ERROR_DEPTH)
    g_set_error (error, SHT_JSON_ERROR, g->code, "nested deeper than %u levels at byte %" G_GSIZE_FORMAT, g->max_depth,
                 (gsize) (g->bad - g->start));
  else
    g_set_error (error, SHT_JSON_ERROR, g->code, "%s at byte %" G_GSIZE_FORMAT, g->what, (gsize) (g->bad - g->start));
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
  return sht_json_guard_members (bytes, length, max_depth, NULL, 0, NULL, error);
}

/**
 * sht_json_guard_members:
 * @bytes: what came from outside; need not end in a NUL
 * @length: how many bytes
 * @max_depth: how many brackets may be open at once, at most %SHT_JSON_MAX_DEPTH
 * @names: (array length=n): what is looked for, as decoded
 * @n: how many they are
 * @values: (out caller-allocates) (array length=n): the first member of each name, or an empty slice; when this fails they
 *   are not to be read
 *
 * Checks as sht_json_guard() does, and finds members as sht_json_slice_members() would afterwards.
 *
 * Returns: %FALSE with a #ShtJsonError that says at which byte
 */
gboolean
sht_json_guard_members (const char *bytes, gsize length, guint max_depth, const ShtJsonName *names, guint n,
                        ShtJsonSlice *values, GError **error)
{
  ShtJsonFinder finder;
  Guard g = { .start = bytes,
              .max_depth = MIN (max_depth, SHT_JSON_MAX_DEPTH),
              .finder = &finder,
              .n_names = n,
              .values = values };

  if (length == 0)
    {
      g_set_error_literal (error, SHT_JSON_ERROR, SHT_JSON_ERROR_SYNTAX, "the JSON text is empty");
      return FALSE;
    }
  /* Nothing may have no address. */
  g.end = bytes + length;
  if (n > 0)
    {
      memset (values, 0, n * sizeof *values);
      sht_json_finder_init (&finder, names, n);
    }
  if (check_text (&g))
    return TRUE;
  tell (&g, error);
  return FALSE;
}
