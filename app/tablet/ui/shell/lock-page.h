/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/shell/lock.h"

G_BEGIN_DECLS

GtkWidget *sht_lock_shield_new (ShtLock *lock, GtkWidget *content);

G_END_DECLS
