/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SHT_TYPE_SYNC_PAGE (sht_sync_page_get_type ())
G_DECLARE_FINAL_TYPE (ShtSyncPage, sht_sync_page, SHT, SYNC_PAGE, AdwBin)

G_END_DECLS
