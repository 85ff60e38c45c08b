/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/page.h"

#include "core/json.h"
#include "tablet/store/clock.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/figures/trend.h"

#include <glib/gi18n.h>
#include <math.h>

#define COLUMN_WIDTH 860
/* Four tiles beside each other on a tablet that stands. */
#define TILE_CHARS 14
/* “5 min ago” grows old by itself. */
#define RETELL_S 60

#define SHT_TYPE_FIGURES_PAGE (sht_figures_page_get_type ())
G_DECLARE_FINAL_TYPE (ShtFiguresPage, sht_figures_page, SHT, FIGURES_PAGE, AdwBin)

/**
 * ShtFiguresPage:
 *
 * How those who work with this tablet do, and the league of departments and crews, as the hub told it last. Nobody is
 * named in it.
 */
struct _ShtFiguresPage
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  GtkWidget *stack;
  GtkWidget *none;
  GtkWidget *scrolled;
  GtkWidget *column;
  GtkWidget *as_of;
  GtkWidget *parts;
  char *shown; /* (owned) (nullable): what the parts were made from */
  guint retell_timer;
};

G_DEFINE_FINAL_TYPE (ShtFiguresPage, sht_figures_page, ADW_TYPE_BIN)

static ShtStore *
get_reader (ShtFiguresPage *self)
{
  return sht_session_get_reader (self->session);
}

/* --- shares --- */

/* Of a pair [part, whole] in hundredths of a percent, rounded down as the league is sorted; -1 of nothing. */
static gint64
share (JsonObject *figures, const char *member)
{
  JsonArray *pair = sht_json_array (figures, member);

  if (pair == NULL || json_array_get_length (pair) != 2 || json_array_get_int_element (pair, 1) <= 0)
    return -1;
  return json_array_get_int_element (pair, 0) * 10000 / json_array_get_int_element (pair, 1);
}

/* Rounded; but all is said of nothing less than all. */
static char *
say_share (gint64 hundredths)
{
  gint64 percent = hundredths >= 10000 ? 100 : MIN ((hundredths + 50) / 100, 99);

  /* Translators: a share, as "92 %" */
  return hundredths >= 0 ? g_strdup_printf (_("%d%%"), (int) percent) : g_strdup ("–");
}

/* By how much the share on time has changed since the week before; %NULL where the two cannot be compared. */
static char *
say_change (JsonObject *figures, gboolean in_words)
{
  gint64 now = share (figures, "on_time"), before = share (figures, "on_time_before");
  int points = (int) lround ((double) (now - before) / 100);

  if (now < 0 || before < 0)
    return NULL;
  if (points == 0)
    return g_strdup (in_words ? _("as in the week before") : "=");
  if (!in_words)
    return g_strdup_printf (points > 0 ? "▲ %d" : "▼ %d", ABS (points));
  return g_strdup_printf (points > 0 ? ngettext ("up by one point since the week before", "up by %d points since the week before", (gulong) ABS (points))
                                     : ngettext ("down by one point since the week before", "down by %d points since the week before", (gulong) ABS (points)),
                          ABS (points));
}

/* --- parts --- */

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
new_narrow (const char *text, const char *css_class)
{
  GtkWidget *label = new_label (text, css_class);

  gtk_label_set_max_width_chars (GTK_LABEL (label), TILE_CHARS);
  return label;
}

static void
add_tile (GtkWidget *tiles, const char *value, const char *what, const char *more)
{
  GtkWidget *tile = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *child = gtk_flow_box_child_new ();

  gtk_box_append (GTK_BOX (tile), new_narrow (value, "title-1"));
  gtk_box_append (GTK_BOX (tile), new_narrow (what, "heading"));
  if (more != NULL)
    gtk_box_append (GTK_BOX (tile), new_narrow (more, "dim-label"));
  gtk_widget_add_css_class (tile, "card");
  gtk_widget_add_css_class (tile, "figure-tile");
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), tile);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_append (GTK_FLOW_BOX (tiles), child);
}

static void
add_count (GtkWidget *tiles, JsonObject *figures, const char *member, const char *what, const char *more)
{
  g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, sht_json_int (figures, member, 0));

  add_tile (tiles, value, what, more);
}

static void
add_median (GtkWidget *tiles, JsonObject *figures, const char *milestone, const char *what)
{
  gint64 ms = sht_json_int (sht_json_object (figures, "median"), milestone, -1);
  g_autofree char *value = ms >= 0 ? sht_words_span (ms) : NULL;

  if (value != NULL)
    add_tile (tiles, value, what, _("half of them took less"));
}

static GtkWidget *
new_tiles (ShtFiguresPage *self, JsonObject *figures)
{
  GtkWidget *tiles = gtk_flow_box_new ();
  gint64 oldest = sht_json_int (figures, "oldest_at", 0), now = sht_store_hub_now (get_reader (self));
  g_autofree char *on_time = say_share (share (figures, "on_time"));
  g_autofree char *change = say_change (figures, TRUE);
  g_autofree char *first = say_share (share (figures, "first_time"));
  g_autofree char *span = oldest > 0 ? sht_words_span (now - oldest) : NULL;
  g_autofree char *since = span != NULL ? g_strdup_printf (_("the oldest: %s"), span) : NULL;

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (tiles), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (tiles), TRUE);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (tiles), 2);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (tiles), 4);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (tiles), 9);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (tiles), 9);
  gtk_widget_add_css_class (tiles, "tight");
  add_tile (tiles, on_time, _("on time"), change);
  add_count (tiles, figures, "open", C_ ("figure", "open"), since);
  add_count (tiles, figures, "late", C_ ("figure", "late"), NULL);
  add_count (tiles, figures, "due_today", C_ ("figure", "due today"), NULL);
  add_count (tiles, figures, "opened", C_ ("figure", "opened"), NULL);
  add_count (tiles, figures, "closed", C_ ("figure", "closed"), NULL);
  add_tile (tiles, first, _("done the first time"), NULL);
  add_count (tiles, figures, "reopened", C_ ("figure", "reopened"), NULL);
  add_median (tiles, figures, "first_response", _("until a crew was on its way"));
  add_median (tiles, figures, "complete", _("until it was done"));
  return tiles;
}

static GtkWidget *
new_day (gint64 ms)
{
  g_autoptr (GDateTime) day = g_date_time_new_from_unix_local (ms / 1000);
  g_autofree char *date = day != NULL ? g_date_time_format (day, "%-d.%-m") : g_strdup ("");

  return new_label (date, "trend-day");
}

/* Which day the first bars are, and which the last. */
static GtkWidget *
new_days (gint64 as_of)
{
  GtkWidget *days = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *first = new_day (as_of - (SHT_TREND_DAYS - 1) * G_GINT64_CONSTANT (24 * 60 * 60 * 1000));

  gtk_widget_set_hexpand (first, TRUE);
  gtk_box_append (GTK_BOX (days), first);
  gtk_box_append (GTK_BOX (days), new_day (as_of));
  return days;
}

static GtkWidget *
new_trend (JsonObject *figures, gint64 as_of)
{
  JsonObject *trend = sht_json_object (figures, "trend");
  JsonArray *usual = sht_json_array (trend, "usual");
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  g_autofree char *range = usual != NULL && json_array_get_length (usual) == 2
                             ? g_strdup_printf (_("usually %d to %d opened a day"),
                                                (int) json_array_get_int_element (usual, 0),
                                                (int) json_array_get_int_element (usual, 1))
                             : NULL;
  GtkWidget *legend = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 14);
  GtkWidget *opened = new_label (_("■ opened"), "trend-opened"), *closed = new_label (_("■ closed"), "trend-closed");
  GtkWidget *chart = sht_trend_new (trend);
  g_autofree char *most = g_strdup_printf (_("at most %d on a day"), (int) sht_trend_get_most (SHT_TREND (chart)));

  gtk_box_append (GTK_BOX (legend), opened);
  gtk_box_append (GTK_BOX (legend), closed);
  gtk_box_append (GTK_BOX (legend), new_label (most, "dim-label"));
  if (range != NULL)
    {
      GtkWidget *words = new_label (range, "dim-label");

      gtk_widget_set_hexpand (words, TRUE);
      gtk_box_append (GTK_BOX (legend), words);
    }
  gtk_box_append (GTK_BOX (card), new_label (_("The last 14 days"), "heading"));
  gtk_box_append (GTK_BOX (card), chart);
  gtk_box_append (GTK_BOX (card), new_days (as_of));
  gtk_box_append (GTK_BOX (card), legend);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "figure-tile");
  return card;
}

/* --- the league --- */

static GtkWidget *
new_row (ShtFiguresPage *self, JsonObject *figures, const char *type, gboolean own)
{
  JsonArray *on_time = sht_json_array (figures, "on_time");
  const char *id = sht_json_string (figures, "id");
  const char *name = id != NULL ? sht_names_get (get_reader (self), type, id) : _("With nobody");
  g_autofree char *percent = say_share (share (figures, "on_time"));
  g_autofree char *change = say_change (figures, FALSE), *in_words = say_change (figures, TRUE);
  gint64 kept = on_time != NULL && json_array_get_length (on_time) == 2 ? json_array_get_int_element (on_time, 0) : 0;
  gint64 judged = on_time != NULL && json_array_get_length (on_time) == 2 ? json_array_get_int_element (on_time, 1) : 0;
  g_autofree char *kept_words
    = judged > 0 ? g_strdup_printf (_("%d of %d on time"), (int) kept, (int) judged) : g_strdup (_("nothing fell due"));
  g_autofree char *late = g_strdup_printf (ngettext ("%d late now", "%d late now", (gulong) sht_json_int (figures, "late", 0)),
                                           (int) sht_json_int (figures, "late", 0));
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", kept_words, late);
  g_autofree char *title = own ? g_strdup_printf (_("%s – that is us"), name) : g_strdup (name);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *arrow = gtk_label_new (change != NULL ? change : "");
  GtkWidget *value = gtk_label_new (percent);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_add_css_class (arrow, "league-change");
  gtk_label_set_width_chars (GTK_LABEL (arrow), 5);
  gtk_widget_add_css_class (value, "title-3");
  gtk_label_set_width_chars (GTK_LABEL (value), 5);
  if (in_words != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_PROPERTY_LABEL, in_words, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), value);
  gtk_widget_set_focusable (row, FALSE);
  if (own)
    gtk_widget_add_css_class (row, "league-own");
  return row;
}

static GtkWidget *
new_league (ShtFiguresPage *self, JsonArray *groups, const char *title, const char *words, const char *type, const char *own)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), words);
  for (guint i = 0; i < json_array_get_length (groups); i++)
    {
      JsonObject *figures = sht_json_element (groups, i);

      if (figures != NULL)
        adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                                   new_row (self, figures, type,
                                            own != NULL && g_strcmp0 (own, sht_json_string (figures, "id")) == 0));
    }
  return group;
}

static JsonObject *
find_group (JsonArray *groups, const char *id)
{
  for (guint i = 0; groups != NULL && i < json_array_get_length (groups); i++)
    if (g_strcmp0 (sht_json_string (sht_json_element (groups, i), "id"), id) == 0)
      return sht_json_element (groups, i);
  return NULL;
}

/* One's own: the crew's, else the department's, else the whole town's. */
static void
add_own (ShtFiguresPage *self, JsonObject *league)
{
  const ShtDevice *device = &get_reader (self)->device;
  const char *type = device->crew != NULL ? "crew" : "department";
  const char *id = device->crew != NULL ? device->crew : device->department;
  JsonObject *own = id == NULL ? sht_json_object (league, "town")
                               : find_group (sht_json_array (league, device->crew != NULL ? "crews" : "departments"), id);
  const char *name = id == NULL ? _("The whole town") : sht_names_get (get_reader (self), type, id);

  gtk_box_append (GTK_BOX (self->parts), new_label (name, "title-2"));
  if (own == NULL)
    {
      gtk_box_append (GTK_BOX (self->parts), new_label (_("Nothing to be counted yet in these days."), "dim-label"));
      return;
    }
  gtk_box_append (GTK_BOX (self->parts), new_tiles (self, own));
  gtk_box_append (GTK_BOX (self->parts), new_trend (own, sht_json_int (league, "as_of", 0)));
}

static void
add_league (ShtFiguresPage *self, JsonObject *league, const char *member, const char *title, const char *words,
            const char *type, const char *own)
{
  JsonArray *groups = sht_json_array (league, member);

  if (groups != NULL && json_array_get_length (groups) > 0)
    gtk_box_append (GTK_BOX (self->parts), new_league (self, groups, title, words, type, own));
}

static void
show_parts (ShtFiguresPage *self, JsonObject *league)
{
  const ShtDevice *device = &get_reader (self)->device;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->parts)) != NULL)
    gtk_box_remove (GTK_BOX (self->parts), child);
  add_own (self, league);
  add_league (self, league, "departments", _("The departments"), _("On time in these seven days; those who improved come first."),
              "department", device->department);
  add_league (self, league, "crews", _("The crews"), NULL, "crew", device->crew);
}

static void
show_all (ShtFiguresPage *self)
{
  g_autofree char *doc = sht_store_get_doc (get_reader (self), "figures", "league", NULL);
  g_autoptr (JsonObject) league = doc != NULL ? sht_json_parse_object (doc, -1, NULL) : NULL;
  g_autofree char *ago = NULL, *words = NULL;

  gtk_stack_set_visible_child (GTK_STACK (self->stack), league != NULL ? self->scrolled : self->none);
  if (league == NULL)
    return;
  ago = sht_words_ago (sht_json_int (league, "as_of", 0), sht_store_hub_now (get_reader (self)));
  words = g_strdup_printf (_("The last seven days, as the hub counted them %s"), ago);
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (self->as_of)), words) != 0)
    gtk_label_set_text (GTK_LABEL (self->as_of), words);
  if (g_strcmp0 (doc, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&doc);
  show_parts (self, league);
}

/* --- the page --- */

static void
on_changed (ShtFiguresPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_all (self);
}

static gboolean
on_retell (gpointer data)
{
  show_all (data);
  return G_SOURCE_CONTINUE;
}

static void
sht_figures_page_map (GtkWidget *widget)
{
  ShtFiguresPage *self = SHT_FIGURES_PAGE (widget);

  show_all (self);
  if (self->retell_timer == 0)
    self->retell_timer = g_timeout_add_seconds (RETELL_S, on_retell, self);
  GTK_WIDGET_CLASS (sht_figures_page_parent_class)->map (widget);
}

static void
sht_figures_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&SHT_FIGURES_PAGE (widget)->retell_timer, g_source_remove);
  GTK_WIDGET_CLASS (sht_figures_page_parent_class)->unmap (widget);
}

static void
sht_figures_page_dispose (GObject *object)
{
  ShtFiguresPage *self = SHT_FIGURES_PAGE (object);

  g_clear_handle_id (&self->retell_timer, g_source_remove);
  g_clear_pointer (&self->shown, g_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_figures_page_parent_class)->dispose (object);
}

static void
sht_figures_page_class_init (ShtFiguresPageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_figures_page_dispose;
  GTK_WIDGET_CLASS (class)->map = sht_figures_page_map;
  GTK_WIDGET_CLASS (class)->unmap = sht_figures_page_unmap;
}

static void
sht_figures_page_init (ShtFiguresPage *self)
{
  GtkWidget *clamp = sht_letters_clamp_new (SHT_CLAMP_FILLS, COLUMN_WIDTH);

  self->column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  self->as_of = new_label (NULL, "dim-label");
  self->parts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  gtk_box_append (GTK_BOX (self->column), self->as_of);
  gtk_box_append (GTK_BOX (self->column), self->parts);
  gtk_widget_set_margin_top (self->column, 12);
  gtk_widget_set_margin_bottom (self->column, 24);
  gtk_widget_set_margin_start (self->column, 14);
  gtk_widget_set_margin_end (self->column, 14);
  adw_clamp_set_child (ADW_CLAMP (clamp), self->column);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), clamp);
  self->none = sht_letters_status_page_new ();
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (self->none),
                                 sht_icon_or ("sht-dashboard-symbolic", "dialog-information-symbolic"));
  adw_status_page_set_title (ADW_STATUS_PAGE (self->none), _("No figures yet"));
  adw_status_page_set_description (ADW_STATUS_PAGE (self->none), _("They come with the next contact with the hub."));
  self->stack = gtk_stack_new ();
  gtk_stack_add_child (GTK_STACK (self->stack), self->none);
  gtk_stack_add_child (GTK_STACK (self->stack), self->scrolled);
  adw_bin_set_child (ADW_BIN (self), self->stack);
}

/**
 * sht_figures_page_new:
 * @session: whose figures
 */
GtkWidget *
sht_figures_page_new (ShtSession *session)
{
  ShtFiguresPage *self = g_object_new (SHT_TYPE_FIGURES_PAGE, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
