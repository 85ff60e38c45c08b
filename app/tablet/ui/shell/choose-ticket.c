/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/choose-ticket.h"

#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"

#include <glib/gi18n.h>

/**
 * sht_choose_ticket_new:
 *
 * Returns: (transfer floating): what stands beside the list while no ticket is open
 */
GtkWidget *
sht_choose_ticket_new (void)
{
  GtkWidget *widget = adw_bin_new ();
  GtkWidget *page = sht_letters_status_page_new ();

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), sht_icon_or ("sht-work-symbolic", "view-list-symbolic"));
  gtk_widget_add_css_class (page, "choose-ticket");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _("Choose a ticket"));
  adw_status_page_set_description (ADW_STATUS_PAGE (page), _("It opens here, beside the list."));
  adw_bin_set_child (ADW_BIN (widget), page);
  return widget;
}

static void
show (AdwBin *widget, guint position, guint removed, guint added, ShtTicketList *list)
{
  if (sht_ticket_list_is_settled (list))
    gtk_widget_set_visible (adw_bin_get_child (widget), g_list_model_get_n_items (G_LIST_MODEL (list)) > 0);
}

static void
on_settled (AdwBin *widget, ShtTicketList *list)
{
  show (widget, 0, 0, 0, list);
}

/**
 * sht_choose_ticket_follow:
 * @list: what is seen beside it: nobody is told to choose where there is nothing to be chosen
 */
void
sht_choose_ticket_follow (GtkWidget *widget, ShtTicketList *list)
{
  g_signal_connect_object (list, "items-changed", G_CALLBACK (show), widget, G_CONNECT_SWAPPED);
  g_signal_connect_object (list, "settled", G_CALLBACK (on_settled), widget, G_CONNECT_SWAPPED);
  on_settled (ADW_BIN (widget), list);
}
