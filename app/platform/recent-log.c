/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/recent-log.h"

#include <string.h>

#define MOST_LINES 200
#define MOST_CHARS 300
/* More figures than a year has are a phone number, a coordinate or an identifier. */
#define MOST_DIGITS 4
#define LEFT_OUT "…"

/* The last lines, oldest first; what a line should not tell never gets here. */
static GQueue lines = G_QUEUE_INIT; /* (element-type utf8) (owned) */
static GMutex mutex;

static gboolean
opens_quote (gunichar c, gunichar before)
{
  /* What stands between letters is an apostrophe. */
  if (c == '\'' || c == 0x2019)
    return before == 0 || (!g_unichar_isalnum (before) && before != 0x2019);
  return c == '"' || c == '`' || c == 0x201c || c == 0x201e || c == 0x2018 || c == 0xab;
}

static gboolean
closes_quote (gunichar c, gunichar opened)
{
  switch (opened)
    {
    case 0x201c:
    case 0x201e:
      return c == 0x201d || c == 0x201c;
    case 0x2018:
      return c == 0x2019;
    case 0xab:
      return c == 0xbb;
    default:
      return c == opened;
    }
}

/* Whether a word is one of the program's own: those are English, and no path, address, number or identifier. */
static gboolean
may_stay (const char *word)
{
  gsize length = strlen (word);
  guint digits = 0;

  for (gsize i = 0; i < length; i++)
    {
      digits += g_ascii_isdigit (word[i]);
      if ((guchar) word[i] > 127 || strchr ("/\\@=<>", word[i]) != NULL
          || (word[i] == '.' && i > 0 && i + 1 < length && g_ascii_isalpha (word[i - 1]) && g_ascii_isalpha (word[i + 1])))
        return FALSE;
    }
  return digits <= MOST_DIGITS;
}

static void
take_word (GString *out, GString *word)
{
  g_string_append (out, may_stay (word->str) ? word->str : LEFT_OUT);
  g_string_truncate (word, 0);
}

/**
 * sht_recent_log_clean:
 * @message: what the program said
 *
 * Leaves out whatever may be a person's: what stands in quotation marks, words that are not in the letters of the program's
 * own English, paths and addresses, long numbers and identifiers.
 *
 * Returns: (transfer full): the rest, cut at 300 characters
 */
char *
sht_recent_log_clean (const char *message)
{
  g_autofree char *valid = g_utf8_make_valid (message, -1);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) word = g_string_new (NULL);
  gunichar quote = 0, before = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (quote != 0)
        {
          if (closes_quote (c, quote))
            quote = 0;
        }
      else if (opens_quote (c, before))
        {
          quote = c;
          take_word (out, word);
          g_string_append (out, LEFT_OUT);
        }
      else if (g_unichar_isspace (c))
        {
          take_word (out, word);
          g_string_append_c (out, ' ');
        }
      else
        g_string_append_unichar (word, c);
      before = c;
    }
  take_word (out, word);
  return g_utf8_substring (out->str, 0, MIN (MOST_CHARS, g_utf8_strlen (out->str, -1)));
}

static const char *
level_name (GLogLevelFlags level)
{
  if (level & G_LOG_LEVEL_ERROR)
    return "error";
  if (level & G_LOG_LEVEL_CRITICAL)
    return "critical";
  return level & G_LOG_LEVEL_WARNING ? "warning" : "message";
}

static void
remember (GLogLevelFlags level, const char *domain, const char *message)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *when = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *clean = sht_recent_log_clean (message);

  g_mutex_lock (&mutex);
  g_queue_push_tail (&lines, g_strdup_printf ("%s %s %s: %s\n", when, level_name (level), domain, clean));
  if (g_queue_get_length (&lines) > MOST_LINES)
    g_free (g_queue_pop_head (&lines));
  g_mutex_unlock (&mutex);
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer unused)
{
  const char *message = NULL, *domain = "-";

  for (gsize i = 0; i < n_fields; i++)
    if (fields[i].length < 0 && strcmp (fields[i].key, "MESSAGE") == 0)
      message = fields[i].value;
    else if (fields[i].length < 0 && strcmp (fields[i].key, "GLIB_DOMAIN") == 0)
      domain = fields[i].value;
  if (message != NULL && (level & (G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG)) == 0)
    remember (level, domain, message);
  return g_log_writer_default (level, fields, n_fields, NULL);
}

/**
 * sht_recent_log_start:
 *
 * From now on the last 200 things that the program says are remembered, and written as ever. To be called once, before
 * anything is said.
 */
void
sht_recent_log_start (void)
{
  g_log_set_writer_func (write_log, NULL, NULL);
}

/**
 * sht_recent_log_get:
 *
 * Returns: (transfer full): a line for each, the oldest first; any thread may ask
 */
char *
sht_recent_log_get (void)
{
  GString *all = g_string_new (NULL);

  g_mutex_lock (&mutex);
  for (GList *line = lines.head; line != NULL; line = line->next)
    g_string_append (all, line->data);
  g_mutex_unlock (&mutex);
  return g_string_free (all, FALSE);
}
