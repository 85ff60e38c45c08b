/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/maps-dialog.h"

#include "tablet/store/map.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

#define WIDTH 640
#define HEIGHT 620
/* A download moves on without a word from the store. */
#define LOOK_MS 500

typedef struct
{
  char *id; /* (owned): a package's */
  GtkWidget *row;
  GtkWidget *name;
  GtkWidget *about;
  GtkWidget *sign; /* that something is wrong */
  GtkWidget *state;
  GtkWidget *bar;
  GtkWidget *button;
  gboolean wants; /* what the button asks for */
} Row;

struct _ShtMapsDialog
{
  AdwWindow parent_instance;

  ShtSession *session; /* (owned) */
  GtkWidget *stack;
  GtkWidget *list;
  GtkWidget *toasts;
  GtkSizeGroup *buttons; /* (owned): as wide as each other, so that what stands beside them is too */
  GPtrArray *rows; /* (owned) (element-type Row) */
  guint timer;     /* while one is on its way */
};

G_DEFINE_FINAL_TYPE (ShtMapsDialog, sht_maps_dialog, ADW_TYPE_WINDOW)

static void show (ShtMapsDialog *self, gboolean with_covers);

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->id);
  g_free (row);
}

/* --- asking --- */

typedef struct
{
  char *id;
  gboolean want;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_free (wish->id);
  g_free (wish);
}

static gboolean
grant (ShtStore *store, gpointer data, GError **error)
{
  Wish *wish = data;

  return sht_store_want_map (store, wish->id, wish->want, error);
}

static void
on_granted (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtMapsDialog) self = data;
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    {
      gboolean room = g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NO_ROOM);

      g_message ("maps: %s", error->message);
      sht_letters_toast_show (
        self->toasts,
        sht_letters_toast_new (room ? _("There is no room for this map. Work and photos come first: make room, then fetch it.")
                            : _("Could not be saved. Nothing was changed; please try again")));
    }
  if (self->session != NULL)
    show (self, FALSE);
}

static void
on_button (GtkWidget *button, gpointer data)
{
  ShtMapsDialog *self = data;

  for (guint i = 0; i < self->rows->len; i++)
    {
      Row *row = g_ptr_array_index (self->rows, i);
      Wish *wish;

      if (row->button != button)
        continue;
      wish = g_new0 (Wish, 1);
      wish->id = g_strdup (row->id);
      wish->want = row->wants;
      sht_session_do_async (self->session, grant, wish, wish_free, on_granted, g_object_ref (self));
      return;
    }
}

/* --- what is shown --- */

static void
set_text (GtkWidget *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (label)), text) != 0)
    gtk_label_set_text (GTK_LABEL (label), text);
}

static GtkWidget *
new_words (const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

static Row *
add_row (ShtMapsDialog *self, const char *id)
{
  Row *row = g_new0 (Row, 1);
  GtkWidget *across = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16), *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  row->id = g_strdup (id);
  row->name = new_words ("card-title");
  row->about = new_words ("dim-label");
  row->sign = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  gtk_widget_add_css_class (row->sign, "mark");
  gtk_widget_add_css_class (row->sign, "attention");
  gtk_widget_set_valign (row->sign, GTK_ALIGN_START);
  row->state = new_words (NULL);
  gtk_box_append (GTK_BOX (line), row->sign);
  gtk_box_append (GTK_BOX (line), row->state);
  row->bar = gtk_progress_bar_new ();
  row->button = gtk_button_new ();
  gtk_widget_add_css_class (row->button, "touch");
  gtk_widget_set_valign (row->button, GTK_ALIGN_CENTER);
  gtk_size_group_add_widget (self->buttons, row->button);
  g_signal_connect (row->button, "clicked", G_CALLBACK (on_button), self);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), row->name);
  gtk_box_append (GTK_BOX (words), row->about);
  gtk_box_append (GTK_BOX (words), line);
  gtk_box_append (GTK_BOX (words), row->bar);
  gtk_box_append (GTK_BOX (across), words);
  gtk_box_append (GTK_BOX (across), row->button);
  gtk_widget_set_margin_top (across, 12);
  gtk_widget_set_margin_bottom (across, 12);
  gtk_widget_set_margin_start (across, 16);
  gtk_widget_set_margin_end (across, 16);
  row->row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row->row), across);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row->row), FALSE);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row->row);
  g_ptr_array_add (self->rows, row);
  return row;
}

static void
set_about (Row *row, const ShtMapPackage *map)
{
  g_autofree char *size = sht_words_size (map->size);
  g_autofree char *covers
    = g_strdup_printf (ngettext ("covers %d of your tickets", "covers %d of your tickets", (gulong) map->covers),
                       (int) map->covers);
  /* Translators: a map's size and what it covers, as “12 MB · covers 8 of your tickets” */
  g_autofree char *about = g_strdup_printf (_("%s · %s"), size, covers);

  set_text (row->about, about);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->row), GTK_ACCESSIBLE_PROPERTY_LABEL, map->name, -1);
}

static void
set_state (Row *row, const ShtMapPackage *map)
{
  gboolean coming = map->wanted && !map->damaged && (map->path == NULL || map->newer);
  int percent = map->size > 0 ? (int) (map->got * 100 / map->size) : 0;
  g_autofree char *words = NULL, *spoken = NULL;
  const char *label = _("Fetch");

  if (map->damaged)
    words = g_strdup (_("What came was damaged. Fetch it again, or tell the office."));
  else if (map->path != NULL && map->newer && map->got > 0)
    words = g_strdup_printf (_("On this tablet; a newer one is on its way: %d %%"), percent);
  else if (map->path != NULL && map->newer)
    words = g_strdup (_("On this tablet; a newer one comes when the link allows it"));
  else if (map->path != NULL)
    words = g_strdup (_("On this tablet"));
  else if (coming)
    words = g_strdup_printf (_("On its way: %d %%"), percent);
  else
    words = g_strdup (_("Not on this tablet"));
  row->wants = map->damaged || (!map->wanted && map->path == NULL);
  if (!row->wants)
    label = map->path != NULL ? _("Remove") : _("Stop");
  set_text (row->state, words);
  gtk_widget_set_visible (row->sign, map->damaged);
  gtk_widget_set_visible (row->bar, coming && map->got > 0);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (row->bar), percent / 100.0);
  if (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (row->button)), label) != 0)
    gtk_button_set_label (GTK_BUTTON (row->button), label);
  if (row->wants)
    gtk_widget_add_css_class (row->button, "suggested-action");
  else
    gtk_widget_remove_css_class (row->button, "suggested-action");
  /* Translators: what a button does, and to which map: “Fetch, North” */
  spoken = g_strdup_printf (_("%s, %s"), label, map->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static gboolean
on_look (gpointer data)
{
  show (data, FALSE);
  return G_SOURCE_CONTINUE;
}

static void
watch (ShtMapsDialog *self, gboolean coming)
{
  if (coming && self->timer == 0)
    self->timer = g_timeout_add (LOOK_MS, on_look, self);
  else if (!coming)
    g_clear_handle_id (&self->timer, g_source_remove);
}

/* Other maps than those that stand there: all rows are made anew, which seldom happens. */
static void
match_rows (ShtMapsDialog *self, GPtrArray *maps)
{
  gboolean same = maps->len == self->rows->len;

  for (guint i = 0; same && i < maps->len; i++)
    same = g_str_equal (((ShtMapPackage *) g_ptr_array_index (maps, i))->id, ((Row *) g_ptr_array_index (self->rows, i))->id);
  if (same)
    return;
  for (guint i = 0; i < self->rows->len; i++)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), ((Row *) g_ptr_array_index (self->rows, i))->row);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < maps->len; i++)
    add_row (self, ((ShtMapPackage *) g_ptr_array_index (maps, i))->id);
}

static void
show (ShtMapsDialog *self, gboolean with_covers)
{
  g_autoptr (GPtrArray) maps = sht_store_maps (sht_session_get_reader (self->session), with_covers, NULL);
  gboolean coming = FALSE;

  if (maps == NULL)
    return;
  match_rows (self, maps);
  for (guint i = 0; i < maps->len; i++)
    {
      ShtMapPackage *map = g_ptr_array_index (maps, i);
      Row *row = g_ptr_array_index (self->rows, i);

      set_text (row->name, map->name);
      if (map->covers >= 0)
        set_about (row, map);
      set_state (row, map);
      coming = coming || (map->wanted && (map->path == NULL || map->newer));
    }
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), maps->len > 0 ? "maps" : "none");
  watch (self, coming);
}

static void
on_changed (ShtMapsDialog *self)
{
  show (self, TRUE);
}

/* --- the window --- */

static void
sht_maps_dialog_dispose (GObject *object)
{
  ShtMapsDialog *self = SHT_MAPS_DIALOG (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_maps_dialog_parent_class)->dispose (object);
}

static void
sht_maps_dialog_finalize (GObject *object)
{
  g_ptr_array_unref (SHT_MAPS_DIALOG (object)->rows);
  g_object_unref (SHT_MAPS_DIALOG (object)->buttons);
  G_OBJECT_CLASS (sht_maps_dialog_parent_class)->finalize (object);
}

static void
sht_maps_dialog_class_init (ShtMapsDialogClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_maps_dialog_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_maps_dialog_finalize;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (class), GDK_KEY_Escape, 0, "window.close", NULL);
}

static GtkWidget *
new_none (void)
{
  GtkWidget *none = sht_letters_status_page_new ();

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (none), "mark-location-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (none), _("No maps to fetch"));
  adw_status_page_set_description (ADW_STATUS_PAGE (none), _("When the office gives maps out they stand here, with their size."));
  return none;
}

static void
sht_maps_dialog_init (ShtMapsDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *header = adw_header_bar_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new (), *clamp = sht_letters_clamp_new (SHT_CLAMP_FILLS, SHT_CLAMP_WIDTH);

  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->buttons = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_widget_set_valign (self->list, GTK_ALIGN_START);
  gtk_widget_set_margin_top (self->list, 12);
  gtk_widget_set_margin_bottom (self->list, 24);
  gtk_widget_set_margin_start (self->list, 18);
  gtk_widget_set_margin_end (self->list, 18);
  adw_clamp_set_child (ADW_CLAMP (clamp), self->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), scrolled, "maps");
  gtk_stack_add_named (GTK_STACK (self->stack), new_none (), "none");
  gtk_widget_set_vexpand (self->stack, TRUE);
  self->toasts = adw_toast_overlay_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), self->stack);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), self->toasts);
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
}

/**
 * sht_maps_dialog_new:
 * @parent: over whose window it stands
 *
 * Returns: (transfer none): a window, to be presented
 */
ShtMapsDialog *
sht_maps_dialog_new (GtkWidget *parent, ShtSession *session)
{
  ShtMapsDialog *self = g_object_new (SHT_TYPE_MAPS_DIALOG, "title", _("Maps on this tablet"), NULL);
  GtkRoot *root = gtk_widget_get_root (parent);

  sht_letters_stand_over (GTK_WINDOW (self), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, WIDTH, HEIGHT);
  self->session = g_object_ref (session);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Maps on this tablet"), -1);
  show (self, TRUE);
  g_signal_connect_object (session, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  return self;
}
