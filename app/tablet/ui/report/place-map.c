/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/report/place-map.h"

#include "tablet/ui/common/base-map.h"

#include <glib/gi18n.h>
#include <math.h>

#define HEIGHT 300
/* A house and its neighbours: near enough to tell two of them apart. */
#define NEAR_ZOOM 17.0
/* The pin's tip stands in the middle, not the middle of the pin. */
#define PIN 48
#define STEP_ZOOM 1.0

struct _ShtPlaceMap
{
  AdwBin parent_instance;

  ShtStore *reader; /* (unowned) (nullable) */
  ShumateMap *map;
  ShumateMapLayer *base; /* (nullable) */
  gboolean going;        /* while the program moves it, and nobody else */
};

G_DEFINE_FINAL_TYPE (ShtPlaceMap, sht_place_map, ADW_TYPE_BIN)

static guint moved_signal;

static ShumateViewport *
get_viewport (ShtPlaceMap *self)
{
  return shumate_map_get_viewport (self->map);
}

static void
lay_base (ShtPlaceMap *self)
{
  ShtBaseMapState state;

  if (self->reader == NULL)
    return;
  self->base = sht_base_map_lay (self->map, self->base, NULL, self->reader,
                                 adw_style_manager_get_dark (adw_style_manager_get_default ()), &state);
}

static void
on_moved (ShtPlaceMap *self)
{
  /* North stays up, as on the large map. */
  if (shumate_viewport_get_rotation (get_viewport (self)) != 0)
    shumate_viewport_set_rotation (get_viewport (self), 0);
  if (!self->going)
    g_signal_emit (self, moved_signal, 0);
}

static void
zoom_by (ShtPlaceMap *self, double by)
{
  ShumateViewport *viewport = get_viewport (self);

  shumate_viewport_set_zoom_level (viewport, round (shumate_viewport_get_zoom_level (viewport)) + by);
}

static void
on_closer (ShtPlaceMap *self)
{
  zoom_by (self, STEP_ZOOM);
}

static void
on_farther (ShtPlaceMap *self)
{
  zoom_by (self, -STEP_ZOOM);
}

static GtkWidget *
new_button (ShtPlaceMap *self, const char *icon, const char *name, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped (button, "clicked", clicked, self);
  return button;
}

static GtkWidget *
new_tools (ShtPlaceMap *self)
{
  GtkWidget *tools = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  gtk_box_append (GTK_BOX (tools), new_button (self, "list-add-symbolic", _("Closer"), G_CALLBACK (on_closer)));
  gtk_box_append (GTK_BOX (tools), new_button (self, "list-remove-symbolic", _("Farther"), G_CALLBACK (on_farther)));
  gtk_widget_add_css_class (tools, "map-sheet");
  gtk_widget_add_css_class (tools, "map-tools");
  gtk_widget_set_halign (tools, GTK_ALIGN_END);
  gtk_widget_set_valign (tools, GTK_ALIGN_END);
  gtk_widget_set_margin_end (tools, 8);
  gtk_widget_set_margin_bottom (tools, 8);
  return tools;
}

static GtkWidget *
new_pin (void)
{
  GtkWidget *pin = gtk_image_new_from_icon_name ("mark-location-symbolic");

  gtk_image_set_pixel_size (GTK_IMAGE (pin), PIN);
  gtk_widget_set_halign (pin, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (pin, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_bottom (pin, PIN);
  gtk_widget_set_can_target (pin, FALSE);
  gtk_widget_add_css_class (pin, "report-pin");
  return pin;
}

static void
sht_place_map_class_init (ShtPlaceMapClass *class)
{
  moved_signal = g_signal_new ("moved", SHT_TYPE_PLACE_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sht_place_map_init (ShtPlaceMap *self)
{
  static const char *const moves[] = { "notify::latitude", "notify::longitude", "notify::rotation" };
  GtkWidget *overlay = gtk_overlay_new ();

  self->going = TRUE;
  self->map = shumate_map_new ();
  shumate_map_set_zoom_on_double_click (self->map, FALSE);
  gtk_widget_set_size_request (GTK_WIDGET (self->map), -1, HEIGHT);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->map), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Map to set the place"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _("Drag the map until the pin stands on it"), -1);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->map));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), new_pin ());
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), new_tools (self));
  gtk_widget_add_css_class (overlay, "card");
  gtk_widget_add_css_class (overlay, "report-map");
  gtk_widget_set_overflow (overlay, GTK_OVERFLOW_HIDDEN);
  adw_bin_set_child (ADW_BIN (self), overlay);
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    g_signal_connect_object (get_viewport (self), moves[i], G_CALLBACK (on_moved), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (lay_base), self,
                           G_CONNECT_SWAPPED);
  self->going = FALSE;
}

GtkWidget *
sht_place_map_new (void)
{
  return g_object_new (SHT_TYPE_PLACE_MAP, NULL);
}

/**
 * sht_place_map_set_reader:
 * @reader: whose maps are shown; it outlives the map
 */
void
sht_place_map_set_reader (ShtPlaceMap *self, ShtStore *reader)
{
  self->reader = reader;
  self->going = TRUE;
  lay_base (self);
  shumate_viewport_set_zoom_level (get_viewport (self), NEAR_ZOOM);
  self->going = FALSE;
}

/**
 * sht_place_map_go:
 *
 * Puts the pin where the program takes the place to be.
 */
void
sht_place_map_go (ShtPlaceMap *self, gint64 lat_e7, gint64 lon_e7)
{
  self->going = TRUE;
  shumate_map_stop_go_to (self->map);
  sht_place_map_drag (self, lat_e7, lon_e7);
  self->going = FALSE;
}

/**
 * sht_place_map_drag:
 *
 * Does what a finger does that drags the map until the pin stands there.
 */
void
sht_place_map_drag (ShtPlaceMap *self, gint64 lat_e7, gint64 lon_e7)
{
  shumate_location_set_location (SHUMATE_LOCATION (get_viewport (self)), (double) lat_e7 / 1e7, (double) lon_e7 / 1e7);
}

void
sht_place_map_get (ShtPlaceMap *self, gint64 *lat_e7, gint64 *lon_e7)
{
  ShumateLocation *where = SHUMATE_LOCATION (get_viewport (self));

  *lat_e7 = llround (shumate_location_get_latitude (where) * 1e7);
  *lon_e7 = llround (shumate_location_get_longitude (where) * 1e7);
}
