/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/route.h"
#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtRouteRow:
 * @id: the ticket's UUID
 * @number: (nullable): what the office calls it
 * @title: (nullable): in a few words
 * @address: (nullable): where
 * @service: (nullable): its code
 * @status: how it stands
 * @stop: where and until when
 * @leg: its place in the route
 *
 * A ticket on the day's route.
 */
typedef struct
{
  char *id;
  char *number;
  char *title;
  char *address;
  char *service;
  ShtStatus status;
  ShtRouteStop stop;
  ShtRouteLeg leg;
} ShtRouteRow;

void sht_route_row_free (ShtRouteRow *row);

/**
 * ShtRoute:
 * @rows: (element-type ShtRouteRow): in the order of driving
 * @is_placed: a person has put some of it in order
 * @left_out: how many open tickets of the crew are not on it: no place is known, or there are too many
 */
typedef struct
{
  GPtrArray *rows;
  gboolean is_placed;
  gint64 left_out;
} ShtRoute;

void sht_route_free (ShtRoute *route);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtRoute, sht_route_free)

ShtRoute *sht_store_route (ShtStore *store, const gint64 *from_e7, gint64 now_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_place_route (ShtStore *store, const char *const *tickets, GError **error);

G_END_DECLS
