/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *sht_big_button (const char *icon, const char *text, const char *action) G_GNUC_WARN_UNUSED_RESULT;
void sht_big_button_say (GtkWidget *button, const char *text);

G_END_DECLS
