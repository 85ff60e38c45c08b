/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/say.h"

#include "core/json.h"
#include "platform/image.h"

#include <glib/gi18n.h>
#include <string.h>

#define MINUTE_MS (G_GINT64_CONSTANT (60) * 1000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/**
 * sht_say_language:
 *
 * Returns: (transfer none): two letters of the language in which a person reads
 */
const char *
sht_say_language (void)
{
  static const char *const known[] = { "he", "ar", "ru", "en", NULL };
  const char *const *names = g_get_language_names ();

  for (guint i = 0; names[i] != NULL; i++)
    for (guint k = 0; known[k] != NULL; k++)
      if (strncmp (names[i], known[k], 2) == 0 && !g_ascii_isalpha (names[i][2]))
        return known[k];
  return "en";
}

/**
 * sht_say_isolated:
 * @text: (nullable): a number, a phone, a name, an address
 *
 * Returns: (transfer full): @text between FIRST STRONG ISOLATE and its end, so that it keeps its own order
 *   of letters in a sentence of the other direction. The mark before it is for Pango, which takes the
 *   direction of a whole line from its first letter, even from one within an isolate.
 */
char *
sht_say_isolated (const char *text)
{
  const char *mark = gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL ? "\u200F" : "\u200E";

  return g_strconcat (mark, "\u2068", text != NULL ? text : "", "\u2069", NULL);
}

/**
 * sht_say_translated:
 * @object: (nullable): an entity, an attribute or a value
 * @plain: the member that is always there
 * @by_language: the member with translations
 *
 * Returns: (transfer full) (nullable): the words in the person's language, or else the plain ones
 */
char *
sht_say_translated (JsonObject *object, const char *plain, const char *by_language)
{
  const char *text = sht_json_string (sht_json_object (object, by_language), sht_say_language ());

  return g_strdup (text != NULL ? text : sht_json_string (object, plain));
}

/**
 * sht_say_name:
 * @type: department, crew, person, service
 * @id: (nullable): its code
 *
 * Returns: (transfer full): its name in the person's language; the code when it is not known here
 */
char *
sht_say_name (ShtStore *store, const char *type, const char *id)
{
  g_autoptr (JsonObject) entity = id != NULL ? sht_store_get (store, type, id, NULL) : NULL;
  char *name = sht_say_translated (entity, "name", "names");

  return name != NULL ? name : g_strdup (id != NULL ? id : "");
}

const char *
sht_say_status (ShtStatus status)
{
  switch (status)
    {
    case SHT_STATUS_NEW:
      return C_("status", "New");
    case SHT_STATUS_ASSIGNED:
      return C_("status", "Assigned");
    case SHT_STATUS_ON_THE_WAY:
      return C_("status", "On the way");
    case SHT_STATUS_IN_PROGRESS:
      return C_("status", "In progress");
    case SHT_STATUS_WAITING:
      return C_("status", "Waiting");
    case SHT_STATUS_DONE:
      return C_("status", "Done");
    case SHT_STATUS_CLOSED:
      return C_("status", "Closed");
    case SHT_STATUS_REOPENED:
      return C_("status", "Reopened");
    case SHT_STATUS_FORWARDED:
      return C_("status", "With another body");
    case SHT_STATUS_CANCELLED:
      return C_("status", "Cancelled");
    case SHT_STATUS_DUPLICATE:
      return C_("status", "Duplicate");
    case SHT_N_STATUSES:
      break;
    }
  return "";
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

/**
 * sht_say_waiting_for:
 * @code: (nullable)
 *
 * Returns: (transfer none) (nullable): a whole phrase, as "Waiting for parts"
 */
const char *
sht_say_waiting_for (const char *code)
{
  static const Word words[] = {
    { "resident", N_("Waiting for the resident") },   { "parts", N_("Waiting for parts") },
    { "department", N_("Waiting for a department") }, { "body", N_("Waiting for another body") },
    { "weather", N_("Waiting for the weather") },
  };

  return find_word (words, G_N_ELEMENTS (words), code);
}

const char *
sht_say_source (const char *code)
{
  static const Word words[] = {
    { "phone", N_("Opened by a phone call") },   { "email", N_("Opened by e-mail") },
    { "app", N_("Opened in the residents’ app") }, { "web", N_("Opened on the web site") },
    { "camera", N_("Found by a camera") },       { "crew", N_("Reported by a crew") },
  };

  return find_word (words, G_N_ELEMENTS (words), code);
}

const char *
sht_say_resident_language (const char *code)
{
  static const Word words[] = {
    { "he", N_("Speaks Hebrew") },  { "ar", N_("Speaks Arabic") },  { "ru", N_("Speaks Russian") },
    { "en", N_("Speaks English") }, { "am", N_("Speaks Amharic") }, { "fr", N_("Speaks French") },
  };

  return find_word (words, G_N_ELEMENTS (words), code);
}

const char *
sht_say_photo_role (const char *role)
{
  static const Word words[] = {
    { "before", N_("Photo before") },
    { "after", N_("Photo after") },
  };
  const char *word = find_word (words, G_N_ELEMENTS (words), role);

  return word != NULL ? word : _("Photo");
}

/**
 * sht_say_mark:
 * @state: on_device, sent, confirmed or needs_attention
 */
const char *
sht_say_mark (const char *state)
{
  static const Word words[] = {
    { "on_device", N_("On this tablet, not sent yet") },
    { "sent", N_("Sent, not confirmed yet") },
    { "confirmed", N_("Confirmed by the hub") },
    { "needs_attention", N_("Needs attention") },
  };
  const char *word = find_word (words, G_N_ELEMENTS (words), state);

  return word != NULL ? word : "";
}

/**
 * sht_say_image_error:
 *
 * Returns: (transfer none): the rest of a sentence that begins with the file's name
 */
const char *
sht_say_image_error (const GError *error)
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
    case SHT_IMAGE_ERROR_HELPER:
      break;
    }
  return _("could not be read. Try again or take another photo.");
}

/**
 * sht_say_is_damage:
 * @warning: a word of the image helper
 *
 * Returns: whether the picture itself suffered, which a worker can mend by taking another
 */
gboolean
sht_say_is_damage (const char *warning)
{
  return g_strcmp0 (warning, "damaged") == 0 || g_strcmp0 (warning, "end_missing") == 0;
}

/**
 * sht_say_time:
 * @view: an object that the store made to be looked at, with times as text
 *
 * Returns: milliseconds since 1970 UTC; 0 when nothing is known
 */
gint64
sht_say_time (JsonObject *view, const char *member)
{
  const char *text = sht_json_string (view, member);
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * 1000 : 0;
}

static GDateTime *
local_time (gint64 ms)
{
  return g_date_time_new_from_unix_local (ms / 1000);
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
 * sht_say_when:
 * @ms: a moment, milliseconds since 1970 UTC
 * @now: this moment
 *
 * Returns: (transfer full): day and time in words, as "yesterday at 14:05"
 */
char *
sht_say_when (gint64 ms, gint64 now)
{
  g_autoptr (GDateTime) then = local_time (ms);
  g_autoptr (GDateTime) today = local_time (now);
  int days;

  if (then == NULL || today == NULL)
    return g_strdup ("");
  days = days_between (then, today);
  if (days == 0)
    return g_date_time_format (then, _("today at %H:%M"));
  if (days == 1)
    return g_date_time_format (then, _("yesterday at %H:%M"));
  if (days == -1)
    return g_date_time_format (then, _("tomorrow at %H:%M"));
  if (g_date_time_get_year (then) != g_date_time_get_year (today))
    return g_date_time_format (then, _("on %-d/%-m/%Y at %H:%M"));
  /* Translators: day and month by number, as the locale writes them */
  return g_date_time_format (then, _("on %-d/%-m at %H:%M"));
}

/**
 * sht_say_span:
 * @ms: how long, not negative
 *
 * Returns: (transfer full): in the one unit that matters
 */
char *
sht_say_span (gint64 ms)
{
  gint64 n;

  if (ms < HOUR_MS)
    {
      n = MAX (ms / MINUTE_MS, 1);
      return g_strdup_printf (ngettext ("a minute", "%d minutes", (gulong) n), (int) n);
    }
  if (ms < 2 * DAY_MS)
    {
      n = ms / HOUR_MS;
      return g_strdup_printf (ngettext ("an hour", "%d hours", (gulong) n), (int) n);
    }
  n = ms / DAY_MS;
  return g_strdup_printf (ngettext ("a day", "%d days", (gulong) n), (int) n);
}

/**
 * sht_say_due:
 * @due: when the ticket should be done, milliseconds since 1970 UTC
 *
 * Returns: (transfer full): how much time is left, or how late it is
 */
char *
sht_say_due (gint64 due, gint64 now)
{
  g_autofree char *span = sht_say_span (ABS (due - now));
  g_autofree char *when = sht_say_when (due, now);

  if (due < now)
    return g_strdup_printf (_("Late by %s"), span);
  return g_strdup_printf (_("%s left · due %s"), span, when);
}
