/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/entity.h"

G_BEGIN_DECLS

/* A city's whole list is some megabytes; this is a mistake or an attack. */
#define SHT_OPEN311_MAX_BYTES (100 * 1024 * 1024)

/**
 * ShtOpen311Options:
 * @jurisdiction: (nullable): the city the list is from; part of every id, so that two cities' numbers
 *   do not meet. %NULL means "default"
 * @department: (nullable): the department that gets all services and tickets; %NULL makes one for each
 *   `agency_responsible`
 * @crew: (nullable): the crew that gets all tickets; open ones are then assigned
 * @known_services: (nullable) (element-type utf8 gpointer): codes that need not be sent again, as keys
 * @imported_at: milliseconds since 1970 UTC, said by the `imported` events; 0 for the time of the
 *   row's last change, so that the same list gives the same bytes
 */
typedef struct {
  const char *jurisdiction;
  const char *department;
  const char *crew;
  GHashTable *known_services;
  gint64 imported_at;
} ShtOpen311Options;

/**
 * ShtOpen311Report:
 * @rows: how many the list had
 * @tickets: how many of them became tickets
 * @events: of all tickets
 * @services: that were not known
 * @departments: made for agencies
 * @refused: (element-type utf8): one line for each row that was refused: its number from 1, the field, why
 * @unhomed: (element-type utf8 guint): names of members that have no place in the model, and how often
 *   they were met; their values are in the ticket's or the event's `extra`
 *
 * What an import did, to be shown to whoever asked for it. Zeroed before, cleared after.
 */
typedef struct {
  guint rows;
  guint tickets;
  guint events;
  guint services;
  guint departments;
  GPtrArray *refused;
  GHashTable *unhomed;
} ShtOpen311Report;

gboolean sht_open311_import (GBytes *json,
                             const ShtOpen311Options *options,
                             ShtEntitySink sink,
                             gpointer sink_data,
                             ShtOpen311Report *report,
                             GError **error);
void sht_open311_report_clear (ShtOpen311Report *report);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShtOpen311Report, sht_open311_report_clear)

G_END_DECLS
