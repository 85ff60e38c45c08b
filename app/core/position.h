/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

/** A position from longer ago is no news of where a crew is */
#define SHT_POSITION_MAX_AGE_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)
/** Clocks that have been compared agree within this */
#define SHT_POSITION_MAX_AHEAD_MS (G_GINT64_CONSTANT (2) * 60 * 1000)
#define SHT_POSITION_MAX_ACCURACY_M G_GINT64_CONSTANT (100000)
#define SHT_POSITION_MAX_SPEED_CM_S G_GINT64_CONSTANT (10000)
/** Having moved less is having stayed: the error of a position among houses */
#define SHT_POSITION_MOVED_M 25.0
/** Whoever stays says so again after this */
#define SHT_POSITION_STAY_MS (G_GINT64_CONSTANT (5) * 60 * 1000)
/** Who moves tells it this often at the most */
#define SHT_POSITION_MOVE_MS (G_GINT64_CONSTANT (30) * 1000)
/** What is older says where the crew was, and not where it is */
#define SHT_POSITION_STALE_MS (G_GINT64_CONSTANT (15) * 60 * 1000)

/**
 * ShtPositionState:
 * @SHT_POSITION_HERE: it is known
 * @SHT_POSITION_UNKNOWN: it is shared, and the tablet does not know it
 * @SHT_POSITION_PAUSED: the crew does not share it for now
 */
typedef enum
{
  SHT_POSITION_HERE,
  SHT_POSITION_UNKNOWN,
  SHT_POSITION_PAUSED,
  SHT_N_POSITION_STATES
} ShtPositionState;

/**
 * ShtPosition:
 * @at: when it was, milliseconds since 1970 UTC
 * @state: whether there is one
 * @lat_e7: 1e-7 degree, like the others only of %SHT_POSITION_HERE
 * @lon_e7: 1e-7 degree
 * @accuracy_m: within how many metres it is, 0 to %SHT_POSITION_MAX_ACCURACY_M
 * @heading: degrees clockwise from north, 0 to 359, -1 when it is not known
 * @speed_cm_s: centimetres a second, -1 when it is not known
 */
typedef struct
{
  gint64 at;
  ShtPositionState state;
  gint64 lat_e7;
  gint64 lon_e7;
  gint64 accuracy_m;
  gint64 heading;
  gint64 speed_cm_s;
} ShtPosition;

const char *sht_position_state_name (ShtPositionState state);
gboolean sht_position_state_parse (const char *name, ShtPositionState *state);
gboolean sht_position_read (JsonObject *object, ShtPosition *position);
void sht_position_write (const ShtPosition *position, JsonObject *object);
double sht_position_metres (const ShtPosition *a, const ShtPosition *b);
gboolean sht_position_is_news (const ShtPosition *before, const ShtPosition *now, gint64 least_ms);

gboolean sht_shift_at (const ShtTown *town, const char *department, gint64 at, gint64 *begins, gint64 *ends);

G_END_DECLS
