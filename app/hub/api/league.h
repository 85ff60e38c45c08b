/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/api/worker.h"

G_BEGIN_DECLS

typedef struct _ShtLeagueClock ShtLeagueClock;

ShtLeagueClock *sht_league_clock_new (ShtHub *desk, ShtWorker *writer) G_GNUC_WARN_UNUSED_RESULT;
void sht_league_clock_free (ShtLeagueClock *clock);

G_END_DECLS
