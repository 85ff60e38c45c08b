/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/id.h"
#include "core/status.h"
#include "platform/db.h"

G_BEGIN_DECLS

/**
 * ShtSpot:
 * @id: the ticket's or place's UUID
 * @x: from west to east, 0 … 1 of the Mercator world
 * @y: from north to south, likewise
 * @from_at: when the ticket came in, milliseconds since 1970 UTC
 * @due_at: when it falls due, likewise, 0 for never
 * @status: a #ShtStatus
 * @kind: (transfer none): an interned string: a ticket's service, a place's layer; never %NULL
 */
typedef struct
{
  char id[SHT_ID_LENGTH + 1];
  guint8 status;
  double x;
  double y;
  gint64 from_at;
  gint64 due_at;
  const char *kind;
} ShtSpot;

/**
 * ShtCluster:
 * @x: the middle of its members
 * @y: likewise
 * @count: how many; 1 for a ticket on its own
 * @late: how many of them are late
 * @first: the index of one member
 * @urgent: the index of the open member that falls due first
 * @urgent_at: when that is, %G_MAXINT64 for never
 * @min_x: the box around them, with the three that follow
 */
typedef struct
{
  double x;
  double y;
  guint count;
  guint late;
  guint first;
  guint urgent;
  gint64 urgent_at;
  double min_x, max_x, min_y, max_y;
} ShtCluster;

/**
 * ShtWorldBox:
 *
 * A part of the Mercator world, each side 0 … 1.
 */
typedef struct
{
  double west;
  double north;
  double east;
  double south;
} ShtWorldBox;

void sht_world_from_e7 (gint64 lat_e7, gint64 lon_e7, double *x, double *y);
void sht_world_to_e7 (double x, double y, gint64 *lat_e7, gint64 *lon_e7);
gboolean sht_world_box_contains (const ShtWorldBox *outer, const ShtWorldBox *inner);
ShtWorldBox sht_world_box_padded (const ShtWorldBox *box, double share);

GArray *sht_spots_of_tickets (ShtDb *db, const ShtWorldBox *box, gboolean finished, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GArray *sht_spots_of_stubs (ShtDb *db, const ShtWorldBox *box, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_spots_bounds (ShtDb *db, ShtWorldBox *box, GError **error);
gboolean sht_spots_bounds_of_place (ShtDb *db, const char *place, ShtWorldBox *box);

GArray *sht_spots_cluster (const ShtSpot *spots, guint n_spots, double cell, double reach, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
