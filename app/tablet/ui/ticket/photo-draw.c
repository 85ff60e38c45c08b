/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/photo-draw.h"

#include "tablet/ui/ticket/draw-pad.h"

#include <glib/gi18n.h>

#define TOUCH 48
/* What can be read on a thumbnail. */
#define MAX_WORDS 40

struct _ShtPhotoDraw
{
  GtkBox parent_instance;

  GtkWidget *pad;
  GtkWidget *tools[SHT_N_SHAPE_KINDS];
  GtkWidget *words;
  GtkWidget *undo;
  GtkWidget *save;
};

G_DEFINE_FINAL_TYPE (ShtPhotoDraw, sht_photo_draw, GTK_TYPE_BOX)

enum
{
  SAVE,
  CANCEL,
  FULL,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_changed (ShtPhotoDraw *self)
{
  gboolean any = sht_photo_draw_has_shapes (self);

  gtk_widget_set_sensitive (self->undo, any);
  gtk_widget_set_sensitive (self->save, any);
}

static void
on_tool (ShtPhotoDraw *self, GtkToggleButton *button)
{
  for (guint kind = 0; kind < SHT_N_SHAPE_KINDS; kind++)
    if (self->tools[kind] == GTK_WIDGET (button) && gtk_toggle_button_get_active (button))
      {
        sht_draw_pad_set_kind (SHT_DRAW_PAD (self->pad), kind);
        gtk_widget_set_visible (self->words, kind == SHT_SHAPE_TEXT);
        if (kind == SHT_SHAPE_TEXT)
          gtk_widget_grab_focus (self->words);
      }
}

static void
on_words (ShtPhotoDraw *self)
{
  sht_draw_pad_set_words (SHT_DRAW_PAD (self->pad), gtk_editable_get_text (GTK_EDITABLE (self->words)));
}

static void
on_wordless (ShtPhotoDraw *self)
{
  gtk_widget_grab_focus (self->words);
}

/* The words are written: Return on the photo puts them there. */
static void
on_words_written (ShtPhotoDraw *self)
{
  gtk_widget_grab_focus (self->pad);
}

static void
on_save (ShtPhotoDraw *self)
{
  g_signal_emit (self, signals[SAVE], 0);
}

static void
on_cancel (ShtPhotoDraw *self)
{
  g_signal_emit (self, signals[CANCEL], 0);
}

static void
on_full (ShtPhotoDraw *self)
{
  g_signal_emit (self, signals[FULL], 0);
}

static gboolean
on_undo_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  sht_draw_pad_undo (SHT_DRAW_PAD (SHT_PHOTO_DRAW (widget)->pad));
  return TRUE;
}

static void
sht_photo_draw_class_init (ShtPhotoDrawClass *class)
{
  signals[SAVE] = g_signal_new ("save", SHT_TYPE_PHOTO_DRAW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CANCEL] = g_signal_new ("cancel", SHT_TYPE_PHOTO_DRAW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FULL] = g_signal_new ("full", SHT_TYPE_PHOTO_DRAW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding (GTK_WIDGET_CLASS (class), GDK_KEY_z, GDK_CONTROL_MASK, on_undo_key, NULL);
}

static GtkWidget *
new_tools (ShtPhotoDraw *self)
{
  const char *const words[] = {
    [SHT_SHAPE_ARROW] = _("Arrow"),
    [SHT_SHAPE_CIRCLE] = _("Circle"),
    [SHT_SHAPE_TEXT] = C_ ("drawing", "Text"),
    [SHT_SHAPE_BLUR] = _("Blur"),
  };
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (line, "linked");
  for (guint kind = 0; kind < SHT_N_SHAPE_KINDS; kind++)
    {
      self->tools[kind] = gtk_toggle_button_new_with_label (words[kind]);
      gtk_widget_set_size_request (self->tools[kind], 84, TOUCH);
      if (kind > 0)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (self->tools[kind]), GTK_TOGGLE_BUTTON (self->tools[0]));
      g_signal_connect_object (self->tools[kind], "toggled", G_CALLBACK (on_tool), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (line), self->tools[kind]);
    }
  gtk_widget_set_tooltip_text (self->tools[SHT_SHAPE_BLUR], _("Makes faces and number plates unreadable for good"));
  return line;
}

static GtkWidget *
new_button (ShtPhotoDraw *self, const char *word, GCallback callback, gpointer object)
{
  GtkWidget *button = gtk_button_new_with_label (word);

  gtk_widget_set_size_request (button, 84, TOUCH);
  g_signal_connect_object (button, "clicked", callback, object, G_CONNECT_SWAPPED);
  return button;
}

/* The tools, and beside them, or below with large letters, what is done with the drawing. */
static void
add_group (GtkWidget *lines, GtkWidget *group)
{
  GtkWidget *cell = gtk_flow_box_child_new ();

  /* The buttons inside take the focus, not the cell around them too. */
  gtk_widget_set_focusable (cell, FALSE);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (cell), group);
  gtk_flow_box_append (GTK_FLOW_BOX (lines), cell);
}

static void
sht_photo_draw_init (ShtPhotoDraw *self)
{
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *groups = gtk_flow_box_new ();
  GtkWidget *acts = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  self->pad = sht_draw_pad_new ();
  gtk_widget_set_vexpand (self->pad, TRUE);
  g_signal_connect_object (self->pad, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pad, "full", G_CALLBACK (on_full), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pad, "wordless", G_CALLBACK (on_wordless), self, G_CONNECT_SWAPPED);
  self->words = gtk_entry_new ();
  gtk_entry_set_max_length (GTK_ENTRY (self->words), MAX_WORDS);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->words), _("Write here, then tap on the photo"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->words), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Words on the photo"),
                                  -1);
  gtk_widget_set_size_request (self->words, -1, TOUCH);
  gtk_widget_set_visible (self->words, FALSE);
  g_signal_connect_object (self->words, "changed", G_CALLBACK (on_words), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->words, "activate", G_CALLBACK (on_words_written), self, G_CONNECT_SWAPPED);
  self->undo = new_button (self, C_ ("drawing", "Undo"), G_CALLBACK (sht_draw_pad_undo), self->pad);
  self->save = new_button (self, _("Save"), G_CALLBACK (on_save), self);
  gtk_widget_add_css_class (self->save, "suggested-action");
  gtk_box_append (GTK_BOX (acts), self->undo);
  gtk_box_append (GTK_BOX (acts), new_button (self, _("Cancel"), G_CALLBACK (on_cancel), self));
  gtk_box_append (GTK_BOX (acts), self->save);
  gtk_widget_set_halign (acts, GTK_ALIGN_END);
  gtk_widget_add_css_class (groups, "tight");
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (groups), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (groups), 2);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (groups), 9);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (groups), 9);
  add_group (groups, new_tools (self));
  add_group (groups, acts);
  gtk_widget_set_margin_top (lines, 9);
  gtk_widget_set_margin_bottom (lines, 9);
  gtk_widget_set_margin_start (lines, 12);
  gtk_widget_set_margin_end (lines, 12);
  gtk_box_append (GTK_BOX (lines), self->words);
  gtk_box_append (GTK_BOX (lines), groups);
  gtk_box_append (GTK_BOX (self), self->pad);
  gtk_box_append (GTK_BOX (self), lines);
}

GtkWidget *
sht_photo_draw_new (void)
{
  return g_object_new (SHT_TYPE_PHOTO_DRAW, NULL);
}

/**
 * sht_photo_draw_start:
 * @texture: the photo to draw on; nothing is on it yet
 */
void
sht_photo_draw_start (ShtPhotoDraw *self, GdkTexture *texture)
{
  sht_draw_pad_start (SHT_DRAW_PAD (self->pad), texture);
  gtk_editable_set_text (GTK_EDITABLE (self->words), "");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->tools[SHT_SHAPE_ARROW]), TRUE);
  gtk_widget_grab_focus (self->pad);
}

/**
 * sht_photo_draw_has_shapes:
 *
 * Returns: whether something would be lost
 */
gboolean
sht_photo_draw_has_shapes (ShtPhotoDraw *self)
{
  return sht_draw_pad_count (SHT_DRAW_PAD (self->pad)) > 0;
}

/**
 * sht_photo_draw_copy_shapes:
 *
 * Returns: (transfer full) (element-type ShtShape): what is drawn
 */
GPtrArray *
sht_photo_draw_copy_shapes (ShtPhotoDraw *self)
{
  return sht_draw_pad_copy_shapes (SHT_DRAW_PAD (self->pad));
}
