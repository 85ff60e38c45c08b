/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/text-archive.h"
#include "tablet/store/store.h"

G_BEGIN_DECLS

gboolean sht_store_diagnose (ShtStore *store, const char *path, const ShtText *more, guint n_more, GError **error);

G_END_DECLS
