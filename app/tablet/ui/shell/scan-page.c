/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/scan-page.h"

#include "core/enrol-link.h"
#include "tablet/ui/common/big-button.h"
#include "tablet/ui/common/camera.h"
#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/shell/code-reader.h"

#include <glib/gi18n.h>

/* A hand with a paper is not faster, and the tablet has a window to paint. */
#define LOOK_EVERY_US (150 * 1000)

struct _ShtScanPage
{
  AdwBin parent_instance;

  ShtCamera *camera;         /* (owned) (nullable): while the page is seen, until it fails */
  GCancellable *cancellable; /* (owned): of what is being read */
  gboolean reading;
  gint64 looked_at; /* monotonic time of the last look */

  GtkWidget *stack;
  GtkWidget *starting;
  GtkWidget *picture;
  GtkWidget *none;
  GtkWidget *said;
};

G_DEFINE_FINAL_TYPE (ShtScanPage, sht_scan_page, ADW_TYPE_BIN)

static guint found_signal;

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtScanPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = sht_code_read_finish (result, &error);
  g_autofree char *hub = NULL, *code = NULL;
  const char *text;
  gsize length;

  self->reading = FALSE;
  if (bytes == NULL || self->camera == NULL)
    return;
  text = g_bytes_get_data (bytes, &length);
  if (text == NULL || !sht_enrol_link_parse (text, (gssize) length, &hub, &code))
    {
      gtk_label_set_text (GTK_LABEL (self->said), _("This is another kind of code. The one from your supervisor connects this tablet."));
      gtk_widget_add_css_class (self->said, "problem");
      return;
    }
  sht_cover_hide (GTK_WIDGET (self));
  g_signal_emit (self, found_signal, 0, hub, code);
}

static void
on_frame (ShtScanPage *self, GdkTexture *texture)
{
  gint64 now = g_get_monotonic_time ();

  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->picture);
  if (self->reading || now - self->looked_at < LOOK_EVERY_US)
    return;
  self->reading = TRUE;
  self->looked_at = now;
  sht_code_read_async (texture, self->cancellable, on_read, g_object_ref (self));
}

static void
on_failed (ShtScanPage *self, const GError *error)
{
  gboolean denied = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);

  g_clear_object (&self->camera);
  adw_status_page_set_title (ADW_STATUS_PAGE (self->none),
                             denied ? _("The camera was not allowed") : _("The camera does not answer"));
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->none);
  gtk_label_set_text (GTK_LABEL (self->said), "");
}

static void
on_back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  sht_cover_hide (widget);
}

static void
sht_scan_page_map (GtkWidget *widget)
{
  ShtScanPage *self = SHT_SCAN_PAGE (widget);

  GTK_WIDGET_CLASS (sht_scan_page_parent_class)->map (widget);
  self->camera = sht_camera_new ();
  g_signal_connect_object (self->camera, "frame", G_CALLBACK (on_frame), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->camera, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
}

/* Nobody is filmed by a page that nobody sees. */
static void
sht_scan_page_unmap (GtkWidget *widget)
{
  ShtScanPage *self = SHT_SCAN_PAGE (widget);

  if (self->camera != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->camera, self);
      sht_camera_stop (self->camera);
    }
  g_clear_object (&self->camera);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->starting);
  GTK_WIDGET_CLASS (sht_scan_page_parent_class)->unmap (widget);
}

static void
sht_scan_page_dispose (GObject *object)
{
  g_cancellable_cancel (SHT_SCAN_PAGE (object)->cancellable);
  g_clear_object (&SHT_SCAN_PAGE (object)->camera);
  G_OBJECT_CLASS (sht_scan_page_parent_class)->dispose (object);
}

static void
sht_scan_page_finalize (GObject *object)
{
  g_object_unref (SHT_SCAN_PAGE (object)->cancellable);
  G_OBJECT_CLASS (sht_scan_page_parent_class)->finalize (object);
}

static void
sht_scan_page_class_init (ShtScanPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_scan_page_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_scan_page_finalize;
  widget_class->map = sht_scan_page_map;
  widget_class->unmap = sht_scan_page_unmap;
  found_signal = g_signal_new ("found", SHT_TYPE_SCAN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                               G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_install_action (widget_class, "scan.back", NULL, on_back);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "scan.back", NULL);
}

static GtkWidget *
new_title (void)
{
  GtkWidget *title = gtk_label_new (_("Scan the code"));

  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_label_set_justify (GTK_LABEL (title), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (title, "title-3");
  gtk_widget_add_css_class (title, "scan-said");
  return title;
}

static GtkWidget *
new_view (ShtScanPage *self)
{
  self->starting = gtk_spinner_new ();
  gtk_spinner_start (GTK_SPINNER (self->starting));
  gtk_widget_set_size_request (self->starting, 48, 48);
  gtk_widget_set_halign (self->starting, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->starting, GTK_ALIGN_CENTER);
  self->picture = gtk_picture_new ();
  gtk_picture_set_content_fit (GTK_PICTURE (self->picture), GTK_CONTENT_FIT_CONTAIN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("What the camera sees"), -1);
  gtk_widget_add_css_class (self->picture, "camera-live");
  self->none = sht_letters_status_page_new ();
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (self->none), "camera-disabled-symbolic");
  adw_status_page_set_description (ADW_STATUS_PAGE (self->none), _("Address and code can be typed just as well."));
  self->stack = gtk_stack_new ();
  gtk_stack_add_child (GTK_STACK (self->stack), self->starting);
  gtk_stack_add_child (GTK_STACK (self->stack), self->picture);
  gtk_stack_add_child (GTK_STACK (self->stack), self->none);
  gtk_widget_set_vexpand (self->stack, TRUE);
  return self->stack;
}

static void
sht_scan_page_init (ShtScanPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *back = sht_big_button ("window-close-symbolic", _("Close the camera"), "scan.back");

  gtk_widget_add_css_class (back, "scan-close");
  self->cancellable = g_cancellable_new ();
  self->said = gtk_label_new (_("Hold the code in front of the camera. It is read by itself."));
  gtk_label_set_wrap (GTK_LABEL (self->said), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->said), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (self->said, "title-4");
  gtk_widget_add_css_class (self->said, "scan-said");
  gtk_box_append (GTK_BOX (box), new_title ());
  gtk_box_append (GTK_BOX (box), new_view (self));
  gtk_box_append (GTK_BOX (box), self->said);
  gtk_box_append (GTK_BOX (box), back);
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_add_css_class (GTK_WIDGET (self), "camera");
}

/**
 * sht_scan_page_open:
 * @page: the page that asks, inside of a #ShtCover
 *
 * Shows the camera in front of the page.
 *
 * Returns: (transfer none): for its signal
 */
ShtScanPage *
sht_scan_page_open (GtkWidget *page)
{
  ShtScanPage *self = g_object_new (SHT_TYPE_SCAN_PAGE, NULL);

  sht_cover_show (page, GTK_WIDGET (self));
  return self;
}
