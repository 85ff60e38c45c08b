/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

G_BEGIN_DECLS

char *sht_say_event (ShtStore *store, JsonObject *event) G_GNUC_WARN_UNUSED_RESULT;
void sht_say_events_of (JsonArray *events, const char *ticket);
char *sht_say_event_detail (ShtStore *store, JsonObject *event) G_GNUC_WARN_UNUSED_RESULT;
char *sht_say_event_conflicts (ShtStore *store, JsonObject *event) G_GNUC_WARN_UNUSED_RESULT;
char *sht_say_event_actor (ShtStore *store, JsonObject *event) G_GNUC_WARN_UNUSED_RESULT;
char *sht_say_proof (ShtStore *store, JsonObject *event, gint64 now) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
