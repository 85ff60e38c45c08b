/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "label-private.h"

#include <math.h>

/* Pixels between two writings of the same name along one street. */
#define REPEAT 460.0

/* A place is looked for in steps of this many pixels along the street. */
#define STEP 9.0

/* Text stays this far from a street's ends. */
#define END_ROOM 5.0

/* A straight piece is tried for first, then one that bends in all by so many radians. */
static const double bends[] = { 0.16, 0.55, 1.3 };

/* Between two letters more than this looks broken. */
#define MAX_KNEE 0.42

/* Halves of a stream's bank are matched at so many places. */
#define N_MIDDLE 60

typedef struct
{
  ShtMapPoint *points;
  double *along; /* pixels from the start, a point */
  guint n;
  double length;
} Line;

/* One letter, set on the line by its middle. */
typedef struct
{
  PangoFont *font; /* (unowned) */
  PangoGlyphInfo info;
  double x, width; /* pixels from the text's left edge */
  ShtMapPoint at;
  double angle;
} Letter;

typedef struct
{
  const Line *line;
  GArray *letters; /* (owned) of Letter, from left to right as they are seen */
  GArray *boxes;   /* (owned) of ShtMapBox */
  double width;
  double size;
  double baseline; /* from the middle of a letter down to its foot */
} Text;

static void
line_init (Line *self, const ShtMapPoint *points, guint n)
{
  self->points = g_memdup2 (points, n * sizeof *points);
  self->along = g_new0 (double, n);
  self->n = n;
  for (guint i = 1; i < n; i++)
    self->along[i] =
      self->along[i - 1] + hypot (points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
  self->length = self->along[n - 1];
}

static void
line_clear (Line *self)
{
  g_free (self->points);
  g_free (self->along);
}

static ShtMapPoint
line_at (const Line *self, double s)
{
  guint i = 1;
  double t, step;

  while (i + 1 < self->n && self->along[i] < s)
    i++;
  step = self->along[i] - self->along[i - 1];
  t = step > 0 ? CLAMP ((s - self->along[i - 1]) / step, 0, 1) : 0;
  return (ShtMapPoint){ self->points[i - 1].x + t * (self->points[i].x - self->points[i - 1].x),
                        self->points[i - 1].y + t * (self->points[i].y - self->points[i - 1].y) };
}

/* Takes the shaped text apart. Pango gives its runs in the order in which they are seen, from left
 * to right, so that right-to-left words need nothing more here. */
static void
text_init (Text *self, ShtMapLabels *labels, const Line *line, const char *words, double size)
{
  g_autoptr (PangoLayout) layout = sht_map_labels_layout (labels, words, size, FALSE, 0);
  g_autoptr (PangoLayout) measure = sht_map_labels_layout (labels, "ה", size, FALSE, 0);
  PangoRectangle ink;
  double x = 0;

  self->line = line;
  self->size = size;
  self->letters = g_array_new (FALSE, FALSE, sizeof (Letter));
  self->boxes = g_array_new (FALSE, FALSE, sizeof (ShtMapBox));
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  for (GSList *l = pango_layout_get_line_readonly (layout, 0)->runs; l != NULL; l = l->next)
    {
      const PangoGlyphItem *run = l->data;

      for (int i = 0; i < run->glyphs->num_glyphs; i++)
        {
          Letter letter = { .font = run->item->analysis.font,
                            .info = run->glyphs->glyphs[i],
                            .x = x };

          letter.width = letter.info.geometry.width / (double)PANGO_SCALE;
          x += letter.width;
          if (letter.info.glyph != PANGO_GLYPH_EMPTY)
            g_array_append_val (self->letters, letter);
        }
    }
  self->width = x;
  pango_layout_line_get_extents (pango_layout_get_line_readonly (measure, 0), &ink, NULL);
  self->baseline = -(ink.y + ink.height / 2.0) / PANGO_SCALE;
}

static void
text_clear (Text *self)
{
  g_array_unref (self->letters);
  g_array_unref (self->boxes);
}

static double
turn_between (double a, double b)
{
  return fabs (remainder (a - b, 2 * G_PI));
}

/* Sets the letters on the line, the text's middle at @middle, never upside down; an upright street
 * is read from below. FALSE where the line bends by more than @bend. */
static gboolean
text_set (Text *self, double middle, double bend)
{
  double start = middle - self->width / 2;
  ShtMapPoint a = line_at (self->line, start), b = line_at (self->line, start + self->width);
  double lean = b.x - a.x, rise = b.y - a.y;
  gboolean backwards = fabs (lean) < 0.12 * fabs (rise) ? rise > 0 : lean < 0;
  double least = 0, most = 0, first = 0;

  g_array_set_size (self->boxes, 0);
  for (guint i = 0; i < self->letters->len; i++)
    {
      Letter *letter = &g_array_index (self->letters, Letter, i);
      double along = letter->x + letter->width / 2;
      double s = backwards ? start + self->width - along : start + along;
      double reach = letter->width / 2 + self->size * 0.3;
      ShtMapPoint p = line_at (self->line, backwards ? s + reach : s - reach);
      ShtMapPoint q = line_at (self->line, backwards ? s - reach : s + reach);
      ShtMapPoint on = line_at (self->line, s);
      double wide, high, turn;
      ShtMapBox box;

      letter->angle = atan2 (q.y - p.y, q.x - p.x);
      /* Half-way to the chord: letters then keep their distances in a bend. */
      letter->at = (ShtMapPoint){ (on.x + (p.x + q.x) / 2) / 2, (on.y + (p.y + q.y) / 2) / 2 };
      if (i == 0)
        first = letter->angle;
      else if (turn_between (letter->angle, g_array_index (self->letters, Letter, i - 1).angle) >
               MAX_KNEE)
        return FALSE;
      turn = remainder (letter->angle - first, 2 * G_PI);
      least = MIN (least, turn);
      most = MAX (most, turn);
      if (most - least > bend)
        return FALSE;
      wide = (fabs (cos (letter->angle)) * letter->width +
              fabs (sin (letter->angle)) * self->size * 0.7) /
             2;
      high = (fabs (sin (letter->angle)) * letter->width +
              fabs (cos (letter->angle)) * self->size * 0.7) /
             2;
      box = (ShtMapBox){ letter->at.x - wide, letter->at.y - high, letter->at.x + wide,
                         letter->at.y + high };
      g_array_append_val (self->boxes, box);
    }
  return self->boxes->len > 0;
}

static void
text_trace (const Text *self, cairo_t *cr)
{
  PangoGlyphString *one = pango_glyph_string_new ();

  pango_glyph_string_set_size (one, 1);
  cairo_new_path (cr);
  for (guint i = 0; i < self->letters->len; i++)
    {
      const Letter *letter = &g_array_index (self->letters, Letter, i);

      one->glyphs[0] = letter->info;
      one->log_clusters[0] = 0;
      cairo_save (cr);
      cairo_translate (cr, letter->at.x, letter->at.y);
      cairo_rotate (cr, letter->angle);
      cairo_move_to (cr, -letter->width / 2, self->baseline);
      pango_cairo_glyph_string_path (cr, letter->font, one);
      cairo_restore (cr);
    }
  pango_glyph_string_free (one);
}

static gboolean
try_place (ShtMapLabels *labels, Text *text, double middle, double bend, ShtMapColour colour)
{
  double half = text->width / 2 + END_ROOM;

  if (middle - half < 0 || middle + half > text->line->length || !text_set (text, middle, bend) ||
      !sht_map_labels_free_at (labels, (ShtMapBox *)text->boxes->data, text->boxes->len,
                               SHT_MAP_ROOM))
    return FALSE;
  text_trace (text, labels->cr);
  sht_map_labels_take (labels, (ShtMapBox *)text->boxes->data, text->boxes->len, colour,
                       text->size >= 14 ? 2.0 : 1.7);
  return TRUE;
}

/* Writes the name once a stretch, as near to the stretch's middle as there is room. */
static void
place_along (
  ShtMapLabels *labels, const Line *line, const char *words, double size, ShtMapColour colour)
{
  Text text;
  int stretches = MAX (1, (int)lround (line->length / REPEAT));
  double stretch = line->length / stretches;

  text_init (&text, labels, line, words, size);
  for (int i = 0; i < stretches && text.width + 2 * END_ROOM <= line->length; i++)
    {
      gboolean placed = FALSE;

      for (guint b = 0; b < G_N_ELEMENTS (bends) && !placed; b++)
        for (double off = 0; off < stretch * 0.42 && !placed; off += STEP)
          placed = try_place (labels, &text, (i + 0.5) * stretch + off, bends[b], colour) ||
                   try_place (labels, &text, (i + 0.5) * stretch - off, bends[b], colour);
    }
  text_clear (&text);
}

/**
 * sht_map_labels_place_street:
 *
 * Writes a street's name along it, upright, where there is room.
 */
void
sht_map_labels_place_street (ShtMapLabels *self, const ShtMapFeature *f)
{
  double size = sht_map_text_size (f->kind, self->frame->zoom);
  g_autofree ShtMapPoint *points = NULL;
  ShtMapColour colour = f->kind == SHT_MAP_MAIN || f->kind == SHT_MAP_HIGHWAY
                          ? self->style->main_text
                        : f->kind == SHT_MAP_PATH ? self->style->place_text
                                                  : self->style->street_text;
  Line line;

  if (size <= 0 || f->text == NULL)
    return;
  points = g_new (ShtMapPoint, f->n_points);
  for (guint i = 0; i < f->n_points; i++)
    points[i] = sht_map_frame_point (self->frame, f->points[i]);
  line_init (&line, points, f->n_points);
  place_along (self, &line, f->text, size, colour);
  line_clear (&line);
}

/**
 * sht_map_labels_place_stream:
 *
 * Writes a stream's name along the middle of its bed. The ring is cut at its northernmost and its
 * southernmost corner, which fits a bed that runs that way.
 */
void
sht_map_labels_place_stream (ShtMapLabels *self, const ShtMapFeature *f)
{
  double size = sht_map_text_size (f->kind, self->frame->zoom);
  guint n = f->n_points - 1, north = 0, south = 0;
  g_autofree ShtMapPoint *ring = NULL;
  ShtMapPoint middle[N_MIDDLE];
  Line sides[2], line;

  if (size <= 0 || f->text == NULL || n < 4)
    return;
  for (guint i = 0; i < n; i++)
    {
      north = f->points[i].y < f->points[north].y ? i : north;
      south = f->points[i].y > f->points[south].y ? i : south;
    }
  ring = g_new (ShtMapPoint, n + 1);
  for (int side = 0; side < 2; side++)
    {
      guint count = 0;

      for (guint i = north; count == 0 || i != (side == 0 ? south + 1 : south + n - 1) % n;
           i = (i + (side == 0 ? 1 : n - 1)) % n)
        ring[count++] = sht_map_frame_point (self->frame, f->points[i]);
      line_init (&sides[side], ring, count);
    }
  for (guint i = 0; i < N_MIDDLE; i++)
    {
      double part = i / (N_MIDDLE - 1.0);
      ShtMapPoint a = line_at (&sides[0], part * sides[0].length);
      ShtMapPoint b = line_at (&sides[1], part * sides[1].length);

      middle[i] = (ShtMapPoint){ (a.x + b.x) / 2, (a.y + b.y) / 2 };
    }
  line_init (&line, middle, N_MIDDLE);
  place_along (self, &line, f->text, size, self->style->water_text);
  line_clear (&line);
  line_clear (&sides[0]);
  line_clear (&sides[1]);
}
