/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/report/report-page.h"

#include "core/json.h"
#include "tablet/photo/draft.h"
#include "tablet/ui/common/big-button.h"
#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/one-photo.h"
#include "tablet/ui/common/two-parts.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/report/kind-tiles.h"
#include "tablet/ui/report/like-group.h"
#include "tablet/ui/report/report-questions.h"
#include "tablet/ui/report/report-where.h"

#include <glib/gi18n.h>

#define COLUMN_WIDTH 1120
/* A part that is narrower than this is a column of words broken in two. */
#define PART_WIDTH 420
#define PART_GAP 24
#define TOUCH 48
#define TOAST_S 10
/* Letters are kept when the hand rests, not one by one. */
#define KEEP_MS 400

struct _ShtReportPage
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  char *ticket;        /* (owned): what the report will be called */
  char *service;       /* (owned) (nullable) */
  gboolean save_when_read;
  gboolean saving;
  char *saved;         /* (owned) (nullable): the last report's id */
  guint keep_timer;
  gboolean kept;       /* whether the store has a draft */

  GtkWidget *toasts;
  GtkWidget *parts; /* what is entered while it is being saved would be neither saved nor kept */
  GtkWidget *photo;
  GtkWidget *tiles;
  GtkWidget *like;
  GtkWidget *where;
  GtkWidget *address;
  GtkWidget *words;
  GtkWidget *questions;
  GtkWidget *save;
};

G_DEFINE_FINAL_TYPE (ShtReportPage, sht_report_page, ADW_TYPE_BIN)

static void save (ShtReportPage *self);
static void keep_now (ShtReportPage *self);

static void
say (ShtReportPage *self, const char *text)
{
  AdwToast *toast = sht_letters_toast_new (text);

  adw_toast_set_timeout (toast, TOAST_S);
  sht_letters_toast_show (self->toasts, toast);
}

static ShtStore *
get_reader (ShtReportPage *self)
{
  return sht_session_get_reader (self->session);
}

/* The next thing to do is the one in colour: the photo, until something says what it is; then to save. */
static void
show_next (ShtReportPage *self)
{
  gboolean known = self->service != NULL;

  gtk_widget_set_sensitive (self->parts, !self->saving);
  sht_one_photo_set_next (SHT_ONE_PHOTO (self->photo), !known);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "report.save", known && !self->saving);
  sht_big_button_say (self->save, known ? _("Save") : _("Choose what it is, then save"));
  if (known)
    gtk_widget_add_css_class (self->save, "suggested-action");
  else
    gtk_widget_remove_css_class (self->save, "suggested-action");
}

/* --- the photo --- */

/**
 * sht_report_page_set_photo:
 * @path: a picture's file
 */
void
sht_report_page_set_photo (ShtReportPage *self, const char *path)
{
  sht_one_photo_read (SHT_ONE_PHOTO (self->photo), path);
}

gboolean
sht_report_page_is_importing (ShtReportPage *self)
{
  return sht_one_photo_is_reading (SHT_ONE_PHOTO (self->photo));
}

/* --- the kind --- */

static void
show_like (ShtReportPage *self)
{
  gint64 lat_e7, lon_e7;
  gboolean known = sht_report_where_get (SHT_REPORT_WHERE (self->where), &lat_e7, &lon_e7);
  GtkWidget *group
    = self->service != NULL && known ? sht_like_group_new (get_reader (self), self->service, lat_e7, lon_e7) : NULL;

  adw_bin_set_child (ADW_BIN (self->like), group);
  gtk_widget_set_visible (self->like, group != NULL);
}

static void
ask_questions (ShtReportPage *self)
{
  g_autoptr (JsonObject) service
    = self->service != NULL ? sht_store_get (get_reader (self), "service", self->service, NULL) : NULL;

  sht_report_questions_ask (SHT_REPORT_QUESTIONS (self->questions), service);
}

/* A copy: another thread has it in its hands while the page goes on. */
static JsonObject *
copy_answers (ShtReportPage *self)
{
  JsonObject *answers = sht_report_questions_get (SHT_REPORT_QUESTIONS (self->questions));
  g_autofree char *text = answers != NULL ? sht_json_to_string (answers) : NULL;

  return text != NULL ? sht_json_parse_object (text, -1, NULL) : NULL;
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
  ask_questions (self);
  show_next (self);
  show_like (self);
  keep_now (self);
}

static void
on_kind_chosen (ShtReportPage *self, const char *id, const char *words)
{
  sht_report_page_set_kind (self, id);
}

static void
ask_kind (ShtReportPage *self)
{
  ShtChoiceDialog *dialog = sht_kind_dialog_new (GTK_WIDGET (self), get_reader (self));

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_kind_chosen), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- the draft --- */

static char *
text_of (GtkWidget *entry)
{
  char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  if (text[0] == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

/* What a person has entered; %NULL for nothing. */
static ShtDraft *
make_draft (ShtReportPage *self)
{
  const ShtImage *image = sht_one_photo_get (SHT_ONE_PHOTO (self->photo));
  g_autoptr (ShtDraft) draft = g_new0 (ShtDraft, 1);

  draft->ticket = g_strdup (self->ticket);
  draft->service = g_strdup (self->service);
  draft->address = text_of (self->address);
  draft->words = text_of (self->words);
  draft->answers = copy_answers (self);
  draft->placed = sht_report_where_is_placed (SHT_REPORT_WHERE (self->where));
  sht_report_where_get (SHT_REPORT_WHERE (self->where), &draft->lat_e7, &draft->lon_e7);
  draft->image = image != NULL ? sht_image_copy (image) : NULL;
  if (draft->service == NULL && draft->address == NULL && draft->words == NULL && !draft->placed && image == NULL)
    return NULL;
  return g_steal_pointer (&draft);
}

static gboolean
keep_draft (ShtStore *store, gpointer draft, GError **error)
{
  return draft != NULL ? sht_draft_keep (store, SHT_STORE_REPORT_DRAFT, draft, error)
                       : sht_draft_forget (store, SHT_STORE_REPORT_DRAFT, error);
}

static void
on_kept (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  /* It is in the window still; saving the report will tell when the tablet can keep nothing. */
  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    g_message ("report: the draft was not kept: %s", error->message);
}

static void
keep_now (ShtReportPage *self)
{
  ShtDraft *draft;

  g_clear_handle_id (&self->keep_timer, g_source_remove);
  if (self->saving)
    return;
  /* What was seen or photographed here stays here. */
  if (self->service != NULL || sht_one_photo_get (SHT_ONE_PHOTO (self->photo)) != NULL)
    sht_report_where_hold (SHT_REPORT_WHERE (self->where));
  draft = make_draft (self);
  if (draft != NULL || self->kept)
    sht_session_do_async (self->session, keep_draft, draft, (GDestroyNotify) sht_draft_free, on_kept, NULL);
  self->kept = draft != NULL;
}

static gboolean
on_rested (gpointer data)
{
  ShtReportPage *self = data;

  self->keep_timer = 0;
  show_like (self);
  keep_now (self);
  return G_SOURCE_REMOVE;
}

static void
keep_soon (ShtReportPage *self)
{
  g_clear_handle_id (&self->keep_timer, g_source_remove);
  self->keep_timer = g_timeout_add (KEEP_MS, on_rested, self);
}

typedef struct
{
  ShtReportPage *page; /* (owned) */
  ShtDraft *draft;     /* (owned) (nullable) */
} Restore;

static gboolean
read_draft (ShtStore *store, gpointer data, GError **error)
{
  ((Restore *) data)->draft = sht_draft_read (store, SHT_STORE_REPORT_DRAFT, error);
  return *error == NULL;
}

static void
show_draft (ShtReportPage *self, ShtDraft *draft)
{
  g_free (self->ticket);
  self->ticket = g_steal_pointer (&draft->ticket);
  self->kept = TRUE;
  if (draft->placed)
    sht_report_where_set (SHT_REPORT_WHERE (self->where), draft->lat_e7, draft->lon_e7);
  gtk_editable_set_text (GTK_EDITABLE (self->address), draft->address != NULL ? draft->address : "");
  gtk_editable_set_text (GTK_EDITABLE (self->words), draft->words != NULL ? draft->words : "");
  if (draft->service != NULL)
    sht_report_page_set_kind (self, draft->service);
  /* The kind is kept without them. */
  sht_report_questions_set (SHT_REPORT_QUESTIONS (self->questions), draft->answers);
  if (draft->answers != NULL)
    keep_now (self);
  if (draft->image != NULL)
    sht_one_photo_set (SHT_ONE_PHOTO (self->photo), g_steal_pointer (&draft->image));
}

static void
on_draft_read (GObject *session, GAsyncResult *result, gpointer data)
{
  Restore *restore = data;
  ShtReportPage *self = restore->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtDraft) begun = NULL;

  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    g_message ("report: the draft cannot be read: %s", error->message);
  /* Who was faster than the store has begun another report. */
  begun = make_draft (self);
  if (restore->draft != NULL && begun == NULL && !sht_report_page_is_importing (self) && !self->saving)
    show_draft (self, restore->draft);
  sht_draft_free (restore->draft);
  g_object_unref (self);
  g_free (restore);
}

static void
restore (ShtReportPage *self)
{
  Restore *data = g_new0 (Restore, 1);

  data->page = g_object_ref (self);
  sht_session_do_async (self->session, read_draft, data, NULL, on_draft_read, data);
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
  sht_image_free (report->image);
  g_free (report);
}

/* On the store's thread. A report stands even when its photo cannot be kept: then that is said. */
static gboolean
write_report (ShtStore *store, gpointer data, GError **error)
{
  Report *report = data;
  g_auto (ShtPhotoTaken) taken = { 0 };
  g_autoptr (GError) photo_error = NULL, draft_error = NULL;

  report->photo_lost
    = report->image != NULL
      && !sht_photo_report (store, report->operation, report->image, "before", NULL, &taken, &photo_error);
  if (report->photo_lost)
    g_message ("report: %s", photo_error->message);
  if ((report->image == NULL || report->photo_lost) && !sht_store_act (store, report->operation, error))
    return FALSE;
  /* If this fails it is done when the draft is read: its ticket is there. */
  if (!sht_draft_forget (store, SHT_STORE_REPORT_DRAFT, &draft_error))
    g_message ("report: %s", draft_error->message);
  return TRUE;
}

static void
start_anew (ShtReportPage *self)
{
  self->kept = FALSE;
  g_free (self->ticket);
  self->ticket = sht_store_new_id (get_reader (self));
  g_clear_pointer (&self->service, g_free);
  ask_questions (self);
  gtk_editable_set_text (GTK_EDITABLE (self->address), "");
  gtk_editable_set_text (GTK_EDITABLE (self->words), "");
  sht_kind_tiles_choose (SHT_KIND_TILES (self->tiles), NULL);
  sht_report_where_forget (SHT_REPORT_WHERE (self->where));
  /* The last, as the draft is looked at when the photo changes: by then there is none. */
  sht_one_photo_set (SHT_ONE_PHOTO (self->photo), NULL);
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
      say (self, _("Could not be saved. All that you entered is still here; please try again"));
      g_message ("report: %s", error->message);
    }
  else
    {
      AdwToast *toast = sht_letters_toast_new (done->report->photo_lost ? _("Saved on this tablet, but without its photo")
                                                                : _("Saved on this tablet"));

      g_free (self->saved);
      self->saved = g_strdup (done->report->operation->entity);
      adw_toast_set_timeout (toast, TOAST_S);
      adw_toast_set_button_label (toast, _("Open"));
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_open_saved), self, G_CONNECT_SWAPPED);
      sht_letters_toast_show (self->toasts, toast);
      start_anew (self);
    }
  show_next (self);
  report_free (done->report);
  g_object_unref (self);
  g_free (done);
}

static ShtOperation *
make_operation (ShtReportPage *self)
{
  ShtStore *reader = get_reader (self);
  ShtOperation *operation = sht_store_new_operation (reader, SHT_KIND_TICKET_CREATE, self->ticket);
  g_autofree char *address = text_of (self->address), *words = text_of (self->words);
  JsonObject *answers = copy_answers (self);
  gint64 lat_e7, lon_e7;

  if (answers != NULL)
    json_object_set_object_member (operation->fields, "answers", answers);
  json_object_set_string_member (operation->fields, "service", self->service);
  json_object_set_string_member (operation->fields, "title", sht_names_get (reader, "service", self->service));
  json_object_set_string_member (operation->fields, "source", "crew");
  if (sht_report_where_get (SHT_REPORT_WHERE (self->where), &lat_e7, &lon_e7))
    {
      json_object_set_int_member (operation->fields, "lat_e7", lat_e7);
      json_object_set_int_member (operation->fields, "lon_e7", lon_e7);
    }
  sht_json_set_string (operation->fields, "address", address);
  sht_json_set_string (operation->fields, "description", words);
  return operation;
}

static void
save (ShtReportPage *self)
{
  const ShtImage *image = sht_one_photo_get (SHT_ONE_PHOTO (self->photo));
  Save *done;

  if (self->service == NULL || self->saving)
    return;
  self->save_when_read = sht_report_page_is_importing (self);
  if (self->save_when_read)
    return;
  g_clear_handle_id (&self->keep_timer, g_source_remove);
  self->saving = TRUE;
  show_next (self);
  done = g_new0 (Save, 1);
  done->page = g_object_ref (self);
  done->report = g_new0 (Report, 1);
  done->report->operation = make_operation (self);
  done->report->image = image != NULL ? sht_image_copy (image) : NULL;
  sht_session_do_async (self->session, write_report, done->report, NULL, on_saved, done);
}

const char *
sht_report_page_get_saved (ShtReportPage *self)
{
  return self->saved;
}

/* --- what is touched --- */

static void
on_photo_changed (ShtReportPage *self)
{
  show_next (self);
  if (sht_report_page_is_importing (self))
    return;
  keep_now (self);
  if (self->save_when_read)
    save (self);
}

static void
on_photo_failed (ShtReportPage *self, const char *words)
{
  self->save_when_read = FALSE;
  say (self, words);
}

static void
on_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtReportPage *self = SHT_REPORT_PAGE (widget);

  if (g_str_equal (action, "report.more"))
    ask_kind (self);
  else if (g_str_equal (action, "report.save"))
    save (self);
  else if (g_str_equal (action, "report.kind"))
    sht_report_page_set_kind (self, g_variant_get_string (parameter, NULL));
  else if (g_str_equal (action, "report.open"))
    sht_page_show_ticket (widget, g_variant_get_string (parameter, NULL));
  else if (g_str_equal (action, "report.here"))
    {
      sht_report_where_forget (SHT_REPORT_WHERE (self->where));
      show_like (self);
      keep_now (self);
    }
}

/* The crew may have moved on, and the first pull may have come. */
static void
sht_report_page_map (GtkWidget *widget)
{
  ShtReportPage *self = SHT_REPORT_PAGE (widget);

  sht_report_where_guess (SHT_REPORT_WHERE (self->where));
  show_like (self);
  sht_kind_tiles_fill (SHT_KIND_TILES (self->tiles), get_reader (self), self->service);
  GTK_WIDGET_CLASS (sht_report_page_parent_class)->map (widget);
}

static void
sht_report_page_dispose (GObject *object)
{
  ShtReportPage *self = SHT_REPORT_PAGE (object);

  if (self->keep_timer != 0)
    keep_now (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_report_page_parent_class)->dispose (object);
}

static void
sht_report_page_finalize (GObject *object)
{
  ShtReportPage *self = SHT_REPORT_PAGE (object);

  g_free (self->ticket);
  g_free (self->service);
  g_free (self->saved);
  G_OBJECT_CLASS (sht_report_page_parent_class)->finalize (object);
}

static void
sht_report_page_class_init (ShtReportPageClass *class)
{
  static const char *const actions[] = { "report.more", "report.save", "report.here" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_report_page_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_report_page_finalize;
  widget_class->map = sht_report_page_map;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, on_action);
  gtk_widget_class_install_action (widget_class, "report.kind", "s", on_action);
  gtk_widget_class_install_action (widget_class, "report.open", "s", on_action);
}

/* --- making --- */

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
build_what (ShtReportPage *self)
{
  GtkWidget *part = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *more = gtk_button_new_with_label (_("Something else…"));

  self->photo = sht_one_photo_new (_("Photo of the hazard"), _("This photo goes with the report"));
  g_signal_connect_object (self->photo, "changed", G_CALLBACK (on_photo_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->photo, "failed", G_CALLBACK (on_photo_failed), self, G_CONNECT_SWAPPED);
  gtk_widget_set_margin_bottom (self->photo, 9);
  self->tiles = sht_kind_tiles_new ();
  gtk_widget_set_size_request (more, -1, TOUCH);
  gtk_widget_add_css_class (more, "touch");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (more), "report.more");
  self->like = adw_bin_new ();
  gtk_widget_set_margin_top (self->like, 15);
  gtk_widget_set_visible (self->like, FALSE);
  self->questions = sht_report_questions_new ();
  g_signal_connect_object (self->questions, "changed", G_CALLBACK (keep_soon), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (part), self->photo);
  gtk_box_append (GTK_BOX (part), new_heading (_("What is it?")));
  gtk_box_append (GTK_BOX (part), self->tiles);
  gtk_box_append (GTK_BOX (part), more);
  gtk_box_append (GTK_BOX (part), self->like);
  gtk_box_append (GTK_BOX (part), self->questions);
  return part;
}

static GtkWidget *
new_entry (ShtReportPage *self, GtkWidget *group, const char *title)
{
  GtkWidget *entry = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), title);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), entry);
  g_signal_connect_object (entry, "changed", G_CALLBACK (keep_soon), self, G_CONNECT_SWAPPED);
  return entry;
}

static GtkWidget *
build_where (ShtReportPage *self)
{
  GtkWidget *part = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *entries = adw_preferences_group_new ();

  self->where = sht_report_where_new (self->session);
  g_signal_connect_object (self->where, "moved", G_CALLBACK (keep_soon), self, G_CONNECT_SWAPPED);
  self->address = new_entry (self, entries, _("Street and number (optional)"));
  self->words = new_entry (self, entries, _("In a few words (optional)"));
  gtk_box_append (GTK_BOX (part), self->where);
  gtk_box_append (GTK_BOX (part), entries);
  return part;
}

static GtkWidget *
in_clamp (GtkWidget *child)
{
  GtkWidget *clamp = sht_letters_clamp_new (COLUMN_WIDTH, COLUMN_WIDTH);

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
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->parts = sht_two_parts_new (build_what (self), build_where (self), PART_WIDTH, PART_GAP);
  gtk_widget_set_valign (self->parts, GTK_ALIGN_START);
  set_margins (self->parts, 18, 12);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), in_clamp (self->parts));
  gtk_widget_set_vexpand (scrolled, TRUE);
  self->save = sht_big_button ("object-select-symbolic", _("Save"), "report.save");
  set_margins (self->save, 18, 12);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (box), in_clamp (self->save));
  self->toasts = adw_toast_overlay_new ();
  gtk_widget_add_css_class (self->toasts, "has-bar");
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), sht_cover_new (box));
  adw_bin_set_child (ADW_BIN (self), self->toasts);
  show_next (self);
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
  self->ticket = sht_store_new_id (get_reader (self));
  build (self);
  restore (self);
  return GTK_WIDGET (self);
}

/**
 * sht_report_page_get_where:
 *
 * Returns: (transfer none): the #ShtReportWhere, for tests
 */
GtkWidget *
sht_report_page_get_where (ShtReportPage *self)
{
  return self->where;
}
