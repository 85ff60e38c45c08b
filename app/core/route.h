/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/calendar.h"

G_BEGIN_DECLS

/* As many stops as a crew ever has before it; what is left comes when some are done. */
#define SHT_ROUTE_MAX_STOPS 60
/* No roads are known: a way is so much longer than the straight line, in towns of many countries 1.2 to 1.4. */
#define SHT_ROUTE_FACTOR 1.3
/* A van between two addresses of one town, with its lights and its parking. */
#define SHT_ROUTE_KMH 25.0

/**
 * ShtRouteStop:
 * @lat_e7: 1e-7 degree
 * @lon_e7: likewise
 * @due_at: when the work falls due, milliseconds since 1970 UTC, 0 for never
 * @visit_from: from when somebody waits for the crew, likewise, 0 for no agreed visit
 * @visit_to: until when
 * @work_ms: how long the work takes
 * @is_begun: the crew is there or on its way: it comes first
 * @is_urgent: it presses more than its time says
 */
typedef struct
{
  gint64 lat_e7;
  gint64 lon_e7;
  gint64 due_at;
  gint64 visit_from;
  gint64 visit_to;
  gint64 work_ms;
  gboolean is_begun;
  gboolean is_urgent;
} ShtRouteStop;

/**
 * ShtRouteStart:
 * @known: whether it is known where the crew is; otherwise the route begins at its first stop
 * @lat_e7: 1e-7 degree
 * @lon_e7: likewise
 * @leave_at: milliseconds since 1970 UTC
 * @calendar: (nullable): when the crew works; always when %NULL
 */
typedef struct
{
  gboolean known;
  gint64 lat_e7;
  gint64 lon_e7;
  gint64 leave_at;
  const ShtCalendar *calendar;
} ShtRouteStart;

/**
 * ShtRouteWhy:
 * @SHT_ROUTE_WHY_BEGUN: the crew has begun it
 * @SHT_ROUTE_WHY_PLACED: a person put it here
 * @SHT_ROUTE_WHY_VISIT: somebody waits for the crew at a time
 * @SHT_ROUTE_WHY_LATE: it is late
 * @SHT_ROUTE_WHY_DUE: left for later it would be late
 * @SHT_ROUTE_WHY_NEAR: it is the nearest
 * @SHT_ROUTE_WHY_WAY: so the whole way is shortest
 *
 * Why a stop is where it is.
 */
typedef enum
{
  SHT_ROUTE_WHY_BEGUN,
  SHT_ROUTE_WHY_PLACED,
  SHT_ROUTE_WHY_VISIT,
  SHT_ROUTE_WHY_LATE,
  SHT_ROUTE_WHY_DUE,
  SHT_ROUTE_WHY_NEAR,
  SHT_ROUTE_WHY_WAY
} ShtRouteWhy;

/**
 * ShtRouteLeg:
 * @stop: which of the stops
 * @metres: the way there from where the crew was before
 * @arrive_at: milliseconds since 1970 UTC
 * @why: why it is here
 * @is_late: the work will be done after it fell due, or the crew come after who waited
 */
typedef struct
{
  guint stop;
  double metres;
  gint64 arrive_at;
  ShtRouteWhy why;
  gboolean is_late;
} ShtRouteLeg;

const char *sht_route_why_name (ShtRouteWhy why);
GArray *sht_route_plan (const ShtRouteStart *start, const ShtRouteStop *stops, guint n_stops, const guint *placed, guint n_placed) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
