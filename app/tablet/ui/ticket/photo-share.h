/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A photo on its way out of the tablet: as a file, on the clipboard, on paper. */

typedef void (*ShtPhotoShareFunc) (gpointer data, const char *words);

gboolean sht_photo_share_is_ours_only (JsonArray *photos, JsonObject *photo);
GtkWidget *sht_photo_share_button_new (void);
void sht_photo_share_button_warn (GtkWidget *button, gboolean ours_only);
void sht_photo_share_copy (GtkWidget *widget, GdkTexture *texture);
void sht_photo_share_save (GtkWindow *parent, const char *path, const char *name, ShtPhotoShareFunc said, gpointer data);
GtkPrintOperation *sht_photo_share_new_print (GdkTexture *texture, const char *words) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
