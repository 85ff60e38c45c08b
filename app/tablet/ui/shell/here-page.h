/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/shell/lock.h"

G_BEGIN_DECLS

GtkWidget *sht_here_cover_new (ShtLock *lock, GtkWidget *content);
void sht_here_ask (GtkWindow *window);

G_END_DECLS
