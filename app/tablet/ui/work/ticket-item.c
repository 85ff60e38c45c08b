/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/ticket-item.h"

struct _ShtTicketItem
{
  GObject parent_instance;

  ShtTicketRow row;
};

G_DEFINE_FINAL_TYPE (ShtTicketItem, sht_ticket_item, G_TYPE_OBJECT)

static guint changed_signal;

static void
row_clear (ShtTicketRow *row)
{
  g_free (row->id);
  g_free (row->number);
  g_free (row->title);
  g_free (row->address);
  g_free (row->service);
  g_free (row->crew);
  g_free (row->waiting_for);
  g_free (row->thumbs);
  *row = (ShtTicketRow){ 0 };
}

static gboolean
rows_equal (const ShtTicketRow *a, const ShtTicketRow *b)
{
  return a->row == b->row && a->status == b->status && a->open == b->open && a->urgent == b->urgent
         && a->created_at == b->created_at && a->due_at == b->due_at && a->photos == b->photos && a->mark == b->mark
         && g_strcmp0 (a->id, b->id) == 0 && g_strcmp0 (a->number, b->number) == 0
         && g_strcmp0 (a->title, b->title) == 0 && g_strcmp0 (a->address, b->address) == 0
         && g_strcmp0 (a->service, b->service) == 0 && g_strcmp0 (a->waiting_for, b->waiting_for) == 0
         && g_strcmp0 (a->crew, b->crew) == 0 && g_strcmp0 (a->thumbs, b->thumbs) == 0;
}

static void
sht_ticket_item_finalize (GObject *object)
{
  row_clear (&SHT_TICKET_ITEM (object)->row);
  G_OBJECT_CLASS (sht_ticket_item_parent_class)->finalize (object);
}

static void
sht_ticket_item_class_init (ShtTicketItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_ticket_item_finalize;
  changed_signal
    = g_signal_new ("changed", SHT_TYPE_TICKET_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sht_ticket_item_init (ShtTicketItem *self)
{
}

ShtTicketItem *
sht_ticket_item_new (void)
{
  return g_object_new (SHT_TYPE_TICKET_ITEM, NULL);
}

const ShtTicketRow *
sht_ticket_item_get_row (ShtTicketItem *self)
{
  return &self->row;
}

/**
 * sht_ticket_item_take_row:
 * @row: (transfer full): what is to be shown; left empty
 *
 * Emits ::changed when that differs from what was shown.
 */
void
sht_ticket_item_take_row (ShtTicketItem *self, ShtTicketRow *row)
{
  /* What was waiting and waits no more was taken in: the card may say so. */
  if (row->mark == SHT_MARK_NONE && self->row.mark != SHT_MARK_NONE && self->row.mark != SHT_MARK_ATTENTION)
    row->mark = SHT_MARK_CONFIRMED;
  if (rows_equal (&self->row, row))
    {
      row_clear (row);
      return;
    }
  row_clear (&self->row);
  self->row = *row;
  *row = (ShtTicketRow){ 0 };
  g_signal_emit (self, changed_signal, 0);
}
