/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paint.h"

#include <math.h>

/* The plan ends at the town's bounds; its last metres melt into the open land around. */
#define EDGE_METRES 110.0

/* Widest thing that is drawn beyond a feature's own box, in pixels. */
#define REACH 24.0

typedef struct
{
  cairo_t *cr;
  const ShtMapPlan *plan;
  const ShtMapStyle *style;
  const ShtMapFrame *frame;
  ShtMapBox piece; /* pixels of the frame */
} Painter;

/**
 * sht_map_frame_point:
 * @p: on the Mercator square
 *
 * Returns: in pixels of the frame
 */
ShtMapPoint
sht_map_frame_point (const ShtMapFrame *self, ShtMapPoint p)
{
  double world = ldexp (SHT_MAP_TILE, self->zoom);

  return (ShtMapPoint){ p.x * world - self->x * (double)SHT_MAP_TILE,
                        p.y * world - self->y * (double)SHT_MAP_TILE };
}

ShtMapBox
sht_map_frame_box (const ShtMapFrame *self, const ShtMapBox *box)
{
  ShtMapPoint a = sht_map_frame_point (self, (ShtMapPoint){ box->x0, box->y0 });
  ShtMapPoint b = sht_map_frame_point (self, (ShtMapPoint){ box->x1, box->y1 });

  return (ShtMapBox){ a.x, a.y, b.x, b.y };
}

void
sht_map_set_colour (cairo_t *cr, ShtMapColour colour, double alpha)
{
  cairo_set_source_rgba (cr, (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0,
                         (colour & 0xff) / 255.0, alpha);
}

static gboolean
is_near (const Painter *self, const ShtMapFeature *f)
{
  ShtMapBox box = sht_map_frame_box (self->frame, &f->box);

  box.x0 -= REACH;
  box.y0 -= REACH;
  box.x1 += REACH;
  box.y1 += REACH;
  return sht_map_box_meets (&box, &self->piece);
}

static void
trace (const Painter *self, const ShtMapFeature *f)
{
  guint n = f->n_points;
  gboolean closed = f->kind <= SHT_MAP_BUILDING || f->roundabout;

  cairo_new_path (self->cr);
  for (guint i = 0; i < n - (closed ? 1 : 0); i++)
    {
      ShtMapPoint p = sht_map_frame_point (self->frame, f->points[i]);

      cairo_line_to (self->cr, p.x, p.y);
    }
  if (closed)
    cairo_close_path (self->cr);
}

/* Trees stand on a lattice that is fixed to the frame, so that neighbouring pieces agree. */
static void
sow (const Painter *self, const ShtMapFeature *f)
{
  ShtMapBox box = sht_map_frame_box (self->frame, &f->box);
  double step = self->frame->zoom >= 17 ? 13.0 : 8.0;
  double radius = self->frame->zoom >= 17 ? 2.4 : 1.4;
  int first_row = (int)floor (MAX (box.y0, self->piece.y0) / step);
  int first_column = (int)floor (MAX (box.x0, self->piece.x0) / step);

  cairo_save (self->cr);
  cairo_clip (self->cr);
  for (int row = first_row; row * step < MIN (box.y1, self->piece.y1) + step; row++)
    for (int column = first_column; column * step < MIN (box.x1, self->piece.x1) + step; column++)
      {
        double shift = f->kind == SHT_MAP_WOOD && row % 2 != 0 ? step / 2 : 0;

        cairo_new_sub_path (self->cr);
        cairo_arc (self->cr, column * step + shift, row * step, radius, 0, 2 * G_PI);
      }
  sht_map_set_colour (self->cr, self->style->sown, 0.75);
  cairo_fill (self->cr);
  cairo_restore (self->cr);
}

static void
paint_area (const Painter *self, const ShtMapFeature *f)
{
  ShtMapColour colour = self->style->areas[f->kind];

  trace (self, f);
  sht_map_set_colour (self->cr, colour, 1);
  cairo_fill_preserve (self->cr);
  if (f->kind == SHT_MAP_WATER || f->kind == SHT_MAP_STREAM)
    {
      cairo_set_line_width (self->cr, self->frame->zoom >= 15 ? 1.2 : 0.8);
      sht_map_set_colour (self->cr, self->style->bank, 1);
      cairo_stroke (self->cr);
    }
  else
    {
      /* Neighbours share an edge: a line of the same colour keeps the land from shining through. */
      cairo_set_line_width (self->cr, 0.7);
      cairo_stroke_preserve (self->cr);
      if (self->frame->zoom >= 16 && (f->kind == SHT_MAP_ORCHARD || f->kind == SHT_MAP_WOOD))
        sow (self, f);
      cairo_new_path (self->cr);
    }
}

static void
paint_building (const Painter *self, const ShtMapFeature *f)
{
  int zoom = self->frame->zoom;

  trace (self, f);
  sht_map_set_colour (self->cr, f->landmark ? self->style->public_building : self->style->building,
                      zoom >= 15 ? 1.0 : 0.6);
  cairo_fill_preserve (self->cr);
  if (zoom >= 16)
    {
      sht_map_set_colour (self->cr,
                          f->landmark ? self->style->public_edge : self->style->building_edge, 1);
      cairo_set_line_width (self->cr, zoom >= 17 ? 1.0 : 0.7);
      cairo_stroke (self->cr);
    }
  cairo_new_path (self->cr);
}

static void
stroke_street (const Painter *self, const ShtMapFeature *f, double width, ShtMapColour colour)
{
  trace (self, f);
  cairo_set_line_width (self->cr, width);
  sht_map_set_colour (self->cr, colour, 1);
  cairo_stroke (self->cr);
}

static void
set_dash (const Painter *self, double on, double off)
{
  const double dash[] = { on, off };

  cairo_set_dash (self->cr, dash, on > 0 ? 2 : 0, 0);
}

static void
paint_rail (const Painter *self, const ShtMapFeature *f, double width)
{
  stroke_street (self, f, width, self->style->streets[SHT_MAP_RAIL]);
  if (width < 2)
    return;
  cairo_set_line_cap (self->cr, CAIRO_LINE_CAP_BUTT);
  set_dash (self, width * 2.6, width * 2.6);
  stroke_street (self, f, width - 1.4, self->style->casings[SHT_MAP_RAIL]);
  set_dash (self, 0, 0);
  cairo_set_line_cap (self->cr, CAIRO_LINE_CAP_ROUND);
}

static void
paint_way (const Painter *self, const ShtMapFeature *f, double width)
{
  cairo_set_line_cap (self->cr, CAIRO_LINE_CAP_BUTT);
  if (f->kind == SHT_MAP_TRACK)
    set_dash (self, width * 5, width * 2);
  else
    set_dash (self, width * 2, width * 1.3);
  stroke_street (self, f, width, self->style->streets[f->kind]);
  set_dash (self, 0, 0);
  cairo_set_line_cap (self->cr, CAIRO_LINE_CAP_ROUND);
}

/* All casings first, then all carriageways: so crossings are open, whatever the order of the file.
 */
static void
paint_streets (const Painter *self, ShtMapKind kind, gboolean casing)
{
  double width = sht_map_street_width (kind, self->frame->zoom);
  double line = sht_map_street_casing (kind, self->frame->zoom);

  if (width <= 0 || (casing && line <= 0))
    return;
  for (guint i = 0; i < self->plan->features->len; i++)
    {
      const ShtMapFeature *f = g_ptr_array_index (self->plan->features, i);

      if (f->kind != kind || !is_near (self, f))
        continue;
      if (casing)
        stroke_street (self, f, width + 2 * line, self->style->casings[kind]);
      else if (kind == SHT_MAP_RAIL)
        paint_rail (self, f, width);
      else if (kind == SHT_MAP_TRACK || kind == SHT_MAP_PATH)
        paint_way (self, f, width);
      else
        stroke_street (self, f, width, self->style->streets[kind]);
    }
}

static void
paint_islands (const Painter *self)
{
  for (guint i = 0; i < self->plan->features->len; i++)
    {
      const ShtMapFeature *f = g_ptr_array_index (self->plan->features, i);

      if (!f->roundabout || !is_near (self, f))
        continue;
      trace (self, f);
      sht_map_set_colour (self->cr, self->style->areas[SHT_MAP_PARK], 1);
      cairo_fill (self->cr);
    }
}

static void
fade_side (const Painter *self, double x0, double y0, double x1, double y1)
{
  cairo_pattern_t *fade = cairo_pattern_create_linear (x0, y0, x1, y1);
  double r = (self->style->land >> 16 & 0xff) / 255.0, g = (self->style->land >> 8 & 0xff) / 255.0;
  double b = (self->style->land & 0xff) / 255.0;

  cairo_pattern_add_color_stop_rgba (fade, 0, r, g, b, 1);
  cairo_pattern_add_color_stop_rgba (fade, 0.3, r, g, b, 0.75);
  cairo_pattern_add_color_stop_rgba (fade, 1, r, g, b, 0);
  cairo_set_source (self->cr, fade);
  cairo_paint (self->cr);
  cairo_pattern_destroy (fade);
}

static void
paint_edges (const Painter *self)
{
  ShtMapBox box = sht_map_frame_box (self->frame, &self->plan->box);
  double reach = EDGE_METRES * sht_map_metre (self->plan) * ldexp (SHT_MAP_TILE, self->frame->zoom);

  fade_side (self, box.x0, 0, box.x0 + reach, 0);
  fade_side (self, box.x1, 0, box.x1 - reach, 0);
  fade_side (self, 0, box.y0, 0, box.y0 + reach);
  fade_side (self, 0, box.y1, 0, box.y1 - reach);
}

/**
 * sht_map_paint:
 * @piece: the part of the frame that is wanted, in its pixels
 *
 * Draws all but the names; @cr has the frame's coordinates.
 */
void
sht_map_paint (cairo_t *cr,
               const ShtMapPlan *plan,
               const ShtMapStyle *style,
               const ShtMapFrame *frame,
               const ShtMapBox *piece)
{
  static const ShtMapKind order[] = { SHT_MAP_TRACK,  SHT_MAP_PATH, SHT_MAP_RAIL,   SHT_MAP_LANE,
                                      SHT_MAP_STREET, SHT_MAP_MAIN, SHT_MAP_HIGHWAY };
  Painter self = { cr, plan, style, frame, *piece };

  sht_map_set_colour (cr, style->land, 1);
  cairo_paint (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (guint i = 0; i < plan->features->len; i++)
    {
      const ShtMapFeature *f = g_ptr_array_index (plan->features, i);

      if (f->kind < SHT_MAP_N_AREAS && is_near (&self, f))
        paint_area (&self, f);
    }
  for (guint i = 0; frame->zoom >= 14 && i < plan->features->len; i++)
    {
      const ShtMapFeature *f = g_ptr_array_index (plan->features, i);

      if (f->kind == SHT_MAP_BUILDING && is_near (&self, f))
        paint_building (&self, f);
    }
  if (frame->zoom >= 15)
    paint_islands (&self);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    paint_streets (&self, order[i], TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    paint_streets (&self, order[i], FALSE);
  paint_edges (&self);
}
