/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"
#include "tablet/ui/shell/settings.h"

G_BEGIN_DECLS

typedef struct _ShtNotices ShtNotices;

ShtNotices *sht_notices_new (GApplication *application, ShtSession *session, ShtSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
void sht_notices_free (ShtNotices *self);

G_END_DECLS
