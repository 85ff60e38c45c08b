/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define SHT_LEVELS_ERROR (sht_levels_error_quark ())
GQuark sht_levels_error_quark (void);

/** ShtLevelsError: %SHT_LEVELS_ERROR_INVALID: a file or words that cannot be taken; the message says where and why */
typedef enum
{
  SHT_LEVELS_ERROR_INVALID
} ShtLevelsError;

#define SHT_LEVELS_MAX_FILE (4 << 20)

/* week.c */
JsonArray *sht_levels_parse_week (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonArray *sht_levels_offsets (const char *zone, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* holidays.c */
gboolean sht_levels_read_holidays (const char *ics, gsize length, const char *zone, JsonArray *week, JsonObject **days,
                                   JsonObject **names, GError **error);

/**
 * ShtLevelsTown:
 * @services: (element-type utf8 JsonObject): by code; those that the file names are changed
 * @departments: (element-type utf8): the codes that there are
 * @calendars: (element-type utf8): the same
 */
typedef struct
{
  GHashTable *services;
  GHashTable *departments;
  GHashTable *calendars;
} ShtLevelsTown;

/* targets.c */
GPtrArray *sht_levels_read_targets (const char *csv, gsize length, const ShtLevelsTown *town, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_levels_write_targets (GPtrArray *services) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
