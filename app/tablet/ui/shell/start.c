/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/start.h"

#include "tablet/ui/shell/here-page.h"
#include "tablet/ui/shell/lock-page.h"

/**
 * sht_start_set_content:
 * @content: (transfer floating): what the window is for
 *
 * Puts it into the window, behind what a shift begins with: the lock, and who is there.
 */
void
sht_start_set_content (AdwApplicationWindow *window, ShtLock *lock, GtkWidget *content)
{
  adw_application_window_set_content (window, sht_lock_shield_new (lock, sht_here_cover_new (lock, content)));
}
