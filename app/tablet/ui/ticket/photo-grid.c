/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/photo-grid.h"

#include "core/json.h"
#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/ticket/photo-strip.h"
#include "tablet/ui/ticket/photo-tile.h"

#include <glib/gi18n.h>

#define MIN_COLUMNS 2
#define MAX_COLUMNS 6

struct _ShtPhotoGrid
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  char *ticket;        /* (owned) */
  char *role;          /* (owned) */
  GHashTable *photos;  /* (owned): id → JsonObject (owned) */
  GtkStringList *ids;  /* (owned): in the order of the ticket */
  GtkWidget *title;
  GtkWidget *view;
};

G_DEFINE_FINAL_TYPE (ShtPhotoGrid, sht_photo_grid, ADW_TYPE_BIN)

static void
show_sent (ShtPhotoGrid *self, ShtPhotoTile *tile)
{
  double fraction;
  gboolean is_it = sht_sending_get_photo (sht_session_get_sending (self->session), sht_photo_tile_get_photo (tile),
                                          &fraction);

  sht_photo_tile_show_sent (tile, is_it ? fraction : -1);
}

static void
on_setup (ShtPhotoGrid *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, sht_photo_tile_new ());
  /* The button inside takes the focus and the tap, not the cell around it too. */
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_selectable (item, FALSE);
}

static void
on_bind (ShtPhotoGrid *self, GtkListItem *item)
{
  const char *id = gtk_string_object_get_string (gtk_list_item_get_item (item));
  ShtPhotoTile *tile = SHT_PHOTO_TILE (gtk_list_item_get_child (item));

  sht_photo_tile_set_photo (tile, sht_session_get_reader (self->session), g_hash_table_lookup (self->photos, id));
  show_sent (self, tile);
}

static void
on_unbind (ShtPhotoGrid *self, GtkListItem *item)
{
  sht_photo_tile_forget (SHT_PHOTO_TILE (gtk_list_item_get_child (item)));
}

/* Each tile that has a photo; the cells of the view are GTK's own. */
static void
for_each_tile (ShtPhotoGrid *self, void (*call) (ShtPhotoGrid *self, ShtPhotoTile *tile))
{
  for (GtkWidget *cell = gtk_widget_get_first_child (self->view); cell != NULL; cell = gtk_widget_get_next_sibling (cell))
    {
      GtkWidget *tile = gtk_widget_get_first_child (cell);

      if (SHT_IS_PHOTO_TILE (tile) && sht_photo_tile_get_photo (SHT_PHOTO_TILE (tile)) != NULL)
        call (self, SHT_PHOTO_TILE (tile));
    }
}

static void
update_tile (ShtPhotoGrid *self, ShtPhotoTile *tile)
{
  JsonObject *photo = g_hash_table_lookup (self->photos, sht_photo_tile_get_photo (tile));

  if (photo != NULL)
    sht_photo_tile_update (tile, photo, sht_store_now (sht_session_get_reader (self->session)));
}

static void
on_status (ShtPhotoGrid *self)
{
  for_each_tile (self, show_sent);
}

/* What stands at the beginning as before keeps its widgets, and the view its place. */
static void
set_ids (ShtPhotoGrid *self, GPtrArray *ids)
{
  guint before = g_list_model_get_n_items (G_LIST_MODEL (self->ids));
  guint same = 0;

  while (same < before && same < ids->len
         && g_str_equal (gtk_string_list_get_string (self->ids, same), g_ptr_array_index (ids, same)))
    same++;
  g_ptr_array_add (ids, NULL);
  if (same < before || same + 1 < ids->len)
    gtk_string_list_splice (self->ids, same, before - same, (const char *const *) ids->pdata + same);
}

static void
refresh (ShtPhotoGrid *self)
{
  g_autoptr (JsonObject) view = sht_store_ticket_view (sht_session_get_reader (self->session), self->ticket, NULL);
  JsonArray *photos = view != NULL ? sht_json_array (view, "photos") : NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autofree char *title = NULL;

  g_hash_table_remove_all (self->photos);
  for (guint i = 0; photos != NULL && i < json_array_get_length (photos); i++)
    {
      JsonObject *photo = json_array_get_object_element (photos, i);
      const char *id = sht_json_string (photo, "id");

      if (!sht_photo_has_role (photo, self->role))
        continue;
      g_hash_table_insert (self->photos, g_strdup (id), json_object_ref (photo));
      g_ptr_array_add (ids, (gpointer) id);
    }
  /* Translators: a role of photos, as in “Before”, and how many there are */
  title = g_strdup_printf (_("%s · %u"), sht_words_photo_role (self->role), ids->len);
  gtk_label_set_text (GTK_LABEL (self->title), title);
  set_ids (self, ids);
  for_each_tile (self, update_tile);
}

static void
on_back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  sht_cover_hide (widget);
}

static void
sht_photo_grid_dispose (GObject *object)
{
  ShtPhotoGrid *self = SHT_PHOTO_GRID (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_photo_grid_parent_class)->dispose (object);
}

static void
sht_photo_grid_finalize (GObject *object)
{
  ShtPhotoGrid *self = SHT_PHOTO_GRID (object);

  g_hash_table_unref (self->photos);
  g_object_unref (self->ids);
  g_free (self->ticket);
  g_free (self->role);
  G_OBJECT_CLASS (sht_photo_grid_parent_class)->finalize (object);
}

static void
sht_photo_grid_class_init (ShtPhotoGridClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_photo_grid_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_photo_grid_finalize;
  gtk_widget_class_install_action (widget_class, "photos.back", NULL, on_back);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "photos.back", NULL);
}

static void
sht_photo_grid_init (ShtPhotoGrid *self)
{
  self->photos = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  self->ids = gtk_string_list_new (NULL);
}

static GtkWidget *
new_head (ShtPhotoGrid *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *back = gtk_button_new_from_icon_name ("window-close-symbolic");

  gtk_widget_set_tooltip_text (back, _("Back to the ticket"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (back), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Back to the ticket"), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (back), "photos.back");
  gtk_widget_add_css_class (back, "flat");
  gtk_widget_add_css_class (back, "touch");
  self->title = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_label_set_wrap (GTK_LABEL (self->title), TRUE);
  gtk_widget_set_hexpand (self->title, TRUE);
  gtk_widget_add_css_class (self->title, "title-3");
  gtk_box_append (GTK_BOX (head), back);
  gtk_box_append (GTK_BOX (head), self->title);
  gtk_widget_add_css_class (head, "photo-head");
  return head;
}

static void
build (ShtPhotoGrid *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, G_CONNECT_SWAPPED);
  self->view = gtk_grid_view_new (
    GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->ids)))), factory);
  gtk_grid_view_set_min_columns (GTK_GRID_VIEW (self->view), MIN_COLUMNS);
  gtk_grid_view_set_max_columns (GTK_GRID_VIEW (self->view), MAX_COLUMNS);
  gtk_widget_add_css_class (self->view, "photo-cells");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->view);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), new_head (self));
  gtk_box_append (GTK_BOX (box), scrolled);
  adw_bin_set_child (ADW_BIN (self), box);
}

/**
 * sht_photo_grid_open:
 * @page: the ticket's page, inside of a #ShtCover
 * @ticket: a ticket's UUID
 * @role: before, after or other
 *
 * Shows all of its photos of that role in front of the page.
 */
void
sht_photo_grid_open (GtkWidget *page, ShtSession *session, const char *ticket, const char *role)
{
  ShtPhotoGrid *self = g_object_new (SHT_TYPE_PHOTO_GRID, NULL);

  self->session = g_object_ref (session);
  self->ticket = g_strdup (ticket);
  self->role = g_strdup (role);
  build (self);
  refresh (self);
  g_signal_connect_object (session, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "status", G_CALLBACK (on_status), self, G_CONNECT_SWAPPED);
  sht_cover_show (page, GTK_WIDGET (self));
}
