/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/spots.h"
#include "tablet/session/session.h"

#include <shumate/shumate.h>

G_BEGIN_DECLS

/* A single ticket is shown among its streets, not as one roof. */
#define SHT_MAP_CLOSEST_FIT 17.0

/**
 * ShtMapView:
 * @known: whether somebody has been on the map; otherwise where one stands means nothing
 * @latitude: where one stands, degrees
 * @longitude: likewise
 * @zoom: likewise, a zoom level
 * @finished: finished tickets are shown
 * @others: other crews' tickets are shown
 *
 * What a person set on the map; kept with the session, so that it outlives the page.
 */
typedef struct
{
  gboolean known;
  double latitude;
  double longitude;
  double zoom;
  gboolean finished;
  gboolean others;
} ShtMapView;

/**
 * ShtMapEdges:
 * @left: how much of the map something lies over from there, pixels
 * @right: likewise, as all that follow
 */
typedef struct
{
  int left;
  int right;
  int top;
  int bottom;
} ShtMapEdges;

ShtMapView *sht_map_view_of (ShtSession *session);

void sht_map_go_to (ShumateMap *map, double latitude, double longitude, double zoom, gboolean animated);
void sht_map_fit (ShumateMap *map, const ShtWorldBox *box, const ShtMapEdges *covered, double least, double most, gboolean animated);

G_END_DECLS
