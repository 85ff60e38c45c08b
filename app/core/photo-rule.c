/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/photo-rule.h"

#include "core/json.h"
#include "core/status.h"

static const char *const role_names[SHT_N_PHOTO_ROLES] = { "before", "after" };

const char *
sht_photo_role_name (ShtPhotoRole role)
{
  g_return_val_if_fail (role < SHT_N_PHOTO_ROLES, "");
  return role_names[role];
}

gboolean
sht_photo_role_parse (const char *name, ShtPhotoRole *role)
{
  guint index;

  if (!sht_name_find (role_names, SHT_N_PHOTO_ROLES, name, &index))
    return FALSE;
  *role = (ShtPhotoRole) index;
  return TRUE;
}

/* What the hub refused, and a person has put away, hangs on the ticket no longer. */
static gboolean
counts_as (JsonObject *photo, const char *role)
{
  return g_strcmp0 (sht_json_string (photo, "role"), role) == 0
         && g_strcmp0 (sht_json_string (photo, "state"), "put_away") != 0;
}

/**
 * sht_photo_rule_missing:
 * @service: (nullable): a ticket's service; its `photos` says how many of each role it asks for
 * @photos: (nullable): the ticket's photos, as entities or as a tablet's view shows them
 * @missing: (out): by role, how many are missing
 *
 * Returns: whether any is missing
 */
gboolean
sht_photo_rule_missing (JsonObject *service, JsonArray *photos, guint missing[SHT_N_PHOTO_ROLES])
{
  JsonObject *rule = sht_json_object (service, "photos");
  gboolean any = FALSE;

  for (guint role = 0; role < SHT_N_PHOTO_ROLES; role++)
    {
      gint64 left = sht_json_int (rule, role_names[role], 0);

      for (guint i = 0; photos != NULL && i < json_array_get_length (photos); i++)
        left -= counts_as (json_array_get_object_element (photos, i), role_names[role]);
      missing[role] = (guint) CLAMP (left, 0, G_MAXINT);
      any = any || missing[role] > 0;
    }
  return any;
}
