/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

G_BEGIN_DECLS

GStrv sht_store_map_files (ShtStore *store, gboolean night) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
