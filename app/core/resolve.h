/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonObject *sht_conflict_find (JsonObject *holder, const char *field);
JsonArray *sht_conflict_facts (JsonObject *holder);
gboolean sht_conflict_is_open (JsonObject *fact);

G_END_DECLS
