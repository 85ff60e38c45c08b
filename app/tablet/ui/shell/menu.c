/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/menu.h"

#include <glib/gi18n.h>

/**
 * sht_menu_new:
 * @role: whose tablet it is: a crew opens no others
 *
 * Returns: (transfer floating): the button of the window's menu
 */
GtkWidget *
sht_menu_new (ShtRole role)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) first = g_menu_new ();
  g_autoptr (GMenu) second = g_menu_new ();
  GtkWidget *button = gtk_menu_button_new ();

  g_menu_append (first, _("Work offline"), "win.offline");
  g_menu_append (first, _("Who is here today"), "app.who-is-here");
  g_menu_append (first, _("Lock the tablet"), "app.lock");
  if (role != SHT_ROLE_CREW)
    g_menu_append (first, _("Open a locked tablet"), "app.open-tablet");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (first));
  g_menu_append (second, _("Preferences"), "app.preferences");
  g_menu_append (second, _("Help"), "app.help");
  g_menu_append (second, _("Keyboard shortcuts"), "win.show-help-overlay");
  g_menu_append (second, _("Diagnostics file"), "app.diagnose");
  g_menu_append (second, _("About Shetach"), "app.about");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (second));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "open-menu-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_menu_button_set_primary (GTK_MENU_BUTTON (button), TRUE);
  gtk_widget_set_tooltip_text (button, _("Menu"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Menu"), -1);
  gtk_widget_add_css_class (button, "touch");
  return button;
}
