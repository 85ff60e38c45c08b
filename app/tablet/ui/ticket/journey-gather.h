/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The member of a gathered step that has the steps themselves. */
#define SHT_GATHERED "gathered"

JsonArray *sht_journey_gather (JsonArray *events) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
