/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/photo-chooser.h"

#include "tablet/photo/sources.h"
#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/photo-pick.h"

#include <gio/gunixmounts.h>
#include <glib/gi18n.h>

/* How many pictures stand there before one asks for older ones. */
#define PAGE 24
/* How many are decoded at once: each takes a processor to itself. */
#define AT_ONCE 2
#define MAX_COLUMNS 6

struct _ShtPhotoChooser
{
  AdwBin parent_instance;

  char *title;               /* (owned) */
  gboolean several;
  char *stick;               /* (owned) (nullable): where a stick is mounted; %NULL for the tablet's own */
  GPtrArray *found;          /* (owned) (nullable): of that source */
  guint shown;               /* how many of them have a tile */
  guint asked;               /* how many of those were asked to be decoded */
  GCancellable *looking;     /* (owned) (nullable) */
  GUnixMountMonitor *mounts; /* (owned) */
  GtkNativeDialog *dialog;   /* (owned) (nullable): for another folder */

  GtkWidget *sources;
  GtkWidget *stack;
  GtkWidget *pictures;
  GtkWidget *grid;
  GtkWidget *older;
  GtkWidget *empty;
  GtkWidget *add;
};

G_DEFINE_FINAL_TYPE (ShtPhotoChooser, sht_photo_chooser, ADW_TYPE_BIN)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- the answer --- */

static void
answer (ShtPhotoChooser *self, GStrv paths)
{
  g_autoptr (ShtPhotoChooser) alive = g_object_ref (self);

  sht_cover_hide (GTK_WIDGET (self));
  g_signal_emit (alive, signals[CHOSEN], 0, paths);
}

static ShtPhotoPick *
pick_at (ShtPhotoChooser *self, guint index)
{
  GtkFlowBoxChild *cell = gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (self->grid), (int) index);

  return cell != NULL ? SHT_PHOTO_PICK (gtk_flow_box_child_get_child (cell)) : NULL;
}

static GStrv
get_chosen (ShtPhotoChooser *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->shown; i++)
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (pick_at (self, i))))
      g_strv_builder_add (builder, sht_photo_pick_get_path (pick_at (self, i)));
  return g_strv_builder_end (builder);
}

static void
show_add (ShtPhotoChooser *self)
{
  g_auto (GStrv) chosen = get_chosen (self);
  guint n = g_strv_length (chosen);
  g_autofree char *words = n == 0 ? g_strdup (_("Tap the photos to add"))
                                  : g_strdup_printf (ngettext ("Add %u photo", "Add %u photos", n), n);

  gtk_button_set_label (GTK_BUTTON (self->add), words);
  gtk_widget_set_sensitive (self->add, n > 0);
}

static void
on_picked (ShtPhotoChooser *self, GtkToggleButton *pick)
{
  char *paths[] = { (char *) sht_photo_pick_get_path (SHT_PHOTO_PICK (pick)), NULL };

  if (self->several)
    show_add (self);
  else if (gtk_toggle_button_get_active (pick))
    answer (self, paths);
}

static void
on_add (ShtPhotoChooser *self)
{
  g_auto (GStrv) chosen = get_chosen (self);

  if (chosen[0] != NULL)
    answer (self, chosen);
}

static void
on_files_chosen (GtkNativeDialog *dialog, int response, ShtPhotoChooser *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GListModel) files = NULL;
  g_auto (GStrv) paths = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      if (g_file_peek_path (file) != NULL)
        g_strv_builder_add (builder, g_file_peek_path (file));
    }
  paths = g_strv_builder_end (builder);
  g_clear_object (&self->dialog);
  if (paths[0] != NULL)
    answer (self, paths);
}

static void
on_other_folder (ShtPhotoChooser *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (self->title, GTK_WINDOW (root),
                                                              GTK_FILE_CHOOSER_ACTION_OPEN, _("Add"), _("Cancel"));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  g_set_object (&self->dialog, GTK_NATIVE_DIALOG (dialog));
  g_object_unref (dialog);

  gtk_file_filter_set_name (filter, _("Pictures"));
  gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), self->several);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_files_chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- the pictures --- */

static void
decode_next (ShtPhotoChooser *self)
{
  if (self->asked < self->shown)
    sht_photo_pick_decode (pick_at (self, self->asked++));
}

static void
show_older (ShtPhotoChooser *self)
{
  guint waited = self->shown - self->asked;
  gint64 now = g_get_real_time () / 1000;

  for (guint i = 0; i < PAGE && self->shown < self->found->len; i++)
    {
      GtkWidget *pick = sht_photo_pick_new (g_ptr_array_index (self->found, self->shown), now);
      GtkWidget *cell = gtk_flow_box_child_new ();

      g_signal_connect_object (pick, "toggled", G_CALLBACK (on_picked), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (pick, "decoded", G_CALLBACK (decode_next), self, G_CONNECT_SWAPPED);
      gtk_widget_set_focusable (cell, FALSE);
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (cell), pick);
      gtk_flow_box_append (GTK_FLOW_BOX (self->grid), cell);
      self->shown++;
    }
  gtk_widget_set_visible (self->older, self->shown < self->found->len);
  /* Each that is done asks for the next; they begin anew where all had been done. */
  for (guint i = 0; waited == 0 && i < AT_ONCE; i++)
    decode_next (self);
}

static void
clear (ShtPhotoChooser *self)
{
  GtkWidget *cell;

  self->shown = self->asked = 0;
  while ((cell = gtk_widget_get_first_child (self->grid)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->grid), cell);
  g_clear_pointer (&self->found, g_ptr_array_unref);
}

static void
find (GTask *task, gpointer source, gpointer folders, GCancellable *cancellable)
{
  g_task_return_pointer (task, sht_photo_find (folders, cancellable), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  ShtPhotoChooser *self = SHT_PHOTO_CHOOSER (source);
  g_autoptr (GPtrArray) found = g_task_propagate_pointer (G_TASK (result), NULL);

  /* Another source was chosen since, or the chooser is gone. */
  if (found == NULL || g_task_get_cancellable (G_TASK (result)) != self->looking)
    return;
  clear (self);
  self->found = g_steal_pointer (&found);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->found->len > 0 ? self->pictures : self->empty);
  show_older (self);
  show_add (self);
}

static void
look (ShtPhotoChooser *self)
{
  g_autoptr (GTask) task = NULL;
  GStrv folders;

  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  self->looking = g_cancellable_new ();
  if (self->stick != NULL)
    {
      const char *const one[] = { self->stick, NULL };

      folders = g_strdupv ((GStrv) one);
    }
  else
    folders = sht_photo_folders ();
  task = g_task_new (self, self->looking, on_found, NULL);
  g_task_set_task_data (task, folders, (GDestroyNotify) g_strfreev);
  g_task_run_in_thread (task, find);
}

/* --- where they come from --- */

static void
on_source (GtkToggleButton *chip, ShtPhotoChooser *self)
{
  const char *stick = g_object_get_data (G_OBJECT (chip), "stick");

  if (!gtk_toggle_button_get_active (chip) || (self->looking != NULL && g_strcmp0 (stick, self->stick) == 0))
    return;
  g_free (self->stick);
  self->stick = g_strdup (stick);
  look (self);
}

static GtkWidget *
add_source (ShtPhotoChooser *self, const char *words, const char *stick, GtkWidget *group)
{
  GtkWidget *chip = gtk_toggle_button_new_with_label (words);

  gtk_widget_add_css_class (chip, "chip");
  gtk_widget_add_css_class (chip, "filter");
  gtk_widget_add_css_class (chip, "touch");
  g_object_set_data_full (G_OBJECT (chip), "stick", g_strdup (stick), g_free);
  gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (chip), GTK_TOGGLE_BUTTON (group));
  g_signal_connect_object (chip, "toggled", G_CALLBACK (on_source), self, 0);
  gtk_box_append (GTK_BOX (self->sources), chip);
  return chip;
}

static void
show_sources (ShtPhotoChooser *self)
{
  g_auto (GStrv) sticks = sht_photo_sticks ();
  GtkWidget *child, *own, *current;

  while ((child = gtk_widget_get_first_child (self->sources)) != NULL)
    gtk_box_remove (GTK_BOX (self->sources), child);
  own = current = add_source (self, _("On this tablet"), NULL, NULL);
  for (guint i = 0; sticks[i] != NULL; i++)
    {
      g_autofree char *base = g_path_get_basename (sticks[i]);
      g_autofree char *name = g_filename_display_name (base);
      GtkWidget *chip = add_source (self, name, sticks[i], own);

      if (g_strcmp0 (sticks[i], self->stick) == 0)
        current = chip;
    }
  /* Whoever has plugged something in is not asked what for; with nothing there is nothing to choose between. */
  gtk_widget_set_visible (self->sources, sticks[0] != NULL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (current), TRUE);
}

/* --- making --- */

static void
on_back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  sht_cover_hide (widget);
}

static void
sht_photo_chooser_dispose (GObject *object)
{
  ShtPhotoChooser *self = SHT_PHOTO_CHOOSER (object);

  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  g_clear_object (&self->mounts);
  g_clear_object (&self->dialog);
  G_OBJECT_CLASS (sht_photo_chooser_parent_class)->dispose (object);
}

static void
sht_photo_chooser_finalize (GObject *object)
{
  ShtPhotoChooser *self = SHT_PHOTO_CHOOSER (object);

  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_free (self->stick);
  g_free (self->title);
  G_OBJECT_CLASS (sht_photo_chooser_parent_class)->finalize (object);
}

static void
sht_photo_chooser_class_init (ShtPhotoChooserClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_photo_chooser_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_photo_chooser_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", SHT_TYPE_PHOTO_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRV);
  gtk_widget_class_install_action (widget_class, "photos.back", NULL, on_back);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "photos.back", NULL);
}

static GtkWidget *
new_head (ShtPhotoChooser *self, const char *title)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *back = gtk_button_new_from_icon_name ("window-close-symbolic");
  GtkWidget *other = gtk_button_new_with_label (_("Other folder…"));

  gtk_widget_set_tooltip_text (back, _("Without a photo"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (back), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Without a photo"), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (back), "photos.back");
  gtk_widget_add_css_class (back, "flat");
  gtk_widget_add_css_class (back, "touch");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "title-3");
  gtk_widget_add_css_class (other, "touch");
  gtk_widget_set_valign (back, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (other, GTK_ALIGN_CENTER);
  g_signal_connect_object (other, "clicked", G_CALLBACK (on_other_folder), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (head), back);
  gtk_box_append (GTK_BOX (head), label);
  gtk_box_append (GTK_BOX (head), other);
  gtk_widget_add_css_class (head, "photo-head");
  return head;
}

static GtkWidget *
new_pictures (ShtPhotoChooser *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->grid = gtk_flow_box_new ();
  gtk_widget_add_css_class (self->grid, "tight");
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->grid), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (self->grid), TRUE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->grid), MAX_COLUMNS);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->grid), 12);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->grid), 12);
  gtk_widget_set_valign (self->grid, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL, self->title, -1);
  self->older = gtk_button_new_with_label (_("Older photos"));
  gtk_widget_add_css_class (self->older, "touch");
  g_signal_connect_object (self->older, "clicked", G_CALLBACK (show_older), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (column), self->grid);
  gtk_box_append (GTK_BOX (column), self->older);
  gtk_widget_add_css_class (column, "photo-grid");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
  return scrolled;
}

static void
build (ShtPhotoChooser *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->sources = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_add_css_class (self->sources, "photo-sources");
  self->pictures = new_pictures (self);
  self->empty = sht_letters_status_page_new ();
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (self->empty), "camera-photo-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (self->empty), _("No photos here yet"));
  adw_status_page_set_description (ADW_STATUS_PAGE (self->empty),
                                   _("Take one with the camera, or plug in its card or a stick: it shows up here."));
  self->stack = gtk_stack_new ();
  /* Until the folders have been looked through there is neither: that takes some milliseconds. */
  gtk_stack_add_child (GTK_STACK (self->stack), gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_stack_add_child (GTK_STACK (self->stack), self->pictures);
  gtk_stack_add_child (GTK_STACK (self->stack), self->empty);
  gtk_widget_set_vexpand (self->stack, TRUE);
  self->add = gtk_button_new_with_label ("");
  gtk_widget_add_css_class (self->add, "big-action");
  gtk_widget_add_css_class (self->add, "suggested-action");
  gtk_widget_add_css_class (self->add, "photo-add");
  gtk_widget_set_visible (self->add, self->several);
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (on_add), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), new_head (self, self->title));
  gtk_box_append (GTK_BOX (box), self->sources);
  gtk_box_append (GTK_BOX (box), self->stack);
  gtk_box_append (GTK_BOX (box), self->add);
  adw_bin_set_child (ADW_BIN (self), box);
  show_add (self);
}

static void
sht_photo_chooser_init (ShtPhotoChooser *self)
{
  self->mounts = g_unix_mount_monitor_get ();
  g_signal_connect_object (self->mounts, "mounts-changed", G_CALLBACK (show_sources), self, G_CONNECT_SWAPPED);
}

/**
 * sht_photo_chooser_open:
 * @page: the page that asks, inside of a #ShtCover
 * @title: the question
 * @several: whether more than one may be chosen; else a tap on one is the answer
 *
 * Asks for pictures in front of the page.
 *
 * Returns: (transfer none): for ::chosen
 */
ShtPhotoChooser *
sht_photo_chooser_open (GtkWidget *page, const char *title, gboolean several)
{
  ShtPhotoChooser *self = g_object_new (SHT_TYPE_PHOTO_CHOOSER, NULL);

  self->title = g_strdup (title);
  self->several = several;
  build (self);
  show_sources (self);
  sht_cover_show (page, GTK_WIDGET (self));
  return self;
}
