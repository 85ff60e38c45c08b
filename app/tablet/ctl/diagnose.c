/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "tablet/store/diagnosis.h"

int
sht_ctl_diagnose (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;

  if (argc != 3)
    return sht_ctl_usage ("diagnose FILE.tar.gz");
  if (!sht_store_diagnose (store, argv[2], NULL, 0, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  g_print ("%s: plain texts, with nothing personal in them\n", argv[2]);
  return 0;
}
