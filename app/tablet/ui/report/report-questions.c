/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/report/report-questions.h"

#include "core/form.h"
#include "core/json.h"
#include "tablet/ui/common/form-question.h"

#include <glib/gi18n.h>

#define TOUCH 56

struct _ShtReportQuestions
{
  GtkBox parent_instance;

  JsonObject *service; /* (owned) (nullable) */
  JsonObject *answers; /* (owned) (nullable): what was answered, %NULL for nothing */
  GtkWidget *arrow;
  GtkWidget *more;
  GtkWidget *questions;
};

G_DEFINE_FINAL_TYPE (ShtReportQuestions, sht_report_questions, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_changed (ShtFormQuestion *question, ShtReportQuestions *self)
{
  g_autoptr (JsonNode) answer = sht_form_question_get_answer (question);
  const char *code = sht_form_question_get_code (question);

  if (self->answers == NULL)
    self->answers = json_object_new ();
  if (sht_answer_is_given (answer))
    json_object_set_member (self->answers, code, g_steal_pointer (&answer));
  else if (json_object_has_member (self->answers, code))
    json_object_remove_member (self->answers, code);
  if (json_object_get_size (self->answers) == 0)
    g_clear_pointer (&self->answers, json_object_unref);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* A report asks for nothing: what the office needs, it asks. */
static JsonObject *
as_optional (JsonObject *question)
{
  g_autofree char *text = sht_json_to_string (question);
  JsonObject *optional = sht_json_parse_object (text, -1, NULL);

  json_object_set_boolean_member (optional, "required", FALSE);
  return optional;
}

/* The questions are made when somebody wants to see them. */
static void
show_questions (ShtReportQuestions *self)
{
  g_autoptr (GPtrArray) questions = sht_form_questions (self->service, "attributes");
  gboolean open = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->more));
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->questions)) != NULL)
    gtk_box_remove (GTK_BOX (self->questions), child);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->arrow), open ? "pan-up-symbolic" : "pan-down-symbolic");
  gtk_widget_set_visible (self->questions, open && questions->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self), questions->len > 0);
  for (guint i = 0; open && i < questions->len; i++)
    {
      g_autoptr (JsonObject) question = as_optional (g_ptr_array_index (questions, i));
      const char *code = sht_json_string (question, "code");
      GtkWidget *widget = sht_form_question_new (question);

      if (self->answers != NULL)
        sht_form_question_set_answer (SHT_FORM_QUESTION (widget), json_object_get_member (self->answers, code));
      g_signal_connect_object (widget, "changed", G_CALLBACK (on_changed), self, 0);
      gtk_box_append (GTK_BOX (self->questions), widget);
    }
}

static void
sht_report_questions_finalize (GObject *object)
{
  ShtReportQuestions *self = SHT_REPORT_QUESTIONS (object);

  g_clear_pointer (&self->service, json_object_unref);
  g_clear_pointer (&self->answers, json_object_unref);
  G_OBJECT_CLASS (sht_report_questions_parent_class)->finalize (object);
}

static void
sht_report_questions_class_init (ShtReportQuestionsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_report_questions_finalize;
  signals[CHANGED] = g_signal_new ("changed", SHT_TYPE_REPORT_QUESTIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

/* Its arrow says that the questions go away again. */
static GtkWidget *
new_toggle (ShtReportQuestions *self)
{
  GtkWidget *toggle = gtk_toggle_button_new (), *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *label = gtk_label_new (_("More questions (optional)"));

  self->arrow = gtk_image_new ();
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_widget_set_halign (content, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (content), label);
  gtk_box_append (GTK_BOX (content), self->arrow);
  gtk_button_set_child (GTK_BUTTON (toggle), content);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL, _("More questions (optional)"), -1);
  return toggle;
}

static void
sht_report_questions_init (ShtReportQuestions *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->more = new_toggle (self);
  gtk_widget_set_size_request (self->more, -1, TOUCH);
  gtk_widget_add_css_class (self->more, "touch");
  self->questions = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  gtk_widget_add_css_class (self->questions, "card");
  gtk_widget_add_css_class (self->questions, "form-card");
  g_signal_connect_object (self->more, "toggled", G_CALLBACK (show_questions), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), self->more);
  gtk_box_append (GTK_BOX (self), self->questions);
  show_questions (self);
}

GtkWidget *
sht_report_questions_new (void)
{
  return g_object_new (SHT_TYPE_REPORT_QUESTIONS, NULL);
}

/**
 * sht_report_questions_ask:
 * @service: (nullable): whose questions; of another service than before nothing is answered yet
 */
void
sht_report_questions_ask (ShtReportQuestions *self, JsonObject *service)
{
  if (g_strcmp0 (sht_json_string (self->service, "id"), sht_json_string (service, "id")) == 0)
    return;
  g_clear_pointer (&self->service, json_object_unref);
  g_clear_pointer (&self->answers, json_object_unref);
  self->service = service != NULL ? json_object_ref (service) : NULL;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->more), FALSE);
  show_questions (self);
}

/**
 * sht_report_questions_get:
 *
 * Returns: (transfer none) (nullable): by question, what was answered; %NULL for nothing
 */
JsonObject *
sht_report_questions_get (ShtReportQuestions *self)
{
  return self->answers;
}

/**
 * sht_report_questions_set:
 * @answers: (nullable): what was answered to this service's questions before
 *
 * Shows it; nobody is told that it has changed.
 */
void
sht_report_questions_set (ShtReportQuestions *self, JsonObject *answers)
{
  g_clear_pointer (&self->answers, json_object_unref);
  self->answers = answers != NULL ? json_object_ref (answers) : NULL;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->more), answers != NULL);
  show_questions (self);
}
