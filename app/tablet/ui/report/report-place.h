/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

G_BEGIN_DECLS

/* How far two reports of one thing lie apart at the most: the error of a phone's position between houses. */
#define SHT_REPORT_NEAR_M 30.0

/**
 * ShtReportLike:
 *
 * Something open of the same kind close by. A ticket of others is known by no more than its place.
 */
typedef struct
{
  char *id;
  char *title;   /* (nullable): of others' tickets nothing is known */
  char *address; /* (nullable) */
  double metres;
} ShtReportLike;

void sht_report_like_free (ShtReportLike *like);

gboolean sht_report_place_guess (ShtStore *reader, gint64 *lat_e7, gint64 *lon_e7);
GPtrArray *sht_report_place_like (ShtStore *reader, const char *service, gint64 lat_e7, gint64 lon_e7) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *sht_report_place_services (ShtStore *reader, guint n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
