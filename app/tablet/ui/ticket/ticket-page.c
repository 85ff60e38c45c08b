/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/ticket-page.h"

#include "core/json.h"
#include "tablet/store/clock.h"
#include "tablet/ui/common/attention-list.h"
#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/frame-turn.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/ticket/action-bar.h"
#include "tablet/ui/ticket/contributions.h"
#include "tablet/ui/ticket/form-card.h"
#include "tablet/ui/ticket/note-box.h"
#include "tablet/ui/ticket/photo-strip.h"
#include "tablet/ui/common/width-first.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/ticket/nearby.h"
#include "tablet/ui/ticket/say-event.h"
#include "tablet/ui/ticket/ticket-cards.h"
#include "tablet/ui/ticket/ticket-header.h"

#include <glib/gi18n.h>

#define COLUMN_WIDTH 760
/* How far below the page's top the box for a note stands when it is asked for. */
#define NOTE_TOP 48
#define UNDO_S 10
/* The second half of a double tap must not take the step that follows. */
#define DOUBLE_TAP_US (300 * 1000)
/* How often the time that is left is said anew. */
#define CLOCK_S 30

struct _ShtTicketPage
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  char *ticket;        /* (owned) (nullable) */
  JsonObject *doc;     /* (owned) (nullable): the ticket as it stands */
  ShtStatus status;
  gboolean stale;      /* the store changed while the page was out of sight */
  gint64 last_tap;     /* monotonic microseconds */
  guint clock;
  guint soon; /* a refresh that is due in one of the next frames */
  gint64 changed_in; /* the frame before the first of them */

  GtkWidget *toasts;
  GtkWidget *stack;
  GtkWidget *empty;
  GtkWidget *scrolled;
  GtkWidget *column;
  GtkWidget *header;
  GtkWidget *bar;
  GtkWidget *attention;
  GtkWidget *contributions;
  GtkWidget *resident;
  GtkWidget *answers;
  GtkWidget *form;
  GtkWidget *strips[3];
  GtkWidget *nearby;
  GtkWidget *note;
  GtkWidget *journey;
  char *shown_cards; /* (owned) (nullable): what the cards were made for */
  char *shown_events; /* (owned) (nullable): what the contributions were made for */
};

G_DEFINE_FINAL_TYPE (ShtTicketPage, sht_ticket_page, ADW_TYPE_BIN)

static const char *const photo_roles[] = { "before", "after", "other" };

/* --- what the parts ask --- */

ShtSession *
sht_ticket_page_get_session (ShtTicketPage *self)
{
  return self->session;
}

const char *
sht_ticket_page_get_ticket (ShtTicketPage *self)
{
  return self->ticket;
}

JsonObject *
sht_ticket_page_get_doc (ShtTicketPage *self)
{
  return self->doc;
}

ShtStatus
sht_ticket_page_get_status (ShtTicketPage *self)
{
  return self->status;
}

ShtRole
sht_ticket_page_get_role (ShtTicketPage *self)
{
  return sht_session_get_reader (self->session)->device.role;
}

GtkWidget *
sht_ticket_page_get_main_button (ShtTicketPage *self)
{
  return sht_action_bar_get_main (SHT_ACTION_BAR (self->bar));
}

ShtJourney *
sht_ticket_page_get_journey (ShtTicketPage *self)
{
  return SHT_JOURNEY (self->journey);
}

GtkWidget *
sht_ticket_page_get_form (ShtTicketPage *self)
{
  return self->form;
}

/* --- saying, and taking back --- */

void
sht_ticket_page_say (ShtTicketPage *self, const char *text)
{
  sht_letters_toast_show (self->toasts, sht_letters_toast_new (text));
}

static void
say_error (ShtTicketPage *self, const GError *error)
{
  if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND))
    sht_ticket_page_say (self, _("This ticket is not on this tablet any more"));
  else if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NO_ROOM))
    sht_ticket_page_say (self, _("This tablet is nearly full: no more photos. Statuses and notes go on."));
  else if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED))
    sht_ticket_page_say (self, _("That is not possible as the ticket stands now"));
  else
    sht_ticket_page_say (self, _("Could not be saved. Nothing was changed; please try again"));
  g_message ("ticket page: %s", error->message);
}

/* An act under way: what to say when it is safe, and how to take it back. */
typedef struct
{
  ShtTicketPage *page; /* (owned) */
  char *ticket;        /* (owned) */
  char *said;          /* (owned) (nullable) */
  char *op;            /* (owned) (nullable): what is done, by which it is taken back */
  gboolean can_undo;
} Act;

static void
act_free (Act *act)
{
  g_object_unref (act->page);
  g_free (act->ticket);
  g_free (act->said);
  g_free (act->op);
  g_free (act);
}

static Act *
act_new (ShtTicketPage *self, const char *ticket, const char *said)
{
  Act *act = g_new0 (Act, 1);

  act->page = g_object_ref (self);
  act->ticket = g_strdup (ticket);
  act->said = g_strdup (said);
  return act;
}

static void on_acted (GObject *session, GAsyncResult *result, gpointer data);

/* The toast is the page's own: it must not keep the page. */
typedef struct
{
  ShtTicketPage *page;
  char *ticket;
  char *op;
} Undo;

static void
undo_free (gpointer data, GClosure *closure)
{
  Undo *undo = data;

  g_free (undo->ticket);
  g_free (undo->op);
  g_free (undo);
}

static void
on_undo (AdwToast *toast, Undo *undo)
{
  Act *act = act_new (undo->page, undo->ticket, _("Taken back"));

  sht_session_undo_async (undo->page->session, undo->op, on_acted, act);
}

static void
offer_undo (ShtTicketPage *self, Act *act)
{
  AdwToast *toast = sht_letters_toast_new (act->said);

  adw_toast_set_timeout (toast, UNDO_S);
  if (act->can_undo)
    {
      Undo *undo = g_new0 (Undo, 1);

      undo->page = self;
      undo->ticket = g_strdup (act->ticket);
      undo->op = g_strdup (act->op);
      adw_toast_set_button_label (toast, _("Undo"));
      g_signal_connect_data (toast, "button-clicked", G_CALLBACK (on_undo), undo, undo_free, 0);
    }
  sht_letters_toast_show (self->toasts, toast);
}

static void
on_acted (GObject *session, GAsyncResult *result, gpointer data)
{
  Act *act = data;
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    say_error (act->page, error);
  else if (act->said != NULL)
    offer_undo (act->page, act);
  sht_ticket_page_refresh (act->page);
  act_free (act);
}

/**
 * sht_ticket_page_can_undo:
 *
 * Returns: whether this tablet's role could take a step to @status back
 */
gboolean
sht_ticket_page_can_undo (ShtTicketPage *self, ShtStatus status)
{
  return sht_status_way_back (sht_ticket_page_get_role (self), status, self->status) != SHT_N_STATUSES;
}

/**
 * sht_ticket_page_step:
 * @reason: (nullable): why
 * @waiting_for: (nullable): for %SHT_STATUS_WAITING
 * @why: (nullable): for %SHT_STATUS_DONE, why what is asked for is not there: `without`, `unanswered`
 *
 * Takes the ticket a step on, after what was filled in, and offers to take it back. It goes by what the page shows: the store may take
 * in what nobody has seen before it comes to this; and whoever takes another before this one is drawn has seen this one.
 */
void
sht_ticket_page_step (ShtTicketPage *self, ShtStatus status, const char *reason, const char *waiting_for, JsonObject *why)
{
  static const char *const members[] = { "without", "unanswered" };
  g_autofree char *number = sht_words_isolated (sht_json_string (self->doc, "number"));
  g_autofree char *said = g_strdup_printf ("%s · %s", waiting_for != NULL ? sht_words_waiting_for (waiting_for) : sht_words_status (status), number);
  ShtOperation *op;

  if (self->ticket == NULL)
    return;
  op = sht_store_new_operation (sht_session_get_reader (self->session), SHT_KIND_TICKET_STATUS, self->ticket);
  json_object_set_string_member (op->fields, "seen", sht_status_name (self->status));
  json_object_set_string_member (op->fields, "want", sht_status_name (status));
  sht_json_set_string (op->fields, "reason", reason);
  sht_json_set_string (op->fields, "waiting_for", waiting_for);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (sht_json_object (why, members[i]) != NULL)
      json_object_set_object_member (op->fields, members[i], json_object_ref (sht_json_object (why, members[i])));
  sht_form_card_keep (SHT_FORM_CARD (self->form));
  sht_ticket_page_act (self, op, said, sht_ticket_page_can_undo (self, status));
  self->status = status;
  sht_action_bar_update (SHT_ACTION_BAR (self->bar), sht_ticket_page_get_role (self), status, sht_json_has (self->doc, "crew"));
}

/**
 * sht_ticket_page_act:
 * @operation: (transfer full): what is done
 * @said: what the toast says then
 * @can_undo: whether to offer to take it back
 */
void
sht_ticket_page_act (ShtTicketPage *self, ShtOperation *operation, const char *said, gboolean can_undo)
{
  Act *act = act_new (self, operation->entity, said);

  act->op = g_strdup (operation->id);
  act->can_undo = can_undo;
  sht_session_act_async (self->session, operation, on_acted, act);
}

/* --- notes --- */

static void
on_noted (GObject *session, GAsyncResult *result, gpointer data)
{
  Act *act = data;
  g_autoptr (GError) error = NULL;

  if (sht_session_do_finish (SHT_SESSION (session), result, &error))
    sht_note_box_sent (SHT_NOTE_BOX (act->page->note), act->ticket, act->said);
  else
    say_error (act->page, error);
  sht_ticket_page_refresh (act->page);
  act_free (act);
}

static void
on_note_send (ShtTicketPage *self, const char *text)
{
  if (self->ticket != NULL)
    sht_session_note_async (self->session, self->ticket, text, on_noted, act_new (self, self->ticket, text));
}

/**
 * sht_ticket_page_show_imports:
 *
 * Shows how many pictures are being taken in, and nothing else anew.
 */
void
sht_ticket_page_show_imports (ShtTicketPage *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (photo_roles); i++)
    sht_photo_strip_set_busy (SHT_PHOTO_STRIP (self->strips[i]),
                              sht_ticket_imports_running (self, self->ticket, photo_roles[i]));
}

static GtkWidget *
replace (GtkWidget *old, GtkWidget *new)
{
  GtkWidget *bin = gtk_widget_get_parent (old);

  adw_bin_set_child (ADW_BIN (bin), new != NULL ? new : gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_widget_set_visible (bin, new != NULL);
  return adw_bin_get_child (ADW_BIN (bin));
}

static void
show_cards (ShtTicketPage *self)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  gint64 now = sht_store_hub_now (reader);
  g_autofree char *key = sht_ticket_cards_key (self->doc, now);

  if (g_strcmp0 (key, self->shown_cards) == 0)
    return;
  g_free (self->shown_cards);
  self->shown_cards = g_steal_pointer (&key);
  self->resident = replace (self->resident, sht_ticket_card_of_resident (self->doc, now));
  self->answers = replace (self->answers, sht_ticket_card_of_answers (reader, self->doc, sht_status_is_over (self->status)));
}

static void
show_empty (ShtTicketPage *self)
{
  gboolean none = self->ticket == NULL;

  adw_status_page_set_title (ADW_STATUS_PAGE (self->empty), none ? _("No ticket chosen") : _("Not with you any more"));
  adw_status_page_set_description (ADW_STATUS_PAGE (self->empty),
                                   none ? _("Tap a ticket to see it here.")
                                        : _("This ticket went to others. What you did on it is kept."));
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->empty);
}

/**
 * sht_ticket_page_refresh:
 *
 * Looks again at the ticket and shows what has changed.
 */
void
sht_ticket_page_refresh (ShtTicketPage *self)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  g_autoptr (JsonObject) view = self->ticket != NULL ? sht_store_ticket_view (reader, self->ticket, NULL) : NULL;
  guint others = 0;

  self->stale = FALSE;
  if (self->soon != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->soon);
  self->soon = 0;
  g_clear_pointer (&self->doc, json_object_unref);
  if (view != NULL)
    self->doc = sht_store_get (reader, "ticket", self->ticket, NULL);
  sht_note_box_set_ticket (SHT_NOTE_BOX (self->note), self->doc != NULL ? self->ticket : NULL);
  if (self->doc == NULL)
    {
      sht_form_card_update (SHT_FORM_CARD (self->form), NULL, NULL);
      show_empty (self);
      return;
    }
  self->status = SHT_STATUS_NEW;
  sht_status_parse (sht_json_string (self->doc, "status"), &self->status);
  sht_say_events_of (sht_json_array (view, "events"), self->ticket);
  sht_ticket_header_update (SHT_TICKET_HEADER (self->header), self->doc);
  sht_action_bar_update (SHT_ACTION_BAR (self->bar), sht_ticket_page_get_role (self), self->status, sht_json_has (self->doc, "crew"));
  sht_attention_list_update (SHT_ATTENTION_LIST (self->attention), self->ticket);
  if (sht_ticket_page_get_role (self) >= SHT_ROLE_SUPERVISOR
      && sht_contributions_changed (self->ticket, sht_json_array (view, "events"), &self->shown_events))
    self->contributions = replace (self->contributions, sht_contributions_new (reader, sht_json_array (view, "events")));
  show_cards (self);
  sht_form_card_update (SHT_FORM_CARD (self->form), self->ticket, self->doc);
  sht_nearby_update (SHT_NEARBY (self->nearby), reader, self->doc);
  for (guint i = 0; i < G_N_ELEMENTS (photo_roles); i++)
    others = sht_photo_strip_update (SHT_PHOTO_STRIP (self->strips[i]), sht_json_array (view, "photos"));
  gtk_widget_set_visible (self->strips[2], others > 0);
  sht_ticket_page_show_imports (self);
  sht_action_bar_offer_voice (SHT_ACTION_BAR (self->bar), sht_ticket_waiting_voice (self));
  sht_journey_update (SHT_JOURNEY (self->journey), sht_json_array (view, "events"));
  gtk_stack_set_visible_child (GTK_STACK (self->stack), gtk_widget_get_parent (self->scrolled));
}

static gboolean
on_soon (GtkWidget *widget, GdkFrameClock *clock, gpointer unused)
{
  ShtTicketPage *self = SHT_TICKET_PAGE (widget);

  if (gdk_frame_clock_get_frame_counter (clock) > self->changed_in + 1 && sht_frame_turn (widget))
    sht_ticket_page_refresh (self);
  return G_SOURCE_CONTINUE;
}

/* Looks again in a frame that has nothing else to do: the first one has what the list of tickets found new. */
static void
on_session_changed (ShtTicketPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  if (!gtk_widget_get_mapped (widget))
    self->stale = TRUE;
  else if (self->soon == 0)
    {
      self->changed_in = gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (widget));
      self->soon = gtk_widget_add_tick_callback (widget, on_soon, NULL, NULL);
    }
}

static gboolean
on_clock (gpointer data)
{
  sht_ticket_page_refresh (data);
  return G_SOURCE_CONTINUE;
}

static void
sht_ticket_page_map (GtkWidget *widget)
{
  ShtTicketPage *self = SHT_TICKET_PAGE (widget);

  if (self->stale)
    sht_ticket_page_refresh (self);
  self->clock = g_timeout_add_seconds (CLOCK_S, on_clock, self);
  GTK_WIDGET_CLASS (sht_ticket_page_parent_class)->map (widget);
}

static void
sht_ticket_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&SHT_TICKET_PAGE (widget)->clock, g_source_remove);
  GTK_WIDGET_CLASS (sht_ticket_page_parent_class)->unmap (widget);
}

/* --- actions --- */

static void
on_next (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtTicketPage *self = SHT_TICKET_PAGE (widget);
  gint64 now = g_get_monotonic_time ();
  ShtStatus next;

  if (self->doc == NULL || now - self->last_tap < DOUBLE_TAP_US)
    return;
  self->last_tap = now;
  if (sht_action_bar_next (sht_ticket_page_get_role (self), self->status, &next) && !sht_ticket_ask_missing (self, next))
    sht_ticket_page_step (self, next, NULL, NULL, NULL);
}

static void
on_step (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtTicketPage *self = SHT_TICKET_PAGE (widget);
  ShtStatus status;

  if (self->doc == NULL || !sht_status_parse (g_variant_get_string (parameter, NULL), &status)
      || sht_ticket_ask_missing (self, status))
    return;
  if (sht_ticket_page_can_undo (self, status))
    sht_ticket_page_step (self, status, NULL, NULL, NULL);
  else
    sht_ticket_ask_reason (self, status);
}

/* The box stands high on the page: below it there will be a keyboard. */
static void
write_note (ShtTicketPage *self)
{
  graphene_point_t at;

  sht_note_box_grab (SHT_NOTE_BOX (self->note));
  if (gtk_widget_compute_point (self->note, self->column, &GRAPHENE_POINT_INIT (0, 0), &at))
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled)),
                              (double) at.y - NOTE_TOP);
}

static void
on_question (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtTicketPage *self = SHT_TICKET_PAGE (widget);

  if (self->doc == NULL)
    return;
  if (g_str_equal (action, "ticket.wait"))
    sht_ticket_ask_waiting (self);
  else if (g_str_equal (action, "ticket.hand-over"))
    sht_ticket_ask_department (self);
  else if (g_str_equal (action, "ticket.assign"))
    sht_ticket_ask_crew (self);
  else if (g_str_equal (action, "ticket.duplicate"))
    sht_ticket_ask_original (self);
  else if (g_str_equal (action, "ticket.note"))
    write_note (self);
}

static void
on_call (GtkWidget *widget, const char *action, GVariant *parameter)
{
  sht_ticket_call (SHT_TICKET_PAGE (widget), g_variant_get_string (parameter, NULL));
}

/* --- making --- */

static void
sht_ticket_page_dispose (GObject *object)
{
  ShtTicketPage *self = SHT_TICKET_PAGE (object);

  g_clear_handle_id (&self->clock, g_source_remove);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_ticket_page_parent_class)->dispose (object);
}

static void
sht_ticket_page_finalize (GObject *object)
{
  ShtTicketPage *self = SHT_TICKET_PAGE (object);

  g_free (self->ticket);
  g_free (self->shown_cards);
  g_free (self->shown_events);
  g_clear_pointer (&self->doc, json_object_unref);
  G_OBJECT_CLASS (sht_ticket_page_parent_class)->finalize (object);
}

static void
sht_ticket_page_class_init (ShtTicketPageClass *class)
{
  static const char *const questions[] = { "ticket.wait", "ticket.hand-over", "ticket.assign", "ticket.duplicate",
                                           "ticket.note" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_ticket_page_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_ticket_page_finalize;
  widget_class->map = sht_ticket_page_map;
  widget_class->unmap = sht_ticket_page_unmap;
  gtk_widget_class_install_action (widget_class, "ticket.next", NULL, on_next);
  gtk_widget_class_install_action (widget_class, "ticket.step", "s", on_step);
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    gtk_widget_class_install_action (widget_class, questions[i], NULL, on_question);
  gtk_widget_class_install_action (widget_class, "ticket.call", "s", on_call);
  sht_ticket_install_photos (widget_class);
  sht_ticket_install_voice (widget_class);
  sht_ticket_install_obstacle (widget_class);
}

static GtkWidget *
add_bin (ShtTicketPage *self)
{
  GtkWidget *bin = adw_bin_new ();

  adw_bin_set_child (ADW_BIN (bin), gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_widget_set_visible (bin, FALSE);
  gtk_box_append (GTK_BOX (self->column), bin);
  return adw_bin_get_child (ADW_BIN (bin));
}

static void
add_photos (ShtTicketPage *self)
{
  GtkWidget *pair = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);

  gtk_box_set_homogeneous (GTK_BOX (pair), TRUE);
  self->strips[0] = sht_photo_strip_new (self->session, "before", _("Before"), _("Add a photo before"));
  self->strips[1] = sht_photo_strip_new (self->session, "after", _("After"), _("Add a photo after"));
  self->strips[2] = sht_photo_strip_new (self->session, "other", _("Other photos"), NULL);
  gtk_box_append (GTK_BOX (pair), sht_width_first_new (self->strips[0]));
  gtk_box_append (GTK_BOX (pair), sht_width_first_new (self->strips[1]));
  gtk_box_append (GTK_BOX (self->column), pair);
  gtk_box_append (GTK_BOX (self->column), self->strips[2]);
}

static void
add_journey (ShtTicketPage *self)
{
  GtkWidget *part = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *title = gtk_label_new (_("Journey"));

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  self->note = sht_note_box_new (self->session);
  g_signal_connect_object (self->note, "send", G_CALLBACK (on_note_send), self, G_CONNECT_SWAPPED);
  self->journey = sht_journey_new (sht_session_get_reader (self->session));
  gtk_box_append (GTK_BOX (part), title);
  gtk_box_append (GTK_BOX (part), self->note);
  gtk_box_append (GTK_BOX (part), self->journey);
  gtk_box_append (GTK_BOX (self->column), part);
}

static void
build (ShtTicketPage *self)
{
  GtkWidget *clamp = sht_letters_clamp_new (COLUMN_WIDTH, COLUMN_WIDTH);

  self->column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  gtk_widget_set_margin_top (self->column, 18);
  gtk_widget_set_margin_bottom (self->column, 36);
  gtk_widget_set_margin_start (self->column, 18);
  gtk_widget_set_margin_end (self->column, 18);
  self->header = sht_ticket_header_new (sht_session_get_reader (self->session));
  self->bar = sht_action_bar_new ();
  gtk_box_append (GTK_BOX (self->column), self->header);
  gtk_box_append (GTK_BOX (self->column), self->bar);
  self->attention = sht_attention_list_new (self->session, TRUE);
  gtk_box_append (GTK_BOX (self->column), self->attention);
  self->contributions = add_bin (self);
  self->resident = add_bin (self);
  self->answers = add_bin (self);
  gtk_box_append (GTK_BOX (self->column), self->form = sht_form_card_new (self->session));
  g_signal_connect_object (self->form, "problem", G_CALLBACK (say_error), self, G_CONNECT_SWAPPED);
  add_photos (self);
  gtk_box_append (GTK_BOX (self->column), self->nearby = sht_nearby_new ());
  add_journey (self);
  adw_clamp_set_child (ADW_CLAMP (clamp), self->column);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), clamp);
  g_object_set (self->empty = sht_letters_status_page_new (), "icon-name", "view-list-symbolic", NULL);
  self->stack = gtk_stack_new ();
  gtk_stack_add_child (GTK_STACK (self->stack), self->empty);
  gtk_stack_add_child (GTK_STACK (self->stack), sht_width_first_new_scrolled (self->scrolled));
  self->toasts = adw_toast_overlay_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), sht_cover_new (self->stack));
  adw_bin_set_child (ADW_BIN (self), self->toasts);
}

static void
sht_ticket_page_init (ShtTicketPage *self)
{
}

GtkWidget *
sht_ticket_page_new (ShtSession *session)
{
  ShtTicketPage *self = g_object_new (SHT_TYPE_TICKET_PAGE, NULL);

  self->session = g_object_ref (session);
  build (self);
  sht_ticket_page_accept_pictures (self);
  show_empty (self);
  g_signal_connect_object (session, "changed", G_CALLBACK (on_session_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * sht_ticket_page_set_ticket:
 * @ticket: (nullable): a ticket's UUID, or %NULL for none
 */
void
sht_ticket_page_set_ticket (GtkWidget *page, const char *ticket)
{
  ShtTicketPage *self = SHT_TICKET_PAGE (page);

  if (g_strcmp0 (self->ticket, ticket) == 0)
    {
      sht_ticket_page_refresh (self);
      return;
    }
  sht_cover_hide (self->stack);
  g_free (self->ticket);
  self->ticket = g_strdup (ticket);
  sht_journey_clear (SHT_JOURNEY (self->journey));
  sht_ticket_page_refresh (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled)), 0);
}
