/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

/**
 * ShtWorker:
 *
 * A thread with a database handle of its own. Jobs are done one after another.
 */
typedef struct _ShtWorker ShtWorker;

/* Runs on the worker's thread. */
typedef void (*ShtWorkFunc) (ShtHub *hub, gpointer job);
/* Runs on the thread that made the worker; frees the job. */
typedef void (*ShtWorkedFunc) (gpointer job);

ShtWorker *sht_worker_new (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_worker_do (ShtWorker *worker, ShtWorkFunc work, ShtWorkedFunc worked, gpointer job);
void sht_worker_free (ShtWorker *worker);

G_END_DECLS
