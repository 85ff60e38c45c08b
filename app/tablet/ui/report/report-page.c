/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/report/report-page.h"

#include "core/json.h"
#include "tablet/ui/report/kind-tiles.h"
#include "tablet/ui/report/report-place.h"
#include "tablet/ui/common/choice-dialog.h"
#include "tablet/ui/common/photo-thumb.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

#define COLUMN_WIDTH 760
#define MAIN_HEIGHT 64
#define TOUCH 48
#define TOAST_S 10
#define LIKE_SHOWN 3

struct _ShtReportPage
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  char *service;       /* (owned) (nullable) */
  ShtImage *image;     /* (owned) (nullable): the photo, read and decoded */
  GCancellable *importing; /* (owned) (nullable): while one is read */
  gboolean save_when_read;
  gboolean saving;
  char *saved;         /* (owned) (nullable): the last report's id */
  gboolean has_place;
  gint64 lat_e7;
  gint64 lon_e7;

  GtkWidget *toasts;
  GtkWidget *photo_stack;
  GtkWidget *photo_button;
  GtkWidget *photo_busy;
  GtkWidget *spinner;
  GtkWidget *photo_shown;
  GtkWidget *thumb;
  GtkWidget *photo_word;
  GtkWidget *tiles;
  GtkWidget *like;
  GtkWidget *here;
  GtkWidget *address;
  GtkWidget *words;
  GtkWidget *save;
};

G_DEFINE_FINAL_TYPE (ShtReportPage, sht_report_page, ADW_TYPE_BIN)

static void save (ShtReportPage *self);

static void
say (ShtReportPage *self, const char *text)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_timeout (toast, TOAST_S);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), toast);
}

static ShtStore *
get_reader (ShtReportPage *self)
{
  return sht_session_get_reader (self->session);
}

/* --- the photo --- */

static void
show_photo (ShtReportPage *self)
{
  GtkWidget *shown = self->importing != NULL ? self->photo_busy
                     : self->image != NULL   ? self->photo_shown
                                             : self->photo_button;

  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), self->importing != NULL);
  gtk_stack_set_visible_child (GTK_STACK (self->photo_stack), shown);
}

static void
drop_photo (ShtReportPage *self)
{
  if (self->importing != NULL)
    g_cancellable_cancel (self->importing);
  g_clear_object (&self->importing);
  g_clear_pointer (&self->image, sht_image_free);
  sht_photo_thumb_set_texture (SHT_PHOTO_THUMB (self->thumb), NULL);
  show_photo (self);
}

static gboolean
is_damaged (ShtImage *image)
{
  for (guint i = 0; image->warnings != NULL && image->warnings[i] != NULL; i++)
    if (sht_words_is_damage (image->warnings[i]))
      return TRUE;
  return FALSE;
}

static void
read_photo (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  ShtImageOptions options = { 0 };
  GError *error = NULL;
  ShtImage *image = sht_image_import (path, &options, cancellable, &error);

  if (image != NULL)
    g_task_return_pointer (task, image, (GDestroyNotify) sht_image_free);
  else
    g_task_return_error (task, error);
}

static void
on_photo_read (GObject *source, GAsyncResult *result, gpointer data)
{
  ShtReportPage *self = SHT_REPORT_PAGE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtImage) image = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (GdkTexture) texture = NULL;

  /* Another photo was chosen since, or this one dropped. */
  if (self->importing == NULL || g_task_get_cancellable (G_TASK (result)) != self->importing)
    return;
  g_clear_object (&self->importing);
  if (image == NULL)
    {
      g_autofree char *name = g_path_get_basename (g_task_get_task_data (G_TASK (result)));
      g_autofree char *isolated = sht_words_isolated (name);
      g_autofree char *said = g_strdup_printf (C_("photo", "%s %s"), isolated, sht_words_image_error (error));

      self->save_when_read = FALSE;
      say (self, said);
    }
  else
    {
      texture = gdk_texture_new_from_bytes (image->thumb, NULL);
      sht_photo_thumb_set_texture (SHT_PHOTO_THUMB (self->thumb), texture);
      gtk_label_set_text (GTK_LABEL (self->photo_word),
                          is_damaged (image) ? _("Part of this photo is damaged: better take it again")
                                             : _("This photo goes with the report"));
      self->image = g_steal_pointer (&image);
    }
  show_photo (self);
  if (self->save_when_read)
    save (self);
}

/**
 * sht_report_page_set_photo:
 * @path: a picture's file
 *
 * Reads it at once, so that what is wrong with it is told while it can be taken again.
 */
void
sht_report_page_set_photo (ShtReportPage *self, const char *path)
{
  g_autoptr (GTask) task = NULL;

  drop_photo (self);
  self->importing = g_cancellable_new ();
  task = g_task_new (self, self->importing, on_photo_read, NULL);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, read_photo);
  show_photo (self);
}

gboolean
sht_report_page_is_importing (ShtReportPage *self)
{
  return self->importing != NULL;
}

static void
on_file_chosen (GtkNativeDialog *chooser, int response, ShtReportPage *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL && g_file_peek_path (file) != NULL)
    sht_report_page_set_photo (self, g_file_peek_path (file));
  g_object_unref (chooser);
}

static void
ask_photo (ShtReportPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Photo of the hazard"), GTK_WINDOW (root),
                                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("Add"), _("Cancel"));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Pictures"));
  gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_file_chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* --- the kind --- */

static GtkWidget *
new_like_row (ShtReportPage *self, ShtReportLike *like)
{
  GtkWidget *row = adw_action_row_new ();
  int metres = MAX ((int) like->metres, 1);
  g_autofree char *away = g_strdup_printf (ngettext ("one metre away", "%d metres away", (gulong) metres), metres);
  g_autofree char *address = sht_words_isolated (like->address);
  g_autofree char *subtitle = like->address != NULL ? g_strdup_printf ("%s · %s", address, away) : g_strdup (away);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 like->title != NULL ? like->title : _("Known already, with another crew"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (like->title != NULL)
    {
      GtkWidget *button = gtk_button_new_with_label (_("Open it"));

      gtk_widget_set_size_request (button, -1, TOUCH);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_set_margin_top (button, 6);
      gtk_widget_set_margin_bottom (button, 6);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "report.open");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", like->id);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  return row;
}

static void
show_like (ShtReportPage *self)
{
  g_autoptr (GPtrArray) found = self->service != NULL && self->has_place
                                  ? sht_report_place_like (get_reader (self), self->service, self->lat_e7, self->lon_e7)
                                  : NULL;
  GtkWidget *group = NULL;

  if (found != NULL && found->len > 0)
    {
      group = adw_preferences_group_new ();
      adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Is it this one?"));
      adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                             _("Something of this kind is open close by. If it is another, just save."));
      for (guint i = 0; i < MIN (found->len, LIKE_SHOWN); i++)
        adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_like_row (self, g_ptr_array_index (found, i)));
    }
  adw_bin_set_child (ADW_BIN (self->like), group);
  gtk_widget_set_visible (self->like, group != NULL);
}

/**
 * sht_report_page_set_kind:
 * @service: a service's code
 */
void
sht_report_page_set_kind (ShtReportPage *self, const char *service)
{
  if (self->service != service)
    {
      g_free (self->service);
      self->service = g_strdup (service);
    }
  if (!sht_kind_tiles_choose (SHT_KIND_TILES (self->tiles), service))
    sht_kind_tiles_fill (SHT_KIND_TILES (self->tiles), get_reader (self), service);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "report.save", TRUE);
  show_like (self);
}

static void
on_kind_chosen (ShtReportPage *self, const char *id, const char *words)
{
  sht_report_page_set_kind (self, id);
}

static void
ask_kind (ShtReportPage *self)
{
  ShtChoiceDialog *dialog = sht_choice_dialog_new (GTK_WIDGET (self), _("What is it?"), NULL);
  ShtStmt *stmt = sht_db_query (get_reader (self)->db,
                                "SELECT id, doc FROM entity WHERE type = 'service' ORDER BY doc ->> 'group', id", "");

  while (sht_stmt_step (stmt))
    {
      g_autoptr (JsonObject) service = sht_json_parse_object (sht_stmt_text (stmt, 1), -1, NULL);
      g_autofree char *name = sht_words_translated (service, "name", "names");
      const char *department = sht_names_get (get_reader (self), "department", sht_json_string (service, "department"));

      sht_choice_dialog_add (dialog, sht_stmt_text (stmt, 0), name != NULL ? name : sht_stmt_text (stmt, 0), department,
                             sht_json_string (service, "icon"));
    }
  sht_stmt_end (stmt, NULL);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_kind_chosen), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- saving --- */

typedef struct
{
  ShtOperation *operation; /* (owned) */
  ShtImage *image;         /* (owned) (nullable) */
  gboolean photo_lost;
} Report;

static void
report_free (gpointer data)
{
  Report *report = data;

  sht_operation_free (report->operation);
  g_clear_pointer (&report->image, sht_image_free);
  g_free (report);
}

/* On the store's thread. A report stands even when its photo cannot be kept: then that is said. */
static gboolean
write_report (ShtStore *store, gpointer data, GError **error)
{
  Report *report = data;
  g_auto (ShtPhotoTaken) taken = { 0 };
  g_autoptr (GError) photo_error = NULL;

  if (!sht_store_act (store, report->operation, error))
    return FALSE;
  if (report->image != NULL
      && !sht_photo_attach_image (store, report->operation->entity, report->image, "before", NULL, &taken, &photo_error))
    {
      report->photo_lost = TRUE;
      g_message ("report: %s", photo_error->message);
    }
  return TRUE;
}

static void
start_anew (ShtReportPage *self)
{
  drop_photo (self);
  g_clear_pointer (&self->service, g_free);
  gtk_editable_set_text (GTK_EDITABLE (self->address), "");
  gtk_editable_set_text (GTK_EDITABLE (self->words), "");
  sht_kind_tiles_choose (SHT_KIND_TILES (self->tiles), NULL);
  show_like (self);
}

typedef struct
{
  ShtReportPage *page; /* (owned) */
  Report *report;      /* (owned) */
} Save;

static void
on_open_saved (ShtReportPage *self)
{
  if (self->saved != NULL)
    sht_page_show_ticket (GTK_WIDGET (self), self->saved);
}

static void
on_saved (GObject *session, GAsyncResult *result, gpointer data)
{
  Save *done = data;
  ShtReportPage *self = done->page;
  g_autoptr (GError) error = NULL;

  self->saving = FALSE;
  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    {
      /* The draft stays as it is. */
      self->image = g_steal_pointer (&done->report->image);
      show_photo (self);
      say (self, _("Could not be saved. All that you entered is still here; please try again"));
      g_message ("report: %s", error->message);
    }
  else
    {
      AdwToast *toast = adw_toast_new (done->report->photo_lost ? _("Saved on this tablet, but without its photo")
                                                                : _("Saved on this tablet"));

      g_free (self->saved);
      self->saved = g_strdup (done->report->operation->entity);
      adw_toast_set_timeout (toast, TOAST_S);
      adw_toast_set_button_label (toast, _("Open"));
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_open_saved), self, G_CONNECT_SWAPPED);
      adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), toast);
      start_anew (self);
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "report.save", self->service != NULL);
  report_free (done->report);
  g_object_unref (self);
  g_free (done);
}

static void
set_text (JsonObject *fields, const char *member, GtkWidget *entry)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  if (text[0] != '\0')
    json_object_set_string_member (fields, member, text);
}

static void
save (ShtReportPage *self)
{
  ShtStore *reader = get_reader (self);
  g_autofree char *id = NULL;
  const char *title;
  Report *report;
  Save *done;

  if (self->service == NULL || self->saving)
    return;
  self->save_when_read = self->importing != NULL;
  if (self->save_when_read)
    return;
  id = sht_store_new_id (reader);
  title = sht_names_get (reader, "service", self->service);
  report = g_new0 (Report, 1);
  report->operation = sht_store_new_operation (reader, SHT_KIND_TICKET_CREATE, id);
  json_object_set_string_member (report->operation->fields, "service", self->service);
  json_object_set_string_member (report->operation->fields, "title", title);
  json_object_set_string_member (report->operation->fields, "source", "crew");
  if (self->has_place)
    {
      json_object_set_int_member (report->operation->fields, "lat_e7", self->lat_e7);
      json_object_set_int_member (report->operation->fields, "lon_e7", self->lon_e7);
    }
  set_text (report->operation->fields, "address", self->address);
  set_text (report->operation->fields, "description", self->words);
  report->image = g_steal_pointer (&self->image);
  self->saving = TRUE;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "report.save", FALSE);
  done = g_new0 (Save, 1);
  done->page = g_object_ref (self);
  done->report = report;
  sht_session_do_async (self->session, write_report, report, NULL, on_saved, done);
}

const char *
sht_report_page_get_saved (ShtReportPage *self)
{
  return self->saved;
}

/* --- making --- */

static void
on_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtReportPage *self = SHT_REPORT_PAGE (widget);

  if (g_str_equal (action, "report.photo"))
    ask_photo (self);
  else if (g_str_equal (action, "report.drop-photo"))
    drop_photo (self);
  else if (g_str_equal (action, "report.more"))
    ask_kind (self);
  else if (g_str_equal (action, "report.save"))
    save (self);
  else if (g_str_equal (action, "report.kind"))
    sht_report_page_set_kind (self, g_variant_get_string (parameter, NULL));
  else if (g_str_equal (action, "report.open"))
    sht_page_show_ticket (widget, g_variant_get_string (parameter, NULL));
}

static void
find_place (ShtReportPage *self)
{
  g_autofree char *position = NULL, *isolated = NULL, *text = NULL;

  self->has_place = sht_report_place_guess (get_reader (self), &self->lat_e7, &self->lon_e7);
  if (self->has_place)
    {
      position = g_strdup_printf ("%.5f, %.5f", (double) self->lat_e7 / 1e7, (double) self->lon_e7 / 1e7);
      isolated = sht_words_isolated (position);
      text = g_strdup_printf (_("Where your crew works now, %s. Write the street if it is elsewhere."), isolated);
    }
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->here),
                               text != NULL ? text : _("Not known: please write the street."));
  show_like (self);
}

/* The crew may have moved on, and the first pull may have come. */
static void
sht_report_page_map (GtkWidget *widget)
{
  ShtReportPage *self = SHT_REPORT_PAGE (widget);

  find_place (self);
  sht_kind_tiles_fill (SHT_KIND_TILES (self->tiles), get_reader (self), self->service);
  GTK_WIDGET_CLASS (sht_report_page_parent_class)->map (widget);
}

static void
sht_report_page_dispose (GObject *object)
{
  ShtReportPage *self = SHT_REPORT_PAGE (object);

  if (self->importing != NULL)
    g_cancellable_cancel (self->importing);
  g_clear_object (&self->importing);
  g_clear_pointer (&self->image, sht_image_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_report_page_parent_class)->dispose (object);
}

static void
sht_report_page_finalize (GObject *object)
{
  ShtReportPage *self = SHT_REPORT_PAGE (object);

  g_free (self->service);
  g_free (self->saved);
  G_OBJECT_CLASS (sht_report_page_parent_class)->finalize (object);
}

static void
sht_report_page_class_init (ShtReportPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_report_page_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_report_page_finalize;
  widget_class->map = sht_report_page_map;
  gtk_widget_class_install_action (widget_class, "report.photo", NULL, on_action);
  gtk_widget_class_install_action (widget_class, "report.drop-photo", NULL, on_action);
  gtk_widget_class_install_action (widget_class, "report.more", NULL, on_action);
  gtk_widget_class_install_action (widget_class, "report.save", NULL, on_action);
  gtk_widget_class_install_action (widget_class, "report.kind", "s", on_action);
  gtk_widget_class_install_action (widget_class, "report.open", "s", on_action);
}

static GtkWidget *
new_big_button (const char *icon, const char *text, const char *action)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);
  GtkWidget *label = gtk_label_new (text);

  gtk_image_set_icon_size (GTK_IMAGE (image), GTK_ICON_SIZE_LARGE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_widget_add_css_class (label, "title-3");
  gtk_box_append (GTK_BOX (content), image);
  gtk_box_append (GTK_BOX (content), label);
  gtk_widget_set_halign (content, GTK_ALIGN_CENTER);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_set_size_request (button, -1, MAIN_HEIGHT);
  gtk_widget_add_css_class (button, "big-action");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  return button;
}

static void
build_photo (ShtReportPage *self)
{
  GtkWidget *waiting = gtk_label_new (_("Taking in the photo…"));
  GtkWidget *drop = gtk_button_new_with_label (_("Without it"));
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  self->photo_button = new_big_button ("camera-photo-symbolic", _("Photo"), "report.photo");
  self->spinner = gtk_spinner_new ();
  self->photo_busy = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_set_halign (self->photo_busy, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->photo_busy), self->spinner);
  gtk_box_append (GTK_BOX (self->photo_busy), waiting);
  self->photo_shown = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  self->thumb = sht_photo_thumb_new ();
  gtk_widget_add_css_class (self->thumb, "card");
  gtk_widget_add_css_class (self->thumb, "photo-frame");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->thumb), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Photo of the hazard"),
                                  -1);
  self->photo_word = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->photo_word), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->photo_word), 0);
  gtk_widget_set_size_request (drop, -1, TOUCH);
  gtk_widget_set_halign (drop, GTK_ALIGN_START);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (drop), "report.drop-photo");
  gtk_widget_set_valign (column, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (column), self->photo_word);
  gtk_box_append (GTK_BOX (column), drop);
  gtk_box_append (GTK_BOX (self->photo_shown), self->thumb);
  gtk_box_append (GTK_BOX (self->photo_shown), column);
  self->photo_stack = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->photo_stack), FALSE);
  gtk_stack_add_child (GTK_STACK (self->photo_stack), self->photo_button);
  gtk_stack_add_child (GTK_STACK (self->photo_stack), self->photo_busy);
  gtk_stack_add_child (GTK_STACK (self->photo_stack), self->photo_shown);
}

static GtkWidget *
new_heading (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "heading");
  return label;
}

static GtkWidget *
build_kinds (ShtReportPage *self)
{
  GtkWidget *part = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *more = gtk_button_new_with_label (_("Something else…"));

  self->tiles = sht_kind_tiles_new ();
  gtk_widget_set_size_request (more, -1, TOUCH);
  gtk_widget_add_css_class (more, "touch");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (more), "report.more");
  gtk_box_append (GTK_BOX (part), new_heading (_("What is it?")));
  gtk_box_append (GTK_BOX (part), self->tiles);
  gtk_box_append (GTK_BOX (part), more);
  return part;
}

static GtkWidget *
build_place (ShtReportPage *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  self->here = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->here), _("Here"));
  adw_action_row_add_prefix (ADW_ACTION_ROW (self->here), gtk_image_new_from_icon_name ("mark-location-symbolic"));
  gtk_widget_set_focusable (self->here, FALSE);
  self->address = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->address), _("Street and number (optional)"));
  self->words = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->words), _("In some words (optional)"));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Where is it?"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->here);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->address);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->words);
  return group;
}

static GtkWidget *
in_clamp (GtkWidget *child)
{
  GtkWidget *clamp = adw_clamp_new ();

  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), COLUMN_WIDTH);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), COLUMN_WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), child);
  return clamp;
}

static void
set_margins (GtkWidget *widget, int sides, int ends)
{
  gtk_widget_set_margin_start (widget, sides);
  gtk_widget_set_margin_end (widget, sides);
  gtk_widget_set_margin_top (widget, ends);
  gtk_widget_set_margin_bottom (widget, ends);
}

static void
build (ShtReportPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  build_photo (self);
  self->like = adw_bin_new ();
  gtk_widget_set_visible (self->like, FALSE);
  gtk_box_append (GTK_BOX (column), self->photo_stack);
  gtk_box_append (GTK_BOX (column), build_kinds (self));
  gtk_box_append (GTK_BOX (column), self->like);
  gtk_box_append (GTK_BOX (column), build_place (self));
  set_margins (column, 18, 18);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), in_clamp (column));
  gtk_widget_set_vexpand (scrolled, TRUE);
  self->save = new_big_button ("object-select-symbolic", _("Save"), "report.save");
  gtk_widget_add_css_class (self->save, "suggested-action");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "report.save", FALSE);
  set_margins (self->save, 18, 12);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (box), in_clamp (self->save));
  self->toasts = adw_toast_overlay_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), box);
  adw_bin_set_child (ADW_BIN (self), self->toasts);
}

static void
sht_report_page_init (ShtReportPage *self)
{
}

GtkWidget *
sht_report_page_new (ShtSession *session)
{
  ShtReportPage *self = g_object_new (SHT_TYPE_REPORT_PAGE, NULL);

  self->session = g_object_ref (session);
  build (self);
  return GTK_WIDGET (self);
}
