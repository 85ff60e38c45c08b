/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/map-tools.h"

#include "tablet/ui/common/hand.h"

/* A popover's arrow, its shadow, and the window's edge. */
#define AROUND_POPOVER 64
#define LEAST_LIST 96

/**
 * sht_map_name:
 * @name: what @button does, for a tooltip and for a screen reader
 */
void
sht_map_name (GtkWidget *button, const char *name)
{
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * sht_map_button_new:
 * @icon: its icon's name
 * @name: what it does, for a tooltip and for a screen reader
 * @clicked: (swapped): called with @data
 */
GtkWidget *
sht_map_button_new (const char *icon, const char *name, GCallback clicked, gpointer data)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  sht_map_name (button, name);
  g_signal_connect_swapped (button, "clicked", clicked, data);
  return button;
}

/**
 * sht_map_menu_new:
 * @popover: (transfer floating): what it opens
 */
GtkWidget *
sht_map_menu_new (const char *icon, const char *name, GtkWidget *popover)
{
  GtkWidget *button = gtk_menu_button_new ();
  gboolean at_the_right = (sht_hand_align (GTK_ALIGN_END) == GTK_ALIGN_END)
                          != (gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL);

  /* Beside the tools there is the whole height of the window. */
  gtk_menu_button_set_direction (GTK_MENU_BUTTON (button), at_the_right ? GTK_ARROW_LEFT : GTK_ARROW_RIGHT);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), icon);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_add_css_class (button, "flat");
  sht_map_name (button, name);
  return button;
}

/**
 * sht_map_tools_new:
 * @vertical: where in the column
 *
 * Returns: (transfer floating): a sheet for buttons over the map
 */
GtkWidget *
sht_map_tools_new (GtkAlign vertical)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  gtk_widget_add_css_class (box, "map-sheet");
  gtk_widget_add_css_class (box, "map-tools");
  gtk_widget_set_halign (box, sht_hand_align (GTK_ALIGN_END));
  gtk_widget_set_valign (box, vertical);
  return box;
}

/**
 * sht_map_cut_rows:
 * @scrolled: what @list scrolls in
 * @list: its rows
 * @most: how high it may be, pixels
 *
 * Lets a list be as high as its rows, or where there is no room for all, such that one of them is cut in its middle: what ends on a
 * row's edge looks as if that were all.
 */
void
sht_map_cut_rows (GtkWidget *scrolled, GtkWidget *list, int most)
{
  int height = 0, cut = 0, width = gtk_widget_get_width (list);

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      int natural;

      gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, width > 0 ? width : -1, NULL, &natural, NULL, NULL);
      if (height + natural / 2 <= most)
        cut = height + natural / 2;
      height += natural;
    }
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), height <= most || cut == 0 ? most : cut);
}

/**
 * sht_map_fit_popover:
 * @popover: what @scrolled is in, of a window that is there
 * @scrolled: what @list scrolls in
 *
 * Lets a list be as high as the window has room for, by the rule of sht_map_cut_rows().
 */
void
sht_map_fit_popover (GtkWidget *popover, GtkWidget *scrolled, GtkWidget *list)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (popover));
  int all, part;

  if (window == NULL)
    return;
  gtk_widget_measure (popover, GTK_ORIENTATION_VERTICAL, -1, NULL, &all, NULL, NULL);
  gtk_widget_measure (scrolled, GTK_ORIENTATION_VERTICAL, -1, NULL, &part, NULL, NULL);
  sht_map_cut_rows (scrolled, list, MAX (gtk_widget_get_height (window) - (all - part) - AROUND_POPOVER, LEAST_LIST));
}

/**
 * sht_map_signed_check_new:
 * @sign: how the map shows it
 * @words: what is shown or not
 *
 * Returns: (transfer floating): a check button with both
 */
GtkWidget *
sht_map_signed_check_new (GdkTexture *sign, const char *words)
{
  GtkWidget *check = gtk_check_button_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *image = gtk_image_new_from_paintable (GDK_PAINTABLE (sign)), *label = gtk_label_new (words);

  gtk_widget_add_css_class (image, "map-check-sign");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (check), box);
  gtk_widget_add_css_class (check, "map-check");
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  return check;
}
