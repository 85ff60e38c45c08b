/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/api/worker.h"

G_BEGIN_DECLS

typedef struct _ShtTidyClock ShtTidyClock;

ShtTidyClock *sht_tidy_clock_new (ShtWorker *writer) G_GNUC_WARN_UNUSED_RESULT;
void sht_tidy_clock_free (ShtTidyClock *clock);

G_END_DECLS
