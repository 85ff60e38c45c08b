/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/sync/client.h"
#include "tablet/sync/engine.h"

G_BEGIN_DECLS

typedef struct _ShtRunner ShtRunner;

/* Called on the runner's main context after something has changed: an answer, the link. */
typedef void (*ShtRunnerFunc) (gpointer data);

ShtRunner *sht_runner_new (ShtStore *store, ShtEngine *engine, ShtRunnerFunc changed, gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_runner_free (ShtRunner *runner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtRunner, sht_runner_free)
void sht_runner_kick (ShtRunner *runner);

int sht_engine_lock (ShtStore *store, gboolean wait, GError **error);

G_END_DECLS
