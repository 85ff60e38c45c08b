/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"

#include <string.h>

/* Hebrew letters that stand before a word as particles: and, the, in, as, to, from, that. */
#define PARTICLES "ובהכלמש"
#define MAX_PARTICLES 2
#define MIN_STEM 3

static gunichar
fold_char (gunichar c)
{
  c = g_unichar_tolower (c);
  switch (c)
    {
    case 0x05da: return 0x05db; /* final kaf */
    case 0x05dd: return 0x05de; /* final mem */
    case 0x05df: return 0x05e0; /* final nun */
    case 0x05e3: return 0x05e4; /* final pe */
    case 0x05e5: return 0x05e6; /* final tsadi */
    case 0x0622: case 0x0623: case 0x0625: return 0x0627; /* forms of alef */
    case 0x0649: return 0x064a;
    case 0x0629: return 0x0647;
    case 0x0451: return 0x0435; /* Russian yo */
    default: return c;
    }
}

/* Marks that people leave out or write in many ways: niqqud and cantillation, geresh, gershayim and
 * the quotes typed for them, Arabic vowels, invisible direction marks. */
static gboolean
is_dropped (gunichar c)
{
  return (c >= 0x0591 && c <= 0x05bd) || c == 0x05bf || (c >= 0x05c1 && c <= 0x05c7)
         || c == 0x05f3 || c == 0x05f4 || c == '\'' || c == '"' || c == 0x2019 || c == 0x201d
         || (c >= 0x064b && c <= 0x0652) || c == 0x0640
         || (c >= 0x200e && c <= 0x200f) || (c >= 0x202a && c <= 0x202e)
         || (c >= 0x2066 && c <= 0x2069) || (c >= 0x0300 && c <= 0x036f);
}

static gboolean
is_hebrew (gunichar c)
{
  return c >= 0x05d0 && c <= 0x05ea;
}

/**
 * sht_text_fold:
 * @text: (nullable): UTF-8
 *
 * Folds text for searching: lower case, Hebrew final letters as ordinary ones, niqqud, geresh and
 * direction marks dropped, words set apart by one space.
 *
 * Returns: (transfer full): the folded words
 */
char *
sht_text_fold (const char *text)
{
  GString *out = g_string_new (NULL);
  gboolean gap = FALSE;

  for (const char *p = text != NULL ? text : ""; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_dropped (c))
        continue;
      if (g_unichar_isalnum (c))
        {
          if (gap && out->len > 0)
            g_string_append_c (out, ' ');
          gap = FALSE;
          g_string_append_unichar (out, fold_char (c));
        }
      else
        gap = TRUE;
    }
  return g_string_free (out, FALSE);
}

/* The word without one and without two leading particles, where enough of it stays. */
static void
append_stems (GString *out, const char *word, const char *end)
{
  const char *p = word;

  for (int n = 0; n < MAX_PARTICLES; n++)
    {
      gunichar c = g_utf8_get_char (p);

      if (!is_hebrew (c) || g_utf8_strchr (PARTICLES, -1, c) == NULL)
        return;
      p = g_utf8_next_char (p);
      if (p >= end || g_utf8_strlen (p, end - p) < MIN_STEM)
        return;
      g_string_append_c (out, ' ');
      g_string_append_len (out, p, end - p);
    }
}

/**
 * sht_text_fold_for_index:
 * @out: where the words are added
 * @text: (nullable): UTF-8
 *
 * Folds text as sht_text_fold() does and adds, for each Hebrew word, the word without its leading
 * particles, so that a search for כביש finds בכביש and לכבישים (the plural by prefix).
 */
void
sht_text_fold_for_index (GString *out, const char *text)
{
  g_autofree char *folded = sht_text_fold (text);

  for (const char *word = folded; *word != '\0';)
    {
      const char *end = strchrnul (word, ' ');

      if (out->len > 0)
        g_string_append_c (out, ' ');
      g_string_append_len (out, word, end - word);
      append_stems (out, word, end);
      word = *end == ' ' ? end + 1 : end;
    }
}

/**
 * sht_text_match_query:
 * @query: what the person typed
 *
 * Makes an FTS5 query: every word must be there, each as a beginning of a word.
 *
 * Returns: (transfer full) (nullable): the query, or %NULL when nothing searchable was typed
 */
char *
sht_text_match_query (const char *query)
{
  g_autofree char *folded = sht_text_fold (query);
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);
  GString *out = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      g_string_append_printf (out, "%s\"%s\"*", out->len > 0 ? " " : "", words[i]);
  if (out->len == 0)
    {
      g_string_free (out, TRUE);
      return NULL;
    }
  return g_string_free (out, FALSE);
}

/**
 * sht_text_clip:
 * @text: UTF-8
 * @max_chars: how many characters may stay
 *
 * Returns: (transfer full): @text, cut after @max_chars characters
 */
char *
sht_text_clip (const char *text, gsize max_chars)
{
  return g_utf8_strlen (text, -1) <= (glong) max_chars ? g_strdup (text)
                                                       : g_utf8_substring (text, 0, (glong) max_chars);
}
