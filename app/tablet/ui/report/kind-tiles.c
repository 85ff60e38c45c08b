/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/report/kind-tiles.h"

#include "core/json.h"
#include "tablet/ui/common/even-rows.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/report/report-place.h"

#include <glib/gi18n.h>

#define KINDS 6
#define KINDS_A_LINE 3
#define TILE_HEIGHT 108

struct _ShtKindTiles
{
  GtkWidget parent_instance;

  GtkWidget *rows;
};

G_DEFINE_FINAL_TYPE (ShtKindTiles, sht_kind_tiles, GTK_TYPE_WIDGET)

static void
sht_kind_tiles_dispose (GObject *object)
{
  g_clear_pointer (&SHT_KIND_TILES (object)->rows, gtk_widget_unparent);
  G_OBJECT_CLASS (sht_kind_tiles_parent_class)->dispose (object);
}

static void
sht_kind_tiles_class_init (ShtKindTilesClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_kind_tiles_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
sht_kind_tiles_init (ShtKindTiles *self)
{
  /* Fewer than three where the longest word of all would not fit. */
  self->rows = sht_even_rows_new (9, KINDS_A_LINE);
  gtk_widget_set_parent (self->rows, GTK_WIDGET (self));
}

GtkWidget *
sht_kind_tiles_new (void)
{
  return g_object_new (SHT_TYPE_KIND_TILES, NULL);
}

static GtkWidget *
new_tile (ShtStore *reader, const char *code)
{
  g_autoptr (JsonObject) service = sht_store_get (reader, "service", code, NULL);
  g_autofree char *name = sht_words_translated (service, "name", "names");
  const char *icon = sht_json_string (service, "icon");
  GtkWidget *tile = gtk_toggle_button_new ();
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *label = gtk_label_new (name != NULL ? name : code);

  if (icon != NULL && gtk_icon_theme_has_icon (gtk_icon_theme_get_for_display (gtk_widget_get_display (tile)), icon))
    {
      GtkWidget *image = gtk_image_new_from_icon_name (icon);

      gtk_image_set_icon_size (GTK_IMAGE (image), GTK_ICON_SIZE_LARGE);
      gtk_box_append (GTK_BOX (column), image);
    }
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 14);
  gtk_box_append (GTK_BOX (column), label);
  gtk_widget_set_valign (column, GTK_ALIGN_CENTER);
  gtk_button_set_child (GTK_BUTTON (tile), column);
  gtk_widget_set_size_request (tile, -1, TILE_HEIGHT);
  gtk_widget_add_css_class (tile, "report-tile");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (tile), "report.kind");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (tile), "s", code);
  gtk_accessible_update_property (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_PROPERTY_LABEL, name != NULL ? name : code, -1);
  g_object_set_data_full (G_OBJECT (tile), "code", g_strdup (code), g_free);
  return tile;
}

/**
 * sht_kind_tiles_choose:
 * @service: (nullable): a service's code, or %NULL for none
 *
 * Tiles are chosen by the page, not by themselves: two taps on one leave it chosen.
 *
 * Returns: whether there is a tile for it
 */
gboolean
sht_kind_tiles_choose (ShtKindTiles *self, const char *service)
{
  gboolean found = FALSE;

  for (GtkWidget *tile = gtk_widget_get_first_child (self->rows); tile != NULL;
       tile = gtk_widget_get_next_sibling (tile))
    {
      gboolean chosen = g_strcmp0 (g_object_get_data (G_OBJECT (tile), "code"), service) == 0;

      found = found || chosen;
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (tile), chosen);
      if (chosen)
        gtk_widget_add_css_class (tile, "suggested-action");
      else
        gtk_widget_remove_css_class (tile, "suggested-action");
    }
  return found;
}

/**
 * sht_kind_tiles_fill:
 * @chosen: (nullable): the service that is chosen; it takes the last tile when it is not among the first
 */
void
sht_kind_tiles_fill (ShtKindTiles *self, ShtStore *reader, const char *chosen)
{
  g_autoptr (GPtrArray) codes = sht_report_place_services (reader, KINDS);
  GtkWidget *tile;

  if (chosen != NULL && codes->len > 0 && !g_ptr_array_find_with_equal_func (codes, chosen, g_str_equal, NULL))
    {
      if (codes->len == KINDS)
        g_ptr_array_remove_index (codes, codes->len - 1);
      g_ptr_array_add (codes, g_strdup (chosen));
    }
  while ((tile = gtk_widget_get_first_child (self->rows)) != NULL)
    gtk_widget_unparent (tile);
  for (guint i = 0; i < codes->len; i++)
    sht_even_rows_append (SHT_EVEN_ROWS (self->rows), new_tile (reader, g_ptr_array_index (codes, i)));
  sht_kind_tiles_choose (self, chosen);
}

/**
 * sht_kind_dialog_new:
 *
 * Returns: (transfer none): a question with all services for its answers
 */
ShtChoiceDialog *
sht_kind_dialog_new (GtkWidget *parent, ShtStore *reader)
{
  ShtChoiceDialog *dialog = sht_choice_dialog_new (parent, _("What is it?"), NULL);
  ShtStmt *stmt = sht_db_query (reader->db,
                                "SELECT id, doc FROM entity WHERE type = 'service' ORDER BY doc ->> 'group', id", "");

  while (sht_stmt_step (stmt))
    {
      g_autoptr (JsonObject) service = sht_json_parse_object (sht_stmt_text (stmt, 1), -1, NULL);
      g_autofree char *name = sht_words_translated (service, "name", "names");
      const char *department = sht_names_get (reader, "department", sht_json_string (service, "department"));

      sht_choice_dialog_add (dialog, sht_stmt_text (stmt, 0), name != NULL ? name : sht_stmt_text (stmt, 0), department,
                             sht_json_string (service, "icon"));
    }
  sht_stmt_end (stmt, NULL);
  return dialog;
}
