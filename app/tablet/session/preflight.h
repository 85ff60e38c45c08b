/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"
#include "tablet/store/preflight.h"

G_BEGIN_DECLS

void sht_session_preflight_async (ShtSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
ShtPreflight *sht_session_preflight_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
