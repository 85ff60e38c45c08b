/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/place-card.h"

#include "core/json.h"
#include "tablet/store/place.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/scroll-bar.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/map/map-card.h"
#include "tablet/ui/map/map-tools.h"
#include "tablet/ui/map/place-report.h"

#include <glib/gi18n.h>

/* What happened before these is nothing that one reads on a map. */
#define LIST_ROWS 20
/* One of them, and that there are more. */
#define LEAST_LIST 56

struct _ShtPlaceCard
{
  AdwBin parent_instance;

  ShtStore *store;    /* (unowned): the session's */
  char *place;        /* (owned) (nullable): which is shown */
  guint asked;        /* the number of the latest question for a history: older answers are not wanted */
  int most_height;    /* pixels; 0 while the page has none */
  GtkWidget *revealer;
  GtkWidget *sheet;
  GtkWidget *title;
  GtkWidget *where;
  GtkWidget *state;
  GtkWidget *words;
  GtkWidget *report;
  GtkWidget *heading;
  GtkWidget *list;
  GtkWidget *scrolled;
};

G_DEFINE_FINAL_TYPE (ShtPlaceCard, sht_place_card, ADW_TYPE_BIN)

enum
{
  CLOSED,
  PICKED,
  TOLD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- how high it is --- */

static int
height_of (GtkWidget *widget, int width)
{
  int height;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

/* The list has what the other words leave of the card. */
static void
limit_list (ShtPlaceCard *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int rest = height_of (self->sheet, width > 0 ? width : -1);

  if (gtk_widget_get_visible (self->scrolled))
    rest -= height_of (self->scrolled, -1);
  sht_map_cut_rows (self->scrolled, self->list, MAX (self->most_height - rest, sht_letters_grown (LEAST_LIST)));
}

/* --- its history, which a thread looks for: a district may hold all tickets there are --- */

typedef struct
{
  GWeakRef card;
  guint asked;
  char *path;
  char *place;
  guint all;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_weak_ref_clear (&question->card);
  g_free (question->path);
  g_free (question->place);
  g_free (question);
}

static void
find_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;
  GError *error = NULL;
  g_autoptr (ShtDb) db = sht_db_open (question->path, TRUE, NULL, &error);
  GPtrArray *tickets = db != NULL ? sht_place_tickets (db, question->place, LIST_ROWS, &question->all, &error) : NULL;

  if (tickets != NULL)
    g_task_return_pointer (task, tickets, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
tell_history (ShtPlaceCard *self, GPtrArray *tickets, guint all)
{
  g_autofree char *heading = NULL;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->list)) != NULL && GTK_IS_LIST_BOX_ROW (row))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  for (guint i = 0; i < tickets->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->list), sht_map_ticket_row_new (self->store, g_ptr_array_index (tickets, i)));
  if (all == 0)
    heading = g_strdup (_("No tickets here yet"));
  else if (all > tickets->len)
    heading = g_strdup_printf (ngettext ("%u ticket here; the newest:", "%u tickets here; the newest:", all), all);
  else
    heading = g_strdup_printf (ngettext ("%u ticket here", "%u tickets here", all), all);
  gtk_label_set_text (GTK_LABEL (self->heading), heading);
  gtk_widget_set_visible (self->scrolled, tickets->len > 0);
  limit_list (self);
  g_signal_emit (self, signals[TOLD], 0);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer unused)
{
  Question *question = g_task_get_task_data (G_TASK (result));
  g_autoptr (ShtPlaceCard) self = g_weak_ref_get (&question->card);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tickets = g_task_propagate_pointer (G_TASK (result), &error);

  if (self == NULL || question->asked != self->asked)
    return;
  if (tickets == NULL)
    {
      g_warning ("a place's tickets: %s", error->message);
      return;
    }
  tell_history (self, tickets, question->all);
}

static void
ask_history (ShtPlaceCard *self)
{
  g_autoptr (GTask) task = NULL;
  Question *question = g_new0 (Question, 1);

  g_weak_ref_init (&question->card, self);
  question->asked = ++self->asked;
  question->path = g_build_filename (self->store->folder, SHT_STORE_DATABASE_FILE, NULL);
  question->place = g_strdup (self->place);
  /* No source object: the thread may hold the last reference to the task, and a widget dies on its own. */
  task = g_task_new (NULL, NULL, on_found, NULL);
  g_task_set_source_tag (task, ask_history);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, find_in_thread);
}

/* --- the place --- */

static void
show_text (GtkWidget *label, const char *text)
{
  gtk_label_set_text (GTK_LABEL (label), text != NULL ? text : "");
  gtk_widget_set_visible (label, text != NULL && *text != '\0');
}

static char *
join (const char *separator, const char *const *texts, guint n)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    if (texts[i] != NULL)
      g_string_append_printf (joined, "%s%s", joined->len > 0 ? separator : "", texts[i]);
  return g_string_free (joined, FALSE);
}

static void
tell (ShtPlaceCard *self, JsonObject *place)
{
  g_autofree char *name = sht_words_translated (place, "name", "names");
  const char *where[] = { sht_names_get (self->store, "layer", sht_json_string (place, "layer")), sht_json_string (place, "code"),
                          sht_json_string (place, "address") };
  const char *words[] = { sht_json_string (place, "note"), sht_json_string (place, "description") };
  g_autofree char *line = join (" · ", where, G_N_ELEMENTS (where)), *told = join ("\n", words, G_N_ELEMENTS (words));

  gtk_label_set_text (GTK_LABEL (self->title), name != NULL ? name : _("Place without a name"));
  show_text (self->where, line);
  show_text (self->words, told);
  show_text (self->state, g_strcmp0 (sht_json_string (place, "state"), "missing") == 0 ? _("Missing") : NULL);
  sht_place_report_show (SHT_PLACE_REPORT (self->report), place);
}

static void
on_close (ShtPlaceCard *self)
{
  g_signal_emit (self, signals[CLOSED], 0);
}

static void
on_row (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  g_autofree char *ticket = g_strdup (gtk_widget_get_name (GTK_WIDGET (row)));

  g_signal_emit (data, signals[PICKED], 0, ticket);
}

static GtkWidget *
new_label (const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
build_top (ShtPlaceCard *self)
{
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *close = gtk_button_new_from_icon_name ("window-close-symbolic");

  self->title = new_label ("title-3");
  self->where = new_label ("dim-label");
  self->state = new_label ("heading");
  gtk_box_append (GTK_BOX (words), self->title);
  gtk_box_append (GTK_BOX (words), self->where);
  gtk_box_append (GTK_BOX (words), self->state);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_add_css_class (close, "flat");
  gtk_widget_add_css_class (close, "touch");
  gtk_widget_set_valign (close, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (close, _("Close"));
  g_signal_connect_swapped (close, "clicked", G_CALLBACK (on_close), self);
  gtk_box_append (GTK_BOX (top), words);
  gtk_box_append (GTK_BOX (top), close);
  return top;
}

static GtkWidget *
build_list (ShtPlaceCard *self)
{
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_widget_add_css_class (self->list, "map-rows");
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row), self);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  sht_scroll_bar_show (self->scrolled);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scrolled), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->list);
  return self->scrolled;
}

static void
sht_place_card_finalize (GObject *object)
{
  g_free (SHT_PLACE_CARD (object)->place);
  G_OBJECT_CLASS (sht_place_card_parent_class)->finalize (object);
}

static void
sht_place_card_class_init (ShtPlaceCardClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_place_card_finalize;
  signals[CLOSED] = g_signal_new ("closed", SHT_TYPE_PLACE_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PICKED] = g_signal_new ("picked", SHT_TYPE_PLACE_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
  signals[TOLD] = g_signal_new ("told", SHT_TYPE_PLACE_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sht_place_card_init (ShtPlaceCard *self)
{
  GtkWidget *sheet = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  self->sheet = sheet;
  self->words = new_label (NULL);
  self->heading = new_label ("heading");
  gtk_widget_add_css_class (sheet, "map-sheet");
  gtk_widget_add_css_class (sheet, "place-card");
  gtk_box_append (GTK_BOX (sheet), build_top (self));
  gtk_box_append (GTK_BOX (sheet), self->words);
  gtk_box_append (GTK_BOX (sheet), self->heading);
  gtk_box_append (GTK_BOX (sheet), build_list (self));
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_type (GTK_REVEALER (self->revealer), GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), sheet);
  adw_bin_set_child (ADW_BIN (self), self->revealer);
}

/**
 * sht_place_card_new:
 * @session: (transfer none): which outlives the card
 *
 * Returns: (transfer floating): a card that shows nothing yet
 */
GtkWidget *
sht_place_card_new (ShtSession *session)
{
  ShtPlaceCard *self = g_object_new (SHT_TYPE_PLACE_CARD, NULL);

  self->store = sht_session_get_reader (session);
  self->report = sht_place_report_new (session);
  gtk_box_insert_child_after (GTK_BOX (self->sheet), self->report, self->words);
  return GTK_WIDGET (self);
}

/**
 * sht_place_card_show:
 * @place: a place's UUID
 *
 * Returns: %FALSE when there is no such place on this tablet any more
 */
gboolean
sht_place_card_show (ShtPlaceCard *self, const char *place)
{
  g_autofree char *id = g_strdup (place);
  g_autoptr (JsonObject) doc = sht_store_get (self->store, "place", id, NULL);

  if (doc == NULL)
    {
      sht_place_card_hide (self);
      return FALSE;
    }
  if (g_strcmp0 (self->place, id) != 0)
    {
      gtk_label_set_text (GTK_LABEL (self->heading), _("Looking for its tickets…"));
      gtk_widget_set_visible (self->scrolled, FALSE);
    }
  g_free (self->place);
  self->place = g_steal_pointer (&id);
  tell (self, doc);
  ask_history (self);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
  return TRUE;
}

void
sht_place_card_hide (ShtPlaceCard *self)
{
  self->asked++;
  g_clear_pointer (&self->place, g_free);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
}

/**
 * sht_place_card_get_place:
 *
 * Returns: (transfer none) (nullable): the place that is shown
 */
const char *
sht_place_card_get_place (ShtPlaceCard *self)
{
  return self->place;
}

/**
 * sht_place_card_set_most_height:
 * @height: no higher than this, as far as its words allow, pixels
 */
void
sht_place_card_set_most_height (ShtPlaceCard *self, int height)
{
  if (self->most_height == height)
    return;
  self->most_height = height;
  limit_list (self);
}

/**
 * sht_place_card_get_height:
 *
 * Returns: how high it is once it has come up, pixels
 */
int
sht_place_card_get_height (ShtPlaceCard *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  return height_of (self->sheet, width > 0 ? width : -1);
}
