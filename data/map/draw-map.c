/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws a town's plan as an offline base map: raster MBTiles 1.3. */
#include "label.h"
#include "mbtiles.h"

#include <gio/gio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Tiles a side that are drawn at once: 2048 pixels, 16 MB. */
#define PIECE_TILES 8

/* Open land around the town, so that a ticket at its edge still lies in the middle of a screen. */
#define MARGIN_METRES 2500.0

typedef struct
{
  const ShtMapPlan *plan;
  const ShtMapStyle *style;
  ShtMapTiles *tiles;
  GBytes *land; /* the tile with nothing on it */
} Drawing;

static cairo_status_t
append_png (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static GBytes *
encode (cairo_surface_t *surface)
{
  GByteArray *png = g_byte_array_new ();

  if (cairo_surface_write_to_png_stream (surface, append_png, png) != CAIRO_STATUS_SUCCESS)
    g_error ("no memory for a picture of 256 pixels");
  return g_byte_array_free_to_bytes (png);
}

static GBytes *
encode_land (const ShtMapStyle *style)
{
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_RGB24, SHT_MAP_TILE, SHT_MAP_TILE);
  cairo_t *cr = cairo_create (surface);
  GBytes *png;

  sht_map_set_colour (cr, style->land, 1);
  cairo_paint (cr);
  cairo_destroy (cr);
  png = encode (surface);
  cairo_surface_destroy (surface);
  return png;
}

static GBytes *
encode_part (cairo_surface_t *piece, int column, int row)
{
  cairo_surface_t *tile =
    cairo_image_surface_create (CAIRO_FORMAT_RGB24, SHT_MAP_TILE, SHT_MAP_TILE);
  int from_stride = cairo_image_surface_get_stride (piece),
      to_stride = cairo_image_surface_get_stride (tile);
  const unsigned char *from = cairo_image_surface_get_data (piece);
  unsigned char *to = cairo_image_surface_get_data (tile);
  GBytes *png;

  for (int y = 0; y < SHT_MAP_TILE; y++)
    memcpy (to + (gsize)y * to_stride,
            from + (gsize)(row * SHT_MAP_TILE + y) * from_stride + (gsize)column * SHT_MAP_TILE * 4,
            SHT_MAP_TILE * 4);
  cairo_surface_mark_dirty (tile);
  png = encode (tile);
  cairo_surface_destroy (tile);
  return png;
}

static ShtMapBox
pixels (int column, int row, int columns, int rows)
{
  return (ShtMapBox){ column * (double)SHT_MAP_TILE, row * (double)SHT_MAP_TILE,
                      (column + columns) * (double)SHT_MAP_TILE,
                      (row + rows) * (double)SHT_MAP_TILE };
}

static gboolean
draw_piece (const Drawing *self,
            const ShtMapFrame *frame,
            const ShtMapLabels *labels,
            int column,
            int row,
            GError **error)
{
  int columns = MIN (PIECE_TILES, frame->columns - column),
      rows = MIN (PIECE_TILES, frame->rows - row);
  ShtMapBox box = pixels (column, row, columns, rows);
  ShtMapBox town = sht_map_frame_box (frame, &self->plan->box);
  cairo_surface_t *piece = NULL;
  gboolean ok = TRUE;

  for (int r = 0; r < rows && ok; r++)
    for (int c = 0; c < columns && ok; c++)
      {
        ShtMapBox tile = pixels (column + c, row + r, 1, 1);
        g_autoptr (GBytes) png = NULL;

        if (!sht_map_box_meets (&tile, &town) && !sht_map_labels_meet (labels, &tile))
          png = g_bytes_ref (self->land);
        else
          {
            if (piece == NULL)
              {
                cairo_t *cr;

                piece = cairo_image_surface_create (CAIRO_FORMAT_RGB24, columns * SHT_MAP_TILE,
                                                    rows * SHT_MAP_TILE);
                cr = cairo_create (piece);
                cairo_translate (cr, -box.x0, -box.y0);
                sht_map_paint (cr, self->plan, self->style, frame, &box);
                sht_map_labels_paint (labels, cr, &box);
                cairo_destroy (cr);
                cairo_surface_flush (piece);
              }
            png = encode_part (piece, c, r);
          }
        ok = sht_map_tiles_add (self->tiles, frame->zoom, frame->x + column + c, frame->y + row + r,
                                png, error);
      }
  g_clear_pointer (&piece, cairo_surface_destroy);
  return ok;
}

static gboolean
draw_zoom (const Drawing *self, int zoom, GError **error)
{
  double world = ldexp (1, zoom), margin = MARGIN_METRES * sht_map_metre (self->plan);
  const ShtMapBox *box = &self->plan->box;
  ShtMapFrame frame = { .zoom = zoom };
  g_autoptr (ShtMapLabels) labels = NULL;

  frame.x = (int)floor ((box->x0 - margin) * world);
  frame.y = (int)floor ((box->y0 - margin) * world);
  frame.columns = (int)ceil ((box->x1 + margin) * world) - frame.x;
  frame.rows = (int)ceil ((box->y1 + margin) * world) - frame.y;
  labels = sht_map_labels_place (self->plan, self->style, &frame);
  for (int row = 0; row < frame.rows; row += PIECE_TILES)
    for (int column = 0; column < frame.columns; column += PIECE_TILES)
      if (!draw_piece (self, &frame, labels, column, row, error))
        return FALSE;
  return TRUE;
}

static gboolean
describe (const Drawing *self, int least, int most, GError **error)
{
  const ShtMapPlan *plan = self->plan;
  double lat = (plan->south + plan->north) / 2, lon = (plan->west + plan->east) / 2;
  double down = MARGIN_METRES / 111320.0, across = down / cos (lat * G_PI / 180.0);
  g_autofree char *bounds =
    g_strdup_printf ("%.6f,%.6f,%.6f,%.6f", plan->west - across, plan->south - down,
                     plan->east + across, plan->north + down);
  g_autofree char *centre = g_strdup_printf ("%.6f,%.6f,%d", lon, lat, CLAMP (15, least, most));
  g_autofree char *first = g_strdup_printf ("%d", least), *last = g_strdup_printf ("%d", most);
  const char *rows[][2] = {
    { "name", plan->name != NULL ? plan->name : "Shetach" },
    { "format", "png" },
    { "bounds", bounds },
    { "center", centre },
    { "minzoom", first },
    { "maxzoom", last },
    { "attribution", "Shetach: an invented town" },
    { "description", g_str_equal (self->style->code, "night") ? "Base map for the night"
                                                              : "Base map for the day" },
    { "type", "baselayer" },
    { "version", "1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (!sht_map_tiles_describe (self->tiles, rows[i][0], rows[i][1], error))
      return FALSE;
  return TRUE;
}

static gboolean
draw (const ShtMapStyle *style, int least, int most, char **files, GError **error)
{
  g_autoptr (ShtMapPlan) plan = sht_map_plan_load (files[0], files[1], error);
  g_autoptr (ShtMapTiles) tiles = plan == NULL ? NULL : sht_map_tiles_create (files[2], error);
  g_autoptr (GBytes) land = encode_land (style);
  Drawing drawing = { plan, style, tiles, land };

  if (tiles == NULL || !describe (&drawing, least, most, error))
    return FALSE;
  for (int zoom = least; zoom <= most; zoom++)
    if (!draw_zoom (&drawing, zoom, error))
      return FALSE;
  return sht_map_tiles_finish (tiles, error);
}

int
main (int argc, char **argv)
{
  g_autofree char *zooms = NULL;
  g_autofree char *family = NULL;
  gboolean night = FALSE;
  int least = SHT_MAP_MIN_ZOOM, most = SHT_MAP_MAX_ZOOM;
  const GOptionEntry entries[] = {
    { "night", 0, 0, G_OPTION_ARG_NONE, &night, "Dark colours", NULL },
    { "zoom", 0, 0, G_OPTION_ARG_STRING, &zooms, "Zooms to draw, within 12-17", "FIRST-LAST" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("TOWN.json PLAN.geojson OUT.mbtiles");
  g_autoptr (GError) error = NULL;

  /* Numbers in the metadata have a point, whatever the user's locale: none is set. */
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("draw-map: %s\n", error->message);
      return 2;
    }
  if (argc != 4 ||
      (zooms != NULL && (sscanf (zooms, "%2d-%2d", &least, &most) != 2 ||
                         least < SHT_MAP_MIN_ZOOM || most > SHT_MAP_MAX_ZOOM || least > most)))
    {
      g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

      g_printerr ("%s", help);
      return 2;
    }
  family = sht_map_labels_font ();
  if (!g_str_has_prefix (SHT_MAP_FONT, family))
    g_printerr (
      "draw-map: names are written in %s; Debian's fonts-noto-core has Noto Sans Hebrew\n", family);
  if (!draw (night ? &sht_map_night : &sht_map_day, least, most, argv + 1, &error))
    {
      g_printerr ("draw-map: %s\n", error->message);
      return 1;
    }
  return 0;
}
