/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/district-line.h"

#include "core/json.h"
#include "tablet/store/place.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

struct _ShtDistrictLine
{
  GtkBox parent_instance;

  ShtStore *reader; /* (unowned): the session's, which outlives every page */
  GtkWidget *button;
  GtkWidget *arrow;
  GtkWidget *words;
  gboolean is_open;
  char *told;       /* (owned) (nullable): of which ticket; another one's begins closed */
};

G_DEFINE_FINAL_TYPE (ShtDistrictLine, sht_district_line, GTK_TYPE_BOX)

static void
show_open (ShtDistrictLine *self)
{
  gtk_label_set_wrap (GTK_LABEL (self->words), self->is_open);
  gtk_label_set_ellipsize (GTK_LABEL (self->words), self->is_open ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->arrow), self->is_open ? "pan-up-symbolic" : "pan-down-symbolic");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_STATE_EXPANDED, self->is_open, -1);
}

static void
on_clicked (ShtDistrictLine *self)
{
  self->is_open = !self->is_open;
  show_open (self);
}

static void
sht_district_line_finalize (GObject *object)
{
  g_free (SHT_DISTRICT_LINE (object)->told);
  G_OBJECT_CLASS (sht_district_line_parent_class)->finalize (object);
}

static void
sht_district_line_class_init (ShtDistrictLineClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_district_line_finalize;
}

static void
sht_district_line_init (ShtDistrictLine *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *icon = gtk_image_new_from_icon_name ("sht-area-symbolic");

  self->words = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->words), 0);
  gtk_label_set_wrap_mode (GTK_LABEL (self->words), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (self->words, TRUE);
  self->arrow = gtk_image_new ();
  gtk_widget_add_css_class (icon, "dim-label");
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_margin_top (icon, 2);
  gtk_widget_set_valign (self->arrow, GTK_ALIGN_START);
  gtk_widget_set_margin_top (self->arrow, 2);
  gtk_box_append (GTK_BOX (content), icon);
  gtk_box_append (GTK_BOX (content), self->words);
  gtk_box_append (GTK_BOX (content), self->arrow);
  self->button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->button), content);
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_add_css_class (self->button, "district-line");
  gtk_widget_set_hexpand (self->button, TRUE);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_clicked), self);
  gtk_box_append (GTK_BOX (self), self->button);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  show_open (self);
}

/**
 * sht_district_line_new:
 * @reader: (transfer none): a store for the main thread, which outlives the line
 */
GtkWidget *
sht_district_line_new (ShtStore *reader)
{
  ShtDistrictLine *self = g_object_new (SHT_TYPE_DISTRICT_LINE, NULL);

  self->reader = reader;
  return GTK_WIDGET (self);
}

/**
 * sht_district_line_update:
 * @ticket: the ticket's document
 */
void
sht_district_line_update (ShtDistrictLine *self, JsonObject *ticket)
{
  g_autofree char *doc
    = sht_place_district_of (self->reader->db, sht_json_string (ticket, "district"), sht_json_has (ticket, "lat_e7"),
                             sht_json_int (ticket, "lat_e7", 0), sht_json_int (ticket, "lon_e7", 0));
  g_autoptr (JsonObject) district = doc != NULL ? sht_json_parse_object (doc, -1, NULL) : NULL;
  const char *note = sht_json_string (district, "note"), *id = sht_json_string (ticket, "id");
  g_autofree char *name = district != NULL ? sht_words_translated (district, "name", "names") : NULL;
  g_autofree char *words = NULL, *line = NULL, *spoken = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), note != NULL);
  if (note == NULL)
    return;
  /* Each in a line of its own, for each may run in its own direction. */
  words = name != NULL ? g_strdup_printf ("%s:\n%s", name, note) : g_strdup (note);
  line = name != NULL ? g_strdup_printf ("%s: %s", name, note) : g_strdup (note);
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (self->words)), words) != 0)
    gtk_label_set_text (GTK_LABEL (self->words), words);
  /* Translators: of a district: what crews should know of the people there */
  spoken = g_strdup_printf (_("About the district: %s"), line);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  if (g_strcmp0 (self->told, id) == 0)
    return;
  g_free (self->told);
  self->told = g_strdup (id);
  self->is_open = FALSE;
  show_open (self);
}
