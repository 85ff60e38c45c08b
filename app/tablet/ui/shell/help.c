/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/help.h"

#include "tablet/ui/common/words.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define WIDTH 620
#define HEIGHT 760

static GtkWidget *
new_row (GtkWidget *sign, const char *title, const char *words)
{
  GtkWidget *row = adw_action_row_new ();

  gtk_widget_add_css_class (sign, "help-sign");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), sign);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  /* There is nothing to be done with it. */
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static void
add_mark (GtkWidget *group, ShtMark mark, const char *words)
{
  GtkWidget *sign = gtk_label_new (sht_words_mark_shape (mark));

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_row (sign, sht_words_mark (mark), words));
}

static void
add_icon (GtkWidget *group, const char *icon, const char *title, const char *words)
{
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_row (gtk_image_new_from_icon_name (icon), title, words));
}

static GtkWidget *
new_group (GtkWidget *page, const char *title, const char *words)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), words);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  return group;
}

static GtkWidget *
new_page (void)
{
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *marks = new_group (page, _("What the marks mean"),
                                _("Each thing you do carries one. Tap it to see since when."));
  GtkWidget *signal = new_group (page, _("With no signal"), NULL);
  GtkWidget *work = new_group (page, _("A ticket, step by step"), NULL);

  add_mark (marks, SHT_MARK_LOCAL, _("It is safe on this tablet. It goes out by itself when there is signal."));
  add_mark (marks, SHT_MARK_SENT, _("It has gone out, and the hub has not answered yet. It is sent again until it does."));
  add_mark (marks, SHT_MARK_CONFIRMED, _("The hub has it. Nothing is left to do."));
  add_mark (marks, SHT_MARK_ATTENTION,
            _("Somebody else said something different. What you did is kept; the page Sync shows both."));
  add_icon (signal, "sht-work-symbolic", _("Go on as always"),
            _("Tickets, the map, photos and reports all work. Nothing waits for the signal."));
  add_icon (signal, "sht-sync-symbolic", _("Nothing is lost"),
            _("Switched off, an empty battery, a basement: what you tapped stays on the tablet and is sent later."));
  add_icon (signal, "sht-map-symbolic", _("Before the shift"),
            _("Open the page Sync near the depot and wait for ●. Then everything new is on the tablet."));
  add_icon (work, "sht-status-on-the-way-symbolic", _("The large green button"),
            _("It is always the next step: on my way, start, done. A wrong tap is undone at the bottom of the page."));
  add_icon (work, "sht-camera-symbolic", _("Photos before and after"),
            _("Take one before you begin and one when you have finished: they prove the work."));
  add_icon (work, "document-edit-symbolic", _("Tap a photo"),
            _("Look closer with two fingers or + and −, write what it shows, draw on it, blur faces, lay before over after, "
              "share it."));
  add_icon (work, "audio-input-microphone-symbolic", _("Rather speak than write?"),
            _("Voice note records what you say, on the tablet at once, and the others of the crew can hear it."));
  add_icon (work, "sht-report-symbolic", _("Seen something on the way?"),
            _("Report: a photo, what it is, save. The place is where you work; drag the map if it is elsewhere."));
  return page;
}

/**
 * sht_help_new:
 *
 * Returns: (transfer floating): a window that tells what the marks mean and how to work with no signal
 */
GtkWidget *
sht_help_new (void)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *page = new_page ();

  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), page);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), _("Help"));
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  return window;
}
