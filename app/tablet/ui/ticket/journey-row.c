/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/journey-row.h"

#include "core/json.h"
#include "tablet/ui/ticket/mark.h"
#include "tablet/ui/common/width-first.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/ticket/say-event.h"
#include "tablet/ui/ticket/voice-bar.h"

#include <glib/gi18n.h>

#define TOUCH 48
#define POPOVER_CHARS 36
/* What proves many steps scrolls. */
#define POPOVER_HEIGHT 360

struct _ShtJourneyRow
{
  GtkBox parent_instance;

  ShtStore *reader;  /* the session's, which outlives every page */
  JsonObject *event; /* (owned) (nullable) */
  char *seen;        /* (owned) (nullable): the event as it was shown last */
  GtkWidget *column;
  GtkWidget *voice;  /* (nullable): to hear it, on a voice note */
  GtkWidget *what;
  GtkWidget *detail; /* (nullable) */
  GtkWidget *who;
  GtkWidget *apart; /* (nullable) */
  GtkWidget *button;
  GtkWidget *mark;
};

G_DEFINE_FINAL_TYPE (ShtJourneyRow, sht_journey_row, GTK_TYPE_BOX)

static void
sht_journey_row_finalize (GObject *object)
{
  ShtJourneyRow *self = SHT_JOURNEY_ROW (object);

  g_clear_pointer (&self->event, json_object_unref);
  g_free (self->seen);
  G_OBJECT_CLASS (sht_journey_row_parent_class)->finalize (object);
}

static void
sht_journey_row_class_init (ShtJourneyRowClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_journey_row_finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static GtkWidget *
new_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static gboolean
on_tooltip (GtkWidget *button, int x, int y, gboolean by_keyboard, GtkTooltip *tooltip, gpointer data)
{
  ShtJourneyRow *self = data;

  gtk_tooltip_set_text (tooltip, sht_words_proof (sht_words_mark_parse (sht_json_string (self->event, "state"))));
  return TRUE;
}

/* Made when it is asked for: a popover costs more than all of the row. */
static void
make_popover (GtkMenuButton *button, gpointer data)
{
  ShtJourneyRow *self = data;
  g_autofree char *proof = sht_say_proof (self->reader, self->event, sht_store_now (self->reader));
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *label = new_label (NULL);

  gtk_label_set_text (GTK_LABEL (label), proof);
  gtk_label_set_max_width_chars (GTK_LABEL (label), POPOVER_CHARS);
  /* Else it is as wide as its longest line, and may need a line more for a part of a pixel. */
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_widget_set_margin_top (label, 6);
  gtk_widget_set_margin_bottom (label, 6);
  gtk_widget_set_margin_start (label, 6);
  gtk_widget_set_margin_end (label, 6);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), POPOVER_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), label);
  gtk_popover_set_child (GTK_POPOVER (popover), scrolled);
  gtk_menu_button_set_popover (button, popover);
}

static void
sht_journey_row_init (ShtJourneyRow *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *texts;

  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->what = new_label ("journey-what");
  self->who = new_label ("caption");
  gtk_widget_add_css_class (self->who, "dim-label");
  gtk_widget_add_css_class (self->who, "numeric");
  self->column = column;
  gtk_box_append (GTK_BOX (column), self->what);
  gtk_box_append (GTK_BOX (column), self->who);
  gtk_widget_set_hexpand (column, TRUE);
  gtk_widget_set_margin_top (column, 9);
  gtk_widget_set_margin_bottom (column, 9);
  self->mark = sht_ticket_mark_new ();
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->button), self->mark);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->button), make_popover, self, NULL);
  /* To set its text GTK asks the display's server where the pointer is, and waits for the answer. */
  gtk_widget_set_has_tooltip (self->button, TRUE);
  g_signal_connect (self->button, "query-tooltip", G_CALLBACK (on_tooltip), self);
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_add_css_class (self->button, "touch");
  gtk_widget_set_size_request (self->button, TOUCH, TOUCH);
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  texts = sht_width_first_new (column);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self), texts);
  gtk_box_append (GTK_BOX (self), self->button);
  gtk_widget_add_css_class (GTK_WIDGET (self), "journey-step");
}

GtkWidget *
sht_journey_row_new (ShtStore *reader)
{
  ShtJourneyRow *self = g_object_new (SHT_TYPE_JOURNEY_ROW, NULL);

  self->reader = reader;
  return GTK_WIDGET (self);
}

static char *
say_apart (ShtStore *reader, JsonObject *event)
{
  char *conflicts = sht_say_event_conflicts (reader, event);

  if (conflicts != NULL)
    return conflicts;
  if (g_strcmp0 (sht_json_string (event, "state"), "needs_attention") == 0)
    return g_strdup (_("Kept, but not taken in as it is: a person has to decide"));
  if (sht_json_bool (event, "contribution"))
    return g_strdup (_("Done after the ticket went to others; kept beside their work"));
  return NULL;
}

/* Most rows say no more than what was done: a label is made when there are words for it. */
static GtkWidget *
make_below (ShtJourneyRow *self, GtkWidget *above, const char *css_class)
{
  GtkWidget *label = new_label (css_class);

  gtk_box_insert_child_after (GTK_BOX (self->column), label, above);
  return label;
}

static void
show_detail (ShtJourneyRow *self, const char *text)
{
  if (text != NULL && self->detail == NULL)
    {
      self->detail = make_below (self, self->what, NULL);
      gtk_label_set_selectable (GTK_LABEL (self->detail), TRUE);
      /* A click still selects; Tab goes from mark to mark. */
      gtk_widget_set_focusable (self->detail, FALSE);
    }
  if (self->detail == NULL)
    return;
  gtk_label_set_text (GTK_LABEL (self->detail), text != NULL ? text : "");
  gtk_widget_set_visible (self->detail, text != NULL);
}

static void
show_apart (ShtJourneyRow *self, const char *text)
{
  if (text != NULL && self->apart == NULL)
    self->apart = make_below (self, self->detail != NULL ? self->detail : self->what, "journey-apart");
  if (self->apart == NULL)
    return;
  gtk_label_set_text (GTK_LABEL (self->apart), text != NULL ? text : "");
  gtk_widget_set_visible (self->apart, text != NULL);
}

/* A row stays with its step, so a voice note's never becomes another's. */
static void
show_voice (ShtJourneyRow *self)
{
  JsonObject *data = sht_json_object (self->event, "data");
  const char *id = sht_json_string (data, "voice");
  g_autofree char *sha256 = NULL;
  g_autofree char *path = NULL;

  if (id == NULL)
    return;
  if (self->voice == NULL)
    {
      self->voice = sht_voice_bar_new ();
      gtk_box_insert_child_after (GTK_BOX (self->column), self->voice, self->what);
    }
  sha256 = sht_db_get_text (self->reader->db, NULL, "SELECT sha256 FROM voice WHERE id = ?1 AND fetched = 1", "s", id);
  path = sha256 != NULL ? sht_store_blob_path (self->reader, sha256) : NULL;
  sht_voice_bar_set_note (SHT_VOICE_BAR (self->voice), path, sht_json_int (data, "duration_ms", 0));
}

/**
 * sht_journey_row_update:
 * @event: one of a ticket view's events, which nobody changes; one that is shown already is not looked at
 */
void
sht_journey_row_update (ShtJourneyRow *self, JsonObject *event)
{
  g_autofree char *seen = NULL;
  g_autofree char *what = NULL, *detail = NULL, *actor = NULL, *isolated = NULL, *when = NULL, *who = NULL;
  g_autofree char *name = NULL, *apart = NULL;
  const char *state = sht_json_string (event, "state");
  gint64 now = sht_store_now (self->reader);

  if (self->event == event)
    return;
  g_clear_pointer (&self->event, json_object_unref);
  self->event = json_object_ref (event);
  seen = sht_json_to_string (event);
  when = sht_words_when (sht_words_time (event, "at"), now);
  actor = sht_say_event_actor (self->reader, event);
  isolated = sht_words_isolated (actor);
  who = g_strdup_printf ("%s · %s", when, isolated);
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (self->who)), who) != 0)
    gtk_label_set_text (GTK_LABEL (self->who), who);
  if (g_strcmp0 (self->seen, seen) == 0)
    return;
  g_free (self->seen);
  self->seen = g_steal_pointer (&seen);
  what = sht_say_event (self->reader, event);
  detail = sht_say_event_detail (self->reader, event);
  gtk_label_set_text (GTK_LABEL (self->what), what);
  show_detail (self, detail);
  apart = say_apart (self->reader, event);
  show_apart (self, apart);
  show_voice (self);
  sht_ticket_mark_set_state (SHT_TICKET_MARK (self->mark), state);
  name = g_strdup_printf ("%s: %s", what, sht_words_proof (sht_words_mark_parse (state)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

const char *
sht_journey_row_get_state (ShtJourneyRow *self)
{
  return sht_ticket_mark_get_state (SHT_TICKET_MARK (self->mark));
}

const char *
sht_journey_row_get_kind (ShtJourneyRow *self)
{
  return sht_json_string (self->event, "kind");
}
