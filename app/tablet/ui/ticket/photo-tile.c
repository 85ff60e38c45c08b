/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/photo-tile.h"

#include "core/json.h"
#include "tablet/ui/ticket/mark.h"
#include "tablet/ui/common/photo-thumb.h"
#include "tablet/ui/common/width-first.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

struct _ShtPhotoTile
{
  GtkButton parent_instance;

  char *photo; /* (owned) (nullable): its id */
  GtkWidget *frame;
  GtkWidget *thumb; /* (owned) */
  GtkWidget *sent; /* (nullable): seen while its bytes go to the hub */
  GtkWidget *mark;
  GtkWidget *line;
  GtkWidget *pencil; /* (nullable): seen on a drawing */
  GtkWidget *word;
};

G_DEFINE_FINAL_TYPE (ShtPhotoTile, sht_photo_tile, GTK_TYPE_BUTTON)

static void
sht_photo_tile_dispose (GObject *object)
{
  g_clear_object (&SHT_PHOTO_TILE (object)->thumb);
  G_OBJECT_CLASS (sht_photo_tile_parent_class)->dispose (object);
}

static void
sht_photo_tile_finalize (GObject *object)
{
  g_free (SHT_PHOTO_TILE (object)->photo);
  G_OBJECT_CLASS (sht_photo_tile_parent_class)->finalize (object);
}

static void
sht_photo_tile_class_init (ShtPhotoTileClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_photo_tile_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_photo_tile_finalize;
}

static void
sht_photo_tile_init (ShtPhotoTile *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->frame = gtk_overlay_new ();
  gtk_widget_set_hexpand (self->frame, TRUE);
  gtk_widget_add_css_class (self->frame, "photo-frame");
  self->thumb = g_object_ref_sink (sht_photo_thumb_new ());
  gtk_overlay_set_child (GTK_OVERLAY (self->frame), self->thumb);
  self->mark = sht_ticket_mark_new ();
  self->word = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->word), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->word), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (self->word), 0);
  gtk_widget_set_hexpand (self->word, TRUE);
  gtk_widget_add_css_class (self->word, "caption");
  gtk_widget_add_css_class (self->word, "numeric");
  self->line = line;
  gtk_box_append (GTK_BOX (line), self->mark);
  gtk_box_append (GTK_BOX (line), sht_width_first_new_narrow (self->word));
  gtk_widget_set_margin_start (line, 6);
  gtk_widget_set_margin_end (line, 6);
  gtk_widget_set_margin_bottom (line, 6);
  gtk_box_append (GTK_BOX (column), self->frame);
  gtk_box_append (GTK_BOX (column), line);
  gtk_button_set_child (GTK_BUTTON (self), sht_width_first_new (column));
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_START);
}

static gboolean
is_damaged (JsonObject *photo)
{
  JsonArray *warnings = sht_json_array (photo, "warnings");

  for (guint i = 0; warnings != NULL && i < json_array_get_length (warnings); i++)
    {
      JsonNode *warning = json_array_get_element (warnings, i);

      if (json_node_get_value_type (warning) == G_TYPE_STRING && sht_words_is_damage (json_node_get_string (warning)))
        return TRUE;
    }
  return FALSE;
}

/* Which file to show: the thumbnail, or the photo itself where only that is here. */
static char *
find_file (ShtStore *reader, JsonObject *photo)
{
  const char *hashes[] = { sht_json_string (photo, "thumb_sha256"), sht_json_string (photo, "sha256") };

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    {
      g_autofree char *path = hashes[i] != NULL ? sht_store_blob_path (reader, hashes[i]) : NULL;

      if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return NULL;
}

/* What the hub has can be had from there; what had not been sent is lost. */
static GtkWidget *
new_placeholder (JsonObject *photo)
{
  ShtMark mark = sht_words_mark_parse (sht_json_string (photo, "state"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *label = gtk_label_new (mark == SHT_MARK_LOCAL ? _("Lost before it was sent: take it again") : _("Not on this tablet"));

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("image-missing-symbolic"));
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 12);
  gtk_widget_add_css_class (label, "caption");
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_add_css_class (box, "dim-label");
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (box, -1, 84);
  return box;
}

/**
 * sht_photo_tile_new:
 *
 * Returns: (transfer floating): a tile, of no photo yet
 */
GtkWidget *
sht_photo_tile_new (void)
{
  return g_object_new (SHT_TYPE_PHOTO_TILE, NULL);
}

/**
 * sht_photo_tile_set_photo:
 * @photo: one of a ticket view's photos, from now on the tile's
 */
void
sht_photo_tile_set_photo (ShtPhotoTile *self, ShtStore *reader, JsonObject *photo)
{
  g_autofree char *path = find_file (reader, photo);

  g_free (self->photo);
  self->photo = g_strdup (sht_json_string (photo, "id"));
  if (path != NULL)
    sht_photo_thumb_load (SHT_PHOTO_THUMB (self->thumb), path);
  /* Taken out and put in again it would be lost to a screen reader. */
  if (path == NULL)
    gtk_overlay_set_child (GTK_OVERLAY (self->frame), new_placeholder (photo));
  else if (gtk_overlay_get_child (GTK_OVERLAY (self->frame)) != self->thumb)
    gtk_overlay_set_child (GTK_OVERLAY (self->frame), self->thumb);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "s", self->photo);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "ticket.view-photo");
  sht_photo_tile_update (self, photo, sht_store_now (reader));
}

/**
 * sht_photo_tile_forget:
 *
 * Lets go of the photo and of its decoded picture.
 */
void
sht_photo_tile_forget (ShtPhotoTile *self)
{
  g_clear_pointer (&self->photo, g_free);
  sht_photo_thumb_clear (SHT_PHOTO_THUMB (self->thumb));
}

/* Few photos are drawings, and one at a time is sent: what says so is made when it is. */
static void
show_pencil (ShtPhotoTile *self, gboolean drawing)
{
  if (drawing && self->pencil == NULL)
    {
      self->pencil = gtk_image_new_from_icon_name ("document-edit-symbolic");
      gtk_box_append (GTK_BOX (self->line), self->pencil);
    }
  if (self->pencil != NULL)
    gtk_widget_set_visible (self->pencil, drawing);
}

static void
make_sent (ShtPhotoTile *self)
{
  self->sent = gtk_progress_bar_new ();
  gtk_widget_add_css_class (self->sent, "photo-sent");
  gtk_widget_set_valign (self->sent, GTK_ALIGN_END);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->sent), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Sent to the hub"), -1);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->frame), self->sent);
}

/**
 * sht_photo_tile_update:
 * @photo: the same photo, as it stands now
 */
void
sht_photo_tile_update (ShtPhotoTile *self, JsonObject *photo, gint64 now)
{
  const char *state = sht_json_string (photo, "state");
  g_autofree char *when = sht_words_when (sht_words_time (photo, "taken_at"), now);
  gboolean drawing = sht_json_has (photo, "of");
  const char *shown = is_damaged (photo) ? _("Damaged: take it again") : when;
  g_autofree char *name = g_strdup_printf ("%s, %s%s%s, %s", sht_words_photo_role (sht_json_string (photo, "role")),
                                           drawing ? _("drawn on") : "", drawing ? ", " : "", shown,
                                           sht_words_proof (sht_words_mark_parse (state)));

  show_pencil (self, drawing);
  sht_ticket_mark_set_state (SHT_TICKET_MARK (self->mark), state);
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (self->word)), shown) != 0)
    gtk_label_set_text (GTK_LABEL (self->word), shown);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * sht_photo_tile_show_sent:
 * @fraction: how much of it the hub has, 0 to 1; less than 0 while it is not under way
 */
void
sht_photo_tile_show_sent (ShtPhotoTile *self, double fraction)
{
  if (fraction > 0 && self->sent == NULL)
    make_sent (self);
  if (self->sent == NULL)
    return;
  /* Nothing of it yet is no bar, but a blot. */
  gtk_widget_set_visible (self->sent, fraction > 0);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->sent), fraction);
}

/**
 * sht_photo_tile_get_photo:
 *
 * Returns: (nullable): its photo's id
 */
const char *
sht_photo_tile_get_photo (ShtPhotoTile *self)
{
  return self->photo;
}

/**
 * sht_photo_tile_has_picture:
 *
 * Returns: whether its bytes were on this tablet when it was given its photo
 */
gboolean
sht_photo_tile_has_picture (ShtPhotoTile *self)
{
  return gtk_overlay_get_child (GTK_OVERLAY (self->frame)) == self->thumb;
}

const char *
sht_photo_tile_get_state (ShtPhotoTile *self)
{
  return sht_ticket_mark_get_state (SHT_TICKET_MARK (self->mark));
}
