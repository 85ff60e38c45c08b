/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

G_BEGIN_DECLS

void sht_session_diagnose_async (ShtSession *self, const char *file, const char *window, GAsyncReadyCallback callback, gpointer data);
gboolean sht_session_diagnose_finish (GAsyncResult *result, GError **error);

G_END_DECLS
