/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/ticket-card.h"

#include "tablet/ui/common/names.h"
#include "tablet/ui/common/sla-ring.h"
#include "tablet/ui/common/status-chip.h"
#include "tablet/ui/work/card-photos.h"

#include <glib/gi18n.h>

struct _ShtTicketCard
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  ShtTicketItem *item; /* (owned) (nullable) */
  gulong changed_handler;
  gboolean asleep;
  gboolean current;

  GtkWidget *across;
  GtkWidget *ring;
  GtkWidget *down;
  GtkWidget *title;
  GtkWidget *where;
  GtkWidget *left;
  GtkWidget *urgent;
  GtkWidget *chip;
  GtkWidget *photos;
  GtkWidget *thumbs;
  GtkWidget *mark;
};

G_DEFINE_FINAL_TYPE (ShtTicketCard, sht_ticket_card, ADW_TYPE_BIN)

static void
show_time (ShtTicketCard *self, const ShtTicketRow *row)
{
  gint64 now = sht_store_now (sht_session_get_reader (self->session));
  ShtSla sla = sht_sla_of (row->open, row->due_at, now);
  const char *pressing[] = { "card-left", "chip", sht_sla_css (sla), NULL };
  const char *calm[] = { "card-left", NULL };
  g_autofree char *left = !row->open                                                   ? NULL
                          : row->due_at == 0 && row->status == SHT_STATUS_WAITING ? g_strdup (_("the clock stands"))
                                                                                  : sht_words_left (row->due_at, now);

  sht_sla_ring_set_time (SHT_SLA_RING (self->ring), row->open, row->created_at, row->due_at, now);
  gtk_label_set_text (GTK_LABEL (self->left), left != NULL ? left : "");
  gtk_widget_set_visible (self->left, left != NULL);
  /* Only what presses is given a colour: plain words tell that there is time. */
  gtk_widget_set_css_classes (self->left, sla == SHT_SLA_SOON || sla == SHT_SLA_LATE ? pressing : calm);
}

static void
show_mark (ShtTicketCard *self, ShtMark mark)
{
  static const char *const classes[] = { "none", "local", "sent", "confirmed", "attention" };
  const char *all[] = { "mark", classes[mark], NULL };

  gtk_widget_set_visible (self->mark, mark != SHT_MARK_NONE);
  gtk_label_set_text (GTK_LABEL (self->mark), sht_words_mark_shape (mark));
  gtk_widget_set_css_classes (self->mark, all);
  gtk_widget_set_tooltip_text (self->mark, sht_words_mark (mark));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->mark), GTK_ACCESSIBLE_PROPERTY_LABEL, sht_words_mark (mark), -1);
}

/* What a screen reader says of the whole row: the same, in the same order. */
static void
name_row (ShtTicketCard *self, const ShtTicketRow *row)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  const char *left = self->asleep ? "" : gtk_label_get_text (GTK_LABEL (self->left));
  g_autofree char *name = NULL;

  if (parent == NULL)
    return;
  name = g_strdup_printf ("%s, %s, %s, %s%s%s", row->title != NULL ? row->title : "",
                          row->address != NULL ? row->address : "", sht_words_status (row->status), left,
                          row->mark != SHT_MARK_NONE ? ", " : "", sht_words_mark (row->mark));
  gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
show (ShtTicketCard *self)
{
  const ShtTicketRow *row = sht_ticket_item_get_row (self->item);
  ShtStore *store = sht_session_get_reader (self->session);
  const char *service = sht_names_get (store, "service", row->service);
  const char *title = row->title != NULL && *row->title != '\0' ? row->title : service;
  g_autofree char *photos = NULL;
  g_autofree char *address = NULL, *where = NULL;

  if (self->asleep)
    {
      name_row (self, row);
      return;
    }
  photos = g_strdup_printf ("%u", row->photos);
  if (row->address == NULL || *row->address == '\0')
    where = g_strdup (service);
  else
    {
      /* A Hebrew street must not turn an English line around, nor the other way. */
      address = sht_words_isolated (row->address);
      where = g_strdup_printf ("%s · %s", address, service);
    }
  gtk_label_set_text (GTK_LABEL (self->title), title);
  gtk_label_set_text (GTK_LABEL (self->where), where);
  sht_sla_ring_set_icon (SHT_SLA_RING (self->ring), sht_names_service_icon (store, row->service));
  show_time (self, row);
  sht_status_chip_set (self->chip, row->status, row->waiting_for);
  gtk_widget_set_visible (self->urgent, row->urgent && row->open);
  sht_card_photos_set (SHT_CARD_PHOTOS (self->thumbs), store, row->thumbs);
  /* What is seen need not be counted, unless there is more of it. */
  gtk_widget_set_visible (self->photos, row->photos > SHT_CARD_PHOTOS_MOST
                                          || (row->photos > 0 && !gtk_widget_get_visible (self->thumbs)));
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_last_child (self->photos)), photos);
  show_mark (self, row->mark);
  name_row (self, row);
}

/**
 * sht_ticket_card_sleep:
 * @height: of what an awake card holds, pixels
 *
 * Shows nothing and keeps its room, until it is woken: a list view makes some 200 rows, of which a screen
 * shows ten, and to measure words takes longer than all the rest of a row.
 */
void
sht_ticket_card_sleep (ShtTicketCard *self, int height)
{
  gtk_widget_set_size_request (self->across, -1, height);
  if (self->asleep)
    return;
  self->asleep = TRUE;
  gtk_widget_set_visible (self->ring, FALSE);
  gtk_widget_set_visible (self->down, FALSE);
  gtk_widget_set_visible (self->thumbs, FALSE);
}

void
sht_ticket_card_wake (ShtTicketCard *self)
{
  if (!self->asleep)
    return;
  self->asleep = FALSE;
  if (self->item != NULL)
    show (self);
  gtk_widget_set_visible (self->ring, TRUE);
  gtk_widget_set_visible (self->down, TRUE);
  gtk_widget_set_size_request (self->across, -1, -1);
}

gboolean
sht_ticket_card_is_asleep (ShtTicketCard *self)
{
  return self->asleep;
}

/**
 * sht_ticket_card_get_height:
 *
 * Returns: of what it holds, pixels; 0 before it has had a place
 */
int
sht_ticket_card_get_height (ShtTicketCard *self)
{
  return gtk_widget_get_height (self->across);
}

/**
 * sht_ticket_card_set_item:
 * @item: (nullable): what is to be shown, from now on and as it changes
 */
void
sht_ticket_card_set_item (ShtTicketCard *self, ShtTicketItem *item)
{
  if (self->item != NULL)
    g_clear_signal_handler (&self->changed_handler, self->item);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  self->changed_handler = g_signal_connect_swapped (item, "changed", G_CALLBACK (show), self);
  show (self);
}

ShtTicketItem *
sht_ticket_card_get_item (ShtTicketCard *self)
{
  return self->item;
}

/**
 * sht_ticket_card_set_current:
 * @ticket: (nullable): which ticket is open beside the list
 */
void
sht_ticket_card_set_current (ShtTicketCard *self, const char *ticket)
{
  gboolean current
    = self->item != NULL && ticket != NULL && g_strcmp0 (sht_ticket_item_get_row (self->item)->id, ticket) == 0;

  /* There are some hundred cards, and GTK looks through all that is in each of them. */
  if (current == self->current)
    return;
  self->current = current;
  if (current)
    gtk_widget_add_css_class (GTK_WIDGET (self), "selected");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "selected");
}

/**
 * sht_ticket_card_tick:
 *
 * Tells the time left anew.
 */
void
sht_ticket_card_tick (ShtTicketCard *self)
{
  if (self->item != NULL && !self->asleep)
    show_time (self, sht_ticket_item_get_row (self->item));
}

static GtkWidget *
line (const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
photo_count (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *image = gtk_image_new_from_icon_name ("image-x-generic-symbolic");

  gtk_widget_add_css_class (box, "photo-count");
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), gtk_label_new (NULL));
  gtk_widget_set_tooltip_text (box, _("Photos"));
  return box;
}

static void
sht_ticket_card_dispose (GObject *object)
{
  ShtTicketCard *self = SHT_TICKET_CARD (object);

  sht_ticket_card_set_item (self, NULL);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_ticket_card_parent_class)->dispose (object);
}

static void
sht_ticket_card_class_init (ShtTicketCardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_ticket_card_dispose;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "ticket-card");
}

static void
sht_ticket_card_init (ShtTicketCard *self)
{
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);

  self->across = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 14);
  self->ring = sht_sla_ring_new ();
  self->down = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  self->title = line ("card-title");
  self->where = line ("card-where");
  self->left = line ("card-left");
  self->urgent = gtk_label_new (_("Urgent"));
  self->chip = sht_status_chip_new ();
  self->photos = photo_count ();
  self->mark = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->left), PANGO_ELLIPSIZE_NONE);
  gtk_widget_set_valign (self->ring, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->urgent, "chip");
  gtk_widget_add_css_class (self->urgent, "urgent");
  gtk_widget_set_halign (self->mark, GTK_ALIGN_END);
  gtk_widget_set_hexpand (self->mark, TRUE);
  gtk_widget_set_margin_top (foot, 4);
  gtk_box_append (GTK_BOX (foot), self->left);
  gtk_box_append (GTK_BOX (foot), self->chip);
  gtk_box_append (GTK_BOX (foot), self->urgent);
  gtk_box_append (GTK_BOX (foot), self->photos);
  gtk_box_append (GTK_BOX (foot), self->mark);
  gtk_box_append (GTK_BOX (self->down), self->title);
  gtk_box_append (GTK_BOX (self->down), self->where);
  gtk_box_append (GTK_BOX (self->down), foot);
  gtk_widget_set_hexpand (self->down, TRUE);
  gtk_box_append (GTK_BOX (self->across), self->ring);
  gtk_box_append (GTK_BOX (self->across), self->down);
  self->thumbs = sht_card_photos_new ();
  gtk_widget_set_valign (self->thumbs, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->across), self->thumbs);
  gtk_widget_add_css_class (GTK_WIDGET (self), "ticket-card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  adw_bin_set_child (ADW_BIN (self), self->across);
}

GtkWidget *
sht_ticket_card_new (ShtSession *session)
{
  ShtTicketCard *self = g_object_new (SHT_TYPE_TICKET_CARD, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}
