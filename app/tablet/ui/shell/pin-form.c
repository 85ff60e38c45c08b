/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/pin-form.h"

#include "tablet/ui/common/names.h"
#include "tablet/ui/common/two-parts.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/shell/pin-pad.h"

#include <glib/gi18n.h>
#include <string.h>

#define TICK_MS 250
/* What is to be read and the pad, beside each other where both fit. */
#define PART_WIDTH 330
#define GAP 36

struct _ShtPinForm
{
  AdwBin parent_instance;

  ShtLock *lock; /* (owned) */
  ShtPinTask task;
  char *title;  /* (owned) */
  char *wanted; /* (owned) (nullable): a new PIN that was typed once */
  gboolean busy;
  gboolean waits;
  guint ticking;

  GtkWidget *column;
  GtkWidget *heading;
  GtkWidget *problem;
  GtkWidget *pad;
};

G_DEFINE_FINAL_TYPE (ShtPinForm, sht_pin_form, ADW_TYPE_BIN)

static guint done_signal;

static void
show_problem (ShtPinForm *self, const char *words)
{
  gtk_label_set_text (GTK_LABEL (self->problem), words != NULL ? words : "\u2009");
}

static void
show_pad (ShtPinForm *self)
{
  gtk_widget_set_sensitive (self->pad, !self->busy && !self->waits);
}

/* --- the delay after wrong tries --- */

static gboolean
on_tick (gpointer data)
{
  ShtPinForm *self = data;
  gint64 left = self->task != SHT_PIN_TASK_SET ? sht_pin_wait_ms (sht_lock_get_pin (self->lock)) : 0;
  guint seconds = (guint) ((left + 999) / 1000);
  g_autofree char *time = g_strdup_printf ("\u2066%u:%02u\u2069", seconds / 60, seconds % 60);
  g_autofree char *words = g_strdup_printf (_("Too many wrong tries. Again in %s"), time);

  if (left > 0)
    {
      self->waits = TRUE;
      show_problem (self, words);
      show_pad (self);
      return G_SOURCE_CONTINUE;
    }
  self->ticking = 0;
  if (self->waits)
    {
      self->waits = FALSE;
      show_problem (self, NULL);
      show_pad (self);
    }
  return G_SOURCE_REMOVE;
}

static void
look_at_delay (ShtPinForm *self)
{
  if (self->ticking == 0 && on_tick (self) == G_SOURCE_CONTINUE)
    self->ticking = g_timeout_add (TICK_MS, on_tick, self);
}

/* --- asking, on another thread: it takes its time --- */

typedef struct
{
  ShtPinTask task;
  char *digits; /* (owned) */
  char *token;  /* (owned) (nullable) */
  char *device; /* (owned) (nullable) */
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  explicit_bzero (asked->digits, strlen (asked->digits));
  g_free (asked->digits);
  g_free (asked->token);
  g_free (asked->device);
  g_free (asked);
}

static void
ask_in_thread (GTask *task, gpointer lock, gpointer data, GCancellable *cancellable)
{
  ShtPin *pin = sht_lock_get_pin (lock);
  Asked *asked = data;
  GError *error = NULL;

  if (asked->task == SHT_PIN_TASK_OPEN)
    g_task_return_int (task, sht_pin_try (pin, asked->digits));
  else if (asked->task == SHT_PIN_TASK_ANSWER)
    g_task_return_int (task, asked->token != NULL ? sht_pin_try_answer (pin, asked->digits, asked->token, asked->device)
                                                  : SHT_PIN_WRONG);
  else if (sht_pin_set (pin, asked->digits, &error))
    g_task_return_int (task, SHT_PIN_RIGHT);
  else
    g_task_return_error (task, error);
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtPinForm) self = data;
  g_autoptr (GError) error = NULL;
  ShtPinResult said = (ShtPinResult) g_task_propagate_int (G_TASK (result), &error);

  self->busy = FALSE;
  show_pad (self);
  if (error != NULL)
    {
      g_message ("lock: %s", error->message);
      show_problem (self, _("The PIN could not be kept. See that there is room on the tablet."));
    }
  else if (said == SHT_PIN_RIGHT)
    {
      if (self->task == SHT_PIN_TASK_SET)
        sht_lock_tell_pin (self->lock);
      g_signal_emit (self, done_signal, 0);
    }
  else
    {
      show_problem (self, self->task == SHT_PIN_TASK_OPEN ? _("This is not the PIN.")
                                                          : _("This is not the answer. Let the digits be read once more."));
      look_at_delay (self);
    }
}

static void
ask (ShtPinForm *self, const char *digits)
{
  const ShtDevice *device = &sht_session_get_reader (sht_lock_get_session (self->lock))->device;
  g_autoptr (GTask) task = g_task_new (self->lock, NULL, on_asked, g_object_ref (self));
  Asked *asked = g_new0 (Asked, 1);

  asked->task = self->task;
  asked->digits = g_strdup (digits);
  asked->token = g_strdup (device->token);
  asked->device = g_strdup (device->id);
  g_task_set_task_data (task, asked, asked_free);
  self->busy = TRUE;
  show_pad (self);
  show_problem (self, NULL);
  g_task_run_in_thread (task, ask_in_thread);
}

/* --- a new PIN --- */

static void
forget_wanted (ShtPinForm *self)
{
  if (self->wanted != NULL)
    explicit_bzero (self->wanted, strlen (self->wanted));
  g_clear_pointer (&self->wanted, g_free);
}

static void
choose (ShtPinForm *self, const char *digits)
{
  if (!sht_pin_is_valid (digits))
    {
      show_problem (self, _("A PIN has 4 to 8 digits."));
      return;
    }
  if (self->wanted == NULL)
    {
      self->wanted = g_strdup (digits);
      gtk_label_set_text (GTK_LABEL (self->heading), _("The same PIN once more"));
      show_problem (self, NULL);
      return;
    }
  if (g_str_equal (self->wanted, digits))
    ask (self, digits);
  else
    show_problem (self, _("These were two PINs. Begin again with the first."));
  forget_wanted (self);
  gtk_label_set_text (GTK_LABEL (self->heading), self->title);
}

static void
on_entered (ShtPinForm *self, const char *digits)
{
  if (self->busy || self->waits)
    return;
  if (self->task == SHT_PIN_TASK_SET)
    choose (self, digits);
  else
    ask (self, digits);
  sht_pin_pad_clear (SHT_PIN_PAD (self->pad));
}

gboolean
sht_pin_form_take_key (ShtPinForm *self, guint key)
{
  return sht_pin_pad_take_key (SHT_PIN_PAD (self->pad), key);
}

/* --- making --- */

static void
sht_pin_form_dispose (GObject *object)
{
  ShtPinForm *self = SHT_PIN_FORM (object);

  g_clear_handle_id (&self->ticking, g_source_remove);
  g_clear_object (&self->lock);
  G_OBJECT_CLASS (sht_pin_form_parent_class)->dispose (object);
}

static void
sht_pin_form_finalize (GObject *object)
{
  forget_wanted (SHT_PIN_FORM (object));
  g_free (SHT_PIN_FORM (object)->title);
  G_OBJECT_CLASS (sht_pin_form_parent_class)->finalize (object);
}

static void
sht_pin_form_class_init (ShtPinFormClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_pin_form_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_pin_form_finalize;
  done_signal = g_signal_new ("done", SHT_TYPE_PIN_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
new_column (void)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);

  gtk_widget_set_valign (column, GTK_ALIGN_CENTER);
  return column;
}

static GtkWidget *
add_label (GtkWidget *column, const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (column), label);
  return label;
}

static void
sht_pin_form_init (ShtPinForm *self)
{
  self->column = new_column ();
  self->heading = add_label (self->column, NULL, "title-1");
}

/* What is read over the telephone: large, and with what tells this tablet from the crew's others. */
static void
add_challenge (ShtPinForm *self)
{
  ShtStore *reader = sht_session_get_reader (sht_lock_get_session (self->lock));
  const ShtDevice *device = &reader->device;
  g_autoptr (GError) error = NULL;
  g_autofree char *challenge = sht_pin_challenge (sht_lock_get_pin (self->lock), &error);
  g_autofree char *spaced = challenge != NULL ? sht_unlock_spaced (challenge) : g_strdup ("—");
  g_autofree char *shown = g_strdup_printf ("\u2066%s\u2069", spaced);
  const char *end = device->id != NULL && strlen (device->id) > 4 ? device->id + strlen (device->id) - 4 : "—";
  g_autofree char *whose = sht_words_isolated (device->crew != NULL ? sht_names_get (reader, "crew", device->crew) : _("This tablet"));
  g_autofree char *isolated = g_strdup_printf ("\u2066%s\u2069", end);
  g_autofree char *tablet = g_strdup_printf (_("%s, tablet %s"), whose, isolated);

  if (challenge == NULL)
    g_message ("lock: %s", error->message);
  add_label (self->column,
             _("Read these digits to your supervisor, by telephone or radio. Then type the eight that you are told. Nothing is lost."),
             "body");
  add_label (self->column, shown, "pin-challenge");
  add_label (self->column, tablet, "dim-label");
}

/**
 * sht_pin_form_new:
 * @title: what is asked
 *
 * Returns: (transfer floating): the form
 */
GtkWidget *
sht_pin_form_new (ShtLock *lock, ShtPinTask task, const char *title)
{
  ShtPinForm *self = g_object_new (SHT_TYPE_PIN_FORM, NULL);
  GtkWidget *below = self->column;

  self->lock = g_object_ref (lock);
  self->task = task;
  self->title = g_strdup (title);
  gtk_label_set_text (GTK_LABEL (self->heading), title);
  if (task == SHT_PIN_TASK_ANSWER)
    {
      add_challenge (self);
      below = new_column ();
      adw_bin_set_child (ADW_BIN (self), sht_two_parts_new (self->column, below, PART_WIDTH, GAP));
    }
  else
    adw_bin_set_child (ADW_BIN (self), self->column);
  self->pad = sht_pin_pad_new (task == SHT_PIN_TASK_ANSWER ? SHT_UNLOCK_DIGITS : SHT_PIN_MAX_DIGITS, task != SHT_PIN_TASK_ANSWER);
  g_signal_connect_object (self->pad, "entered", G_CALLBACK (on_entered), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (below), self->pad);
  self->problem = add_label (below, "\u2009", "problem");
  look_at_delay (self);
  return GTK_WIDGET (self);
}
