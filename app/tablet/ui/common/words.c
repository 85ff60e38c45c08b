/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/words.h"

#include "core/clock.h"
#include "core/json.h"
#include "platform/image.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>

#define MINUTE_MS (60 * G_GINT64_CONSTANT (1000))
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
/* From here on a span is told in whole days: hours no longer help to decide. */
#define DAYS_FROM_MS (48 * HOUR_MS)
#define FINGERPRINT_DIGITS 16

/* glibc looks at this counter to see that the languages have changed. */
extern int _nl_msg_cat_cntr;

static char *system_languages; /* (owned) (nullable): LANGUAGE as the program was started with */

const ShtLanguage sht_languages[SHT_N_LANGUAGES] = {
  { "he", "עברית", TRUE },
  { "ar", "العربية", TRUE },
  { "ru", "Русский", FALSE },
  { "en", "English", FALSE },
};

static const ShtLanguage *current = &sht_languages[0];

static const ShtLanguage *
find_language (const char *code)
{
  /* What Hebrew was called once. */
  if (g_str_equal (code, "iw"))
    code = "he";
  for (guint i = 0; i < SHT_N_LANGUAGES; i++)
    if (g_str_equal (sht_languages[i].code, code))
      return &sht_languages[i];
  return NULL;
}

static const ShtLanguage *
language_of_system (void)
{
  const ShtLanguage *language = NULL;

  /* Each comes with what it is without its country. */
  for (const char *const *names = g_get_language_names (); *names != NULL && language == NULL; names++)
    language = find_language (*names);
  /* A tablet that was never told a language is a Hebrew town's. */
  return language != NULL ? language : &sht_languages[0];
}

/**
 * sht_words_init:
 * @locale_folder: where the catalogues lie
 *
 * To be called once, before any thread is started.
 */
void
sht_words_init (const char *locale_folder)
{
  const char *set;

  setlocale (LC_ALL, "");
  /* gettext translates nothing in the plain C locale. */
  set = setlocale (LC_MESSAGES, NULL);
  if (set == NULL || g_str_equal (set, "C") || g_str_equal (set, "POSIX"))
    setlocale (LC_ALL, "C.UTF-8");
  setlocale (LC_NUMERIC, "C");
  bindtextdomain (GETTEXT_PACKAGE, locale_folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  system_languages = g_strdup (g_getenv ("LANGUAGE"));
  sht_words_set_language (NULL);
}

/**
 * sht_words_set_language:
 * @language: (nullable): the code of one of the #sht_languages; %NULL, or one that is not among them, for the
 *   system's
 *
 * From now on words are in that language, GTK's own too.
 */
void
sht_words_set_language (const char *language)
{
  const ShtLanguage *chosen = language != NULL ? find_language (language) : NULL;

  if (chosen == NULL && system_languages != NULL)
    g_setenv ("LANGUAGE", system_languages, TRUE);
  else if (chosen == NULL)
    g_unsetenv ("LANGUAGE");
  current = chosen != NULL ? chosen : language_of_system ();
  g_setenv ("LANGUAGE", current->code, TRUE);
  _nl_msg_cat_cntr++;
}

/**
 * sht_words_language:
 *
 * Returns: (transfer none): the code of one of the #sht_languages
 */
const char *
sht_words_language (void)
{
  return current->code;
}

gboolean
sht_words_is_rtl (void)
{
  return current->is_rtl;
}

/**
 * sht_words_isolated:
 * @text: (nullable): a number, a phone, a name, an address
 *
 * Returns: (transfer full): @text between FIRST STRONG ISOLATE and its end, so that it keeps its own order
 *   of letters in a sentence of the other direction. The mark before it is for Pango, which takes the
 *   direction of a whole line from its first letter, even from one within an isolate.
 */
char *
sht_words_isolated (const char *text)
{
  const char *mark = gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL ? "\u200F" : "\u200E";

  return g_strconcat (mark, "\u2068", text != NULL ? text : "", "\u2069", NULL);
}

/**
 * sht_words_translated:
 * @object: (nullable): an entity, an attribute or a value
 * @plain: the member that is always there
 * @by_language: the member with translations
 *
 * Returns: (transfer full) (nullable): the words in the person's language, or else the plain ones
 */
char *
sht_words_translated (JsonObject *object, const char *plain, const char *by_language)
{
  const char *text = sht_json_string (sht_json_object (object, by_language), sht_words_language ());

  return g_strdup (text != NULL ? text : sht_json_string (object, plain));
}

const char *
sht_words_status (ShtStatus status)
{
  switch (status)
    {
    case SHT_STATUS_NEW:
      return C_ ("status", "New");
    case SHT_STATUS_ASSIGNED:
      return C_ ("status", "Assigned");
    case SHT_STATUS_ON_THE_WAY:
      return C_ ("status", "On the way");
    case SHT_STATUS_IN_PROGRESS:
      return C_ ("status", "In progress");
    case SHT_STATUS_WAITING:
      return C_ ("status", "Waiting");
    case SHT_STATUS_DONE:
      return C_ ("status", "Done");
    case SHT_STATUS_CLOSED:
      return C_ ("status", "Closed");
    case SHT_STATUS_REOPENED:
      return C_ ("status", "Reopened");
    case SHT_STATUS_FORWARDED:
      return C_ ("status", "Forwarded");
    case SHT_STATUS_CANCELLED:
      return C_ ("status", "Cancelled");
    case SHT_STATUS_DUPLICATE:
      return C_ ("status", "Duplicate");
    case SHT_N_STATUSES:
      break;
    }
  return "";
}

/**
 * sht_words_status_shape:
 *
 * Returns: (transfer none): a sign that tells the status apart without colour; all are in common fonts
 */
const char *
sht_words_status_shape (ShtStatus status)
{
  static const char *const shapes[SHT_N_STATUSES] = { "✦", "◇", "→", "▶", "⏸", "✔", "■", "↻", "⇢", "✕", "⧉" };

  /* An arrow points where reading goes; what starts a thing looks the same everywhere. */
  if (sht_words_is_rtl ())
    {
      if (status == SHT_STATUS_ON_THE_WAY)
        return "←";
      if (status == SHT_STATUS_FORWARDED)
        return "⇠";
    }
  return status < SHT_N_STATUSES ? shapes[status] : "";
}

/**
 * sht_words_waiting_for:
 * @whom: (nullable): `waiting_for` of a ticket
 */
const char *
sht_words_waiting_for (const char *whom)
{
  if (whom == NULL)
    return C_ ("status", "Waiting");
  if (g_str_equal (whom, "resident"))
    return _("Waiting for the resident");
  if (g_str_equal (whom, "parts"))
    return _("Waiting for parts");
  if (g_str_equal (whom, "department"))
    return _("Waiting for a department");
  if (g_str_equal (whom, "body"))
    return _("Waiting for another body");
  if (g_str_equal (whom, "weather"))
    return _("Waiting for the weather");
  return C_ ("status", "Waiting");
}

typedef struct
{
  const char *code;
  const char *words;
} Word;

static const char *
find_word (const Word *words, guint n, const char *code)
{
  for (guint i = 0; code != NULL && i < n; i++)
    if (g_str_equal (words[i].code, code))
      return _(words[i].words);
  return NULL;
}

const char *
sht_words_source (const char *code)
{
  static const Word words[] = {
    { "phone", N_("Opened by a phone call") },   { "email", N_("Opened by e-mail") },
    { "app", N_("Opened in the residents’ app") }, { "web", N_("Opened on the web site") },
    { "camera", N_("Found by a camera") },       { "crew", N_("Reported by a crew") },
  };

  return find_word (words, G_N_ELEMENTS (words), code);
}

const char *
sht_words_resident_language (const char *code)
{
  static const Word words[] = {
    { "he", N_("Speaks Hebrew") },  { "ar", N_("Speaks Arabic") },  { "ru", N_("Speaks Russian") },
    { "en", N_("Speaks English") }, { "am", N_("Speaks Amharic") }, { "fr", N_("Speaks French") },
  };

  return find_word (words, G_N_ELEMENTS (words), code);
}

const char *
sht_words_photo_role (const char *role)
{
  static const Word words[] = {
    { "before", N_("Photo before") },
    { "after", N_("Photo after") },
  };
  const char *word = find_word (words, G_N_ELEMENTS (words), role);

  return word != NULL ? word : _("Photo");
}

/**
 * sht_words_fingerprint:
 * @sha256: (nullable): of a photo's bytes
 *
 * Returns: (transfer full): as much of it as can be compared by eye
 */
char *
sht_words_fingerprint (const char *sha256)
{
  g_autofree char *digits = g_strndup (sha256 != NULL ? sha256 : "", FINGERPRINT_DIGITS);
  g_autofree char *isolated = sht_words_isolated (digits);

  return g_strdup_printf (_("Fingerprint %s"), isolated);
}

const char *
sht_words_mark (ShtMark mark)
{
  switch (mark)
    {
    case SHT_MARK_LOCAL:
      return _("Waiting to be sent");
    case SHT_MARK_SENT:
      return _("Sent");
    case SHT_MARK_CONFIRMED:
      return _("Taken in");
    case SHT_MARK_ATTENTION:
      return _("Needs a decision");
    case SHT_MARK_NONE:
      break;
    }
  return "";
}

/**
 * sht_words_proof:
 *
 * Returns: (transfer none): a mark in a sentence, for where there is room
 */
const char *
sht_words_proof (ShtMark mark)
{
  switch (mark)
    {
    case SHT_MARK_LOCAL:
      return _("On this tablet, not sent yet");
    case SHT_MARK_SENT:
      return _("Sent, not confirmed yet");
    case SHT_MARK_CONFIRMED:
      return _("Confirmed by the hub");
    case SHT_MARK_ATTENTION:
      return _("Needs attention");
    case SHT_MARK_NONE:
      break;
    }
  return "";
}

const char *
sht_words_mark_shape (ShtMark mark)
{
  static const char *const shapes[] = { "", "○", "◐", "●", "⚠" };

  return shapes[mark];
}

/**
 * sht_words_mark_parse:
 * @state: (nullable): `state` as sht_store_ticket_view() tells it
 */
ShtMark
sht_words_mark_parse (const char *state)
{
  if (state == NULL)
    return SHT_MARK_NONE;
  if (g_str_equal (state, "on_device"))
    return SHT_MARK_LOCAL;
  if (g_str_equal (state, "sent"))
    return SHT_MARK_SENT;
  if (g_str_equal (state, "confirmed"))
    return SHT_MARK_CONFIRMED;
  if (g_str_equal (state, "needs_attention"))
    return SHT_MARK_ATTENTION;
  return SHT_MARK_NONE;
}

/**
 * sht_words_span:
 * @ms: a length of time, milliseconds
 *
 * Returns: (transfer full): the time in one unit, as `40 min`, `2 h` or `3 days`
 */
char *
sht_words_span (gint64 ms)
{
  gint64 n;

  if (ms < HOUR_MS)
    {
      n = MAX (ms / MINUTE_MS, 1);
      return g_strdup_printf (ngettext ("%d min", "%d min", n), (int) n);
    }
  if (ms < DAYS_FROM_MS)
    {
      n = ms / HOUR_MS;
      return g_strdup_printf (ngettext ("%d h", "%d h", n), (int) n);
    }
  n = ms / DAY_MS;
  return g_strdup_printf (ngettext ("%d day", "%d days", n), (int) n);
}

/**
 * sht_words_left:
 * @due_ms: when it falls due, 0 for never
 *
 * Returns: (transfer full): `2 h left` or `40 min late`
 */
char *
sht_words_left (gint64 due_ms, gint64 now_ms)
{
  g_autofree char *span = NULL;

  if (due_ms == 0)
    return g_strdup (_("no target time"));
  span = sht_words_span (ABS (due_ms - now_ms));
  return g_strdup_printf (due_ms < now_ms ? _("%s late") : _("%s left"), span);
}

/**
 * sht_words_target:
 * @owed: (nullable): a milestone, or a leg, with its `amount` and `unit`
 *
 * Returns: (transfer full) (nullable): how much time it was given, as `2 working days`
 */
char *
sht_words_target (JsonObject *owed)
{
  ShtUnit unit;
  int n = (int) sht_json_int (owed, "amount", 0);

  if (n < 1 || !sht_unit_parse (sht_json_string (owed, "unit"), &unit))
    return NULL;
  switch (unit)
    {
    case SHT_UNIT_WORKING_HOURS:
      return g_strdup_printf (ngettext ("%d working hour", "%d working hours", n), n);
    case SHT_UNIT_WORKING_DAYS:
      return g_strdup_printf (ngettext ("%d working day", "%d working days", n), n);
    case SHT_UNIT_DAYS:
      return g_strdup_printf (ngettext ("%d day", "%d days", n), n);
    case SHT_UNIT_MINUTES:
    default:
      if (n >= 60 && n % 60 == 0)
        return g_strdup_printf (ngettext ("%d hour", "%d hours", n / 60), n / 60);
      return g_strdup_printf (ngettext ("%d minute", "%d minutes", n), n);
    }
}

/* A line may end with the dot between two parts, but not begin with it. */
static char *
keep_dots (char *words)
{
  g_autofree char *taken = words;
  g_auto (GStrv) parts = g_strsplit (taken, " · ", -1);

  return g_strjoinv ("\u00a0· ", parts);
}

/**
 * sht_words_due:
 * @due_ms: when it should be done
 * @target: (nullable): how much time it was given, as sht_words_target() says it
 *
 * Returns: (transfer full): how much time is left and until when, or since when it is late
 */
char *
sht_words_due (gint64 due_ms, const char *target, gint64 now_ms)
{
  g_autofree char *span = sht_words_span (ABS (due_ms - now_ms));
  g_autofree char *when = sht_words_when (due_ms, now_ms);

  if (due_ms < now_ms)
    /* Translators: how much too late it is, and when it was due: "Late by 3 h · since yesterday 14:10" */
    return keep_dots (g_strdup_printf (_("Late by %s · since %s"), span, when));
  if (target == NULL)
    return keep_dots (g_strdup_printf (_("%s left · due %s"), span, when));
  /* Translators: time left, time given, and when it is due: "2 h left of 2 working days · due today 15:30" */
  return keep_dots (g_strdup_printf (_("%s left of %s · due %s"), span, target, when));
}

/**
 * sht_words_ago:
 *
 * Returns: (transfer full): `just now` or `5 min ago`
 */
char *
sht_words_ago (gint64 at_ms, gint64 now_ms)
{
  g_autofree char *span = NULL;

  if (now_ms - at_ms < MINUTE_MS)
    return g_strdup (_("just now"));
  span = sht_words_span (now_ms - at_ms);
  return g_strdup_printf (_("%s ago"), span);
}

static const char *
day_name (GDateTime *time)
{
  switch (g_date_time_get_day_of_week (time))
    {
    case 1:
      return _("Monday");
    case 2:
      return _("Tuesday");
    case 3:
      return _("Wednesday");
    case 4:
      return _("Thursday");
    case 5:
      return _("Friday");
    case 6:
      return _("Saturday");
    default:
      return _("Sunday");
    }
}

static int
days_between (GDateTime *from, GDateTime *to)
{
  GDate a, b;

  g_date_clear (&a, 1);
  g_date_clear (&b, 1);
  g_date_set_dmy (&a, g_date_time_get_day_of_month (from), g_date_time_get_month (from), g_date_time_get_year (from));
  g_date_set_dmy (&b, g_date_time_get_day_of_month (to), g_date_time_get_month (to), g_date_time_get_year (to));
  return g_date_days_between (&a, &b);
}

/**
 * sht_words_when:
 *
 * Says a moment as people do, in the language of the window and without the system's locale.
 *
 * Returns: (transfer full): `today 14:30`, `yesterday 09:00`, `Sunday 10:15`, `17.11 08:00` or `3.2.2025 08:00`
 */
char *
sht_words_when (gint64 at_ms, gint64 now_ms)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (at_ms / 1000);
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (now_ms / 1000);
  g_autofree char *clock = NULL, *date = NULL;
  int days;

  if (at == NULL || now == NULL)
    return g_strdup ("");
  days = days_between (now, at);
  clock = g_date_time_format (at, "%H:%M");
  if (days == 0)
    return g_strdup_printf (_("today %s"), clock);
  if (days == -1)
    return g_strdup_printf (_("yesterday %s"), clock);
  if (days == 1)
    return g_strdup_printf (_("tomorrow %s"), clock);
  if (ABS (days) < 6)
    return g_strdup_printf ("%s %s", day_name (at), clock);
  /* The year only where it is another. */
  date = g_date_time_format (at, g_date_time_get_year (at) == g_date_time_get_year (now) ? "%-d.%-m" : "%-d.%-m.%Y");
  return g_strdup_printf ("%s %s", date, clock);
}

/**
 * sht_words_number:
 * @places: how many digits follow the decimal mark; -1 for as many as it takes, of ten digits in all
 *
 * Returns: (transfer full): a number as the window's language writes it, in Western digits
 */
char *
sht_words_number (double number, int places)
{
  char *words = places < 0 ? g_strdup_printf ("%.10g", number) : g_strdup_printf ("%.*f", places, number);

  if (g_str_equal (sht_words_language (), "ru"))
    g_strdelimit (words, ".", ',');
  return words;
}

/**
 * sht_words_distance:
 *
 * Returns: (transfer full): `340 m` or `2.1 km`
 */
char *
sht_words_distance (double metres)
{
  g_autofree char *number = sht_words_number (metres / 1000, metres < 10000 ? 1 : 0);

  if (metres < 1000)
    return g_strdup_printf (_("%d m"), (int) (metres / 10 + 0.5) * 10);
  return g_strdup_printf (_("%s km"), number);
}

/**
 * sht_words_size:
 *
 * Returns: (transfer full): `350 KB`, `2.1 MB` or `54.9 GB`; not as GLib says it, whose catalogues need not be installed
 */
char *
sht_words_size (gint64 bytes)
{
  g_autofree char *number = sht_words_number ((double) bytes / (bytes < 1000000000 ? 1e6 : 1e9), 1);

  if (bytes < 1000000)
    return g_strdup_printf (_("%d KB"), (int) ((bytes + 999) / 1000));
  return g_strdup_printf (bytes < 1000000000 ? _("%s MB") : _("%s GB"), number);
}

/**
 * sht_words_time:
 * @view: an object that the store made to be looked at, with times as text
 *
 * Returns: milliseconds since 1970 UTC; 0 when nothing is known
 */
gint64
sht_words_time (JsonObject *view, const char *member)
{
  const char *text = sht_json_string (view, member);
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * 1000 : 0;
}

/**
 * sht_words_image_error:
 *
 * Returns: (transfer none): the rest of a sentence that begins with the file's name
 */
const char *
sht_words_image_error (const GError *error)
{
  if (error->domain != SHT_IMAGE_ERROR)
    return _("could not be read. Try again or take another photo.");
  switch ((ShtImageError) error->code)
    {
    case SHT_IMAGE_ERROR_NOT_REGULAR:
    case SHT_IMAGE_ERROR_NOT_A_PICTURE:
      return _("is not a picture. Choose a photo.");
    case SHT_IMAGE_ERROR_EMPTY:
    case SHT_IMAGE_ERROR_CUT_SHORT:
    case SHT_IMAGE_ERROR_CHANGED:
      return _("was not copied whole. Copy it again or take another photo.");
    case SHT_IMAGE_ERROR_TOO_LARGE:
    case SHT_IMAGE_ERROR_TOO_MANY_PIXELS:
      return _("is too large. Choose a smaller photo.");
    case SHT_IMAGE_ERROR_DAMAGED:
      return _("is damaged. Take another photo.");
    case SHT_IMAGE_ERROR_BAD_SHAPES:
    case SHT_IMAGE_ERROR_HELPER:
      break;
    }
  return _("could not be read. Try again or take another photo.");
}

/**
 * sht_words_is_damage:
 * @warning: a word of the image helper
 *
 * Returns: whether the picture itself suffered, which a worker can mend by taking another
 */
gboolean
sht_words_is_damage (const char *warning)
{
  return g_strcmp0 (warning, "damaged") == 0 || g_strcmp0 (warning, "end_missing") == 0;
}
