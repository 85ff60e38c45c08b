/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/photo/photo.h"

G_BEGIN_DECLS

/**
 * ShtDraft:
 * @ticket: (owned): what the ticket or obstacle will be called once it is there
 * @service: (owned) (nullable): its kind
 * @department: (owned) (nullable): of an obstacle, whose it is as well
 * @address: (owned) (nullable): street and number, as written
 * @words: (owned) (nullable): the description
 * @answers: (owned) (nullable): what was answered to its service's questions, by their codes
 * @placed: whether a person set its place; otherwise it is wherever the crew is
 * @lat_e7: 1e-7 degree, when placed
 * @lon_e7: 1e-7 degree, when placed
 * @image: (owned) (nullable): its photo
 *
 * A report that somebody has begun, or an obstacle. There is one report on a tablet, and one obstacle for each ticket; they
 * outlive the window.
 */
typedef struct
{
  char *ticket;
  char *service;
  char *department;
  char *address;
  char *words;
  JsonObject *answers;
  gboolean placed;
  gint64 lat_e7;
  gint64 lon_e7;
  ShtImage *image;
} ShtDraft;

void sht_draft_free (ShtDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtDraft, sht_draft_free)

gboolean sht_draft_keep (ShtStore *store, const char *key, const ShtDraft *draft, GError **error);
gboolean sht_draft_forget (ShtStore *store, const char *key, GError **error);
ShtDraft *sht_draft_read (ShtStore *store, const char *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
