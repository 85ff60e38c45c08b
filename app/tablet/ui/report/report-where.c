/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/report/report-where.h"

#include "tablet/session/whereabouts.h"
#include "tablet/ui/common/where-words.h"
#include "tablet/ui/report/place-map.h"
#include "tablet/ui/report/report-place.h"

#include <glib/gi18n.h>

/* The same with the button in it and without, so that nothing jumps under the finger that drags. */
#define ROW_HEIGHT 76
/* What is known less well than this is not where somebody stands. */
#define MOST_ACCURACY_M 100

struct _ShtReportWhere
{
  AdwBin parent_instance;

  ShtStore *reader; /* the session's, which outlives every page */
  ShtWhereabouts *whereabouts; /* likewise */
  gboolean known;
  gboolean placed; /* by a person, and not guessed */
  gboolean is_own; /* where the tablet is, and not guessed either */
  gboolean held;   /* where the tablet was when the report was begun */
  ShtPosition own;
  gint64 lat_e7;
  gint64 lon_e7;

  GtkWidget *row;
  GtkWidget *back;
  GtkWidget *map;
};

G_DEFINE_FINAL_TYPE (ShtReportWhere, sht_report_where, ADW_TYPE_BIN)

static guint moved_signal;

static void
tell (ShtReportWhere *self)
{
  const char *title = _("Here"), *words;
  g_autofree char *within = self->is_own ? sht_where_words_within (&self->own) : NULL;
  g_autofree char *here = NULL;

  if (within != NULL)
    here = g_strdup_printf (self->held ? _("Where you were when you began, %s. If it is elsewhere, drag the map.")
                                       : _("Where you are, %s. If it is elsewhere, drag the map."),
                            within);

  if (self->placed)
    {
      title = _("Where the pin stands");
      words = _("Drag the map to put it right.");
    }
  else if (here != NULL)
    words = here;
  else if (self->known)
    words = _("Where your crew works now. If it is elsewhere, drag the map or write the street.");
  else
    words = _("Not known: please write the street.");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->row), words);
  gtk_widget_set_visible (self->back, self->placed);
  gtk_widget_set_visible (self->map, self->known || self->placed);
}

static void
on_moved (ShtReportWhere *self)
{
  self->placed = TRUE;
  self->is_own = self->held = FALSE;
  sht_place_map_get (SHT_PLACE_MAP (self->map), &self->lat_e7, &self->lon_e7);
  tell (self);
  g_signal_emit (self, moved_signal, 0);
}

/**
 * sht_report_where_guess:
 *
 * Looks again where the tablet is, or where the crew works; a place that a person has set stays.
 */
void
sht_report_where_guess (ShtReportWhere *self)
{
  if (self->placed || self->held)
    return;
  self->is_own = sht_whereabouts_is_here (self->whereabouts, &self->own) && self->own.accuracy_m <= MOST_ACCURACY_M;
  self->known = self->is_own || sht_report_place_guess (self->reader, &self->lat_e7, &self->lon_e7);
  if (self->is_own)
    {
      self->lat_e7 = self->own.lat_e7;
      self->lon_e7 = self->own.lon_e7;
    }
  if (self->known)
    sht_place_map_go (SHT_PLACE_MAP (self->map), self->lat_e7, self->lon_e7);
  tell (self);
}

/**
 * sht_report_where_hold:
 *
 * The report is begun: its place stays where the tablet is now, whoever drives on meanwhile. Where that is not known, where
 * the crew works is looked for again, as before.
 */
void
sht_report_where_hold (ShtReportWhere *self)
{
  if (self->placed || self->held || !self->is_own)
    return;
  self->held = TRUE;
  tell (self);
}

/**
 * sht_report_where_set:
 *
 * Puts the pin where a person had put it before.
 */
void
sht_report_where_set (ShtReportWhere *self, gint64 lat_e7, gint64 lon_e7)
{
  self->placed = TRUE;
  self->is_own = self->held = FALSE;
  self->lat_e7 = lat_e7;
  self->lon_e7 = lon_e7;
  sht_place_map_go (SHT_PLACE_MAP (self->map), lat_e7, lon_e7);
  tell (self);
}

/**
 * sht_report_where_forget:
 *
 * Back to where the tablet is, or the crew works.
 */
void
sht_report_where_forget (ShtReportWhere *self)
{
  self->placed = self->held = FALSE;
  sht_report_where_guess (self);
}

/**
 * sht_report_where_get:
 * @lat_e7: (out): 1e-7 degree
 * @lon_e7: (out): 1e-7 degree
 *
 * Returns: whether a place is known at all
 */
gboolean
sht_report_where_get (ShtReportWhere *self, gint64 *lat_e7, gint64 *lon_e7)
{
  *lat_e7 = self->lat_e7;
  *lon_e7 = self->lon_e7;
  return self->known || self->placed;
}

/** sht_report_where_is_placed: Returns: whether the place is the report's own by now, and not just where the crew is */
gboolean
sht_report_where_is_placed (ShtReportWhere *self)
{
  return self->placed || self->held;
}

/**
 * sht_report_where_get_map:
 *
 * Returns: (transfer none): the #ShtPlaceMap, for tests
 */
GtkWidget *
sht_report_where_get_map (ShtReportWhere *self)
{
  return self->map;
}

static void
sht_report_where_class_init (ShtReportWhereClass *class)
{
  moved_signal = g_signal_new ("moved", SHT_TYPE_REPORT_WHERE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sht_report_where_init (ShtReportWhere *self)
{
  GtkWidget *part = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *group = adw_preferences_group_new ();

  self->row = adw_action_row_new ();
  self->back = gtk_button_new_with_label (_("Back"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->back), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Back to where the crew works"), -1);
  gtk_widget_add_css_class (self->back, "touch");
  gtk_widget_set_valign (self->back, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->back), "report.here");
  adw_action_row_add_prefix (ADW_ACTION_ROW (self->row), gtk_image_new_from_icon_name ("mark-location-symbolic"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->row), self->back);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self->row), 0);
  gtk_widget_set_focusable (self->row, FALSE);
  gtk_widget_set_size_request (self->row, -1, ROW_HEIGHT);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Where is it?"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->row);
  self->map = sht_place_map_new ();
  g_signal_connect_object (self->map, "moved", G_CALLBACK (on_moved), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (part), group);
  gtk_box_append (GTK_BOX (part), self->map);
  adw_bin_set_child (ADW_BIN (self), part);
}

GtkWidget *
sht_report_where_new (ShtSession *session)
{
  ShtReportWhere *self = g_object_new (SHT_TYPE_REPORT_WHERE, NULL);

  self->reader = sht_session_get_reader (session);
  self->whereabouts = sht_whereabouts_of (session);
  g_signal_connect_object (self->whereabouts, "changed", G_CALLBACK (sht_report_where_guess), self, G_CONNECT_SWAPPED);
  sht_place_map_set_reader (SHT_PLACE_MAP (self->map), self->reader);
  sht_report_where_guess (self);
  return GTK_WIDGET (self);
}
