/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/page.h"

GtkWidget *
sht_ticket_page_new (ShtSession *session)
{
  return adw_bin_new ();
}

void
sht_ticket_page_set_ticket (GtkWidget *page, const char *ticket)
{
}
