/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/shell/application.h"

G_BEGIN_DECLS

/**
 * ShtWindow:
 *
 * The rail, the page, and the ticket beside it.
 */
#define SHT_TYPE_WINDOW (sht_window_get_type ())
G_DECLARE_FINAL_TYPE (ShtWindow, sht_window, SHT, WINDOW, AdwApplicationWindow)

GtkWidget *sht_window_new (ShtApplication *application) G_GNUC_WARN_UNUSED_RESULT;
void sht_window_restore (ShtWindow *self);
void sht_window_take_state (ShtWindow *self, ShtWindow *from);

G_END_DECLS
