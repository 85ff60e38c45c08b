/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/entity.h"

G_BEGIN_DECLS

#define SHT_SAMPLE_DEFAULT_TICKETS 400

gboolean sht_sample_generate (const char *data_dir,
                              guint tickets,
                              guint64 seed,
                              gint64 now_ms,
                              ShtEntitySink sink,
                              gpointer sink_data,
                              GError **error);

G_END_DECLS
