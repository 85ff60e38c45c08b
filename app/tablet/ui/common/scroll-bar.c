/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/scroll-bar.h"

#define INSIDE "bar-inside"
#define PROBE_PX 200

/* GTK 4.8 puts a bar that stands at the left, beside what scrolls, outside of its window by as much as it is wide. Returns: by how
 * much, pixels; 0 where GTK does it right */
static int
measure_outside (void)
{
  GtkWidget *scrolled = g_object_ref_sink (gtk_scrolled_window_new ()), *high = gtk_label_new (NULL);
  graphene_rect_t place;
  int outside = 0;

  gtk_widget_set_size_request (high, -1, 10 * PROBE_PX);
  gtk_widget_set_direction (scrolled, GTK_TEXT_DIR_RTL);
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (scrolled), FALSE);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_ALWAYS);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), high);
  gtk_widget_measure (scrolled, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_size_allocate (scrolled, &(GtkAllocation){ 0, 0, PROBE_PX, PROBE_PX }, -1);
  if (gtk_widget_compute_bounds (gtk_scrolled_window_get_vscrollbar (GTK_SCROLLED_WINDOW (scrolled)), scrolled, &place))
    outside = MAX ((int) -place.origin.x, 0);
  g_object_unref (scrolled);
  return outside;
}

static void
prepare_style (void)
{
  g_autofree char *rule
    = g_strdup_printf ("." INSIDE ":dir(rtl) > scrollbar.vertical { transform: translateX(%dpx); }", measure_outside ());
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_data (provider, rule, -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/**
 * sht_scroll_bar_show:
 * @scrolled: a scrolled window
 *
 * Lets its bar stand beside what scrolls and always be seen, where it can scroll.
 */
void
sht_scroll_bar_show (GtkWidget *scrolled)
{
  static gboolean is_prepared;

  if (!is_prepared)
    prepare_style ();
  is_prepared = TRUE;
  gtk_widget_add_css_class (scrolled, INSIDE);
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (scrolled), FALSE);
}
