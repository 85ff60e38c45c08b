/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/photo-viewer.h"

#include "core/json.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/photo-thumb.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/ticket/photo-canvas.h"
#include "tablet/ui/ticket/photo-compare.h"
#include "tablet/ui/ticket/photo-draw.h"
#include "tablet/ui/ticket/photo-share.h"
#include "tablet/ui/ticket/photo-words.h"

#include <glib/gi18n.h>

#define TOUCH 56
#define ZOOM_STEP 1.5
/* How far an arrow key moves an enlarged picture, pixels. */
#define PAN 80

struct _ShtPhotoViewer
{
  AdwWindow parent_instance;

  ShtSession *session; /* (owned) */
  char *ticket;        /* (owned) */
  JsonArray *photos;   /* (owned) (nullable) */
  guint index;
  char *shown; /* (owned) (nullable): hash of the bytes that are decoded or being decoded */
  gboolean decoded; /* the canvas has the picture of those bytes, and not of the photo before */

  GtkWidget *canvas;
  GtkWidget *missing;
  GtkWidget *one; /* canvas or missing: what there is of the one photo */
  GtkWidget *stack;
  gboolean can_compare;
  GtkWidget *compare;
  GtkWidget *compare_button;
  GtkWidget *draw;
  GtkWidget *draw_button;
  GtkWidget *share_button;
  char *drawn_on; /* (owned) (nullable): the photo that is drawn on */
  GtkWidget *arrows[2];
  GtkWidget *toasts;
  GtkWidget *box;
  GtkWidget *words;
  GtkWidget *title;
  GCancellable *cancellable; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ShtPhotoViewer, sht_photo_viewer, ADW_TYPE_WINDOW)

static gboolean
is_comparing (ShtPhotoViewer *self)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->compare_button));
}

static gboolean
is_drawing (ShtPhotoViewer *self)
{
  return self->drawn_on != NULL;
}

static void
name_window (ShtPhotoViewer *self)
{
  g_autofree char *name = is_comparing (self) ? g_strdup (_("Before and after the work"))
                                              : g_strdup_printf (_("Photo %u of %u"), self->index + 1,
                                                                 json_array_get_length (self->photos));

  adw_window_title_set_title (ADW_WINDOW_TITLE (self->title), name);
  gtk_window_set_title (GTK_WINDOW (self), name);
}

/* One photo with its words, or two in one frame, or one that is drawn on. */
static void
show_page (ShtPhotoViewer *self)
{
  gboolean one = !is_comparing (self) && !is_drawing (self);
  GtkWidget *page = is_drawing (self) ? self->draw : is_comparing (self) ? self->compare : self->one;

  gtk_stack_set_visible_child (GTK_STACK (self->stack), page);
  name_window (self);
  gtk_widget_set_visible (self->draw_button, one && self->decoded);
  gtk_widget_set_visible (self->share_button, one && self->decoded);
  gtk_widget_set_visible (self->compare_button, self->can_compare && !is_drawing (self));
  gtk_widget_set_visible (self->words, one);
  for (guint i = 0; i < G_N_ELEMENTS (self->arrows); i++)
    gtk_widget_set_visible (self->arrows[i], one);
}

/* Why there is no picture: what is here is @damaged, nobody has it any more, or it is elsewhere. */
static void
show_missing (ShtPhotoViewer *self, gboolean damaged)
{
  JsonObject *photo = json_array_get_object_element (self->photos, self->index);
  ShtMark mark = sht_words_mark_parse (sht_json_string (photo, "state"));
  AdwStatusPage *page = ADW_STATUS_PAGE (self->missing);
  const char *about = NULL;

  if (damaged)
    adw_status_page_set_title (page, mark == SHT_MARK_LOCAL ? _("Damaged: take it again") : _("Damaged on this tablet"));
  else if (mark == SHT_MARK_LOCAL)
    adw_status_page_set_title (page, _("Lost before it was sent: take it again"));
  else
    {
      adw_status_page_set_title (page, _("Not on this tablet"));
      about = mark == SHT_MARK_CONFIRMED ? _("The hub has this photo; its picture was not brought here.") : NULL;
    }
  adw_status_page_set_description (page, about);
  self->one = self->missing;
  show_page (self);
}

static void
on_decoded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = sht_photo_decode_finish (result, &error);
  ShtPhotoViewer *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (texture != NULL)
    {
      sht_photo_canvas_set_texture (SHT_PHOTO_CANVAS (self->canvas), texture);
      self->decoded = TRUE;
      self->one = self->canvas;
      show_page (self);
    }
  else
    show_missing (self, TRUE);
}

/* What a screen reader says for the picture. */
static char *
describe (ShtPhotoViewer *self, JsonObject *photo)
{
  gint64 now = sht_store_now (sht_session_get_reader (self->session));
  const char *caption = sht_json_string (photo, "caption");
  gboolean drawing = sht_json_has (photo, "of");
  g_autofree char *when = sht_words_when (sht_words_time (photo, "taken_at"), now);

  return g_strdup_printf ("%s · %s%s%s%s%s", sht_words_photo_role (sht_json_string (photo, "role")),
                          drawing ? _("drawn on") : "", drawing ? " · " : "", when,
                          caption != NULL && caption[0] != '\0' ? " · " : "", caption != NULL ? caption : "");
}

/* The file of the newest photo of a role whose bytes are here, as it was taken. */
static char *
newest_file (ShtPhotoViewer *self, const char *role)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  g_autofree char *newest = NULL;
  gint64 newest_at = G_MININT64;

  for (guint i = 0; i < json_array_get_length (self->photos); i++)
    {
      JsonObject *photo = json_array_get_object_element (self->photos, i);
      const char *hash = sht_json_string (photo, "sha256");
      g_autofree char *path = hash != NULL ? sht_store_blob_path (reader, hash) : NULL;
      gint64 at = sht_words_time (photo, "taken_at");

      if (g_strcmp0 (sht_json_string (photo, "role"), role) != 0 || sht_json_has (photo, "of") || at <= newest_at
          || path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      newest_at = at;
      g_free (newest);
      newest = g_steal_pointer (&path);
    }
  return g_steal_pointer (&newest);
}

static void
offer_compare (ShtPhotoViewer *self)
{
  g_autofree char *before = newest_file (self, "before");
  g_autofree char *after = newest_file (self, "after");
  gboolean both = before != NULL && after != NULL;

  if (both)
    sht_photo_compare_set (SHT_PHOTO_COMPARE (self->compare), before, after);
  else
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->compare_button), FALSE);
  self->can_compare = both;
  show_page (self);
}

static void
on_compare (ShtPhotoViewer *self)
{
  sht_photo_words_keep (SHT_PHOTO_WORDS (self->words));
  show_page (self);
  if (is_comparing (self))
    gtk_widget_grab_focus (self->compare);
}

static void
show_picture (ShtPhotoViewer *self, const char *hash)
{
  g_autofree char *path = hash != NULL ? sht_store_blob_path (sht_session_get_reader (self->session), hash) : NULL;
  gboolean here = path != NULL && g_file_test (path, G_FILE_TEST_EXISTS);

  if (here && g_strcmp0 (self->shown, hash) == 0)
    return;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->shown, g_free);
  self->decoded = FALSE;
  if (!here)
    {
      show_missing (self, FALSE);
      return;
    }
  self->shown = g_strdup (hash);
  self->cancellable = g_cancellable_new ();
  sht_photo_decode_async (path, self->cancellable, on_decoded, self);
}

static void
show (ShtPhotoViewer *self)
{
  JsonObject *photo = json_array_get_object_element (self->photos, self->index);
  g_autofree char *words = describe (self, photo);

  sht_photo_words_update (SHT_PHOTO_WORDS (self->words), photo);
  sht_photo_share_button_warn (self->share_button, sht_photo_share_is_ours_only (self->photos, photo));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->canvas), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.previous", self->index > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.next",
                                 self->index + 1 < json_array_get_length (self->photos));
  show_picture (self, sht_json_string (photo, "sha256"));
  offer_compare (self);
}

static void
go_to (ShtPhotoViewer *self, const char *photo)
{
  for (guint i = 0; i < json_array_get_length (self->photos); i++)
    if (g_strcmp0 (sht_json_string (json_array_get_object_element (self->photos, i), "id"), photo) == 0)
      self->index = i;
}

/* Looks again at the ticket's photos; @photo is the one to show. */
static void
refresh (ShtPhotoViewer *self, const char *photo)
{
  g_autoptr (JsonObject) view = sht_store_ticket_view (sht_session_get_reader (self->session), self->ticket, NULL);
  JsonArray *photos = view != NULL ? sht_json_array (view, "photos") : NULL;

  if (photos == NULL || json_array_get_length (photos) == 0)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  json_array_ref (photos);
  g_clear_pointer (&self->photos, json_array_unref);
  self->photos = photos;
  self->index = MIN (self->index, json_array_get_length (photos) - 1);
  go_to (self, photo);
  show (self);
}

static void
on_session_changed (ShtPhotoViewer *self)
{
  JsonObject *photo = json_array_get_object_element (self->photos, self->index);
  g_autofree char *id = g_strdup (sht_json_string (photo, "id"));

  refresh (self, id);
}

static void
say (ShtPhotoViewer *self, const char *text)
{
  sht_letters_toast_show (self->toasts, sht_letters_toast_new (text));
}

/* --- out of the tablet --- */

static void
on_shared (gpointer data, const char *words)
{
  say (data, words);
}

static char *
number_of_ticket (ShtPhotoViewer *self)
{
  char *number = sht_db_get_text (sht_session_get_reader (self->session)->db, NULL, "SELECT number FROM ticket WHERE id = ?1",
                                  "s", self->ticket);

  return number != NULL ? number : g_strdup (_("Not numbered yet"));
}

static void
print (ShtPhotoViewer *self, JsonObject *photo, GdkTexture *texture)
{
  g_autofree char *number = number_of_ticket (self);
  g_autofree char *described = describe (self, photo);
  g_autofree char *words = g_strdup_printf ("%s\n%s\nSHA-256 %s", number, described, self->shown);
  g_autoptr (GtkPrintOperation) operation = sht_photo_share_new_print (texture, words);
  g_autoptr (GError) error = NULL;

  if (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, GTK_WINDOW (self), &error)
      == GTK_PRINT_OPERATION_RESULT_ERROR)
    say (self, error->message);
}

static void
on_share (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtPhotoViewer *self = SHT_PHOTO_VIEWER (widget);
  JsonObject *photo = json_array_get_object_element (self->photos, self->index);
  GdkTexture *texture = sht_photo_canvas_get_texture (SHT_PHOTO_CANVAS (self->canvas));

  if (!self->decoded)
    return;
  if (g_str_equal (action, "viewer.save-copy"))
    {
      g_autofree char *path = sht_store_blob_path (sht_session_get_reader (self->session), self->shown);
      g_autofree char *number = number_of_ticket (self);
      g_autofree char *name = g_strdup_printf ("%s-%u.jpg", number, self->index + 1);

      sht_photo_share_save (GTK_WINDOW (self), path, name, on_shared, self);
    }
  else if (g_str_equal (action, "viewer.copy"))
    {
      sht_photo_share_copy (widget, texture);
      say (self, _("The picture is on the clipboard"));
    }
  else
    print (self, photo, texture);
}

static void
on_words_failed (ShtPhotoViewer *self)
{
  say (self, _("Could not be saved. Nothing was changed; please try again"));
}

static void
step (ShtPhotoViewer *self, int by)
{
  gint64 to = (gint64) self->index + by;

  if (to < 0 || to >= json_array_get_length (self->photos))
    return;
  self->index = (guint) to;
  show (self);
}

static void
on_step (GtkWidget *widget, const char *action, GVariant *parameter)
{
  step (SHT_PHOTO_VIEWER (widget), g_str_equal (action, "viewer.next") ? 1 : -1);
}

static gboolean
is_mirrored (ShtPhotoViewer *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static gboolean
is_canvas_shown (ShtPhotoViewer *self)
{
  return gtk_stack_get_visible_child (GTK_STACK (self->stack)) == self->canvas;
}

/* Arrows look around in an enlarged picture; else they go on to another. They are taken here before the window
 * moves the focus by them. */
static gboolean
on_key (ShtPhotoViewer *self, guint key, guint code, GdkModifierType state)
{
  int across = key == GDK_KEY_Right ? 1 : key == GDK_KEY_Left ? -1 : 0;
  int down = key == GDK_KEY_Down ? 1 : key == GDK_KEY_Up ? -1 : 0;

  if ((across == 0 && down == 0) || is_comparing (self) || is_drawing (self))
    return FALSE;
  if (is_canvas_shown (self) && sht_photo_canvas_pan (SHT_PHOTO_CANVAS (self->canvas), -across * PAN, -down * PAN))
    return TRUE;
  step (self, is_mirrored (self) ? -across : across);
  return across != 0;
}

/* The picture follows the finger: to the next one that lies after it in reading order. */
static void
on_swiped (ShtPhotoViewer *self, int direction)
{
  step (self, is_mirrored (self) ? direction : -direction);
}

static void
on_zoomed (ShtPhotoViewer *self)
{
  double zoom = sht_photo_canvas_get_zoom (SHT_PHOTO_CANVAS (self->canvas));
  g_autofree char *percent = zoom > 1 ? g_strdup_printf ("%.0f%%", zoom * 100) : g_strdup ("");

  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->title), percent);
}

static gboolean
on_zoom_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  ShtPhotoViewer *self = SHT_PHOTO_VIEWER (widget);

  if (is_canvas_shown (self))
    sht_photo_canvas_zoom_by (SHT_PHOTO_CANVAS (self->canvas), g_variant_get_double (args));
  return TRUE;
}

/* --- drawing --- */

static void
on_draw (ShtPhotoViewer *self)
{
  JsonObject *photo = json_array_get_object_element (self->photos, self->index);

  if (!self->decoded)
    return;
  sht_photo_words_keep (SHT_PHOTO_WORDS (self->words));
  self->drawn_on = g_strdup (sht_json_string (photo, "id"));
  show_page (self);
  sht_photo_draw_start (SHT_PHOTO_DRAW (self->draw), sht_photo_canvas_get_texture (SHT_PHOTO_CANVAS (self->canvas)));
}

static void
stop_drawing (ShtPhotoViewer *self)
{
  g_clear_pointer (&self->drawn_on, g_free);
  show_page (self);
  gtk_widget_grab_focus (self->draw_button);
}

/* The newest drawing on a photo, or the photo itself. */
static const char *
find_drawing (ShtPhotoViewer *self, const char *photo)
{
  const char *found = photo;

  for (guint i = 0; i < json_array_get_length (self->photos); i++)
    {
      JsonObject *one = json_array_get_object_element (self->photos, i);

      if (g_strcmp0 (sht_json_string (one, "of"), photo) == 0
          && (found == photo || strcmp (sht_json_string (one, "id"), found) > 0))
        found = sht_json_string (one, "id");
    }
  return found;
}

static void
on_drawn (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtPhotoViewer) self = data;
  g_autoptr (GError) error = NULL;
  gboolean saved = sht_session_attach_finish (SHT_SESSION (session), result, NULL, NULL, &error);

  if (error != NULL)
    g_message ("photo viewer: %s", error->message);
  if (self->session == NULL)
    return;
  gtk_widget_set_sensitive (self->draw, TRUE);
  if (saved)
    {
      g_autofree char *photo = g_strdup (self->drawn_on);
      g_autofree char *drawing = NULL;

      stop_drawing (self);
      refresh (self, photo);
      drawing = g_strdup (find_drawing (self, photo));
      refresh (self, drawing);
      say (self, _("Saved beside the photo, which stays as it is"));
    }
  else if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NO_ROOM))
    say (self, _("This tablet is nearly full: no more photos. Statuses and notes go on."));
  else
    say (self, _("Could not be saved. Nothing was changed; please try again"));
}

static void
on_draw_save (ShtPhotoViewer *self)
{
  g_autofree char *path = sht_store_blob_path (sht_session_get_reader (self->session), self->shown);

  gtk_widget_set_sensitive (self->draw, FALSE);
  sht_session_draw_async (self->session, self->drawn_on, path,
                          sht_photo_draw_copy_shapes (SHT_PHOTO_DRAW (self->draw)), on_drawn, g_object_ref (self));
}

static void
on_draw_full (ShtPhotoViewer *self)
{
  say (self, _("There is no room for more on one photo. Save this, and draw on what was saved"));
}

/* What somebody has drawn does not go by the way. */
static gboolean
keeps_drawing (ShtPhotoViewer *self)
{
  if (!is_drawing (self) || !sht_photo_draw_has_shapes (SHT_PHOTO_DRAW (self->draw)))
    return FALSE;
  say (self, _("Save the drawing, or cancel it"));
  return TRUE;
}

static gboolean
sht_photo_viewer_close_request (GtkWindow *window)
{
  if (keeps_drawing (SHT_PHOTO_VIEWER (window)))
    return TRUE;
  sht_photo_words_keep (SHT_PHOTO_WORDS (SHT_PHOTO_VIEWER (window)->words));
  return GTK_WINDOW_CLASS (sht_photo_viewer_parent_class)->close_request (window);
}

/* From two photos, or a drawing, back to the one, and from that to the ticket. */
static gboolean
on_escape (GtkWidget *widget, GVariant *args, gpointer data)
{
  ShtPhotoViewer *self = SHT_PHOTO_VIEWER (widget);

  if (is_comparing (self))
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->compare_button), FALSE);
  else if (keeps_drawing (self))
    return TRUE;
  else if (is_drawing (self))
    stop_drawing (self);
  else
    gtk_window_close (GTK_WINDOW (self));
  return TRUE;
}

static void
sht_photo_viewer_dispose (GObject *object)
{
  ShtPhotoViewer *self = SHT_PHOTO_VIEWER (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->photos, json_array_unref);
  g_clear_pointer (&self->ticket, g_free);
  g_clear_pointer (&self->shown, g_free);
  g_clear_pointer (&self->drawn_on, g_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_photo_viewer_parent_class)->dispose (object);
}

static void
sht_photo_viewer_class_init (ShtPhotoViewerClass *class)
{
  static const struct
  {
    guint key;
    double by;
  } zooms[] = { { GDK_KEY_plus, ZOOM_STEP },      { GDK_KEY_equal, ZOOM_STEP },
                { GDK_KEY_KP_Add, ZOOM_STEP },    { GDK_KEY_minus, 1 / ZOOM_STEP },
                { GDK_KEY_KP_Subtract, 1 / ZOOM_STEP } };
  static const GdkModifierType modifiers[] = { 0, GDK_CONTROL_MASK, GDK_SHIFT_MASK };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_photo_viewer_dispose;
  GTK_WINDOW_CLASS (class)->close_request = sht_photo_viewer_close_request;
  gtk_widget_class_install_action (widget_class, "viewer.previous", NULL, on_step);
  gtk_widget_class_install_action (widget_class, "viewer.next", NULL, on_step);
  gtk_widget_class_install_action (widget_class, "viewer.save-copy", NULL, on_share);
  gtk_widget_class_install_action (widget_class, "viewer.copy", NULL, on_share);
  gtk_widget_class_install_action (widget_class, "viewer.print", NULL, on_share);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, on_escape, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    for (guint k = 0; k < G_N_ELEMENTS (modifiers); k++)
      gtk_widget_class_add_binding (widget_class, zooms[i].key, modifiers[k], on_zoom_key, "d", zooms[i].by);
}

static GtkWidget *
new_arrow (const char *icon, const char *name, const char *action, GtkAlign align)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_size_request (button, TOUCH, TOUCH);
  gtk_widget_set_halign (button, align);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (button, 12);
  gtk_widget_set_margin_end (button, 12);
  gtk_widget_add_css_class (button, "osd");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static void
sht_photo_viewer_init (ShtPhotoViewer *self)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *overlay = gtk_overlay_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  self->title = adw_window_title_new ("", NULL);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), self->title);
  self->canvas = sht_photo_canvas_new ();
  g_signal_connect_object (self->canvas, "zoomed", G_CALLBACK (on_zoomed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->canvas, "swiped", G_CALLBACK (on_swiped), self, G_CONNECT_SWAPPED);
  self->missing = sht_letters_status_page_new ();
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (self->missing), "image-missing-symbolic");
  self->one = self->missing;
  self->compare = g_object_new (SHT_TYPE_PHOTO_COMPARE, NULL);
  self->compare_button = gtk_toggle_button_new_with_label (_("Compare"));
  gtk_widget_add_css_class (self->compare_button, "touch");
  g_signal_connect_object (self->compare_button, "toggled", G_CALLBACK (on_compare), self, G_CONNECT_SWAPPED);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), self->compare_button);
  self->draw = sht_photo_draw_new ();
  g_signal_connect_object (self->draw, "save", G_CALLBACK (on_draw_save), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->draw, "full", G_CALLBACK (on_draw_full), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->draw, "cancel", G_CALLBACK (stop_drawing), self, G_CONNECT_SWAPPED);
  self->draw_button = gtk_button_new_with_label (_("Draw"));
  gtk_widget_add_css_class (self->draw_button, "touch");
  g_signal_connect_object (self->draw_button, "clicked", G_CALLBACK (on_draw), self, G_CONNECT_SWAPPED);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), self->draw_button);
  self->share_button = sht_photo_share_button_new ();
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->share_button);
  self->stack = gtk_stack_new ();
  gtk_stack_add_child (GTK_STACK (self->stack), self->canvas);
  gtk_stack_add_child (GTK_STACK (self->stack), self->missing);
  gtk_stack_add_child (GTK_STACK (self->stack), self->compare);
  gtk_stack_add_child (GTK_STACK (self->stack), self->draw);
  gtk_widget_set_vexpand (self->stack, TRUE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->stack);
  self->arrows[0] = new_arrow ("go-previous-symbolic", _("Previous photo"), "viewer.previous", GTK_ALIGN_START);
  self->arrows[1] = new_arrow ("go-next-symbolic", _("Next photo"), "viewer.next", GTK_ALIGN_END);
  for (guint i = 0; i < G_N_ELEMENTS (self->arrows); i++)
    gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->arrows[i]);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->box), header);
  gtk_box_append (GTK_BOX (self->box), overlay);
  self->toasts = adw_toast_overlay_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), self->box);
  adw_window_set_content (ADW_WINDOW (self), self->toasts);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
}

/**
 * sht_photo_viewer_new:
 * @ticket: whose photos; it has some
 * @first: the id of the one to begin with
 */
GtkWidget *
sht_photo_viewer_new (GtkWidget *parent, ShtSession *session, const char *ticket, const char *first)
{
  ShtPhotoViewer *self = g_object_new (SHT_TYPE_PHOTO_VIEWER, NULL);
  GtkRoot *root = gtk_widget_get_root (parent);

  self->session = g_object_ref (session);
  self->ticket = g_strdup (ticket);
  self->words = sht_photo_words_new (session);
  g_signal_connect_object (self->words, "failed", G_CALLBACK (on_words_failed), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->box), self->words);
  if (GTK_IS_WINDOW (root))
    {
      gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (root));
      gtk_window_set_default_size (GTK_WINDOW (self), gtk_widget_get_width (GTK_WIDGET (root)),
                                   gtk_widget_get_height (GTK_WIDGET (root)));
    }
  refresh (self, first);
  g_signal_connect_object (session, "changed", G_CALLBACK (on_session_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
