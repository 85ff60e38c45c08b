/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/spots.h"

G_BEGIN_DECLS

/**
 * ShtMapLook:
 * @path: the store's file
 * @db: (nullable): a handle on it, opened by the first look
 * @box: where
 * @finished: this tablet's finished tickets are wanted too
 * @others: others' tickets are wanted
 * @clock_offset: the hub's clock less this tablet's, ms
 * @zoom: a whole zoom level, for which they are gathered; -1 for nothing yet
 * @tickets: (element-type ShtSpot): what lies in @box
 * @stubs: (element-type ShtSpot): of others, likewise
 * @clusters: (element-type ShtCluster): the tickets, gathered
 * @stub_dots: (element-type ShtCluster): others' tickets, thinned out
 *
 * What the map looks up of the store: asked on the main thread, answered on another.
 */
typedef struct
{
  char *path;
  ShtDb *db;
  ShtWorldBox box;
  gboolean finished;
  gboolean others;
  gint64 clock_offset;
  int zoom;
  GArray *tickets;
  GArray *stubs;
  GArray *clusters;
  GArray *stub_dots;
} ShtMapLook;

ShtMapLook *sht_map_look_new (const char *path, ShtDb *db, const ShtWorldBox *box, int zoom, const ShtMapLook *known) G_GNUC_WARN_UNUSED_RESULT;
void sht_map_look_free (ShtMapLook *look);
gint64 sht_map_look_now (const ShtMapLook *look);
gboolean sht_map_look_run (ShtMapLook *look, GError **error);

G_END_DECLS
