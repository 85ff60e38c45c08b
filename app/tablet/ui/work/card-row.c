/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/card-row.h"

struct _ShtCardRow
{
  GtkWidget parent_instance;

  GtkWidget *card; /* (unowned): its only child */
  guint position;
};

G_DEFINE_FINAL_TYPE (ShtCardRow, sht_card_row, GTK_TYPE_WIDGET)

static guint activated_signal;

static gboolean
on_key (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  g_signal_emit (widget, activated_signal, 0);
  return TRUE;
}

static void
on_pressed (GtkGestureClick *gesture, int n, double x, double y, gpointer data)
{
  gtk_widget_set_state_flags (data, GTK_STATE_FLAG_ACTIVE, FALSE);
  gtk_widget_grab_focus (data);
}

static void
on_released (GtkGestureClick *gesture, int n, double x, double y, gpointer data)
{
  gtk_widget_unset_state_flags (data, GTK_STATE_FLAG_ACTIVE);
  if (!gtk_widget_contains (data, x, y))
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  g_signal_emit (data, activated_signal, 0);
}

/* The finger moved on: the list is scrolled. */
static void
on_cancelled (GtkGesture *gesture, GdkEventSequence *sequence, gpointer data)
{
  gtk_widget_unset_state_flags (data, GTK_STATE_FLAG_ACTIVE);
}

static void
sht_card_row_dispose (GObject *object)
{
  g_clear_pointer (&SHT_CARD_ROW (object)->card, gtk_widget_unparent);
  G_OBJECT_CLASS (sht_card_row_parent_class)->dispose (object);
}

static void
sht_card_row_class_init (ShtCardRowClass *class)
{
  static const guint keys[] = { GDK_KEY_Return, GDK_KEY_ISO_Enter, GDK_KEY_KP_Enter, GDK_KEY_space, GDK_KEY_KP_Space };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_card_row_dispose;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (widget_class, keys[i], 0, on_key, NULL);
  gtk_widget_class_set_css_name (widget_class, "row");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  activated_signal
    = g_signal_new ("activated", SHT_TYPE_CARD_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sht_card_row_init (ShtCardRow *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  g_signal_connect (click, "cancel", G_CALLBACK (on_cancelled), self);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "activatable");
}

GtkWidget *
sht_card_row_new (ShtSession *session, ShtCardLook *look)
{
  ShtCardRow *self = g_object_new (SHT_TYPE_CARD_ROW, NULL);

  self->card = sht_ticket_card_new (session, look);
  gtk_widget_set_parent (self->card, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

ShtTicketCard *
sht_card_row_get_card (ShtCardRow *self)
{
  return SHT_TICKET_CARD (self->card);
}

guint
sht_card_row_get_position (ShtCardRow *self)
{
  return self->position;
}

/**
 * sht_card_row_set_position:
 * @position: where in the list it stands, from 0
 */
void
sht_card_row_set_position (ShtCardRow *self, guint position)
{
  self->position = position;
}

/**
 * sht_card_row_drop:
 * @row: (transfer full): leaves its list, with its ticket
 */
void
sht_card_row_drop (gpointer row)
{
  sht_ticket_card_set_item (sht_card_row_get_card (row), NULL);
  gtk_widget_unparent (row);
}
