/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShtObstacleKind:
 *
 * What stands in the way of those who run the field.
 */
typedef enum
{
  SHT_OBSTACLE_DEPARTMENT,
  SHT_OBSTACLE_PARTS,
  SHT_OBSTACLE_EQUIPMENT,
  SHT_OBSTACLE_ACCESS,
  SHT_OBSTACLE_INFORMATION,
  SHT_OBSTACLE_SAFETY,
  SHT_OBSTACLE_OTHER,
  SHT_N_OBSTACLE_KINDS
} ShtObstacleKind;

const char *sht_obstacle_kind_name (ShtObstacleKind kind);
gboolean sht_obstacle_kind_parse (const char *name, ShtObstacleKind *kind);

G_END_DECLS
