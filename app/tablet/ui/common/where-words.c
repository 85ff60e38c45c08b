/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/where-words.h"

#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

/** sht_where_words_within: Returns: (transfer full): how accurate a position is, as `within 12 m` */
char *
sht_where_words_within (const ShtPosition *position)
{
  gint64 metres = position->accuracy_m;
  g_autofree char *distance = NULL;

  /* Its last digit says something where it is small; 0 m is more than any receiver can say. */
  if (metres < 20)
    distance = g_strdup_printf (_("%d m"), (int) MAX (1, metres));
  else
    distance = sht_words_distance ((double) metres);
  return g_strdup_printf (_("within %s"), distance);
}

/* What keeps the tablet from knowing where it is; %NULL when nothing does. */
static const char *
trouble (ShtWhereabouts *whereabouts)
{
  if (!sht_whereabouts_get_wanted (whereabouts))
    return _("Switched off: this tablet does not look where it is.");
  switch (sht_whereabouts_get_state (whereabouts))
    {
    case SHT_LOCATOR_DENIED:
      return _("The tablet’s own settings do not let this program know where it is.");
    case SHT_LOCATOR_MISSING:
      return _("This tablet has no positioning service.");
    default:
      return NULL;
    }
}

/**
 * sht_where_words_own:
 *
 * Returns: (transfer full): what is known of where the tablet is, in a sentence
 */
char *
sht_where_words_own (ShtWhereabouts *whereabouts)
{
  const char *why = trouble (whereabouts);
  ShtPosition position;
  gint64 age_ms;
  g_autofree char *within = NULL, *ago = NULL, *last = NULL;

  if (!sht_whereabouts_get_position (whereabouts, &position, &age_ms))
    return g_strdup (why != NULL ? why : _("Looking for the position…"));
  within = sht_where_words_within (&position);
  if (age_ms <= SHT_WHEREABOUTS_FRESH_MS && why == NULL)
    return g_strdup_printf (_("Known, %s."), within);
  ago = sht_words_ago (0, age_ms);
  last = g_strdup_printf (_("Last known %s, %s."), ago, within);
  return why != NULL ? g_strconcat (why, " ", last, NULL) : g_steal_pointer (&last);
}

/**
 * sht_where_words_sharing:
 *
 * Returns: (transfer full): what a crew's supervisor is told of where it is, in a sentence
 */
char *
sht_where_words_sharing (ShtWhereabouts *whereabouts)
{
  gint64 ends = 0;
  ShtSharing sharing = sht_whereabouts_get_sharing (whereabouts, &ends);
  g_autoptr (GDateTime) until = g_date_time_new_from_unix_local (ends / 1000);
  g_autofree char *clock = until != NULL ? g_date_time_format (until, "%H:%M") : NULL;

  switch (sharing)
    {
    case SHT_SHARING_ON:
      if (trouble (whereabouts) != NULL)
        return g_strdup (_("Your supervisor is told that this tablet does not know where you are."));
      return g_strdup_printf (_("Your supervisor sees where you are, until %s."), clock);
    case SHT_SHARING_PAUSED:
      return g_strdup (_("Paused: your supervisor sees that, and not where you are."));
    case SHT_SHARING_OFF_SHIFT:
      return g_strdup (_("Nobody sees where you are now: it is shared during the shift only."));
    case SHT_SHARING_NONE:
    default:
      return g_strdup (_("This tablet is no crew’s: nobody is told where it is."));
    }
}

/**
 * sht_where_words_crew_short:
 *
 * Returns: (transfer full): what is known of where a crew is, for a sign on the map: `5 min ago`
 */
char *
sht_where_words_crew_short (const ShtCrewPosition *crew)
{
  switch (crew->where)
    {
    case SHT_CREW_HERE:
      return sht_words_ago (0, crew->age_ms);
    case SHT_CREW_UNKNOWN:
      return g_strdup (_("position not known"));
    case SHT_CREW_PAUSED:
      return g_strdup (_("paused"));
    case SHT_CREW_OFF_SHIFT:
      return g_strdup (_("off shift"));
    case SHT_CREW_SILENT:
    default:
      return g_strdup (_("not heard of in this shift"));
    }
}

/**
 * sht_where_words_crew:
 *
 * Returns: (transfer full): the same, and how accurate it is
 */
char *
sht_where_words_crew (const ShtCrewPosition *crew)
{
  g_autofree char *brief = sht_where_words_crew_short (crew), *within = NULL;

  if (crew->where == SHT_CREW_PAUSED || crew->where == SHT_CREW_UNKNOWN)
    {
      g_autofree char *ago = sht_words_ago (0, crew->age_ms);

      return g_strdup_printf (_("%s (told %s)"), brief, ago);
    }
  if (crew->where != SHT_CREW_HERE)
    return g_steal_pointer (&brief);
  within = sht_where_words_within (&crew->position);
  return g_strdup_printf (_("%s, %s"), brief, within);
}
