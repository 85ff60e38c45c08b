/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/id.h"

G_BEGIN_DECLS

gboolean sht_retry_is_transient (guint status);
gint64 sht_retry_delay_ms (guint attempt, ShtRandomFunc random, gpointer random_data);
gint64 sht_retry_after_ms (const char *header, gint64 now_ms);

G_END_DECLS
