/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/sync/engine.h"

G_BEGIN_DECLS

/**
 * ShtSending:
 *
 * How far the photos that wait have gone. One thread looks, any thread asks.
 */
typedef struct _ShtSending ShtSending;

ShtSending *sht_sending_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_sending_free (ShtSending *self);
void sht_sending_look (ShtSending *self, ShtStore *store, ShtEngine *engine);
gboolean sht_sending_get_photo (ShtSending *self, const char *photo, double *fraction);
gboolean sht_sending_get_all (ShtSending *self, gint64 *done, gint64 *all);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtSending, sht_sending_free)

G_END_DECLS
