/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/choice-dialog.h"

#include "core/json.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/words.h"

#define ROW_HEIGHT 56
#define WIDTH 460
#define HEIGHT 560

struct _ShtChoiceDialog
{
  AdwWindow parent_instance;

  GtkWidget *words; /* (nullable) */
  GtkWidget *list;
};

G_DEFINE_FINAL_TYPE (ShtChoiceDialog, sht_choice_dialog, ADW_TYPE_WINDOW)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_row_activated (ShtChoiceDialog *self, GtkListBoxRow *row)
{
  g_autofree char *words = NULL;
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (row), "id"));

  if (self->words != NULL)
    {
      words = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->words))));
      if (words[0] == '\0')
        g_clear_pointer (&words, g_free);
    }
  g_object_ref (self);
  g_signal_emit (self, signals[CHOSEN], 0, id, words);
  gtk_window_destroy (GTK_WINDOW (self));
  g_object_unref (self);
}

static void
sht_choice_dialog_class_init (ShtChoiceDialogClass *class)
{
  signals[CHOSEN] = g_signal_new ("chosen", SHT_TYPE_CHOICE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (class), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sht_choice_dialog_init (ShtChoiceDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = sht_letters_clamp_new (SHT_CLAMP_FILLS, SHT_CLAMP_WIDTH);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_widget_set_valign (self->list, GTK_ALIGN_START);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (on_row_activated), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (column), self->list);
  gtk_widget_set_margin_top (column, 12);
  gtk_widget_set_margin_bottom (column, 24);
  gtk_widget_set_margin_start (column, 18);
  gtk_widget_set_margin_end (column, 18);
  adw_clamp_set_child (ADW_CLAMP (clamp), column);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), scrolled);
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
}

/**
 * sht_choice_dialog_new:
 * @parent: over whose window it stands
 * @title: the question
 * @words_title: (nullable): what may be written besides; %NULL for nothing
 */
ShtChoiceDialog *
sht_choice_dialog_new (GtkWidget *parent, const char *title, const char *words_title)
{
  ShtChoiceDialog *self = g_object_new (SHT_TYPE_CHOICE_DIALOG, "title", title, NULL);
  GtkRoot *root = gtk_widget_get_root (parent);

  sht_letters_stand_over (GTK_WINDOW (self), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, WIDTH, HEIGHT);
  if (words_title != NULL)
    {
      GtkWidget *group = gtk_list_box_new ();

      self->words = adw_entry_row_new ();
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->words), words_title);
      gtk_list_box_set_selection_mode (GTK_LIST_BOX (group), GTK_SELECTION_NONE);
      gtk_widget_add_css_class (group, "boxed-list");
      gtk_list_box_append (GTK_LIST_BOX (group), self->words);
      /* Above, as an answer is given at once; but without the focus, which would bring up a keyboard. */
      gtk_box_prepend (GTK_BOX (gtk_widget_get_parent (self->list)), group);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return self;
}

/**
 * sht_choice_dialog_ask_digits:
 *
 * What is written besides is digits in groups, which go from left to right in every language; it is asked for first.
 */
void
sht_choice_dialog_ask_digits (ShtChoiceDialog *self)
{
  gboolean is_rtl = gtk_widget_get_direction (self->words) == GTK_TEXT_DIR_RTL;
  GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (self->words));

  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (self->words), GTK_INPUT_PURPOSE_DIGITS);
  gtk_widget_set_direction (GTK_WIDGET (text), GTK_TEXT_DIR_LTR);
  gtk_editable_set_alignment (text, is_rtl ? 1 : 0);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (text));
}

/**
 * sht_choice_dialog_add:
 * @id: what ::chosen will say
 * @subtitle: (nullable)
 * @icon: (nullable): an icon's name; one that is not installed is left out
 */
void
sht_choice_dialog_add (ShtChoiceDialog *self, const char *id, const char *title, const char *subtitle,
                       const char *icon)
{
  GtkWidget *row = adw_action_row_new ();
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (icon != NULL && gtk_icon_theme_has_icon (theme, icon))
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_size_request (row, -1, ROW_HEIGHT);
  g_object_set_data_full (G_OBJECT (row), "id", g_strdup (id), g_free);
  /* Its title is its name already. */
  if (subtitle != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle, -1);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
  if (gtk_window_get_focus (GTK_WINDOW (self)) == NULL)
    gtk_window_set_focus (GTK_WINDOW (self), row);
}

/* @subtitles: (nullable): by their codes, what stands below their names; otherwise it is a crew's department */
static void
add_entities (ShtChoiceDialog *self, ShtStore *store, const char *type, const char *except, const char *only_department, GHashTable *subtitles)
{
  ShtStmt *stmt = sht_db_query (store->db, "SELECT id, doc FROM entity WHERE type = ?1 ORDER BY doc ->> 'department', id",
                                "s", type);

  while (sht_stmt_step (stmt))
    {
      g_autoptr (JsonObject) entity = sht_json_parse_object (sht_stmt_text (stmt, 1), -1, NULL);
      g_autofree char *name = sht_words_translated (entity, "name", "names");
      const char *department = sht_json_string (entity, "department");
      const char *subtitle = subtitles != NULL    ? g_hash_table_lookup (subtitles, sht_stmt_text (stmt, 0))
                             : department != NULL ? sht_names_get (store, "department", department)
                                                  : NULL;

      if (g_strcmp0 (sht_stmt_text (stmt, 0), except) == 0
          || (only_department != NULL && g_strcmp0 (department, only_department) != 0))
        continue;
      sht_choice_dialog_add (self, sht_stmt_text (stmt, 0), name != NULL ? name : sht_stmt_text (stmt, 0), subtitle,
                             "system-users-symbolic");
    }
  sht_stmt_end (stmt, NULL);
}

/**
 * sht_choice_dialog_add_entities:
 * @type: `crew` or `department`
 * @except: (nullable): a code that is left out
 * @only_department: (nullable): only crews of this one
 *
 * Adds what the hub told of this kind, by their names; ::chosen says the code.
 */
void
sht_choice_dialog_add_entities (ShtChoiceDialog *self, ShtStore *store, const char *type, const char *except, const char *only_department)
{
  add_entities (self, store, type, except, only_department, NULL);
}

static GHashTable *
loads_of (ShtStore *store, const char *department)
{
  GHashTable *loads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT e.id, count (t.row), coalesce (sum (t.due_at < ?2), 0) FROM entity AS e LEFT JOIN ticket AS t "
                                "ON t.open = 1 AND t.crew = e.id WHERE e.type = 'crew' AND e.doc ->> 'department' = ?1 GROUP BY e.id",
                                "si", department, sht_store_now (store));

  while (sht_stmt_step (stmt))
    {
      guint open = (guint) sht_stmt_int (stmt, 1);
      int late = (int) sht_stmt_int (stmt, 2);
      g_autofree char *load = g_strdup_printf (ngettext ("%u open", "%u open", open), open);
      g_autofree char *overdue = late > 0 ? g_strdup_printf (ngettext ("%d late now", "%d late now", (gulong) late), late) : NULL;

      g_hash_table_insert (loads, sht_stmt_dup (stmt, 0),
                           overdue != NULL ? g_strdup_printf ("%s · %s", load, overdue) : g_steal_pointer (&load));
    }
  sht_stmt_end (stmt, NULL);
  return loads;
}

/**
 * sht_choice_dialog_add_crews:
 * @except: (nullable): a code that is left out
 * @department: (nullable): only crews of this one; by how much each of them has one chooses
 *
 * Adds crews, as sht_choice_dialog_add_entities() does.
 */
void
sht_choice_dialog_add_crews (ShtChoiceDialog *self, ShtStore *store, const char *except, const char *department)
{
  g_autoptr (GHashTable) loads = department != NULL ? loads_of (store, department) : NULL;

  add_entities (self, store, "crew", except, department, loads);
}
