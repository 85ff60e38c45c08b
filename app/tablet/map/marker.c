/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/marker.h"

#include <math.h>

/* Around a sign, for its outline, its shadow and the sign of lateness. */
#define MARGIN 10
#define OUTLINE 2.5
/* The ring's middle lies this far outside the sign's edge; then its width. */
#define RING_OUT 2.5
#define RING 4.0
/* A selected sign is as large as its ring would be. */
#define SELECTED_OUT 4.0
#define STUB_SIZE 9
#define PLACE_SIZE 16
#define PLACE_ICON_SIZE SHT_MARKER_PLACE_SIZE
/* Counts change as one moves; a town never shows this many different ones at once. */
#define MAX_TEXTURES 600

/* Where the program's own palette is not loaded. */
#define PLAIN_COLOUR 0x1f74c4
#define CALM_COLOUR 0x0b7f8f
#define SOON_COLOUR 0xf2d04a
#define LATE_COLOUR 0x9e1b32
#define CLUSTER_COLOUR 0x24324a

struct _ShtMarkers
{
  GtkWidget *widget;    /* (unowned): whose font and renderer are used */
  GHashTable *textures; /* (owned): what it shows → GdkTexture */
  gboolean dark;
  int scale;
};

typedef struct
{
  GdkRGBA fill;
  GdkRGBA sign; /* what is legible on it */
} Paint;

static GdkRGBA
rgb_of (guint32 rgb)
{
  return (GdkRGBA){ (float) (rgb >> 16 & 255) / 255, (float) (rgb >> 8 & 255) / 255, (float) (rgb & 255) / 255, 1 };
}

ShtMarkers *
sht_markers_new (GtkWidget *widget)
{
  ShtMarkers *markers = g_new0 (ShtMarkers, 1);

  markers->widget = widget;
  markers->scale = 1;
  markers->textures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  return markers;
}

void
sht_markers_free (ShtMarkers *markers)
{
  g_hash_table_unref (markers->textures);
  g_free (markers);
}

/** sht_markers_forget: all signs are drawn anew: the palette may be another */
void
sht_markers_forget (ShtMarkers *markers)
{
  g_hash_table_remove_all (markers->textures);
}

/**
 * sht_markers_set_style:
 * @scale: device pixels to a logical one
 */
void
sht_markers_set_style (ShtMarkers *markers, gboolean dark, int scale)
{
  if (markers->dark == dark && markers->scale == scale)
    return;
  markers->dark = dark;
  markers->scale = scale;
  sht_markers_forget (markers);
}

static void
set_colour (cairo_t *cr, guint32 rgb, double alpha)
{
  cairo_set_source_rgba (cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, alpha);
}

/* A colour of the program's palette, with the one for what is drawn on it. */
static Paint
palette (ShtMarkers *markers, const char *name, guint32 otherwise)
{
  GtkStyleContext *style = gtk_widget_get_style_context (markers->widget);
  g_autofree char *sign = g_strconcat (name, "_fg", NULL);
  Paint paint = { rgb_of (otherwise), { 1, 1, 1, 1 } };

  if (gtk_style_context_lookup_color (style, name, &paint.fill))
    gtk_style_context_lookup_color (style, sign, &paint.sign);
  return paint;
}

static Paint
status_paint (ShtMarkers *markers, ShtStatus status)
{
  g_autofree char *name = g_strconcat ("sht_status_", sht_status_name (status), NULL);

  return palette (markers, name, PLAIN_COLOUR);
}

static cairo_t *
begin (ShtMarkers *markers, int size)
{
  cairo_surface_t *surface
    = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size * markers->scale, size * markers->scale);
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, markers->scale, markers->scale);
  cr = cairo_create (surface);
  cairo_surface_destroy (surface);
  return cr;
}

static GdkTexture *
end (ShtMarkers *markers, cairo_t *cr, char *key)
{
  cairo_surface_t *surface = cairo_get_target (cr);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  int width = cairo_image_surface_get_width (surface), height = cairo_image_surface_get_height (surface);
  g_autoptr (GBytes) bytes = NULL;
  GdkTexture *texture;

  cairo_surface_flush (surface);
  bytes = g_bytes_new (cairo_image_surface_get_data (surface), stride * (gsize) height);
  texture = gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
  cairo_destroy (cr);
  if (g_hash_table_size (markers->textures) >= MAX_TEXTURES)
    g_hash_table_remove_all (markers->textures);
  g_hash_table_insert (markers->textures, key, texture);
  return texture;
}

static void
rounded_square (cairo_t *cr, double middle, double half, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, middle + half - radius, middle - half + radius, radius, -G_PI / 2, 0);
  cairo_arc (cr, middle + half - radius, middle + half - radius, radius, 0, G_PI / 2);
  cairo_arc (cr, middle - half + radius, middle + half - radius, radius, G_PI / 2, G_PI);
  cairo_arc (cr, middle - half + radius, middle - half + radius, radius, G_PI, 3 * G_PI / 2);
  cairo_close_path (cr);
}

/* To do: round. Being worked on: square. Waiting: on its corner. */
static void
status_path (cairo_t *cr, ShtStatus status, double middle, double half)
{
  switch (status)
    {
    case SHT_STATUS_ON_THE_WAY:
    case SHT_STATUS_IN_PROGRESS:
      rounded_square (cr, middle, half * 0.94, half * 0.36);
      break;
    case SHT_STATUS_WAITING:
      cairo_save (cr);
      cairo_translate (cr, middle, middle);
      cairo_rotate (cr, G_PI / 4);
      rounded_square (cr, 0, half * 0.84, half * 0.22);
      cairo_restore (cr);
      break;
    default:
      cairo_new_sub_path (cr);
      cairo_arc (cr, middle, middle, half, 0, 2 * G_PI);
      break;
    }
}

/* A soft shadow: three widening strokes are enough for it. */
static void
shadow (cairo_t *cr)
{
  static const double widths[] = { 7, 5, 3 };
  cairo_path_t *path = cairo_copy_path (cr);

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      cairo_save (cr);
      cairo_new_path (cr);
      cairo_translate (cr, 0, 1.5);
      cairo_append_path (cr, path);
      cairo_restore (cr);
      cairo_set_source_rgba (cr, 0, 0, 0, 0.09);
      cairo_set_line_width (cr, OUTLINE + widths[i]);
      cairo_stroke (cr);
    }
  cairo_new_path (cr);
  cairo_append_path (cr, path);
  cairo_path_destroy (path);
}

static void
fill_and_outline (ShtMarkers *markers, cairo_t *cr, const GdkRGBA *colour)
{
  shadow (cr);
  cairo_set_line_width (cr, OUTLINE * 2);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  set_colour (cr, 0xffffff, 1);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, colour);
  cairo_fill (cr);
}

static void
centred_text (ShtMarkers *markers, cairo_t *cr, const char *text, double x, double y, double pixels)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (markers->widget, text);
  PangoFontDescription *font = pango_font_description_copy (
    pango_context_get_font_description (pango_layout_get_context (layout)));
  PangoRectangle ink;

  pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_font_description_set_absolute_size (font, pixels * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_get_pixel_extents (layout, &ink, NULL);
  cairo_move_to (cr, x - ink.x - ink.width / 2.0, y - ink.y - ink.height / 2.0);
  pango_cairo_show_layout (cr, layout);
}

/* Late: a triangle with an exclamation mark over the corner, told by its shape alone. */
static void
late_sign (ShtMarkers *markers, cairo_t *cr, double x, double y, double half)
{
  Paint paint = palette (markers, "sht_sla_late", LATE_COLOUR);

  cairo_move_to (cr, x, y - half);
  cairo_line_to (cr, x + half * 1.05, y + half * 0.8);
  cairo_line_to (cr, x - half * 1.05, y + half * 0.8);
  cairo_close_path (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_set_line_width (cr, 5);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &paint.fill);
  cairo_set_line_width (cr, 2);
  cairo_stroke_preserve (cr);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, &paint.sign);
  cairo_set_line_width (cr, 2);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, x, y - half * 0.32);
  cairo_line_to (cr, x, y + half * 0.18);
  cairo_stroke (cr);
  cairo_arc (cr, x, y + half * 0.58, 1.3, 0, 2 * G_PI);
  cairo_fill (cr);
}

/* The service's symbol in one colour, drawn by GTK as symbolic icons are. */
static void
draw_icon (ShtMarkers *markers, cairo_t *cr, const char *icon, const GdkRGBA *colour, double middle, int pixels)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (markers->widget));
  g_autoptr (GtkIconPaintable) paintable
    = gtk_icon_theme_lookup_icon (theme, icon, NULL, pixels, markers->scale,
                                  gtk_widget_get_direction (markers->widget), GTK_ICON_LOOKUP_FORCE_SYMBOLIC);
  const GdkRGBA colours[4] = { *colour, *colour, *colour, *colour };
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;

  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (paintable), snapshot, pixels, pixels, colours, 4);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return;
  cairo_save (cr);
  cairo_translate (cr, middle - pixels / 2.0, middle - pixels / 2.0);
  gsk_render_node_draw (node, cr);
  cairo_restore (cr);
  gsk_render_node_unref (node);
}

static void
check_mark (cairo_t *cr, const GdkRGBA *colour, double middle, double half)
{
  gdk_cairo_set_source_rgba (cr, colour);
  cairo_set_line_width (cr, 2.5);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_move_to (cr, middle - half * 0.45, middle + half * 0.02);
  cairo_line_to (cr, middle - half * 0.1, middle + half * 0.38);
  cairo_line_to (cr, middle + half * 0.5, middle - half * 0.35);
  cairo_stroke (cr);
}

/**
 * sht_ring_of:
 * @open: whether the ticket is still to be dealt with
 * @from_ms: when it came in
 * @due_ms: when it falls due, 0 for never
 */
ShtRing
sht_ring_of (gboolean open, gint64 from_ms, gint64 due_ms, gint64 now_ms)
{
  ShtRing ring = { sht_sla_of (open, due_ms, now_ms), 0 };

  if (ring.sla == SHT_SLA_CALM || ring.sla == SHT_SLA_SOON)
    ring.left = (guint) ceil (sht_sla_left (from_ms, due_ms, now_ms) * SHT_RING_PARTS);
  return ring;
}

/* The time that is left, round a sign: as much of the circle as there is of it; late is dashed, all round. */
static void
draw_ring (ShtMarkers *markers, cairo_t *cr, ShtRing ring, double middle, double radius)
{
  static const char *const names[] = { "", "sht_sla_ok", "sht_sla_soon", "sht_sla_late", "" };
  static const guint32 plain[] = { 0, CALM_COLOUR, SOON_COLOUR, LATE_COLOUR, 0 };
  double sweep = 2 * G_PI * ring.left / SHT_RING_PARTS;
  Paint paint;

  if (ring.sla == SHT_SLA_NONE || ring.sla == SHT_SLA_REST)
    return;
  paint = palette (markers, names[ring.sla], plain[ring.sla]);
  cairo_new_path (cr);
  cairo_arc (cr, middle, middle, radius, 0, 2 * G_PI);
  set_colour (cr, markers->dark ? 0x202328 : 0xffffff, 0.95);
  cairo_set_line_width (cr, RING + 3);
  cairo_stroke_preserve (cr);
  set_colour (cr, markers->dark ? 0x8a9099 : 0x5d646e, 0.45);
  cairo_set_line_width (cr, RING);
  cairo_stroke (cr);
  gdk_cairo_set_source_rgba (cr, &paint.fill);
  if (ring.sla == SHT_SLA_LATE)
    {
      double dash = 2 * G_PI * radius / 12;

      cairo_set_dash (cr, (const double[]){ dash * 0.62, dash * 0.38 }, 2, 0);
      sweep = 2 * G_PI;
    }
  if (gtk_widget_get_direction (markers->widget) == GTK_TEXT_DIR_RTL)
    cairo_arc_negative (cr, middle, middle, radius, -G_PI / 2, -G_PI / 2 - sweep);
  else
    cairo_arc (cr, middle, middle, radius, -G_PI / 2, -G_PI / 2 + sweep);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

/**
 * sht_markers_ticket:
 * @ring: its time
 * @icon: (nullable): the service's symbolic icon
 * @size: (out): its side in logical pixels; the ticket is in the middle
 *
 * Returns: (transfer none): the sign for a ticket
 */
GdkTexture *
sht_markers_ticket (ShtMarkers *markers, ShtStatus status, ShtRing ring, gboolean selected, const char *icon,
                    int *size)
{
  gboolean open = sht_status_is_open (status);
  int side = selected ? SHT_MARKER_SELECTED_SIZE : open ? SHT_MARKER_SIZE : SHT_MARKER_SIZE - 8;
  g_autofree char *key = g_strdup_printf ("t %d %d %u %d %s", status, ring.sla, ring.left, selected,
                                            icon != NULL ? icon : "");
  GdkTexture *texture = g_hash_table_lookup (markers->textures, key);
  double middle = side / 2.0 + MARGIN;
  Paint paint;
  cairo_t *cr;

  *size = side + 2 * MARGIN;
  if (texture != NULL)
    return texture;
  cr = begin (markers, *size);
  draw_ring (markers, cr, ring, middle, side / 2.0 + RING_OUT + (selected ? SELECTED_OUT : 0));
  status_path (cr, status, middle, side / 2.0 - OUTLINE);
  paint = status_paint (markers, status);
  fill_and_outline (markers, cr, &paint.fill);
  if (selected)
    {
      status_path (cr, status, middle, side / 2.0 - 1);
      set_colour (cr, markers->dark ? 0xffffff : 0x101418, 0.95);
      cairo_set_line_width (cr, 3);
      cairo_stroke (cr);
    }
  if (!open)
    check_mark (cr, &paint.sign, middle, side / 2.0 - OUTLINE);
  else if (icon != NULL)
    draw_icon (markers, cr, icon, &paint.sign, middle, selected ? 26 : 18);
  if (ring.sla == SHT_SLA_LATE)
    late_sign (markers, cr, middle + side * 0.40, middle - side * 0.38, selected ? 10 : 8);
  return end (markers, cr, g_steal_pointer (&key));
}

static char *
count_text (guint count)
{
  if (count < 1000)
    return g_strdup_printf ("%u", count);
  if (count < 10000)
    return g_strdup_printf ("%u.%uk", count / 1000, count % 1000 / 100);
  return g_strdup_printf ("%uk", count / 1000);
}

/**
 * sht_marker_cluster_size:
 *
 * Returns: how far a cluster of so many tickets reaches across, logical pixels, without what stands over the edge
 */
int
sht_marker_cluster_size (guint count)
{
  return count < 10 ? 40 : count < 100 ? 46 : count < 1000 ? 54 : 62;
}

/**
 * sht_markers_cluster:
 * @count: how many tickets
 * @ring: the time of the one that falls due first
 * @size: (out): its side in logical pixels
 *
 * Returns: (transfer none): the sign for several tickets
 */
GdkTexture *
sht_markers_cluster (ShtMarkers *markers, guint count, ShtRing ring, int *size)
{
  int side = sht_marker_cluster_size (count);
  g_autofree char *text = count_text (count);
  g_autofree char *key = g_strdup_printf ("c %s %d %u", text, ring.sla, ring.left);
  GdkRGBA colour = rgb_of (CLUSTER_COLOUR);
  GdkTexture *texture = g_hash_table_lookup (markers->textures, key);
  double middle = side / 2.0 + MARGIN;
  cairo_t *cr;

  *size = side + 2 * MARGIN;
  if (texture != NULL)
    return texture;
  cr = begin (markers, *size);
  draw_ring (markers, cr, ring, middle, side / 2.0 + RING_OUT);
  cairo_arc (cr, middle, middle, side / 2.0 - OUTLINE, 0, 2 * G_PI);
  fill_and_outline (markers, cr, &colour);
  cairo_set_source_rgb (cr, 1, 1, 1);
  centred_text (markers, cr, text, middle, middle, count < 100 ? 17 : 16);
  if (ring.sla == SHT_SLA_LATE)
    late_sign (markers, cr, middle + side * 0.38, middle - side * 0.36, 8);
  return end (markers, cr, g_steal_pointer (&key));
}

/**
 * sht_markers_stub:
 *
 * Returns: (transfer none): the sign for an open ticket of others: hollow, so that the map's words below are read
 */
GdkTexture *
sht_markers_stub (ShtMarkers *markers, int *size)
{
  GdkTexture *texture = g_hash_table_lookup (markers->textures, "stub");
  cairo_t *cr;

  *size = STUB_SIZE + 4;
  if (texture != NULL)
    return texture;
  cr = begin (markers, *size);
  cairo_arc (cr, *size / 2.0, *size / 2.0, STUB_SIZE / 2.0 - 1, 0, 2 * G_PI);
  set_colour (cr, markers->dark ? 0x202328 : 0xffffff, 0.9);
  cairo_set_line_width (cr, 3.5);
  cairo_stroke_preserve (cr);
  set_colour (cr, markers->dark ? 0xa0a5ad : 0x5f646c, 1);
  cairo_set_line_width (cr, 1.8);
  cairo_stroke (cr);
  return end (markers, cr, g_strdup ("stub"));
}

/**
 * sht_markers_place:
 * @colour: of its layer, 0xrrggbb
 * @icon: (nullable): a symbolic icon; %NULL for a plain dot
 * @size: (out): its side in logical pixels
 *
 * Returns: (transfer none): the sign for a place
 */
GdkTexture *
sht_markers_place (ShtMarkers *markers, guint32 colour, const char *icon, int *size)
{
  int side = icon != NULL ? PLACE_ICON_SIZE : PLACE_SIZE;
  g_autofree char *key = g_strdup_printf ("p %06x %s", colour, icon != NULL ? icon : "");
  GdkTexture *texture = g_hash_table_lookup (markers->textures, key);
  double middle = side / 2.0 + 3;
  GdkRGBA white = { 1, 1, 1, 1 };
  cairo_t *cr;

  *size = side + 6;
  if (texture != NULL)
    return texture;
  cr = begin (markers, *size);
  rounded_square (cr, middle, side / 2.0 - 2, icon != NULL ? 5 : 3);
  set_colour (cr, 0xffffff, 0.95);
  cairo_set_line_width (cr, icon != NULL ? 3 : 4);
  cairo_stroke_preserve (cr);
  set_colour (cr, colour, 1);
  cairo_fill (cr);
  if (icon != NULL)
    {
      draw_icon (markers, cr, icon, &white, middle, PLACE_ICON_SIZE - 8);
      return end (markers, cr, g_steal_pointer (&key));
    }
  cairo_arc (cr, middle, middle, 2.2, 0, 2 * G_PI);
  set_colour (cr, 0xffffff, 1);
  cairo_fill (cr);
  return end (markers, cr, g_steal_pointer (&key));
}

/**
 * sht_markers_area:
 * @colour: of its layer, 0xrrggbb
 * @size: (out): its side in logical pixels
 *
 * Returns: (transfer none): how areas of a layer look that has no symbol, for a legend
 */
GdkTexture *
sht_markers_area (ShtMarkers *markers, guint32 colour, int *size)
{
  g_autofree char *key = g_strdup_printf ("a %06x", colour);
  GdkTexture *texture = g_hash_table_lookup (markers->textures, key);
  cairo_t *cr;

  *size = SHT_MARKER_PLACE_SIZE + 6;
  if (texture != NULL)
    return texture;
  cr = begin (markers, *size);
  rounded_square (cr, *size / 2.0, SHT_MARKER_PLACE_SIZE / 2.0 - 2, 3);
  set_colour (cr, colour, 0.2);
  cairo_fill_preserve (cr);
  set_colour (cr, colour, 0.9);
  cairo_set_line_width (cr, 2.5);
  cairo_stroke (cr);
  return end (markers, cr, g_steal_pointer (&key));
}
