/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/common/words.h"

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * ShtTicketRow:
 *
 * What a card shows of a ticket; times in milliseconds since 1970 UTC, 0 for none. Strings are owned.
 */
typedef struct
{
  gint64 row;
  char *id;
  char *number;
  char *title;
  char *address;
  char *service;
  char *crew; /* (nullable) */
  char *waiting_for;
  ShtStatus status;
  gboolean open;
  gboolean urgent;
  gint64 created_at;
  gint64 due_at;
  guint photos;
  char *thumbs; /* (nullable): hashes of the last ones, with commas between */
  ShtMark mark;
} ShtTicketRow;

/**
 * ShtTicketItem:
 *
 * One ticket in a list; the same object as long as anybody shows it.
 *
 * ::changed (item): the card is to be drawn anew
 */
#define SHT_TYPE_TICKET_ITEM (sht_ticket_item_get_type ())
G_DECLARE_FINAL_TYPE (ShtTicketItem, sht_ticket_item, SHT, TICKET_ITEM, GObject)

ShtTicketItem *sht_ticket_item_new (void) G_GNUC_WARN_UNUSED_RESULT;
const ShtTicketRow *sht_ticket_item_get_row (ShtTicketItem *self);
void sht_ticket_item_take_row (ShtTicketItem *self, ShtTicketRow *row);

G_END_DECLS
