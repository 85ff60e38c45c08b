/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between http-server.c, http-exchange.c and http-connection.c only. */
#pragma once

#include <libsoup/soup.h>

#include "platform/http-server.h"

G_BEGIN_DECLS

/* How far libsoup may read past the end of the headers. */
#define SHT_HTTP_READ_AHEAD 8192

/* A refused body whose rest is no longer than this is read to its end, which spares the client a new
 * connection; a longer one is cut off. */
#define SHT_HTTP_REST_MAX (64 * 1024)

typedef enum
{
  SHT_HTTP_PHASE_HEADERS,
  SHT_HTTP_PHASE_BODY,
  SHT_HTTP_PHASE_WAITING, /* for a handler; no limit of ours */
  SHT_HTTP_PHASE_WRITING,
  SHT_HTTP_PHASE_IDLE,
  SHT_HTTP_PHASE_CLOSED,
} ShtHttpPhase;

#define SHT_TYPE_HTTP_CONNECTION (sht_http_connection_get_type ())
G_DECLARE_FINAL_TYPE (ShtHttpConnection, sht_http_connection, SHT, HTTP_CONNECTION, GIOStream)

typedef void (*ShtHttpConnectionFunc) (ShtHttpConnection *connection, gpointer data);

ShtHttpConnection *sht_http_connection_new (GSocketConnection *base, const ShtHttpLimits *limits, ShtHttpConnectionFunc closed, gpointer data) G_GNUC_WARN_UNUSED_RESULT;
void sht_http_connection_set_phase (ShtHttpConnection *self, ShtHttpPhase phase);
void sht_http_connection_begin (ShtHttpConnection *self);
ShtHttpPhase sht_http_connection_get_phase (ShtHttpConnection *self);
void sht_http_connection_touch (ShtHttpConnection *self);
void sht_http_connection_set_held (ShtHttpConnection *self, gboolean held);
void sht_http_connection_set_linger (ShtHttpConnection *self);
void sht_http_connection_check (ShtHttpConnection *self, gint64 now_us);
void sht_http_connection_cut (ShtHttpConnection *self);
void sht_http_connection_answer (ShtHttpConnection *self, guint status, SoupMessageHeaders *headers, GBytes *body);
GSource *sht_http_connection_watch (ShtHttpConnection *self) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  char *method; /* (owned) (nullable): NULL for any */
  char *path;   /* (owned) */
  gsize body_limit;
  ShtHttpRouteFlags flags;
  ShtHttpHandler handler; /* (nullable): NULL for a stream */
  ShtHttpStreamFuncs funcs;
  gpointer data;
  GDestroyNotify destroy;
} ShtHttpRoute;

gboolean sht_http_coding_accepted (SoupMessageHeaders *request, const char *coding, gboolean any_will_do);
GBytes *sht_http_coding_encode (SoupMessageHeaders *request, SoupMessageHeaders *answer, const char *type, GBytes *body) G_GNUC_WARN_UNUSED_RESULT;

/* Puts an exchange on a message whose headers are in, and takes it through. @route is NULL when none
 * fits: then the caller answers. */
ShtHttpExchange *sht_http_exchange_begin (SoupServerMessage *message, ShtHttpConnection *connection, const ShtHttpRoute *route, GHashTable *query, gboolean behind_proxy);
void sht_http_exchange_close_after (ShtHttpExchange *self);

const char *sht_http_reason (guint status);
GBytes *sht_http_error_body (const char *code, const char *message) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
