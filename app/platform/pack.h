/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The content coding's name in Accept-Encoding and Content-Encoding. */
#define SHT_PACK_CODING "shetach-pack-2"

GBytes *sht_pack (GBytes *lines) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_pack_if_worth (GBytes **lines);
GBytes *sht_unpack (GBytes *packed, gsize most, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
