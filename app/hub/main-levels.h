/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

/**
 * ShtMainLevels:
 * @id: (nullable): the calendar's id; "town" without
 * @name: (nullable): what people call it
 * @week: (nullable): its week in words
 * @zone: (nullable): its time zone
 * @department: (nullable): the department that works by it
 *
 * What the command line says of a calendar.
 */
typedef struct
{
  const char *id;
  const char *name;
  const char *week;
  const char *zone;
  const char *department;
} ShtMainLevels;

gboolean sht_main_read_file (const char *path, char **contents, gsize *length, GError **error);
gboolean sht_main_calendar (ShtHub *hub, const char *file, const ShtMainLevels *options, GError **error);
gboolean sht_main_list_calendars (ShtHub *hub, GError **error);
gboolean sht_main_import_targets (ShtHub *hub, const char *file, GError **error);
gboolean sht_main_export_targets (ShtHub *hub, GError **error);

G_END_DECLS
