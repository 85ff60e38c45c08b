/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* As AdwClamp has them by itself, in pixels. */
#define SHT_CLAMP_FILLS 400
#define SHT_CLAMP_WIDTH 600

int sht_letters_grown (int length);
GtkWidget *sht_letters_clamp_new (int fills, int width) G_GNUC_WARN_UNUSED_RESULT;
GtkWidget *sht_letters_status_page_new (void) G_GNUC_WARN_UNUSED_RESULT;
AdwToast *sht_letters_toast_new (const char *words) G_GNUC_WARN_UNUSED_RESULT;
void sht_letters_toast_show (GtkWidget *overlay, AdwToast *toast);
GtkWidget *sht_letters_text_view_new (const char *name) G_GNUC_WARN_UNUSED_RESULT;
void sht_letters_let_grow (GtkWidget *widget);
void sht_letters_widen (GtkWidget *widget, int width);
void sht_letters_stand_over (GtkWindow *window, GtkWindow *below, int width, int height);

G_END_DECLS
