/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/crew-layer.h"

#include "tablet/map/affine.h"

#include <math.h>

#define EARTH_GIRTH_M 40075016.686
#define DOT_PX 8.0
#define RING_PX 3.0
#define LEAST_CIRCLE_PX 16.0
#define MOST_CIRCLE_PX 4000.0
/* From the dot's middle to the sign, and within the sign to its words. */
#define GAP_PX 16.0f
#define PAD_X_PX 10.0f
#define PAD_Y_PX 5.0f
#define CORNER_PX 8.0f
#define FADED 0.5
/* What its dot takes, with its ring. */
#define DOT_ROOM_PX (DOT_PX + RING_PX)
/* A sign that is moved into the map keeps this far from its edge. */
#define EDGE_PX 4.0f
/* Where a sign may stand, from the best: rows of signs above the dot, beside it, and below. */
static const int rows[] = { -1, 1, 0, -2, 2, -3, 3 };

typedef struct
{
  gboolean is_on;        /* at least in part */
  double x, y;           /* where the crew is, pixels */
  double dot_x, dot_y;   /* where its dot is drawn: beside a ticket, not on it */
  double radius;         /* within which it is */
  graphene_rect_t box;   /* of its sign */
} Stand;

struct _ShtCrewLayer
{
  ShumateLayer parent_instance;

  GPtrArray *signs;   /* (owned) (element-type ShtCrewSign): the oldest first, so that the newest is seen */
  GPtrArray *layouts; /* (owned) (element-type PangoLayout): of each; empty until they are needed */
  GArray *stands;     /* (owned) (element-type Stand): of each */
  ShtMapRoom *room;   /* (owned) */
  gboolean dark;
};

G_DEFINE_FINAL_TYPE (ShtCrewLayer, sht_crew_layer, SHUMATE_TYPE_LAYER)

static const GdkRGBA crew_day = { 0.42f, 0.16f, 0.48f, 1 };
static const GdkRGBA crew_night = { 0.86f, 0.64f, 0.92f, 1 };
static const GdkRGBA old_day = { 0.37f, 0.36f, 0.39f, 1 };
static const GdkRGBA old_night = { 0.75f, 0.75f, 0.74f, 1 };
static const GdkRGBA paper_day = { 1, 1, 1, 1 };
static const GdkRGBA paper_night = { 0.12f, 0.12f, 0.12f, 1 };

void
sht_crew_sign_free (ShtCrewSign *sign)
{
  g_free (sign->name);
  g_free (sign->words);
  g_free (sign);
}

static GdkRGBA
colour_of (ShtCrewLayer *self, const ShtCrewSign *sign, float alpha)
{
  gboolean old = sign->age_ms > SHT_POSITION_STALE_MS;
  GdkRGBA colour = old ? self->dark ? old_night : old_day : self->dark ? crew_night : crew_day;

  colour.alpha = alpha;
  return colour;
}

static void
draw_rounded (GtkSnapshot *snapshot, const graphene_rect_t *box, float corner, const GdkRGBA *fill, const GdkRGBA *edge)
{
  const float widths[4] = { 2, 2, 2, 2 };
  const GdkRGBA edges[4] = { *edge, *edge, *edge, *edge };
  GskRoundedRect rounded;

  gsk_rounded_rect_init_from_rect (&rounded, box, corner);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, fill, box);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &rounded, widths, edges);
}

static graphene_rect_t
square (double x, double y, double radius)
{
  return GRAPHENE_RECT_INIT ((float) (x - radius), (float) (y - radius), (float) (2 * radius), (float) (2 * radius));
}

static void
draw_dot (ShtCrewLayer *self, GtkSnapshot *snapshot, const ShtCrewSign *sign, const Stand *stand)
{
  GdkRGBA inner = colour_of (self, sign, 0.12f), edge = colour_of (self, sign, 0.6f), dot = colour_of (self, sign, 1);
  const GdkRGBA *paper = self->dark ? &paper_night : &paper_day;
  graphene_rect_t circle = square (stand->x, stand->y, stand->radius), ring = square (stand->dot_x, stand->dot_y, DOT_ROOM_PX);
  graphene_rect_t middle = square (stand->dot_x, stand->dot_y, DOT_PX);

  if (stand->radius >= LEAST_CIRCLE_PX && stand->radius <= MOST_CIRCLE_PX)
    draw_rounded (snapshot, &circle, (float) stand->radius, &inner, &edge);
  draw_rounded (snapshot, &ring, (float) (DOT_PX + RING_PX), paper, paper);
  draw_rounded (snapshot, &middle, (float) DOT_PX, sign->age_ms > SHT_POSITION_STALE_MS ? paper : &dot, &dot);
}

static PangoLayout *
make_layout (ShtCrewLayer *self, const ShtCrewSign *sign)
{
  g_autofree char *name = g_markup_escape_text (sign->name, -1), *words = g_markup_escape_text (sign->words, -1);
  g_autofree char *markup = g_strdup_printf ("<b>%s</b>\n%s", name, words);
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  int width;

  pango_layout_set_markup (layout, markup, -1);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_get_pixel_size (layout, &width, NULL);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  return layout;
}

static PangoLayout *
layout_of (ShtCrewLayer *self, guint i)
{
  if (self->layouts->len == 0)
    for (guint k = 0; k < self->signs->len; k++)
      g_ptr_array_add (self->layouts, make_layout (self, g_ptr_array_index (self->signs, k)));
  return g_ptr_array_index (self->layouts, i);
}

/* A sign of that size in a row, centred on its dot, or reaching from it to the right or the left. */
static graphene_rect_t
box_at (const Stand *stand, int row, int aside, float width, float height)
{
  float left = aside == 0 ? -width / 2 : aside > 0 ? -GAP_PX : GAP_PX - width;
  float top = row < 0 ? -GAP_PX + (float) row * height : row > 0 ? GAP_PX + (float) (row - 1) * height : -height / 2;

  if (row == 0)
    left = aside >= 0 ? GAP_PX : -GAP_PX - width;
  return GRAPHENE_RECT_INIT ((float) stand->dot_x + left, (float) stand->dot_y + top, width, height);
}

static void
move_inside (ShtCrewLayer *self, graphene_rect_t *box)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self)), height = (float) gtk_widget_get_height (GTK_WIDGET (self));

  box->origin.x = CLAMP (box->origin.x, EDGE_PX, MAX (width - EDGE_PX - box->size.width, EDGE_PX));
  box->origin.y = CLAMP (box->origin.y, EDGE_PX, MAX (height - EDGE_PX - box->size.height, EDGE_PX));
}

/* Where it hides nothing; else where it hides a ticket alone; where all is taken, above its dot. */
static graphene_rect_t
find_box (ShtCrewLayer *self, ShtMapRoom *room, const Stand *stand, float width, float height)
{
  static const guint kinds[] = { SHT_ROOM_ALL, SHT_ROOM_BIT (SHT_ROOM_COVER) | SHT_ROOM_BIT (SHT_ROOM_CREW) };
  static const int asides[] = { 0, 1, -1 };
  graphene_rect_t box;

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
      for (guint j = 0; j < G_N_ELEMENTS (asides); j++)
        {
          box = box_at (stand, rows[i], asides[j], width, height);
          move_inside (self, &box);
          if (sht_map_room_has_box (room, kinds[k], &box))
            return box;
        }
  box = box_at (stand, -1, 0, width, height);
  move_inside (self, &box);
  return box;
}

static Stand
stand_of (ShtCrewLayer *self, const ShtAffine *affine, const ShtCrewSign *sign)
{
  double latitude = (double) sign->position.lat_e7 * 1e-7 * G_PI / 180;
  Stand stand = { 0 };
  double wx, wy;

  sht_world_from_e7 (sign->position.lat_e7, sign->position.lon_e7, &wx, &wy);
  sht_affine_apply (affine, wx, wy, &stand.x, &stand.y);
  stand.dot_x = stand.x;
  stand.dot_y = stand.y;
  stand.radius = (double) sign->position.accuracy_m / (EARTH_GIRTH_M * MAX (0.01, cos (latitude))) * fabs (affine->xx);
  stand.is_on = stand.x > -DOT_ROOM_PX && stand.x < gtk_widget_get_width (GTK_WIDGET (self)) + DOT_ROOM_PX
                && stand.y > -DOT_ROOM_PX && stand.y < gtk_widget_get_height (GTK_WIDGET (self)) + DOT_ROOM_PX;
  return stand;
}

/* Dots before signs, and of signs the newest before. */
static void
claim (GtkWidget *widget, ShtMapRoom *room)
{
  ShtCrewLayer *self = SHT_CREW_LAYER (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  ShtAffine affine;

  g_array_set_size (self->stands, 0);
  if (!sht_affine_of_widget (shumate_layer_get_viewport (SHUMATE_LAYER (self)), widget, &affine))
    return;
  for (guint i = 0; i < self->signs->len; i++)
    {
      Stand stand = stand_of (self, &affine, g_ptr_array_index (self->signs, i));

      if (sht_map_room_has_disc (room, 0, stand.x, stand.y, DOT_ROOM_PX)
          && !sht_map_room_has_disc (room, SHT_ROOM_BIT (SHT_ROOM_TICKET), stand.x, stand.y, DOT_ROOM_PX))
        sht_map_room_find_beside (room, SHT_ROOM_ALL, rtl, DOT_ROOM_PX, &stand.dot_x, &stand.dot_y);
      if (stand.is_on)
        sht_map_room_take_disc (room, SHT_ROOM_CREW, stand.dot_x, stand.dot_y, DOT_ROOM_PX);
      g_array_append_val (self->stands, stand);
    }
  for (guint i = self->signs->len; i-- > 0;)
    {
      Stand *stand = &g_array_index (self->stands, Stand, i);
      int width, height;

      if (!stand->is_on)
        continue;
      pango_layout_get_pixel_size (layout_of (self, i), &width, &height);
      stand->box = find_box (self, room, stand, (float) width + 2 * PAD_X_PX, (float) height + 2 * PAD_Y_PX);
      sht_map_room_take_box (room, SHT_ROOM_CREW, &stand->box);
    }
}

/* From the dot to a sign that does not stand beside it. */
static void
draw_leader (GtkSnapshot *snapshot, const Stand *stand, const GdkRGBA *ink)
{
  double x = CLAMP (stand->dot_x, (double) stand->box.origin.x, (double) (stand->box.origin.x + stand->box.size.width));
  double y = CLAMP (stand->dot_y, (double) stand->box.origin.y, (double) (stand->box.origin.y + stand->box.size.height));
  double length = hypot (x - stand->dot_x, y - stand->dot_y) - DOT_PX;

  if (length <= (double) GAP_PX)
    return;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) stand->dot_x, (float) stand->dot_y));
  gtk_snapshot_rotate (snapshot, (float) (atan2 (y - stand->dot_y, x - stand->dot_x) * 180 / G_PI));
  gtk_snapshot_append_color (snapshot, ink, &GRAPHENE_RECT_INIT ((float) DOT_PX, -1, (float) length, 2));
  gtk_snapshot_restore (snapshot);
}

static void
draw_sign (ShtCrewLayer *self, GtkSnapshot *snapshot, guint i, const Stand *stand)
{
  GdkRGBA ink = colour_of (self, g_ptr_array_index (self->signs, i), 1);
  const graphene_rect_t *box = &stand->box;

  draw_leader (snapshot, stand, &ink);
  draw_rounded (snapshot, box, CORNER_PX, self->dark ? &paper_night : &paper_day, &ink);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (box->origin.x + PAD_X_PX, box->origin.y + PAD_Y_PX));
  gtk_snapshot_append_layout (snapshot, layout_of (self, i), &ink);
  gtk_snapshot_restore (snapshot);
}

static void
sht_crew_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtCrewLayer *self = SHT_CREW_LAYER (widget);

  sht_map_room_plan (self->room, widget);
  for (guint i = 0; i < self->stands->len; i++)
    {
      const ShtCrewSign *sign = g_ptr_array_index (self->signs, i);
      const Stand *stand = &g_array_index (self->stands, Stand, i);

      gtk_snapshot_push_opacity (snapshot, sign->age_ms > SHT_POSITION_STALE_MS ? FADED : 1);
      draw_dot (self, snapshot, sign, stand);
      gtk_snapshot_pop (snapshot);
    }
  /* Their words are to be read, however old. */
  for (guint i = 0; i < self->stands->len; i++)
    if (g_array_index (self->stands, Stand, i).is_on)
      draw_sign (self, snapshot, i, &g_array_index (self->stands, Stand, i));
}

static void
sht_crew_layer_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  sht_map_room_spoil (SHT_CREW_LAYER (widget)->room);
}

/* Another size of the text, or another direction. */
static void
forget_layouts (ShtCrewLayer *self)
{
  g_ptr_array_set_size (self->layouts, 0);
  sht_map_room_spoil (self->room);
}

static void
sht_crew_layer_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (sht_crew_layer_parent_class)->css_changed (widget, change);
  forget_layouts (SHT_CREW_LAYER (widget));
}

static void
sht_crew_layer_finalize (GObject *object)
{
  g_ptr_array_unref (SHT_CREW_LAYER (object)->signs);
  g_ptr_array_unref (SHT_CREW_LAYER (object)->layouts);
  g_array_unref (SHT_CREW_LAYER (object)->stands);
  sht_map_room_unref (SHT_CREW_LAYER (object)->room);
  G_OBJECT_CLASS (sht_crew_layer_parent_class)->finalize (object);
}

static void
sht_crew_layer_class_init (ShtCrewLayerClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = sht_crew_layer_finalize;
  widget->snapshot = sht_crew_layer_snapshot;
  widget->size_allocate = sht_crew_layer_size_allocate;
  widget->css_changed = sht_crew_layer_css_changed;
}

static void
sht_crew_layer_init (ShtCrewLayer *self)
{
  self->signs = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_crew_sign_free);
  self->layouts = g_ptr_array_new_with_free_func (g_object_unref);
  self->stands = g_array_new (FALSE, FALSE, sizeof (Stand));
  self->room = sht_map_room_new ();
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

static void
on_moved (ShtCrewLayer *self)
{
  sht_map_room_spoil (self->room);
}

/**
 * sht_crew_layer_new:
 * @viewport: the map's
 * @room: in which signs find theirs
 *
 * Returns: (transfer floating): a layer on which nobody is yet
 */
ShtCrewLayer *
sht_crew_layer_new (ShumateViewport *viewport, ShtMapRoom *room)
{
  static const char *const moves[] = { "notify::latitude", "notify::longitude", "notify::zoom-level", "notify::rotation",
                                       "notify::reference-map-source" };
  ShtCrewLayer *self = g_object_new (SHT_TYPE_CREW_LAYER, "viewport", viewport, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    g_signal_connect_object (viewport, moves[i], G_CALLBACK (on_moved), self, G_CONNECT_SWAPPED);
  sht_map_room_unref (self->room);
  self->room = sht_map_room_ref (room);
  sht_map_room_add_layer (room, SHT_ROOM_CREW, GTK_WIDGET (self), claim);
  return self;
}

static int
by_age (gconstpointer a, gconstpointer b)
{
  const ShtCrewSign *one = *(const ShtCrewSign *const *) a, *other = *(const ShtCrewSign *const *) b;

  return (one->age_ms < other->age_ms) - (one->age_ms > other->age_ms);
}

/**
 * sht_crew_layer_set:
 * @signs: (transfer full) (element-type ShtCrewSign): those whose position is known
 */
void
sht_crew_layer_set (ShtCrewLayer *self, GPtrArray *signs)
{
  g_ptr_array_sort (signs, by_age);
  g_ptr_array_unref (self->signs);
  self->signs = signs;
  forget_layouts (self);
}

void
sht_crew_layer_set_dark (ShtCrewLayer *self, gboolean dark)
{
  self->dark = dark;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/** sht_crew_layer_count: Returns: how many crews it shows */
guint
sht_crew_layer_count (ShtCrewLayer *self)
{
  return self->signs->len;
}
