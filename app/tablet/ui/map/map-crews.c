/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/map-crews.h"

#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/scroll-bar.h"
#include "tablet/ui/common/where-words.h"
#include "tablet/ui/map/map-tools.h"
#include "tablet/ui/map/map-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* How often it is shown that positions grow old. */
#define AGE_S 15
/* While a first fill goes on something changes ten times a second. */
#define LOOK_MS 1000

struct _ShtMapCrews
{
  GtkPopover parent_instance;

  ShtSession *session; /* (unowned): the page's */
  ShumateMap *map;     /* (unowned): the page's, which holds this too */
  ShtCrewLayer *layer; /* (unowned): the map's */
  GtkWidget *list;
  GtkWidget *scrolled;
  guint timer;
  guint look_timer;
};

G_DEFINE_FINAL_TYPE (ShtMapCrews, sht_map_crews, GTK_TYPE_POPOVER)

static GtkWidget *
new_label (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
new_row (const ShtCrewPosition *crew, const char *name)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  g_autofree char *words = sht_where_words_crew (crew), *spoken = g_strdup_printf ("%s: %s", name, words);

  gtk_box_append (GTK_BOX (box), new_label (name, "heading"));
  gtk_box_append (GTK_BOX (box), new_label (words, crew->where == SHT_CREW_HERE ? "crew-here" : "dim-label"));
  gtk_widget_add_css_class (box, "map-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), crew->where == SHT_CREW_HERE);
  gtk_widget_set_name (row, crew->crew);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

static ShtCrewSign *
new_sign (const ShtCrewPosition *crew, const char *name)
{
  ShtCrewSign *sign = g_new0 (ShtCrewSign, 1);

  sign->name = g_strdup (name);
  sign->words = sht_where_words_crew (crew);
  sign->position = crew->position;
  sign->age_ms = crew->age_ms;
  return sign;
}

static void
fill_list (ShtMapCrews *self, GPtrArray *crews)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->list)) != NULL && GTK_IS_LIST_BOX_ROW (row))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  for (guint i = 0; i < crews->len; i++)
    {
      ShtCrewPosition *crew = g_ptr_array_index (crews, i);

      gtk_list_box_append (GTK_LIST_BOX (self->list), new_row (crew, sht_names_get (reader, "crew", crew->crew)));
    }
  sht_map_fit_popover (GTK_WIDGET (self), self->scrolled, self->list);
}

static void
look (ShtMapCrews *self)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) crews = sht_store_crew_positions (reader, &error);
  GPtrArray *signs;

  if (crews == NULL)
    {
      g_warning ("crews: %s", error->message);
      return;
    }
  signs = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_crew_sign_free);
  for (guint i = 0; i < crews->len; i++)
    {
      ShtCrewPosition *crew = g_ptr_array_index (crews, i);

      if (crew->where == SHT_CREW_HERE)
        g_ptr_array_add (signs, new_sign (crew, sht_names_get (reader, "crew", crew->crew)));
    }
  sht_crew_layer_set (self->layer, signs);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    fill_list (self, crews);
}

static void
on_show (ShtMapCrews *self)
{
  g_autoptr (GPtrArray) crews = sht_store_crew_positions (sht_session_get_reader (self->session), NULL);

  if (crews != NULL)
    fill_list (self, crews);
}

static void
on_row (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  ShtMapCrews *self = data;
  g_autoptr (GPtrArray) crews = sht_store_crew_positions (sht_session_get_reader (self->session), NULL);

  for (guint i = 0; crews != NULL && i < crews->len; i++)
    {
      ShtCrewPosition *crew = g_ptr_array_index (crews, i);

      if (crew->where == SHT_CREW_HERE && g_str_equal (crew->crew, gtk_widget_get_name (GTK_WIDGET (row))))
        sht_map_go_to (self->map, (double) crew->position.lat_e7 / 1e7, (double) crew->position.lon_e7 / 1e7,
                       SHT_MAP_CLOSEST_FIT, TRUE);
    }
  gtk_popover_popdown (GTK_POPOVER (self));
}

static gboolean
on_age (gpointer data)
{
  look (data);
  return G_SOURCE_CONTINUE;
}

static void
on_map (ShtMapCrews *self)
{
  if (self->timer == 0)
    self->timer = g_timeout_add_seconds (AGE_S, on_age, self);
  look (self);
}

static void
on_unmap (ShtMapCrews *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->look_timer, g_source_remove);
}

static gboolean
on_look (gpointer data)
{
  ShtMapCrews *self = data;

  self->look_timer = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

/* A page that is not seen need not look. */
static void
on_changed (ShtMapCrews *self)
{
  if (self->timer != 0 && self->look_timer == 0)
    self->look_timer = g_timeout_add (LOOK_MS, on_look, self);
}

static void
on_dark (ShtMapCrews *self)
{
  sht_crew_layer_set_dark (self->layer, adw_style_manager_get_dark (adw_style_manager_get_default ()));
}

static void
sht_map_crews_dispose (GObject *object)
{
  g_clear_handle_id (&SHT_MAP_CREWS (object)->timer, g_source_remove);
  g_clear_handle_id (&SHT_MAP_CREWS (object)->look_timer, g_source_remove);
  G_OBJECT_CLASS (sht_map_crews_parent_class)->dispose (object);
}

static void
sht_map_crews_class_init (ShtMapCrewsClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_map_crews_dispose;
}

static void
sht_map_crews_init (ShtMapCrews *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *scrolled = gtk_scrolled_window_new ();
  GtkWidget *words = new_label (_("Crews are seen during their shift only, and may pause it."), "dim-label");

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_widget_add_css_class (self->list, "map-rows");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  sht_scroll_bar_show (scrolled);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  self->scrolled = scrolled;
  sht_letters_widen (scrolled, 320);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_label_set_max_width_chars (GTK_LABEL (words), 40);
  gtk_box_append (GTK_BOX (box), new_label (_("Where the crews are"), "title-4"));
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), words);
  gtk_popover_set_child (GTK_POPOVER (self), box);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row), self);
  g_signal_connect_swapped (self, "show", G_CALLBACK (on_show), self);
}

/** sht_map_crews_are_seen: Returns: whether this tablet is a supervisor's, who sees where crews are */
gboolean
sht_map_crews_are_seen (ShtStore *reader)
{
  return reader->device.token != NULL && reader->device.role >= SHT_ROLE_SUPERVISOR;
}

/**
 * sht_map_crews_new:
 * @map: where the signs are, above all that is there
 * @room: what takes room on it
 *
 * Returns: (transfer floating): the list, for a menu button
 */
GtkWidget *
sht_map_crews_new (ShtSession *session, ShumateMap *map, ShtMapRoom *room)
{
  ShtMapCrews *self = g_object_new (SHT_TYPE_MAP_CREWS, NULL);

  self->session = session;
  self->map = map;
  self->layer = sht_crew_layer_new (shumate_map_get_viewport (map), room);
  shumate_map_add_layer (map, SHUMATE_LAYER (self->layer));
  g_signal_connect_object (map, "map", G_CALLBACK (on_map), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (map, "unmap", G_CALLBACK (on_unmap), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (on_dark), self, G_CONNECT_SWAPPED);
  on_dark (self);
  return GTK_WIDGET (self);
}
