/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/form-question.h"

#include "core/form.h"
#include "core/json.h"
#include "core/operation.h"
#include "tablet/ui/common/answer-words.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/moment-entry.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

#define TOUCH 56
#define GAP 9
#define TEXT_HEIGHT 110

struct _ShtFormQuestion
{
  GtkBox parent_instance;

  JsonObject *question; /* (owned) */
  char *words;          /* (owned): what it asks */
  gboolean filling;     /* the program fills in, and nobody has changed anything */

  GtkWidget *required;
  GtkWidget *wrong;  /* (nullable): that what is written is no number */
  GtkWidget *entry;  /* (nullable): of a line or a number */
  GtkWidget *view;   /* (nullable): of a text */
  GtkWidget *moment; /* (nullable) */
  GtkWidget *choices; /* (nullable): a box of toggles */
};

G_DEFINE_FINAL_TYPE (ShtFormQuestion, sht_form_question, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

const char *
sht_form_question_get_code (ShtFormQuestion *self)
{
  return sht_json_string (self->question, "code");
}

/* --- what is answered --- */

static const char *
key_of (GtkWidget *toggle)
{
  return g_object_get_data (G_OBJECT (toggle), "key");
}

static JsonNode *
read_choices (ShtFormQuestion *self)
{
  gboolean several = sht_form_datatype (self->question) == SHT_DATATYPE_MULTIPLE;
  g_autoptr (JsonArray) keys = json_array_new ();

  for (GtkWidget *toggle = gtk_widget_get_first_child (self->choices); toggle != NULL;
       toggle = gtk_widget_get_next_sibling (toggle))
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (toggle)))
      json_array_add_string_element (keys, key_of (toggle));
  if (json_array_get_length (keys) == 0)
    return json_node_new (JSON_NODE_NULL);
  if (several)
    return json_node_init_array (json_node_alloc (), keys);
  return json_node_init_string (json_node_alloc (), json_array_get_string_element (keys, 0));
}

static char *
read_text (ShtFormQuestion *self)
{
  GtkTextIter start, end;

  if (self->moment != NULL)
    return sht_moment_entry_get (SHT_MOMENT_ENTRY (self->moment));
  if (self->entry != NULL)
    return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  gtk_text_buffer_get_bounds (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)), &start, &end);
  return gtk_text_buffer_get_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)), &start, &end, FALSE);
}

/**
 * sht_form_question_get_answer:
 *
 * Returns: (transfer full): the answer, null for none; what is written and is no number is none
 */
JsonNode *
sht_form_question_get_answer (ShtFormQuestion *self)
{
  g_autofree char *text = NULL;
  g_autofree char *bare = NULL;
  g_autoptr (JsonNode) answer = NULL;
  double number;

  if (self->choices != NULL)
    return read_choices (self);
  if (self->entry == NULL && self->view == NULL && self->moment == NULL)
    return json_node_new (JSON_NODE_NULL);
  text = read_text (self);
  bare = text != NULL ? g_strstrip (g_strdup (text)) : NULL;
  if (bare == NULL || bare[0] == '\0'
      || (sht_form_datatype (self->question) == SHT_DATATYPE_NUMBER && !sht_number_read (bare, &number)))
    return json_node_new (JSON_NODE_NULL);
  answer = sht_answer_read (self->question, bare, NULL);
  return answer != NULL ? g_steal_pointer (&answer) : json_node_new (JSON_NODE_NULL);
}

/**
 * sht_form_question_is_wrong:
 *
 * Returns: whether something is written that is no answer, which is said below it
 */
gboolean
sht_form_question_is_wrong (ShtFormQuestion *self)
{
  return self->wrong != NULL && gtk_widget_get_visible (self->wrong);
}

static void
show_state (ShtFormQuestion *self)
{
  g_autoptr (JsonNode) answer = sht_form_question_get_answer (self);
  gboolean given = sht_answer_is_given (answer);

  if (self->required != NULL)
    gtk_label_set_text (GTK_LABEL (self->required), given ? _("✔ Required") : _("✱ Required"));
  if (self->wrong != NULL)
    {
      g_autofree char *text = g_strstrip (read_text (self));

      gtk_widget_set_visible (self->wrong, text[0] != '\0' && !given);
    }
}

static void
on_changed (ShtFormQuestion *self)
{
  if (self->filling)
    return;
  show_state (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- choices --- */

static void
show_tick (ShtFormQuestion *self, GtkWidget *toggle)
{
  GtkWidget *tick = gtk_widget_get_first_child (gtk_button_get_child (GTK_BUTTON (toggle)));
  gboolean single = sht_form_datatype (self->question) == SHT_DATATYPE_SINGLE;
  gboolean active = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (toggle));

  gtk_image_set_from_icon_name (GTK_IMAGE (tick), single   ? active ? "sht-choice-made-symbolic" : "sht-choice-symbolic"
                                                  : active ? "sht-box-ticked-symbolic"
                                                           : "sht-box-symbolic");
}

static void
on_toggled (GtkWidget *toggle, ShtFormQuestion *self)
{
  gboolean single = sht_form_datatype (self->question) == SHT_DATATYPE_SINGLE;

  show_tick (self, toggle);
  if (self->filling)
    return;
  if (single && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (toggle)))
    {
      self->filling = TRUE;
      for (GtkWidget *other = gtk_widget_get_first_child (self->choices); other != NULL;
           other = gtk_widget_get_next_sibling (other))
        if (other != toggle)
          gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (other), FALSE);
      self->filling = FALSE;
    }
  on_changed (self);
}

static GtkWidget *
add_choice (ShtFormQuestion *self, const char *key, const char *words, const char *remark)
{
  GtkWidget *toggle = gtk_toggle_button_new ();
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  const char *const texts[] = { words, remark };

  gtk_box_append (GTK_BOX (row), gtk_image_new ());
  gtk_box_append (GTK_BOX (row), column);
  gtk_widget_set_valign (column, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (column, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (texts) && texts[i] != NULL; i++)
    {
      GtkWidget *label = gtk_label_new (texts[i]);

      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      if (i > 0)
        gtk_widget_add_css_class (label, "caption");
      gtk_box_append (GTK_BOX (column), label);
    }
  gtk_button_set_child (GTK_BUTTON (toggle), row);
  gtk_widget_set_size_request (toggle, -1, TOUCH);
  gtk_widget_add_css_class (toggle, "touch");
  gtk_widget_add_css_class (toggle, "report-tile");
  gtk_widget_add_css_class (toggle, "form-choice");
  g_object_set_data_full (G_OBJECT (toggle), "key", g_strdup (key), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  show_tick (self, toggle);
  g_signal_connect_object (toggle, "toggled", G_CALLBACK (on_toggled), self, 0);
  gtk_box_append (GTK_BOX (self->choices), toggle);
  return toggle;
}

static void
add_choices (ShtFormQuestion *self)
{
  JsonArray *values = sht_json_array (self->question, "values");

  self->choices = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", GAP, "accessible-role",
                                GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choices), GTK_ACCESSIBLE_PROPERTY_LABEL, self->words, -1);
  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    {
      JsonObject *choice = sht_json_element (values, i);
      g_autofree char *words = choice != NULL ? sht_choice_words (choice) : NULL;

      if (sht_json_string (choice, "key") != NULL)
        add_choice (self, sht_json_string (choice, "key"), words, NULL);
    }
  gtk_box_append (GTK_BOX (self), self->choices);
}

/* What the office has struck from the list stays to be seen, and can be taken back. */
static GtkWidget *
find_choice (ShtFormQuestion *self, const char *key)
{
  for (GtkWidget *toggle = gtk_widget_get_first_child (self->choices); toggle != NULL;
       toggle = gtk_widget_get_next_sibling (toggle))
    if (g_str_equal (key_of (toggle), key))
      return toggle;
  return add_choice (self, key, key, _("No longer offered"));
}

static void
fill_choices (ShtFormQuestion *self, JsonNode *answer)
{
  for (GtkWidget *toggle = gtk_widget_get_first_child (self->choices), *next; toggle != NULL; toggle = next)
    {
      next = gtk_widget_get_next_sibling (toggle);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), FALSE);
      if (sht_form_choice (self->question, key_of (toggle)) == NULL)
        gtk_box_remove (GTK_BOX (self->choices), toggle);
    }
  if (!sht_answer_fits (self->question, answer, NULL) || !sht_answer_is_given (answer))
    return;
  if (JSON_NODE_HOLDS_VALUE (answer))
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_choice (self, json_node_get_string (answer))), TRUE);
  else
    for (guint i = 0; i < json_array_get_length (json_node_get_array (answer)); i++)
      gtk_toggle_button_set_active (
        GTK_TOGGLE_BUTTON (find_choice (self, json_array_get_string_element (json_node_get_array (answer), i))), TRUE);
}

/* --- texts and numbers --- */

static void
on_count (GtkWidget *button, ShtFormQuestion *self)
{
  int by = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "by"));
  double number = 0;
  g_autofree char *text = NULL;

  if (!sht_number_read (gtk_editable_get_text (GTK_EDITABLE (self->entry)), &number))
    number = by > 0 ? 0 : 1;
  /* Below nothing one has to write it. */
  text = sht_words_number (number >= 0 ? MAX (number + by, 0) : number + by, -1);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

static GtkWidget *
new_counter (ShtFormQuestion *self, const char *icon, const char *words, int by)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);
  g_autofree char *name = g_strdup_printf ("%s, %s", self->words, words);

  gtk_widget_set_size_request (button, TOUCH + 16, TOUCH);
  gtk_widget_add_css_class (button, "touch");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "by", GINT_TO_POINTER (by));
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_count), self, 0);
  return button;
}

static void
add_entry (ShtFormQuestion *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, GAP);
  gboolean number = sht_form_datatype (self->question) == SHT_DATATYPE_NUMBER;

  self->entry = gtk_entry_new ();
  gtk_entry_set_max_length (GTK_ENTRY (self->entry), SHT_ANSWER_MAX_LINE);
  gtk_widget_set_size_request (self->entry, -1, TOUCH);
  gtk_widget_set_hexpand (self->entry, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, self->words, -1);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  if (number)
    {
      gtk_entry_set_input_purpose (GTK_ENTRY (self->entry), GTK_INPUT_PURPOSE_NUMBER);
      gtk_editable_set_alignment (GTK_EDITABLE (self->entry), 0.5F);
      gtk_box_append (GTK_BOX (row), new_counter (self, "list-remove-symbolic", _("one less"), -1));
    }
  gtk_box_append (GTK_BOX (row), self->entry);
  if (number)
    gtk_box_append (GTK_BOX (row), new_counter (self, "list-add-symbolic", _("one more"), 1));
  gtk_box_append (GTK_BOX (self), row);
  if (!number)
    return;
  self->wrong = gtk_label_new (_("Please write a number"));
  gtk_label_set_xalign (GTK_LABEL (self->wrong), 0);
  gtk_widget_add_css_class (self->wrong, "problem");
  gtk_widget_set_visible (self->wrong, FALSE);
  gtk_box_append (GTK_BOX (self), self->wrong);
}

/* The hub takes no longer ones. */
static void
on_insert (GtkTextBuffer *buffer, GtkTextIter *at, const char *text, int length, gpointer unused)
{
  if (gtk_text_buffer_get_char_count (buffer) + g_utf8_strlen (text, length) > SHT_TEXT_MAX_CHARS)
    g_signal_stop_emission_by_name (buffer, "insert-text");
}

static void
add_view (ShtFormQuestion *self)
{
  GtkTextBuffer *buffer;

  self->view = sht_letters_text_view_new (self->words);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  gtk_widget_set_size_request (self->view, -1, TEXT_HEIGHT);
  gtk_widget_add_css_class (self->view, "card");
  gtk_widget_add_css_class (self->view, "form-text");
  g_signal_connect_object (buffer, "insert-text", G_CALLBACK (on_insert), self, 0);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), self->view);
}

static void
fill (ShtFormQuestion *self, JsonNode *answer, const char *text)
{
  self->filling = TRUE;
  if (self->choices != NULL)
    fill_choices (self, answer);
  else if (self->moment != NULL)
    sht_moment_entry_set (SHT_MOMENT_ENTRY (self->moment), text);
  else if (self->entry != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->entry), text != NULL ? text : "");
  else if (self->view != NULL)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)), text != NULL ? text : "", -1);
  self->filling = FALSE;
  show_state (self);
}

/**
 * sht_form_question_clear:
 *
 * As if nobody had answered, nor begun to write what is no answer yet; nobody is told that it has changed.
 */
void
sht_form_question_clear (ShtFormQuestion *self)
{
  fill (self, NULL, NULL);
}

/**
 * sht_form_question_set_answer:
 * @answer: (nullable): what stands; what does not fit the question is shown as none
 *
 * Shows it, unless what is written is no answer; nobody is told that it has changed.
 */
void
sht_form_question_set_answer (ShtFormQuestion *self, JsonNode *answer)
{
  g_autoptr (JsonNode) now = sht_form_question_get_answer (self);
  gboolean fits = sht_answer_is_given (answer) && sht_answer_fits (self->question, answer, NULL);
  g_autofree char *text = NULL;

  /* What is being written keeps its cursor, and the space at its end; what is wrong is the person's to put right. */
  if (sht_json_nodes_equal (now, answer) || sht_form_question_is_wrong (self))
    return;
  if (fits && JSON_NODE_HOLDS_VALUE (answer) && json_node_get_value_type (answer) == G_TYPE_STRING)
    text = g_strdup (json_node_get_string (answer));
  else if (fits && self->entry != NULL)
    text = sht_answer_words (self->question, answer);
  fill (self, answer, text);
}

/* --- making --- */

static gboolean
sht_form_question_grab_focus (GtkWidget *widget)
{
  ShtFormQuestion *self = SHT_FORM_QUESTION (widget);
  GtkWidget *first = self->choices != NULL ? gtk_widget_get_first_child (self->choices)
                     : self->entry != NULL ? self->entry
                     : self->view != NULL  ? self->view
                                           : self->moment;

  return first != NULL && gtk_widget_grab_focus (first);
}

static void
sht_form_question_finalize (GObject *object)
{
  ShtFormQuestion *self = SHT_FORM_QUESTION (object);

  g_clear_pointer (&self->question, json_object_unref);
  g_free (self->words);
  G_OBJECT_CLASS (sht_form_question_parent_class)->finalize (object);
}

static void
sht_form_question_class_init (ShtFormQuestionClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_form_question_finalize;
  GTK_WIDGET_CLASS (class)->grab_focus = sht_form_question_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", SHT_TYPE_FORM_QUESTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                   0);
}

static void
sht_form_question_init (ShtFormQuestion *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), GAP);
}

static GtkWidget *
new_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static void
add_head (ShtFormQuestion *self)
{
  gboolean asked = sht_form_is_asked (self->question);
  g_autofree char *help = sht_question_help (self->question);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, GAP);
  GtkWidget *label = new_label (self->words, asked ? "heading" : NULL);

  gtk_widget_set_hexpand (label, TRUE);
  if (!asked)
    gtk_box_append (GTK_BOX (row), gtk_image_new_from_icon_name ("dialog-information-symbolic"));
  gtk_box_append (GTK_BOX (row), label);
  if (sht_form_is_required (self->question))
    {
      self->required = gtk_label_new (_("✱ Required"));
      gtk_widget_set_valign (self->required, GTK_ALIGN_START);
      gtk_widget_add_css_class (self->required, "chip");
      gtk_box_append (GTK_BOX (row), self->required);
    }
  gtk_box_append (GTK_BOX (self), row);
  if (help == NULL)
    return;
  label = new_label (help, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (self), label);
}

/**
 * sht_form_question_new:
 * @question: a question of a service
 */
GtkWidget *
sht_form_question_new (JsonObject *question)
{
  ShtFormQuestion *self = g_object_new (SHT_TYPE_FORM_QUESTION, NULL);

  self->question = json_object_ref (question);
  self->words = sht_question_words (question);
  add_head (self);
  if (!sht_form_is_asked (question))
    return GTK_WIDGET (self);
  switch (sht_form_datatype (question))
    {
    case SHT_DATATYPE_SINGLE:
    case SHT_DATATYPE_MULTIPLE:
      add_choices (self);
      break;
    case SHT_DATATYPE_DATETIME:
      self->moment = sht_moment_entry_new (self->words);
      g_signal_connect_object (self->moment, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (self), self->moment);
      break;
    case SHT_DATATYPE_TEXT:
      add_view (self);
      break;
    case SHT_DATATYPE_STRING:
    case SHT_DATATYPE_NUMBER:
    case SHT_N_DATATYPES:
      add_entry (self);
      break;
    }
  return GTK_WIDGET (self);
}
