/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

G_BEGIN_DECLS

gint64 sht_store_clock_offset (ShtStore *store);
gint64 sht_store_hub_now (ShtStore *store);
gboolean sht_store_hear_clock (ShtStore *store, gint64 hub_now, gint64 unsure_ms, GError **error);

G_END_DECLS
