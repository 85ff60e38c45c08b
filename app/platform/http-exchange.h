/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SHT_HTTP_ERROR:
 *
 * Errors that a client may be told. The code is the HTTP status, the message a plain sentence.
 */
#define SHT_HTTP_ERROR (sht_http_error_quark ())
GQuark sht_http_error_quark (void);
const char *sht_http_error_at (guint index, guint *status);

/**
 * ShtHttpExchange:
 *
 * One request and its answer. It may be answered at once or later, from the server's thread only. When
 * the client has gone in the meantime, answering does nothing.
 *
 * ::closed (exchange): the client went away before there was an answer. Whatever waits for this
 * exchange, such as a long poll, should let go of it.
 */
#define SHT_TYPE_HTTP_EXCHANGE (sht_http_exchange_get_type ())
G_DECLARE_FINAL_TYPE (ShtHttpExchange, sht_http_exchange, SHT, HTTP_EXCHANGE, GObject)

const char *sht_http_exchange_get_method (ShtHttpExchange *self);
const char *sht_http_exchange_get_path (ShtHttpExchange *self);
GHashTable *sht_http_exchange_get_query (ShtHttpExchange *self);
const char *sht_http_exchange_get_header (ShtHttpExchange *self, const char *name);
gint64 sht_http_exchange_get_content_length (ShtHttpExchange *self);
GBytes *sht_http_exchange_get_body (ShtHttpExchange *self);
const char *sht_http_exchange_get_client (ShtHttpExchange *self);
gboolean sht_http_exchange_is_open (ShtHttpExchange *self);
gboolean sht_http_exchange_accepts (ShtHttpExchange *self, const char *coding);

void sht_http_exchange_set_data (ShtHttpExchange *self, gpointer data, GDestroyNotify destroy);
gpointer sht_http_exchange_get_data (ShtHttpExchange *self);
void sht_http_exchange_hold (ShtHttpExchange *self);
void sht_http_exchange_resume (ShtHttpExchange *self);

void sht_http_exchange_set_header (ShtHttpExchange *self, const char *name, const char *value);
void sht_http_exchange_respond (ShtHttpExchange *self, guint status, const char *content_type, GBytes *body);
void sht_http_exchange_respond_error (ShtHttpExchange *self, guint status, const char *code, const char *message);
void sht_http_exchange_respond_gerror (ShtHttpExchange *self, const GError *error);

G_END_DECLS
