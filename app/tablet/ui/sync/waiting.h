/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtWaiting:
 * @key: (owned): the ticket's or place's id
 * @is_ticket: whether @key is a ticket's
 * @steps: operations that wait, but for photos and a new report
 * @photos: photos of which something waits
 * @bytes: what of the photos is still to be sent
 * @is_new: whether the report itself waits
 * @is_sent: whether all of it has been sent and only the answer is missing
 * @title: (owned): what it is about
 * @where: (owned): its address, perhaps empty
 *
 * What waits on one ticket or place.
 */
typedef struct
{
  char *key;
  gboolean is_ticket;
  guint steps;
  guint photos;
  gint64 bytes;
  gboolean is_new;
  gboolean is_sent;
  char *title;
  char *where;
} ShtWaiting;

/**
 * ShtTwoValues:
 * @field: (owned): what it is about, in words
 * @mine: (owned): what was done on this tablet
 * @theirs: (owned): what the hub has from others
 * @mine_stands: which of them holds now
 */
typedef struct
{
  char *field;
  char *mine;
  char *theirs;
  gboolean mine_stands;
} ShtTwoValues;

/**
 * ShtAttention:
 * @key: (owned): the operation's id, or the photo's
 * @ticket: (owned) (nullable): the ticket to open
 * @what: (owned): what was done, in words
 * @about: (owned): on which ticket or place
 * @reason: (owned): why it could not be taken as it is, in words
 * @made_at: when it was done, milliseconds since 1970 UTC, 0 when not known
 * @values: (owned) (element-type ShtTwoValues): what stands against what
 *
 * What a person has to look at. It stays until then.
 */
typedef struct
{
  char *key;
  char *ticket;
  char *what;
  char *about;
  char *reason;
  gint64 made_at;
  GPtrArray *values;
} ShtAttention;

GPtrArray *sht_waiting_list (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_waiting_words (const ShtWaiting *waiting) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *sht_attention_list (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
