/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/photo-grid.h"

#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/ticket/photo-cells.h"

#include <glib/gi18n.h>

struct _ShtPhotoGrid
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  char *ticket;        /* (owned) */
  char *role;          /* (owned) */
  GtkWidget *title;
  GtkWidget *cells;
};

G_DEFINE_FINAL_TYPE (ShtPhotoGrid, sht_photo_grid, ADW_TYPE_BIN)

static const char *
name_role (const char *role)
{
  return g_str_equal (role, "before")  ? _("Photos before the work")
         : g_str_equal (role, "after") ? _("Photos after the work")
                                       : _("Other photos");
}

static void
refresh (ShtPhotoGrid *self)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *photos = sht_store_ticket_photos (sht_session_get_reader (self->session), self->ticket, self->role, &error);
  g_autofree char *title = NULL;

  if (photos == NULL)
    {
      g_warning ("photos: %s", error->message);
      return;
    }
  /* Translators: a role of photos, as in “Before”, and how many there are */
  title = g_strdup_printf (_("%s · %u"), name_role (self->role), photos->len);
  gtk_label_set_text (GTK_LABEL (self->title), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->cells), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  sht_photo_cells_set_photos (SHT_PHOTO_CELLS (self->cells), photos);
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

  self->cells = sht_photo_cells_new (self->session);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->cells);
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
  sht_cover_show (page, GTK_WIDGET (self));
}
