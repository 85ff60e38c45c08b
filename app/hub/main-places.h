/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

/**
 * ShtMainPlaces:
 *
 * What the command line says of places and their layers. All are owned, and %NULL where it says
 * nothing.
 */
typedef struct
{
  char *layer;
  char *id_property;
  char *name_property;
  char *kind;
  char *colour;
  char *width;
  char *symbol;
  char *min_zoom;
} ShtMainPlaces;

GOptionGroup *sht_main_places_group (ShtMainPlaces *said);
void sht_main_places_clear (ShtMainPlaces *said);

gboolean sht_main_places_fits (int argc, char **argv);
gboolean sht_main_places (ShtHub *hub, int argc, char **argv, const char *name, const ShtMainPlaces *said, GError **error);

G_END_DECLS
