/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define SHT_WITHOUT_MAX_CHARS 500

/**
 * ShtPhotoRole:
 *
 * The photos that a service may ask for. A photo of any other role is asked for by nothing.
 */
typedef enum
{
  SHT_PHOTO_BEFORE,
  SHT_PHOTO_AFTER,
  SHT_N_PHOTO_ROLES
} ShtPhotoRole;

const char *sht_photo_role_name (ShtPhotoRole role);
gboolean sht_photo_role_parse (const char *name, ShtPhotoRole *role);
gboolean sht_photo_rule_missing (JsonObject *service, JsonArray *photos, guint missing[SHT_N_PHOTO_ROLES]);

G_END_DECLS
