/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/place-search.h"

#include "core/json.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/scroll-bar.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/map/map-tools.h"
#include "tablet/ui/map/place-report.h"

#include <glib/gi18n.h>

/* Who has more types another letter. */
#define LIST_ROWS 30
#define LIST_HEIGHT 400
/* How far the count of what is reported stands out from the symbol, in pixels. */
#define BADGE_ROOM 10

struct _ShtPlaceSearch
{
  GtkPopover parent_instance;

  ShtStore *store; /* (unowned): the session's */
  GtkWidget *entry;
  GtkWidget *list;
  GtkWidget *scrolled;
  GtkWidget *none;
  GtkWidget *reported; /* over places that nobody has searched for */
};

G_DEFINE_FINAL_TYPE (ShtPlaceSearch, sht_place_search, GTK_TYPE_POPOVER)

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkWidget *
new_label (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, class);
  return label;
}

static gboolean
add_row (gpointer data, const char *doc)
{
  ShtPlaceSearch *self = data;
  g_autoptr (JsonObject) place = sht_json_parse_object (doc, -1, NULL);
  g_autofree char *name = place != NULL ? sht_words_translated (place, "name", "names") : NULL;
  const char *layer = place != NULL ? sht_names_get (self->store, "layer", sht_json_string (place, "layer")) : NULL;
  const char *code = sht_json_string (place, "code"), *address = sht_json_string (place, "address");
  g_autofree char *report = place != NULL ? sht_place_report_words (self->store, place) : NULL;
  g_autofree char *more = NULL, *spoken = NULL;
  GtkWidget *row, *box;

  if (place == NULL)
    return TRUE;
  row = gtk_list_box_row_new ();
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  more = g_strjoin (" · ", layer, address != NULL ? address : code, NULL);
  gtk_box_append (GTK_BOX (box), new_label (name != NULL ? name : _("Place without a name"), "heading"));
  gtk_box_append (GTK_BOX (box), new_label (more, "dim-label"));
  if (report != NULL)
    gtk_box_append (GTK_BOX (box), new_label (report, "body"));
  gtk_widget_add_css_class (box, "map-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_name (row, sht_json_string (place, "id"));
  spoken = g_strjoin (", ", name != NULL ? name : _("Place without a name"), more, report, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
  return TRUE;
}

static void
on_search (ShtPlaceSearch *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  ShtListQuery query = { .search = text, .limit = LIST_ROWS };
  g_autoptr (GError) error = NULL;
  gboolean found;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->list)) != NULL && GTK_IS_LIST_BOX_ROW (row))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  if (!(*text != '\0' ? sht_store_list_places (self->store, &query, add_row, self, &error)
                      : sht_store_list_reported (self->store, LIST_ROWS, add_row, self, &error)))
    g_warning ("places: %s", error->message);
  found = gtk_widget_get_first_child (self->list) != NULL;
  gtk_widget_set_visible (self->scrolled, found);
  gtk_widget_set_visible (self->reported, found && *text == '\0');
  sht_map_cut_rows (self->scrolled, self->list, LIST_HEIGHT);
  gtk_widget_set_visible (self->none, *text != '\0' && !found);
}

static void
on_row (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  g_autofree char *place = g_strdup (gtk_widget_get_name (GTK_WIDGET (row)));

  gtk_popover_popdown (GTK_POPOVER (data));
  g_signal_emit (data, signals[PICKED], 0, place);
}

/* Enter takes the first. */
static void
on_enter (ShtPlaceSearch *self)
{
  GtkWidget *first;

  on_search (self);
  first = gtk_widget_get_first_child (self->list);
  if (first != NULL && GTK_IS_LIST_BOX_ROW (first))
    on_row (GTK_LIST_BOX (self->list), GTK_LIST_BOX_ROW (first), self);
}

static void
on_show (ShtPlaceSearch *self)
{
  on_search (self);
  gtk_widget_grab_focus (self->entry);
}

static void
sht_place_search_class_init (ShtPlaceSearchClass *class)
{
  signals[PICKED] = g_signal_new ("picked", SHT_TYPE_PLACE_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
}

static void
sht_place_search_init (ShtPlaceSearch *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  self->entry = gtk_search_entry_new ();
  g_object_set (self->entry, "placeholder-text", _("Name, code or street"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Find a place"), -1);
  gtk_widget_set_size_request (self->entry, -1, 48);
  sht_letters_widen (self->entry, 360);
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_widget_add_css_class (self->list, "map-rows");
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  sht_scroll_bar_show (self->scrolled);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scrolled), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->list);
  gtk_widget_set_visible (self->scrolled, FALSE);
  self->reported = new_label (_("To be set right"), "heading");
  gtk_widget_set_visible (self->reported, FALSE);
  self->none = gtk_label_new (_("No place has such a name"));
  gtk_widget_add_css_class (self->none, "dim-label");
  gtk_widget_set_visible (self->none, FALSE);
  gtk_box_append (GTK_BOX (box), self->entry);
  gtk_box_append (GTK_BOX (box), self->reported);
  gtk_box_append (GTK_BOX (box), self->scrolled);
  gtk_box_append (GTK_BOX (box), self->none);
  gtk_popover_set_child (GTK_POPOVER (self), box);
  g_signal_connect_swapped (self->entry, "search-changed", G_CALLBACK (on_search), self);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (on_enter), self);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row), self);
  g_signal_connect (self, "show", G_CALLBACK (on_show), NULL);
}

/**
 * sht_place_search_new:
 * @store: (transfer none): a store for the main thread, which outlives the popover
 */
GtkWidget *
sht_place_search_new (ShtStore *store)
{
  ShtPlaceSearch *self = g_object_new (SHT_TYPE_PLACE_SEARCH, NULL);

  self->store = store;
  return GTK_WIDGET (self);
}

static void
count_reported (GtkWidget *badge, ShtSession *session)
{
  ShtStore *store = sht_session_get_reader (session);
  GtkWidget *icon = gtk_overlay_get_child (GTK_OVERLAY (gtk_widget_get_parent (badge)));
  gint64 reported = 0;
  g_autofree char *text = NULL;

  if (store->device.role != SHT_ROLE_CREW)
    sht_store_count_reported (store, &reported, NULL);
  text = g_strdup_printf ("%d", (int) reported);
  gtk_label_set_text (GTK_LABEL (badge), text);
  gtk_widget_set_visible (badge, reported > 0);
  /* The symbol makes way for it. */
  gtk_widget_set_margin_top (icon, reported > 0 ? BADGE_ROOM : 0);
  gtk_widget_set_margin_end (icon, reported > 0 ? BADGE_ROOM : 0);
}

/**
 * sht_place_search_menu_new:
 * @self: (transfer floating): what it opens
 *
 * Returns: (transfer floating): the button for it; who sets places right sees on it how many wait for that
 */
GtkWidget *
sht_place_search_menu_new (ShtPlaceSearch *self, ShtSession *session)
{
  GtkWidget *button = sht_map_menu_new ("system-search-symbolic", _("Find a place"), GTK_WIDGET (self));
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *badge = gtk_label_new (NULL);

  gtk_widget_add_css_class (badge, "badge");
  gtk_widget_set_halign (badge, GTK_ALIGN_END);
  gtk_widget_set_valign (badge, GTK_ALIGN_START);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), gtk_image_new_from_icon_name ("system-search-symbolic"));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), badge);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), overlay);
  g_signal_connect_object (session, "changed", G_CALLBACK (count_reported), badge, G_CONNECT_SWAPPED);
  count_reported (badge, session);
  return button;
}
