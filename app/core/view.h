/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

char *sht_view_time (gint64 ms) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_view_ticket (JsonObject *ticket) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_view_event (JsonObject *event) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_view_photo (JsonObject *photo, const char *state) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_view_voice (JsonObject *voice, const char *state) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_view_obstacle (JsonObject *obstacle) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_view_place (JsonObject *place) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_view_crew (JsonObject *crew) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
