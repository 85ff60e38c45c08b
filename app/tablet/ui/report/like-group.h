/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *sht_like_group_new (ShtStore *reader, const char *service, gint64 lat_e7, gint64 lon_e7) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
