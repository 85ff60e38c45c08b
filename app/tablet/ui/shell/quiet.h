/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"
#include "tablet/ui/shell/settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

gboolean sht_quiet_now (ShtSettings *settings, ShtStore *store);
gboolean sht_quiet_hours (const char *text, int *from, int *until);
GtkWidget *sht_quiet_choices_new (ShtSettings *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
