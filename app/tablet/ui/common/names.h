/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

G_BEGIN_DECLS

const char *sht_names_get (ShtStore *store, const char *type, const char *id);
const char *sht_names_who (ShtStore *store, const char *by);
const char *sht_names_service_icon (ShtStore *store, const char *service);
void sht_names_forget (void);

const char *sht_icon_or (const char *name, const char *otherwise);

G_END_DECLS
