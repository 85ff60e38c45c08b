/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/start.h"

#include "tablet/ui/shell/here-page.h"
#include "tablet/ui/shell/lock-page.h"

/**
 * sht_start_new:
 * @content: (transfer floating): what a window is for
 *
 * Returns: (transfer floating): the same behind what a shift begins with: the lock, and who is there
 */
GtkWidget *
sht_start_new (ShtLock *lock, GtkWidget *content)
{
  return sht_lock_shield_new (lock, sht_here_cover_new (lock, content));
}
