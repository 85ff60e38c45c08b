/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SHT_TYPE_HUB_SERVER (sht_hub_server_get_type ())
G_DECLARE_FINAL_TYPE (ShtHubServer, sht_hub_server, SHT, HUB_SERVER, GObject)

ShtHubServer *sht_hub_server_new (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_server_listen (ShtHubServer *self, const char *address, gboolean behind_proxy, GError **error);
const char *sht_hub_server_get_uri (ShtHubServer *self);

G_END_DECLS
