/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtSide:
 * @whose: (owned): whose word it is
 * @value: (owned): the word
 * @when: (owned) (nullable): when it was said
 * @stands: whether it holds now
 */
typedef struct
{
  char *whose;
  char *value;
  char *when;
  gboolean stands;
} ShtSide;

/**
 * ShtAttention:
 * @key: (owned): tells this, as it stands now, from all others
 * @id: (owned): the operation's id, or the refused photo's
 * @field: (owned) (nullable): which field of a conflict
 * @ticket: (owned) (nullable): the ticket to open
 * @what: (owned): what it is about, or what was done
 * @about: (owned): on which ticket or place
 * @reason: (owned): why a person has to decide
 * @picture: (owned) (nullable): path of the photo that was refused
 * @is_conflict: whether two words stand against each other; otherwise @mine alone was not taken
 * @is_own: whether @mine was said on this tablet
 *
 * What a person has to decide. It stays until then.
 */
typedef struct
{
  char *key;
  char *id;
  char *field;
  char *ticket;
  char *what;
  char *about;
  char *reason;
  char *picture;
  gboolean is_conflict;
  gboolean is_own;
  ShtSide mine;
  ShtSide theirs;
} ShtAttention;

GPtrArray *sht_attention_list (ShtStore *store, const char *ticket, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_attention_field (ShtStore *store, const char *ticket, const char *field) G_GNUC_WARN_UNUSED_RESULT;
char *sht_attention_value (ShtStore *store, const char *ticket, const char *field, JsonNode *value) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
