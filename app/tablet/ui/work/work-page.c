/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/work-page.h"

#include "tablet/ui/common/choice-dialog.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/wrap-box.h"
#include "tablet/ui/work/away-card.h"
#include "tablet/ui/work/card-list.h"
#include "tablet/ui/work/ticket-item.h"

#include <glib/gi18n.h>

#define TICK_S 30
/* In pixels: a crew's name among the chips takes nothing from the ticket beside the list. */
#define CHIP_GAP 8
#define CHIPS_LIKED 600

/* The order in which the chips stand. */
static const ShtFilter chip_order[] = { SHT_FILTER_OPEN, SHT_FILTER_LATE, SHT_FILTER_WAITING,
                                        SHT_FILTER_NEW,  SHT_FILTER_DONE, SHT_FILTER_ALL, SHT_FILTER_CREW };

struct _ShtWorkPage
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  ShtTicketList *list; /* (owned) */
  guint tick;
  gboolean painted; /* the list has had its first frame */
  ShtFilter filter;
  char *search;  /* (owned) (nullable) */
  char *crew;    /* (owned) (nullable): whose tickets were looked at last, by who has several */

  GtkWidget *chips;
  GtkWidget *buttons[SHT_N_FILTERS];
  GtkWidget *found;
  GtkWidget *stack;
  GtkWidget *view;
  GtkWidget *empty;
  GtkWidget *report;
};

G_DEFINE_FINAL_TYPE (ShtWorkPage, sht_work_page, ADW_TYPE_BIN)

static const char *
filter_word (ShtWorkPage *self, ShtFilter filter)
{
  switch (filter)
    {
    case SHT_FILTER_OPEN:
      return C_ ("filter", "Open");
    case SHT_FILTER_LATE:
      return C_ ("filter", "Late");
    case SHT_FILTER_WAITING:
      return C_ ("filter", "Waiting");
    case SHT_FILTER_NEW:
      return C_ ("filter", "New");
    case SHT_FILTER_DONE:
      return C_ ("filter", "Done");
    case SHT_FILTER_CREW:
      return self->crew != NULL ? sht_names_get (sht_session_get_reader (self->session), "crew", self->crew) : "";
    default:
      return C_ ("filter", "All");
    }
}

static void
show_counts (ShtWorkPage *self)
{
  for (guint i = 0; i < SHT_N_FILTERS; i++)
    {
      gint64 count = sht_ticket_list_get_count (self->list, i);
      g_autofree char *text = NULL;

      if (count < 0)
        text = g_strdup (filter_word (self, i));
      else
        text = g_strdup_printf (i == SHT_FILTER_CREW ? "%s · %" G_GINT64_FORMAT : "%s  %" G_GINT64_FORMAT, filter_word (self, i), count);
      gtk_button_set_label (GTK_BUTTON (self->buttons[i]), text);
      /* That nothing is late is worth knowing; that nothing waits or is new only takes room. */
      if (i == SHT_FILTER_WAITING || i == SHT_FILTER_NEW)
        gtk_widget_set_visible (self->buttons[i], count > 0 || i == self->filter);
      else if (i == SHT_FILTER_CREW)
        gtk_widget_set_visible (self->buttons[i], i == self->filter);
    }
}

static void
describe_empty (ShtWorkPage *self)
{
  AdwStatusPage *page = ADW_STATUS_PAGE (self->empty);
  const char *icon = "emblem-ok-symbolic", *title, *words;

  if (self->search != NULL)
    {
      icon = "edit-find-symbolic";
      title = _("Nothing found");
      words = _("Try fewer letters, a street, or the end of the number.");
    }
  else if (sht_session_get_last_contact (self->session) == 0)
    {
      icon = "emblem-synchronizing-symbolic";
      title = _("Getting your work");
      words = _("Your tickets are on their way. They stay on this tablet, with or without a signal.");
    }
  else if (self->filter == SHT_FILTER_LATE)
    {
      title = _("Nothing is late");
      words = _("All open tickets are within their target time.");
    }
  else if (self->filter == SHT_FILTER_WAITING)
    {
      title = _("Nothing is waiting");
      words = _("Tickets that wait for a resident, parts or another department are listed here.");
    }
  else if (self->filter == SHT_FILTER_NEW)
    {
      title = _("Nothing new");
      words = _("New and reopened tickets are listed here.");
    }
  else if (self->filter == SHT_FILTER_CREW)
    {
      title = _("All done");
      words = _("This crew has no open tickets.");
    }
  else if (self->filter == SHT_FILTER_OPEN)
    {
      title = _("All done");
      words = _("No open tickets. Seen something on the way? Report it.");
    }
  else
    {
      title = _("No tickets here yet");
      words = _("What is assigned to your crew will appear by itself.");
    }
  adw_status_page_set_icon_name (page, icon);
  adw_status_page_set_title (page, title);
  adw_status_page_set_description (page, words);
  gtk_widget_set_visible (self->report, self->search == NULL && self->filter == SHT_FILTER_OPEN
                                          && sht_session_get_last_contact (self->session) != 0);
}

static void
show_what_there_is (ShtWorkPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  gtk_widget_set_visible (self->found, self->search != NULL);
  gtk_widget_set_visible (self->chips, self->search == NULL);
  /* What is shown stays until the answer is there; nothing flickers. */
  if (!sht_ticket_list_is_settled (self->list))
    return;
  if (self->search != NULL)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u ticket found", "%u tickets found", n), n);

      gtk_label_set_text (GTK_LABEL (self->found), text);
    }
  if (n == 0)
    describe_empty (self);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), n > 0 ? "list" : "empty");
}

static void
show_list (ShtWorkPage *self)
{
  if (self->filter == SHT_FILTER_CREW && self->search == NULL)
    sht_ticket_list_show_crew (self->list, self->crew);
  else
    sht_ticket_list_show (self->list, self->filter, self->search);
  sht_card_list_to_top (SHT_CARD_LIST (self->view));
}

static void
on_chip (GtkToggleButton *button, gpointer data)
{
  ShtWorkPage *self = data;

  if (!gtk_toggle_button_get_active (button))
    return;
  self->filter = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "sht-filter"));
  show_list (self);
}

static void
on_crew_chosen (ShtChoiceDialog *dialog, const char *id, const char *words, ShtWorkPage *self)
{
  GtkToggleButton *chip = GTK_TOGGLE_BUTTON (self->buttons[SHT_FILTER_CREW]);

  g_free (self->crew);
  self->crew = g_strdup (id);
  gtk_widget_set_visible (GTK_WIDGET (chip), TRUE);
  if (gtk_toggle_button_get_active (chip))
    show_list (self);
  else
    gtk_toggle_button_set_active (chip, TRUE);
  show_counts (self);
}

static void
choose_crew (ShtWorkPage *self)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  ShtChoiceDialog *dialog = sht_choice_dialog_new (GTK_WIDGET (self), _("Which crew's work?"), NULL);

  sht_choice_dialog_add_crews (dialog, reader, NULL, reader->device.department);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_crew_chosen), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
on_tick (gpointer data)
{
  ShtWorkPage *self = data;

  sht_card_list_tick (SHT_CARD_LIST (self->view));
  sht_ticket_list_refresh (self->list);
  return G_SOURCE_CONTINUE;
}

static void
on_activate (ShtCardList *view, guint position, gpointer data)
{
  ShtWorkPage *self = data;
  g_autoptr (ShtTicketItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  if (item != NULL && sht_ticket_item_get_row (item)->id != NULL)
    sht_page_show_ticket (GTK_WIDGET (self), sht_ticket_item_get_row (item)->id);
}

static GtkWidget *
make_chips (ShtWorkPage *self)
{
  GtkWidget *box = sht_wrap_box_new (CHIP_GAP, CHIPS_LIKED);
  GtkWidget *first = NULL;

  gtk_widget_add_css_class (box, "filter-chips");
  for (guint i = 0; i < G_N_ELEMENTS (chip_order); i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (filter_word (self, chip_order[i]));

      gtk_widget_add_css_class (button, "filter-chip");
      g_object_set_data (G_OBJECT (button), "sht-filter", GINT_TO_POINTER (chip_order[i]));
      if (first == NULL)
        first = button;
      else
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), chip_order[i] == self->filter);
      g_signal_connect (button, "toggled", G_CALLBACK (on_chip), self);
      sht_wrap_box_append (SHT_WRAP_BOX (box), button);
      self->buttons[chip_order[i]] = button;
    }
  gtk_widget_set_visible (self->buttons[SHT_FILTER_CREW], FALSE);
  if (sht_session_get_reader (self->session)->device.role != SHT_ROLE_CREW)
    {
      GtkWidget *crews = gtk_button_new_with_label (_("Crew…"));

      gtk_widget_add_css_class (crews, "filter-chip");
      g_signal_connect_swapped (crews, "clicked", G_CALLBACK (choose_crew), self);
      sht_wrap_box_append (SHT_WRAP_BOX (box), crews);
    }
  return box;
}

/* The first time is within the first frame, which need not share the machine with it. */
static gboolean
count_later (GtkWidget *page, GdkFrameClock *clock, gpointer data)
{
  ShtWorkPage *self = data;
  gboolean first = !self->painted;

  self->painted = TRUE;
  if (!first)
    sht_ticket_list_count (self->list);
  return first ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static GtkWidget *
make_view (ShtWorkPage *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->view = sht_card_list_new (self->session, G_LIST_MODEL (self->list));
  gtk_widget_add_tick_callback (GTK_WIDGET (self), count_later, self, NULL);
  gtk_widget_add_css_class (self->view, "cards");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("My work"), -1);
  g_signal_connect (self->view, "activate", G_CALLBACK (on_activate), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->view);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

static void
build (ShtWorkPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->chips = make_chips (self);
  self->found = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->found), 0);
  gtk_widget_add_css_class (self->found, "found");
  self->stack = gtk_stack_new ();
  self->empty = sht_letters_status_page_new ();
  gtk_widget_add_css_class (self->empty, "compact");
  self->report = gtk_button_new_with_label (_("Report a hazard"));
  gtk_widget_add_css_class (self->report, "big-action");
  gtk_widget_add_css_class (self->report, "suggested-action");
  gtk_widget_set_halign (self->report, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->report), "win.show-page");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->report), "s", "report");
  adw_status_page_set_child (ADW_STATUS_PAGE (self->empty), self->report);
  gtk_stack_add_named (GTK_STACK (self->stack), make_view (self), "list");
  gtk_stack_add_named (GTK_STACK (self->stack), self->empty, "empty");
  gtk_box_append (GTK_BOX (box), sht_away_card_new (self->session));
  gtk_box_append (GTK_BOX (box), self->chips);
  gtk_box_append (GTK_BOX (box), self->found);
  gtk_box_append (GTK_BOX (box), self->stack);
  gtk_widget_add_css_class (GTK_WIDGET (self), "work-page");
  adw_bin_set_child (ADW_BIN (self), box);
}

/**
 * sht_work_page_set_search:
 * @search: (nullable): words to be found
 */
void
sht_work_page_set_search (ShtWorkPage *self, const char *search)
{
  g_free (self->search);
  self->search = search != NULL && *search != '\0' ? g_strdup (search) : NULL;
  show_list (self);
  if (self->search == NULL)
    show_what_there_is (self);
}

void
sht_work_page_set_filter (ShtWorkPage *self, ShtFilter filter)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->buttons[filter]), TRUE);
}

/**
 * sht_work_page_get_filter:
 *
 * Returns: what another page could show, too: a crew's tickets only this one does
 */
ShtFilter
sht_work_page_get_filter (ShtWorkPage *self)
{
  return self->filter != SHT_FILTER_CREW ? self->filter : SHT_FILTER_OPEN;
}

/**
 * sht_work_page_set_current:
 * @ticket: (nullable): the ticket that is open beside the list
 */
void
sht_work_page_set_current (ShtWorkPage *self, const char *ticket)
{
  sht_card_list_set_current (SHT_CARD_LIST (self->view), ticket);
}

ShtTicketList *
sht_work_page_get_list (ShtWorkPage *self)
{
  return self->list;
}

/**
 * sht_work_page_has_cards:
 *
 * Returns: whether the frame to come, or the one that was just painted, shows tickets
 */
gboolean
sht_work_page_has_cards (ShtWorkPage *self)
{
  return sht_card_list_get_n_cards (SHT_CARD_LIST (self->view)) > 0 && gtk_widget_get_mapped (self->view);
}

static void
sht_work_page_dispose (GObject *object)
{
  ShtWorkPage *self = SHT_WORK_PAGE (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  adw_bin_set_child (ADW_BIN (self), NULL);
  g_clear_object (&self->list);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_work_page_parent_class)->dispose (object);
}

static void
sht_work_page_finalize (GObject *object)
{
  ShtWorkPage *self = SHT_WORK_PAGE (object);

  g_free (self->search);
  g_free (self->crew);
  G_OBJECT_CLASS (sht_work_page_parent_class)->finalize (object);
}

static void
sht_work_page_class_init (ShtWorkPageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_work_page_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_work_page_finalize;
}

static void
sht_work_page_init (ShtWorkPage *self)
{
  self->filter = SHT_FILTER_OPEN;
}

GtkWidget *
sht_work_page_new (ShtSession *session)
{
  ShtWorkPage *self = g_object_new (SHT_TYPE_WORK_PAGE, NULL);

  self->session = g_object_ref (session);
  self->list = sht_ticket_list_new (session);
  build (self);
  g_signal_connect_object (self->list, "counted", G_CALLBACK (show_counts), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "settled", G_CALLBACK (show_what_there_is), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (show_what_there_is), self, G_CONNECT_SWAPPED);
  sht_ticket_list_count_later (self->list);
  sht_ticket_list_show (self->list, self->filter, NULL);
  self->tick = g_timeout_add_seconds (TICK_S, on_tick, self);
  return GTK_WIDGET (self);
}
