/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

G_BEGIN_DECLS

gboolean sht_report_place_guess (ShtStore *reader, gint64 *lat_e7, gint64 *lon_e7);
GPtrArray *sht_report_place_services (ShtStore *reader, guint n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
