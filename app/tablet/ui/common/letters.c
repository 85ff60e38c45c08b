/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/letters.h"

/* What GTK calls 96 dots an inch. */
#define USUAL_DPI (96 * 1024)
#define TOAST_CHARS 40

/**
 * sht_letters_grown:
 * @length: in pixels, with letters of 100 %
 *
 * Returns: as much as it is beside the letters of now, pixels
 */
int
sht_letters_grown (int length)
{
  int dpi = 0;

  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  return dpi > USUAL_DPI ? (int) ((gint64) length * dpi / USUAL_DPI) : length;
}

static int
grown_within (int length, GtkWindow *room, GtkOrientation side)
{
  int most = room == NULL                           ? 0
             : side == GTK_ORIENTATION_HORIZONTAL ? gtk_widget_get_width (GTK_WIDGET (room))
                                                  : gtk_widget_get_height (GTK_WIDGET (room));

  return most > 0 ? MIN (sht_letters_grown (length), most) : sht_letters_grown (length);
}

/**
 * sht_letters_stand_over:
 * @window: a window that is not seen yet
 * @below: (nullable): the one that it stands over
 * @width: in pixels, with letters of 100 %
 * @height: in pixels, with letters of 100 %
 *
 * Lets a window stand over another. With larger letters it is larger by as much, but never larger than the one below.
 */
void
sht_letters_stand_over (GtkWindow *window, GtkWindow *below, int width, int height)
{
  gtk_window_set_transient_for (window, below);
  gtk_window_set_default_size (window, grown_within (width, below, GTK_ORIENTATION_HORIZONTAL),
                               grown_within (height, below, GTK_ORIENTATION_VERTICAL));
}

static void
fit (AdwClamp *clamp)
{
  adw_clamp_set_tightening_threshold (clamp, sht_letters_grown (GPOINTER_TO_INT (g_object_get_data (G_OBJECT (clamp), "sht-fills"))));
  adw_clamp_set_maximum_size (clamp, sht_letters_grown (GPOINTER_TO_INT (g_object_get_data (G_OBJECT (clamp), "sht-width"))));
}

static void
follow (AdwClamp *clamp, int fills, int width)
{
  g_object_set_data (G_OBJECT (clamp), "sht-fills", GINT_TO_POINTER (fills));
  g_object_set_data (G_OBJECT (clamp), "sht-width", GINT_TO_POINTER (width));
  fit (clamp);
  g_signal_connect_object (gtk_settings_get_default (), "notify::gtk-xft-dpi", G_CALLBACK (fit), clamp, G_CONNECT_SWAPPED);
}

/**
 * sht_letters_clamp_new:
 * @fills: in pixels, with letters of 100 %: up to there it takes all the room
 * @width: in pixels, with letters of 100 %: it is never wider
 *
 * Returns: (transfer floating): a clamp that is wider with larger letters, so that a line holds as many of them
 */
GtkWidget *
sht_letters_clamp_new (int fills, int width)
{
  GtkWidget *clamp = adw_clamp_new ();

  follow (ADW_CLAMP (clamp), fills, width);
  return clamp;
}

/**
 * sht_letters_let_grow:
 *
 * Makes libadwaita's own clamps in a widget, such as those of its pages of preferences, wider with larger letters; to be called
 * once, when all of them are there.
 */
void
sht_letters_let_grow (GtkWidget *widget)
{
  if (ADW_IS_CLAMP (widget) && g_object_get_data (G_OBJECT (widget), "sht-width") == NULL)
    follow (ADW_CLAMP (widget), adw_clamp_get_tightening_threshold (ADW_CLAMP (widget)),
            adw_clamp_get_maximum_size (ADW_CLAMP (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    sht_letters_let_grow (child);
}

/**
 * sht_letters_status_page_new:
 *
 * Returns: (transfer floating): an #AdwStatusPage whose words have as much room as its letters want
 */
GtkWidget *
sht_letters_status_page_new (void)
{
  GtkWidget *page = adw_status_page_new ();

  sht_letters_let_grow (page);
  return page;
}

static void
widen (GtkWidget *widget)
{
  int width = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (widget), "sht-width")), height;

  gtk_widget_get_size_request (widget, NULL, &height);
  gtk_widget_set_size_request (widget, (width + sht_letters_grown (width)) / 2, height);
}

/**
 * sht_letters_widen:
 * @width: in pixels, with letters of 100 %
 *
 * Makes a panel over the map at least so wide, and with larger letters wider by half as much: the map stays in sight.
 */
void
sht_letters_widen (GtkWidget *widget, int width)
{
  g_object_set_data (G_OBJECT (widget), "sht-width", GINT_TO_POINTER (width));
  widen (widget);
  g_signal_connect_object (gtk_settings_get_default (), "notify::gtk-xft-dpi", G_CALLBACK (widen), widget, G_CONNECT_SWAPPED);
}

/**
 * sht_letters_toast_new:
 *
 * Returns: (transfer full): a toast whose words go on in another line where one does not hold them
 */
AdwToast *
sht_letters_toast_new (const char *words)
{
  AdwToast *toast = adw_toast_new (words);
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  /* As high as it wants to be at this width, which with the largest letters is that of a tablet upright. */
  gtk_label_set_max_width_chars (GTK_LABEL (label), TOAST_CHARS);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_widget_add_css_class (label, "heading");
  adw_toast_set_custom_title (toast, label);
  return toast;
}

/**
 * sht_letters_toast_show:
 * @overlay: an #AdwToastOverlay
 * @toast: (transfer full)
 *
 * Says the newest thing: what this overlay said before goes at once. By themselves toasts wait for each other, and after
 * some quick steps each would stand there seconds after another had taken its place, with a button to take it back.
 */
void
sht_letters_toast_show (GtkWidget *overlay, AdwToast *toast)
{
  AdwToast *before = g_object_get_data (G_OBJECT (overlay), "sht-toast");

  /* To one that has gone by itself this does nothing. */
  if (before != NULL)
    adw_toast_dismiss (before);
  g_object_set_data_full (G_OBJECT (overlay), "sht-toast", g_object_ref (toast), g_object_unref);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

/**
 * sht_letters_text_view_new:
 * @name: what a screen reader calls it
 *
 * Returns: (transfer floating): a box for some lines of words. Tab goes on to what follows: words have no use for a tabulator.
 */
GtkWidget *
sht_letters_text_view_new (const char *name)
{
  enum { MARGIN = 12 };
  GtkWidget *widget = gtk_text_view_new ();
  GtkTextView *view = GTK_TEXT_VIEW (widget);

  gtk_text_view_set_wrap_mode (view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_top_margin (view, MARGIN);
  gtk_text_view_set_bottom_margin (view, MARGIN);
  gtk_text_view_set_left_margin (view, MARGIN);
  gtk_text_view_set_right_margin (view, MARGIN);
  gtk_text_view_set_accepts_tab (view, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return widget;
}
