/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SHT_ID_LENGTH 36

/**
 * ShtRandomFunc:
 * @data: (nullable): the source's own state
 * @bytes: (out caller-allocates): where the random bytes go
 * @length: how many bytes are wanted
 *
 * A source of random bytes. Core has none of its own: the programs pass the kernel's, the simulator
 * passes a seeded one.
 */
typedef void (*ShtRandomFunc) (gpointer data, guint8 *bytes, gsize length);

char *sht_id_new (gint64 now_ms, ShtRandomFunc random, gpointer random_data) G_GNUC_WARN_UNUSED_RESULT;
char *sht_id_from_name (const char *name) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_id_is_valid (const char *text);

G_END_DECLS
