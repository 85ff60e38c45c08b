/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/card-follow.h"

#include "tablet/ui/work/card-row.h"

/* Within how many rows from where it was a ticket is looked for that has moved. */
#define MOST_MOVED 64

static void
look_for_anchor (ShtCardAnchor *anchor, guint top, guint before, guint now)
{
  if (before >= top && (!anchor->known || before < anchor->before))
    *anchor = (ShtCardAnchor){ before, now, TRUE };
}

/**
 * sht_card_follow:
 * @rows: (element-type ShtCardRow): get the places that they have after the change, or are taken out
 * @position: see #GListModel::items-changed
 * @top: the first place that was seen
 * @anchor: (inout): looked for among those that stay
 *
 * Returns: (transfer full) (element-type ShtCardRow): those whose tickets were among what was taken out; they drop their tickets
 *   with it
 */
GPtrArray *
sht_card_follow (GPtrArray *rows, guint position, guint removed, guint added, guint top, ShtCardAnchor *anchor)
{
  GPtrArray *gone = g_ptr_array_new_with_free_func (sht_card_row_drop);

  for (guint i = rows->len; i > 0; i--)
    {
      ShtCardRow *row = g_ptr_array_index (rows, i - 1);
      guint before = sht_card_row_get_position (row);

      if (before >= position && before < position + removed)
        {
          g_ptr_array_add (gone, g_ptr_array_steal_index_fast (rows, i - 1));
          continue;
        }
      if (before >= position)
        sht_card_row_set_position (row, before - removed + added);
      look_for_anchor (anchor, top, before, sht_card_row_get_position (row));
    }
  return gone;
}

static ShtCardRow *
take_row_of (GPtrArray *rows, ShtTicketItem *item)
{
  for (guint i = 0; i < rows->len; i++)
    if (sht_ticket_card_get_item (sht_card_row_get_card (g_ptr_array_index (rows, i))) == item)
      return g_ptr_array_steal_index_fast (rows, i);
  return NULL;
}

/**
 * sht_card_follow_moved:
 * @rows: (element-type ShtCardRow): get back what is found
 * @gone: (element-type ShtCardRow): from sht_card_follow()
 * @model: of #ShtTicketItem
 * @from: the first place that was seen
 * @to: the one behind the last
 *
 * What was taken out may have been put back a little further: those around what was seen are looked for.
 */
void
sht_card_follow_moved (GPtrArray *rows, GPtrArray *gone, GListModel *model, guint position, guint added, guint from, guint to,
                       ShtCardAnchor *anchor)
{
  guint low = MAX (position, from > MOST_MOVED ? from - MOST_MOVED : 0);
  guint high = MIN (position + added, to + MOST_MOVED);

  for (guint at = low; at < high && gone->len > 0; at++)
    {
      g_autoptr (ShtTicketItem) item = g_list_model_get_item (model, at);
      ShtCardRow *row = take_row_of (gone, item);

      if (row == NULL)
        continue;
      look_for_anchor (anchor, from, sht_card_row_get_position (row), at);
      sht_card_row_set_position (row, at);
      g_ptr_array_add (rows, row);
    }
}
