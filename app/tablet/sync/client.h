/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"
#include "tablet/sync/request.h"

G_BEGIN_DECLS

typedef struct _ShtClient ShtClient;

void sht_client_load_types (void);
ShtClient *sht_client_new (const char *url, const char *token, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_client_free (ShtClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtClient, sht_client_free)

void sht_client_send_async (ShtClient *client, ShtRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
ShtAnswer *sht_client_send_finish (GAsyncResult *result) G_GNUC_WARN_UNUSED_RESULT;
ShtAnswer *sht_client_send (ShtClient *client, ShtRequest *request) G_GNUC_WARN_UNUSED_RESULT;

gboolean sht_enrol (ShtStore *store, const char *url, const char *code, GError **error);

/**
 * ShtDifference:
 * @scope: (owned): a scope in which base and hub differ
 * @prefix: (owned): where: the beginning of the ids concerned
 * @here: what this tablet holds
 * @there: what the hub holds
 */
typedef struct
{
  char *scope;
  char *prefix;
  ShtDigestSum here;
  ShtDigestSum there;
} ShtDifference;

JsonArray *sht_ask_unlock (const char *url, const char *token, const char *challenge, const char *crew, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *sht_check (ShtStore *store, ShtClient *client, guint *entities, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
