/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/recent-log.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/shell/application.h"

/* Run from where it was built, the program finds the catalogues that were built with it. */
static const char *
locale_folder (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

  if (self != NULL && g_str_has_prefix (self, SHT_BUILD_ROOT "/"))
    return SHT_BUILD_ROOT "/po";
  return SHT_LOCALEDIR;
}

int
main (int argc, char **argv)
{
  g_autoptr (ShtApplication) application = NULL;

  sht_recent_log_start ();
  sht_words_init (locale_folder ());
  application = sht_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
