/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/photo-words.h"

#include "core/json.h"
#include "core/operation.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

#define TOUCH 48
/* A caption of so much is seen at once; of a longer one, what is being written. */
#define MOST_HEIGHT 180

struct _ShtPhotoWords
{
  GtkBox parent_instance;

  ShtSession *session; /* (owned) */
  JsonObject *photo;   /* (owned) (nullable) */
  gboolean updating;   /* the program sets the roles, not a person */

  GtkWidget *reading;
  GtkWidget *writing;
  GtkWidget *caption;
  GtkWidget *pencil;
  GtkWidget *view;
  GtkWidget *hint;
  GtkWidget *known;
  GtkWidget *roles[3];
};

G_DEFINE_FINAL_TYPE (ShtPhotoWords, sht_photo_words, GTK_TYPE_BOX)

enum
{
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *const role_names[] = { "before", "after", "other" };

static void
set_writing (ShtPhotoWords *self, gboolean writing)
{
  gtk_widget_set_visible (self->reading, !writing);
  gtk_widget_set_visible (self->writing, writing);
  gtk_widget_grab_focus (writing ? self->view : self->pencil);
}

static guint
role_index (JsonObject *photo)
{
  const char *role = sht_json_string (photo, "role");
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (role_names) && g_strcmp0 (role, role_names[i]) != 0)
    i++;
  return i;
}

static char *
say_proof (ShtPhotoWords *self)
{
  double fraction;

  if (sht_sending_get_photo (sht_session_get_sending (self->session), sht_json_string (self->photo, "id"), &fraction))
    return g_strdup_printf (_("%d%% sent"), (int)(100 * fraction));
  return g_strdup (sht_words_proof (sht_words_mark_parse (sht_json_string (self->photo, "state"))));
}

static void
show (ShtPhotoWords *self)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  const char *caption = sht_json_string (self->photo, "caption");
  gboolean has = caption != NULL && caption[0] != '\0';
  g_autofree char *when = sht_words_when (sht_words_time (self->photo, "taken_at"), sht_store_now (reader));
  g_autofree char *fingerprint = sht_words_fingerprint (sht_json_string (self->photo, "sha256"));
  g_autofree char *proof = say_proof (self);
  g_autofree char *known = g_strdup_printf ("%s · %s · %s", when, proof, fingerprint);

  gtk_label_set_text (GTK_LABEL (self->caption), has ? caption : _("No caption yet"));
  if (has)
    gtk_widget_remove_css_class (self->caption, "dim-label");
  else
    gtk_widget_add_css_class (self->caption, "dim-label");
  gtk_label_set_text (GTK_LABEL (self->known), known);
  self->updating = TRUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->roles[role_index (self->photo)]), TRUE);
  self->updating = FALSE;
}

static void
on_saved (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtPhotoWords) self = data;
  g_autoptr (GError) error = NULL;

  if (sht_session_do_finish (SHT_SESSION (session), result, &error))
    return;
  g_message ("photo's words: %s", error->message);
  if (self->photo == NULL)
    return;
  /* The role goes back to what stands. */
  show (self);
  g_signal_emit (self, signals[FAILED], 0);
}

static void
save (ShtPhotoWords *self, const char *field, const char *value)
{
  ShtOperation *op = sht_store_new_operation (sht_session_get_reader (self->session), SHT_KIND_PHOTO_EDIT,
                                              sht_json_string (self->photo, "id"));

  json_object_set_string_member (op->fields, field, value);
  sht_session_act_async (self->session, op, on_saved, g_object_ref (self));
}

static GtkTextBuffer *
buffer_of (ShtPhotoWords *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
}

/* A caption is one line, however it is wrapped here. */
static char *
written (ShtPhotoWords *self)
{
  GtkTextIter start, end;
  char *text;

  gtk_text_buffer_get_bounds (buffer_of (self), &start, &end);
  text = gtk_text_buffer_get_text (buffer_of (self), &start, &end, FALSE);
  return g_strstrip (g_strdelimit (text, "\r\n\t", ' '));
}

static void
on_written (ShtPhotoWords *self)
{
  GtkTextBuffer *buffer = buffer_of (self);
  GtkTextIter most, end;

  gtk_widget_set_visible (self->hint, gtk_text_buffer_get_char_count (buffer) == 0);
  if (gtk_text_buffer_get_char_count (buffer) <= SHT_TITLE_MAX_CHARS)
    return;
  gtk_text_buffer_get_iter_at_offset (buffer, &most, SHT_TITLE_MAX_CHARS);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_delete (buffer, &most, &end);
}

/**
 * sht_photo_words_keep:
 *
 * Saves what is being written: whoever goes on to another photo, or away, does not lose it.
 */
void
sht_photo_words_keep (ShtPhotoWords *self)
{
  g_autofree char *text = written (self);
  const char *before = sht_json_string (self->photo, "caption");

  if (!gtk_widget_get_visible (self->writing))
    return;
  gtk_widget_set_visible (self->reading, TRUE);
  gtk_widget_set_visible (self->writing, FALSE);
  if (!g_str_equal (text, before != NULL ? before : ""))
    save (self, "caption", text);
}

static void
on_save (ShtPhotoWords *self)
{
  sht_photo_words_keep (self);
  gtk_widget_grab_focus (self->pencil);
}

static void
on_pencil (ShtPhotoWords *self)
{
  const char *caption = sht_json_string (self->photo, "caption");

  gtk_text_buffer_set_text (buffer_of (self), caption != NULL ? caption : "", -1);
  set_writing (self, TRUE);
}

static void
on_cancel (ShtPhotoWords *self)
{
  set_writing (self, FALSE);
}

static gboolean
on_key (ShtPhotoWords *self, guint key, guint code, GdkModifierType state)
{
  if (key != GDK_KEY_Return && key != GDK_KEY_KP_Enter)
    return FALSE;
  on_save (self);
  return TRUE;
}

static void
on_role (ShtPhotoWords *self, GtkToggleButton *button)
{
  for (guint i = 0; i < G_N_ELEMENTS (role_names); i++)
    if (self->roles[i] == GTK_WIDGET (button) && gtk_toggle_button_get_active (button) && !self->updating)
      save (self, "role", role_names[i]);
}

static gboolean
on_escape (GtkWidget *widget, GVariant *args, gpointer data)
{
  ShtPhotoWords *self = SHT_PHOTO_WORDS (widget);

  if (!gtk_widget_get_visible (self->writing))
    return FALSE;
  set_writing (self, FALSE);
  return TRUE;
}

static void
sht_photo_words_dispose (GObject *object)
{
  ShtPhotoWords *self = SHT_PHOTO_WORDS (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->photo, json_object_unref);
  G_OBJECT_CLASS (sht_photo_words_parent_class)->dispose (object);
}

static void
sht_photo_words_class_init (ShtPhotoWordsClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_photo_words_dispose;
  signals[FAILED] = g_signal_new ("failed", SHT_TYPE_PHOTO_WORDS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  0);
  gtk_widget_class_add_binding (GTK_WIDGET_CLASS (class), GDK_KEY_Escape, 0, on_escape, NULL);
}

static GtkWidget *
new_reading (ShtPhotoWords *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->caption = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->caption), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->caption), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (self->caption), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_justify (GTK_LABEL (self->caption), GTK_JUSTIFY_CENTER);
  self->pencil = gtk_button_new_from_icon_name ("document-edit-symbolic");
  gtk_widget_set_size_request (self->pencil, TOUCH, TOUCH);
  gtk_widget_set_valign (self->pencil, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->pencil, "flat");
  gtk_widget_set_tooltip_text (self->pencil, _("Write the caption"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pencil), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Write the caption"),
                                  -1);
  g_signal_connect_object (self->pencil, "clicked", G_CALLBACK (on_pencil), self, G_CONNECT_SWAPPED);
  gtk_widget_set_halign (line, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (line), self->caption);
  gtk_box_append (GTK_BOX (line), self->pencil);
  return line;
}

static GtkWidget *
new_field (ShtPhotoWords *self)
{
  GtkWidget *frame = gtk_overlay_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->view = sht_letters_text_view_new (_("Caption"));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (self->view, keys);
  g_signal_connect_object (buffer_of (self), "changed", G_CALLBACK (on_written), self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), TOUCH);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MOST_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->view);
  self->hint = gtk_label_new (_("What the photo shows"));
  gtk_widget_set_halign (self->hint, GTK_ALIGN_START);
  gtk_widget_set_valign (self->hint, GTK_ALIGN_START);
  gtk_widget_set_margin_start (self->hint, 12);
  gtk_widget_set_margin_top (self->hint, 12);
  gtk_widget_set_can_target (self->hint, FALSE);
  gtk_widget_add_css_class (self->hint, "dim-label");
  gtk_overlay_set_child (GTK_OVERLAY (frame), scrolled);
  gtk_overlay_add_overlay (GTK_OVERLAY (frame), self->hint);
  gtk_widget_add_css_class (frame, "card");
  gtk_widget_set_overflow (frame, GTK_OVERFLOW_HIDDEN);
  return frame;
}

static GtkWidget *
new_button (ShtPhotoWords *self, const char *words, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (words);

  gtk_widget_set_size_request (button, 96, TOUCH);
  gtk_widget_add_css_class (button, "touch");
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
new_writing (ShtPhotoWords *self)
{
  GtkWidget *part = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *save = new_button (self, _("Save"), G_CALLBACK (on_save));

  gtk_widget_add_css_class (save, "suggested-action");
  gtk_widget_set_halign (line, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (line), new_button (self, _("Cancel"), G_CALLBACK (on_cancel)));
  gtk_box_append (GTK_BOX (line), save);
  gtk_box_append (GTK_BOX (part), new_field (self));
  gtk_box_append (GTK_BOX (part), line);
  return part;
}

static GtkWidget *
new_roles (ShtPhotoWords *self)
{
  const char *const words[] = { _("Before"), _("After"), C_ ("photo's role", "Other") };
  GtkWidget *part = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (line, "linked");
  gtk_widget_set_halign (part, GTK_ALIGN_CENTER);
  /* Translators: of a photo, before a choice of “Before”, “After” and “Other” */
  gtk_box_append (GTK_BOX (part), gtk_label_new (_("Taken:")));
  gtk_box_append (GTK_BOX (part), line);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      self->roles[i] = gtk_toggle_button_new_with_label (words[i]);
      gtk_widget_set_size_request (self->roles[i], 96, TOUCH);
      if (i > 0)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (self->roles[i]), GTK_TOGGLE_BUTTON (self->roles[0]));
      g_signal_connect_object (self->roles[i], "toggled", G_CALLBACK (on_role), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (line), self->roles[i]);
    }
  return part;
}

static void
sht_photo_words_init (ShtPhotoWords *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_margin_top (GTK_WIDGET (self), 9);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self), 9);
  gtk_widget_set_margin_start (GTK_WIDGET (self), 12);
  gtk_widget_set_margin_end (GTK_WIDGET (self), 12);
  self->reading = new_reading (self);
  self->writing = new_writing (self);
  gtk_widget_set_visible (self->writing, FALSE);
  self->known = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->known), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->known), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (self->known, "caption");
  gtk_box_append (GTK_BOX (self), self->reading);
  gtk_box_append (GTK_BOX (self), self->writing);
  gtk_box_append (GTK_BOX (self), self->known);
  gtk_box_append (GTK_BOX (self), new_roles (self));
}

static void
on_status (ShtPhotoWords *self)
{
  if (self->photo != NULL)
    show (self);
}

GtkWidget *
sht_photo_words_new (ShtSession *session)
{
  ShtPhotoWords *self = g_object_new (SHT_TYPE_PHOTO_WORDS, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "status", G_CALLBACK (on_status), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * sht_photo_words_update:
 * @photo: one of a ticket view's photos, as it stands now
 *
 * Shows a photo's words. What is being written of the same photo stays; of another, it is saved.
 */
void
sht_photo_words_update (ShtPhotoWords *self, JsonObject *photo)
{
  if (self->photo == NULL || g_strcmp0 (sht_json_string (self->photo, "id"), sht_json_string (photo, "id")) != 0)
    sht_photo_words_keep (self);
  json_object_ref (photo);
  g_clear_pointer (&self->photo, json_object_unref);
  self->photo = photo;
  show (self);
}
