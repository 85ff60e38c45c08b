/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "label-private.h"

#include <math.h>

/* A house number is told apart from the next by its house. */
#define NUMBER_ROOM 1.0

static void
label_clear (gpointer data)
{
  ShtMapLabel *label = data;

  cairo_path_destroy (label->path);
}

/* Shapes are taken unhinted: hinting would follow each machine's own font settings. */
static ShtMapLabels *
labels_new (const ShtMapPlan *plan, const ShtMapStyle *style, const ShtMapFrame *frame)
{
  ShtMapLabels *self = g_new0 (ShtMapLabels, 1);
  cairo_font_options_t *options = cairo_font_options_create ();
  /* Without bounds: cairo leaves letters out of a path that lie beyond its surface. */
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_ALPHA, NULL);

  self->plan = plan;
  self->style = style;
  self->frame = frame;
  self->cr = cairo_create (surface);
  cairo_surface_destroy (surface);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  self->context = pango_cairo_create_context (self->cr);
  pango_cairo_context_set_font_options (self->context, options);
  pango_cairo_context_set_resolution (self->context, 96);
  pango_context_set_language (self->context, pango_language_from_string ("he"));
  pango_context_set_round_glyph_positions (self->context, FALSE);
  cairo_font_options_destroy (options);
  self->labels = g_array_new (FALSE, FALSE, sizeof (ShtMapLabel));
  g_array_set_clear_func (self->labels, label_clear);
  self->taken = g_array_new (FALSE, FALSE, sizeof (ShtMapBox));
  return self;
}

void
sht_map_labels_free (ShtMapLabels *self)
{
  g_array_unref (self->labels);
  g_array_unref (self->taken);
  g_object_unref (self->context);
  cairo_destroy (self->cr);
  g_free (self);
}

/**
 * sht_map_labels_layout:
 * @size: pixels of an em
 * @bold: for what is to be seen first
 * @spacing: pixels between letters beyond the font's own
 *
 * Returns: (transfer full): @text set in the map's font
 */
PangoLayout *
sht_map_labels_layout (
  ShtMapLabels *self, const char *text, double size, gboolean bold, double spacing)
{
  PangoLayout *layout = pango_layout_new (self->context);
  PangoFontDescription *font = pango_font_description_from_string (SHT_MAP_FONT);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  if (spacing > 0)
    pango_attr_list_insert (attributes,
                            pango_attr_letter_spacing_new ((int)(spacing * PANGO_SCALE)));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

/**
 * sht_map_labels_free_at:
 * @boxes: (array length=n): where letters would stand, in pixels of the frame
 * @room: pixels to keep free around them
 *
 * Returns: whether nothing stands there or too near
 */
gboolean
sht_map_labels_free_at (const ShtMapLabels *self, const ShtMapBox *boxes, guint n, double room)
{
  for (guint i = 0; i < n; i++)
    {
      ShtMapBox box = { boxes[i].x0 - room, boxes[i].y0 - room, boxes[i].x1 + room,
                        boxes[i].y1 + room };

      for (guint k = 0; k < self->taken->len; k++)
        if (sht_map_box_meets (&box, &g_array_index (self->taken, ShtMapBox, k)))
          return FALSE;
    }
  return TRUE;
}

/**
 * sht_map_labels_take:
 * @boxes: (array length=n): where its letters stand
 * @halo: pixels around the letters, 0 for none
 *
 * Keeps the path of the labels' context as a label, and its place as taken.
 */
void
sht_map_labels_take (
  ShtMapLabels *self, const ShtMapBox *boxes, guint n, ShtMapColour colour, double halo)
{
  ShtMapLabel label = { .path = cairo_copy_path (self->cr), .colour = colour, .halo = halo };

  cairo_path_extents (self->cr, &label.box.x0, &label.box.y0, &label.box.x1, &label.box.y1);
  label.box.x0 -= halo + 1;
  label.box.y0 -= halo + 1;
  label.box.x1 += halo + 1;
  label.box.y1 += halo + 1;
  g_array_append_val (self->labels, label);
  g_array_append_vals (self->taken, boxes, n);
}

/* Sets a layout level around a point. The letters' own extents are what must be free. */
static gboolean
place_level (
  ShtMapLabels *self, PangoLayout *layout, ShtMapPoint centre, ShtMapColour colour, double halo)
{
  PangoRectangle ink;
  ShtMapBox box;
  double x, y;

  pango_layout_get_pixel_extents (layout, &ink, NULL);
  if (ink.width <= 0)
    return FALSE;
  x = centre.x - (ink.x + ink.width / 2.0);
  y = centre.y - (ink.y + ink.height / 2.0);
  box = (ShtMapBox){ x + ink.x, y + ink.y, x + ink.x + ink.width, y + ink.y + ink.height };
  if (!sht_map_labels_free_at (self, &box, 1, halo > 0 ? SHT_MAP_ROOM : NUMBER_ROOM))
    return FALSE;
  cairo_new_path (self->cr);
  cairo_move_to (self->cr, x, y);
  pango_cairo_layout_path (self->cr, layout);
  sht_map_labels_take (self, &box, 1, colour, halo);
  return TRUE;
}

/* Twice the surface of a ring, and its middle times three of that, both from the first corner. */
static double
surface_moment (const ShtMapLabels *self, const ShtMapFeature *f, ShtMapPoint *moment)
{
  ShtMapPoint first = sht_map_frame_point (self->frame, f->points[0]);
  double surface = 0;

  *moment = (ShtMapPoint){ 0, 0 };
  for (guint i = 0; i + 1 < f->n_points; i++)
    {
      ShtMapPoint a = sht_map_frame_point (self->frame, f->points[i]);
      ShtMapPoint b = sht_map_frame_point (self->frame, f->points[i + 1]);
      double cross = (a.x - first.x) * (b.y - first.y) - (b.x - first.x) * (a.y - first.y);

      surface += cross;
      moment->x += (a.x + b.x - 2 * first.x) * cross;
      moment->y += (a.y + b.y - 2 * first.y) * cross;
    }
  return surface;
}

static double
surface_of (const ShtMapLabels *self, const ShtMapFeature *f)
{
  ShtMapPoint moment;

  return fabs (surface_moment (self, f, &moment)) / 2;
}

/* The middle of a ring's surface, which for our shapes lies inside. */
static ShtMapPoint
middle_of (const ShtMapLabels *self, const ShtMapFeature *f)
{
  ShtMapPoint first = sht_map_frame_point (self->frame, f->points[0]), moment;
  double surface = surface_moment (self, f, &moment);

  if (fabs (surface) < 1e-9)
    return first;
  return (ShtMapPoint){ first.x + moment.x / (3 * surface), first.y + moment.y / (3 * surface) };
}

static ShtMapColour
area_colour (const ShtMapStyle *style, ShtMapKind kind)
{
  switch (kind)
    {
    case SHT_MAP_PARK:
    case SHT_MAP_WOOD:
    case SHT_MAP_SPORTS:
    case SHT_MAP_CEMETERY:
      return style->green_text;
    case SHT_MAP_WATER:
      return style->water_text;
    default:
      return style->place_text;
    }
}

static void
place_area (ShtMapLabels *self, const ShtMapFeature *f)
{
  static const double shifts[] = { 0, -1.2, 1.2, -2.4, 2.4, 4.5, -4.5 }; /* ems */
  double size = sht_map_text_size (f->kind, self->frame->zoom);
  ShtMapPoint centre;
  g_autoptr (PangoLayout) layout = NULL;

  if (size <= 0 || f->text == NULL)
    return;
  layout = sht_map_labels_layout (self, f->text, size, FALSE, 0);
  /* Two short lines keep off the streets around better than one long one. */
  pango_layout_set_width (layout, (int)(size * 6.5 * PANGO_SCALE));
  pango_layout_set_spacing (layout, -(int)(size * 0.16 * PANGO_SCALE));
  centre = middle_of (self, f);
  for (guint i = 0; i < G_N_ELEMENTS (shifts); i++)
    if (place_level (self, layout, (ShtMapPoint){ centre.x, centre.y + shifts[i] * size },
                     area_colour (self->style, f->kind), 1.6))
      return;
}

/* A pond lies in a park, whose name is not to be read as the pond's: it keeps off all of it. */
static void
place_water (ShtMapLabels *self, const ShtMapFeature *f)
{
  ShtMapBox box = sht_map_frame_box (self->frame, &f->box);

  place_area (self, f);
  g_array_append_val (self->taken, box);
}

/* A district may have several areas: its name goes on the largest. */
static gboolean
is_heart (const ShtMapLabels *self, const ShtMapFeature *f)
{
  for (guint i = 0; i < self->plan->features->len; i++)
    {
      const ShtMapFeature *other = g_ptr_array_index (self->plan->features, i);

      if (other->kind == f->kind && g_strcmp0 (other->district, f->district) == 0 &&
          surface_of (self, other) > surface_of (self, f))
        return FALSE;
    }
  return TRUE;
}

static void
place_district (ShtMapLabels *self, const ShtMapFeature *f)
{
  double size = sht_map_text_size (f->kind, self->frame->zoom);
  const char *name =
    f->district == NULL ? NULL : g_hash_table_lookup (self->plan->districts, f->district);
  g_autoptr (PangoLayout) layout = NULL;

  if (size <= 0 || name == NULL || !is_heart (self, f))
    return;
  layout =
    sht_map_labels_layout (self, name, size, TRUE, self->frame->zoom >= 14 ? size * 0.06 : 0);
  pango_layout_set_width (layout, (int)(size * 7.5 * PANGO_SCALE));
  pango_layout_set_spacing (layout, -(int)(size * 0.2 * PANGO_SCALE));
  place_level (self, layout, middle_of (self, f), self->style->district_text, 1.9);
}

static void
place_town (ShtMapLabels *self)
{
  g_autoptr (PangoLayout) layout = NULL;
  ShtMapBox box = sht_map_frame_box (self->frame, &self->plan->box);

  if (self->plan->name == NULL || self->frame->zoom != 12)
    return;
  layout = sht_map_labels_layout (self, self->plan->name, 17, TRUE, 0);
  place_level (self, layout, (ShtMapPoint){ (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2 },
               self->style->street_text, 2.4);
}

static void
place_number (ShtMapLabels *self, const ShtMapFeature *f)
{
  double size = sht_map_text_size (SHT_MAP_BUILDING, self->frame->zoom);
  ShtMapBox box = sht_map_frame_box (self->frame, &f->box);
  g_autoptr (PangoLayout) layout = NULL;
  int width;

  if (size <= 0 || f->text == NULL)
    return;
  layout = sht_map_labels_layout (self, f->text, size, FALSE, 0);
  pango_layout_get_pixel_size (layout, &width, NULL);
  if (box.x1 - box.x0 < width * 0.9)
    return;
  place_level (self, layout, middle_of (self, f), self->style->number_text, 0);
}

/* A circle is too tight for letters along it: its name stands level on the island. */
static void
place_street (ShtMapLabels *self, const ShtMapFeature *f)
{
  g_autoptr (PangoLayout) layout = NULL;

  if (!f->roundabout)
    {
      sht_map_labels_place_street (self, f);
      return;
    }
  if (self->frame->zoom < 16 || f->text == NULL)
    return;
  layout = sht_map_labels_layout (self, f->text,
                                  sht_map_text_size (SHT_MAP_PLAZA, self->frame->zoom), FALSE, 0);
  pango_layout_set_width (
    layout, pango_font_description_get_size (pango_layout_get_font_description (layout)) * 4);
  pango_layout_set_spacing (layout, -2 * PANGO_SCALE);
  place_level (self, layout, middle_of (self, f), self->style->main_text, 1.8);
}

static void
for_kind (ShtMapLabels *self,
          ShtMapKind kind,
          void (*place) (ShtMapLabels *, const ShtMapFeature *))
{
  for (guint i = 0; i < self->plan->features->len; i++)
    {
      const ShtMapFeature *f = g_ptr_array_index (self->plan->features, i);

      if (f->kind == kind)
        place (self, f);
    }
}

/**
 * sht_map_labels_place:
 *
 * Finds a place for every name of one zoom, for the whole town at once: so the tiles, drawn piece
 * by piece, agree across their borders. What matters more comes first and keeps its place.
 *
 * Returns: (transfer full): the labels; @plan, @style and @frame must outlive them
 */
ShtMapLabels *
sht_map_labels_place (const ShtMapPlan *plan, const ShtMapStyle *style, const ShtMapFrame *frame)
{
  static const ShtMapKind streets[] = { SHT_MAP_STREET, SHT_MAP_LANE, SHT_MAP_PATH, SHT_MAP_RAIL };
  ShtMapLabels *self = labels_new (plan, style, frame);

  place_town (self);
  for_kind (self, SHT_MAP_RESIDENTIAL, place_district);
  for_kind (self, SHT_MAP_INDUSTRIAL, place_district);
  for_kind (self, SHT_MAP_HIGHWAY, sht_map_labels_place_street);
  for_kind (self, SHT_MAP_MAIN, place_street);
  for_kind (self, SHT_MAP_STREAM, sht_map_labels_place_stream);
  for_kind (self, SHT_MAP_WATER, place_water);
  for (ShtMapKind kind = SHT_MAP_COMMERCIAL; kind < SHT_MAP_N_AREAS; kind++)
    if (kind != SHT_MAP_STREAM && kind != SHT_MAP_WATER)
      for_kind (self, kind, place_area);
  for (guint i = 0; i < G_N_ELEMENTS (streets); i++)
    for_kind (self, streets[i], sht_map_labels_place_street);
  for_kind (self, SHT_MAP_BUILDING, place_number);
  return self;
}

/**
 * sht_map_labels_meet:
 *
 * Returns: whether any label reaches into @piece
 */
gboolean
sht_map_labels_meet (const ShtMapLabels *self, const ShtMapBox *piece)
{
  for (guint i = 0; i < self->labels->len; i++)
    if (sht_map_box_meets (&g_array_index (self->labels, ShtMapLabel, i).box, piece))
      return TRUE;
  return FALSE;
}

/**
 * sht_map_labels_paint:
 * @cr: in the frame's coordinates
 * @piece: the part of the frame that is wanted
 */
void
sht_map_labels_paint (const ShtMapLabels *self, cairo_t *cr, const ShtMapBox *piece)
{
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < self->labels->len; i++)
    {
      const ShtMapLabel *label = &g_array_index (self->labels, ShtMapLabel, i);

      if (!sht_map_box_meets (&label->box, piece))
        continue;
      cairo_new_path (cr);
      cairo_append_path (cr, label->path);
      if (label->halo > 0)
        {
          cairo_set_line_width (cr, label->halo * 2);
          sht_map_set_colour (cr, self->style->halo, 0.88);
          cairo_stroke_preserve (cr);
        }
      sht_map_set_colour (cr, label->colour, 1);
      cairo_fill (cr);
    }
}

/**
 * sht_map_labels_font:
 *
 * Returns: (transfer full): the family that Hebrew letters are really taken from
 */
char *
sht_map_labels_font (void)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoFontDescription *wanted = pango_font_description_from_string (SHT_MAP_FONT);
  PangoFontset *set =
    pango_context_load_fontset (context, wanted, pango_language_from_string ("he"));
  PangoFont *font = pango_fontset_get_font (set, 0x05d0); /* alef */
  PangoFontDescription *found = pango_font_describe (font);
  char *family = g_strdup (pango_font_description_get_family (found));

  pango_font_description_free (found);
  g_object_unref (font);
  g_object_unref (set);
  pango_font_description_free (wanted);
  g_object_unref (context);
  return family;
}
