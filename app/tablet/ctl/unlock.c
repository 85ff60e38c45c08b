/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "core/json.h"
#include "core/lock.h"
#include "tablet/sync/client.h"

/* What opens the tablets of a crew, by a supervisor's. */
int
sht_ctl_unlock (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonArray) answers = NULL;

  if (argc != 4)
    return sht_ctl_usage ("unlock CREW DIGITS");
  if (store->device.token == NULL)
    return sht_ctl_usage ("this tablet is not enrolled");
  answers = sht_ask_unlock (store->device.url, store->device.token, argv[3], argv[2], &error);
  if (answers == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  for (guint i = 0; i < json_array_get_length (answers); i++)
    {
      JsonObject *one = sht_json_element (answers, i);
      g_autofree char *spaced = sht_unlock_spaced (sht_json_string (one, "answer"));

      g_print ("%s  tablet %s\n", spaced, sht_json_string (one, "device"));
    }
  return 0;
}
