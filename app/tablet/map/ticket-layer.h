/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/affine.h"
#include "tablet/map/map-room.h"
#include "tablet/store/store.h"

#include <shumate/shumate.h>

G_BEGIN_DECLS

/**
 * ShtPickKind:
 * @SHT_PICK_NOTHING: the bare map
 * @SHT_PICK_TICKET: one ticket
 * @SHT_PICK_CLUSTER: several that lie apart from each other: they show further in
 * @SHT_PICK_HEAP: several on one spot
 */
typedef enum
{
  SHT_PICK_NOTHING,
  SHT_PICK_TICKET,
  SHT_PICK_CLUSTER,
  SHT_PICK_HEAP
} ShtPickKind;

/**
 * ShtPick:
 * @kind: what lies under the finger
 * @id: of the ticket, else empty
 * @box: around the cluster's or heap's members
 */
typedef struct
{
  ShtPickKind kind;
  char id[SHT_ID_LENGTH + 1];
  ShtWorldBox box;
} ShtPick;

/**
 * ShtTicketLayer:
 *
 * Draws this tablet's tickets on a map, near ones gathered into clusters, and others' open tickets as small
 * grey dots. What is visible is looked up off the main thread.
 *
 * ::settled: what was looked up is shown
 * ::activated (ticket): the selected ticket's sign was pressed
 */
#define SHT_TYPE_TICKET_LAYER (sht_ticket_layer_get_type ())
G_DECLARE_FINAL_TYPE (ShtTicketLayer, sht_ticket_layer, SHT, TICKET_LAYER, ShumateLayer)

ShtTicketLayer *sht_ticket_layer_new (ShumateViewport *viewport, ShtStore *reader) G_GNUC_WARN_UNUSED_RESULT;
void sht_ticket_layer_set_room (ShtTicketLayer *self, ShtMapRoom *room);
void sht_ticket_layer_put_others_below (ShtTicketLayer *self);
void sht_ticket_layer_snapshot_others (ShtTicketLayer *self, GtkSnapshot *snapshot, const ShtAffine *affine);
void sht_ticket_layer_refresh (ShtTicketLayer *self);
void sht_ticket_layer_set_dark (ShtTicketLayer *self, gboolean dark);
void sht_ticket_layer_set_shown (ShtTicketLayer *self, gboolean finished, gboolean others);
void sht_ticket_layer_set_selected (ShtTicketLayer *self, const char *ticket);
const char *sht_ticket_layer_get_selected (ShtTicketLayer *self);
void sht_ticket_layer_pick (ShtTicketLayer *self, double x, double y, ShtPick *pick);
GPtrArray *sht_ticket_layer_list (ShtTicketLayer *self, const ShtWorldBox *within, guint limit, guint *all) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_ticket_layer_get_visible (ShtTicketLayer *self, ShtWorldBox *box);
gboolean sht_ticket_layer_is_settled (ShtTicketLayer *self);
gint64 sht_ticket_layer_get_snapshot_us (ShtTicketLayer *self);

G_END_DECLS
