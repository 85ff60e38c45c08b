/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void sht_map_name (GtkWidget *button, const char *name);
GtkWidget *sht_map_button_new (const char *icon, const char *name, GCallback clicked, gpointer data) G_GNUC_WARN_UNUSED_RESULT;
GtkWidget *sht_map_menu_new (const char *icon, const char *name, GtkWidget *popover) G_GNUC_WARN_UNUSED_RESULT;
GtkWidget *sht_map_tools_new (GtkAlign vertical) G_GNUC_WARN_UNUSED_RESULT;

GtkWidget *sht_map_signed_check_new (GdkTexture *sign, const char *words) G_GNUC_WARN_UNUSED_RESULT;
void sht_map_fit_popover (GtkWidget *popover, GtkWidget *scrolled, GtkWidget *list);
void sht_map_cut_rows (GtkWidget *scrolled, GtkWidget *list, int most);

G_END_DECLS
