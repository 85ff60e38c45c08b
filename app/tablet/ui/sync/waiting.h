/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtWaiting:
 * @key: (owned): the ticket's, obstacle's or place's id
 * @is_ticket: whether @key is a ticket's
 * @steps: operations that wait, but for photos and a new report
 * @photos: photos of which something waits
 * @bytes: what of the photos is still to be sent
 * @is_new: whether the report itself waits
 * @is_sent: whether all of it has been sent and only the answer is missing
 * @title: (owned): what it is about
 * @where: (owned): its address, perhaps empty
 *
 * What waits on one ticket, obstacle or place.
 */
typedef struct
{
  char *key;
  gboolean is_ticket;
  guint steps;
  guint photos;
  guint voices;
  gint64 bytes;
  gboolean is_new;
  gboolean is_sent;
  char *title;
  char *where;
} ShtWaiting;

GPtrArray *sht_waiting_list (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_waiting_headline (gint64 operations, gint64 photos) G_GNUC_WARN_UNUSED_RESULT;
char *sht_waiting_words (const ShtWaiting *waiting) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
