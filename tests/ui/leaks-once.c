/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loses what it has allocated: with the library that windows are searched for leaks with, this must be seen. */
#include <glib.h>

int
main (void)
{
  char *volatile lost = g_malloc (123);

  lost = NULL;
  return lost != NULL;
}
