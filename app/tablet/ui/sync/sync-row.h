/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/sync/waiting.h"

#include <adwaita.h>

G_BEGIN_DECLS

GtkWidget *sht_sync_waiting_row_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_sync_waiting_row_set (GtkWidget *row, const ShtWaiting *waiting);

G_END_DECLS
