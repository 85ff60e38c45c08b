/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *sht_hub_refusal (const GError *error, guint *status);

G_END_DECLS
