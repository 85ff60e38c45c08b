/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/shell/lock.h"

G_BEGIN_DECLS

void sht_start_set_content (AdwApplicationWindow *window, ShtLock *lock, GtkWidget *content);

G_END_DECLS
