/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/form-card.h"

#include "core/form.h"
#include "core/json.h"
#include "tablet/ui/common/form-question.h"

#include <glib/gi18n.h>

#define TOUCH 56
/* How far below the page's top a question stands that one is sent to. */
#define TOP 24
/* How many questions are made in one frame: the page opens as soon with 30 of them as with five. */
#define AT_ONCE 2

struct _ShtFormCard
{
  GtkBox parent_instance;

  ShtSession *session; /* (owned) */
  char *ticket;        /* (owned) (nullable) */
  char *shown;         /* (owned) (nullable): what the questions were made for */
  JsonObject *service; /* (owned) (nullable) */
  JsonObject *doc;     /* (owned) (nullable): the ticket as it is shown */
  JsonObject *answers; /* (unowned) (nullable): what stands in it */
  JsonObject *draft;   /* (owned): what was filled in and is not kept yet */
  guint changes;       /* how often it was changed */
  guint written;       /* the last change that the store has */
  GPtrArray *to_come;  /* (owned): questions that have no widgets yet, the next one last */
  guint making;        /* a tick that makes them */

  GtkWidget *count;
  GtkWidget *questions;
  GtkWidget *keep;
};

G_DEFINE_FINAL_TYPE (ShtFormCard, sht_form_card, GTK_TYPE_BOX)

enum
{
  PROBLEM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What stands or was filled in since. */
static JsonNode *
answer_to (ShtFormCard *self, const char *code)
{
  if (json_object_has_member (self->draft, code))
    return json_object_get_member (self->draft, code);
  return self->answers != NULL ? json_object_get_member (self->answers, code) : NULL;
}

/* Whether something is written there that is no answer. */
static gboolean
is_wrong (ShtFormCard *self, const char *code)
{
  for (GtkWidget *child = gtk_widget_get_first_child (self->questions); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (g_str_equal (sht_form_question_get_code (SHT_FORM_QUESTION (child)), code))
      return sht_form_question_is_wrong (SHT_FORM_QUESTION (child));
  return FALSE;
}

static void
show_count (ShtFormCard *self)
{
  g_autoptr (GPtrArray) questions = sht_form_questions (self->service, "form");
  guint asked = 0, answered = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < questions->len; i++)
    {
      JsonObject *question = g_ptr_array_index (questions, i);
      const char *code = sht_json_string (question, "code");
      JsonNode *answer = answer_to (self, code);

      asked += sht_form_is_asked (question);
      answered += sht_form_is_asked (question) && sht_answer_is_given (answer)
                  && sht_answer_fits (question, answer, NULL) && !is_wrong (self, code);
    }
  text = g_strdup_printf (ngettext ("%u of %u answered", "%u of %u answered", asked), answered, asked);
  gtk_label_set_text (GTK_LABEL (self->count), text);
  gtk_widget_set_visible (self->count, asked > 0);
  gtk_widget_set_visible (self->keep, json_object_get_size (self->draft) > 0);
}

/* --- the draft --- */

typedef struct
{
  char *ticket;      /* (owned) */
  JsonObject *draft; /* (owned) */
  JsonObject *shown; /* (owned) (nullable): the ticket as it was shown */
  ShtFormCard *card; /* (owned) (nullable): who is to be told */
  guint change;      /* the card's last one */
  gboolean is_written;
} Job;

/* Another thread writes it while the window goes on. */
static JsonObject *
copy (JsonObject *object)
{
  g_autofree char *text = sht_json_to_string (object);

  return sht_json_parse_object (text, -1, NULL);
}

static Job *
job_new (ShtFormCard *self)
{
  Job *job = g_new0 (Job, 1);

  job->ticket = g_strdup (self->ticket);
  job->draft = copy (self->draft);
  job->shown = self->doc != NULL ? copy (self->doc) : NULL;
  job->change = self->changes;
  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->ticket);
  g_clear_pointer (&job->draft, json_object_unref);
  g_clear_pointer (&job->shown, json_object_unref);
  g_clear_object (&job->card);
  g_free (job);
}

static gboolean
do_draft (ShtStore *store, gpointer data, GError **error)
{
  Job *job = data;

  job->is_written = sht_store_draft_form (store, job->ticket, job->draft, job->shown, error);
  return job->is_written;
}

/* From now on the store is asked: a ticket that leaves takes its answers along, and may come back. */
static void
draft_done (gpointer data)
{
  Job *job = data;

  if (job->is_written)
    job->card->written = MAX (job->card->written, job->change);
  job_free (job);
}

static gboolean
do_keep (ShtStore *store, gpointer data, GError **error)
{
  Job *job = data;

  return sht_store_keep_filled (store, job->ticket, job->draft, job->shown, error);
}

static void
on_kept (GObject *session, GAsyncResult *result, gpointer data)
{
  Job *job = data;
  ShtFormCard *self = job->card;
  g_autoptr (GError) error = NULL;
  JsonObjectIter iter;
  const char *code;
  JsonNode *value;

  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    g_signal_emit (self, signals[PROBLEM], 0, error);
  else if (g_strcmp0 (self->ticket, job->ticket) == 0)
    {
      /* What was changed since is a draft still. */
      json_object_iter_init (&iter, job->draft);
      while (json_object_iter_next (&iter, &code, &value))
        if (json_object_has_member (self->draft, code)
            && sht_json_nodes_equal (json_object_get_member (self->draft, code), value))
          json_object_remove_member (self->draft, code);
      self->written = MAX (self->written, job->change);
      show_count (self);
    }
  job_free (job);
}

/* The page is left, perhaps with its window: nobody is there to be told. What cannot be kept is a draft still, and shown
 * as such. */
static void
keep_silently (ShtFormCard *self)
{
  if (self->ticket != NULL && json_object_get_size (self->draft) > 0)
    sht_session_do_async (self->session, do_keep, job_new (self), job_free, NULL, NULL);
}

/**
 * sht_form_card_keep:
 *
 * Makes an operation of what was filled in, if there is any; what is done on the ticket afterwards comes after it.
 */
void
sht_form_card_keep (ShtFormCard *self)
{
  Job *job;

  if (self->ticket == NULL || json_object_get_size (self->draft) == 0)
    return;
  job = job_new (self);
  job->card = g_object_ref (self);
  sht_session_do_async (self->session, do_keep, job, NULL, on_kept, job);
}

static void
on_changed (ShtFormQuestion *question, ShtFormCard *self)
{
  const char *code = sht_form_question_get_code (question);
  g_autoptr (JsonNode) answer = sht_form_question_get_answer (question);
  JsonNode *stands = self->answers != NULL ? json_object_get_member (self->answers, code) : NULL;
  Job *job;

  /* What is no answer takes back none: what stands does so until there is another, or nothing is written. */
  if (!sht_form_question_is_wrong (question) && !sht_json_nodes_equal (answer, stands))
    json_object_set_member (self->draft, code, g_steal_pointer (&answer));
  else if (json_object_has_member (self->draft, code))
    json_object_remove_member (self->draft, code);
  /* One after the other, so that the last one stands; before what keeps it. */
  self->changes++;
  job = job_new (self);
  job->card = g_object_ref (self);
  sht_session_do_quietly (self->session, do_draft, job, draft_done);
  show_count (self);
}

/* --- what is asked --- */

static void
make_some (ShtFormCard *self, guint most)
{
  for (; most > 0 && self->to_come->len > 0; most--)
    {
      JsonObject *question = g_ptr_array_steal_index (self->to_come, self->to_come->len - 1);
      GtkWidget *widget = sht_form_question_new (question);

      sht_form_question_set_answer (SHT_FORM_QUESTION (widget), answer_to (self, sht_json_string (question, "code")));
      g_signal_connect_object (widget, "changed", G_CALLBACK (on_changed), self, 0);
      gtk_box_append (GTK_BOX (self->questions), widget);
    }
  if (self->to_come->len == 0 && self->making != 0)
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->making);
      self->making = 0;
    }
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer unused)
{
  ShtFormCard *self = SHT_FORM_CARD (widget);
  guint tick = self->making;

  make_some (self, AT_ONCE);
  return self->making == tick ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
make_questions (ShtFormCard *self)
{
  g_autoptr (GPtrArray) questions = sht_form_questions (self->service, "form");
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->questions)) != NULL)
    gtk_box_remove (GTK_BOX (self->questions), child);
  g_ptr_array_set_size (self->to_come, 0);
  for (guint i = questions->len; i > 0; i--)
    g_ptr_array_add (self->to_come, g_ptr_array_index (questions, i - 1));
  make_some (self, AT_ONCE);
  if (self->to_come->len > 0 && self->making == 0)
    self->making = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

/* Tickets of one kind have one form: its widgets are made once. */
static char *
key_of (JsonObject *service)
{
  g_autoptr (GString) key = g_string_new (NULL);

  if (sht_json_array (service, "form") != NULL)
    sht_json_append_array (key, sht_json_array (service, "form"));
  return g_string_free (g_steal_pointer (&key), FALSE);
}

static void
clear_questions (ShtFormCard *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (self->questions); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    sht_form_question_clear (SHT_FORM_QUESTION (child));
}

/* What was filled in and stands by now, whoever has brought that about. */
static void
forget_what_stands (ShtFormCard *self)
{
  g_autoptr (GList) codes = json_object_get_members (self->draft);

  for (GList *code = codes; code != NULL; code = code->next)
    if (sht_json_nodes_equal (json_object_get_member (self->draft, code->data),
                              self->answers != NULL ? json_object_get_member (self->answers, code->data) : NULL))
      json_object_remove_member (self->draft, code->data);
}

/* Of what is over nothing is asked: answers would only be written down. */
static gboolean
is_asked_now (JsonObject *doc)
{
  ShtStatus status = SHT_STATUS_NEW;

  sht_status_parse (sht_json_string (doc, "status"), &status);
  return !sht_status_is_over (status);
}

/**
 * sht_form_card_update:
 * @ticket: (nullable): whose form it is from now on; what was filled in on another is kept
 * @doc: (nullable): the ticket as it stands
 */
void
sht_form_card_update (ShtFormCard *self, const char *ticket, JsonObject *doc)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  const char *code = sht_json_string (doc, "service");
  g_autoptr (JsonObject) service = code != NULL ? sht_store_get (reader, "service", code, NULL) : NULL;
  g_autofree char *key = NULL;

  if (g_strcmp0 (self->ticket, ticket) != 0)
    {
      keep_silently (self);
      clear_questions (self);
      g_free (self->ticket);
      self->ticket = g_strdup (ticket);
      self->written = self->changes;
    }
  if (self->written == self->changes)
    {
      json_object_unref (self->draft);
      self->draft = ticket != NULL ? sht_store_read_form (reader, ticket) : json_object_new ();
    }
  gtk_widget_set_visible (GTK_WIDGET (self), sht_json_array (service, "form") != NULL && is_asked_now (doc));
  g_clear_pointer (&self->doc, json_object_unref);
  self->doc = doc != NULL ? json_object_ref (doc) : NULL;
  self->answers = sht_json_object (doc, "answers");
  forget_what_stands (self);
  key = key_of (service);
  if (g_strcmp0 (key, self->shown) != 0)
    {
      g_free (self->shown);
      self->shown = g_steal_pointer (&key);
      g_clear_pointer (&self->service, json_object_unref);
      self->service = g_steal_pointer (&service);
      make_questions (self);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (self->questions); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    sht_form_question_set_answer (SHT_FORM_QUESTION (child),
                                  answer_to (self, sht_form_question_get_code (SHT_FORM_QUESTION (child))));
  show_count (self);
}

/**
 * sht_form_card_missing:
 *
 * Returns: (transfer full) (element-type JsonObject): the required questions that neither stand answered nor were
 *   answered since, or where what is written is no answer, in their order; good until the next update
 */
GPtrArray *
sht_form_card_missing (ShtFormCard *self)
{
  g_autoptr (JsonObject) all = json_object_new ();
  JsonObject *const parts[] = { self->answers, self->draft };
  JsonObjectIter iter;
  const char *code;
  JsonNode *value;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (parts[i] == NULL)
        continue;
      json_object_iter_init (&iter, parts[i]);
      while (json_object_iter_next (&iter, &code, &value))
        if (!is_wrong (self, code))
          json_object_set_member (all, code, json_node_copy (value));
    }
  return sht_form_missing (self->service, all);
}

typedef struct
{
  ShtFormCard *card;
  char *code;
} Going;

static void
going_free (gpointer data)
{
  Going *going = data;

  g_free (going->code);
  g_free (going);
}

static gboolean
go (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Going *going = data;
  GtkWidget *scrolled = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  graphene_point_t at;

  for (GtkWidget *child = gtk_widget_get_first_child (going->card->questions); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (g_strcmp0 (sht_form_question_get_code (SHT_FORM_QUESTION (child)), going->code) == 0)
      {
        /* With its place not worked out yet, in the next frame. */
        if (gtk_widget_get_height (child) == 0)
          return G_SOURCE_CONTINUE;
        gtk_widget_grab_focus (child);
        if (scrolled != NULL && gtk_widget_compute_point (child, scrolled, &GRAPHENE_POINT_INIT (0, 0), &at))
          {
            GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));

            gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + (double) at.y - TOP);
          }
      }
  return G_SOURCE_REMOVE;
}

/**
 * sht_form_card_go_to:
 * @code: a question's
 *
 * Shows the question high on the page, and gives it the focus.
 */
void
sht_form_card_go_to (ShtFormCard *self, const char *code)
{
  Going *going = g_new0 (Going, 1);

  make_some (self, G_MAXUINT);
  going->card = self;
  going->code = g_strdup (code);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), go, going, going_free);
}

/* --- making --- */

static void
sht_form_card_unmap (GtkWidget *widget)
{
  keep_silently (SHT_FORM_CARD (widget));
  GTK_WIDGET_CLASS (sht_form_card_parent_class)->unmap (widget);
}

static void
sht_form_card_dispose (GObject *object)
{
  g_clear_object (&SHT_FORM_CARD (object)->session);
  G_OBJECT_CLASS (sht_form_card_parent_class)->dispose (object);
}

static void
sht_form_card_finalize (GObject *object)
{
  ShtFormCard *self = SHT_FORM_CARD (object);

  g_free (self->ticket);
  g_free (self->shown);
  g_clear_pointer (&self->service, json_object_unref);
  g_clear_pointer (&self->doc, json_object_unref);
  json_object_unref (self->draft);
  g_ptr_array_unref (self->to_come);
  G_OBJECT_CLASS (sht_form_card_parent_class)->finalize (object);
}

static void
sht_form_card_class_init (ShtFormCardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_form_card_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_form_card_finalize;
  GTK_WIDGET_CLASS (class)->unmap = sht_form_card_unmap;
  signals[PROBLEM] = g_signal_new ("problem", SHT_TYPE_FORM_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                   G_TYPE_ERROR);
}

static void
sht_form_card_init (ShtFormCard *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (_("Form"));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->draft = json_object_new ();
  self->to_come = g_ptr_array_new ();
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (title, "heading");
  self->count = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->count, "dim-label");
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), self->count);
  self->questions = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  gtk_widget_add_css_class (self->questions, "card");
  gtk_widget_add_css_class (self->questions, "form-card");
  self->keep = gtk_button_new_with_label (_("Keep the answers"));
  gtk_widget_set_size_request (self->keep, -1, TOUCH);
  gtk_widget_add_css_class (self->keep, "touch");
  g_signal_connect_object (self->keep, "clicked", G_CALLBACK (sht_form_card_keep), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), head);
  gtk_box_append (GTK_BOX (self), self->questions);
  gtk_box_append (GTK_BOX (self), self->keep);
}

static gboolean
do_keep_all (ShtStore *store, gpointer unused, GError **error)
{
  return sht_store_keep_forms (store, error);
}

/**
 * sht_form_card_new:
 *
 * What a program that was ended had begun to fill in is kept, of every ticket.
 */
GtkWidget *
sht_form_card_new (ShtSession *session)
{
  ShtFormCard *self = g_object_new (SHT_TYPE_FORM_CARD, NULL);

  self->session = g_object_ref (session);
  sht_session_do_quietly (session, do_keep_all, NULL, NULL);
  return GTK_WIDGET (self);
}
