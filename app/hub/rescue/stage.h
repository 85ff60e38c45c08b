/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

/**
 * ShtStage:
 * @folder: (owned): where its photos lie, each under its hash, and `operations`: a line each, its number before it
 * @head: (owned): what the tablet told of itself: `device`, `key`, `made_at`, `clock_offset_ms`, `incarnation`, `boot_id`,
 *   `boot_ms`
 * @photos: (owned) (element-type utf8): hashes
 * @mark: (owned): hexadecimal digits that are this file's alone
 *
 * A rescue file, opened and verified: it is whole, and signed by the device that it names.
 */
typedef struct
{
  char *folder;
  JsonObject *head;
  GPtrArray *photos;
  char *mark;
} ShtStage;

ShtStage *sht_stage_new (ShtHub *hub, const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_stage_free (ShtStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtStage, sht_stage_free)

void sht_stage_remove_left (ShtHub *hub);

G_END_DECLS
