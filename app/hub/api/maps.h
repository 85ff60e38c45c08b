/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/api/worker.h"
#include "platform/http-server.h"

G_BEGIN_DECLS

/**
 * ShtMapsDoor:
 *
 * Where enrolled tablets get map packages.
 */
typedef struct _ShtMapsDoor ShtMapsDoor;

ShtMapsDoor *sht_maps_door_new (ShtHub *desk, ShtWorker *reader, ShtHttpServer *http) G_GNUC_WARN_UNUSED_RESULT;
void sht_maps_door_free (ShtMapsDoor *self);

G_END_DECLS
