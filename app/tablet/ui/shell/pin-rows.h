/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/shell/lock.h"

G_BEGIN_DECLS

void sht_pin_choose (GtkWidget *over, ShtLock *lock);
GtkWidget *sht_pin_rows_new (ShtLock *lock);

G_END_DECLS
