/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/figures/trend.h"

#include "core/json.h"

#include <glib/gi18n.h>

#define DAYS SHT_TREND_DAYS
#define HEIGHT 120
#define MIN_WIDTH 240
/* Between the bars of one day, and between two days, of a day's width. */
#define GAP 0.16f

struct _ShtTrend
{
  GtkWidget parent_instance;

  gint64 opened[DAYS];
  gint64 closed[DAYS];
  gint64 low;
  gint64 high;
};

G_DEFINE_FINAL_TYPE (ShtTrend, sht_trend, GTK_TYPE_WIDGET)

static void
read_days (JsonObject *trend, const char *member, gint64 days[DAYS])
{
  JsonArray *list = sht_json_array (trend, member);
  guint n = list != NULL ? json_array_get_length (list) : 0;

  for (guint i = 0; i < DAYS; i++)
    days[i] = i < n ? MAX (json_array_get_int_element (list, i), 0) : 0;
}

static GdkRGBA
color (ShtTrend *self, const char *name)
{
  GdkRGBA found = { 0.5f, 0.5f, 0.5f, 1 };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)), name, &found);
  return found;
}

/* So much of the letters' colour on the ground's: what lies behind does not shine through. */
static GdkRGBA
grey (ShtTrend *self, float part)
{
  GdkRGBA ground = color (self, "view_bg_color"), letters = color (self, "view_fg_color");

  part *= letters.alpha;
  return (GdkRGBA) { ground.red + (letters.red - ground.red) * part, ground.green + (letters.green - ground.green) * part,
                     ground.blue + (letters.blue - ground.blue) * part, 1 };
}

static void
sht_trend_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtTrend *self = SHT_TREND (widget);
  float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget), day = width / DAYS;
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GdkRGBA band = grey (self, 0.10f), opened = color (self, "sht_trend_opened"), closed = color (self, "sht_trend_closed");
  float unit = height / (float) MAX (MAX (self->high, sht_trend_get_most (self)), 1);

  gtk_snapshot_append_color (snapshot, &band,
                             &GRAPHENE_RECT_INIT (0, height - unit * (float) self->high, width,
                                                  MAX (unit * (float) (self->high - self->low), 2)));
  for (guint i = 0; i < DAYS; i++)
    {
      float start = day * (float) (rtl ? DAYS - 1 - i : i), bar = day * (0.5f - GAP);
      float first = start + day * GAP / 2, second = start + day * 0.5f + day * GAP / 2;

      gtk_snapshot_append_color (snapshot, &opened,
                                 &GRAPHENE_RECT_INIT (rtl ? second : first, height - unit * (float) self->opened[i], bar,
                                                      unit * (float) self->opened[i]));
      gtk_snapshot_append_color (snapshot, &closed,
                                 &GRAPHENE_RECT_INIT (rtl ? first : second, height - unit * (float) self->closed[i], bar,
                                                      unit * (float) self->closed[i]));
    }
}

static void
sht_trend_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                   int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : MIN_WIDTH;
  *minimum_baseline = *natural_baseline = -1;
}

static void
sht_trend_class_init (ShtTrendClass *class)
{
  GTK_WIDGET_CLASS (class)->snapshot = sht_trend_snapshot;
  GTK_WIDGET_CLASS (class)->measure = sht_trend_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
sht_trend_init (ShtTrend *self)
{
}

static char *
list_days (const gint64 days[DAYS])
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < DAYS; i++)
    g_string_append_printf (list, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", days[i]);
  return g_string_free (list, FALSE);
}

/**
 * sht_trend_new:
 * @trend: (nullable): of figures as the hub tells them
 */
GtkWidget *
sht_trend_new (JsonObject *trend)
{
  ShtTrend *self = g_object_new (SHT_TYPE_TREND, NULL);
  JsonArray *usual = sht_json_array (trend, "usual");
  g_autofree char *opened = NULL, *closed = NULL, *words = NULL;

  read_days (trend, "opened", self->opened);
  read_days (trend, "closed", self->closed);
  if (usual != NULL && json_array_get_length (usual) == 2)
    {
      self->low = json_array_get_int_element (usual, 0);
      self->high = MAX (json_array_get_int_element (usual, 1), self->low);
    }
  opened = list_days (self->opened);
  closed = list_days (self->closed);
  words = g_strdup_printf (_("The last 14 days, opened: %s; closed: %s"), opened, closed);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  return GTK_WIDGET (self);
}

/**
 * sht_trend_get_most:
 *
 * Returns: the most that were opened, or closed, on a day
 */
gint64
sht_trend_get_most (ShtTrend *self)
{
  gint64 most = 0;

  for (guint i = 0; i < DAYS; i++)
    most = MAX (most, MAX (self->opened[i], self->closed[i]));
  return most;
}
