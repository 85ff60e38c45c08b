/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json-slice.h"
#include "hub/import/open311.h"

G_BEGIN_DECLS

/* One row while it is read: nothing of it is sent before all of it is understood. */
typedef struct {
  const ShtOpen311Options *options;
  ShtOpen311Report *report;
  ShtJsonSlice row;
  char *base;         /* (owned): what the row's ids are made of */
  char *ticket;       /* (owned): its id */
  char *request;      /* (owned): service_request_id */
  gboolean closed;
  gint64 created_at, updated_at;
  GPtrArray *events;  /* (owned): lines */
  GHashTable *notes;  /* (owned): how many there are by each name */
} ShtOpen311Row;

gboolean sht_open311_moment (ShtJsonSlice value, gint64 *utc_ms);
void sht_open311_unhomed (ShtOpen311Report *report, const char *prefix, ShtJsonSlice name);
char *sht_open311_text (ShtJsonSlice value) G_GNUC_WARN_UNUSED_RESULT;
void sht_open311_journey (ShtOpen311Row *row);

G_END_DECLS
