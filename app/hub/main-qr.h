/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *sht_main_qr_to_text (const char *words, gboolean in_colour, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_main_qr_fits (const char *path);
gboolean sht_main_qr_write (const char *words, const char *path, GError **error);

G_END_DECLS
