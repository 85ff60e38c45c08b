/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/window.h"

#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/hand.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/map/map-page.h"
#include "tablet/ui/shell/choose-ticket.h"
#include "tablet/ui/shell/enrol-page.h"
#include "tablet/ui/shell/link.h"
#include "tablet/ui/shell/menu.h"
#include "tablet/ui/shell/rail.h"
#include "tablet/ui/shell/start.h"
#include "tablet/ui/work/work-page.h"

#include <glib/gi18n.h>

#define WIDTH 1280
#define HEIGHT 800
/* Below this width list and ticket do not fit beside each other; larger letters need more. */
#define NARROW 900
/* The list's part of what the rail leaves, in per cent. */
#define LIST_SHARE 42
#define RAIL_WIDTH 109
#define TOAST_S 4
#define N_PAGES 6

static const char *const page_names[N_PAGES] = { "work", "map", "report", "forum", "figures", "sync" };
static const char *const page_titles[N_PAGES] = { N_ ("My work"), N_ ("Map"), N_ ("Report a hazard"), N_ ("Obstacles"),
                                                  N_ ("Figures"), N_ ("Sync") };

struct _ShtWindow
{
  AdwApplicationWindow parent_instance;

  ShtApplication *application;
  ShtSession *session; /* (owned) */
  gulong changed_handler;
  gulong status_handler;

  GtkWidget *toasts;
  GtkWidget *root;
  GtkWidget *rail;
  GtkWidget *leaflet;
  GtkWidget *list_side;
  GtkWidget *list_bar;
  GtkWidget *title;
  GtkWidget *search_button;
  GtkWidget *search_bar;
  GtkWidget *search_entry;
  GtkWidget *pages;
  GtkWidget *slots[N_PAGES];
  GtkWidget *ticket_side;
  GtkWidget *ticket_back;
  GtkWidget *ticket_title;
  GtkWidget *ticket_stack;
  GtkWidget *choose_ticket;
  GtkWidget *ticket_page;

  guint page;
  char *ticket; /* (owned) (nullable): the open one */
  gboolean portrait;
  gboolean keeps; /* whether what is shown is remembered for the next time */
  int laid_out_width;
  guint layout_idle;
  guint ahead_idle;
};

G_DEFINE_FINAL_TYPE (ShtWindow, sht_window, ADW_TYPE_APPLICATION_WINDOW)

static void on_painted (GdkFrameClock *clock, gpointer data);

static void
show_news (ShtWindow *self)
{
  ShtStore *store = sht_session_get_reader (self->session);
  gint64 news = 0, reported = 0;

  if (self->rail == NULL)
    return;
  if (sht_store_count_obstacle_news (store, &news, NULL))
    sht_rail_set_news (SHT_RAIL (self->rail), news);
  if (store->device.role != SHT_ROLE_CREW && sht_store_count_reported (store, &reported, NULL))
    sht_rail_set_reported (SHT_RAIL (self->rail), reported);
}

static void
show_status (ShtWindow *self)
{
  gint64 attention = sht_session_get_attention (self->session);
  g_autofree char *link = NULL, *decide = NULL, *words = NULL;

  if (self->title == NULL)
    return;
  link = sht_link_words (self->session);
  if (attention > 0)
    decide = g_strdup_printf (ngettext ("%d to decide", "%d to decide", (gulong) attention), (int) attention);
  words = g_strjoin (" · ", link, decide, NULL);
  adw_window_title_set_title (ADW_WINDOW_TITLE (self->title), _(page_titles[self->page]));
  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->title), words);
  sht_rail_set_waiting (SHT_RAIL (self->rail),
                        sht_session_get_pending_operations (self->session)
                          + sht_session_get_pending_photos (self->session),
                        sht_session_get_attention (self->session));
  show_news (self);
}

/* --- layout --- */

static gboolean
has_ticket_side (ShtWindow *self)
{
  if (self->portrait)
    return self->ticket != NULL;
  /* A form or a list of what waits has no ticket beside it until one is asked for. */
  return self->page == 0 || (self->ticket != NULL && self->page != 2);
}

static gboolean
is_portrait (ShtWindow *self, int width, int height)
{
  int narrow = NARROW * sht_settings_get_text_size (sht_application_get_settings (self->application)) / 100;

  return width < height || width < narrow;
}

static void
lay_out (ShtWindow *self, int width, int height)
{
  gboolean beside;
  int room;

  if (self->leaflet == NULL)
    return;
  self->portrait = is_portrait (self, width, height);
  self->laid_out_width = width;
  beside = has_ticket_side (self);
  room = self->portrait ? width : width - RAIL_WIDTH;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->root),
                                  self->portrait ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_reorder_child_after (GTK_BOX (self->root), self->rail,
                               self->portrait || sht_hand_align (GTK_ALIGN_START) == GTK_ALIGN_END ? self->leaflet : NULL);
  sht_rail_set_orientation (SHT_RAIL (self->rail),
                            self->portrait ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_visible (self->ticket_side, beside);
  /* The window's own buttons stand once, at its outer edge. */
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (self->list_bar), self->portrait || !beside);
  /* The leaflet folds when its children's least widths do not fit: in portrait, more than half each. */
  gtk_widget_set_hexpand (self->list_side, self->portrait || !beside);
  gtk_widget_set_size_request (self->list_side, self->portrait ? width / 2 + 8 : room * LIST_SHARE / 100, -1);
  gtk_widget_set_size_request (self->ticket_side, self->portrait ? width / 2 + 8 : -1, -1);
  gtk_widget_set_visible (self->rail, !(self->portrait && self->ticket != NULL && beside));
  if (beside && self->ticket != NULL)
    adw_leaflet_set_visible_child (ADW_LEAFLET (self->leaflet), self->ticket_side);
  else
    adw_leaflet_set_visible_child (ADW_LEAFLET (self->leaflet), self->list_side);
}

static void
lay_out_now (ShtWindow *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  if (width == 0)
    gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  lay_out (self, width, height);
}

static gboolean
on_layout_idle (gpointer data)
{
  ShtWindow *self = data;

  self->layout_idle = 0;
  lay_out_now (self);
  return G_SOURCE_REMOVE;
}

static void
sht_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sht_window_parent_class)->realize (widget);
  g_signal_connect_object (gtk_widget_get_frame_clock (widget), "after-paint", G_CALLBACK (on_painted), widget, 0);
}

static void
sht_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ShtWindow *self = SHT_WINDOW (widget);

  GTK_WIDGET_CLASS (sht_window_parent_class)->size_allocate (widget, width, height, baseline);
  /* Children must not change while they are given their places. */
  if (width != self->laid_out_width || is_portrait (self, width, height) != self->portrait)
    if (self->layout_idle == 0)
      self->layout_idle = g_idle_add_full (GDK_PRIORITY_REDRAW - 1, on_layout_idle, self, NULL);
}

/* --- pages --- */

static GtkWidget *
make_page (ShtWindow *self, guint page)
{
  switch (page)
    {
    case 0:
      return sht_work_page_new (self->session);
    case 1:
      return sht_map_page_new (self->session);
    case 2:
      return sht_report_page_new (self->session);
    case 3:
      return sht_forum_page_new (self->session);
    case 4:
      return sht_figures_page_new (self->session);
    default:
      return sht_sync_page_new (self->session);
    }
}

static ShtWorkPage *
work_page (ShtWindow *self)
{
  return self->slots[0] != NULL ? SHT_WORK_PAGE (adw_bin_get_child (ADW_BIN (self->slots[0]))) : NULL;
}

static ShtMapPage *
map_page (ShtWindow *self)
{
  return self->slots[1] != NULL ? SHT_MAP_PAGE (adw_bin_get_child (ADW_BIN (self->slots[1]))) : NULL;
}

static void
make_ticket_page (ShtWindow *self)
{
  if (self->ticket_page != NULL)
    return;
  self->ticket_page = sht_ticket_page_new (self->session);
  gtk_stack_add_titled (GTK_STACK (self->ticket_stack), self->ticket_page, "ticket", _("A ticket"));
}

static gboolean
on_ahead_idle (gpointer data)
{
  ShtWindow *self = data;

  self->ahead_idle = 0;
  make_ticket_page (self);
  return G_SOURCE_REMOVE;
}

/* The cards are there: while the person reads them, the page that the first tap opens is made. The time is said
 * for measuring: the clock is the one that a test reads. */
static void
on_painted (GdkFrameClock *clock, gpointer data)
{
  ShtWindow *self = data;

  if (work_page (self) == NULL || !sht_work_page_has_cards (work_page (self)))
    return;
  g_debug ("first cards at %" G_GINT64_FORMAT " us", g_get_monotonic_time ());
  g_signal_handlers_disconnect_by_func (clock, on_painted, data);
  self->ahead_idle = g_idle_add_full (G_PRIORITY_LOW, on_ahead_idle, self, NULL);
}

static void
keep (ShtWindow *self, const char *key, const char *value)
{
  if (self->keeps)
    sht_settings_set (sht_application_get_settings (self->application), key, value);
}

/* A page is made when it is first asked for: the first frame does not wait for the map. */
static void
show_page (ShtWindow *self, guint page)
{
  if (adw_bin_get_child (ADW_BIN (self->slots[page])) == NULL)
    {
      adw_bin_set_child (ADW_BIN (self->slots[page]), make_page (self, page));
      if (page == 0)
        sht_choose_ticket_follow (self->choose_ticket, sht_work_page_get_list (work_page (self)));
      if (page == 1)
        sht_map_page_set_ticket (map_page (self), self->ticket);
    }
  self->page = page;
  gtk_stack_set_visible_child (GTK_STACK (self->pages), self->slots[page]);
  sht_rail_set_page (SHT_RAIL (self->rail), page_names[page]);
  gtk_widget_set_visible (self->search_button, page == 0);
  if (page != 0)
    gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->search_bar), FALSE);
  keep (self, SHT_SETTING_PAGE, page_names[page]);
  show_status (self);
  lay_out_now (self);
}

static void
name_ticket (ShtWindow *self)
{
  ShtStore *store = sht_session_get_reader (self->session);
  g_autofree char *number = NULL, *service = NULL;

  if (self->ticket == NULL)
    return;
  number = sht_db_get_text (store->db, NULL, "SELECT number FROM ticket WHERE id = ?1", "s", self->ticket);
  service = sht_db_get_text (store->db, NULL, "SELECT service FROM ticket WHERE id = ?1", "s", self->ticket);
  adw_window_title_set_title (ADW_WINDOW_TITLE (self->ticket_title), number != NULL ? number : _("Not numbered yet"));
  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->ticket_title), sht_names_get (store, "service", service));
}

static void
set_ticket (ShtWindow *self, const char *ticket)
{
  if (ticket != self->ticket)
    {
      g_free (self->ticket);
      self->ticket = g_strdup (ticket);
    }
  keep (self, SHT_SETTING_TICKET, ticket);
  if (work_page (self) != NULL)
    sht_work_page_set_current (work_page (self), ticket);
  if (map_page (self) != NULL)
    sht_map_page_set_ticket (map_page (self), ticket);
  gtk_widget_set_visible (self->ticket_back, ticket != NULL);
  if (ticket == NULL)
    {
      adw_window_title_set_title (ADW_WINDOW_TITLE (self->ticket_title), "");
      adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->ticket_title), "");
      gtk_stack_set_visible_child_name (GTK_STACK (self->ticket_stack), "none");
      return;
    }
  make_ticket_page (self);
  sht_ticket_page_set_ticket (self->ticket_page, ticket);
  gtk_stack_set_visible_child_name (GTK_STACK (self->ticket_stack), "ticket");
  name_ticket (self);
}

/* --- actions --- */

static void
on_show_ticket (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ShtWindow *self = SHT_WINDOW (widget);

  if (self->leaflet == NULL)
    return;
  /* A report that was just made is looked at beside the list. */
  if (self->page == 2 && !self->portrait)
    show_page (self, 0);
  set_ticket (self, g_variant_get_string (parameter, NULL));
  lay_out_now (self);
}

static void
on_close_ticket (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ShtWindow *self = SHT_WINDOW (widget);
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));

  /* One step back at a time: what stands in front of a page goes before its ticket does. */
  if (focus != NULL && sht_cover_hide (focus))
    return;
  if (self->leaflet == NULL || self->ticket == NULL)
    return;
  /* The button that goes back takes the focus, and is not on the page. */
  if (sht_cover_step_back (self->ticket_page))
    return;
  set_ticket (self, NULL);
  lay_out_now (self);
}

static void
on_show_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ShtWindow *self = SHT_WINDOW (widget);
  const char *page = g_variant_get_string (parameter, NULL);

  if (self->leaflet == NULL)
    return;
  if (self->portrait && self->ticket != NULL)
    set_ticket (self, NULL);
  for (guint i = 0; i < N_PAGES; i++)
    if (g_str_equal (page_names[i], page))
      show_page (self, i);
}

static void
on_show_on_map (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ShtWindow *self = SHT_WINDOW (widget);
  g_autofree char *ticket = g_variant_dup_string (parameter, NULL);

  if (self->leaflet == NULL)
    return;
  if (self->portrait)
    set_ticket (self, NULL);
  show_page (self, 1);
  sht_map_page_go_to_ticket (map_page (self), ticket);
}

static void
on_toast (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwToast *toast = sht_letters_toast_new (g_variant_get_string (parameter, NULL));

  adw_toast_set_timeout (toast, TOAST_S);
  sht_letters_toast_show (SHT_WINDOW (widget)->toasts, toast);
}

static void
on_search (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ShtWindow *self = SHT_WINDOW (widget);

  if (self->leaflet == NULL)
    return;
  show_page (self, 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->search_button), TRUE);
  gtk_widget_grab_focus (self->search_entry);
}

static void
on_search_changed (GtkSearchEntry *entry, gpointer data)
{
  ShtWindow *self = data;

  if (work_page (self) != NULL)
    sht_work_page_set_search (work_page (self), gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
on_offline (GSimpleAction *action, GVariant *value, gpointer data)
{
  ShtWindow *self = data;

  sht_session_set_offline (self->session, g_variant_get_boolean (value));
  g_simple_action_set_state (action, value);
  show_status (self);
}

static void
on_changed (ShtWindow *self)
{
  sht_names_forget ();
  name_ticket (self);
  show_news (self);
}

/* --- building --- */

static GtkWidget *
make_list_side (ShtWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();

  self->list_bar = bar;
  self->title = adw_window_title_new ("", "");
  self->search_button = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->search_button), "system-search-symbolic");
  gtk_widget_set_tooltip_text (self->search_button, _("Search"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search"), -1);
  gtk_widget_add_css_class (self->search_button, "touch");
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (bar), self->title);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), self->search_button);
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), sht_menu_new (sht_session_get_reader (self->session)->device.role));
  self->search_entry = gtk_search_entry_new ();
  gtk_widget_set_hexpand (self->search_entry, TRUE);
  g_object_set (self->search_entry, "placeholder-text", _("Number, street or words"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search_entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Search tickets"), -1);
  g_signal_connect (self->search_entry, "search-changed", G_CALLBACK (on_search_changed), self);
  self->search_bar = gtk_search_bar_new ();
  gtk_search_bar_set_child (GTK_SEARCH_BAR (self->search_bar), self->search_entry);
  gtk_search_bar_connect_entry (GTK_SEARCH_BAR (self->search_bar), GTK_EDITABLE (self->search_entry));
  g_object_bind_property (self->search_button, "active", self->search_bar, "search-mode-enabled",
                          G_BINDING_BIDIRECTIONAL);
  self->pages = gtk_stack_new ();
  /* The map would make the list as wide as itself, with the ticket squeezed beside it. */
  gtk_stack_set_hhomogeneous (GTK_STACK (self->pages), FALSE);
  gtk_widget_set_vexpand (self->pages, TRUE);
  for (guint i = 0; i < N_PAGES; i++)
    {
      self->slots[i] = adw_bin_new ();
      gtk_stack_add_titled (GTK_STACK (self->pages), self->slots[i], page_names[i], sht_rail_word (page_names[i]));
    }
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), self->search_bar);
  gtk_box_append (GTK_BOX (box), self->pages);
  gtk_widget_add_css_class (box, "list-side");
  return box;
}

static GtkWidget *
make_ticket_side (ShtWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();

  self->ticket_title = adw_window_title_new ("", "");
  self->ticket_back = gtk_button_new_from_icon_name ("go-previous-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->ticket_back), "win.close-ticket");
  gtk_widget_set_tooltip_text (self->ticket_back, _("Back"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->ticket_back), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Back"), -1);
  gtk_widget_add_css_class (self->ticket_back, "touch");
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (bar), self->ticket_title);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), self->ticket_back);
  self->ticket_stack = gtk_stack_new ();
  gtk_widget_set_vexpand (self->ticket_stack, TRUE);
  self->choose_ticket = sht_choose_ticket_new ();
  gtk_stack_add_titled (GTK_STACK (self->ticket_stack), self->choose_ticket, "none", _("Choose a ticket"));
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), self->ticket_stack);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_add_css_class (box, "ticket-side");
  return box;
}

static void
build_work (ShtWindow *self)
{
  self->root = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  self->rail = sht_rail_new ();
  self->leaflet = adw_leaflet_new ();
  self->list_side = make_list_side (self);
  self->ticket_side = make_ticket_side (self);
  adw_leaflet_append (ADW_LEAFLET (self->leaflet), self->list_side);
  adw_leaflet_append (ADW_LEAFLET (self->leaflet), self->ticket_side);
  adw_leaflet_set_can_unfold (ADW_LEAFLET (self->leaflet), TRUE);
  gtk_widget_set_hexpand (self->leaflet, TRUE);
  gtk_widget_set_vexpand (self->leaflet, TRUE);
  gtk_box_append (GTK_BOX (self->root), self->rail);
  gtk_box_append (GTK_BOX (self->root), self->leaflet);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), self->root);
  set_ticket (self, NULL);
  show_page (self, 0);
}

static void
on_enrolled (ShtWindow *self)
{
  sht_session_is_enrolled (self->session);
  build_work (self);
}

static void
build (ShtWindow *self)
{
  GtkWidget *enrol;

  self->toasts = adw_toast_overlay_new ();
  sht_start_set_content (ADW_APPLICATION_WINDOW (self), sht_application_get_lock (self->application), self->toasts);
  if (sht_session_is_enrolled (self->session))
    {
      build_work (self);
      return;
    }
  enrol = sht_enrol_page_new (self->session);
  g_signal_connect_object (enrol, "enrolled", G_CALLBACK (on_enrolled), self, G_CONNECT_SWAPPED);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), enrol);
}

static void
sht_window_dispose (GObject *object)
{
  ShtWindow *self = SHT_WINDOW (object);

  g_clear_handle_id (&self->layout_idle, g_source_remove);
  g_clear_handle_id (&self->ahead_idle, g_source_remove);
  if (self->session != NULL)
    {
      g_clear_signal_handler (&self->changed_handler, self->session);
      g_clear_signal_handler (&self->status_handler, self->session);
    }
  g_clear_object (&self->session);
  self->leaflet = NULL;
  self->title = NULL;
  G_OBJECT_CLASS (sht_window_parent_class)->dispose (object);
}

static void
sht_window_finalize (GObject *object)
{
  g_free (SHT_WINDOW (object)->ticket);
  G_OBJECT_CLASS (sht_window_parent_class)->finalize (object);
}

static void
sht_window_class_init (ShtWindowClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_window_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_window_finalize;
  widget->realize = sht_window_realize;
  widget->size_allocate = sht_window_size_allocate;
  gtk_widget_class_install_action (widget, "win.show-ticket", "s", on_show_ticket);
  gtk_widget_class_install_action (widget, "win.close-ticket", NULL, on_close_ticket);
  gtk_widget_class_install_action (widget, "win.show-page", "s", on_show_page);
  gtk_widget_class_install_action (widget, "win.show-on-map", "s", on_show_on_map);
  gtk_widget_class_install_action (widget, "win.toast", "s", on_toast);
  gtk_widget_class_install_action (widget, "win.search", NULL, on_search);
}

static void
sht_window_init (ShtWindow *self)
{
}

/**
 * sht_window_restore:
 *
 * Shows what was shown when the program ran last.
 */
void
sht_window_restore (ShtWindow *self)
{
  ShtSettings *settings = sht_application_get_settings (self->application);
  g_autofree char *page = sht_settings_get (settings, SHT_SETTING_PAGE);
  g_autofree char *ticket = sht_settings_get (settings, SHT_SETTING_TICKET);
  ShtStore *store = sht_session_get_reader (self->session);
  gint64 there = 0;

  self->keeps = TRUE;
  if (self->leaflet == NULL)
    return;
  for (guint i = 0; page != NULL && i < N_PAGES; i++)
    if (g_str_equal (page_names[i], page))
      show_page (self, i);
  if (ticket != NULL)
    sht_db_get_int (store->db, &there, NULL, "SELECT count(*) FROM ticket WHERE id = ?1", "s", ticket);
  if (there > 0)
    set_ticket (self, ticket);
  lay_out_now (self);
}

/**
 * sht_window_take_state:
 * @from: a window about to go
 *
 * Shows what another window shows, in the language of now.
 */
void
sht_window_take_state (ShtWindow *self, ShtWindow *from)
{
  int width = gtk_widget_get_width (GTK_WIDGET (from));
  int height = gtk_widget_get_height (GTK_WIDGET (from));

  self->keeps = TRUE;
  if (width > 0)
    gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (gtk_window_is_maximized (GTK_WINDOW (from)))
    gtk_window_maximize (GTK_WINDOW (self));
  if (self->leaflet == NULL || from->leaflet == NULL)
    return;
  sht_work_page_set_filter (work_page (self), sht_work_page_get_filter (work_page (from)));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->search_button),
                                gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (from->search_button)));
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), gtk_editable_get_text (GTK_EDITABLE (from->search_entry)));
  show_page (self, from->page);
  if (from->ticket != NULL)
    set_ticket (self, from->ticket);
  lay_out (self, width, height);
}

GtkWidget *
sht_window_new (ShtApplication *application)
{
  ShtWindow *self = g_object_new (SHT_TYPE_WINDOW, "application", application, NULL);
  g_autoptr (GSimpleAction) offline = NULL;

  self->application = application;
  self->session = g_object_ref (sht_application_get_session (application));
  offline = g_simple_action_new_stateful ("offline", NULL,
                                          g_variant_new_boolean (sht_session_get_offline (self->session)));
  g_signal_connect_object (offline, "change-state", G_CALLBACK (on_offline), self, 0);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (offline));
  gtk_window_set_title (GTK_WINDOW (self), _("Shetach"));
  gtk_window_set_default_size (GTK_WINDOW (self), WIDTH, HEIGHT);
  build (self);
  self->changed_handler = g_signal_connect_swapped (self->session, "changed", G_CALLBACK (on_changed), self);
  self->status_handler = g_signal_connect_swapped (self->session, "status", G_CALLBACK (show_status), self);
  return GTK_WIDGET (self);
}
