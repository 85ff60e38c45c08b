/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "core/json.h"

/* Says who of the crew is there on this shift; without a word, who may be, and who was said to be. */
int
sht_ctl_here (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) people = NULL;
  g_auto (GStrv) here = NULL;

  if (argc > 2)
    {
      gboolean none = argc == 3 && g_str_equal (argv[2], "nobody");

      return sht_store_set_here (store, none ? NULL : (const char *const *) argv + 2, &error)
               ? 0
               : sht_ctl_fail (g_steal_pointer (&error));
    }
  people = sht_store_crew_people (store, &error);
  if (people == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  here = sht_store_here (store);
  for (guint i = 0; i < people->len; i++)
    {
      const char *id = sht_json_string (g_ptr_array_index (people, i), "id");

      g_print ("%s %-10s %s\n", here != NULL && g_strv_contains ((const char *const *) here, id) ? "*" : " ", id,
               sht_json_string (g_ptr_array_index (people, i), "name"));
    }
  return 0;
}
