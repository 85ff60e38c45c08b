/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/voice-page.h"

#include "core/operation.h"
#include "platform/voice.h"
#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/ticket/voice-bar.h"
#include "tablet/ui/ticket/voice-recorder.h"

#include <glib/gi18n.h>

#define RECORD 112
#define MAIN_HEIGHT 64
#define WIDTH 520
#define METER_HEIGHT 18

struct _ShtVoicePage
{
  AdwBin parent_instance;

  char *path;                 /* (owned): where the recording lies */
  ShtVoiceRecorder *recorder; /* (owned) (nullable): while it records */

  GtkWidget *stack;
  GtkWidget *record;   /* the part with the large button */
  GtkWidget *button;
  GtkWidget *icon;
  GtkWidget *hint;
  GtkWidget *time;
  GtkWidget *meter;
  GtkWidget *heard;    /* the meter and what it is */
  GtkWidget *review;   /* the part with what was said */
  GtkWidget *bar;
  GtkWidget *keep;
  GtkWidget *none;     /* the part that says that there is no microphone */
};

G_DEFINE_FINAL_TYPE (ShtVoicePage, sht_voice_page, ADW_TYPE_BIN)

enum
{
  KEEP,
  DISCARD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_time (ShtVoicePage *self, gint64 ms)
{
  g_autofree char *now = sht_voice_bar_clock (ms), *most = sht_voice_bar_clock (SHT_VOICE_MAX_MS);
  /* Digits run from the left in every language. */
  g_autofree char *text = g_strdup_printf ("\u2066%s / %s\u2069", now, most);

  gtk_label_set_text (GTK_LABEL (self->time), text);
}

static void
show_record (ShtVoicePage *self)
{
  gboolean records = self->recorder != NULL;
  const char *what = records ? _("Stop") : _("Record");

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon),
                                records ? "media-playback-stop-symbolic" : "audio-input-microphone-symbolic");
  gtk_label_set_text (GTK_LABEL (self->hint), records ? _("Recording. Tap to stop.") : _("Tap and speak."));
  gtk_widget_set_tooltip_text (self->button, what);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  if (records)
    gtk_widget_add_css_class (self->button, "records");
  else
    gtk_widget_remove_css_class (self->button, "records");
  gtk_widget_set_visible (self->heard, records);
  gtk_level_bar_set_value (GTK_LEVEL_BAR (self->meter), 0);
  show_time (self, 0);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->record);
  gtk_widget_grab_focus (self->button);
}

/* How long what is in the file plays; 0 when nothing is. */
static gint64
recorded_ms (ShtVoicePage *self)
{
  g_autofree char *data = NULL;
  gsize length = 0;
  ShtVoiceInfo info;

  if (!g_file_get_contents (self->path, &data, &length, NULL)
      || !sht_voice_read ((const guint8 *) data, length, NULL, NULL, &info, NULL))
    return 0;
  return info.duration_ms;
}

/* What is in the file, or that something may be recorded. */
static void
show_what_there_is (ShtVoicePage *self)
{
  gint64 ms = recorded_ms (self);

  if (ms == 0)
    {
      show_record (self);
      return;
    }
  /* Other bytes under the same name. */
  sht_voice_bar_set_note (SHT_VOICE_BAR (self->bar), NULL, 0);
  sht_voice_bar_set_note (SHT_VOICE_BAR (self->bar), self->path, ms);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->review);
  gtk_widget_grab_focus (self->keep);
}

/* --- recording --- */

static void
drop_recorder (ShtVoicePage *self)
{
  if (self->recorder != NULL)
    g_signal_handlers_disconnect_by_data (self->recorder, self);
  g_clear_object (&self->recorder);
}

static void
on_level (ShtVoicePage *self, double level, gint64 elapsed_ms)
{
  gtk_level_bar_set_value (GTK_LEVEL_BAR (self->meter), level);
  /* Who speaks touches nothing. */
  gtk_widget_activate_action (GTK_WIDGET (self), "lock.touched", NULL);
  show_time (self, elapsed_ms);
}

static void
on_stopped (ShtVoicePage *self)
{
  drop_recorder (self);
  gtk_widget_set_sensitive (self->button, TRUE);
  show_what_there_is (self);
}

/* A microphone that is pulled out in the middle leaves what was said until then. */
static void
on_failed (ShtVoicePage *self)
{
  drop_recorder (self);
  gtk_widget_set_sensitive (self->button, TRUE);
  if (recorded_ms (self) > 0)
    show_what_there_is (self);
  else
    gtk_stack_set_visible_child (GTK_STACK (self->stack), self->none);
}

static void
on_record (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtVoicePage *self = SHT_VOICE_PAGE (widget);

  if (self->recorder != NULL)
    {
      gtk_widget_set_sensitive (self->button, FALSE);
      sht_voice_recorder_stop (self->recorder);
      return;
    }
  self->recorder = sht_voice_recorder_new (self->path);
  g_signal_connect_object (self->recorder, "level", G_CALLBACK (on_level), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "stopped", G_CALLBACK (on_stopped), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  show_record (self);
}

/* --- what becomes of it --- */

static void
on_answer (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autoptr (GtkWidget) alive = g_object_ref (widget);

  sht_cover_hide (widget);
  g_signal_emit (alive, signals[g_str_equal (action, "voice.keep") ? KEEP : DISCARD], 0);
}

static void
on_close (GtkWidget *widget, const char *action, GVariant *parameter)
{
  sht_cover_hide (widget);
}

/* --- making --- */

static void
sht_voice_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sht_voice_page_parent_class)->map (widget);
  show_what_there_is (SHT_VOICE_PAGE (widget));
}

/* Nobody is recorded by a page that nobody sees. */
static void
sht_voice_page_unmap (GtkWidget *widget)
{
  ShtVoicePage *self = SHT_VOICE_PAGE (widget);

  drop_recorder (self);
  gtk_widget_set_sensitive (self->button, TRUE);
  GTK_WIDGET_CLASS (sht_voice_page_parent_class)->unmap (widget);
}

static void
sht_voice_page_dispose (GObject *object)
{
  drop_recorder (SHT_VOICE_PAGE (object));
  G_OBJECT_CLASS (sht_voice_page_parent_class)->dispose (object);
}

static void
sht_voice_page_finalize (GObject *object)
{
  g_free (SHT_VOICE_PAGE (object)->path);
  G_OBJECT_CLASS (sht_voice_page_parent_class)->finalize (object);
}

static void
sht_voice_page_class_init (ShtVoicePageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_voice_page_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_voice_page_finalize;
  widget_class->map = sht_voice_page_map;
  widget_class->unmap = sht_voice_page_unmap;
  signals[KEEP] = g_signal_new ("keep", SHT_TYPE_VOICE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DISCARD] = g_signal_new ("discard", SHT_TYPE_VOICE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "voice.record", NULL, on_record);
  gtk_widget_class_install_action (widget_class, "voice.keep", NULL, on_answer);
  gtk_widget_class_install_action (widget_class, "voice.discard", NULL, on_answer);
  gtk_widget_class_install_action (widget_class, "voice.close", NULL, on_close);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "voice.close", NULL);
}

static GtkWidget *
new_head (void)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *close = gtk_button_new_from_icon_name ("window-close-symbolic");
  GtkWidget *title = gtk_label_new (_("Voice note"));

  gtk_widget_set_tooltip_text (close, _("Close the microphone"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (close), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Close the microphone"), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (close), "voice.close");
  gtk_widget_add_css_class (close, "flat");
  gtk_widget_add_css_class (close, "touch");
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "title-3");
  gtk_box_append (GTK_BOX (head), close);
  gtk_box_append (GTK_BOX (head), title);
  gtk_widget_add_css_class (head, "photo-head");
  return head;
}

static GtkWidget *
new_part (void)
{
  GtkWidget *part = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  gtk_widget_set_valign (part, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (part, 18);
  gtk_widget_set_margin_end (part, 18);
  return part;
}

static GtkWidget *
new_record (ShtVoicePage *self)
{
  GtkWidget *part = new_part ();

  self->icon = gtk_image_new ();
  gtk_image_set_pixel_size (GTK_IMAGE (self->icon), 48);
  self->button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->button), self->icon);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), "voice.record");
  gtk_widget_set_size_request (self->button, RECORD, RECORD);
  gtk_widget_set_halign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "voice-record");
  self->hint = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->hint), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->hint), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (self->hint, "title-3");
  self->time = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->time, "numeric");
  gtk_widget_add_css_class (self->time, "title-2");
  self->meter = gtk_level_bar_new_for_interval (0, 1);
  gtk_widget_set_size_request (self->meter, -1, METER_HEIGHT);
  gtk_widget_add_css_class (self->meter, "voice-meter");
  /* One colour: more of it is louder, and nothing is better or worse. */
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->meter), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->meter), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->meter), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_widget_set_hexpand (self->meter, TRUE);
  gtk_widget_set_valign (self->meter, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->meter), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loudness"), -1);
  self->heard = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_box_append (GTK_BOX (self->heard), gtk_image_new_from_icon_name ("audio-volume-high-symbolic"));
  gtk_box_append (GTK_BOX (self->heard), gtk_label_new (_("Loudness")));
  gtk_box_append (GTK_BOX (self->heard), self->meter);
  gtk_box_append (GTK_BOX (part), self->time);
  gtk_box_append (GTK_BOX (part), self->button);
  gtk_box_append (GTK_BOX (part), self->hint);
  gtk_box_append (GTK_BOX (part), self->heard);
  return part;
}

static GtkWidget *
new_answer (const char *icon, const char *text, const char *action, const char *css_class)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_box_append (GTK_BOX (content), gtk_image_new_from_icon_name (icon));
  gtk_box_append (GTK_BOX (content), label);
  gtk_widget_set_halign (content, GTK_ALIGN_CENTER);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_set_size_request (button, -1, MAIN_HEIGHT);
  gtk_widget_add_css_class (button, "touch");
  if (css_class != NULL)
    gtk_widget_add_css_class (button, css_class);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  return button;
}

static GtkWidget *
new_review (ShtVoicePage *self)
{
  GtkWidget *part = new_part ();
  GtkWidget *words = gtk_label_new (_("Listen before you keep it. It is on this tablet until you keep or discard it."));

  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  self->bar = sht_voice_bar_new ();
  self->keep = new_answer ("object-select-symbolic", _("Keep"), "voice.keep", "suggested-action");
  gtk_box_append (GTK_BOX (part), words);
  gtk_box_append (GTK_BOX (part), self->bar);
  gtk_box_append (GTK_BOX (part), self->keep);
  gtk_box_append (GTK_BOX (part), new_answer ("user-trash-symbolic", _("Discard"), "voice.discard", NULL));
  return part;
}

static GtkWidget *
new_none (void)
{
  GtkWidget *page = sht_letters_status_page_new ();
  GtkWidget *again = gtk_button_new_with_label (_("Try again"));

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "microphone-disabled-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _("No microphone answers"));
  adw_status_page_set_description (ADW_STATUS_PAGE (page),
                                   _("Another program may be using it, or it is not plugged in. A written note is as good."));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (again), "voice.record");
  gtk_widget_set_halign (again, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (again, "touch");
  adw_status_page_set_child (ADW_STATUS_PAGE (page), again);
  return page;
}

static void
sht_voice_page_init (ShtVoicePage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *clamp = sht_letters_clamp_new (WIDTH, WIDTH);

  self->stack = gtk_stack_new ();
  self->record = new_record (self);
  self->review = new_review (self);
  self->none = new_none ();
  gtk_stack_add_child (GTK_STACK (self->stack), self->record);
  gtk_stack_add_child (GTK_STACK (self->stack), self->review);
  gtk_stack_add_child (GTK_STACK (self->stack), self->none);
  adw_clamp_set_child (ADW_CLAMP (clamp), self->stack);
  gtk_widget_set_vexpand (clamp, TRUE);
  gtk_box_append (GTK_BOX (box), new_head ());
  gtk_box_append (GTK_BOX (box), clamp);
  adw_bin_set_child (ADW_BIN (self), box);
}

/**
 * sht_voice_page_open:
 * @page: the page that asks, inside of a #ShtCover
 * @path: where the recording lies, or will lie
 *
 * Shows the microphone in front of the page, or what was recorded before and not kept yet.
 *
 * Returns: (transfer none): for its signals
 */
ShtVoicePage *
sht_voice_page_open (GtkWidget *page, const char *path)
{
  ShtVoicePage *self = g_object_new (SHT_TYPE_VOICE_PAGE, NULL);

  self->path = g_strdup (path);
  show_what_there_is (self);
  sht_cover_show (page, GTK_WIDGET (self));
  return self;
}
