/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/place-report.h"

#include "core/geo.h"
#include "core/json.h"
#include "tablet/session/whereabouts.h"
#include "tablet/ui/common/choice-dialog.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

struct _ShtPlaceReport
{
  GtkBox parent_instance;

  ShtSession *session; /* (unowned): the page's */
  JsonObject *place;   /* (owned) (nullable) */
  GtkWidget *told;
  GtkWidget *button;
};

G_DEFINE_FINAL_TYPE (ShtPlaceReport, sht_place_report, GTK_TYPE_BOX)

static ShtStore *
get_reader (ShtPlaceReport *self)
{
  return sht_session_get_reader (self->session);
}

static gboolean
is_supervisor (ShtPlaceReport *self)
{
  return get_reader (self)->device.role >= SHT_ROLE_SUPERVISOR;
}

static gboolean
says (JsonObject *object, const char *member, const char *value)
{
  return g_strcmp0 (sht_json_string (object, member), value) == 0;
}

/* --- what is told --- */

/* Whether a lamp stands 3 or 8 metres further on is what this is about. */
static char *
exact_distance (double metres)
{
  return metres < 100 ? g_strdup_printf (_("%d m"), (int) (metres + 0.5)) : sht_words_distance (metres);
}

/* From where the map has the place to where it was reported, or where the tablet is. */
static char *
distance_to (JsonObject *place, gint64 lat_e7, gint64 lon_e7)
{
  return exact_distance (sht_geo_distance (sht_json_int (place, "lat_e7", lat_e7), sht_json_int (place, "lon_e7", lon_e7), lat_e7,
                                           lon_e7));
}

static char *
what_of (JsonObject *place, JsonObject *report)
{
  g_autofree char *distance = NULL;

  if (says (report, "what", "missing"))
    return g_strdup (_("Reported missing"));
  if (!says (report, "what", "moved"))
    return g_strdup (_("Reported to be here"));
  distance = distance_to (place, sht_json_int (report, "lat_e7", 0), sht_json_int (report, "lon_e7", 0));
  return g_strdup_printf (_("Reported to stand %s from here"), distance);
}

/**
 * sht_place_report_words:
 *
 * Returns: (transfer full) (nullable): what was reported of a place and, in a second line, by whom and when; %NULL where
 *   nothing was
 */
char *
sht_place_report_words (ShtStore *store, JsonObject *place)
{
  JsonObject *report = sht_json_object (place, "report");
  const char *crew = sht_json_string (report, "crew");
  g_autofree char *what = report != NULL ? what_of (place, report) : NULL;
  g_autofree char *ago = sht_words_ago (sht_json_int (report, "at", 0), sht_store_now (store));

  if (report == NULL)
    return NULL;
  return crew != NULL ? g_strdup_printf ("%s\n%s · %s", what, sht_names_get (store, "crew", crew), ago)
                      : g_strdup_printf ("%s\n%s", what, ago);
}

/* --- what is asked --- */

/* A supervisor's word is the map's at once; all others' is shown on the place until then. */
static ShtOperation *
operation_of (ShtPlaceReport *self, const char *place, const char *what, const char *words, const ShtPosition *point)
{
  ShtOperation *op = sht_store_new_operation (get_reader (self), is_supervisor (self) ? SHT_KIND_PLACE_SET : SHT_KIND_PLACE_REPORT,
                                              place);

  if (point != NULL)
    {
      json_object_set_int_member (op->fields, "lat_e7", point->lat_e7);
      json_object_set_int_member (op->fields, "lon_e7", point->lon_e7);
    }
  if (op->kind == SHT_KIND_PLACE_SET)
    {
      json_object_set_string_member (op->fields, "state", g_str_equal (what, "missing") ? "missing" : "ok");
      return op;
    }
  json_object_set_string_member (op->fields, "what", what);
  sht_json_set_string (op->fields, "text", words);
  return op;
}

static void
on_chosen (ShtPlaceReport *self, const char *answer, const char *words, ShtChoiceDialog *dialog)
{
  const char *place = g_object_get_data (G_OBJECT (dialog), "place");
  const ShtPosition *point = g_object_get_data (G_OBJECT (dialog), answer);

  sht_page_act (GTK_WIDGET (self), self->session, operation_of (self, place, point != NULL ? "moved" : answer, words, point));
}

/* An answer that says where the place stands. */
static void
add_point (ShtPlaceReport *self, ShtChoiceDialog *dialog, const char *answer, const char *title, const ShtPosition *point)
{
  g_autofree char *distance = distance_to (self->place, point->lat_e7, point->lon_e7);
  g_autofree char *exact = point->accuracy_m > 0 ? exact_distance ((double) point->accuracy_m) : NULL;
  g_autofree char *subtitle = exact != NULL ? g_strdup_printf (_("%s from where the map has it, give or take %s"), distance, exact)
                                            : g_strdup_printf (_("%s from where the map has it"), distance);

  sht_choice_dialog_add (dialog, answer, title, subtitle, "find-location-symbolic");
  g_object_set_data_full (G_OBJECT (dialog), answer, g_memdup2 (point, sizeof *point), g_free);
}

static void
add_points (ShtPlaceReport *self, ShtChoiceDialog *dialog)
{
  JsonObject *report = sht_json_object (self->place, "report");
  ShtPosition reported = { .lat_e7 = sht_json_int (report, "lat_e7", 0), .lon_e7 = sht_json_int (report, "lon_e7", 0) }, here;

  if (is_supervisor (self) && says (report, "what", "moved"))
    add_point (self, dialog, "reported", _("It stands where it was reported"), &reported);
  if (sht_whereabouts_is_here (sht_whereabouts_of (self->session), &here))
    add_point (self, dialog, "here", _("It stands where I am now"), &here);
}

/* A street or a park stands nowhere else. */
static gboolean
is_point (JsonObject *place)
{
  return !sht_json_has (place, "points") && !sht_json_has (place, "lines") && !sht_json_has (place, "areas");
}

static void
on_clicked (ShtPlaceReport *self)
{
  gboolean sets = is_supervisor (self);
  ShtChoiceDialog *dialog;

  if (self->place == NULL)
    return;
  dialog = sht_choice_dialog_new (GTK_WIDGET (self), sets ? _("What is right?") : _("What is it like here?"),
                                  sets ? NULL : _("In a few words"));
  sht_choice_dialog_add (dialog, "missing", _("It is missing"), NULL, "edit-delete-symbolic");
  if (is_point (self->place))
    add_points (self, dialog);
  sht_choice_dialog_add (dialog, "ok", _("It is here, as the map has it"), NULL, "object-select-symbolic");
  g_object_set_data_full (G_OBJECT (dialog), "place", g_strdup (sht_json_string (self->place, "id")), g_free);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- the widget --- */

static void
sht_place_report_finalize (GObject *object)
{
  g_clear_pointer (&SHT_PLACE_REPORT (object)->place, json_object_unref);
  G_OBJECT_CLASS (sht_place_report_parent_class)->finalize (object);
}

static void
sht_place_report_class_init (ShtPlaceReportClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_place_report_finalize;
}

static void
sht_place_report_init (ShtPlaceReport *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 8);
  self->told = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->told), 0);
  gtk_label_set_wrap (GTK_LABEL (self->told), TRUE);
  self->button = gtk_button_new ();
  gtk_widget_add_css_class (self->button, "touch");
  gtk_widget_set_halign (self->button, GTK_ALIGN_START);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_clicked), self);
  gtk_box_append (GTK_BOX (self), self->told);
  gtk_box_append (GTK_BOX (self), self->button);
}

/**
 * sht_place_report_new:
 * @session: (transfer none): which outlives it
 *
 * Returns: (transfer floating): one that shows nothing yet
 */
GtkWidget *
sht_place_report_new (ShtSession *session)
{
  ShtPlaceReport *self = g_object_new (SHT_TYPE_PLACE_REPORT, NULL);

  self->session = session;
  return GTK_WIDGET (self);
}

/**
 * sht_place_report_show:
 * @place: (transfer none): a place as this tablet has it
 */
void
sht_place_report_show (ShtPlaceReport *self, JsonObject *place)
{
  g_autoptr (JsonObject) layer = sht_store_get (get_reader (self), "layer", sht_json_string (place, "layer"), NULL);
  g_autofree char *words = sht_place_report_words (get_reader (self), place);
  const char *text = sht_json_string (sht_json_object (place, "report"), "text");
  g_autofree char *told = words != NULL ? g_strjoin ("\n", words, text, NULL) : NULL;

  g_clear_pointer (&self->place, json_object_unref);
  self->place = json_object_ref (place);
  gtk_button_set_label (GTK_BUTTON (self->button), is_supervisor (self) ? _("Set it right…") : _("Report a change…"));
  gtk_label_set_text (GTK_LABEL (self->told), told != NULL ? told : "");
  gtk_widget_set_visible (self->told, told != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), !says (layer, "kind", "district"));
}
