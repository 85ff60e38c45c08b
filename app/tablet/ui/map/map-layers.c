/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/map-layers.h"

#include "tablet/map/marker.h"
#include "tablet/map/place-look.h"
#include "tablet/store/place.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/map/map-tools.h"

#include <adwaita.h>

#include <glib/gi18n.h>

/* Under which name the shown layers are kept, one a line. */
#define SHOWN_KEY "map_layers"
/* Signs grow with the letters beside them: drawn this many times as large they stay sharp. */
#define SIGN_SCALE 2

struct _ShtMapLayers
{
  GtkBox parent_instance;

  ShtSession *session;  /* (unowned): the page's */
  ShtPlaceLayer *layer; /* (unowned): the map's, which outlives this */
  ShtMarkers *markers;  /* (owned) */
  GPtrArray *shown;     /* (owned) (element-type utf8): ids, with a NULL behind them */
};

G_DEFINE_FINAL_TYPE (ShtMapLayers, sht_map_layers, GTK_TYPE_BOX)

static void
apply (ShtMapLayers *self)
{
  sht_place_layer_set_shown (self->layer, (const char *const *) self->shown->pdata);
}

static gboolean
keep (ShtStore *store, gpointer data, GError **error)
{
  return sht_store_set_text (store, SHOWN_KEY, data, error);
}

static void
on_kept (GObject *session, GAsyncResult *result, gpointer unused)
{
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    g_warning ("which layers are shown could not be kept: %s", error->message);
}

static void
forget (ShtMapLayers *self, const char *id)
{
  for (guint i = 0; self->shown->pdata[i] != NULL; i++)
    if (g_str_equal (self->shown->pdata[i], id))
      {
        g_ptr_array_remove_index (self->shown, i);
        return;
      }
}

static void
on_toggled (GtkCheckButton *check, gpointer data)
{
  ShtMapLayers *self = data;
  const char *id = gtk_widget_get_name (GTK_WIDGET (check));

  forget (self, id);
  if (gtk_check_button_get_active (check))
    g_ptr_array_insert (self->shown, 0, g_strdup (id));
  apply (self);
  sht_session_do_async (self->session, keep, g_strjoinv ("\n", (char **) self->shown->pdata), g_free, on_kept, NULL);
}

/* As the map shows it: a symbol, a dot, or the area of a district. */
static GdkTexture *
sign_of (ShtMapLayers *self, const ShtLayerStyle *layer)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  int size;

  sht_markers_set_style (self->markers, dark, SIGN_SCALE);
  if (layer->is_district)
    return sht_markers_area (self->markers, sht_place_colour (layer->colour, dark), &size);
  return sht_markers_place (self->markers, layer->colour, layer->icon, &size);
}

static GtkWidget *
new_check (ShtMapLayers *self, const ShtLayerStyle *layer)
{
  const char *name = sht_names_get (sht_session_get_reader (self->session), "layer", layer->id);
  GtkWidget *check = sht_map_signed_check_new (sign_of (self, layer), name);

  gtk_widget_set_name (check, layer->id);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                               g_strv_contains ((const char *const *) self->shown->pdata, layer->id));
  g_signal_connect (check, "toggled", G_CALLBACK (on_toggled), self);
  return check;
}

/* Also each time they are looked at, for layers come and go. */
static void
fill (ShtMapLayers *self)
{
  g_autoptr (GPtrArray) layers = sht_place_layers (sht_session_get_reader (self->session)->db, NULL);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_box_remove (GTK_BOX (self), child);
  if (layers == NULL || layers->len == 0)
    {
      GtkWidget *none = gtk_label_new (_("The city has put no places on the map yet"));

      gtk_widget_add_css_class (none, "dim-label");
      gtk_box_append (GTK_BOX (self), none);
    }
  for (guint i = 0; layers != NULL && i < layers->len; i++)
    gtk_box_append (GTK_BOX (self), new_check (self, g_ptr_array_index (layers, i)));
}

static void
sht_map_layers_finalize (GObject *object)
{
  g_ptr_array_unref (SHT_MAP_LAYERS (object)->shown);
  sht_markers_free (SHT_MAP_LAYERS (object)->markers);
  G_OBJECT_CLASS (sht_map_layers_parent_class)->finalize (object);
}

static void
sht_map_layers_class_init (ShtMapLayersClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_map_layers_finalize;
}

static void
sht_map_layers_init (ShtMapLayers *self)
{
  self->shown = g_ptr_array_new_with_free_func (g_free);
  self->markers = sht_markers_new (GTK_WIDGET (self));
}

/**
 * sht_map_layers_new:
 * @session: whose store remembers what is shown
 * @layer: what draws them; it outlives this
 *
 * Returns: (transfer floating): the checks; what was chosen before is shown from now on
 */
GtkWidget *
sht_map_layers_new (ShtSession *session, ShtPlaceLayer *layer)
{
  ShtMapLayers *self = g_object_new (SHT_TYPE_MAP_LAYERS, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 4, NULL);
  g_autofree char *kept = sht_store_get_text (sht_session_get_reader (session), SHOWN_KEY);
  g_auto (GStrv) ids = g_strsplit (kept != NULL ? kept : "", "\n", -1);

  self->session = session;
  self->layer = layer;
  for (guint i = 0; ids[i] != NULL; i++)
    if (ids[i][0] != '\0')
      g_ptr_array_add (self->shown, g_strdup (ids[i]));
  g_ptr_array_add (self->shown, NULL);
  apply (self);
  fill (self);
  g_signal_connect (self, "map", G_CALLBACK (fill), NULL);
  return GTK_WIDGET (self);
}
