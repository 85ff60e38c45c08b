/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

static void
add (gpointer figures, const guint8 *fact, gsize length)
{
  sht_figures_add (figures, fact, length);
}

/**
 * sht_hub_figures:
 * @from: (nullable): the first day, as 2026-11-01; see sht_figures_period()
 * @to: (nullable): the last
 * @by: (nullable): what they are told apart by, such as `department`
 *
 * Returns: (transfer full) (nullable): the figures of all tickets as of now; %NULL with a #ShtFiguresError or another
 */
ShtFigures *
sht_hub_figures (ShtHub *hub, const char *from, const char *to, const char *by, GError **error)
{
  const ShtTown *town;
  ShtFiguresPeriod period;
  ShtDimension dimension;
  g_autoptr (ShtFigures) figures = NULL;

  if (!sht_figures_parse_by (by, &dimension, error) || !sht_hub_get_town (hub, &town, error)
      || !sht_figures_period (town, from, to, sht_hub_now (hub), &period, error))
    return NULL;
  figures = sht_figures_new (&period, dimension);
  if (!hub->store->driver->each_fact (hub->store, add, figures, error))
    return NULL;
  return g_steal_pointer (&figures);
}

/* A pass is a pass: both are counted in one. */
typedef struct
{
  ShtFigures *departments;
  ShtFigures *crews;
} League;

static void
add_to_both (gpointer data, const guint8 *fact, gsize length)
{
  League *league = data;

  sht_figures_add (league->departments, fact, length);
  sht_figures_add (league->crews, fact, length);
}

static char *
count_league (ShtHub *hub, const ShtFiguresPeriod *period, GError **error)
{
  g_autoptr (ShtFigures) departments = sht_figures_new (period, SHT_DIMENSION_DEPARTMENT);
  g_autoptr (ShtFigures) crews = sht_figures_new (period, SHT_DIMENSION_CREW);
  League league = { departments, crews };

  if (!hub->store->driver->each_fact (hub->store, add_to_both, &league, error))
    return NULL;
  return sht_figures_league (departments, crews);
}

/* What it says, but for when it was counted. */
static char *
without_time (JsonObject *league)
{
  static const char *const passing[] = { "as_of", "rev" };
  g_autofree char *text = sht_json_to_string (league);
  g_autoptr (JsonObject) copy = sht_json_parse_object (text, -1, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (passing); i++)
    if (json_object_has_member (copy, passing[i]))
      json_object_remove_member (copy, passing[i]);
  return sht_json_to_string (copy);
}

static gboolean
put_if_new (ShtHub *hub, JsonObject *league, gboolean *changed, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) before = sht_hub_get (hub, "figures", SHT_HUB_LEAGUE, &local_error);
  g_autofree char *was = before != NULL ? without_time (before) : NULL;
  g_autofree char *is = without_time (league);
  g_autoptr (GPtrArray) entities = g_ptr_array_new ();

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *changed = g_strcmp0 (was, is) != 0;
  if (!*changed)
    return TRUE;
  g_ptr_array_add (entities, league);
  return sht_hub_put_references (hub, entities, error);
}

/**
 * sht_hub_renew_league:
 * @changed: (out): whether anything but the time has changed, so that it was written
 * @next: (out): when to come again, milliseconds since 1970 UTC: after a quarter of an hour, or with the town's next day
 *
 * Counts how departments and crews do, and writes it for the tablets where it differs from what they have.
 */
gboolean
sht_hub_renew_league (ShtHub *hub, gboolean *changed, gint64 *next, GError **error)
{
  const ShtTown *town;
  ShtFiguresPeriod period;
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) league = NULL;

  *changed = FALSE;
  *next = sht_hub_now (hub) + SHT_HUB_LEAGUE_MS;
  if (!sht_hub_get_town (hub, &town, error) || !sht_figures_period (town, NULL, NULL, sht_hub_now (hub), &period, error))
    return FALSE;
  *next = MIN (*next, period.tomorrow);
  text = count_league (hub, &period, error);
  league = text != NULL ? sht_json_parse_object (text, -1, error) : NULL;
  return league != NULL && put_if_new (hub, league, changed, error);
}
