/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/photo-strip.h"

#include "core/json.h"
#include "tablet/ui/common/frame-turn.h"
#include "tablet/ui/ticket/photo-tile.h"

#include <glib/gi18n.h>

#define TOUCH 48
/* The newest; all of them are in the grid, which makes no more widgets than are seen. */
#define MOST_TILES 12

struct _ShtPhotoStrip
{
  GtkBox parent_instance;

  ShtSession *session; /* (owned) */
  char *role;          /* (owned) */
  JsonArray *photos;   /* (owned) (nullable): all of the ticket's */
  guint tick;          /* tiles are to be made, one in a frame */
  GtkWidget *grid;
  GtkWidget *all; /* seen when there are more */
  GtkWidget *busy;
  GtkWidget *spinner;
  GtkWidget *busy_label;
};

G_DEFINE_FINAL_TYPE (ShtPhotoStrip, sht_photo_strip, GTK_TYPE_BOX)

static void
sht_photo_strip_finalize (GObject *object)
{
  g_clear_object (&SHT_PHOTO_STRIP (object)->session);
  g_clear_pointer (&SHT_PHOTO_STRIP (object)->photos, json_array_unref);
  g_free (SHT_PHOTO_STRIP (object)->role);
  G_OBJECT_CLASS (sht_photo_strip_parent_class)->finalize (object);
}

static void
sht_photo_strip_class_init (ShtPhotoStripClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_photo_strip_finalize;
}

static void
sht_photo_strip_init (ShtPhotoStrip *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  self->grid = gtk_flow_box_new ();
  gtk_widget_add_css_class (self->grid, "tight");
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->grid), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (self->grid), TRUE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->grid), 2);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->grid), 9);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->grid), 9);
  gtk_widget_set_visible (self->grid, FALSE);
  self->busy = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  self->spinner = gtk_spinner_new ();
  self->busy_label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->busy_label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->busy_label), 0);
  gtk_box_append (GTK_BOX (self->busy), self->spinner);
  gtk_box_append (GTK_BOX (self->busy), self->busy_label);
  gtk_widget_set_visible (self->busy, FALSE);
}

static ShtPhotoTile *
tile_at (ShtPhotoStrip *self, int index)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (self->grid), index);

  return child != NULL ? SHT_PHOTO_TILE (gtk_flow_box_child_get_child (child)) : NULL;
}

static void
show_sent (ShtPhotoStrip *self)
{
  ShtSending *sending = sht_session_get_sending (self->session);
  ShtPhotoTile *tile;

  for (int i = 0; (tile = tile_at (self, i)) != NULL; i++)
    {
      double fraction;
      gboolean is_it = sht_sending_get_photo (sending, sht_photo_tile_get_photo (tile), &fraction);

      sht_photo_tile_show_sent (tile, is_it ? fraction : -1);
    }
}

/**
 * sht_photo_strip_new:
 * @role: before, after or other
 * @add: (nullable): what the button says; %NULL for none
 */
GtkWidget *
sht_photo_strip_new (ShtSession *session, const char *role, const char *title, const char *add)
{
  ShtPhotoStrip *self = g_object_new (SHT_TYPE_PHOTO_STRIP, NULL);
  GtkWidget *label = gtk_label_new (title);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "status", G_CALLBACK (show_sent), self, G_CONNECT_SWAPPED);
  self->role = g_strdup (role);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (self), label);
  gtk_box_append (GTK_BOX (self), self->grid);
  self->all = gtk_button_new_with_label ("");
  gtk_widget_set_size_request (self->all, -1, TOUCH);
  gtk_widget_add_css_class (self->all, "touch");
  gtk_widget_set_visible (self->all, FALSE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->all), "ticket.all-photos");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->all), "s", role);
  gtk_box_append (GTK_BOX (self), self->all);
  gtk_box_append (GTK_BOX (self), self->busy);
  if (add != NULL)
    {
      GtkWidget *button = gtk_button_new ();
      GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
      GtkWidget *word = gtk_label_new (add);

      gtk_label_set_wrap (GTK_LABEL (word), TRUE);
      gtk_label_set_natural_wrap_mode (GTK_LABEL (word), GTK_NATURAL_WRAP_NONE);
      gtk_widget_set_halign (content, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (content), gtk_image_new_from_icon_name ("camera-photo-symbolic"));
      gtk_box_append (GTK_BOX (content), word);
      gtk_button_set_child (GTK_BUTTON (button), content);
      gtk_widget_set_size_request (button, -1, TOUCH);
      gtk_widget_add_css_class (button, "touch");
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "ticket.add-photo");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", role);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, add, -1);
      gtk_box_append (GTK_BOX (self), button);
    }
  return GTK_WIDGET (self);
}

/* Whatever is neither before nor after is other. */
static gboolean
has_role (JsonObject *photo, const char *role)
{
  const char *has = sht_json_string (photo, "role");

  if (g_str_equal (role, "other"))
    return g_strcmp0 (has, "before") != 0 && g_strcmp0 (has, "after") != 0;
  return g_strcmp0 (has, role) == 0;
}

static guint
count (ShtPhotoStrip *self, JsonArray *photos)
{
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (photos); i++)
    n += has_role (json_array_get_object_element (photos, i), self->role) ? 1 : 0;
  return n;
}

static void
offer_all (ShtPhotoStrip *self, guint n)
{
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->all, n > MOST_TILES);
  if (n <= MOST_TILES)
    return;
  text = g_strdup_printf (ngettext ("All %u photo", "All %u photos", n), n);
  gtk_button_set_label (GTK_BUTTON (self->all), text);
}

static GtkWidget *
new_tile (ShtStore *reader, JsonObject *photo)
{
  GtkWidget *tile = sht_photo_tile_new ();

  sht_photo_tile_set_photo (SHT_PHOTO_TILE (tile), reader, photo);
  return tile;
}

static void
insert_tile (ShtPhotoStrip *self, GtkWidget *tile, int index)
{
  GtkWidget *child = gtk_flow_box_child_new ();

  /* The button inside takes the focus, not the cell around it too. */
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), tile);
  gtk_flow_box_insert (GTK_FLOW_BOX (self->grid), child, index);
}

/* The tile at a place, once those of other photos before it have gone; %NULL where it is to be made. */
static ShtPhotoTile *
find_tile (ShtPhotoStrip *self, int index, const char *id)
{
  ShtPhotoTile *tile = tile_at (self, index);

  while (tile != NULL && g_strcmp0 (sht_photo_tile_get_photo (tile), id) != 0)
    {
      gtk_flow_box_remove (GTK_FLOW_BOX (self->grid), gtk_widget_get_parent (GTK_WIDGET (tile)));
      tile = tile_at (self, index);
    }
  return tile;
}

/* Shows the photos from number @first of the role on, with @may_make one new tile; whether some are left to be made. */
static gboolean
place_tiles (ShtPhotoStrip *self, guint first, gboolean may_make)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  gint64 now = sht_store_now (reader);
  guint n = 0;
  int index = 0;

  for (guint i = 0; i < json_array_get_length (self->photos); i++)
    {
      JsonObject *photo = json_array_get_object_element (self->photos, i);
      ShtPhotoTile *tile;

      if (!has_role (photo, self->role) || n++ < first)
        continue;
      tile = find_tile (self, index, sht_json_string (photo, "id"));
      if (tile != NULL)
        sht_photo_tile_update (tile, photo, now);
      else if (may_make)
        {
          insert_tile (self, new_tile (reader, photo), index);
          may_make = FALSE;
        }
      else
        return TRUE;
      index++;
    }
  for (ShtPhotoTile *left = tile_at (self, index); left != NULL; left = tile_at (self, index))
    gtk_flow_box_remove (GTK_FLOW_BOX (self->grid), gtk_widget_get_parent (GTK_WIDGET (left)));
  return FALSE;
}

static gboolean on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer unused);

static guint
show_photos (ShtPhotoStrip *self, gboolean may_make)
{
  guint n = count (self, self->photos);
  gboolean more = place_tiles (self, n > MOST_TILES ? n - MOST_TILES : 0, may_make);

  if (more && self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
  else if (!more && self->tick != 0)
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
      self->tick = 0;
    }
  gtk_widget_set_visible (self->grid, n > 0);
  offer_all (self, n);
  show_sent (self);
  return n;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer unused)
{
  if (sht_frame_turn (widget))
    show_photos (SHT_PHOTO_STRIP (widget), TRUE);
  return G_SOURCE_CONTINUE;
}

/**
 * sht_photo_strip_update:
 * @photos: all of the ticket's
 *
 * Shows the newest of this role, and the way to all of them; tiles of photos that were there stay, others are made from
 * frame to frame.
 *
 * Returns: how many they are
 */
guint
sht_photo_strip_update (ShtPhotoStrip *self, JsonArray *photos)
{
  json_array_ref (photos);
  g_clear_pointer (&self->photos, json_array_unref);
  self->photos = photos;
  return show_photos (self, FALSE);
}

/**
 * sht_photo_strip_set_busy:
 * @importing: how many pictures are being taken in
 */
void
sht_photo_strip_set_busy (ShtPhotoStrip *self, guint importing)
{
  g_autofree char *text = g_strdup_printf (ngettext ("Taking in a photo…", "Taking in %d photos…", importing),
                                           (int) importing);

  gtk_label_set_text (GTK_LABEL (self->busy_label), text);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), importing > 0);
  gtk_widget_set_visible (self->busy, importing > 0);
}
