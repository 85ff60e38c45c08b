/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/help/help-window.h"

#include "core/text.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/help/help-figure.h"

#include <glib/gi18n.h>

#define WIDTH 1000
/* As much as the longest page needs; a tablet that lies on its side has less. */
#define HEIGHT 1000
/* In pixels, with letters of 100 %: with less the two sides stand one after the other. */
#define TWO_SIDES 700
/* These are widths of letters. */
#define LIST_CHARS 22
#define PAGE_CHARS 26
#define PAGE_WIDTH 640

struct _ShtHelpWindow
{
  AdwWindow parent_instance;

  GtkWidget *leaflet;
  GtkWidget *list_side;
  GtkWidget *list;
  GtkWidget *page_side;
  GtkSizeGroup *bars; /* (owned): one has buttons, the other has none, and they are as high */
  GtkWidget *back;
  GtkWidget *title;
  GtkWidget *page; /* a bin: the topic's own page is made when it is asked for */
};

G_DEFINE_FINAL_TYPE (ShtHelpWindow, sht_help_window, ADW_TYPE_WINDOW)

/* --- a page --- */

/* With large letters AdwActionRow's own labels did not wrap every line from right to left. */
static GtkWidget *
new_words (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_width_chars (GTK_LABEL (label), 1);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *
new_item (const ShtHelpItem *item)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *sign = gtk_image_new_from_icon_name (item->icon != NULL ? item->icon : sht_help_mark_icon (item->mark));

  /* Where it is given more room it would stand between two pixels, and be blurred. */
  gtk_widget_set_valign (sign, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (sign, "help-sign");
  gtk_box_append (GTK_BOX (words), new_words (item->title != NULL ? _(item->title) : sht_words_mark (item->mark), "help-title"));
  gtk_box_append (GTK_BOX (words), new_words (_(item->words), "dim-label"));
  gtk_box_append (GTK_BOX (box), sign);
  gtk_box_append (GTK_BOX (box), words);
  gtk_widget_add_css_class (box, "help-item");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  /* There is nothing to be done with it. */
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static GtkWidget *
new_text (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_width_chars (GTK_LABEL (label), PAGE_CHARS);
  gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *
new_page (ShtHelpTopic topic)
{
  const ShtHelpPage *page = sht_help_page (topic);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = sht_letters_clamp_new (SHT_CLAMP_FILLS, PAGE_WIDTH);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *items = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (items), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (items, "boxed-list");
  for (guint i = 0; i < SHT_HELP_MAX_ITEMS && page->items[i].words != NULL; i++)
    gtk_list_box_append (GTK_LIST_BOX (items), new_item (&page->items[i]));
  gtk_accessible_update_property (GTK_ACCESSIBLE (items), GTK_ACCESSIBLE_PROPERTY_LABEL, _(page->title), -1);
  gtk_box_append (GTK_BOX (box), new_text (_(page->lead), "title-3"));
  gtk_box_append (GTK_BOX (box), sht_help_figure_new (topic));
  gtk_box_append (GTK_BOX (box), items);
  gtk_widget_add_css_class (box, "help-page");
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

/* --- which one --- */

static void
show_topic (ShtHelpWindow *self, ShtHelpTopic topic)
{
  adw_bin_set_child (ADW_BIN (self->page), new_page (topic));
  adw_window_title_set_title (ADW_WINDOW_TITLE (self->title), _(sht_help_page (topic)->title));
}

static void
on_row_selected (GtkListBox *list, GtkListBoxRow *row, ShtHelpWindow *self)
{
  if (row != NULL)
    show_topic (self, (ShtHelpTopic) gtk_list_box_row_get_index (row));
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, ShtHelpWindow *self)
{
  adw_leaflet_set_visible_child (ADW_LEAFLET (self->leaflet), self->page_side);
}

static void
on_back (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ShtHelpWindow *self = SHT_HELP_WINDOW (widget);

  if (adw_leaflet_get_folded (ADW_LEAFLET (self->leaflet))
      && adw_leaflet_get_visible_child (ADW_LEAFLET (self->leaflet)) == self->page_side)
    adw_leaflet_set_visible_child (ADW_LEAFLET (self->leaflet), self->list_side);
  else
    gtk_window_close (GTK_WINDOW (self));
}

/* --- search --- */

static void
on_search (GtkSearchEntry *entry, ShtHelpWindow *self)
{
  g_autofree char *wanted = sht_text_fold (gtk_editable_get_text (GTK_EDITABLE (entry)));

  for (guint i = 0; i < SHT_N_HELP_TOPICS; i++)
    gtk_widget_set_visible (GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), (int) i)),
                            wanted[0] == '\0' || sht_help_page_has ((ShtHelpTopic) i, wanted));
}

/* --- building --- */

static GtkWidget *
new_row (ShtHelpTopic topic)
{
  const ShtHelpPage *page = sht_help_page (topic);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (_(page->title));
  GtkWidget *sign = gtk_image_new_from_icon_name (page->icon);

  gtk_widget_set_valign (sign, GTK_ALIGN_CENTER);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_width_chars (GTK_LABEL (label), LIST_CHARS);
  gtk_label_set_max_width_chars (GTK_LABEL (label), LIST_CHARS);
  gtk_box_append (GTK_BOX (box), sign);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_add_css_class (row, "help-topic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, _(page->title), -1);
  return row;
}

static GtkWidget *
new_list_side (ShtHelpWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *entry = gtk_search_entry_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *diagnose = gtk_button_new_with_label (_("Diagnostics file"));

  g_object_bind_property (self->leaflet, "folded", bar, "show-end-title-buttons", G_BINDING_SYNC_CREATE);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (bar), adw_window_title_new (_("Help"), ""));
  gtk_size_group_add_widget (self->bars, bar);
  g_object_set (entry, "placeholder-text", _("Search in the help"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search in the help"), -1);
  g_signal_connect (entry, "search-changed", G_CALLBACK (on_search), self);
  gtk_widget_add_css_class (entry, "help-search");
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_BROWSE);
  gtk_widget_add_css_class (self->list, "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Help"), -1);
  for (guint i = 0; i < SHT_N_HELP_TOPICS; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->list), new_row ((ShtHelpTopic) i));
  g_signal_connect (self->list, "row-selected", G_CALLBACK (on_row_selected), self);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row_activated), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (diagnose), "app.diagnose");
  gtk_widget_add_css_class (diagnose, "touch");
  gtk_widget_add_css_class (diagnose, "help-diagnose");
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), diagnose);
  return box;
}

static GtkWidget *
new_page_side (ShtHelpWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();

  self->back = gtk_button_new_from_icon_name ("go-previous-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->back), "help.back");
  gtk_widget_set_tooltip_text (self->back, _("Back"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->back), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Back"), -1);
  gtk_widget_add_css_class (self->back, "touch");
  g_object_bind_property (self->leaflet, "folded", self->back, "visible", G_BINDING_SYNC_CREATE);
  self->title = adw_window_title_new ("", "");
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (bar), self->title);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), self->back);
  gtk_size_group_add_widget (self->bars, bar);
  self->page = adw_bin_new ();
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), self->page);
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

static void
sht_help_window_dispose (GObject *object)
{
  g_clear_object (&SHT_HELP_WINDOW (object)->bars);
  G_OBJECT_CLASS (sht_help_window_parent_class)->dispose (object);
}

static void
sht_help_window_class_init (ShtHelpWindowClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_help_window_dispose;
  gtk_widget_class_install_action (widget, "help.back", NULL, on_back);
  gtk_widget_class_add_binding_action (widget, GDK_KEY_Escape, 0, "help.back", NULL);
}

static void
sht_help_window_init (ShtHelpWindow *self)
{
  self->leaflet = adw_leaflet_new ();
  self->bars = gtk_size_group_new (GTK_SIZE_GROUP_VERTICAL);
  self->list_side = new_list_side (self);
  self->page_side = new_page_side (self);
  adw_leaflet_append (ADW_LEAFLET (self->leaflet), self->list_side);
  adw_leaflet_page_set_navigatable (
    adw_leaflet_append (ADW_LEAFLET (self->leaflet), gtk_separator_new (GTK_ORIENTATION_VERTICAL)), FALSE);
  adw_leaflet_append (ADW_LEAFLET (self->leaflet), self->page_side);
  adw_window_set_content (ADW_WINDOW (self), self->leaflet);
  gtk_window_set_title (GTK_WINDOW (self), _("Help"));
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
}

/**
 * sht_help_window_new:
 * @parent: (nullable): over which it stands
 * @topic: which page is shown first
 *
 * Returns: (transfer floating): the window of help
 */
GtkWidget *
sht_help_window_new (GtkWindow *parent, ShtHelpTopic topic)
{
  ShtHelpWindow *self = g_object_new (SHT_TYPE_HELP_WINDOW, NULL);
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), (int) topic);
  int width, height;

  sht_letters_stand_over (GTK_WINDOW (self), parent, WIDTH, HEIGHT);
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  adw_leaflet_set_can_unfold (ADW_LEAFLET (self->leaflet), width >= sht_letters_grown (TWO_SIDES));
  /* For the actions of the application. */
  gtk_window_set_application (GTK_WINDOW (self), parent != NULL ? gtk_window_get_application (parent) : NULL);
  gtk_list_box_select_row (GTK_LIST_BOX (self->list), row);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (row));
  adw_leaflet_set_visible_child (ADW_LEAFLET (self->leaflet), self->page_side);
  return GTK_WIDGET (self);
}
