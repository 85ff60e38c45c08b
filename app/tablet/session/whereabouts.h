/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/position/locator.h"
#include "tablet/session/session.h"
#include "tablet/store/position.h"

G_BEGIN_DECLS

/** A position that is not older than this is where the tablet is; an older one, where it was */
#define SHT_WHEREABOUTS_FRESH_MS (G_GINT64_CONSTANT (2) * 60 * 1000)

/**
 * ShtWhereabouts:
 *
 * Where the tablet is and was, and whether its crew's supervisors are told. One a session; for the main thread.
 *
 * ::changed (whereabouts): there is a new position, another state, or it is shared or no longer
 */
#define SHT_TYPE_WHEREABOUTS (sht_whereabouts_get_type ())
G_DECLARE_FINAL_TYPE (ShtWhereabouts, sht_whereabouts, SHT, WHEREABOUTS, GObject)

ShtWhereabouts *sht_whereabouts_of (ShtSession *session);
void sht_whereabouts_set_wanted (ShtWhereabouts *self, gboolean wanted);
gboolean sht_whereabouts_get_wanted (ShtWhereabouts *self);
void sht_whereabouts_set_seen (ShtWhereabouts *self, gboolean seen);
ShtLocatorState sht_whereabouts_get_state (ShtWhereabouts *self);
gboolean sht_whereabouts_get_position (ShtWhereabouts *self, ShtPosition *position, gint64 *age_ms);
gboolean sht_whereabouts_is_here (ShtWhereabouts *self, ShtPosition *position);
ShtSharing sht_whereabouts_get_sharing (ShtWhereabouts *self, gint64 *ends);
void sht_whereabouts_pause (ShtWhereabouts *self, gboolean paused);

G_END_DECLS
