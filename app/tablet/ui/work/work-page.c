/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/page.h"

GtkWidget *
sht_work_page_new (ShtSession *session)
{
  return adw_bin_new ();
}
