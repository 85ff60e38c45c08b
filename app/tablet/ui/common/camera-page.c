/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/camera-page.h"

#include "tablet/ui/common/camera-ghost.h"
#include "tablet/ui/common/camera.h"
#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/photo-thumb.h"

#include <glib/gi18n.h>

#define SHUTTER 88
#define THUMB_WIDTH 104
/* So that what was taken does not touch the shutter. */
#define SHUTTER_MARGIN 20

struct _ShtCameraPage
{
  AdwBin parent_instance;

  gboolean several;
  gboolean shooting;
  guint shots;
  ShtCamera *camera;   /* (owned) (nullable): while the page is seen, until it fails */

  GtkWidget *title;
  GtkWidget *stack;
  GtkWidget *starting;
  GtkWidget *live;
  GtkWidget *picture;
  GtkWidget *ghost;
  GtkWidget *ghost_button; /* seen once there is one */
  GCancellable *cancellable; /* (owned): of what is decoded for it */
  GtkWidget *none;
  GtkWidget *strip;
  GtkWidget *shutter;
  GtkWidget *done;
};

G_DEFINE_FINAL_TYPE (ShtCameraPage, sht_camera_page, ADW_TYPE_BIN)

enum
{
  SHOT,
  FILES,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_shutter (ShtCameraPage *self)
{
  gboolean live = gtk_stack_get_visible_child (GTK_STACK (self->stack)) == self->live;

  gtk_widget_set_sensitive (self->shutter, live && !self->shooting);
}

static void
on_frame (ShtCameraPage *self, GdkTexture *texture)
{
  gboolean first = gtk_stack_get_visible_child (GTK_STACK (self->stack)) != self->live;

  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  if (!first)
    return;
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->live);
  show_shutter (self);
  gtk_widget_grab_focus (self->shutter);
}

static void
on_failed (ShtCameraPage *self, const GError *error)
{
  gboolean denied = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);

  g_clear_object (&self->camera);
  adw_status_page_set_title (ADW_STATUS_PAGE (self->none),
                             denied ? _("The camera was not allowed") : _("The camera does not answer"));
  adw_status_page_set_description (
    ADW_STATUS_PAGE (self->none),
    denied ? _("The tablet's settings say which programs may use it. A photo from a file is as good.")
           : _("Another program may be using it. A photo from a file is as good."));
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->none);
  show_shutter (self);
}

/* --- shooting --- */

static void
show_count (ShtCameraPage *self)
{
  g_autofree char *words = g_strdup_printf (ngettext ("Done: %u photo", "Done: %u photos", self->shots), self->shots);

  gtk_button_set_label (GTK_BUTTON (self->done), words);
  gtk_widget_set_visible (self->done, self->shots > 0);
}

/* What the person saw when the shutter went; the photo itself is decoded elsewhere. */
static void
add_to_strip (ShtCameraPage *self, GdkPaintable *seen)
{
  GtkWidget *thumb = sht_photo_thumb_new ();
  GtkWidget *clamp = adw_clamp_new ();
  g_autofree char *name = g_strdup_printf (_("Photo %u"), self->shots);

  if (GDK_IS_TEXTURE (seen))
    sht_photo_thumb_set_texture (SHT_PHOTO_THUMB (thumb), GDK_TEXTURE (seen));
  gtk_accessible_update_property (GTK_ACCESSIBLE (thumb), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), THUMB_WIDTH);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), THUMB_WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), thumb);
  gtk_box_prepend (GTK_BOX (self->strip), clamp);
}

static void
on_shot (GObject *camera, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtCameraPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = sht_camera_shoot_finish (SHT_CAMERA (camera), result, &error);

  self->shooting = FALSE;
  gtk_widget_remove_css_class (self->live, "flash");
  show_shutter (self);
  if (path == NULL)
    {
      g_message ("camera: %s", error->message);
      sht_page_toast (GTK_WIDGET (self), _("No photo was taken. Please try again"));
      return;
    }
  self->shots++;
  add_to_strip (self, gtk_picture_get_paintable (GTK_PICTURE (self->picture)));
  show_count (self);
  g_signal_emit (self, signals[SHOT], 0, path);
  if (!self->several)
    sht_cover_hide (GTK_WIDGET (self));
  else
    gtk_widget_grab_focus (self->shutter);
}

static void
on_shoot (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtCameraPage *self = SHT_CAMERA_PAGE (widget);

  if (self->camera == NULL || self->shooting || !gtk_widget_get_sensitive (self->shutter))
    return;
  self->shooting = TRUE;
  show_shutter (self);
  gtk_widget_add_css_class (self->live, "flash");
  sht_camera_shoot_async (self->camera, on_shot, g_object_ref (self));
}

/* The space bar is the shutter wherever the focus is. */
static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, ShtCameraPage *self)
{
  if (key != GDK_KEY_space && key != GDK_KEY_KP_Space)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_activate_action (GTK_WIDGET (self), "camera.shoot", NULL);
  return GDK_EVENT_STOP;
}

static void
on_back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  sht_cover_hide (widget);
}

static void
on_files (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autoptr (GtkWidget) alive = g_object_ref (widget);

  sht_cover_hide (widget);
  g_signal_emit (alive, signals[FILES], 0);
}

/* --- making --- */

static void
sht_camera_page_map (GtkWidget *widget)
{
  ShtCameraPage *self = SHT_CAMERA_PAGE (widget);

  GTK_WIDGET_CLASS (sht_camera_page_parent_class)->map (widget);
  /* GTK made the button sensitive as it found its action. */
  show_shutter (self);
  self->camera = sht_camera_new ();
  g_signal_connect_object (self->camera, "frame", G_CALLBACK (on_frame), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->camera, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
}

/* Nobody is filmed by a page that nobody sees. */
static void
sht_camera_page_unmap (GtkWidget *widget)
{
  ShtCameraPage *self = SHT_CAMERA_PAGE (widget);

  if (self->camera != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->camera, self);
      sht_camera_stop (self->camera);
    }
  g_clear_object (&self->camera);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->starting);
  show_shutter (self);
  GTK_WIDGET_CLASS (sht_camera_page_parent_class)->unmap (widget);
}

static void
sht_camera_page_dispose (GObject *object)
{
  g_cancellable_cancel (SHT_CAMERA_PAGE (object)->cancellable);
  g_clear_object (&SHT_CAMERA_PAGE (object)->camera);
  G_OBJECT_CLASS (sht_camera_page_parent_class)->dispose (object);
}

static void
sht_camera_page_finalize (GObject *object)
{
  g_object_unref (SHT_CAMERA_PAGE (object)->cancellable);
  G_OBJECT_CLASS (sht_camera_page_parent_class)->finalize (object);
}

static void
sht_camera_page_class_init (ShtCameraPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_camera_page_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_camera_page_finalize;
  widget_class->map = sht_camera_page_map;
  widget_class->unmap = sht_camera_page_unmap;
  signals[SHOT] = g_signal_new ("shot", SHT_TYPE_CAMERA_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_STRING);
  signals[FILES] = g_signal_new ("files", SHT_TYPE_CAMERA_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "camera.shoot", NULL, on_shoot);
  gtk_widget_class_install_action (widget_class, "camera.back", NULL, on_back);
  gtk_widget_class_install_action (widget_class, "camera.files", NULL, on_files);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "camera.back", NULL);
}

static void
make_ghost_button (ShtCameraPage *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *tick = gtk_image_new_from_icon_name ("object-select-symbolic");

  /* A label of the button's own would be its name, and says less. */
  self->ghost_button = gtk_toggle_button_new ();
  gtk_box_append (GTK_BOX (content), tick);
  gtk_box_append (GTK_BOX (content), gtk_label_new (_("Show the photo before")));
  gtk_button_set_child (GTK_BUTTON (self->ghost_button), content);
  g_object_bind_property (self->ghost_button, "active", tick, "visible", G_BINDING_SYNC_CREATE);
  gtk_widget_set_tooltip_text (self->ghost_button, _("Show the photo before over the camera’s picture"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->ghost_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Show the photo before over the camera’s picture"), -1);
  gtk_widget_add_css_class (self->ghost_button, "touch");
  gtk_widget_add_css_class (self->ghost_button, "camera-ghost");
  gtk_widget_set_halign (self->ghost_button, GTK_ALIGN_END);
  gtk_widget_set_valign (self->ghost_button, GTK_ALIGN_START);
  gtk_widget_set_visible (self->ghost_button, FALSE);
}

static GtkWidget *
new_head (ShtCameraPage *self, const char *title)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *back = gtk_button_new_from_icon_name ("window-close-symbolic");
  GtkWidget *files = gtk_button_new_with_label (_("From files"));

  gtk_widget_set_tooltip_text (back, _("Close the camera"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (back), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Close the camera"), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (back), "camera.back");
  gtk_widget_add_css_class (back, "flat");
  gtk_widget_add_css_class (back, "touch");
  gtk_widget_set_valign (back, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (files, GTK_ALIGN_CENTER);
  self->title = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_label_set_wrap (GTK_LABEL (self->title), TRUE);
  gtk_widget_set_hexpand (self->title, TRUE);
  gtk_widget_add_css_class (self->title, "title-3");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (files), "camera.files");
  gtk_widget_add_css_class (files, "touch");
  gtk_box_append (GTK_BOX (head), back);
  gtk_box_append (GTK_BOX (head), self->title);
  gtk_box_append (GTK_BOX (head), files);
  gtk_widget_add_css_class (head, "photo-head");
  return head;
}

static GtkWidget *
new_view (ShtCameraPage *self)
{
  GtkWidget *files = gtk_button_new_with_label (_("Choose a photo"));

  self->starting = gtk_spinner_new ();
  gtk_spinner_start (GTK_SPINNER (self->starting));
  gtk_widget_set_size_request (self->starting, 48, 48);
  gtk_widget_set_halign (self->starting, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->starting, GTK_ALIGN_CENTER);
  self->picture = gtk_picture_new ();
  gtk_picture_set_content_fit (GTK_PICTURE (self->picture), GTK_CONTENT_FIT_CONTAIN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("What the camera sees"), -1);
  self->ghost = sht_camera_ghost_new (GTK_PICTURE (self->picture));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->ghost), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Photo before"), -1);
  make_ghost_button (self);
  g_object_bind_property (self->ghost_button, "active", self->ghost, "visible", G_BINDING_SYNC_CREATE);
  self->live = gtk_overlay_new ();
  gtk_overlay_set_child (GTK_OVERLAY (self->live), self->picture);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->live), self->ghost);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->live), self->ghost_button);
  gtk_widget_add_css_class (self->live, "camera-live");
  self->none = sht_letters_status_page_new ();
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (self->none), "camera-disabled-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (files), "camera.files");
  gtk_widget_set_halign (files, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (files, "pill");
  gtk_widget_add_css_class (files, "suggested-action");
  adw_status_page_set_child (ADW_STATUS_PAGE (self->none), files);
  self->stack = gtk_stack_new ();
  gtk_stack_add_child (GTK_STACK (self->stack), self->starting);
  gtk_stack_add_child (GTK_STACK (self->stack), self->live);
  gtk_stack_add_child (GTK_STACK (self->stack), self->none);
  gtk_widget_set_vexpand (self->stack, TRUE);
  return self->stack;
}

static GtkWidget *
new_bar (ShtCameraPage *self)
{
  GtkWidget *bar = gtk_center_box_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("camera-photo-symbolic");

  self->strip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->strip);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_widget_set_valign (scrolled, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_end (scrolled, SHUTTER_MARGIN);
  gtk_image_set_pixel_size (GTK_IMAGE (icon), 36);
  self->shutter = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->shutter), icon);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->shutter), "camera.shoot");
  gtk_widget_set_size_request (self->shutter, SHUTTER, SHUTTER);
  gtk_widget_set_valign (self->shutter, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->shutter, "shutter");
  gtk_widget_set_tooltip_text (self->shutter, _("Take the photo"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->shutter), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Take the photo"), -1);
  self->done = gtk_button_new_with_label ("");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->done), "camera.back");
  gtk_widget_set_valign (self->done, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->done, "touch");
  gtk_widget_add_css_class (self->done, "camera-done");
  gtk_center_box_set_start_widget (GTK_CENTER_BOX (bar), scrolled);
  gtk_center_box_set_center_widget (GTK_CENTER_BOX (bar), self->shutter);
  gtk_center_box_set_end_widget (GTK_CENTER_BOX (bar), self->done);
  gtk_widget_add_css_class (bar, "camera-bar");
  return bar;
}

static void
sht_camera_page_init (ShtCameraPage *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->cancellable = g_cancellable_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_css_class (GTK_WIDGET (self), "camera");
}

/**
 * sht_camera_page_open:
 * @page: the page that asks, inside of a #ShtCover
 * @title: what is to be photographed
 * @several: whether more than one may be taken; else the page goes after the first
 *
 * Shows the camera in front of the page.
 *
 * Returns: (transfer none): for its signals
 */
ShtCameraPage *
sht_camera_page_open (GtkWidget *page, const char *title, gboolean several)
{
  ShtCameraPage *self = g_object_new (SHT_TYPE_CAMERA_PAGE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->several = several;
  gtk_box_append (GTK_BOX (box), new_head (self, title));
  gtk_box_append (GTK_BOX (box), new_view (self));
  gtk_box_append (GTK_BOX (box), new_bar (self));
  adw_bin_set_child (ADW_BIN (self), box);
  show_count (self);
  show_shutter (self);
  sht_cover_show (page, GTK_WIDGET (self));
  return self;
}

static void
on_ghost (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtCameraPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = sht_photo_decode_finish (result, &error);

  if (texture == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_message ("camera: %s", error->message);
      return;
    }
  sht_camera_ghost_set_texture (SHT_CAMERA_GHOST (self->ghost), texture);
  gtk_widget_set_visible (self->ghost_button, TRUE);
}

/**
 * sht_camera_page_offer_ghost:
 * @path: one of the tablet's own JPEG files, of the same place before the work
 *
 * Offers to lay that photo over the live picture, half transparent.
 */
void
sht_camera_page_offer_ghost (ShtCameraPage *self, const char *path)
{
  sht_photo_decode_async (path, self->cancellable, on_ghost, g_object_ref (self));
}
