/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/position.h"
#include "tablet/map/map-room.h"

#include <shumate/shumate.h>

G_BEGIN_DECLS

/**
 * ShtCrewSign:
 * @name: (owned): what people call the crew
 * @words: (owned): how old its position is, and how accurate
 * @position: where it is or was
 * @age_ms: how long ago
 */
typedef struct
{
  char *name;
  char *words;
  ShtPosition position;
  gint64 age_ms;
} ShtCrewSign;

/**
 * ShtCrewLayer:
 *
 * Where crews are: a named sign beside a dot, in the circle within which the crew is. What is old is grey and fades. Signs
 * keep out of each other's way as far as there is room.
 */
#define SHT_TYPE_CREW_LAYER (sht_crew_layer_get_type ())
G_DECLARE_FINAL_TYPE (ShtCrewLayer, sht_crew_layer, SHT, CREW_LAYER, ShumateLayer)

void sht_crew_sign_free (ShtCrewSign *sign);
ShtCrewLayer *sht_crew_layer_new (ShumateViewport *viewport, ShtMapRoom *room) G_GNUC_WARN_UNUSED_RESULT;
void sht_crew_layer_set (ShtCrewLayer *self, GPtrArray *signs);
void sht_crew_layer_set_dark (ShtCrewLayer *self, gboolean dark);
guint sht_crew_layer_count (ShtCrewLayer *self);

G_END_DECLS
