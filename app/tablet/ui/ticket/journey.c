/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/journey.h"

#include "core/json.h"
#include "tablet/ui/common/frame-turn.h"
#include "tablet/ui/ticket/journey-gather.h"

#include <glib/gi18n.h>

/* A ticket with a longer journey shows its newest steps first and the others when asked. */
#define FIRST_ROWS 30

struct _ShtJourney
{
  GtkBox parent_instance;

  ShtStore *reader;   /* the session's, which outlives every page */
  GHashTable *rows;   /* (owned): event id → row, which belongs to the list */
  JsonArray *events;  /* (owned) (nullable) */
  gboolean show_all;
  guint tick;         /* rows are to be made, one in a frame */
  gint64 first_frame; /* the one that is painted without them */
  GtkWidget *list;
  GtkWidget *more;
};

G_DEFINE_FINAL_TYPE (ShtJourney, sht_journey, GTK_TYPE_BOX)

static void
sht_journey_finalize (GObject *object)
{
  ShtJourney *self = SHT_JOURNEY (object);

  g_hash_table_unref (self->rows);
  g_clear_pointer (&self->events, json_array_unref);
  G_OBJECT_CLASS (sht_journey_parent_class)->finalize (object);
}

static void
sht_journey_class_init (ShtJourneyClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_journey_finalize;
}

static void show_steps (ShtJourney *self, gboolean may_make);
static gboolean on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer unused);

static void
on_more (ShtJourney *self)
{
  self->show_all = TRUE;
  show_steps (self, FALSE);
}

static void
sht_journey_init (ShtJourney *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  /* A GtkListBox styles all of its rows anew for each that comes, for they look different at its ends. */
  self->list = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "accessible-role",
                             GTK_ACCESSIBLE_ROLE_LIST, "overflow", GTK_OVERFLOW_HIDDEN, NULL);
  gtk_widget_add_css_class (self->list, "card");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Journey"), -1);
  self->more = gtk_button_new_with_label (_("Show earlier steps"));
  gtk_widget_set_size_request (self->more, -1, 48);
  gtk_widget_set_visible (self->more, FALSE);
  g_signal_connect_object (self->more, "clicked", G_CALLBACK (on_more), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), self->list);
  gtk_box_append (GTK_BOX (self), self->more);
}

GtkWidget *
sht_journey_new (ShtStore *reader)
{
  ShtJourney *self = g_object_new (SHT_TYPE_JOURNEY, NULL);

  self->reader = reader;
  return GTK_WIDGET (self);
}

static void
drop_gone (ShtJourney *self, GHashTable *here)
{
  GHashTableIter iter;
  gpointer id, row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &id, &row))
    if (!g_hash_table_contains (here, id))
      {
        gtk_box_remove (GTK_BOX (self->list), row);
        g_hash_table_iter_remove (&iter);
      }
}

/* Returns: the row, which stands behind @above, that is, the first when it is %NULL */
static GtkWidget *
place_row (ShtJourney *self, GtkWidget *row, JsonObject *event, const char *id, GtkWidget *above)
{
  if (row == NULL)
    {
      row = sht_journey_row_new (self->reader);
      sht_journey_row_update (SHT_JOURNEY_ROW (row), event);
      gtk_box_insert_child_after (GTK_BOX (self->list), row, above);
      g_hash_table_insert (self->rows, g_strdup (id), row);
      return row;
    }
  if (gtk_widget_get_prev_sibling (row) != above)
    gtk_box_reorder_child_after (GTK_BOX (self->list), row, above);
  sht_journey_row_update (SHT_JOURNEY_ROW (row), event);
  return row;
}

/* With @may_make one new row. */
static void
show_steps (ShtJourney *self, gboolean may_make)
{
  guint length = self->events != NULL ? json_array_get_length (self->events) : 0;
  guint shown = self->show_all ? length : MIN (length, FIRST_ROWS);
  g_autoptr (GHashTable) here = g_hash_table_new (g_str_hash, g_str_equal);
  GtkWidget *above = NULL;
  gboolean more = FALSE;

  for (guint i = 0; i < shown; i++)
    {
      const char *id = sht_json_string (json_array_get_object_element (self->events, length - 1 - i), "id");

      if (id != NULL)
        g_hash_table_add (here, (gpointer) id);
    }
  drop_gone (self, here);
  for (guint i = 0; i < shown; i++)
    {
      JsonObject *event = json_array_get_object_element (self->events, length - 1 - i);
      const char *id = sht_json_string (event, "id");
      GtkWidget *row = id != NULL ? g_hash_table_lookup (self->rows, id) : NULL;

      if (id == NULL)
        continue;
      if (row == NULL && !may_make)
        {
          more = TRUE;
          break;
        }
      above = place_row (self, row, event, id, above);
      /* To make one and to find a place for it are each a good part of a frame: one above others is seen in the next. */
      if (row == NULL && i == 0 && g_hash_table_size (self->rows) > 1)
        {
          gtk_widget_set_visible (above, FALSE);
          more = TRUE;
        }
      else if (may_make && !gtk_widget_get_visible (above))
        {
          gtk_widget_set_visible (above, TRUE);
          row = NULL;
        }
      more = more || !gtk_widget_get_visible (above);
      may_make = may_make && row != NULL;
    }
  gtk_widget_set_visible (self->more, shown < length && !more);
  gtk_widget_set_visible (self->list, g_hash_table_size (self->rows) > 0);
  if (more && self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
  else if (!more && self->tick != 0)
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
      self->tick = 0;
    }
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer unused)
{
  ShtJourney *self = SHT_JOURNEY (widget);
  gint64 frame = gdk_frame_clock_get_frame_counter (clock);

  if (self->first_frame < 0)
    self->first_frame = frame;
  if (self->first_frame != frame && sht_frame_turn (widget))
    show_steps (self, TRUE);
  return G_SOURCE_CONTINUE;
}

/**
 * sht_journey_update:
 * @events: a ticket view's events, the oldest first; answers given one after another are one step, and steps that were
 *   there keep their widgets
 */
void
sht_journey_update (ShtJourney *self, JsonArray *events)
{
  g_clear_pointer (&self->events, json_array_unref);
  self->events = sht_journey_gather (events);
  if (self->tick == 0)
    show_steps (self, FALSE);
}

/**
 * sht_journey_clear:
 *
 * Forgets the ticket, and that its earlier steps were asked for. The steps of the next one are shown when the
 * frame with what stands above them has been painted: they are the most on a ticket's page, and mostly below its edge.
 */
void
sht_journey_clear (ShtJourney *self)
{
  self->show_all = FALSE;
  g_clear_pointer (&self->events, json_array_unref);
  show_steps (self, FALSE);
  self->first_frame = -1;
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

/**
 * sht_journey_is_settled:
 *
 * Returns: whether all rows that are to be seen have been made
 */
gboolean
sht_journey_is_settled (ShtJourney *self)
{
  return self->tick == 0;
}

guint
sht_journey_get_length (ShtJourney *self)
{
  return g_hash_table_size (self->rows);
}

/**
 * sht_journey_get_newest:
 *
 * Returns: (transfer none) (nullable): the topmost row
 */
ShtJourneyRow *
sht_journey_get_newest (ShtJourney *self)
{
  GtkWidget *row = gtk_widget_get_first_child (self->list);

  return row != NULL ? SHT_JOURNEY_ROW (row) : NULL;
}
