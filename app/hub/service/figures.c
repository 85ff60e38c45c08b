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
