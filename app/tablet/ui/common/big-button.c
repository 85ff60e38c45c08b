/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/big-button.h"

#define MAIN_HEIGHT 64

/**
 * sht_big_button:
 * @icon: (nullable): a symbol's name, or %NULL for words alone
 * @text: what it says
 * @action: (nullable): what it does
 *
 * Returns: (transfer floating): one of a page's main buttons
 */
GtkWidget *
sht_big_button (const char *icon, const char *text, const char *action)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (text);

  if (icon != NULL)
    {
      GtkWidget *image = gtk_image_new_from_icon_name (icon);

      gtk_image_set_icon_size (GTK_IMAGE (image), GTK_ICON_SIZE_LARGE);
      gtk_box_append (GTK_BOX (content), image);
    }
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_widget_add_css_class (label, "title-3");
  gtk_box_append (GTK_BOX (content), label);
  gtk_widget_set_halign (content, GTK_ALIGN_CENTER);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_set_size_request (button, -1, MAIN_HEIGHT);
  gtk_widget_add_css_class (button, "big-action");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  g_object_set_data (G_OBJECT (button), "label", label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  return button;
}

/**
 * sht_big_button_say:
 *
 * Writes something else on such a button.
 */
void
sht_big_button_say (GtkWidget *button, const char *text)
{
  gtk_label_set_text (g_object_get_data (G_OBJECT (button), "label"), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}
