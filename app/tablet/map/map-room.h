/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtRoomKind:
 * @SHT_ROOM_COVER: what lies over the map: tools, cards
 * @SHT_ROOM_TICKET: tickets and their clusters
 * @SHT_ROOM_CREW: crews and what is told of them
 * @SHT_ROOM_STOP: numbers of a route's stops
 * @SHT_ROOM_PLACE: signs of places
 * @SHT_ROOM_NAME: names of places
 *
 * What takes room on the map, the most important first.
 */
typedef enum
{
  SHT_ROOM_COVER,
  SHT_ROOM_TICKET,
  SHT_ROOM_CREW,
  SHT_ROOM_STOP,
  SHT_ROOM_PLACE,
  SHT_ROOM_NAME,
  SHT_ROOM_KINDS
} ShtRoomKind;

#define SHT_ROOM_BIT(kind) (1u << (kind))
#define SHT_ROOM_ALL (SHT_ROOM_BIT (SHT_ROOM_KINDS) - 1)

/**
 * ShtMapRoom:
 *
 * Which parts of the map in sight are taken, so that what is drawn on it by several layers does not lie on each other. Main
 * thread only.
 */
typedef struct _ShtMapRoom ShtMapRoom;

/**
 * ShtMapRoomClaim:
 *
 * Asked of a layer before a frame is drawn: takes the room for what it will draw there.
 */
typedef void (*ShtMapRoomClaim) (GtkWidget *layer, ShtMapRoom *room);

ShtMapRoom *sht_map_room_new (void) G_GNUC_WARN_UNUSED_RESULT;
ShtMapRoom *sht_map_room_ref (ShtMapRoom *room) G_GNUC_WARN_UNUSED_RESULT;
void sht_map_room_unref (ShtMapRoom *room);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtMapRoom, sht_map_room_unref)

void sht_map_room_add_layer (ShtMapRoom *room, ShtRoomKind kind, GtkWidget *layer, ShtMapRoomClaim claim);
void sht_map_room_add_cover (ShtMapRoom *room, GtkWidget *cover);
void sht_map_room_spoil (ShtMapRoom *room);
void sht_map_room_plan (ShtMapRoom *room, GtkWidget *layer);

void sht_map_room_take_disc (ShtMapRoom *room, ShtRoomKind kind, double x, double y, double radius);
void sht_map_room_take_box (ShtMapRoom *room, ShtRoomKind kind, const graphene_rect_t *box);
gboolean sht_map_room_has_disc (ShtMapRoom *room, guint kinds, double x, double y, double radius);
gboolean sht_map_room_has_box (ShtMapRoom *room, guint kinds, const graphene_rect_t *box);
gboolean sht_map_room_is_taken (ShtMapRoom *room, guint kinds, double x, double y);
gboolean sht_map_room_find_beside (ShtMapRoom *room, guint kinds, gboolean rtl, double radius, double *x, double *y);

G_END_DECLS
