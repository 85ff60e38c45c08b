/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/recent-log.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/shell/application.h"

/* Run from where it was built, the program finds the catalogues and the schema that were built with it. */
static gboolean
is_where_it_was_built (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

  return self != NULL && g_str_has_prefix (self, SHT_BUILD_ROOT "/");
}

int
main (int argc, char **argv)
{
  g_autoptr (ShtApplication) application = NULL;

  sht_recent_log_start ();
  if (is_where_it_was_built ())
    g_setenv ("GSETTINGS_SCHEMA_DIR", SHT_BUILD_ROOT "/data", FALSE);
  sht_words_init (is_where_it_was_built () ? SHT_BUILD_ROOT "/po" : SHT_LOCALEDIR);
  application = sht_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
