/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/language.h"

#include <locale.h>

/**
 * sht_language_init:
 *
 * Takes over the person's language. Text is UTF-8 whatever the machine is set to: where no language is
 * set up at all, as on a server, Hebrew must neither be refused as an argument nor printed as question
 * marks. To be called first in main().
 */
void
sht_language_init (void)
{
  setlocale (LC_ALL, "");
  if (!g_get_charset (NULL))
    setlocale (LC_CTYPE, "C.UTF-8");
}
