/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/voice-bar.h"

#include "tablet/ui/common/page.h"
#include "tablet/ui/ticket/voice-player.h"

#include <glib/gi18n.h>

#define TOUCH 56
#define STEP_S 1
#define PAGE_S 10

struct _ShtVoiceBar
{
  GtkBox parent_instance;

  char *path;             /* (owned) (nullable): %NULL when it is not on this tablet yet */
  gint64 duration_ms;
  ShtVoicePlayer *player; /* (owned) (nullable): once it was played */
  gboolean moving;        /* the slider follows the sound, and not the sound the slider */

  GtkWidget *button;
  GtkWidget *slider;
  GtkWidget *time;
};

G_DEFINE_FINAL_TYPE (ShtVoiceBar, sht_voice_bar, GTK_TYPE_BOX)

/**
 * sht_voice_bar_clock:
 *
 * Returns: (transfer full): a time as minutes and seconds, as 1:05
 */
char *
sht_voice_bar_clock (gint64 ms)
{
  gint64 seconds = (ms + 500) / 1000;

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT, seconds / 60, seconds % 60);
}

static void
show (ShtVoiceBar *self)
{
  gboolean playing = self->player != NULL && sht_voice_player_is_playing (self->player);
  gint64 position = self->player != NULL ? MIN (sht_voice_player_get_position (self->player), self->duration_ms) : 0;
  g_autofree char *now = sht_voice_bar_clock (position), *whole = sht_voice_bar_clock (self->duration_ms);
  g_autofree char *text = g_strdup_printf ("%s / %s", now, whole);
  /* Digits run from the left in every language. */
  g_autofree char *isolated = g_strdup_printf ("\u2066%s\u2069", text);
  const char *what = playing ? _("Pause") : _("Play the voice note");

  gtk_button_set_icon_name (GTK_BUTTON (self->button),
                            playing ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (self->button, what);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  gtk_widget_set_sensitive (self->button, self->path != NULL);
  gtk_widget_set_sensitive (self->slider, self->path != NULL);
  self->moving = TRUE;
  gtk_range_set_value (GTK_RANGE (self->slider), (double) position / 1000);
  self->moving = FALSE;
  gtk_label_set_text (GTK_LABEL (self->time), self->path != NULL ? isolated : _("Not on this tablet yet"));
}

static void
on_failed (ShtVoiceBar *self)
{
  sht_page_toast (GTK_WIDGET (self), _("The voice note cannot be played here"));
}

static ShtVoicePlayer *
player_of (ShtVoiceBar *self)
{
  if (self->player != NULL)
    return self->player;
  self->player = sht_voice_player_new (self->path);
  g_signal_connect_object (self->player, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->player, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  return self->player;
}

static void
on_button (ShtVoiceBar *self)
{
  ShtVoicePlayer *player = player_of (self);

  if (sht_voice_player_is_playing (player))
    sht_voice_player_pause (player);
  else
    sht_voice_player_play (player);
}

static void
on_slider (ShtVoiceBar *self)
{
  if (!self->moving && self->path != NULL)
    sht_voice_player_seek (player_of (self), (gint64) (gtk_range_get_value (GTK_RANGE (self->slider)) * 1000));
}

/* Nobody listens to a page that nobody sees. */
static void
sht_voice_bar_unmap (GtkWidget *widget)
{
  ShtVoiceBar *self = SHT_VOICE_BAR (widget);

  if (self->player != NULL)
    sht_voice_player_pause (self->player);
  GTK_WIDGET_CLASS (sht_voice_bar_parent_class)->unmap (widget);
}

static void
drop_player (ShtVoiceBar *self)
{
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_clear_object (&self->player);
}

static void
sht_voice_bar_dispose (GObject *object)
{
  drop_player (SHT_VOICE_BAR (object));
  G_OBJECT_CLASS (sht_voice_bar_parent_class)->dispose (object);
}

static void
sht_voice_bar_finalize (GObject *object)
{
  g_free (SHT_VOICE_BAR (object)->path);
  G_OBJECT_CLASS (sht_voice_bar_parent_class)->finalize (object);
}

static void
sht_voice_bar_class_init (ShtVoiceBarClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_voice_bar_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_voice_bar_finalize;
  GTK_WIDGET_CLASS (class)->unmap = sht_voice_bar_unmap;
}

static void
sht_voice_bar_init (ShtVoiceBar *self)
{
  gtk_box_set_spacing (GTK_BOX (self), 9);
  /* Sound runs from the left in every language, as the sign for it points. */
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);
  self->button = gtk_button_new_from_icon_name ("media-playback-start-symbolic");
  gtk_widget_set_size_request (self->button, TOUCH, TOUCH);
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "circular");
  gtk_widget_add_css_class (self->button, "touch");
  self->slider = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 1, STEP_S);
  gtk_widget_set_direction (self->slider, GTK_TEXT_DIR_LTR);
  gtk_range_set_increments (GTK_RANGE (self->slider), STEP_S, PAGE_S);
  gtk_widget_set_hexpand (self->slider, TRUE);
  gtk_widget_set_size_request (self->slider, 96, TOUCH);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->slider), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Place in the voice note"), -1);
  self->time = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->time, "numeric");
  gtk_box_append (GTK_BOX (self), self->button);
  gtk_box_append (GTK_BOX (self), self->slider);
  gtk_box_append (GTK_BOX (self), self->time);
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (on_button), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->slider, "value-changed", G_CALLBACK (on_slider), self, G_CONNECT_SWAPPED);
}

GtkWidget *
sht_voice_bar_new (void)
{
  return g_object_new (SHT_TYPE_VOICE_BAR, NULL);
}

/**
 * sht_voice_bar_set_note:
 * @path: (nullable): the voice note's file; %NULL when it is not on this tablet yet
 * @duration_ms: how long it plays
 */
void
sht_voice_bar_set_note (ShtVoiceBar *self, const char *path, gint64 duration_ms)
{
  if (g_strcmp0 (path, self->path) != 0)
    drop_player (self);
  if (path != self->path)
    {
      g_free (self->path);
      self->path = g_strdup (path);
    }
  self->duration_ms = duration_ms;
  self->moving = TRUE;
  gtk_range_set_range (GTK_RANGE (self->slider), 0, MAX ((double) duration_ms / 1000, 0.1));
  self->moving = FALSE;
  show (self);
}
