/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/sync/client.h"

G_BEGIN_DECLS

gboolean sht_keys_exchange_async (ShtStore *store, ShtClient *client, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
void sht_keys_exchange_finish (ShtStore *store, GAsyncResult *result);
void sht_keys_exchange (ShtStore *store);

G_END_DECLS
