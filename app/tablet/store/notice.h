/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/page.h"

G_BEGIN_DECLS

/**
 * ShtNoticeKind:
 * @SHT_NOTICE_ASSIGNED: a ticket that has come to this tablet's crew
 * @SHT_NOTICE_MESSAGE: a supervisor's note on a ticket of the crew's
 * @SHT_NOTICE_ANSWER: an answer to an obstacle that the crew raised
 */
typedef enum
{
  SHT_NOTICE_ASSIGNED,
  SHT_NOTICE_MESSAGE,
  SHT_NOTICE_ANSWER,
  SHT_N_NOTICE_KINDS
} ShtNoticeKind;

/**
 * ShtNotice:
 * @id: (owned): of this piece of news
 * @kind: what it is
 * @subject: (owned): UUID of the ticket or the obstacle
 * @number: (owned) (nullable): the ticket's
 * @service: (owned) (nullable): the ticket's
 * @is_new: of a ticket: nobody has begun with it
 * @away: it came together with what had happened while the tablet was away
 *
 * What others did that the crew wants to hear of.
 */
typedef struct
{
  char *id;
  ShtNoticeKind kind;
  char *subject;
  char *number;
  char *service;
  gboolean is_new;
  gboolean away;
} ShtNotice;

void sht_notice_free (ShtNotice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtNotice, sht_notice_free)

gboolean sht_store_is_filled (ShtStore *store);
gboolean sht_store_forget_notices (ShtStore *store, GError **error);
gboolean sht_store_has_notices (ShtStore *store);
gboolean sht_store_notices_filled (ShtStore *store, GError **error);
gboolean sht_store_note_notice (ShtStore *store, const ShtLine *line, gboolean away, GError **error);
GPtrArray *sht_store_notices (ShtStore *store, gboolean told, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_notices_told (ShtStore *store, GPtrArray *notices, GError **error);
gboolean sht_store_notices_seen (ShtStore *store, const char *subject, GError **error);
gboolean sht_store_is_off_shift (ShtStore *store);

G_END_DECLS
