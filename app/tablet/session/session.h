/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/photo/photo.h"
#include "tablet/session/sending.h"
#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtSession:
 *
 * The window's way to the store: one thread owns the writing handle and the engine; everything that
 * writes is done there. The main thread has a reading handle of its own for short indexed look-ups.
 *
 * ::changed (session): something in the store has changed, by whomever; look again
 * ::status (session): the link, what waits, or the last contact has changed
 */
#define SHT_TYPE_SESSION (sht_session_get_type ())
G_DECLARE_FINAL_TYPE (ShtSession, sht_session, SHT, SESSION, GObject)

/* Runs on the store's thread; returns %FALSE with @error when nothing was done. */
typedef gboolean (*ShtSessionFunc) (ShtStore *store, gpointer data, GError **error);

ShtSession *sht_session_new (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_session_close (ShtSession *self);
ShtStore *sht_session_get_reader (ShtSession *self);
gboolean sht_session_is_enrolled (ShtSession *self);

ShtTouch sht_session_get_touch (ShtSession *self);
gint64 sht_session_get_pending_operations (ShtSession *self);
gint64 sht_session_get_pending_photos (ShtSession *self);
gint64 sht_session_get_attention (ShtSession *self);
ShtSending *sht_session_get_sending (ShtSession *self);
gint64 sht_session_get_last_contact (ShtSession *self);
char *sht_session_describe_lanes (ShtSession *self) G_GNUC_WARN_UNUSED_RESULT;

gboolean sht_session_get_sparing (ShtSession *self);
gboolean sht_session_get_offline (ShtSession *self);
void sht_session_set_offline (ShtSession *self, gboolean offline);
void sht_session_try_now (ShtSession *self);

void sht_session_do_async (ShtSession *self, ShtSessionFunc func, gpointer data, GDestroyNotify destroy, GAsyncReadyCallback callback, gpointer callback_data);
void sht_session_do_quietly (ShtSession *self, ShtSessionFunc func, gpointer data, GDestroyNotify destroy);
gboolean sht_session_do_finish (ShtSession *self, GAsyncResult *result, GError **error);

void sht_session_note_async (ShtSession *self, const char *ticket, const char *text, GAsyncReadyCallback callback, gpointer data);
void sht_session_undo_async (ShtSession *self, const char *op, GAsyncReadyCallback callback, gpointer data);
void sht_session_act_async (ShtSession *self, ShtOperation *operation, GAsyncReadyCallback callback, gpointer data);
void sht_session_resolve_async (ShtSession *self, const char *id, const char *field, gboolean keep_mine, GAsyncReadyCallback callback, gpointer data);
void sht_session_take_back_async (ShtSession *self, const char *id, const char *field, GAsyncReadyCallback callback, gpointer data);
void sht_session_away_seen_async (ShtSession *self, GAsyncReadyCallback callback, gpointer data);
void sht_session_attach_async (ShtSession *self, const char *ticket, const char *path, const char *role, const char *caption, GAsyncReadyCallback callback, gpointer data);
void sht_session_draw_async (ShtSession *self, const char *photo, const char *path, GPtrArray *shapes, GAsyncReadyCallback callback, gpointer data);
void sht_session_rescue_async (ShtSession *self, const char *file, ShtRescueFunc progress, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean sht_session_rescue_finish (GAsyncResult *result, ShtRescue *rescue, GError **error);
void sht_session_copy_seen_async (ShtSession *self, GAsyncReadyCallback callback, gpointer data);
gboolean sht_session_attach_finish (ShtSession *self, GAsyncResult *result, GStrv *warnings, gboolean *already, GError **error);

G_END_DECLS
