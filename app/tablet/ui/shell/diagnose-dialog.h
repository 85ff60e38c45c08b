/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/shell/application.h"

G_BEGIN_DECLS

GtkWidget *sht_diagnose_dialog_new (ShtApplication *application) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
