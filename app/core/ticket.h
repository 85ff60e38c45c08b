/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** What a ticket remembers: holders of a leg, and its reopenings; of more than these the oldest go */
#define SHT_TICKET_MAX_HOLDERS 100
#define SHT_TICKET_MAX_REOPENINGS 100

void sht_ticket_enter_status (JsonObject *ticket, ShtStatus from, ShtStatus to, const char *waiting_for, gint64 at, JsonObject *service, const ShtTown *town);
void sht_ticket_start_leg (JsonObject *ticket, gint64 at);
void sht_ticket_ensure_leg (JsonObject *ticket);
void sht_ticket_set_crew (JsonObject *ticket, const char *crew, gint64 at);
void sht_ticket_note_reopening (JsonObject *ticket, gint64 at);
char *sht_ticket_stub (JsonObject *ticket) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
