/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/moment-entry.h"

#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

#define TOUCH 56
#define GAP 9
/* What is now is now to five minutes: the buttons go on from there. */
#define MINUTES 5

struct _ShtMomentEntry
{
  GtkBox parent_instance;

  GDateTime *moment; /* (owned) (nullable) */
  char *label;       /* (owned): what it is the moment of */
  GtkWidget *words;
  GtkWidget *now;
  GtkWidget *clear;
  GtkWidget *steps;
};

G_DEFINE_FINAL_TYPE (ShtMomentEntry, sht_moment_entry, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const struct
{
  const char *words;
  int days;
  int minutes;
} steps[] = {
  { N_ ("− 1 day"), -1, 0 },   { N_ ("+ 1 day"), 1, 0 },         { N_ ("− 1 hour"), 0, -60 },
  { N_ ("+ 1 hour"), 0, 60 },  { N_ ("− 5 minutes"), 0, -5 },    { N_ ("+ 5 minutes"), 0, 5 },
};

static void
show (ShtMomentEntry *self)
{
  g_autofree char *when = self->moment != NULL
                            ? sht_words_when (g_date_time_to_unix (self->moment) * 1000, g_get_real_time () / 1000)
                            : NULL;

  gtk_label_set_text (GTK_LABEL (self->words), when != NULL ? when : "");
  gtk_widget_set_visible (self->words, when != NULL);
  gtk_widget_set_visible (self->steps, when != NULL);
  gtk_widget_set_visible (self->clear, when != NULL);
}

static void
take (ShtMomentEntry *self, GDateTime *moment)
{
  g_clear_pointer (&self->moment, g_date_time_unref);
  self->moment = moment;
  show (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_now (ShtMomentEntry *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  take (self, g_date_time_add_full (now, 0, 0, 0, 0, -(g_date_time_get_minute (now) % MINUTES),
                                    -g_date_time_get_seconds (now)));
}

static void
on_clear (ShtMomentEntry *self)
{
  /* The button goes away: the keyboard goes on with the one beside it. */
  gtk_widget_grab_focus (self->now);
  take (self, NULL);
}

static void
on_step (GtkWidget *button, ShtMomentEntry *self)
{
  guint i = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "step"));
  g_autoptr (GDateTime) days = self->moment != NULL ? g_date_time_add_days (self->moment, steps[i].days) : NULL;

  if (days != NULL)
    take (self, g_date_time_add_minutes (days, steps[i].minutes));
}

static void
sht_moment_entry_finalize (GObject *object)
{
  ShtMomentEntry *self = SHT_MOMENT_ENTRY (object);

  g_clear_pointer (&self->moment, g_date_time_unref);
  g_free (self->label);
  G_OBJECT_CLASS (sht_moment_entry_parent_class)->finalize (object);
}

static gboolean
sht_moment_entry_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (SHT_MOMENT_ENTRY (widget)->now);
}

static void
sht_moment_entry_class_init (ShtMomentEntryClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_moment_entry_finalize;
  GTK_WIDGET_CLASS (class)->grab_focus = sht_moment_entry_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", SHT_TYPE_MOMENT_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                   0);
}

static void
sht_moment_entry_init (ShtMomentEntry *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), GAP);
}

static GtkWidget *
new_button (ShtMomentEntry *self, const char *words)
{
  GtkWidget *button = gtk_button_new_with_label (words);
  g_autofree char *name = g_strdup_printf ("%s, %s", self->label, words);

  gtk_label_set_wrap (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))), TRUE);
  gtk_label_set_justify (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))), GTK_JUSTIFY_CENTER);
  gtk_widget_set_size_request (button, -1, TOUCH);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_add_css_class (button, "touch");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

/**
 * sht_moment_entry_new:
 * @label: what it is the moment of
 */
GtkWidget *
sht_moment_entry_new (const char *label)
{
  ShtMomentEntry *self = g_object_new (SHT_TYPE_MOMENT_ENTRY, NULL);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, GAP);

  self->label = g_strdup (label);
  self->words = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->words), 0);
  gtk_widget_add_css_class (self->words, "title-3");
  self->now = new_button (self, _("Now"));
  self->clear = new_button (self, _("Remove"));
  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_box_append (GTK_BOX (row), self->now);
  gtk_box_append (GTK_BOX (row), self->clear);
  self->steps = gtk_grid_new ();
  gtk_grid_set_row_spacing (GTK_GRID (self->steps), GAP);
  gtk_grid_set_column_spacing (GTK_GRID (self->steps), GAP);
  gtk_grid_set_column_homogeneous (GTK_GRID (self->steps), TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      GtkWidget *button = new_button (self, _(steps[i].words));

      g_object_set_data (G_OBJECT (button), "step", GUINT_TO_POINTER (i));
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_step), self, 0);
      gtk_grid_attach (GTK_GRID (self->steps), button, (int) i % 2, (int) i / 2, 1, 1);
    }
  g_signal_connect_object (self->now, "clicked", G_CALLBACK (on_now), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->clear, "clicked", G_CALLBACK (on_clear), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), self->words);
  gtk_box_append (GTK_BOX (self), row);
  gtk_box_append (GTK_BOX (self), self->steps);
  show (self);
  return GTK_WIDGET (self);
}

/**
 * sht_moment_entry_get:
 *
 * Returns: (transfer full) (nullable): the moment by ISO 8601 with its zone; %NULL for none
 */
char *
sht_moment_entry_get (ShtMomentEntry *self)
{
  return self->moment != NULL ? g_date_time_format (self->moment, "%Y-%m-%dT%H:%M:%S%:z") : NULL;
}

/**
 * sht_moment_entry_set:
 * @iso8601: (nullable): the moment with its zone; %NULL, and what is none, for none
 *
 * Shows it; nobody is told that it has changed.
 */
void
sht_moment_entry_set (ShtMomentEntry *self, const char *iso8601)
{
  g_autoptr (GDateTime) moment = iso8601 != NULL ? g_date_time_new_from_iso8601 (iso8601, NULL) : NULL;

  g_clear_pointer (&self->moment, g_date_time_unref);
  self->moment = moment != NULL ? g_date_time_to_local (moment) : NULL;
  show (self);
}
