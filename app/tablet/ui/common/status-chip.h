/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/common/words.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *sht_status_chip_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_status_chip_set (GtkWidget *chip, ShtStatus status, const char *waiting_for);
/* For who draws one without a widget. */
char *sht_status_chip_css (ShtStatus status) G_GNUC_WARN_UNUSED_RESULT;
char *sht_status_chip_text (ShtStatus status, const char *waiting_for) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
