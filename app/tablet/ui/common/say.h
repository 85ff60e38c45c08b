/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/status.h"
#include "tablet/store/store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the store holds, in a person's words and language. */

const char *sht_say_language (void);
char *sht_say_isolated (const char *text) G_GNUC_WARN_UNUSED_RESULT;
char *sht_say_translated (JsonObject *object, const char *plain, const char *by_language) G_GNUC_WARN_UNUSED_RESULT;
char *sht_say_name (ShtStore *store, const char *type, const char *id) G_GNUC_WARN_UNUSED_RESULT;

const char *sht_say_status (ShtStatus status);
const char *sht_say_waiting_for (const char *code);
const char *sht_say_source (const char *code);
const char *sht_say_resident_language (const char *code);
const char *sht_say_photo_role (const char *role);
const char *sht_say_mark (const char *state);
const char *sht_say_image_error (const GError *error);
gboolean sht_say_is_damage (const char *warning);

gint64 sht_say_time (JsonObject *view, const char *member);
char *sht_say_when (gint64 ms, gint64 now) G_GNUC_WARN_UNUSED_RESULT;
char *sht_say_span (gint64 ms) G_GNUC_WARN_UNUSED_RESULT;
char *sht_say_due (gint64 due, gint64 now) G_GNUC_WARN_UNUSED_RESULT;

char *sht_say_event (ShtStore *store, JsonObject *event) G_GNUC_WARN_UNUSED_RESULT;
char *sht_say_event_detail (JsonObject *event) G_GNUC_WARN_UNUSED_RESULT;
char *sht_say_event_actor (ShtStore *store, JsonObject *event) G_GNUC_WARN_UNUSED_RESULT;
char *sht_say_proof (ShtStore *store, JsonObject *event, gint64 now) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
